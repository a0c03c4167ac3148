//! Importing whole files: every line accounted for, twice without doubles, and by two people offline.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "import/device.rs"]
mod device;
#[path = "import/people.rs"]
mod people;
#[path = "../../tests/lib/record.rs"]
mod record;

use device::{Device, csv, reading, texts};
use record::fault;
use shared::crm::Kind;
use shared::crm::command::{DELETED, Edit, Write};
use shared::crm::contact;
use shared::crm::import::{BYTES_LIMIT, Encoding, File, FileError, Mode, Outcome, Skip, Target};
use shared::crm::row::{Item, Presence, Row};
use shared::id::RecordId;
use std::collections::BTreeSet;

const GOOGLE: &[u8] = include_bytes!("fixtures/google-contacts.csv");
const OUTLOOK: &[u8] = include_bytes!("fixtures/outlook-contacts-windows-1252-semicolon.csv");
#[test]
fn google_contacts_are_recognised_and_every_line_is_accounted_for() {
    let file = File::open(GOOGLE).unwrap();
    assert_eq!(file.source_key(), "google");
    assert_eq!(file.encoding, Encoding::Utf8);
    let mut device = Device::of(1);
    let plan = device.import(GOOGLE);
    assert_eq!(plan.rows.len(), file.table.lines.len());
    let counts = plan.counts;
    assert_eq!(counts.skipped, 0, "{:?}", plan.rows);
    assert_eq!(
        (counts.new + counts.doubles) as usize,
        file.table.lines.len()
    );
    let contacts = device
        .rows()
        .iter()
        .filter(|row| row.kind == Kind::Contact)
        .count();
    assert_eq!(contacts, counts.new as usize);
    let companies = device.rows().len() - contacts;
    assert_eq!(companies, counts.companies as usize);
}

#[test]
fn a_line_of_google_contacts_becomes_a_whole_contact() {
    let mut device = Device::of(1);
    device.import(GOOGLE);
    let row = device.contact("Jessel");
    assert_eq!(row.text(&contact::FIRST_NAME), "Léon");
    assert_eq!(row.text(&contact::JOB_TITLE), "chef comptable");
    assert_eq!(row.text(&contact::CITY), "FoucherBourg");
    let mut phones = texts(&row, &contact::PHONES);
    phones.sort();
    assert_eq!(phones, ["+33 6 30 52 67 18", "0138338911"]);
    assert_eq!(texts(&row, &contact::TAGS), ["Clients"]);
    let email = row.items(&contact::EMAILS).next().unwrap();
    assert_eq!(
        (email.label.as_str(), email.text.as_str()),
        ("work", "burkardstahr@example.net")
    );
    let company = device.documents[&row.link(&contact::COMPANY).unwrap()].clone();
    let company = company.row(row.link(&contact::COMPANY).unwrap()).unwrap();
    assert_eq!(company.title(), "Marsh, Brown and O'Connor");
    let birthday = device.contact("Gorol");
    assert_eq!(birthday.date(&contact::BIRTHDAY), None);
    let dated = device
        .rows()
        .iter()
        .filter(|row| row.date(&contact::BIRTHDAY).is_some())
        .count();
    assert!(dated > 10, "{dated}");
}

#[test]
fn lines_about_the_same_person_make_one_contact() {
    let mut device = Device::of(1);
    let plan = device.import(GOOGLE);
    let doubles = plan
        .rows
        .iter()
        .filter(|row| matches!(row.outcome, Outcome::Double { .. }));
    assert!(doubles.count() >= 6);
    let row = device.contact("Sykes");
    assert_eq!(texts(&row, &contact::EMAILS), ["andrzej08@example.org"]);
    let mut phones = texts(&row, &contact::PHONES);
    phones.sort();
    assert_eq!(phones, ["+33 (0)625617234", "+33 6 90 12 01 07"]);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    for bytes in [GOOGLE, OUTLOOK] {
        let mut device = Device::of(1);
        let first = device.import(bytes);
        let again = device.plan(bytes, Mode::Both);
        assert_eq!(again.edits, []);
        assert_eq!(again.counts.unchanged, first.counts.new);
        assert_eq!(again.counts.skipped, first.counts.skipped);
    }
}

#[test]
fn half_an_import_is_completed_by_doing_it_again() {
    let mut device = Device::of(1);
    let whole = device.plan(GOOGLE, Mode::Both);
    device.edit(&whole.edits[..whole.edits.len() / 2]);
    device.import(GOOGLE);
    let mut at_once = Device::of(1);
    at_once.import(GOOGLE);
    let ids = |device: &Device| device.documents.keys().copied().collect::<Vec<_>>();
    assert_eq!(ids(&device), ids(&at_once));
    assert_eq!(device.plan(GOOGLE, Mode::Both).edits, []);
}

