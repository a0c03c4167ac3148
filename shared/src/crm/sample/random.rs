//! Numbers that look random and are the same each time: SplitMix64 from a fixed seed.

pub(super) struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.draw() % end.max(1) as u64) as usize
    }

    /// From `start` to `end`, both possible.
    pub fn between(&mut self, start: i64, end: i64) -> i64 {
        start + self.below((end - start + 1).max(1) as usize) as i64
    }

    /// Whether it happens, in so many of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// The pattern with a digit for each `#`.
    pub fn digits(&mut self, pattern: &str) -> String {
        let digit = |c| {
            if c == '#' {
                char::from(b'0' + self.below(10) as u8)
            } else {
                c
            }
        };
        pattern.chars().map(digit).collect()
    }
}
