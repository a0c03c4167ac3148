//! Engines: started, driven as the browser's driver does it, killed, frozen and thawed.

use super::device::{Device, Engine};
use super::disk::Doing;
use super::faults::Fault;
use super::mutants::Bug;
use super::reading::{Reading, copy_of};
use super::world::{Happening, World};
use engine::leader::Told;
use engine::platform::native::run;
use engine::platform::storage::StorageError;
use shared::sync::client::{Effect, Event, Point, Store, Unreachable};

impl World {
    pub fn start(&mut self, device: usize) {
        let instance = match self.is(Bug::ReusesActor) {
            true => [device as u8; 8],
            false => self.random.bytes(),
        };
        let (number, now) = (self.number(), self.now);
        self.enter(device, Doing::Opening);
        let started = self.devices[device].start(number, instance, now);
        self.note_struck();
        if started.is_err() {
            self.devices[device].engine = None;
            return self.schedule(1_000, Happening::Start(device));
        }
        self.check_device(device);
        self.tell_leader(device, Event::Started);
    }

    /// The engine dies, with all that it knew and did not store.
    pub fn kill(&mut self, device: usize) {
        self.tell_story(|| format!("engine of {device} dies"));
        if let Some(engine) = self.devices[device].engine.take() {
            self.abandon(&engine);
        }
        let pause = 20 + self.random.below(2_000);
        self.schedule(pause, Happening::Start(device));
    }

    /// The server may or may not learn that an engine is gone.
    pub fn abandon(&mut self, engine: &Engine) {
        if let Some(socket) = engine.socket
            && self.random.once_in(2)
        {
            self.schedule(5, Happening::Gone(socket));
        }
    }

    pub fn restart(&mut self, device: usize) {
        if let Some(engine) = self.devices[device].engine.take() {
            self.abandon(&engine);
        }
        self.start(device);
    }

    /// The tab that writes is frozen, and another one takes its place.
    pub fn take_over(&mut self, device: usize) {
        let Some(engine) = self.devices[device].engine.take() else {
            return;
        };
        let number = engine.number;
        self.devices[device].frozen.push(engine);
        self.start(device);
        let pause = self.random.below(30_000);
        self.schedule(pause, Happening::Thaw(device, number));
    }

    /// A tab that was frozen goes on where it was; it may find that another one writes.
    pub fn thaw(&mut self, device: usize, number: u64) {
        let frozen = &mut self.devices[device].frozen;
        let Some(at) = frozen.iter().position(|engine| engine.number == number) else {
            return;
        };
        self.tell_story(|| format!("a tab of {device} thaws"));
        let mut engine = self.devices[device].frozen.remove(at);
        let held = std::mem::take(&mut engine.held);
        let leader = self.devices[device].engine.replace(engine);
        for (socket, event) in held {
            self.tell(device, number, socket, event);
        }
        self.edit(device);
        // Unless the fence is broken it can't have written, and steps down.
        let thawed = match leader {
            Some(leader) => self.devices[device].engine.replace(leader),
            None => self.devices[device].engine.take(),
        };
        if let Some(thawed) = thawed {
            self.abandon(&thawed);
        }
        if self.devices[device].engine.is_none() {
            self.schedule(20, Happening::Start(device));
        } else if self.devices[device].is_dead() {
            self.kill(device);
        }
    }

    pub fn nudge(&mut self, device: usize) {
        self.tell_leader(device, Event::Nudged);
    }

    pub fn tell_leader(&mut self, device: usize, event: Event) {
        if let Some(engine) = &self.devices[device].engine {
            let number = engine.number;
            self.tell(device, number, None, event);
        }
    }

    /// Tells an engine what happened, and carries out what its client wants.
    pub fn tell(&mut self, device: usize, number: u64, socket: Option<u64>, event: Event) {
        if device >= self.devices.len() {
            return;
        }
        let clock = self.devices[device].clock(self.now);
        let frozen = &mut self.devices[device].frozen;
        if let Some(engine) = frozen.iter_mut().find(|engine| engine.number == number) {
            return engine.held.push((socket, event));
        }
        let Some(engine) = self.devices[device].engine(number) else {
            return;
        };
        if socket.is_some() && socket != engine.socket {
            return;
        }
        if matches!(event, Event::Closed { .. } | Event::Unreachable(_)) {
            engine.socket = None;
        }
        let effects = engine.client.handle(event, clock);
        self.oracle.count_effects(effects.len());
        for effect in effects {
            if self.strikes(Fault::EngineKilledBetween) {
                return self.kill(device);
            }
            if !self.obey(device, number, effect) {
                return;
            }
        }
    }

