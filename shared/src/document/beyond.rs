//! What one state of a record holds beyond another, as an edit that makes it again elsewhere: in a new
//! generation of the record, or under another clock.

use super::genesis::{FIELDS, GENESIS_PERSON, ITEMS, map};
use super::project::{TYPE, person};
use super::{Document, RawChange};
use crate::crm::Kind;
use crate::crm::command::{DELETED, Edit, Place, Splice, Write};
use crate::crm::field::Shape;
use crate::crm::row::Presence;
use crate::id::{ChangeHash, RecordId};
use automerge::legacy::{Key, OpType};
use automerge::{Change, ReadDoc, ScalarValue};

/// A key, its value and whether others stand beside it.
type Held = (String, String, bool);

impl Document {
    /// The edit that makes in `onto` what this document holds beyond `base`. A note that was changed
    /// there too keeps both: what was typed here comes at its place, or after what was typed there.
    pub fn beyond(&self, base: &Document, onto: &Document, record: RecordId) -> Edit {
        let kind = self.kind();
        let mut writes = Vec::new();
        for name in [FIELDS, ITEMS] {
            let (ours, theirs) = (self.held(name), base.held(name));
            let gone = theirs.iter().filter(|it| of(&ours, &it.0).is_none());
            for (key, _, _) in ours.iter().chain(gone) {
                let special = key == TYPE || key == DELETED || is_note(kind, key);
                if name == FIELDS && special {
                    continue;
                }
                let (here, there) = (of(&ours, key), of(&theirs, key));
                let settled = there.is_some_and(|there| there.2) && here.is_some_and(|it| !it.2);
                if settled || here.map(|it| &it.1) != there.map(|it| &it.1) {
                    writes.push(Write {
                        at: place(name, key),
                        put: here.map(|it| it.1.clone()),
                        expect: None,
                    });
                }
            }
        }
        let notes = kind.map(Kind::fields).unwrap_or_default().iter();
        for field in notes.filter(|field| field.shape == Shape::Note) {
            let (before, after) = (base.note(field.key), self.note(field.key));
            if before != after {
                let merged = merged(&before, &after, &onto.note(field.key));
                writes.push(Write::put(field.key, merged));
            }
        }
        match (self.is_deleted(), base.is_deleted()) {
            (true, false) => writes.push(Write::put(DELETED, "1")),
            (false, true) => writes.push(Write::clear(DELETED)),
            (true, true) | (false, false) => {}
        }
        Edit {
            record,
            make: kind.filter(|_| onto.kind().is_none()),
            writes,
        }
    }

    /// The document without some changes, or `None` where others build on them.
    pub fn without(&self, hashes: &[ChangeHash]) -> Option<Document> {
        let changes = self.changes().into_iter();
        let left: Vec<RawChange> = changes.filter(|it| !hashes.contains(&it.hash)).collect();
        Document::load(left.iter().map(|change| change.bytes.as_slice())).ok()
    }

    /// What a map holds.
    fn held(&self, name: &'static str) -> Vec<Held> {
        let entries = self.am.map_range(map(name), ..);
        let held = entries.filter_map(|entry| {
            let automerge::ValueRef::Scalar(automerge::ScalarValueRef::Str(stored)) = &entry.value
            else {
                return None;
            };
            Some((entry.key.to_string(), stored.to_string(), entry.conflict))
        });
        held.collect()
    }

    fn is_deleted(&self) -> bool {
        let presence = self.presence();
        matches!(presence, Ok(Presence::Deleted(_)))
    }
}

/// What a change wrote, as writes that say it again whatever stands there, and what it typed into
/// notes. Empty where the bytes are no change of a person.
pub fn said(change: &[u8]) -> (Vec<Write>, String) {
    let mut writes = Vec::new();
    let mut typed = String::new();
    let Ok(change) = Change::from_bytes(change.to_vec()) else {
        return (writes, typed);
    };
    if person(change.actor_id()).is_none_or(|by| by == GENESIS_PERSON) {
        return (writes, typed);
    }
    for op in change.decode().operations {
        let put = match &op.action {
            OpType::Put(ScalarValue::Str(text)) => Some(text.to_string()),
            OpType::Delete => None,
            OpType::Make(_)
            | OpType::Increment(_)
            | OpType::Put(_)
            | OpType::MarkBegin(..)
            | OpType::MarkEnd(_) => {
                continue;
            }
        };
        match &op.key {
            Key::Map(key) if key == TYPE => {}
            Key::Map(key) => writes.push(Write {
                at: place(if key.contains('/') { ITEMS } else { FIELDS }, key),
                put,
                expect: None,
            }),
            Key::Seq(_) => typed.push_str(&put.unwrap_or_default()),
        }
    }
    (writes, typed)
}

fn of<'a>(held: &'a [Held], key: &str) -> Option<&'a Held> {
    held.iter().find(|(known, _, _)| known == key)
}

fn place(map: &str, key: &str) -> Place {
    match key.split_once('/') {
        Some((field, item)) if map == ITEMS => Place::item(field, item),
        Some(_) | None => Place::field(key),
    }
}

fn is_note(kind: Option<Kind>, key: &str) -> bool {
    let field = kind.and_then(|kind| kind.field(key));
    field.is_some_and(|field| field.shape == Shape::Note)
}

