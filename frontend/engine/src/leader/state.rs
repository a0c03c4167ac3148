//! How sync stands, in the page's terms.

use crate::leader::Leader;
use crate::outbox::Refused;
use crate::workspace::name_record;
use shared::bridge::{Problem, RefusedLine, SyncState};
use shared::sync::client::{Need, Status};

/// How many waiting changes the page is told.
const WAITING_LINES: usize = 20;

impl Leader {
    /// How sync stands, as the page sees it.
    pub fn sync_state(&self, status: Option<Status>) -> SyncState {
        let workspace = &self.workspace;
        let mut state = SyncState {
            shared: self.is_shared,
            saved_at: workspace.saved_at,
            complete: workspace.complete,
            refused: workspace.refused.values().map(refused_line).collect(),
            unread: workspace.unread(),
            ..SyncState::default()
        };
        let Some(status) = status else {
            return state;
        };
        state.online = status.online;
        state.busy = status.busy;
        let (lines, all) = workspace.outbox.latest(WAITING_LINES);
        state.waiting_lines = lines;
        // Changes that were made in one sitting are one.
        let within = workspace.outbox.len().saturating_sub(all) as u64;
        let waiting = status.waiting.saturating_sub(within);
        state.waiting = u32::try_from(waiting).unwrap_or(u32::MAX);
        let hidden = name_record(workspace.id);
        state.waiting_lines.retain(|line| line.record != hidden);
        state.receiving = status.receiving;
        state.complete |= status.complete;
        state.confirmed_at = status.confirmed_at;
        state.contact_at = status.contact_at;
        if state.busy || state.receiving.is_some() {
            // What it waits for may be on its way.
            state.unread.clear();
        }
        state.need = status.need.map(|need| match need {
            Need::Link => Problem::LinkRenewed,
            Need::Update => Problem::UpdateNeeded,
            Need::ServerSpace => Problem::ServerFull,
            Need::DeviceSpace => Problem::StorageFull,
        });
        state
    }
}

fn refused_line(refused: &Refused) -> RefusedLine {
    RefusedLine {
        record: refused.change.record,
        at: refused.change.at,
        reason: refused.reason.clone(),
        said: refused.said.clone(),
    }
}
