//! Edits of records, all or nothing.

use crate::documents::OPEN_DOCUMENTS;
use crate::failure::Failure;
use crate::leader::Leader;
use crate::limits;
use crate::table::{Set, Table};
use crate::workspace::{Added, Commit};
use shared::bridge::{Problem, Reply, encode};
use shared::crm::command::{Edit, Write};
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{RecordId, Writer};
use shared::sync::client::Outgoing;
use shared::time::Timestamp;

/// What an edit led to.
pub struct Outcome {
    /// The edits that take it back.
    pub undo: Vec<Edit>,
    /// The rows that changed.
    pub rows: Vec<Row>,
    /// The changes for the server.
    pub outgoing: Vec<Outgoing>,
}

impl Leader {
    /// Carries out edits, all or nothing, in one commit.
    ///
    /// # Errors
    /// A value is too long, a record is not there, or storage failed; nothing changed then.
    pub async fn edit(
        &mut self,
        request: u64,
        edits: &[Edit],
        writer: Writer,
        now: Timestamp,
    ) -> Result<Outcome, Failure> {
        let mut order: Vec<RecordId> = Vec::new();
        let mut by_record: Table<RecordId, Vec<&Edit>> = Table::default();
        for edit in edits {
            let edits = by_record.or_insert_with(edit.record, Vec::new);
            if edits.is_empty() {
                order.push(edit.record);
            }
            edits.push(edit);
        }
        let closed = order.iter().filter(|record| !self.documents.has(**record));
        let closed: Set<RecordId> = closed.copied().collect();
        let mut histories = self.workspace.histories(&closed).await?;
        let few = order.len() <= OPEN_DOCUMENTS / 2;
        let (mut undo, mut added, mut worked) = (Vec::new(), Vec::new(), Vec::new());
        for record in order {
            let author = (self.writer_in(record, writer), now);
            let open = self.documents.take(record);
            let stored = histories.remove(record).map(|stored| stored.document());
            let mut document = match (open, stored) {
                (Some(document), _) | (None, Some(Ok(document))) => document,
                (None, Some(Err(error))) if self.is_shared => {
                    return Err(self.unless_fenced(error.into()).await);
                }
                (None, Some(Err(_))) => self.begin_anew(record, author).await?,
                (None, None) if self.workspace.has(record) => {
                    self.begin_anew(record, author).await?
                }
                (None, None) => Document::new(),
            };
            let edits = by_record.remove(record).unwrap_or_default();
            let items = document.items();
            let changes = change(&mut document, record, &edits, author, &mut undo)?;
            if !changes.is_empty() {
                let row = document.row(record)?;
                // One that has too many is edited all the same, and can have fewer.
                if row.items.len() > items {
                    limits::check_row(&row)?;
                }
                added.push(Added {
                    record,
                    changes,
                    row,
                });
            }
            if few {
                worked.push((record, document));
            }
        }
        undo.reverse();
        let rows: Vec<Row> = added.iter().map(|added| added.row.clone()).collect();
        let mut outgoing = Vec::new();
        if !added.is_empty() {
            let reply = Reply::Edited { undo: undo.clone() };
            let commit = Commit {
                request,
                reply: encode(&reply),
                added,
                outgoing: self.is_shared,
            };
            outgoing = self.workspace.commit(commit).await?;
        }
        for (record, document) in worked {
            self.documents.put(record, document);
        }
        Ok(Outcome {
            undo,
            rows,
            outgoing,
        })
    }
}

/// Applies the edits of one record; returns the changes, each with the first field it writes.
fn change(
    document: &mut Document,
    record: RecordId,
    edits: &[&Edit],
    (writer, now): (Writer, Timestamp),
    undo: &mut Vec<Edit>,
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let is_new = document.kind().is_none();
    let mut changes = Vec::new();
    let mut writes: Vec<Write> = Vec::new();
    for edit in edits {
        let kind = document.kind().or(edit.make);
        if kind.is_none() {
            return Err(Problem::NoSuchRecord.into());
        }
        limits::check(edit, kind)?;
        for part in limits::parts(edit, kind) {
            let edited = document.edit(&part, writer, now)?;
            let field = part.writes.first().map_or("type", |write| &write.at.field);
            let raw = edited.changes.into_iter();
            changes.extend(raw.map(|change| (field.to_owned(), change.bytes)));
            writes.extend(edited.undo);
        }
    }
    if is_new {
        undo.push(Edit::delete(record));
    } else if !writes.is_empty() {
        writes.reverse();
        undo.push(Edit::of(record, writes));
    }
    Ok(changes)
}
