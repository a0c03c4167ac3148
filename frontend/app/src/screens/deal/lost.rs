//! Why a deal was lost: one reason, which nobody gives for the person, and a line of one's own.

use crate::browser::now;
use crate::i18n::use_words;
use crate::screens::titles::title;
use crate::store::use_store;
use crate::ui::icon::small_icon;
use crate::ui::{Dialog, use_draft};
use shared::crm::board::moves;
use shared::crm::deal::{self, LOST_REASONS};
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
    let missing = use_state_eq(|| false);
    let row = store.row(props.deal);
    let name = row.as_ref().map(|row| title(row, &words));
    let name = name.unwrap_or_default().to_string();
    let company = row.as_ref().and_then(|row| row.link(&deal::COMPANY));
    let company = company.map(|company| store.title(company));
    let amount = row.as_ref().and_then(|row| row.money(&deal::AMOUNT));
    let facts = company.into_iter().chain(amount.map(|it| words.money(it)));
    let facts: Vec<AttrValue> = facts.filter(|fact| !fact.is_empty()).collect();
    let chosen = draft.value("reason");
    let mut known = LOST_REASONS.iter().copied();
    let reason = known.find(|reason| chosen.as_deref() == Some(reason));
    let is_missing = *missing && reason.is_none();
    let detail = draft.text("detail", "");
    let mark = {
        let (words, store, draft) = (words.clone(), store.clone(), draft.clone());
        let (name, detail, missing) = (name.clone(), detail.clone(), missing.setter());
        let (deal, on_close) = (props.deal, props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(reason) = reason else {
                return missing.set(true);
            };
            let said = words.with("deal-was-lost", &[("name", name.clone().into())]);
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
                <input type="radio" name="reason" checked={reason == Some(own)} {onchange} />{ words.choice("lost_reason", own) }
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
        <Dialog title={words.with("deal-why-lost", &[("name", name.into())])} onclose={close} keep={!detail.is_empty()} {foot}>
            if !facts.is_empty() {
                <p class="muted">{ facts.join(" · ") }</p>
            }
            <div>
                <fieldset class="group" role="radiogroup" aria-required="true" aria-invalid={is_missing.to_string()}
                    aria-describedby={is_missing.then_some("lost-hint")}>
                    <legend class="vh">{ words.t("deal-reason") }</legend>
                    <div class="group__body">{ for LOST_REASONS.iter().copied().map(choice) }</div>
                </fieldset>
                if is_missing {
                    <p id="lost-hint" class="hint hint--wrong" role="alert">
                        { small_icon("circle-alert") }<span>{ words.t("deal-lost-needs-reason") }</span>
                    </p>
                }
            </div>
            <label>
                <span class="label">{ words.t("deal-detail") }</span>
                <textarea class="input" rows="2" maxlength="500" value={detail} oninput={draft.typing("detail")} />
            </label>
        </Dialog>
    }
}
