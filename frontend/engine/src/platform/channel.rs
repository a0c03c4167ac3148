//! Messages between the engines of several tabs.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A channel that all tabs of the origin hear. It closes when dropped.
pub struct Channel {
    inner: BroadcastChannel,
    _handler: Closure<dyn FnMut(MessageEvent)>,
}

impl Channel {
    /// Opens a channel; `None` where the browser has none.
    pub fn open(name: &str, mut on_message: impl FnMut(Vec<u8>) + 'static) -> Option<Channel> {
        let inner = BroadcastChannel::new(name).ok()?;
        let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                on_message(bytes.to_vec());
            }
        });
        inner.set_onmessage(Some(handler.as_ref().unchecked_ref()));
        Some(Channel {
            inner,
            _handler: handler,
        })
    }

    /// Sends to all other tabs.
    pub fn post(&self, bytes: &[u8]) {
        let _ = self.inner.post_message(&Uint8Array::from(bytes));
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
