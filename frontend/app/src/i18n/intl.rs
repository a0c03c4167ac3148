//! The browser's `Intl`, in a language of the interface.

use super::lang::Lang;
use js_sys::{Array, Function, Object, Reflect};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::*;

/// Name and value of an option of `Intl`.
pub type Choice<'a> = (&'a str, &'a str);

thread_local! {
    /// Formatters are slow to make (up to a millisecond) and quick to use.
    static MADE: RefCell<HashMap<String, JsValue>> = RefCell::new(HashMap::new());
}

/// The browser's own tag where it is of the page's language, which adds the region's habits; with the
/// years and the digits that are read, whatever the region counts and writes in.
fn locale(lang: Lang) -> String {
    let tag = web_sys::window().and_then(|window| window.navigator().language());
    let tag = tag.filter(|tag| Lang::of_tag(tag) == Some(lang));
    let tag = tag.as_deref().unwrap_or(lang.tag());
    let region = tag.split("-u-").next().unwrap_or(tag);
    format!("{region}-u-ca-gregory-nu-latn")
}

/// What `format` of a formatter of this class says to these arguments.
pub fn run(class: &str, lang: Lang, options: &[Choice<'_>], args: &[JsValue]) -> Option<String> {
    let key = options
        .iter()
        .fold(format!("{class} {}", lang.tag()), |key, (name, value)| {
            format!("{key} {name}={value}")
        });
    let made = MADE.with_borrow(|made| made.get(&key).cloned());
    let formatter = match made {
        Some(formatter) => formatter,
        None => {
            let formatter = make(class, lang, options)?;
            MADE.with_borrow_mut(|made| made.insert(key, formatter.clone()));
            formatter
        }
    };
    let format: Function = Reflect::get(&formatter, &"format".into())
        .ok()?
        .dyn_into()
        .ok()?;
    let args: Array = args.iter().collect();
    format.apply(&formatter, &args).ok()?.as_string()
}

/// A formatter.
pub fn make(class: &str, lang: Lang, options: &[Choice<'_>]) -> Option<JsValue> {
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &class.into()).ok()?.dyn_into().ok()?;
    let object = Object::new();
    for (name, value) in options {
        Reflect::set(&object, &(*name).into(), &(*value).into()).ok()?;
    }
    let args = Array::of2(&locale(lang).into(), &object);
    Reflect::construct(&class, &args).ok()
}

/// A number in the language's digits.
pub fn number(lang: Lang, value: f64) -> String {
    run("NumberFormat", lang, &[], &[value.into()]).unwrap_or_else(|| value.to_string())
}
