//! A disk that fails: the engine's own storage in memory, with chance between them.

use super::faults::Fault;
use super::random::Random;
use engine::platform::memory::{self, Disk, Memory};
use engine::platform::native::{Backend, Host, Value};
use engine::platform::storage::{Guard, Key, Op, StorageError};
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// What an engine is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    Opening,
    Saving,
    Storing,
    Folding,
}

/// How a driver of the storage may be broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The fence is not looked at.
    Fence,
    /// What goes goes in a transaction of its own, before what comes.
    DeletesFirst,
    /// A transaction is two.
    Torn,
}

/// What all disks of a run share.
pub struct Chaos {
    pub random: Random,
    /// What may strike.
    pub on: Vec<Fault>,
    /// What struck and was not noted.
    pub struck: Vec<Fault>,
    pub doing: Doing,
    pub broken: Option<Broken>,
}

impl Chaos {
    fn strike(&mut self) -> Option<memory::Fault> {
        use memory::Fault::{CrashAfter, CrashBefore, Full, Lost, LostAfter};
        let crashes = match self.doing {
            Doing::Opening => None,
            Doing::Saving => Some((Fault::KilledBeforeSave, Fault::KilledAfterSave)),
            Doing::Storing => Some((Fault::KilledBeforeStore, Fault::KilledAfterStore)),
            Doing::Folding => Some((Fault::KilledBeforeFold, Fault::KilledAfterFold)),
        };
        let crashes = crashes.map(|(before, after)| [(before, CrashBefore), (after, CrashAfter)]);
        let others = [
            (Fault::DiskRefuses, Full),
            (Fault::DiskLost, Lost),
            (Fault::DiskLostAfter, LostAfter),
        ];
        for (fault, how) in crashes.into_iter().flatten().chain(others) {
            if self.on.contains(&fault) && self.random.once_in(fault.rate()) {
                self.struck.push(fault);
                return Some(how);
            }
        }
        None
    }
}

/// The host of one device.
#[derive(Clone)]
pub struct Flaky {
    pub memory: Memory,
    pub chaos: Rc<RefCell<Chaos>>,
    pub is_full: Rc<Cell<bool>>,
}

impl Host for Flaky {
    fn open(
        &self,
        name: &str,
        stores: &'static [&'static str],
    ) -> Result<Box<dyn Backend>, StorageError> {
        Ok(Box::new(Open {
            inner: self.memory.open(name, stores)?,
            disk: self.memory.disk(name),
            host: self.clone(),
        }))
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        self.memory.remove(name)
    }

    fn now(&self) -> Timestamp {
        self.memory.now()
    }

    fn random(&self, bytes: &mut [u8]) {
        self.memory.random(bytes);
    }
}

struct Open {
    inner: Box<dyn Backend>,
    disk: Rc<RefCell<Disk>>,
    host: Flaky,
}

impl Backend for Open {
    fn get_many(&mut self, store: &str, keys: &[Key]) -> Result<Vec<Option<Value>>, StorageError> {
        self.inner.get_many(store, keys)
    }

    fn all(&mut self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        self.inner.all(store)
    }

    fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        if self.host.is_full.get() {
            return Err(StorageError::Full);
        }
        let broken = self.host.chaos.borrow().broken;
        match broken {
            Some(Broken::Fence) => self.part(None, ops),
            Some(Broken::DeletesFirst) => {
                let goes = |op: &&Op| matches!(op, Op::Delete(..) | Op::DeleteTo(..));
                let (first, then): (Vec<&Op>, Vec<&Op>) = ops.iter().partition(goes);
                let own = |ops: Vec<&Op>| ops.into_iter().cloned().collect::<Vec<Op>>();
                self.part(guard, &own(first))?;
                self.part(guard, &own(then))
            }
            Some(Broken::Torn) => {
                let (first, then) = ops.split_at(ops.len() / 2);
                self.part(guard, first)?;
                self.part(guard, then)
            }
            None => self.part(guard, ops),
        }
    }
}

impl Open {
    fn part(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        if let Some(how) = self.host.chaos.borrow_mut().strike() {
            self.disk.borrow_mut().fail(0, how);
        }
        self.inner.write(guard, ops)
    }
}
