//! Storage, clock and chance as whoever embeds the engine natively offers them.
//!
//! Nothing here waits: a future of the engine is done when [`run`] has polled it once.

use super::storage::{Guard, Key, Op, StorageError};
use shared::time::Timestamp;
use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

/// A value as it was read.
pub type Value = Vec<u8>;

/// A connection to a transactional database.
pub trait Backend {
    /// Several values of a store, in the order asked for.
    ///
    /// # Errors
    /// Storage failed. After [`StorageError::Lost`] the engine opens a new connection and tries again.
    fn get_many(&mut self, store: &str, keys: &[Key]) -> Result<Vec<Option<Value>>, StorageError>;

    /// All of a store by ascending key: numbers first, then names.
    ///
    /// # Errors
    /// As [`Backend::get_many`].
    fn all(&mut self, store: &str) -> Result<Vec<(Key, Value)>, StorageError>;

    /// Carries out all steps in one transaction that is on the disk when this returns, or none.
    ///
    /// # Errors
    /// [`StorageError::Fenced`] where the guard's value does not stand; else as [`Backend::get_many`].
    fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError>;

    /// Carries out a step that has to outlive a crash of this process, and no more: it may still be on
    /// its way to the disk when this returns.
    ///
    /// # Errors
    /// As [`Backend::write`].
    fn write_soon(&mut self, op: Op) -> Result<(), StorageError> {
        self.write(None, &[op])
    }
}

/// What the engine runs on.
pub trait Host {
    /// Opens a database, making the stores that are missing.
    ///
    /// # Errors
    /// Storage failed.
    fn open(
        &self,
        name: &str,
        stores: &'static [&'static str],
    ) -> Result<Box<dyn Backend>, StorageError>;

    /// Removes a database.
    ///
    /// # Errors
    /// Storage failed.
    fn remove(&self, name: &str) -> Result<(), StorageError>;

    /// The wall clock.
    fn now(&self) -> Timestamp;

    /// Fills with random bytes.
    fn random(&self, bytes: &mut [u8]);

    /// A line for whoever looks.
    fn log(&self, line: &str) {
        let _ = line;
    }
}

thread_local! {
    static HOST: RefCell<Option<Rc<dyn Host>>> = const { RefCell::new(None) };
}

/// Says what the engines of this thread run on from here on. A connection that is open stays with
/// the host that opened it until it is lost.
pub fn install(host: Rc<dyn Host>) {
    HOST.set(Some(host));
}

/// Runs a future of the engine to its end.
///
/// # Panics
/// It waits for something, which nothing of the native engine does.
pub fn run<T>(task: impl Future<Output = T>) -> T {
    let mut task = pin!(task);
    match task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the native engine waits for nothing"),
    }
}

/// The wall clock.
pub fn now() -> Timestamp {
    host().now()
}

/// So many random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    host().random(&mut bytes);
    bytes
}

/// A line for whoever looks.
pub fn log(line: &str) {
    host().log(line);
}

fn host() -> Rc<dyn Host> {
    let host = HOST.with_borrow(Clone::clone);
    host.expect("a host is installed before the engine runs")
}

/// A connection to a database of the host.
pub struct Connection {
    backend: RefCell<Box<dyn Backend>>,
}

impl Connection {
    pub(super) async fn open(
        name: &str,
        _version: u32,
        stores: &'static [&'static str],
    ) -> Result<Connection, StorageError> {
        let backend = RefCell::new(host().open(name, stores)?);
        Ok(Connection { backend })
    }

    pub(super) fn yield_to_later(&self, _on_closed: Box<dyn FnOnce()>) {}

    pub(super) async fn get_many(
        &self,
        store: &str,
        keys: &[Key],
    ) -> Result<Vec<Option<Value>>, StorageError> {
        self.backend.borrow_mut().get_many(store, keys)
    }

    pub(super) async fn all(&self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        self.backend.borrow_mut().all(store)
    }

    pub(super) async fn write(
        &self,
        guard: Option<&Guard>,
        ops: &[Op],
    ) -> Result<(), StorageError> {
        self.backend.borrow_mut().write(guard, ops)
    }

    pub(super) fn put_unawaited(&self, store: &'static str, key: &Key, value: &[u8]) {
        let put = Op::Put(store, key.clone(), value.to_vec());
        // As in the browser, nobody learns whether it went well.
        let _ = self.backend.borrow_mut().write_soon(put);
    }

    pub(super) async fn remove(name: &str) -> Result<(), StorageError> {
        host().remove(name)
    }

    pub(super) fn close(self) {}
}
