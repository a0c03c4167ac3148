//! A socket to the server: one thread reads, whoever holds it writes.

use std::net::{Shutdown, TcpStream};
use std::sync::mpsc::Sender;
use std::thread;
use tungstenite::client::IntoClientRequest;
use tungstenite::http::HeaderValue;
use tungstenite::protocol::{Role, WebSocket};
use tungstenite::{Bytes, Message};

/// What happens to a socket.
pub enum SocketEvent {
    /// It is open.
    Opened(Box<Writing>),
    /// A frame came.
    Frame(Vec<u8>),
    /// It is closed, or did not open.
    Closed(u16),
}

/// The side of a socket that sends.
pub struct Writing {
    socket: WebSocket<TcpStream>,
}

/// Opens a socket; everything that happens to it is told under its number.
pub fn connect<T: Send + 'static>(
    address: String,
    path: String,
    protocols: Option<String>,
    tell: Sender<T>,
    event: impl Fn(SocketEvent) -> T + Send + 'static,
) {
    thread::spawn(move || {
        let code = match open(&address, &path, protocols.as_deref()) {
            Some((writing, mut reading)) => {
                let _ = tell.send(event(SocketEvent::Opened(Box::new(writing))));
                loop {
                    match reading.read() {
                        Ok(Message::Binary(frame)) => {
                            let _ = tell.send(event(SocketEvent::Frame(frame.to_vec())));
                        }
                        Ok(Message::Close(frame)) => {
                            break frame.map_or(1005, |frame| frame.code.into());
                        }
                        Ok(_) => {}
                        Err(_) => break 1006,
                    }
                }
            }
            None => 1006,
        };
        let _ = tell.send(event(SocketEvent::Closed(code)));
    });
}

fn open(
    address: &str,
    path: &str,
    protocols: Option<&str>,
) -> Option<(Writing, WebSocket<TcpStream>)> {
    let stream = TcpStream::connect(address).ok()?;
    stream.set_nodelay(true).ok()?;
    let mut request = format!("ws://{address}{path}").into_client_request().ok()?;
    if let Some(protocols) = protocols {
        let value = HeaderValue::from_str(protocols).ok()?;
        request
            .headers_mut()
            .insert("sec-websocket-protocol", value);
    }
    let (reading, _) = tungstenite::client(request, stream).ok()?;
    let stream = reading.get_ref().try_clone().ok()?;
    let socket = WebSocket::from_raw_socket(stream, Role::Client, None);
    Some((Writing { socket }, reading))
}

impl Writing {
    /// Sends a frame. One that can't be sent is lost: that the socket is closed is told by the reader.
    pub fn send(&mut self, frame: &[u8]) {
        let frame = Bytes::copy_from_slice(frame);
        let _ = self.socket.send(Message::Binary(frame));
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
        let _ = self.socket.get_ref().shutdown(Shutdown::Write);
    }
}

/// How many bytes a frame has on the wire: two of header, more for longer ones, and four of mask for
/// what a client sends.
pub fn framed(payload: usize, is_ours: bool) -> u64 {
    let length = match payload {
        0..=125 => 2,
        126..=65_535 => 4,
        _ => 10,
    };
    (payload + length + if is_ours { 4 } else { 0 }) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_grows_with_its_header_and_mask() {
        assert_eq!(framed(10, false), 12);
        assert_eq!(framed(10, true), 16);
        assert_eq!(framed(126, true), 134);
        assert_eq!(framed(70_000, false), 70_010);
    }
}
