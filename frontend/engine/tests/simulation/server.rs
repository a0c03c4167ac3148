//! The server: the real room over a log in memory, its sockets, and the real validator.

use super::faults::Fault;
use super::memory_log::MemoryLog;
use super::mutants::Bug;
use super::network::Socket;
use super::rules::Rules;
use super::storage::{BrokenLog, Storage};
use super::world::{Happening, World};
use shared::id::{PersonId, RecordId};
use shared::sync::client::Event;
use shared::sync::room::{self, LogError, Note, Room, SessionId};
use shared::sync::validation::{Answer, Question};
use shared::validate::Validator;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The validator is given up after so long.
const PATIENCE_MS: u64 = 5_000;

pub struct Server {
    pub room: Room<Storage, Rules>,
    pub rules: Rules,
    /// In some runs a walk has a part for each record, so that much may happen in the middle of it.
    part_bytes: Option<usize>,
    /// Which start of the room this is: what was asked in an earlier one is not answered.
    pub life: u64,
    pub sockets: BTreeMap<u64, Socket>,
    pub is_validator_down: bool,
    pub deadly: BTreeSet<RecordId>,
    /// A copy of all that it has: the log, and what is hidden from whom.
    pub backup: Option<(Storage, Vec<(PersonId, RecordId)>)>,
    validator: Validator,
    epochs: u8,
}

impl Server {
    pub fn new(is_crowded: bool, broken: Option<BrokenLog>, part_bytes: Option<usize>) -> Server {
        let storage = Storage {
            log: MemoryLog::new(1),
            is_crowded,
            broken,
        };
        let rules = Rules::default();
        Server {
            room: begun(storage, rules.clone(), part_bytes),
            rules,
            part_bytes,
            life: 0,
            sockets: BTreeMap::new(),
            is_validator_down: false,
            deadly: BTreeSet::new(),
            backup: None,
            validator: Validator::default(),
            epochs: 1,
        }
    }

    /// A room that begins over a log.
    fn begun(&self, log: Storage) -> Room<Storage, Rules> {
        begun(log, self.rules.clone(), self.part_bytes)
    }
}

fn begun(log: Storage, rules: Rules, part_bytes: Option<usize>) -> Room<Storage, Rules> {
    let room = Room::with_policy(log, rules);
    match part_bytes {
        Some(bytes) => room.with_parts_of(bytes),
        None => room,
    }
}

impl Server {
    pub fn log(&self) -> &MemoryLog {
        &self.room.log().log
    }
}

impl World {
    /// The room hears of something, and its driver does what it wants.
    pub fn room(&mut self, event: room::Event) {
        // Who asks for these asks again until they are done.
        let again = matches!(
            event,
            room::Event::PolicyChanged { .. } | room::Event::Erase { .. }
        );
        let fails = if again {
            None
        } else if self.strikes(Fault::LogFull) {
            Some(LogError::Full)
        } else if self.strikes(Fault::LogFails) {
            Some(LogError::Failed("simulated".into()))
        } else {
            None
        };
        self.server.room.log_mut().log.fails = fails;
        let effects = self.server.room.handle(event, self.now);
        self.server.room.log_mut().log.fails = None;
        self.oracle.count_effects(effects.len());
        self.oracle.note_commits(self.server.log());
        for effect in effects {
            if self.strikes(Fault::RoomKilledBetween) {
                return self.kill_room();
            }
            self.obey_room(effect);
        }
    }

    fn obey_room(&mut self, effect: room::Effect) {
        match effect {
            room::Effect::Send(SessionId(socket), frame) => self.send_to_device(socket, frame),
            room::Effect::Close(SessionId(socket), code) => {
                self.close(socket, code);
            }
            room::Effect::Ask(number, question) => self.ask(number, &question),
            room::Effect::Attach(SessionId(socket), session) => {
                if let Some(socket) = self.server.sockets.get_mut(&socket) {
                    socket.attachment = Some(session);
                }
            }
            room::Effect::WakeIn(ms) => {
                let life = self.server.life;
                self.schedule(ms.into(), Happening::Answer(life, room::Event::Woke));
            }
            room::Effect::Note(note) => {
                if matches!(note, Note::Folded { .. }) {
                    self.note(Fault::Folds);
                }
                self.tell_story(|| format!("{note:?}"));
            }
        }
    }

