//! Changes that did not go in when they came, as one that came before what it builds on. They are tried
//! again with whatever comes of their record. Beside them lies what is doubted (see `doubt`).

use super::copies::copy_of;
use super::{CORRUPT, Workspace};
use crate::platform::storage::{Key, Op, StorageError};
use crate::table::Set;
use shared::id::{ChangeHash, RecordId};
use shared::sync::packed::change_hash;

/// A change that was set aside.
pub struct Aside {
    /// Of which record.
    pub record: RecordId,
    /// What it is called.
    pub hash: ChangeHash,
    /// Of which life of the record: in another one it may apply, and is lost with that. An earlier
    /// version did not note it.
    pub generation: Option<u32>,
    /// The change.
    pub bytes: Vec<u8>,
}

impl Aside {
    /// Where it lies.
    pub fn key(&self) -> Key {
        let Aside { record, hash, .. } = self;
        match self.generation {
            Some(generation) => format!("change-{record}-{hash}-{generation}").into(),
            None => format!("change-{record}-{hash}").into(),
        }
    }
}

impl Workspace {
    /// Finds out which records have changes that were set aside, and which keys refused changes have.
    pub(super) async fn find_aside(&mut self) -> Result<(), StorageError> {
        self.outbox.skip_to(self.refused.last_key().unwrap_or(0));
        let (mut doubted, mut copies) = (Vec::new(), Vec::new());
        for (key, _) in self.database.all(CORRUPT).await? {
            copies.extend(copy_of(&key));
            if let Some(record) = record_of(&key) {
                self.aside.add(record);
            }
            doubted.extend(doubted_of(&key));
        }
        self.find_doubts(doubted).await?;
        self.find_copies(copies).await?;
        self.find_unread().await
    }

    /// The records that are here and have changes that were set aside.
    pub fn set_aside_of_known(&self) -> Set<RecordId> {
        let records = self.aside.keys();
        records.filter(|record| self.has(*record)).collect()
    }

    /// Whether some of what came of a record is not in it.
    pub fn keeps_apart(&self, record: RecordId) -> bool {
        self.aside.has(record) || self.doubts.iter().any(|doubt| doubt.record == record)
    }

    /// The changes of a record that were set aside.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn aside(&mut self, record: RecordId) -> Result<Vec<Aside>, StorageError> {
        let mut found = Vec::new();
        if self.aside.has(record) {
            for (key, value) in self.database.all(CORRUPT).await? {
                let bytes = value.to_vec();
                if let (true, Some(hash)) = (record_of(&key) == Some(record), change_hash(&bytes)) {
                    found.push(Aside {
                        record,
                        hash,
                        generation: generation_of(&key),
                        bytes,
                    });
                }
            }
        }
        Ok(found)
    }
}

/// The step that sets a change aside.
pub(super) fn put(aside: Aside) -> Op {
    Op::Put(CORRUPT, aside.key(), aside.bytes)
}

/// The key of what is doubted.
pub(super) fn poison(record: RecordId, name: ChangeHash) -> Key {
    format!("poison-{record}-{name}").into()
}

/// The step that takes it back.
pub(super) fn delete(key: Key) -> Op {
    Op::Delete(CORRUPT, key)
}

fn generation_of(key: &Key) -> Option<u32> {
    match key {
        Key::Name(name) => name
            .strip_prefix("change-")?
            .split('-')
            .nth(2)?
            .parse()
            .ok(),
        Key::Number(_) => None,
    }
}

fn record_of(key: &Key) -> Option<RecordId> {
    match key {
        Key::Name(name) => name.strip_prefix("change-")?.get(..32)?.parse().ok(),
        Key::Number(_) => None,
    }
}

fn doubted_of(key: &Key) -> Option<(RecordId, ChangeHash)> {
    match key {
        Key::Name(name) => {
            let (record, name) = name.strip_prefix("poison-")?.split_once('-')?;
            Some((record.parse().ok()?, name.parse().ok()?))
        }
        Key::Number(_) => None,
    }
}
