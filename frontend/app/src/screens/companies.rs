//! Companies: the list, and one of them.

use super::list::ListAndRecord;
use shared::crm::Kind;
use shared::id::RecordId;
use yew::prelude::*;

/// The screen of companies, with the one that is open.
pub fn companies(record: Option<RecordId>) -> Html {
    html! { <ListAndRecord kind={Kind::Company} {record} /> }
}
