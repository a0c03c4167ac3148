//! Links within the app: a plain `<a href="/contacts/…">` goes there without loading the page anew.

use crate::browser::Listener;
use crate::route::{Nav, Route};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};
use yew::prelude::*;

/// Catches taps on links to this app's own screens.
#[hook]
pub fn use_links(nav: &Nav) {
    let nav = nav.clone();
    // The way to go never changes, so it is caught once.
    use_effect_with((), move |()| {
        let listener = Listener::on("click", move |event| {
            let event: MouseEvent = event.unchecked_into();
            let plain = event.button() == 0
                && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
            if let Some(path) = inner_path(&event)
                && plain
                && !event.default_prevented()
            {
                event.prevent_default();
                nav.go(Route::of_path(&path));
            }
        });
        move || drop(listener)
    });
}

fn inner_path(event: &MouseEvent) -> Option<String> {
    let target: Element = event.target()?.dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    let href = link.get_attribute("href")?;
    let inner =
        href.starts_with('/') && !link.has_attribute("download") && !link.has_attribute("target");
    inner.then_some(href)
}
