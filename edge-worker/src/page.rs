//! What the worker adds to the assets binding: the page for addresses of the app, and the same headers on its own answers.

use crate::error::ApiError;
use worker::{Env, Response};

/// What every answer carries, one header a line; `cargo xtask build` gives files the same.
const HEADERS: &str = include_str!("../headers.txt");

/// Whether an address is one of the app's own, drawn by the page. A missing file is none: it gets a 404, never HTML.
pub fn is_page(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !path.starts_with("/api/") && !path.starts_with("/assets/") && !last.contains('.')
}

/// The page. Browsers get it from the assets binding before the worker is asked; this is for clients
/// that do not say they navigate.
pub async fn answer(env: &Env) -> Result<Response, ApiError> {
    Ok(env.assets("ASSETS")?.fetch("https://assets/", None).await?)
}

/// The answer with the headers that every answer has. A switch to a socket is left alone.
pub fn protect(response: Response) -> worker::Result<Response> {
    if response.status_code() == 101 {
        return Ok(response);
    }
    let headers = response.headers().clone();
    for (name, value) in HEADERS.lines().filter_map(|line| line.split_once(": ")) {
        headers.set(name, value)?;
    }
    Ok(response.with_headers(headers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_app_are_pages_and_files_are_not() {
        assert!(is_page("/") && is_page("/contacts") && is_page("/deals/0af3"));
        assert!(!is_page("/assets/app-1.js") && !is_page("/sw.js") && !is_page("/api/nothing"));
    }

    #[test]
    fn every_header_has_a_name_and_a_value() {
        assert!(HEADERS.lines().all(|line| line.split_once(": ").is_some()));
    }
}
