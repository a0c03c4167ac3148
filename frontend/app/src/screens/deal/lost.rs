//! Why a deal was lost: one reason, and a line of one's own.

use crate::browser::now;
use crate::i18n::use_words;
use crate::screens::titles::deal_title;
use crate::store::use_store;
use crate::ui::Dialog;
use shared::crm::board::moves;
use shared::crm::deal::LOST_REASONS;
use shared::id::RecordId;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct LostDialogProps {
    pub deal: RecordId,
    pub on_close: Callback<()>,
}

/// Asks for the reason and marks the deal as lost.
#[component]
pub fn LostDialog(props: &LostDialogProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let reason = use_state_eq(|| LOST_REASONS[0]);
    let detail = use_state_eq(String::new);
    let mark = {
        let (words, store, reason, detail) =
            (words.clone(), store.clone(), *reason, detail.clone());
        let (deal, on_close) = (props.deal, props.on_close.clone());
        Callback::from(move |_: MouseEvent| {
            let name = store
                .row(deal)
                .map(|row| deal_title(&row, &words))
                .unwrap_or_default();
            let said = words.with("deal-was-lost", &[("name", name.to_string().into())]);
            store.edit(vec![moves::lost(deal, reason, &detail, now())], Some(said));
            on_close.emit(());
        })
    };
    let on_type = {
        let detail = detail.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(area) = event
                .target()
                .and_then(|area| area.dyn_into::<HtmlTextAreaElement>().ok())
            {
                detail.set(area.value());
            }
        })
    };
    let choice = |own: &'static str| {
        let chosen = reason.setter();
        let onchange = Callback::from(move |_: Event| chosen.set(own));
        html! {
            <label key={own} class="choice">
                <input type="radio" name="reason" checked={*reason == own} {onchange} />{ words.choice("lost_reason", own) }
            </label>
        }
    };
    let cancel = props.on_close.reform(|_: MouseEvent| ());
    let foot = html! {
        <>
            <button type="button" class="btn" onclick={cancel}>{ words.t("cancel") }</button>
            <button type="button" class="btn btn--danger" onclick={mark}>{ words.t("deal-mark-lost") }</button>
        </>
    };
    html! {
        <Dialog title={words.t("deal-why-lost")} onclose={props.on_close.clone()} keep={!detail.is_empty()} {foot}>
            <fieldset class="group">
                <legend class="vh">{ words.t("deal-reason") }</legend>
                <div class="group__body">{ for LOST_REASONS.iter().map(|own| choice(own)) }</div>
            </fieldset>
            <label>
                <span class="label">{ words.t("deal-detail") }</span>
                <textarea class="input" rows="2" maxlength="500" value={(*detail).clone()} oninput={on_type} />
            </label>
        </Dialog>
    }
}
