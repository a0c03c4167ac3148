//! Edits that an engine made again: in a new generation, or under another writer or time.

use super::faults::Fault;
use super::oracle::Shown;
use super::reading::Reading;
use super::world::World;
use shared::id::RecordId;
use shared::sync::client::Outgoing;
use shared::sync::packed::change_hash;
use shared::sync::room::Name;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

impl World {
    /// An engine stored something: what it made again lies on its disk, whether it lived to say so or not, and
    /// is owed from here on in place of what it was made of.
    pub fn note_remade(
        &mut self,
        device: usize,
        before: &Reading,
        confirmed: &[u64],
        stamp: Timestamp,
    ) {
        let after = Reading::of(&self.devices[device]);
        let keys = before.keys.iter();
        let gone = keys.filter(|(key, name)| !after.owes(name) && !confirmed.contains(key));
        let gone: BTreeMap<u64, Name> = gone.map(|(key, name)| (*key, *name)).collect();
        let is_new = |it: &Outgoing| {
            let hash = change_hash(&it.bytes).expect("an engine makes changes");
            !before.waiting.contains(&(it.document, hash))
        };
        let saved: Vec<Outgoing> = after
            .outbox
            .iter()
            .filter(|it| is_new(it))
            .cloned()
            .collect();
        if !gone.is_empty() && !saved.is_empty() {
            self.note(Fault::Remade);
        }
        let made: BTreeSet<RecordId> = saved.iter().map(|change| change.document).collect();
        let left: BTreeSet<RecordId> = gone.values().map(|(record, _)| *record).collect();
        // Where the new generation, or what came, says the same already there is nothing to be made.
        let is_taken_over = |record: &RecordId| {
            made.contains(record)
                || self.oracle.ended.contains(record)
                || before.shows_as(&after, *record)
        };
        let taken_over: BTreeSet<RecordId> = left.into_iter().filter(is_taken_over).collect();
        self.owe_no_more(device, &gone, &taken_over);
        self.show(device, &saved, stamp);
    }

    /// What had these keys on a device was taken over by something else, where its record is one of these. So is
    /// an edit of the device that it was cloned from, which that has lost since.
    fn owe_no_more(
        &mut self,
        device: usize,
        gone: &BTreeMap<u64, Name>,
        records: &BTreeSet<RecordId>,
    ) {
        let names: BTreeSet<Name> = gone.values().copied().collect();
        let is_of_another = |shown: &&Shown| shown.device != device && names.contains(&shown.name);
        let elsewhere = self.oracle.shown.iter().filter(is_of_another);
        let elsewhere: BTreeSet<usize> = elsewhere.map(|shown| shown.device).collect();
        let elsewhere = elsewhere.into_iter();
        let elsewhere: BTreeMap<usize, Reading> = elsewhere
            .map(|other| (other, Reading::of(&self.devices[other])))
            .collect();
        self.oracle.shown.retain(|shown| {
            let has_left = match elsewhere.get(&shown.device) {
                Some(other) => names.contains(&shown.name) && !other.owes(&shown.name),
                // The start of a note keeps its name under another key.
                None => {
                    let is_it = gone.contains_key(&shown.key) || names.contains(&shown.name);
                    shown.device == device && is_it
                }
            };
            !(has_left && records.contains(&shown.name.0))
        });
    }
}
