//! Opened records: their notes, their history, and typing.

use crate::failure::{Failure, damaged};
use crate::leader::Leader;
use crate::platform::browser::now;
use crate::tab::Origin;
use crate::table::Set;
use crate::workspace::{Added, Commit};
use shared::bridge::{HistoryLine, Note, Problem, RecordDetail, Reply, encode};
use shared::crm::command::Splice;
use shared::crm::field::Shape;
use shared::crm::row::Row;
use shared::document::{Document, DocumentError, GENESIS_PERSON, HistoryEntry, NOTE_LIMIT};
use shared::id::{RecordId, Writer, sha256};
use shared::sync::client::Outgoing;
use shared::time::Timestamp;

/// What typing led to.
pub struct Typed {
    /// The note with it, and with what others typed meanwhile.
    pub note: Note,
    /// Whether it is in the note: not where its place is not known any more.
    pub is_placed: bool,
    /// The row after it; `None` when nothing changed.
    pub row: Option<Row>,
    /// The changes for the server.
    pub outgoing: Vec<Outgoing>,
}

/// How many entries of a record's history are told.
const HISTORY: usize = 500;

/// A page that has a record open.
pub struct Reader {
    record: RecordId,
    /// What its notes were when last told.
    told: [u8; 32],
}

impl Leader {
    /// Takes a document to work on; put it back or it is closed.
    ///
    /// # Errors
    /// The record is not there, or storage failed.
    pub async fn take_document(&mut self, record: RecordId) -> Result<Document, Failure> {
        if let Some(document) = self.documents.take(record) {
            return Ok(document);
        }
        if !self.workspace.has(record) {
            return Err(Problem::NoSuchRecord.into());
        }
        let mut histories = self.workspace.histories(&Set::from_iter([record])).await?;
        let read = match histories.remove(record) {
            Some(stored) => stored.document().map_err(Failure::from),
            None => Err(damaged()),
        };
        match read {
            Ok(document) => Ok(document),
            Err(failure) => Err(self.unless_fenced(failure).await),
        }
    }

    fn notes_of(&mut self, record: RecordId, document: &Document) -> Vec<Note> {
        let revision = self.revisions.note(record, document);
        let order = self.revisions.next_order();
        let kind = document.kind();
        let fields = kind.map(|kind| kind.fields()).unwrap_or_default().iter();
        fields
            .filter(|field| field.shape == Shape::Note)
            .map(|field| Note {
                record,
                field: field.key.into(),
                order,
                revision,
                text: document.note(field.key),
            })
            .collect()
    }

    /// Reads a record whole and remembers that its notes are to be kept up to date.
    ///
    /// # Errors
    /// The record is not there, or storage failed.
    pub async fn open_record(
        &mut self,
        origin: Origin,
        record: RecordId,
    ) -> Result<RecordDetail, Failure> {
        let taken = self.take_document(record).await;
        let is_whole = taken.is_ok();
        let document = match taken {
            Err(Failure::Problem(_)) if !self.is_shared && self.workspace.has(record) => {
                let nobody = Writer {
                    person: GENESIS_PERSON,
                    instance: [0; 8],
                };
                self.anew(record, (nobody, now())).await?.0
            }
            taken => taken?,
        };
        let notes = self.notes_of(record, &document);
        let told = digest(&notes);
        self.readers.insert(origin, Reader { record, told });
        let history = document.history();
        let skipped = history.len().saturating_sub(HISTORY);
        let history = history.into_iter().skip(skipped).map(line).collect();
        if is_whole {
            self.documents.put(record, document);
        }
        Ok(RecordDetail {
            record,
            notes,
            history,
        })
    }

    /// Types into a note where its writer saw it; what came since is merged.
    ///
    /// # Errors
    /// The note would be too long, the record is not there, or storage failed.
    pub async fn type_into(
        &mut self,
        (origin, request): (Origin, u64),
        place: (RecordId, &str, u64),
        splice: &Splice,
        author: (Writer, Timestamp),
    ) -> Result<Typed, Failure> {
        let typed = self.splice_note(request, place, splice, author).await?;
        if typed.row.is_some()
            && let Some(reader) = self.readers.get_mut(origin)
        {
            reader.told = digest(std::slice::from_ref(&typed.note));
        }
        Ok(typed)
    }

