//! How to reach them: telephone numbers, e-mail addresses, web site.

use super::Page;
use super::fields::field_row;
use super::others::others;
use crate::browser::{drafts, new_item_key, press};
use crate::ui::icon::{icon, small_icon};
use crate::ui::{self, Group, Keyboard, Typed};
use shared::crm::command::Write;
use shared::crm::field::{self, Field, Shape};
use shared::crm::row::{Item, Value};
use yew::prelude::*;

/// The labels that items can have; any other that came by import is kept.
const LABELS: [&str; 4] = ["mobile", "work", "home", "other"];

/// Where a new item is typed.
const NEW: &str = "new";

#[derive(PartialEq, Properties)]
pub(super) struct ReachProps {
    pub page: Page,
}

/// All ways to reach someone.
#[component]
pub(super) fn Reach(props: &ReachProps) -> Html {
    let page = &props.page;
    let adding = use_state(|| drafts::kept(&page.place(NEW)).is_some());
    let fields: Vec<&'static Field> = page
        .row
        .kind
        .fields()
        .iter()
        .filter(|field| field.group == field::Group::Reach)
        .collect();
    let rows = |field: &&'static Field| {
        if !field.shape.is_plural() {
            return field_row(page, field);
        }
        let items = page
            .row
            .items(field)
            .map(|item| item_row(page, field, item));
        html! { <>{ for items }{ lost_items(page, field) }</> }
    };
    let plural: Vec<&'static Field> = fields
        .iter()
        .copied()
        .filter(|field| matches!(field.shape, Shape::Phones | Shape::Emails))
        .collect();
    let add = {
        let adding = adding.setter();
        Callback::from(move |_: MouseEvent| adding.set(true))
    };
    html! {
        <Group title={page.w.t("reach")}>
            { for fields.iter().map(rows) }
            if *adding {
                { new_item(page, plural, &adding) }
            } else if !plural.is_empty() {
                <button type="button" class="group__add" id="add-reach" onclick={add}>
                    { small_icon("plus") }{ page.w.t("add-reach") }
                </button>
            }
        </Group>
    }
}

fn item_row(page: &Page, field: &'static Field, item: &Item) -> Html {
    let w = &page.w;
    let shown = page.shown(&Value::Text(item.text.clone()), field);
    let mut labels: Vec<(AttrValue, AttrValue)> = LABELS
        .iter()
        .map(|label| ((*label).into(), label_words(page, field, label)))
        .collect();
    if !LABELS.contains(&item.label.as_str()) {
        labels.insert(
            0,
            (
                item.label.clone().into(),
                label_words(page, field, &item.label),
            ),
        );
    }
    let onsave = {
        let (page, key) = (page.clone(), item.key.clone());
        Callback::from(move |typed: Typed| {
            let read = ui::value::read(&typed.text, page.row.kind, field, None, &page.w);
            let write = match read {
                Err(sentence) => return Some(sentence),
                Ok(Some(Value::Text(text))) => {
                    let label = typed.label.to_string();
                    Write::put_item(
                        field.key,
                        &Item {
                            key: key.clone(),
                            label,
                            text,
                        },
                    )
                }
                Ok(_) => Write::clear_item(field.key, &key),
            };
            page.save(vec![write], None, typed.done);
            None
        })
    };
    let onremove = {
        let (page, key) = (page.clone(), item.key.clone());
        let words = w.with("removed-value", &[("value", shown.to_string().into())]);
        Callback::from(move |()| {
            page.do_it(
                vec![Write::clear_item(field.key, &key)],
                Some(words.clone()),
            );
        })
    };
    html! {
        <ui::Field key={format!("{}/{}", field.key, item.key)} label={label_words(page, field, &item.label)} shown={Some(html! { shown })} typed={item.text.clone()}
            empty={w.t("add-a-text")} keyboard={keyboard(field)} {labels} labelled={item.label.clone()} {onsave} onremove={Some(onremove)}
            act={act(page, field, item)} other={others(page, field, &item.key)} place={page.place(&format!("{}/{}", field.key, item.key))} />
    }
}

