//! Clock, chance, timers and address of the worker.

use futures_util::future::{Either, select};
use gloo::timers::future::TimeoutFuture;
use shared::time::Timestamp;
use std::future::Future;
use std::pin::pin;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::DedicatedWorkerGlobalScope;

/// The worker that this runs in.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The wall clock.
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// So many random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("every browser that runs this draws random numbers");
    bytes
}

/// Waits.
pub async fn sleep(ms: i32) {
    TimeoutFuture::new(ms.max(0).unsigned_abs()).await;
}

/// Runs on its own.
pub fn spawn(task: impl Future<Output = ()> + 'static) {
    spawn_local(task);
}

/// The result, or `None` when it takes longer.
pub async fn within<T>(ms: i32, task: impl Future<Output = T>) -> Option<T> {
    match select(pin!(task), pin!(sleep(ms))).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => None,
    }
}

/// The origin with the scheme for sockets, `wss://terrain.example`.
pub fn socket_origin() -> String {
    let origin = scope().location().origin();
    match origin.strip_prefix("http") {
        Some(rest) => format!("ws{rest}"),
        None => origin,
    }
}

/// A line for whoever looks at the browser's console.
pub fn log(line: &str) {
    gloo::console::warn!(line);
}
