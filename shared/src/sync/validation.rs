//! What the room asks the validator, in postcard.

use super::message::Reason;
use crate::id::RecordId;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Names the form of [`Question`] and [`Answer`]; another one whenever either changes. While the two
/// workers are deployed one after the other, the validator then answers nothing, the empty question
/// neither, and the room tells devices to wait: no change is refused for it.
pub const FORM: u8 = 2;

/// Changes to check. An empty question asks whether the validator lives.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Question {
    /// Document by document.
    pub documents: Vec<Candidate>,
}

/// A document and what is to be done with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which document.
    pub document: RecordId,
    /// Its history up to some point as one snapshot; empty where there is none.
    pub snapshot: Bytes,
    /// Its changes in the log that are not in the snapshot, in the log's order.
    pub history: Vec<Bytes>,
    /// The changes to check, each after those that it builds on.
    pub changes: Vec<Bytes>,
    /// What else is wanted.
    pub task: Task,
}

/// What is wanted besides the verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Task {
    /// Nothing.
    #[default]
    Check,
    /// A snapshot of the whole history, that was loaded again with equal heads and an equal row.
    Fold,
    /// What the record holds without its history: the changes that a new generation begins with.
    Squash,
}

/// The validator's answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// For each document of the question.
    pub documents: Vec<Finding>,
}

/// What was found about a document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Finding {
    /// The verdict on each of its changes.
    pub verdicts: Vec<Verdict>,
    /// The row with the accepted ones, or of the new generation; empty for a record of a type that only
    /// a newer version knows.
    pub row: Bytes,
    /// How many operations its history has beyond those that a new generation would begin with.
    pub operations: u64,
    /// The snapshot that was asked for; empty where it could not be made.
    pub snapshot: Bytes,
    /// The changes of the new generation that was asked for.
    pub squashed: Vec<Bytes>,
}

/// The verdict on one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It applies, and the document can be saved, loaded and read with it.
    Accepted,
    /// It must not enter the log.
    Refused(Reason),
    /// The history holds it already.
    Known,
    /// It builds on changes that the history lacks.
    NeedsDependencies,
}

/// Bytes that are encoded in one piece.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bytes(pub Vec<u8>);

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Whole;
        impl<'de> Visitor<'de> for Whole {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
        }
        deserializer.deserialize_bytes(Whole).map(Bytes)
    }
}
