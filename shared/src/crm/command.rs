//! Commands: what a person does, as writes to documents. Every command can be undone by another.

use super::Kind;
use super::row::Item;
use crate::id::RecordId;
use serde::{Deserialize, Serialize};

/// A place in a document that holds one scalar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// The field's key, or [`DELETED`].
    pub field: String,
    /// The item's key for a plural field, else empty.
    pub item: String,
}

/// The field that says a record is deleted. It holds `1`.
pub const DELETED: &str = "deleted";

impl Place {
    /// The one value of a field.
    pub fn field(key: &str) -> Place {
        Place {
            field: key.into(),
            item: String::new(),
        }
    }

    /// An item of a plural field.
    pub fn item(key: &str, item: &str) -> Place {
        Place {
            field: key.into(),
            item: item.into(),
        }
    }
}

/// One scalar written, or removed when `put` is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Write {
    /// Where.
    pub at: Place,
    /// The stored form of the new value; `None` removes it.
    pub put: Option<String>,
    /// Write only where this still stands (`Some(None)`: only where nothing stands). An undo is a
    /// write that expects what the undone command put there.
    pub expect: Option<Option<String>>,
}

impl Write {
    /// Puts a value, whatever stands there.
    pub fn put(key: &str, stored: impl Into<String>) -> Write {
        Write {
            at: Place::field(key),
            put: Some(stored.into()),
            expect: None,
        }
    }

    /// Removes a value, whatever stands there.
    pub fn clear(key: &str) -> Write {
        Write {
            at: Place::field(key),
            put: None,
            expect: None,
        }
    }

    /// Puts an item.
    pub fn put_item(key: &str, item: &Item) -> Write {
        Write {
            at: Place::item(key, &item.key),
            put: Some(item.to_stored()),
            expect: None,
        }
    }

    /// Removes an item.
    pub fn clear_item(key: &str, item: &str) -> Write {
        Write {
            at: Place::item(key, item),
            put: None,
            expect: None,
        }
    }
}

/// A change to a note: at `at` characters (Unicode scalar values) remove `remove`, insert `insert`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Splice {
    /// Where, in characters.
    pub at: usize,
    /// How many characters go.
    pub remove: usize,
    /// What comes.
    pub insert: String,
}

/// What is done to one record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Which record.
    pub record: RecordId,
    /// The type of a record that this edit makes; `None` edits one that is there. Making one
    /// that exists edits it.
    pub make: Option<Kind>,
    /// What is written.
    pub writes: Vec<Write>,
}

impl Edit {
    /// Makes a record.
    pub fn make(record: RecordId, kind: Kind, writes: Vec<Write>) -> Edit {
        Edit {
            record,
            make: Some(kind),
            writes,
        }
    }

    /// Edits a record.
    pub fn of(record: RecordId, writes: Vec<Write>) -> Edit {
        Edit {
            record,
            make: None,
            writes,
        }
    }

    /// Deletes a record: a field like another, so that it can be undone and merged.
    pub fn delete(record: RecordId) -> Edit {
        Edit::of(record, vec![Write::put(DELETED, "1")])
    }

    /// Brings a deleted record back, or confirms one that an edit brought back.
    pub fn restore(record: RecordId) -> Edit {
        Edit::of(record, vec![Write::clear(DELETED)])
    }
}

impl Splice {
    /// The smallest single splice that turns one text into another.
    pub fn between(before: &str, after: &str) -> Splice {
        let before: Vec<char> = before.chars().collect();
        let after: Vec<char> = after.chars().collect();
        let head = before
            .iter()
            .zip(&after)
            .take_while(|(a, b)| a == b)
            .count();
        let tail = before[head..]
            .iter()
            .rev()
            .zip(after[head..].iter().rev())
            .take_while(|(a, b)| a == b)
            .count();
        Splice {
            at: head,
            remove: before.len() - head - tail,
            insert: after[head..after.len() - tail].iter().collect(),
        }
    }

    /// The text with it.
    pub fn applied(&self, text: &str) -> String {
        let head = text.chars().take(self.at);
        let tail = text.chars().skip(self.at + self.remove);
        head.chain(self.insert.chars()).chain(tail).collect()
    }

    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.remove == 0 && self.insert.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_splice_is_the_smallest_that_leads_from_one_text_to_the_other() {
        let splice = Splice::between("un été chaud", "un été très chaud");
        assert_eq!(
            splice,
            Splice {
                at: 7,
                remove: 0,
                insert: "très ".into()
            }
        );
        assert_eq!(
            Splice::between("aaa", "aa"),
            Splice {
                at: 2,
                remove: 1,
                insert: String::new()
            }
        );
        assert!(Splice::between("a", "a").is_empty());
    }
}
