//! A new record is a draft until something is typed: leaving it at once leaves nothing behind.

use crate::browser::{drafts, new_record_id};
use crate::i18n::use_words;
use crate::route::{Route, use_nav};
use crate::store::{Store, use_store};
use shared::crm::command::Write;
use shared::crm::row::{Mark, Presence, Row};
use shared::crm::{Kind, text};
use shared::id::RecordId;
use shared::time::Timestamp;
use std::cell::Cell;
use std::rc::Rc;
use yew::prelude::*;

thread_local! {
    static DRAFT: Cell<Option<RecordId>> = const { Cell::new(None) };
}

/// Creates a record and goes to it. Without a name it is a draft, with the name to be typed.
#[hook]
pub fn use_create(kind: Kind) -> Callback<String> {
    let (store, nav, w) = (use_store(), use_nav(), use_words());
    Callback::from(move |name: String| {
        let id = new_record_id();
        if name.is_empty() {
            DRAFT.set(Some(id));
        } else {
            let row = Rc::new(empty_row(&store, id, kind));
            let page = super::Page::new(&store, &w, row);
            page.do_it(named(kind, &name), None);
        }
        if let Some(route) = Route::of_record(kind, id) {
            nav.go(route);
        }
    })
}

/// The writes that give a new record a name.
pub fn named(kind: Kind, name: &str) -> Vec<Write> {
    let name = text::clean(name);
    match kind {
        Kind::Contact => {
            let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
            let parts = [("first_name", first), ("last_name", last)];
            parts
                .into_iter()
                .filter(|(_, part)| !part.is_empty())
                .map(|(key, part)| Write::put(key, part))
                .collect()
        }
        Kind::Activity => vec![Write::put("subject", name)],
        Kind::Company | Kind::Deal | Kind::Member => vec![Write::put("name", name)],
    }
}

/// The draft of that id, as an empty row: also one that was begun on a page that was thrown away.
pub fn draft(store: &Store, id: RecordId, kind: Kind) -> Option<Rc<Row>> {
    let is_begun = || {
        let mut fields = kind.fields().iter();
        fields.any(|field| drafts::kept(&store.place(id, field.key)).is_some())
    };
    let is_draft = DRAFT.get() == Some(id) || is_begun();
    is_draft.then(|| Rc::new(empty_row(store, id, kind)))
}

fn empty_row(store: &Store, id: RecordId, kind: Kind) -> Row {
    let by = store.me().unwrap_or(shared::id::PersonId([0; 8]));
    let mark = Mark {
        by,
        at: Timestamp(0),
    };
    Row {
        id,
        kind,
        values: vec![],
        items: vec![],
        others: vec![],
        unknown: vec![],
        presence: Presence::There,
        created: mark,
        edited: mark,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_name_becomes_given_and_family_name() {
        let writes = named(Kind::Contact, " Yannick  Le Goff ");
        let puts: Vec<_> = writes
            .iter()
            .map(|w| (w.at.field.as_str(), w.put.as_deref()))
            .collect();
        assert_eq!(
            puts,
            [
                ("first_name", Some("Yannick")),
                ("last_name", Some("Le Goff"))
            ]
        );
        assert_eq!(named(Kind::Contact, "legof").len(), 1);
    }
}
