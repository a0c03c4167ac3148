//! Edits that an engine made again: in a new generation, or under another writer or time.

use super::faults::Fault;
use super::oracle::Shown;
use super::reading::Reading;
use super::world::World;
use engine::leader::Told;
use shared::id::RecordId;
use shared::sync::client::Outgoing;
use shared::sync::packed::change_hash;
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

    /// An engine died while it stored: what it made again by then it could not say any more, but lies on its
    /// disk.
    pub fn remade_unsaid(
        &mut self,
        device: usize,
        before: &Reading,
        confirmed: &[u64],
        stamp: Timestamp,
    ) {
        let after = Reading::of(&self.devices[device]);
        let shown = self.oracle.shown.iter();
        let left = shown.filter(|shown| {
            let is_settled = confirmed.contains(&shown.key);
            let left = before.owes(&shown.name) && !after.owes(&shown.name);
            shown.device == device && left && !is_settled
        });
        let left: Vec<Shown> = left.cloned().collect();
        if left.is_empty() {
            return;
        }
        let gone: Vec<u64> = left.iter().map(|shown| shown.key).collect();
        let records: BTreeSet<RecordId> = left.iter().map(|shown| shown.name.0).collect();
        let is_new = |it: &Outgoing| {
            let hash = change_hash(&it.bytes).expect("an engine makes changes");
            records.contains(&it.document) && !before.waiting.contains(&(it.document, hash))
        };
        let saved = after.outbox.into_iter().filter(is_new).collect();
        let rows = after.records.iter().filter(|(id, _)| records.contains(id));
        let told = Told {
            rows: rows.filter_map(|(_, held)| held.row.clone()).collect(),
            replaced: Some((gone, saved)),
            ..Told::default()
        };
        self.check_nothing_to_say(device, before, &told);
        let (gone, saved) = told.replaced.expect("just set");
        self.remade(device, &gone, &saved, stamp);
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
