//! Changes of others that might crash the engine: they are noted before they are applied.
//!
//! An engine that finds such a note at its start has crashed over these changes. It then applies
//! them one by one, noting each; one that crashes it once more is doubted (see `doubt`) and the rest
//! goes on.

use super::{META, Workspace};
use crate::block::{pack, unpack};
use crate::platform::storage::Op;
use serde::{Deserialize, Serialize};
use shared::id::ChangeHash;

pub(super) const TRIAL: &str = "trial";

/// Changes that are being applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trial {
    pub(super) crashes: u32,
    pub(super) changes: Vec<ChangeHash>,
}

impl Trial {
    /// The note as found at the start: the engine crashed once more, unless it was applying nothing.
    pub(super) fn found(bytes: &[u8]) -> Option<Trial> {
        let trial: Trial = unpack(bytes)?;
        let found = Trial {
            crashes: trial.crashes + 1,
            ..trial
        };
        Some(found).filter(|found| !found.changes.is_empty())
    }

    /// The change that crashed the engine twice.
    pub(super) fn culprit(&self) -> Option<ChangeHash> {
        match self.changes.as_slice() {
            [change] if self.crashes > 1 => Some(*change),
            _ => None,
        }
    }
}

impl Workspace {
    /// Whether changes are to be applied one by one.
    pub fn is_careful(&self) -> bool {
        self.trial.is_some()
    }

    /// Notes changes that are about to be applied.
    pub fn note_trial(&self, changes: Vec<ChangeHash>) {
        let crashes = self.trial.as_ref().map_or(0, |trial| trial.crashes);
        let note = pack(&Trial { crashes, changes });
        self.database.put_unawaited(META, &TRIAL.into(), &note);
    }

    /// What was noted did not go in, but the engine lives: it did not crash over it. A disk that took
    /// the note and nothing since keeps it until it takes something again.
    pub fn void_trial(&mut self) {
        self.note_trial(Vec::new());
        self.is_note_void = true;
    }

    /// The step that takes back a note which is void.
    pub(super) fn without_void_note(&self) -> Option<Op> {
        self.is_note_void.then(|| Op::Delete(META, TRIAL.into()))
    }
}
