//! The floor under live edits: one strict write, one message relayed, one strict write at the other end.
//! No engine, no history, nothing checked; all else is as in the device.

use crate::lines::{self, Asked, answer, refuse, say};
use crate::wire::{self, SocketEvent, Writing};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};

/// How many bytes a message has: about what an edit's frame has.
const BYTES: usize = 180;

enum Input {
    Asked(Option<Asked>),
    Socket(SocketEvent),
}

struct Floor {
    database: Connection,
    socket: Option<Box<Writing>>,
    opening: Option<u64>,
    inputs: Sender<Input>,
}

/// Runs until the input ends.
///
/// # Errors
/// The database can't be opened or written.
pub fn run(folder: &Path) -> rusqlite::Result<()> {
    let database = Connection::open(folder.join("floor.sqlite"))?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.execute_batch("CREATE TABLE IF NOT EXISTS written (bytes BLOB NOT NULL)")?;
    let (inputs, received) = channel();
    lines::listen(inputs.clone(), Input::Asked);
    say(&json!({ "event": "ready" }));
    let mut floor = Floor {
        database,
        socket: None,
        opening: None,
        inputs,
    };
    for input in received {
        match input {
            Input::Asked(None) => break,
            Input::Asked(Some(asked)) => floor.call(&asked)?,
            Input::Socket(event) => floor.hear(event)?,
        }
    }
    Ok(())
}

impl Floor {
    fn call(&mut self, asked: &Asked) -> rusqlite::Result<()> {
        match asked.call.as_str() {
            "connect" => {
                let address = asked.with.as_str().unwrap_or_default().to_owned();
                self.opening = Some(asked.id);
                wire::connect(
                    address,
                    "/".into(),
                    None,
                    self.inputs.clone(),
                    Input::Socket,
                );
            }
            "edit" => {
                let value = asked.with.as_str().unwrap_or_default();
                let mut message = value.as_bytes().to_vec();
                message.resize(BYTES, b' ');
                self.write(&message)?;
                if let Some(socket) = &mut self.socket {
                    socket.send(&message);
                }
                answer(asked.id, Json::Null);
            }
            _ => refuse(asked.id, "the floor can only connect and edit"),
        }
        Ok(())
    }

    fn hear(&mut self, event: SocketEvent) -> rusqlite::Result<()> {
        match event {
            SocketEvent::Opened(writing) => {
                self.socket = Some(writing);
                if let Some(id) = self.opening.take() {
                    answer(id, Json::Null);
                }
            }
            SocketEvent::Frame(frame) => {
                self.write(&frame)?;
                let value = String::from_utf8_lossy(&frame);
                say(&json!({ "seen": value.trim_end() }));
            }
            SocketEvent::Closed(code) => {
                self.socket = None;
                if let Some(id) = self.opening.take() {
                    refuse(id, &format!("closed: {code}"));
                }
            }
        }
        Ok(())
    }

    fn write(&self, bytes: &[u8]) -> rusqlite::Result<()> {
        let mut insert = self
            .database
            .prepare_cached("INSERT INTO written (bytes) VALUES (?)")?;
        insert.execute([bytes]).map(drop)
    }
}
