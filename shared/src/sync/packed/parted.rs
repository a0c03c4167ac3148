//! A batch as strands.
//!
//! ```text
//! item := which · [document (among the names) · generation] · chunk, a change
//! ```
//! `which` is that of every batch; what a change builds on is named among the items before it.

use super::super::strands::{Broken, CHANGE, Effort, Inflated, Pieces, Strands, chunk_of, put};
use super::{BATCH_BYTES, BATCH_CHANGES, Item, PackedError, Part, STRANDS};
use crate::id::RecordId;
use crate::sync::message::Packed;
use sha2::{Digest, Sha256};

pub(super) fn pack(changes: &[Part<'_>]) -> (Packed, usize) {
    let mut strands = Strands::default();
    let mut check = Sha256::new();
    let mut documents = Vec::new();
    let mut hashes = Vec::new();
    for (document, generation, hash, body) in changes {
        let brought = (*document, *generation);
        match documents.iter().rposition(|known| *known == brought) {
            Some(at) => put(&mut strands.form, at as u64 + 1),
            None => {
                documents.push(brought);
                strands.form.push(0);
                strands.names.extend(document.0);
                put(&mut strands.form, u64::from(*generation));
            }
        }
        strands.part(CHANGE, body, &hashes, &mut Pieces::default());
        check.update(hash.0);
        hashes.push(*hash);
    }
    let mut bytes = vec![STRANDS];
    bytes.extend(&check.finalize()[..8]);
    strands.pack(Effort::Kept, &mut bytes);
    (Packed(bytes), strands.len())
}

pub(super) fn unpack(check: &[u8], strands: &[u8]) -> Result<Vec<Item>, PackedError> {
    let inflated = Inflated::of(strands, BATCH_BYTES)?;
    let mut strands = inflated.read(BATCH_BYTES);
    let mut documents: Vec<(RecordId, u32)> = Vec::new();
    let mut items: Vec<Item> = Vec::new();
    let mut hashes = Vec::new();
    let mut checked = Sha256::new();
    while !strands.is_over() {
        if items.len() == BATCH_CHANGES {
            return Err(PackedError::TooLarge);
        }
        let which = strands.form.length().map_err(Broken::from)?;
        if which == 0 {
            let id = strands.names.take(16).map_err(Broken::from)?;
            let id = id.try_into().map_err(|_| PackedError::Damaged)?;
            let generation = strands.form.number().map_err(Broken::from)?;
            let generation = u32::try_from(generation).map_err(|_| PackedError::Damaged)?;
            documents.push((RecordId(id), generation));
        }
        let brought = match which.checked_sub(1) {
            Some(at) => documents.get(at),
            None => documents.last(),
        };
        let &(document, generation) = brought.ok_or(PackedError::Damaged)?;
        let (kind, body) = strands.join(&hashes, &mut Pieces::default())?;
        if kind != CHANGE {
            return Err(PackedError::Damaged);
        }
        let (hash, bytes) = chunk_of(CHANGE, &body);
        checked.update(hash.0);
        hashes.push(hash);
        items.push(Item {
            document,
            generation,
            hash,
            bytes,
        });
    }
    if !strands.is_whole() {
        return Err(PackedError::Damaged);
    }
    match checked.finalize()[..8] == *check {
        true => Ok(items),
        false => Err(PackedError::Check),
    }
}
