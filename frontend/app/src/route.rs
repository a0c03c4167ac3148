//! Which screen an address means, and how to get there.

use crate::browser::{Listener, over, window};
use shared::bridge::JoinLink;
use shared::crm::Kind;
use shared::id::RecordId;
use wasm_bindgen::JsValue;
use yew::prelude::*;

/// The id of no record.
const NOWHERE: RecordId = RecordId([0; 16]);

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// The list of contacts, and one of them.
    Contacts(Option<RecordId>),
    /// The list of companies, and one of them.
    Companies(Option<RecordId>),
    /// The board of deals.
    Deals,
    /// A deal.
    Deal(RecordId),
    /// Bringing records from a file.
    Import,
    /// Language, theme, device, workspaces, data.
    Settings,
    /// Joining a workspace by the link in the address's fragment.
    Join,
}

impl Route {
    /// The screen of a path; the contacts for one that is not known. What is no id leads to a record
    /// that is nowhere, whose screen says so.
    pub fn of_path(path: &str) -> Route {
        let mut parts = path.trim_matches('/').splitn(2, '/');
        let screen = parts.next().unwrap_or_default();
        let id = parts.next().map(|id| id.parse().unwrap_or(NOWHERE));
        match (screen, id) {
            ("companies", id) => Route::Companies(id),
            ("deals", None) => Route::Deals,
            ("deals", Some(id)) => Route::Deal(id),
            ("import", _) => Route::Import,
            ("settings", _) => Route::Settings,
            ("join", _) => Route::Join,
            (_, id) => Route::Contacts(id.filter(|_| screen == "contacts")),
        }
    }

    /// The path of a screen.
    pub fn path(self) -> String {
        match self {
            Route::Contacts(None) => "/contacts".into(),
            Route::Contacts(Some(id)) => format!("/contacts/{id}"),
            Route::Companies(None) => "/companies".into(),
            Route::Companies(Some(id)) => format!("/companies/{id}"),
            Route::Deals => "/deals".into(),
            Route::Deal(id) => format!("/deals/{id}"),
            Route::Import => "/import".into(),
            Route::Settings => "/settings".into(),
            Route::Join => "/join".into(),
        }
    }

    /// The screen of a record, where its type has one.
    pub fn of_record(kind: Kind, id: RecordId) -> Option<Route> {
        match kind {
            Kind::Contact => Some(Route::Contacts(Some(id))),
            Kind::Company => Some(Route::Companies(Some(id))),
            Kind::Deal => Some(Route::Deal(id)),
            Kind::Activity | Kind::Member => None,
        }
    }
}

/// The address, where it holds a join link: in its fragment, or wherever a filter of mails put it.
pub fn join_link() -> Option<String> {
    let address = window().location().href().ok()?;
    JoinLink::is_in(&address).then_some(address)
}

fn current() -> Route {
    if join_link().is_some() {
        return Route::Join;
    }
    Route::of_path(&window().location().pathname().unwrap_or_default())
}

/// Where the page is, and ways to other screens.
#[derive(Clone, PartialEq)]
pub struct Nav {
    /// The screen shown.
    pub route: Route,
    go: Callback<(Route, bool)>,
}

impl Nav {
    /// Goes to a screen; back leads here again.
    pub fn go(&self, route: Route) {
        self.go.emit((route, false));
    }

    /// Goes to a screen instead of this one.
    pub fn replace(&self, route: Route) {
        self.go.emit((route, true));
    }

    /// The same once something has come of what was done here, unless the person went elsewhere
    /// meanwhile: where they are by then counts.
    pub fn replace_if_here(&self, route: Route) {
        if current() == self.route {
            self.replace(route);
        }
    }

    /// Goes back where the person came from, or to `otherwise` when this is where they started.
    pub fn back(&self, otherwise: Route) {
        let history = window().history();
        let came_from_here = history
            .as_ref()
            .ok()
            .and_then(|history| history.state().ok())
            .is_some_and(|state| state.is_truthy());
        match history {
            Ok(history) if came_from_here => {
                let _ = history.back();
            }
            Ok(_) | Err(_) => self.go(otherwise),
        }
    }
}

/// Where the page is. For the app, which provides it to all others.
#[hook]
pub fn use_nav_root() -> Nav {
    let route = use_state(current);
    let shown = use_mut_ref(current);
    shown.replace(*route);
    {
        let route = route.setter();
        use_effect_with((), move |()| {
            let set = route.clone();
            let on_pop = Listener::on("popstate", move |_| {
                if join_link().is_none() && over::leave() {
                    // The step led out of what lay over the screen, which stays.
                    enter(*shown.borrow());
                } else {
                    set.set(current());
                }
            });
            let on_hash = Listener::on("hashchange", move |_| route.set(current()));
            move || drop((on_pop, on_hash))
        });
    }
    let setter = route.setter();
    let go = use_callback((), move |(to, replace): (Route, bool), ()| {
        if replace && let Ok(history) = window().history() {
            let state = history.state().unwrap_or(JsValue::NULL);
            let _ = history.replace_state_with_url(&state, "", Some(&to.path()));
        } else if current() != to || join_link().is_some() {
            enter(to);
        }
        setter.set(to);
    });
    Nav { route: *route, go }
}

/// Goes one step further in the browser's history.
fn enter(route: Route) {
    if let Ok(history) = window().history() {
        // A truthy state marks entries that have one of ours before them.
        let _ = history.push_state_with_url(&JsValue::TRUE, "", Some(&route.path()));
    }
}

/// Where the page is, and ways to other screens.
#[hook]
pub fn use_nav() -> Nav {
    use_context::<Nav>().expect("the app provides navigation")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_survives_its_path() {
        let id = RecordId([7; 16]);
        for route in [
            Route::Contacts(None),
            Route::Contacts(Some(id)),
            Route::Companies(Some(id)),
            Route::Deals,
            Route::Deal(id),
            Route::Import,
            Route::Settings,
            Route::Join,
        ] {
            assert_eq!(Route::of_path(&route.path()), route);
        }
    }

    #[test]
    fn an_unknown_path_means_the_contacts() {
        for path in ["", "/", "/nowhere", "/nowhere/else", "/contacts/"] {
            assert_eq!(Route::of_path(path), Route::Contacts(None), "{path}");
        }
    }

    #[test]
    fn an_address_of_no_record_is_not_the_list() {
        let nowhere = Some(NOWHERE);
        let id = RecordId([7; 16]).to_string();
        for path in [
            "/contacts/zzz".into(),
            format!("/contacts/{id}."),
            "/contacts/a/b".into(),
        ] {
            assert_eq!(Route::of_path(&path), Route::Contacts(nowhere), "{path}");
        }
        assert_eq!(Route::of_path("/companies/zzz"), Route::Companies(nowhere));
        assert_eq!(Route::of_path("/deals/zzz"), Route::Deal(NOWHERE));
    }
}
