//! What is in a row of a list: avatar, name, what they do where, when the next activity is due.

use crate::i18n::Words;
use crate::screens::titles::{sub, title};
use crate::store::Store;
use crate::ui::Due;
use crate::ui::avatar::avatar_of;
use shared::crm::due::Agenda;
use shared::crm::row::Row;
use shared::crm::{Kind, board};
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
