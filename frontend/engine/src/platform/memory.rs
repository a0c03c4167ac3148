//! A host that keeps everything in memory and fails on demand: for tests and simulations.

use super::native::{Backend, Host, Value};
use super::storage::{Guard, Key, Op, StorageError};
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// What goes wrong with a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full; nothing is written.
    Full,
    /// The connection is lost before the transaction commits.
    Lost,
    /// The connection is lost after it has committed, before anybody is told.
    LostAfter,
    /// The device dies before the transaction commits. Nothing works until [`Disk::revive`].
    CrashBefore,
    /// The device dies after it has committed.
    CrashAfter,
}

/// One database's bytes.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    stores: BTreeMap<String, BTreeMap<Key, Value>>,
    writes: u64,
    plan: Vec<(u64, Fault)>,
    /// Connections opened before this count are lost.
    connections: u64,
    is_dead: bool,
}

impl Disk {
    /// How many transactions were tried.
    pub fn writes(&self) -> u64 {
        self.writes
    }

    /// Has the n-th write from here on fail; the next one is 0.
    pub fn fail(&mut self, n: u64, fault: Fault) {
        self.plan.push((self.writes + n, fault));
    }

    /// Whether a crash happened: what the engine does from then on is of no account.
    pub fn is_dead(&self) -> bool {
        self.is_dead
    }

    /// The device starts again with what was committed.
    pub fn revive(&mut self) {
        self.is_dead = false;
        self.plan.clear();
        self.lose_connections();
    }

    /// Whoever has the database open finds its connection lost.
    pub fn lose_connections(&mut self) {
        self.connections += 1;
    }

    /// How many bytes the values have, and the keys with 8 bytes each.
    pub fn bytes(&self) -> usize {
        let values = self.stores.values().flat_map(BTreeMap::values);
        values.map(|value| value.len() + 8).sum()
    }

    /// How many bytes the values of a store have.
    pub fn store_bytes(&self, store: &str) -> usize {
        let store = self.stores.get(store);
        let values = store.into_iter().flat_map(BTreeMap::values);
        values.map(Vec::len).sum()
    }

    /// The values of a store.
    pub fn store(&self, store: &str) -> impl Iterator<Item = (&Key, &Value)> {
        self.stores.get(store).into_iter().flatten()
    }

    /// Puts a value, as a disk that was tampered with or restored has it.
    pub fn put(&mut self, store: &str, key: Key, value: Value) {
        let store = self.stores.entry(store.into()).or_default();
        store.insert(key, value);
    }

    fn alive(&self, connection: u64) -> Result<(), StorageError> {
        if self.is_dead {
            return Err(StorageError::Failed("the device is off".into()));
        }
        match connection == self.connections {
            true => Ok(()),
            false => Err(StorageError::Lost("the connection is gone".into())),
        }
    }

    fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        let number = self.writes;
        self.writes += 1;
        let planned = self.plan.iter().position(|(at, _)| *at == number);
        let fault = planned.map(|at| self.plan.swap_remove(at).1);
        match fault {
            Some(Fault::Full) => return Err(StorageError::Full),
            Some(Fault::Lost) => {
                self.lose_connections();
                return Err(StorageError::Lost("before the commit".into()));
            }
            Some(Fault::CrashBefore) => {
                self.is_dead = true;
                return Err(StorageError::Failed("the device is off".into()));
            }
            Some(Fault::LostAfter | Fault::CrashAfter) | None => {}
        }
        self.commit(guard, ops)?;
        match fault {
            Some(Fault::LostAfter) => {
                self.lose_connections();
                Err(StorageError::Lost("after the commit".into()))
            }
            Some(Fault::CrashAfter) => {
                self.is_dead = true;
                Err(StorageError::Failed("the device is off".into()))
            }
            Some(Fault::Full | Fault::Lost | Fault::CrashBefore) | None => Ok(()),
        }
    }

    fn commit(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        if let Some(guard) = guard {
            let store = self.stores.get(guard.store);
            if store.and_then(|store| store.get(&guard.key)) != Some(&guard.value) {
                return Err(StorageError::Fenced);
            }
        }
        let taken = |op: &Op| match op {
            Op::Add(store, key, _) => {
                let store = self.stores.get(*store);
                store.is_some_and(|store| store.contains_key(key))
            }
            Op::Put(..) | Op::Delete(..) | Op::DeleteTo(..) => false,
        };
        if ops.iter().any(taken) {
            return Err(StorageError::Failed("there is a value already".into()));
        }
        for op in ops {
            let store = self.stores.entry(op.store().into()).or_default();
            match op {
                Op::Put(_, key, value) | Op::Add(_, key, value) => {
                    store.insert(key.clone(), value.clone());
                }
                Op::Delete(_, key) => {
                    store.remove(key);
                }
                Op::DeleteTo(_, last) => {
                    store.retain(|key, _| !matches!(key, Key::Number(n) if n <= last));
                }
            }
        }
        Ok(())
    }
}

