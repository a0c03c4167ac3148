//! A hostile member: it has the link and pushes whatever passes for a change. What is taken of it shows the
//! same on every device, old and fresh, takes no record away, and everyone can go on.

mod deeds;
mod forge;

use super::device::Device;
use super::faults::Fault;
use super::network::Socket;
use super::people::{RECORDS, record};
use super::random::Random;
use super::world::{Happening, World};
use automerge::{ActorId, Automerge};
use engine::platform::memory::Memory;
use shared::bridge::Problem;
use shared::crm::Kind;
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::header::Header;
use shared::sync::message::{self, Hello, PROTOCOL, ToRoom};
use shared::sync::packed::pack;
use shared::sync::room::{self, ChangeLog, SessionId};
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Seeds whose runs failed once because of a hostile member.
pub const KEPT: &str = include_str!("hostile.txt");
/// Once in so many runs there is one.
const RUNS: u64 = 3;
/// Once in so many deeds it signs as a colleague, whose next change that then is to be.
const SIGNS_AS_ANOTHER: u64 = 4;
/// Its sockets lead to no device of ours.
pub const NOBODY: usize = usize::MAX;
const PERSON: PersonId = PersonId([66; 8]);

pub struct Hostile {
    random: Random,
    /// Its chance to sign as somebody else: drawn apart, so that all else is as without.
    thief: Random,
    socket: Option<u64>,
    batch: u32,
}

impl Hostile {
    /// The hostile member of a run, if it has one. The chance is its own: all else in a run is as without.
    pub fn of(seed: u64, seeds_without: &str) -> Option<Hostile> {
        let mut random = Random::new(seed ^ 0x6865_6c6c);
        let is_in = |list: &str| list.lines().any(|line| line.trim().parse() == Ok(seed));
        let there = random.once_in(RUNS) && !is_in(seeds_without) || is_in(KEPT);
        there.then_some(Hostile {
            random,
            thief: Random::new(seed ^ 0x7468_6965),
            socket: None,
            batch: 0,
        })
    }
}

impl World {
    /// The hostile member does something, now and then.
    pub fn attack(&mut self) {
        let Some(mut hostile) = self.hostile.take() else {
            return;
        };
        if hostile.random.once_in(2) {
            self.attack_as(&mut hostile);
        }
        self.hostile = Some(hostile);
    }

    fn attack_as(&mut self, hostile: &mut Hostile) {
        let socket = self.hostile_socket(hostile);
        let id = record(hostile.random.below(RECORDS));
        let stands = self.server.log().records.get(&id).copied();
        let Some(document) = self.document(id) else {
            return;
        };
        let victim = victim(&mut hostile.thief, &document);
        let mut changes = Vec::new();
        for _ in 0..=hostile.random.below(2) {
            changes.extend(forged(&mut hostile.random, &document, victim, self.now));
        }
        if changes.is_empty() {
            return;
        }
        self.note(Fault::Attacked);
        if victim.is_some() {
            self.note(Fault::SignedAsAnother);
        }
        hostile.batch += 1;
        let generation = stands.map_or(0, |stands| stands.generation);
        let items = changes.iter().map(|it| (id, generation, it.as_slice()));
        let push = ToRoom::Push {
            batch: hostile.batch,
            // Whoever brings back what a server lost may bring anybody's.
            refill: hostile.random.once_in(6) || victim.is_some(),
            changes: pack(items).0,
        };
        self.schedule(5, Happening::Frame(socket, message::encode(&push)));
    }

    fn hostile_socket(&mut self, hostile: &mut Hostile) -> u64 {
        if let Some(socket) = hostile.socket
            && self.server.sockets.contains_key(&socket)
        {
            return socket;
        }
        let socket = self.number();
        hostile.socket = Some(socket);
        let open = Socket {
            device: NOBODY,
            engine: 0,
            attachment: None,
            pushed: BTreeMap::new(),
            protocol: PROTOCOL,
        };
        self.server.sockets.insert(socket, open);
        self.room(room::Event::Opened(SessionId(socket)));
        let hello = ToRoom::Hello(Hello {
            protocol: PROTOCOL,
            build: "hostile".into(),
            device: DeviceId([66; 16]),
            incarnation: hostile.random.bytes(),
            person: PERSON,
            epoch: None,
            cursor: 0,
        });
        self.schedule(1, Happening::Frame(socket, message::encode(&hello)));
        socket
    }

