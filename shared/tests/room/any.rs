//! Whatever happens in whatever order, all readers end with the same.

use crate::story::{Change, Hand, Reader, Story, record};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{ChangeHash, PersonId, RecordId, Writer};
use shared::sync::message::Outcome;
use shared::sync::packed::change_hash;
use shared::sync::room::{Event, Sight};
use std::collections::{BTreeMap, BTreeSet};

const DOCUMENTS: u32 = 600;

struct Any {
    story: Story,
    readers: Vec<Reader>,
    hands: Vec<Hand>,
    /// What was acknowledged, by document and generation.
    taken: BTreeMap<(RecordId, u32), BTreeSet<ChangeHash>>,
    /// Pushed changes that a device may send again.
    sent: Vec<(usize, Vec<Change>)>,
    edits: u64,
    random: u64,
}

impl Any {
    fn random(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    /// An edit of what a reader holds; each by a writer of its own.
    fn edit(&mut self, at: usize, number: u32) -> Vec<Change> {
        self.edits += 1;
        let mut instance = [0; 8];
        instance.copy_from_slice(&self.edits.to_le_bytes());
        let writer = Writer {
            person: PersonId([self.readers[at].number; 8]),
            instance,
        };
        let id = record(number);
        let held = self.readers[at].documents.get(&id).cloned();
        let (generation, mut document) = held.unwrap_or_default();
        let value = format!("city {}", self.edits);
        let writes = vec![Write::put("city", &value)];
        let edit = match document.kind() {
            Some(_) => Edit::of(id, writes),
            None => Edit::make(id, Kind::Contact, writes),
        };
        let edited = document.edit(&edit, writer, self.story.now).unwrap();
        let changes = edited.changes.into_iter();
        changes.map(|it| (id, generation, it.bytes)).collect()
    }

    fn push(&mut self, at: usize, changes: Vec<Change>, refill: bool) {
        let outcomes = self.story.offer(&self.hands[at], &changes, refill);
        for ((id, generation, bytes), outcome) in changes.iter().zip(outcomes) {
            if outcome == Outcome::Accepted {
                let taken = self.taken.entry((*id, *generation)).or_default();
                taken.insert(change_hash(bytes).unwrap());
            }
        }
        self.story.heard(self.hands[at].socket);
        self.sent.push((at, changes));
    }

    fn step(&mut self) {
        let at = self.random(3) as usize;
        let number = self.random(40) as u32 * 13 % DOCUMENTS;
        match self.random(20) {
            0..6 => {
                let count = 1 + self.random(5) as u32;
                for more in 0..count {
                    let changes = self.edit(at, (number + more) % DOCUMENTS);
                    self.push(at, changes, false);
                }
            }
            6 => {
                let many: Vec<Change> = (0..30)
                    .flat_map(|more| self.edit(at, (number + more * 7) % DOCUMENTS))
                    .collect();
                self.push(at, many, false);
            }
            7 | 8 => self.story.rest(),
            9 => {
                let again = self.random(self.sent.len().max(1) as u64) as usize;
                if let Some((at, changes)) = self.sent.get(again).cloned() {
                    let refill = self.random(2) == 0;
                    self.push(at, changes, refill);
                }
            }
            10 | 11 => self.readers[at].leave(&mut self.story),
            12 | 13 => self.readers[at].connect(&mut self.story),
            14 => {
                let documents = vec![record(number)];
                self.story.happens(Event::Squash { documents });
            }
            15 if self.random(4) == 0 => {
                let documents = vec![record(number)];
                self.story.happens(Event::Erase { documents });
            }
            16 => {
                let person = PersonId([self.readers[at].number; 8]);
                let wall = (person, record(number));
                let hidden = &mut self.story.room.policy_mut().hidden;
                let sight = if hidden.remove(&wall) {
                    Sight::Shown
                } else {
                    hidden.insert(wall);
                    Sight::Hidden
                };
                let changes = vec![(record(number), sight)];
                self.story.happens(Event::PolicyChanged { person, changes });
            }
            17 => {
                self.story.restart();
                for hand in &self.hands {
                    self.story.join(hand);
                }
                for reader in &mut self.readers {
                    reader.connect(&mut self.story);
                }
            }
            _ => {
                self.readers[at].step(&mut self.story);
            }
        }
    }

    fn assert_all_is_well(&mut self) {
        self.story.rest();
        for at in 0..self.readers.len() {
            self.readers[at].leave(&mut self.story);
            self.readers[at].connect(&mut self.story);
            self.readers[at].catch_up(&mut self.story);
            assert!(self.readers[at].is_live);
        }
        let mut new = Reader::new(9);
        new.connect(&mut self.story);
        new.catch_up(&mut self.story);
        let records = self.story.room.log().records.clone();
        let hidden = self.story.room.policy_mut().hidden.clone();
        for (id, record) in &records {
            assert_eq!(new.documents.contains_key(id), !record.erased, "{id}");
            let Some((generation, document)) = new.documents.get(id) else {
                continue;
            };
            assert_eq!(*generation, record.generation);
            let taken = self.taken.get(&(*id, *generation));
            for hash in taken.into_iter().flatten() {
                assert!(
                    document.has(*hash),
                    "an acknowledged change of {id} is missing"
                );
            }
        }
        for reader in &self.readers {
            let mut expected: BTreeMap<RecordId, &Document> = BTreeMap::new();
            for (id, (_, document)) in &new.documents {
                if !hidden.contains(&(PersonId([reader.number; 8]), *id)) {
                    expected.insert(*id, document);
                }
            }
            let held: BTreeSet<_> = reader.documents.keys().collect();
            assert!(
                held == expected.keys().collect(),
                "reader {}",
                reader.number
            );
            for (id, document) in expected {
                let held = &reader.documents[&id].1;
                assert_eq!(held.heads(), document.heads(), "{} {id}", reader.number);
            }
        }
    }
}

#[test]
fn whatever_happens_all_readers_hold_the_same_in_the_end() {
    for seed in 0..6 {
        let (story, hand) = crate::folded(DOCUMENTS);
        let mut any = Any {
            story,
            readers: (2..5).map(Reader::new).collect(),
            hands: (2..5).map(Hand::new).collect(),
            taken: BTreeMap::new(),
            sent: vec![(0, hand.made[..20].to_vec())],
            edits: 0,
            random: seed,
        };
        for reader in &mut any.readers {
            reader.connect(&mut any.story);
            reader.catch_up(&mut any.story);
        }
        for hand in &any.hands {
            any.story.join(hand);
        }
        for _ in 0..120 {
            any.step();
        }
        any.assert_all_is_well();
    }
}
