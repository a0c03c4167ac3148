//! Edits that an engine made again: in a new generation, or under another writer or time.

use super::faults::Fault;
use super::reading::Reading;
use super::world::World;
use engine::leader::Told;
use shared::id::RecordId;
use shared::sync::client::Outgoing;
use shared::sync::packed::change_hash;
use shared::sync::room::Name;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// Edits that left and of which nothing was made again said nothing: their record shows what it showed.
    pub fn check_nothing_to_say(&mut self, device: usize, before: &Reading, told: &Told) {
        let Some((gone, saved)) = &told.replaced else {
            return;
        };
        let made = |record: RecordId| saved.iter().any(|change| change.document == record);
        let mut silent = BTreeSet::new();
        for row in told.rows.iter().filter(|row| !made(row.id)) {
            let held = before.records.get(&row.id);
            let was = held.and_then(|held| held.row.as_ref());
            let same = was.is_some_and(|was| {
                (&was.values, &was.items, was.is_there())
                    == (&row.values, &row.items, row.is_there())
            });
            if same {
                silent.insert(row.id);
            }
        }
        self.owe_no_more(device, before, gone, |record| silent.contains(&record));
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
        let keys = before.keys.iter();
        let left = keys.filter(|(key, name)| !after.owes(name) && !confirmed.contains(key));
        let (gone, left): (Vec<u64>, Vec<Name>) = left.unzip();
        let records: BTreeSet<RecordId> = left.iter().map(|(record, _)| *record).collect();
        if records.is_empty() {
            return;
        }
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
        self.remade(device, before, &gone, &saved, stamp);
    }

    /// Unsent edits left the outbox, and others came, which are owed from here on.
    pub fn remade(
        &mut self,
        device: usize,
        before: &Reading,
        gone: &[u64],
        saved: &[Outgoing],
        stamp: Timestamp,
    ) {
        if !saved.is_empty() {
            self.note(Fault::Remade);
        }
        let made: BTreeSet<RecordId> = saved.iter().map(|change| change.document).collect();
        // Where the new generation says the same already there is nothing to be made.
        let ended = self.oracle.ended.clone();
        self.owe_no_more(device, before, gone, |record| {
            made.contains(&record) || ended.contains(&record)
        });
        self.show(device, saved, stamp);
    }

    /// What had these keys on a device was taken over by something else, where its record is one of these. So is
    /// an edit of the device that it was cloned from, which the other has lost since.
    fn owe_no_more(
        &mut self,
        device: usize,
        before: &Reading,
        gone: &[u64],
        is_one: impl Fn(RecordId) -> bool,
    ) {
        let names = gone.iter().filter_map(|key| before.keys.get(key));
        let names: BTreeSet<Name> = names.copied().collect();
        let elsewhere: BTreeSet<usize> = self
            .oracle
            .shown
            .iter()
            .filter(|shown| shown.device != device && names.contains(&shown.name))
            .map(|shown| shown.device)
            .collect();
        let elsewhere: BTreeMap<usize, Reading> = elsewhere
            .into_iter()
            .map(|other| (other, Reading::of(&self.devices[other])))
            .collect();
        self.oracle.shown.retain(|shown| {
            let has_left = match elsewhere.get(&shown.device) {
                Some(other) => names.contains(&shown.name) && !other.owes(&shown.name),
                None => shown.device == device && gone.contains(&shown.key),
            };
            !(has_left && is_one(shown.name.0))
        });
    }
}
