//! Making changes.

use super::genesis::{FIELDS, ITEMS, TEXTS, map};
use super::project::TYPE;
use super::{Document, DocumentError, NOTE_LIMIT, RawChange, raw, texts};
use crate::crm::Kind;
use crate::crm::command::{DELETED, Edit, Place, Splice, Write};
use crate::crm::field::Shape;
use crate::crm::row::Presence;
use crate::id::{ChangeHash, Writer, sha256};
use crate::time::Timestamp;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ObjId, PatchLog, ReadDoc};

/// The most characters one change inserts; a longer paste becomes several changes.
const CHARACTERS_A_CHANGE: usize = 4_000;

/// What an edit did to a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edited {
    /// The changes to keep and send, in order; none when everything stood there already.
    pub changes: Vec<RawChange>,
    /// The writes that take it back, each only where it still stands.
    pub undo: Vec<Write>,
}

impl Document {
    /// Carries out an edit. Only what differs from what stands there is written; where values
    /// conflict, writing either settles it.
    ///
    /// # Errors
    /// A note would grow too long. The document is unchanged then.
    pub fn edit(
        &mut self,
        edit: &Edit,
        writer: Writer,
        now: Timestamp,
    ) -> Result<Edited, DocumentError> {
        let mut edited = Edited::default();
        let exists = self.kind().is_some();
        let kind = self.kind().or(edit.make);
        let is_note = |place: &Place| {
            kind.and_then(|kind| kind.field(&place.field))
                .is_some_and(|field| field.shape == Shape::Note)
        };
        let (notes, plain): (Vec<&Write>, Vec<&Write>) = edit
            .writes
            .iter()
            .partition(|write| exists && is_note(&write.at));

        self.set_writer(writer);
        let (fields, items) = (map(FIELDS), map(ITEMS));
        // A deletion that an edit overruled still stands there and can be made again.
        let overruled = matches!(self.presence()?, Presence::Restored(_));
        let mut transaction = self.am.transaction();
        if let (false, Some(kind)) = (exists, edit.make) {
            transaction.put(&fields, TYPE, kind.name())?;
        }
        for write in plain {
            let (map, key) = match write.at.item.as_str() {
                "" => (&fields, write.at.field.clone()),
                item => (&items, format!("{}/{item}", write.at.field)),
            };
            let values = transaction.get_all(map, key.as_str())?;
            let current = transaction
                .get(map, key.as_str())?
                .and_then(|(value, _)| value.as_str().map(str::to_owned));
            let expected = write
                .expect
                .as_ref()
                .is_none_or(|expected| *expected == current);
            let again = overruled && write.at.field == DELETED && write.put.is_some();
            if !expected || (current == write.put && values.len() < 2 && !again) {
                continue;
            }
            if again {
                // Automerge writes no value that stands there.
                transaction.delete(map, key.as_str())?;
            }
            match &write.put {
                Some(stored) => transaction.put(map, key.as_str(), stored.as_str())?,
                None => transaction.delete(map, key.as_str())?,
            }
            edited.undo.push(Write {
                at: write.at.clone(),
                put: current.filter(|_| !again),
                expect: Some(write.put.clone()),
            });
        }
        let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(now.0));
        edited.changes.extend(self.change_of(hash));
        for write in notes {
            self.set_note(write, writer, now, &mut edited)?;
        }
        Ok(edited)
    }

    /// Changes a note as its writer saw it at `heads`; what came since is merged by character.
    ///
    /// # Errors
    /// The note would grow too long, or has no such place. The document is unchanged then.
    pub fn splice(
        &mut self,
        field: &str,
        heads: &[ChangeHash],
        splice: &Splice,
        writer: Writer,
        now: Timestamp,
    ) -> Result<Vec<RawChange>, DocumentError> {
        let mut changes = Vec::new();
        let grown = self.note(field).chars().count() + splice.insert.chars().count();
        if grown.saturating_sub(splice.remove) > NOTE_LIMIT {
            return Err(DocumentError::NoteTooLong);
        }
        let mut heads: Vec<_> = heads
            .iter()
            .map(|hash| automerge::ChangeHash(hash.0))
            .collect();
        let parts = self.parts_at(field, &mut heads, &mut changes)?;
        let shares = texts::shares(&parts, splice.at, splice.remove);
        let writer = self.branch(writer, &heads);
        let inserted: Vec<char> = splice.insert.chars().collect();
        let mut pieces = inserted.chunks(CHARACTERS_A_CHANGE);
        let mut written = 0;
        loop {
            let piece: String = pieces.next().unwrap_or(&[]).iter().collect();
            self.set_writer(writer);
            let mut transaction = self
                .am
                .transaction_at(PatchLog::inactive(), &heads)
                .map_err(|_| DocumentError::Shape("heads"))?;
            for share in shares.iter().filter(|share| share.takes || written == 0) {
                let (text, _) = &parts[share.part];
                let remove = if written == 0 { share.remove } else { 0 };
                let insert = if share.takes { piece.as_str() } else { "" };
                transaction.splice_text(text, share.at + written, remove as isize, insert)?;
            }
            let (hash, _) = transaction.commit_with(CommitOptions::default().with_time(now.0));
            changes.extend(self.change_of(hash));
            let Some(hash) = hash else { break };
            heads = vec![hash];
            written += piece.chars().count();
            if pieces.len() == 0 {
                break;
            }
        }
        Ok(changes)
    }

    /// The record's type, or `None` in a document that holds nothing yet.
    pub fn kind(&self) -> Option<Kind> {
        let given = self.am.get(map(FIELDS), TYPE).ok()?;
        let kind = given.and_then(|(value, _)| Kind::from_name(value.as_str()?));
        kind.or_else(|| self.kind_once_given())
    }

    pub(super) fn change_of(&self, hash: Option<automerge::ChangeHash>) -> Option<RawChange> {
        let change = self.am.get_change_by_hash(&hash?);
        Some(raw(&change.expect("a change that was just made is there")))
    }

    /// The writer to go on with at `heads`. One that has written since, unseen, can't: a writer is
    /// linear. Another is derived from it, so that both changes of the same hand are kept.
    fn branch(&self, writer: Writer, heads: &[automerge::ChangeHash]) -> Writer {
        let later = self.am.get_changes_meta(heads);
        let mut branch = writer;
        let mut tries = 0_u32;
        while later
            .iter()
            .any(|meta| meta.actor.to_bytes() == branch.to_bytes())
        {
            tries += 1;
            let mut seed = writer.instance.to_vec();
            seed.extend(tries.to_le_bytes());
            branch.instance.copy_from_slice(&sha256(&seed)[..8]);
        }
        branch
    }

    fn set_note(
        &mut self,
        write: &Write,
        writer: Writer,
        now: Timestamp,
        edited: &mut Edited,
    ) -> Result<(), DocumentError> {
        let field = write.at.field.as_str();
        let current = self.note(field);
        let put = write.put.clone().unwrap_or_default();
        let stands = write.expect.as_ref();
        if current == put
            || stands.is_some_and(|expected| expected.clone().unwrap_or_default() != current)
        {
            return Ok(());
        }
        let splice = Splice::between(&current, &put);
        edited
            .changes
            .extend(self.splice(field, &self.heads(), &splice, writer, now)?);
        edited.undo.push(Write {
            at: write.at.clone(),
            put: Some(current),
            expect: Some(Some(put)),
        });
        Ok(())
    }
}

