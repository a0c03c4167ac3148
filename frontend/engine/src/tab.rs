//! What the engines of several tabs say to each other about one workspace.
//!
//! One engine writes: it holds the workspace's lock. The others hand it the calls of their pages and
//! hand its events back.

use crate::block::Bytes;
use crate::table::Name;
use serde::{Deserialize, Serialize};
use shared::bridge::Request;
use shared::id::WorkspaceId;

/// Where a call comes from and where its answer goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// The engine's own page.
    Page,
    /// The page of another tab's engine.
    Tab(u64),
}

impl Name for Origin {
    fn to_name(self) -> [u8; 16] {
        match self {
            Origin::Page => 0_u128.to_be_bytes(),
            Origin::Tab(tab) => (u128::from(tab) | 1 << 64).to_be_bytes(),
        }
    }
    fn from_name(name: [u8; 16]) -> Self {
        match u128::from_be_bytes(name) {
            0 => Origin::Page,
            tab => Origin::Tab(tab as u64),
        }
    }
}

/// A tab's engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Drawn when it started.
    pub id: u64,
    /// Its page's build id.
    pub build: String,
    /// When it started, in milliseconds since the Unix epoch: of two builds the later start is the
    /// later build.
    pub started: i64,
}

impl Tab {
    /// Whether this tab must be loaded again because the other one runs a later build.
    pub fn is_older_than(&self, other: &Tab) -> bool {
        self.build != other.build && (self.started, self.id) < (other.started, other.id)
    }
}

/// Messages on a workspace's channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TabMessage {
    /// A tab has opened the workspace and wants its rows.
    Join(Tab),
    /// A tab has become the writer, or was asked.
    Leads(Tab),
    /// A call of another tab's page, for the writer.
    Call {
        /// Whose.
        tab: Tab,
        /// The call.
        request: Request,
    },
    /// An event of the writer for one tab's page, or for all.
    Event {
        /// The tab; `None` for all.
        to: Option<u64>,
        /// The request that it answers.
        reply: Option<u64>,
        /// The event, as the page takes it.
        event: Bytes,
    },
    /// A tab has closed the workspace.
    Leave(u64),
}

/// Messages on the channel of all tabs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CommonMessage {
    /// The device's names or its list of workspaces changed.
    Registry,
    /// A workspace is being removed: close it.
    Removed(WorkspaceId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_key() {
        for origin in [Origin::Page, Origin::Tab(0), Origin::Tab(u64::MAX)] {
            assert_eq!(Origin::from_name(origin.to_name()), origin);
        }
    }

    #[test]
    fn the_tab_that_started_first_is_the_older_one_when_builds_differ() {
        let tab = |id, build: &str, started| Tab {
            id,
            build: build.into(),
            started,
        };
        let (old, new) = (tab(1, "a", 10), tab(2, "b", 20));
        assert!(old.is_older_than(&new));
        assert!(!new.is_older_than(&old));
        assert!(!old.is_older_than(&tab(3, "a", 30)));
    }
}
