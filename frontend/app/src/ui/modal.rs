//! What lies over everything else: while it does, nothing behind it can be reached, by pointer, key
//! or screen reader, and the focus comes back to where it was.

use super::focus::Spot;
use crate::browser::{self, over::Over};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

/// What stays within reach: words for screen readers, say.
const BESIDE: &str = "data-beside";

thread_local! {
    /// What lies over the rest, the topmost last.
    static OPEN: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
    /// What is out of reach because of it.
    static BEHIND: RefCell<Vec<Element>> = const { RefCell::new(Vec::new()) };
}

/// Whether something lies over the screen.
pub fn is_open() -> bool {
    OPEN.with_borrow(|open| !open.is_empty())
}

/// Brings a focus that was lost back to what lies on top.
pub fn catch_focus() {
    let top = OPEN.with_borrow(|open| open.last().cloned());
    let dialog = top.and_then(|top| top.query_selector("[role='dialog']").ok()?);
    let Some(dialog) = dialog.and_then(|dialog| dialog.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    let is_inside = browser::focused().is_some_and(|focused| dialog.contains(Some(&focused)));
    if !is_inside {
        let _ = dialog.focus();
    }
}

/// Keeps everything behind the node out of reach while the component is there. `enter` focuses what
/// the person begins with; the way back leads out of it by `leave`.
#[hook]
pub fn use_modal(node: &NodeRef, leave: Callback<()>, enter: impl FnOnce() + 'static) {
    let node = node.clone();
    let latest = use_mut_ref(|| leave.clone());
    latest.replace(leave);
    use_effect_with((), move |()| {
        let before = browser::focused().map(Spot::of);
        let own = node.cast::<Element>();
        if let Some(own) = &own {
            OPEN.with_borrow_mut(|open| open.push(own.clone()));
        }
        cover();
        enter();
        let over = Over::new(move || {
            let leave = latest.borrow().clone();
            leave.emit(());
        });
        move || {
            drop(over);
            OPEN.with_borrow_mut(|open| open.retain(|other| Some(other) != own.as_ref()));
            cover();
            if let Some(before) = before {
                before.focus();
            }
        }
    });
}

/// Puts all but the topmost, and what holds it, out of reach.
fn cover() {
    for element in BEHIND.take() {
        let _ = element.remove_attribute("inert");
    }
    let mut behind = Vec::new();
    let mut own = OPEN.with_borrow(|open| open.last().cloned());
    while let Some(element) = own {
        let Some(parent) = element.parent_element() else {
            break;
        };
        let mut sibling = parent.first_element_child();
        while let Some(other) = sibling {
            if other != element && !other.has_attribute(BESIDE) && !other.has_attribute("inert") {
                let _ = other.set_attribute("inert", "");
                behind.push(other.clone());
            }
            sibling = other.next_element_sibling();
        }
        own = Some(parent).filter(|parent| parent.tag_name() != "BODY");
    }
    BEHIND.set(behind);
}
