//! Changes as no Automerge makes them, with the checksum that they would have.

use super::super::random::Random;
use automerge::legacy::{OpId, OpType};
use automerge::{Automerge, Change};
use shared::id::sha256;

/// A change that says something else of itself: of its number, what it builds on, and what it names.
pub fn altered(random: &mut Random, am: &Automerge, change: &Change) -> Vec<u8> {
    let mut said = change.decode();
    said.hash = None;
    let others = am.get_changes(&[]);
    let other = &others[random.index(others.len())];
    let somewhere = OpId::new(other.start_op().get() + random.below(3), other.actor_id());
    match random.below(7) {
        0 => {
            let number = [1, 1_000, 1 << 20, i32::MAX as u64 - 40][random.index(4)];
            said.start_op = number.try_into().unwrap_or(said.start_op);
        }
        1 => said.deps.clear(),
        2 => said.deps = vec![other.hash()],
        3 => {
            said.deps.push(other.hash());
            said.deps.sort();
            said.deps.dedup();
        }
        4 => {
            for op in &mut said.operations {
                op.pred = vec![somewhere.clone()].into();
            }
        }
        5 => {
            for op in &mut said.operations {
                op.action = OpType::Delete;
            }
        }
        _ => said.operations.truncate(random.index(2)),
    }
    Change::from(said).raw_bytes().to_vec()
}

/// A change with some bytes of its body changed.
pub fn mutated(random: &mut Random, chunk: &[u8]) -> Vec<u8> {
    let (mut at, mut shift) = (9, 0);
    while chunk.get(at).is_some_and(|byte| byte & 0x80 != 0) && shift < 10 {
        (at, shift) = (at + 1, shift + 1);
    }
    let mut body = chunk.get(at + 1..).unwrap_or_default().to_vec();
    for _ in 0..=random.below(2) {
        // Mostly behind the header and the hashes in it.
        let from = body.len() / 2;
        let at = from + random.index(body.len() - from);
        match random.below(4) {
            0 => body[at] ^= 1 << random.below(8),
            1 => body[at] = random.bytes()[0],
            2 => body[at] = body[at].wrapping_add(1),
            _ => body[at] = [0, 1, 0x7e, 0x7f, 0x80][random.index(5)],
        }
    }
    let mut named = vec![1];
    let mut length = body.len();
    while length >= 0x80 {
        named.push(length as u8 | 0x80);
        length >>= 7;
    }
    named.push(length as u8);
    named.extend(body);
    let magic = &chunk[..4];
    [magic, &sha256(&named)[..4], &named].concat()
}
