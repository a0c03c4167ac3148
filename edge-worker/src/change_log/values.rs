//! Reading values out of SQLite's rows, and putting them in.

pub use worker::SqlStorageValue as Value;

/// A row, by the place of its columns. What is missing or of another type reads as empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// A number.
    pub fn number(&self, at: usize) -> i64 {
        self.0.get(at).map_or(0, number)
    }

    /// A number that is never negative.
    pub fn count(&self, at: usize) -> u64 {
        self.number(at).unsigned_abs()
    }

    /// A text.
    pub fn text(&self, at: usize) -> &str {
        match self.0.get(at) {
            Some(Value::String(text)) => text,
            _ => "",
        }
    }

    /// Bytes.
    pub fn blob(&self, at: usize) -> &[u8] {
        match self.0.get(at) {
            Some(Value::Blob(bytes)) => bytes,
            _ => &[],
        }
    }

    /// So many bytes.
    pub fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.0.get(at).and_then(bytes)
    }
}

/// A number.
pub fn number(value: &Value) -> i64 {
    match value {
        Value::Integer(number) => *number,
        Value::Float(number) => *number as i64,
        Value::Null | Value::Boolean(_) | Value::String(_) | Value::Blob(_) => 0,
    }
}

/// So many bytes.
pub fn bytes<const N: usize>(value: &Value) -> Option<[u8; N]> {
    match value {
        Value::Blob(bytes) => bytes.as_slice().try_into().ok(),
        Value::Null
        | Value::Boolean(_)
        | Value::Integer(_)
        | Value::Float(_)
        | Value::String(_) => None,
    }
}

/// A position or another count, as SQLite takes it.
pub fn counted(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Bytes, as SQLite takes them.
pub fn blob(bytes: &[u8]) -> Value {
    Value::Blob(bytes.to_vec())
}
