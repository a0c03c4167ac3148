//! What is offered to a server that lost something.
//!
//! A server that was restored from a backup is offered every change on the device, and takes what it
//! lacks: the rest it recognises by its hash before anything is validated. Telling each other first
//! which hashes there are would save most of the bytes (32 instead of about 90 a change, deflated), on
//! the rarest of days, for one more message and a state between the two that could go wrong.

use super::Outgoing;
use crate::id::RecordId;
use std::collections::VecDeque;

/// What is offered again.
#[derive(Debug, Default)]
pub(super) struct Offer {
    /// The changes that come next.
    pub(super) queue: VecDeque<Outgoing>,
    /// Whether documents are still to be read, and from which on.
    pub(super) all: Option<Option<RecordId>>,
    /// Documents that are to be offered whole.
    pub(super) documents: VecDeque<RecordId>,
    /// Documents that were offered whole, by the first batch that was sent after they were read.
    done: Vec<(RecordId, u32)>,
}

impl Offer {
    /// Everything, or nothing.
    pub(super) fn new(offering: bool) -> Offer {
        Offer {
            all: offering.then_some(None),
            ..Offer::default()
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.queue.is_empty() && self.all.is_none() && self.documents.is_empty()
    }

    /// Some more documents were read.
    pub(super) fn read_on(&mut self, changes: Vec<Outgoing>, more: bool) {
        let last = changes.last().map(|change| change.document);
        self.all = (more && last.is_some()).then_some(last);
        self.queue.extend(changes);
    }

    /// The first of the documents was read; `batch` is the next that is sent.
    pub(super) fn read_document(&mut self, id: RecordId, changes: Vec<Outgoing>, batch: u32) {
        self.documents.pop_front();
        self.done.retain(|(known, _)| *known != id);
        self.done.push((id, batch));
        self.queue.extend(changes);
    }

    /// A change of the document went in: whatever it lacks later is another matter.
    pub(super) fn helped(&mut self, document: RecordId) {
        self.done.retain(|(known, _)| *known != document);
    }

    /// A change in `batch` builds on what the log lacks: its document is offered whole, once. Returns
    /// whether that may help.
    pub(super) fn offer_document(&mut self, id: RecordId, batch: u32) -> bool {
        let offered = self.done.iter().find(|(known, _)| *known == id);
        if offered.is_some_and(|(_, first)| *first <= batch) {
            return false;
        }
        if offered.is_none() && !self.documents.contains(&id) {
            self.documents.push_back(id);
        }
        true
    }
}
