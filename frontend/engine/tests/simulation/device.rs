//! A device: a disk, the tab that may write on it, and tabs that are frozen.

use super::disk::Flaky;
use engine::leader::Leader;
use engine::platform::native::{install, run};
use engine::platform::storage::StorageError;
use engine::workspace::database_name;
use shared::crm::command::Edit;
use shared::id::{DeviceId, PersonId, WorkspaceId, Writer};
use shared::sync::client::{Client, Event, Resume};
use shared::time::Timestamp;
use std::rc::Rc;

/// The workspace that they share.
pub const WORKSPACE: WorkspaceId = WorkspaceId([9; 16]);
/// A change that is plainly before this is given no time.
const EARLIEST: i64 = 1_577_836_800_000;
/// A clock that differs by more than this from the server's is corrected.
const CLOCK_SLACK_MS: i64 = 60_000;

/// The engine of one tab: all of it is lost when it is killed.
pub struct Engine {
    /// Names it.
    pub number: u64,
    pub leader: Leader,
    pub client: Client,
    pub writer: Writer,
    /// Names the socket; frames of earlier ones are void.
    pub socket: Option<u64>,
    /// In true time.
    pub wake_at: Option<i64>,
    /// What takes the last edit back.
    pub undo: Vec<Edit>,
    /// What came while it was frozen.
    pub held: Vec<(Option<u64>, Event)>,
}

pub struct Device {
    pub id: DeviceId,
    pub person: PersonId,
    pub host: Flaky,
    pub engine: Option<Engine>,
    pub frozen: Vec<Engine>,
    /// Its clock less the true time, in milliseconds.
    pub clock_ms: i64,
    pub is_offline: bool,
    pub is_partitioned: bool,
    pub speaks_old: bool,
    /// An older copy of its disk.
    pub backup: Option<Flaky>,
}

impl Device {
    pub fn new(number: u8, host: Flaky) -> Device {
        Device {
            id: DeviceId([number; 16]),
            person: PersonId([number; 8]),
            host,
            engine: None,
            frozen: Vec::new(),
            clock_ms: 0,
            is_offline: false,
            is_partitioned: false,
            speaks_old: false,
            backup: None,
        }
    }

    /// Another device that believes to be this one.
    pub fn of(&self, host: Flaky) -> Device {
        Device {
            id: self.id,
            person: self.person,
            ..Device::new(0, host)
        }
    }

    pub fn clock(&self, now: Timestamp) -> Timestamp {
        Timestamp(now.0 + self.clock_ms)
    }

    /// What the engine sees from here on is this device's.
    pub fn enter(&self, now: Timestamp) {
        self.host.memory.set_now(self.clock(now));
        install(Rc::new(self.host.clone()));
    }

    pub fn is_dead(&self) -> bool {
        let disk = self.host.memory.disk(&database_name(WORKSPACE));
        disk.borrow().is_dead()
    }

    /// A tab takes the lock: its engine starts from the disk.
    pub fn start(
        &mut self,
        number: u64,
        instance: [u8; 8],
        now: Timestamp,
    ) -> Result<(), StorageError> {
        self.enter(now);
        if self.is_dead() {
            let disk = self.host.memory.disk(&database_name(WORKSPACE));
            disk.borrow_mut().revive();
        }
        let leader = run(Leader::open(WORKSPACE, true, |_| ()))?;
        let resume = Resume {
            build: "simulated".into(),
            device: self.id,
            incarnation: instance,
            person: self.person,
            point: leader.workspace.point,
            waiting: leader.workspace.outbox.len() as u64,
        };
        self.engine = Some(Engine {
            number,
            leader,
            client: Client::new(resume, self.clock(now)),
            writer: Writer {
                person: self.person,
                instance,
            },
            socket: None,
            wake_at: None,
            undo: Vec::new(),
            held: Vec::new(),
        });
        Ok(())
    }

    /// The engine of this number, frozen or not.
    pub fn engine(&mut self, number: u64) -> Option<&mut Engine> {
        let frozen = self.frozen.iter_mut();
        frozen
            .chain(&mut self.engine)
            .find(|it| it.number == number)
    }
}

impl Engine {
    /// The clock for edits, given the device's.
    pub fn clock(&self, clock: Timestamp) -> Timestamp {
        let offset = self.client.status().clock_offset_ms;
        let offset = offset.filter(|offset| offset.abs() > CLOCK_SLACK_MS);
        let at = clock.0 + offset.unwrap_or(0);
        Timestamp(if at < EARLIEST { 0 } else { at })
    }
}
