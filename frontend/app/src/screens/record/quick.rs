//! Four deeds at the top of a record: call, write, go there, log a visit.

use super::fields::map_href;
use super::items::link;
use super::plan::is_begun;
use super::{Page, PlanDialog, Planning};
use crate::browser;
use crate::ui::icon::icon;
use shared::crm::field::Shape;
use shared::crm::import::in_order;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct QuickProps {
    pub page: Page,
}

/// The quick deeds.
#[component]
pub(super) fn Quick(props: &QuickProps) -> Html {
    let page = &props.page;
    let visiting = use_state(|| is_begun(page, Planning::Log));
    let first = |shape: Shape| {
        let field = page
            .row
            .kind
            .fields()
            .iter()
            .find(|field| field.shape == shape)?;
        let items = in_order(&page.row, field).into_iter();
        // Nobody answers a fax.
        let mut answered = items.filter(|item| item.label != "fax");
        answered.find_map(|item| link(field, &item.text))
    };
    let (call, mail) = (first(Shape::Phones), first(Shape::Emails));
    let visit = {
        let visiting = visiting.setter();
        Callback::from(move |_: MouseEvent| visiting.set(true))
    };
    let close = {
        let visiting = visiting.setter();
        Callback::from(move |()| visiting.set(false))
    };
    html! {
        <div class="quick">
            { deed(page, call, "phone", "call", "add-a-number", false) }
            { deed(page, mail, "mail", "write", "add-an-email", false) }
            { deed(page, map_href(page), "navigation", "directions", "add-an-address", true) }
            <button type="button" class="quick__item quick__item--primary" aria-label={page.w.t("log-visit")} aria-haspopup="dialog" onclick={visit}>
                { icon("notebook-pen") }
                <span class="only-wide">{ page.w.t("log-visit") }</span>
                <span class="only-phone">{ page.w.t("visit") }</span>
            </button>
            if *visiting {
                <PlanDialog page={page.clone()} what={Planning::Log} onclose={close} />
            }
        </div>
    }
}

fn deed(
    page: &Page,
    href: Option<AttrValue>,
    sign: &'static str,
    words: &str,
    missing: &str,
    outer: bool,
) -> Html {
    match href {
        Some(href) => html! {
            <a class="quick__item" {href} target={outer.then_some("_blank")} rel={outer.then_some("noopener noreferrer")}>
                { icon(sign) }{ page.w.t(words) }
            </a>
        },
        None => html! {
            <button type="button" class="quick__item quick__item--missing" onclick={Callback::from(move |_: MouseEvent| to_add(outer))}>
                { icon(sign) }{ page.w.t(missing) }
            </button>
        },
    }
}

/// Leads to where the missing number or address is typed.
fn to_add(address: bool) {
    let selector = if address {
        ".fields2 .field__edit"
    } else {
        "#add-reach"
    };
    let element = browser::window()
        .document()
        .and_then(|document| document.query_selector(selector).ok()?)
        .and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element {
        element.scroll_into_view();
        element.click();
    }
}
