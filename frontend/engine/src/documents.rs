//! The documents that are open: those that were worked on last. A contact takes 13 kB, and reading it once
//! more means a block of its neighbours.

use crate::table::Table;
use shared::document::Document;
use shared::id::RecordId;

/// How many are kept open.
pub const OPEN_DOCUMENTS: usize = 512;

/// Open documents by record, each with when it was last used.
#[derive(Default)]
pub struct Documents {
    open: Table<RecordId, (u64, Document)>,
    uses: u64,
}

impl Documents {
    /// Whether a document is open.
    pub fn has(&self, record: RecordId) -> bool {
        self.open.has(record)
    }

    /// Takes a document out, to work on; what is not put back is closed.
    pub fn take(&mut self, record: RecordId) -> Option<Document> {
        self.open.remove(record).map(|(_, document)| document)
    }

    /// Keeps a document open and closes the one that was not used for longest.
    pub fn put(&mut self, record: RecordId, document: Document) {
        self.uses += 1;
        self.open.insert(record, (self.uses, document));
        if self.open.len() > OPEN_DOCUMENTS {
            let oldest = self.open.iter().min_by_key(|(_, (used, _))| *used);
            if let Some(record) = oldest.map(|(record, _)| record) {
                self.open.remove(record);
            }
        }
    }
}
