//! Folding the tail into blocks, in the background, a few blocks a step.
//!
//! Each step writes some blocks; the last one also removes the tail's entries. A crash in between
//! leaves both, and then the tail wins. What is committed meanwhile stays in the tail.

use super::{CHANGES, DONE, META, POINT, ROWS, TAIL, Workspace};
use crate::block::{
    BLOCK_RECORDS, Bytes, ChangeBlock, Stored, pack, pack_changes, pack_rows, unpack_changes,
    unpack_rows,
};
use crate::platform::storage::{Op, StorageError};
use crate::table::Table;
use shared::crm::row::Row;
use shared::id::RecordId;

/// A tail of so many entries is folded though someone is at work.
const LONG: usize = 200;
/// How many blocks a step writes.
const BLOCKS_A_STEP: usize = 2;

/// A fold under way.
pub struct Fold {
    /// The last tail entry that it covers.
    upto: u64,
    /// The records to fold, by block.
    left: Table<u32, Vec<RecordId>>,
}

/// A block that is being changed: rows and histories of its records.
#[derive(Default)]
pub(super) struct Block {
    rows: Table<RecordId, Row>,
    changes: Table<RecordId, Stored>,
}

impl Block {
    pub(super) fn put(&mut self, record: RecordId, row: Row, stored: Stored) {
        self.rows.insert(record, row);
        self.changes.insert(record, stored);
    }

    pub(super) fn remove(&mut self, record: RecordId) {
        self.rows.remove(record);
        self.changes.remove(record);
    }

    pub(super) fn write(mut self, number: u32, ops: &mut Vec<Op>) {
        let rows: Vec<Row> = self.rows.drain().into_iter().map(|(_, row)| row).collect();
        let changes: ChangeBlock = self.changes.drain();
        ops.push(Op::Put(ROWS, number.into(), pack_rows(&rows)));
        ops.push(Op::Put(CHANGES, number.into(), pack_changes(&changes)));
    }
}

impl Workspace {
    /// Whether there is something to fold.
    pub fn has_tail(&self) -> bool {
        !self.tail.is_empty() || self.folding.is_some()
    }

    /// Whether folding should not wait for a pause.
    pub fn has_long_tail(&self) -> bool {
        self.folding.is_some() || self.tail.len() > LONG
    }

    /// Does one step; returns whether there is more to do.
    ///
    /// # Errors
    /// Storage failed; the tail still holds everything.
    pub async fn fold(&mut self) -> Result<bool, StorageError> {
        let mut fold = match self.folding.take() {
            Some(fold) => fold,
            None => match self.tail.back() {
                Some((upto, _)) => self.plan(*upto),
                None => return Ok(false),
            },
        };
        let mut ops = Vec::new();
        for _ in 0..BLOCKS_A_STEP {
            if let Some((block, records)) = fold.left.pop_first() {
                self.fold_block(block, &records, fold.upto, &mut ops)
                    .await?;
            }
        }
        let more = !fold.left.is_empty();
        if !more {
            ops.push(Op::DeleteTo(TAIL, fold.upto));
            let done: Vec<_> = self.done.iter().cloned().collect();
            ops.push(Op::Put(META, DONE.into(), pack(&done)));
        }
        ops.extend(self.without_void_note());
        self.write(&ops).await?;
        self.is_note_void = false;
        match more {
            true => self.folding = Some(fold),
            false => self.folded(fold.upto),
        }
        Ok(more || !self.tail.is_empty() && self.has_long_tail())
    }

    /// Gives each record of the tail a block: its own, else the last one with space, else a new one.
    fn plan(&mut self, upto: u64) -> Fold {
        let mut left: Table<u32, Vec<RecordId>> = Table::default();
        let mut last = self.counts.last_key().unwrap_or(0);
        let records: Vec<RecordId> = self.fresh.keys().collect();
        for record in records {
            let block = match self.index.get(record) {
                Some(block) => *block,
                None => {
                    let full = |count: &usize| *count >= BLOCK_RECORDS;
                    while self.counts.get(last).is_some_and(full) {
                        last += 1;
                    }
                    *self.counts.or_insert_with(last, || 0) += 1;
                    self.index.insert(record, last);
                    last
                }
            };
            left.or_insert_with(block, Vec::new).push(record);
        }
        Fold { upto, left }
    }

    async fn fold_block(
        &mut self,
        number: u32,
        records: &[RecordId],
        upto: u64,
        ops: &mut Vec<Op>,
    ) -> Result<(), StorageError> {
        let mut block = self.read_block(number).await?;
        for record in records.iter().copied() {
            let Some(fresh) = self.fresh.get(record) else {
                continue;
            };
            block.rows.insert(record, fresh.row.clone());
            let covered = fresh.changes.iter().filter(|(key, _)| *key <= upto);
            let covered: Vec<Bytes> = covered.map(|(_, bytes)| bytes.clone()).collect();
            let stored = block.changes.or_insert_with(record, Stored::default);
            stored.extend(covered);
            stored.compact();
        }
        block.write(number, ops);
        Ok(())
    }

    /// A block to change; empty where there is none.
    pub(super) async fn read_block(&mut self, number: u32) -> Result<Block, StorageError> {
        let rows = self.database.get(ROWS, number.into()).await?;
        let changes = self.database.get(CHANGES, number.into()).await?;
        let read = changes.as_ref().and_then(|sealed| unpack_changes(sealed));
        if let (None, Some(damaged)) = (&read, changes) {
            self.set_aside(CHANGES, number.into(), damaged).await?;
        }
        let changes = read.unwrap_or_default().into_iter().collect();
        let rows = match rows.map(|sealed| unpack_rows(&sealed).ok_or(sealed)) {
            Some(Ok(rows)) => rows,
            // They turned unreadable since the workspace was opened.
            Some(Err(damaged)) => self.rows_again(number, &changes, damaged).await?,
            None => Vec::new(),
        };
        Ok(Block {
            rows: rows.into_iter().map(|row| (row.id, row)).collect(),
            changes,
        })
    }

    /// The rows of a damaged block, from its histories. Where some are missing even so, everything is had once
    /// more.
    async fn rows_again(
        &mut self,
        number: u32,
        changes: &Table<RecordId, Stored>,
        damaged: Vec<u8>,
    ) -> Result<Vec<Row>, StorageError> {
        let rows = self.rows_anew(number.into(), changes, damaged).await?;
        let known = self.index.iter().filter(|(_, block)| **block == number);
        let mut known = known.filter(|(record, _)| !self.fresh.has(*record));
        let is_missing = known.any(|(record, _)| rows.iter().all(|row| row.id != record));
        drop(known);
        if is_missing {
            self.is_damaged = true;
            self.point = self.point.from_the_start();
            let point = pack(&self.point);
            self.write(&[Op::Put(META, POINT.into(), point)]).await?;
        }
        Ok(rows)
    }

    fn folded(&mut self, upto: u64) {
        self.tail.retain(|(key, _)| *key > upto);
        self.fresh.retain(|fresh| {
            fresh.changes.retain(|(key, _)| *key > upto);
            !fresh.changes.is_empty()
        });
    }
}
