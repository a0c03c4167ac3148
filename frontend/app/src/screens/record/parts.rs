//! The parts of a record page, for a screen that puts them together in its own way.

use super::Page;
use super::next::NextUp;
use super::timeline::Timeline;
use shared::crm::field::Field;
use yew::prelude::*;

pub use super::gone::gone;
pub use super::others::others;

/// What's next.
pub fn next_up(page: &Page) -> Html {
    html! { <NextUp page={page.clone()} /> }
}

/// A field that holds one value, or tags.
pub fn field_row(page: &Page, field: &'static Field) -> Html {
    super::fields::field_row(page, field)
}

/// The notes.
pub fn notes(page: &Page) -> Html {
    super::notes::notes(page)
}

/// The timeline.
pub fn timeline(page: &Page) -> Html {
    html! { <Timeline page={page.clone()} /> }
}

/// Everything that was ever written to the record.
pub fn history(page: &Page, onclose: Callback<()>) -> Html {
    super::history::history_dialog(page, onclose)
}
