//! Who may see what: everyone everything, but for what was hidden.

use shared::id::{PersonId, RecordId};
use shared::sync::room::{Policy, Speaker};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// What is hidden from whom. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    hidden: Rc<RefCell<BTreeSet<(PersonId, RecordId)>>>,
    ever: Rc<RefCell<BTreeSet<(PersonId, RecordId)>>>,
}

impl Rules {
    pub fn hide(&self, person: PersonId, record: RecordId) -> bool {
        self.ever.borrow_mut().insert((person, record));
        self.hidden.borrow_mut().insert((person, record))
    }

    pub fn show(&self, person: PersonId, record: RecordId) -> bool {
        self.hidden.borrow_mut().remove(&(person, record))
    }

    pub fn hides(&self, person: PersonId, record: RecordId) -> bool {
        self.hidden.borrow().contains(&(person, record))
    }

    /// Whether it was ever hidden: what happened meanwhile may not have come.
    pub fn hid(&self, person: PersonId, record: RecordId) -> bool {
        self.ever.borrow().contains(&(person, record))
    }

    /// Whether it was ever hidden from anybody.
    pub fn hid_from_somebody(&self, record: RecordId) -> bool {
        self.ever
            .borrow()
            .iter()
            .any(|(_, hidden)| *hidden == record)
    }

    /// They are what they were when all of these were hidden.
    pub fn restore(&self, hidden: &[(PersonId, RecordId)]) {
        *self.hidden.borrow_mut() = hidden.iter().copied().collect();
    }

    /// All that is hidden.
    pub fn all(&self) -> Vec<(PersonId, RecordId)> {
        self.hidden.borrow().iter().copied().collect()
    }
}

impl Policy for Rules {
    fn may_see(&self, speaker: &Speaker, document: RecordId) -> bool {
        !self.hides(speaker.person, document)
    }

    fn may_change(&self, speaker: &Speaker, document: RecordId) -> bool {
        !self.hides(speaker.person, document)
    }
}
