//! The engine's Web Worker: requests go out, replies are matched by their ids, everything else is
//! handed on. A crashed engine is started again; what was asked of it is answered with
//! [`Problem::Restarted`] and not sent again, since it may have been done.

use crate::browser;
use js_sys::{Array, Uint8Array};
use shared::bridge::{Call, Event, Problem, Reply, Request, decode, encode};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::rc::{Rc, Weak};
use std::task::{Poll, Waker};
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

/// How often an engine that never answered is started again before we say so.
const TRIES: u32 = 3;

/// What comes from the engine unasked.
pub enum FromEngine {
    /// An event.
    Event(Event),
    /// It crashed and was started again.
    Restarted,
    /// It cannot be started; the browser's words.
    Dead(String),
}

type Sink = Rc<dyn Fn(FromEngine)>;
type Handler = Closure<dyn FnMut(JsValue)>;

#[derive(Default)]
struct Slot {
    result: Option<Result<Reply, Problem>>,
    waker: Option<Waker>,
}

#[derive(Default)]
struct Inner {
    worker: RefCell<Option<Worker>>,
    waiting: RefCell<HashMap<u64, Rc<RefCell<Slot>>>>,
    hello: RefCell<Option<Call>>,
    sink: RefCell<Option<Sink>>,
    silent_starts: Cell<u32>,
    handlers: RefCell<Vec<Handler>>,
}

/// The engine.
#[derive(Default)]
pub struct Engine(Rc<Inner>);

impl Engine {
    /// Starts the worker and greets it.
    pub fn start(&self, hello: Call, sink: impl Fn(FromEngine) + 'static) {
        self.0.hello.replace(Some(hello));
        self.0.sink.replace(Some(Rc::new(sink)));
        spawn(&self.0);
    }

    /// Calls the engine. The answer is `Restarted` when it crashes meanwhile.
    pub fn call(&self, call: Call) -> impl Future<Output = Result<Reply, Problem>> + use<> {
        self.call_as(u64::from_le_bytes(browser::random()), call)
    }

    /// Calls the engine under a number: what is called again under the same is done once.
    pub fn call_as(
        &self,
        id: u64,
        call: Call,
    ) -> impl Future<Output = Result<Reply, Problem>> + use<> {
        let slot = ask(&self.0, id, call);
        poll_fn(move |context| {
            let mut slot = slot.borrow_mut();
            match slot.result.take() {
                Some(result) => Poll::Ready(result),
                None => {
                    slot.waker = Some(context.waker().clone());
                    Poll::Pending
                }
            }
        })
    }
}

fn ask(inner: &Rc<Inner>, id: u64, call: Call) -> Rc<RefCell<Slot>> {
    let slot = Rc::new(RefCell::new(Slot::default()));
    inner.waiting.borrow_mut().insert(id, slot.clone());
    let bytes = Uint8Array::from(encode(&Request { id, call }).as_slice());
    let transfer = Array::of1(&bytes.buffer());
    let sent = inner
        .worker
        .borrow()
        .as_ref()
        .is_some_and(|worker| worker.post_message_with_transfer(&bytes, &transfer).is_ok());
    if !sent {
        answer(inner, id, Err(Problem::Restarted));
    }
    slot
}

fn answer(inner: &Inner, id: u64, result: Result<Reply, Problem>) {
    let slot = inner.waiting.borrow_mut().remove(&id);
    if let Some(slot) = slot {
        let waker = {
            let mut slot = slot.borrow_mut();
            slot.result = Some(result);
            slot.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

fn spawn(inner: &Rc<Inner>) {
    let url = browser::meta("engine").unwrap_or_default();
    let worker = match Worker::new(&url) {
        Ok(worker) => worker,
        Err(error) => {
            return tell(
                inner,
                FromEngine::Dead(error.as_string().unwrap_or_default()),
            );
        }
    };
    let on_message = {
        let weak = Rc::downgrade(inner);
        Closure::<dyn FnMut(JsValue)>::new(move |event| receive(&weak, event))
    };
    let on_error = {
        let weak = Rc::downgrade(inner);
        Closure::<dyn FnMut(JsValue)>::new(move |event| crashed(&weak, event))
    };
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // The handlers of a crashed engine may still be running: they are kept, a few bytes each.
    inner.handlers.borrow_mut().extend([on_message, on_error]);
    inner.worker.replace(Some(worker));
    let hello = inner.hello.borrow().clone();
    if let Some(hello) = hello {
        ask(inner, u64::from_le_bytes(browser::random()), hello);
    }
}

fn receive(inner: &Weak<Inner>, event: JsValue) {
    let Some(inner) = inner.upgrade() else { return };
    let data = event.unchecked_into::<MessageEvent>().data();
    let Ok(bytes) = data.dyn_into::<Uint8Array>() else {
        return;
    };
    inner.silent_starts.set(0);
    match decode::<Event>(&bytes.to_vec()) {
        Ok(Event::Reply { id, result }) => answer(&inner, id, result),
        Ok(event) => tell(&inner, FromEngine::Event(event)),
        Err(error) => browser::warn(&error.to_string()),
    }
}

fn crashed(inner: &Weak<Inner>, event: JsValue) {
    let Some(inner) = inner.upgrade() else { return };
    let words = event.unchecked_into::<ErrorEvent>().message();
    browser::warn(&format!("the engine crashed: {words}"));
    if let Some(worker) = inner.worker.take() {
        worker.terminate();
    }
    let ids: Vec<u64> = inner.waiting.borrow().keys().copied().collect();
    for id in ids {
        answer(&inner, id, Err(Problem::Restarted));
    }
    let starts = inner.silent_starts.get() + 1;
    inner.silent_starts.set(starts);
    if starts >= TRIES {
        tell(&inner, FromEngine::Dead(words));
    } else {
        spawn(&inner);
        tell(&inner, FromEngine::Restarted);
    }
}

fn tell(inner: &Inner, event: FromEngine) {
    let sink = inner.sink.borrow().clone();
    if let Some(sink) = sink {
        sink(event);
    }
}
