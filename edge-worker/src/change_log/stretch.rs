//! A stretch of the log: the changes that one transaction appended, in one row. A document's changes
//! lie beside its row, which says the same again: together they deflate to little.

use serde::{Deserialize, Serialize};
use shared::id::{ChangeHash, RecordId};
use shared::sync::packed::{Item, change_hash};
use shared::sync::validation::Bytes;

/// Below this a stretch does not gain from deflating.
const DEFLATE_FROM: usize = 600;
/// Good enough: the block that the documents get later is packed once more.
const LEVEL: u8 = 4;
/// The most bytes of a stretch, unless a single document has more.
const STRETCH_BYTES: usize = 512 * 1024;
/// A row of a document that is larger than this is not kept beside its changes.
const ROW_BYTES: usize = 256 * 1024;
/// No stretch inflates to more.
const INFLATED_BYTES: usize = 16 * 1024 * 1024;

/// What a stretch holds of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Which document.
    pub document: RecordId,
    /// Which life of it.
    pub generation: u32,
    /// Its changes, each with its distance from the stretch's first position.
    pub changes: Vec<(u32, Bytes)>,
    /// Its row after all of them; empty where it is not known.
    pub row: Bytes,
}

/// A stretch of the log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stretch {
    /// Document by document.
    pub documents: Vec<Held>,
}

impl Stretch {
    /// Puts a change in.
    pub fn push(&mut self, offset: u32, item: &Item) {
        let bytes = Bytes(item.bytes.clone());
        let of =
            |held: &&mut Held| held.document == item.document && held.generation == item.generation;
        match self.documents.iter_mut().find(of) {
            Some(held) => held.changes.push((offset, bytes)),
            None => self.documents.push(Held {
                document: item.document,
                generation: item.generation,
                changes: vec![(offset, bytes)],
                row: Bytes::default(),
            }),
        }
    }

    /// Gives a document its row.
    pub fn put_row(&mut self, document: RecordId, row: &[u8]) {
        if row.len() > ROW_BYTES {
            return;
        }
        let held = self.documents.iter_mut();
        if let Some(held) = held.rev().find(|held| held.document == document) {
            held.row = Bytes(row.to_vec());
        }
    }

    /// What it holds of a document.
    pub fn of(&self, document: RecordId) -> impl Iterator<Item = &Held> {
        let all = self.documents.iter();
        all.filter(move |held| held.document == document)
    }

    /// The bytes of a document's change.
    pub fn change(&self, document: RecordId, offset: u32) -> Option<&[u8]> {
        let changes = self.of(document).flat_map(|held| &held.changes);
        let mut changes = changes.filter(|(at, _)| *at == offset);
        changes.next().map(|(_, bytes)| bytes.0.as_slice())
    }

    /// All changes, by their distance from the first position.
    pub fn items(&self) -> Vec<(u32, Item)> {
        let mut items: Vec<_> = self
            .documents
            .iter()
            .flat_map(|held| held.changes.iter().map(move |change| (held, change)))
            .map(|(held, (offset, bytes))| {
                let item = Item {
                    document: held.document,
                    generation: held.generation,
                    hash: change_hash(&bytes.0).unwrap_or(ChangeHash([0; 32])),
                    bytes: bytes.0.clone(),
                };
                (*offset, item)
            })
            .collect();
        items.sort_by_key(|(offset, _)| *offset);
        items
    }

    /// How many changes it holds.
    pub fn len(&self) -> usize {
        self.documents.iter().map(|held| held.changes.len()).sum()
    }

    /// About how many bytes it takes.
    pub fn bytes(&self) -> usize {
        let of = |held: &Held| {
            let changes = held.changes.iter().map(|(_, bytes)| bytes.0.len() + 8);
            held.row.0.len() + 32 + changes.sum::<usize>()
        };
        self.documents.iter().map(of).sum()
    }

    /// Whether it has enough for one row of the table.
    pub fn is_full(&self) -> bool {
        self.bytes() >= STRETCH_BYTES
    }

    /// The bytes in the table: 0 and itself, or 1 and itself deflated.
    pub fn encode(&self) -> Vec<u8> {
        let plain = postcard::to_allocvec(self).expect("plain data always encodes");
        if plain.len() < DEFLATE_FROM {
            return [&[0], plain.as_slice()].concat();
        }
        let deflated = miniz_oxide::deflate::compress_to_vec(&plain, LEVEL);
        [&[1], deflated.as_slice()].concat()
    }

    /// A stretch from the table.
    pub fn decode(bytes: &[u8]) -> Option<Stretch> {
        use miniz_oxide::inflate::decompress_to_vec_with_limit;
        match bytes.split_first()? {
            (0, plain) => postcard::from_bytes(plain).ok(),
            (1, deflated) => {
                let plain = decompress_to_vec_with_limit(deflated, INFLATED_BYTES).ok()?;
                postcard::from_bytes(&plain).ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(document: u8, bytes: &[u8]) -> Item {
        Item {
            document: RecordId([document; 16]),
            generation: 0,
            hash: ChangeHash([0; 32]),
            bytes: bytes.to_vec(),
        }
    }

    #[test]
    fn a_stretch_survives_the_table_and_keeps_the_order() {
        let mut stretch = Stretch::default();
        stretch.push(0, &item(1, b"first"));
        stretch.push(1, &item(2, &[9; 900]));
        stretch.push(2, &item(1, b"second"));
        stretch.put_row(RecordId([1; 16]), b"row");
        let bytes = stretch.encode();
        assert!(bytes.len() < 200);
        let read = Stretch::decode(&bytes).unwrap();
        assert_eq!(read, stretch);
        let order: Vec<_> = read.items().into_iter().map(|(_, it)| it.bytes).collect();
        assert_eq!(order, [b"first".to_vec(), vec![9; 900], b"second".to_vec()]);
        assert_eq!(read.change(RecordId([1; 16]), 2), Some(&b"second"[..]));
        assert_eq!(read.change(RecordId([2; 16]), 2), None);
        assert_eq!(read.len(), 3);
        assert_eq!(Stretch::decode(&[7]), None);
    }
}
