//! What a record holds, without its history: the changes that a new generation begins with.
//!
//! ```text
//!   genesis ── type (who made it, then) ──┬── all values (who edited it last, then) ── texts ── deletion
//!      │                                  └── a losing value (whoever wrote it, then), each
//!      └── the start of each note
//! ```
//! The same document gives the same changes wherever this is done. Their writers carry the persons
//! whose marks the record shows, and are derived from the history that they stand for.

use super::edit::{map, text_object};
use super::genesis::{FIELDS, ITEMS, TEXTS, note_start};
use super::{Document, DocumentError, NOTE_LIMIT, RawChange, raw};
use crate::crm::command::DELETED;
use crate::crm::row::{Mark, Presence, Row};
use crate::id::{RecordId, Writer, sha256};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, PatchLog, ReadDoc, ScalarValue};

/// The most characters of a note in one change.
const CHARACTERS_A_CHANGE: usize = 4_000;

impl Document {
    /// How many operations the history has beyond those that a new generation would begin with.
    pub fn surplus(&self) -> u64 {
        let held: usize = [FIELDS, ITEMS]
            .into_iter()
            .filter_map(|name| map(&self.am, name).ok())
            .map(|map| self.am.length(&map))
            .sum();
        let typed: usize = map(&self.am, TEXTS).map_or(0, |texts| {
            let texts = self.am.map_range(&texts, ..);
            texts.map(|entry| self.am.length(entry.id())).sum()
        });
        self.am
            .stats()
            .num_ops
            .saturating_sub((held + typed) as u64)
    }

    /// The changes that a new generation begins with, each after those that it builds on, and its row;
    /// or `None` where the record holds something that they would not keep.
    pub fn squash(&self, id: RecordId) -> Option<(Vec<RawChange>, Row)> {
        let row = self.row(id).ok()?;
        let changes = self.rebuilt(&row).ok()??;
        let again = Document::load(changes.iter().map(|change| change.bytes.as_slice())).ok()?;
        let mut expected = row;
        if matches!(expected.presence, Presence::Restored(_)) {
            expected.presence = Presence::There;
        }
        let notes_kept = expected
            .kind
            .fields()
            .iter()
            .all(|field| again.note(field.key) == self.note(field.key));
        let is_same = again.row(id).ok()? == expected && notes_kept;
        is_same.then_some((changes, expected))
    }

    fn rebuilt(&self, row: &Row) -> Result<Option<Vec<RawChange>>, DocumentError> {
        let heads: Vec<u8> = self.heads().iter().flat_map(|hash| hash.0).collect();
        let seed = sha256(&heads);
        let mut anew = Anew {
            document: Document::new(),
            changes: Vec::new(),
            seed,
            writers: 0,
        };
        let fields = map(&self.am, FIELDS)?;
        let items = map(&self.am, ITEMS)?;
        let root = anew.document.am.get_heads();
        let Some(kind) = scalar(&self.am, &fields, "type")? else {
            return Ok(None);
        };
        anew.commit(row.created, &root, |put| put(FIELDS, "type", &kind))?;
        let made = anew.document.am.get_heads();

        let mut values = Vec::new();
        for (name, map) in [(FIELDS, &fields), (ITEMS, &items)] {
            for entry in self.am.map_range(map, ..) {
                let key = entry.key.to_string();
                if name == FIELDS && (key == "type" || key == DELETED) {
                    continue;
                }
                let Some(value) = scalar(&self.am, map, &key)? else {
                    return Ok(None);
                };
                values.push((name, key, value));
            }
        }
        for other in &row.others {
            let (name, key) = match other.item.as_str() {
                "" => (FIELDS, other.field.clone()),
                item => (ITEMS, format!("{}/{item}", other.field)),
            };
            let mark = Mark {
                by: other.by,
                at: other.at,
            };
            let value = ScalarValue::Str(other.stored.as_str().into());
            anew.commit(mark, &made, |put| put(name, &key, &value))?;
        }
        let contested = |name: &str, key: &str| {
            row.others.iter().any(|other| match other.item.as_str() {
                "" => name == FIELDS && other.field == key,
                item => name == ITEMS && format!("{}/{item}", other.field) == key,
            })
        };
        anew.commit(row.edited, &made, |put| {
            for (name, key, value) in &values {
                if contested(name, key) {
                    // The later of two operations wins against any single one beside it.
                    put(name, key, &ScalarValue::Null)?;
                }
                put(name, key, value)?;
            }
            Ok(())
        })?;
        self.texts(row, &mut anew)?;
        if let Presence::Deleted(mark) = row.presence
            && let Some(value) = scalar(&self.am, &fields, DELETED)?
        {
            let heads = anew.document.am.get_heads();
            anew.commit(mark, &heads, |put| put(FIELDS, DELETED, &value))?;
        }
        Ok(Some(anew.changes))
    }

