//! A row: a record as plain data, projected from its document. Lists, boards and search read rows.

use super::Kind;
use super::direction::undirected;
use super::field::{Field, Shape};
use crate::id::{PersonId, RecordId};
use crate::money::Money;
use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// The form of rows as bytes. Rows of another form are projected anew.
pub const ROW_FORM: u8 = 1;

/// A single value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Value {
    /// Text, a choice's key, or a rank.
    Text(String),
    /// A calendar day.
    Date(Date),
    /// An instant.
    Moment(Timestamp),
    /// An amount.
    Money(Money),
    /// Yes or no.
    Flag(bool),
    /// Another record.
    Link(RecordId),
    /// A colleague.
    Person(PersonId),
}

impl Value {
    /// The form in which the value stands in a document: always a text, so that what a newer
    /// version wrote can be kept and shown.
    pub fn to_stored(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Date(date) => date.to_string(),
            Value::Moment(time) => time.0.to_string(),
            Value::Money(money) => money.to_string(),
            Value::Flag(flag) => if *flag { "1" } else { "0" }.into(),
            Value::Link(id) => id.to_string(),
            Value::Person(person) => person.to_string(),
        }
    }

    /// Reads the stored form of a field of this shape, or `None` when it is not of that form. Whoever
    /// wrote it, a text turns no other's direction.
    pub fn from_stored(shape: Shape, text: &str) -> Option<Value> {
        Some(match shape {
            Shape::Text
            | Shape::Note
            | Shape::Choice(_)
            | Shape::Rank
            | Shape::Phones
            | Shape::Emails
            | Shape::Tags => Value::Text(undirected(text.into())),
            Shape::Date => Value::Date(text.parse().ok()?),
            Shape::Moment => Value::Moment(Timestamp(text.parse().ok()?)),
            Shape::Money => Value::Money(text.parse().ok()?),
            Shape::Flag => Value::Flag(text == "1"),
            Shape::Link(_) | Shape::Links(_) => Value::Link(text.parse().ok()?),
            Shape::Person => Value::Person(text.parse().ok()?),
        })
    }
}

/// One of several values of a plural field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The key within the field: for `Links` the record's id, for `Tags` the tag in lowercase,
    /// else drawn by whoever added it. Items show in the order of their keys.
    pub key: String,
    /// `mobile`, `work`, `home`, `other` for phones and e-mails; a role for links; else empty.
    pub label: String,
    /// The number, address or tag; empty for links.
    pub text: String,
}

impl Item {
    /// The stored form: label, a tab, text.
    pub fn to_stored(&self) -> String {
        format!("{}\t{}", self.label, self.text)
    }

    /// Reads the stored form.
    pub fn from_stored(key: &str, stored: &str) -> Item {
        let (label, text) = stored.split_once('\t').unwrap_or(("", stored));
        Item {
            key: key.into(),
            label: undirected(label.into()),
            text: undirected(text.into()),
        }
    }
}

/// A value that lost against a concurrent edit and waits for someone to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The field's key.
    pub field: String,
    /// The item's key within a plural field, else empty.
    pub item: String,
    /// The stored form of the other value.
    pub stored: String,
    /// Who wrote it.
    pub by: PersonId,
    /// When, by their device's clock.
    pub at: Timestamp,
}

/// Who did something and when (by their device's clock).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
}

/// One value written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Who and when.
    pub mark: Mark,
    /// The field's key; `type` when the record was made, `deleted` for a deletion.
    pub field: String,
    /// The item's key within a plural field, else empty.
    pub item: String,
    /// The stored form before.
    pub before: Option<String>,
    /// The stored form after; `None` when it was removed. For a note, the characters typed.
    pub after: Option<String>,
}

/// Whether a record is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Presence {
    /// It is.
    #[default]
    There,
    /// Somebody deleted it.
    Deleted(Mark),
    /// Somebody deleted it, but this edit, made without knowing, brought it back.
    Restored(Mark),
}

