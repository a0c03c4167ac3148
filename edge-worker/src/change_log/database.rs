//! SQLite behind three verbs: the Durable Object's, or a native one in tests.

use super::values::{Row, Value};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use worker::{SqlStorage, State};

/// A statement with the values for its holes.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Its text, of which there are few: the runtime keeps them prepared.
    pub text: String,
    /// The values.
    pub bound: Vec<Value>,
}

impl Statement {
    /// A statement.
    pub fn new(text: impl Into<String>, bound: Vec<Value>) -> Statement {
        Statement {
            text: text.into(),
            bound,
        }
    }
}

/// What the log needs of SQLite.
pub trait Database {
    /// The rows that a statement gives.
    ///
    /// # Errors
    /// SQLite fails.
    fn rows(&self, text: &str, bound: Vec<Value>) -> worker::Result<Vec<Row>>;

    /// Runs statements in one transaction, which an error rolls back.
    ///
    /// # Errors
    /// SQLite fails; nothing was changed.
    fn run(&self, statements: Vec<Statement>) -> worker::Result<()>;

    /// How many bytes are in use.
    fn bytes(&self) -> u64;
}

/// The Durable Object's SQLite.
pub struct Storage {
    sql: SqlStorage,
    storage: JsValue,
}

impl Storage {
    /// Of a Durable Object.
    ///
    /// # Errors
    /// The runtime has none.
    pub fn of(state: &State) -> worker::Result<Storage> {
        Ok(Storage {
            sql: state.storage().sql(),
            storage: js_sys::Reflect::get(state.as_raw(), &"storage".into())?,
        })
    }
}

impl Database for Storage {
    fn rows(&self, text: &str, bound: Vec<Value>) -> worker::Result<Vec<Row>> {
        let cursor = self.sql.exec(text, bound)?;
        cursor.raw().map(|row| row.map(Row)).collect()
    }

    fn run(&self, statements: Vec<Statement>) -> worker::Result<()> {
        let sql = self.sql.clone();
        let work = Closure::once(move || -> Result<JsValue, JsValue> {
            for statement in statements {
                sql.exec(&statement.text, statement.bound)
                    .map_err(JsValue::from)?;
            }
            Ok(JsValue::UNDEFINED)
        });
        let transaction = js_sys::Reflect::get(&self.storage, &"transactionSync".into())?;
        let transaction: js_sys::Function = transaction.dyn_into()?;
        transaction.call1(&self.storage, work.as_ref())?;
        Ok(())
    }

    fn bytes(&self) -> u64 {
        self.sql.database_size() as u64
    }
}

/// The holes of a statement that is asked for several things at once. There are three sizes, so that
/// there are few texts; what is left over is filled up with nothing.
pub fn holes(mut bound: Vec<Value>) -> (String, Vec<Value>) {
    let size = [1, 8, 96].into_iter().find(|size| bound.len() <= *size);
    let size = size.unwrap_or(bound.len());
    bound.resize(size, Value::Null);
    (vec!["?"; size].join(", "), bound)
}

/// The most things that [`holes`] takes at once.
pub const HOLES: usize = 96;

/// Statements that put rows into a table, up to 100 values each.
pub fn insert(head: &str, columns: usize, rows: Vec<Vec<Value>>) -> Vec<Statement> {
    let most = 100 / columns;
    let row = format!("({})", vec!["?"; columns].join(", "));
    let mut statements = Vec::new();
    let mut rows = rows.into_iter().peekable();
    let mut left = rows.len();
    while rows.peek().is_some() {
        let size = [most, most / 4].into_iter().find(|size| *size <= left);
        let size = size.filter(|size| *size > 0).unwrap_or(1);
        left -= size;
        let bound: Vec<Value> = rows.by_ref().take(size).flatten().collect();
        let text = format!("{head} VALUES {}", vec![row.as_str(); size].join(", "));
        statements.push(Statement::new(text, bound));
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_in_with_few_statements_of_few_texts() {
        let rows: Vec<_> = (0..58).map(|n| vec![Value::Integer(n); 4]).collect();
        let statements = insert("INSERT INTO t", 4, rows.clone());
        let sizes: Vec<_> = statements.iter().map(|it| it.bound.len() / 4).collect();
        assert_eq!(sizes, [25, 25, 6, 1, 1]);
        let bound: Vec<_> = statements.into_iter().flat_map(|it| it.bound).collect();
        assert_eq!(bound, rows.concat());
        assert_eq!(insert("INSERT INTO t", 4, Vec::new()), []);
    }

    #[test]
    fn holes_are_filled_up() {
        assert_eq!(holes(vec![Value::Integer(1)]).0, "?");
        let (text, bound) = holes(vec![Value::Integer(1); 5]);
        assert_eq!((text.matches('?').count(), bound.len()), (8, 8));
        assert_eq!(holes(vec![Value::Integer(1); 9]).1.len(), 96);
    }
}
