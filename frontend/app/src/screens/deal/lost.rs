//! Why a deal was lost: one reason, and a line of one's own.

use crate::browser::now;
use crate::i18n::use_words;
use crate::screens::titles::title;
use crate::store::use_store;
use crate::ui::{Dialog, use_draft};
use shared::crm::board::moves;
use shared::crm::deal::LOST_REASONS;
use shared::id::RecordId;
use yew::prelude::*;

/// The form, among those of a deal.
pub const LOST: &str = "lost";

#[derive(Properties, PartialEq)]
pub struct LostDialogProps {
    pub deal: RecordId,
    pub on_close: Callback<()>,
}

/// Asks for the reason and marks the deal as lost.
#[component]
pub fn LostDialog(props: &LostDialogProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let draft = use_draft(store.form_of(props.deal, LOST));
    let chosen = draft.value("reason");
    let known = LOST_REASONS.iter().copied();
    let reason = known
        .clone()
        .find(|reason| chosen.as_deref() == Some(reason))
        .unwrap_or(LOST_REASONS[0]);
    let detail = draft.text("detail", "");
    let mark = {
        let (words, store, draft) = (words.clone(), store.clone(), draft.clone());
        let detail = detail.clone();
        let (deal, on_close) = (props.deal, props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let name = store
                .row(deal)
                .map(|row| title(&row, &words))
                .unwrap_or_default();
            let said = words.with("deal-was-lost", &[("name", name.to_string().into())]);
            let edits = vec![moves::lost(deal, reason, &detail, now())];
            store.edit_then(edits, Some(said), draft.sent());
            on_close.emit(());
        })
    };
    let close = {
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |()| {
            draft.forget();
            on_close.emit(());
        })
    };
    let choice = |own: &'static str| {
        let draft = draft.clone();
        let onchange = Callback::from(move |_: Event| draft.put("reason", own));
        html! {
            <label key={own} class="choice">
                <input type="radio" name="reason" checked={reason == own} {onchange} />{ words.choice("lost_reason", own) }
            </label>
        }
    };
    let cancel = close.reform(|_: MouseEvent| ());
    let foot = html! {
        <>
            <button type="button" class="btn" onclick={cancel}>{ words.t("cancel") }</button>
            <button type="button" class="btn btn--danger" onclick={mark}>{ words.t("deal-mark-lost") }</button>
        </>
    };
    html! {
        <Dialog title={words.t("deal-why-lost")} onclose={close} keep={!detail.is_empty()} {foot}>
            <fieldset class="group">
                <legend class="vh">{ words.t("deal-reason") }</legend>
                <div class="group__body">{ for known.map(choice) }</div>
            </fieldset>
            <label>
                <span class="label">{ words.t("deal-detail") }</span>
                <textarea class="input" rows="2" maxlength="500" value={detail} oninput={draft.typing("detail")} />
            </label>
        </Dialog>
    }
}
