//! A press that lands where it was aimed. It begins by taking the focus from what was edited; were that
//! drawn anew at once, what is pressed could move from under the finger before it is released, and the
//! press would be nobody's.

use super::{Listener, Timer};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsCast;
use web_sys::Element;

thread_local! {
    static IS_DOWN: Cell<bool> = const { Cell::new(false) };
    static LATER: RefCell<Vec<Box<dyn FnOnce()>>> = const { RefCell::new(Vec::new()) };
    /// What was clicked last, and what it said then.
    static CLICKED: RefCell<Option<(Element, Option<String>)>> = const { RefCell::new(None) };
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
        Listener::before("click", |event| {
            if is_strayed(event) {
                event.prevent_default();
                event.stop_immediate_propagation();
            }
        }),
    )
}

/// Whether a click is the second one of two in quick succession, and what the first one was aimed at has
/// gone: nobody meant what took its place.
fn is_strayed(event: &web_sys::Event) -> bool {
    let Some(click) = event.dyn_ref::<web_sys::MouseEvent>() else {
        return false;
    };
    let target = click
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(target) = target else {
        return false;
    };
    let text = target.text_content();
    if click.detail() < 2 {
        CLICKED.set(Some((target, text)));
        return false;
    }
    CLICKED.with_borrow(|clicked| {
        clicked.as_ref().is_some_and(|(first, said)| {
            !first.is_connected() || (*first == target && *said != text)
        })
    })
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
