//! Refused edits whose number the log gave to another change. That lies apart: it can't go in beside them.
//! Whatever they were refused for, neither they nor what builds on them are in the log.

use crate::failure::Failure;
use crate::leader::Leader;
use crate::outbox::Waiting;
use crate::table::Table;
use shared::document::Document;
use shared::id::{ChangeHash, RecordId};
use shared::sync::header::Header;
use shared::sync::message::Reason;

impl Leader {
    /// The refused edits that stand in the way of what lies apart, by record, as refused for their number.
    ///
    /// # Errors
    /// A record is damaged, or storage failed.
    pub(super) async fn forestalled(
        &mut self,
    ) -> Result<Table<RecordId, Vec<(Waiting, String)>>, Failure> {
        let mut found = Table::default();
        let apart = self.workspace.set_aside_of_known();
        if apart.is_empty() || self.workspace.refused.is_empty() {
            return Ok(found);
        }
        for (record, refused) in self.refused_by_record().drain() {
            if !apart.has(record) {
                continue;
            }
            let generation = self.workspace.generation(record);
            let mut aside = self.workspace.aside(record).await?;
            aside.retain(|it| it.generation.is_none_or(|of| of == generation));
            let log = aside.iter().filter_map(|it| Header::read(&it.bytes).ok());
            let log: Vec<Header> = log.collect();
            let document = self.take_document(record).await?;
            let refused = forestalled(refused, &document, &log);
            self.documents.put(record, document);
            if !refused.is_empty() {
                found.insert(record, refused);
            }
        }
        Ok(found)
    }
}

fn forestalled(
    refused: Vec<(Waiting, String)>,
    document: &Document,
    log: &[Header],
) -> Vec<(Waiting, String)> {
    let mut hashes: Vec<ChangeHash> = Vec::new();
    let mut found = Vec::new();
    for (change, _) in refused {
        let Ok(header) = Header::read(&change.bytes.0) else {
            continue;
        };
        let number = |header: &Header| (header.writer, header.sequence);
        let has_number = log.iter().any(|it| number(it) == number(&header));
        let builds = header.dependencies.iter().any(|it| hashes.contains(it));
        if document.has(header.hash) && (has_number || builds) {
            hashes.push(header.hash);
            found.push((change, Reason::Sequence.key().to_owned()));
        }
    }
    found
}
