//! A device: the real client over a disk in memory.

use shared::crm::command::Edit;
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::client::{Client, Event, ForgetWhy, Outgoing, Point, Read, Resume, Store};
use shared::sync::message::{Epoch, Reason};
use shared::sync::parcel::Kept;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What survives a restart.
#[derive(Default, Clone)]
pub struct Disk {
    /// Every record's changes, raw, also those that came in a snapshot.
    pub changes: BTreeMap<RecordId, Vec<Vec<u8>>>,
    /// Those whose generation is not 0.
    pub generations: BTreeMap<RecordId, u32>,
    /// What the waiting changes were made by, where it is known, by outbox key.
    pub edits: BTreeMap<u64, Edit>,
    pub outbox: BTreeMap<u64, Outgoing>,
    pub refused: BTreeMap<u64, (Outgoing, Reason)>,
    pub next_key: u64,
    pub point: Point,
}

pub struct Device {
    pub number: u8,
    pub starts: u8,
    pub disk: Disk,
    pub client: Client,
    /// Names the socket; effects and frames of earlier ones are void.
    pub socket: Option<u64>,
    pub wake_at: Option<Timestamp>,
    pub frames_sent: usize,
    pub bytes_sent: usize,
    pub bytes_received: usize,
    pub frames_received: usize,
    pub stores_fail: usize,
    /// Whether unsent edits of a record with a change that was refused for its time are made again.
    pub makes_again: bool,
    /// What the client is to be told before [`Event::Stored`].
    pub replaced: Option<Event>,
    /// The clock at the next transaction.
    pub now: Timestamp,
    /// Up to where the log was found on the disk.
    pub covered: (Option<Epoch>, u64),
}

impl Device {
    pub fn new(number: u8, now: Timestamp) -> Device {
        let disk = Disk::default();
        Device {
            number,
            starts: 0,
            client: Client::new(resume(number, 0, &disk), now),
            disk,
            socket: None,
            wake_at: None,
            frames_sent: 0,
            bytes_sent: 0,
            frames_received: 0,
            bytes_received: 0,
            stores_fail: 0,
            makes_again: false,
            replaced: None,
            now,
            covered: (None, 0),
        }
    }

    /// The engine starts anew from the disk.
    pub fn restart(&mut self, now: Timestamp) {
        self.starts += 1;
        self.socket = None;
        self.wake_at = None;
        self.client = Client::new(resume(self.number, self.starts, &self.disk), now);
    }

    pub fn person(&self) -> PersonId {
        PersonId([self.number; 8])
    }

    pub fn writer(&self) -> Writer {
        Writer {
            person: self.person(),
            instance: [self.starts; 8],
        }
    }

    pub fn open(&self, id: RecordId) -> Document {
        let changes = self.disk.changes.get(&id).into_iter().flatten();
        Document::load(changes.map(Vec::as_slice)).unwrap()
    }

    /// Carries an edit out and saves it. Returns what the client is to be told.
    pub fn edit(&mut self, edit: &Edit, now: Timestamp) -> Event {
        let mut document = self.open(edit.record);
        let edited = document.edit(edit, self.writer(), now).unwrap();
        let saved = self.save(edit.record, edited.changes.into_iter().map(|it| it.bytes));
        if self.disk.outbox.contains_key(&self.disk.next_key) {
            self.disk.edits.insert(self.disk.next_key, edit.clone());
        }
        saved
    }

    pub fn generation(&self, id: RecordId) -> u32 {
        self.disk.generations.get(&id).copied().unwrap_or(0)
    }

    pub fn save(
        &mut self,
        document: RecordId,
        changes: impl IntoIterator<Item = Vec<u8>>,
    ) -> Event {
        let mut saved = Vec::new();
        for bytes in changes {
            self.disk.next_key += 1;
            let outgoing = Outgoing {
                key: self.disk.next_key,
                document,
                generation: self.generation(document),
                bytes: bytes.clone(),
            };
            self.disk.changes.entry(document).or_default().push(bytes);
            self.disk.outbox.insert(outgoing.key, outgoing.clone());
            saved.push(outgoing);
        }
        Event::Saved(saved)
    }

    pub fn store(&mut self, store: Store) -> Event {
        if self.stores_fail > 0 {
            self.stores_fail -= 1;
            return Event::StoreFailed;
        }
        let (mut gone, mut saved) = (Vec::new(), Vec::new());
        let mut late = Vec::new();
        for key in store.confirmed {
            assert!(self.disk.outbox.remove(&key).is_some(), "confirmed once");
            self.disk.edits.remove(&key);
        }
        for (key, reason) in store.refused {
            let Some(change) = self.disk.outbox.remove(&key) else {
                continue;
            };
            if reason == Reason::Time && self.makes_again {
                late.push((key, change));
            } else {
                self.disk.refused.insert(key, (change, reason));
            }
        }
        for (key, change) in late {
            self.make_again(change, key, &mut gone, &mut saved);
        }
        for (document, why) in store.forget {
            self.forget(document, why, &mut gone);
        }
        for kept in store.records {
            self.keep(kept, &mut gone, &mut saved);
        }
        for item in store.received {
            if item.generation < self.generation(item.document) {
                continue;
            }
            let held = self.disk.changes.entry(item.document).or_default();
            if !held.contains(&item.bytes) {
                held.push(item.bytes);
            }
        }
        self.disk.point = store.point;
        if !gone.is_empty() || !saved.is_empty() {
            assert!(self.replaced.is_none(), "one transaction at a time");
            self.replaced = Some(Event::Replaced { gone, saved });
        }
        Event::Stored
    }

