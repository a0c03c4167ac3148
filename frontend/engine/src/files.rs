//! The workspace as a file and back, and sample data.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::file::{self, FILE_BYTES, FileError, FileWriter, Head, Listed, Restored};
use crate::platform::browser::{log, now};
use crate::platform::json;
use crate::table::Table;
use crate::workspace::{Added, Commit, name_record};
use shared::bridge::{Problem, Reply};
use shared::crm::command::Edit;
use shared::crm::input::Language;
use shared::crm::row::Row;
use shared::crm::sample::sample;
use shared::crm::{Kind, member};
use shared::id::{RecordId, WorkspaceId};

/// How many of the records that are left out of a file are told in the log.
const TOLD: usize = 10;

impl Engine {
    /// The edits that fill a workspace with sample data in the page's language.
    pub fn sample_edits(&self, workspace: WorkspaceId) -> Vec<Edit> {
        let Some(registry) = &self.registry else {
            return Vec::new();
        };
        let language = Language::from_tag(&self.locale);
        let today = now().day(self.utc_offset_minutes);
        sample(workspace, language, today, registry.who.person)
    }

    /// Everything of the open workspace as one file.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn save_file(&mut self) -> Result<Reply, Failure> {
        let id = self.open.as_ref().map(|open| open.id);
        let id = id.ok_or(Problem::NoWorkspace)?;
        let registry = self.registry.as_ref();
        let entry = registry.and_then(|registry| registry.workspaces.get(id));
        let name = entry.map(|entry| entry.name.clone()).unwrap_or_default();
        let build = self.me.build.clone();
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let mut rows: Table<RecordId, Row> = Table::default();
        for row in leader.workspace.rows().await? {
            rows.insert(row.id, row);
        }
        let mut writer = FileWriter::new(&Head {
            saved_at: now(),
            workspace: &name,
            build: &build,
        });
        for (record, changes) in leader.workspace.everything().await? {
            let row = rows.get(record).filter(|_| record != name_record(id));
            writer.add(record, row, &changes);
        }
        Ok(Reply::File(writer.finish()))
    }

    /// Reads a file into the open workspace, which must be empty.
    ///
    /// # Errors
    /// The workspace is not empty, the file is not a good one of ours, or storage failed; nothing
    /// changed then.
    pub async fn restore_file(&mut self, request: u64, bytes: &[u8]) -> Result<Reply, Failure> {
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let rows = leader.workspace.rows().await?;
        if rows.iter().any(|row| row.kind != Kind::Member) {
            return Err(Problem::NotEmpty.into());
        }
        if bytes.len() > FILE_BYTES {
            return Err(Problem::BadFile.into());
        }
        let found = json::listed(bytes).ok_or(Problem::BadFile)?;
        let listed = Listed {
            format: found.format,
            version: found.version,
            documents: found.documents,
        };
        let tell = |error: &FileError| log(&format!("restoring: {error}"));
        let rebuilt = file::restore(listed).map_err(|error| {
            tell(&error);
            Problem::BadFile
        })?;
        rebuilt.left_out.iter().take(TOLD).for_each(tell);
        let mut added = Vec::new();
        for Restored {
            record,
            changes,
            mut row,
        } in rebuilt.good
        {
            // The name of the workspace that was saved: this one keeps its own.
            if row.kind == Kind::Member && row.person(&member::PERSON).is_none() {
                continue;
            }
            let leader = self.leader().ok_or(Problem::NoWorkspace)?;
            if leader.workspace.has(record) {
                let mut document = leader.take_document(record).await?;
                document.apply(changes.iter().map(Vec::as_slice))?;
                row = document.row(record)?;
            }
            let changes = changes.into_iter().map(|bytes| (String::new(), bytes));
            added.push(Added {
                record,
                changes: changes.collect(),
                row,
            });
        }
        let rows: Vec<_> = added.iter().map(|added| added.row.clone()).collect();
        let records = rows.iter().filter(|row| row.kind != Kind::Member).count() as u32;
        let left_out = rebuilt.left_out.len() as u32;
        let reply = Reply::Restored { records, left_out };
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let outgoing = leader.is_shared;
        let commit = Commit {
            request,
            reply: shared::bridge::encode(&reply),
            added,
            outgoing,
        };
        let outgoing = leader.workspace.commit(commit).await?;
        self.tell_rows(rows).await;
        self.saved(outgoing).await;
        Ok(reply)
    }
}
