//! Never two people for one, and never over what a person did.

use crate::device::{Device, csv, records, texts};
use crate::record::fault;
use proptest::prelude::*;
use shared::crm::command::{Edit, Write};
use shared::crm::field::Field;
use shared::crm::import::{Choices, Kept, Mode, Outcome, Skip, Suspect, Why, in_order};
use shared::crm::row::{Item, Row};
use shared::crm::{Kind, company, contact};
use shared::id::RecordId;
use std::collections::{BTreeMap, BTreeSet};

fn titles(device: &Device) -> Vec<String> {
    let mut titles: Vec<String> = device.contacts().iter().map(Row::title).collect();
    titles.sort();
    titles
}

fn put(device: &mut Device, id: RecordId, field: &Field, stored: &str) {
    device.edit(&[Edit::of(id, vec![Write::put(field.key, stored)])]);
}

const PENNECS: &str = "Michel,Pennec,,pennec@orange.fr,02 97 41 20 06,,\nMichèle,Pennec,,pennec@orange.fr,02 97 41 20 06,,\n";

#[test]
fn a_couple_that_shares_address_and_telephone_is_two_people() {
    let mut device = Device::of(1);
    let plan = device.import(&csv(PENNECS));
    assert_eq!(titles(&device), ["Michel Pennec", "Michèle Pennec"]);
    let michel = device
        .contacts()
        .into_iter()
        .find(|row| row.title() == "Michel Pennec");
    let suspect = Suspect {
        id: michel.unwrap().id,
        line: Some(2),
        why: Why::Email,
        same: false,
    };
    assert_eq!(plan.rows[1].suspect, Some(suspect));
    assert_eq!(plan.rows[0].suspect, None);
    assert_eq!(device.plan(&csv(PENNECS), Mode::Both).edits, []);
    assert_eq!(device.plan(&csv(PENNECS), Mode::Both).counts.open, 0);
    // One of them known, the other comes in a file of its own.
    let (first, second) = PENNECS.split_at(PENNECS.find('\n').unwrap() + 1);
    for (one, other) in [(first, second), (second, first)] {
        let mut device = Device::of(1);
        device.import(&csv(one));
        assert!(device.import(&csv(other)).rows[0].suspect.is_some());
        assert_eq!(titles(&device), ["Michel Pennec", "Michèle Pennec"]);
    }
}

#[test]
fn colleagues_at_one_address_stay_apart_whoever_brings_them_and_in_any_order() {
    let lines = [
        "Jean,Faure,Cave,contact@cave.fr,02 97 41 20 06,,\n",
        "Jean,Kessler,Cave,contact@cave.fr,02 97 41 20 06,,\n",
        "Jean-Luc,Abgrall,Cave,contact@cave.fr,02 97 41 20 06,,\n",
    ];
    let (mut ann, mut ben) = (Device::of(1), Device::of(2));
    ann.import(&csv(&lines[..2].concat()));
    ben.import(&csv(&[lines[2], lines[0]].concat()));
    ann.receive(&ben);
    ben.receive(&ann);
    for device in [&mut ann, &mut ben] {
        assert_eq!(
            titles(device),
            ["Jean Faure", "Jean Kessler", "Jean-Luc Abgrall"]
        );
        let others = device
            .rows()
            .iter()
            .map(|row| row.others.len())
            .sum::<usize>();
        assert_eq!(others, 0);
        let again = [lines[2], lines[1], lines[0]].concat();
        assert_eq!(device.plan(&csv(&again), Mode::Both).edits, []);
    }
    fault!(
        "F90",
        "two people import three colleagues at contact@ offline, in other orders",
        "three contacts on both devices, no value beside another"
    );
}

#[test]
fn an_id_from_any_table_is_only_as_good_as_an_address() {
    let table = |line: &str| format!("Ref,First Name,Last Name\n{line}\n").into_bytes();
    let mut device = Device::of(1);
    let import = |device: &mut Device, line: &str| {
        let mut file = shared::crm::import::File::open(&table(line)).unwrap();
        file.mapping[0] = shared::crm::import::Target::Id;
        let drafts = file.drafts(crate::device::reading());
        let rows = device.rows();
        let none = Choices::default();
        let plan = shared::crm::import::plan(
            &rows,
            &drafts,
            crate::device::WORKSPACE,
            file.source_key(),
            Mode::Both,
            &none,
        );
        device.edit(&plan.edits);
        plan
    };
    import(&mut device, "1,Jean,Faure");
    let other = import(&mut device, "1,Jean,Kessler");
    assert_eq!(
        other.rows[0].suspect.map(|suspect| suspect.why),
        Some(Why::Id)
    );
    import(&mut device, "1,FAURE,Jean");
    assert_eq!(titles(&device), ["Jean Faure", "Jean Kessler"]);
}

