//! Bytes on their way between wasm and JavaScript.
//!
//! What was copied into wasm is of no use outside, but stays until the browser collects garbage, which it
//! does late: it sees the small objects, not what they hold. At the start of a workspace of 260,000 records
//! that was 250 MB.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    type Buffer;

    /// Moves the bytes, as many as fit, into another buffer, and leaves none. Browsers of before 2024 don't
    /// have it.
    #[wasm_bindgen(method, catch)]
    fn transfer(this: &Buffer, length: u32) -> Result<JsValue, JsValue>;
}

/// Copies bytes into wasm; nobody else reads them.
pub fn take(array: &Uint8Array) -> Vec<u8> {
    let bytes = array.to_vec();
    free(array);
    bytes
}

/// Gives back the memory of an array that nobody reads any more.
pub fn free(array: &Uint8Array) {
    let buffer: ArrayBuffer = array.buffer();
    let _ = buffer.unchecked_into::<Buffer>().transfer(0);
}
