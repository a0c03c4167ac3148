//! The validator. The room asks it before a change enters the log: it tries the change with Automerge,
//! which parses hostile bytes unsafely. A panic here costs the room an unanswered question; the runtime
//! starts the worker anew for the next one. It keeps nothing that it needs, and answers no request of
//! HTTP: only a worker with a binding to it can call it.

use shared::sync::validation::{FORM, Question};
use shared::validate::Validator;
use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;
// What starts the worker anew after a panic.
use worker as _;

thread_local! {
    static VALIDATOR: RefCell<Validator> = RefCell::default();
}

/// Answers a question, both in postcard. Nothing where the question is of another form, or is none.
#[wasm_bindgen]
#[must_use]
pub fn answer(form: u8, question: &[u8]) -> Option<Vec<u8>> {
    if form != FORM {
        return None;
    }
    let question: Question = postcard::from_bytes(question).ok()?;
    let answer = VALIDATOR.with_borrow_mut(|validator| validator.answer(&question));
    postcard::to_allocvec(&answer).ok()
}