    /// Carries out one effect; returns whether the engine lives on.
    fn obey(&mut self, device: usize, number: u64, effect: Effect) -> bool {
        let socket = self.number();
        let clock = self.devices[device].clock(self.now);
        let now = self.now.0;
        let offline = self.devices[device].is_offline;
        let Some(engine) = self.devices[device].engine(number) else {
            return false;
        };
        match effect {
            Effect::Connect => {
                engine.socket = Some(socket);
                if offline {
                    let event = Event::Unreachable(Unreachable::Network);
                    self.answer_later(device, number, Some(socket), 5, event);
                } else {
                    let upgrade = Happening::Upgrade {
                        socket,
                        device,
                        engine: number,
                    };
                    self.schedule(5, upgrade);
                }
            }
            Effect::Disconnect => {
                if let Some(socket) = engine.socket.take() {
                    self.schedule(5, Happening::Gone(socket));
                }
            }
            Effect::Send(frame) => {
                if let Some(socket) = engine.socket {
                    self.send_to_room(device, socket, frame);
                }
            }
            Effect::Read(read) => {
                self.enter(device, Doing::Storing);
                let read = match self.devices[device].engine(number) {
                    Some(engine) => run(engine.leader.workspace.read(read)),
                    None => return false,
                };
                self.note_struck();
                let (changes, more) = read.unwrap_or_default();
                let event = Event::Read { changes, more };
                self.answer_later(device, number, None, 1, event);
            }
            Effect::WakeAt(at) => engine.wake_at = Some(now + (at.0 - clock.0).max(0)),
            Effect::StatusChanged => {}
            Effect::Store(store) => return self.store(device, number, store),
        }
        true
    }

    fn answer_later(
        &mut self,
        device: usize,
        engine: u64,
        socket: Option<u64>,
        delay_ms: u64,
        event: Event,
    ) {
        let tell = Happening::Tell {
            device,
            engine,
            socket,
            event,
        };
        self.schedule(delay_ms, tell);
    }

    /// What an engine does from here on is this device's.
    pub fn enter(&mut self, device: usize, doing: Doing) {
        let mut chaos = self.chaos.borrow_mut();
        chaos.doing = doing;
        drop(chaos);
        self.devices[device].enter(self.now);
    }

    /// Notes what the disks did of themselves.
    pub fn note_struck(&mut self) {
        let struck = std::mem::take(&mut self.chaos.borrow_mut().struck);
        for fault in struck {
            self.note(fault);
        }
    }

    fn store(&mut self, device: usize, number: u64, mut store: Store) -> bool {
        if self.is(Bug::OfferNotStored) {
            store.point.offering = false;
        }
        if self.is(Bug::MovesCursorBeforeStoring) {
            let early = Store {
                point: store.point,
                ..Store::default()
            };
            if !self.commit(device, number, early) {
                return false;
            }
        }
        self.commit(device, number, store)
    }

    /// One transaction of the device: all of it or nothing. Returns whether the engine lives on.
    fn commit(&mut self, device: usize, number: u64, store: Store) -> bool {
        self.enter(device, Doing::Storing);
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = self.devices[device].engine(number) else {
            return false;
        };
        let line = format!("device {device} {}", spoken(&store));
        let author = (engine.writer, engine.clock(clock));
        // What was not offered yet to a log that was set back goes with a record that it hides.
        let is_offering = engine.leader.workspace.point.offering;
        let is_void = !store.forget.is_empty()
            && (is_offering || !self.server.log().holds_point(&store.point));
        let before = is_void.then(|| self.present());
        let disks = copy_of(&self.devices[device]);
        let confirmed = store.confirmed.clone();
        self.enter(device, Doing::Storing);
        let Some(engine) = self.devices[device].engine(number) else {
            return false;
        };
        let doubted = engine.leader.workspace.doubted();
        let stored = run(engine.leader.store(store, author));
        let is_doubted = engine.leader.workspace.doubted() > doubted;
        let line = format!("{line}: {:?}", stored.as_ref().map(|_| ()));
        self.tell_story(|| line);
        self.note_struck();
        if let Some(before) = before {
            // A server that was set back since had it forget what nobody else has.
            let after = self.present();
            self.oracle.release(&before, &after);
        }
        if is_doubted {
            self.note(Fault::Doubted);
        }
        let is_dead = self.devices[device].is_dead();
        let may_have_remade = stored.as_ref().map_or(true, |told| told.replaced.is_some());
        if is_dead || may_have_remade {
            let before = Reading::of_copy(disks);
            self.note_remade(device, &before, &confirmed, author.1);
        }
        if is_dead {
            self.kill(device);
            return false;
        }
        let event = match stored {
            Ok(told) => {
                self.take(device, number, told);
                Event::Stored
            }
            Err(StorageError::Fenced | StorageError::Lost(_)) => {
                self.step_down(device, number);
                return false;
            }
            Err(_) => Event::StoreFailed,
        };
        self.answer_later(device, number, None, 2, event);
        true
    }

