//! A chunk of Automerge's storage format, apart and whole again.
//!
//! ```text
//! names   := count · each: 0 (the hash is the next name), or n (the n-th change before)
//! columns := [count · each: kind · length, of a document's changes]
//!            count · each: kind · [length, unless it holds keys or values]
//!            the columns but those two, as they are · length · what follows them
//! keys    := cut against the values
//! ```
//! The front is everything else, as it is. A value's length stands in a column of its own; what does not
//! parse, or would not come back as it was, is left as it is.

use super::super::header::{HeaderError, Reader};
use super::put;
use crate::id::{ChangeHash, sha256};

/// The first bytes of every chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// The type of a chunk that holds a whole document.
pub(in crate::sync) const DOCUMENT: u8 = 0;
/// The type of a chunk that holds one raw change.
pub(in crate::sync) const CHANGE: u8 = 1;
/// What is added to the type of a chunk that is parted.
pub(super) const PARTED: u8 = 2;
/// The columns of operations that are not kept as they are.
pub(super) const KEYS: u64 = 0x15;
pub(super) const LENGTHS: u64 = 0x56;
pub(super) const VALUES: u64 = 0x57;
/// The most columns.
pub(super) const COLUMNS: u64 = 32;

/// The type, the hash and the body of a chunk, whatever its checksum says.
pub(in crate::sync) fn body_of(chunk: &[u8]) -> Option<(u8, ChangeHash, &[u8])> {
    let named = chunk.strip_prefix(&MAGIC)?.get(4..)?;
    let (&kind, rest) = named.split_first()?;
    let mut rest = Reader(rest);
    let is_exact = rest.length() == Ok(rest.0.len());
    (is_exact && kind <= CHANGE).then(|| (kind, ChangeHash(sha256(named)), rest.0))
}

/// The chunk around a body, and its hash.
pub(in crate::sync) fn chunk_of(kind: u8, body: &[u8]) -> (ChangeHash, Vec<u8>) {
    let mut chunk = Vec::with_capacity(body.len() + 13);
    chunk.extend(MAGIC);
    chunk.extend([0; 4]);
    chunk.push(kind);
    put(&mut chunk, body.len() as u64);
    chunk.extend(body);
    let hash = ChangeHash(sha256(&chunk[8..]));
    chunk[4..8].copy_from_slice(&hash.0[..4]);
    (hash, chunk)
}

/// What is read over, and what reading it gave.
pub(super) fn skimmed<'a, T>(
    bytes: &mut Reader<'a>,
    over: impl FnOnce(&mut Reader<'a>) -> Result<T, HeaderError>,
) -> Result<(&'a [u8], T), HeaderError> {
    let whole = bytes.0;
    let given = over(bytes)?;
    Ok((&whole[..whole.len() - bytes.0.len()], given))
}

/// Of a change: writer, sequence, first operation, time, message, other writers; of a document: writers.
pub(super) fn front(bytes: &mut Reader<'_>, kind: u8) -> Result<(), HeaderError> {
    let blob = |bytes: &mut Reader<'_>| {
        let length = bytes.length()?;
        bytes.take(length).map(|_| ())
    };
    if kind == CHANGE {
        blob(bytes)?;
        bytes.number()?;
        bytes.number()?;
        bytes.signed()?;
        blob(bytes)?;
    }
    for _ in 0..bytes.number()? {
        blob(bytes)?;
    }
    Ok(())
}

/// How many bytes the columns of a list have in all.
pub(super) fn of_all(bytes: &mut Reader<'_>) -> Result<usize, HeaderError> {
    let mut all = 0usize;
    for _ in 0..bytes.number()? {
        bytes.number()?;
        all = all.saturating_add(bytes.length()?);
    }
    Ok(all)
}

/// The lengths of the values that a column of run lengths tells; a run of like ones is one value.
pub(super) fn each_length<E: From<HeaderError>>(
    column: &[u8],
    mut each: impl FnMut(usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut bytes = Reader(column);
    while !bytes.0.is_empty() {
        let run = bytes.signed()?;
        let (count, repeats) = match run {
            0 => {
                bytes.number()?;
                continue;
            }
            1.. => (1, run.unsigned_abs()),
            _ => (run.unsigned_abs(), 1),
        };
        for _ in 0..count {
            let length = (bytes.number()? >> 4).saturating_mul(repeats);
            each(usize::try_from(length).map_err(|_| HeaderError::Malformed)?)?;
        }
    }
    Ok(())
}
