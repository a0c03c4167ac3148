//! A workspace's database, `terrain-<workspace>`: blocks, tail, outbox and what was set aside.
//!
//! A commit appends to the tail, one entry whatever it holds, and to the outbox; see `fold` for
//! how the tail goes into blocks. Rows and changes of a record lie in blocks of the same number.

mod aside;
mod copies;
mod doubt;
mod fold;
mod load;
mod sync;
mod trial;
mod unread;
mod whole;

pub use aside::Aside;
pub use doubt::Doubt;
pub use sync::{Received, Remade};
pub use whole::Whole;

use crate::block::{
    Bytes, Stored, TailEntry, TailItem, pack, pack_row, unpack, unpack_changes, unpack_rows,
};
use crate::outbox::{ENTRY_CHANGES, Outbox, Waiting};
use crate::platform::browser::now;
use crate::platform::storage::{Database, Guard, Key, Op, StorageError};
use crate::table::{Set, Table};
use shared::crm::row::Row;
use shared::id::{ChangeHash, RecordId, WorkspaceId};
use shared::sync::client::{Outgoing, Point};
use shared::time::Timestamp;
use std::collections::VecDeque;

/// 2: histories may begin with snapshots, which version 1 can't read.
const VERSION: u32 = 2;
const ROWS: &str = "rows";
const CHANGES: &str = "changes";
const TAIL: &str = "tail";
const OUTBOX: &str = "outbox";
const QUARANTINE: &str = "quarantine";
const CORRUPT: &str = "corrupt";
const META: &str = "meta";
const STORES: &[&str] = &[ROWS, CHANGES, TAIL, OUTBOX, QUARANTINE, CORRUPT, META];
const FENCE: &str = "fence";
const POINT: &str = "point";
const COMPLETE: &str = "complete";
const SAVED: &str = "saved";
const DONE: &str = "done";
const GENERATIONS: &str = "generations";
const KEPT: &str = "kept";
/// How many answered requests are remembered.
const REMEMBERED: usize = 128;

/// A workspace, open for writing.
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Where sync stands.
    pub point: Point,
    /// Whether everything of the server has once arrived here.
    pub complete: bool,
    /// When something was last saved.
    pub saved_at: Option<Timestamp>,
    /// What waits for the server.
    pub outbox: Outbox,
    /// What the server refused, by key.
    pub refused: Table<u64, crate::outbox::Refused>,
    database: Database,
    guard: Guard,
    /// Which block holds a record.
    index: Table<RecordId, u32>,
    /// How many records a block holds.
    counts: Table<u32, usize>,
    /// Which life of a record is here, where it is not the first.
    generations: Table<RecordId, u32>,
    fresh: Table<RecordId, Fresh>,
    tail: VecDeque<(u64, Vec<RecordId>)>,
    last_tail: u64,
    done: VecDeque<(u64, Bytes)>,
    folding: Option<fold::Fold>,
    /// Whether a transaction was given up of which it is not known whether it was carried out: what is
    /// in memory is not to be trusted.
    is_lost: bool,
    /// Whether something damaged was found since it was opened: at the next start everything is
    /// pulled and offered once more.
    is_damaged: bool,
    /// Records with changes that did not go in.
    aside: Set<RecordId>,
    /// Changes that the engine crashed over.
    trial: Option<trial::Trial>,
    /// What is kept apart because the engine crashed over it.
    doubts: Vec<Doubt>,
    /// Which of it is being tried again.
    trying: Option<(RecordId, ChangeHash)>,
    /// What the engine crashed over before that.
    earlier_trial: Option<trial::Trial>,
    /// Whether the note of what is being applied may still lie on the disk, though nothing is.
    is_note_void: bool,
    /// Copies of what was damaged.
    copies: copies::Copies,
    /// Records whose history began anew here, and when.
    anew: Vec<(RecordId, Timestamp)>,
    /// All histories, while they are offered to the server.
    offer: Option<Table<RecordId, Stored>>,
}

/// What the tail holds of a record.
struct Fresh {
    /// Tail key and change.
    changes: Vec<(u64, Bytes)>,
    row: Row,
}

/// What a commit adds to a record.
pub struct Added {
    /// Which record.
    pub record: RecordId,
    /// The new changes, each with the first field that it writes.
    pub changes: Vec<(String, Vec<u8>)>,
    /// The row after them.
    pub row: Row,
}

/// A commit of this device's person.
#[derive(Default)]
pub struct Commit {
    /// The request that it carries out, 0 for none.
    pub request: u64,
    /// The answer, to be given again when the request comes again.
    pub reply: Vec<u8>,
    /// What it adds.
    pub added: Vec<Added>,
    /// Whether the changes go to the outbox.
    pub outgoing: bool,
}

