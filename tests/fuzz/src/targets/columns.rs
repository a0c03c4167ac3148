//! The counter of operations: what columns unfold to, beside unfolding them.

use super::{Target, header, magnitude, variant};
use crate::forge::change::{Parts, columns, joined, mutated};
use crate::forge::{self, leb, signed};
use crate::mutate;
use fastrand::Rng;
use shared::sync::header::{GENESIS, Header, HeaderError, OPERATIONS};

/// Counting the operations of a change of which only the columns are hostile.
pub const TARGET: Target = Target {
    name: "columns",
    seeds,
    mutate: mutate_columns,
    run,
    limit_ms: 5_000,
    memory: header::memory,
};

/// Entries of any column: operations that are replaced, 16 for each.
const MOST: u64 = OPERATIONS * 16;

fn seeds() -> Vec<(String, Vec<u8>)> {
    let changes = super::changes_of_a_contact();
    let real = changes.iter().enumerate().filter_map(|(at, change)| {
        let parts = Parts::of(forge::body(change))?;
        Some((format!("change-{at}"), joined(&parts.columns)))
    });
    let run = |count: i64, number: u64| [signed(count), leb(number)].concat();
    let limit = OPERATIONS as i64;
    let bombs = [
        ("at-the-limit", vec![(0x42, run(limit, 1))]),
        ("past-the-limit", vec![(0x42, run(limit + 1, 1))]),
        ("bomb", vec![(0x42, run(i64::MAX, 1))]),
        ("bomb-of-nulls", vec![(0x42, run(0, u64::MAX))]),
        (
            "bomb-beside",
            vec![(0x01, run(i64::MAX, 1)), (0x42, run(1, 1))],
        ),
        (
            "bomb-of-booleans",
            vec![(0x34, leb(u64::MAX)), (0x42, run(1, 1))],
        ),
        (
            "bomb-of-predecessors",
            vec![(0x42, run(1, 1)), (0x70, run(1, u64::MAX))],
        ),
        (
            "bomb-of-values",
            vec![(0x42, run(1, 1)), (0x56, run(i64::MAX, 0x16))],
        ),
    ];
    let bombs = bombs.map(|(name, columns)| (name.to_owned(), joined(&columns)));
    real.chain(bombs).collect()
}

fn mutate_columns(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    match columns(from) {
        Some(columns) if rng.u8(..8) > 0 => joined(&mutated(rng, &columns)),
        Some(_) | None => mutate::bytes(rng, from),
    }
}

/// What stands before the columns of the first change of a writer.
pub fn before() -> Vec<u8> {
    let writer = super::packed::writer(1).to_bytes();
    let fixed = [1, 4, 0, 0, 0];
    [&[1][..], &GENESIS.0, &[16], &writer, &fixed].concat()
}

fn run(bytes: &[u8]) -> String {
    let mut body = before();
    body.extend(bytes);
    let chunk = forge::chunk(&body);
    let read = Header::read(&chunk);
    let Some(columns) = columns(bytes) else {
        assert!(read.is_err(), "columns that end early were read");
        return "cut".into();
    };
    let counts: Vec<(u64, u64)> = columns
        .iter()
        .map(|(specification, column)| (*specification, entries(*specification, column)))
        .collect();
    match read {
        Ok(read) => {
            assert!(
                counts.iter().all(|(_, count)| *count <= MOST),
                "a column of {counts:?}"
            );
            let actions = counts
                .iter()
                .find(|(specification, _)| *specification == 0x42);
            assert_eq!(
                read.operations,
                actions.map_or(0, |(_, count)| *count),
                "of {counts:?}"
            );
            let present = counts
                .iter()
                .fold(0, |bits, (column, _)| bits ^ column << (column & 7));
            format!("{} {present}", header::check(&chunk, &read))
        }
        Err(error) => {
            let long = counts.iter().any(|(_, count)| *count > OPERATIONS);
            let is_bomb = matches!(error, HeaderError::TooLarge);
            format!(
                "{} {long} {is_bomb} {}",
                variant(&error),
                magnitude(bytes.len())
            )
        }
    }
}

/// The entries of a column, one by one, as far as there may be any.
fn entries(specification: u64, mut column: &[u8]) -> u64 {
    let mut count = 0u64;
    while !column.is_empty() && count <= MOST {
        let Some(run) = take_run(specification, &mut column) else {
            break;
        };
        for _entry in 0..run.min(MOST + 1) {
            count += 1;
        }
    }
    if specification & 7 == 7 { 0 } else { count }
}

fn take_run(specification: u64, column: &mut &[u8]) -> Option<u64> {
    if specification & 7 == 4 {
        return forge::take_leb(column);
    }
    let run = take_signed(column)?;
    let numbers = match run {
        0 => return forge::take_leb(column),
        1.. => 1,
        _ => run.unsigned_abs(),
    };
    for _number in 0..numbers {
        let number = forge::take_leb(column)?;
        if specification & 7 == 5 {
            *column = column.get(usize::try_from(number).ok()?..)?;
        }
    }
    Some(run.unsigned_abs())
}

fn take_signed(column: &mut &[u8]) -> Option<i64> {
    let mut number = 0i64;
    for shift in (0..70).step_by(7) {
        let (&byte, rest) = column.split_first()?;
        *column = rest;
        number |= i64::from(byte & 0x7f)
            .checked_shl(shift)
            .unwrap_or_default();
        if byte < 0x80 {
            let negative = byte & 0x40 != 0 && shift + 7 < 64;
            return Some(if negative {
                number | -1 << (shift + 7)
            } else {
                number
            });
        }
    }
    None
}
