//! The open workspace, as a tab has it.

use crate::leader::Leader;
use crate::platform::channel::Channel;
use crate::platform::lock::Lock;
use crate::tab::TabMessage;
use shared::bridge::{Request, encode};
use shared::id::WorkspaceId;

/// The open workspace.
pub struct Open {
    /// Its id.
    pub id: WorkspaceId,
    /// What this engine does for it.
    pub role: Role,
    /// Where the tabs that have it open hear each other.
    pub channel: Option<Channel>,
    /// Held or asked for as long as it is open.
    pub lock: Lock,
    /// Calls of this tab's page that the writing tab has not answered.
    pub unanswered: Vec<Request>,
}

/// What an engine does for a workspace.
pub enum Role {
    /// It writes: the one that holds the lock.
    Writes(Box<Leader>),
    /// It hands its page's calls to the one that writes.
    Relays,
}

impl Open {
    /// Sends to the other tabs that have the workspace open.
    pub fn post(&self, message: &TabMessage) {
        if let Some(channel) = &self.channel {
            channel.post(&encode(message));
        }
    }
}
