//! What Automerge lets anyone do to a document.

use super::super::random::Random;
use automerge::marks::{ExpandMark, Mark};
use automerge::transaction::{CommitOptions, Transactable, Transaction};
use automerge::{
    Automerge, AutomergeError, Change, ObjId, ObjType, PatchLog, ROOT, ReadDoc, ScalarValue, Value,
};
use shared::document::genesis_hash;
use shared::time::Timestamp;

const KEYS: [&str; 12] = [
    "fields",
    "items",
    "texts",
    "type",
    "deleted",
    "city",
    "last_name",
    "notes",
    "phones/i0",
    "phones",
    "x/y/z",
    "more",
];

/// A change of a few deeds, on all that stands there or beside some of it.
pub fn change(
    random: &mut Random,
    am: &mut Automerge,
    is_made: bool,
    now: Timestamp,
) -> Option<Change> {
    let heads = match random.below(4) {
        0 => vec![automerge::ChangeHash(genesis_hash().0)],
        1 => {
            let all = am.get_changes(&[]);
            vec![all[random.index(all.len())].hash()]
        }
        _ => am.get_heads(),
    };
    let mut transaction = am.transaction_at(PatchLog::inactive(), &heads).ok()?;
    for _ in 0..=random.below(3) {
        // One that does not go is not done.
        let _ = deed(random, &mut transaction, is_made);
    }
    let time = CommitOptions::default().with_time(now.0);
    let (hash, _) = transaction.commit_with(time);
    let hash = match hash {
        Some(hash) => hash,
        None => am.empty_commit(CommitOptions::default().with_time(now.0)),
    };
    am.get_change_by_hash(&hash)
}

fn deed(
    random: &mut Random,
    put: &mut Transaction<'_>,
    is_made: bool,
) -> Result<(), AutomergeError> {
    if random.once_in(4) {
        return at_the_root(random, put, is_made);
    }
    let object = object(random, put);
    let is_map = matches!(put.object_type(&object)?, ObjType::Map | ObjType::Table);
    if !is_map {
        return in_sequence(random, put, &object);
    }
    let key = KEYS[random.index(KEYS.len())];
    match random.below(6) {
        0 => put.delete(&object, key),
        1 => put.put_object(&object, key, kind(random)).map(|_| ()),
        2 => put.increment(&object, key, 3),
        // A record that nobody made yet may be anything.
        _ if key == "type" && !is_made => put.put(&object, key, "contact"),
        _ => put.put(&object, key, scalar(random)),
    }
}

/// What everything is read from.
fn at_the_root(
    random: &mut Random,
    put: &mut Transaction<'_>,
    is_made: bool,
) -> Result<(), AutomergeError> {
    let at = random.index(3);
    let name = ["fields", "items", "texts"][at];
    let found = put.get(ROOT, name)?;
    match (random.below(5), found) {
        (0, _) => put.delete(ROOT, name),
        (1, _) => put.put_object(ROOT, name, kind(random)).map(|_| ()),
        (2, Some((_, texts))) if name == "texts" => put.delete(&texts, "notes"),
        (3, Some((_, fields))) if name == "fields" => put.delete(&fields, "type"),
        (_, Some((_, fields))) if name == "fields" && is_made => {
            put.put(&fields, "type", "company")
        }
        _ => put.put(ROOT, name, scalar(random)),
    }
}

fn in_sequence(
    random: &mut Random,
    put: &mut Transaction<'_>,
    object: &ObjId,
) -> Result<(), AutomergeError> {
    let length = put.length(object);
    let at = random.index(length + 1);
    match random.below(7) {
        0 => put.delete(object, at),
        1 => put.insert(object, at, scalar(random)),
        2 => put.insert_object(object, at, kind(random)).map(|_| ()),
        3 => put.put(object, at, scalar(random)),
        4 => {
            let mark = Mark::new("bold".into(), true, 0, length);
            put.mark(object, mark, ExpandMark::Both)
        }
        5 => put.increment(object, at, 1),
        _ => put.splice_text(object, at, 0, "été"),
    }
}

/// The root, or something below it.
fn object(random: &mut Random, put: &Transaction<'_>) -> ObjId {
    let mut object = ROOT;
    for _ in 0..random.below(4) {
        let below: Vec<ObjId> = match put.object_type(&object) {
            Ok(ObjType::Map | ObjType::Table) => {
                let all = put.map_range(&object, ..);
                let keys: Vec<String> = all.map(|entry| entry.key.to_string()).collect();
                let values = keys
                    .iter()
                    .flat_map(|key| put.get_all(&object, key.as_str()));
                let values = values.flatten();
                values
                    .filter(|(value, _)| matches!(value, Value::Object(_)))
                    .map(|(_, id)| id)
                    .collect()
            }
            Ok(ObjType::List | ObjType::Text) | Err(_) => Vec::new(),
        };
        if below.is_empty() {
            break;
        }
        object = below[random.index(below.len())].clone();
    }
    object
}

fn kind(random: &mut Random) -> ObjType {
    [ObjType::Map, ObjType::List, ObjType::Text][random.index(3)]
}

fn scalar(random: &mut Random) -> ScalarValue {
    match random.below(12) {
        0 => ScalarValue::Null,
        1 => ScalarValue::Int(-7),
        2 => ScalarValue::Uint(u64::MAX),
        3 => ScalarValue::counter(1),
        4 => ScalarValue::Bytes(vec![0, 0xff]),
        5 => ScalarValue::Boolean(true),
        6 => ScalarValue::F64(f64::NAN),
        7 => ScalarValue::Timestamp(i64::MIN),
        8 => ScalarValue::Str("company".into()),
        9 => ScalarValue::Str("spam".into()),
        10 => ScalarValue::Str(String::new().into()),
        _ => ScalarValue::Str("x".repeat(random.index(40)).into()),
    }
}