    fn ask(&mut self, number: u64, question: &Question) {
        let asked: Vec<RecordId> = question.documents.iter().map(|it| it.document).collect();
        let deadly = asked.iter().any(|it| self.server.deadly.contains(it));
        let silent = !asked.is_empty() && self.strikes(Fault::ValidatorSilent);
        let life = self.server.life;
        if deadly || silent || self.server.is_validator_down {
            self.server.validator = Validator::default();
            self.oracle.silenced.extend(asked);
            let event = room::Event::Unanswered(number);
            return self.schedule(PATIENCE_MS, Happening::Answer(life, event));
        }
        let Some(answer) = self.answer(question) else {
            self.server.validator = Validator::default();
            self.oracle.silenced.extend(asked);
            let event = room::Event::Unanswered(number);
            return self.schedule(PATIENCE_MS, Happening::Answer(life, event));
        };
        self.oracle.note_verdicts(question, &answer);
        let delay = 3 + self.random.below(30);
        self.schedule(
            delay,
            Happening::Answer(life, room::Event::Answered(number, answer)),
        );
    }

    /// The validator's answer. Hostile bytes may make it panic, and nothing else may.
    fn answer(&mut self, question: &Question) -> Option<Answer> {
        let validator = &mut self.server.validator;
        if self.hostile.is_none() {
            return Some(validator.answer(question));
        }
        catch_unwind(AssertUnwindSafe(|| validator.answer(question))).ok()
    }

    /// The process dies; what its log holds comes back.
    pub fn kill_room(&mut self) {
        let log = self.server.room.log().clone();
        self.begin_room(log);
    }

    /// The log as another start of the process finds it.
    fn started(&mut self, log: Storage) -> Storage {
        if self.is(Bug::KeepsEra) {
            return log;
        }
        let chance = u64::from_le_bytes(self.random.bytes());
        Storage {
            log: log.log.started(chance),
            ..log
        }
    }

    fn begin_room(&mut self, log: Storage) {
        let log = self.started(log);
        self.server.room = self.server.begun(log);
        self.server.life += 1;
        self.break_sockets();
    }

    /// All sockets break, and both ends learn it.
    pub fn break_sockets(&mut self) {
        let sockets: Vec<u64> = self.server.sockets.keys().copied().collect();
        for socket in sockets {
            self.close(socket, 1006);
            let gone = room::Event::Closed(SessionId(socket));
            // A room that sends nothing because of it: there is nobody to send to.
            self.server.room.handle(gone, self.now);
        }
    }

    /// It is put out of memory while nothing happens; its sockets stay.
    pub fn put_room_to_sleep(&mut self) {
        let log = self.server.room.log().clone();
        let log = self.started(log);
        self.server.room = self.server.begun(log);
        self.server.life += 1;
        let sockets = self.server.sockets.iter();
        let sessions: Vec<_> = sockets
            .filter_map(|(id, socket)| Some((SessionId(*id), socket.attachment.clone()?)))
            .collect();
        for (id, session) in sessions {
            self.room(room::Event::Restored(id, session));
        }
    }

    /// The log is as it was some time ago: a copy, which may be put back more than once. Devices of an older
    /// protocol can't tell that from the log; where there are any, all is lost, and it is made anew.
    pub fn restore_server(&mut self) {
        let Some((mut log, mut hidden)) = self.server.backup.clone() else {
            return;
        };
        if self.random.once_in(2) {
            self.server.backup = None;
        }
        let before = self.present();
        if self.faults.is_on(Fault::OldProtocol) || self.random.once_in(8) {
            self.note(Fault::ServerLost);
            self.server.epochs += 1;
            log.log = MemoryLog::new(self.server.epochs);
            hidden.clear();
            self.server.backup = None;
        }
        self.server.rules.restore(&hidden);
        self.oracle.restart_log(&log.log);
        self.begin_room(log);
        let after = self.present();
        self.oracle.release(&before, &after);
        self.erase_again();
        self.kill_while_offering();
    }

    /// A device that dies while it gives a restored server all that it has goes on with that at its next start.
    fn kill_while_offering(&mut self) {
        for device in 0..self.devices.len() {
            if self.faults.is_on(Fault::EngineKilled) && self.random.once_in(2) {
                let moment = self.random.below(3_000);
                self.schedule(moment, Happening::Kill(device));
            }
        }
    }

    fn close(&mut self, socket: u64, code: u16) {
        if let Some(Socket { device, engine, .. }) = self.server.sockets.remove(&socket) {
            let closed = Happening::Tell {
                device,
                engine,
                socket: Some(socket),
                event: Event::Closed { code },
            };
            self.schedule(5, closed);
        }
    }
}
