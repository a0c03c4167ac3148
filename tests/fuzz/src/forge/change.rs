//! A change taken apart into what stands before its columns, and the columns.

use super::{leb, signed, take_leb};
use crate::mutate;
use fastrand::Rng;

/// The columns that operations have: number × 16 + type.
const SPECIFICATIONS: [u64; 14] = [
    0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5,
];

/// The body of a change, in two parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// Dependencies, actor, sequence, first operation, time, message, other actors.
    pub before: Vec<u8>,
    /// Specifications and bytes.
    pub columns: Vec<(u64, Vec<u8>)>,
}

impl Parts {
    /// The parts of a body, or `None` when it is cut short.
    pub fn of(body: &[u8]) -> Option<Parts> {
        let mut rest = body;
        let dependencies = usize::try_from(take_leb(&mut rest)?).ok()?;
        rest = rest.get(dependencies.checked_mul(32)?..)?;
        skip(&mut rest)?;
        for _sequence_first_and_time in 0..3 {
            take_leb(&mut rest)?;
        }
        skip(&mut rest)?;
        for _other in 0..take_leb(&mut rest)? {
            skip(&mut rest)?;
        }
        let before = body.get(..body.len() - rest.len())?.to_vec();
        let columns = columns(rest)?;
        Some(Parts { before, columns })
    }

    /// The body.
    pub fn body(&self) -> Vec<u8> {
        [self.before.as_slice(), &joined(&self.columns)].concat()
    }

    /// With something changed, mostly in a column.
    pub fn mutated(&self, rng: &mut Rng) -> Parts {
        let mut parts = self.clone();
        if rng.u8(..6) == 0 {
            parts.before = mutate::bytes(rng, &parts.before);
        } else {
            parts.columns = mutated(rng, &parts.columns);
        }
        parts
    }
}

/// The columns that begin here, or `None` when they are cut short.
pub fn columns(mut bytes: &[u8]) -> Option<Vec<(u64, Vec<u8>)>> {
    let mut lengths = Vec::new();
    for _ in 0..take_leb(&mut bytes)? {
        let specification = take_leb(&mut bytes)?;
        lengths.push((specification, usize::try_from(take_leb(&mut bytes)?).ok()?));
    }
    let mut columns = Vec::new();
    for (specification, length) in lengths {
        columns.push((specification, bytes.get(..length)?.to_vec()));
        bytes = &bytes[length..];
    }
    bytes.is_empty().then_some(columns)
}

/// Columns as they stand in a change.
pub fn joined(columns: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = leb(columns.len() as u64);
    for (specification, column) in columns {
        bytes.extend(leb(*specification));
        bytes.extend(leb(column.len() as u64));
    }
    columns.iter().for_each(|(_, column)| bytes.extend(column));
    bytes
}

/// Columns with one or two of them changed.
pub fn mutated(rng: &mut Rng, from: &[(u64, Vec<u8>)]) -> Vec<(u64, Vec<u8>)> {
    let mut columns = from.to_vec();
    for _ in 0..=rng.u8(..2) {
        let at = rng.usize(..=columns.len());
        match rng.u8(..8) {
            0 => {
                let specification = SPECIFICATIONS[rng.usize(..SPECIFICATIONS.len())];
                columns.push((specification, run(rng)));
                columns.sort_by_key(|(specification, _)| *specification);
            }
            1 if at < columns.len() => drop(columns.remove(at)),
            2 if at < columns.len() => columns[at].1.extend(run(rng)),
            3 if at < columns.len() => columns[at].1 = run(rng),
            4 if columns.len() > 1 => {
                // the same bytes in another column: types that look alike
                let from = rng.usize(..columns.len());
                let bytes = columns[from].1.clone();
                let to = rng.usize(..columns.len());
                columns[to].1 = bytes;
            }
            _ if at < columns.len() => columns[at].1 = mutate::bytes(rng, &columns[at].1),
            _ => {}
        }
    }
    columns
}

/// A run: some number, often or rarely.
fn run(rng: &mut Rng) -> Vec<u8> {
    let count = match rng.u8(..6) {
        0 => 0,
        1 => -rng.i64(1..4),
        2 => rng.i64(..),
        3 => i64::MAX,
        _ => rng.i64(1..12_000),
    };
    let number = if rng.bool() {
        rng.u64(..200)
    } else {
        rng.u64(..)
    };
    [signed(count), leb(number)].concat()
}

/// Passes over a length and so many bytes.
fn skip(rest: &mut &[u8]) -> Option<()> {
    let length = usize::try_from(take_leb(rest)?).ok()?;
    *rest = rest.get(length..)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forge;

    #[test]
    fn a_change_is_taken_apart_and_put_together() {
        for change in crate::targets::changes_of_a_contact() {
            let parts = Parts::of(forge::body(&change)).unwrap();
            assert!(parts.columns.len() > 3);
            assert_eq!(forge::chunk(&parts.body()), change);
        }
    }
}
