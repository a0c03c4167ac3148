//! Files that are dropped on the window: the browser would leave the app to show them.

use crate::browser::Listener;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::DragEvent;
use yew::prelude::*;

/// Keeps the browser from opening a file that is dropped. A screen may still take it.
#[hook]
pub fn use_drops() {
    use_effect_with((), |()| {
        let keep = |event: web_sys::Event| {
            let drag: &DragEvent = event.unchecked_ref();
            let holds_files =
                |data: web_sys::DataTransfer| data.types().includes(&JsValue::from_str("Files"), 0);
            // A text may be dropped where one types.
            if drag.data_transfer().is_some_and(holds_files) {
                event.prevent_default();
            }
        };
        let listeners = (Listener::on("dragover", keep), Listener::on("drop", keep));
        move || drop(listeners)
    });
}
