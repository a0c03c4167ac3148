//! Devices and a room over a network, a clock and disks that are simulated.

pub mod device;
pub mod memory_log;

use device::Device;
use memory_log::MemoryLog;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::id::RecordId;
use shared::sync::client::{Effect, Event};
use shared::sync::message::{self, ToRoom};
use shared::sync::packed::unpack;
use shared::sync::room::{self, Entry, Room, SessionId};
use shared::time::Timestamp;
use shared::validate::Validator;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Included};

/// 2026-11-22.
pub const START: Timestamp = Timestamp(1_795_305_600_000);

enum Happening {
    ToDevice(usize, u64, Event),
    ToRoom(u64, Vec<u8>),
    Answer(room::Event),
}

/// What the network does to frames, each by one in so many; 0 is never.
#[derive(Default, Clone, Copy)]
pub struct Faults {
    pub lose: u64,
    pub duplicate: u64,
    pub delay: u64,
    pub truncate: u64,
    pub flip: u64,
}

pub struct World {
    pub now: Timestamp,
    pub devices: Vec<Device>,
    pub room: Room<MemoryLog>,
    pub faults: Faults,
    /// Whether sockets open.
    pub online: bool,
    /// Documents that the validator dies of.
    pub deadly: BTreeSet<RecordId>,
    pub validator_is_down: bool,
    /// Documents that are hidden from some device: their changes may be missing there.
    pub hidden: BTreeSet<RecordId>,
    pub notes: Vec<room::Note>,
    /// How often a fault was injected.
    pub injected: u64,
    validator: Validator,
    ahead: BTreeMap<(i64, u64), Happening>,
    sockets: BTreeMap<u64, usize>,
    count: u64,
    random: u64,
}

impl World {
    pub fn new(devices: u8, seed: u64) -> World {
        World {
            now: START,
            devices: (1..=devices).map(|n| Device::new(n, START)).collect(),
            room: Room::new(MemoryLog::new(1)),
            faults: Faults::default(),
            online: true,
            deadly: BTreeSet::new(),
            validator_is_down: false,
            hidden: BTreeSet::new(),
            notes: Vec::new(),
            injected: 0,
            validator: Validator::default(),
            ahead: BTreeMap::new(),
            sockets: BTreeMap::new(),
            count: 0,
            random: seed,
        }
    }

    pub fn random(&mut self, below: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }

    pub fn start(&mut self, at: usize) {
        self.tell(at, Event::Started);
    }

    pub fn start_all(&mut self) {
        for at in 0..self.devices.len() {
            self.start(at);
        }
    }

    /// All sockets break; none opens until the world is online again.
    pub fn go_offline(&mut self) {
        self.online = false;
        self.break_sockets();
    }

    pub fn break_sockets(&mut self) {
        let sockets = std::mem::take(&mut self.sockets);
        self.ahead.retain(|_, happening| match happening {
            Happening::ToDevice(_, socket, _) => *socket == u64::MAX,
            Happening::ToRoom(..) => false,
            Happening::Answer(_) => true,
        });
        for (socket, at) in sockets {
            let effects = self
                .room
                .handle(room::Event::Closed(SessionId(socket)), self.now);
            self.obey_room(effects);
            if self.devices[at].socket.take() == Some(socket) {
                self.tell(at, Event::Closed { code: 1006 });
            }
        }
    }

    pub fn go_online(&mut self) {
        self.online = true;
        for at in 0..self.devices.len() {
            self.tell(at, Event::Nudged);
        }
    }

    /// The server's process dies and comes back with what its log holds.
    pub fn restart_room(&mut self) {
        self.start_room(self.room.log().clone());
    }

    /// Another start of the server's process, over this log.
    pub fn start_room(&mut self, log: MemoryLog) {
        self.count += 1;
        self.room = Room::new(log.started(self.count));
        self.ahead
            .retain(|_, happening| !matches!(happening, Happening::Answer(_)));
        self.break_sockets();
    }

    pub fn restart_device(&mut self, at: usize) {
        if let Some(socket) = self.devices[at].socket.take() {
            self.sockets.remove(&socket);
            let effects = self
                .room
                .handle(room::Event::Closed(SessionId(socket)), self.now);
            self.obey_room(effects);
        }
        self.ahead.retain(
            |_, happening| !matches!(happening, Happening::ToDevice(device, ..) if *device == at),
        );
        self.devices[at].restart(self.now);
        self.start(at);
    }

    /// Something else happens to the room.
    pub fn tell_room(&mut self, event: room::Event) {
        let effects = self.room.handle(event, self.now);
        self.obey_room(effects);
    }

    pub fn edit(&mut self, at: usize, edit: &Edit) {
        let saved = self.devices[at].edit(edit, self.now);
        self.tell(at, saved);
    }