#[test]
fn namesakes_without_an_address_stay_apart_once_they_differ() {
    let lines = "Jean,Dupont,Cave,,,Brest,\nJean,Dupont,Cave,,,Vannes,\nJean,Dupont,Cave,,,,bio\n";
    let mut device = Device::of(1);
    let plan = device.import(&csv(lines));
    let outcomes: Vec<_> = plan.rows.iter().map(|row| row.outcome.key()).collect();
    assert_eq!(outcomes, ["import-new", "import-new", "import-double"]);
    assert_eq!(
        plan.rows[1].suspect.map(|suspect| suspect.why),
        Some(Why::Name)
    );
    assert_eq!(device.plan(&csv(lines), Mode::Both).edits, []);
    let other = "Jean,Dupont,Cave,,,Vannes,\nJean,Dupont,Cave,,,Brest,\n";
    assert_eq!(device.plan(&csv(other), Mode::Both).edits, []);
}

#[test]
fn who_a_person_says_is_the_same_becomes_one_record_and_stays_it() {
    let mut device = Device::of(1);
    device.edit(&[Edit::make(
        RecordId([8; 16]),
        Kind::Contact,
        vec![
            Write::put("first_name", "Michèle"),
            Write::put("last_name", "Pennec"),
        ],
    )]);
    for (line, why) in [
        ("Michèle,Pennec,,mp@orange.fr,,Brest,", Why::Name),
        ("M.,Pennec,,mp@orange.fr,,,", Why::Email),
    ] {
        let bytes = csv(line);
        let plan = device.plan(&bytes, Mode::Both);
        assert_eq!(plan.rows[0].suspect.map(|suspect| suspect.why), Some(why));
        let mut choices = Choices::default();
        choices.same.insert(2, RecordId([8; 16]));
        let plan = device.import_as(&bytes, &choices);
        assert_eq!(
            plan.rows[0].outcome,
            Outcome::Completes(RecordId([8; 16])),
            "{line}"
        );
        assert_eq!(device.plan(&bytes, Mode::Both).edits, [], "{line}");
    }
    assert_eq!(titles(&device), ["Michèle Pennec"]);
    let row = device.contact("Pennec");
    assert_eq!(row.text(&contact::CITY), "Brest");
    assert_eq!(texts(&row, &contact::EMAILS), ["mp@orange.fr"]);
    // A choice for another record than the one that is suspected is no choice.
    let mut choices = Choices::default();
    choices.same.insert(2, RecordId([9; 16]));
    let plan = device.plan_as(&csv("Marc,Pennec,,mp@orange.fr,,,"), Mode::Both, &choices);
    assert!(matches!(plan.rows[0].outcome, Outcome::New(_)));
}

#[test]
fn a_company_keeps_the_name_that_a_person_gave_it() {
    let mut device = Device::of(1);
    device.import(&csv("Ann,Lee,Cave,a@b.fr,,,"));
    let id = device.contact("Lee").link(&contact::COMPANY).unwrap();
    put(&mut device, id, &company::NAME, "Cave coopérative");
    device.import(&csv("Ben,Roe,Cave,b@b.fr,,,"));
    let row = device.documents[&id].row(id).unwrap();
    assert_eq!(row.title(), "Cave coopérative");
    assert_eq!(device.contact("Roe").link(&contact::COMPANY), Some(id));
    assert_eq!(
        device
            .plan(&csv("Ann,Lee,CAVE,a@b.fr,,,"), Mode::Both)
            .edits,
        []
    );
}

#[test]
fn what_a_person_changed_is_replaced_only_where_they_say_so() {
    let mut device = Device::of(1);
    device.import(&csv("Ann,Lee,Cave,a@b.fr,,Brest,"));
    let id = device.contact("Lee").id;
    put(&mut device, id, &contact::CITY, "Quimper");
    put(
        &mut device,
        id,
        &contact::COMPANY,
        &RecordId([7; 16]).to_string(),
    );
    let bytes = csv("Ann,Lee,Halles,a@b.fr,,Vannes,");
    let plan = device.plan(&bytes, Mode::Both);
    assert_eq!(plan.edits, []);
    let kept = |take| {
        let city = Kept {
            what: "city",
            mine: "Quimper".into(),
            file: "Vannes".into(),
            take,
        };
        let company = Kept {
            what: "company",
            mine: String::new(),
            file: "Halles".into(),
            take: false,
        };
        [city, company]
    };
    assert_eq!(plan.rows[0].kept, kept(false));
    let mut choices = Choices::default();
    choices.take.insert((2, "city"));
    let plan = device.import_as(&bytes, &choices);
    assert_eq!(plan.rows[0].kept, kept(true));
    let row = device.contact("Lee");
    assert_eq!(row.text(&contact::CITY), "Vannes");
    assert_eq!(row.link(&contact::COMPANY), Some(RecordId([7; 16])));
    // What nobody changed follows the file.
    assert_eq!(
        device
            .import(&csv("Ann,Lee,,a@b.fr,,Auray,"))
            .counts
            .completed,
        1
    );
    assert_eq!(device.contact("Lee").text(&contact::CITY), "Auray");
    fault!(
        "F91",
        "a later file has another town and company than a person wrote",
        "theirs stand until they take the file's"
    );
}

