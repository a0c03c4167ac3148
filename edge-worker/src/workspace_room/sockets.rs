//! The sockets of a room, by the session that each one is.

use serde::{Deserialize, Serialize};
use shared::sync::message::close;
use shared::sync::room::{Session, SessionId};
use shared::time::Timestamp;
use std::collections::BTreeMap;
use worker::{State, WebSocket};

/// What a socket carries through the room's sleep, as hexadecimal postcard.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attachment {
    /// Its session.
    pub session: u64,
    /// Which secret it was opened with.
    pub secret_generation: u32,
    /// What the room knows of it.
    pub known: Session,
}

/// The open sockets.
pub struct Sockets {
    open: BTreeMap<SessionId, (WebSocket, u32)>,
    last: u64,
}

impl Sockets {
    /// The sockets that slept with the room.
    pub fn restore(state: &State) -> (Sockets, Vec<(SessionId, Session)>) {
        let mut sockets = Sockets {
            open: BTreeMap::new(),
            last: 0,
        };
        let mut sessions = Vec::new();
        for socket in state.get_websockets() {
            let Some(attachment) = read(&socket) else {
                // Another version's: its device connects again.
                let _ = socket.close::<&str>(Some(close::ROOM_FAILED), None);
                continue;
            };
            let id = attachment.id();
            sockets.last = sockets.last.max(attachment.session);
            sockets
                .open
                .insert(id, (socket, attachment.secret_generation));
            sessions.push((id, attachment.known));
        }
        (sockets, sessions)
    }

    /// Takes in a socket. Its session's number is never used again, also after the room slept.
    ///
    /// # Errors
    /// The runtime takes no attachment.
    pub fn add(
        &mut self,
        socket: WebSocket,
        secret_generation: u32,
        now: Timestamp,
    ) -> worker::Result<SessionId> {
        self.last = (self.last + 1).max(now.0.unsigned_abs() * 1_000);
        let attachment = Attachment {
            session: self.last,
            secret_generation,
            known: Session::default(),
        };
        write(&socket, &attachment)?;
        self.open
            .insert(attachment.id(), (socket, secret_generation));
        Ok(attachment.id())
    }

    /// All sessions.
    pub fn all(&self) -> Vec<SessionId> {
        self.open.keys().copied().collect()
    }

    /// A socket that is gone refuses what it is asked; its close is on its way.
    pub fn send(&self, id: SessionId, frame: &[u8]) {
        if let Some((socket, _)) = self.open.get(&id) {
            let _ = socket.send_with_bytes(frame);
        }
    }

    /// Keeps what the room knows of a socket.
    pub fn attach(&self, id: SessionId, known: Session) {
        if let Some((socket, secret_generation)) = self.open.get(&id) {
            let attachment = Attachment {
                session: id.0,
                secret_generation: *secret_generation,
                known,
            };
            let _ = write(socket, &attachment);
        }
    }

    /// Closes a socket.
    pub fn close(&mut self, id: SessionId, code: u16) {
        if let Some((socket, _)) = self.open.remove(&id) {
            let _ = socket.close::<&str>(Some(code), None);
        }
    }

    /// Forgets a socket that is closed.
    pub fn remove(&mut self, id: SessionId) {
        self.open.remove(&id);
    }
}

/// The session that a socket is.
pub fn session_of(socket: &WebSocket) -> Option<SessionId> {
    read(socket).map(|attachment| attachment.id())
}

fn read(socket: &WebSocket) -> Option<Attachment> {
    let digits: String = socket.deserialize_attachment().ok()??;
    let bytes: Option<Vec<u8>> = digits
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    postcard::from_bytes(&bytes?).ok()
}

fn write(socket: &WebSocket, attachment: &Attachment) -> worker::Result<()> {
    let bytes = postcard::to_allocvec(attachment)
        .map_err(|error| worker::Error::RustError(error.to_string()))?;
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    socket.serialize_attachment(digits)
}
