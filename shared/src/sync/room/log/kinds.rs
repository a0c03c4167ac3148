//! What the storage is given and gives.

use crate::id::{ChangeHash, DeviceId, PersonId, RecordId, Writer};
use crate::sync::message::{Epoch, Era, Reason};
use crate::sync::packed::Item;
use crate::sync::parcel::Parcel;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What a change is known by: the same change may stand in several documents.
pub type Name = (RecordId, ChangeHash);

/// Raw changes of a document with their positions, ascending.
pub type RawChanges = Vec<(u64, Vec<u8>)>;

/// Names a block of snapshots; a higher one is younger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlockId(pub u64);

/// Why and when a change was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// When, by the server's clock.
    pub at: Timestamp,
}

/// Why the log could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// There is no space left.
    #[error("the storage is full")]
    Full,
    /// Something else.
    #[error("the storage failed: {0}")]
    Failed(String),
}

/// The log as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its epoch.
    pub epoch: Epoch,
    /// Its last position; 0 when it is empty. It never goes back, whatever leaves the log.
    pub head: u64,
    /// The highest position whose entry left the log; 0 when none did.
    pub floor: u64,
    /// The era of the last entry.
    pub era: Era,
    /// Whether this start of the process appended in that era.
    pub is_own_era: bool,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// Its position.
    pub position: u64,
    /// What it says.
    pub entry: Entry,
}

/// What an entry of the log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A change, raw.
    Change(Item),
    /// The person may no longer see the document.
    Forget(PersonId, RecordId),
    /// The person may see the document from here on.
    Show(PersonId, RecordId),
    /// The document was erased.
    Erased(RecordId),
    /// The document began a new generation.
    Generation(RecordId),
}

/// Whether a person sees a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// Not any more.
    Hidden,
    /// From here on.
    Shown,
}

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Record {
    /// Its generation.
    pub generation: u32,
    /// The position of its last entry, of whatever kind.
    pub last: u64,
    /// The position of the last change or generation.
    pub changed: u64,
    /// The position up to which its changes lie in the block's snapshot; 0 where it has none.
    pub folded: u64,
    /// The block with its snapshot.
    pub block: Option<BlockId>,
    /// How many raw changes it has in the log.
    pub raw: u32,
    /// Whether it was erased.
    pub erased: bool,
}

/// Whose a writer is in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Binding {
    /// The person.
    pub person: PersonId,
    /// The device; `None` where others brought the changes to a server that had lost them.
    pub device: Option<DeviceId>,
    /// The number of the writer's last change.
    pub sequence: u64,
}

/// A change to append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChange {
    /// The change.
    pub item: Item,
    /// Who made it.
    pub writer: Writer,
    /// Its number among the writer's.
    pub sequence: u64,
    /// The device to bind the writer to.
    pub device: Option<DeviceId>,
}

/// A refused change, kept with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarantined {
    /// The change.
    pub item: Item,
    /// Why.
    pub reason: Reason,
    /// Who sent it.
    pub device: DeviceId,
}

/// A document that begins a new generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// Which document.
    pub document: RecordId,
    /// The generation that begins.
    pub generation: u32,
}

/// What one transaction appends.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Append {
    /// The documents that begin a new generation.
    pub renewed: Vec<Renewed>,
    /// The changes, in order. None of them is in the log.
    pub changes: Vec<NewChange>,
    /// Whom documents were hidden from or shown to, in order.
    pub notices: Vec<(PersonId, RecordId, Sight)>,
    /// The rows with the changes; opaque. Empty for a document whose row is not known.
    pub rows: BTreeMap<RecordId, Vec<u8>>,
    /// Changes among the above that stood in the quarantine.
    pub readmitted: Vec<Name>,
    /// What was refused.
    pub quarantined: Vec<Quarantined>,
    /// The server's clock.
    pub now: Timestamp,
}

/// A document in a new block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// Which document.
    pub document: RecordId,
    /// The position up to which its snapshot holds its changes.
    pub upto: u64,
}

/// A block to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// The records, each with its snapshot.
    pub block: Parcel,
    /// The documents in it, in the same order.
    pub documents: Vec<Folded>,
}

/// Documents to erase.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Erasure {
    /// Each with the generation that it has from here on.
    pub documents: Vec<Renewed>,
    /// The blocks that held one of them, without it; an empty parcel where nothing current is left.
    pub rewritten: BTreeMap<BlockId, Parcel>,
    /// The server's clock.
    pub now: Timestamp,
}
