//! A socket to the server.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

/// What happens to a socket.
pub enum SocketEvent {
    /// It is open.
    Opened,
    /// A frame came.
    Frame(Vec<u8>),
    /// It is closed, or never opened.
    Closed {
        /// The close code.
        code: u16,
    },
}

/// A socket; dropping it closes it, and nothing is heard of it any more.
pub struct Socket {
    inner: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Socket {
    /// Begins to connect; `None` when the address is refused at once.
    pub fn connect(
        url: &str,
        protocols: &[String],
        on_event: impl Fn(SocketEvent) + Clone + 'static,
    ) -> Option<Socket> {
        let protocols: Array = protocols.iter().map(JsValue::from).collect();
        let inner = WebSocket::new_with_str_sequence(url, &protocols).ok()?;
        inner.set_binary_type(BinaryType::Arraybuffer);
        let tell = on_event.clone();
        let opened = Closure::<dyn FnMut()>::new(move || tell(SocketEvent::Opened));
        let tell = on_event.clone();
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                tell(SocketEvent::Frame(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let closed = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            on_event(SocketEvent::Closed { code: event.code() });
        });
        inner.set_onopen(Some(opened.as_ref().unchecked_ref()));
        inner.set_onmessage(Some(message.as_ref().unchecked_ref()));
        inner.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Some(Socket {
            inner,
            _opened: opened,
            _message: message,
            _closed: closed,
        })
    }

    /// Sends a frame. What can't be sent is noticed by the answer that does not come.
    pub fn send(&self, frame: &[u8]) {
        let _ = self.inner.send_with_u8_array(frame);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.inner.set_onopen(None);
        self.inner.set_onmessage(None);
        self.inner.set_onclose(None);
        let _ = self.inner.close();
    }
}
