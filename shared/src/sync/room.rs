//! The server's side: one room a workspace. It admits changes, has them validated, stores them in the
//! log, acknowledges and publishes them, in this order and one push at a time.
//!
//! The room keeps nothing that it could not lose: who is connected comes back from the sockets'
//! attachments, everything else is in the log. Pushes that waited are sent again by their devices.

mod admit;
mod asks;
mod era;
mod fold;
mod gone;
mod history;
mod live;
mod log;
mod note;
mod pace;
mod policy;
mod push;
mod serve;
mod walk;

pub use log::{
    Append, Binding, BlockId, ChangeLog, Entry, Erasure, Fold, Folded, LogError, LogRow, Name,
    NewChange, Quarantined, RawChanges, Record, Refused, Renewed, Sight, State,
};
pub use note::Note;
pub use policy::{Everyone, Policy};

use super::message::{self, Era, PROTOCOL, Refusal, ToClient, ToRoom, close};
use super::validation::{Answer, Question};
use crate::id::{DeviceId, PersonId, RecordId};
use crate::time::Timestamp;
use asks::{Ask, Asks};
use fold::Background;
use history::Opened;
use live::Live;
use pace::Pace;
use push::{Flight, Pending, Turn};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// Names a socket for as long as it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// Where a socket comes from: a number for its network. What has the same one shares what an address may ask.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Address(pub u64);

/// What is known of a socket; kept in its attachment, so that the room may sleep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who speaks; `None` before Hello.
    pub speaker: Option<Speaker>,
    /// The protocol that both speak.
    pub protocol: u16,
    /// Whether it has the whole log: it then gets what is new as it comes.
    pub live: bool,
    /// Where it comes from. An attachment that an older version wrote ends before it.
    #[serde(deserialize_with = "or_default")]
    pub address: Address,
    /// The era that this very start of the process appended in, once there is one. The socket ends with
    /// the process: where a room that slept finds it again, the era goes on.
    #[serde(deserialize_with = "or_default")]
    pub era: Option<Era>,
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(T::deserialize(deserializer).unwrap_or_default())
}

impl Default for Session {
    fn default() -> Session {
        Session {
            speaker: None,
            protocol: PROTOCOL,
            live: false,
            address: Address::default(),
            era: None,
        }
    }
}

/// Who speaks on a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The installation.
    pub device: DeviceId,
    /// Drawn at the start of its engine.
    pub incarnation: [u8; 8],
    /// Whose edits it pushes.
    pub person: PersonId,
}

/// What happens to a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A socket opened; nothing is known of where it comes from.
    Opened(SessionId),
    /// A socket opened from there.
    OpenedFrom(SessionId, Address),
    /// The room woke up and found this socket.
    Restored(SessionId, Session),
    /// A frame came.
    Frame(SessionId, Vec<u8>),
    /// A socket closed.
    Closed(SessionId),
    /// The validator answered the question of this number.
    Answered(u64, Answer),
    /// The validator failed or took too long with it.
    Unanswered(u64),
    /// The time of the last `WakeIn` has come.
    Woke,
    /// The policy's answers changed for a person, as the policy that the room has says already.
    PolicyChanged {
        /// For whom.
        person: PersonId,
        /// What is hidden from them or shown to them.
        changes: Vec<(RecordId, Sight)>,
    },
    /// Documents are to be erased for good. Answered by `Note::Erased` or `Note::StorageFailed` among the
    /// effects.
    Erase {
        /// Which.
        documents: Vec<RecordId>,
    },
    /// Documents are to begin a new generation without their history, when the validator has time.
    Squash {
        /// Which.
        documents: Vec<RecordId>,
    },
}

/// What the driver is to do, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send a frame.
    Send(SessionId, Vec<u8>),
    /// Close a socket with this code.
    Close(SessionId, u16),
    /// Keep this in the socket's attachment.
    Attach(SessionId, Session),
    /// Ask the validator; answered by `Answered` or `Unanswered`, at most one at a time.
    Ask(u64, Question),
    /// Tell the room `Woke` after about so many milliseconds. There is one timer: a later one takes the
    /// place of an earlier one. Should the driver lose it, only work in the background waits.
    WakeIn(u32),
    /// A line for the server's log.
    Note(Note),
}

/// The most sockets of a device; the oldest goes.
pub const SOCKETS_A_DEVICE: usize = 20;

/// One workspace's room.
#[derive(Debug)]
pub struct Room<L, P = Everyone> {
    log: L,
    policy: P,
    sessions: BTreeMap<SessionId, Session>,
    waiting: VecDeque<Pending>,
    flight: Option<Flight>,
    turn: Turn,
    background: Background,
    live: Live,
    pace: Pace,
    asks: Asks,
    opened: Opened,
    /// How often documents ended a generation; a push that saw another number looks again.
    ends: u64,
    questions: u64,
    effects: Vec<Effect>,
    now: Timestamp,
    /// The most bytes of a part of a walk before it is packed, unless a single record has more.
    part_bytes: usize,
}

