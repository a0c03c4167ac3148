//! Whole records going into blocks and out of them, without the tail.

use super::fold::Block;
use super::{DONE, GENERATIONS, META, TAIL, Workspace};
use crate::block::{BLOCK_RECORDS, Bytes, Stored, TailEntry, pack, unpack};
use crate::platform::storage::{Key, Op, StorageError};
use crate::table::{Set, Table};
use shared::crm::row::Row;
use shared::id::RecordId;

/// A record as a whole: it takes the place of what is there.
pub struct Whole {
    /// Which record.
    pub record: RecordId,
    /// Which life of it.
    pub generation: u32,
    /// Its history.
    pub stored: Stored,
    /// Its row.
    pub row: Row,
}

/// What a transaction does to blocks, to be noted once it is safe.
#[derive(Default)]
pub(super) struct Moved {
    gone: Set<RecordId>,
    /// Records and the blocks that hold them from here on.
    placed: Vec<(RecordId, u32)>,
    generations: Option<Table<RecordId, u32>>,
    forgets: bool,
}

impl Workspace {
    /// Which life of a record is here.
    pub fn generation(&self, record: RecordId) -> u32 {
        self.generations.get(record).copied().unwrap_or(0)
    }

    /// The steps that take some records out, with what the tail holds of them, and put others in.
    pub(super) async fn move_blocks(
        &mut self,
        gone: &Set<RecordId>,
        wholes: Vec<Whole>,
        ops: &mut Vec<Op>,
    ) -> Result<Moved, StorageError> {
        let mut moved = Moved::default();
        for whole in &wholes {
            if self.has(whole.record) {
                moved.gone.add(whole.record);
            }
        }
        for record in gone.keys().filter(|record| self.has(*record)) {
            moved.gone.add(record);
        }
        self.note_generations(gone, &wholes, &mut moved, ops);
        let mut blocks: Table<u32, Block> = Table::default();
        for record in moved.gone.keys().collect::<Vec<_>>() {
            if let Some(number) = self.index.get(record).copied() {
                self.take_in(number, &mut blocks).await?.remove(record);
            }
        }
        let mut more: Table<u32, usize> = Table::default();
        let mut last = self.counts.last_key().unwrap_or(0);
        for whole in wholes {
            let number = match self.index.get(whole.record) {
                Some(number) => *number,
                None => {
                    let count = |number| {
                        let before = self.counts.get(number).copied().unwrap_or(0);
                        before + more.get(number).copied().unwrap_or(0)
                    };
                    while count(last) >= BLOCK_RECORDS {
                        last += 1;
                    }
                    *more.or_insert_with(last, || 0) += 1;
                    last
                }
            };
            moved.placed.push((whole.record, number));
            let block = self.take_in(number, &mut blocks).await?;
            block.put(whole.record, whole.row, whole.stored);
        }
        for (number, block) in blocks.drain() {
            block.write(number, ops);
        }
        self.clear_tail(&moved.gone, gone, ops).await?;
        if !gone.is_empty() {
            // What was answered names old values.
            ops.push(Op::Put(
                META,
                DONE.into(),
                pack(&Vec::<(u64, Bytes)>::new()),
            ));
            moved.forgets = true;
        }
        Ok(moved)
    }

    /// The transaction is safe.
    pub(super) fn moved(&mut self, moved: Moved) {
        for record in moved.gone.keys() {
            self.fresh.remove(record);
            let number = self.index.remove(record);
            if let Some(count) = number.and_then(|number| self.counts.get_mut(number)) {
                *count = count.saturating_sub(1);
            }
            if let Some(offer) = &mut self.offer {
                offer.remove(record);
            }
        }
        for (_, records) in &mut self.tail {
            records.retain(|record| !moved.gone.has(*record));
        }
        for (record, number) in moved.placed {
            self.index.insert(record, number);
            *self.counts.or_insert_with(number, || 0) += 1;
        }
        if moved.forgets {
            self.done.clear();
        }
        if let Some(generations) = moved.generations {
            self.generations = generations;
        }
    }

    fn note_generations(
        &self,
        gone: &Set<RecordId>,
        wholes: &[Whole],
        moved: &mut Moved,
        ops: &mut Vec<Op>,
    ) {
        let mut generations = self.generations.clone();
        let mut changed = false;
        for record in gone.keys() {
            changed |= generations.remove(record).is_some();
        }
        for whole in wholes.iter().filter(|whole| whole.generation > 0) {
            generations.insert(whole.record, whole.generation);
            changed = true;
        }
        if changed {
            let list: Vec<(RecordId, u32)> = generations.iter().map(|(id, n)| (id, *n)).collect();
            ops.push(Op::Put(META, GENERATIONS.into(), pack(&list)));
            moved.generations = Some(generations);
        }
    }

    async fn take_in<'a>(
        &mut self,
        number: u32,
        blocks: &'a mut Table<u32, Block>,
    ) -> Result<&'a mut Block, StorageError> {
        if !blocks.has(number) {
            let block = self.read_block(number).await?;
            blocks.insert(number, block);
        }
        Ok(blocks.or_insert_with(number, Block::default))
    }

    /// The steps that take records out of the tail's entries, and what was answered about those that
    /// are forgotten.
    async fn clear_tail(
        &mut self,
        gone: &Set<RecordId>,
        forgotten: &Set<RecordId>,
        ops: &mut Vec<Op>,
    ) -> Result<(), StorageError> {
        let holds = |(_, records): &&(u64, Vec<RecordId>)| records.iter().any(|it| gone.has(*it));
        let keys: Vec<u64> = self
            .tail
            .iter()
            .filter(holds)
            .map(|(key, _)| *key)
            .collect();
        let names: Vec<Key> = keys.iter().copied().map(Key::from).collect();
        if names.is_empty() {
            return Ok(());
        }
        let values = self.database.get_many(TAIL, &names).await?;
        for (key, sealed) in keys.into_iter().zip(values) {
            let entry = sealed.and_then(|sealed| unpack::<TailEntry>(&sealed));
            let Some(mut entry) = entry else { continue };
            if entry.items.iter().any(|item| forgotten.has(item.record)) {
                (entry.request, entry.reply) = (0, Bytes::default());
            }
            entry.items.retain(|item| !gone.has(item.record));
            ops.push(Op::Put(TAIL, key.into(), pack(&entry)));
        }
        Ok(())
    }
}
