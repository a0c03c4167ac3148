//! What is typed and not saved yet, kept on this device until it is: a page may be thrown away at any
//! moment. Each page keeps its own; what another one left behind is taken over once that one is gone,
//! which its lock says.

use super::{random, window};
use js_sys::{Function, Promise, Reflect};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::Storage;

const PREFIX: &str = "terrain.draft/";

/// Sends what was typed in one place, and says whether all of it is safe.
type Send = Rc<dyn Fn() -> bool>;

thread_local! {
    static OWN: OnceCell<String> = const { OnceCell::new() };
    static FOUND: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static FLUSHES: RefCell<Vec<(u32, Send)>> = const { RefCell::new(Vec::new()) };
    static NUMBER: Cell<u32> = const { Cell::new(0) };
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// Where this page keeps a draft.
fn key(place: &str) -> String {
    OWN.with(|own| {
        let own = own.get_or_init(|| format!("{PREFIX}{:016x}/", u64::from_le_bytes(random())));
        format!("{own}{place}")
    })
}

fn keys(storage: &Storage) -> Vec<String> {
    let count = storage.length().unwrap_or_default();
    let all = (0..count).filter_map(|at| storage.key(at).ok()?);
    all.filter(|key| key.starts_with(PREFIX)).collect()
}

/// Begins to take over what pages that are gone left behind; `on_found` is told the places of one of them.
pub fn begin(on_found: impl Fn(&[String]) + 'static) {
    let own = key("");
    // It is held as long as the page lives.
    lock(&own, |()| Promise::new(&mut |_, _| ()).into());
    let Some(storage) = storage() else { return };
    let on_found = Rc::new(on_found);
    let mut pages: Vec<String> = keys(&storage)
        .iter()
        .filter_map(|key| Some(key[..PREFIX.len() + key[PREFIX.len()..].find('/')? + 1].into()))
        .filter(|page| *page != own)
        .collect();
    pages.sort();
    pages.dedup();
    for page in pages {
        let (storage, on_found, gone) = (storage.clone(), on_found.clone(), page.clone());
        lock(&page, move |()| {
            let mut places = Vec::new();
            for left in keys(&storage) {
                let Some(place) = left.strip_prefix(gone.as_str()) else {
                    continue;
                };
                if let Ok(Some(text)) = storage.get_item(&left) {
                    keep(place, Some(&text));
                    places.push(place.to_owned());
                }
                let _ = storage.remove_item(&left);
            }
            FOUND.with_borrow_mut(|found| found.extend_from_slice(&places));
            on_found(&places);
            JsValue::UNDEFINED
        });
    }
}

/// Runs something while a lock is held; at once where the browser has no locks.
fn lock(name: &str, run: impl FnOnce(()) -> JsValue + 'static) {
    let run = Closure::once_into_js(move |_: JsValue| run(()));
    let asked = Reflect::get(&window().navigator(), &"locks".into()).and_then(|locks| {
        let request: Function = Reflect::get(&locks, &"request".into())?.dyn_into()?;
        request.call2(&locks, &name.into(), &run)
    });
    if asked.is_err() {
        let _ = run.unchecked_into::<Function>().call0(&JsValue::UNDEFINED);
    }
}

/// Keeps a text; `None` forgets it.
pub fn keep(place: &str, text: Option<&str>) {
    if !place.is_empty() {
        super::remember(&key(place), text);
    }
}

/// The text that was kept for a place.
pub fn kept(place: &str) -> Option<String> {
    match place {
        "" => None,
        place => super::remembered(&key(place)),
    }
}

/// All places of which this page keeps something.
pub fn places() -> Vec<String> {
    let own = key("");
    let keys = storage().iter().flat_map(keys).collect::<Vec<_>>();
    let places = keys.iter().filter_map(|key| key.strip_prefix(&own));
    places.map(str::to_owned).collect()
}

/// The places that begin so and were taken over from pages that are gone, each told once.
pub fn take_found(prefix: &str) -> Vec<String> {
    FOUND.with_borrow_mut(|found| {
        let (those, others) = std::mem::take(found)
            .into_iter()
            .partition(|place| place.starts_with(prefix));
        *found = others;
        those
    })
}

/// Forgets the drafts of this page whose place is not wanted any more.
pub fn sweep(is_wanted: impl Fn(&str) -> bool) {
    let (own, storage) = (key(""), storage());
    for key in storage.iter().flat_map(keys) {
        if key
            .strip_prefix(&own)
            .is_some_and(|place| !is_wanted(place))
        {
            super::remember(&key, None);
        }
    }
}

/// Something that is typed into; dropping it takes it out.
pub struct Flush(u32);

/// Registers what is to be sent before anything that must hold all that was typed: `send` sends what it
/// has and says whether all is safe.
pub fn on_flush(send: impl Fn() -> bool + 'static) -> Flush {
    let number = NUMBER.get() + 1;
    NUMBER.set(number);
    FLUSHES.with_borrow_mut(|all| all.push((number, Rc::new(send))));
    Flush(number)
}

impl Drop for Flush {
    fn drop(&mut self) {
        FLUSHES.with_borrow_mut(|all| all.retain(|(number, _)| *number != self.0));
    }
}

/// Sends everything that was typed; whether all of it is safe already.
pub fn flush() -> bool {
    let all = FLUSHES.with_borrow(|all| all.clone());
    // Every one is sent, also after one that is not safe yet.
    all.iter().filter(|(_, send)| !send()).count() == 0
}
