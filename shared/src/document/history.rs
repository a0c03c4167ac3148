//! What happened to a record: every value written, by whom and when.

use super::Document;
use super::genesis::{FIELDS, GENESIS_PERSON, ITEMS, TEXTS, am_hash, is, map};
use super::project::person;
use crate::crm::row::Mark;
use crate::time::Timestamp;
use automerge::legacy::{Key, ObjectId, OpId, OpType};
use automerge::{ObjId, ReadDoc, ScalarValue};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a writing stands among all: its operation's number, which is above those of all that it builds on,
/// and its writer.
type Place = (u64, automerge::ActorId);

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
    /// Every value written, in an order that is the same on every device that has the same changes: a
    /// change comes after those that it builds on, and of several writings of one field the last is the one
    /// that stands. Typing in a note is one entry a change.
    pub fn history(&self) -> Vec<HistoryEntry> {
        let notes = self.note_objects();
        let mut entries: Vec<(Place, HistoryEntry)> = Vec::new();
        let mut written: BTreeMap<OpId, Option<String>> = BTreeMap::new();
        let mut changes = self.am.get_changes(&[am_hash()]);
        changes.sort_by_cached_key(|change| (change.start_op(), change.actor_id().clone()));
        for change in changes {
            let Some(by) = person(change.actor_id()).filter(|by| *by != GENESIS_PERSON) else {
                continue;
            };
            let mark = Mark {
                by,
                at: Timestamp(change.timestamp()),
            };
            let writer = change.actor_id();
            let mut typed: Vec<(&str, String)> = Vec::new();
            let first = change.start_op().get();
            for (number, op) in (first..).zip(&change.decode().operations) {
                let is_item = is(ITEMS, &op.obj);
                match &op.key {
                    Key::Map(key) if is_item || is(FIELDS, &op.obj) => {
                        let after = stored(&op.action).map(str::to_owned);
                        let before = op.pred.iter().max();
                        let before = before.and_then(|before| written.get(before).cloned()?);
                        written.insert(OpId(number, writer.clone()), after.clone());
                        let (field, item) = match is_item {
                            true => key.split_once('/').unwrap_or((key, "")),
                            false => (key.as_str(), ""),
                        };
                        let entry = HistoryEntry {
                            mark,
                            field: field.into(),
                            item: item.into(),
                            before,
                            after,
                        };
                        entries.push(((number, writer.clone()), entry));
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
            let typed = typed.into_iter().map(|(field, typed)| HistoryEntry {
                mark,
                field: field.into(),
                item: String::new(),
                before: None,
                after: Some(typed),
            });
            entries.extend(typed.map(|entry| ((first, writer.clone()), entry)));
        }
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.into_iter().map(|(_, entry)| entry).collect()
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
