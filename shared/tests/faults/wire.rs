//! A hand that writes frames of its own to a room, whatever a device would never send.

use crate::world::START;
use crate::world::memory_log::MemoryLog;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::{self, Failure, Hello, Outcome, PROTOCOL, ToClient, ToRoom};
use shared::sync::packed::pack;
use shared::sync::room::{Effect, Event, Room, SessionId};
use shared::sync::validation::{Answer, Question};
use shared::time::Timestamp;
use shared::validate::Validator;

/// What answers the room's questions.
pub type Answers = Box<dyn FnMut(&Question) -> Option<Answer>>;

/// A room and sockets to it.
pub struct Wire {
    pub room: Room<MemoryLog>,
    pub answers: Answers,
    /// How many questions about changes the validator was asked.
    pub asked: usize,
    /// The close codes of sockets that the room closed.
    pub closed: Vec<u16>,
    /// The clock of both.
    pub now: Timestamp,
}

impl Wire {
    pub fn new() -> Wire {
        let mut validator = Validator::default();
        Wire {
            room: Room::new(MemoryLog::new(1)),
            answers: Box::new(move |question| Some(validator.answer(question))),
            asked: 0,
            closed: Vec::new(),
            now: START,
        }
    }

    /// Hands an event in; gives the frames for that socket.
    pub fn happens(&mut self, event: Event, listener: u64) -> Vec<ToClient> {
        // No faster than a device may push.
        self.now.0 += 50;
        let mut heard = Vec::new();
        let mut ahead = self.room.handle(event, self.now);
        while !ahead.is_empty() {
            let mut next = Vec::new();
            for effect in ahead {
                match effect {
                    Effect::Send(SessionId(to), frame) if to == listener => {
                        heard.push(message::decode(&frame).unwrap());
                    }
                    Effect::Ask(number, question) => {
                        self.asked += usize::from(!question.documents.is_empty());
                        let event = match (self.answers)(&question) {
                            Some(answer) => Event::Answered(number, answer),
                            None => Event::Unanswered(number),
                        };
                        next.extend(self.room.handle(event, self.now));
                    }
                    Effect::Close(_, code) => self.closed.push(code),
                    Effect::Send(..) | Effect::Attach(..) | Effect::WakeIn(_) | Effect::Note(_) => {
                    }
                }
            }
            ahead = next;
        }
        heard
    }

    pub fn says_bytes(&mut self, socket: u64, frame: Vec<u8>) -> Vec<ToClient> {
        self.happens(Event::Frame(SessionId(socket), frame), socket)
    }

    pub fn says(&mut self, socket: u64, message: &ToRoom) -> Vec<ToClient> {
        self.says_bytes(socket, message::encode(message))
    }

    /// Opens a socket and greets.
    pub fn greets(&mut self, socket: u64, person: u8, cursor: u64) -> Vec<ToClient> {
        self.happens(Event::Opened(SessionId(socket)), socket);
        self.says(socket, &ToRoom::Hello(self.hello(person, cursor)))
    }

    pub fn hello(&self, person: u8, cursor: u64) -> Hello {
        Hello {
            protocol: PROTOCOL,
            build: "test".into(),
            device: DeviceId([person; 16]),
            incarnation: [person; 8],
            person: PersonId([person; 8]),
            epoch: Some(self.room.log().epoch),
            cursor,
        }
    }

    /// Pushes chunks, again after a while where that is too fast; gives what became of each.
    pub fn pushes(&mut self, socket: u64, chunks: &[(RecordId, Vec<u8>)]) -> Vec<Outcome> {
        let is_too_fast = |it: &ToClient| matches!(it, ToClient::Failed { failure, .. } if *failure == Failure::TooFast);
        let mut answer = self.says(socket, &push(chunks));
        while answer.iter().any(is_too_fast) {
            self.now.0 += 5_000;
            answer = self.says(socket, &push(chunks));
        }
        // what others wrote meanwhile may come along
        let outcomes = answer.iter().find_map(|it| {
            let ToClient::Ack { outcomes, .. } = it else {
                return None;
            };
            Some(outcomes.clone())
        });
        outcomes.expect("an acknowledgement")
    }

    /// What the log holds.
    pub fn stored(&self) -> usize {
        self.room.log().names().len()
    }

    /// Whether the connection lives: a ping is answered.
    #[track_caller]
    pub fn assert_lives(&mut self, socket: u64) {
        let answer = self.says(socket, &ToRoom::Ping);
        assert!(matches!(answer[..], [ToClient::Pong { .. }]), "{answer:?}");
    }
}

pub fn push(chunks: &[(RecordId, Vec<u8>)]) -> ToRoom {
    let (changes, _) = pack(chunks.iter().map(|(id, chunk)| (*id, 0, chunk.as_slice())));
    ToRoom::Push {
        batch: 1,
        refill: false,
        changes,
    }
}

/// How many bytes a change has on its way.
pub fn carried(chunk: &[u8]) -> usize {
    pack([(RecordId([1; 16]), 0, chunk)]).0.0.len()
}

pub fn writer(person: u8) -> Writer {
    Writer {
        person: PersonId([person; 8]),
        instance: [person; 8],
    }
}

/// The changes of a contact that this person makes and then edits so many times.
pub fn contact(id: RecordId, person: u8, edits: u32) -> Vec<(RecordId, Vec<u8>)> {
    let mut document = Document::new();
    let make = Edit::make(id, Kind::Contact, vec![Write::put("first_name", "Anne")]);
    let mut chunks = document.edit(&make, writer(person), START).unwrap().changes;
    for edit in 0..edits {
        let put = Edit::of(
            id,
            vec![Write::put("city", format!("town {edit}").as_str())],
        );
        chunks.extend(document.edit(&put, writer(person), START).unwrap().changes);
    }
    chunks.into_iter().map(|chunk| (id, chunk.bytes)).collect()
}
