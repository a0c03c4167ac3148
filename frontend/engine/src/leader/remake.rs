//! Edits made again: in a new generation of their record, or after the server refused them as they
//! were. What the local document holds beyond what the server has is an ordinary edit there.

use crate::block::{Bytes, Stored};
use crate::failure::Failure;
use crate::leader::receive::Told;
use crate::leader::{Author, Leader};
use crate::limits;
use crate::outbox::Waiting;
use crate::platform::browser::random;
use crate::platform::storage::StorageError;
use crate::table::{Set, Table};
use crate::workspace::{Received, Whole};
use shared::crm::command::{Edit, Write};
use shared::document::{Document, DocumentError, is_note_start, said};
use shared::id::{ChangeHash, RecordId, Writer};
use shared::sync::message::Reason;
use shared::sync::packed::change_hash;
use std::collections::BTreeMap;

/// Changes, each with the first field that it writes.
type Made = Vec<(String, Vec<u8>)>;

impl Leader {
    /// The outbox keys of a record, without those that are settled.
    pub(super) fn unsent(&self, record: RecordId, settled: &Set<u64>) -> Set<u64> {
        let mut keys = self.workspace.outbox.of(record);
        for key in settled.keys() {
            keys.remove(key);
        }
        keys
    }

    /// Makes in the new generation of a record what the old one, which is here, holds unsent.
    pub(super) async fn transplant(
        &mut self,
        whole: Whole,
        keys: Set<u64>,
        local: &Document,
        author: Author,
        received: &mut Received,
    ) -> Result<Whole, StorageError> {
        if keys.is_empty() {
            return Ok(whole);
        }
        let unsent = self.workspace.waiting(&keys).await?;
        let again = move_over(&whole.stored, &unsent, local, whole.record, author);
        let Some((made, document)) = again else {
            // The new generation has no room for it: the person is told.
            let refused = keys.keys().map(|key| (key, Reason::Squashed.key()));
            received.refused.extend(refused);
            return Ok(whole);
        };
        received.remade.outbox.extend(keys.keys());
        Ok(self.remade(whole, made, &document, received))
    }

    /// Sends refused changes once more. Those that would be refused again as they are (made under a
    /// wrong clock, by a writer that lived twice, or built on such) are made again as new edits.
    ///
    /// # Errors
    /// Storage failed; nothing changed.
    pub async fn retry_refused(&mut self, author: Author) -> Result<Told, Failure> {
        let author = anew(author);
        let mut received = self.nothing();
        for (record, refused) in self.refused_by_record().drain() {
            if !self.workspace.has(record) && refused.iter().any(|(_, why)| is_final(why)) {
                continue;
            }
            if refused.iter().any(|(_, why)| is_to_be_remade(why))
                && self.remake(record, &refused, author, &mut received).await?
            {
                continue;
            }
            for (change, _) in refused {
                received.remade.refused.push(change.key);
                let again = (record, change.field, change.bytes.0);
                received.remade.made.push(again);
            }
        }
        self.store_remade(received).await
    }

    /// Makes at once again what was refused for a reason that the edit itself is not: the number of its
    /// writer was given to another change, it was signed by another, or its time was wrong. What was made
    /// again so is not made again once more by this engine: then the person is told. What is
    /// forestalled is made again whatever it was refused for.
    ///
    /// # Errors
    /// Storage failed; it stays among the refused, for the next time that something is stored.
    pub(super) async fn remake_at_once(&mut self, author: Author) -> Result<Told, Failure> {
        let mut due: Set<RecordId> = Set::default();
        for refused in self.workspace.refused.values() {
            let change = &refused.change;
            let reason = Reason::from_key(&refused.reason);
            if reason.is_some_and(is_of_its_writer)
                && self.is_first(change)
                && self.may_be_remade(change.record)
                && self.workspace.has(change.record)
            {
                due.add(change.record);
            }
        }
        let mut forestalled = self.forestalled().await?;
        if due.is_empty() && forestalled.is_empty() {
            return Ok(Told::default());
        }
        let author = anew(author);
        let mut received = self.nothing();
        for (record, refused) in self.refused_by_record().drain() {
            let refused = match due.has(record) {
                true => refused,
                false => forestalled.remove(record).unwrap_or_default(),
            };
            if refused.is_empty() {
                continue;
            }
            if self.remake(record, &refused, author, &mut received).await? {
                // Whoever gave away this writer's numbers may do so again.
                self.left.insert(record, author.0.instance);
            } else {
                let hashes = refused
                    .iter()
                    .filter_map(|(it, _)| change_hash(&it.bytes.0));
                self.made_again.extend(hashes);
            }
        }
        let made = received.remade.made.iter();
        let made: Vec<ChangeHash> = made.filter_map(|(_, _, it)| change_hash(it)).collect();
        let told = self.store_remade(received).await?;
        self.made_again.extend(made);
        Ok(told)
    }

