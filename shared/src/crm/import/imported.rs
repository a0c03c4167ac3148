//! What was last imported into a record: a short hash of each value, kept in the field
//! `contact::IMPORTED`, so that importing again writes only what differs from that.
//!
//! Form: `<field tag>.<6 hexadecimal digits>`, sorted, with a space between. A plural field has one
//! for each item.

use crate::crm::field::Field;
use crate::id::sha256;

/// The hashes of what was imported, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Imported(Vec<(u8, String)>);

impl Imported {
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

    /// Whether anything was imported into the field.
    pub fn has(&self, field: &Field) -> bool {
        self.0.iter().any(|(tag, _)| *tag == field.tag)
    }

    /// Whether this value, or item, was imported into the field.
    pub fn holds(&self, field: &Field, value: &str) -> bool {
        self.has(field) && self.0.contains(&(field.tag, short(value)))
    }

    /// Notes what is imported: one value of a single field, one more item of a plural one.
    pub fn note(&mut self, field: &Field, value: &str) {
        if !field.shape.is_plural() {
            self.0.retain(|(tag, _)| *tag != field.tag);
        }
        self.insert(field.tag, short(value));
    }

    fn insert(&mut self, tag: u8, hash: String) {
        let mark = (tag, hash);
        if let Err(at) = self.0.binary_search(&mark) {
            self.0.insert(at, mark);
        }
    }
}

fn short(value: &str) -> String {
    let hash = sha256(value.as_bytes());
    hash[..3].iter().map(|byte| format!("{byte:02x}")).collect()
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
        let read = Imported::parse(&imported.to_stored());
        assert_eq!(read, imported);
        assert!(read.holds(&CITY, "Vannes") && !read.holds(&CITY, "Brest"));
        assert!(read.holds(&PHONES, "1") && read.holds(&PHONES, "2"));
        assert_eq!(Imported::parse("x 9999.a 3"), Imported::default());
    }
}
