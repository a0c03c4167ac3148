//! Rows of few records, names and links, so that everything happens to each of them.

use proptest::prelude::*;
use shared::crm::field::Field;
use shared::crm::row::{Item, Mark, Presence, Row, Value};
use shared::crm::{Kind, activity, company, contact, deal, member};
use shared::id::{PersonId, RecordId};
use shared::time::Timestamp;

/// How many records there are.
pub const RECORDS: u8 = 12;
const NAMES: [&str; 6] = ["", "Abel", "Zoé", "Le Goff", "abel", "Carte"];
const STAGES: [&str; 4] = ["", "contacted", "offer", "visited"];

/// The id of a record.
pub fn id(n: u8) -> RecordId {
    RecordId([n; 16])
}

/// A row that holds nothing.
pub fn empty(n: u8, kind: Kind) -> Row {
    Row {
        id: id(n),
        kind,
        values: Vec::new(),
        items: Vec::new(),
        others: Vec::new(),
        unknown: Vec::new(),
        presence: Presence::There,
        created: mark(0),
        edited: mark(0),
    }
}

fn mark(at: i64) -> Mark {
    Mark {
        by: PersonId([1; 8]),
        at: Timestamp(at),
    }
}

/// Any row.
pub fn any_row() -> impl Strategy<Value = Row> {
    let what = (
        0..RECORDS,
        prop_oneof![9 => Just(None), 1 => any::<u8>().prop_map(Some)],
    );
    let words = (0usize..6, 0usize..4, 0usize..3, 0usize..3, 0..4i64);
    let links = prop::collection::vec(0..RECORDS, 4);
    let when = (
        0..3i64,
        0..5i64,
        prop_oneof![4 => Just(0u8), 1 => Just(1), 1 => Just(2)],
    );
    (what, words, links, when).prop_map(|((n, other), words, links, (created, edited, gone))| {
        let kind = Kind::ALL[usize::from(other.unwrap_or(n)) % Kind::ALL.len()];
        let mut row = empty(n, kind);
        row.presence = match gone {
            0 => Presence::There,
            1 => Presence::Deleted(mark(edited)),
            _ => Presence::Restored(mark(edited)),
        };
        (row.created, row.edited) = (mark(created), mark(edited));
        fill(&mut row, words, &links);
        row.values.sort_by_key(|(tag, _)| *tag);
        row
    })
}

fn fill(row: &mut Row, words: (usize, usize, usize, usize, i64), links: &[u8]) {
    let (name, stage, status, note, day) = words;
    let text = |text: &str| Value::Text(text.into());
    let note = ["", "a", "ab"][note];
    let link = |n: u8| (!n.is_multiple_of(3)).then(|| Value::Link(id(n)));
    let date = || {
        format!("2026-11-{}", 19 + day)
            .parse()
            .ok()
            .map(Value::Date)
    };
    let mut put = |field: &Field, value: Option<Value>| {
        row.values.extend(value.map(|value| (field.tag, value)));
    };
    match row.kind {
        Kind::Contact => {
            put(&contact::LAST_NAME, Some(text(NAMES[name])));
            put(&contact::COMPANY, link(links[0]));
            put(&contact::NOTES, Some(text(note)));
            let number = Item::from_stored("1", &format!("mobile\t06 12 {name}{stage}"));
            row.items.push((contact::PHONES.tag, number));
        }
        Kind::Company => {
            put(&company::NAME, Some(text(NAMES[name])));
            put(&company::CITY, Some(text(STAGES[stage])));
            put(&company::NOTES, Some(text(note)));
        }
        Kind::Deal => {
            let amount = format!("{} {}", ["EUR", "CHF"][status % 2], 100 * (1 + name));
            put(&deal::NAME, Some(text(NAMES[name])));
            put(&deal::COMPANY, link(links[0]));
            put(&deal::AMOUNT, amount.parse().ok().map(Value::Money));
            put(&deal::CLOSE_ON, date());
            put(&deal::STAGE, Some(text(STAGES[stage])));
            put(&deal::STATUS, Some(text(["", "open", "won"][status])));
            // One contact may stand twice, once under an id in capitals.
            for (at, n) in links[1..3].iter().enumerate() {
                let key = id(*n).to_string();
                let key = if at == 0 { key } else { key.to_uppercase() };
                row.items
                    .push((deal::CONTACTS.tag, Item::from_stored(&key, "\t")));
            }
        }
        Kind::Activity => {
            put(
                &activity::TYPE,
                Some(text(["visit", "comment", "call"][status])),
            );
            put(&activity::SUBJECT, Some(text(NAMES[name])));
            put(&activity::DUE_ON, date());
            let done = (stage == 1).then_some(Value::Moment(Timestamp(day)));
            put(&activity::DONE_AT, done);
            put(&activity::CONTACT, link(links[0]));
            put(&activity::COMPANY, link(links[1]));
            put(&activity::DEAL, link(links[2]));
        }
        Kind::Member => put(&member::NAME, Some(text(NAMES[name]))),
    }
}
