//! A device in memory, for tests that follow one.

use engine::failure::Failure;
use engine::leader::{Leader, Outcome};
use engine::platform::memory::{Disk, Memory};
use engine::platform::native::{Host, install, run};
use engine::platform::storage::StorageError;
use engine::workspace::database_name;
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Row;
use shared::id::{PersonId, RecordId, WorkspaceId, Writer};
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The workspace of these tests.
pub const WORKSPACE: WorkspaceId = WorkspaceId([9; 16]);
/// When they begin: in 2026.
pub const START: Timestamp = Timestamp(1_780_000_000_000);

/// A device.
pub struct Desk {
    pub memory: Memory,
    pub writer: Writer,
    now: Cell<i64>,
}

/// The n-th record.
pub fn id(n: u32) -> RecordId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    RecordId(id)
}

/// Makes the n-th contact.
pub fn contact(n: u32, name: &str) -> Edit {
    Edit::make(id(n), Kind::Contact, vec![Write::put("first_name", name)])
}

impl Desk {
    pub fn new(seed: u64) -> Desk {
        let memory = Memory::new(START, seed);
        let mut instance = [0; 8];
        memory.random(&mut instance);
        let desk = Desk {
            memory,
            writer: Writer {
                person: PersonId([seed as u8; 8]),
                instance,
            },
            now: Cell::new(START.0),
        };
        desk.step();
        desk
    }

    /// Another start of the engine on the same bytes: another writer.
    pub fn restart(&mut self) -> Leader {
        self.memory.random(&mut self.writer.instance);
        self.open()
    }

    pub fn disk(&self) -> Rc<RefCell<Disk>> {
        self.memory.disk(&database_name(WORKSPACE))
    }

    /// A moment later on this device.
    pub fn step(&self) -> Timestamp {
        install(Rc::new(self.memory.clone()));
        self.now.set(self.now.get() + 1_000);
        self.memory.set_now(Timestamp(self.now.get()));
        Timestamp(self.now.get())
    }

    /// Time passes.
    pub fn wait(&self, ms: i64) {
        self.now.set(self.now.get() + ms);
        self.step();
    }

    pub fn try_open(&self) -> Result<Leader, StorageError> {
        self.step();
        run(Leader::open(WORKSPACE, true, |_| ()))
    }

    pub fn open(&self) -> Leader {
        self.try_open().unwrap()
    }

    pub fn edit(&self, leader: &mut Leader, edits: &[Edit]) -> Result<Outcome, Failure> {
        let at = self.step();
        run(leader.edit(0, edits, self.writer, at))
    }

    pub fn fold(&self, leader: &mut Leader) -> Result<(), StorageError> {
        self.step();
        while leader.workspace.has_tail() {
            run(leader.workspace.fold())?;
        }
        Ok(())
    }

    pub fn rows(&self, leader: &mut Leader) -> Vec<Row> {
        self.step();
        run(leader.workspace.rows()).unwrap()
    }

    pub fn row(&self, leader: &mut Leader, record: RecordId) -> Row {
        let rows = self.rows(leader);
        rows.into_iter().find(|row| row.id == record).unwrap()
    }
}
