//! A database: values by key in stores, whole transactions. In the browser it is IndexedDB, natively
//! whatever the embedder installs.

#[cfg(target_arch = "wasm32")]
use super::indexed_db::Connection;
#[cfg(not(target_arch = "wasm32"))]
use super::native::Connection;

#[cfg(target_arch = "wasm32")]
pub use super::indexed_db::Value;
#[cfg(not(target_arch = "wasm32"))]
pub use super::native::Value;

/// Why storage did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageError {
    /// The browser offers none.
    #[error("no storage here")]
    Unavailable,
    /// The device is out of space.
    #[error("out of space")]
    Full,
    /// A later version of the app made this database.
    #[error("made by a later version")]
    Newer,
    /// Another tab holds an older version open.
    #[error("held open by another tab")]
    Blocked,
    /// Another engine has become the writer.
    #[error("another tab writes")]
    Fenced,
    /// The connection is gone; opening anew may help.
    #[error("connection lost: {0}")]
    Lost(String),
    /// Anything else, in the browser's words.
    #[error("{0}")]
    Failed(String),
}

/// A key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A whole number below 2^53.
    Number(u64),
    /// A name.
    Name(String),
}

impl From<u64> for Key {
    fn from(number: u64) -> Key {
        Key::Number(number)
    }
}

impl From<u32> for Key {
    fn from(number: u32) -> Key {
        Key::Number(number.into())
    }
}

impl From<&str> for Key {
    fn from(name: &str) -> Key {
        Key::Name(name.into())
    }
}

impl From<String> for Key {
    fn from(name: String) -> Key {
        Key::Name(name)
    }
}

impl Key {
    /// The number; 0 for a name.
    pub fn number(&self) -> u64 {
        match self {
            Key::Number(number) => *number,
            Key::Name(_) => 0,
        }
    }
}

/// One step of a transaction.
#[derive(Debug, Clone)]
pub enum Op {
    /// Puts a value.
    Put(&'static str, Key, Vec<u8>),
    /// Puts a value where there is none; the transaction fails when there is one.
    Add(&'static str, Key, Vec<u8>),
    /// Removes a value.
    Delete(&'static str, Key),
    /// Removes all values with numbers up to this one.
    DeleteTo(&'static str, u64),
}

/// A value that must stand for a transaction to go on.
#[derive(Debug, Clone)]
pub struct Guard {
    /// The store.
    pub store: &'static str,
    /// Its key.
    pub key: Key,
    /// The value.
    pub value: Vec<u8>,
}

impl Op {
    /// The store that it writes.
    pub fn store(&self) -> &'static str {
        match self {
            Op::Put(store, ..)
            | Op::Add(store, ..)
            | Op::Delete(store, _)
            | Op::DeleteTo(store, _) => store,
        }
    }
}

/// An open database. A connection that was lost (iOS drops it while the app is in the background) is
/// opened anew, once for each thing that is asked.
pub struct Database {
    connection: Connection,
    name: String,
    stores: &'static [&'static str],
    version: u32,
}

impl Database {
    /// Opens a database, making the stores that are missing.
    ///
    /// # Errors
    /// As the variants of [`StorageError`] say.
    pub async fn open(
        name: &str,
        version: u32,
        stores: &'static [&'static str],
    ) -> Result<Database, StorageError> {
        Ok(Database {
            connection: Connection::open(name, version, stores).await?,
            name: name.into(),
            stores,
            version,
        })
    }

    /// Closes the database when a later version wants to open it, and says so.
    pub fn yield_to_later(&self, on_closed: Box<dyn FnOnce()>) {
        self.connection.yield_to_later(on_closed);
    }

    /// One value.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn get(&mut self, store: &str, key: Key) -> Result<Option<Vec<u8>>, StorageError> {
        let mut values = self.get_many(store, &[key]).await?;
        Ok(values.pop().flatten())
    }

    /// Several values of a store, in the order asked for.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn get_many(
        &mut self,
        store: &str,
        keys: &[Key],
    ) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        let mut result = self.connection.get_many(store, keys).await;
        if let Err(StorageError::Lost(_)) = result {
            self.reopen().await?;
            result = self.connection.get_many(store, keys).await;
        }
        result
    }

    /// All keys and values of a store, by ascending key. In the browser the values stay outside wasm
    /// memory until they are copied one by one.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn all(&mut self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        let mut result = self.connection.all(store).await;
        if let Err(StorageError::Lost(_)) = result {
            self.reopen().await?;
            result = self.connection.all(store).await;
        }
        result
    }

    /// Carries out all steps in one transaction that is on the disk when this returns, or none.
    ///
    /// # Errors
    /// [`StorageError::Fenced`] when the guard does not stand; else storage failed.
    pub async fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        let first = self.connection.write(guard, ops).await;
        let Err(StorageError::Lost(words)) = first else {
            return first;
        };
        // It may have been carried out all the same: whatever goes wrong from here on, nobody knows.
        match self.reopen().await {
            Ok(()) => match self.connection.write(guard, ops).await {
                Ok(()) => Ok(()),
                Err(StorageError::Fenced) => Err(StorageError::Fenced),
                Err(_) => Err(StorageError::Lost(words)),
            },
            Err(_) => Err(StorageError::Lost(words)),
        }
    }

    /// Puts a value and does not wait: it is carried out though the engine should crash in the next
    /// moment.
    pub fn put_unawaited(&self, store: &'static str, key: &Key, value: &[u8]) {
        self.connection.put_unawaited(store, key, value);
    }

    async fn reopen(&mut self) -> Result<(), StorageError> {
        self.connection = Connection::open(&self.name, self.version, self.stores).await?;
        Ok(())
    }

    /// Closes and removes a database with all that it holds.
    ///
    /// # Errors
    /// Storage failed, or another tab holds it open.
    pub async fn remove(name: &str) -> Result<(), StorageError> {
        Connection::remove(name).await
    }

    /// Closes the connection.
    pub fn close(self) {
        self.connection.close();
    }
}
