//! What the room needs of its storage.
//!
//! Four things are kept, and each change of them is one transaction:
//!
//! - the **log**: entries with positions from 1. A position is given once and never again. What a
//!   snapshot covers, and what was erased, leaves the log; the highest position that ever left is its
//!   *floor*. Above the floor nothing is missing, so that a device whose cursor is there can be sent
//!   what follows as it lies.
//! - a [`Record`] a document, with its row: where it stands, whatever of it left the log.
//! - **eras**: which positions were given by one start of the process. The first entry that a start
//!   appends begins an era with a name drawn by chance, in the same transaction. What left the log is of
//!   the era that it was. Very old eras may be forgotten.
//! - **blocks**: parcels of whole records ([`Parcel`]), each with a snapshot, no changes, and the
//!   row that belongs to the snapshot. A document's history is its snapshot, if it has one, and
//!   after it its raw changes in the log.

mod kinds;

pub use kinds::{
    Append, Binding, BlockId, Entry, Erasure, Fold, Folded, LogError, LogRow, Name, NewChange,
    Quarantined, RawChanges, Record, Refused, Renewed, Sight, State,
};

use crate::id::{PersonId, RecordId, Writer};
use crate::sync::message::Era;
use crate::sync::parcel::Parcel;
use std::collections::{BTreeMap, BTreeSet};

/// The storage of one workspace. Every method is one transaction, and whatever number of documents
/// or changes it is asked about, it should take few statements. What is asked about and not there is
/// left out of the answer.
pub trait ChangeLog {
    /// The log's epoch, its last position and its floor. Asked often: it should cost nothing.
    ///
    /// # Errors
    /// The storage fails.
    fn state(&self) -> Result<State, LogError>;

    /// The era of a position that was given; `None` where that was forgotten. Before there were eras all
    /// was of one, named as the epoch.
    ///
    /// # Errors
    /// The storage fails.
    fn era_of(&self, position: u64) -> Result<Option<Era>, LogError>;

    /// The process that began the last era lives on, though it slept: it appends in that era.
    fn go_on(&mut self);

    /// Which of these changes are in the log, raw. Those in a snapshot are not found.
    ///
    /// # Errors
    /// The storage fails.
    fn known(&self, changes: &BTreeSet<Name>) -> Result<BTreeSet<Name>, LogError>;

    /// Which of these changes were refused before, why and when.
    ///
    /// # Errors
    /// The storage fails.
    fn quarantined(&self, changes: &BTreeSet<Name>) -> Result<BTreeMap<Name, Refused>, LogError>;

    /// Whose these writers are, in these documents. Folding does not touch them.
    ///
    /// # Errors
    /// The storage fails.
    fn bindings(
        &self,
        writers: &BTreeSet<(RecordId, Writer)>,
    ) -> Result<BTreeMap<(RecordId, Writer), Binding>, LogError>;

