//! Devices without a screen, for measurements at scale. Each is the real client machine over a real
//! socket; what a browser keeps in IndexedDB is kept in memory.
//!
//! ```text
//! load seed  --origin http://localhost:8787 --workspace HEX --secret HEX --contacts N --deals N --activities N
//! load crowd --origin … --workspace … --secret … --devices 200 --every-ms 2000 --seconds 30
//! ```
//! Both print one line of JSON. The workspace is there already.

mod crowd;
mod device;
mod seed;

use std::process::ExitCode;

/// Where the workspace is, and its secret.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// `http://localhost:8787`.
    pub origin: String,
    /// 32 hexadecimal digits.
    pub workspace: String,
    /// 32 hexadecimal digits.
    pub secret: String,
}

/// Whatever went wrong, in words.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<serde_json::Value, Failure> {
    use lexopt::prelude::{Long, Short, Value, ValueExt};
    let mut arguments = lexopt::Parser::from_env();
    let (mut verb, mut place) = (String::new(), Place::default());
    let (mut size, mut crowd) = (seed::Size::default(), crowd::Crowd::default());
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(word) => verb = word.string()?,
            Long("origin") => place.origin = arguments.value()?.string()?,
            Long("workspace") => place.workspace = arguments.value()?.string()?,
            Long("secret") => place.secret = arguments.value()?.string()?,
            Long("contacts") => size.contacts = arguments.value()?.parse()?,
            Long("deals") => size.deals = arguments.value()?.parse()?,
            Long("activities") => size.activities = arguments.value()?.parse()?,
            Long("devices") => crowd.devices = arguments.value()?.parse()?,
            Long("every-ms") => crowd.every_ms = arguments.value()?.parse()?,
            Long("seconds") => crowd.seconds = arguments.value()?.parse()?,
            other @ (Long(_) | Short(_)) => return Err(other.unexpected().into()),
        }
    }
    let runtime = tokio::runtime::Runtime::new()?;
    match verb.as_str() {
        "seed" => runtime.block_on(seed::run(&place, size)),
        "crowd" => runtime.block_on(crowd::run(&place, crowd)),
        _ => Err("say seed or crowd".into()),
    }
}
