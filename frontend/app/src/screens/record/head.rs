//! The name and what goes with it; a tap edits them together.

use super::Page;
use crate::browser::{drafts, press};
use crate::route::Route;
use crate::ui::avatar::drawn;
use crate::ui::field::{fresh_id, stays_within};
use shared::crm::command::Write;
use shared::crm::field::{Field, Group};
use shared::crm::row::{Presence, Row};
use shared::crm::{Kind, contact, input};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct HeadProps {
    pub page: Page,
}

/// The head of a record.
#[component]
pub(super) fn Head(props: &HeadProps) -> Html {
    let page = &props.page;
    let named = !page.row.title().is_empty();
    let naming = use_state(|| !named || has_draft(page));
    let edit = {
        let naming = naming.setter();
        Callback::from(move |_: MouseEvent| naming.set(true))
    };
    let done = {
        let naming = naming.setter();
        Callback::from(move |()| naming.set(false))
    };
    if *naming {
        return html! { <NameForm page={page.clone()} ondone={done} /> };
    }
    html! {
        <header class="rec__head">
            { drawn(&page.title(), large(page.row.kind)) }
            <div>
                <h1><button type="button" class="rec__name" data-key="e" aria-keyshortcuts="e" title={page.w.t("rename")} onclick={edit}>{ page.title() }</button></h1>
                { role(page) }
                { restored(page) }
            </div>
        </header>
    }
}

fn large(kind: Kind) -> &'static str {
    if kind == Kind::Company {
        "avatar--l avatar--company"
    } else {
        "avatar--l"
    }
}

/// What they do, and where.
fn role(page: &Page) -> Html {
    let others = page
        .row
        .kind
        .fields()
        .iter()
        .filter(|field| field.group == Group::Head);
    let names = ["first_name", "last_name", "name"];
    let words: Vec<AttrValue> = others
        .filter(|field| !names.contains(&field.key))
        .filter_map(|field| page.row.value(field).map(|value| page.shown(value, field)))
        .collect();
    let company = page
        .row
        .link(&contact::COMPANY)
        .filter(|_| page.row.kind == Kind::Contact)
        .and_then(|id| page.store.row(id).filter(|row| row.is_there()))
        .map(|company| {
            let href = Route::Companies(Some(company.id)).path();
            html! { <a class="link" {href}>{ company.title() }</a> }
        });
    if words.is_empty() && company.is_none() {
        return html! {};
    }
    html! {
        <p class="rec__role">
            { words.join(" · ") }
            if !words.is_empty() && company.is_some() { { " · " } }
            { company.unwrap_or_default() }
        </p>
    }
}

/// An edit made without knowing of a deletion brought the record back.
fn restored(page: &Page) -> Html {
    let Presence::Restored(mark) = page.row.presence else {
        return html! {};
    };
    let who = page.person(mark.by).to_string();
    html! { <p class="tag tag--amber">{ page.w.with("came-back", &[("who", who.into())]) }</p> }
}

#[derive(PartialEq, Properties)]
struct NameFormProps {
    page: Page,
    ondone: Callback<()>,
}