    fn texts(&self, row: &Row, anew: &mut Anew) -> Result<(), DocumentError> {
        let texts = map(&self.am, TEXTS)?;
        let keys = self.am.map_range(&texts, ..);
        let keys: Vec<String> = keys.map(|entry| entry.key.to_string()).collect();
        for key in keys {
            let note: Vec<char> = self.note(&key).chars().take(NOTE_LIMIT).collect();
            let start = note_start(&key, "");
            anew.changes.push(raw(&start));
            anew.document.am.apply_changes([start])?;
            for (at, piece) in note.chunks(CHARACTERS_A_CHANGE).enumerate() {
                let heads = anew.document.am.get_heads();
                let text = text_object(&anew.document.am, &key)?;
                let text = text.ok_or(DocumentError::Shape("note"))?;
                let piece: String = piece.iter().collect();
                anew.document.set_writer(anew.writer(row.edited));
                let mut transaction = anew
                    .document
                    .am
                    .transaction_at(PatchLog::inactive(), &heads)
                    .map_err(|_| DocumentError::Shape("heads"))?;
                transaction.splice_text(&text, at * CHARACTERS_A_CHANGE, 0, &piece)?;
                let time = CommitOptions::default().with_time(row.edited.at.0);
                let (hash, _) = transaction.commit_with(time);
                anew.changes.extend(anew.document.change_of(hash));
                anew.writers += 1;
            }
        }
        Ok(())
    }
}

/// The new generation as it is made.
struct Anew {
    document: Document,
    changes: Vec<RawChange>,
    seed: [u8; 32],
    /// A writer for each change: none has two on different branches.
    writers: u32,
}

type Put<'a> = dyn FnMut(&str, &str, &ScalarValue) -> Result<(), DocumentError> + 'a;

impl Anew {
    fn writer(&self, mark: Mark) -> Writer {
        let mut seed = self.seed.to_vec();
        seed.extend(self.writers.to_le_bytes());
        let mut instance = [0; 8];
        instance.copy_from_slice(&sha256(&seed)[..8]);
        Writer {
            person: mark.by,
            instance,
        }
    }

    /// Makes a change that builds on `heads`.
    fn commit(
        &mut self,
        mark: Mark,
        heads: &[automerge::ChangeHash],
        write: impl FnOnce(&mut Put<'_>) -> Result<(), DocumentError>,
    ) -> Result<(), DocumentError> {
        self.document.set_writer(self.writer(mark));
        self.writers += 1;
        let fields = map(&self.document.am, FIELDS)?;
        let items = map(&self.document.am, ITEMS)?;
        let mut transaction = self
            .document
            .am
            .transaction_at(PatchLog::inactive(), heads)
            .map_err(|_| DocumentError::Shape("heads"))?;
        write(&mut |name, key, value| {
            let map = if name == FIELDS { &fields } else { &items };
            Ok(transaction.put(map, key, value.clone())?)
        })?;
        let time = CommitOptions::default().with_time(mark.at.0);
        let (hash, _) = transaction.commit_with(time);
        self.changes.extend(self.document.change_of(hash));
        Ok(())
    }
}

/// The value that stands at a key; `None` where it is none that can be written again.
fn scalar(
    am: &Automerge,
    map: &automerge::ObjId,
    key: &str,
) -> Result<Option<ScalarValue>, DocumentError> {
    let value = am.get(map, key)?;
    Ok(value.and_then(|(value, _)| value.into_scalar().ok()))
}
