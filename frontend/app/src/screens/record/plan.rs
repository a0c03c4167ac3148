//! One sheet for an activity: log a visit that was made (with what comes next), plan one, or change
//! a planned one.

use super::Page;
use crate::browser;
use crate::i18n::Words;
use crate::ui::field::fresh_id;
use crate::ui::icon::small_icon;
use crate::ui::{Dialog, Seg, draft, use_draft, value};
use shared::crm::command::{Edit, Write};
use shared::crm::input::{self, Yearless};
use shared::crm::row::{Row, Value};
use shared::crm::{Kind, activity, contact, deal};
use shared::id::RecordId;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// What the sheet is for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Planning {
    /// Something was done just now.
    Log,
    /// Something is planned.
    New,
    /// A planned activity is changed.
    Change(RecordId),
}

/// Properties of [`PlanDialog`].
#[derive(PartialEq, Properties)]
pub struct PlanDialogProps {
    /// The record that it is about.
    pub page: Page,
    /// What the sheet is for.
    pub what: Planning,
    /// Done, or not.
    pub onclose: Callback<()>,
}

/// What is wrong with an input: its name and the sentence.
type Wrong = (&'static str, AttrValue);

/// The sheet.
#[component]
pub fn PlanDialog(props: &PlanDialogProps) -> Html {
    let page = &props.page;
    let w = &page.w;
    let held = match props.what {
        Planning::Change(id) => page.store.row(id),
        Planning::Log | Planning::New => None,
    };
    let kind_of = held
        .as_ref()
        .map(|row| row.text(&activity::TYPE).to_owned());
    let draft = use_draft(place(page, props.what));
    let kind_of = draft.value("kind").or(kind_of.filter(|k| !k.is_empty()));
    let chosen = AttrValue::from(kind_of.unwrap_or("visit".into()));
    let wrong = use_state(|| None::<Wrong>);
    let form = use_node_ref();
    let id = use_memo((), |()| fresh_id("plan"));
    let onsubmit = {
        let (form, chosen, wrong) = (form.clone(), chosen.clone(), wrong.setter());
        let draft = draft.clone();
        let (page, what, held, onclose) = (
            page.clone(),
            props.what,
            held.clone(),
            props.onclose.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match edits(&page, what, held.as_ref(), &chosen, &form) {
                Err(sentence) => wrong.set(Some(sentence)),
                Ok((edits, words)) => {
                    page.store.edit_then(edits, Some(words), draft.sent());
                    onclose.emit(());
                }
            }
        })
    };
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            draft.put(&input.name(), &input.value());
        })
    };
    let choices = ["visit", "call", "mail", "task"];
    let choices = choices
        .map(|key| (AttrValue::from(key), w.choice("activity", key)))
        .to_vec();
    let onchoose = {
        let draft = draft.clone();
        Callback::from(move |key: AttrValue| draft.put("kind", &key))
    };
    let example = w.day_to_type(value::example(Yearless::Coming)).to_string();
    let line = |name: &'static str, label: &str, begins: AttrValue, hint: Option<&str>| {
        let wrong = wrong
            .as_ref()
            .filter(|(of, _)| *of == name)
            .map(|(_, sentence)| sentence.clone());
        input_line(
            &id,
            name,
            w.t(label),
            draft.text(name, &begins).into(),
            hint.map(|hint| w.with(hint, &[("example", example.as_str().into())])),
            wrong,
        )
    };
    let text = |field| {
        AttrValue::from(
            held.as_ref()
                .map(|row| row.text(field).to_owned())
                .unwrap_or_default(),
        )
    };
    let day = held.as_ref().and_then(|row| row.date(&activity::DUE_ON));
    let day = day.map(|day| w.date_to_type(day)).unwrap_or_default();
    let (title, verb) = match props.what {
        Planning::Log => ("log-visit", "log-it"),
        Planning::New => ("plan-next", "plan-it"),
        Planning::Change(_) => ("change-plan", "save"),
    };
    let close = {
        let (draft, onclose) = (draft.clone(), props.onclose.clone());
        Callback::from(move |()| {
            draft.forget();
            onclose.emit(());
        })
    };
    let cancel = close.reform(|_: MouseEvent| ());
    let foot = html! {
        <>
            if let Planning::Change(of) = props.what { { delete(page, of, &close) } }
            <button type="button" class="btn" onclick={cancel}>{ w.t("cancel") }</button>
            <button type="submit" form={(*id).clone()} class="btn btn--primary">{ w.t(verb) }</button>
        </>
    };
    html! {
        <Dialog title={w.t(title)} onclose={close} keep={draft.is_begun()} {foot}>
            <form ref={form} id={(*id).clone()} class="form" {onsubmit} {oninput} novalidate=true>
                <Seg label={w.t("activity-kind")} {choices} {chosen} {onchoose} />
                { line("subject", "subject", text(&activity::SUBJECT), None) }
                if props.what == Planning::Log {
                    { line("outcome", "outcome", AttrValue::default(), None) }
                    { line("then", "then-what", AttrValue::default(), Some("then-hint")) }
                    { line("day", "then-when", AttrValue::default(), Some("day-hint")) }
                } else {
                    { line("day", "on-which-day", day, Some("day-hint")) }
                    { line("time", "at-what-time", text(&activity::DUE_TIME), None) }
                }
            </form>
        </Dialog>
    }
}

