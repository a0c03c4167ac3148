//! What a card says: name, company, amount, what comes next, who leads it.

use crate::browser::utc_offset_minutes;
use crate::i18n::Words;
use crate::screens::titles::title;
use crate::store::Store;
use crate::ui::Due as DueTag;
use crate::ui::avatar::drawn;
use crate::ui::icon::small_icon;
use shared::crm::deal;
use shared::crm::due::{Agenda, Due, rotting_days};
use shared::crm::row::Row;
use shared::time::Date;
use std::rc::Rc;
use yew::prelude::*;

/// What cards say besides the deals' own fields.
#[derive(Clone)]
pub struct Faces {
    /// What is planned.
    pub agenda: Rc<Agenda>,
    /// The day it is.
    pub today: Date,
    /// Grows when a company or a colleague gets another name.
    pub names: u64,
}

impl PartialEq for Faces {
    fn eq(&self, other: &Faces) -> bool {
        Rc::ptr_eq(&self.agenda, &other.agenda)
            && self.today == other.today
            && self.names == other.names
    }
}

impl Faces {
    /// Whether a deal needs attention: something is overdue, or nothing is planned.
    pub fn needs_attention(&self, deal: &Row) -> bool {
        matches!(
            self.agenda.due(deal.id, self.today),
            Due::Overdue | Due::Nothing
        )
    }
}

/// The face of a card.
pub fn card_face(row: &Row, faces: &Faces, words: &Words, store: &Store) -> Html {
    let name = title(row, words);
    let company = row.link(&deal::COMPANY).map(|id| store.title(id));
    let owner = row.person(&deal::OWNER);
    let owner_name = owner.and_then(|owner| store.person_name(owner));
    let me = owner.is_some() && owner == store.me();
    html! {
        <>
            <span class="card__name">{ name }</span>
            if let Some(company) = company.filter(|company| !company.is_empty()) {
                <span class="card__sub clip" title={company.clone()}>{ company }</span>
            }
            <span class="card__line">
                <span class="card__amount num">{ row.money(&deal::AMOUNT).map(|money| words.money(money)).unwrap_or_default() }</span>
                { rotting(row, faces, words) }
            </span>
            <span class="card__line">
                <DueTag next={faces.agenda.next(row.id).cloned()} long={true} />
                if let Some(owner) = owner_name {
                    <span class="card__foot" title={owner.clone()}>
                        { drawn(&owner, if me { "avatar--s avatar--me" } else { "avatar--s" }) }<span class="vh">{ owner }</span>
                    </span>
                }
            </span>
        </>
    }
}

/// The tag of a deal that stands still.
pub fn rotting(row: &Row, faces: &Faces, words: &Words) -> Html {
    let Some(days) = rotting_days(row, &faces.agenda, faces.today, utc_offset_minutes()) else {
        return Html::default();
    };
    let count = [("count", usize::from(days).into())];
    let long = words.with("board-rotting", &count);
    html! {
        <span class="tag" title={long.clone()}>
            { small_icon("hourglass") }
            <span aria-hidden="true">{ words.with("board-days", &count) }</span><span class="vh">{ long }</span>
        </span>
    }
}
