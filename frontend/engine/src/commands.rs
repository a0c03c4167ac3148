//! Commands: edits of records, and what concerns the device and its workspaces.

mod device;

use crate::engine::Engine;
use crate::failure::Failure;
use crate::registry::Entry;
use crate::tab::Origin;
use crate::workspace::name_record;
use shared::bridge::{Call, Event, Problem, Reply, Request};
use shared::crm::command::Edit;
use shared::crm::member;
use shared::crm::row::Row;
use shared::id::RecordId;

impl Engine {
    /// Calls that concern the open workspace, which this engine writes.
    pub async fn within_workspace(
        &mut self,
        origin: Origin,
        request: &Request,
    ) -> Result<Option<Reply>, Failure> {
        match &request.call {
            Call::Edit(edits) => {
                let undo = self.edit(request.id, edits).await?;
                Ok(Some(Reply::Edited { undo }))
            }
            Call::OpenRecord(record) => {
                let leader = self.leader().ok_or(Problem::NoWorkspace)?;
                let detail = leader.open_record(origin, *record).await?;
                Ok(Some(Reply::Record(detail)))
            }
            Call::CloseRecord => {
                if let Some(leader) = self.leader() {
                    leader.readers.remove(origin);
                }
                Ok(Some(Reply::Done))
            }
            Call::Type {
                record,
                field,
                revision,
                splice,
            } => {
                let place = (*record, field.as_str(), *revision);
                let reply = self.type_into(origin, request.id, place, splice).await?;
                Ok(Some(reply))
            }
            Call::NameWorkspace(name) => self.name_workspace(name).await.map(Some),
            Call::Share => self.share(origin, request.id),
            Call::RenewLink => self.renew(origin, request.id),
            Call::UseLink(link) => self.use_link(origin, request.id, link),
            Call::SaveFile => self.save_file().await.map(Some),
            Call::RestoreFile(bytes) => self.restore_file(request.id, bytes).await.map(Some),
            Call::Wake => {
                self.wake().await;
                Ok(Some(Reply::Done))
            }
            Call::RetryRefused => self.retry_refused().await.map(Some),
            Call::Report => Ok(Some(Reply::Report(self.report()))),
            Call::Keep(bytes) => {
                let leader = self.leader().ok_or(Problem::NoWorkspace)?;
                leader.workspace.keep(bytes).await?;
                Ok(Some(Reply::Done))
            }
            Call::Kept => {
                let leader = self.leader().ok_or(Problem::NoWorkspace)?;
                Ok(Some(Reply::File(leader.workspace.kept().await?)))
            }
            Call::Hello { .. }
            | Call::NamePerson(_)
            | Call::NameDevice(_)
            | Call::CreateWorkspace { .. }
            | Call::JoinWorkspace(_)
            | Call::OpenWorkspace(_)
            | Call::RemoveWorkspace(_) => Ok(None),
        }
    }

    /// Carries out edits and tells everyone.
    ///
    /// # Errors
    /// As [`crate::leader::Leader::edit`].
    pub async fn edit(&mut self, request: u64, edits: &[Edit]) -> Result<Vec<Edit>, Failure> {
        let (writer, at) = (self.writer().ok_or(Problem::NoWorkspace)?, self.clock());
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let outcome = leader.edit(request, edits, writer, at).await?;
        let records: Vec<RecordId> = outcome.rows.iter().map(|row| row.id).collect();
        self.tell_rows(outcome.rows).await;
        self.tell_notes(&records, None).await;
        self.saved(outcome.outgoing).await;
        Ok(outcome.undo)
    }

    /// Sends changed rows to all pages.
    pub async fn tell_rows(&mut self, mut rows: Vec<Row>) {
        let Some(id) = self.open.as_ref().map(|open| open.id) else {
            return;
        };
        let hidden = name_record(id);
        if let Some(at) = rows.iter().position(|row| row.id == hidden) {
            let row = rows.swap_remove(at);
            self.renamed(row.text(&member::NAME)).await;
        }
        for rows in rows.chunks(crate::tabs::ROWS_A_MESSAGE) {
            self.tell_all(&Event::Changed(rows.to_vec()));
        }
        self.tell_sync();
    }

    /// Keeps the workspace's name as it came from a colleague or the person.
    async fn renamed(&mut self, name: &str) {
        let open = self.open.as_ref().map(|open| open.id);
        let Some(registry) = &mut self.registry else {
            return;
        };
        let entry = open.and_then(|id| registry.workspaces.get(id)).cloned();
        if let Some(entry) = entry.filter(|entry| entry.name != name && !name.is_empty()) {
            let name = name.to_owned();
            // A name that can't be kept comes again with the next change of it.
            let _ = registry.put(Entry { name, ..entry }).await;
            self.registry_changed();
        }
    }
}