/// A record as plain data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which record.
    pub id: RecordId,
    /// Its type.
    pub kind: Kind,
    /// The single values, by the fields' tags, ascending. A note stands here cut to
    /// [`Row::NOTE_EXCERPT`] characters.
    pub values: Vec<(u8, Value)>,
    /// The items of plural fields, by the fields' tags and the items' keys, ascending.
    pub items: Vec<(u8, Item)>,
    /// Values that wait for a choice.
    pub others: Vec<Other>,
    /// What a newer version of the app wrote: key and stored form.
    pub unknown: Vec<(String, String)>,
    /// Whether it is deleted.
    pub presence: Presence,
    /// Who made it.
    pub created: Mark,
    /// Who edited it last.
    pub edited: Mark,
}

impl Row {
    /// The row as bytes: its form, then postcard.
    pub fn to_bytes(&self) -> Vec<u8> {
        let encoded = postcard::to_allocvec(self).expect("plain data always encodes");
        [&[ROW_FORM], encoded.as_slice()].concat()
    }

    /// A row from bytes; `None` when they are damaged or of another form.
    pub fn from_bytes(bytes: &[u8]) -> Option<Row> {
        let (form, row) = bytes.split_first()?;
        let mut row: Row = (*form == ROW_FORM).then(|| postcard::from_bytes(row).ok())??;
        // A version that did not mind the direction of texts may have written it.
        for (_, value) in &mut row.values {
            if let Value::Text(text) = value {
                *text = undirected(std::mem::take(text));
            }
        }
        for (_, item) in &mut row.items {
            for text in [&mut item.label, &mut item.text] {
                *text = undirected(std::mem::take(text));
            }
        }
        Some(row)
    }

    /// How many characters of a note a row holds; the rest is read when the record is opened.
    pub const NOTE_EXCERPT: usize = 280;

    /// The value of a field.
    pub fn value(&self, field: &Field) -> Option<&Value> {
        let at = self
            .values
            .binary_search_by_key(&field.tag, |(tag, _)| *tag)
            .ok()?;
        self.values.get(at).map(|(_, value)| value)
    }

    /// The text of a field, empty when it has none.
    pub fn text(&self, field: &Field) -> &str {
        match self.value(field) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// The day a field holds.
    pub fn date(&self, field: &Field) -> Option<Date> {
        match self.value(field) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        }
    }

    /// The instant a field holds.
    pub fn moment(&self, field: &Field) -> Option<Timestamp> {
        match self.value(field) {
            Some(Value::Moment(at)) => Some(*at),
            _ => None,
        }
    }

    /// The amount a field holds.
    pub fn money(&self, field: &Field) -> Option<Money> {
        match self.value(field) {
            Some(Value::Money(money)) => Some(*money),
            _ => None,
        }
    }

    /// The record a field links to.
    pub fn link(&self, field: &Field) -> Option<RecordId> {
        match self.value(field) {
            Some(Value::Link(id)) => Some(*id),
            _ => None,
        }
    }

    /// The colleague a field names.
    pub fn person(&self, field: &Field) -> Option<PersonId> {
        match self.value(field) {
            Some(Value::Person(person)) => Some(*person),
            _ => None,
        }
    }

    /// The items of a plural field.
    pub fn items(&self, field: &Field) -> impl Iterator<Item = &Item> {
        let tag = field.tag;
        self.items
            .iter()
            .filter(move |(of, _)| *of == tag)
            .map(|(_, item)| item)
    }

    /// The records a plural field links to.
    pub fn links(&self, field: &Field) -> impl Iterator<Item = RecordId> {
        self.items(field).filter_map(|item| item.key.parse().ok())
    }

    /// Whether the record is to be shown in lists.
    pub fn is_there(&self) -> bool {
        !matches!(self.presence, Presence::Deleted(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::contact::{LAST_NAME, PHONES};
    use crate::crm::test_rows::row_with;

    #[test]
    fn a_row_turns_no_direction_whoever_wrote_it() {
        let mut row = row_with(Kind::Contact, 1, &[(&LAST_NAME, "A"), (&PHONES, "work\t1")]);
        row.values[0].1 = Value::Text("gpj.\u{202e}exe".into());
        row.items[0].1.text = "\u{2067}06".into();
        let row = Row::from_bytes(&row.to_bytes()).unwrap();
        assert_eq!(row.text(&LAST_NAME), "gpj.exe");
        assert_eq!(row.items(&PHONES).next().unwrap().text, "06");
        let read = Value::from_stored(Shape::Text, "a\u{202e}b");
        assert_eq!(read, Some(Value::Text("ab".into())));
    }
}
