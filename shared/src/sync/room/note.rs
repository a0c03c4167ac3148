//! What is worth a line in the server's log.

use serde::Serialize;

/// A line in the server's log. It holds no customer data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Note {
    /// A push was settled.
    Pushed {
        /// Changes that were new.
        accepted: u32,
        /// Changes that the log had.
        known: u32,
        /// Changes refused.
        refused: u32,
        /// The last position of the log.
        head: u64,
    },
    /// A frame was refused.
    FrameRefused {
        /// Its length.
        length: u32,
    },
    /// A socket was closed that asked for more than its share.
    Shed,
    /// The validator gave no answer about so many documents.
    ValidatorSilent {
        /// How many.
        documents: u32,
    },
    /// The log could not be read or written.
    StorageFailed,
    /// Documents were folded into a block.
    Folded {
        /// How many.
        documents: u32,
        /// The block's bytes.
        bytes: u32,
    },
    /// Documents were erased.
    Erased {
        /// How many.
        documents: u32,
        /// The last position of the log.
        head: u64,
    },
    /// A document began a new generation.
    Squashed {
        /// The changes that it begins with.
        changes: u32,
        /// The last position of the log.
        head: u64,
    },
}