/// Other values of items that stand here no longer.
fn lost_items(page: &Page, field: &'static Field) -> Html {
    let mut keys: Vec<&str> = page
        .row
        .others
        .iter()
        .filter(|other| other.field == field.key && !other.item.is_empty())
        .map(|other| other.item.as_str())
        .filter(|key| !page.row.items(field).any(|item| item.key == *key))
        .collect();
    keys.dedup();
    let strip = |key: &&str| {
        html! { <div class="field" key={format!("lost/{key}")}>{ others(page, field, key) }</div> }
    };
    html! { <>{ for keys.iter().map(strip) }</> }
}

fn keyboard(field: &Field) -> Keyboard {
    if matches!(field.shape, Shape::Emails) {
        Keyboard::Email
    } else {
        Keyboard::Tel
    }
}

/// `Mobile`, `E-mail professionnel`; a label that came by import as it is.
fn label_words(page: &Page, field: &Field, label: &str) -> AttrValue {
    let key = format!("label-{}-{label}", field.key);
    if page.w.has(&key) {
        page.w.t(&key)
    } else if label.is_empty() {
        page.w.t(&format!("label-{}-other", field.key))
    } else {
        AttrValue::from(label.to_owned())
    }
}

fn act(page: &Page, field: &Field, item: &Item) -> Html {
    let label = label_words(page, field, &item.label).to_string();
    let (sign, words, href) = if matches!(field.shape, Shape::Emails) {
        ("mail", "write-to", mailto(&item.text))
    } else {
        ("phone", "call-to", tel(&item.text))
    };
    let words = page.w.with(words, &[("label", label.into())]);
    html! {
        <a class="btn btn--icon field__act" {href} aria-label={words.clone()} title={words}>{ icon(sign) }</a>
    }
}

/// The address that dials a number.
pub(super) fn tel(number: &str) -> AttrValue {
    let dialled = number.chars().filter(|c| c.is_ascii_digit() || *c == '+');
    AttrValue::from(format!("tel:{}", dialled.collect::<String>()))
}

/// The address that writes to someone.
pub(super) fn mailto(address: &str) -> AttrValue {
    AttrValue::from(format!("mailto:{address}"))
}

fn new_item(page: &Page, fields: Vec<&'static Field>, adding: &UseStateHandle<bool>) -> Html {
    let labels: Vec<(AttrValue, AttrValue)> = fields
        .iter()
        .flat_map(|field| {
            let of = |label: &&str| {
                let value = AttrValue::from(format!("{}/{label}", field.key));
                (value, label_words(page, field, label))
            };
            LABELS.iter().map(of).collect::<Vec<_>>()
        })
        .collect();
    let labelled = labels
        .first()
        .map(|(value, _)| value.clone())
        .unwrap_or_default();
    let onsave = {
        let (page, adding) = (page.clone(), adding.setter());
        Callback::from(move |typed: Typed| {
            let (key, label) = typed.label.split_once('/').unwrap_or_default();
            // What holds an @ is an e-mail address, whatever the label says.
            let wanted = |field: &&&'static Field| match typed.text.contains('@') {
                true => matches!(field.shape, Shape::Emails),
                false => field.key == key,
            };
            let field = fields.iter().find(wanted).or(fields.first())?;
            let label = if field.key == key { label } else { "work" };
            match ui::value::read(&typed.text, page.row.kind, field, None, &page.w) {
                Err(sentence) => return Some(sentence),
                Ok(Some(Value::Text(text))) => {
                    let item = Item {
                        key: new_item_key(),
                        label: label.into(),
                        text,
                    };
                    page.save(vec![Write::put_item(field.key, &item)], None, typed.done);
                }
                Ok(_) => drafts::keep(&page.place(NEW), None),
            }
            let adding = adding.clone();
            press::after(move || adding.set(false));
            None
        })
    };
    let onleave = {
        let adding = adding.setter();
        Callback::from(move |()| adding.set(false))
    };
    html! {
        <ui::Field key="new" label={page.w.t("add-reach")} shown={None::<Html>} typed="" empty={page.w.t("add-reach")} {labels} {labelled}
            fresh=true {onsave} {onleave} place={page.place(NEW)} />
    }
}
