//! What is in a row of a list: avatar, name, what they do where, when the next activity is due.

use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Due;
use crate::ui::avatar::avatar_of;
use shared::crm::due::Agenda;
use shared::crm::row::Row;
use shared::crm::{Kind, board, company, contact};
use yew::prelude::*;

/// The content of a row.
pub fn content(row: &Row, store: &Store, agenda: &Agenda, w: &Words) -> Html {
    let name = title(row, w);
    let sub = sub(row, store);
    let next = agenda.next(row.id).cloned();
    // Nothing planned matters where there is something to win.
    let selling = || {
        store
            .linked(row.id, Kind::Deal)
            .iter()
            .any(|deal| board::is_open(deal))
    };
    let due = (next.is_some() || selling()).then(|| html! { <Due {next} /> });
    html! {
        <>
            { avatar_of(&name, row.kind == Kind::Company) }
            <span class="row__main">
                <span class="row__name clip" title={name.clone()}>{ name }</span>
                <span class="row__sub clip">{ sub }</span>
                { due.unwrap_or_default() }
            </span>
        </>
    }
}

/// What a record is called, or that it has no name yet.
pub fn title(row: &Row, w: &Words) -> AttrValue {
    match row.title() {
        name if name.is_empty() => w.t("unnamed"),
        name => AttrValue::from(name),
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
