//! Asking the validator. No answer within the time is an answer, too.

use futures_util::future::{Either, select};
use js_sys::{Promise, Uint8Array};
use shared::sync::validation::{Answer, FORM, Question};
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use worker::{Delay, Env};

/// How long the validator may take.
const PATIENCE: Duration = Duration::from_secs(5);

#[wasm_bindgen]
extern "C" {
    /// The validator behind its binding.
    type Validator;

    /// Its only call. The promise is of bytes, or of nothing where it knows no question of this form.
    #[wasm_bindgen(method, catch)]
    fn answer(this: &Validator, form: u8, question: Uint8Array) -> Result<Promise, JsValue>;
}

/// The validator's answer, or `None` when it failed or took too long.
pub async fn ask(env: &Env, question: Question) -> Option<Answer> {
    let call = pin!(call(env, question));
    let delay = pin!(Delay::from(PATIENCE));
    match select(call, delay).await {
        Either::Left((answer, _)) => answer,
        Either::Right(((), _)) => None,
    }
}

async fn call(env: &Env, question: Question) -> Option<Answer> {
    let question = postcard::to_allocvec(&question).ok()?;
    let validator: Validator = env.service("VALIDATOR").ok()?.into_rpc();
    let promise = validator.answer(FORM, Uint8Array::from(question.as_slice()));
    let answer = JsFuture::from(promise.ok()?).await.ok()?;
    let answer = answer.dyn_into::<Uint8Array>().ok()?;
    postcard::from_bytes(&answer.to_vec()).ok()
}
