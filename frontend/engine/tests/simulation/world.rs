//! Devices, a network and a server, and what happens to them one after the other.

use super::device::Device;
use super::disk::{Chaos, Doing, Flaky};
use super::faults::{Fault, Faults};
use super::hostile::Hostile;
use super::mutants::Bug;
use super::oracle::Oracle;
use super::random::Random;
use super::runs;
use super::server::Server;
use engine::platform::memory::Memory;
use shared::sync::client::Event;
use shared::sync::room;
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// 2026-11-22.
const START: Timestamp = Timestamp(1_795_305_600_000);
/// A connection of the client's that leads nowhere.
const NOWHERE: u64 = 0;

/// What lies ahead.
pub enum Happening {
    /// Something comes to an engine, by a socket or from its disk.
    Tell {
        device: usize,
        engine: u64,
        socket: Option<u64>,
        event: Event,
    },
    /// The server is asked for a socket.
    Upgrade {
        socket: u64,
        device: usize,
        engine: u64,
    },
    /// A frame comes to the server.
    Frame(u64, Vec<u8>),
    /// The server learns that a socket is gone.
    Gone(u64),
    /// The validator answers, in this life of the room.
    Answer(u64, room::Event),
    Start(usize),
    Kill(usize),
    Thaw(usize, u64),
    SpaceBack(usize),
    NetworkBack(usize),
    Update(usize),
    ValidatorBack,
}

pub struct World {
    pub now: Timestamp,
    pub random: Random,
    pub faults: Faults,
    pub bug: Option<Bug>,
    pub devices: Vec<Device>,
    pub server: Server,
    pub oracle: Oracle,
    /// A member that sends what no device writes.
    pub hostile: Option<Hostile>,
    pub ahead: BTreeMap<(i64, u64), Happening>,
    /// How many frames were sent, either way.
    pub frames: u64,
    /// What happened, where it is asked for.
    pub story: Option<Vec<String>>,
    pub chaos: Rc<RefCell<Chaos>>,
    count: u64,
}

impl World {
    pub fn new(seed: u64, bug: Option<Bug>) -> World {
        let mut random = Random::new(seed);
        let faults = Faults::new(&mut random);
        let chaos = Chaos {
            random: Random::new(seed ^ u64::MAX),
            on: faults.all_on(),
            struck: Vec::new(),
            doing: Doing::Opening,
            broken: bug.and_then(Bug::breaks),
        };
        let is_crowded = faults.is_on(Fault::Folds);
        let devices = 2 + random.below(2) as u8;
        let part_bytes = (seed % 2 == 1).then_some(1);
        let mut world = World {
            now: START,
            random,
            faults,
            bug,
            devices: Vec::new(),
            server: Server::new(is_crowded, bug.and_then(Bug::breaks_log), part_bytes),
            oracle: Oracle::default(),
            hostile: Hostile::of(seed, runs::KEPT),
            ahead: BTreeMap::new(),
            frames: 0,
            story: None,
            chaos: Rc::new(RefCell::new(chaos)),
            count: NOWHERE,
        };
        for number in 1..=devices {
            let memory = Memory::new(START, seed.wrapping_add(u64::from(number)));
            let host = world.host(memory);
            world.devices.push(Device::new(number, host));
            world.start(usize::from(number) - 1);
        }
        world
    }

    pub fn host(&self, memory: Memory) -> Flaky {
        Flaky {
            memory,
            chaos: self.chaos.clone(),
            is_full: Rc::new(Cell::new(false)),
        }
    }

    pub fn strikes(&mut self, fault: Fault) -> bool {
        let strikes = self.faults.strikes(fault, &mut self.random);
        if strikes {
            self.note(fault);
        }
        strikes
    }

    pub fn note(&mut self, fault: Fault) {
        self.faults.note(fault);
        self.tell_story(|| fault.text().into());
    }

    pub fn tell_story(&mut self, line: impl FnOnce() -> String) {
        let at = self.now.0 - START.0;
        if let Some(story) = &mut self.story {
            story.push(format!("{at:>9} {}", line()));
        }
    }

    pub fn is(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    pub fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }

    pub fn schedule(&mut self, delay_ms: u64, happening: Happening) {
        let number = self.number();
        let at = self.now.0 + delay_ms as i64;
        self.ahead.insert((at, number), happening);
    }

    /// Lets time pass.
    pub fn run(&mut self, ms: i64) {
        let end = self.now.0 + ms;
        loop {
            let next = self.ahead.keys().next().map(|(at, _)| *at);
            let wake = self.next_wake();
            let first = next.into_iter().chain(wake.map(|(at, _)| at)).min();
            let Some(at) = first.filter(|at| *at <= end) else {
                break;
            };
            self.now = Timestamp(self.now.0.max(at));
            if next == Some(at) {
                if let Some((_, happening)) = self.ahead.pop_first() {
                    self.happen(happening);
                }
            } else if let Some((_, device)) = wake
                && let Some(engine) = &mut self.devices[device].engine
            {
                engine.wake_at = None;
                let number = engine.number;
                self.tell(device, number, None, Event::Woke);
            }
        }
        self.now = Timestamp(end);
    }

    fn next_wake(&self) -> Option<(i64, usize)> {
        let devices = self.devices.iter().enumerate();
        let wakes = devices.filter_map(|(at, device)| {
            let engine = device.engine.as_ref()?;
            engine.wake_at.map(|wake| (wake, at))
        });
        wakes.min()
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Tell {
                device,
                engine,
                socket,
                event,
            } => self.tell(device, engine, socket, event),
            Happening::Upgrade {
                socket,
                device,
                engine,
            } => self.upgrade(socket, device, engine),
            Happening::Frame(socket, frame) => self.hear(socket, frame),
            Happening::Gone(socket) => self.hang_up(socket),
            Happening::Answer(life, event) => {
                if life == self.server.life {
                    self.room(event);
                }
            }
            Happening::Start(device) => {
                if self.devices[device].engine.is_none() {
                    self.start(device);
                }
            }
            Happening::Kill(device) => {
                if self.devices[device].engine.is_some() {
                    self.note(Fault::EngineKilled);
                    self.kill(device);
                }
            }
            Happening::Thaw(device, engine) => self.thaw(device, engine),
            Happening::SpaceBack(device) => self.devices[device].host.is_full.set(false),
            Happening::NetworkBack(device) => {
                self.devices[device].is_offline = false;
                self.devices[device].is_partitioned = false;
                self.nudge(device);
            }
            Happening::Update(device) => {
                self.devices[device].speaks_old = false;
                self.restart(device);
            }
            Happening::ValidatorBack => self.server.is_validator_down = false,
        }
    }
}
