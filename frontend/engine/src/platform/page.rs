//! The page that this worker belongs to.

use super::browser::scope;
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

/// Takes every message of the page, those first that came before the engine was up.
pub fn listen(mut on_message: impl FnMut(Vec<u8>) + 'static) {
    let handler = Closure::<dyn FnMut(MessageEvent, JsValue)>::new(
        move |event: MessageEvent, _port: JsValue| {
            if let Ok(bytes) = event.data().dyn_into::<Uint8Array>() {
                on_message(bytes.to_vec());
            }
        },
    );
    let start = Reflect::get(&scope(), &"__engine".into())
        .ok()
        .and_then(|start| start.dyn_into::<Function>().ok())
        .expect("the worker's script offers __engine");
    let _ = start.call2(&JsValue::UNDEFINED, handler.as_ref(), &JsValue::UNDEFINED);
    // It lives as long as the worker.
    handler.forget();
}

/// Sends bytes to the page without a second copy.
pub fn post(bytes: &[u8]) {
    let array = Uint8Array::from(bytes);
    let transfer = Array::of1(&array.buffer());
    // It fails only when the page is gone, and then nobody waits.
    let _ = scope().post_message_with_transfer(&array, &transfer);
}
