//! Numbers that name the states of a document, so that what is typed is applied where it was seen.
//!
//! A number follows from the state alone: an engine that takes over knows it, too.

use shared::document::Document;
use shared::id::{ChangeHash, RecordId, sha256};
use std::collections::VecDeque;

/// How many states are remembered.
const REMEMBERED: usize = 50;

/// The states that pages have seen lately.
#[derive(Debug, Default)]
pub struct Revisions {
    told: u64,
    seen: VecDeque<(RecordId, u64, Vec<ChangeHash>)>,
}

/// The number of a state.
pub fn number(heads: &[ChangeHash]) -> u64 {
    let bytes: Vec<u8> = heads.iter().flat_map(|hash| hash.0).collect();
    let mut number = [0; 8];
    number.copy_from_slice(&sha256(&bytes)[..8]);
    // A page may keep it in a JavaScript number.
    u64::from_le_bytes(number) >> 11
}

impl Revisions {
    /// Goes on after all that any earlier writer told: which one this is comes first in the order.
    pub fn after(earlier: u64) -> Revisions {
        Revisions {
            told: earlier << 32,
            ..Revisions::default()
        }
    }

    /// The place of the next thing told in the order of all.
    pub fn next_order(&mut self) -> u64 {
        self.told += 1;
        self.told
    }

    /// Remembers the present state of a document and returns its number.
    pub fn note(&mut self, record: RecordId, document: &Document) -> u64 {
        let heads = document.heads();
        let number = number(&heads);
        let known = |(of, n, _): &(RecordId, u64, Vec<ChangeHash>)| *of == record && *n == number;
        if !self.seen.iter().any(known) {
            self.seen.push_back((record, number, heads));
        }
        if self.seen.len() > REMEMBERED {
            self.seen.pop_front();
        }
        number
    }

    /// The state of that number: a remembered one, the present one, or one that a single change led
    /// to. `None` when it is none of them.
    pub fn heads(
        &self,
        record: RecordId,
        revision: u64,
        document: &Document,
    ) -> Option<Vec<ChangeHash>> {
        let mut seen = self.seen.iter();
        if let Some((_, _, heads)) = seen.find(|(of, n, _)| *of == record && *n == revision) {
            // A new generation of the record knows nothing of the old one's states.
            let is_known = heads.iter().all(|hash| document.has(*hash));
            return is_known.then(|| heads.clone());
        }
        let present = document.heads();
        if number(&present) == revision {
            return Some(present);
        }
        let changes = document.changes();
        let mut hashes = changes.iter().rev().map(|change| vec![change.hash]);
        hashes.find(|heads| number(heads) == revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::Kind;
    use shared::crm::command::{Edit, Splice, Write};
    use shared::id::{PersonId, Writer};
    use shared::time::Timestamp;

    #[test]
    fn an_engine_that_takes_over_knows_the_states_that_were_seen() {
        let record = RecordId([4; 16]);
        let writer = Writer {
            person: PersonId([1; 8]),
            instance: [2; 8],
        };
        let mut document = Document::new();
        let make = Edit::make(record, Kind::Contact, vec![Write::put("notes", "un été")]);
        document.edit(&make, writer, Timestamp(1)).unwrap();
        let mut revisions = Revisions::default();
        let seen = revisions.note(record, &document);
        let splice = Splice {
            at: 0,
            remove: 0,
            insert: "Hier, ".into(),
        };
        let heads = document.heads();
        document
            .splice("notes", &heads, &splice, writer, Timestamp(2))
            .unwrap();

        let fresh = Revisions::default();
        for revisions in [&revisions, &fresh] {
            let found = revisions.heads(record, seen, &document);
            assert_eq!(found, Some(heads.clone()));
        }
        assert_eq!(fresh.heads(record, 12345, &document), None);

        let splice = Splice {
            at: 6,
            remove: 0,
            insert: " chaud".into(),
        };
        document
            .splice("notes", &heads, &splice, writer, Timestamp(3))
            .unwrap();
        assert_eq!(document.note("notes"), "Hier, un été chaud");
    }
}
