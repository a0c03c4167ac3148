//! How a batch of changes travels.
//!
//! ```text
//! packed  := encoding (0 plain, 1 deflate; 2 and 3 the same, short) · check (8 bytes) · items
//! item    := which · [document (16 bytes) · generation] · [builds, if short] · length · body
//! builds  := 0, or how many · each: 0 · hash, or n
//! ```
//! Numbers are unsigned LEB128. `which` 0 brings a document's id and generation; `n` names the n-th
//! document that this batch brought. `body` is a change chunk without what follows from it: magic,
//! checksum, type and length. `check` is the beginning of SHA-256 over the changes' hashes, so that
//! a damaged batch is never taken for another one.
//!
//! In a short batch (since protocol 2) `builds` is 0 before a body as it is. Where a change builds on
//! others of the batch, `builds` lists what it builds on, `n` being the n-th item before it, and the body
//! begins behind that list: 32 bytes each that nothing compresses.
//!
//! Since protocol 3 a batch of more than a few changes is strands: encoding 4 · check (8 bytes) · strands,
//! see `parted`.

mod parted;

use super::message::{BATCH_BYTES, BATCH_CHANGES, Packed};
use super::strands::{Broken, CHANGE, STRANDS_SINCE, body_of, chunk_of, put};
use crate::id::{ChangeHash, RecordId};
use sha2::{Digest, Sha256};

/// The bit of an encoding that says that it is deflated.
const DEFLATED: u8 = 1;
/// The bit of an encoding that says that it is short.
const SHORT: u8 = 2;
const SHORT_DEFLATED: u8 = SHORT | DEFLATED;
/// The encoding of strands.
const STRANDS: u8 = 4;
/// Fewer changes have too little in common.
const STRANDS_FROM: usize = 4;
/// The protocol from which on batches may be short.
const SHORT_SINCE: u16 = 2;
/// Below this a batch does not gain from deflating.
const DEFLATE_FROM: usize = 160;

/// A change of a document, on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Which document.
    pub document: RecordId,
    /// Which life of the document: squashing or erasing one begins a new one.
    pub generation: u32,
    /// The change's name, computed from its bytes.
    pub hash: ChangeHash,
    /// The chunk: type 1, not deflated.
    pub bytes: Vec<u8>,
}

/// A change's document and its life, its hash and its body.
type Part<'a> = (RecordId, u32, ChangeHash, &'a [u8]);

/// Why a batch can't be unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PackedError {
    /// It is of an encoding that a newer protocol may know.
    #[error("unknown encoding {0}")]
    Encoding(u8),
    /// It would be larger than a batch may be.
    #[error("more than {BATCH_CHANGES} changes or {BATCH_BYTES} bytes")]
    TooLarge,
    /// It does not inflate, ends early or names a document that it did not bring.
    #[error("damaged")]
    Damaged,
    /// It is well-formed but not what was sent.
    #[error("its check does not match")]
    Check,
}

impl From<Broken> for PackedError {
    fn from(broken: Broken) -> PackedError {
        match broken {
            Broken::TooLarge => PackedError::TooLarge,
            Broken::Damaged => PackedError::Damaged,
        }
    }
}

/// The hash of a chunk, or `None` when its frame (magic, checksum, type, exact length) is not that
/// of a raw change.
pub fn change_hash(chunk: &[u8]) -> Option<ChangeHash> {
    let (hash, _) = split(chunk)?;
    (chunk.get(4..8) == hash.0.get(..4)).then_some(hash)
}

/// Packs changes whose chunks are whole; others are left out. Returns how many bytes the batch has
/// when inflated, too.
pub fn pack<'a>(items: impl IntoIterator<Item = (RecordId, u32, &'a [u8])>) -> (Packed, usize) {
    pack_for(1, items)
}