    pub fn make_contact(&mut self, at: usize, id: RecordId, name: &str) {
        let writes = vec![Write::put("first_name", name)];
        self.edit(at, &Edit::make(id, Kind::Contact, writes));
    }

    pub fn put(&mut self, at: usize, id: RecordId, field: &str, value: &str) {
        self.edit(at, &Edit::of(id, vec![Write::put(field, value)]));
    }

    pub fn tell(&mut self, at: usize, event: Event) {
        let effects = self.devices[at].client.handle(event, self.now);
        for effect in effects {
            self.obey_client(at, effect);
        }
    }

    fn obey_client(&mut self, at: usize, effect: Effect) {
        match effect {
            Effect::Connect if self.online => {
                self.count += 1;
                let socket = self.count;
                self.sockets.insert(socket, at);
                self.devices[at].socket = Some(socket);
                let effects = self
                    .room
                    .handle(room::Event::Opened(SessionId(socket)), self.now);
                self.obey_room(effects);
                self.schedule(5, Happening::ToDevice(at, socket, Event::Opened));
            }
            Effect::Connect => {
                use shared::sync::client::Unreachable;
                self.devices[at].socket = Some(0);
                let event = Event::Unreachable(Unreachable::Network);
                self.schedule(5, Happening::ToDevice(at, 0, event));
            }
            Effect::Disconnect => {
                if let Some(socket) = self.devices[at].socket.take() {
                    self.sockets.remove(&socket);
                    let effects = self
                        .room
                        .handle(room::Event::Closed(SessionId(socket)), self.now);
                    self.obey_room(effects);
                }
            }
            Effect::Send(frame) => {
                self.assert_saved(at, &frame);
                let device = &mut self.devices[at];
                device.frames_sent += 1;
                device.bytes_sent += frame.len();
                if let Some(socket) = device.socket {
                    for (delay, frame) in self.carry(frame) {
                        self.schedule(delay, Happening::ToRoom(socket, frame));
                    }
                }
            }
            Effect::Store(store) => {
                self.devices[at].now = self.now;
                let event = self.devices[at].store(store);
                self.assert_covered(at);
                let replaced = self.devices[at].replaced.take();
                for event in replaced.into_iter().chain([event]) {
                    self.schedule(2, Happening::ToDevice(at, u64::MAX, event));
                }
            }
            Effect::Read(read) => {
                let event = self.devices[at].read(read);
                self.schedule(1, Happening::ToDevice(at, u64::MAX, event));
            }
            Effect::WakeAt(time) => self.devices[at].wake_at = Some(time),
            Effect::StatusChanged => {}
        }
    }

    fn obey_room(&mut self, effects: Vec<room::Effect>) {
        for effect in effects {
            match effect {
                room::Effect::Send(SessionId(socket), frame) => {
                    let Some(&at) = self.sockets.get(&socket) else {
                        continue;
                    };
                    self.devices[at].frames_received += 1;
                    self.devices[at].bytes_received += frame.len();
                    for (delay, frame) in self.carry(frame) {
                        self.schedule(delay, Happening::ToDevice(at, socket, Event::Frame(frame)));
                    }
                }
                room::Effect::Close(SessionId(socket), code) => {
                    if let Some(at) = self.sockets.remove(&socket) {
                        self.schedule(5, Happening::ToDevice(at, socket, Event::Closed { code }));
                    }
                }
                room::Effect::Ask(number, question) => {
                    let dies = self.validator_is_down
                        || question
                            .documents
                            .iter()
                            .any(|candidate| self.deadly.contains(&candidate.document));
                    let (delay, event) = if dies {
                        (5_000, room::Event::Unanswered(number))
                    } else {
                        let answer = self.validator.answer(&question);
                        (3, room::Event::Answered(number, answer))
                    };
                    self.schedule(delay, Happening::Answer(event));
                }
                room::Effect::WakeIn(ms) => {
                    self.schedule(i64::from(ms), Happening::Answer(room::Event::Woke));
                }
                room::Effect::Note(note) => self.notes.push(note),
                room::Effect::Attach(..) => {}
            }
        }
    }

    /// What becomes of a frame: when it arrives, and how often.
    fn carry(&mut self, mut frame: Vec<u8>) -> Vec<(i64, Vec<u8>)> {
        let Faults {
            lose,
            duplicate,
            delay,
            truncate,
            flip,
        } = self.faults;
        let hits = |world: &mut World, one_in: u64| {
            let hit = one_in > 0 && world.random(one_in) == 0;
            world.injected += u64::from(hit);
            hit
        };
        if hits(self, lose) {
            return Vec::new();
        }
        if hits(self, truncate) {
            let length = self.random(frame.len() as u64 + 1);
            frame.truncate(length as usize);
        }
        if hits(self, flip) && !frame.is_empty() {
            let bit = self.random(frame.len() as u64 * 8) as usize;
            frame[bit / 8] ^= 1 << (bit % 8);
        }
        let mut arrivals = vec![(5, frame.clone())];
        if hits(self, duplicate) {
            arrivals.push((9, frame));
        }
        if hits(self, delay) {
            for (delay, _) in &mut arrivals {
                *delay += 40;
            }
        }
        arrivals
    }

