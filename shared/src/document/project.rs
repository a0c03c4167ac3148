//! Reading a document into a row.

use super::genesis::{FIELDS, GENESIS_PERSON, ITEMS, TEXTS, am_hash, is, map};
use super::{Document, DocumentError, texts};
use crate::crm::Kind;
use crate::crm::command::DELETED;
use crate::crm::direction::undirected;
use crate::crm::field::Shape;
use crate::crm::row::{Item, Mark, Other, Presence, Row, Value};
use crate::id::{PersonId, RecordId, Writer};
use crate::time::Timestamp;
use automerge::legacy::{Key, OpType};
use automerge::{ActorId, ChangeMetadata, ObjId, ReadDoc, ScalarValue};
use std::collections::BTreeSet;

/// The map key of the record's type.
pub(super) const TYPE: &str = "type";

impl Document {
    /// The record as plain data.
    ///
    /// # Errors
    /// The document holds no record: it has no type, or one of a newer version.
    pub fn row(&self, id: RecordId) -> Result<Row, DocumentError> {
        let kind = self.kind().ok_or(DocumentError::Shape("record type"))?;
        let marks = self.marks();
        let nobody = Mark {
            by: GENESIS_PERSON,
            at: Timestamp(0),
        };
        let mut row = Row {
            id,
            kind,
            values: Vec::new(),
            items: Vec::new(),
            others: Vec::new(),
            unknown: Vec::new(),
            presence: Presence::There,
            created: marks.created.unwrap_or(nobody),
            edited: marks.edited.unwrap_or(nobody),
        };
        self.read_fields(&mut row)?;
        self.read_items(&mut row)?;
        Ok(row)
    }

    fn read_fields(&self, row: &mut Row) -> Result<(), DocumentError> {
        let fields = map(FIELDS);
        let mut has_notes = self.am.length(map(TEXTS)) > 0;
        for entry in self.am.map_range(&fields, ..) {
            let key = entry.key.as_ref();
            if key == TYPE {
                continue;
            }
            if key == DELETED {
                row.presence = self.presence()?;
                continue;
            }
            let automerge::ValueRef::Scalar(automerge::ScalarValueRef::Str(stored)) = &entry.value
            else {
                continue;
            };
            match row.kind.field(key) {
                Some(field) if field.shape == Shape::Note => has_notes = true,
                Some(field) => match Value::from_stored(field.shape, stored) {
                    Some(value) => put_value(row, field.tag, value),
                    None => row.unknown.push((key.into(), stored.to_string())),
                },
                None => row.unknown.push((key.into(), stored.to_string())),
            }
            let quiet = row.kind.field(key).is_some_and(|field| field.quiet);
            if entry.conflict && !quiet {
                self.read_others(&fields, key, (key, ""), row)?;
            }
        }
        for field in row
            .kind
            .fields()
            .iter()
            .filter(|field| has_notes && field.shape == Shape::Note)
        {
            let note = self.note(field.key);
            if !note.is_empty() {
                let excerpt = undirected(note.chars().take(Row::NOTE_EXCERPT).collect());
                put_value(row, field.tag, Value::Text(excerpt));
            }
        }
        Ok(())
    }

    fn read_items(&self, row: &mut Row) -> Result<(), DocumentError> {
        let items = map(ITEMS);
        for entry in self.am.map_range(&items, ..) {
            let automerge::ValueRef::Scalar(automerge::ScalarValueRef::Str(stored)) = &entry.value
            else {
                continue;
            };
            let (key, item) = entry.key.split_once('/').unwrap_or((&entry.key, ""));
            match row.kind.field(key) {
                Some(field) if field.shape.is_plural() => {
                    let item = Item::from_stored(item, stored);
                    let before = |(tag, other): &(u8, Item)| {
                        (*tag, other.key.as_str()) <= (field.tag, item.key.as_str())
                    };
                    let at = row.items.partition_point(before);
                    row.items.insert(at, (field.tag, item));
                }
                _ => row
                    .unknown
                    .push((entry.key.to_string(), stored.to_string())),
            }
            if entry.conflict {
                let (field, item) = (key.to_owned(), item.to_owned());
                self.read_others(&items, &entry.key, (&field, &item), row)?;
            }
        }
        Ok(())
    }

