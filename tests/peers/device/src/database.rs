//! What IndexedDB is in the browser, over SQLite: a table a store, one transaction a write, on the disk
//! when it returns (write-ahead log, `synchronous = FULL`).

use engine::platform::native::{Backend, Host, Value};
use engine::platform::storage::{Guard, Key, Op, StorageError};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};
use shared::time::Timestamp;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// A folder with a file a database; the clock and the chance of this machine.
pub struct Folder(pub PathBuf);

impl Folder {
    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.sqlite"))
    }

    /// Moves what is in the write-ahead log into the database and gives back what is free, as a
    /// browser's storage does in the background.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn tidy(&self, name: &str) -> rusqlite::Result<()> {
        let connection = Connection::open(self.file(name))?;
        let mut vacuum = connection.prepare("PRAGMA incremental_vacuum")?;
        let mut freed = vacuum.query([])?;
        while freed.next()?.is_some() {}
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

impl Host for Folder {
    fn open(
        &self,
        name: &str,
        stores: &'static [&'static str],
    ) -> Result<Box<dyn Backend>, StorageError> {
        let open = || {
            let connection = Connection::open(self.file(name))?;
            connection.pragma_update(None, "auto_vacuum", "incremental")?;
            connection.pragma_update(None, "journal_mode", "wal")?;
            connection.pragma_update(None, "synchronous", "full")?;
            connection.set_prepared_statement_cache_capacity(64);
            for store in stores {
                connection.execute_batch(&format!(
                    "CREATE TABLE IF NOT EXISTS \"{store}\" (key PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID"
                ))?;
            }
            Ok(connection)
        };
        Ok(Box::new(Sqlite(open().map_err(error)?)))
    }

    fn remove(&self, name: &str) -> Result<(), StorageError> {
        std::fs::remove_file(self.file(name))
            .map_err(|error| StorageError::Failed(error.to_string()))
    }

    fn now(&self) -> Timestamp {
        now()
    }

    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system gives random bytes");
    }

    fn log(&self, line: &str) {
        eprintln!("{line}");
    }
}

/// The wall clock.
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Timestamp(since.map_or(0, |since| since.as_millis() as i64))
}

struct Sqlite(Connection);

impl Backend for Sqlite {
    fn get_many(&mut self, store: &str, keys: &[Key]) -> Result<Vec<Option<Value>>, StorageError> {
        let query = format!("SELECT value FROM \"{store}\" WHERE key = ?");
        let mut select = self.0.prepare_cached(&query).map_err(error)?;
        let values = keys.iter().map(|key| {
            let value = select.query_row([Sql(key)], |row| row.get(0));
            value.optional().map_err(error)
        });
        values.collect()
    }

    fn all(&mut self, store: &str) -> Result<Vec<(Key, Value)>, StorageError> {
        // SQLite orders numbers before texts.
        let query = format!("SELECT key, value FROM \"{store}\" ORDER BY key");
        let mut select = self.0.prepare_cached(&query).map_err(error)?;
        let pairs = select.query_map([], |row| {
            let key = match row.get_ref(0)? {
                ValueRef::Integer(number) => Key::Number(number.cast_unsigned()),
                ValueRef::Text(name) => Key::Name(String::from_utf8_lossy(name).into_owned()),
                ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Key::Number(0),
            };
            Ok((key, row.get(1)?))
        });
        pairs.and_then(Iterator::collect).map_err(error)
    }

    fn write(&mut self, guard: Option<&Guard>, ops: &[Op]) -> Result<(), StorageError> {
        let transaction = self.0.transaction().map_err(error)?;
        if let Some(guard) = guard {
            let query = format!("SELECT value FROM \"{}\" WHERE key = ?", guard.store);
            let stands = transaction.prepare_cached(&query).and_then(|mut select| {
                select
                    .query_row([Sql(&guard.key)], |row| row.get(0))
                    .optional()
            });
            let stands: Option<Value> = stands.map_err(error)?;
            if stands.as_ref() != Some(&guard.value) {
                return Err(StorageError::Fenced);
            }
        }
        for op in ops {
            carry_out(&transaction, op).map_err(error)?;
        }
        transaction.commit().map_err(error)
    }

    /// As in the browser, where only what an answer waits for is written strictly.
    fn write_soon(&mut self, op: Op) -> Result<(), StorageError> {
        let synchronous = |how| self.0.pragma_update(None, "synchronous", how);
        synchronous("normal").map_err(error)?;
        let written = carry_out(&self.0, &op);
        synchronous("full").and(written).map(drop).map_err(error)
    }
}

fn carry_out(transaction: &Connection, op: &Op) -> rusqlite::Result<usize> {
    let store = op.store();
    match op {
        Op::Put(_, key, value) => transaction
            .prepare_cached(&format!(
                "INSERT OR REPLACE INTO \"{store}\" (key, value) VALUES (?, ?)"
            ))?
            .execute((Sql(key), value)),
        Op::Add(_, key, value) => transaction
            .prepare_cached(&format!(
                "INSERT INTO \"{store}\" (key, value) VALUES (?, ?)"
            ))?
            .execute((Sql(key), value)),
        Op::Delete(_, key) => transaction
            .prepare_cached(&format!("DELETE FROM \"{store}\" WHERE key = ?"))?
            .execute([Sql(key)]),
        Op::DeleteTo(_, last) => transaction
            .prepare_cached(&format!(
                "DELETE FROM \"{store}\" WHERE typeof(key) = 'integer' AND key <= ?"
            ))?
            .execute([last.cast_signed()]),
    }
}

struct Sql<'a>(&'a Key);

impl ToSql for Sql<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0 {
            Key::Number(number) => Ok(number.cast_signed().into()),
            Key::Name(name) => Ok(name.as_str().into()),
        }
    }
}

fn error(cause: rusqlite::Error) -> StorageError {
    match cause.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => StorageError::Full,
        _ => StorageError::Failed(cause.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORES: &[&str] = &["rows", "meta"];

    #[test]
    fn what_was_written_is_read_again_in_order_and_a_moved_fence_stops_everything() {
        let folder = std::env::temp_dir().join(format!("peers-device-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let host = Folder(folder.clone());
        let mut backend = host.open("one", STORES).unwrap();
        let put = |key: Key, byte: u8| Op::Put("rows", key, vec![byte]);
        let ops = [
            put("b".into(), 3),
            put(10u64.into(), 2),
            put(9u64.into(), 1),
        ];
        backend.write(None, &ops).unwrap();
        let all = [
            (Key::Number(9), vec![1]),
            (Key::Number(10), vec![2]),
            (Key::from("b"), vec![3]),
        ];
        assert_eq!(host.open("one", STORES).unwrap().all("rows").unwrap(), all);
        let guard = Guard {
            store: "meta",
            key: "fence".into(),
            value: vec![1],
        };
        let write = backend.write(Some(&guard), &[Op::DeleteTo("rows", 9)]);
        assert_eq!(write, Err(StorageError::Fenced));
        backend.write(None, &[Op::DeleteTo("rows", 9)]).unwrap();
        let keys = [9u64.into(), 10u64.into()];
        assert_eq!(
            backend.get_many("rows", &keys).unwrap(),
            [None, Some(vec![2])]
        );
        std::fs::remove_dir_all(folder).unwrap();
    }
}
