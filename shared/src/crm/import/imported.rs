//! What was last imported into a record: a short hash of each value, kept in the field
//! `contact::IMPORTED`, so that importing again writes only what differs from that, and what a
//! person changed is told from what a file said.
//!
//! Form: `<field tag>.<hexadecimal digits>`, by field, with a space between; six digits, then `s` where
//! the value was not written but found. A plural field has one for each item, in the order of the items; `0.order` says so, as older versions sorted them.
//! Tag 0 with twelve digits is a key of a source of which a person said that it is this record.

use crate::crm::field::Field;
use crate::crm::order::sort_by;
use crate::crm::row::{Item, Row};
use crate::crm::{Kind, contact};
use crate::id::sha256;

/// The hashes of what was imported, by field.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Imported(Vec<(u8, String)>);

/// Stands where items are in their order.
const ORDERED: &str = "order";

impl Imported {
    /// What was imported into a record.
    pub fn of(row: &Row) -> Imported {
        Imported::parse(row.text(&contact::IMPORTED))
    }

    /// Reads the stored form; what is not of it is left out.
    pub fn parse(stored: &str) -> Imported {
        let mut imported = Imported::default();
        for mark in stored.split(' ') {
            if let Some((tag, hash)) = mark.split_once('.')
                && let Ok(tag) = tag.parse()
            {
                imported.insert(tag, hash.to_owned());
            }
        }
        imported
    }

    /// The stored form.
    pub fn to_stored(&self) -> String {
        let marks = self.0.iter().map(|(tag, hash)| format!("{tag}.{hash}"));
        marks.collect::<Vec<_>>().join(" ")
    }

    /// Whether anything was imported at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether anything was imported into the field.
    pub fn has(&self, field: &Field) -> bool {
        self.0.iter().any(|(tag, _)| *tag == field.tag)
    }

    /// Whether this value, or item, was in a file for the field: nothing new.
    pub fn holds(&self, field: &Field, value: &str) -> bool {
        self.place(field, value).is_some()
            || self.has(field) && self.0.contains(&(field.tag, seen(value)))
    }

    /// Whether an import wrote this value into the field, rather than found it there.
    pub fn wrote(&self, field: &Field, value: &str) -> bool {
        self.place(field, value).is_some()
    }

    fn place(&self, field: &Field, value: &str) -> Option<usize> {
        if !self.has(field) {
            return None;
        }
        let hash = short(value, 3);
        self.0
            .iter()
            .position(|(tag, held)| *tag == field.tag && *held == hash)
    }

    /// Notes what is imported: one value of a single field, one more item of a plural one.
    pub fn note(&mut self, field: &Field, value: &str) {
        if !field.shape.is_plural() {
            self.0.retain(|(tag, _)| *tag != field.tag);
        }
        self.insert(field.tag, short(value, 3));
    }

    /// Whether items stand in their order.
    pub fn is_ordered(&self) -> bool {
        self.0.first().is_some_and(|(tag, _)| *tag == 0)
            && self.0.contains(&(0, ORDERED.to_owned()))
    }

    /// Notes an item as the last of its field.
    pub fn note_last(&mut self, field: &Field, key: &str) {
        if let Some(place) = self.place(field, key) {
            self.0.remove(place);
        }
        self.note(field, key);
    }

    /// Notes that items stand in their order, where there is more than one of a field.
    pub fn note_order(&mut self) {
        let several = |pair: &[(u8, String)]| pair[0].0 == pair[1].0 && pair[0].0 != 0;
        if self.0.windows(2).any(several) {
            self.insert(0, ORDERED.to_owned());
        }
    }

    /// Notes that a key of a source means this record.
    pub fn note_alias(&mut self, key: &str) {
        self.insert(0, alias(key));
    }

    /// The keys of sources that mean this record, in the form of [`alias`].
    pub fn aliases(stored: &str) -> impl Iterator<Item = &str> {
        stored
            .split(' ')
            .filter_map(|mark| mark.strip_prefix("0."))
            .filter(|mark| *mark != ORDERED)
    }

    /// Notes a value of a single field that a file has and a person had typed.
    pub fn note_seen(&mut self, field: &Field, value: &str) {
        self.0.retain(|(tag, _)| *tag != field.tag);
        self.insert(field.tag, seen(value));
    }

    fn insert(&mut self, tag: u8, hash: String) {
        let mark = (tag, hash);
        if !self.0.contains(&mark) {
            let at = self.0.partition_point(|(held, _)| *held <= tag);
            self.0.insert(at, mark);
        }
    }
}

/// A key of a source as it stands among the marks.
pub(super) fn alias(key: &str) -> String {
    short(key, 6)
}

/// The mark of a value that was found, not written.
fn seen(value: &str) -> String {
    format!("{}s", short(value, 3))
}

fn short(value: &str, bytes: usize) -> String {
    let hash = sha256(value.as_bytes());
    hash[..bytes]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The items of a field in the order of whoever put them there: as they stood in the file that they
/// came from, then what was added since.
pub fn in_order<'a>(row: &'a Row, field: &Field) -> Vec<&'a Item> {
    let mut items: Vec<(usize, &Item)> = row.items(field).map(|item| (0, item)).collect();
    if items.len() > 1 && row.kind == Kind::Contact {
        let imported = Imported::of(row);
        if imported.is_ordered() {
            for (place, item) in &mut items {
                *place = imported.place(field, &item.key).unwrap_or(usize::MAX);
            }
            sort_by(&mut items, &|a, b| a.0.cmp(&b.0));
        }
    }
    items.into_iter().map(|(_, item)| item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::contact::{CITY, PHONES};

    #[test]
    fn it_survives_its_stored_form_and_keeps_one_hash_a_value() {
        let mut imported = Imported::default();
        imported.note(&CITY, "Brest");
        imported.note(&CITY, "Vannes");
        imported.note(&PHONES, "1");
        imported.note(&PHONES, "2");
        imported.note_order();
        imported.note_alias("email:a@b.fr:ann lee");
        let stored = imported.to_stored();
        let read = Imported::parse(&stored);
        assert_eq!(read, imported);
        assert!(read.holds(&CITY, "Vannes") && !read.holds(&CITY, "Brest"));
        assert!(read.holds(&PHONES, "1") && read.holds(&PHONES, "2"));
        assert_eq!(
            Imported::aliases(&stored).collect::<Vec<_>>(),
            [alias("email:a@b.fr:ann lee")]
        );
        assert_eq!(Imported::parse("x 9999.a 3"), Imported::default());
    }

    #[test]
    fn marks_of_older_versions_stay_as_they_are() {
        let stored = "1.0a0b0c 5.111111 5.222222 9.333333";
        assert_eq!(Imported::parse(stored).to_stored(), stored);
    }
}
