//! The engine that writes: all it has of a workspace, and what it does with it. It knows no page, no
//! socket and no other tab.

mod apart;
mod doubt;
mod edit;
mod forestalled;
mod heal;
mod merge;
mod notes;
mod receive;
mod remake;
mod state;

pub use edit::Outcome;
pub use notes::{Reader, Typed};
pub use receive::Told;

use crate::documents::Documents;
use crate::platform::storage::StorageError;
use crate::revision::Revisions;
use crate::tab::Origin;
use crate::table::Table;
#[cfg(target_arch = "wasm32")]
use crate::uplink::Uplink;
use crate::workspace::Workspace;
use shared::crm::row::Row;
use shared::id::{ChangeHash, RecordId, WorkspaceId, Writer};
use shared::sync::client::Status;
use shared::time::Timestamp;
use std::fmt::Write as _;

/// In whose name edits are made, and when.
pub type Author = (Writer, Timestamp);

/// All that the writing engine has of a workspace.
pub struct Leader {
    /// Its storage.
    pub workspace: Workspace,
    /// Its open documents.
    pub documents: Documents,
    /// The states of notes that pages have seen.
    pub revisions: Revisions,
    /// The pages that have a record open.
    pub readers: Table<Origin, Reader>,
    /// Records that left since it was opened, with who writes in one that is made anew: its numbers
    /// would begin again, and another change has them already.
    pub left: Table<RecordId, [u8; 8]>,
    /// What was made again by itself after it was refused.
    made_again: Vec<ChangeHash>,
    /// Whether it is shared, so that changes go to the outbox.
    pub is_shared: bool,
    /// Its link to the server, when it is shared. Natively whoever embeds the engine has it.
    #[cfg(target_arch = "wasm32")]
    pub driver: Option<Uplink>,
}

impl Leader {
    /// Opens a workspace to write in it; its rows are handed over as they are read.
    ///
    /// # Errors
    /// Storage failed, or a later version wrote the database.
    pub async fn open(
        id: WorkspaceId,
        is_shared: bool,
        on_rows: impl FnMut(Vec<Row>),
    ) -> Result<Leader, StorageError> {
        let workspace = Workspace::open(id, on_rows).await?;
        Ok(Leader {
            revisions: Revisions::after(workspace.writers()),
            workspace,
            documents: Documents::default(),
            readers: Table::default(),
            left: Table::default(),
            made_again: Vec::new(),
            is_shared,
            #[cfg(target_arch = "wasm32")]
            driver: None,
        })
    }

    /// Who writes in this record.
    fn writer_in(&self, record: RecordId, writer: Writer) -> Writer {
        let instance = self.left.get(record).copied();
        Writer {
            instance: instance.unwrap_or(writer.instance),
            ..writer
        }
    }

    /// Adds counts and states to a report.
    pub fn report(&self, status: Option<Status>, report: &mut String) {
        let workspace = &self.workspace;
        let mut line = |name: &str, value: i64| {
            let _ = writeln!(report, "{name} {value}");
        };
        line("records", workspace.records().len() as i64);
        line("waiting", workspace.outbox.len() as i64);
        line("refused", workspace.refused.len() as i64);
        line("doubted", workspace.doubted() as i64);
        line("shared", i64::from(self.is_shared));
        line("complete", i64::from(workspace.complete));
        line("cursor", workspace.point.cursor as i64);
        line("offering", i64::from(workspace.point.offering));
        let Some(status) = status else { return };
        line("online", i64::from(status.online));
        line("busy", i64::from(status.busy));
        line("contact_at", status.contact_at.unwrap_or_default().0);
        line("confirmed_at", status.confirmed_at.unwrap_or_default().0);
        line(
            "clock_offset_ms",
            status.clock_offset_ms.unwrap_or_default(),
        );
    }
}