/// All fields of the head at once. They are saved when the form is left or Enter is pressed.
#[component]
fn NameForm(props: &NameFormProps) -> Html {
    let page = props.page.clone();
    let w = page.w.clone();
    let form = use_node_ref();
    let id = use_memo((), |()| fresh_id("head"));
    let over = use_memo((), |()| Cell::new(false));
    // What a colleague writes meanwhile into a field that is left alone stays.
    let begun = use_memo((), |()| page.row.clone());
    {
        let (form, page) = (form.clone(), page.clone());
        use_effect_with((), move |()| {
            for (at, field) in head_fields(&page).enumerate() {
                if let Some(input) = input_of(&form, field) {
                    let kept = drafts::kept(&page.place(field.key));
                    input.set_value(kept.as_deref().unwrap_or(page.row.text(field)));
                    if at == 0 {
                        let _ = input.focus();
                    }
                }
            }
        });
    }
    let finish: Rc<dyn Fn()> = {
        let (form, page, ondone) = (form.clone(), page.clone(), props.ondone.clone());
        let (over, begun) = (over.clone(), begun.clone());
        Rc::new(move || {
            if over.get() {
                return;
            }
            let writes = changed(&form, &page, &begun);
            let nothing = writes.is_empty() && page.row.title().is_empty();
            if nothing {
                return;
            }
            over.set(true);
            // A record that is made has others.
            let places = places(&page);
            let done = {
                let places = places.clone();
                Callback::from(move |saved: bool| {
                    if saved {
                        forget(&places);
                    }
                })
            };
            match writes.is_empty() {
                true => forget(&places),
                false => page.save(writes, None, done),
            }
            let ondone = ondone.clone();
            press::after(move || ondone.emit(()));
        })
    };
    let onsubmit = {
        let finish = finish.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            finish();
        })
    };
    let onkeydown = {
        let (over, ondone, page) = (over.clone(), props.ondone.clone(), page.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" && !page.row.title().is_empty() {
                over.set(true);
                forget(&places(&page));
                ondone.emit(());
            }
        })
    };
    let oninput = {
        let (form, page) = (form.clone(), page.clone());
        Callback::from(move |_: InputEvent| {
            for field in head_fields(&page) {
                let typed = input_of(&form, field).map(|input| input.value());
                let typed = typed.filter(|typed| typed != begun.text(field));
                drafts::keep(&page.place(field.key), typed.as_deref());
            }
        })
    };
    let onfocusout = {
        let form = form.clone();
        Callback::from(move |event: FocusEvent| {
            if !stays_within(&form, &event) {
                finish();
            }
        })
    };
    let line = |field: &'static Field| {
        let id = format!("{id}-{}", field.key);
        html! {
            <div key={field.key}>
                <label class="label" for={id.clone()}>{ w.field(page.row.kind, field.key) }</label>
                <input {id} class="input" name={field.key} type="text" maxlength={input::TEXT_LIMIT.to_string()} autocomplete="off" autocapitalize="words" enterkeyhint="done" />
            </div>
        }
    };
    html! {
        <header class="rec__head">
            { drawn(&page.row.title(), large(page.row.kind)) }
            <form ref={form} class="rec__naming" {onsubmit} {oninput} {onkeydown} {onfocusout} novalidate=true>
                <h1 class="vh">{ page.title() }</h1>
                { for head_fields(&page).map(line) }
                <button type="submit" class="vh" tabindex="-1">{ w.t("save") }</button>
            </form>
        </header>
    }
}

fn head_fields(page: &Page) -> impl Iterator<Item = &'static Field> + use<> {
    page.row
        .kind
        .fields()
        .iter()
        .filter(|field| field.group == Group::Head)
}

/// Whether a name was being typed when the page was thrown away.
fn has_draft(page: &Page) -> bool {
    head_fields(page).any(|field| drafts::kept(&page.place(field.key)).is_some())
}

fn places(page: &Page) -> Vec<AttrValue> {
    head_fields(page)
        .map(|field| page.place(field.key))
        .collect()
}

fn forget(places: &[AttrValue]) {
    for place in places {
        drafts::keep(place, None);
    }
}

fn input_of(form: &NodeRef, field: &Field) -> Option<HtmlInputElement> {
    let form = form.cast::<HtmlElement>()?;
    let selector = format!("input[name={}]", field.key);
    form.query_selector(&selector).ok()??.dyn_into().ok()
}

fn changed(form: &NodeRef, page: &Page, begun: &Row) -> Vec<Write> {
    let write = |field: &'static Field| {
        let typed = input_of(form, field)?.value();
        let line: String =
            input::line(&typed).unwrap_or_else(|_| typed.chars().take(input::TEXT_LIMIT).collect());
        (line != begun.text(field)).then(|| match line.as_str() {
            "" => Write::clear(field.key),
            line => Write::put(field.key, line),
        })
    };
    head_fields(page).filter_map(write).collect()
}
