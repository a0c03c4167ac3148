//! A room, hands that push to it, and readers that take what it sends.

use crate::memory_log::MemoryLog;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::{
    self, Hello, Notice, Outcome, PROTOCOL, Packed, ToClient, ToRoom, Walk,
};
use shared::sync::packed::{pack, unpack};
use shared::sync::room::{Effect, Event, Note, Policy, Room, Session, SessionId, Speaker};
use shared::sync::validation::{Answer, Question};
use shared::time::Timestamp;
use shared::validate::Validator;
use std::collections::{BTreeMap, BTreeSet};

/// 2026-11-22.
pub const START: Timestamp = Timestamp(1_795_305_600_000);

/// Hides documents from persons, and lets others not change them.
#[derive(Debug, Clone, Default)]
pub struct Walls {
    pub hidden: BTreeSet<(PersonId, RecordId)>,
    pub locked: BTreeSet<(PersonId, RecordId)>,
}

impl Policy for Walls {
    fn may_see(&self, speaker: &Speaker, document: RecordId) -> bool {
        !self.hidden.contains(&(speaker.person, document))
    }

    fn may_change(&self, speaker: &Speaker, document: RecordId) -> bool {
        !self.locked.contains(&(speaker.person, document))
    }
}

pub struct Story {
    pub room: Room<MemoryLog, Walls>,
    pub now: Timestamp,
    /// Questions are kept here while this is `Some`.
    pub held: Option<Vec<(u64, Question)>>,
    pub notes: Vec<Note>,
    pub sent: BTreeMap<u64, Vec<ToClient>>,
    pub closed: Vec<(u64, u16)>,
    pub attached: BTreeMap<u64, Session>,
    pub asked: usize,
    wake_at: Option<Timestamp>,
    validator: Validator,
}

impl Story {
    pub fn new() -> Story {
        Story::over(MemoryLog::new(1))
    }

    pub fn over(log: MemoryLog) -> Story {
        Story {
            room: Room::with_policy(log, Walls::default()),
            now: START,
            held: None,
            notes: Vec::new(),
            sent: BTreeMap::new(),
            closed: Vec::new(),
            attached: BTreeMap::new(),
            asked: 0,
            wake_at: None,
            validator: Validator::default(),
        }
    }

    /// The process dies; what the log holds is left.
    pub fn restart(&mut self) {
        let log = self.room.log().clone();
        let walls = self.room.policy_mut().clone();
        self.room = Room::with_policy(log, walls);
        self.held = None;
        self.wake_at = None;
        self.sent.clear();
    }

    pub fn happens(&mut self, event: Event) {
        self.now.0 += 25;
        let mut ahead = self.room.handle(event, self.now);
        while !ahead.is_empty() {
            let mut next = Vec::new();
            for effect in ahead {
                match effect {
                    Effect::Send(SessionId(to), frame) => {
                        let heard = message::decode(&frame).unwrap();
                        self.sent.entry(to).or_default().push(heard);
                    }
                    Effect::Ask(number, question) => match &mut self.held {
                        Some(held) => held.push((number, question)),
                        None => {
                            self.asked += 1;
                            let answer = self.validator.answer(&question);
                            self.now.0 += 1;
                            let event = Event::Answered(number, answer);
                            next.extend(self.room.handle(event, self.now));
                        }
                    },
                    Effect::WakeIn(ms) => {
                        self.wake_at = Some(Timestamp(self.now.0 + i64::from(ms)));
                    }
                    Effect::Close(SessionId(id), code) => self.closed.push((id, code)),
                    Effect::Attach(SessionId(id), session) => {
                        self.attached.insert(id, session);
                    }
                    Effect::Note(note) => self.notes.push(note),
                }
            }
            ahead = next;
        }
    }

    /// Questions that were held are answered.
    pub fn release(&mut self) {
        for (number, question) in self.held.take().unwrap_or_default() {
            let answer: Answer = self.validator.answer(&question);
            self.happens(Event::Answered(number, answer));
        }
    }

