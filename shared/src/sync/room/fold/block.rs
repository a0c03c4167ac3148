//! Putting records into blocks.

use super::super::{ChangeLog, Effect, Fold, Folded, LogError, Note, Policy, Record, Room};
use super::{BLOCK, BLOCK_BYTES, Done, SPARSE};
use crate::id::RecordId;
use crate::sync::message::FRAME_LIMIT;
use crate::sync::parcel::{Kept, Parcel};
use std::collections::{BTreeMap, BTreeSet};

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Takes the records of blocks of which little is current for a new one.
    pub(super) fn gather_sparse(&mut self) -> Result<bool, LogError> {
        let sparse = self.log.sparse(BLOCK as u32 / 2, SPARSE)?;
        if sparse.len() < SPARSE {
            return Ok(false);
        }
        for (id, documents) in sparse {
            if self.background.done.len() + documents.len() > BLOCK {
                break;
            }
            let documents: BTreeSet<RecordId> = documents.into_iter().collect();
            let records = self.log.records(&documents)?;
            let block = self.open_blocks(&[id].into())?;
            for kept in block.values().flat_map(|block| block.iter()) {
                let Some(record) = records.get(&kept.document) else {
                    continue;
                };
                if record.block == Some(id) {
                    self.background.done.push(Done {
                        kept: kept.clone(),
                        folded: Folded {
                            document: kept.document,
                            upto: record.folded,
                        },
                        record: *record,
                    });
                }
            }
        }
        Ok(!self.background.done.is_empty())
    }

    /// Stores what was folded.
    pub(super) fn store_block(&mut self) -> Result<(), LogError> {
        let mut done = std::mem::take(&mut self.background.done);
        let documents: BTreeSet<RecordId> = done.iter().map(|it| it.kept.document).collect();
        let stand: BTreeMap<RecordId, Record> = self.log.records(&documents)?;
        done.retain(|it| {
            stand.get(&it.kept.document).is_some_and(|stands| {
                let is_same = stands.generation == it.record.generation && !stands.erased;
                is_same && stands.folded == it.record.folded && stands.block == it.record.block
            })
        });
        done.sort_by_key(|it| {
            let stands = stand.get(&it.kept.document);
            std::cmp::Reverse(stands.map_or(0, |stands| stands.last))
        });
        let (records, folded): (Vec<Kept>, Vec<Folded>) =
            done.into_iter().map(|it| (it.kept, it.folded)).unzip();
        self.store_some(&records, &folded)
    }

    /// Stores records as one block, or as several where one would be too large for a frame.
    fn store_some(&mut self, records: &[Kept], folded: &[Folded]) -> Result<(), LogError> {
        if records.is_empty() {
            return Ok(());
        }
        let bytes: usize = records
            .iter()
            .map(|kept| kept.snapshot.0.len() + kept.row.0.len())
            .sum();
        let block = Parcel::pack(records);
        let is_large = bytes > BLOCK_BYTES || block.0.len() > FRAME_LIMIT - 256;
        if is_large && records.len() > 1 {
            let half = records.len() / 2;
            self.store_some(&records[..half], &folded[..half])?;
            return self.store_some(&records[half..], &folded[half..]);
        }
        let note = Note::Folded {
            documents: records.len() as u32,
            bytes: block.0.len() as u32,
        };
        let documents = folded.to_vec();
        self.log.fold(&Fold { block, documents })?;
        self.effects.push(Effect::Note(note));
        Ok(())
    }
}
