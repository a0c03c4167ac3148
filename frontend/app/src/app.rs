//! The page as a whole: contexts, the rail, the screen of the address, toasts and keys.

mod day;
mod keys;
mod links;
pub mod rail;
pub mod shell;
mod toasts;

use crate::browser;
use crate::i18n::{Lang, Words};
use crate::route::{Nav, Route, use_nav_root};
use crate::screens::companies::companies;
use crate::screens::contacts::contacts;
use crate::screens::deal::Deal;
use crate::screens::deals::Deals;
use crate::screens::first_visit::FirstVisit;
use crate::screens::import::Import;
use crate::screens::join::Join;
use crate::screens::palette::Palette;
use crate::screens::settings::Settings;
use crate::screens::share::Share;
use crate::screens::sync::{SyncPanel, SyncStrip};
use crate::store::{Store, Topic, use_watch};
use crate::ui::focus::use_kept_focus;
use crate::ui::{Empty, problem};
use shell::{Overlay, Shell};
use yew::prelude::*;

/// The page.
#[component]
pub fn App() -> Html {
    let lang = use_state(Lang::preferred);
    let choose = use_callback(lang.setter(), |chosen: Lang, set| {
        browser::remember("terrain.language", Some(chosen.tag()));
        set.set(chosen);
    });
    let words = use_memo(*lang, |lang| {
        browser::set_root_attribute("lang", Some(lang.tag()));
        Words::new(*lang, choose)
    });
    let day = day::use_day();
    let store = use_memo((), |()| Store::start(lang.tag()));
    let nav = use_nav_root();
    html! {
        <ContextProvider<Words> context={words.on(day)}>
            <ContextProvider<Store> context={(*store).clone()}>
                <ContextProvider<Nav> context={nav}>
                    <Frame />
                </ContextProvider<Nav>>
            </ContextProvider<Store>>
        </ContextProvider<Words>>
    }
}

/// What stands around the screen, once it is known who and where.
#[component]
fn Frame() -> Html {
    let store = use_watch(&[Topic::Device, Topic::Blocked, Topic::Found]);
    let nav = crate::route::use_nav();
    let words = crate::i18n::use_words();
    let overlay = use_state(|| Overlay::None);
    let drawer = use_state(|| false);
    let shell = Shell {
        overlay: (*overlay).clone(),
        drawer: *drawer,
        set_overlay: use_callback(overlay.setter(), |overlay, set| set.set(overlay)),
        set_drawer: use_callback(drawer.setter(), |open, set| set.set(open)),
    };
    links::use_links(&nav);
    keys::use_keys(&shell);
    use_kept_focus();
    use_title(nav.route, &words);
    if let Some(problem) = store.blocked() {
        let name = problem::name_of(&problem);
        let reload = Callback::from(|_| {
            let _ = browser::window().location().reload();
        });
        return html! {
            <main class="hello">
                <Empty icon="hard-drive" red=true title={words.t(&format!("title-{name}"))} text={problem::words_of(&problem, &words)}>
                    <button type="button" class="btn btn--primary" onclick={reload}>{ words.t("reload") }</button>
                </Empty>
            </main>
        };
    }
    let Some(device) = store.device() else {
        // The engine answers within a few frames: nothing is drawn that would only flash.
        return html! { <main class="hello" aria-busy="true"></main> };
    };
    let begun = device.open.is_some() && !device.person_name.is_empty();
    let is_alone = matches!(nav.route, Route::Contacts(None) | Route::Companies(None));
    let list = (*drawer || is_alone).then_some("is-list");
    html! {
        <ContextProvider<Shell> context={shell}>
            if begun {
                <div class={classes!("app", list, is_alone.then_some("is-alone"))}>
                    <rail::Rail />
                    <main class="app__main">
                        <key={store.found_count()}>{ screen(nav.route) }</>
                        <SyncStrip />
                        <toasts::Toasts />
                    </main>
                    <rail::TabBar />
                </div>
                { overlays(&overlay) }
            } else {
                { beginning(nav.route) }
            }
            <div id="dialogs"></div>
            <toasts::Heard />
        </ContextProvider<Shell>>
    }
}

/// The title says which screen it is and never which record: the browser keeps titles in its history,
/// where customers' names do not belong.
#[hook]
fn use_title(route: Route, words: &Words) {
    let screen = match route {
        Route::Contacts(None) => words.t("list-contact"),
        Route::Contacts(Some(_)) => words.choice("kind", "contact"),
        Route::Companies(None) => words.t("list-company"),
        Route::Companies(Some(_)) => words.choice("kind", "company"),
        Route::Deals => words.t("deals"),
        Route::Deal(_) => words.choice("kind", "deal"),
        Route::Import => words.t("import-contacts"),
        Route::Settings => words.t("settings"),
        Route::Join => AttrValue::default(),
    };
    use_effect_with(screen, |screen| {
        let gap = if screen.is_empty() { "" } else { " · " };
        if let Some(document) = browser::window().document() {
            document.set_title(&format!("{screen}{gap}Terrain"));
        }
    });
}

fn screen(route: Route) -> Html {
    match route {
        Route::Contacts(record) => contacts(record),
        Route::Companies(record) => companies(record),
        Route::Deals => html! { <Deals /> },
        Route::Deal(record) => html! { <Deal {record} key={record.to_string()} /> },
        Route::Import => html! { <Import /> },
        Route::Settings => html! { <Settings /> },
        Route::Join => html! { <Join /> },
    }
}

/// Before there is a name or a workspace: the first visit, or the link that led here.
fn beginning(route: Route) -> Html {
    if route == Route::Join {
        return html! { <main><Join /></main> };
    }
    html! { <FirstVisit /> }
}

/// What lies over the screen.
fn overlays(overlay: &Overlay) -> Html {
    match overlay {
        Overlay::None => html! {},
        Overlay::Keys => html! { <keys::KeysDialog /> },
        Overlay::Sync => html! { <SyncPanel /> },
        Overlay::Palette => html! { <Palette /> },
        Overlay::Share => html! { <Share /> },
    }
}
