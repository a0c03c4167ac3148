//! SQLite without a Durable Object.

use crate::change_log::database::{Database, Statement};
use crate::change_log::values::{Row, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};
use shared::sync::room::NewChange;
use std::cell::Cell;
use std::rc::Rc;

/// A database in memory; its clones are the same one.
#[derive(Clone)]
pub struct Native {
    connection: Rc<Connection>,
    fails_after: Rc<Cell<usize>>,
    bytes: Rc<Cell<u64>>,
    opened: Rc<Cell<usize>>,
}

struct Bound(Value);

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match &self.0 {
            Value::Null => ValueRef::Null,
            Value::Boolean(is) => ValueRef::Integer(i64::from(*is)),
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Float(number) => ValueRef::Real(*number),
            Value::String(text) => ValueRef::Text(text.as_bytes()),
            Value::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

fn failed(error: rusqlite::Error) -> worker::Error {
    worker::Error::RustError(error.to_string())
}

fn read(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Row> {
    let value = |at| {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Integer(number),
            ValueRef::Real(number) => Value::Float(number),
            ValueRef::Text(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
            ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        })
    };
    (0..columns)
        .map(value)
        .collect::<rusqlite::Result<_>>()
        .map(Row)
}

impl Native {
    pub fn new() -> Native {
        Native {
            connection: Rc::new(Connection::open_in_memory().unwrap()),
            fails_after: Rc::new(Cell::new(usize::MAX)),
            bytes: Rc::default(),
            opened: Rc::default(),
        }
    }

    /// Another database that holds what this one does.
    pub fn copy(&self) -> Native {
        let file = std::env::temp_dir().join(format!("terrain-{:p}-copy", self.connection));
        let _ = std::fs::remove_file(&file);
        let text = format!("VACUUM INTO '{}'", file.display());
        self.connection.execute_batch(&text).unwrap();
        let mut copy = Native::new();
        copy.connection = Rc::new(Connection::open(&file).unwrap());
        // The connection keeps what it has open.
        let memory = "PRAGMA journal_mode = MEMORY";
        copy.connection.execute_batch(memory).unwrap();
        std::fs::remove_file(&file).unwrap();
        copy
    }

    /// Lets a transaction fail after so many of its statements.
    pub fn fail_after(&self, statements: usize) {
        self.fails_after.set(statements);
    }

    /// How many blocks were read.
    pub fn opened(&self) -> usize {
        self.opened.get()
    }

    /// Lets it be as large as this.
    pub fn grow_to(&self, bytes: u64) {
        self.bytes.set(bytes);
    }

    pub fn run_text(&self, text: &str) {
        self.connection.execute(text, []).unwrap();
    }

    /// Puts a change in as the first version did.
    pub fn put_first_version(&self, new: &NewChange) {
        let item = &new.item;
        let text = "INSERT INTO log (document, generation, hash, bytes, at) VALUES (?, ?, ?, ?, 0)";
        let bound = (item.document.0, item.generation, item.hash.0, &item.bytes);
        self.connection.execute(text, bound).unwrap();
        let text = "INSERT OR REPLACE INTO writer VALUES (?, ?, ?, ?)";
        let device = new.device.map(|device| device.0);
        let bound = (
            item.document.0,
            new.writer.to_bytes(),
            device,
            new.sequence as i64,
        );
        self.connection.execute(text, bound).unwrap();
    }

    /// Whether some row of some table has these bytes, plain.
    pub fn holds(&self, bytes: &[u8]) -> bool {
        let tables = [
            ("stretch", "bytes"),
            ("block", "bytes"),
            ("record", "line"),
            ("quarantine", "bytes"),
        ];
        tables.iter().any(|(table, column)| {
            let text = format!("SELECT {column} FROM {table}");
            let rows = self.rows(&text, Vec::new()).unwrap();
            rows.iter()
                .any(|row| row.blob(0).windows(bytes.len()).any(|it| it == bytes))
        })
    }
}

impl Database for Native {
    fn rows(&self, text: &str, bound: Vec<Value>) -> worker::Result<Vec<Row>> {
        if text.starts_with("SELECT bytes FROM block") {
            self.opened.set(self.opened.get() + 1);
        }
        let mut statement = self.connection.prepare_cached(text).map_err(failed)?;
        let columns = statement.column_count();
        let bound = params_from_iter(bound.into_iter().map(Bound));
        let rows = statement
            .query_map(bound, |row| read(row, columns))
            .map_err(failed)?;
        rows.map(|row| row.map_err(failed)).collect()
    }

    fn run(&self, statements: Vec<Statement>) -> worker::Result<()> {
        let transaction = self.connection.unchecked_transaction().map_err(failed)?;
        for (at, statement) in statements.into_iter().enumerate() {
            assert!(
                statement.bound.len() <= 100,
                "the platform takes 100 values"
            );
            if at >= self.fails_after.get() {
                return Err(worker::Error::RustError(
                    "database or disk is full: SQLITE_FULL".into(),
                ));
            }
            let bound = params_from_iter(statement.bound.into_iter().map(Bound));
            let mut prepared = transaction
                .prepare_cached(&statement.text)
                .map_err(failed)?;
            prepared.execute(bound).map_err(failed)?;
        }
        transaction.commit().map_err(failed)
    }

    fn bytes(&self) -> u64 {
        self.bytes.get()
    }
}
