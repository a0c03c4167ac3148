//! What happened to a record: every value written, by whom and when.

use super::Document;
use super::genesis::{FIELDS, GENESIS_PERSON, ITEMS, TEXTS, am_hash, is, map};
use super::project::person;
use crate::crm::row::Mark;
use crate::time::Timestamp;
use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ObjId, ReadDoc, ScalarValue};
use serde::{Deserialize, Serialize};

/// One value written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// Who and when.
    pub mark: Mark,
    /// The field's key; `type` when the record was made, `deleted` for a deletion.
    pub field: String,
    /// The item's key within a plural field, else empty.
    pub item: String,
    /// The stored form of what the writer's device showed before.
    pub before: Option<String>,
    /// The stored form of what was written; `None` removed it. For a note, the characters typed.
    pub after: Option<String>,
}

impl Document {
    /// Every value written, oldest first. Typing in a note is one entry a change.
    pub fn history(&self) -> Vec<HistoryEntry> {
        let notes = self.note_objects();
        let mut entries = Vec::new();
        let mut latest: Vec<(String, String)> = Vec::new();
        for change in self.am.get_changes(&[am_hash()]) {
            let Some(by) = person(change.actor_id()).filter(|by| *by != GENESIS_PERSON) else {
                continue;
            };
            let mark = Mark {
                by,
                at: Timestamp(change.timestamp()),
            };
            let mut typed: Vec<(&str, String)> = Vec::new();
            for op in &change.decode().operations {
                let is_item = is(ITEMS, &op.obj);
                match &op.key {
                    Key::Map(key) if is_item || is(FIELDS, &op.obj) => {
                        let after = stored(&op.action).map(str::to_owned);
                        let path = if is_item {
                            key.to_string()
                        } else {
                            format!("{key}/")
                        };
                        let known = latest.iter().position(|(known, _)| *known == path);
                        let before = known.map(|at| latest.swap_remove(at).1);
                        if let Some(text) = &after {
                            latest.push((path.clone(), text.clone()));
                        }
                        let (field, item) = path.split_once('/').unwrap_or((&path, ""));
                        entries.push(HistoryEntry {
                            mark,
                            field: field.into(),
                            item: item.into(),
                            before,
                            after,
                        });
                    }
                    Key::Seq(_) => {
                        let note = notes.iter().find(|(_, id)| is_object(&op.obj, id));
                        let Some((field, _)) = note else { continue };
                        let text = stored(&op.action).unwrap_or_default();
                        match typed.iter_mut().find(|(known, _)| known == field) {
                            Some((_, typed)) => typed.push_str(text),
                            None => typed.push((field, text.into())),
                        }
                    }
                    Key::Map(_) => {}
                }
            }
            entries.extend(typed.into_iter().map(|(field, typed)| HistoryEntry {
                mark,
                field: field.into(),
                item: String::new(),
                before: None,
                after: Some(typed),
            }));
        }
        entries
    }

    /// The notes' text objects, with their fields' keys.
    fn note_objects(&self) -> Vec<(String, ObjId)> {
        let keys = self.am.map_range(map(TEXTS), ..);
        let keys: Vec<String> = keys.map(|entry| entry.key.to_string()).collect();
        let objects = |key: String| {
            let objects = super::texts::objects(&self.am, &key).into_iter();
            objects.map(move |id| (key.clone(), id)).collect::<Vec<_>>()
        };
        keys.into_iter().flat_map(objects).collect()
    }
}

fn stored(action: &OpType) -> Option<&str> {
    if let OpType::Put(ScalarValue::Str(text)) = action {
        return Some(text);
    }
    None
}

fn is_object(of: &ObjectId, id: &ObjId) -> bool {
    match (of, id) {
        (ObjectId::Id(OpId(counter, actor)), ObjId::Id(c, a, _)) => counter == c && actor == a,
        _ => false,
    }
}
