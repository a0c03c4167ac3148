//! Records whose history is damaged in a workspace that no server has: they go on from their row.

use crate::block::{Bytes, Stored};
use crate::failure::{Failure, damaged};
use crate::leader::{Author, Leader};
use crate::limits;
use crate::platform::storage::StorageError;
use crate::workspace::{Received, Whole};
use shared::crm::command::{DELETED, Edit, Place, Write};
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::RecordId;

impl Leader {
    /// Begins the history of a record anew with what its row shows, and notes it for the person.
    ///
    /// # Errors
    /// A server has the record, it has no row, or storage failed.
    pub(super) async fn begin_anew(
        &mut self,
        record: RecordId,
        author: Author,
    ) -> Result<Document, Failure> {
        let (document, stored) = self.anew(record, author).await?;
        let row = document.row(record)?;
        self.workspace.note_anew(record).await?;
        let whole = Whole {
            record,
            generation: self.workspace.generation(record),
            stored,
            row,
        };
        let received = Received {
            wholes: vec![whole],
            point: self.workspace.point,
            ..Received::default()
        };
        self.workspace.store(received).await?;
        Ok(document)
    }

    /// Why something can't be read: another engine may write meanwhile, and have moved or deleted it.
    pub(super) async fn unless_fenced(&mut self, failure: Failure) -> Failure {
        match self.workspace.check_fence().await {
            Err(StorageError::Fenced) => Failure::Fenced,
            Ok(()) | Err(_) => failure,
        }
    }

    /// A document of what the row of a record shows, not stored.
    ///
    /// # Errors
    /// As [`Leader::begin_anew`].
    pub(super) async fn anew(
        &mut self,
        record: RecordId,
        (writer, at): Author,
    ) -> Result<(Document, Stored), Failure> {
        if self.is_shared {
            return Err(self.unless_fenced(damaged()).await);
        }
        let mut rows = self.workspace.rows().await?.into_iter();
        let row = rows.find(|row| row.id == record);
        let row = row.ok_or_else(damaged)?;
        let edit = Edit::make(record, row.kind, shown(&row));
        let (mut document, mut stored) = (Document::new(), Stored::default());
        for part in limits::parts(&edit, Some(row.kind)) {
            let made = document.edit(&part, writer, at)?.changes.into_iter();
            stored.extend(made.map(|change| Bytes(change.bytes)));
        }
        Ok((document, stored))
    }
}

/// Everything that a row shows, as writes.
fn shown(row: &Row) -> Vec<Write> {
    let key = |tag: u8| row.kind.fields().iter().find(|field| field.tag == tag);
    let values = row.values.iter();
    let values =
        values.filter_map(|(tag, value)| Some(Write::put(key(*tag)?.key, value.to_stored())));
    let items = row.items.iter();
    let items = items.filter_map(|(tag, item)| Some(Write::put_item(key(*tag)?.key, item)));
    let unknown = row.unknown.iter().map(|(key, stored)| Write {
        at: match key.split_once('/') {
            Some((field, item)) => Place::item(field, item),
            None => Place::field(key),
        },
        put: Some(stored.clone()),
        expect: None,
    });
    let deleted = (!row.is_there()).then(|| Write::put(DELETED, "1"));
    values.chain(items).chain(unknown).chain(deleted).collect()
}
