//! A press that lands where it was aimed. It begins by taking the focus from what was edited; were that
//! drawn anew at once, what is pressed could move from under the finger before it is released, and the
//! press would be nobody's.

use super::{Listener, Timer};
use std::cell::{Cell, RefCell};

thread_local! {
    static IS_DOWN: Cell<bool> = const { Cell::new(false) };
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    static TIMER: RefCell<Option<Timer>> = const { RefCell::new(None) };
}

/// No press takes longer: its end may have been heard by nobody, outside of the window.
const LONGEST_MS: i32 = 1_000;

/// Listens for presses until dropped.
pub fn watch() -> impl Sized {
    let up = |_: &web_sys::Event| {
        // The click comes right after.
        TIMER.set(Some(Timer::after(0, released)));
    };
    (
        Listener::first("mousedown", |_| {
            IS_DOWN.set(true);
            TIMER.set(Some(Timer::after(LONGEST_MS, released)));
        }),
        Listener::first("mouseup", up),
        Listener::first("dragend", up),
    )
}

fn released() {
    IS_DOWN.set(false);
    for run in LATER.take() {
        run();
    }
}

/// Runs something that moves what is on screen: at once, or after the press that is going on.
pub fn after(run: impl FnOnce() + 'static) {
    if IS_DOWN.get() {
        LATER.with_borrow_mut(|later| later.push(Box::new(run)));
    } else {
        run();
    }
}
