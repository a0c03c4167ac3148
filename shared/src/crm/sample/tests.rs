use super::*;
use crate::crm::due::{Agenda, Due, rotting_days};
use crate::crm::input;
use crate::crm::row::Row;
use crate::crm::test_rows::row;
use crate::crm::{contact, deal, pipeline};
use crate::money::Currency;
use std::collections::BTreeSet;

const ME: PersonId = PersonId([1; 8]);

fn today() -> Date {
    Date::new(2026, 11, 21).unwrap()
}

fn edits(language: Language) -> Vec<Edit> {
    sample(WorkspaceId([5; 16]), language, today(), ME)
}

/// Rows as documents would project them.
fn rows(language: Language) -> Vec<Row> {
    let as_row = |edit: Edit| {
        let kind = edit.make.unwrap();
        let mut row = row(kind, 0);
        row.id = edit.record;
        for write in edit.writes {
            let field = kind.field(&write.at.field).unwrap();
            let stored = write.put.unwrap();
            if field.shape.is_plural() {
                row.items
                    .push((field.tag, Item::from_stored(&write.at.item, &stored)));
            } else {
                let value = Value::from_stored(field.shape, &stored).unwrap();
                row.values.push((field.tag, value));
            }
        }
        row.values.sort_by_key(|(tag, _)| *tag);
        row
    };
    edits(language).into_iter().map(as_row).collect()
}

const LANGUAGES: [Language; 2] = [Language::French, Language::English];

#[test]
fn the_same_workspace_gets_the_same_team_and_another_one_its_own() {
    assert_eq!(edits(Language::French), edits(Language::French));
    let elsewhere = sample(WorkspaceId([6; 16]), Language::French, today(), ME);
    assert_ne!(edits(Language::French)[0].record, elsewhere[0].record);
}

#[test]
fn there_are_as_many_of_each_as_promised_and_no_record_twice() {
    for language in LANGUAGES {
        let rows = rows(language);
        let count = |kind| rows.iter().filter(|row| row.kind == kind).count();
        assert_eq!(count(Kind::Contact), CONTACTS);
        assert_eq!(count(Kind::Company), COMPANIES);
        assert_eq!(count(Kind::Deal), DEALS);
        assert_eq!(count(Kind::Activity), ACTIVITIES);
        assert_eq!(count(Kind::Member), 4);
        let ids: BTreeSet<RecordId> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), rows.len());
    }
}

#[test]
fn every_value_is_one_that_a_person_could_have_typed() {
    for language in LANGUAGES {
        for row in rows(language) {
            assert!(!row.title().is_empty(), "{:?}", row.kind);
            for field in [&contact::PHONES, &contact::EMAILS] {
                for item in row.items(field).filter(|_| row.kind == Kind::Contact) {
                    let read = match *field == contact::PHONES {
                        true => input::phone(&item.text),
                        false => input::email(&item.text),
                    };
                    assert_eq!(read.as_deref(), Ok(item.text.as_str()));
                }
            }
        }
    }
}

#[test]
fn french_names_are_contracted_and_elided() {
    for row in rows(Language::French) {
        let title = row.title().to_lowercase();
        for wrong in [
            " de le ", " de les ", " des de ", " de a", " de é", " de o", " à le ",
        ] {
            assert!(!title.contains(wrong), "{title}");
        }
    }
}

#[test]
fn links_lead_to_records_that_are_there() {
    let rows = rows(Language::French);
    let ids: BTreeSet<RecordId> = rows.iter().map(|row| row.id).collect();
    for row in &rows {
        for (_, value) in &row.values {
            if let Value::Link(id) = value {
                assert!(ids.contains(id));
            }
        }
        let contacts = row
            .links(&deal::CONTACTS)
            .filter(|_| row.kind == Kind::Deal);
        assert!(contacts.into_iter().all(|id| ids.contains(&id)));
    }
}

#[test]
fn the_board_has_something_of_everything() {
    for language in LANGUAGES {
        let rows = rows(language);
        let agenda = Agenda::of(&rows);
        let deals: Vec<&Row> = rows.iter().filter(|row| row.kind == Kind::Deal).collect();
        let of = |status| {
            deals
                .iter()
                .filter(|row| row.text(&deal::STATUS) == status)
                .count()
        };
        assert!(of("open") > 60 && of("won") > 15 && of("lost") > 8 && of("hold") > 1);
        let open: Vec<&&Row> = deals
            .iter()
            .filter(|row| row.text(&deal::STATUS) == "open")
            .collect();
        for stage in pipeline::STAGE_KEYS {
            let count = open
                .iter()
                .filter(|row| row.text(&deal::STAGE) == *stage)
                .count();
            assert!(count >= 3, "{stage}: {count}");
        }
        for due in [Due::Overdue, Due::Today, Due::Later, Due::Nothing] {
            let count = open
                .iter()
                .filter(|row| agenda.due(row.id, today()) == due)
                .count();
            assert!(count >= 4, "{due:?}: {count}");
        }
        let rotting = open
            .iter()
            .filter(|row| rotting_days(row, &agenda, today(), 0).is_some());
        assert!((2..40).contains(&rotting.count()));
        let currencies: BTreeSet<Currency> = deals
            .iter()
            .filter_map(|row| row.money(&deal::AMOUNT))
            .map(|money| money.currency)
            .collect();
        assert!(currencies.len() >= 2);
    }
}