    /// As [`Leader::type_into`], of which every page that has the note open is still to be told.
    pub(super) async fn splice_note(
        &mut self,
        request: u64,
        (record, field, revision): (RecordId, &str, u64),
        splice: &Splice,
        (writer, at): (Writer, Timestamp),
    ) -> Result<Typed, Failure> {
        let writer = self.writer_in(record, writer);
        let mut document = match self.take_document(record).await {
            Err(Failure::Problem(_)) if !self.is_shared && self.workspace.has(record) => {
                self.begin_anew(record, (writer, at)).await?
            }
            taken => taken?,
        };
        let unchanged = |note, is_placed| Typed {
            note,
            is_placed,
            row: None,
            outgoing: Vec::new(),
        };
        let Some(heads) = self.revisions.heads(record, revision, &document) else {
            // A state that nobody knows any more: the page starts again from the present one.
            let note = self.note_of(record, field, &document);
            self.documents.put(record, document);
            return Ok(unchanged(note, false));
        };
        let changes = match document.splice(field, &heads, splice, writer, at) {
            Ok(changes) => changes,
            Err(DocumentError::NoteTooLong) => {
                self.documents.put(record, document);
                return Err(Problem::TooLong {
                    field: field.into(),
                    limit: NOTE_LIMIT as u32,
                }
                .into());
            }
            Err(error) => return Err(error.into()),
        };
        let note = self.note_of(record, field, &document);
        if changes.is_empty() {
            self.documents.put(record, document);
            return Ok(unchanged(note, true));
        }
        let row = document.row(record)?;
        let changes = changes.into_iter();
        let commit = Commit {
            request,
            reply: encode(&Reply::Note(note.clone())),
            added: vec![Added {
                record,
                changes: changes
                    .map(|change| (field.to_owned(), change.bytes))
                    .collect(),
                row: row.clone(),
            }],
            outgoing: self.is_shared,
        };
        let outgoing = self.workspace.commit(commit).await?;
        self.documents.put(record, document);
        Ok(Typed {
            note,
            is_placed: true,
            row: Some(row),
            outgoing,
        })
    }

    /// The notes of these records that differ from what was told, for the pages that have one open.
    pub async fn changed_notes(
        &mut self,
        records: &[RecordId],
        except: Option<Origin>,
    ) -> Vec<(Origin, Note)> {
        let mut told = Vec::new();
        let readers: Vec<(Origin, RecordId)> = self
            .readers
            .iter()
            .filter(|(origin, reader)| Some(*origin) != except && records.contains(&reader.record))
            .map(|(origin, reader)| (origin, reader.record))
            .collect();
        for (origin, record) in readers {
            let Ok(document) = self.take_document(record).await else {
                continue;
            };
            let notes = self.notes_of(record, &document);
            self.documents.put(record, document);
            let digest = digest(&notes);
            let reader = self.readers.get_mut(origin);
            if let Some(reader) = reader.filter(|reader| reader.told != digest) {
                reader.told = digest;
                told.extend(notes.into_iter().map(|note| (origin, note)));
            }
        }
        told
    }

    fn note_of(&mut self, record: RecordId, field: &str, document: &Document) -> Note {
        Note {
            record,
            field: field.into(),
            order: self.revisions.next_order(),
            revision: self.revisions.note(record, document),
            text: document.note(field),
        }
    }
}

fn digest(notes: &[Note]) -> [u8; 32] {
    let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    sha256(texts.join("\0").as_bytes())
}

fn line(entry: HistoryEntry) -> HistoryLine {
    HistoryLine {
        mark: entry.mark,
        field: entry.field,
        item: entry.item,
        before: entry.before,
        after: entry.after,
    }
}
