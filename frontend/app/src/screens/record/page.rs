//! The record that a page shows, and how its parts edit it.

use crate::i18n::Words;
use crate::screens::titles;
use crate::store::Store;
use shared::crm::command::{Edit, Write};
use shared::crm::field::Field;
use shared::crm::row::{Row, Value};
use shared::id::PersonId;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// The record that a page shows.
#[derive(Clone, PartialEq)]
pub struct Page {
    /// The store.
    pub store: Store,
    /// The words.
    pub w: Words,
    /// The record.
    pub row: Rc<Row>,
    /// What had changed in the store when the page was drawn: its parts read more than the record.
    seen: u64,
}

impl Page {
    /// The page of a record.
    pub fn new(store: &Store, w: &Words, row: Rc<Row>) -> Page {
        Page {
            store: store.clone(),
            w: w.clone(),
            row,
            seen: store.changes(),
        }
    }

    /// What the record is called.
    pub fn title(&self) -> AttrValue {
        titles::title(&self.row, &self.w)
    }

    /// Where what is typed into one of its fields is kept until it is saved.
    pub fn place(&self, key: &str) -> AttrValue {
        self.store.place(self.row.id, key).into()
    }

    /// The edit that makes these writes. A new record is made by the first of them, and belongs to
    /// who makes it.
    pub fn edit_of(&self, mut writes: Vec<Write>) -> Edit {
        let is_new = self.store.row(self.row.id).is_none();
        if is_new
            && self.row.kind.field("owner").is_some()
            && let Some(me) = self.store.me()
            && !writes.iter().any(|write| write.at.field == "owner")
        {
            writes.push(Write::put("owner", me.to_string()));
        }
        Edit {
            record: self.row.id,
            make: is_new.then_some(self.row.kind),
            writes,
        }
    }

    /// Saves these writes, and tells whether they are safe.
    pub fn save(&self, writes: Vec<Write>, toast: Option<AttrValue>, done: Callback<bool>) {
        let (store, edit) = (self.store.clone(), self.edit_of(writes));
        spawn_local(async move {
            let saved = store.save(vec![edit], toast).await;
            done.emit(saved.is_ok());
        });
    }

    /// Saves these writes; a toast with Undo says what they did.
    pub fn do_it(&self, writes: Vec<Write>, toast: Option<AttrValue>) {
        self.save(writes, toast, Callback::noop());
    }

    /// What a colleague is called.
    pub fn person(&self, person: PersonId) -> AttrValue {
        self.store
            .person_name(person)
            .unwrap_or_else(|| self.w.t("someone"))
    }

    /// Who wrote to the record last, and when.
    pub fn last(&self) -> (AttrValue, AttrValue) {
        let edited = self.row.edited;
        (self.person(edited.by), self.w.at(edited.at))
    }

    /// A value of a field as it is shown.
    pub fn shown(&self, value: &Value, field: &Field) -> AttrValue {
        crate::ui::value::shown(value, field, &self.w, |value| match value {
            Value::Link(id) => self.store.title(*id),
            Value::Person(person) => self.person(*person),
            Value::Text(_)
            | Value::Date(_)
            | Value::Moment(_)
            | Value::Money(_)
            | Value::Flag(_) => AttrValue::default(),
        })
    }

    /// A stored form as it is shown.
    pub fn stored_shown(&self, stored: &str, field: &Field, item: &str) -> AttrValue {
        use shared::crm::row::Item;
        if !item.is_empty() {
            let item = Item::from_stored(item, stored);
            let linked = item.key.parse().ok().map(|id| self.store.title(id));
            return match linked {
                Some(name) if !name.is_empty() => name,
                Some(_) | None => self.shown(&Value::Text(item.text), field),
            };
        }
        match Value::from_stored(field.shape, stored) {
            Some(value) => self.shown(&value, field),
            None => AttrValue::from(stored.to_owned()),
        }
    }
}
