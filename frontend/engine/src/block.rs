//! What the stores of a workspace hold: blocks of rows and of changes, and the entries of the tail.

use crate::seal::{open, seal};
use crate::table::Set;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use shared::crm::row::{ROW_FORM, Row};
use shared::document::{Document, DocumentError};
use shared::id::RecordId;
use shared::sync::header::{GENESIS, Header};
use std::collections::BTreeSet;
use std::fmt;

/// How many records a block holds at most.
pub const BLOCK_RECORDS: usize = 256;
/// The form of blocks of histories: since 2 a history may begin with a snapshot.
const CHANGES_FORM: u8 = 2;
/// The form of everything else that is stored.
const FORM: u8 = 1;
/// So many raw changes a record keeps; more become a snapshot.
pub const RAW_CHANGES: usize = 32;

/// Bytes that are copied as a whole, not one by one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Bytes(pub Vec<u8>);

impl Bytes {
    /// A part of a change's checksum and length: equal ones are then compared in full.
    fn mark(&self) -> u64 {
        let mut mark = [0; 8];
        for (to, from) in mark.iter_mut().zip(self.0.iter().skip(4).take(4)) {
            *to = *from;
        }
        u64::from_le_bytes(mark) << 32 | self.0.len() as u64
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Copied;
        impl<'de> Visitor<'de> for Copied {
            type Value = Bytes;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Bytes, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Bytes(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Copied)
    }
}

/// A record's history as stored: a snapshot of its beginning, then raw changes, each after those that
/// it builds on. What the snapshot holds is in no raw change.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stored {
    /// The snapshot; empty where there is none.
    pub snapshot: Bytes,
    /// The changes.
    pub changes: Vec<Bytes>,
}

impl Stored {
    /// Adds changes that are not there yet.
    pub fn extend(&mut self, changes: impl IntoIterator<Item = Bytes>) {
        let mut known: Set<u64> = self.changes.iter().map(Bytes::mark).collect();
        for change in changes {
            if known.add(change.mark()) || !self.changes.contains(&change) {
                self.changes.push(change);
            }
        }
    }

    /// Opens the document.
    ///
    /// # Errors
    /// A change or the snapshot can't be read, or a change that one builds on is missing.
    pub fn document(&self) -> Result<Document, DocumentError> {
        let mut document = match self.snapshot.0.is_empty() {
            true => Document::new(),
            false => Document::open(&self.snapshot.0)?,
        };
        document.apply(self.changes.iter().map(|bytes| bytes.0.as_slice()))?;
        Ok(document)
    }

    /// Takes many raw changes together into a snapshot, once it has been opened again with equal
    /// heads. Where that does not go the changes stay as they are.
    pub fn compact(&mut self) {
        if self.changes.len() <= RAW_CHANGES {
            return;
        }
        let Ok(document) = self.document() else {
            return;
        };
        let snapshot = document.save();
        let again = Document::open(&snapshot);
        if again.is_ok_and(|again| again.heads() == document.heads()) {
            self.snapshot = Bytes(snapshot);
            self.changes.clear();
        }
    }

    /// Every change, raw, each after those that it builds on.
    ///
    /// # Errors
    /// As [`Stored::document`].
    pub fn raw(&self) -> Result<Vec<Vec<u8>>, DocumentError> {
        if self.snapshot.0.is_empty() && self.is_in_order() {
            return Ok(self.changes.iter().map(|bytes| bytes.0.clone()).collect());
        }
        let changes = self.document()?.changes();
        Ok(changes.into_iter().map(|raw| raw.bytes).collect())
    }

    /// Whether each change lies after those that it builds on. One that came before them lies where it came.
    fn is_in_order(&self) -> bool {
        let mut known = BTreeSet::from([GENESIS]);
        self.changes.iter().all(|change| {
            Header::read(&change.0).is_ok_and(|header| {
                let mut builds_on = header.dependencies.iter();
                builds_on.all(|hash| known.contains(hash)) && known.insert(header.hash)
            })
        })
    }
}

/// The histories of a block's records, by record.
pub type ChangeBlock = Vec<(RecordId, Stored)>;

/// Histories as bytes.
pub fn pack_changes(block: &ChangeBlock) -> Vec<u8> {
    let mut bytes = vec![CHANGES_FORM];
    bytes.extend(encode(block));
    seal(&bytes)
}

/// Histories from bytes, of the first form too, which had no snapshots; `None` when they are damaged
/// or of another form.
pub fn unpack_changes(sealed: &[u8]) -> Option<ChangeBlock> {
    let bytes = open(sealed).ok()?;
    let (form, block) = bytes.split_first()?;
    if *form == CHANGES_FORM {
        return postcard::from_bytes(block).ok();
    }
    let block: Vec<(RecordId, Vec<Bytes>)> =
        (*form == FORM).then(|| postcard::from_bytes(block).ok())??;
    let stored = |changes| Stored {
        changes,
        ..Stored::default()
    };
    let block = block.into_iter();
    Some(block.map(|(id, changes)| (id, stored(changes))).collect())
}

/// Rows as bytes.
pub fn pack_rows(rows: &[Row]) -> Vec<u8> {
    let mut bytes = vec![ROW_FORM];
    bytes.extend(encode(&rows));
    seal(&bytes)
}

