//! The header of a change, and what Automerge makes of those that pass.

use super::{Target, magnitude, variant};
use crate::forge::change::Parts;
use crate::{forge, mutate};
use automerge::Change;
use fastrand::Rng;
use shared::sync::header::{Header, OPERATIONS, START_OPERATIONS};
use std::panic::catch_unwind;

/// Reading a header.
pub const TARGET: Target = Target {
    name: "header",
    seeds: || numbered(super::changes_of_a_contact()),
    mutate: mutate_chunk,
    run,
    limit_ms: 5_000,
    memory,
};

/// What Automerge holds for the most operations that a change may have.
pub fn memory(length: usize) -> usize {
    64 * 1024 * 1024 + 64 * length
}

fn numbered(all: Vec<Vec<u8>>) -> Vec<(String, Vec<u8>)> {
    let named = all.into_iter().enumerate();
    named
        .map(|(at, bytes)| (format!("change-{at}"), bytes))
        .collect()
}

/// A chunk with its body changed, and mostly a right checksum.
pub fn mutate_chunk(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let body = forge::body(from);
    match (rng.u8(..16), Parts::of(body)) {
        (0, _) => mutate::bytes(rng, from),
        (1..=4, _) | (_, None) => forge::chunk(&mutate::bytes(rng, body)),
        (_, Some(parts)) => forge::chunk(&parts.mutated(rng).body()),
    }
}

fn run(chunk: &[u8]) -> String {
    let header = match Header::read(chunk) {
        Ok(header) => header,
        Err(error) => return format!("{} {}", variant(&error), magnitude(chunk.len())),
    };
    format!("{} {}", check(chunk, &header), header.dependencies.len())
}

/// A change that passed: Automerge reads the same in it, or refuses it. That it may panic is why it
/// runs in a worker of its own.
pub fn check(chunk: &[u8], header: &Header) -> String {
    let limit = if header.is_everyones() {
        START_OPERATIONS
    } else {
        OPERATIONS
    };
    assert!(
        header.operations <= limit,
        "{} operations",
        header.operations
    );
    let chunk = chunk.to_vec();
    let Ok(read) = catch_unwind(|| Change::from_bytes(chunk)) else {
        return "panicked".into();
    };
    let Ok(change) = read else {
        return format!("refused {}", magnitude(header.operations as usize));
    };
    assert_eq!(change.hash().0, header.hash.0, "another hash");
    assert_eq!(
        change.actor_id().to_bytes(),
        header.writer.to_bytes(),
        "another writer"
    );
    assert_eq!(change.seq(), header.sequence, "another sequence");
    assert_eq!(
        change.start_op().get(),
        header.first_operation,
        "another first operation"
    );
    assert_eq!(change.timestamp(), header.time, "another time");
    let dependencies = change.deps().iter().map(|dep| dep.0);
    assert!(
        dependencies.eq(header.dependencies.iter().map(|dep| dep.0)),
        "other dependencies"
    );
    assert_eq!(
        change.len() as u64,
        header.operations,
        "another number of operations"
    );
    format!("read {}", magnitude(change.len()))
}
