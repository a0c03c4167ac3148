//! The work's contact as Terrain keeps one: its fields where a contact has them, the others under keys
//! of their own, as the fields of a later version are kept.

use serde_json::{Map, Number, Value as Json};
use shared::crm::command::Write;
use shared::crm::contact;
use shared::crm::field::Field;
use shared::crm::row::{Item, Row};
use shared::crm::text;
use shared::id::{PersonId, RecordId, WorkspaceId};

/// The fields that this version has no place for, by their names in the work, with their keys.
const OTHERS: [(&str, &str); 8] = [
    ("company", "company_name"),
    ("region", "region"),
    ("website", "website"),
    ("stage", "stage"),
    ("score", "score"),
    ("revenue", "revenue"),
    ("created", "created"),
    ("updated", "updated"),
];
/// The fields that hold one text.
const TEXTS: [(&str, &Field); 6] = [
    ("id", &contact::SOURCE),
    ("title", &contact::JOB_TITLE),
    ("street", &contact::STREET),
    ("postcode", &contact::POSTCODE),
    ("city", &contact::CITY),
    ("country", &contact::COUNTRY),
];
/// The fields that are one of several telephone numbers or addresses, with their labels.
const ITEMS: [(&str, &Field, &str); 4] = [
    ("phone", &contact::PHONES, "work"),
    ("mobile", &contact::PHONES, "mobile"),
    ("email", &contact::EMAILS, "work"),
    ("email2", &contact::EMAILS, "other"),
];

/// A contact of the work.
pub type Contact = Map<String, Json>;

/// The record of a contact.
pub fn record(workspace: WorkspaceId, id: &str) -> RecordId {
    RecordId::derived(workspace, "contact", id)
}

/// What makes a contact.
pub fn made(contact: &Contact) -> Vec<Write> {
    let mut writes = Vec::new();
    for (name, value) in contact {
        writes.extend(edited(None, name, value));
    }
    writes
}

/// What gives a field of a contact another value.
pub fn edited(row: Option<&Row>, name: &str, value: &Json) -> Vec<Write> {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    if let Some((_, field)) = TEXTS.iter().find(|(of, _)| *of == name) {
        return vec![Write::put(field.key, text)];
    }
    if let Some((_, key)) = OTHERS.iter().find(|(of, _)| *of == name) {
        return vec![Write::put(key, text)];
    }
    if let Some((_, field, label)) = ITEMS.iter().find(|(of, ..)| *of == name) {
        let held = row.and_then(|row| row.items(field).find(|item| item.label == *label));
        let key = held.map_or_else(|| item_key(field, &text), |item| item.key.clone());
        let label = (*label).to_owned();
        return vec![Write::put_item(field.key, &Item { key, label, text })];
    }
    match name {
        "name" => {
            let (first, last) = text.split_once(' ').unwrap_or((&text, ""));
            let last = match (last, row) {
                ("", None) => None,
                ("", Some(_)) => Some(Write::clear(contact::LAST_NAME.key)),
                (last, _) => Some(Write::put(contact::LAST_NAME.key, last)),
            };
            let first = Write::put(contact::FIRST_NAME.key, first);
            std::iter::once(first).chain(last).collect()
        }
        "notes" => vec![Write::put(contact::NOTES.key, text)],
        "owner" => vec![Write::put(contact::OWNER.key, person(&text).to_string())],
        "tags" => tags(value),
        _ => Vec::new(),
    }
}

/// The contact that a row holds. `note` stands in for the row's excerpt of the notes.
pub fn read(row: &Row, note: Option<&str>) -> Contact {
    let text = |text: &str| Json::String(text.to_owned());
    let mut contact = Contact::new();
    for (name, field) in TEXTS {
        contact.insert(name.into(), text(row.text(field)));
    }
    for (name, key) in OTHERS {
        let stored = row.unknown.iter().find(|(of, _)| of == key);
        contact.insert(
            name.into(),
            stored.map_or(Json::Null, |(_, s)| other(name, s)),
        );
    }
    for (name, field, label) in ITEMS {
        let item = row.items(field).find(|item| item.label == label);
        contact.insert(
            name.into(),
            item.map_or(Json::Null, |item| text(&item.text)),
        );
    }
    contact.insert("name".into(), Json::String(row.title()));
    let note = note.unwrap_or_else(|| row.text(&contact::NOTES));
    contact.insert("notes".into(), text(note));
    let owner = row.person(&contact::OWNER).map(|person| name_of(&person));
    contact.insert("owner".into(), owner.map_or(Json::Null, Json::String));
    contact.insert("tags".into(), tags_of(row));
    contact
}

