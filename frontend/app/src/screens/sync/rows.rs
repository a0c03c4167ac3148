//! The panel's rows that need nothing from the person.

use crate::i18n::Words;
use crate::store::Store;
use crate::ui::icon::icon;
use shared::bridge::{SyncState, WaitingLine};
use shared::crm::Kind;
use yew::prelude::*;

/// What is saved on this device.
pub fn saved(sync: &SyncState, store: &Store, words: &Words) -> Html {
    let count = |kind: Kind| store.rows(kind).len().into();
    let counts = words.with(
        "sync-counts",
        &[
            ("contacts", count(Kind::Contact)),
            ("companies", count(Kind::Company)),
            ("deals", count(Kind::Deal)),
        ],
    );
    let saved = sync.saved_at.map(|at| format!(" · {}", words.ago(at)));
    html! {
        <div class="panel__row panel__row--ok">
            { icon("hard-drive") }
            <div class="panel__main"><strong>{ words.t("sync-all-saved") }</strong><span>{ counts }{ saved.unwrap_or_default() }</span></div>
        </div>
    }
}

/// What the server has confirmed, and when it last answered.
pub fn confirmed(sync: &SyncState, share: Callback<MouseEvent>, words: &Words) -> Html {
    if !sync.shared {
        return html! {
            <div class="panel__row">
                { icon("tablet") }
                <div class="panel__main">
                    <strong>{ words.t("sync-not-shared") }</strong><span>{ words.t("sync-only-here-more") }</span>
                    <div class="panel__acts"><button type="button" class="btn" onclick={share}>{ words.t("share-open") }</button></div>
                </div>
            </div>
        };
    }
    let title = match sync.confirmed_at {
        Some(at) => words.with(
            "sync-confirmed-until",
            &[("at", words.at(at).to_string().into())],
        ),
        None => words.t("sync-nothing-confirmed"),
    };
    let contact = match sync.contact_at {
        Some(_) if sync.online => words.t("sync-in-touch"),
        Some(at) => words.with(
            "sync-contact-ago",
            &[("ago", words.ago(at).to_string().into())],
        ),
        None => words.t("sync-no-contact"),
    };
    let is_ok = sync.confirmed_at.is_some() && sync.online;
    let ok = is_ok.then_some("panel__row--ok");
    let offline = (!sync.online).then(|| format!("{} · ", words.t("sync-offline")));
    html! {
        <div class={classes!("panel__row", ok)}>
            { icon(if is_ok { "cloud-check" } else { "cloud-off" }) }
            <div class="panel__main"><strong>{ title }</strong><span>{ offline.unwrap_or_default() }{ contact }</span></div>
        </div>
    }
}

/// What is on its way here, counted.
pub fn receiving(sync: &SyncState, words: &Words) -> Html {
    let Some((here, all)) = sync.receiving.filter(|(_, all)| *all > 0) else {
        return Html::default();
    };
    let counts = [
        ("here", (here as usize).into()),
        ("all", (all as usize).into()),
    ];
    html! {
        <div class="panel__row">
            { icon("download") }
            <div class="panel__main">
                <strong>{ words.t("offline-preparing") }</strong><span>{ words.with("offline-progress", &counts) }</span>
                { progress(here, all, words.t("offline-received")) }
            </div>
        </div>
    }
}

/// A bar with a true count.
pub fn progress(done: u64, all: u64, label: AttrValue) -> Html {
    let percent = done.min(all) * 100 / all.max(1);
    html! {
        <span class="bar" role="progressbar" aria-valuenow={percent.to_string()} aria-valuemin="0" aria-valuemax="100" aria-label={label}>
            <span ~style={format!("inline-size: {percent}%")}></span>
        </span>
    }
}

/// What waits for the server, by name.
pub fn waiting(sync: &SyncState, store: &Store, words: &Words) -> Html {
    if sync.waiting == 0 || !sync.shared {
        return Html::default();
    }
    let count = [("count", (sync.waiting as usize).into())];
    let (title, text) = if sync.online {
        (
            words.with("sync-sending", &count),
            words.t("sync-saved-already"),
        )
    } else {
        (
            words.with("sync-wait-for-network", &count),
            words.t("sync-leave-alone"),
        )
    };
    let hidden = (sync.waiting as usize).saturating_sub(sync.waiting_lines.len());
    let line = |(at, line): (usize, &WaitingLine)| {
        html! { <li key={at}><span class="clip">{ what(line, store, words) }</span><time>{ words.time(line.at) }</time></li> }
    };
    html! {
        <div class="panel__row panel__row--waiting">
            { icon("cloud-upload") }
            <div class="panel__main">
                <strong>{ title }</strong><span>{ text }</span>
                <ul class="panel__list">
                    { for sync.waiting_lines.iter().enumerate().map(line) }
                    if hidden > 0 && !sync.waiting_lines.is_empty() {
                        <li key="more">{ words.with("sync-and-more", &[("count", hidden.into())]) }</li>
                    }
                </ul>
            </div>
        </div>
    }
}

fn what(line: &WaitingLine, store: &Store, words: &Words) -> AttrValue {
    let Some(row) = store.row(line.record) else {
        return words.t("sync-a-record");
    };
    let kind = words.choice("kind", row.kind.name());
    let title = row.title();
    let name = if title.is_empty() {
        kind.to_string()
    } else {
        title
    };
    match row.kind.field(&line.field) {
        Some(field) => AttrValue::from(format!("{name}, {}", words.field(row.kind, field.key))),
        None => name.into(),
    }
}