    /// The values beside the winner, each once, where they differ from it.
    fn read_others(
        &self,
        map: &ObjId,
        key: &str,
        (field, item): (&str, &str),
        row: &mut Row,
    ) -> Result<(), DocumentError> {
        let winner = self.am.get(map, key)?;
        let winner = winner.as_ref().and_then(|(value, _)| value.as_str());
        let mut seen: Vec<String> = winner.map(str::to_owned).into_iter().collect();
        for (value, op) in self.am.get_all(map, key)? {
            let Some(stored) = value.as_str() else {
                continue;
            };
            if seen.iter().any(|known| known == stored) {
                continue;
            }
            seen.push(stored.to_owned());
            let field_of = row.kind.field(field).filter(|it| it.shape == Shape::Note);
            if field_of.is_some() && texts::is_in_note(&self.am, field, stored) {
                continue;
            }
            let Some(mark) = self.mark_of(&op) else {
                continue;
            };
            row.others.push(Other {
                field: field.into(),
                item: item.into(),
                stored: stored.into(),
                by: mark.by,
                at: mark.at,
            });
        }
        Ok(())
    }

    /// Deleted, unless an edit was made that no deletion knew of.
    pub(super) fn presence(&self) -> Result<Presence, DocumentError> {
        let deletions: Vec<ChangeMetadata> = self
            .am
            .get_all(map(FIELDS), DELETED)?
            .iter()
            .filter_map(|(_, op)| self.am.hash_for_opid(op))
            .filter_map(|hash| self.am.get_change_meta_by_hash(&hash))
            .collect();
        if deletions.is_empty() {
            return Ok(Presence::There);
        }
        let known: Vec<_> = deletions
            .iter()
            .flat_map(|meta| meta.deps.clone())
            .collect();
        let mut after: BTreeSet<automerge::ChangeHash> =
            deletions.iter().map(|meta| meta.hash).collect();
        let mut unaware: Option<Mark> = None;
        for meta in self.am.get_changes_meta(&known) {
            if after.contains(&meta.hash) || meta.deps.iter().any(|dep| after.contains(dep)) {
                after.insert(meta.hash);
                continue;
            }
            let edit = mark(&meta).filter(|mark| mark.by != GENESIS_PERSON);
            unaware = unaware.max_by_time(edit);
        }
        let deleted = deletions
            .iter()
            .filter_map(mark)
            .max_by_key(|mark| (mark.at, mark.by));
        Ok(match (unaware, deleted) {
            (Some(edit), _) => Presence::Restored(edit),
            (None, Some(deletion)) => Presence::Deleted(deletion),
            (None, None) => Presence::There,
        })
    }

    /// The type that a record was first given, where what stands for it is none: nobody takes a record
    /// away by writing over its type.
    pub(super) fn kind_once_given(&self) -> Option<Kind> {
        let mut first: Option<(u64, ActorId, Kind)> = None;
        for change in self.am.get_changes(&[am_hash()]) {
            for (op, number) in change
                .decode()
                .operations
                .iter()
                .zip(change.start_op().get()..)
            {
                let (Key::Map(key), OpType::Put(ScalarValue::Str(name))) = (&op.key, &op.action)
                else {
                    continue;
                };
                if key != TYPE || !is(FIELDS, &op.obj) {
                    continue;
                }
                let given = Kind::from_name(name);
                let given = given.map(|kind| (number, change.actor_id().clone(), kind));
                let order = |it: &(u64, ActorId, Kind)| (it.0, it.1.clone());
                first = first.into_iter().chain(given).min_by_key(order);
            }
        }
        first.map(|(_, _, kind)| kind)
    }

    fn mark_of(&self, op: &ObjId) -> Option<Mark> {
        let hash = self.am.hash_for_opid(op)?;
        mark(&self.am.get_change_meta_by_hash(&hash)?)
    }
}

/// Keeps the values in the order of their tags.
fn put_value(row: &mut Row, tag: u8, value: Value) {
    let at = row.values.partition_point(|(other, _)| *other <= tag);
    row.values.insert(at, (tag, value));
}

/// The person behind an actor.
pub(super) fn person(actor: &ActorId) -> Option<PersonId> {
    Writer::from_bytes(actor.to_bytes()).map(|writer| writer.person)
}

/// Who made a change and when.
pub(super) fn mark(meta: &ChangeMetadata) -> Option<Mark> {
    Some(Mark {
        by: person(&meta.actor)?,
        at: Timestamp(meta.timestamp),
    })
}

trait Later {
    fn max_by_time(self, other: Option<Mark>) -> Option<Mark>;
}

impl Later for Option<Mark> {
    fn max_by_time(self, other: Option<Mark>) -> Option<Mark> {
        self.into_iter()
            .chain(other)
            .max_by_key(|mark| (mark.at, mark.by))
    }
}
