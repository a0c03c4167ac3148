//! A device whose room is played by hand: frame by frame, transaction by transaction.

use crate::world::START;
use crate::world::device::Device;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::client::{Effect, Event, Outgoing, Read, Store};
use shared::sync::message::{self, Epoch, Notice, Outcome, ToClient, ToRoom, Walk};
use shared::sync::packed::{pack, unpack};
use shared::sync::parcel::{Kept, Parcel};
use shared::sync::validation::Bytes;
use shared::time::Timestamp;
use std::collections::VecDeque;

pub const EPOCH: Epoch = Epoch([1; 8]);

pub struct Hand {
    pub device: Device,
    pub now: Timestamp,
    pub sent: VecDeque<ToRoom>,
    /// Transactions that are not carried out yet.
    pub stores: VecDeque<Store>,
    reads: VecDeque<Read>,
}

impl Hand {
    /// A device that was never online.
    pub fn new() -> Hand {
        Hand {
            device: Device::new(1, START),
            now: START,
            sent: VecDeque::new(),
            stores: VecDeque::new(),
            reads: VecDeque::new(),
        }
    }

    /// A device that is live, with everything up to `head`.
    pub fn live(head: u64) -> Hand {
        let mut hand = Hand::new();
        hand.connect();
        hand.sent.clear();
        hand.welcome(2, head);
        if head > 0 {
            hand.say(&changes(0, head, head, &[]));
        }
        hand.store();
        assert_eq!(hand.device.disk.point.cursor, head);
        hand.sent.clear();
        hand
    }

    pub fn tell(&mut self, event: Event) {
        for effect in self.device.client.handle(event, self.now) {
            match effect {
                Effect::Send(frame) => {
                    let message = message::decode(&frame).unwrap();
                    self.sent
                        .extend((message != ToRoom::Ping).then_some(message));
                }
                Effect::Store(store) => self.stores.push_back(store),
                Effect::Read(read) => self.reads.push_back(read),
                Effect::Connect
                | Effect::Disconnect
                | Effect::WakeAt(_)
                | Effect::StatusChanged => {}
            }
        }
        while let Some(read) = self.reads.pop_front() {
            let event = self.device.read(read);
            self.tell(event);
        }
    }

    pub fn connect(&mut self) {
        self.tell(Event::Started);
        self.tell(Event::Opened);
    }

    /// The engine is killed, with what it had not stored, and comes back.
    pub fn restart(&mut self) {
        self.stores.clear();
        self.sent.clear();
        self.device.restart(self.now);
        self.connect();
    }

    pub fn wait(&mut self, ms: i64) {
        self.now = Timestamp(self.now.0 + ms);
        self.tell(Event::Woke);
    }

    pub fn say(&mut self, message: &ToClient) {
        self.tell(Event::Frame(message::encode(message)));
    }

    pub fn welcome(&mut self, protocol: u16, head: u64) {
        let (epoch, now) = (EPOCH, self.now);
        self.say(&ToClient::Welcome {
            protocol,
            epoch,
            head,
            now,
        });
    }

    /// Carries the waiting transactions out.
    pub fn store(&mut self) {
        while let Some(store) = self.stores.pop_front() {
            self.device.now = self.now;
            let event = self.device.store(store);
            let replaced = self.device.replaced.take();
            for event in replaced.into_iter().chain([event]) {
                self.tell(event);
            }
        }
    }

    pub fn put(&mut self, id: RecordId, field: &str, value: &str) {
        let edit = Edit::of(id, vec![Write::put(field, value)]);
        let saved = self.device.edit(&edit, self.now);
        self.tell(saved);
    }

    pub fn make(&mut self, id: RecordId, name: &str) {
        let edit = Edit::make(id, Kind::Contact, vec![Write::put("first_name", name)]);
        let saved = self.device.edit(&edit, self.now);
        self.tell(saved);
    }

    /// The Push that was sent, as its number and its changes.
    pub fn pushed(&mut self) -> (u32, Vec<Outgoing>) {
        match self.sent.pop_front() {
            Some(ToRoom::Push { batch, changes, .. }) => {
                let items = unpack(&changes).unwrap().into_iter();
                let items = items.map(|item| Outgoing {
                    key: 0,
                    document: item.document,
                    generation: item.generation,
                    bytes: item.bytes,
                });
                (batch, items.collect())
            }
            other => panic!("no push but {other:?}"),
        }
    }

    /// Answers a Push: nothing was new in the log.
    pub fn answer(&mut self, batch: u32, head: u64, outcomes: Vec<Outcome>) {
        self.say(&ToClient::Ack {
            batch,
            after: head,
            upto: head,
            outcomes,
        });
    }
}

fn colleague() -> Writer {
    Writer {
        person: PersonId([9; 8]),
        instance: [9; 8],
    }
}

/// A record as the server would send it whole, of a colleague's making.
pub fn kept(id: RecordId, generation: u32, name: &str) -> Kept {
    let mut document = Document::new();
    let edit = Edit::make(id, Kind::Contact, vec![Write::put("first_name", name)]);
    document.edit(&edit, colleague(), START).unwrap();
    Kept {
        document: id,
        generation,
        snapshot: Bytes(document.save()),
        changes: Vec::new(),
        row: Bytes(document.row(id).unwrap().to_bytes()),
    }
}

/// The change that makes a colleague's contact.
pub fn made(id: RecordId, name: &str) -> Vec<u8> {
    let mut document = Document::new();
    let edit = Edit::make(id, Kind::Contact, vec![Write::put("first_name", name)]);
    let edited = document.edit(&edit, colleague(), START).unwrap();
    edited.changes[0].bytes.clone()
}

pub fn changes(after: u64, upto: u64, head: u64, items: &[(RecordId, Vec<u8>)]) -> ToClient {
    let items = items.iter().map(|(id, bytes)| (*id, 0, bytes.as_slice()));
    ToClient::Changes {
        after,
        upto,
        head,
        changes: pack(items).0,
    }
}

pub fn records(walk: Walk, left: u32, records: &[Kept]) -> ToClient {
    ToClient::Records {
        walk,
        left,
        notices: Vec::new(),
        records: Parcel::pack(records),
    }
}

pub fn news(after: u64, upto: u64, notices: Vec<Notice>, records: &[Kept]) -> ToClient {
    ToClient::News {
        after,
        upto,
        head: upto,
        notices,
        records: Parcel::pack(records),
    }
}
