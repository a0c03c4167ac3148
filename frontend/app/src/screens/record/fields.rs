//! The details, field by field from the record type's table.

use super::Page;
use super::others::others;
use crate::browser;
use crate::ui::icon::icon;
use crate::ui::{self, Group, Keyboard, Typed};
use shared::crm::command::Write;
use shared::crm::field::{self, Field, Shape};
use shared::crm::row::{Item, Row};
use shared::crm::{input, tags, text};
use yew::prelude::*;

/// Everything that has no place of its own.
pub(super) fn details(page: &Page) -> Html {
    let fields = page.row.kind.fields().iter();
    let fields = fields.filter(|field| field.group == field::Group::Details);
    html! {
        <Group key="details" title={page.w.t("details")}>
            <div class="fields2">{ for fields.map(|field| field_row(page, field)) }</div>
            { unknown(page) }
        </Group>
    }
}

/// Whether there is an address to show.
pub(super) fn has_address(row: &Row) -> bool {
    let street = row.kind.field("street");
    street.is_some_and(|field| !row.text(field).is_empty())
}

/// The row of a field that holds one value, or tags.
pub(super) fn field_row(page: &Page, field: &'static Field) -> Html {
    if matches!(field.shape, Shape::Tags) {
        return tags_row(page, field);
    }
    let kind = page.row.kind;
    let value = page.row.value(field);
    let shown = value
        .map(|value| page.shown(value, field))
        .filter(|text| !text.is_empty());
    let typed = value
        .map(|value| ui::value::to_type(value, &page.w))
        .unwrap_or_default();
    let mut keyboard = keyboard(page, field);
    // A colleague or a choice that is not known here stays what it is unless another is chosen.
    if let (Keyboard::Choice(choices), Some(words)) = (&mut keyboard, &shown)
        && !choices.iter().any(|(value, _)| *value == typed)
    {
        choices.push((typed.clone(), words.clone()));
    }
    let onsave = {
        let page = page.clone();
        Callback::from(move |typed: Typed| {
            let held = page.row.value(field);
            match ui::value::read(&typed.text, kind, field, held, &page.w) {
                Err(sentence) => Some(sentence),
                Ok(value) => {
                    let write = match value {
                        Some(value) => Write::put(field.key, value.to_stored()),
                        None => Write::clear(field.key),
                    };
                    page.save(vec![write], None, typed.done);
                    None
                }
            }
        })
    };
    html! {
        <ui::Field key={field.key} label={page.w.field(kind, field.key)} shown={shown.map(lines)} {typed} empty={empty_words(page, field)}
            {keyboard} {onsave} act={act(page, field)} last={page.last()} other={others(page, field, "")} place={page.place(field.key)} />
    }
}

/// A text with its line breaks.
fn lines(text: AttrValue) -> Html {
    let mut parts = text.split('\n');
    let first = parts.next().unwrap_or_default().to_owned();
    html! { <>{ first }{ for parts.map(|part| html! { <><br />{ part.to_owned() }</> }) }</> }
}

fn empty_words(page: &Page, field: &Field) -> AttrValue {
    let key = format!("add-{}", field.key);
    if page.w.has(&key) {
        return page.w.t(&key);
    }
    page.w.t(match field.shape {
        Shape::Date => "add-a-date",
        Shape::Money => "add-an-amount",
        Shape::Choice(_) | Shape::Person | Shape::Flag => "add-a-choice",
        Shape::Text
        | Shape::Note
        | Shape::Moment
        | Shape::Link(_)
        | Shape::Rank
        | Shape::Phones
        | Shape::Emails
        | Shape::Tags
        | Shape::Links(_) => "add-a-text",
    })
}

fn keyboard(page: &Page, field: &Field) -> Keyboard {
    let none = || (AttrValue::default(), page.w.t("none"));
    match field.shape {
        Shape::Text if field.key == "street" => Keyboard::Lines,
        Shape::Text if field.key == "website" => Keyboard::Url,
        Shape::Text if matches!(field.key, "city" | "country") => Keyboard::Name,
        Shape::Date => Keyboard::Date,
        Shape::Money => Keyboard::Amount,
        Shape::Choice(keys) => {
            let choice = |key: &&str| {
                (
                    AttrValue::from((*key).to_owned()),
                    page.w.choice(field.key, key),
                )
            };
            Keyboard::Choice(
                std::iter::once(none())
                    .chain(keys.iter().map(choice))
                    .collect(),
            )
        }
        Shape::Flag => Keyboard::Choice(vec![
            none(),
            ("1".into(), page.w.t("yes")),
            ("0".into(), page.w.t("no")),
        ]),
        Shape::Person => Keyboard::Choice(std::iter::once(none()).chain(people(page)).collect()),
        Shape::Phones => Keyboard::Tel,
        Shape::Emails => Keyboard::Email,
        Shape::Text
        | Shape::Note
        | Shape::Moment
        | Shape::Link(_)
        | Shape::Rank
        | Shape::Tags
        | Shape::Links(_) => Keyboard::Text,
    }
}

/// The colleagues, oneself first.
fn people(page: &Page) -> impl Iterator<Item = (AttrValue, AttrValue)> + use<> {
    let me = page.store.me();
    let members = page.store.rows(shared::crm::Kind::Member);
    let others = members
        .iter()
        .filter_map(|row| row.person(&shared::crm::member::PERSON))
        .filter(|person| Some(*person) != me);
    let people: Vec<_> = me
        .into_iter()
        .chain(others)
        .map(|person| (AttrValue::from(person.to_string()), page.person(person)))
        .collect();
    people.into_iter()
}

