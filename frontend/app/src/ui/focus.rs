//! Where the focus goes when what had it is drawn away: a form that was sent, a row that was removed.
//! It falls to the page's very beginning otherwise, and who works by keyboard or screen reader starts
//! over. It goes to what took the place, or to what stands next to it.

use crate::browser::{self, Listener};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, FocusOptions, HtmlElement, MutationObserver, MutationObserverInit};
use yew::prelude::*;

/// What takes the focus. No field does: on a tablet its keyboard would come up unasked.
const TAKES: &str = "button:not([disabled]), [href], [tabindex='0']";

thread_local! {
    static LAST: RefCell<Option<Spot>> = const { RefCell::new(None) };
}

/// A place in the page that had the focus.
#[derive(Clone)]
pub struct Spot {
    element: HtmlElement,
    /// What holds it, from the inside out, and which child leads to it.
    within: Vec<(Element, usize)>,
}

impl Spot {
    /// Where an element stands.
    pub fn of(element: HtmlElement) -> Spot {
        let mut within = Vec::new();
        let mut child: Element = element.clone().into();
        while let Some(parent) = child.parent_element() {
            let mut at = 0;
            let mut before = child.previous_element_sibling();
            while let Some(sibling) = before {
                at += 1;
                before = sibling.previous_element_sibling();
            }
            within.push((parent.clone(), at));
            child = parent;
        }
        Spot { element, within }
    }

    /// Focuses the element or, when it is gone, what stands in its place or beside it.
    pub fn focus(&self) {
        if self.element.is_connected() {
            let _ = self.element.focus();
            return;
        }
        let held = self
            .within
            .iter()
            .filter(|(parent, _)| parent.is_connected());
        for (parent, at) in held {
            let mut children = Vec::new();
            let mut child = parent.first_element_child();
            while let Some(element) = child {
                child = element.next_element_sibling();
                children.push(element);
            }
            let at = (*at).min(children.len());
            let (before, after) = children.split_at(at);
            if after.iter().chain(before.iter().rev()).any(take) {
                return;
            }
        }
    }
}

/// Gives the focus to the first in an element that takes it.
fn take(element: &Element) -> bool {
    if element.matches(TAKES).unwrap_or_default() && focus(element) {
        return true;
    }
    let Ok(found) = element.query_selector_all(TAKES) else {
        return false;
    };
    let mut found = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into::<Element>().ok());
    found.any(|element| focus(&element))
}

fn focus(element: &Element) -> bool {
    let Some(element) = element.dyn_ref::<HtmlElement>() else {
        return false;
    };
    // What the person looks at stays where it is.
    let quietly = FocusOptions::new();
    quietly.set_prevent_scroll(true);
    let _ = element.focus_with_options(&quietly);
    browser::focused().as_ref() == Some(element)
}

/// Has the focus go on where what had it is drawn away. For the app, once.
#[hook]
pub fn use_kept_focus() {
    use_effect_with((), move |()| {
        let listener = Listener::on("focusin", |event| {
            let target = event.target().and_then(|target| target.dyn_into().ok());
            LAST.set(target.map(Spot::of));
        });
        let changed = Closure::<dyn FnMut()>::new(|| {
            let is_lost = browser::focused().is_none_or(|focused| focused.tag_name() == "BODY");
            let gone = |spot: &Spot| !spot.element.is_connected();
            let last = LAST.with_borrow(|last| last.as_ref().filter(|spot| gone(spot)).cloned());
            if let Some(spot) = last {
                LAST.set(None);
                if is_lost {
                    spot.focus();
                }
            }
        });
        let observer = MutationObserver::new(changed.as_ref().unchecked_ref()).ok();
        let body = browser::window().document().and_then(|page| page.body());
        if let (Some(observer), Some(body)) = (&observer, body) {
            let what = MutationObserverInit::new();
            what.set_child_list(true);
            what.set_subtree(true);
            let _ = observer.observe_with_options(&body, &what);
        }
        move || {
            if let Some(observer) = observer {
                observer.disconnect();
            }
            drop((listener, changed));
        }
    });
}
