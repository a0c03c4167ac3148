use super::*;
use shared::crm::contact;
use shared::crm::row::{Mark, Presence};
use shared::id::PersonId;
use shared::time::Timestamp;

fn row(id: u8, kind: Kind, values: Vec<(u8, Value)>) -> Row {
    let mark = Mark {
        by: PersonId([1; 8]),
        at: Timestamp(0),
    };
    Row {
        id: RecordId([id; 16]),
        kind,
        values,
        items: vec![],
        others: vec![],
        unknown: vec![],
        presence: Presence::There,
        created: mark,
        edited: mark,
    }
}

fn shown(rows: &mut Rows, row: Row) -> Vec<Kind> {
    let mut shown = Vec::new();
    rows.put(row, &mut shown);
    shown
}

#[test]
fn a_company_knows_its_contacts_until_they_leave() {
    let (mut rows, company) = (Rows::default(), RecordId([9; 16]));
    let at = |id| vec![(contact::COMPANY.tag, Value::Link(RecordId([id; 16])))];
    assert_eq!(
        shown(&mut rows, row(1, Kind::Contact, at(9))),
        [Kind::Contact]
    );
    assert_eq!(shown(&mut rows, row(1, Kind::Contact, at(9))), []);
    assert_eq!(rows.linked(company, Kind::Contact).len(), 1);
    assert!(rows.linked(company, Kind::Deal).is_empty());
    shown(&mut rows, row(1, Kind::Contact, at(8)));
    assert!(rows.linked(company, Kind::Contact).is_empty());
    assert_eq!(rows.linked(RecordId([8; 16]), Kind::Contact).len(), 1);
}

#[test]
fn typing_into_a_note_leaves_lists_alone() {
    let mut rows = Rows::default();
    let with = |text: &str| vec![(contact::NOTES.tag, Value::Text(text.into()))];
    shown(&mut rows, row(1, Kind::Contact, with("a")));
    let before = (rows.version(Kind::Contact), rows.edits());
    assert_eq!(shown(&mut rows, row(1, Kind::Contact, with("ab"))), []);
    assert_eq!(rows.version(Kind::Contact), before.0);
    assert_ne!(rows.edits(), before.1);
    assert_eq!(rows.of_kind(Kind::Contact)[0].text(&contact::NOTES), "ab");
}

#[test]
fn a_deleted_record_is_found_by_id_and_in_no_list() {
    let mut rows = Rows::default();
    let mut gone = row(1, Kind::Contact, vec![]);
    shown(&mut rows, gone.clone());
    let before = rows.version(Kind::Contact);
    assert_eq!(rows.of_kind(Kind::Contact).len(), 1);
    gone.presence = Presence::Deleted(gone.created);
    shown(&mut rows, gone);
    assert!(rows.of_kind(Kind::Contact).is_empty());
    assert!(rows.get(RecordId([1; 16])).is_some());
    assert_ne!(rows.version(Kind::Contact), before);
}

#[test]
fn a_record_of_another_type_leaves_the_list_that_it_was_in() {
    let mut rows = Rows::default();
    shown(&mut rows, row(1, Kind::Contact, vec![]));
    assert_eq!(rows.of_kind(Kind::Contact).len(), 1);
    let told = shown(&mut rows, row(1, Kind::Company, vec![]));
    assert_eq!(told, [Kind::Company, Kind::Contact]);
    assert!(rows.of_kind(Kind::Contact).is_empty());
    assert_eq!(rows.of_kind(Kind::Company).len(), 1);
}
