//! IndexedDB: whole transactions, no await inside that is not the database's own.

use super::browser::within;
use super::storage::{Guard, Key, Op, StorageError};
use futures_util::FutureExt;
use indexed_db_futures::KeyRange;
use indexed_db_futures::database::Database;
use indexed_db_futures::error::{DomException, Error, OpenDbError};
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::{
    TransactionDurability, TransactionFinishKind, TransactionMode, TransactionOptions,
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

/// How long a transaction may take.
const PATIENCE_MS: i32 = 20_000;
/// How long other tabs may take to close an older database.
const OPEN_PATIENCE_MS: i32 = 5_000;

/// A value as it was read.
pub type Value = Uint8Array;

/// A connection to a database.
pub struct Connection {
    database: Database,
}

impl Connection {
    /// Opens a database, making the stores that are missing.
    ///
    /// # Errors
    /// As the variants of [`StorageError`] say.
    pub async fn open(
        name: &str,
        version: u32,
        stores: &'static [&'static str],
    ) -> Result<Connection, StorageError> {
        let request = Database::open(name)
            .with_version(version)
            .with_on_upgrade_needed(move |_event, database| {
                let there: Vec<String> = database.object_store_names().collect();
                for store in stores {
                    if !there.iter().any(|name| name == store) {
                        database.create_object_store(*store).build()?;
                    }
                }
                Ok(())
            })
            .build()
            .map_err(open_error)?;
        let database = within(OPEN_PATIENCE_MS, request)
            .await
            .ok_or(StorageError::Blocked)?
            .map_err(open_error)?;
        Ok(Connection { database })
    }

    /// Closes the database when a later version wants to open it, and says so.
    pub fn yield_to_later(&self, on_closed: Box<dyn FnOnce()>) {
        let database = self.database.clone();
        let Ok(mut changes) = database.version_changes() else {
            return;
        };
        super::browser::spawn(async move {
            changes.recv().await;
            database.close();
            on_closed();
        });
    }

    /// Several values of a store, in the order asked for.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn get_many(
        &self,
        store: &str,
        keys: &[Key],
    ) -> Result<Vec<Option<Vec<u8>>>, StorageError> {
        let read = async {
            let transaction = self.database.transaction(store).build()?;
            let store = transaction.object_store(store)?;
            let mut requests = Vec::with_capacity(keys.len());
            for key in keys {
                requests.push(store.get::<JsValue, _, _>(to_js(key)).primitive()?);
            }
            let mut values = Vec::with_capacity(keys.len());
            for request in requests {
                let value: Option<JsValue> = request.await?;
                values.push(value.map(to_bytes));
            }
            Ok(values)
        };
        settle(within(PATIENCE_MS, read).await)
    }

    /// All keys and values of a store, by ascending key. The values stay outside wasm memory until
    /// they are copied one by one.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn all(&self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        let read = async {
            let transaction = self.database.transaction(store).build()?;
            let store = transaction.object_store(store)?;
            let keys = store.get_all_keys::<JsValue>().primitive()?;
            let values = store.get_all::<JsValue>().primitive()?;
            let keys = keys.await?.collect::<Result<Vec<JsValue>, _>>()?;
            let values = values.await?.collect::<Result<Vec<JsValue>, _>>()?;
            let values = values.into_iter().map(JsCast::unchecked_into);
            Ok(keys.iter().map(from_js).zip(values).collect())
        };
        settle(within(PATIENCE_MS, read).await)
    }

    /// Puts a value and does not wait: the browser carries it out though the engine should crash
    /// in the next moment.
    pub fn put_unawaited(&self, store: &str, key: &Key, value: &[u8]) {
        let begun = self
            .database
            .transaction(store)
            .with_mode(TransactionMode::Readwrite)
            .build();
        let Ok(transaction) = begun else { return };
        let put = transaction.object_store(store).and_then(|store| {
            let value: JsValue = Uint8Array::from(value).into();
            let put = store.put(value).with_key(to_js(key)).without_key_type();
            put.primitive()
        });
        if put.is_ok() {
            let _ = transaction.commit().now_or_never();
        }
    }

    /// Carries out all steps in one transaction that is on the disk when this returns, or none.
    ///
    /// # Errors
    /// The guard does not stand, or storage failed.
    pub async fn write(&self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        match within(PATIENCE_MS, self.transact(guard, ops)).await {
            Some(result) => result,
            None => Err(StorageError::Lost("no answer".into())),
        }
    }

    async fn transact(&self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        let mut stores: Vec<&str> = ops.iter().map(Op::store).collect();
        stores.extend(guard.map(|guard| guard.store));
        stores.sort_unstable();
        stores.dedup();
        if stores.is_empty() {
            return Ok(());
        }
        let mut options = TransactionOptions::new();
        options.set_durability(TransactionDurability::Strict);
        let transaction = self
            .database
            .transaction(stores)
            .with_mode(TransactionMode::Readwrite)
            .with_options(options)
            .build()
            .map_err(error)?;
        if let Some(guard) = guard {
            let store = transaction.object_store(guard.store).map_err(error)?;
            let request = store.get::<JsValue, _, _>(to_js(&guard.key));
            let value: Option<JsValue> =
                request.primitive().map_err(error)?.await.map_err(error)?;
            if value.map(to_bytes).as_deref() != Some(&guard.value) {
                return Err(StorageError::Fenced);
            }
        }
        for op in ops {
            let store = transaction.object_store(op.store()).map_err(error)?;
            match op {
                Op::Put(_, key, value) => {
                    let value: JsValue = Uint8Array::from(value.as_slice()).into();
                    let put = store.put(value).with_key(to_js(key)).without_key_type();
                    put.primitive().map_err(error)?;
                }
                Op::Add(_, key, value) => {
                    let value: JsValue = Uint8Array::from(value.as_slice()).into();
                    let add = store.add(value).with_key(to_js(key)).without_key_type();
                    add.primitive().map_err(error)?;
                }
                Op::Delete(_, key) => {
                    store.delete(to_js(key)).primitive().map_err(error)?;
                }
                Op::DeleteTo(_, last) => {
                    let range = KeyRange::UpperBound(JsValue::from_f64(*last as f64), false);
                    store
                        .delete::<JsValue, _>(range)
                        .primitive()
                        .map_err(error)?;
                }
            }
        }
        // The transaction commits by itself once its requests are done; its own error then tells a
        // full disk from a lost connection, which the library's commit does not.
        loop {
            match transaction.on_done().map_err(error)?.await {
                TransactionFinishKind::Ok => return Ok(()),
                // A request failed; the transaction knows why once it is aborted for it.
                TransactionFinishKind::Err => {}
                TransactionFinishKind::Abort => {
                    let cause = transaction.error();
                    return Err(cause.map_or(StorageError::Lost("aborted".into()), error));
                }
            }
        }
    }

    /// Closes and removes a database with all that it holds.
    ///
    /// # Errors
    /// Storage failed, or another tab holds it open.
    pub async fn remove(name: &str) -> Result<(), StorageError> {
        let request = Database::delete_by_name(name).map_err(open_error)?;
        match within(OPEN_PATIENCE_MS, request).await {
            Some(result) => result.map_err(error),
            None => Err(StorageError::Blocked),
        }
    }

    /// Closes the connection.
    pub fn close(self) {
        self.database.close();
    }
}

