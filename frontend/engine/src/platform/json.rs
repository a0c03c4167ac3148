//! The browser's own JSON parser: it is there already, and fast.

use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// What a rescue file says.
pub struct Found {
    /// Its format's name.
    pub format: String,
    /// The version of the format, 0 when there is none.
    pub version: u32,
    /// Each document's id and its changes; `None` when there is no such list.
    pub documents: Option<Vec<(String, Vec<String>)>>,
}

/// What a rescue file says; `None` when it is not JSON.
pub fn listed(bytes: &[u8]) -> Option<Found> {
    // An editor may have put its mark in front.
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_start_matches('\u{feff}');
    let file = JSON::parse(text).ok()?;
    let documents = get(&file, "documents").dyn_into::<Array>().ok();
    Some(Found {
        format: get(&file, "format").as_string().unwrap_or_default(),
        version: get(&file, "version").as_f64().unwrap_or_default() as u32,
        documents: documents.map(|list| list.iter().map(|entry| document(&entry)).collect()),
    })
}

fn document(entry: &JsValue) -> (String, Vec<String>) {
    let changes = get(entry, "changes")
        .dyn_into::<Array>()
        .unwrap_or_default();
    let texts = changes
        .iter()
        .map(|text| text.as_string().unwrap_or_default());
    (
        get(entry, "id").as_string().unwrap_or_default(),
        texts.collect(),
    )
}

fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or_default()
}