    /// Time passes until nothing is left to be done.
    pub fn rest(&mut self) {
        self.now.0 += 1;
        if self.wake_at.is_none() {
            self.happens(Event::Woke);
        }
        while let Some(at) = self.wake_at.take() {
            self.now.0 = self.now.0.max(at.0);
            self.happens(Event::Woke);
        }
    }

    /// Lets the time pass that the room wanted to be woken after; `false` where it wanted none.
    pub fn wake(&mut self) -> bool {
        let Some(at) = self.wake_at.take() else {
            return false;
        };
        self.now.0 = self.now.0.max(at.0);
        self.happens(Event::Woke);
        true
    }

    fn is_answered(&self, id: u64, before: usize) -> bool {
        let heard = self.sent.get(&id).map_or(&[][..], Vec::as_slice);
        let answers = |it: &ToClient| matches!(it, ToClient::Ack { .. } | ToClient::Failed { .. });
        heard.iter().skip(before).any(answers)
    }

    pub fn tell(&mut self, id: u64, message: &ToRoom) {
        self.happens(Event::Frame(SessionId(id), message::encode(message)));
    }

    /// What was sent to a socket since this was asked last.
    pub fn heard(&mut self, id: u64) -> Vec<ToClient> {
        self.sent.remove(&id).unwrap_or_default()
    }

    /// Opens a socket for a hand that has the whole log.
    pub fn join(&mut self, hand: &Hand) {
        self.happens(Event::Opened(SessionId(hand.socket)));
        let hello = Hello {
            protocol: PROTOCOL,
            build: "test".into(),
            device: DeviceId([hand.number; 16]),
            incarnation: [hand.number; 8],
            person: hand.person(),
            epoch: Some(self.room.log().epoch),
            cursor: self.room.log().head,
        };
        self.tell(hand.socket, &ToRoom::Hello(hello));
    }

    /// Pushes changes of the hand; gives what became of each.
    pub fn push(&mut self, hand: &Hand, changes: &[Change]) -> Vec<Outcome> {
        self.offer(hand, changes, false)
    }

    pub fn offer(&mut self, hand: &Hand, changes: &[Change], refill: bool) -> Vec<Outcome> {
        let mut all = Vec::new();
        for some in changes.chunks(100) {
            let items = some
                .iter()
                .map(|(id, generation, it)| (*id, *generation, it.as_slice()));
            let (changes, _) = pack(items);
            let before = self.sent.get(&hand.socket).map_or(0, Vec::len);
            self.send_push(hand, changes, refill);
            while self.held.is_none() && !self.is_answered(hand.socket, before) && self.wake() {}
            let heard = self.sent.get(&hand.socket).cloned().unwrap_or_default();
            let outcomes = heard[before..].iter().find_map(|message| match message {
                ToClient::Ack { outcomes, .. } => Some(outcomes.clone()),
                ToClient::Failed { failure, .. } => panic!("failed: {failure:?}"),
                ToClient::Welcome { .. }
                | ToClient::Greeted { .. }
                | ToClient::EraBegan { .. }
                | ToClient::Changes { .. }
                | ToClient::Pong { .. }
                | ToClient::Refused(_)
                | ToClient::UpdateNeeded { .. }
                | ToClient::Records { .. }
                | ToClient::News { .. } => None,
            });
            all.extend(outcomes.expect("every push is answered"));
        }
        all
    }

    pub fn send_push(&mut self, hand: &Hand, changes: Packed, refill: bool) {
        let push = ToRoom::Push {
            batch: 1,
            refill,
            changes,
        };
        self.tell(hand.socket, &push);
    }
}

pub type Change = (RecordId, u32, Vec<u8>);

/// Someone who edits, and remembers all they made.
#[derive(Clone)]
pub struct Hand {
    pub number: u8,
    pub socket: u64,
    pub documents: BTreeMap<RecordId, Document>,
    pub made: Vec<Change>,
}

