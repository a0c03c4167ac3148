//! Opening a workspace: blocks first, then the tail, which wins.

use super::trial::{TRIAL, Trial};
use super::{
    CHANGES, COMPLETE, DONE, FENCE, Fresh, GENERATIONS, META, OUTBOX, POINT, QUARANTINE, ROWS,
    SAVED, STORES, TAIL, VERSION, Workspace, database_name, number,
};
use crate::block::{
    Bytes, Stored, TailEntry, pack, pack_rows, unpack, unpack_changes, unpack_row, unpack_rows,
};
use crate::outbox::{Outbox, Refused, Waiting};
use crate::platform::browser::random;
use crate::platform::storage::{Database, Guard, Key, Op, StorageError};
use crate::table::{Set, Table};
use shared::crm::row::Row;
use shared::id::{RecordId, WorkspaceId};
use shared::sync::client::Point;
use std::collections::VecDeque;

/// Store, key and bytes of a value that can't be read.
type Damaged = (&'static str, u64, Vec<u8>);

impl Workspace {
    /// Opens a workspace and becomes its only writer: whoever wrote before finds the fence moved.
    /// Hands over its rows as they are read.
    ///
    /// # Errors
    /// Storage failed, or a later version wrote the database.
    pub async fn open(
        id: WorkspaceId,
        mut on_rows: impl FnMut(Vec<Row>),
    ) -> Result<Workspace, StorageError> {
        let mut database = Database::open(&database_name(id), VERSION, STORES).await?;
        let guard = fence(&mut database).await?;
        let mut workspace = Workspace {
            id,
            point: Point::default(),
            complete: false,
            saved_at: None,
            outbox: Outbox::default(),
            aside: Set::default(),
            refused: Table::default(),
            database,
            guard,
            index: Table::default(),
            counts: Table::default(),
            generations: Table::default(),
            fresh: Table::default(),
            tail: VecDeque::new(),
            last_tail: 0,
            done: VecDeque::new(),
            folding: None,
            is_lost: false,
            is_damaged: false,
            trial: None,
            doubts: Vec::new(),
            trying: None,
            earlier_trial: None,
            is_note_void: false,
            offer: None,
            copies: Vec::new(),
            anew: Vec::new(),
        };
        let mut set_aside = workspace.read_tail().await?;
        let blocks = workspace.database.all(ROWS).await?;
        for (key, sealed) in blocks {
            let block = number(&key);
            let sealed = sealed.to_vec();
            match unpack_rows(&sealed) {
                Some(rows) => workspace.take_block(block, rows, &mut on_rows),
                None => set_aside.push((ROWS, key.number(), sealed)),
            }
        }
        let fresh = workspace.fresh.values().map(|fresh| fresh.row.clone());
        on_rows(fresh.collect());
        set_aside.extend(workspace.read_meta().await?);
        workspace.find_aside().await?;
        workspace.mend(set_aside, &mut on_rows).await?;
        // The client that starts from here on pulls everything.
        workspace.is_damaged = false;
        Ok(workspace)
    }

    /// Closes the database when a later version wants to open it, and says so.
    pub fn yield_to_later(&self, on_closed: Box<dyn FnOnce()>) {
        self.database.yield_to_later(on_closed);
    }

    fn take_block(&mut self, block: u32, rows: Vec<Row>, on_rows: &mut impl FnMut(Vec<Row>)) {
        self.counts.insert(block, rows.len());
        self.index.extend(rows.iter().map(|row| (row.id, block)));
        let fresh = &self.fresh;
        on_rows(rows.into_iter().filter(|row| !fresh.has(row.id)).collect());
    }

    /// Reads the tail; returns what is damaged.
    async fn read_tail(&mut self) -> Result<Vec<Damaged>, StorageError> {
        let mut damaged = Vec::new();
        let mut stale: Table<RecordId, Vec<(u64, Bytes)>> = Table::default();
        for (key, sealed) in self.database.all(TAIL).await? {
            let (key, sealed) = (key.number(), sealed.to_vec());
            self.last_tail = self.last_tail.max(key);
            let Some(entry) = unpack::<TailEntry>(&sealed) else {
                damaged.push((TAIL, key, sealed));
                continue;
            };
            let records = entry.items.iter().map(|item| item.record).collect();
            self.tail.push_back((key, records));
            for item in entry.items {
                let changes = item.changes.into_iter().map(|bytes| (key, bytes));
                match unpack_row(&item.row) {
                    Some(row) => {
                        let earlier = stale.remove(item.record).unwrap_or_default();
                        self.freshen(item.record, earlier.into_iter().chain(changes), row);
                    }
                    None => match self.fresh.get_mut(item.record) {
                        Some(fresh) => fresh.changes.extend(changes),
                        None => stale.or_insert_with(item.record, Vec::new).extend(changes),
                    },
                }
            }
            if entry.request != 0 {
                self.remember((entry.request, entry.reply));
            }
        }
        for (record, changes) in stale.drain() {
            self.project_anew(record, changes).await?;
        }
        Ok(damaged)
    }

    /// Makes the row of a record whose stored row is of another form.
    async fn project_anew(
        &mut self,
        record: RecordId,
        changes: Vec<(u64, Bytes)>,
    ) -> Result<(), StorageError> {
        let mut histories = self.histories(&Set::from_iter([record])).await?;
        let mut stored = histories.remove(record).unwrap_or_default();
        stored.extend(changes.iter().map(|(_, bytes)| bytes.clone()));
        if let Some(row) = stored
            .document()
            .ok()
            .and_then(|document| document.row(record).ok())
        {
            self.fresh.insert(record, Fresh { changes, row });
        }
        Ok(())
    }

    /// Reads all else; returns what is damaged.
    async fn read_meta(&mut self) -> Result<Vec<Damaged>, StorageError> {
        let meta = self.database.all(META).await?;
        let meta = |name: &str| {
            let mut pairs = meta.iter();
            let (_, value) = pairs.find(|(key, _)| *key == Key::from(name))?;
            Some(value.to_vec())
        };
        self.point = match meta(POINT) {
            // A point that can't be read: everything is pulled and offered once more.
            Some(bytes) => unpack(&bytes).unwrap_or(Point {
                offering: true,
                ..Point::default()
            }),
            None => Point::default(),
        };
        self.trial = meta(TRIAL).and_then(|bytes| Trial::found(&bytes));
        let generations =
            meta(GENERATIONS).and_then(|bytes| unpack::<Vec<(RecordId, u32)>>(&bytes));
        self.generations = generations.unwrap_or_default().into_iter().collect();
        self.complete = meta(COMPLETE).is_some();
        self.saved_at = meta(SAVED).and_then(|bytes| unpack(&bytes));
        let done = meta(DONE).and_then(|bytes| unpack::<Vec<(u64, Bytes)>>(&bytes));
        for done in done.unwrap_or_default().into_iter().rev() {
            self.done.push_front(done);
        }
        let mut damaged = Vec::new();
        for (key, sealed) in self.database.all(OUTBOX).await? {
            let (key, sealed) = (key.number(), sealed.to_vec());
            match unpack::<Vec<Waiting>>(&sealed) {
                Some(changes) => self.outbox.load(key, &changes),
                None => damaged.push((OUTBOX, key, sealed)),
            }
        }
        for (key, sealed) in self.database.all(QUARANTINE).await? {
            let (key, sealed) = (key.number(), sealed.to_vec());
            match unpack::<Refused>(&sealed) {
                Some(refused) => {
                    let refused = Refused::new(refused.change, &refused.reason);
                    self.refused.insert(key, refused);
                }
                None => damaged.push((QUARANTINE, key, sealed)),
            }
        }
        Ok(damaged)
    }

    /// Keeps what is damaged, makes rows anew from changes, and has the server send what is missing.
    async fn mend(
        &mut self,
        set_aside: Vec<Damaged>,
        on_rows: &mut impl FnMut(Vec<Row>),
    ) -> Result<(), StorageError> {
        for (store, key, bytes) in set_aside {
            let sealed = match store {
                ROWS => self.database.get(CHANGES, key.into()).await?,
                _ => None,
            };
            let Some(histories) = sealed.and_then(|sealed| unpack_changes(&sealed)) else {
                self.set_aside(store, key, bytes).await?;
                continue;
            };
            let histories = histories.into_iter().collect();
            let rows = self.rows_anew(key, &histories, bytes).await?;
            self.take_block(number(&key.into()), rows, on_rows);
        }
        Ok(())
    }
}

impl Workspace {
    /// Makes the rows of a damaged block from the histories in it.
    pub(super) async fn rows_anew(
        &mut self,
        key: u64,
        histories: &Table<RecordId, Stored>,
        damaged: Vec<u8>,
    ) -> Result<Vec<Row>, StorageError> {
        let rows = histories
            .iter()
            .filter_map(|(record, stored)| stored.document().ok()?.row(record).ok());
        let rows: Vec<Row> = rows.collect();
        let mut ops = vec![Op::Put(ROWS, key.into(), pack_rows(&rows))];
        let copies = self.copy(ROWS, key, damaged, &mut ops);
        self.write(&ops).await?;
        self.copies = copies;
        Ok(rows)
    }
}

/// Moves the fence and returns the guard that every write carries from here on.
async fn fence(database: &mut Database) -> Result<Guard, StorageError> {
    let key = || Key::from(FENCE);
    let before = database.get(META, key()).await?;
    let count = before.as_ref().and_then(|bytes| unpack::<u64>(bytes));
    // The chance in it tells this engine's fence from that of another which counted alike.
    let chance: [u8; 8] = random();
    let value = pack(&(count.unwrap_or(0) + 1, chance));
    let guard = before.map(|value| Guard {
        store: META,
        key: key(),
        value,
    });
    let ops = [Op::Put(META, key(), value.clone())];
    let moved = database.write(guard.as_ref(), &ops).await;
    if moved == Err(StorageError::Fenced) {
        // The connection may have been lost between the commit and its answer, and the write was
        // tried again: then it is our own fence that stands there.
        let stands = database.get(META, key()).await?;
        if stands.as_ref() != Some(&value) {
            return Err(StorageError::Fenced);
        }
    } else {
        moved?;
    }
    Ok(Guard {
        store: META,
        key: key(),
        value,
    })
}
