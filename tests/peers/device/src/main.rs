//! A native device for tests/peers: the real engine and client machine over SQLite instead of
//! IndexedDB. It is told what to do by lines of JSON and answers in lines of JSON.

mod contact;
mod database;
mod device;
mod floor;
mod lines;
mod wire;

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args_os().skip(1);
    let (Some(role), Some(folder)) = (words.next(), words.next().map(PathBuf::from)) else {
        eprintln!("peers-device floor <folder>\npeers-device terrain <folder> <place as JSON>");
        return ExitCode::FAILURE;
    };
    let place = words.next().unwrap_or_default();
    let outcome = match role.to_str() {
        Some("floor") => floor::run(&folder).map_err(|error| error.to_string()),
        Some("terrain") => serde_json::from_str(&place.to_string_lossy())
            .map_err(|error| format!("not a place: {error}"))
            .and_then(|place| device::run(&folder, place)),
        _ => Err("there is no such role".to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
