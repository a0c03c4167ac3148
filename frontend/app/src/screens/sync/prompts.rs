//! Prompts: a newer version waits, or the app can be installed. One at a time, never over an open edit;
//! "later" holds for a day. None comes while something may be tapped that it would push away or cover.

use crate::browser::{Listener, Timer, is_typing};
use crate::i18n::{Words, use_words};
use crate::pwa::{
    Install, install, is_put_off, put_off, take_update, use_badge, use_install, use_kept_storage,
    use_update_waits,
};
use crate::route::{Route, use_nav};
use crate::store::{Topic, use_watch};
use crate::ui::Dialog;
use crate::ui::icon::icon;
use yew::prelude::*;

const UPDATE: &str = "update";
const INSTALL: &str = "install";
/// A field is left when a finger goes down; what it pressed must still be there when it goes up.
const TAP_MS: i32 = 1_000;
/// The hint to install waits until the person has had something from the app.
const INSTALL_AFTER_MS: i32 = 60_000;

/// The prompt that is due, if any.
#[component]
pub fn Prompts() -> Html {
    use_kept_storage();
    use_badge();
    let (words, nav) = (use_words(), use_nav());
    let store = use_watch(&[Topic::Device, Topic::Toast]);
    let update = use_update_waits();
    let way = use_install();
    let typing = use_typing();
    let settled = use_settled();
    // a prompt comes below the toast and would move its button
    let shown = use_mut_ref(|| false);
    let has_room = *shown.borrow() || store.current_toast().is_none();
    let put = use_state_eq(|| 0u8);
    let steps = use_state_eq(|| false);

    let later = |prompt: &'static str| {
        let put = put.clone();
        Callback::from(move |_: MouseEvent| {
            put_off(prompt);
            put.set(put.wrapping_add(1));
        })
    };
    let real = store.workspace().is_some_and(|workspace| !workspace.sample);
    let show_steps = |open: bool| {
        let steps = steps.setter();
        move || steps.set(open)
    };
    if update && !typing && has_room && !is_put_off(UPDATE) {
        shown.replace(true);
        let text =
            html! { <>{ words.t("update-ready") }<small>{ words.t("update-keeps") }</small></> };
        return prompt(
            "download",
            text,
            words.t("later"),
            later(UPDATE),
            words.t("update-restart"),
            Callback::from(|_| take_update()),
        );
    }
    let (open, close) = (show_steps(true), show_steps(false));
    let ask = match way {
        Install::No => None,
        Install::Dialog => Some(Callback::from(|_: MouseEvent| install())),
        Install::ByHand => Some(Callback::from(move |_: MouseEvent| open())),
    };
    // At an import it would lie over the choice that is asked for.
    let elsewhere = nav.route != Route::Import;
    let due =
        real && settled && elsewhere && !update && !typing && has_room && !is_put_off(INSTALL);
    shown.replace(due && way != Install::No);
    html! {
        <>
            if let Some(ask) = ask.filter(|_| due) {
                { prompt("tablet", html! { <>{ words.t("install-title") }<small>{ words.t("install-why") }</small></> },
                    words.t("later"), later(INSTALL), words.t("install-now"), ask) }
            }
            if *steps {
                <Dialog title={words.t("install-title")} onclose={move |()| close()}>
                    { install_steps(&words) }
                </Dialog>
            }
        </>
    }
}

fn prompt(
    sign: &'static str,
    text: Html,
    no: AttrValue,
    on_no: Callback<MouseEvent>,
    yes: AttrValue,
    on_yes: Callback<MouseEvent>,
) -> Html {
    html! {
        <div class="toast toast--prompt" role="status">
            { icon(sign) }
            <span class="toast__text">{ text }</span>
            <button type="button" class="btn btn--plain" onclick={on_no}>{ no }</button>
            <button type="button" class="btn btn--primary" onclick={on_yes}>{ yes }</button>
        </div>
    }
}

/// How to install on an iPad or iPhone, where no dialog can be shown.
pub fn install_steps(words: &Words) -> Html {
    let step = |sign: &'static str, title: &str, text: &str| {
        html! {
            <li class="panel__row" key={sign}>
                { icon(sign) }
                <div class="panel__main"><strong>{ words.t(title) }</strong><span>{ words.t(text) }</span></div>
            </li>
        }
    };
    html! {
        <ol class="panel">
            { step("share", "install-share", "install-share-where") }
            { step("square-plus", "install-home", "install-home-then") }
        </ol>
    }
}

/// Whether the person is in the middle of typing, or was a moment ago.
#[hook]
fn use_typing() -> bool {
    let typing = use_state_eq(is_typing);
    let set = typing.setter();
    let over = use_mut_ref(|| None::<Timer>);
    use_effect_with((), move |()| {
        let look = move |_| {
            let set = set.clone();
            if is_typing() {
                set.set(true);
            }
            let timer = Timer::after(TAP_MS, move || set.set(is_typing()));
            over.replace(Some(timer));
        };
        let listeners = ["focusin", "focusout"].map(|name| Listener::on(name, look.clone()));
        move || drop(listeners)
    });
    *typing
}

/// Whether the app has been open for a while.
#[hook]
fn use_settled() -> bool {
    let settled = use_state_eq(|| false);
    let set = settled.setter();
    use_effect_with((), move |()| {
        let timer = Timer::after(INSTALL_AFTER_MS, move || set.set(true));
        move || drop(timer)
    });
    *settled
}
