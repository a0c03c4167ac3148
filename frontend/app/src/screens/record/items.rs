//! How to reach them: telephone numbers, e-mail addresses, web site.

use super::Page;
use super::fields::field_row;
use super::others::others;
use crate::browser::{drafts, new_item_key, press};
use crate::ui::few::use_few;
use crate::ui::icon::{icon, small_icon};
use crate::ui::{self, Group, Keyboard, Typed};
use shared::crm::command::Write;
use shared::crm::field::{self, Field, Shape};
use shared::crm::import::in_order;
use shared::crm::input;
use shared::crm::row::{Item, Value};
use shared::crm::text;
use yew::prelude::*;

/// The labels that items can have, as far as there are words for them in a field; any other that came
/// by import is kept.
const LABELS: [&str; 5] = ["mobile", "work", "home", "other", "fax"];

fn labels_of(page: &Page, field: &'static Field) -> impl Iterator<Item = &'static str> {
    let has = |label: &&str| page.w.has(&format!("label-{}-{label}", field.key));
    LABELS.into_iter().filter(has)
}

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
    let few = use_few(0);
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
        let items = in_order(&page.row, field);
        let drawn = items.iter().take(few.shown());
        let drawn = drawn.map(|item| item_row(page, field, item));
        html! { <>{ for drawn }{ few.more(items.len(), &page.w) }{ lost_items(page, field) }</> }
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
    let mut labels: Vec<(AttrValue, AttrValue)> = labels_of(page, field)
        .map(|label| (label.into(), label_words(page, field, label)))
        .collect();
    if !labels.iter().any(|(label, _)| *label == item.label) {
        labels.insert(
            0,
            (
                item.label.clone().into(),
                label_words(page, field, &item.label),
            ),
        );
    }
    let onsave = {
        let (page, item) = (page.clone(), item.clone());
        Callback::from(move |typed: Typed| {
            let texts = match ui::value::items(&typed.text, field, &page.w) {
                Err(sentence) => return Some(sentence),
                Ok(texts) => texts,
            };
            // What stood there twice may be given another label.
            let is_new = texts != [item.text.as_str()];
            if let Some(sentence) = twice(&page, field, &item.key, &texts).filter(|_| is_new) {
                return Some(sentence);
            }
            let writes = put(field, &item.key, &typed.label, texts);
            page.save(writes, None, typed.done);
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
            act={act(page, field, item)} last={page.last()} other={others(page, field, &item.key)} place={page.place(&format!("{}/{}", field.key, item.key))} />
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
    let Some(href) = link(field, &item.text) else {
        return html! {};
    };
    let (sign, words) = if field.shape == Shape::Emails {
        ("mail", "write-to")
    } else {
        ("phone", "call-to")
    };
    let words = page.w.with(words, &[("label", label.into())]);
    html! {
        <a class="btn btn--icon field__act" {href} aria-label={words.clone()} title={words}>{ icon(sign) }</a>
    }
}

/// The address that dials a number or writes to an address, where what is stored is one.
pub(super) fn link(field: &Field, stored: &str) -> Option<AttrValue> {
    let link = if field.shape == Shape::Emails {
        input::mail(stored)
    } else {
        input::tel(stored)
    };
    link.map(AttrValue::from)
}

/// The writes that put what was typed in the place of an item: several numbers, typed or pasted
/// together, are several items.
fn put(field: &Field, key: &str, label: &str, texts: Vec<String>) -> Vec<Write> {
    let mut writes = Vec::new();
    for (at, text) in texts.into_iter().enumerate() {
        let key = if at == 0 {
            key.to_owned()
        } else {
            new_item_key()
        };
        let label = label.to_owned();
        writes.push(Write::put_item(field.key, &Item { key, label, text }));
    }
    if writes.is_empty() {
        writes.push(Write::clear_item(field.key, key));
    }
    writes
}

/// Says which of these stands in another item already, or twice among them.
fn twice(page: &Page, field: &Field, key: &str, texts: &[String]) -> Option<AttrValue> {
    let others = page.row.items(field).filter(|item| item.key != key);
    let others: Vec<&str> = others.map(|item| item.text.as_str()).collect();
    let value = repeated(field, &others, texts)?;
    Some(
        page.w
            .with("already-there", &[("value", value.to_owned().into())]),
    )
}

fn repeated<'a>(field: &Field, others: &[&'a str], texts: &'a [String]) -> Option<&'a str> {
    let same = |one: &str, other: &str| match field.shape == Shape::Emails {
        true => text::lower(one) == text::lower(other),
        false => input::is_same_phone(one, other),
    };
    let mut all = others.to_vec();
    texts.iter().map(String::as_str).find(|text| {
        let is_there = all.iter().any(|other| same(text, other));
        all.push(text);
        is_there
    })
}

fn new_item(page: &Page, fields: Vec<&'static Field>, adding: &UseStateHandle<bool>) -> Html {
    let labels: Vec<(AttrValue, AttrValue)> = fields
        .iter()
        .flat_map(|field| {
            let of = |label: &str| {
                let value = AttrValue::from(format!("{}/{label}", field.key));
                (value, label_words(page, field, label))
            };
            labels_of(page, field).map(of).collect::<Vec<_>>()
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
            match ui::value::items(&typed.text, field, &page.w) {
                Err(sentence) => return Some(sentence),
                Ok(texts) if texts.is_empty() => drafts::keep(&page.place(NEW), None),
                Ok(texts) => {
                    let twice = twice(&page, field, NEW, &texts);
                    if twice.is_some() {
                        return twice;
                    }
                    let writes = put(field, &new_item_key(), label, texts);
                    page.save(writes, None, typed.done);
                }
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

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::contact;

    #[test]
    fn what_is_there_already_is_told() {
        let (phones, emails) = (&contact::PHONES, &contact::EMAILS);
        let check = |field, others: &[&'static str], typed: &[&str], told: Option<&str>| {
            let typed: Vec<String> = typed.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(repeated(field, others, &typed), told, "{typed:?}");
        };
        check(
            phones,
            &["06 12 45 78 03"],
            &["+33612457803"],
            Some("+33612457803"),
        );
        check(phones, &["06 12 45 78 03"], &["06 12 45 78 04"], None);
        check(
            phones,
            &[],
            &["0612457803", "15", "06 12 45 78 03"],
            Some("06 12 45 78 03"),
        );
        check(
            emails,
            &["anne@cave.fr"],
            &["Anne@Cave.fr"],
            Some("Anne@Cave.fr"),
        );
        check(emails, &["anne@cave.fr"], &["anna@cave.fr"], None);
    }
}