    /// Whether this engine did not make it again yet.
    fn is_first(&self, change: &Waiting) -> bool {
        let hash = change_hash(&change.bytes.0);
        hash.is_some_and(|hash| !self.made_again.contains(&hash))
    }

    /// What was refused since it built on what is in the log after all goes again as it is.
    pub(super) fn send_what_builds_on(&self, received: &mut Received) {
        let key_of = |change: &Waiting| (change.record, change.key);
        let refused = self.workspace.refused.values();
        let taken = refused.map(|refused| key_of(&refused.change));
        let taken = taken.filter(|(_, key)| received.taken.contains(key));
        let records: Set<RecordId> = taken.map(|(record, _)| record).collect();
        for refused in self.workspace.refused.values() {
            let change = &refused.change;
            let builds = Reason::from_key(&refused.reason) == Some(Reason::Builds);
            if builds && records.has(change.record) && !received.taken.contains(&change.key) {
                received.remade.refused.push(change.key);
                let again = (change.record, change.field.clone(), change.bytes.0.clone());
                received.remade.made.push(again);
            }
        }
    }

    /// Whether all that was refused of a record can be made again: what was not is perhaps in the log.
    fn may_be_remade(&self, record: RecordId) -> bool {
        let refused = self.workspace.refused.values();
        let mut of = refused.filter(|refused| refused.change.record == record);
        of.all(|refused| is_to_be_remade(&refused.reason))
    }

    fn nothing(&self) -> Received {
        Received {
            point: self.workspace.point,
            ..Received::default()
        }
    }

    pub(super) fn refused_by_record(&self) -> Table<RecordId, Vec<(Waiting, String)>> {
        let mut by_record: Table<RecordId, Vec<(Waiting, String)>> = Table::default();
        for refused in self.workspace.refused.values() {
            let (change, reason) = (refused.change.clone(), refused.reason.clone());
            let list = by_record.or_insert_with(change.record, Vec::new);
            list.push((change, reason));
        }
        by_record
    }

    async fn store_remade(&mut self, received: Received) -> Result<Told, Failure> {
        let left = received.remade.outbox.clone();
        let rows = received.wholes.iter().map(|whole| whole.row.clone());
        let rows = rows.collect();
        let outgoing = self.workspace.store(received).await?;
        Ok(Told {
            rows,
            gone: Vec::new(),
            replaced: Some((left, outgoing)),
            offers: false,
        })
    }

    /// Makes the refused and the waiting edits of a record again on what the server has of it. Returns
    /// whether that went.
    async fn remake(
        &mut self,
        record: RecordId,
        refused: &[(Waiting, String)],
        author: Author,
        received: &mut Received,
    ) -> Result<bool, Failure> {
        let keys = self.unsent(record, &Set::default());
        let mut unsent = self.workspace.waiting(&keys).await?;
        let (again, as_it_is): (Vec<_>, Vec<_>) =
            refused.iter().partition(|(_, why)| is_to_be_remade(why));
        unsent.extend(again.iter().map(|(change, _)| change.clone()));
        let mut histories = self.workspace.histories(&Set::from_iter([record])).await?;
        let local = match (self.documents.take(record), histories.remove(record)) {
            (Some(document), _) => document,
            (None, Some(stored)) => stored.document()?,
            (None, None) => Document::new(),
        };
        let hashes = hashes(&unsent);
        let is_here = hashes.iter().any(|hash| local.has(*hash));
        let base = match is_here {
            true => local.without(&hashes),
            false => Some(local.clone()),
        };
        let Some(mut document) = base else {
            return Ok(false);
        };
        let edit = match is_here {
            true => local.beyond(&document, &document, record),
            false => Edit::of(record, Vec::new()),
        };
        let history = document.changes().into_iter();
        let stored = Stored {
            changes: history.map(|change| Bytes(change.bytes)).collect(),
            ..Stored::default()
        };
        let Ok(mut made) = make(&mut document, &edit, author) else {
            return Ok(false);
        };
        // Where the record began a new generation since, what the changes said is written once more.
        let is_of_before = |change: &&Waiting| {
            let hash = change_hash(&change.bytes.0);
            hash.is_none_or(|hash| !local.has(hash))
        };
        let of_before = again.iter().map(|(change, _)| change).filter(is_of_before);
        let said = said_again(record, &document, of_before, &edit);
        let Ok(more) = make(&mut document, &said, author) else {
            return Ok(false);
        };
        made.extend(more);
        let Ok(row) = document.row(record) else {
            return Ok(false);
        };
        received.remade.outbox.extend(keys.keys());
        let starts = unsent.into_iter();
        let starts = starts.filter(|change| is_note_start(&change.bytes.0) && is_here);
        let starts = starts.map(|start| (record, start.field, start.bytes.0));
        received.remade.made.extend(starts);
        // What others build on goes first.
        let as_it_is = as_it_is.into_iter().map(|(change, _)| change.clone());
        let as_it_is = as_it_is.map(|change| (record, change.field, change.bytes.0));
        received.remade.made.extend(as_it_is);
        let given_up = refused.iter().map(|(change, _)| change.key);
        received.remade.refused.extend(given_up);
        let whole = Whole {
            record,
            generation: self.workspace.generation(record),
            stored,
            row,
        };
        let whole = self.remade(whole, made, &document, received);
        received.wholes.push(whole);
        Ok(true)
    }