    /// What the server has of a record.
    fn document(&self, record: RecordId) -> Option<Document> {
        let log = self.server.log();
        let block = log.records.get(&record).and_then(|it| it.block);
        let block = block.and_then(|block| log.blocks.get(&block)?.open().ok());
        let mut kept = block.into_iter().flatten();
        let kept = kept.find(|kept| kept.document == record);
        let mut document = match kept {
            Some(kept) => Document::open(&kept.snapshot.0).ok()?,
            None => Document::new(),
        };
        let raw = log.raw(&[record].into()).ok()?.remove(&record);
        let raw = raw.unwrap_or_default();
        document.apply(raw.iter().map(|it| it.1.as_slice())).ok()?;
        Some(document)
    }

    /// A device that was never there takes everything over.
    pub fn join(&mut self) {
        if self.hostile.is_none() {
            return;
        }
        let number = self.devices.len() as u8 + 1;
        let host = self.host(Memory::new(self.now, u64::from(number)));
        self.devices.push(Device::new(number, host));
        self.start(self.devices.len() - 1);
    }

    /// Everyone edits everything.
    pub fn go_on(&mut self) {
        if self.hostile.is_none() {
            return;
        }
        for device in 0..self.devices.len() {
            for number in 0..RECORDS {
                self.edit_record(device, record(number));
            }
        }
    }

    /// Once nothing goes wrong of itself no edit fails.
    pub fn check_may_fail(&self, problem: &Problem) {
        // To undo what was done to a record that was erased since is to edit what is not there.
        let is_gone = matches!(problem, Problem::NoSuchRecord) && !self.oracle.erased.is_empty();
        let is_over = self.hostile.is_some() && self.faults.are_over() && !is_gone;
        assert!(!is_over, "an edit fails: {problem:?}");
    }

    /// No record that people made is gone or something else, whoever sent what.
    pub fn check_kept(&self) {
        if self.hostile.is_none() {
            return;
        }
        let made: BTreeSet<RecordId> = self.oracle.made_by_people();
        for record in made {
            let document = self.document(record).expect("the log can be read");
            let row = document
                .row(record)
                .expect("a record that people made is there");
            assert_eq!(row.kind, Kind::Contact, "{record} is something else");
        }
    }
}

/// A colleague in whose name it signs.
fn victim(thief: &mut Random, document: &Document) -> Option<Writer> {
    if !thief.once_in(SIGNS_AS_ANOTHER) {
        return None;
    }
    let changes = document.changes().into_iter();
    let headers = changes.filter_map(|change| Header::read(&change.bytes).ok());
    let writers = headers.map(|header| header.writer);
    let others: Vec<Writer> = writers.filter(|it| it.person != PERSON).collect();
    (!others.is_empty()).then(|| others[thief.index(others.len())])
}

/// A change of this document that passes for one, in somebody's name or its own.
fn forged(
    random: &mut Random,
    document: &Document,
    victim: Option<Writer>,
    now: Timestamp,
) -> Option<Vec<u8>> {
    let own = Writer {
        person: PERSON,
        instance: random.bytes(),
    };
    let writer = victim.unwrap_or(own);
    let mut am = Automerge::load(&document.save()).ok()?;
    am.set_actor(ActorId::from(writer.to_bytes().as_slice()));
    let change = deeds::change(random, &mut am, document.kind().is_some(), now)?;
    let change = match random.below(4) {
        0 => forge::altered(random, &am, &change),
        1 => forge::mutated(random, change.raw_bytes()),
        _ => change.raw_bytes().to_vec(),
    };
    let passes = Header::read(&change).is_ok_and(|it| it.check_time(now).is_ok());
    passes.then_some(change)
}
