//! Calls to the server that are answered once.

use super::browser::{scope, within};
use shared::id::{Secret, WorkspaceId};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Headers, RequestCache, RequestInit, Response};

/// How long the server may take.
const PATIENCE_MS: i32 = 10_000;

/// What the server said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// `Retry-After`, in seconds.
    pub retry_after_s: Option<u32>,
}

/// Calls the API about a workspace; `None` when no answer came in time.
pub async fn call(
    method: &str,
    workspace: WorkspaceId,
    path: &str,
    secret: Secret,
    body: Option<String>,
) -> Option<Answer> {
    let url = format!("/api/workspaces/{workspace}{path}");
    let headers = Headers::new().ok()?;
    headers
        .set("Authorization", &format!("Bearer {secret}"))
        .ok()?;
    let controller = AbortController::new().ok()?;
    let init = RequestInit::new();
    init.set_method(method);
    init.set_headers(&headers);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&controller.signal()));
    if let Some(body) = body {
        init.set_body(&JsValue::from_str(&body));
    }
    let promise = scope().fetch_with_str_and_init(&url, &init);
    let Some(response) = within(PATIENCE_MS, JsFuture::from(promise)).await else {
        controller.abort();
        return None;
    };
    let response: Response = response.ok()?.dyn_into().ok()?;
    let retry_after = response.headers().get("Retry-After").ok().flatten();
    Some(Answer {
        status: response.status(),
        retry_after_s: retry_after.and_then(|text| text.trim().parse().ok()),
    })
}
