//! What records are called on every screen, and what tells them apart.

use crate::i18n::Words;
use crate::store::Store;
use shared::crm::row::Row;
use shared::crm::{Kind, company, contact};
use yew::prelude::*;

/// What a record is called, or that it has no name yet.
pub fn title(row: &Row, w: &Words) -> AttrValue {
    match row.title() {
        name if !name.is_empty() => AttrValue::from(name),
        _ if row.kind == Kind::Deal => w.t("deal-untitled"),
        _ => w.t("unnamed"),
    }
}

/// What tells a record from others of its name.
pub fn sub(row: &Row, store: &Store) -> AttrValue {
    let (first, second) = match row.kind {
        Kind::Contact => {
            let company = row.link(&contact::COMPANY).map(|id| store.title(id));
            let company = company.filter(|name| !name.is_empty());
            let place = company.unwrap_or_else(|| row.text(&contact::CITY).to_owned().into());
            (row.text(&contact::JOB_TITLE), place)
        }
        Kind::Company => (
            row.text(&company::INDUSTRY),
            row.text(&company::CITY).to_owned().into(),
        ),
        Kind::Deal | Kind::Activity | Kind::Member => ("", AttrValue::default()),
    };
    let parts: Vec<&str> = [first, second.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    AttrValue::from(parts.join(" · "))
}
