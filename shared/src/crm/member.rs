//! A colleague: gives the person behind an edit a name. Its record id is derived from the person.

use super::field::{Field, Group, Shape, fields};
use crate::id::{PersonId, RecordId, WorkspaceId};

fields! {
    /// What colleagues call them.
    NAME = Field::new(1, "name", Shape::Text).within(Group::Head);
    /// Whose record this is: the `PersonId` as hexadecimal.
    PERSON = Field::new(2, "person", Shape::Person).within(Group::Hidden);
}

/// The one record of this person in this workspace.
pub fn record_of(workspace: WorkspaceId, person: PersonId) -> RecordId {
    RecordId::derived(workspace, "member", &person.to_string())
}
