//! Keys that work everywhere: undo, redo, the palette, search, create, all keys.

use super::shell::{Overlay, Shell, use_shell};
use crate::browser::{self, Listener, press};
use crate::i18n::use_words;
use crate::store::use_store;
use crate::ui::{Dialog, modal};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

/// The code of every key that an input method has taken.
const COMPOSING: u32 = 229;

/// Keys and the words for what they do.
const KEYS: [(&str, &str); 10] = [
    ("Ctrl+K", "key-jump"),
    ("/", "key-search"),
    ("c", "key-create"),
    ("e", "key-edit"),
    ("↑ ↓", "key-arrows"),
    ("Enter", "key-enter"),
    ("Esc", "key-escape"),
    ("Ctrl+Z", "key-undo"),
    ("Shift+Ctrl+Z", "key-redo"),
    ("?", "key-all"),
];

/// Listens for the keys, and for presses. What a screen offers for `/`, `c` and `e` it marks with `data-key`.
#[hook]
pub fn use_keys(shell: &Shell) {
    let store = use_store();
    use_effect_with(shell.clone(), move |shell| {
        let shell = shell.clone();
        let listener = Listener::on("keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if event.default_prevented() {
                return;
            }
            if modal::is_open() {
                // What is behind a dialog is out of reach; keys inside it never come here.
                return modal::catch_focus();
            }
            let command = event.ctrl_key() || event.meta_key();
            let key = browser::letter(&event.key(), &event.code());
            let (typing, in_text) = (browser::is_typing(), browser::is_in_text());
            match (command, key.as_str()) {
                (true, "k") => shell.open(Overlay::Palette),
                // In a text the browser's own undo takes back letters.
                (true, "z") if !in_text && event.shift_key() => store.redo(),
                (true, "z") if !in_text => store.undo(),
                (true, "y") if !in_text => store.redo(),
                (false, "/" | "c" | "e") if !typing && !event.alt_key() => {
                    if !press(&key) {
                        return;
                    }
                }
                (false, "?") if !typing => shell.open(Overlay::Keys),
                (false, "escape") if shell.drawer => shell.set_drawer(false),
                _ => return,
            }
            event.prevent_default();
        });
        let composing = Listener::first("keydown", |event| {
            // Keys within a composition are its own, Enter and Escape too: nothing here hears of them.
            // Safari ends it before the key that ended it comes, and says so by its code alone.
            let key: &KeyboardEvent = event.unchecked_ref();
            if key.is_composing() || key.key_code() == COMPOSING {
                key.stop_propagation();
            }
        });
        let presses = press::watch();
        move || drop((listener, composing, presses))
    });
}

/// Focuses or presses what a screen marked for a key.
fn press(key: &str) -> bool {
    let marked = browser::window()
        .document()
        .and_then(|document| {
            document
                .query_selector(&format!("[data-key='{key}']"))
                .ok()?
        })
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let Some(element) = marked else { return false };
    if element.tag_name() == "INPUT" {
        let _ = element.focus();
    } else {
        element.click();
    }
    true
}

/// All keys.
#[component]
pub fn KeysDialog() -> Html {
    let w = use_words();
    let shell = use_shell();
    let line = |(keys, words): (&'static str, &'static str)| {
        html! {
            <div class="set" key={words}>
                <span class="set__main">{ w.t(words) }</span>
                <kbd class="tag">{ keys }</kbd>
            </div>
        }
    };
    html! {
        <Dialog title={w.t("keys")} onclose={move |()| shell.close()}>
            <div class="group__body">{ for KEYS.map(line) }</div>
        </Dialog>
    }
}
