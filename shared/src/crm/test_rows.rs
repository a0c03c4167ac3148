//! Rows for the tests of this module.

use super::Kind;
use super::field::Field;
use super::row::{Item, Mark, Presence, Row, Value};
use crate::id::{PersonId, RecordId};
use crate::time::Timestamp;

/// An empty row of that type whose id repeats `n`.
pub fn row(kind: Kind, n: u8) -> Row {
    let mark = Mark {
        by: PersonId([1; 8]),
        at: Timestamp(0),
    };
    Row {
        id: RecordId([n; 16]),
        kind,
        values: Vec::new(),
        items: Vec::new(),
        others: Vec::new(),
        unknown: Vec::new(),
        presence: Presence::There,
        created: mark,
        edited: mark,
    }
}

/// A row with these stored values.
pub fn row_with(kind: Kind, n: u8, values: &[(&Field, &str)]) -> Row {
    let mut row = row(kind, n);
    for (i, (field, stored)) in values.iter().enumerate() {
        if field.shape.is_plural() {
            row.items
                .push((field.tag, Item::from_stored(&i.to_string(), stored)));
        } else {
            let value = Value::from_stored(field.shape, stored).unwrap();
            row.values.push((field.tag, value));
        }
    }
    row.values.sort_by_key(|(tag, _)| *tag);
    row.items.sort_by_key(|(tag, _)| *tag);
    row
}
