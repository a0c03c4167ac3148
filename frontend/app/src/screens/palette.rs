//! Go to…: a record by a few letters of its name or whatever a list finds it by, a screen or an
//! action. Recently opened first.

mod offer;

use crate::app::shell::use_shell;
use crate::browser::{remember, remembered};
use crate::i18n::use_words;
use crate::route::use_nav;
use crate::store::{Store, Topic, use_watch};
use crate::ui::avatar::avatar_of;
use crate::ui::icon::icon;
use crate::ui::modal::use_modal;
use offer::{Deed, Offer, list_offers, perform, plain_offers};
use shared::crm::Kind;
use shared::id::RecordId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

const RECENT: &str = "terrain.recent";
const KEPT: usize = 12;
const SHOWN: usize = 8;
/// The types whose records are offered.
const OFFERED: [Kind; 3] = [Kind::Contact, Kind::Company, Kind::Deal];

/// Remembers that a record was opened, for the next time someone wants to go there.
pub fn note_opened(id: RecordId) {
    let id = id.to_string();
    let before = remembered(RECENT).unwrap_or_default();
    let rest = before
        .split(' ')
        .filter(|other| *other != id && !other.is_empty());
    let ids: Vec<&str> = std::iter::once(id.as_str())
        .chain(rest)
        .take(KEPT)
        .collect();
    remember(RECENT, Some(&ids.join(" ")));
}

fn recent(store: &Store) -> Vec<RecordId> {
    let ids = remembered(RECENT).unwrap_or_default();
    let ids = ids.split(' ').filter_map(|id| id.parse().ok());
    ids.filter(|id| store.row(*id).is_some_and(|row| row.is_there()))
        .collect()
}