/// A device that lives in memory. Clones share it.
#[derive(Clone, Default)]
pub struct Memory(Rc<Inner>);

#[derive(Default)]
struct Inner {
    disks: RefCell<BTreeMap<String, Rc<RefCell<Disk>>>>,
    now: Cell<i64>,
    chance: Cell<u64>,
    lines: RefCell<Vec<String>>,
}

impl Memory {
    /// An empty device, its clock and the seed of its random numbers.
    pub fn new(now: Timestamp, seed: u64) -> Memory {
        let memory = Memory::default();
        memory.0.now.set(now.0);
        memory.0.chance.set(seed);
        memory
    }

    /// Sets the clock.
    pub fn set_now(&self, now: Timestamp) {
        self.0.now.set(now.0);
    }

    /// The bytes of a database; empty where there is none.
    pub fn disk(&self, name: &str) -> Rc<RefCell<Disk>> {
        let mut disks = self.0.disks.borrow_mut();
        disks.entry(name.into()).or_default().clone()
    }

    /// A device with the same bytes, as a backup or a copied profile has them.
    pub fn copy(&self, seed: u64) -> Memory {
        let copy = Memory::new(Timestamp(self.0.now.get()), seed);
        for (name, disk) in self.0.disks.borrow().iter() {
            *copy.disk(name).borrow_mut() = disk.borrow().clone();
        }
        copy
    }

    /// What the engine logged, taken out.
    pub fn take_lines(&self) -> Vec<String> {
        self.0.lines.take()
    }
}

impl Host for Memory {
    fn open(
        &self,
        name: &str,
        stores: &'static [&'static str],
    ) -> Result<Box<dyn Backend>, StorageError> {
        let disk = self.disk(name);
        let connection = {
            let mut disk = disk.borrow_mut();
            if disk.is_dead {
                return Err(StorageError::Failed("the device is off".into()));
            }
            for store in stores {
                disk.stores.entry((*store).into()).or_default();
            }
            disk.connections
        };
        Ok(Box::new(Open { disk, connection }))
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        self.0.disks.borrow_mut().remove(name);
        Ok(())
    }

    fn now(&self) -> Timestamp {
        Timestamp(self.0.now.get())
    }

    fn random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // SplitMix64, Steele et al. 2014.
            let seed = self.0.chance.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
            self.0.chance.set(seed);
            let mut z = seed;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (z ^ (z >> 31)) as u8;
        }
    }

    fn log(&self, line: &str) {
        self.0.lines.borrow_mut().push(line.into());
    }
}

struct Open {
    disk: Rc<RefCell<Disk>>,
    connection: u64,
}

impl Backend for Open {
    fn get_many(&mut self, store: &str, keys: &[Key]) -> Result<Vec<Option<Value>>, StorageError> {
        let disk = self.disk.borrow();
        disk.alive(self.connection)?;
        let store = disk.stores.get(store);
        let value = |key: &Key| store.and_then(|store| store.get(key)).cloned();
        Ok(keys.iter().map(value).collect())
    }

    fn all(&mut self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        let disk = self.disk.borrow();
        disk.alive(self.connection)?;
        let pairs = disk.stores.get(store).into_iter().flatten();
        Ok(pairs.map(|(k, v)| (k.clone(), v.clone())).collect())
    }

    fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        let mut disk = self.disk.borrow_mut();
        disk.alive(self.connection)?;
        disk.write(guard, ops)
    }
}
