//! The documents that the validator keeps open for their next change.

use crate::document::Document;
use crate::id::sha256;
use crate::sync::validation::{Bytes, Candidate};
use std::collections::VecDeque;

/// Documents kept open: a contact takes 13 kB.
const KEPT: usize = 512;
/// The most bytes of history among them.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

/// Names a history: the hashes of its parts, so that no two histories are taken for one.
pub(super) struct Name(Vec<u8>);

impl Name {
    /// The name of a candidate's history.
    pub(super) fn of(candidate: &Candidate) -> Name {
        let parts = [&candidate.snapshot].into_iter();
        let parts = parts.chain(&candidate.history);
        Name(parts.flat_map(|part| sha256(&part.0)).collect())
    }

    fn digest(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

/// Open documents, by what was loaded into them; the longest unused goes first.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    kept: VecDeque<Kept>,
}

#[derive(Debug)]
struct Kept {
    digest: [u8; 32],
    bytes: usize,
    document: Document,
}

impl Shelf {
    /// The document before the candidate's changes, from here or loaded; `None` when it can't be.
    pub(super) fn open(&mut self, candidate: &Candidate, name: &Name) -> Option<Document> {
        if candidate.snapshot.0.is_empty() && candidate.history.is_empty() {
            return Some(Document::new());
        }
        if !self.kept.is_empty() {
            let wanted = name.digest();
            let at = self.kept.iter().position(|kept| kept.digest == wanted);
            if let Some(kept) = at.and_then(|at| self.kept.remove(at)) {
                return Some(kept.document);
            }
        }
        let history = candidate.history.iter().map(|change| change.0.as_slice());
        if candidate.snapshot.0.is_empty() {
            return Document::load(history).ok();
        }
        let mut document = Document::open(&candidate.snapshot.0).ok()?;
        document.apply(history).ok()?;
        Some(document)
    }

    /// Keeps a document that holds the candidate's history and these changes.
    pub(super) fn keep(
        &mut self,
        document: Document,
        candidate: &Candidate,
        mut name: Name,
        changes: &[&Bytes],
    ) {
        name.0
            .extend(changes.iter().flat_map(|part| sha256(&part.0)));
        let held = candidate.history.iter().chain(changes.iter().copied());
        let bytes: usize = held.map(|change| change.0.len()).sum();
        self.kept.push_back(Kept {
            digest: name.digest(),
            bytes: bytes + candidate.snapshot.0.len(),
            document,
        });
        let mut bytes: usize = self.kept.iter().map(|kept| kept.bytes).sum();
        while self.kept.len() > KEPT || bytes > KEPT_BYTES {
            let Some(oldest) = self.kept.pop_front() else {
                break;
            };
            bytes -= oldest.bytes;
        }
    }
}