impl Hand {
    pub fn new(number: u8) -> Hand {
        Hand {
            number,
            socket: u64::from(number),
            documents: BTreeMap::new(),
            made: Vec::new(),
        }
    }

    pub fn person(&self) -> PersonId {
        PersonId([self.number; 8])
    }

    pub fn writer(&self) -> Writer {
        Writer {
            person: self.person(),
            instance: [self.number; 8],
        }
    }

    pub fn edit(&mut self, edit: &Edit, now: Timestamp) -> Vec<Change> {
        let writer = self.writer();
        let document = self.documents.entry(edit.record).or_default();
        let edited = document.edit(edit, writer, now).unwrap().changes;
        let changes = edited.into_iter().map(|it| (edit.record, 0, it.bytes));
        let changes: Vec<Change> = changes.collect();
        self.made.extend(changes.clone());
        changes
    }

    pub fn make(&mut self, number: u32, now: Timestamp) -> Vec<Change> {
        let name = format!("Anne {number}");
        let writes = vec![Write::put("first_name", &name), Write::put("city", "Brest")];
        self.edit(&Edit::make(record(number), Kind::Contact, writes), now)
    }

    pub fn put(&mut self, number: u32, field: &str, value: &str, now: Timestamp) -> Vec<Change> {
        let writes = vec![Write::put(field, value)];
        self.edit(&Edit::of(record(number), writes), now)
    }

    /// Knows what another one made.
    pub fn learn(&mut self, changes: &[Change]) {
        for (id, _, bytes) in changes {
            let document = self.documents.entry(*id).or_default();
            document.apply([bytes.as_slice()]).unwrap();
        }
    }
}

/// Someone who only reads: what a device holds, taken literally.
#[derive(Clone)]
pub struct Reader {
    pub number: u8,
    pub socket: u64,
    pub protocol: u16,
    pub cursor: u64,
    pub walk: Option<Walk>,
    pub is_live: bool,
    pub documents: BTreeMap<RecordId, (u32, Document)>,
    pub rows: BTreeMap<RecordId, Vec<u8>>,
    pub erased: BTreeSet<RecordId>,
    pub frames: usize,
    /// Whether it waits for what it asked.
    pub waits: bool,
}

impl Reader {
    pub fn new(number: u8) -> Reader {
        Reader {
            number,
            socket: u64::from(number),
            protocol: PROTOCOL,
            cursor: 0,
            walk: None,
            is_live: false,
            documents: BTreeMap::new(),
            rows: BTreeMap::new(),
            erased: BTreeSet::new(),
            frames: 0,
            waits: false,
        }
    }

    /// Connects on a new socket.
    pub fn connect(&mut self, story: &mut Story) {
        self.socket += 100;
        self.is_live = false;
        story.happens(Event::Opened(SessionId(self.socket)));
        let hello = Hello {
            protocol: self.protocol,
            build: "test".into(),
            device: DeviceId([self.number; 16]),
            incarnation: [self.number; 8],
            person: PersonId([self.number; 8]),
            epoch: Some(story.room.log().epoch),
            cursor: self.cursor,
        };
        let greeting = match self.walk {
            Some(walk) => ToRoom::Return { hello, walk },
            None => ToRoom::Hello(hello),
        };
        self.waits = true;
        story.tell(self.socket, &greeting);
    }

    pub fn leave(&mut self, story: &mut Story) {
        story.happens(Event::Closed(SessionId(self.socket)));
        story.heard(self.socket);
    }

    /// Takes what came, and asks on. `false` when nothing came.
    pub fn step(&mut self, story: &mut Story) -> bool {
        let mut heard = story.heard(self.socket);
        while heard.is_empty() && self.waits && story.wake() {
            heard = story.heard(self.socket);
        }
        let mut ask = None;
        for message in &heard {
            self.frames += 1;
            self.waits &= matches!(message, ToClient::Welcome { head, .. } if *head > self.cursor);
            ask = self.take(message).or(ask);
        }
        if let Some(ask) = ask {
            self.waits = true;
            story.tell(self.socket, &ask);
        }
        !heard.is_empty()
    }

