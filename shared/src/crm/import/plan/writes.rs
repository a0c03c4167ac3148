//! What a contact's lines write into it.

use super::index::Index;
use super::name::Name;
use super::{Choices, Kept, Pending};
use crate::crm::command::{DELETED, Edit, Write};
use crate::crm::field::Field;
use crate::crm::import::draft::Draft;
use crate::crm::import::imported::{Imported, in_order};
use crate::crm::row::{Item, Row};
use crate::crm::{Kind, company, contact, text};

/// What is written.
#[derive(Default)]
pub(super) struct Made {
    pub writes: Vec<Write>,
    /// Whether it is more than marks of what was there already.
    pub visible: bool,
    /// What a person changed and the file says otherwise.
    pub kept: Vec<Kept>,
}

/// What is there already, and how it came there.
struct Held<'a> {
    row: Option<&'a Row>,
    before: Imported,
    imported: Imported,
    /// Whether the items that are there have their places among those that are imported.
    placed: bool,
}

impl Held<'_> {
    fn stored(&self, field: &Field) -> String {
        let value = self.row.and_then(|row| row.value(field));
        value.map_or_else(String::new, |value| value.to_stored())
    }

    /// What stood there first stays first.
    fn place_items(&mut self) {
        if self.placed {
            return;
        }
        self.placed = true;
        for field in [&contact::PHONES, &contact::EMAILS] {
            for item in self.row.map_or_else(Vec::new, |row| in_order(row, field)) {
                if self.before.is_ordered() {
                    self.imported.note(field, &item.key);
                } else {
                    self.imported.note_last(field, &item.key);
                }
            }
        }
    }

    /// Whether the value is a person's own, rather than what was last imported or nothing yet.
    fn is_own(&self, field: &Field, current: &str) -> bool {
        match current {
            "" => self.before.has(field),
            current if *field == contact::NOTES && is_cut(current) => true,
            current => !self.before.wrote(field, current),
        }
    }

    /// Notes that a file says what stands there.
    fn note_found(&mut self, field: &Field, current: &str, value: &str) {
        if self.is_own(field, current) {
            self.imported.note_seen(field, value);
        } else {
            self.imported.note(field, value);
        }
    }
}

/// Whether a row holds only the beginning of a note.
fn is_cut(note: &str) -> bool {
    note.chars().count() >= Row::NOTE_EXCERPT
}

/// The writes that bring a contact to what its lines say, without what a person decided otherwise;
/// companies that it needs are made.
pub(super) fn writes(
    one: &Pending,
    draft: &Draft,
    row: Option<&Row>,
    index: &mut Index,
    choices: &Choices,
    companies: &mut Vec<Edit>,
) -> Made {
    let before = row.map_or_else(Imported::default, Imported::of);
    let mut held = Held {
        row,
        imported: before.clone(),
        before,
        placed: false,
    };
    let mut made = Made::default();
    if row.is_some_and(|row| !row.is_there()) {
        made.writes.push(Write::clear(DELETED));
    }
    let mut takes = |what: &'static str, mine: &str, file: &str| {
        let take = choices.take.contains(&(draft.line, what));
        made.kept.push(Kept {
            what,
            mine: mine.to_owned(),
            file: file.to_owned(),
            take,
        });
        take
    };
    let mut writes = name(draft, &mut held, &mut takes);
    for (key, stored) in &draft.fields {
        let Some(field) = Kind::Contact.field(key) else {
            continue;
        };
        let current = held.stored(field);
        if held.before.holds(field, stored) {
            continue;
        }
        if current == *stored {
            held.note_found(field, &current, stored);
        } else {
            if held.is_own(field, &current) {
                let alike = !current.is_empty() && text::words(&current) == text::words(stored);
                let hidden = *field == contact::NOTES && is_cut(&current);
                if alike || hidden || !takes(field.key, &current, stored) {
                    continue;
                }
            }
            writes.push(Write::put(field.key, stored.as_str()));
            held.imported.note(field, stored);
        }
    }
    if let Some(name) = &draft.company {
        writes.extend(works_at(name, &mut held, index, companies, &mut takes));
    }
    for (field, file) in items(draft) {
        writes.extend(item(field, file, &mut held));
    }
    held.imported.note_order();
    for key in &one.aliases {
        held.imported.note_alias(key);
    }
    made.visible = !writes.is_empty() || !one.aliases.is_empty();
    made.writes.append(&mut writes);
    if held.imported != held.before {
        if held.stored(&contact::SOURCE).is_empty() {
            let source = format!("{} {}", index.source(), one.source);
            made.writes.push(Write::put(contact::SOURCE.key, source));
        }
        let stored = held.imported.to_stored();
        made.writes.push(Write::put(contact::IMPORTED.key, stored));
    }
    made
}

