//! A record that is not there: not on this device, or deleted.

use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Empty;
use shared::crm::Kind;
use shared::crm::command::Edit;
use shared::crm::row::Presence;
use shared::id::RecordId;
use yew::prelude::*;

/// What stands in the place of a record that is not there.
pub fn gone(store: &Store, id: RecordId, kind: Kind, w: &Words) -> Html {
    let row = store.row(id).filter(|row| row.kind == kind);
    let content = match row.as_ref().map(|row| row.presence) {
        Some(Presence::Deleted(mark)) => {
            let who = store.person_name(mark.by).unwrap_or_else(|| w.t("someone"));
            let title = w.with(
                "deleted-title",
                &[("name", store.title(id).to_string().into())],
            );
            let text = w.with(
                "deleted-by",
                &[
                    ("who", who.to_string().into()),
                    ("when", w.ago(mark.at).to_string().into()),
                ],
            );
            let restore = {
                let (store, words) = (store.clone(), w.t("restored"));
                Callback::from(move |_: MouseEvent| {
                    store.edit(vec![Edit::restore(id)], Some(words.clone()));
                })
            };
            html! {
                <Empty icon="undo-2" {title} {text}>
                    <button type="button" class="btn btn--primary" onclick={restore}>{ w.t("restore") }</button>
                </Empty>
            }
        }
        // Rows are still coming: nothing is said that may be wrong in a moment.
        None if !store.is_loaded() => html! {},
        Some(Presence::There | Presence::Restored(_)) | None => html! {
            <Empty icon="search" title={w.t("record-missing")} text={w.t("problem-no-such-record")} />
        },
    };
    html! { <div class="rec rec--none">{ content }</div> }
}
