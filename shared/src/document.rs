//! One record's document: Automerge behind a few verbs.
//!
//! Every document starts from the same genesis change, which makes three maps: `fields` (one text
//! a field), `items` (one text an item, under `field/item`) and `texts` (notes that merge by
//! character). Nobody sends or stores the genesis; everyone has it.
//!
//! A change is kept and sent in its raw form (chunk type 1, never deflated), known by its hash.

mod again;
mod beyond;
mod edit;
mod genesis;
mod history;
mod marks;
mod project;
mod squash;
mod texts;
mod written;

pub use beyond::said;
pub use edit::Edited;
pub use genesis::{GENESIS_PERSON, genesis_hash, is_note_start};
pub use history::HistoryEntry;
pub(crate) use written::Writing;

use crate::id::{ChangeHash, Writer};
use automerge::{Automerge, Change, ReadDoc};
use marks::Marks;
use std::cell::RefCell;

/// The most characters a note may hold.
pub const NOTE_LIMIT: usize = 200_000;

/// Why a document could not be built, changed or read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// The bytes are not a change in raw form.
    #[error("not a change: {0}")]
    NotAChange(String),
    /// Automerge refuses the changes.
    #[error("changes do not apply: {0}")]
    Refused(#[from] automerge::AutomergeError),
    /// Changes that these build on are missing.
    #[error("{0} earlier changes are missing")]
    MissingDependencies(usize),
    /// The note would be longer than [`NOTE_LIMIT`].
    #[error("a note holds at most {NOTE_LIMIT} characters")]
    NoteTooLong,
    /// The document is not of the shape that the genesis gives it.
    #[error("no {0} in the document")]
    Shape(&'static str),
}

/// A change as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChange {
    /// The SHA-256 that names it.
    pub hash: ChangeHash,
    /// The chunk, type 1, not deflated.
    pub bytes: Vec<u8>,
}

/// One record's document, opened.
#[derive(Debug, Clone)]
pub struct Document {
    am: Automerge,
    /// Found when a row was last made.
    marks: RefCell<Option<Marks>>,
}

impl Default for Document {
    fn default() -> Self {
        Document::new()
    }
}

impl Document {
    /// A document that holds the genesis and nothing else.
    pub fn new() -> Document {
        Document {
            am: genesis::document(),
            marks: RefCell::default(),
        }
    }

    /// A document of all these changes, in any order.
    ///
    /// # Errors
    /// A change can't be read or does not apply, or one that it builds on is missing.
    pub fn load<'a>(
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<Document, DocumentError> {
        let mut document = Document::new();
        document.apply(changes)?;
        Ok(document)
    }

    /// Takes in changes, in any order; those that are there already make no difference. Returns
    /// how many were new.
    ///
    /// # Errors
    /// As [`Document::load`]; the document is then to be thrown away.
    pub fn apply<'a>(
        &mut self,
        changes: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<usize, DocumentError> {
        let mut parsed = Vec::new();
        for bytes in changes {
            let change = Change::from_bytes(bytes.to_vec())
                .map_err(|error| DocumentError::NotAChange(error.to_string()))?;
            if self.am.get_change_meta_by_hash(&change.hash()).is_none() {
                parsed.push(change);
            }
        }
        let count = parsed.len();
        self.am.apply_changes(parsed)?;
        let missing = self.am.get_missing_deps(&[]).len();
        if missing > 0 {
            return Err(DocumentError::MissingDependencies(missing));
        }
        Ok(count)
    }

    /// The hashes of the latest changes, ascending.
    pub fn heads(&self) -> Vec<ChangeHash> {
        // Automerge gives them in order.
        let heads = self.am.get_heads();
        heads.iter().map(|hash| ChangeHash(hash.0)).collect()
    }

    /// Whether it holds this change.
    pub fn has(&self, hash: ChangeHash) -> bool {
        self.am
            .get_change_meta_by_hash(&automerge::ChangeHash(hash.0))
            .is_some()
    }

    /// All changes but the genesis, each after those that it builds on.
    pub fn changes(&self) -> Vec<RawChange> {
        self.am
            .get_changes(&[genesis::am_hash()])
            .iter()
            .map(raw)
            .collect()
    }

    /// A snapshot that holds the whole history. It is not deflated: batches of them are.
    pub fn save(&self) -> Vec<u8> {
        self.am.save_nocompress()
    }

    /// A document from a snapshot.
    ///
    /// # Errors
    /// The bytes are no snapshot, or one that was not made from our genesis.
    pub fn open(snapshot: &[u8]) -> Result<Document, DocumentError> {
        let am = Automerge::load(snapshot)?;
        if am.get_change_meta_by_hash(&genesis::am_hash()).is_none() {
            return Err(DocumentError::Shape("genesis"));
        }
        Ok(Document {
            am,
            marks: RefCell::default(),
        })
    }

    /// How many changes it holds, without the genesis.
    pub fn len(&self) -> usize {
        self.am.get_changes_meta(&[genesis::am_hash()]).len()
    }

    /// Whether it holds nothing but the genesis.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many items it holds.
    pub fn items(&self) -> usize {
        self.am.length(genesis::map(genesis::ITEMS))
    }

    /// The full text of a note.
    pub fn note(&self, field: &str) -> String {
        texts::note(&self.am, field)
    }

    fn set_writer(&mut self, writer: Writer) {
        self.am
            .set_actor(automerge::ActorId::from(writer.to_bytes().as_slice()));
    }
}

fn raw(change: &Change) -> RawChange {
    RawChange {
        hash: ChangeHash(change.hash().0),
        bytes: change.raw_bytes().to_vec(),
    }
}
