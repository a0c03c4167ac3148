//! Edits that an engine made again: in a new generation, or under another writer or time.

use super::faults::Fault;
use super::world::World;
use shared::id::RecordId;
use shared::sync::client::Outgoing;
use shared::time::Timestamp;
use std::collections::BTreeSet;

impl World {
    /// Unsent edits left the outbox, and others came, which are owed from here on.
    pub fn remade(&mut self, device: usize, gone: &[u64], saved: &[Outgoing], stamp: Timestamp) {
        if !saved.is_empty() {
            self.note(Fault::Remade);
        }
        let made: BTreeSet<RecordId> = saved.iter().map(|change| change.document).collect();
        let ended = &self.oracle.ended;
        self.oracle.shown.retain(|shown| {
            let record = shown.name.0;
            let left = shown.device == device && gone.contains(&shown.key);
            // Where the new generation says the same already there is nothing to be made.
            !left || !(made.contains(&record) || ended.contains(&record))
        });
        self.show(device, saved, stamp);
    }
}