fn to_js(key: &Key) -> JsValue {
    match key {
        Key::Number(number) => JsValue::from_f64(*number as f64),
        Key::Name(name) => JsValue::from_str(name),
    }
}

fn from_js(js: &JsValue) -> Key {
    match js.as_f64() {
        Some(number) => Key::Number(number as u64),
        None => Key::Name(js.as_string().unwrap_or_default()),
    }
}

fn to_bytes(value: JsValue) -> Vec<u8> {
    value.unchecked_into::<Uint8Array>().to_vec()
}

fn settle<T>(result: Option<Result<T, Error>>) -> Result<T, StorageError> {
    match result {
        Some(result) => result.map_err(error),
        None => Err(StorageError::Lost("no answer".into())),
    }
}

fn open_error(cause: OpenDbError) -> StorageError {
    match cause {
        OpenDbError::Base(cause) => {
            let cause = error(cause);
            match cause {
                // What Chromium and Firefox say where the person allows no site to keep data.
                StorageError::Lost(words)
                    if words.contains("denied permission")
                        || words.contains("did not allow mutations") =>
                {
                    StorageError::Unavailable
                }
                StorageError::Lost(words) => StorageError::Failed(words),
                StorageError::Unavailable
                | StorageError::Full
                | StorageError::Newer
                | StorageError::Blocked
                | StorageError::Fenced
                | StorageError::Failed(_) => cause,
            }
        }
        OpenDbError::VersionZero
        | OpenDbError::UnsupportedEnvironment
        | OpenDbError::NullFactory => StorageError::Unavailable,
    }
}

fn error(cause: Error) -> StorageError {
    let Error::DomException(exception) = cause else {
        return StorageError::Failed("no answer that can be read".into());
    };
    let words = exception.message();
    match name_of(exception).as_str() {
        "QuotaExceededError" => StorageError::Full,
        "VersionError" => StorageError::Newer,
        "SecurityError" => StorageError::Unavailable,
        "InvalidStateError" | "UnknownError" | "AbortError" | "TimeoutError" => {
            StorageError::Lost(words)
        }
        name => StorageError::Failed(format!("{name}: {words}")),
    }
}

fn name_of(exception: DomException) -> String {
    web_sys::DomException::from(exception).name()
}
