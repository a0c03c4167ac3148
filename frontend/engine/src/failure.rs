//! Why a call was not carried out.

use crate::platform::storage::StorageError;
use shared::bridge::Problem;
use shared::document::DocumentError;

/// Why a call was not carried out.
#[derive(Debug)]
pub enum Failure {
    /// The page is told.
    Problem(Problem),
    /// Another engine writes: the call goes to it.
    Fenced,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure::Problem(problem)
    }
}

impl From<StorageError> for Failure {
    fn from(error: StorageError) -> Failure {
        if error == StorageError::Fenced {
            return Failure::Fenced;
        }
        Failure::Problem(error.into())
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Failure {
        Failure::Problem(Problem::Storage(words(&error).into()))
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Problem {
        match error {
            StorageError::Unavailable => Problem::StorageUnavailable,
            StorageError::Full => Problem::StorageFull,
            StorageError::Newer => Problem::NewerData,
            StorageError::Blocked => Problem::Storage("held open by another tab".into()),
            StorageError::Fenced => Problem::Storage("another tab writes".into()),
            StorageError::Lost(words) | StorageError::Failed(words) => Problem::Storage(words),
        }
    }
}

/// What went wrong in a document, for the report. Automerge's own words would take more room than
/// the engine's budget has.
pub fn words(error: &DocumentError) -> &'static str {
    match error {
        DocumentError::NotAChange(_) => "not a change",
        DocumentError::Refused(_) => "changes do not apply",
        DocumentError::MissingDependencies(_) => "earlier changes are missing",
        DocumentError::NoteTooLong => "a note is too long",
        DocumentError::Shape(what) => what,
    }
}

/// The record's history can't be read; the server or a colleague's device still has it.
pub fn damaged() -> Failure {
    Problem::Storage("this record is damaged on this device".into()).into()
}
