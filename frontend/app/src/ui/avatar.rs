//! Initials: round for a person, square for a company.

use shared::crm::title;
use yew::prelude::*;

/// The initials of a person, 40 pixels.
pub fn avatar(name: &str) -> Html {
    drawn(name, "")
}

/// The initials of a company or a workspace.
pub fn company_avatar(name: &str) -> Html {
    drawn(name, "avatar--company")
}

/// The initials of whoever or whatever it is.
pub fn avatar_of(name: &str, is_company: bool) -> Html {
    if is_company {
        company_avatar(name)
    } else {
        avatar(name)
    }
}

/// Initials with classes of their own.
pub fn drawn(name: &str, class: &'static str) -> Html {
    html! { <span class={classes!("avatar", class)} aria-hidden="true">{ title::initials_of(name) }</span> }
}
