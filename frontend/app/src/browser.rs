//! The few things of the browser that the page needs besides its own elements.

pub mod drafts;
pub mod over;
pub mod press;

use gloo::events::{EventListener, EventListenerOptions, EventListenerPhase};
use gloo::timers::callback::Timeout;
use js_sys::Date as JsDate;
use shared::id::RecordId;
use shared::time::{Date, Timestamp};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Window};

/// The window.
pub fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// A text remembered on this device.
pub fn remembered(key: &str) -> Option<String> {
    let storage = web_sys::window()?.local_storage().ok()??;
    storage.get_item(key).ok()?
}

/// Remembers a text on this device; `None` forgets it. Without storage it is forgotten on reload.
pub fn remember(key: &str, text: Option<&str>) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = match text {
            Some(text) => storage.set_item(key, text),
            None => storage.remove_item(key),
        };
    }
}

/// Now.
pub fn now() -> Timestamp {
    Timestamp(JsDate::now() as i64)
}

/// Minutes east of UTC.
pub fn utc_offset_minutes() -> i32 {
    -(JsDate::new_0().get_timezone_offset() as i32)
}

/// Lets the browser answer the person before long work goes on.
pub async fn pause() {
    let wait = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback(&resolve);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(wait).await;
}

/// The calendar day here.
pub fn today() -> Date {
    now().day(utc_offset_minutes())
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let crypto = window().crypto().expect("every browser we run in has it");
    crypto
        .get_random_values_with_u8_array(&mut bytes)
        .expect("a few bytes are always granted");
    bytes
}

/// The id of a record to be made.
pub fn new_record_id() -> RecordId {
    RecordId(random())
}

/// The key of an item to be added. Items show in the order of their keys, so it begins with the time.
pub fn new_item_key() -> String {
    let [a, b, c, d] = random::<4>();
    format!("{:011x}{a:02x}{b:02x}{c:02x}{d:02x}", now().0)
}

/// What a `<meta>` of the page says.
pub fn meta(name: &str) -> Option<String> {
    let document = window().document()?;
    let element = document
        .query_selector(&format!("meta[name={name}]"))
        .ok()??;
    element.get_attribute("content")
}

/// Whether a media query holds.
pub fn matches(query: &str) -> bool {
    let list = window().match_media(query).ok().flatten();
    list.is_some_and(|list| list.matches())
}

/// Whether the page is as narrow as a phone: one pane, tab bar.
pub fn is_phone() -> bool {
    matches("(max-width: 699px)")
}

/// Whether the page is in front.
pub fn is_in_front() -> bool {
    let document = window().document();
    document.is_some_and(|document| !document.hidden())
}

/// Sets an attribute of `<html>`, or removes it.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = window().document().and_then(|d| d.document_element()) {
        let _ = match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        };
    }
}

/// What to call this device until the person names it.
pub fn device_name() -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let has = |word: &str| agent.contains(word);
    let touch_mac = has("Macintosh") && window().navigator().max_touch_points() > 1;
    let system = match () {
        () if has("iPad") || touch_mac => return "iPad".into(),
        () if has("iPhone") => return "iPhone".into(),
        () if has("Android") => "Android",
        () if has("CrOS") => "ChromeOS",
        () if has("Windows") => "Windows",
        () if has("Macintosh") => "Mac",
        () => "Linux",
    };
    let browser = match () {
        () if has("Edg/") => "Edge",
        () if has("Firefox/") => "Firefox",
        () if has("Chrome/") => "Chrome",
        () => "Safari",
    };
    format!("{browser}, {system}")
}

/// Runs something after so many milliseconds, unless the handle is dropped first.
pub struct Timer {
    _timeout: Timeout,
}

impl Timer {
    /// Starts to wait.
    pub fn after(ms: i32, run: impl FnOnce() + 'static) -> Timer {
        Timer {
            _timeout: Timeout::new(ms.max(0).unsigned_abs(), run),
        }
    }
}

/// Waits so many milliseconds.
pub async fn sleep(ms: u32) {
    let wait = js_sys::Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms as i32);
    });
    let _ = wasm_bindgen_futures::JsFuture::from(wait).await;
}

/// Listens on the window until dropped.
pub struct Listener {
    _listener: EventListener,
}

impl Listener {
    /// Listens before anything on the page hears of it.
    pub fn first(event: &'static str, run: impl Fn(&web_sys::Event) + 'static) -> Listener {
        let options = EventListenerOptions {
            phase: EventListenerPhase::Capture,
            passive: true,
        };
        Listener {
            _listener: EventListener::new_with_options(&window(), event, options, run),
        }
    }

    /// As [`Listener::first`]; what runs may also keep the event from everybody else.
    pub fn before(event: &'static str, run: impl Fn(&web_sys::Event) + 'static) -> Listener {
        let options = EventListenerOptions {
            phase: EventListenerPhase::Capture,
            passive: false,
        };
        Listener {
            _listener: EventListener::new_with_options(&window(), event, options, run),
        }
    }

    /// Listens while events bubble. What runs may prevent what the browser would do.
    pub fn on(event: &'static str, mut run: impl FnMut(web_sys::Event) + 'static) -> Listener {
        let options = EventListenerOptions::enable_prevent_default();
        let run = move |event: &web_sys::Event| run(event.clone());
        Listener {
            _listener: EventListener::new_with_options(&window(), event, options, run),
        }
    }
}

/// What a key means, in lowercase; on a layout without Latin letters the one that stands on it elsewhere.
pub fn letter(key: &str, code: &str) -> String {
    let is_foreign = key
        .chars()
        .next()
        .is_some_and(|c| c > '\u{24f}' && c.is_alphabetic());
    match code.strip_prefix("Key").filter(|_| is_foreign) {
        Some(latin) => latin.to_lowercase(),
        None => key.to_lowercase(),
    }
}

/// The element that has the focus.
pub fn focused() -> Option<HtmlElement> {
    window().document()?.active_element()?.dyn_into().ok()
}

/// Whether what has the focus takes typing.
pub fn is_typing() -> bool {
    focused().is_some_and(|element| {
        matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.is_content_editable()
    })
}

/// Whether what has the focus holds a text, whose last letters the browser itself takes back.
pub fn is_in_text() -> bool {
    const PLAIN: [&str; 6] = ["checkbox", "radio", "file", "button", "submit", "range"];
    let Some(element) = focused().filter(|_| is_typing()) else {
        return false;
    };
    let kind = element.get_attribute("type").unwrap_or_default();
    element.tag_name() != "SELECT" && !PLAIN.contains(&kind.as_str())
}

/// Writes to the browser's console.
pub fn warn(text: &str) {
    gloo::console::warn!(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_a_latin_letter_is_what_stands_on_it_elsewhere() {
        for (key, code, meant) in [
            ("я", "KeyZ", "z"),
            ("Я", "KeyZ", "z"),
            ("ζ", "KeyZ", "z"),
            ("с", "KeyC", "c"),
            ("ㅏ", "KeyK", "k"),
            ("z", "KeyY", "z"),
            ("w", "KeyZ", "w"),
            ("é", "Digit2", "é"),
            ("?", "Digit7", "?"),
            ("Escape", "Escape", "escape"),
        ] {
            assert_eq!(letter(key, code), meant, "{key}");
        }
    }
}
