//! What becomes of records as a whole: erased, squashed, hidden from somebody and shown again.

use super::faults::Fault;
use super::people::{RECORDS, record};
use super::world::World;
use shared::id::{PersonId, RecordId};
use shared::sync::room::{Event, Sight};

impl World {
    pub fn trouble_with_records(&mut self) {
        let record = record(self.random.below(RECORDS));
        if self.strikes(Fault::Squashed) {
            let documents = vec![record];
            self.room(Event::Squash { documents });
        }
        if self.strikes(Fault::Erased) {
            self.erase(record);
        }
        if self.strikes(Fault::Hidden) {
            let device = self.random.index(self.devices.len());
            let person = self.devices[device].person;
            self.server.rules.hide(person, record);
            self.tell_policy(person, record, Sight::Hidden);
        }
        if self.random.once_in(4) {
            let hidden = self.server.rules.all();
            if !hidden.is_empty() {
                let at = self.random.index(hidden.len());
                self.reveal(hidden[at]);
            }
        }
    }

    fn erase(&mut self, record: RecordId) {
        self.oracle.erased.insert(record);
        self.erase_again();
    }

    /// Whoever restores a server erases there once more what was erased, as often as it takes.
    pub fn erase_again(&mut self) {
        let records = &self.server.log().records;
        let stands = |id: &&RecordId| records.get(id).is_none_or(|record| !record.erased);
        let documents: Vec<RecordId> = self.oracle.erased.iter().filter(stands).copied().collect();
        if !documents.is_empty() {
            self.room(Event::Erase { documents });
        }
    }

    /// Shows everyone everything.
    pub fn reveal_all(&mut self) {
        for hidden in self.server.rules.all() {
            self.reveal(hidden);
        }
    }

    fn reveal(&mut self, (person, record): (PersonId, RecordId)) {
        self.server.rules.show(person, record);
        self.tell_policy(person, record, Sight::Shown);
    }

    fn tell_policy(&mut self, person: PersonId, record: RecordId, sight: Sight) {
        self.tell_story(|| format!("{record} is {sight:?} for {person}"));
        let changes = vec![(record, sight)];
        self.room(Event::PolicyChanged { person, changes });
    }
}
