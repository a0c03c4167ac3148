//! Who wants to know of what.

use crate::browser::press;
use shared::crm::Kind;
use shared::id::RecordId;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

/// Something that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Any record of a type.
    Kind(Kind),
    /// One record.
    Record(RecordId),
    /// Who edited any record last and when; told now and then.
    Edited,
    /// Device, person, workspaces, and whether all rows have come.
    Device,
    /// The state of sync.
    Sync,
    /// Notes and history of the open record.
    Open,
    /// The toast.
    Toast,
    /// The imports that can be taken back.
    Imports,
    /// Something that was typed before the page was thrown away.
    Found,
    /// What stands in the way of the whole app.
    Blocked,
    /// A minute has passed: what says how long ago something was is said anew.
    Minute,
}

impl Topic {
    /// What [`super::Store::count`] and what stands beside it depend on.
    pub const COUNTED: [Topic; 5] = [
        Topic::Device,
        Topic::Sync,
        Topic::Kind(Kind::Contact),
        Topic::Kind(Kind::Company),
        Topic::Kind(Kind::Deal),
    ];
}

struct Watcher {
    number: u64,
    topics: Vec<Topic>,
    run: Rc<dyn Fn()>,
}

/// All who watch.
#[derive(Default)]
pub struct Watchers {
    list: Rc<RefCell<Vec<Watcher>>>,
    count: Cell<u64>,
    changes: Cell<u64>,
}

/// Watches until dropped.
pub struct Subscription {
    list: Weak<RefCell<Vec<Watcher>>>,
    number: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(list) = self.list.upgrade() {
            list.borrow_mut()
                .retain(|watcher| watcher.number != self.number);
        }
    }
}

impl Watchers {
    /// Runs something whenever one of the topics changes.
    pub fn watch(&self, topics: Vec<Topic>, run: impl Fn() + 'static) -> Subscription {
        let number = self.count.get() + 1;
        self.count.set(number);
        self.list.borrow_mut().push(Watcher {
            number,
            topics,
            run: Rc::new(run),
        });
        Subscription {
            list: Rc::downgrade(&self.list),
            number,
        }
    }

    /// How often anything changed. It grows before those who watch are told: who begins to watch
    /// in between knows by it that something was missed.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// Something changed that is told later.
    pub fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    /// Whether anyone watches this.
    pub fn has(&self, topic: Topic) -> bool {
        let list = self.list.borrow();
        list.iter().any(|watcher| watcher.topics.contains(&topic))
    }

    /// These changed. Each watcher runs once, however many of its topics are among them, and after a press:
    /// what is saved because a field was left moves nothing from under the finger.
    pub fn tell(&self, changed: &[Topic]) {
        self.changed();
        let (list, changed) = (self.list.clone(), changed.to_vec());
        press::after(move || {
            let hit =
                |watcher: &&Watcher| watcher.topics.iter().any(|topic| changed.contains(topic));
            let hit: Vec<_> = list
                .borrow()
                .iter()
                .filter(hit)
                .map(|watcher| watcher.run.clone())
                .collect();
            for run in hit {
                run();
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watcher_runs_once_a_change_and_not_after_it_left() {
        let watchers = Watchers::default();
        let count = Rc::new(Cell::new(0));
        let counted = count.clone();
        let watching = watchers.watch(vec![Topic::Device, Topic::Sync], move || {
            counted.set(counted.get() + 1);
        });
        watchers.tell(&[Topic::Device, Topic::Sync]);
        watchers.tell(&[Topic::Toast]);
        assert_eq!(count.get(), 1);
        drop(watching);
        watchers.tell(&[Topic::Sync]);
        assert_eq!(count.get(), 1);
    }
}
