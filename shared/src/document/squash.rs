//! What a record holds, without its history: the changes that a new generation begins with.
//!
//! ```text
//!   genesis ── type (who made it, then) ──┬── all values (who edited it last, then) ── texts ── deletion
//!      │                                  └── a losing value (whoever wrote it, then), each
//!      └── the start of each note
//! ```
//! The same document gives the same changes wherever this is done. Their writers carry the persons
//! whose marks the record shows, and are derived from the history that they stand for.

use super::edit::text_object;
use super::genesis::{FIELDS, ITEMS, TEXTS, map, note_start};
use super::project::TYPE;
use super::written::LEFT_OUT;
use super::{Document, DocumentError, NOTE_LIMIT, RawChange, raw};
use crate::crm::command::DELETED;
use crate::crm::row::{Mark, Presence, Row};
use crate::id::{RecordId, Writer, sha256};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{Automerge, PatchLog, ReadDoc, ScalarValue};

/// The most characters of a note in one change.
const CHARACTERS_A_CHANGE: usize = 4_000;
/// Half of the numbers that operations can have.
const HIGH: u64 = 1 << 30;
/// A quarter of the numbers that may be left out.
const MUCH_LEFT_OUT: u64 = LEFT_OUT / 4;

impl Document {
    /// How many operations the history has beyond those that a new generation would begin with. More than
    /// any limit where the numbers that operations have come to an end, or too many were left out.
    pub fn surplus(&self) -> u64 {
        if self.highest() > HIGH || self.left_out() > MUCH_LEFT_OUT {
            return u64::MAX;
        }
        let held: usize = [FIELDS, ITEMS]
            .into_iter()
            .map(|name| self.am.length(map(name)))
            .sum();
        let texts = self.am.map_range(map(TEXTS), ..);
        let typed: usize = texts.map(|entry| self.am.length(entry.id())).sum();
        self.am
            .stats()
            .num_ops
            .saturating_sub((held + typed) as u64)
    }

    /// The changes that a new generation begins with, each after those that it builds on, and its row;
    /// or `None` where the record holds something that they would not keep, or hundreds of values beside others.
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
        // A new generation that were to begin another one at once would never come to rest.
        let is_at_rest = again.left_out() <= MUCH_LEFT_OUT;
        (is_same && is_at_rest).then_some((changes, expected))
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
        let root = anew.document.am.get_heads();
        let kind = ScalarValue::Str(row.kind.name().into());
        anew.commit(row.created, &root, |put| put(FIELDS, TYPE, &kind))?;
        let made = anew.document.am.get_heads();

        let mut values = Vec::new();
        for name in [FIELDS, ITEMS] {
            for entry in self.am.map_range(map(name), ..) {
                let key = entry.key.to_string();
                if name == FIELDS && (key == TYPE || key == DELETED) {
                    continue;
                }
                // What is no text shows nowhere.
                values.extend(text(&self.am, name, &key)?.map(|value| (name, key, value)));
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
        if let Presence::Deleted(mark) = row.presence {
            let heads = anew.document.am.get_heads();
            let value = ScalarValue::Str("1".into());
            anew.commit(mark, &heads, |put| put(FIELDS, DELETED, &value))?;
        }
        Ok(Some(anew.changes))
    }

    fn texts(&self, row: &Row, anew: &mut Anew) -> Result<(), DocumentError> {
        let keys = self.am.map_range(map(TEXTS), ..);
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
        let mut transaction = self
            .document
            .am
            .transaction_at(PatchLog::inactive(), heads)
            .map_err(|_| DocumentError::Shape("heads"))?;
        write(&mut |name, key, value| Ok(transaction.put(map(name), key, value.clone())?))?;
        let time = CommitOptions::default().with_time(mark.at.0);
        let (hash, _) = transaction.commit_with(time);
        self.changes.extend(self.document.change_of(hash));
        Ok(())
    }
}

/// The text that stands at a key.
fn text(am: &Automerge, name: &str, key: &str) -> Result<Option<ScalarValue>, DocumentError> {
    let value = am.get(map(name), key)?;
    let scalar = value.and_then(|(value, _)| value.into_scalar().ok());
    Ok(scalar.filter(|value| matches!(value, ScalarValue::Str(_))))
}
