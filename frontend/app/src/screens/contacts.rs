//! Contacts: the list, and one of them.

use super::list::ListAndRecord;
use shared::crm::Kind;
use shared::id::RecordId;
use yew::prelude::*;

/// The screen of contacts, with the one that is open.
pub fn contacts(record: Option<RecordId>) -> Html {
    html! { <ListAndRecord kind={Kind::Contact} {record} /> }
}