    /// What is taken for the cause of crashes is tried again where its time has come.
    pub fn try_doubted(&mut self, device: usize) {
        let clock = self.devices[device].clock(self.now);
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let next = engine.leader.workspace.next_doubt(clock);
        if next.is_none_or(|at| at > clock) {
            return;
        }
        let (number, author) = (engine.number, (engine.writer, engine.clock(clock)));
        self.note(Fault::TriedAgain);
        let before = Reading::of(&self.devices[device]);
        self.enter(device, Doing::Storing);
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let told = run(engine.leader.try_doubted(author));
        self.tell_story(|| format!("device {device}: {:?}", told.as_ref().map(|_| ())));
        self.note_struck();
        self.note_remade(device, &before, &[], author.1);
        if self.devices[device].is_dead() {
            return self.kill(device);
        }
        match told {
            Ok(told) => self.take(device, number, told),
            Err(StorageError::Fenced | StorageError::Lost(_)) => self.step_down(device, number),
            Err(_) => {}
        }
    }

    /// The client learns of edits that were made again, and of what is to be offered.
    fn take(&mut self, device: usize, number: u64, told: Told) {
        if told.offers {
            self.note(Fault::OfferedAgain);
            self.answer_later(device, number, None, 1, Event::Offered);
        }
        if let Some((gone, saved)) = told.replaced {
            let replaced = Event::Replaced { gone, saved };
            self.answer_later(device, number, None, 2, replaced);
        }
    }

    /// The client is told of edits that were made again before its engine takes anything else in, as the
    /// driver does: an edit that is saved later has a later key.
    pub fn tell_replaced(&mut self, device: usize) {
        let is_due = |happening: &Happening| {
            let Happening::Tell {
                device: of, event, ..
            } = happening
            else {
                return false;
            };
            *of == device && matches!(event, Event::Replaced { .. })
        };
        let due = self.ahead.iter().filter(|(_, it)| is_due(it));
        let due: Vec<(i64, u64)> = due.map(|(key, _)| *key).collect();
        for key in due {
            if let Some(Happening::Tell { engine, event, .. }) = self.ahead.remove(&key) {
                self.tell(device, engine, None, event);
            }
        }
    }

    /// An engine that does not know what its last write did is opened anew.
    pub fn step_down_where_lost(&mut self, device: usize) {
        let engine = self.devices[device].engine.as_ref();
        if let Some(engine) = engine.filter(|engine| engine.leader.workspace.is_lost()) {
            let number = engine.number;
            self.step_down(device, number);
        }
    }

    /// Another tab writes: this one gives way.
    fn step_down(&mut self, device: usize, number: u64) {
        let Device { engine, .. } = &mut self.devices[device];
        if let Some(engine) = engine.take_if(|engine| engine.number == number) {
            self.abandon(&engine);
            self.schedule(20, Happening::Start(device));
        }
    }

    /// A part of the tail goes into blocks, as in every pause; or all of it.
    pub fn fold(&mut self, device: usize, whole: bool) {
        loop {
            self.enter(device, Doing::Folding);
            let Some(engine) = &mut self.devices[device].engine else {
                return;
            };
            let workspace = &mut engine.leader.workspace;
            let had = workspace.has_tail();
            let folded = run(workspace.fold());
            let more = had && folded.is_ok();
            self.tell_story(|| format!("device {device} folds: {had} {folded:?}"));
            self.note_struck();
            if self.devices[device].is_dead() {
                return self.kill(device);
            }
            if !more || !whole {
                return self.step_down_where_lost(device);
            }
        }
    }
}

/// What a transaction stores, for the story.
fn spoken(store: &Store) -> String {
    let Point { cursor, walk, .. } = store.point;
    let received: Vec<_> = store.received.iter().map(|it| it.hash).collect();
    let records: Vec<_> = store
        .records
        .iter()
        .map(|it| (it.document, it.generation, it.changes.len()))
        .collect();
    format!(
        "stores {received:?} {records:?} forgets {:?} confirmed {:?} refused {:?} at {cursor} {walk:?}",
        store.forget, store.confirmed, store.refused
    )
}
