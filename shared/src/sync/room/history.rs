//! What documents consist of: the snapshot in a block, and the raw changes after it.

use super::{BlockId, ChangeLog, LogError, Policy, Record, Room};
use crate::id::RecordId;
use crate::sync::parcel::Kept;
use crate::sync::validation::Bytes;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

/// The most bytes of opened blocks that are kept.
const OPENED_BYTES: usize = 8 * 1024 * 1024;

/// A document's history.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    /// Where it stands.
    pub(super) record: Record,
    /// Its snapshot; empty where it has none.
    pub(super) snapshot: Bytes,
    /// Its row after all changes; empty where it is not known.
    pub(super) row: Bytes,
    /// Its raw changes, with their positions.
    pub(super) changes: Vec<(u64, Vec<u8>)>,
}

impl History {
    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        let changes: usize = self.changes.iter().map(|(_, bytes)| bytes.len()).sum();
        changes + self.snapshot.0.len() + self.row.0.len()
    }

    /// The record whole: what lies above a position, with the snapshot where it reaches beyond that.
    pub(super) fn keep(self, document: RecordId, base: u64) -> Kept {
        let is_whole = self.record.folded > base;
        Kept {
            document,
            generation: self.record.generation,
            snapshot: if is_whole {
                self.snapshot
            } else {
                Bytes::default()
            },
            changes: self
                .changes
                .into_iter()
                .filter(|(position, _)| *position > base)
                .map(|(_, bytes)| Bytes(bytes))
                .collect(),
            row: self.row,
        }
    }
}

/// Blocks that were opened lately. A block's id names its bytes for as long as nothing is erased.
#[derive(Debug, Default)]
pub(super) struct Opened {
    blocks: VecDeque<(BlockId, Rc<Vec<Kept>>, usize)>,
    /// Which records each block that was ever opened holds, by the first bytes of their ids, ascending.
    held: BTreeMap<BlockId, Vec<u64>>,
}

fn mark(document: RecordId) -> u64 {
    u64::from_be_bytes(document.0.first_chunk().copied().unwrap_or_default())
}

impl Opened {
    fn get(&mut self, id: BlockId) -> Option<Rc<Vec<Kept>>> {
        let at = self.blocks.iter().position(|(of, ..)| *of == id)?;
        let block = self.blocks.remove(at)?;
        let records = Rc::clone(&block.1);
        self.blocks.push_back(block);
        Some(records)
    }

    fn put(&mut self, id: BlockId, records: Rc<Vec<Kept>>) {
        let sizes = records
            .iter()
            .map(|kept| kept.snapshot.0.len() + kept.row.0.len() + 64);
        let bytes = sizes.sum();
        let mut held: Vec<u64> = records.iter().map(|kept| mark(kept.document)).collect();
        held.sort_unstable();
        self.held.insert(id, held);
        self.blocks.push_back((id, records, bytes));
        let mut total: usize = self.blocks.iter().map(|(_, _, bytes)| bytes).sum();
        while total > OPENED_BYTES && self.blocks.len() > 1 {
            let Some((_, _, bytes)) = self.blocks.pop_front() else {
                break;
            };
            total -= bytes;
        }
    }

    /// Whether it is known that a block holds none of these documents. A block's id is given once, and what
    /// is taken out of it only makes it hold less.
    pub(super) fn lacks(&self, id: BlockId, documents: &BTreeSet<RecordId>) -> bool {
        self.held.get(&id).is_some_and(|held| {
            let mut marks = documents.iter().map(|document| mark(*document));
            marks.all(|mark| held.binary_search(&mark).is_err())
        })
    }

    /// Forgets which records the other blocks hold.
    pub(super) fn keep_only(&mut self, ids: &BTreeSet<BlockId>) {
        self.held.retain(|id, _| ids.contains(id));
    }

    /// Forgets what was opened.
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Blocks, opened.
    pub(super) fn open_blocks(
        &mut self,
        ids: &BTreeSet<BlockId>,
    ) -> Result<BTreeMap<BlockId, Rc<Vec<Kept>>>, LogError> {
        let mut found = BTreeMap::new();
        let mut missing = BTreeSet::new();
        for id in ids {
            match self.opened.get(*id) {
                Some(records) => {
                    found.insert(*id, records);
                }
                None => {
                    missing.insert(*id);
                }
            }
        }
        if missing.is_empty() {
            return Ok(found);
        }
        for (id, parcel) in self.log.blocks(&missing)? {
            let records = parcel.open();
            let records = records.map_err(|error| LogError::Failed(format!("a block: {error}")))?;
            let records = Rc::new(records);
            self.opened.put(id, Rc::clone(&records));
            found.insert(id, records);
        }
        Ok(found)
    }

    /// The histories of documents that have one.
    pub(super) fn histories(
        &mut self,
        records: &BTreeMap<RecordId, Record>,
    ) -> Result<BTreeMap<RecordId, History>, LogError> {
        let ids: BTreeSet<BlockId> = records.values().filter_map(|it| it.block).collect();
        let blocks = self.open_blocks(&ids)?;
        let loose = records.iter().filter(|(_, record)| record.raw > 0);
        let loose: BTreeSet<RecordId> = loose.map(|(document, _)| *document).collect();
        let (mut raw, mut rows) = if loose.is_empty() {
            Default::default()
        } else {
            (self.log.raw(&loose)?, self.log.rows(&loose)?)
        };
        let mut histories = BTreeMap::new();
        for (document, record) in records {
            let mut history = History {
                record: *record,
                changes: raw.remove(document).unwrap_or_default(),
                ..History::default()
            };
            if let Some(id) = record.block {
                let kept = blocks
                    .get(&id)
                    .and_then(|block| block.iter().find(|kept| kept.document == *document))
                    .ok_or_else(|| LogError::Failed("a snapshot is missing".into()))?;
                history.snapshot = kept.snapshot.clone();
                history.row = kept.row.clone();
            }
            if record.raw > 0 {
                history.row = Bytes(rows.remove(document).unwrap_or_default());
            }
            histories.insert(*document, history);
        }
        Ok(histories)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: u8) -> Kept {
        Kept {
            document: RecordId([number; 16]),
            generation: 0,
            snapshot: Bytes::default(),
            changes: Vec::new(),
            row: Bytes::default(),
        }
    }

    #[test]
    fn a_block_that_was_opened_once_tells_what_it_lacks() {
        let mut opened = Opened::default();
        let id = BlockId(1);
        let of = |number: u8| BTreeSet::from([RecordId([number; 16])]);
        assert!(!opened.lacks(id, &of(9)), "nothing is known of it");
        opened.put(id, Rc::new(vec![kept(3), kept(1)]));
        opened.clear();
        assert!(opened.lacks(id, &of(9)));
        assert!(!opened.lacks(id, &of(1)) && !opened.lacks(id, &of(3)));
        opened.keep_only(&BTreeSet::new());
        assert!(!opened.lacks(id, &of(9)));
    }
}
