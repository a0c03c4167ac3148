//! Records as strands: what a record's row says again is cut against its values.
//!
//! ```text
//! record   := id (among the names) · generation · 2 × how many changes + whether it has a snapshot
//!             the snapshot · the changes · the row
//! snapshot := 0 · chunk, or 1 · length · bytes; a change likewise
//! row      := where the record's id stands in it, from 1, or 0 · the rest, cut
//! ```
//! `check` is the beginning of SHA-256 over all that comes out, where each chunk is told by its hash.

use super::super::strands::{
    Broken, Effort, Inflated, Pieces, Reading, Strands, body_of, chunk_of,
};
use super::super::strands::{cut, put, uncut};
use super::{CHANGE_LEAST, Kept, PARCEL_BYTES, PARCEL_RECORDS, Parcel, STRANDS};
use crate::id::{ChangeHash, RecordId, sha256};
use crate::sync::validation::Bytes;
use sha2::{Digest, Sha256};

/// A chunk follows.
const CHUNK: u8 = 0;
/// Bytes follow that are none.
const BYTES: u8 = 1;

/// Packs records; `None` where they would be too large so.
pub(super) fn pack(records: &[Kept], effort: Effort) -> Option<Parcel> {
    let mut strands = Strands::default();
    let mut check = Sha256::new();
    for kept in records {
        strands.names.extend(kept.document.0);
        put(&mut strands.form, u64::from(kept.generation));
        let has_snapshot = !kept.snapshot.0.is_empty();
        let shape = 2 * kept.changes.len() as u64 + u64::from(has_snapshot);
        put(&mut strands.form, shape);
        told(&mut check, kept, shape);
        let mut pieces = Pieces::default();
        let mut before = Vec::new();
        for bytes in Some(&kept.snapshot)
            .filter(|_| has_snapshot)
            .into_iter()
            .chain(&kept.changes)
        {
            let hash = put_chunk(&mut strands, &bytes.0, &before, &mut pieces);
            check.update(hash.0);
            before.push(hash);
        }
        put_row(&mut strands, kept, &pieces);
    }
    if strands.len() > PARCEL_BYTES {
        return None;
    }
    let mut bytes = vec![STRANDS];
    bytes.extend(&check.finalize()[..8]);
    strands.pack(effort, &mut bytes);
    Some(Parcel(bytes))
}

pub(super) fn open(check: &[u8], strands: &[u8]) -> Result<Vec<Kept>, Broken> {
    let inflated = Inflated::of(strands, PARCEL_BYTES)?;
    let mut strands = inflated.read(PARCEL_BYTES);
    let mut records = Vec::new();
    let mut hashes = Sha256::new();
    while !strands.is_over() {
        if records.len() == PARCEL_RECORDS {
            return Err(Broken::TooLarge);
        }
        records.push(take_record(&mut strands, &mut hashes)?);
    }
    if !strands.is_whole() || hashes.finalize()[..8] != *check {
        return Err(Broken::Damaged);
    }
    Ok(records)
}

fn take_record(strands: &mut Reading<'_>, check: &mut Sha256) -> Result<Kept, Broken> {
    let id = strands.names.take(16)?.try_into();
    let generation = strands.form.number()?;
    let mut kept = Kept {
        document: RecordId(id.map_err(|_| Broken::Damaged)?),
        generation: u32::try_from(generation).map_err(|_| Broken::Damaged)?,
        snapshot: Bytes::default(),
        changes: Vec::new(),
        row: Bytes::default(),
    };
    let shape = strands.form.number()?;
    let mut hashes = Vec::new();
    let mut pieces = Pieces::default();
    if shape & 1 == 1 {
        kept.snapshot = take_chunk(strands, &mut hashes, &mut pieces)?;
    }
    for _ in 0..shape / 2 {
        let change = take_chunk(strands, &mut hashes, &mut pieces)?;
        if change.0.len() < CHANGE_LEAST {
            return Err(Broken::Damaged);
        }
        kept.changes.push(change);
    }
    kept.row = take_row(strands, kept.document, &pieces)?;
    told(check, &kept, shape);
    for hash in hashes {
        check.update(hash.0);
    }
    Ok(kept)
}

/// Enters a record into the check, but for its chunks.
fn told(check: &mut Sha256, kept: &Kept, shape: u64) {
    check.update(kept.document.0);
    check.update(kept.generation.to_le_bytes());
    check.update(shape.to_le_bytes());
    check.update((kept.row.0.len() as u64).to_le_bytes());
    check.update(&kept.row.0);
}

fn put_chunk<'a>(
    strands: &mut Strands,
    bytes: &'a [u8],
    before: &[ChangeHash],
    pieces: &mut Pieces<'a>,
) -> ChangeHash {
    let whole = body_of(bytes).filter(|(_, hash, _)| bytes.get(4..8) == hash.0.get(..4));
    let Some((kind, hash, body)) = whole else {
        strands.form.push(BYTES);
        put(&mut strands.form, bytes.len() as u64);
        strands.form.extend(bytes);
        return ChangeHash(sha256(bytes));
    };
    strands.form.push(CHUNK);
    strands.part(kind, body, before, pieces);
    hash
}

fn take_chunk<'a>(
    strands: &mut Reading<'a>,
    hashes: &mut Vec<ChangeHash>,
    pieces: &mut Pieces<'a>,
) -> Result<Bytes, Broken> {
    let (hash, bytes) = match strands.form.byte()? {
        CHUNK => {
            let (kind, body) = strands.join(hashes, pieces)?;
            let (hash, bytes) = chunk_of(kind, &body);
            strands.spend(bytes.len() - body.len())?;
            (hash, bytes)
        }
        BYTES => {
            let length = strands.form.length()?;
            let bytes = strands.form.take(length)?;
            strands.spend(length)?;
            (ChangeHash(sha256(bytes)), bytes.to_vec())
        }
        _ => return Err(Broken::Damaged),
    };
    hashes.push(hash);
    Ok(Bytes(bytes))
}

fn put_row(strands: &mut Strands, kept: &Kept, pieces: &Pieces<'_>) {
    let id = &kept.document.0;
    let at = kept.row.0.windows(id.len()).position(|some| some == id);
    put(&mut strands.form, at.map_or(0, |at| at as u64 + 1));
    let (front, rest) = kept.row.0.split_at(at.unwrap_or_default());
    let rest = rest.get(at.map_or(0, |_| id.len())..).unwrap_or_default();
    cut(&[front, rest].concat(), pieces, 0, None, &mut strands.form);
}

fn take_row(
    strands: &mut Reading<'_>,
    document: RecordId,
    pieces: &Pieces<'_>,
) -> Result<Bytes, Broken> {
    let at = strands.form.length()?;
    let mut row = uncut(strands, pieces, 0, None)?;
    if let Some(at) = at.checked_sub(1) {
        if at > row.len() {
            return Err(Broken::Damaged);
        }
        strands.spend(document.0.len())?;
        row.splice(at..at, document.0);
    }
    Ok(Bytes(row))
}