    fn remade(
        &self,
        mut whole: Whole,
        made: Made,
        document: &Document,
        received: &mut Received,
    ) -> Whole {
        let record = whole.record;
        let bytes = made.iter().map(|(_, bytes)| Bytes(bytes.clone()));
        whole.stored.extend(bytes);
        whole.stored.compact();
        if let Ok(row) = document.row(record) {
            whole.row = row;
        }
        let made = made.into_iter();
        let made = made.map(|(field, bytes)| (record, field, bytes));
        received.remade.made.extend(made);
        whole
    }
}

/// The same person under another writer: this one may be the very reason.
fn anew((writer, at): Author) -> Author {
    let instance = random();
    (Writer { instance, ..writer }, at)
}

fn move_over(
    stored: &Stored,
    unsent: &[Waiting],
    local: &Document,
    record: RecordId,
    author: Author,
) -> Option<(Made, Document)> {
    let mut onto = stored.document().ok()?;
    let base = local.without(&hashes(unsent));
    let edit = local.beyond(base.as_ref().unwrap_or(&onto), &onto, record);
    let made = make(&mut onto, &edit, author).ok()?;
    Some((made, onto))
}

/// Carries out an edit in parts of acceptable size.
fn make(document: &mut Document, edit: &Edit, (writer, at): Author) -> Result<Made, DocumentError> {
    let mut made = Vec::new();
    for part in limits::parts(edit, document.kind().or(edit.make)) {
        let edited = document.edit(&part, writer, at)?;
        let field = part.writes.first().map_or("type", |write| &write.at.field);
        let changes = edited.changes.into_iter();
        made.extend(changes.map(|change| (field.to_owned(), change.bytes)));
    }
    Ok(made)
}

/// What refused changes said, written once more onto a document, but where it was written already: by
/// `since`, in this generation.
fn said_again<'a>(
    record: RecordId,
    document: &Document,
    refused: impl Iterator<Item = &'a Waiting>,
    since: &Edit,
) -> Edit {
    let mut edit = Edit::of(record, Vec::new());
    let mut typed: BTreeMap<String, String> = BTreeMap::new();
    for change in refused {
        let (writes, letters) = said(&change.bytes.0);
        let is_free = |write: &Write| since.writes.iter().all(|it| it.at != write.at);
        edit.writes.extend(writes.into_iter().filter(is_free));
        if !letters.is_empty() {
            typed
                .entry(change.field.clone())
                .or_default()
                .push_str(&letters);
        }
    }
    for (field, letters) in typed {
        let note = document.note(&field);
        let gap = if note.is_empty() { "" } else { "\n" };
        let write = Write::put(&field, format!("{note}{gap}{letters}"));
        edit.writes.push(write);
    }
    edit
}

/// The hashes of edits. The start of a note is none: others may have made the same.
fn hashes(changes: &[Waiting]) -> Vec<ChangeHash> {
    let edits = changes.iter().filter(|it| !is_note_start(&it.bytes.0));
    edits.filter_map(|it| change_hash(&it.bytes.0)).collect()
}

/// Whether nothing can be sent any more for a record that is not here.
fn is_final(reason: &str) -> bool {
    matches!(
        Reason::from_key(reason),
        Some(Reason::Gone | Reason::Forbidden)
    )
}

/// Whether a change of this reason goes in when it is made again, though nobody changes what it says.
fn is_of_its_writer(reason: Reason) -> bool {
    matches!(reason, Reason::Time | Reason::Writer | Reason::Sequence)
}

/// Whether a change of this reason would be refused again as it is.
fn is_to_be_remade(reason: &str) -> bool {
    match Reason::from_key(reason) {
        Some(
            Reason::Time
            | Reason::Sequence
            | Reason::Writer
            | Reason::Builds
            | Reason::Squashed
            | Reason::Malformed
            | Reason::Invalid,
        )
        | None => true,
        Some(
            Reason::TooLarge
            | Reason::RecordTooLarge
            | Reason::TooCostly
            | Reason::Gone
            | Reason::Forbidden,
        ) => false,
    }
}