/// As [`pack`], for a receiver that speaks this protocol.
pub fn pack_for<'a>(
    protocol: u16,
    items: impl IntoIterator<Item = (RecordId, u32, &'a [u8])>,
) -> (Packed, usize) {
    let changes = items
        .into_iter()
        .filter_map(|(document, generation, chunk)| {
            let (hash, body) = split(chunk)?;
            Some((document, generation, hash, body))
        });
    let changes: Vec<Part<'_>> = changes.collect();
    if protocol >= STRANDS_SINCE && changes.len() >= STRANDS_FROM {
        return parted::pack(&changes);
    }
    let is_short = protocol >= SHORT_SINCE;
    let mut hashes: Vec<ChangeHash> = Vec::new();
    let mut documents: Vec<(RecordId, u32)> = Vec::new();
    let mut plain = Vec::new();
    let mut check = Sha256::new();
    for (document, generation, hash, body) in changes {
        check.update(hash.0);
        let known = documents
            .iter()
            .rposition(|known| *known == (document, generation));
        match known {
            Some(at) => put(&mut plain, at as u64 + 1),
            None => {
                documents.push((document, generation));
                put(&mut plain, 0);
                plain.extend(document.0);
                put(&mut plain, u64::from(generation));
            }
        }
        let body = match is_short {
            true => shorten(body, &hashes, &mut plain),
            false => body,
        };
        hashes.push(hash);
        put(&mut plain, body.len() as u64);
        plain.extend(body);
    }
    let inflated = plain.len();
    let deflated = (inflated >= DEFLATE_FROM)
        .then(|| miniz_oxide::deflate::compress_to_vec(&plain, 6))
        .filter(|deflated| deflated.len() < inflated);
    let short = if is_short { SHORT } else { 0 };
    let mut bytes = vec![short | u8::from(deflated.is_some())];
    bytes.extend(&check.finalize()[..8]);
    bytes.extend(deflated.unwrap_or(plain));
    (Packed(bytes), inflated)
}

/// Unpacks a batch.
///
/// # Errors
/// It is damaged, too large, or of an unknown encoding.
pub fn unpack(packed: &Packed) -> Result<Vec<Item>, PackedError> {
    let (&encoding, rest) = packed.0.split_first().ok_or(PackedError::Damaged)?;
    let (check, rest) = rest.split_at_checked(8).ok_or(PackedError::Damaged)?;
    let inflated;
    let mut plain = match encoding {
        STRANDS => return parted::unpack(check, rest),
        0 | SHORT if rest.len() > BATCH_BYTES => return Err(PackedError::TooLarge),
        0 | SHORT => rest,
        DEFLATED | SHORT_DEFLATED => {
            inflated = inflate(rest)?;
            inflated.as_slice()
        }
        other => return Err(PackedError::Encoding(other)),
    };
    let mut documents: Vec<(RecordId, u32)> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut hashes = Sha256::new();
    while !plain.is_empty() {
        if items.len() == BATCH_CHANGES {
            return Err(PackedError::TooLarge);
        }
        let which = take(&mut plain)?;
        if which == 0 {
            let id = take_bytes(&mut plain, 16)?;
            let id = id.try_into().map_err(|_| PackedError::Damaged)?;
            let generation = take(&mut plain)?;
            let generation = u32::try_from(generation).map_err(|_| PackedError::Damaged)?;
            documents.push((RecordId(id), generation));
        }
        let at = usize::try_from(which).map_err(|_| PackedError::Damaged)?;
        let brought = match at.checked_sub(1) {
            Some(at) => documents.get(at),
            None => documents.last(),
        };
        let &(document, generation) = brought.ok_or(PackedError::Damaged)?;
        let mut body = match encoding & SHORT {
            0 => Vec::new(),
            _ => take_builds(&mut plain, &items)?,
        };
        let length = usize::try_from(take(&mut plain)?).map_err(|_| PackedError::Damaged)?;
        body.extend(take_bytes(&mut plain, length)?);
        let (hash, bytes) = chunk_of(CHANGE, &body);
        hashes.update(hash.0);
        items.push(Item {
            document,
            generation,
            hash,
            bytes,
        });
    }
    if hashes.finalize()[..8] != *check {
        return Err(PackedError::Check);
    }
    Ok(items)
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, PackedError> {
    use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
    decompress_to_vec_with_limit(bytes, BATCH_BYTES).map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            PackedError::TooLarge
        } else {
            PackedError::Damaged
        }
    })
}

/// The hash and the body of a change's chunk.
fn split(chunk: &[u8]) -> Option<(ChangeHash, &[u8])> {
    let (kind, hash, body) = body_of(chunk)?;
    (kind == CHANGE).then_some((hash, body))
}

/// Lists what a change builds on, where some of that is in the batch; returns the rest of its body.
fn shorten<'a>(body: &'a [u8], before: &[ChangeHash], plain: &mut Vec<u8>) -> &'a [u8] {
    let back = |hash: &[u8]| {
        let at = before.iter().rposition(|known| known.0 == *hash);
        at.map_or(0, |at| before.len() - at)
    };
    let split = body.split_first().filter(|(count, _)| **count < 0x80);
    let split = split.and_then(|(count, rest)| rest.split_at_checked(usize::from(*count) * 32));
    let Some((list, rest)) = split.filter(|(list, _)| list.chunks(32).any(|it| back(it) > 0))
    else {
        put(plain, 0);
        return body;
    };
    put(plain, list.len() as u64 / 32);
    for hash in list.chunks(32) {
        let back = back(hash);
        put(plain, back as u64);
        if back == 0 {
            plain.extend(hash);
        }
    }
    rest
}

