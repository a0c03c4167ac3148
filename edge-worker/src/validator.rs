//! Asking the validator. No answer within the time is an answer, too.

use futures_util::future::{Either, select};
use shared::sync::validation::{Answer, FORM, Question};
use std::pin::pin;
use std::time::Duration;
use worker::{Delay, Env, Method, Request, RequestInit};

/// How long the validator may take.
const PATIENCE: Duration = Duration::from_secs(5);

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
    let body = postcard::to_allocvec(&question).ok()?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_body(Some(js_sys::Uint8Array::from(body.as_slice()).into()));
    let request = Request::new_with_init(&format!("http://validator/{FORM}"), &init).ok()?;
    let service = env.service("VALIDATOR").ok()?;
    let mut response = service.fetch_request(request).await.ok()?;
    if response.status_code() != 200 {
        return None;
    }
    let body = response.bytes().await.ok()?;
    postcard::from_bytes(&body).ok()
}
