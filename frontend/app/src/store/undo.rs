//! What the person did, so that it can be taken back, and done again.

use shared::crm::command::Edit;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

const KEPT: usize = 100;

/// Two stacks of edits, and the steps that wait until what was done before them is saved.
#[derive(Default)]
pub struct Undo {
    back: RefCell<Vec<Vec<Edit>>>,
    forth: RefCell<Vec<Vec<Edit>>>,
    under_way: Cell<u32>,
    waiting: RefCell<VecDeque<Step>>,
}

type Step = Box<dyn FnOnce()>;

impl Undo {
    /// Something is on its way to the device's disk: only then is it known what takes it back.
    pub fn begin(&self) {
        self.under_way.set(self.under_way.get() + 1);
    }

    /// It arrived, or failed. Steps that waited for it are taken, each after the one before.
    pub fn end(&self) {
        self.under_way.set(self.under_way.get().saturating_sub(1));
        while self.under_way.get() == 0 {
            let Some(step) = self.waiting.borrow_mut().pop_front() else {
                break;
            };
            step();
        }
    }

    /// Takes a step as soon as nothing is under way.
    pub fn when_quiet(&self, step: impl FnOnce() + 'static) {
        self.begin();
        self.waiting.borrow_mut().push_back(Box::new(step));
        self.end();
    }

    /// Something new was done, which these edits take back. Returns whether there is anything to
    /// take back.
    pub fn done(&self, undo: Vec<Edit>) -> bool {
        if undo.is_empty() {
            return false;
        }
        self.forth.borrow_mut().clear();
        push(&self.back, undo);
        true
    }

    /// What takes back the last thing.
    pub fn next_undo(&self) -> Option<Vec<Edit>> {
        self.back.borrow_mut().pop()
    }

    /// What does the last thing again that was taken back.
    pub fn next_redo(&self) -> Option<Vec<Edit>> {
        self.forth.borrow_mut().pop()
    }

    /// A step back (or forth) was made, which these edits reverse.
    pub fn stepped(&self, reverse: Vec<Edit>, back: bool) {
        if !reverse.is_empty() {
            push(if back { &self.forth } else { &self.back }, reverse);
        }
    }

    /// Another workspace was opened: nothing here belongs to it.
    pub fn forget(&self) {
        self.back.borrow_mut().clear();
        self.forth.borrow_mut().clear();
    }
}

fn push(stack: &RefCell<Vec<Vec<Edit>>>, edits: Vec<Edit>) {
    let mut stack = stack.borrow_mut();
    stack.push(edits);
    if stack.len() > KEPT {
        stack.remove(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::RecordId;

    fn edits(n: u8) -> Vec<Edit> {
        vec![Edit::delete(RecordId([n; 16]))]
    }

    #[test]
    fn a_step_waits_for_what_is_under_way_and_for_the_step_before() {
        use std::rc::Rc;
        let undo = Rc::new(Undo::default());
        let taken = Rc::new(RefCell::new(Vec::new()));
        undo.done(edits(1));
        undo.begin();
        for _ in 0..2 {
            let (undo, taken) = (Rc::clone(&undo), Rc::clone(&taken));
            Rc::clone(&undo).when_quiet(move || {
                undo.begin();
                taken.borrow_mut().push(undo.next_undo());
            });
        }
        assert!(taken.borrow().is_empty());
        undo.done(edits(2));
        undo.end();
        assert_eq!(*taken.borrow(), [Some(edits(2))]);
        undo.end();
        assert_eq!(*taken.borrow(), [Some(edits(2)), Some(edits(1))]);
    }

    #[test]
    fn what_was_taken_back_can_be_done_again_until_something_new_is_done() {
        let undo = Undo::default();
        assert!(undo.done(edits(1)));
        assert!(!undo.done(vec![]));
        assert_eq!(undo.next_undo(), Some(edits(1)));
        undo.stepped(edits(2), true);
        assert_eq!(undo.next_redo(), Some(edits(2)));
        undo.stepped(edits(1), false);
        assert_eq!(undo.next_undo(), Some(edits(1)));
        undo.stepped(edits(2), true);
        undo.done(edits(3));
        assert_eq!(undo.next_redo(), None);
    }
}
