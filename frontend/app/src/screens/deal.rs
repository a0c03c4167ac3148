//! A deal: its head, its stage, what became of it, then its record.

mod fields;
mod head;
mod log;
pub mod lost;
mod outcome;
mod people;
mod steps;

use crate::browser::today;
use crate::i18n::use_words;
use crate::route::{Route, use_nav};
use crate::screens::board::{Faces, rotting};
use crate::screens::palette::note_opened;
use crate::screens::record::{Page, parts};
use crate::store::{Topic, use_watch};
use crate::ui::IconButton;
use crate::ui::icon::icon;
use fields::deal_fields;
use head::Head;
use log::stage_log;
use outcome::Outcome;
use people::People;
use shared::crm::board::stays::stays;
use shared::crm::command::Edit;
use shared::crm::{Kind, deal};
use shared::id::RecordId;
use std::rc::Rc;
use steps::Steps;
use yew::prelude::*;

/// Properties of [`Deal`].
#[derive(PartialEq, Properties)]
pub struct DealProps {
    /// Which deal.
    pub record: RecordId,
}

/// The screen of a deal.
#[component]
pub fn Deal(props: &DealProps) -> Html {
    let words = use_words();
    let id = props.record;
    let store = use_watch(&[
        Topic::Record(id),
        Topic::Open,
        Topic::Minute,
        Topic::Device,
        Topic::Kind(Kind::Activity),
        Topic::Kind(Kind::Company),
        Topic::Kind(Kind::Contact),
        Topic::Kind(Kind::Member),
    ]);
    let there = store.row(id).is_some();
    {
        let store = store.clone();
        use_effect_with((id, there), move |(id, there)| {
            let id = *id;
            if *there {
                store.open_record(id);
                note_opened(id);
            }
            move || store.close_record(id)
        });
    }
    let open = store.open().filter(|open| open.record == id);
    let since = store.row(id).and_then(|row| row.moment(&deal::STAGE_SINCE));
    let stays = use_memo((open, since), |(open, since)| {
        let history = open.as_ref().map_or(&[][..], |open| &open.history);
        Rc::new(stays(history, *since))
    });
    let Some(row) = store
        .row(id)
        .filter(|row| row.is_there() && row.kind == Kind::Deal)
    else {
        return html! { <article class="rec">{ parts::gone(&store, id, Kind::Deal, &words) }</article> };
    };
    let faces = Faces {
        agenda: store.agenda(),
        today: today(),
        names: 0,
    };
    let page = Page::new(&store, &words, row.clone());
    html! {
        <article class="rec" aria-label={page.title()}>
            <div class="rec__page">
                <Bar page={page.clone()} />
                <Head page={page.clone()} />
                <div>
                    <Steps row={row.clone()} stays={(*stays).clone()} />
                    { parts::others(&page, &deal::STAGE, "") }
                </div>
                <div>
                    <Outcome row={row.clone()} still={rotting(&row, &faces, &words)} />
                    { parts::others(&page, &deal::STATUS, "") }
                    { parts::others(&page, &deal::LOST_REASON, "") }
                </div>
                <div class="rec__cols">
                    <div class="rec__next">{ parts::next_up(&page) }</div>
                    <div class="rec__col rec__col--main">
                        { deal_fields(&page) }
                        { parts::notes(&page) }
                        { parts::timeline(&page) }
                    </div>
                    <div class="rec__col">
                        <People {row} />
                        { stage_log(&stays, &words, &page.store) }
                    </div>
                </div>
            </div>
        </article>
    }
}

#[derive(PartialEq, Properties)]
struct BarProps {
    page: Page,
}

/// Back to the board, history, delete.
#[component]
fn Bar(props: &BarProps) -> Html {
    let (words, nav) = (use_words(), use_nav());
    let (history, menu) = (use_state_eq(|| false), use_state_eq(|| false));
    let back = {
        let nav = nav.clone();
        Callback::from(move |_: MouseEvent| nav.back(Route::Deals))
    };
    let show_history = {
        let history = history.setter();
        Callback::from(move |_: MouseEvent| history.set(true))
    };
    let close_history = {
        let history = history.setter();
        Callback::from(move |()| history.set(false))
    };
    let toggle = {
        let menu = menu.clone();
        Callback::from(move |_: MouseEvent| menu.set(!*menu))
    };
    let delete = {
        let (page, menu) = (props.page.clone(), menu.setter());
        Callback::from(move |_: MouseEvent| {
            menu.set(false);
            let said = page
                .w
                .with("deleted-name", &[("name", page.title().to_string().into())]);
            page.store.edit(vec![Edit::delete(page.row.id)], Some(said));
            nav.replace(Route::Deals);
        })
    };
    html! {
        <div class="rec__bar">
            <button type="button" class="btn btn--plain" onclick={back}>{ icon("chevron-left") }{ words.t("pipeline-name") }</button>
            <IconButton icon="history" popup={Some(AttrValue::from("dialog"))} label={words.t("history")} onclick={show_history} />
            <div class="menu">
                <IconButton icon="ellipsis" popup={Some(AttrValue::from("true"))} expanded={Some(*menu)} label={words.t("more-deeds")} onclick={toggle} />
                if *menu {
                    <div class="menu__body">
                        <button type="button" class="btn btn--plain menu__danger" onclick={delete}>{ words.t("delete-deal") }</button>
                    </div>
                }
            </div>
            if *history { { parts::history(&props.page, close_history) } }
        </div>
    }
}
