//! Values that lost a concurrent edit: take one, or stay with what stands there. Both are edits
//! like another, and can be undone.

use super::Page;
use crate::ui::other::{OtherValue, other as strip_of};
use shared::crm::command::{Place, Write};
use shared::crm::field::Field;
use shared::crm::row;
use yew::prelude::*;

/// The other values of a field, or of one of its items.
pub fn others(page: &Page, field: &Field, item: &str) -> Html {
    let of_field = |other: &&row::Other| other.field == field.key && other.item == item;
    let strip = |other: &row::Other| {
        let value =
            (!other.stored.is_empty()).then(|| page.stored_shown(&other.stored, field, item));
        let take = decide(page, other, Some(other.stored.clone()));
        let ignore = decide(page, other, standing(page, field, item));
        let key = format!("{} {}", other.by, other.stored);
        let shown = OtherValue {
            who: match page.store.me() == Some(other.by) {
                true => None,
                false => Some(page.person(other.by)),
            },
            value,
            when: page.w.at(other.at),
            ontake: take,
            onignore: ignore,
        };
        strip_of(shown, key, &page.w)
    };
    html! { <>{ for page.row.others.iter().filter(of_field).map(strip) }</> }
}

fn standing(page: &Page, field: &Field, item: &str) -> Option<String> {
    if item.is_empty() {
        page.row.value(field).map(row::Value::to_stored)
    } else {
        let held = page.row.items(field).find(|held| held.key == item);
        held.map(row::Item::to_stored)
    }
}

fn decide(page: &Page, other: &row::Other, put: Option<String>) -> Callback<MouseEvent> {
    let (page, at) = (
        page.clone(),
        Place {
            field: other.field.clone(),
            item: other.item.clone(),
        },
    );
    Callback::from(move |_: MouseEvent| {
        let write = Write {
            at: at.clone(),
            put: put.clone(),
            expect: None,
        };
        page.do_it(vec![write], Some(page.w.t("decided")));
    })
}