    fn waiting_of(&self, document: RecordId) -> Vec<u64> {
        let waiting = self.disk.outbox.iter();
        let waiting = waiting.filter(|(_, change)| change.document == document);
        waiting.map(|(key, _)| *key).collect()
    }

    fn forget(&mut self, document: RecordId, why: ForgetWhy, gone: &mut Vec<u64>) {
        let reason = match why {
            ForgetWhy::Hidden => Reason::Forbidden,
            ForgetWhy::Erased => Reason::Gone,
        };
        self.disk.changes.remove(&document);
        self.disk.generations.remove(&document);
        for key in self.waiting_of(document) {
            let change = self.disk.outbox.remove(&key).unwrap();
            self.disk.refused.insert(key, (change, reason));
            gone.push(key);
        }
    }

    fn keep(&mut self, kept: Kept, gone: &mut Vec<u64>, saved: &mut Vec<Outgoing>) {
        let id = kept.document;
        let known = self.generation(id);
        if kept.generation < known {
            return;
        }
        let mut document = match kept.snapshot.0.as_slice() {
            [] if kept.generation == known => self.open(id),
            [] => Document::new(),
            snapshot => Document::open(snapshot).unwrap(),
        };
        let changes = kept.changes.iter().map(|bytes| bytes.0.as_slice());
        document.apply(changes).expect("nothing is missing");
        let changes = document.changes().into_iter().map(|raw| raw.bytes);
        if kept.generation == known {
            let held = self.disk.changes.entry(id).or_default();
            let names: BTreeSet<Vec<u8>> = held.iter().cloned().collect();
            held.extend(changes.filter(|bytes| !names.contains(bytes)));
            return;
        }
        self.disk.changes.insert(id, changes.collect());
        self.disk.generations.insert(id, kept.generation);
        for key in self.waiting_of(id) {
            self.again(id, key, saved);
            gone.push(key);
        }
    }

    /// Makes the edits of a record that wait, and the one that was refused, again by this clock.
    fn make_again(
        &mut self,
        refused: Outgoing,
        refused_key: u64,
        gone: &mut Vec<u64>,
        saved: &mut Vec<Outgoing>,
    ) {
        let id = refused.document;
        let mut keys = self.waiting_of(id);
        gone.extend(&keys);
        let unsent = keys.iter().map(|key| self.disk.outbox[key].bytes.clone());
        let unsent: BTreeSet<Vec<u8>> = unsent.chain([refused.bytes.clone()]).collect();
        if let Some(held) = self.disk.changes.get_mut(&id) {
            held.retain(|bytes| !unsent.contains(bytes));
        }
        self.disk.outbox.insert(refused_key, refused);
        keys.insert(0, refused_key);
        for key in keys {
            self.again(id, key, saved);
        }
    }

    /// Makes a waiting edit anew; its change leaves the outbox.
    fn again(&mut self, id: RecordId, key: u64, saved: &mut Vec<Outgoing>) {
        let change = self.disk.outbox.remove(&key).unwrap();
        let Some(edit) = self.disk.edits.remove(&key) else {
            self.disk.refused.insert(key, (change, Reason::Squashed));
            return;
        };
        assert_eq!(edit.record, id);
        if let Event::Saved(again) = self.edit(&edit, self.now) {
            saved.extend(again);
        }
    }

    pub fn read(&self, read: Read) -> Event {
        let of = |id: RecordId| {
            let generation = self.generation(id);
            let changes = self.open(id).changes().into_iter();
            changes.map(move |change| Outgoing {
                key: 0,
                document: id,
                generation,
                bytes: change.bytes,
            })
        };
        match read {
            Read::Outbox { after, limit } => {
                let mut rest = self
                    .disk
                    .outbox
                    .range(after + 1..)
                    .map(|(_, it)| it.clone());
                let changes: Vec<_> = rest.by_ref().take(limit).collect();
                let more = rest.next().is_some();
                Event::Read { changes, more }
            }
            Read::Document(id) => Event::Read {
                changes: of(id).collect(),
                more: false,
            },
            Read::All { after, limit } => {
                let mut changes = Vec::new();
                let mut ids = self.disk.changes.keys().filter(|id| Some(**id) > after);
                while changes.len() < limit {
                    let Some(id) = ids.next() else { break };
                    changes.extend(of(*id));
                }
                let more = ids.next().is_some();
                Event::Read { changes, more }
            }
        }
    }

    pub fn rows(&self) -> BTreeMap<RecordId, Row> {
        let ids = self.disk.changes.keys();
        ids.map(|id| (*id, self.open(*id).row(*id).unwrap()))
            .collect()
    }
}

fn resume(number: u8, starts: u8, disk: &Disk) -> Resume {
    Resume {
        build: "9d69f3cbf1cacacc".into(),
        device: DeviceId([number; 16]),
        incarnation: [number, starts, 0, 0, 0, 0, 0, 0],
        person: PersonId([number; 8]),
        point: disk.point,
        waiting: disk.outbox.len() as u64,
    }
}