    /// Where these documents stand.
    ///
    /// # Errors
    /// The storage fails.
    fn records(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Record>, LogError>;

    /// The rows that are kept beside the records: of documents that have raw changes. The row of one
    /// that is wholly in its block lies there.
    ///
    /// # Errors
    /// The storage fails.
    fn rows(&self, documents: &BTreeSet<RecordId>)
    -> Result<BTreeMap<RecordId, Vec<u8>>, LogError>;

    /// The raw changes of these documents with their positions, ascending.
    ///
    /// # Errors
    /// The storage fails.
    fn raw(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, RawChanges>, LogError>;

    /// These blocks.
    ///
    /// # Errors
    /// The storage fails.
    fn blocks(&self, blocks: &BTreeSet<BlockId>) -> Result<BTreeMap<BlockId, Parcel>, LogError>;

    /// The blocks that hold anything of these documents, whether it is current or not. A few others may be
    /// among them.
    ///
    /// # Errors
    /// The storage fails.
    fn holders(&self, documents: &BTreeSet<RecordId>) -> Result<BTreeSet<BlockId>, LogError>;

    /// The log behind a position, ascending: until one of the limits is reached, at least one entry.
    /// `bytes` counts the bytes of changes.
    ///
    /// # Errors
    /// The storage fails.
    fn read(&self, after: u64, entries: usize, bytes: usize) -> Result<Vec<LogRow>, LogError>;

    /// The records with `above < last < below`, the highest `last` first, at most `limit`.
    ///
    /// # Errors
    /// The storage fails.
    fn walk(
        &self,
        above: u64,
        below: u64,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, LogError>;

    /// How many records have `above < last < below`.
    ///
    /// # Errors
    /// The storage fails.
    fn count(&self, above: u64, below: u64) -> Result<u64, LogError>;

    /// For each of these documents, what the person's last notice above a position says: the entries
    /// [`Entry::Forget`] and [`Entry::Show`].
    ///
    /// # Errors
    /// The storage fails.
    fn notices(
        &self,
        person: PersonId,
        above: u64,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Sight>, LogError>;

    /// How many documents have raw changes. Asked often.
    ///
    /// # Errors
    /// The storage fails.
    fn loose(&self) -> Result<u64, LogError>;

    /// The documents with at least `raw` raw changes, the lowest `last` first, at most `limit`.
    ///
    /// # Errors
    /// The storage fails.
    fn coldest(&self, raw: u32, limit: usize) -> Result<Vec<(RecordId, Record)>, LogError>;

    /// The blocks in which fewer than `current` documents are current (whose record names the
    /// block), the oldest first, at most `limit`, with those documents.
    ///
    /// # Errors
    /// The storage fails.
    fn sparse(
        &self,
        current: u32,
        limit: usize,
    ) -> Result<BTreeMap<BlockId, Vec<RecordId>>, LogError>;

    /// Appends entries, in this order, at the next positions; and, in the same transaction:
    ///
    /// 1. For each of `renewed`: an [`Entry::Generation`]; the document's raw changes, its writers'
    ///    bindings and its hold on its block go; its record has the new generation, folded 0, no block.
    /// 2. For each of `changes`: an [`Entry::Change`]; the record is made where there is none (with the
    ///    change's generation); its `raw` grows by one. The writer is bound, unless it is everyone's.
    /// 3. For each of `notices`: the entry. A record is made where there is none.
    /// 4. Each record's `last` is the position of its last entry here, `changed` that of its last
    ///    change or generation. Its row is the one in `rows`, where there is one.
    /// 5. `readmitted` leave the quarantine; `quarantined` enter it.
    ///
    /// Returns the last position.
    ///
    /// # Errors
    /// The storage fails; nothing was stored.
    fn append(&mut self, append: &Append) -> Result<u64, LogError>;

    /// Stores a block and, in the same transaction, for each document of it: its raw changes up to
    /// `upto` go from the log; its hold on the block that it was in goes; its record names the new block,
    /// has `folded = upto` and `raw` as many as are left; where none is left its row goes too (it is in
    /// the block). A block that no record names any more goes. `last` and `changed` stay. No position is
    /// given. The floor rises to the highest position that went.
    ///
    /// # Errors
    /// The storage fails; nothing was changed.
    fn fold(&mut self, fold: &Fold) -> Result<BlockId, LogError>;

    /// Erases documents for good. In one transaction: raw changes, rows, writers' bindings, quarantined
    /// changes and notices about them go; the blocks in `rewritten` are stored again under their ids (an
    /// empty parcel: the block goes); each record stays (it is made where there is none), erased, with
    /// its new generation, no block, folded 0; an [`Entry::Erased`] each at the next positions. The floor
    /// rises to the highest position that went. Returns the last position.
    ///
    /// # Errors
    /// The storage fails; nothing was changed.
    fn erase(&mut self, erasure: &Erasure) -> Result<u64, LogError>;
}