#[test]
fn what_a_person_typed_is_theirs_though_a_file_said_the_same_once() {
    let mut device = Device::of(1);
    let item = Item {
        key: "hand".into(),
        label: "work".into(),
        text: "a@b.fr".into(),
    };
    device.edit(&[Edit::make(
        RecordId([8; 16]),
        Kind::Contact,
        vec![
            Write::put("first_name", "Ann"),
            Write::put("last_name", "Lee"),
            Write::put("city", "Quimper"),
            Write::put_item("emails", &item),
        ],
    )]);
    device.import(&csv("Ann,Lee,,a@b.fr,06 12 45 78 03,Quimper,"));
    let plan = device.import(&csv("Ann,Lee,,a@b.fr,,Vannes,"));
    assert_eq!(plan.rows[0].kept.len(), 1);
    assert_eq!(device.contact("Lee").text(&contact::CITY), "Quimper");
}

#[test]
fn a_deleted_contact_comes_back_only_where_a_person_says_so() {
    let mut device = Device::of(1);
    let bytes = csv("Ann,Lee,,a@b.fr,,Brest,");
    device.import(&bytes);
    let id = device.contact("Lee").id;
    device.edit(&[Edit::delete(id)]);
    let plan = device.plan(&bytes, Mode::Both);
    assert_eq!(plan.rows[0].outcome, Outcome::Skipped(Skip::Deleted(id)));
    assert_eq!(plan.edits, []);
    let mut choices = Choices::default();
    choices.same.insert(2, id);
    let plan = device.import_as(&bytes, &choices);
    assert_eq!(plan.rows[0].outcome, Outcome::Restores(id));
    assert_eq!(titles(&device), ["Ann Lee"]);
}

#[test]
fn numbers_and_addresses_keep_the_order_of_the_file_and_of_who_was_first() {
    let ordered = |device: &Device, field| -> Vec<String> {
        let row = device.contact("Lee");
        in_order(&row, field)
            .iter()
            .map(|item| item.text.clone())
            .collect()
    };
    let lines = "Ann,Lee,,z@b.fr;a@b.fr,06 12 45 78 03;02 97 41 20 06,,";
    let (mut device, mut other) = (Device::of(1), Device::of(2));
    device.import(&csv(lines));
    other.import(&csv(lines));
    device.receive(&other);
    assert_eq!(
        ordered(&device, &contact::PHONES),
        ["06 12 45 78 03", "02 97 41 20 06"]
    );
    assert_eq!(ordered(&device, &contact::EMAILS), ["z@b.fr", "a@b.fr"]);
    device.import(&csv("Ann,Lee,,a@b.fr,01 11 11 11 11,,"));
    let three = ["06 12 45 78 03", "02 97 41 20 06", "01 11 11 11 11"];
    assert_eq!(ordered(&device, &contact::PHONES), three);

    let mut device = Device::of(1);
    let item = |field: &Field, text: &str| {
        let item = Item {
            key: format!("zz{text}"),
            label: "work".into(),
            text: text.into(),
        };
        Write::put_item(field.key, &item)
    };
    device.edit(&[Edit::make(
        RecordId([8; 16]),
        Kind::Contact,
        vec![
            Write::put("first_name", "Ann"),
            Write::put("last_name", "Lee"),
            item(&contact::PHONES, "06 66 66 66 66"),
            item(&contact::EMAILS, "a@b.fr"),
        ],
    )]);
    device.import(&csv("Ann,Lee,,a@b.fr,06 12 45 78 03,,"));
    assert_eq!(
        ordered(&device, &contact::PHONES),
        ["06 66 66 66 66", "06 12 45 78 03"]
    );
}

type Cells = (usize, usize, usize, usize, usize, usize);

/// A table of people who share what people share.
fn table() -> impl Strategy<Value = Vec<Cells>> {
    prop::collection::vec(
        (
            0..6usize,
            0..4usize,
            0..3usize,
            0..4usize,
            0..4usize,
            0..3usize,
        ),
        1..9,
    )
}

