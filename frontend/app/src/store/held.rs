//! What the page holds of the open workspace, as the engine's messages tell it, and what each of
//! them changes for who looks.

use super::rows::Rows;
use shared::crm::Kind;
use shared::crm::row::Row;
use shared::id::{RecordId, WorkspaceId};

/// The rows of the open workspace.
#[derive(Default)]
pub struct Held {
    /// The rows.
    pub rows: Rows,
    open: Option<WorkspaceId>,
    /// Whose rows have begun to come.
    of: Option<WorkspaceId>,
    loaded: bool,
}

/// What a message changed.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    /// The types whose lists may show a difference.
    pub kinds: Vec<Kind>,
    /// The records that came, also those whose difference no list shows.
    pub records: Vec<RecordId>,
}

impl Changes {
    /// Every type: all rows were forgotten.
    fn all() -> Changes {
        Changes {
            kinds: Kind::ALL.to_vec(),
            records: Vec::new(),
        }
    }
}

impl Held {
    /// The engine says which workspace is open. When it is another, the rows of the one that was
    /// left are forgotten: they must not show under the new one's name.
    pub fn open(&mut self, workspace: Option<WorkspaceId>) -> Option<Changes> {
        if self.open == workspace {
            return None;
        }
        self.open = workspace;
        self.of = None;
        self.loaded = workspace.is_none();
        self.rows.clear();
        Some(Changes::all())
    }

    /// A part of a workspace's rows came. `None` when it is of another workspace than the open one,
    /// or goes on with what never began here.
    pub fn part(
        &mut self,
        workspace: WorkspaceId,
        first: bool,
        last: bool,
        rows: Vec<Row>,
    ) -> Option<Changes> {
        if self.open != Some(workspace) || !first && self.of != Some(workspace) {
            return None;
        }
        let mut changes = Changes::default();
        if first {
            self.rows.clear();
            changes = Changes::all();
        }
        self.of = Some(workspace);
        self.loaded = last;
        self.put(rows, &mut changes);
        Some(changes)
    }

    /// Rows changed. Before any have come they are left: those that are to come tell of it too.
    pub fn changed(&mut self, rows: Vec<Row>) -> Changes {
        let mut changes = Changes::default();
        if self.of.is_some() {
            self.put(rows, &mut changes);
        }
        changes
    }

    /// The workspace whose rows have begun to come.
    pub fn workspace(&self) -> Option<WorkspaceId> {
        self.of
    }

    /// Whether all rows on this device have come.
    pub fn is_loaded(&self) -> bool {
        self.loaded
    }

    fn put(&mut self, rows: Vec<Row>, changes: &mut Changes) {
        for row in rows {
            changes.records.push(row.id);
            self.rows.put(row, &mut changes.kinds);
        }
    }
}

#[cfg(test)]
mod tests;
