//! A new deal: a name is enough; it stands on top of its column.

use crate::browser::{new_record_id, now};
use crate::i18n::use_words;
use crate::route::{Route, use_nav};
use crate::store::use_store;
use crate::ui::icon::small_icon;
use crate::ui::{Candidate, Dialog, Picker, use_draft, value};
use shared::crm::board::{columns, moves};
use shared::crm::command::{Edit, Write};
use shared::crm::pipeline::{STAGES, stage};
use shared::crm::text::clean;
use shared::crm::{Kind, company, deal};
use shared::id::RecordId;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// The form, among those of a workspace.
pub const NEW_DEAL: &str = "new-deal";

#[derive(Properties, PartialEq)]
pub struct NewDealProps {
    pub on_close: Callback<()>,
    /// The company it is for, when it is made from there.
    #[prop_or_default]
    pub company: Option<RecordId>,
    /// The contact it is with, when it is made from there.
    #[prop_or_default]
    pub contact: Option<RecordId>,
}

/// Asks for name, amount, company and stage.
#[component]
pub fn NewDeal(props: &NewDealProps) -> Html {
    let (words, store, nav) = (use_words(), use_store(), use_nav());
    let draft = use_draft(store.form(NEW_DEAL));
    let [name, amount] = ["name", "amount"].map(|of| draft.text(of, ""));
    let firm = draft
        .value("company")
        .map_or(props.company, |firm| firm.parse().ok());
    let at = draft.text("stage", STAGES[0].key);
    let wrong = use_state_eq(|| None::<(&'static str, AttrValue)>);
    let picking = use_state_eq(|| false);

    let onsubmit = {
        let (words, store, nav) = (words.clone(), store.clone(), nav.clone());
        let (name, amount, at, wrong) = (name.clone(), amount.clone(), at.clone(), wrong.setter());
        let draft = draft.clone();
        let (contact, on_close) = (props.contact, props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let called = clean(&name);
            if called.is_empty() {
                return wrong.set(Some(("name", words.t("deal-new-needs-name"))));
            }
            let worth = match value::read(&amount, Kind::Deal, &deal::AMOUNT, None, &words) {
                Ok(worth) => worth,
                Err(sentence) => return wrong.set(Some(("amount", sentence))),
            };
            let (id, now) = (new_record_id(), now());
            let stage = stage(&at);
            let column = columns(store.rows(Kind::Deal).iter().cloned())
                .into_iter()
                .find(|column| column.stage == stage)
                .map(|column| column.deals)
                .unwrap_or_default();
            let mut writes = vec![Write::put(deal::NAME.key, called.clone())];
            writes.extend(moves::on_top(id, stage, &column, now));
            writes.extend(worth.map(|worth| Write::put(deal::AMOUNT.key, worth.to_stored())));
            writes.extend(firm.map(|firm| Write::put(deal::COMPANY.key, firm.to_string())));
            writes.extend(
                store
                    .me()
                    .map(|me| Write::put(deal::OWNER.key, me.to_string())),
            );
            writes.extend(contact.map(|contact| {
                let item = shared::crm::row::Item {
                    key: contact.to_string(),
                    label: String::new(),
                    text: String::new(),
                };
                Write::put_item(deal::CONTACTS.key, &item)
            }));
            let said = words.with("deal-new-made", &[("name", called.into())]);
            let edits = vec![Edit::make(id, Kind::Deal, writes)];
            store.edit_then(edits, Some(said), draft.sent());
            on_close.emit(());
            nav.go(Route::Deal(id));
        })
    };
    let typing = |of: &'static str| {
        let (keep, wrong) = (draft.typing(of), wrong.setter());
        Callback::from(move |event: InputEvent| {
            keep.emit(event);
            wrong.set(None);
        })
    };
    let onstage = {
        let draft = draft.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event
                .target()
                .and_then(|select| select.dyn_into::<HtmlSelectElement>().ok())
            {
                draft.put("stage", &select.value());
            }
        })
    };
    let show_picker = |on: bool| {
        let picking = picking.setter();
        Callback::from(move |()| picking.set(on))
    };
    if *picking {
        return html! { <PickCompany on_close={show_picker(false)} on_pick={{
            let (draft, picking) = (draft.clone(), picking.setter());
            Callback::from(move |id: Option<RecordId>| {
                draft.put("company", &id.map(|id| id.to_string()).unwrap_or_default());
                picking.set(false);
            })
        }} /> };
    }
    let close = {
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |()| {
            draft.forget();
            on_close.emit(());
        })
    };
    let cancel = close.reform(|_: MouseEvent| ());
    let select_all = |event: FocusEvent| {
        if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
            input.select();
        }
    };
    let foot = html! {
        <>
            <button type="button" class="btn" onclick={cancel}>{ words.t("cancel") }</button>
            <button type="submit" form="new-deal" class="btn btn--primary">{ words.t("deal-new-make") }</button>
        </>
    };
    let hint = |field: &str| {
        wrong.as_ref().filter(|(own, _)| *own == field).map(|(own, sentence)| html! {
            <p id={format!("new-{own}-hint")} class="hint hint--wrong" role="alert">{ small_icon("circle-alert") }{ sentence.clone() }</p>
        })
    };
    let bad = |field: &str| wrong.as_ref().is_some_and(|(own, _)| *own == field);
    let company = firm
        .map(|id| store.title(id))
        .unwrap_or_else(|| words.t("deal-new-company-none"));
    html! {
        <Dialog title={words.t("deal-new-title")} onclose={close} keep={!name.is_empty() || !amount.is_empty()} {foot}>
            <form id="new-deal" class="form" {onsubmit} novalidate=true>
                <div>
                    <label class="label" for="new-name">{ words.t("deal-new-name") }</label>
                    <input id="new-name" class={classes!("input", bad("name").then_some("is-wrong"))} data-focus="true" maxlength="500" autocomplete="off"
                        placeholder={words.t("deal-new-name-example")} value={name.clone()} oninput={typing("name")}
                        aria-invalid={bad("name").to_string()} aria-describedby={bad("name").then_some("new-name-hint")} />
                    { hint("name").unwrap_or_default() }
                </div>
                <div>
                    <label class="label" for="new-amount">{ words.t("deal-new-amount") }</label>
                    <input id="new-amount" class={classes!("input", bad("amount").then_some("is-wrong"))} inputmode="decimal" maxlength="40" autocomplete="off"
                        value={amount.clone()} oninput={typing("amount")} onfocus={select_all}
                        aria-invalid={bad("amount").to_string()} aria-describedby={bad("amount").then_some("new-amount-hint")} />
                    { hint("amount").unwrap_or_default() }
                </div>
                <div>
                    <span class="label" id="new-company">{ words.t("deal-new-company") }</span>
                    <button type="button" class="input" aria-labelledby="new-company new-company-name" onclick={show_picker(true).reform(|_: MouseEvent| ())}>
                        <span class="clip form__grow" id="new-company-name">{ company }</span>{ small_icon("chevron-down") }
                    </button>
                </div>
                <div>
                    <label class="label" for="new-stage">{ words.t("deal-new-stage") }</label>
                    <span class="input select">
                        <select id="new-stage" onchange={onstage}>
                            for stage in STAGES {
                                <option key={stage.key} value={stage.key} selected={at == stage.key}>{ words.choice("stage", stage.key) }</option>
                            }
                        </select>
                        { small_icon("chevron-down") }
                    </span>
                </div>
            </form>
        </Dialog>
    }
}

