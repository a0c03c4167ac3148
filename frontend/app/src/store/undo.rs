//! What the person did, so that it can be taken back, and done again.

use shared::crm::command::Edit;
use shared::crm::made::Made;
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

const KEPT: usize = 100;

/// What takes one thing back, or does it again.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// These edits, all or nothing.
    Edits(Vec<Edit>),
    /// An import, whose `undo` are the edits to make.
    Import(Made),
}

/// Two stacks of steps, and those that wait until what was done before them is saved.
#[derive(Default)]
pub struct Undo {
    back: RefCell<Vec<(u32, Step)>>,
    forth: RefCell<Vec<(u32, Step)>>,
    count: Cell<u32>,
    under_way: Cell<u32>,
    waiting: RefCell<VecDeque<Waiting>>,
}

type Waiting = Box<dyn FnOnce()>;

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

    /// Something new was done, which this takes back. Returns a number that tells it from others,
    /// when there is anything to take back.
    pub fn done(&self, undo: Step) -> Option<u32> {
        if undo.is_empty() {
            return None;
        }
        self.forth.borrow_mut().clear();
        Some(self.push(undo, true))
    }

    /// What takes back the thing of that number, unless it was taken back already.
    pub fn that(&self, number: u32) -> Option<Step> {
        let mut back = self.back.borrow_mut();
        let at = back.iter().position(|(other, _)| *other == number)?;
        Some(back.remove(at).1)
    }

    /// What takes back the last thing, or does the last thing again that was taken back.
    pub fn next(&self, back: bool) -> Option<Step> {
        self.stack(back).borrow_mut().pop().map(|(_, step)| step)
    }

    /// A step back (or forth) was made, which this reverses.
    pub fn stepped(&self, reverse: Step, back: bool) {
        if !reverse.is_empty() {
            self.push(reverse, !back);
        }
    }

    /// A step was not made, or not to its end: this is what is left of it.
    pub fn keep(&self, rest: Step, back: bool) {
        if !rest.is_empty() {
            self.push(rest, back);
        }
    }

    /// An import is taken back by itself: nothing here does it once more.
    pub fn without_import(&self, at: Timestamp) {
        for stack in [&self.back, &self.forth] {
            let is_other =
                |(_, step): &(u32, Step)| !matches!(step, Step::Import(made) if made.at == at);
            stack.borrow_mut().retain(is_other);
        }
    }

    /// Another workspace was opened: nothing here belongs to it.
    pub fn forget(&self) {
        self.back.borrow_mut().clear();
        self.forth.borrow_mut().clear();
    }

    fn stack(&self, back: bool) -> &RefCell<Vec<(u32, Step)>> {
        if back { &self.back } else { &self.forth }
    }

    fn push(&self, step: Step, back: bool) -> u32 {
        let number = self.count.get().wrapping_add(1);
        self.count.set(number);
        let mut stack = self.stack(back).borrow_mut();
        stack.push((number, step));
        if stack.len() > KEPT {
            stack.remove(0);
        }
        number
    }
}

impl Step {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        match self {
            Step::Edits(edits) => edits.is_empty(),
            Step::Import(made) => made.undo.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::id::{PersonId, RecordId};

    fn edits(n: u8) -> Step {
        Step::Edits(vec![Edit::delete(RecordId([n; 16]))])
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
                taken.borrow_mut().push(undo.next(true));
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
        assert!(undo.done(edits(1)).is_some());
        assert!(undo.done(Step::Edits(vec![])).is_none());
        assert_eq!(undo.next(true), Some(edits(1)));
        undo.stepped(edits(2), true);
        assert_eq!(undo.next(false), Some(edits(2)));
        undo.stepped(edits(1), false);
        assert_eq!(undo.next(true), Some(edits(1)));
        undo.stepped(edits(2), true);
        undo.done(edits(3));
        assert_eq!(undo.next(false), None);
    }

    #[test]
    fn a_toast_takes_back_what_it_told_of_and_not_what_was_done_since() {
        let undo = Undo::default();
        let told = undo.done(edits(1)).unwrap();
        undo.done(edits(2));
        assert_eq!(undo.that(told), Some(edits(1)));
        assert_eq!(undo.that(told), None);
        assert_eq!(undo.next(true), Some(edits(2)));
    }

    #[test]
    fn a_step_that_failed_can_be_taken_again() {
        let undo = Undo::default();
        undo.done(edits(1));
        let step = undo.next(true).unwrap();
        undo.keep(step, true);
        assert_eq!(undo.next(true), Some(edits(1)));
    }

    #[test]
    fn an_import_that_was_taken_back_elsewhere_is_not_taken_back_twice() {
        let undo = Undo::default();
        undo.done(edits(1));
        undo.done(Step::Import(Made {
            at: Timestamp(5),
            until: Timestamp(6),
            by: PersonId([1; 8]),
            name: String::new(),
            count: 1,
            undo: vec![vec![Edit::delete(RecordId([2; 16]))]],
        }));
        undo.without_import(Timestamp(5));
        assert_eq!(undo.next(true), Some(edits(1)));
    }
}