/// Where what is typed into the sheet is kept.
fn place(page: &Page, what: Planning) -> AttrValue {
    match what {
        Planning::Log => page.place("log-visit"),
        Planning::New => page.place("plan-next"),
        Planning::Change(id) => page.place(&format!("change-plan/{id}")),
    }
}

/// Whether the sheet was being filled in when the page was thrown away.
pub(super) fn is_begun(page: &Page, what: Planning) -> bool {
    draft::is_begun(&place(page, what))
}

fn delete(page: &Page, id: RecordId, onclose: &Callback<()>) -> Html {
    let (store, words, onclose) = (
        page.store.clone(),
        page.w.t("activity-deleted"),
        onclose.clone(),
    );
    let onclick = Callback::from(move |_: MouseEvent| {
        store.edit(vec![Edit::delete(id)], Some(words.clone()));
        onclose.emit(());
    });
    html! { <button type="button" class="btn btn--plain menu__danger" {onclick}>{ page.w.t("delete") }</button> }
}

fn input_line(
    id: &str,
    name: &'static str,
    label: AttrValue,
    begins: AttrValue,
    hint: Option<AttrValue>,
    wrong: Option<AttrValue>,
) -> Html {
    let (input, hinted) = (format!("{id}-{name}"), format!("{id}-{name}-hint"));
    let described = (hint.is_some() || wrong.is_some()).then(|| hinted.clone());
    html! {
        <div key={name}>
            <label class="label" for={input.clone()}>{ label }</label>
            <input id={input} {name} class={classes!("input", wrong.is_some().then_some("is-wrong"))} type="text" autocomplete="off"
                data-focus={(name == "subject").then_some("")} ~defaultValue={begins.to_string()} aria-invalid={wrong.is_some().then_some("true")} aria-describedby={described} />
            if let Some(wrong) = wrong {
                <p id={hinted} class="hint hint--wrong" role="alert">{ small_icon("circle-alert") }<span>{ wrong }</span></p>
            } else if let Some(hint) = hint {
                <p id={hinted} class="hint">{ hint }</p>
            }
        </div>
    }
}

fn typed_in(form: &NodeRef, name: &str) -> String {
    let input = form
        .cast::<HtmlElement>()
        .and_then(|form| form.query_selector(&format!("input[name={name}]")).ok()?)
        .and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
    input
        .map(|input| input.value().trim().to_owned())
        .unwrap_or_default()
}

