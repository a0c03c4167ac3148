//! Who may see and change what.

use super::Speaker;
use crate::id::RecordId;

/// Asked for every record and member: when a change is pushed, published or brought to a device.
pub trait Policy {
    /// Whether the person may see the record.
    fn may_see(&self, speaker: &Speaker, document: RecordId) -> bool;

    /// Whether the person may change the record.
    fn may_change(&self, speaker: &Speaker, document: RecordId) -> bool;

    /// Whether all see the same: what is published is then made once for all.
    fn is_the_same_for_all(&self) -> bool {
        false
    }
}

/// Everyone sees and changes everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Everyone;

impl Policy for Everyone {
    fn may_see(&self, _: &Speaker, _: RecordId) -> bool {
        true
    }

    fn may_change(&self, _: &Speaker, _: RecordId) -> bool {
        true
    }

    fn is_the_same_for_all(&self) -> bool {
        true
    }
}
