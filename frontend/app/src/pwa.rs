//! The app as a program of its own: update, installation, storage that stays, readiness for offline.
//!
//! The service worker is registered by `static/boot.js`, which tells what happens on `<html>` and by
//! events on the window; the page decides when to ask the person.

use crate::browser::{self, Listener, now, remember, remembered, window};
use crate::store::{Topic, use_watch};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

const LATER_MS: i64 = 86_400_000;

fn root_attribute(name: &str) -> Option<String> {
    let root = window().document()?.document_element()?;
    root.get_attribute(name)
}

/// What an attribute of `<html>` says, read again whenever the event comes.
#[hook]
fn use_root_attribute(name: &'static str, event: &'static str) -> Option<String> {
    let value = use_state_eq(|| root_attribute(name));
    let set = value.setter();
    use_effect_with((), move |()| {
        // it may have changed between drawing and listening
        set.set(root_attribute(name));
        let listener = Listener::on(event, move |_| set.set(root_attribute(name)));
        move || drop(listener)
    });
    (*value).clone()
}

/// Whether every file of the app is on this device.
#[hook]
pub fn use_app_is_here() -> bool {
    use_root_attribute("data-offline", "terrain:offline-ready").as_deref() == Some("ready")
}

/// Whether app and data are here, so that all works without a network, and stays so.
#[hook]
pub fn use_ready_for_offline() -> bool {
    let app = use_app_is_here();
    let store = use_watch(&[Topic::Sync, Topic::Device]);
    let shared = store.workspace().is_some_and(|workspace| workspace.shared);
    app && store.is_loaded() && store.workspace().is_some() && (!shared || store.sync().complete)
}

/// Whether a newer build waits to be taken.
#[hook]
pub fn use_update_waits() -> bool {
    use_root_attribute("data-update", "terrain:update").is_some()
}

/// Takes the newer build: the page is loaded again.
pub fn take_update() {
    dispatch("terrain:update-now");
}

/// How the app can be installed here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// It is installed, or the browser cannot.
    No,
    /// The browser asks.
    Dialog,
    /// The person does it in the share menu (iPad, iPhone).
    ByHand,
}

/// How the app can be installed here.
#[hook]
pub fn use_install() -> Install {
    let state = use_root_attribute("data-install", "terrain:install-ready");
    if is_installed() {
        return Install::No;
    }
    match state.as_deref() {
        Some("ready") => Install::Dialog,
        None if is_apple_touch() => Install::ByHand,
        Some(_) | None => Install::No,
    }
}

/// Shows the browser's install dialog. Must be called within a tap.
pub fn install() {
    dispatch("terrain:install");
}

/// Whether the app runs in a window of its own.
pub fn is_installed() -> bool {
    browser::matches("(display-mode: standalone)")
        || Reflect::get(&window().navigator(), &"standalone".into()).is_ok_and(|on| on.is_truthy())
}

fn is_apple_touch() -> bool {
    let name = browser::device_name();
    name == "iPad" || name == "iPhone"
}

fn dispatch(event: &str) {
    if let Ok(event) = web_sys::Event::new(event) {
        let _ = window().dispatch_event(&event);
    }
}

/// Whether a prompt was put off less than a day ago.
pub fn is_put_off(prompt: &str) -> bool {
    let at = remembered(&format!("terrain.later.{prompt}")).and_then(|at| at.parse::<i64>().ok());
    at.is_some_and(|at| (0..LATER_MS).contains(&(now().0 - at)))
}

/// Puts a prompt off for a day.
pub fn put_off(prompt: &str) {
    remember(
        &format!("terrain.later.{prompt}"),
        Some(&now().0.to_string()),
    );
}

/// What the browser says of storage.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct StorageState {
    /// Bytes in use.
    pub used: Option<f64>,
    /// Whether the browser keeps the data when space is short.
    pub kept: bool,
}

/// Asks the browser about storage.
pub async fn storage_state() -> StorageState {
    let estimate = ask_storage("estimate").await;
    let used =
        estimate.and_then(|estimate| Reflect::get(&estimate, &"usage".into()).ok()?.as_f64());
    let kept = ask_storage("persisted")
        .await
        .is_some_and(|kept| kept.is_truthy());
    StorageState { used, kept }
}

/// Asks the browser to keep the data when space is short; whether it does.
pub async fn keep_storage() -> bool {
    if ask_storage("persisted")
        .await
        .is_some_and(|kept| kept.is_truthy())
    {
        return true;
    }
    ask_storage("persist")
        .await
        .is_some_and(|kept| kept.is_truthy())
}

/// Calls a method of the storage manager, which some browsers lack in part (WebKitGTK has no `persist`).
async fn ask_storage(method: &str) -> Option<JsValue> {
    let storage = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    let method: Function = Reflect::get(&storage, &method.into())
        .ok()?
        .dyn_into()
        .ok()?;
    let promise: Promise = method.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// Asks once for storage that stays, as soon as there is something worth keeping: a record that is not
/// of the sample.
#[hook]
pub fn use_kept_storage() {
    let store = use_watch(&[Topic::Device]);
    let real = store
        .workspace()
        .is_some_and(|workspace| !workspace.sample && workspace.records > 1);
    use_effect_with(real, |real| {
        if *real {
            wasm_bindgen_futures::spawn_local(async {
                keep_storage().await;
            });
        }
    });
}

/// Shows on the app's icon how many changes wait; nothing when none do.
#[hook]
pub fn use_badge() {
    let store = use_watch(&[Topic::Sync]);
    let sync = store.sync();
    let waiting = if sync.shared { sync.waiting } else { 0 };
    use_effect_with(waiting, |waiting| {
        let navigator = window().navigator();
        let (name, count) = if *waiting > 0 {
            ("setAppBadge", *waiting)
        } else {
            ("clearAppBadge", 0)
        };
        let method = Reflect::get(&navigator, &name.into()).ok();
        if let Some(method) = method.and_then(|method| method.dyn_into::<Function>().ok()) {
            let _ = method.call1(&navigator, &count.into());
        }
    });
}
