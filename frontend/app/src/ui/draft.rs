//! What is typed into a form, kept on this device until the form is sent or given up: it is there again
//! after the page was thrown away.

use crate::browser::{drafts, press};
use js_sys::Reflect;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// Between the name of an input and its value; no key types it.
const UNIT: char = '\u{1f}';
/// Between two inputs.
const RECORD: char = '\u{1e}';

type Values = Vec<(String, String)>;

/// A form that is being filled in.
#[derive(Clone)]
pub struct Draft {
    place: AttrValue,
    values: Rc<RefCell<Values>>,
    update: UseForceUpdateHandle,
}

/// The form of a place, with what was typed into it before.
#[hook]
pub fn use_draft(place: AttrValue) -> Draft {
    let values = use_mut_ref(|| drafts::kept(&place).map(read).unwrap_or_default());
    Draft {
        place,
        values,
        update: use_force_update(),
    }
}

/// Whether something was typed into the form of a place and neither sent nor given up.
pub fn is_begun(place: &str) -> bool {
    drafts::kept(place).is_some()
}

impl Draft {
    /// Whether anything was typed or chosen.
    pub fn is_begun(&self) -> bool {
        !self.values.borrow().is_empty()
    }

    /// What stands in an input, once something was typed there.
    pub fn value(&self, name: &str) -> Option<String> {
        let values = self.values.borrow();
        let held = values.iter().find(|(held, _)| held == name);
        held.map(|(_, value)| value.clone())
    }

    /// What stands in an input that begins with this text.
    pub fn text(&self, name: &str, begins: &str) -> String {
        self.value(name).unwrap_or_else(|| begins.to_owned())
    }

    /// Something was typed or chosen.
    pub fn put(&self, name: &str, value: &str) {
        let mut values = self.values.borrow_mut();
        match values.iter_mut().find(|(held, _)| held == name) {
            Some((_, held)) => value.clone_into(held),
            None => values.push((name.to_owned(), value.to_owned())),
        }
        drafts::keep(&self.place, Some(&written(&values)));
        self.update.force_update();
    }

    /// For an input: keeps what is typed into it.
    pub fn typing(&self, name: &'static str) -> Callback<InputEvent> {
        let draft = self.clone();
        Callback::from(move |event: InputEvent| {
            let target = event.target();
            let value = target.and_then(|input| Reflect::get(&input, &"value".into()).ok());
            if let Some(value) = value.and_then(|value| value.as_string()) {
                draft.put(name, &value);
            }
        })
    }

    /// The form was given up, or holds nothing new.
    pub fn forget(&self) {
        self.values.borrow_mut().clear();
        drafts::keep(&self.place, None);
        let update = self.update.clone();
        press::after(move || update.force_update());
    }

    /// To be told whether what stands here is saved. Until then it is kept, and if another one was begun
    /// meanwhile, so is that.
    pub fn sent(&self) -> Callback<bool> {
        let (draft, sent) = (self.clone(), written(&self.values.borrow()));
        Callback::from(move |saved: bool| {
            if saved && drafts::kept(&draft.place).as_deref() == Some(&sent) {
                draft.forget();
            }
        })
    }
}

fn written(values: &Values) -> String {
    let parts = values.iter().map(|(name, value)| {
        let value = value.replace([UNIT, RECORD], " ");
        format!("{name}{UNIT}{value}")
    });
    parts.collect::<Vec<_>>().join(&RECORD.to_string())
}

fn read(text: String) -> Values {
    let parts = text.split(RECORD).filter_map(|part| part.split_once(UNIT));
    parts
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_read_as_it_was_written() {
        let values: Values = [("name", "Cave\n= 2 ; 3"), ("amount", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        assert_eq!(read(written(&values)), values);
        assert_eq!(read(String::new()), []);
        let odd = vec![("name".to_owned(), format!("a{RECORD}b{UNIT}c"))];
        assert_eq!(read(written(&odd))[0].1, "a b c");
    }
}