    fn schedule(&mut self, delay: i64, happening: Happening) {
        self.count += 1;
        self.ahead
            .insert((self.now.0 + delay, self.count), happening);
    }

    /// Lets time pass.
    pub fn run(&mut self, ms: i64) {
        let end = self.now.0 + ms;
        loop {
            let next = self.ahead.keys().next().map(|(time, _)| *time);
            let wakes = self.devices.iter().enumerate();
            let wake = wakes
                .filter_map(|(at, device)| device.wake_at.map(|time| (time.0, at)))
                .min();
            let time = next.into_iter().chain(wake.map(|(time, _)| time)).min();
            let Some(time) = time.filter(|time| *time <= end) else {
                break;
            };
            self.now = Timestamp(self.now.0.max(time));
            if next == Some(time) {
                let (_, happening) = self.ahead.pop_first().unwrap();
                self.happen(happening);
            } else if let Some((_, at)) = wake {
                self.devices[at].wake_at = None;
                self.tell(at, Event::Woke);
            }
        }
        self.now = Timestamp(end);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::ToDevice(at, socket, event) => {
                if socket == u64::MAX || self.devices[at].socket == Some(socket) {
                    if matches!(event, Event::Closed { .. } | Event::Unreachable(_)) {
                        self.devices[at].socket = None;
                    }
                    self.tell(at, event);
                }
            }
            Happening::ToRoom(socket, frame) => {
                if self.sockets.contains_key(&socket) {
                    let event = room::Event::Frame(SessionId(socket), frame);
                    let effects = self.room.handle(event, self.now);
                    self.obey_room(effects);
                }
            }
            Happening::Answer(event) => {
                let effects = self.room.handle(event, self.now);
                self.obey_room(effects);
            }
        }
    }

    /// What is pushed lies on the device's disk.
    fn assert_saved(&self, at: usize, frame: &[u8]) {
        let Ok(ToRoom::Push { changes, .. }) = message::decode(frame) else {
            return;
        };
        let disk = &self.devices[at].disk;
        for item in unpack(&changes).unwrap() {
            let held = disk.changes.get(&item.document);
            let is_held = held.is_some_and(|held| held.contains(&item.bytes));
            let is_refused = || {
                let mut refused = disk.refused.values();
                refused.any(|(change, _)| change.bytes == item.bytes)
            };
            let is_past = || disk.generations.contains_key(&item.document);
            assert!(
                is_held || is_refused() || is_past(),
                "sent before it was saved"
            );
        }
    }

    /// The cursor covers nothing that is not on the device's disk.
    fn assert_covered(&mut self, at: usize) {
        let log = self.room.log();
        let device = &mut self.devices[at];
        let disk = &device.disk;
        if disk.point.epoch != Some(log.epoch) {
            return;
        }
        let covered = device.covered.1.min(disk.point.cursor);
        let covered = if device.covered.0 == disk.point.epoch {
            covered
        } else {
            0
        };
        let new = (Excluded(covered), Included(disk.point.cursor));
        for entry in log.entries.range(new) {
            if let (position, Entry::Change(item)) = entry {
                let held = disk.changes.get(&item.document);
                let is_held = held.is_some_and(|held| held.contains(&item.bytes));
                let record = log.records.get(&item.document).copied().unwrap_or_default();
                let generation = disk.generations.get(&item.document).copied();
                let is_past = generation.unwrap_or(0) > item.generation;
                assert!(
                    is_held || record.erased || is_past || self.hidden.contains(&item.document),
                    "the cursor covers {position}, which is not stored"
                );
            }
        }
        device.covered = (disk.point.epoch, disk.point.cursor);
    }

    /// Everyone has everything, nothing waits, and all show the same.
    #[track_caller]
    pub fn assert_converged(&self) {
        let log = self.room.log();
        for device in &self.devices {
            let who = device.number;
            assert_eq!(device.disk.outbox.len(), 0, "device {who} waits");
            assert_eq!(device.client.status().waiting, 0, "device {who} counts");
            assert_eq!(device.disk.point.cursor, log.head, "device {who}");
            let names = |device: &Device| -> BTreeSet<Vec<u8>> {
                device.disk.changes.values().flatten().cloned().collect()
            };
            assert!(names(device) == names(&self.devices[0]), "device {who}");
            if device.disk.changes.len() > 1_000 {
                continue;
            }
            let same = device.rows() == self.devices[0].rows();
            assert!(same, "device {who} shows something else");
        }
    }
}

pub fn record(number: u32) -> RecordId {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    RecordId(id)
}