#[derive(Properties, PartialEq)]
pub struct PickCompanyProps {
    pub on_close: Callback<()>,
    /// `None` takes the link away.
    pub on_pick: Callback<Option<RecordId>>,
}

/// Chooses a company, or makes one of what was typed.
#[component]
pub fn PickCompany(props: &PickCompanyProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let find = {
        let store = store.clone();
        Callback::from(move |typed: String| {
            let found = store.searched(|haystack| haystack.search(Kind::Company, &typed));
            let candidate = |id: RecordId| {
                let row = store.row(id)?;
                Some(Candidate {
                    id,
                    name: row.title().into(),
                    sub: row.text(&company::CITY).to_owned().into(),
                })
            };
            found.into_iter().take(8).filter_map(candidate).collect()
        })
    };
    let create = {
        let (store, on_pick) = (store, props.on_pick.clone());
        Callback::from(move |name: String| {
            let id = new_record_id();
            let writes = vec![Write::put(company::NAME.key, clean(&name))];
            store.edit(vec![Edit::make(id, Kind::Company, writes)], None);
            on_pick.emit(Some(id));
        })
    };
    html! {
        <Picker title={words.t("deal-new-company")} company={true} {find} onpick={props.on_pick.reform(Some)}
            oncreate={create} onremove={props.on_pick.reform(|()| None)} onclose={props.on_close.clone()} />
    }
}