/// The name is one value: half of the file's and half of a person's would be nobody.
fn name(
    draft: &Draft,
    held: &mut Held,
    takes: &mut dyn FnMut(&'static str, &str, &str) -> bool,
) -> Vec<Write> {
    let parts = [
        (&contact::FIRST_NAME, &draft.first_name),
        (&contact::LAST_NAME, &draft.last_name),
    ];
    let current = parts.map(|(field, _)| held.stored(field));
    let is_same = parts
        .iter()
        .zip(&current)
        .all(|((_, file), own)| *file == own);
    let was = |held: &Held, (field, file): (&Field, &String)| match file.as_str() {
        "" => !held.before.has(field),
        file => held.before.holds(field, file),
    };
    let known =
        !held.before.is_empty() && parts.iter().all(|(field, file)| was(held, (field, file)));
    if !is_same {
        let mine = Name::of(&current[0], &current[1]);
        let own = parts
            .iter()
            .zip(&current)
            .any(|((field, _), own)| held.is_own(field, own));
        let alike = mine.agrees(&Name::of(&draft.first_name, &draft.last_name));
        // A file that only takes the parts for one another corrects nothing.
        let swapped = alike
            && parts
                .iter()
                .zip(&current)
                .any(|((_, file), own)| text::words(file) != text::words(own));
        if known || swapped || (own && alike) {
            return Vec::new();
        }
        let title = |[first, last]: &[String; 2]| format!("{first} {last}").trim().to_owned();
        if own && !takes("name", &title(&current), &draft.title()) {
            return Vec::new();
        }
    }
    let mut writes = Vec::new();
    for ((field, file), own) in parts.into_iter().zip(&current) {
        if file.is_empty() {
            if !own.is_empty() {
                writes.push(Write::clear(field.key));
            }
            continue;
        }
        if file == own {
            held.note_found(field, own, file);
        } else {
            writes.push(Write::put(field.key, file.as_str()));
            held.imported.note(field, file);
        }
    }
    writes
}

/// The company, unless a person moved the contact to another.
fn works_at(
    name: &str,
    held: &mut Held,
    index: &mut Index,
    companies: &mut Vec<Edit>,
    takes: &mut dyn FnMut(&'static str, &str, &str) -> bool,
) -> Option<Write> {
    let field = &contact::COMPANY;
    let basis = text::words(name);
    if held.before.holds(field, &basis) {
        return None;
    }
    let current = held.row.and_then(|row| row.link(field));
    if current.is_some_and(|current| current == index.company(name)) {
        held.imported.note_seen(field, &basis);
        return None;
    }
    let firm = current.and_then(|current| index.row(current));
    let called = firm.map_or("", |firm| firm.text(&company::NAME));
    let source = firm.map_or("", |firm| firm.text(&company::SOURCE));
    let first = source.split_once(" name:").map_or("", |(_, basis)| basis);
    let untouched = [text::words(called).as_str(), first]
        .iter()
        .any(|basis| held.before.wrote(field, basis));
    let own = match current {
        None => held.before.has(field),
        Some(_) => !untouched,
    };
    if own && !takes(field.key, called, name) {
        return None;
    }
    held.imported.note(field, &basis);
    let id = index.make_company(name, companies);
    Some(Write::put(field.key, id.to_string()))
}

/// An item, unless it is there or somebody took it out.
fn item(field: &'static Field, file: Item, held: &mut Held) -> Option<Write> {
    if held.before.holds(field, &file.key) || held.imported.holds(field, &file.key) {
        return None;
    }
    held.place_items();
    held.imported.note(field, &file.key);
    let same = |own: &Item| own.key == file.key || item_key(field, &own.text) == file.key;
    let is_there = held.row.is_some_and(|row| row.items(field).any(same));
    (!is_there).then(|| Write::put_item(field.key, &file))
}

/// The items that a draft asks for.
fn items(draft: &Draft) -> Vec<(&'static Field, Item)> {
    let item = |field: &'static Field, label: &str, text: &str| {
        let item = Item {
            key: item_key(field, text),
            label: label.to_owned(),
            text: text.to_owned(),
        };
        (field, item)
    };
    let phones = draft.phones.iter();
    let phones = phones.map(|(label, text)| item(&contact::PHONES, label, text));
    let emails = draft.emails.iter();
    let emails = emails.map(|(label, text)| item(&contact::EMAILS, label, text));
    let tags = draft.tags.iter().map(|text| item(&contact::TAGS, "", text));
    phones.chain(emails).chain(tags).collect()
}

/// The key of an item, the same for everyone who imports it.
fn item_key(field: &Field, text: &str) -> String {
    if *field == contact::PHONES {
        let digits = text::phone_key(text);
        if !digits.is_empty() {
            return digits;
        }
    }
    text::lower(text)
}