/// The map beside the first part of the address that there is; the site beside its address.
fn act(page: &Page, field: &Field) -> Html {
    if field.key == "website" {
        let link = input::web(page.row.text(field));
        let link = link.map(|href| outer_link(href.into(), "link", page.w.t("open-website")));
        return link.unwrap_or_default();
    }
    let parts = ["street", "postcode", "city", "country"];
    let filled = parts
        .iter()
        .filter_map(|key| page.row.kind.field(key))
        .find(|field| !page.row.text(field).is_empty());
    match (filled, map_href(page)) {
        (Some(first), Some(href)) if first.key == field.key => {
            outer_link(href, "map-pin", page.w.t("show-on-map"))
        }
        _ => html! {},
    }
}

fn outer_link(href: AttrValue, sign: &'static str, label: AttrValue) -> Html {
    html! {
        <a class="btn btn--icon field__act" {href} target="_blank" rel="noopener noreferrer" aria-label={label.clone()} title={label}>{ icon(sign) }</a>
    }
}

/// Where a map shows the address, if there is one.
pub(super) fn map_href(page: &Page) -> Option<AttrValue> {
    let part = |key: &&str| {
        let text = page.row.kind.field(key).map(|field| page.row.text(field));
        text.filter(|text| !text.is_empty())
            .map(|text| text.replace('\n', ", "))
    };
    let street = part(&"street");
    let town: Vec<String> = ["postcode", "city"].iter().filter_map(part).collect();
    let town = (!town.is_empty()).then(|| town.join(" "));
    let parts: Vec<String> = [street, town, part(&"country")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() {
        return None;
    }
    let place = String::from(js_sys::encode_uri_component(&parts.join(", ")));
    let agent = browser::device_name();
    let href = match () {
        () if agent.contains("Android") => format!("geo:0,0?q={place}"),
        () if agent.starts_with("iP") || agent.contains("Mac") => {
            format!("https://maps.apple.com/?q={place}")
        }
        () => format!("https://www.openstreetmap.org/search?query={place}"),
    };
    Some(AttrValue::from(href))
}

fn tags_row(page: &Page, field: &'static Field) -> Html {
    let tags: Vec<Item> = page.row.items(field).cloned().collect();
    let typed = tags::write(tags.iter().map(|tag| tag.text.as_str()));
    let tag =
        |tag: &Item| html! { <span class="tag" key={tag.key.clone()}>{ tag.text.clone() }</span> };
    let shown = (!tags.is_empty())
        .then(|| html! { <span class="tags">{ for tags.iter().map(tag) }</span> });
    let onsave = {
        let page = page.clone();
        Callback::from(move |typed: Typed| {
            let writes = tag_writes(field, &tags, &typed.begun, &typed.text);
            page.save(writes, None, typed.done);
            None
        })
    };
    html! {
        <ui::Field key={field.key} label={page.w.field(page.row.kind, field.key)} {shown} typed={AttrValue::from(typed)} empty={empty_words(page, field)}
            {onsave} other={html! {}} place={page.place(field.key)} />
    }
}

/// Tags stand between commas, those with a comma in quotation marks; their key is the tag in lowercase.
/// What was added by others since editing had `begun` stays.
fn tag_writes(field: &Field, held: &[Item], begun: &str, typed: &str) -> Vec<Write> {
    let seen = tags::read(begun, &[',', ';']);
    let item = |tag: String| Item {
        key: text::lower(&tag),
        label: String::new(),
        text: tag,
    };
    let wanted = tags::read(typed, &[',', ';']).into_iter().map(item);
    let wanted: Vec<Item> = wanted.collect();
    let gone = held
        .iter()
        .filter(|tag| seen.contains(&tag.text))
        .filter(|tag| !wanted.iter().any(|item| item.key == tag.key));
    let new = wanted.iter().filter(|item| !held.contains(item));
    gone.map(|tag| Write::clear_item(field.key, &tag.key))
        .chain(new.map(|item| Write::put_item(field.key, item)))
        .collect()
}

/// What a newer version of the app wrote: shown, not edited.
fn unknown(page: &Page) -> Html {
    let line = |(key, stored): &(String, String)| {
        html! {
            <div class="field" key={key.clone()}>
                <div class="field__edit">
                    <span class="field__label">{ key.clone() }<span class="tag">{ page.w.t("newer-field") }</span></span>
                    <span class="field__value">{ stored.clone() }</span>
                </div>
            </div>
        }
    };
    html! { <>{ for page.row.unknown.iter().map(line) }</> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::crm::contact::TAGS;

    #[test]
    fn typed_tags_add_and_remove_what_differs() {
        let tag = |text: &str| Item {
            key: text.to_lowercase(),
            label: String::new(),
            text: text.into(),
        };
        let comma = [tag("Vin, rouge")];
        assert_eq!(
            tag_writes(&TAGS, &comma, "\"Vin, rouge\"", "\"Vin, rouge\""),
            []
        );
        let held = [tag("Cave"), tag("Bio")];
        let writes = tag_writes(&TAGS, &held, "Cave, Bio", "Bio, Salon ; salon,");
        assert_eq!(
            writes,
            [
                Write::clear_item("tags", "cave"),
                Write::put_item("tags", &tag("Salon"))
            ]
        );
        assert!(tag_writes(&TAGS, &held, "Cave, Bio", "Cave, Bio").is_empty());
        // Somebody added one meanwhile.
        assert_eq!(
            tag_writes(&TAGS, &held, "Cave", "Cave, Salon"),
            [Write::put_item("tags", &tag("Salon"))]
        );
    }
}