#[test]
fn two_people_who_import_the_file_offline_have_one_contact_each() {
    let (mut ann, mut ben) = (Device::of(1), Device::of(2));
    let plan = ann.import(GOOGLE);
    ben.import(GOOGLE);
    ann.receive(&ben);
    ben.receive(&ann);
    assert!(ann.rows() == ben.rows(), "the two differ");
    let contacts = ann
        .rows()
        .iter()
        .filter(|row| row.kind == Kind::Contact)
        .count();
    assert_eq!(contacts, plan.counts.new as usize);
    assert!(
        ann.rows().iter().all(|row| row.others.is_empty()),
        "equal values are no conflict"
    );
    assert_eq!(ann.plan(GOOGLE, Mode::Both).edits, []);
    fault!(
        "F59",
        "two people import the same address book offline",
        "one record each contact, not two"
    );
}

#[test]
fn the_same_contact_typed_by_hand_at_two_places_stays_twice() {
    let (mut ann, mut ben) = (Device::of(1), Device::of(2));
    let make = |number: u8| {
        let writes = vec![
            Write::put("first_name", "Anne"),
            Write::put("last_name", "Le Goff"),
        ];
        Edit::make(RecordId([number; 16]), Kind::Contact, writes)
    };
    ann.edit(&[make(1)]);
    ben.edit(&[make(2)]);
    ann.receive(&ben);
    ben.receive(&ann);
    assert!(ann.rows() == ben.rows(), "the two differ");
    let titles: Vec<_> = ann.rows().iter().map(|row| row.title()).collect();
    assert_eq!(titles, ["Anne Le Goff", "Anne Le Goff"]);
    fault!(
        "F59",
        "two people type the same contact offline",
        "both records stay, with both people's values"
    );
}

#[test]
fn what_a_person_edited_stays() {
    let mut device = Device::of(1);
    device.import(&csv("Ann,Lee,Cave,a@b.fr,0612457803,Brest,x"));
    let id = device.contact("Lee").id;
    device.edit(&[Edit::of(
        id,
        vec![
            Write::put("city", "Quimper"),
            Write::put("last_name", "Le Bihan"),
            Write::clear_item("phones", "612457803"),
        ],
    )]);
    for city in ["Brest", "Vannes"] {
        let line = format!("Ann,Lee,Cave,a@b.fr,0612457803,{city},x");
        assert_eq!(device.import(&csv(&line)).edits, []);
    }
    let row = device.contact("Le Bihan");
    assert_eq!(row.text(&contact::CITY), "Quimper");
    assert_eq!(texts(&row, &contact::PHONES), [""; 0]);
}

#[test]
fn a_contact_made_by_hand_is_completed() {
    let mut device = Device::of(1);
    let item = Item {
        key: "hand".into(),
        label: "work".into(),
        text: "A@B.fr".into(),
    };
    device.edit(&[Edit::make(
        RecordId([8; 16]),
        Kind::Contact,
        vec![
            Write::put("first_name", "Ann"),
            Write::put("last_name", "LEE"),
            Write::put("city", "Quimper"),
            Write::put_item("emails", &item),
        ],
    )]);
    let plan = device.import(&csv("Ann,Lee,Cave,a@b.fr,06 12 45 78 03,Brest,"));
    assert_eq!(plan.rows[0].outcome, Outcome::Completes(RecordId([8; 16])));
    let row = device.contact("LEE");
    assert_eq!(row.text(&contact::CITY), "Quimper");
    assert_eq!(texts(&row, &contact::EMAILS), ["A@B.fr"]);
    assert_eq!(texts(&row, &contact::PHONES), ["06 12 45 78 03"]);
    assert_eq!(
        device
            .plan(
                &csv("Ann,Lee,Cave,a@b.fr,06 12 45 78 03,Brest,"),
                Mode::Both
            )
            .edits,
        []
    );
    let by_phone = device.plan(&csv("Ann,Lee,,,+33 6 12 45 78 03,,"), Mode::Both);
    assert_eq!(
        by_phone.rows[0].outcome,
        Outcome::Unchanged(RecordId([8; 16]))
    );
}

#[test]
fn people_who_share_an_address_stay_apart() {
    let mut device = Device::of(1);
    let lines = "Jean,Dupont,,famille@dupont.fr,,,\nMarie,Dupont,,famille@dupont.fr,,,\n";
    let plan = device.import(&csv(lines));
    assert_eq!(plan.counts.new, 2);
    assert_eq!(device.plan(&csv(lines), Mode::Both).edits, []);
    let other = "Marie,Dupont,,famille@dupont.fr,,,\nJean,Dupont,,famille@dupont.fr,,,\n";
    assert_eq!(device.plan(&csv(other), Mode::Both).edits, []);
}

