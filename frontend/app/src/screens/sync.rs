//! What is saved here, what the server has confirmed, what waits, what failed and what to do: a strip of
//! one sentence, and the panel with all of it.

mod needs;
pub mod prompts;
mod rows;

use crate::app::shell::{Overlay, use_shell};
use crate::i18n::{Words, use_words};
use crate::pwa::use_ready_for_offline;
use crate::screens::settings::file::{copy_report, save_file};
use crate::store::{Topic, use_watch};
use crate::ui::Dialog;
use crate::ui::icon::{icon, small_icon};
use needs::needs;
pub use rows::progress;
use rows::{confirmed, receiving, saved, waiting};
use shared::bridge::{Call, SyncState};
use shared::crm::Kind;
use yew::prelude::*;

/// How sync stands, in a sentence of two parts: class, icon, the part in bold, the rest.
pub fn sentence(
    sync: &SyncState,
    words: &Words,
) -> (&'static str, &'static str, AttrValue, AttrValue) {
    let count = [("count", (sync.waiting as usize).into())];
    let contact = sync.contact_at.map(|at| {
        words.with(
            "sync-last-contact",
            &[("at", words.at(at).to_string().into())],
        )
    });
    let contact = contact.unwrap_or_default();
    if sync.need.is_some() {
        return (
            "strip--needs",
            "cloud-off",
            words.t("sync-needs-you"),
            words.t("sync-nothing-lost"),
        );
    }
    if !sync.refused.is_empty() {
        let refused = words.with("sync-refused", &[("count", sync.refused.len().into())]);
        return (
            "strip--needs",
            "cloud-off",
            refused,
            words.t("sync-nothing-lost"),
        );
    }
    if !sync.unread.is_empty() {
        return (
            "strip--needs",
            "triangle-alert",
            words.t("sync-unread"),
            words.t("sync-nothing-lost"),
        );
    }
    if !sync.shared {
        return (
            "strip--ok",
            "tablet",
            words.t("sync-not-shared"),
            words.t("sync-only-here"),
        );
    }
    if sync.online && sync.waiting > 0 {
        return (
            "strip--syncing",
            "refresh-cw",
            words.with("sync-sending", &count),
            words.t("sync-saved-already"),
        );
    }
    if sync.online && sync.busy {
        return (
            "strip--syncing",
            "refresh-cw",
            words.t("sync-receiving"),
            AttrValue::default(),
        );
    }
    if sync.waiting > 0 {
        let rest = format!("{} {contact}", words.t("sync-on-this-device"));
        return (
            "strip--waiting",
            "cloud-upload",
            words.with("sync-offline-waiting", &count),
            rest.trim().to_owned().into(),
        );
    }
    if !sync.online {
        return (
            "strip--waiting",
            "cloud-off",
            words.t("sync-offline-none"),
            contact,
        );
    }
    let confirmed = sync.confirmed_at.map(|at| {
        words.with(
            "sync-confirmed-at",
            &[("at", words.at(at).to_string().into())],
        )
    });
    (
        "strip--ok",
        "cloud-check",
        words.t("sync-in-sync"),
        confirmed.unwrap_or_default(),
    )
}

/// One true sentence, which opens the panel. It shows while something is to be said: not when all is in
/// sync.
#[component]
pub fn SyncStrip() -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Sync, Topic::Device]);
    let shell = use_shell();
    let sync = store.sync();
    let (class, sign, bold, rest) = sentence(&sync, &words);
    if class == "strip--ok" || class == "strip--syncing" {
        return Html::default();
    }
    let open = Callback::from(move |_: MouseEvent| shell.open(Overlay::Sync));
    html! {
        <button type="button" class={classes!("strip", "only-phone", class)} aria-haspopup="dialog" onclick={open}>
            { icon(sign) }
            <span class="strip__text"><strong>{ bold }</strong>{ " " }{ rest }</span>
            { small_icon("chevron-right") }
        </button>
    }
}

/// The panel.
#[component]
pub fn SyncPanel() -> Html {
    let words = use_words();
    let store = use_watch(&[
        Topic::Sync,
        Topic::Minute,
        Topic::Device,
        Topic::Kind(Kind::Contact),
        Topic::Kind(Kind::Company),
        Topic::Kind(Kind::Deal),
    ]);
    let shell = use_shell();
    let ready = use_ready_for_offline();
    let sync = store.sync();
    let share = {
        let shell = shell.clone();
        Callback::from(move |_: MouseEvent| shell.open(Overlay::Share))
    };
    let retry = {
        let store = store.clone();
        let refused = !sync.refused.is_empty();
        Callback::from(move |_: MouseEvent| {
            if refused {
                store.send(Call::RetryRefused);
            }
            store.send(Call::Wake);
        })
    };
    let report = {
        let (store, words) = (store.clone(), words.clone());
        Callback::from(move |_: MouseEvent| copy_report(&store, &words))
    };
    let save = {
        let (store, words) = (store.clone(), words.clone());
        Callback::from(move |_: MouseEvent| save_file(&store, &words))
    };
    let foot = html! {
        <>
            if sync.shared {
                <button type="button" class="btn" onclick={retry}>{ small_icon("refresh-cw") }{ words.t("sync-retry") }</button>
            }
            <button type="button" class="btn btn--plain" onclick={report}>{ words.t("sync-copy-report") }</button>
        </>
    };
    html! {
        <Dialog title={words.t("sync-title")} onclose={move |()| shell.close()} class="dialog--panel" {foot}>
            { saved(&sync, &store, &words) }
            if ready {
                <div class="panel__row panel__row--ok">
                    { icon("download") }
                    <div class="panel__main"><strong>{ words.t("offline-ready") }</strong><span>{ words.t("offline-ready-more") }</span></div>
                </div>
            }
            { confirmed(&sync, share, &words) }
            { receiving(&sync, &words) }
            { waiting(&sync, &store, &words) }
            { needs(&sync, &store, &words, &save) }
        </Dialog>
    }
}
