//! Edits that an engine made again: in a new generation, or under another writer or time.

use super::faults::Fault;
use super::reading::Reading;
use super::world::World;
use engine::leader::Told;
use shared::id::RecordId;
use shared::sync::client::Outgoing;
use shared::time::Timestamp;
use std::collections::BTreeSet;

impl World {
    /// Edits that left and of which nothing was made again said nothing: their record shows what it showed.
    pub fn check_nothing_to_say(&mut self, device: usize, before: &Reading, told: &Told) {
        let Some((gone, saved)) = &told.replaced else {
            return;
        };
        let made = |record: RecordId| saved.iter().any(|change| change.document == record);
        for row in told.rows.iter().filter(|row| !made(row.id)) {
            let held = before.records.get(&row.id);
            let was = held.and_then(|held| held.row.as_ref());
            let same = was.is_some_and(|was| {
                (&was.values, &was.items, was.is_there())
                    == (&row.values, &row.items, row.is_there())
            });
            if same {
                self.oracle.shown.retain(|shown| {
                    let is_of_it = shown.device == device && shown.name.0 == row.id;
                    !(is_of_it && gone.contains(&shown.key))
                });
            }
        }
    }

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
