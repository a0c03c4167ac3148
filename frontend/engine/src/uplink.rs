//! The link to the server of the open workspace, as it stands. What moves it is the driver.

use crate::platform::websocket::Socket;
use shared::id::{Secret, WorkspaceId};
use shared::sync::client::{Client, Event};
use std::collections::VecDeque;

/// The link to the server of the open workspace.
pub struct Uplink {
    /// Decides what is sent and stored.
    pub client: Client,
    /// The open or opening socket.
    pub socket: Option<Socket>,
    /// The number of the current socket; what others say is not heard.
    pub socket_number: u64,
    /// Whether it opened.
    pub is_open: bool,
    /// The number of the timer that counts; earlier ones are not heard.
    pub timer_number: u64,
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// What its link proves.
    pub secret: Secret,
    /// What the client is yet to be told.
    pub events: VecDeque<Event>,
}
