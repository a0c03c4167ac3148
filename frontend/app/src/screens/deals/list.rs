//! The list of deals: open, won, lost or on hold, in the order the person wants.

use crate::i18n::{Words, use_words};
use crate::route::{Route, use_nav};
use crate::screens::board::{Faces, rotting, whole};
use crate::screens::titles::title;
use crate::store::{Store, use_store};
use crate::ui::avatar::company_avatar;
use crate::ui::icon::small_icon;
use crate::ui::{Due, Empty, VirtualList};
use shared::crm::board::{Filter, is_open, stage_of};
use shared::crm::deal;
use shared::crm::order::sort_by;
use shared::crm::row::Row;
use shared::crm::title;
use std::cmp::Reverse;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// The orders: value and word key.
const ORDERS: [(&str, &str); 4] = [
    ("next", "board-column-next"),
    ("amount", "board-column-amount"),
    ("close", "board-column-close"),
    ("name", "board-column-name"),
];

#[derive(Properties, PartialEq)]
pub struct DealListProps {
    /// All deals of whom they are to be shown.
    pub deals: Rc<Vec<Rc<Row>>>,
    /// What narrows the open ones.
    pub filter: Filter,
    pub faces: Faces,
}

/// Chips for the state, then the rows.
#[component]
pub fn DealList(props: &DealListProps) -> Html {
    let (words, store, nav) = (use_words(), use_store(), use_nav());
    let status = use_state_eq(|| "open");
    let order = use_state_eq(|| ORDERS[0].0.to_owned());
    let rows = {
        let deps = (
            props.deals.clone(),
            props.filter,
            props.faces.clone(),
            *status,
            (*order).clone(),
        );
        use_memo(deps, |(deals, filter, faces, status, order)| {
            let shown = |deal: &&Rc<Row>| {
                let state = deal.text(&deal::STATUS);
                let fits = if *status == "open" {
                    is_open(deal)
                } else {
                    state == *status
                };
                fits && (*status != "open"
                    || filter.passes(deal, |deal| faces.needs_attention(deal)))
            };
            let mut rows: Vec<Rc<Row>> = deals.iter().filter(shown).cloned().collect();
            sort(&mut rows, order, faces);
            rows
        })
    };
    let chip = |own: &'static str| {
        let status = status.clone();
        let pressed = (*status == own).to_string();
        let onclick = Callback::from(move |_: MouseEvent| status.set(own));
        html! { <button key={own} type="button" class="chip" aria-pressed={pressed} {onclick}>{ words.choice("status", own) }</button> }
    };
    let reorder = {
        let order = order.setter();
        Callback::from(move |event: Event| {
            if let Some(select) = event
                .target()
                .and_then(|select| select.dyn_into::<HtmlSelectElement>().ok())
            {
                order.set(select.value());
            }
        })
    };
    let option = |(value, key): (&'static str, &str)| {
        html! { <option key={value} value={value} selected={*order == value}>{ words.t(key) }</option> }
    };
    let row = {
        let (rows, store, words, faces) = (
            rows.clone(),
            store.clone(),
            words.clone(),
            props.faces.clone(),
        );
        Callback::from(move |at: usize| {
            rows.get(at)
                .map(|row| line(row, &store, &words, &faces))
                .unwrap_or_default()
        })
    };
    let key_of = {
        let rows = rows.clone();
        Callback::from(move |at: usize| {
            rows.get(at)
                .map(|row| row.id.to_string())
                .unwrap_or_default()
        })
    };
    let onopen = {
        let rows = rows.clone();
        Callback::from(move |at: usize| {
            if let Some(row) = rows.get(at) {
                nav.go(Route::Deal(row.id));
            }
        })
    };
    let letters = Callback::from(|_: usize| AttrValue::default());
    html! {
        <div class="deals">
            <div class="deals__bar">
                <div class="chips" role="group" aria-label={words.t("board-status")}>{ for deal::STATUSES.iter().map(|own| chip(own)) }</div>
                <label class="chip select"><span class="vh">{ words.t("board-order") }</span>
                    <select onchange={reorder}>{ for ORDERS.map(option) }</select>{ small_icon("chevron-down") }
                </label>
            </div>
            if rows.is_empty() {
                <Empty icon="list" title={words.t("board-none-here")} />
            } else {
                <VirtualList name="deals" label={words.t("deals")} count={rows.len()} sections={Rc::new(Vec::new())}
                    shows={format!("{}{}", *status, *order)} selected={None::<usize>} {row} {key_of} {letters} {onopen} />
            }
        </div>
    }
}

fn sort(rows: &mut Vec<Rc<Row>>, order: &str, faces: &Faces) {
    let amount = |row: &Row| {
        let money = row.money(&deal::AMOUNT);
        let key = money.map(|money| (money.currency, Reverse(money.minor)));
        (key.is_none(), key)
    };
    let close = |row: &Row| {
        let day = row.date(&deal::CLOSE_ON);
        (day.is_none(), day)
    };
    let next = |row: &Row| {
        (
            faces.agenda.due(row.id, faces.today),
            faces.agenda.next(row.id),
            row.id,
        )
    };
    match order {
        "amount" => sort_by(rows, &|a, b| amount(a).cmp(&amount(b))),
        "close" => sort_by(rows, &|a, b| close(a).cmp(&close(b))),
        "name" => sort_by(rows, &|a, b| title::sort_key(a).cmp(&title::sort_key(b))),
        _ => sort_by(rows, &|a, b| next(a).cmp(&next(b))),
    }
}

fn line(row: &Row, store: &Store, words: &Words, faces: &Faces) -> Html {
    let name = title(row, words);
    let company = row
        .link(&deal::COMPANY)
        .map(|id| store.title(id))
        .unwrap_or_default();
    let stage = words.choice("stage", stage_of(row).key);
    let sub = if company.is_empty() {
        stage
    } else {
        AttrValue::from(format!("{company} · {stage}"))
    };
    let amount = row
        .money(&deal::AMOUNT)
        .map(|money| words.money(whole(money)))
        .unwrap_or_default();
    html! {
        <>
            { company_avatar(if company.is_empty() { &name } else { &company }) }
            <span class="row__main">
                <span class="row__name deals__name"><span class="clip" title={name.clone()}>{ name }</span><span class="num">{ amount }</span></span>
                <span class="row__sub clip">{ sub }</span>
                <span class="deals__next">{ rotting(row, faces, words) }<Due next={faces.agenda.next(row.id).cloned()} long={true} /></span>
            </span>
        </>
    }
}