    pub fn catch_up(&mut self, story: &mut Story) {
        while self.step(story) {}
    }

    fn take(&mut self, message: &ToClient) -> Option<ToRoom> {
        match message {
            ToClient::Welcome { head, .. } | ToClient::Greeted { head, .. } => {
                self.is_live = self.cursor == *head;
                None
            }
            ToClient::Changes {
                after,
                upto,
                head,
                changes,
            } => {
                assert!(*after <= self.cursor, "a stretch is missing");
                for item in unpack(changes).unwrap() {
                    self.add(item.document, item.generation, &[], &[item.bytes]);
                }
                self.stretch(*upto, *head)
            }
            ToClient::News {
                after,
                upto,
                head,
                notices,
                records,
            } => {
                assert!(*after <= self.cursor, "a stretch is missing");
                self.heed(notices);
                for kept in records.open().unwrap() {
                    let changes: Vec<_> = kept.changes.into_iter().map(|it| it.0).collect();
                    self.add(kept.document, kept.generation, &kept.snapshot.0, &changes);
                }
                self.stretch(*upto, *head)
            }
            ToClient::Records {
                walk,
                notices,
                records,
                left: _,
            } => {
                assert_eq!(walk.base, self.cursor);
                self.heed(notices);
                for kept in records.open().unwrap() {
                    self.rows.insert(kept.document, kept.row.0.clone());
                    let changes: Vec<_> = kept.changes.into_iter().map(|it| it.0).collect();
                    self.add(kept.document, kept.generation, &kept.snapshot.0, &changes);
                }
                if walk.below <= walk.above {
                    self.cursor = walk.upto;
                    self.walk = None;
                    self.is_live = true;
                    None
                } else {
                    self.walk = Some(*walk);
                    Some(ToRoom::Walk(*walk))
                }
            }
            ToClient::EraBegan { .. } => None,
            ToClient::Pong { head, .. } => {
                let is_behind = *head > self.cursor;
                is_behind.then_some(ToRoom::Pull { after: self.cursor })
            }
            ToClient::Ack { .. }
            | ToClient::Failed { .. }
            | ToClient::Refused(_)
            | ToClient::UpdateNeeded { .. } => None,
        }
    }

    fn stretch(&mut self, upto: u64, head: u64) -> Option<ToRoom> {
        self.cursor = self.cursor.max(upto);
        self.is_live = self.cursor >= head;
        (!self.is_live).then_some(ToRoom::Pull { after: self.cursor })
    }

    fn heed(&mut self, notices: &[Notice]) {
        for notice in notices {
            let (Notice::Forget(document) | Notice::Erased(document)) = notice;
            self.documents.remove(document);
            if matches!(notice, Notice::Erased(_)) {
                self.erased.insert(*document);
            }
        }
    }

    fn add(&mut self, id: RecordId, generation: u32, snapshot: &[u8], changes: &[Vec<u8>]) {
        let (held, document) = self.documents.entry(id).or_default();
        if generation < *held {
            return;
        }
        if generation > *held {
            (*held, *document) = (generation, Document::new());
        }
        if !snapshot.is_empty() {
            let whole = Document::open(snapshot).unwrap().changes();
            document
                .apply(whole.iter().map(|change| change.bytes.as_slice()))
                .unwrap();
        }
        document.apply(changes.iter().map(Vec::as_slice)).unwrap();
    }

    /// Holds what the hand's documents are.
    #[track_caller]
    pub fn assert_holds(&self, documents: &BTreeMap<RecordId, Document>) {
        let held: BTreeSet<_> = self.documents.keys().collect();
        assert!(held == documents.keys().collect(), "other records");
        for (id, document) in documents {
            let held = self.documents.get(id).unwrap();
            assert_eq!(held.1.heads(), document.heads(), "{id}");
        }
    }
}

pub fn record(number: u32) -> RecordId {
    let mut id = [7; 16];
    id[..4].copy_from_slice(&number.to_be_bytes());
    RecordId(id)
}
