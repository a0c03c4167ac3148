//! What the palette offers, and what happens when it is taken.

use crate::app::shell::{Overlay, Shell};
use crate::browser;
use crate::i18n::Words;
use crate::route::{Nav, Route};
use crate::screens::list;
use crate::store::Store;
use shared::crm::row::Row;
use shared::crm::text::fold;
use shared::crm::{Kind, contact, deal};
use shared::id::RecordId;
use yew::AttrValue;

/// What happens when an offer is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Deed {
    /// Open a record.
    Record(Route),
    /// Search in the list of a type.
    List(Kind),
    /// Go to a screen.
    Screen(Route),
    /// Begin a new record.
    New(Kind),
    /// Share the workspace.
    Share,
    /// Show the sync panel.
    Sync,
    /// The other theme.
    Theme,
}

/// A line of the palette.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    pub deed: Deed,
    pub kind: Option<Kind>,
    pub name: AttrValue,
    pub sub: AttrValue,
    pub sign: &'static str,
}

impl Offer {
    /// The offer to open a record.
    pub fn of_record(row: &Row, store: &Store, words: &Words) -> Option<Offer> {
        let route = Route::of_record(row.kind, row.id)?;
        let name = row.title();
        let sub = match row.kind {
            Kind::Contact => company_name(row.link(&contact::COMPANY), store),
            Kind::Deal => match row.money(&deal::AMOUNT) {
                Some(money) => join(
                    &company_name(row.link(&deal::COMPANY), store),
                    &words.money(money),
                ),
                None => company_name(row.link(&deal::COMPANY), store),
            },
            Kind::Company => row.text(&shared::crm::company::CITY).to_owned().into(),
            Kind::Activity | Kind::Member => AttrValue::default(),
        };
        Some(Offer {
            deed: Deed::Record(route),
            kind: Some(row.kind),
            name: if name.is_empty() {
                words.choice("kind", row.kind.name())
            } else {
                name.into()
            },
            sub,
            sign: "search",
        })
    }
}

fn company_name(id: Option<RecordId>, store: &Store) -> AttrValue {
    id.map(|id| store.title(id)).unwrap_or_default()
}

fn join(a: &str, b: &str) -> AttrValue {
    if a.is_empty() {
        b.to_owned().into()
    } else {
        format!("{a} · {b}").into()
    }
}

/// The lists that find what was typed, and how much of it.
pub fn list_offers(typed: &str, store: &Store, words: &Words) -> Vec<Offer> {
    let offer = |kind: Kind| {
        let n = store.searched(|haystack| haystack.search(kind, typed).len());
        let all = words.with(&format!("list-{}-count", kind.name()), &[("n", n.into())]);
        (n > 0).then(|| Offer {
            deed: Deed::List(kind),
            kind: None,
            name: words.with("palette-all", &[("all", all.to_string().into())]),
            sub: AttrValue::default(),
            sign: "search",
        })
    };
    let lists = [Kind::Contact, Kind::Company];
    lists.into_iter().filter_map(offer).collect()
}

/// Screens and actions whose words begin with what was typed; all of them when nothing was.
pub fn plain_offers(typed: &str, words: &Words) -> Vec<Offer> {
    let all = [
        (
            Deed::Screen(Route::Contacts(None)),
            "palette-contacts",
            "users",
        ),
        (
            Deed::Screen(Route::Companies(None)),
            "palette-companies",
            "building-2",
        ),
        (Deed::Screen(Route::Deals), "palette-deals", "square-kanban"),
        (
            Deed::Screen(Route::Settings),
            "palette-settings",
            "settings",
        ),
        (Deed::Screen(Route::Import), "palette-import", "download"),
        (Deed::New(Kind::Contact), "palette-new-contact", "plus"),
        (Deed::New(Kind::Company), "palette-new-company", "plus"),
        (Deed::New(Kind::Deal), "board-new", "plus"),
        (Deed::Share, "palette-share", "share"),
        (Deed::Sync, "palette-sync", "refresh-cw"),
        (Deed::Theme, "palette-theme", "circle-dot"),
    ];
    let typed = fold(typed);
    let wanted: Vec<&str> = typed.split_whitespace().collect();
    let fits = |name: &str| {
        let name = fold(name);
        wanted
            .iter()
            .all(|word| name.split_whitespace().any(|own| own.starts_with(word)))
    };
    all.into_iter()
        .map(|(deed, key, sign)| Offer {
            deed,
            kind: None,
            name: words.t(key),
            sub: AttrValue::default(),
            sign,
        })
        .filter(|offer| fits(&offer.name))
        .collect()
}

/// Does what an offer for what was typed says.
pub fn perform(deed: Deed, typed: &str, nav: &Nav, shell: &Shell) {
    shell.close();
    match deed {
        Deed::Record(route) | Deed::Screen(route) => nav.go(route),
        Deed::List(kind) => {
            list::search(kind, typed);
            nav.go(match kind {
                Kind::Company => Route::Companies(None),
                Kind::Contact | Kind::Deal | Kind::Activity | Kind::Member => Route::Contacts(None),
            });
        }
        Deed::New(kind) => {
            nav.go(match kind {
                Kind::Company => Route::Companies(None),
                Kind::Deal => Route::Deals,
                Kind::Contact | Kind::Activity | Kind::Member => Route::Contacts(None),
            });
            press_create();
        }
        Deed::Share => shell.open(Overlay::Share),
        Deed::Sync => shell.open(Overlay::Sync),
        Deed::Theme => crate::screens::settings::switch_theme(),
    }
}

/// Presses what the screen offers for the key `c`, once it is drawn.
fn press_create() {
    let timer = browser::Timer::after(60, || {
        let marked = browser::window()
            .document()
            .and_then(|document| document.query_selector("[data-key='c']").ok().flatten());
        if let Some(button) = marked.and_then(|element| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(element).ok()
        }) {
            button.click();
        }
    });
    // the palette that asked is gone by then
    std::mem::forget(timer);
}