/// The beginning of a body: what [`shorten`] made of it, and nothing where it was left as it is.
fn take_builds(plain: &mut &[u8], before: &[Item]) -> Result<Vec<u8>, PackedError> {
    let count = take(plain)?;
    let mut body = Vec::new();
    if count == 0 {
        return Ok(body);
    }
    body.push(
        u8::try_from(count)
            .ok()
            .filter(|count| *count < 0x80)
            .ok_or(PackedError::Damaged)?,
    );
    for _ in 0..count {
        let back = usize::try_from(take(plain)?).map_err(|_| PackedError::Damaged)?;
        if back == 0 {
            body.extend(take_bytes(plain, 32)?);
        } else {
            let at = before.len().checked_sub(back).ok_or(PackedError::Damaged)?;
            body.extend(before[at].hash.0);
        }
    }
    Ok(body)
}

fn take(bytes: &mut &[u8]) -> Result<u64, PackedError> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first().ok_or(PackedError::Damaged)?;
        *bytes = rest;
        let part = u64::from(byte & 0x7f);
        if shift == 63 && part > 1 {
            break;
        }
        number |= part << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    Err(PackedError::Damaged)
}

fn take_bytes<'a>(bytes: &mut &'a [u8], count: usize) -> Result<&'a [u8], PackedError> {
    let (taken, rest) = bytes.split_at_checked(count).ok_or(PackedError::Damaged)?;
    *bytes = rest;
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A chunk that builds on these.
    fn chunk(dependencies: &[ChangeHash], rest: &[u8]) -> (ChangeHash, Vec<u8>) {
        let mut body = vec![dependencies.len() as u8];
        for hash in dependencies {
            body.extend(hash.0);
        }
        body.extend(rest);
        chunk_of(CHANGE, &body)
    }

    /// A chain, a change that builds on two, and one that is shorter than a hash.
    fn items() -> Vec<(RecordId, u32, Vec<u8>)> {
        let (a, b) = (RecordId([1; 16]), RecordId([2; 16]));
        let first = chunk(&[ChangeHash([9; 32])], b"one");
        let other = chunk(&[], b"other");
        let second = chunk(&[first.0], b"two");
        let both = chunk(&[first.0, other.0], b"both");
        let third = chunk(&[second.0], b"");
        let tiny = chunk_of(CHANGE, &[1, 2, 3]);
        [
            (a, first),
            (b, other),
            (a, second),
            (a, both),
            (a, third),
            (b, tiny),
        ]
        .into_iter()
        .map(|(id, (_, bytes))| (id, 7, bytes))
        .collect()
    }

    fn packed(protocol: u16) -> Packed {
        let items = items();
        pack_for(
            protocol,
            items
                .iter()
                .map(|(id, life, bytes)| (*id, *life, bytes.as_slice())),
        )
        .0
    }

    #[test]
    fn a_short_batch_says_what_was_packed_in_fewer_bytes() {
        let (long, short) = (packed(1), packed(2));
        assert_eq!((long.0[0] & SHORT, short.0[0] & SHORT), (0, SHORT));
        assert_eq!(unpack(&long), unpack(&short));
        let bytes: Vec<_> = unpack(&short)
            .unwrap()
            .into_iter()
            .map(|it| it.bytes)
            .collect();
        let given: Vec<_> = items().into_iter().map(|(.., bytes)| bytes).collect();
        assert_eq!(bytes, given);
        assert!(short.0.len() + 32 < long.0.len());
    }

    #[test]
    fn a_damaged_short_batch_is_refused() {
        let whole = packed(2);
        for bit in 8..whole.0.len() * 8 {
            let mut flipped = whole.clone();
            flipped.0[bit / 8] ^= 1 << (bit % 8);
            // what is left of an id or a generation is not covered by the hashes
            let same = unpack(&flipped).map(|items| items.into_iter().map(|it| it.bytes).collect());
            let given: Vec<_> = items().into_iter().map(|(.., bytes)| bytes).collect();
            assert!(same.is_err() || same == Ok(given));
        }
        for cut in 1..whole.0.len() {
            assert!(unpack(&Packed(whole.0[..cut].to_vec())).is_err());
        }
        let mut before = Packed(vec![SHORT; 9]);
        before.0.extend([0; 17]);
        before.0.extend([1, 1, 0, 0]);
        assert_eq!(unpack(&before), Err(PackedError::Damaged));
        assert_eq!(unpack(&Packed(vec![5; 9])), Err(PackedError::Encoding(5)));
    }
}
