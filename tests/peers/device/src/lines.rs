//! What the process is told and says: a line of JSON each.

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::io::{self, BufRead, Write};
use std::sync::mpsc::Sender;
use std::thread;

/// A request.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// Comes back with the answer.
    pub id: u64,
    /// What is to be done.
    pub call: String,
    /// With what.
    #[serde(default)]
    pub with: Json,
}

/// Reads requests until the input ends, and then says so.
pub fn listen<T: Send + 'static>(
    tell: Sender<T>,
    event: impl Fn(Option<Asked>) -> T + Send + 'static,
) {
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            match serde_json::from_str(&line) {
                Ok(asked) => {
                    if tell.send(event(Some(asked))).is_err() {
                        return;
                    }
                }
                Err(error) => say(&json!({ "error": format!("not a request: {error}") })),
            }
        }
        let _ = tell.send(event(None));
    });
}

/// Says something.
pub fn say(value: &impl Serialize) {
    let mut out = io::stdout().lock();
    // Whoever started the process may be gone.
    let _ = serde_json::to_writer(&mut out, value);
    let _ = out.write_all(b"\n");
    let _ = out.flush();
}

/// Answers a request.
pub fn answer(id: u64, value: impl Into<Json>) {
    say(&json!({ "id": id, "value": value.into() }));
}

/// Says that a request failed.
pub fn refuse(id: u64, why: &str) {
    say(&json!({ "id": id, "error": why }));
}

/// The process's resident memory, in bytes.
pub fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_knows_its_memory() {
        assert!(resident() > 100_000);
    }
}
