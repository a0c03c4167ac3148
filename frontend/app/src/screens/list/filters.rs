//! The chips above a list, and the sheet with order and all filters.

use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Dialog;
use crate::ui::icon::small_icon;
use shared::crm::due::Due;
use shared::crm::query::{self, Filter, Query, Sort};
use shared::crm::{Kind, company, contact};
use yew::prelude::*;

/// How many tags and towns the sheet offers, the most used first.
const OFFERED: usize = 12;

/// What a list shows, and a way to show something else.
#[derive(Clone)]
pub struct Shown {
    /// What it shows.
    pub query: Query,
    /// Shows something else.
    pub onquery: Callback<Query>,
}

/// The filters at hand, and those that are set, each removed by a tap.
pub fn chips(props: &Shown, store: &Store, w: &Words) -> Html {
    let at_hand = at_hand(store);
    let toggle = |(filter, words): &(Filter, &'static str)| {
        let on = props.query.filters.contains(filter);
        let onclick = switch(&props.query, filter, &props.onquery);
        html! {
            <button type="button" class="chip" key={*words} aria-pressed={on.to_string()} {onclick}>{ w.t(words) }</button>
        }
    };
    let value = |(at, filter): (usize, &Filter)| {
        let onclick = switch(&props.query, filter, &props.onquery);
        let words = words_of(filter, store, w);
        html! {
            <button type="button" class="chip chip--on chip--remove" key={at} {onclick}>
                { words }{ small_icon("x") }
                <span class="vh">{ w.t("remove-filter") }</span>
            </button>
        }
    };
    let values = props.query.filters.iter();
    let values = values.filter(|filter| !at_hand.iter().any(|(hand, _)| hand == *filter));
    html! {
        <div class="chips" role="group" aria-label={w.t("filters")}>
            { for at_hand.iter().take(1).map(toggle) }
            { for values.enumerate().map(value) }
            { for at_hand.iter().skip(1).map(toggle) }
        </div>
    }
}

fn at_hand(store: &Store) -> Vec<(Filter, &'static str)> {
    let mine = store.me().map(|me| (Filter::Owner(me), "filter-mine"));
    let others = [
        (Filter::Planned, "filter-planned"),
        (Filter::Due(Due::Overdue), "filter-overdue"),
        (Filter::Undecided, "filter-undecided"),
    ];
    mine.into_iter().chain(others).collect()
}

fn switch(query: &Query, filter: &Filter, onquery: &Callback<Query>) -> Callback<MouseEvent> {
    let mut switched = query.clone();
    match switched.filters.iter().position(|set| set == filter) {
        Some(at) => {
            switched.filters.remove(at);
        }
        None => switched.filters.push(filter.clone()),
    }
    onquery.reform(move |_: MouseEvent| switched.clone())
}

fn words_of(filter: &Filter, store: &Store, w: &Words) -> AttrValue {
    let named = |key: &str, value: String| w.with(key, &[("value", value.into())]);
    match filter {
        Filter::Owner(person) => {
            let name = store.person_name(*person).unwrap_or_else(|| w.t("someone"));
            named("filter-owner", name.to_string())
        }
        Filter::WithoutOwner => w.t("filter-no-owner"),
        Filter::Tag(tag) => named("filter-tag", tag.clone()),
        Filter::City(city) => named("filter-city", city.clone()),
        Filter::Company(id) | Filter::Contact(id) => store.title(*id),
        Filter::Due(Due::Overdue) => w.t("filter-overdue"),
        Filter::Due(Due::Today) => w.t("today"),
        Filter::Due(Due::Nothing) => w.t("due-nothing"),
        Filter::Due(Due::Later) | Filter::Planned => w.t("filter-planned"),
        Filter::Stage(stage) => w.choice("stage", stage),
        Filter::Status(status) => w.choice("status", status),
        Filter::Undecided => w.t("filter-undecided"),
    }
}

