//! What becomes of the deal: won, lost with a reason, on hold; or back to the board.

use super::lost::{LOST, LostDialog};
use crate::browser::now;
use crate::i18n::{Words, use_words};
use crate::screens::titles::title;
use crate::store::use_store;
use crate::ui::draft::is_begun;
use crate::ui::icon::{icon, small_icon};
use shared::crm::board::{is_open, moves};
use shared::crm::command::Edit;
use shared::crm::deal;
use shared::crm::row::Row;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct OutcomeProps {
    pub row: Rc<Row>,
    /// How many days the deal has stood still, where that is too long.
    pub still: Html,
}

/// Three buttons while the deal is open; else what it came to, and a way back.
#[component]
pub fn Outcome(props: &OutcomeProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let row = &props.row;
    let losing = use_state_eq(|| is_begun(&store.form_of(row.id, LOST)));
    let deed = |edit: Edit, key: &'static str| {
        let (store, words) = (store.clone(), words.clone());
        let name = title(row, &words).to_string();
        Callback::from(move |_: MouseEvent| {
            let said = words.with(key, &[("name", name.clone().into())]);
            store.edit(vec![edit.clone()], Some(said));
        })
    };
    let button = |sign: &'static str, key: &str, onclick: Callback<MouseEvent>| {
        html! { <button type="button" class="btn" {onclick}>{ icon(sign) }{ words.t(key) }</button> }
    };
    if !is_open(row) {
        return html! {
            <div class="deal__out">
                { closed(row, &words) }
                { button("undo-2", "deal-reopen", deed(moves::reopen(row.id), "deal-was-reopened")) }
            </div>
        };
    }
    let show = |on: bool| {
        let losing = losing.setter();
        move || losing.set(on)
    };
    let (open, close) = (show(true), show(false));
    html! {
        <div class="deal__out">
            { button("trophy", "deal-won", deed(moves::won(row.id, now()), "deal-was-won")) }
            { button("circle-x", "deal-lost", Callback::from(move |_| open())) }
            { button("pause", "deal-hold", deed(moves::hold(row.id), "deal-was-held")) }
            { props.still.clone() }
            if *losing {
                <LostDialog deal={row.id} on_close={move |()| close()} />
            }
        </div>
    }
}

/// What the deal came to, when and why.
fn closed(row: &Row, words: &Words) -> Html {
    let at = row
        .moment(&deal::CLOSED_AT)
        .map(|at| words.at(at))
        .unwrap_or_default();
    let dated = |key: &str| words.with(key, &[("at", at.to_string().into())]);
    let (class, sign, text) = match row.text(&deal::STATUS) {
        "won" => ("tag--green", "trophy", dated("deal-is-won")),
        "lost" => ("tag--red", "circle-x", dated("deal-is-lost")),
        _ => ("", "pause", words.t("deal-is-hold")),
    };
    let reason = row.text(&deal::LOST_REASON);
    let reason = if reason.is_empty() {
        AttrValue::default()
    } else {
        words.choice("lost_reason", reason)
    };
    let detail = row.text(&deal::LOST_DETAIL);
    html! {
        <p class="deal__end">
            <span class={classes!("tag", class)}>{ small_icon(sign) }{ text }</span>
            if !reason.is_empty() { <span>{ reason }</span> }
            if !detail.is_empty() { <span class="muted">{ detail.to_owned() }</span> }
        </p>
    }
}