#[test]
fn lines_with_problems_are_left_out_and_can_be_saved() {
    let mut device = Device::of(1);
    let bytes = csv("Ann,Lee,Cave,a@b.fr,,,\n,,,,,,bio\nSig,Fer,,s@p.bzh,\"6,02E+08\",,\n");
    let plan = device.import(&bytes);
    let left_out: Vec<_> = plan.rows.iter().map(|row| row.outcome.key()).collect();
    assert_eq!(
        left_out,
        ["import-new", "import-problems", "import-problems"]
    );
    assert!(
        plan.rows
            .iter()
            .skip(1)
            .all(|row| matches!(row.outcome, Outcome::Skipped(Skip::Problems(_))))
    );
    let mut file = File::open(&bytes).unwrap();
    let saved = file.left_out(&plan);
    assert_eq!(saved.lines().count(), 3);
    assert!(saved.contains("\"6,02E+08\""));
    file.table.lines[2].cells[4] = "06 02 00 00 00".into();
    let corrected = file.drafts(reading());
    assert_eq!(corrected[2].problems, []);
}

#[test]
fn modes_choose_between_new_and_known_contacts() {
    let mut device = Device::of(1);
    device.import(&csv("Ann,Lee,,a@b.fr,,,"));
    let lines = csv("Ann,Lee,,a@b.fr,,Brest,\nBen,Roe,,b@b.fr,,,");
    let keys = |mode| {
        let plan = device.plan(&lines, mode);
        plan.rows
            .iter()
            .map(|row| row.outcome.key())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(Mode::Create), ["import-already-there", "import-new"]);
    assert_eq!(
        keys(Mode::Complete),
        ["import-completes", "import-not-there"]
    );
    assert_eq!(keys(Mode::Both), ["import-completes", "import-new"]);
}

#[test]
fn an_import_after_its_undo_brings_everything_back() {
    let mut device = Device::of(1);
    let plan = device.import(&csv("Ann,Lee,,a@b.fr,,Brest,"));
    let id = plan.edits[0].record;
    let undo = plan.edits[0].writes.iter().map(|write| Write {
        put: None,
        ..write.clone()
    });
    let mut undo: Vec<Write> = undo.collect();
    undo.push(Write::put(DELETED, "1"));
    device.edit(&[Edit::of(id, undo)]);
    let again = device.import(&csv("Ann,Lee,,a@b.fr,,Brest,"));
    assert_eq!(again.rows[0].outcome, Outcome::Restores(id));
    let row = device.contact("Lee");
    assert_eq!(row.presence, Presence::There);
    assert_eq!(row.text(&contact::CITY), "Brest");
}

#[test]
fn a_mapping_can_be_changed() {
    let mut file = File::open(b"Alias,Truc\nAnn,Brest\n").unwrap();
    assert_eq!(file.mapping, [Target::Skip, Target::Skip]);
    file.mapping = vec![Target::Field("last_name"), Target::Field("city")];
    let drafts = file.drafts(reading());
    assert_eq!(drafts[0].fields, [("city", "Brest".to_owned())]);
}

#[test]
fn a_windows_file_with_semicolons_is_read() {
    let file = File::open(OUTLOOK).unwrap();
    assert_eq!(file.encoding, Encoding::Windows1252);
    assert_eq!(file.table.delimiter, ';');
    let mut device = Device::of(1);
    let plan = device.import(OUTLOOK);
    assert_eq!(plan.counts.skipped, plan.counts.problems);
    assert!(plan.counts.new > 100, "{:?}", plan.counts);
    let names: BTreeSet<String> = device.rows().iter().map(Row::title).collect();
    assert!(names.iter().any(|name| name.contains('é')), "{names:?}");
    assert!(!names.iter().any(|name| name.contains('Ã')), "{names:?}");
}

#[test]
fn utf_16_is_read_like_utf_8() {
    let text = std::str::from_utf8(GOOGLE).unwrap();
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let device = Device::of(1);
    assert_eq!(
        device.plan(&bytes, Mode::Both),
        device.plan(GOOGLE, Mode::Both)
    );
}

#[test]
fn what_is_no_table_is_refused_with_the_reason() {
    let refused = |bytes: &[u8]| File::open(bytes).unwrap_err();
    assert_eq!(refused(b""), FileError::Empty);
    assert_eq!(refused(&[0, 1, 2, 3, 0, 255]), FileError::NotCsv);
    assert_eq!(refused("Chère Anne\n\nmerci".as_bytes()), FileError::NotCsv);
    assert_eq!(refused(b"PK\x03\x04..."), FileError::Workbook);
    assert_eq!(
        refused(b"Name,Email\nAnn,\"a@b.fr\nBen,b@b.fr"),
        FileError::OpenQuote(2)
    );
    assert_eq!(
        refused(&csv(&"a,b,c,d,e,f,g\n".repeat(60_000))),
        FileError::TooManyLines
    );
    assert_eq!(
        refused(&vec![b'x'; BYTES_LIMIT + 1]),
        FileError::TooLarge(BYTES_LIMIT + 1)
    );
}