/// Order and filters.
pub fn filter_dialog(props: &Shown, onclose: Callback<()>, store: &Store, w: &Words) -> Html {
    let kind = props.query.kind;
    let rows = store.rows(kind);
    let (city, tags) = match kind {
        Kind::Company => (&company::CITY, &company::TAGS),
        Kind::Contact | Kind::Deal | Kind::Activity | Kind::Member => {
            (&contact::CITY, &contact::TAGS)
        }
    };
    let offered = |field, filter: fn(String) -> Filter| {
        let choices = query::choices(&rows, kind, field).into_iter().take(OFFERED);
        choices.map(|(value, _)| filter(value)).collect::<Vec<_>>()
    };
    let owners: Vec<Filter> = store
        .rows(Kind::Member)
        .iter()
        .filter_map(|row| query::owner(row).or(row.person(&shared::crm::member::PERSON)))
        .map(Filter::Owner)
        .chain([Filter::WithoutOwner])
        .collect();
    let groups = [
        ("filter-tags", offered(tags, Filter::Tag)),
        ("filter-cities", offered(city, Filter::City)),
        ("filter-owners", owners),
    ];
    let group = |(title, filters): &(&'static str, Vec<Filter>)| {
        if filters.is_empty() {
            return html! {};
        }
        html! {
            <div class="group" key={*title}>
                <div class="group__head"><h2>{ w.t(title) }</h2></div>
                <div class="chips chips--wrap" role="group" aria-label={w.t(title)}>
                    { for filters.iter().enumerate().map(|(at, filter)| chip(at, filter, props, store, w)) }
                </div>
            </div>
        }
    };
    let clear = {
        let all = Query {
            text: props.query.text.clone(),
            ..Query::all(kind)
        };
        props.onquery.reform(move |_: MouseEvent| all.clone())
    };
    let foot = html! {
        <>
            <button type="button" class="btn" onclick={clear}>{ w.t("clear-filters") }</button>
            <button type="button" class="btn btn--primary" onclick={onclose.reform(|_: MouseEvent| ())}>{ w.t("show-list") }</button>
        </>
    };
    html! {
        <Dialog title={w.t("sort-and-filter")} {onclose} {foot}>
            { orders(props, w) }
            { for groups.iter().map(group) }
        </Dialog>
    }
}

fn chip(at: usize, filter: &Filter, props: &Shown, store: &Store, w: &Words) -> Html {
    let on = props.query.filters.contains(filter);
    let words = match filter {
        Filter::Tag(value) | Filter::City(value) => AttrValue::from(value.clone()),
        Filter::Owner(person) => store.person_name(*person).unwrap_or_else(|| w.t("someone")),
        Filter::WithoutOwner
        | Filter::Company(_)
        | Filter::Contact(_)
        | Filter::Due(_)
        | Filter::Planned
        | Filter::Stage(_)
        | Filter::Status(_)
        | Filter::Undecided => words_of(filter, store, w),
    };
    let onclick = switch(&props.query, filter, &props.onquery);
    html! {
        <button type="button" class="chip" key={at} aria-pressed={on.to_string()} {onclick}>{ words }</button>
    }
}

fn orders(props: &Shown, w: &Words) -> Html {
    let order = |sort: &Sort| {
        let here =
            props.query.sort == *sort || (props.query.sort == Sort::Best && *sort == Sort::Name);
        let chosen = Query {
            sort: if *sort == Sort::Name {
                Sort::Best
            } else {
                *sort
            },
            // The latest edit comes first; names and towns go from A to Z.
            descending: matches!(sort, Sort::Edited | Sort::Created | Sort::Amount),
            ..props.query.clone()
        };
        let onchange = props.onquery.reform(move |_: Event| chosen.clone());
        html! {
            <label class="choice" key={name_of(*sort)}>
                <input type="radio" name="order" checked={here} {onchange} />{ w.t(name_of(*sort)) }
            </label>
        }
    };
    html! {
        <fieldset class="group">
            <legend class="group__head"><h2>{ w.t("order") }</h2></legend>
            <div class="group__body">{ for Sort::of(props.query.kind).iter().map(order) }</div>
        </fieldset>
    }
}

const fn name_of(sort: Sort) -> &'static str {
    match sort {
        Sort::Best | Sort::Name => "sort-name",
        Sort::Company => "sort-company",
        Sort::City => "sort-city",
        Sort::Edited => "sort-edited",
        Sort::Created => "sort-created",
        Sort::Next => "sort-next",
        Sort::Amount => "sort-amount",
        Sort::CloseOn => "sort-close",
    }
}
