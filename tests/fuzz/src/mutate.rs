//! Changing bytes without knowing what they mean.

use fastrand::Rng;

/// Numbers at which readers go wrong.
const NUMBERS: [u64; 14] = [
    0,
    1,
    2,
    127,
    128,
    255,
    256,
    16_383,
    65_536,
    i32::MAX as u64,
    u32::MAX as u64,
    i64::MAX as u64,
    1 << 63,
    u64::MAX,
];

/// One to six small changes.
pub fn bytes(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let mut bytes = from.to_vec();
    let count = 1 + rng.usize(..3) * rng.usize(..3);
    for _ in 0..count.min(6) {
        once(rng, &mut bytes);
    }
    bytes
}

fn once(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let at = rng.usize(..=bytes.len());
    let some = at + rng.usize(..=(bytes.len() - at).min(16));
    match rng.u8(..10) {
        0..=2 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
        3 if at < bytes.len() => bytes[at] = rng.u8(..),
        4 if at < bytes.len() => {
            bytes[at] = bytes[at].wrapping_add(if rng.bool() { 1 } else { 255 })
        }
        5 => bytes.truncate(at),
        6 => drop(bytes.drain(at..some)),
        7 => {
            let copy = bytes[at..some].to_vec();
            let to = rng.usize(..=bytes.len());
            bytes.splice(to..to, copy);
        }
        8 => {
            let number = NUMBERS[rng.usize(..NUMBERS.len())];
            let end = (at + 1).min(bytes.len()).max(at);
            bytes.splice(at..end, crate::forge::leb(number));
        }
        _ => {
            let noise: Vec<u8> = (0..rng.usize(..9)).map(|_| rng.u8(..)).collect();
            bytes.splice(at..some, noise);
        }
    }
}

/// One of the strands of a batch or a parcel, or what they are deflated to.
pub fn strands(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    if rng.u8(..12) == 0 {
        return bytes(rng, from);
    }
    let mut strands = crate::forge::unstrand(from);
    // the second tells how all are read
    let at = if rng.bool() { 1 } else { rng.usize(..4) };
    if let Some(strand) = strands.get_mut(at) {
        strand.truncate(64 * 1024);
        *strand = bytes(rng, strand);
    }
    crate::forge::strands(from.get(..9).unwrap_or(from), &strands)
}

/// One of these, or `None` where there are none.
pub fn pick<'a, T>(rng: &mut Rng, from: &'a [T]) -> Option<&'a T> {
    (!from.is_empty()).then(|| &from[rng.usize(..from.len())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_bytes_each_time() {
        let made = |seed| {
            let mut rng = Rng::with_seed(seed);
            let first = bytes(&mut rng, b"some bytes to begin with");
            bytes(&mut rng, &first)
        };
        assert_eq!(made(1), made(1));
        assert_ne!(made(1), made(2));
        for seed in 0..2_000 {
            let mut rng = Rng::with_seed(seed);
            bytes(&mut rng, b"");
            bytes(&mut rng, b"1");
        }
    }
}
