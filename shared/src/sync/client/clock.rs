//! Deadlines that survive a clock that is set, and pauses that differ from device to device.

use crate::time::Timestamp;

/// A monotone clock made of the device's, which a person or the network may set.
#[derive(Debug, Clone)]
pub(super) struct Clock {
    last: Timestamp,
    elapsed_ms: i64,
    seed: u64,
}

impl Clock {
    pub(super) fn new(now: Timestamp, seed: [u8; 8]) -> Clock {
        Clock {
            last: now,
            elapsed_ms: 0,
            seed: u64::from_le_bytes(seed),
        }
    }

    /// Takes a reading. Time that would go backwards stands still.
    pub(super) fn read(&mut self, now: Timestamp) {
        let passed = now.0.saturating_sub(self.last.0).max(0);
        self.elapsed_ms = self.elapsed_ms.saturating_add(passed);
        self.last = now;
    }

    /// The device's clock.
    pub(super) fn now(&self) -> Timestamp {
        self.last
    }

    /// The instant so many milliseconds ahead.
    pub(super) fn after(&self, ms: i64) -> Deadline {
        Deadline(self.elapsed_ms.saturating_add(ms))
    }

    /// Whether that instant has come.
    pub(super) fn is_past(&self, deadline: Deadline) -> bool {
        deadline.0 <= self.elapsed_ms
    }

    /// That instant by the device's clock.
    pub(super) fn at(&self, deadline: Deadline) -> Timestamp {
        let ahead = deadline.0.saturating_sub(self.elapsed_ms).max(0);
        Timestamp(self.last.0.saturating_add(ahead))
    }

    /// Between half of `ms` and all of it.
    pub(super) fn jitter(&mut self, ms: i64) -> i64 {
        // SplitMix64, Steele et al. 2014.
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let half = (ms / 2).max(1);
        half + ((z ^ (z >> 31)) % half.unsigned_abs()) as i64
    }
}

/// An instant of a [`Clock`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Deadline(i64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_set_back_does_not_hold_a_deadline_up() {
        let mut clock = Clock::new(Timestamp(1_000_000), [1; 8]);
        let deadline = clock.after(10_000);
        clock.read(Timestamp(1_004_000));
        clock.read(Timestamp(4_000));
        assert_eq!(clock.at(deadline), Timestamp(10_000));
        clock.read(Timestamp(10_000));
        assert!(clock.is_past(deadline));
    }

    #[test]
    fn pauses_lie_between_half_and_all() {
        let mut clock = Clock::new(Timestamp(0), [7; 8]);
        for _ in 0..1_000 {
            assert!((500..1_000).contains(&clock.jitter(1_000)));
        }
    }
}
