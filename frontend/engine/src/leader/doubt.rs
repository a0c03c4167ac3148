//! What was taken for the cause of crashes, tried again.

use super::merge::apart;
use crate::block::{Stored, unpack};
use crate::leader::{Author, Leader, Told};
use crate::platform::browser::now;
use crate::platform::storage::StorageError;
use crate::workspace::{Aside, Doubt, Received};
use shared::id::{ChangeHash, RecordId};
use shared::sync::client::Store;
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::Kept;
use shared::sync::validation::Bytes;

impl Leader {
    /// Tries one change or record again that was taken for the cause of crashes, where the time of one
    /// has come.
    ///
    /// # Errors
    /// Storage failed; it is kept, and tried again later.
    pub async fn try_doubted(&mut self, author: Author) -> Result<Told, StorageError> {
        let Some((doubt, bytes)) = self.workspace.begin_trying(now()).await? else {
            return Ok(Told::default());
        };
        let told = match self.again(&doubt, bytes) {
            Some(store) => self.store(store, author).await,
            None => {
                self.workspace.void_trial();
                Ok(Told::default())
            }
        };
        self.workspace.end_trying();
        told
    }

    /// What is doubted, as if it came just now; `None` where it can't be read.
    fn again(&self, doubt: &Doubt, bytes: Vec<u8>) -> Option<Store> {
        let (document, generation) = (doubt.record, doubt.generation);
        let mut store = Store {
            point: self.workspace.point,
            ..Store::default()
        };
        if change_hash(&bytes) == Some(doubt.name) {
            store.received.push(Item {
                document,
                generation,
                hash: doubt.name,
                bytes,
            });
        } else {
            let stored: Stored = unpack(&bytes)?;
            let changes = stored.changes.into_iter();
            store.records.push(Kept {
                document,
                generation,
                snapshot: Bytes(stored.snapshot.0),
                changes: changes.map(|change| Bytes(change.0)).collect(),
                row: Bytes::default(),
            });
        }
        Some(store)
    }

    /// Keeps a record apart that came whole: it is doubted, or can't be read.
    pub(super) fn keep_apart(
        &self,
        (record, generation): (RecordId, u32),
        name: ChangeHash,
        stored: &Stored,
        received: &mut Received,
    ) {
        let bytes = crate::block::pack(stored);
        match self.workspace.is_doubted(record, name) {
            true => received
                .doubted
                .push(apart(record, name, generation, bytes)),
            false => received.suspect.push(Aside {
                record,
                hash: name,
                generation: Some(generation),
                bytes,
            }),
        }
    }
}