impl<L: ChangeLog> Room<L> {
    /// A room over a log, in which everyone sees and changes everything.
    pub fn new(log: L) -> Room<L> {
        Room::with_policy(log, Everyone)
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// A room over a log.
    pub fn with_policy(log: L, policy: P) -> Room<L, P> {
        Room {
            log,
            policy,
            sessions: BTreeMap::new(),
            waiting: VecDeque::new(),
            flight: None,
            turn: Turn::default(),
            background: Background::default(),
            live: Live::default(),
            pace: Pace::default(),
            asks: Asks::default(),
            opened: Opened::default(),
            ends: 0,
            questions: 0,
            effects: Vec::new(),
            now: Timestamp::default(),
            part_bytes: walk::PART_BYTES,
        }
    }

    /// With so many bytes, before they are packed, in a part of a walk; a single record may have more.
    pub fn with_parts_of(self, part_bytes: usize) -> Room<L, P> {
        Room { part_bytes, ..self }
    }

    /// The log.
    pub fn log(&self) -> &L {
        &self.log
    }

    /// The log, to change what the room has no part in.
    pub fn log_mut(&mut self) -> &mut L {
        &mut self.log
    }

    /// The policy, to change it; the room is then told `PolicyChanged`.
    pub fn policy_mut(&mut self) -> &mut P {
        &mut self.policy
    }

    /// Says whether other rooms of the same process were busy lately: this one then works in small portions
    /// and steps back in between.
    pub fn has_neighbours(&mut self, busy: bool) {
        self.turn.has_neighbours = busy;
    }

    /// Takes in what happened and says what is to be done.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        self.expire();
        match event {
            Event::Opened(id) => self.attach(id, Session::default()),
            Event::OpenedFrom(id, address) => {
                let session = Session {
                    address,
                    ..Session::default()
                };
                self.attach(id, session);
            }
            Event::Restored(id, session) => self.restore(id, session),
            Event::Closed(id) => self.leave(id),
            Event::Frame(id, frame) => self.receive(id, &frame),
            Event::Answered(question, answer) => self.hear(question, Some(answer)),
            Event::Unanswered(question) => self.hear(question, None),
            Event::Woke => self.background.woke(),
            Event::PolicyChanged { person, changes } => self.policy_changed(person, &changes),
            Event::Erase { documents } => self.erase(&documents),
            Event::Squash { documents } => self.background.wants_squash(documents),
        }
        self.take_up();
        self.publish();
        self.answer_asks();
        self.work_on();
        std::mem::take(&mut self.effects)
    }

    fn hear(&mut self, question: u64, answer: Option<Answer>) {
        if self.background.asked(question) {
            self.background_answered(answer);
        } else {
            self.answered(question, answer);
        }
    }

    fn receive(&mut self, id: SessionId, frame: &[u8]) {
        let Some(session) = self.sessions.get(&id) else {
            return;
        };
        self.live.heard(id);
        let speaker = session.speaker;
        if !self.asks.hears(id, self.now) {
            return self.shed(id);
        }
        match (message::decode(frame), speaker) {
            (Ok(ToRoom::Hello(hello)), _) => self.welcome(id, &hello, None),
            (Ok(ToRoom::Return { hello, walk }), _) => self.welcome(id, &hello, Some(walk)),
            (Ok(ToRoom::Greet { hello, walk, mark }), _) => self.greet(id, &hello, walk, mark),
            (Ok(ToRoom::Pull { after }), Some(_)) => self.ask_for(id, Ask::After(after)),
            (Ok(ToRoom::Walk(walk)), Some(_)) => self.ask_for(id, Ask::On(walk)),
            (Ok(ToRoom::Ping), Some(_)) => self.pong(id),
            (
                Ok(ToRoom::Push {
                    batch,
                    refill,
                    changes,
                }),
                Some(speaker),
            ) => self.wait(id, speaker, batch, refill, &changes),
            (Ok(_), None) => self.refuse(id, Refusal::HelloFirst, frame.len()),
            (Err(refusal), _) => self.refuse(id, refusal, frame.len()),
        }
    }

    fn leave(&mut self, id: SessionId) {
        self.sessions.remove(&id);
        self.live.leave(id);
        self.asks.leave(id);
        self.waiting.retain(|pending| pending.session != id);
    }

    /// Closes a socket that asks for more than its share.
    fn shed(&mut self, id: SessionId) {
        self.leave(id);
        self.effects.push(Effect::Note(Note::Shed));
        self.effects.push(Effect::Close(id, close::TOO_MUCH));
    }

    /// Numbers a question.
    fn next_question(&mut self) -> u64 {
        self.questions += 1;
        self.questions
    }

    fn refuse(&mut self, id: SessionId, refusal: Refusal, length: usize) {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        self.effects
            .push(Effect::Note(Note::FrameRefused { length }));
        self.send(id, &ToClient::Refused(refusal));
    }

    fn send(&mut self, id: SessionId, message: &ToClient) {
        self.effects
            .push(Effect::Send(id, message::encode(message)));
    }

    fn attach(&mut self, id: SessionId, session: Session) {
        if self.sessions.get(&id) != Some(&session) {
            self.effects.push(Effect::Attach(id, session.clone()));
            self.sessions.insert(id, session);
        }
    }
}