/// The writes of what was typed, or what is wrong with it.
fn edits(
    page: &Page,
    what: Planning,
    held: Option<&Rc<Row>>,
    kind: &str,
    form: &NodeRef,
) -> Result<(Vec<Edit>, AttrValue), Wrong> {
    let w = &page.w;
    let subject = line(form, "subject", w)?;
    let (day, hour) = when(form, w)?;
    match what {
        Planning::Log => {
            let mut done = about(page, kind, subject);
            let outcome = line(form, "outcome", w)?;
            let then = line(form, "then", w)?;
            if !outcome.is_empty() {
                done.push(Write::put(activity::OUTCOME.key, outcome));
            }
            let now = Value::Moment(browser::now()).to_stored();
            done.push(Write::put(activity::DONE_AT.key, now));
            let mut edits = vec![Edit::make(browser::new_record_id(), Kind::Activity, done)];
            if !then.is_empty() || day.is_some() {
                let kind = if then.is_empty() { kind } else { "task" };
                let mut next = about(page, kind, then);
                next.extend(day);
                next.extend(hour);
                edits.push(Edit::make(browser::new_record_id(), Kind::Activity, next));
            }
            Ok((edits, w.t("logged")))
        }
        Planning::New => {
            let mut writes = about(page, kind, subject);
            writes.extend(day);
            writes.extend(hour);
            let edit = Edit::make(browser::new_record_id(), Kind::Activity, writes);
            Ok((vec![edit], w.t("planned")))
        }
        Planning::Change(id) => {
            let writes = [
                Some(put_or_clear(activity::TYPE.key, kind.to_owned())),
                Some(put_or_clear(activity::SUBJECT.key, subject)),
                day.or(Some(Write::clear(activity::DUE_ON.key))),
                hour.or(Some(Write::clear(activity::DUE_TIME.key))),
            ];
            let writes = writes
                .into_iter()
                .flatten()
                .filter(|write| differs(write, held));
            Ok((vec![Edit::of(id, writes.collect())], w.t("plan-changed")))
        }
    }
}

fn differs(write: &Write, held: Option<&Rc<Row>>) -> bool {
    let field = Kind::Activity.field(&write.at.field);
    let stands = field
        .and_then(|field| held?.value(field))
        .map(Value::to_stored);
    stands != write.put
}

fn put_or_clear(key: &str, text: String) -> Write {
    if text.is_empty() {
        Write::clear(key)
    } else {
        Write::put(key, text)
    }
}

/// What an activity about this record holds: also the company of a contact or a deal.
fn about(page: &Page, kind: &str, subject: String) -> Vec<Write> {
    let row = &page.row;
    let mut writes = vec![Write::put(activity::TYPE.key, kind)];
    if !subject.is_empty() {
        writes.push(Write::put(activity::SUBJECT.key, subject));
    }
    let (own, company) = match row.kind {
        Kind::Contact => (activity::CONTACT.key, row.link(&contact::COMPANY)),
        Kind::Deal => (activity::DEAL.key, row.link(&deal::COMPANY)),
        Kind::Company | Kind::Activity | Kind::Member => (activity::COMPANY.key, None),
    };
    writes.push(Write::put(own, row.id.to_string()));
    writes.extend(company.map(|id| Write::put(activity::COMPANY.key, id.to_string())));
    writes.extend(
        page.store
            .me()
            .map(|me| Write::put(activity::OWNER.key, me.to_string())),
    );
    writes
}

fn line(form: &NodeRef, name: &'static str, w: &Words) -> Result<String, Wrong> {
    input::line(&typed_in(form, name))
        .map_err(|error| (name, value::sentence(&error, Yearless::Coming, w)))
}

/// The day, and its time: typed by itself, or with the day.
fn when(form: &NodeRef, w: &Words) -> Result<(Option<Write>, Option<Write>), Wrong> {
    let (typed, alone) = (typed_in(form, "day"), time(form, w)?);
    if typed.is_empty() {
        return Ok((None, alone));
    }
    let (day, hour) = input::moment(&typed, w.habit(), browser::today())
        .map_err(|error| ("day", value::sentence(&error, Yearless::Coming, w)))?;
    let day = Write::put(activity::DUE_ON.key, Value::Date(day).to_stored());
    let hour = hour.map(|hour| Write::put(activity::DUE_TIME.key, hour));
    Ok((Some(day), alone.or(hour)))
}

fn time(form: &NodeRef, w: &Words) -> Result<Option<Write>, Wrong> {
    let typed = typed_in(form, "time");
    if typed.is_empty() {
        return Ok(None);
    }
    let time = input::time(&typed)
        .map_err(|error| ("time", value::sentence(&error, Yearless::Coming, w)))?;
    Ok(Some(Write::put(activity::DUE_TIME.key, time)))
}