/// What `ours` did to `base`, done to `theirs`.
fn merged(base: &str, ours: &str, theirs: &str) -> String {
    let mine = Splice::between(base, ours);
    let other = Splice::between(base, theirs);
    let came = other.insert.chars().count();
    let (at, remove) = if mine.at + mine.remove <= other.at {
        (mine.at, mine.remove)
    } else if other.at + other.remove <= mine.at {
        (mine.at - other.remove + came, mine.remove)
    } else {
        (other.at + came, 0)
    };
    let there: Vec<char> = theirs.chars().collect();
    let after = &there[(at + remove).min(there.len())..];
    let before = &there[..at.min(there.len())];
    let before = before.iter().copied();
    before
        .chain(mine.insert.chars())
        .chain(after.iter().copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::row::Item;
    use crate::id::{PersonId, Writer};
    use crate::time::Timestamp;

    const ID: RecordId = RecordId([7; 16]);

    fn by(n: u8) -> Writer {
        Writer {
            person: PersonId([n; 8]),
            instance: [n; 8],
        }
    }

    fn tag(word: &str) -> Write {
        Write::put_item(
            "tags",
            &Item {
                key: word.into(),
                label: String::new(),
                text: word.into(),
            },
        )
    }

    fn made() -> Document {
        let mut document = Document::new();
        let writes = vec![
            Write::put("first_name", "Anaïs"),
            Write::put("city", "Brest"),
            Write::put("notes", "un été chaud"),
            tag("vip"),
        ];
        let make = Edit::make(ID, Kind::Contact, writes);
        document.edit(&make, by(1), Timestamp(1)).unwrap();
        document
    }

    #[test]
    fn what_one_state_holds_beyond_another_is_made_again_elsewhere() {
        let base = made();
        let mut local = base.clone();
        let edit = Edit::of(
            ID,
            vec![
                Write::put("first_name", "Anna"),
                Write::clear("city"),
                Write::clear_item("tags", "vip"),
                tag("new"),
                Write::put("notes", "un été très chaud"),
                Write::put(DELETED, "1"),
            ],
        );
        local.edit(&edit, by(2), Timestamp(2)).unwrap();
        let mut onto = Document::new();
        let writes = vec![
            Write::put("first_name", "Anaïs"),
            Write::put("last_name", "Le Goff"),
            Write::put("notes", "C’était un été chaud"),
            tag("vip"),
        ];
        let anew = Edit::make(ID, Kind::Contact, writes);
        onto.edit(&anew, by(3), Timestamp(3)).unwrap();
        let again = local.beyond(&base, &onto, ID);
        assert_eq!(again.make, None);
        onto.edit(&again, by(2), Timestamp(4)).unwrap();
        let row = onto.row(ID).unwrap();
        assert_eq!(row.title(), "Anna Le Goff");
        assert_eq!(onto.note("notes"), "C’était un été très chaud");
        let tags = row.items(&crate::crm::contact::TAGS);
        assert_eq!(
            tags.map(|tag| tag.key.as_str()).collect::<Vec<_>>(),
            ["new"]
        );
        assert!(!row.is_there());
        assert!(local.beyond(&local, &onto, ID).writes.is_empty());
    }

    #[test]
    fn a_record_that_nobody_else_has_is_made_again_whole() {
        let local = made();
        let again = local.beyond(&Document::new(), &Document::new(), ID);
        let mut onto = Document::new();
        onto.edit(&again, by(4), Timestamp(9)).unwrap();
        let mut expected = local.row(ID).unwrap();
        let row = onto.row(ID).unwrap();
        (expected.created, expected.edited) = (row.created, row.edited);
        assert_eq!(row, expected);
        assert_eq!(onto.note("notes"), "un été chaud");
    }

    #[test]
    fn what_two_typed_at_one_place_is_kept_both() {
        assert_eq!(merged("a c", "a b c", "a c d"), "a b c d");
        assert_eq!(merged("a c", "a c d", "z a c"), "z a c d");
        let both = merged("rouge", "vert", "bleu");
        assert!(both.contains("vert") && both.contains("bleu"), "{both}");
        assert_eq!(merged("", "x", ""), "x");
        assert_eq!(merged("abc", "", "abc"), "");
    }

    #[test]
    fn a_change_says_again_what_it_wrote() {
        let mut document = made();
        let edit = Edit::of(ID, vec![Write::put("city", "Nantes"), tag("b")]);
        let edited = document.edit(&edit, by(2), Timestamp(2)).unwrap();
        let (writes, typed) = said(&edited.changes[0].bytes);
        assert_eq!(writes, edit.writes);
        assert_eq!(typed, "");
        let edit = Edit::of(ID, vec![Write::put("notes", "un été chaud et sec")]);
        let edited = document.edit(&edit, by(2), Timestamp(3)).unwrap();
        let typed: Vec<String> = edited.changes.iter().map(|it| said(&it.bytes).1).collect();
        assert_eq!(typed.concat(), " et sec");
        assert_eq!(said(b"nothing"), (Vec::new(), String::new()));
    }

    #[test]
    fn a_document_without_what_was_not_sent() {
        let mut document = made();
        let heads = document.heads();
        let edit = Edit::of(ID, vec![Write::put("city", "Nantes")]);
        let edited = document.edit(&edit, by(2), Timestamp(2)).unwrap();
        let unsent = [edited.changes[0].hash];
        assert_eq!(document.without(&unsent).unwrap().heads(), heads);
        assert!(document.without(&heads).is_none());
    }
}
