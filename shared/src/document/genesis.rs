//! The two kinds of change that everyone makes alike: the genesis, and the start of a note.

use crate::id::{ChangeHash, PersonId, Writer, sha256};
use automerge::legacy::{Key, ObjectId, OpType};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ObjId, ObjType, ROOT, ScalarValue};
use std::sync::OnceLock;

/// The person that stands in changes which everyone makes alike.
pub const GENESIS_PERSON: PersonId = PersonId(*b"terrain ");

/// The map of single values.
pub(super) const FIELDS: &str = "fields";
/// The map of items.
pub(super) const ITEMS: &str = "items";
/// The map of notes.
pub(super) const TEXTS: &str = "texts";
/// The maps, in the order in which the genesis makes them.
const MAPS: [&str; 3] = [FIELDS, ITEMS, TEXTS];

/// The hash of the genesis change, which every first change builds on.
pub fn genesis_hash() -> ChangeHash {
    ChangeHash(am_hash().0)
}

pub(super) fn am_hash() -> automerge::ChangeHash {
    genesis().0
}

/// A document that holds the genesis and nothing else.
pub(super) fn document() -> Automerge {
    genesis().1.clone()
}

fn genesis() -> &'static (automerge::ChangeHash, Automerge) {
    static GENESIS: OnceLock<(automerge::ChangeHash, Automerge)> = OnceLock::new();
    GENESIS.get_or_init(|| {
        let mut am = Automerge::new().with_actor(actor());
        let mut transaction = am.transaction();
        for map in MAPS {
            transaction
                .put_object(ROOT, map, ObjType::Map)
                .expect("a new document takes a map at its root");
        }
        transaction.commit_with(CommitOptions::default().with_time(0));
        (am.get_heads()[0], am)
    })
}

fn actor() -> ActorId {
    let writer = Writer {
        person: GENESIS_PERSON,
        instance: *b"genesis ",
    };
    ActorId::from(writer.to_bytes().as_slice())
}

/// One of the three maps. It is known by the operation that made it, not by its key at the root: there
/// anyone could have put something else.
pub(super) fn map(name: &str) -> ObjId {
    static IDS: OnceLock<Vec<ObjId>> = OnceLock::new();
    let ids = IDS.get_or_init(|| {
        (1..=3)
            .map(|number| ObjId::Id(number, actor(), 0))
            .collect()
    });
    let at = MAPS.iter().position(|map| *map == name);
    at.and_then(|at| ids.get(at))
        .cloned()
        .unwrap_or(ObjId::Root)
}

/// Whether an operation names this map.
pub(super) fn is(name: &str, named: &ObjectId) -> bool {
    match (map(name), named) {
        (ObjId::Id(counter, actor, _), ObjectId::Id(op)) => {
            counter == op.counter() && actor == *op.actor()
        }
        (ObjId::Root | ObjId::Id(..), _) => false,
    }
}

/// The change that starts the note `field` with `content`. Its writer is derived from both, so
/// that two devices that start the same note from the same text make the same change.
pub(super) fn note_start(field: &str, content: &str) -> Change {
    let digest = sha256(format!("{field}\0{content}").as_bytes());
    let mut instance = [0; 8];
    instance.copy_from_slice(&digest[..8]);
    let writer = Writer {
        person: GENESIS_PERSON,
        instance,
    };
    let mut am = document();
    am.set_actor(ActorId::from(writer.to_bytes().as_slice()));
    let mut transaction = am.transaction();
    let (_, texts) = automerge::ReadDoc::get(&transaction, ROOT, TEXTS)
        .ok()
        .flatten()
        .expect("the genesis makes the map of notes");
    let text = transaction
        .put_object(&texts, field, ObjType::Text)
        .expect("a map takes a text");
    transaction
        .splice_text(&text, 0, 0, content)
        .expect("a new text takes characters at 0");
    transaction.commit_with(CommitOptions::default().with_time(0));
    am.get_last_local_change()
        .expect("the note was just started")
}

/// Whether a change is the start of a note as everyone makes it: the same bytes come out when it is
/// made again from the field and the characters in it.
pub fn is_note_start(bytes: &[u8]) -> bool {
    let Ok(change) = Change::from_bytes(bytes.to_vec()) else {
        return false;
    };
    let operations = change.decode().operations;
    let Some((first, typed)) = operations.split_first() else {
        return false;
    };
    let (Key::Map(field), OpType::Make(ObjType::Text)) = (&first.key, &first.action) else {
        return false;
    };
    let mut content = String::new();
    for operation in typed {
        let OpType::Put(ScalarValue::Str(text)) = &operation.action else {
            return false;
        };
        content.push_str(text);
    }
    note_start(field, &content).raw_bytes() == bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_genesis_is_the_same_for_ever() {
        assert_eq!(
            genesis_hash().to_string(),
            "71ecd7997ea82495556125eec68c46b284fb1f32becf1f9c998443e278ab6a96"
        );
    }

    #[test]
    fn a_note_starts_the_same_everywhere() {
        assert_eq!(
            note_start("notes", "déjà").hash(),
            note_start("notes", "déjà").hash()
        );
        assert_ne!(
            note_start("notes", "a").hash(),
            note_start("notes", "b").hash()
        );
        for content in ["", "déjà", "a\nb 👩‍🌾"] {
            assert!(is_note_start(note_start("notes", content).raw_bytes()));
        }
        assert!(!is_note_start(b"terrain"));
    }
}
