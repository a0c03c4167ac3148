//! The panel's rows that the person must do something about, each with its remedy.

use crate::browser::window;
use crate::i18n::{Words, use_words};
use crate::screens::join::PasteLink;
use crate::store::{Store, use_store};
use crate::ui::icon::icon;
use crate::ui::problem;
use shared::bridge::{Call, Problem, RefusedLine, SyncState, UnreadLine};
use shared::id::RecordId;
use yew::prelude::*;

/// What the person must do before sync can go on, and what was refused.
pub fn needs(
    sync: &SyncState,
    store: &Store,
    words: &Words,
    on_save: &Callback<MouseEvent>,
) -> Html {
    html! {
        <>
            if let Some(need) = sync.need.clone() {
                <Need {need} on_save={on_save.clone()} />
            }
            if !sync.refused.is_empty() {
                { refused(&sync.refused, store, words, on_save) }
            }
            if !sync.unread.is_empty() {
                { unread(&sync.unread, store, words, on_save) }
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct NeedProps {
    need: Problem,
    on_save: Callback<MouseEvent>,
}

#[component]
fn Need(props: &NeedProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let pasting = use_state_eq(|| false);
    let open = {
        let pasting = pasting.setter();
        Callback::from(move |_: MouseEvent| pasting.set(true))
    };
    let wants_link = matches!(props.need, Problem::LinkRenewed | Problem::BadLink);
    let wants_reload = matches!(props.need, Problem::UpdateNeeded | Problem::ReloadNeeded);
    let reload = Callback::from(|_: MouseEvent| {
        let _ = window().location().reload();
    });
    let retry = Callback::from(move |_: MouseEvent| store.send(Call::Wake));
    html! {
        <div class="panel__row panel__row--needs">
            { icon("triangle-alert") }
            <div class="panel__main" role="alert">
                <strong>{ words.t("sync-needs-you") }</strong>
                <span>{ problem::words_of(&props.need, &words) }</span>
                if *pasting {
                    <PasteLink renew={true} />
                }
                <div class="panel__acts">
                    if wants_link && !*pasting {
                        <button type="button" class="btn btn--primary" onclick={open}>{ words.t("join-paste-new") }</button>
                    }
                    if wants_reload {
                        <button type="button" class="btn btn--primary" onclick={reload}>{ words.t("update-restart") }</button>
                    }
                    if !wants_link && !wants_reload {
                        <button type="button" class="btn btn--primary" onclick={retry}>{ words.t("sync-retry") }</button>
                    }
                    { save_button(&words, &props.on_save) }
                </div>
            </div>
        </div>
    }
}

fn refused(
    refused: &[RefusedLine],
    store: &Store,
    words: &Words,
    on_save: &Callback<MouseEvent>,
) -> Html {
    let line = |(at, line): (usize, &RefusedLine)| {
        let name = name_of(line.record, store, words);
        html! {
            <li key={at}>
                <span>
                    { name }{ ", " }{ words.choice("refused", &line.reason) }
                    if !line.said.is_empty() {
                        { " " }<q>{ line.said.clone() }</q>
                    }
                </span>
                <time>{ words.time(line.at) }</time>
            </li>
        }
    };
    let again = {
        let store = store.clone();
        Callback::from(move |_: MouseEvent| store.send(Call::RetryRefused))
    };
    html! {
        <div class="panel__row panel__row--needs">
            { icon("triangle-alert") }
            <div class="panel__main">
                <strong>{ words.with("sync-refused-by-server", &[("count", refused.len().into())]) }</strong>
                <span>{ words.t("sync-refused-safe") }</span>
                <ul class="panel__list">{ for refused.iter().enumerate().map(line) }</ul>
                <div class="panel__acts">
                    <button type="button" class="btn" onclick={again}>{ words.t("sync-send-again") }</button>
                    { save_button(words, on_save) }
                </div>
            </div>
        </div>
    }
}

fn unread(
    unread: &[UnreadLine],
    store: &Store,
    words: &Words,
    on_save: &Callback<MouseEvent>,
) -> Html {
    let line = |(at, line): (usize, &UnreadLine)| {
        let name = name_of(line.record, store, words);
        html! { <li key={at}>{ name }{ ", " }{ words.choice("unread", &line.why) }</li> }
    };
    html! {
        <div class="panel__row panel__row--needs">
            { icon("triangle-alert") }
            <div class="panel__main">
                <strong>{ words.t("sync-unread") }</strong>
                <ul class="panel__list">{ for unread.iter().enumerate().map(line) }</ul>
                <div class="panel__acts">{ save_button(words, on_save) }</div>
            </div>
        </div>
    }
}

fn name_of(record: RecordId, store: &Store, words: &Words) -> AttrValue {
    let title = store.title(record);
    if title.is_empty() {
        return words.t("sync-a-record");
    }
    title
}

fn save_button(words: &Words, on_save: &Callback<MouseEvent>) -> Html {
    html! { <button type="button" class="btn" onclick={on_save.clone()}>{ words.t("sync-save-file") }</button> }
}
