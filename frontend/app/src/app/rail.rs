//! Ways to the screens: the rail on a tablet, the tab bar on a phone; the sync corner at its foot.

use super::shell::{Overlay, use_shell};
use crate::browser::Timer;
use crate::i18n::{Words, use_words};
use crate::route::{Route, use_nav};
use crate::store::{Topic, use_watch};
use crate::ui::icon::icon;
use shared::bridge::SyncState;
use yew::prelude::*;

const SCREENS: [(Route, &str, &str); 3] = [
    (Route::Contacts(None), "users", "contacts"),
    (Route::Companies(None), "building-2", "companies"),
    (Route::Deals, "square-kanban", "deals"),
];

fn is_within(here: Route, screen: Route) -> bool {
    match screen {
        Route::Contacts(_) => matches!(here, Route::Contacts(_) | Route::Import),
        Route::Companies(_) => matches!(here, Route::Companies(_)),
        Route::Deals | Route::Deal(_) => matches!(here, Route::Deals | Route::Deal(_)),
        Route::Settings | Route::Import | Route::Join => here == screen,
    }
}

fn item(
    class: &'static str,
    here: Route,
    (to, sign, words): (Route, &'static str, &str),
    w: &Words,
) -> Html {
    let current = is_within(here, to).then_some("page");
    html! {
        <a class={class} href={to.path()} aria-current={current} key={sign}>
            { icon(sign) }<span>{ w.t(words) }</span>
        </a>
    }
}

/// The rail.
#[component]
pub fn Rail() -> Html {
    let w = use_words();
    let here = use_nav().route;
    let shell = use_shell();
    let jump = Callback::from(move |_| shell.open(Overlay::Palette));
    html! {
        <nav class="rail" aria-label={w.t("main-menu")}>
            <a class="rail__mark" href="/contacts" aria-label={w.t("home")}>{ icon("terrain") }</a>
            <button type="button" class="rail__item" aria-keyshortcuts="Control+K" aria-haspopup="dialog" onclick={jump}>
                { icon("search") }<span>{ w.t("jump-to") }</span>
            </button>
            <span class="rail__rule"></span>
            { for SCREENS.map(|screen| item("rail__item", here, screen, &w)) }
            <div class="rail__end">
                <Corner />
                { item("rail__item", here, (Route::Settings, "settings", "settings"), &w) }
            </div>
        </nav>
    }
}

/// The tab bar.
#[component]
pub fn TabBar() -> Html {
    let w = use_words();
    let here = use_nav().route;
    let shell = use_shell();
    let jump = Callback::from(move |_| shell.open(Overlay::Palette));
    html! {
        <nav class="tabbar" aria-label={w.t("main-menu")}>
            { for SCREENS.map(|screen| item("tabbar__item", here, screen, &w)) }
            <button type="button" class="tabbar__item" aria-haspopup="dialog" onclick={jump}>
                { icon("search") }<span>{ w.t("search") }</span>
            </button>
            { item("tabbar__item", here, (Route::Settings, "settings", "settings"), &w) }
        </nav>
    }
}

/// How sync looks: the class, the icon and the words of the corner. Exactly four states, and their
/// name for a workspace that nobody shares.
fn look_of(sync: &SyncState, w: &Words) -> (&'static str, &'static str, AttrValue) {
    let waiting = sync.waiting as usize;
    if sync.need.is_some() || !sync.refused.is_empty() || !sync.unread.is_empty() {
        ("sync--needs", "cloud-off", w.t("sync-needs"))
    } else if !sync.shared {
        ("sync--ok", "tablet", w.t("sync-here"))
    } else if sync.busy && sync.online {
        ("sync--syncing", "refresh-cw", w.t("sync-busy"))
    } else if waiting > 0 {
        (
            "sync--waiting",
            "cloud-upload",
            w.with("sync-waiting", &[("n", waiting.into())]),
        )
    } else if !sync.online {
        // Nothing waits, so nothing is wrong; but "in sync" would claim what nobody confirmed.
        ("sync--ok", "cloud-off", w.t("sync-offline"))
    } else {
        ("sync--ok", "cloud-check", w.t("sync-ok"))
    }
}

/// Sending that is over within this time is not shown: an edit must not make the corner flicker.
const SHOWN_AFTER_MS: i32 = 800;

type Look = (&'static str, &'static str, AttrValue);

/// How sync looks, with short sending left out.
#[hook]
fn use_look() -> Look {
    let w = use_words();
    let store = use_watch(&[Topic::Sync, Topic::Device]);
    let look = look_of(&store.sync(), &w);
    let sending = look.0 == "sync--syncing";
    let long = use_state(|| false);
    let calm = use_mut_ref(|| None::<Look>);
    {
        let long = long.setter();
        use_effect_with(sending, move |sending| {
            long.set(false);
            let timer = sending.then(|| Timer::after(SHOWN_AFTER_MS, move || long.set(true)));
            move || drop(timer)
        });
    }
    if !sending {
        calm.replace(Some(look.clone()));
        return look;
    }
    let before = calm.borrow().clone().filter(|_| !*long);
    before.unwrap_or(look)
}

/// The sync corner.
#[component]
pub fn Corner() -> Html {
    let shell = use_shell();
    let (class, sign, words) = use_look();
    let open = Callback::from(move |_| shell.open(Overlay::Sync));
    html! {
        <button type="button" class={classes!("rail__item", "sync", class)} aria-haspopup="dialog" onclick={open}>
            { icon(sign) }<span>{ words }</span>
        </button>
    }
}

/// The same in the title bar of a phone.
#[component]
pub fn PhoneCorner() -> Html {
    let w = use_words();
    let shell = use_shell();
    let (class, sign, words) = use_look();
    let open = Callback::from(move |_| shell.open(Overlay::Sync));
    let label = w.with("sync-corner", &[("state", words.to_string().into())]);
    html! {
        <button type="button" class={classes!("btn", "btn--icon", "only-phone", "sync", class)} aria-haspopup="dialog" aria-label={label} onclick={open}>
            { icon(sign) }
        </button>
    }
}