/// Whether the row's excerpt may not be all of the notes.
pub fn is_cut(row: &Row) -> bool {
    row.text(&contact::NOTES).chars().count() >= Row::NOTE_EXCERPT
}

fn other(name: &str, stored: &str) -> Json {
    match name {
        "score" | "revenue" | "created" | "updated" => stored
            .parse::<Number>()
            .map_or_else(|_| Json::String(stored.into()), Json::Number),
        _ => Json::String(stored.into()),
    }
}

/// As an import keys them: the digits of a number, the address in lowercase.
fn item_key(field: &Field, value: &str) -> String {
    match *field == contact::PHONES {
        true => text::phone_key(value),
        false => text::lower(value),
    }
}

/// A colleague's name as an id: the letters are its bytes.
fn person(name: &str) -> PersonId {
    let mut id = [0; 8];
    for (to, from) in id.iter_mut().zip(name.bytes()) {
        *to = from;
    }
    PersonId(id)
}

fn name_of(person: &PersonId) -> String {
    let letters = person.0.iter().copied().take_while(|byte| *byte != 0);
    String::from_utf8_lossy(&letters.collect::<Vec<_>>()).into_owned()
}

/// Tags are a set in Terrain; the work's are a list that may name one twice, so each tag's label says
/// where it stands.
fn tags(value: &Json) -> Vec<Write> {
    let mut items: Vec<Item> = Vec::new();
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    for (at, tag) in list.iter().filter_map(Json::as_str).enumerate() {
        match items.iter_mut().find(|item| item.text == tag) {
            Some(item) => item.label = format!("{},{at}", item.label),
            None => items.push(Item {
                key: tag.to_lowercase(),
                label: at.to_string(),
                text: tag.to_owned(),
            }),
        }
    }
    let writes = items.iter();
    writes
        .map(|item| Write::put_item(contact::TAGS.key, item))
        .collect()
}

fn tags_of(row: &Row) -> Json {
    let mut placed: Vec<(usize, &str)> = Vec::new();
    for item in row.items(&contact::TAGS) {
        let places = item.label.split(',').filter_map(|at| at.parse().ok());
        placed.extend(places.map(|at| (at, item.text.as_str())));
    }
    placed.sort_unstable();
    let tags = placed.into_iter().map(|(_, tag)| Json::String(tag.into()));
    Json::Array(tags.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::crm::Kind;
    use shared::crm::command::Edit;
    use shared::document::Document;
    use shared::id::Writer;
    use shared::time::Timestamp;

    const WORKSPACE: WorkspaceId = WorkspaceId([7; 16]);

    fn writer() -> Writer {
        Writer {
            person: PersonId([1; 8]),
            instance: [2; 8],
        }
    }

    fn contact() -> Contact {
        let value = json!({
            "id": "c0000003", "name": "Lusa Bekabo", "title": "Buyer", "company": "Mo GmbH",
            "email": "lusa.bekabo@mo.de", "email2": "bekabo123@mail.example", "phone": "+491234567890",
            "mobile": "+4912345678901", "street": "Lude St 7", "city": "Momo", "region": "Kasa",
            "postcode": "01234", "country": "DE", "website": "https://mo.de", "stage": "lead",
            "score": 42, "revenue": 8123.999999999999, "owner": "alice", "created": 1700000000001_u64,
            "updated": 1700000000002_u64, "tags": ["zu", "be", "zu"], "notes": "ka ke. ki"
        });
        value.as_object().unwrap().clone()
    }

    fn document(contact: &Contact) -> (RecordId, Document) {
        let id = record(WORKSPACE, "c0000003");
        let mut document = Document::new();
        let edit = Edit::make(id, Kind::Contact, made(contact));
        document.edit(&edit, writer(), Timestamp(1)).unwrap();
        (id, document)
    }

    #[test]
    fn every_value_comes_back_as_it_was() {
        let contact = contact();
        let (id, document) = document(&contact);
        assert_eq!(read(&document.row(id).unwrap(), None), contact);
    }

    #[test]
    fn every_field_that_the_work_edits_takes_its_new_value() {
        let mut contact = contact();
        let (id, mut document) = document(&contact);
        for name in [
            "name", "title", "email", "phone", "mobile", "city", "stage", "notes",
        ] {
            let value = Json::String(format!("{name}-11-5-kalu"));
            let row = document.row(id).unwrap();
            let edit = Edit::of(id, edited(Some(&row), name, &value));
            document.edit(&edit, writer(), Timestamp(2)).unwrap();
            contact.insert(name.into(), value);
            assert_eq!(read(&document.row(id).unwrap(), None), contact, "{name}");
        }
    }
}