/// The text of a note, where it was started.
pub(super) fn text_object(am: &impl ReadDoc, field: &str) -> Result<Option<ObjId>, DocumentError> {
    Ok(am
        .get(map(TEXTS), field)?
        .filter(|(value, _)| value.is_object())
        .map(|(_, id)| id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{PersonId, RecordId};

    #[test]
    fn what_one_hand_types_twice_from_the_same_state_is_kept_and_merged() {
        let writer = Writer {
            person: PersonId([1; 8]),
            instance: [2; 8],
        };
        let record = RecordId([3; 16]);
        let mut document = Document::new();
        let make = Edit::make(record, Kind::Contact, vec![Write::put("notes", "un été")]);
        let mut changes = document.edit(&make, writer, Timestamp(1)).unwrap().changes;
        let seen = document.heads();
        for (at, insert) in [(0, "Hier, "), (6, " chaud"), (6, " et sec"), (0, "- ")] {
            let splice = Splice {
                at,
                remove: 0,
                insert: insert.into(),
            };
            let typed = document.splice("notes", &seen, &splice, writer, Timestamp(2));
            changes.extend(typed.unwrap());
        }
        let again = Document::load(changes.iter().map(|change| change.bytes.as_slice())).unwrap();
        assert_eq!(again.heads(), document.heads());
        assert_eq!(again.note("notes"), document.note("notes"));
        for part in ["Hier, ", "un été", " chaud", " et sec", "- "] {
            assert!(again.note("notes").contains(part), "{part}");
        }
        let row = again.row(record).unwrap();
        assert_eq!(row.edited.by, writer.person);
    }
}
