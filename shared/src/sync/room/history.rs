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
        self.blocks.push_back((id, records, bytes));
        let mut total: usize = self.blocks.iter().map(|(_, _, bytes)| bytes).sum();
        while total > OPENED_BYTES && self.blocks.len() > 1 {
            let Some((_, _, bytes)) = self.blocks.pop_front() else {
                break;
            };
            total -= bytes;
        }
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
