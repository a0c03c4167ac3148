//! Dragging cards: press and hold with a finger, press and pull with a mouse.
//!
//! A finger that moves before it has held for [`HOLD_MS`] scrolls, as everywhere. While a card is lifted
//! its copy follows the pointer by CSSOM alone; the page draws again only when the target changes.

use super::listen::{Early, Frames};
use super::target::{Target, find, pulls};
use crate::browser::{Timer, now, window};
use shared::id::RecordId;
use shared::time::Timestamp;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent, PointerEvent};
use yew::prelude::*;

/// How long a finger holds before the card lifts.
const HOLD_MS: i32 = 350;
/// How far a finger may slip while it holds, in CSS pixels.
const SLIP: f64 = 8.0;
/// How far a mouse pulls before the card lifts.
const PULL: f64 = 5.0;
/// How long the pointer stays near an edge before anything scrolls: on its way elsewhere it only passes there.
const STAY_MS: i64 = 200;

/// A lifted card.
#[derive(Debug, Clone, PartialEq)]
pub struct Lift {
    /// Which deal.
    pub deal: RecordId,
    /// Whether it was lifted with the keyboard; then no copy floats.
    pub by_keys: bool,
    /// Where it would land.
    pub target: Option<Target>,
    /// Width and height of the card, in CSS pixels.
    pub size: (f64, f64),
}

/// Watches pointers on the board.
#[derive(Clone)]
pub struct Drag(Rc<Inner>);

impl PartialEq for Drag {
    fn eq(&self, other: &Drag) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    board: NodeRef,
    copy: NodeRef,
    show: UseStateSetter<Option<Lift>>,
    on_drop: RefCell<Callback<(RecordId, Target)>>,
    press: RefCell<Option<Press>>,
    swallow: RefCell<Option<(Early, Timer)>>,
    lifted: Cell<bool>,
}

struct Press {
    deal: RecordId,
    pointer: i32,
    finger: bool,
    start: (f64, f64),
    at: (f64, f64),
    grab: (f64, f64),
    size: (f64, f64),
    target: Option<Target>,
    /// When the pointer was not near an edge.
    calm: Timestamp,
    hold: Option<Timer>,
    frames: Option<Frames>,
    _listeners: Vec<Early>,
}

/// Dragging on the board at `board`, whose floating copy is drawn at `copy`. `show` gets what is lifted,
/// `on_drop` where it was dropped.
#[hook]
pub fn use_drag(
    board: NodeRef,
    copy: NodeRef,
    show: UseStateSetter<Option<Lift>>,
    on_drop: Callback<(RecordId, Target)>,
) -> Drag {
    let drag = use_memo((), {
        let board = board.clone();
        move |()| {
            Drag(Rc::new(Inner {
                board,
                copy,
                show,
                on_drop: RefCell::default(),
                press: RefCell::default(),
                swallow: RefCell::default(),
                lifted: Cell::new(false),
            }))
        }
    });
    drag.0.on_drop.replace(on_drop);
    use_effect_with(board, {
        let drag = (*drag).clone();
        move |board| {
            // registered before any touch begins, or the browser would already have decided to scroll
            let still = board.cast::<Element>().map(|board| {
                Early::on(&board, "touchmove", {
                    let drag = drag.clone();
                    move |event| {
                        if drag.0.lifted.get() {
                            event.prevent_default();
                        }
                    }
                })
            });
            move || {
                drag.end(false);
                drop(still);
            }
        }
    });
    (*drag).clone()
}

