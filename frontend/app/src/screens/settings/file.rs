//! Files to the person and from them: everything in one file, a report, text on the clipboard.

use crate::browser::{today, window};
use crate::i18n::Words;
use crate::store::{Say, Store};
use js_sys::{Array, Uint8Array};
use shared::bridge::{Call, Reply};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

/// Gives the person a file with everything in the workspace.
pub fn save_file(store: &Store, words: &Words) {
    let (store, words) = (store.clone(), words.clone());
    spawn_local(async move {
        let workspace = store
            .workspace()
            .map(|workspace| workspace.name)
            .unwrap_or_default();
        match store.call(Call::SaveFile).await {
            Ok(Reply::File(bytes)) => {
                let name = format!("{} {}.terrain.json", for_file_name(&workspace), today());
                let given = give(&name, "application/json", &bytes);
                let key = if given.is_some() {
                    "file-saved"
                } else {
                    "file-not-saved"
                };
                store.say(Say::Words(words.with(key, &[("name", name.into())])));
            }
            Ok(_) => {}
            Err(problem) => store.say(Say::Problem(problem)),
        }
    });
}

/// Hands a file to the browser's downloads; `None` when it takes none.
pub fn give(name: &str, kind: &str, bytes: &[u8]) -> Option<()> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = Url::create_object_url_with_blob(&blob).ok()?;
    let document = window().document()?;
    let link: HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    link.set_href(&url);
    link.set_download(name);
    link.set_hidden(true);
    document.body()?.append_child(&link).ok()?;
    link.click();
    link.remove();
    // the browser reads the file after the click: the address must outlive it
    let timer = crate::browser::Timer::after(60_000, move || {
        let _ = Url::revoke_object_url(&url);
    });
    std::mem::forget(timer);
    Some(())
}

fn for_file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_alphanumeric() || c == '-' || c == '_' {
            c
        } else {
            ' '
        }
    };
    let name: String = name.chars().map(plain).take(60).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        "Terrain".into()
    } else {
        name
    }
}

/// The bytes of a file that the person chose.
pub async fn bytes_of(file: &File) -> Option<Vec<u8>> {
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Puts the report for whoever helps on the clipboard.
pub fn copy_report(store: &Store, words: &Words) {
    let (store, words) = (store.clone(), words.clone());
    spawn_local(async move {
        match store.call(Call::Report).await {
            Ok(Reply::Report(text)) => {
                if copy(&text).await {
                    store.say(Say::Words(words.t("report-copied")));
                } else if give("terrain-report.txt", "text/plain", text.as_bytes()).is_some() {
                    store.say(Say::Words(
                        words.with("file-saved", &[("name", "terrain-report.txt".into())]),
                    ));
                }
            }
            Ok(_) => {}
            Err(problem) => store.say(Say::Problem(problem)),
        }
    });
}

/// Puts a text on the clipboard; whether the browser let us.
pub async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // over plain http, from another device, there is no clipboard
    let clipboard =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(navigator.clipboard().write_text(text))
        .await
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::for_file_name;

    #[test]
    fn a_workspace_gives_a_file_a_name_that_every_system_takes() {
        for (name, shown) in [
            ("Cave / Kervella: n° 1", "Cave Kervella n 1"),
            ("../..", "Terrain"),
        ] {
            assert_eq!(for_file_name(name), shown);
        }
    }
}
