//! Listeners that may stop what the browser would do, and a frame loop.

use crate::browser::window;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Event, EventTarget};

/// Listens before all others, and may prevent the default, until dropped.
pub struct Early {
    target: EventTarget,
    event: &'static str,
    run: Closure<dyn FnMut(Event)>,
}

impl Early {
    /// Listens on a target.
    pub fn on(
        target: &EventTarget,
        event: &'static str,
        run: impl FnMut(Event) + 'static,
    ) -> Early {
        let run = Closure::<dyn FnMut(Event)>::new(run);
        let options = AddEventListenerOptions::new();
        options.set_capture(true);
        options.set_passive(false);
        let _ = target.add_event_listener_with_callback_and_add_event_listener_options(
            event,
            run.as_ref().unchecked_ref(),
            &options,
        );
        Early {
            target: target.clone(),
            event,
            run,
        }
    }
}

impl Drop for Early {
    fn drop(&mut self) {
        let run = self.run.as_ref().unchecked_ref();
        let _ = self
            .target
            .remove_event_listener_with_callback_and_bool(self.event, run, true);
    }
}

type Step = Closure<dyn FnMut()>;

/// Runs something before every frame until dropped.
pub struct Frames {
    id: Rc<RefCell<i32>>,
    step: Rc<RefCell<Option<Step>>>,
}

impl Frames {
    /// Starts.
    pub fn run(mut each: impl FnMut() + 'static) -> Frames {
        let id = Rc::new(RefCell::new(0));
        let step: Rc<RefCell<Option<Step>>> = Rc::default();
        let next = {
            let (id, step) = (id.clone(), Rc::downgrade(&step));
            move || {
                if let Some(step) = step.upgrade()
                    && let Some(step) = step.borrow().as_ref()
                {
                    let asked = window().request_animation_frame(step.as_ref().unchecked_ref());
                    *id.borrow_mut() = asked.unwrap_or_default();
                }
            }
        };
        let first = next.clone();
        *step.borrow_mut() = Some(Closure::new(move || {
            each();
            next();
        }));
        first();
        Frames { id, step }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        let _ = window().cancel_animation_frame(*self.id.borrow());
        // a step that is running cannot be borrowed for writing; it then finds no loop to go on with
        if let Ok(mut step) = self.step.try_borrow_mut() {
            step.take();
        }
    }
}