/// The name of a workspace's database.
pub fn database_name(id: WorkspaceId) -> String {
    format!("terrain-{id}")
}

/// The record that carries the workspace's name to everyone: a member record of nobody, which no
/// page is shown.
pub fn name_record(workspace: WorkspaceId) -> RecordId {
    RecordId::derived(workspace, "workspace", "name")
}

impl Workspace {
    /// Whether it knows a record.
    pub fn has(&self, record: RecordId) -> bool {
        self.fresh.has(record) || self.index.has(record)
    }

    /// How many engines have written in it, this one too.
    pub fn writers(&self) -> u64 {
        crate::block::unpack(&self.guard.value).unwrap_or_default()
    }

    /// All records.
    pub fn records(&self) -> Set<RecordId> {
        self.index.keys().chain(self.fresh.keys()).collect()
    }

    /// The answer that a request was given.
    pub fn answered(&self, request: u64) -> Option<&[u8]> {
        let mut done = self.done.iter();
        let found = done.find(|(id, _)| *id == request && request != 0)?;
        Some(&found.1.0)
    }

    /// The histories of some records, each block read once. Records that are not there are left out.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn histories(
        &mut self,
        records: &Set<RecordId>,
    ) -> Result<Table<RecordId, Stored>, StorageError> {
        let blocks = records.keys().filter_map(|record| self.index.get(record));
        let blocks: Set<u32> = blocks.copied().collect();
        let keys: Vec<Key> = blocks.keys().map(Key::from).collect();
        let mut histories: Table<RecordId, Stored> = Table::default();
        let values = self.database.get_many(CHANGES, &keys).await?;
        for (block, sealed) in blocks.keys().zip(values) {
            let Some(sealed) = sealed else { continue };
            match unpack_changes(&sealed) {
                Some(changes) => {
                    histories.extend(changes.into_iter().filter(|(id, _)| records.has(*id)));
                }
                None => self.set_aside(CHANGES, u64::from(block), sealed).await?,
            }
        }
        for record in records.keys() {
            if let Some(fresh) = self.fresh.get(record) {
                let changes = fresh.changes.iter().map(|(_, bytes)| bytes.clone());
                histories
                    .or_insert_with(record, Stored::default)
                    .extend(changes);
            }
        }
        Ok(histories)
    }

    /// Keeps a damaged value apart, and has everything pulled and offered once more.
    async fn set_aside(
        &mut self,
        store: &'static str,
        key: u64,
        bytes: Vec<u8>,
    ) -> Result<(), StorageError> {
        self.is_damaged = true;
        self.point = self.point.from_the_start();
        let mut ops = vec![
            Op::Delete(store, key.into()),
            Op::Put(META, POINT.into(), pack(&self.point)),
        ];
        let copies = self.copy(store, key, bytes, &mut ops);
        self.write(&ops).await?;
        self.copies = copies;
        Ok(())
    }

    /// All rows, block by block, without those of [`Workspace::records`] that are damaged.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn rows(&mut self) -> Result<Vec<Row>, StorageError> {
        let mut rows = Vec::new();
        for (_, sealed) in self.database.all(ROWS).await? {
            let block = unpack_rows(&sealed.to_vec()).unwrap_or_default();
            rows.extend(block.into_iter().filter(|row| !self.fresh.has(row.id)));
        }
        rows.extend(self.fresh.values().map(|fresh| fresh.row.clone()));
        Ok(rows)
    }

    /// Keeps bytes of the page.
    ///
    /// # Errors
    /// Storage failed; what was kept before still is.
    pub async fn keep(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        let ops = [Op::Put(META, KEPT.into(), pack(&Bytes(bytes.to_vec())))];
        self.write(&ops).await
    }

    /// The bytes of the page that were kept last; none when they are damaged.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn kept(&mut self) -> Result<Vec<u8>, StorageError> {
        let kept = self.database.get(META, KEPT.into()).await?;
        let kept = kept.and_then(|sealed| unpack::<Bytes>(&sealed.to_vec()));
        Ok(kept.unwrap_or_default().0)
    }

    /// Commits: one transaction, safe on the disk when this returns. Returns what is to be sent.
    ///
    /// # Errors
    /// Storage failed; nothing of it was written.
    pub async fn commit(&mut self, commit: Commit) -> Result<Vec<Outgoing>, StorageError> {
        let at = now();
        let mut ops = Vec::new();
        let mut made = Vec::new();
        if commit.outgoing {
            for added in &commit.added {
                let changes = added.changes.iter();
                made.extend(
                    changes.map(|(field, bytes)| (added.record, field.clone(), bytes.clone())),
                );
            }
        }
        let waiting = self.enqueue(made, at, &mut ops);
        ops.push(Op::Put(META, SAVED.into(), pack(&at)));
        ops.extend(self.without_void_note());
        let done = (commit.request, Bytes(commit.reply));
        self.append(done.clone(), commit.added, ops).await?;
        self.is_note_void = false;
        if done.0 != 0 {
            self.remember(done);
        }
        self.saved_at = Some(at);
        Ok(self.enqueued(waiting))
    }

    /// The steps that put changes into the outbox: each with its record and its first field.
    fn enqueue(
        &mut self,
        made: Vec<(RecordId, String, Vec<u8>)>,
        at: Timestamp,
        ops: &mut Vec<Op>,
    ) -> Vec<Waiting> {
        let made = made.into_iter();
        let waiting: Vec<Waiting> = made
            .map(|(record, field, bytes)| Waiting {
                key: self.outbox.next_key(),
                record,
                field,
                at,
                bytes: Bytes(bytes),
            })
            .collect();
        for entry in waiting.chunks(ENTRY_CHANGES) {
            ops.push(Op::Put(OUTBOX, entry[0].key.into(), pack(&entry)));
        }
        waiting
    }

    /// The transaction that put them into the outbox is safe. Returns what is to be sent.
    fn enqueued(&mut self, waiting: Vec<Waiting>) -> Vec<Outgoing> {
        for entry in waiting.chunks(ENTRY_CHANGES) {
            self.outbox.load(entry[0].key, entry);
        }
        let waiting = waiting.into_iter();
        waiting.map(|change| self.outgoing(change)).collect()
    }

    fn outgoing(&self, waiting: Waiting) -> Outgoing {
        Outgoing {
            key: waiting.key,
            document: waiting.record,
            generation: self.generation(waiting.record),
            bytes: waiting.bytes.0,
        }
    }

    /// Carries out a transaction. One that got no answer twice may have been carried out: from then on
    /// nothing is written, as if another engine had taken over, and the workspace is to be opened anew.
    async fn write(&mut self, ops: &[Op]) -> Result<(), StorageError> {
        if self.is_lost {
            return Err(StorageError::Fenced);
        }
        let result = self.database.write(Some(&self.guard), ops).await;
        self.is_lost = matches!(result, Err(StorageError::Lost(_)));
        result
    }

    /// Whether nobody knows what the last write did: nothing is written any more, and the workspace is to be
    /// opened anew.
    pub fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Whether this engine still writes.
    ///
    /// # Errors
    /// [`StorageError::Fenced`] where another does; else storage failed.
    pub async fn check_fence(&mut self) -> Result<(), StorageError> {
        self.write(&[]).await
    }

    /// Writes a tail entry together with other steps.
    async fn append(
        &mut self,
        done: (u64, Bytes),
        added: Vec<Added>,
        mut ops: Vec<Op>,
    ) -> Result<(), StorageError> {
        self.tail_entry(done, &added, &mut ops);
        self.write(&ops).await?;
        self.appended(added);
        Ok(())
    }

    /// The step that writes a tail entry, where there is something to add.
    fn tail_entry(&self, (request, reply): (u64, Bytes), added: &[Added], ops: &mut Vec<Op>) {
        if added.is_empty() {
            return;
        }
        let items = added.iter().map(|added| TailItem {
            record: added.record,
            changes: added
                .changes
                .iter()
                .map(|(_, bytes)| Bytes(bytes.clone()))
                .collect(),
            row: pack_row(&added.row),
        });
        let entry = TailEntry {
            request,
            reply,
            items: items.collect(),
        };
        ops.push(Op::Put(TAIL, (self.last_tail + 1).into(), pack(&entry)));
    }

    /// The transaction with the tail entry is safe.
    fn appended(&mut self, added: Vec<Added>) {
        if added.is_empty() {
            return;
        }
        let key = self.last_tail + 1;
        self.last_tail = key;
        let records = added.iter().map(|added| added.record).collect();
        self.tail.push_back((key, records));
        for added in added {
            let changes = added.changes.into_iter();
            let changes = changes.map(|(_, bytes)| (key, Bytes(bytes)));
            self.freshen(added.record, changes, added.row);
        }
    }

    fn freshen(
        &mut self,
        record: RecordId,
        changes: impl IntoIterator<Item = (u64, Bytes)>,
        row: Row,
    ) {
        let fresh = self.fresh.or_insert_with(record, || Fresh {
            changes: Vec::new(),
            row: row.clone(),
        });
        fresh.changes.extend(changes);
        fresh.row = row;
    }

    fn remember(&mut self, done: (u64, Bytes)) {
        self.done.push_back(done);
        if self.done.len() > REMEMBERED {
            self.done.pop_front();
        }
    }

    /// Closes the database.
    pub fn close(self) {
        self.database.close();
    }
}

fn number(key: &Key) -> u32 {
    u32::try_from(key.number()).unwrap_or(u32::MAX)
}