const FIRST: [&str; 6] = ["Michel", "Michèle", "Jean", "Jean-Luc", "J.", ""];
const LAST: [&str; 4] = ["Pennec", "PENNEC", "Le Goff", "Jean"];

fn text_of(table: &[Cells]) -> Vec<u8> {
    let line = |&(first, last, company, email, phone, city): &Cells| {
        format!(
            "{},{},{},{},{},{},",
            FIRST[first],
            LAST[last],
            ["", "Cave", "Halles"][company],
            ["", "contact@cave.fr", "a@b.fr", "Contact@Cave.fr;p@b.fr"][email],
            [
                "",
                "02 97 41 20 06",
                "+33 6 12 45 78 03",
                "0612457803;0297412006"
            ][phone],
            ["", "Brest", "Vannes"][city],
        )
    };
    csv(&table.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn whole_name(cells: &Cells) -> String {
    let name = format!("{} {}", FIRST[cells.0], LAST[cells.1]).to_lowercase();
    let mut words: Vec<&str> = name
        .split([' ', '-', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.join(" ").replace('è', "e")
}

/// What a person does between two imports, and what must stand afterwards.
fn edits() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0..9usize, 0..7u8), 0..5)
}

fn edit(device: &mut Device, (which, what): (usize, u8)) {
    let rows: Vec<Row> = device.rows().into_iter().filter(Row::is_there).collect();
    let row = &rows[which % rows.len()];
    let write = match (row.kind, what) {
        (Kind::Company, _) => Write::put(company::NAME.key, "Cave de Maud"),
        (_, 0) => Write::put(contact::CITY.key, "Quimper"),
        (_, 1) => Write::clear(contact::CITY.key),
        (_, 2) => Write::put(contact::FIRST_NAME.key, "Maud"),
        (_, 3) => Write::clear(contact::COMPANY.key),
        (_, 4) => Write::put(contact::COMPANY.key, RecordId([7; 16]).to_string()),
        (_, 5) => Write::put("deleted", "1"),
        _ => match row.items(&contact::PHONES).next() {
            Some(item) => Write::clear_item(contact::PHONES.key, &item.key),
            None => Write::put(contact::JOB_TITLE.key, "Cave"),
        },
    };
    device.edit(&[Edit::of(row.id, vec![write])]);
}

/// What stands in all records but what an import may add: single values and who is deleted.
fn stands(device: &Device) -> BTreeMap<(RecordId, u8), String> {
    let mut stands = BTreeMap::new();
    for row in device.rows() {
        stands.insert((row.id, 0), row.is_there().to_string());
        for (tag, value) in &row.values {
            stands.insert((row.id, *tag), value.to_stored());
        }
    }
    stands
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nobody_is_taken_for_another_and_nothing_that_a_person_did_is_undone(
        first in table(), second in table(), deeds in edits()
    ) {
        let mut device = Device::of(1);
        for table in [&first, &second] {
            let bytes = text_of(table);
            let plan = device.import(&bytes);
            let mut names: BTreeMap<RecordId, BTreeSet<String>> = BTreeMap::new();
            for (cells, record) in table.iter().zip(records(&plan)) {
                names.entry(record.unwrap()).or_default().insert(whole_name(cells));
            }
            for names in names.values() {
                prop_assert_eq!(names.len(), 1, "one record for {:?}", names);
            }
            let again = device.plan(&bytes, Mode::Both);
            prop_assert_eq!(&again.edits, &vec![]);
            prop_assert_eq!(records(&again), records(&plan));
        }
        let before = stands(&device);
        for deed in deeds {
            edit(&mut device, deed);
        }
        let after = stands(&device);
        for table in [&first, &second] {
            device.import(&text_of(table));
            let now = stands(&device);
            for (place, value) in &after {
                if before.get(place) != Some(value) {
                    prop_assert_eq!(now.get(place), Some(value));
                }
            }
            for place in before.keys().filter(|place| !after.contains_key(place)) {
                prop_assert_eq!(now.get(place), None, "what was cleared is back");
            }
        }
    }

    #[test]
    fn two_people_offline_come_to_the_same(table in table()) {
        let bytes = text_of(&table);
        let (mut ann, mut ben) = (Device::of(1), Device::of(2));
        ann.import(&bytes);
        ben.import(&bytes);
        let alone = ann.rows().len();
        ann.receive(&ben);
        prop_assert_eq!(ann.rows().len(), alone);
        prop_assert!(ann.rows().iter().all(|row| row.others.is_empty()));
        prop_assert_eq!(ann.plan(&bytes, Mode::Both).edits, vec![]);
    }
}
