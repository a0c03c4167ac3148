//! The toast: what happened, and the way back. It goes after 6 s, but stays under a finger or focus.

use crate::browser::Timer;
use crate::i18n::{Words, use_words};
use crate::screens::sync::prompts::Prompts;
use crate::store::{Say, Topic, Undone, use_watch};
use crate::ui::icon::icon;
use crate::ui::{modal, problem};
use yew::prelude::*;

const SHOWN_MS: i32 = 6_000;

/// The toast, and the prompts.
#[component]
pub fn Toasts() -> Html {
    let w = use_words();
    let store = use_watch(&[Topic::Toast]);
    // One that went under the finger says of no leaving: the next one is not held because of it.
    let held = use_state(|| None::<u32>);
    let toast = store.current_toast();
    {
        let store = store.clone();
        let number = toast.as_ref().map(|toast| toast.number);
        let is_held = number.is_some() && *held == number;
        use_effect_with((number, is_held), move |(number, held)| {
            let timer = number
                .filter(|_| !*held)
                .map(|number| Timer::after(SHOWN_MS, move || store.dismiss(number)));
            move || drop(timer)
        });
    }
    let hold = |number: Option<u32>| {
        let set = held.setter();
        move || set.set(number)
    };
    let body = toast.map(|toast| {
        let words = words_of(&toast.say, &w);
        let number = toast.number;
        let (enter, focus) = (hold(Some(number)), hold(Some(number)));
        let (leave, blur) = (hold(None), hold(None));
        let act = {
            let (store, undo) = (store.clone(), toast.undo);
            Callback::from(move |_: MouseEvent| {
                store.dismiss(number);
                if let Some(number) = undo {
                    store.undo_that(number);
                }
            })
        };
        html! {
            <div class="toast" key={number}
                onpointerenter={move |_: PointerEvent| enter()} onpointerleave={move |_: PointerEvent| leave()}
                onfocusin={move |_: FocusEvent| focus()} onfocusout={move |_: FocusEvent| blur()}>
                <span class="toast__text">{ words }</span>
                if toast.undo.is_some() {
                    <button type="button" class="btn" onclick={act}>{ w.t("undo") }</button>
                } else {
                    <button type="button" class="btn btn--icon" aria-label={w.t("close")} onclick={act}>{ icon("x") }</button>
                }
            </div>
        }
    });
    html! {
        <div class="toasts">
            <div role="status">{ body.unwrap_or_default() }</div>
            <Prompts />
        </div>
    }
}

/// The toast's words for who hears them while a dialog lies over the toast.
#[component]
pub fn Heard() -> Html {
    let w = use_words();
    let store = use_watch(&[Topic::Toast]);
    let toast = store.current_toast().filter(|_| modal::is_open());
    html! {
        <p class="vh" role="status" data-beside="true">{ toast.map(|toast| words_of(&toast.say, &w)).unwrap_or_default() }</p>
    }
}

fn words_of(say: &Say, w: &Words) -> AttrValue {
    match say {
        Say::Words(words) => words.clone(),
        Say::Problem(problem) => problem::words_of(problem, w),
        Say::Undone { again, came } => undone(*again, *came, w),
    }
}

/// What came of undo, in words.
fn undone(again: bool, came: Undone, w: &Words) -> AttrValue {
    match (came, again) {
        (Undone::Done, false) => w.t("undone"),
        (Undone::Done, true) => w.t("redone"),
        (Undone::Import(stay), _) => w.with("import-undone", &[("stay", stay.into())]),
        (Undone::Nothing, false) => w.t("undone-nothing"),
        (Undone::Nothing, true) => w.t("redone-nothing"),
        (Undone::Empty, false) => w.t("undo-empty"),
        (Undone::Empty, true) => w.t("redo-empty"),
    }
}
