//! The server's storage: the log in memory, with a hurry to fold and with bugs of its own.

use super::memory_log::MemoryLog;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::message::Era;
use shared::sync::parcel::Parcel;
use shared::sync::room::{
    Append, Binding, BlockId, ChangeLog, Erasure, Fold, LogError, LogRow, Name, Record, Refused,
    Sight, State,
};
use std::collections::{BTreeMap, BTreeSet};

/// How the storage of the server may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenLog {
    /// Folding deletes every raw change of a document, those of the meantime too.
    FoldsTooFar,
    /// Folding deletes the raw changes and does not store the block.
    LosesBlocks,
}

/// The log of the simulated server.
#[derive(Debug, Clone)]
pub struct Storage {
    pub log: MemoryLog,
    /// Whether it says that much is to be folded.
    pub is_crowded: bool,
    pub broken: Option<BrokenLog>,
}

impl ChangeLog for Storage {
    fn state(&self) -> Result<State, LogError> {
        self.log.state()
    }

    fn era_of(&self, position: u64) -> Result<Option<Era>, LogError> {
        self.log.era_of(position)
    }

    fn go_on(&mut self) {
        self.log.go_on();
    }

    fn known(&self, changes: &BTreeSet<Name>) -> Result<BTreeSet<Name>, LogError> {
        self.log.known(changes)
    }

    fn quarantined(&self, changes: &BTreeSet<Name>) -> Result<BTreeMap<Name, Refused>, LogError> {
        self.log.quarantined(changes)
    }

    fn bindings(
        &self,
        writers: &BTreeSet<(RecordId, Writer)>,
    ) -> Result<BTreeMap<(RecordId, Writer), Binding>, LogError> {
        self.log.bindings(writers)
    }

    fn records(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Record>, LogError> {
        self.log.records(documents)
    }

    fn rows(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<u8>>, LogError> {
        self.log.rows(documents)
    }

    fn raw(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<(u64, Vec<u8>)>>, LogError> {
        self.log.raw(documents)
    }

    fn blocks(&self, blocks: &BTreeSet<BlockId>) -> Result<BTreeMap<BlockId, Parcel>, LogError> {
        self.log.blocks(blocks)
    }

    fn holders(&self, documents: &BTreeSet<RecordId>) -> Result<BTreeSet<BlockId>, LogError> {
        self.log.holders(documents)
    }

    fn read(&self, after: u64, entries: usize, bytes: usize) -> Result<Vec<LogRow>, LogError> {
        self.log.read(after, entries, bytes)
    }

    fn walk(
        &self,
        above: u64,
        below: u64,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, LogError> {
        self.log.walk(above, below, limit)
    }

    fn count(&self, above: u64, below: u64) -> Result<u64, LogError> {
        self.log.count(above, below)
    }

    fn notices(
        &self,
        person: PersonId,
        above: u64,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Sight>, LogError> {
        self.log.notices(person, above, documents)
    }

    /// In a world of a few records, a workspace of thousands is only said to be one.
    fn loose(&self) -> Result<u64, LogError> {
        let crowd = if self.is_crowded { 1_000 } else { 0 };
        Ok(self.log.loose()? + crowd)
    }

    fn coldest(&self, raw: u32, limit: usize) -> Result<Vec<(RecordId, Record)>, LogError> {
        self.log.coldest(raw, limit)
    }

    fn sparse(
        &self,
        current: u32,
        limit: usize,
    ) -> Result<BTreeMap<BlockId, Vec<RecordId>>, LogError> {
        self.log.sparse(current, limit)
    }

    fn append(&mut self, append: &Append) -> Result<u64, LogError> {
        self.log.append(append)
    }

    fn fold(&mut self, fold: &Fold) -> Result<BlockId, LogError> {
        match self.broken {
            Some(BrokenLog::FoldsTooFar) => {
                let mut fold = fold.clone();
                for folded in &mut fold.documents {
                    folded.upto = self.log.head;
                }
                self.log.fold(&fold)
            }
            Some(BrokenLog::LosesBlocks) => {
                let fold = Fold {
                    block: Parcel::default(),
                    documents: fold.documents.clone(),
                };
                self.log.fold(&fold)
            }
            None => self.log.fold(fold),
        }
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<u64, LogError> {
        self.log.erase(erasure)
    }
}
