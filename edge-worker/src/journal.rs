//! The server's log: one JSON object a line, with what happened and no customer data.

use serde::Serialize;

#[derive(Serialize)]
struct Line<'a, T: Serialize> {
    request: &'a str,
    #[serde(flatten)]
    what: T,
}

/// A request that was answered.
#[derive(Debug, Serialize)]
pub struct Answered<'a> {
    /// `answered`.
    pub event: &'static str,
    /// The method.
    pub method: &'a str,
    /// The address without its ids.
    pub route: &'static str,
    /// The status code.
    pub status: u16,
    /// How long it took.
    pub ms: u64,
    /// The error's text for a 500.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Writes a line.
pub fn write(request: &str, what: impl Serialize) {
    if let Ok(line) = serde_json::to_string(&Line { request, what }) {
        worker::console_log!("{line}");
    }
}

/// The id of a request: the network's, else drawn.
pub fn request_id(request: &worker::Request) -> String {
    let ray = request.headers().get("cf-ray").ok().flatten();
    ray.filter(|ray| ray.len() <= 64).unwrap_or_else(|| {
        let mut bytes = [0; 8];
        match getrandom::fill(&mut bytes) {
            Ok(()) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            Err(_) => "unknown".into(),
        }
    })
}
