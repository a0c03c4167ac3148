//! Changes of others that might crash the engine: they are noted before they are applied.
//!
//! An engine that finds such a note at its start has crashed over these changes. It then applies
//! them one by one, noting each; one that crashes it once more is set aside and the rest goes on.

use super::{META, Workspace};
use crate::block::{pack, unpack};
use serde::{Deserialize, Serialize};
use shared::id::ChangeHash;

pub(super) const TRIAL: &str = "trial";

/// Changes that are being applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trial {
    crashes: u32,
    changes: Vec<ChangeHash>,
}

impl Trial {
    /// The note as found at the start: the engine crashed once more.
    pub(super) fn found(bytes: &[u8]) -> Option<Trial> {
        let trial: Trial = unpack(bytes)?;
        Some(Trial {
            crashes: trial.crashes + 1,
            ..trial
        })
    }
}

impl Workspace {
    /// Whether changes are to be applied one by one.
    pub fn is_careful(&self) -> bool {
        self.trial.is_some()
    }

    /// Whether this change crashed the engine twice.
    pub fn is_poison(&self, change: ChangeHash) -> bool {
        let trial = self.trial.as_ref();
        trial.is_some_and(|trial| trial.crashes > 1 && trial.changes == [change])
    }

    /// Notes changes that are about to be applied.
    pub fn note_trial(&self, changes: Vec<ChangeHash>) {
        let crashes = self.trial.as_ref().map_or(0, |trial| trial.crashes);
        let note = pack(&Trial { crashes, changes });
        self.database.put_unawaited(META, &TRIAL.into(), &note);
    }
}