impl Drag {
    /// A pointer went down on the card of a deal.
    pub fn pressed(&self, event: &PointerEvent, deal: RecordId) {
        let card = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|target| target.closest("[data-deal]").ok().flatten());
        let (Some(card), 0, true) = (card, event.button(), event.is_primary()) else {
            return;
        };
        self.end(false);
        let rect = card.get_bounding_client_rect();
        let start = (f64::from(event.client_x()), f64::from(event.client_y()));
        let finger = event.pointer_type() != "mouse";
        let hold = {
            let drag = self.clone();
            Timer::after(HOLD_MS, move || drag.lift())
        };
        self.0.press.replace(Some(Press {
            deal,
            pointer: event.pointer_id(),
            finger,
            start,
            at: start,
            grab: (start.0 - rect.left(), start.1 - rect.top()),
            size: (rect.width(), rect.height()),
            target: None,
            calm: now(),
            hold: Some(hold),
            frames: None,
            _listeners: self.listen(),
        }));
    }

    fn listen(&self) -> Vec<Early> {
        let on = |name: &'static str, act: fn(&Drag, &Event)| {
            let drag = self.clone();
            Early::on(&window(), name, move |event| act(&drag, &event))
        };
        vec![
            on("pointermove", Drag::moved),
            on("pointerup", |drag, event| {
                if drag.is_own(event) {
                    drag.end(true);
                }
            }),
            on("pointercancel", |drag, event| {
                if drag.is_own(event) {
                    drag.end(false);
                }
            }),
            on("keydown", |drag, event| {
                let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
                if key.as_deref() == Some("Escape") && drag.0.lifted.get() {
                    event.prevent_default();
                    event.stop_propagation();
                    drag.end(false);
                }
            }),
        ]
    }

    fn is_own(&self, event: &Event) -> bool {
        let pointer = event
            .dyn_ref::<PointerEvent>()
            .map(PointerEvent::pointer_id);
        let press = self.0.press.borrow();
        press
            .as_ref()
            .is_some_and(|press| Some(press.pointer) == pointer)
    }

    fn moved(&self, event: &Event) {
        let Some(event) = event
            .dyn_ref::<PointerEvent>()
            .filter(|_| self.is_own(event))
        else {
            return;
        };
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let (far, finger) = {
            let mut press = self.0.press.borrow_mut();
            let Some(press) = press.as_mut() else { return };
            press.at = at;
            let far = (at.0 - press.start.0).hypot(at.1 - press.start.1);
            (far, press.finger)
        };
        match (self.0.lifted.get(), finger) {
            (true, _) => event.prevent_default(),
            (false, true) if far > SLIP => self.end(false),
            (false, false) if far > PULL => self.lift(),
            (false, _) => {}
        }
    }

    fn lift(&self) {
        {
            let mut press = self.0.press.borrow_mut();
            let Some(press) = press.as_mut() else { return };
            press.hold = None;
            let drag = Rc::downgrade(&self.0);
            press.frames = Some(Frames::run(move || {
                if let Some(inner) = drag.upgrade() {
                    Drag(inner).frame();
                }
            }));
            self.0.lifted.set(true);
            self.0.show.set(Some(Lift {
                deal: press.deal,
                by_keys: false,
                target: None,
                size: press.size,
            }));
        }
    }

    fn frame(&self) {
        let Some(board) = self.0.board.cast::<Element>() else {
            return;
        };
        let mut press = self.0.press.borrow_mut();
        let Some(press) = press.as_mut() else { return };
        let corner = (press.at.0 - press.grab.0, press.at.1 - press.grab.1);
        if let Some(copy) = self.0.copy.cast::<HtmlElement>() {
            let home = board.get_bounding_client_rect();
            let (x, y) = (corner.0 - home.left(), corner.1 - home.top());
            let style = copy.style();
            // a failure to move the copy is no reason to stop the drag
            let _ = style.set_property("translate", &format!("{x}px {y}px"));
            let _ = style.set_property("inline-size", &format!("{}px", press.size.0));
        }
        let pulls = pulls(&board, press.at);
        if pulls.is_empty() {
            press.calm = now();
        } else if now().0 - press.calm.0 > STAY_MS {
            for (what, x, y) in pulls {
                what.set_scroll_left(what.scroll_left() + x);
                what.set_scroll_top(what.scroll_top() + y);
            }
        }
        let target = find(&board, press.at, corner.1 + press.size.1 / 2.0, press.deal);
        if target != press.target {
            press.target = target.clone();
            self.0.show.set(Some(Lift {
                deal: press.deal,
                by_keys: false,
                target,
                size: press.size,
            }));
        }
    }

    fn end(&self, dropped: bool) {
        let Some(press) = self.0.press.take() else {
            return;
        };
        if !self.0.lifted.replace(false) {
            return;
        }
        self.swallow_click();
        if let (true, Some(target)) = (dropped, press.target) {
            self.0.on_drop.borrow().emit((press.deal, target));
        }
        self.0.show.set(None);
    }

    /// A drop ends with a click on the card, which must not open the deal.
    fn swallow_click(&self) {
        let listener = Early::on(&window(), "click", |event| {
            event.prevent_default();
            event.stop_propagation();
        });
        let inner = Rc::downgrade(&self.0);
        let over = Timer::after(60, move || {
            if let Some(inner) = inner.upgrade() {
                inner.swallow.take();
            }
        });
        self.0.swallow.replace(Some((listener, over)));
    }
}