/// The palette, over the screen.
#[component]
pub fn Palette() -> Html {
    let (words, nav, shell) = (use_words(), use_nav(), use_shell());
    let store = use_watch(&OFFERED.map(Topic::Kind));
    let typed = use_state_eq(String::new);
    let chosen = use_state_eq(|| 0usize);
    let input = use_node_ref();
    let list = use_node_ref();
    let found = {
        let versions = OFFERED.map(|kind| store.version(kind));
        let (store, words) = (store.clone(), words.clone());
        use_memo(((*typed).clone(), versions), move |(typed, _)| {
            let recent = recent(&store);
            let mut found = store.searched(|haystack| haystack.jump(typed, &recent));
            if typed.trim().is_empty() {
                found.truncate(SHOWN);
            }
            let records = found.iter().take(SHOWN);
            let mut offers: Vec<Offer> = records
                .filter_map(|id| Offer::of_record(&*store.row(*id)?, &store, &words))
                .collect();
            let plain = plain_offers(typed, &words);
            let count = found.len() + plain.len();
            if found.len() > SHOWN {
                offers.extend(list_offers(typed, &store, &words));
            }
            offers.extend(plain);
            (offers, count)
        })
    };
    let (offers, count) = (&found.0, found.1);
    let ground = use_node_ref();
    {
        let (input, shell) = (input.clone(), shell.clone());
        let leave = Callback::from(move |()| shell.close());
        use_modal(&ground, leave, move || {
            if let Some(input) = input.cast::<HtmlElement>() {
                let _ = input.focus();
            }
        });
    }
    {
        let list = list.clone();
        use_effect_with(*chosen, move |_| {
            let option = list
                .cast::<HtmlElement>()
                .and_then(|list| list.query_selector("[aria-selected='true']").ok().flatten());
            if let Some(option) = option {
                option.scroll_into_view_with_bool(false);
            }
        });
    }
    let go = {
        let (nav, shell, typed) = (nav.clone(), shell.clone(), typed.clone());
        Callback::from(move |deed: Deed| perform(deed, &typed, &nav, &shell))
    };
    let on_type = {
        let (typed, chosen) = (typed.setter(), chosen.setter());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event
                .target()
                .and_then(|input| input.dyn_into::<HtmlInputElement>().ok())
            {
                typed.set(input.value());
                chosen.set(0);
            }
        })
    };
    let on_key = {
        let (found, chosen, go, shell) = (found.clone(), chosen.clone(), go.clone(), shell.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            let offers = &found.0;
            let last = offers.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => chosen.set(if *chosen >= last { 0 } else { *chosen + 1 }),
                "ArrowUp" => chosen.set(chosen.checked_sub(1).unwrap_or(last)),
                "Enter" => {
                    if let Some(offer) = offers.get(*chosen) {
                        go.emit(offer.deed);
                    }
                }
                "Escape" => shell.close(),
                "Tab" => {}
                _ => return,
            }
            event.prevent_default();
        })
    };
    let on_scrim = {
        let shell = shell.clone();
        Callback::from(move |event: MouseEvent| {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<HtmlElement>().ok());
            if target.is_some_and(|target| target.class_list().contains("scrim")) {
                shell.close();
            }
        })
    };
    let close = Callback::from(move |_: MouseEvent| shell.close());
    let heads = heads(offers);
    html! {
        <div ref={ground} class="scrim palette__scrim" onmousedown={on_scrim} onkeydown={on_key}>
            <div class="dialog palette" role="dialog" aria-modal="true" aria-label={words.t("palette-title")}>
                <div class="palette__bar">
                    <label class="search">
                        { icon("search") }
                        <input ref={input} role="combobox" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list"
                            aria-activedescendant={(!offers.is_empty()).then(|| format!("palette-{}", *chosen))}
                            aria-label={words.t("palette-hint")} placeholder={words.t("palette-hint")}
                            autocomplete="off" autocapitalize="off" spellcheck="false"
                            value={(*typed).clone()} oninput={on_type} />
                    </label>
                    <button type="button" class="btn btn--icon" aria-label={words.t("close")} tabindex="-1" onclick={close}>{ icon("x") }</button>
                </div>
                <p class="vh" role="status">{ words.with("palette-results", &[("count", count.into())]) }</p>
                <ul class="palette__list" id="palette-list" role="listbox" aria-label={words.t("palette-title")} ref={list}>
                    for (at, offer) in offers.iter().enumerate() {
                        if let Some(head) = heads.get(at).copied().flatten() {
                            <li class="palette__head" role="presentation" key={head}>{ words.t(if head == "palette-records" && typed.trim().is_empty() { "palette-recent" } else { head }) }</li>
                        }
                        { option(at, offer, *chosen == at, &go) }
                    }
                    if offers.is_empty() {
                        <li class="palette__none" role="presentation">{ words.with("palette-none", &[("typed", (*typed).clone().into())]) }</li>
                    }
                </ul>
            </div>
        </div>
    }
}

/// The head before each offer that begins a section.
fn heads(offers: &[Offer]) -> Vec<Option<&'static str>> {
    let mut last = None;
    let head = |offer: &Offer| match offer.deed {
        Deed::Record(_) | Deed::List(_) => "palette-records",
        Deed::Screen(_) => "palette-screens",
        Deed::New(_) | Deed::Share | Deed::Sync | Deed::Theme => "palette-actions",
    };
    offers
        .iter()
        .map(|offer| {
            let own = head(offer);
            let begins = last.replace(own) != Some(own);
            begins.then_some(own)
        })
        .collect()
}

fn option(at: usize, offer: &Offer, chosen: bool, go: &Callback<Deed>) -> Html {
    let deed = offer.deed;
    let onclick = go.reform(move |_: MouseEvent| deed);
    let sign = match (deed, offer.kind) {
        (Deed::Record(_), Some(Kind::Deal)) => {
            html! { <span class="avatar avatar--company">{ icon("square-kanban") }</span> }
        }
        (Deed::Record(_), kind) => avatar_of(&offer.name, kind == Some(Kind::Company)),
        _ => html! { <span class="avatar">{ icon(offer.sign) }</span> },
    };
    html! {
        <li key={at} id={format!("palette-{at}")} class="row" role="option" aria-selected={chosen.to_string()} {onclick}>
            { sign }
            <span class="row__main">
                <span class="row__name clip" title={offer.name.clone()}>{ offer.name.clone() }</span>
                if !offer.sub.is_empty() {
                    <span class="row__sub clip">{ offer.sub.clone() }</span>
                }
            </span>
        </li>
    }
}