/// Rows from bytes; `None` when they are damaged or of another form.
pub fn unpack_rows(sealed: &[u8]) -> Option<Vec<Row>> {
    let bytes = open(sealed).ok()?;
    let (form, rows) = bytes.split_first()?;
    (*form == ROW_FORM).then(|| postcard::from_bytes(rows).ok())?
}

/// A commit that is not in the blocks yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TailEntry {
    /// The request that it carried out, 0 for none.
    pub request: u64,
    /// The answer that was given.
    pub reply: Bytes,
    /// What was added, by record.
    pub items: Vec<TailItem>,
}

/// What a commit added to a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TailItem {
    /// Which record.
    pub record: RecordId,
    /// The new changes.
    pub changes: Vec<Bytes>,
    /// The row after them, in the form of [`pack_row`].
    pub row: Bytes,
}

/// One row as bytes, without an envelope.
pub fn pack_row(row: &Row) -> Bytes {
    Bytes(row.to_bytes())
}

/// One row from bytes; `None` when it is of another form.
pub fn unpack_row(bytes: &Bytes) -> Option<Row> {
    Row::from_bytes(&bytes.0)
}

/// Plain data as sealed bytes.
pub fn pack(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = vec![FORM];
    bytes.extend(encode(value));
    seal(&bytes)
}

/// Plain data from sealed bytes; `None` when they are damaged or of another form.
pub fn unpack<T: DeserializeOwned>(sealed: &[u8]) -> Option<T> {
    let bytes = open(sealed).ok()?;
    let (form, value) = bytes.split_first()?;
    (*form == FORM).then(|| postcard::from_bytes(value).ok())?
}

fn encode(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    postcard::to_allocvec(value).expect("plain data always encodes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::Kind;
    use shared::crm::command::{Edit, Write};
    use shared::id::{PersonId, Writer};
    use shared::time::Timestamp;

    fn writer() -> Writer {
        Writer {
            person: PersonId([1; 8]),
            instance: [2; 8],
        }
    }

    fn edited(times: usize) -> (RecordId, Document, Stored) {
        let id = RecordId([3; 16]);
        let mut document = Document::new();
        let mut stored = Stored::default();
        for i in 0..times {
            let writes = vec![Write::put("first_name", format!("Anaïs {i}"))];
            let edit = Edit::make(id, Kind::Contact, writes);
            let edited = document.edit(&edit, writer(), Timestamp(i as i64)).unwrap();
            stored.extend(edited.changes.into_iter().map(|raw| Bytes(raw.bytes)));
        }
        (id, document, stored)
    }

    #[test]
    fn a_history_opens_again_and_many_changes_become_a_snapshot() {
        let (id, document, mut stored) = edited(70);
        let raw = stored.raw().unwrap();
        for compacted in [false, true] {
            let packed = pack_changes(&vec![(id, stored.clone())]);
            let block = unpack_changes(&packed).unwrap();
            let again = block[0].1.document().unwrap();
            assert_eq!(again.heads(), document.heads());
            assert_eq!(again.row(id).unwrap(), document.row(id).unwrap());
            assert_eq!(block[0].1.raw().unwrap(), raw);
            assert_eq!(stored.changes.is_empty(), compacted);
            stored.compact();
        }
    }

    #[test]
    fn raw_changes_lie_after_those_they_build_on_however_they_came() {
        let (_, _, stored) = edited(3);
        let in_order = stored.raw().unwrap();
        for turn in 0..3 {
            let mut turned = stored.clone();
            turned.changes.rotate_left(turn);
            assert_eq!(turned.raw().unwrap(), in_order, "turned by {turn}");
        }
    }

    #[test]
    fn the_first_form_of_histories_is_read() {
        let (id, document, stored) = edited(3);
        let first = pack(&vec![(id, stored.changes.clone())]);
        assert_eq!(unpack_changes(&first), Some(vec![(id, stored.clone())]));
        assert_eq!(unpack_changes(&seal(&[3, 0])), None);
        assert_eq!(stored.document().unwrap().heads(), document.heads());
    }

    #[test]
    fn what_can_not_be_loaded_again_stays_raw() {
        let (_, _, mut stored) = edited(40);
        stored.changes.remove(0);
        let before = stored.clone();
        stored.compact();
        assert_eq!(stored, before);
    }

    #[test]
    fn a_change_is_kept_once() {
        let (_, _, mut stored) = edited(3);
        let again = stored.changes.clone();
        stored.extend(again);
        assert_eq!(stored.changes.len(), 3);
    }

    #[test]
    fn rows_survive_their_bytes_and_other_forms_are_recognised() {
        let (id, document, _) = edited(1);
        let rows = vec![document.row(id).unwrap()];
        assert_eq!(unpack_rows(&pack_rows(&rows)), Some(rows.clone()));
        assert_eq!(unpack_row(&pack_row(&rows[0])), Some(rows[0].clone()));
        assert_eq!(unpack_rows(&seal(&[9, 9, 9])), None);
        assert_eq!(unpack_row(&Bytes(vec![0, 1])), None);
    }
}
