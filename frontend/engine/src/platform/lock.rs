//! Web Locks: exactly one engine of the origin holds a name.

use super::browser::scope;
use js_sys::{Function, Object, Promise, Reflect};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::AbortController;

/// A lock that is held or waited for; dropping it lets it go.
pub struct Lock {
    controller: Option<AbortController>,
    release: Rc<RefCell<Option<Function>>>,
    _granted: Closure<dyn FnMut(JsValue) -> Promise>,
    _refused: Closure<dyn FnMut(JsValue)>,
}

impl Lock {
    /// Waits for the lock and says when it is held. Where the browser has no locks, it is said at
    /// once: such a browser has no second tab that could take part either.
    pub fn request(name: &str, on_held: impl FnOnce() + 'static) -> Lock {
        let release = Rc::new(RefCell::new(None));
        let held = release.clone();
        let mut on_held = Some(on_held);
        let granted = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |_lock: JsValue| {
            let promise = Promise::new(&mut |resolve: Function, _| {
                held.replace(Some(resolve));
            });
            if let Some(on_held) = on_held.take() {
                on_held();
            }
            promise
        });
        let refused = Closure::<dyn FnMut(JsValue)>::new(|_| {});
        let controller = AbortController::new().ok();
        let options = Object::new();
        if let Some(controller) = &controller {
            let _ = Reflect::set(&options, &"signal".into(), &controller.signal());
        }
        match ask(name, &options, granted.as_ref()) {
            Some(promise) => {
                let _ = promise.catch(&refused);
            }
            None => {
                let granted: &Function = granted.as_ref().unchecked_ref();
                let _ = granted.call1(&JsValue::UNDEFINED, &JsValue::UNDEFINED);
            }
        }
        Lock {
            controller,
            release,
            _granted: granted,
            _refused: refused,
        }
    }
}

/// `navigator.locks.request(name, options, callback)`, by name since web-sys counts it as unstable.
fn ask(name: &str, options: &Object, granted: &JsValue) -> Option<Promise> {
    let locks = Reflect::get(&scope().navigator(), &"locks".into()).ok()?;
    let request: Function = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let promise = request.call3(&locks, &name.into(), options, granted).ok()?;
    promise.dyn_into().ok()
}

impl Drop for Lock {
    fn drop(&mut self) {
        let release = self.release.borrow_mut().take();
        match (release, &self.controller) {
            (Some(release), _) => {
                let _ = release.call0(&JsValue::UNDEFINED);
            }
            (None, Some(controller)) => controller.abort(),
            (None, None) => {}
        }
    }
}
