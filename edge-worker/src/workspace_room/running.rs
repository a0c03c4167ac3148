//! Driving the room: what it wants done, asked and woken for.

use super::door::{self, Door};
use super::now;
use super::sockets::Sockets;
use crate::change_log::SqlLog;
use crate::{journal, validator};
use serde::Serialize;
use shared::id::RecordId;
use shared::sync::room::{Effect, Event, Note, Room};
use shared::sync::validation::{Question, Task};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use worker::{Delay, Env, State};

/// The room is woken by a timer; should it be gone by then, the alarm wakes it this much later.
const ALARM_AFTER: Duration = Duration::from_secs(10);

/// Before each question of its own, for snapshots, the room waits for so long; between those about pushes it
/// steps back at least. On the local runtime everything shares a thread, which turns to the network only
/// where nothing else is to be done: while 50,000 records were folded, a page took seven seconds to load.
const BREATH: Duration = Duration::from_millis(5);

/// A room that runs.
pub struct Running {
    state: Rc<State>,
    env: Env,
    /// The room and its sockets. Never held while something is awaited.
    pub inner: RefCell<Inner>,
    /// How often a timer was set: only the last one wakes the room.
    timers: Cell<u64>,
    /// Names the room among those of this process.
    number: u64,
    alarm: Cell<Alarm>,
}

/// The alarm is a row in SQLite. It is not set before something else was stored: a room on a full disk,
/// where every write ends it, goes on giving what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alarm {
    NothingStored,
    Unset,
    Set,
}

/// A room and its sockets.
pub struct Inner {
    /// The room.
    pub room: Room<SqlLog>,
    /// Its sockets.
    pub sockets: Sockets,
    /// Who comes in.
    pub door: Door,
}

/// What is still to be done once the room has answered.
#[derive(Default)]
pub struct Left {
    asked: Option<(u64, Question)>,
    wake_in_ms: Option<u32>,
    notes: Vec<Note>,
}

impl Running {
    /// Starts a room over a log, with the sockets that slept with it.
    pub fn start(state: Rc<State>, env: Env, log: SqlLog) -> Rc<Running> {
        let room = Room::new(log);
        let (sockets, sessions) = Sockets::restore(&state);
        if !sessions.is_empty() {
            journal::write("", Woke::with(sessions.len()));
        }
        let running = Rc::new(Running {
            state,
            env,
            inner: RefCell::new(Inner {
                room,
                sockets,
                door: Door::default(),
            }),
            timers: Cell::new(0),
            number: door::number_of_room(),
            alarm: Cell::new(Alarm::NothingStored),
        });
        for (id, session) in sessions {
            running.begin(Event::Restored(id, session));
        }
        running
    }

    /// The alarm went off.
    pub async fn alarmed(self: &Rc<Self>) {
        self.alarm.set(Alarm::Unset);
        self.run(Event::Woke).await;
    }

    /// Hands an event to the room and does all that follows.
    pub async fn run(self: &Rc<Self>, event: Event) {
        let left = self.step(event);
        self.finish(left).await;
    }

    /// Hands an event to the room and carries out what it wants at once.
    fn step(&self, event: Event) -> Left {
        let inner = &mut *self.inner.borrow_mut();
        if let Event::Closed(id) = &event {
            inner.sockets.remove(*id);
        }
        let mut left = Left::default();
        let now = now();
        let busy = door::has_neighbours(self.number, now);
        inner.room.has_neighbours(busy);
        for effect in inner.room.handle(event, now) {
            match effect {
                Effect::Send(id, frame) => inner.sockets.send(id, &frame),
                Effect::Close(id, code) => inner.sockets.close(id, code),
                Effect::Attach(id, session) => inner.sockets.attach(id, session),
                Effect::Ask(number, question) => left.asked = Some((number, question)),
                Effect::WakeIn(ms) => left.wake_in_ms = Some(ms),
                Effect::Note(note) => left.notes.push(note),
            }
        }
        left
    }

    /// Whether other rooms of this process were busy lately.
    pub fn is_beside_busy(&self) -> bool {
        door::is_beside_busy(self.number, now())
    }

    /// Does what is left: asks the validator for as long as the room has questions.
    async fn finish(self: &Rc<Self>, mut left: Left) {
        let mut is_next = false;
        while let Some((number, question)) = left.asked.take() {
            self.tell(left);
            if question.documents.iter().any(|it| it.task != Task::Check) {
                Delay::from(BREATH).await;
            } else if is_next {
                Delay::from(Duration::ZERO).await;
            }
            is_next = true;
            let event = match validator::ask(&self.env, question).await {
                Some(answer) => Event::Answered(number, answer),
                None => Event::Unanswered(number),
            };
            left = self.step(event);
        }
        self.tell(left);
    }

    /// Hands an event to the room; what takes time happens after the request that it came with.
    pub fn begin(self: &Rc<Self>, event: Event) {
        let left = self.step(event);
        self.finish_later(left);
    }

    fn finish_later(self: &Rc<Self>, left: Left) {
        let running = Rc::clone(self);
        self.state
            .wait_until(async move { running.finish(left).await });
    }

    /// Erases records; returns the status.
    pub fn erase(self: &Rc<Self>, documents: Vec<RecordId>) -> u16 {
        let left = self.step(Event::Erase { documents });
        let failed = left.notes.contains(&Note::StorageFailed);
        self.finish_later(left);
        if failed { 503 } else { 204 }
    }

    /// Sets the timer that was asked for, and writes down what happened once the answers are on
    /// their way.
    fn tell(self: &Rc<Self>, left: Left) {
        if left.notes.iter().any(stores) && self.alarm.get() == Alarm::NothingStored {
            self.alarm.set(Alarm::Unset);
        }
        if let Some(ms) = left.wake_in_ms {
            self.wake_in(Duration::from_millis(ms.into()));
        }
        if !left.notes.is_empty() {
            self.state.wait_until(async move {
                Delay::from(Duration::ZERO).await;
                for note in left.notes {
                    journal::write("", note);
                }
            });
        }
    }

    fn wake_in(self: &Rc<Self>, after: Duration) {
        let timer = self.timers.get() + 1;
        self.timers.set(timer);
        let running = Rc::clone(self);
        self.state.wait_until(async move {
            Delay::from(after).await;
            if running.timers.get() == timer {
                let left = running.step(Event::Woke);
                running.finish(left).await;
            }
        });
        if self.alarm.get() == Alarm::Unset {
            self.alarm.set(Alarm::Set);
            let storage = self.state.storage();
            let running = Rc::clone(self);
            self.state.wait_until(async move {
                // Not while an acknowledgement is on its way.
                Delay::from(after / 2).await;
                if storage.set_alarm(after + ALARM_AFTER).await.is_err() {
                    running.alarm.set(Alarm::Unset);
                }
            });
        }
    }
}

/// A room that slept, or whose runtime began anew, has its sockets again.
#[derive(Serialize)]
struct Woke {
    event: &'static str,
    sockets: usize,
}

impl Woke {
    fn with(sockets: usize) -> Woke {
        Woke {
            event: "woke",
            sockets,
        }
    }
}

/// Whether something was stored.
fn stores(note: &Note) -> bool {
    match note {
        Note::Pushed { accepted, .. } => *accepted > 0,
        Note::Folded { .. } | Note::Erased { .. } | Note::Squashed { .. } => true,
        Note::FrameRefused { .. }
        | Note::Shed
        | Note::ValidatorSilent { .. }
        | Note::StorageFailed => false,
    }
}
