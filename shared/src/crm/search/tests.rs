use super::*;
use crate::crm::row::{Presence, Value};
use crate::crm::test_rows::row_with;

fn contact(n: u8, first: &str, last: &str, more: &[(&crate::crm::field::Field, &str)]) -> Row {
    let mut values = vec![(&contact::FIRST_NAME, first), (&contact::LAST_NAME, last)];
    values.extend_from_slice(more);
    row_with(Kind::Contact, n, &values)
}

fn ids(found: &[RecordId]) -> Vec<u8> {
    found.iter().map(|id| id.0[0]).collect()
}

fn team() -> Haystack {
    let company = RecordId([9; 16]).to_string();
    Haystack::of(&[
        contact(1, "Isabelle", "Carriès", &[(&contact::COMPANY, &company)]),
        contact(
            2,
            "Éloïse",
            "Delaunay",
            &[(&contact::PHONES, "mobile\t06 31 90 55 12")],
        ),
        contact(
            3,
            "Jean-Noël",
            "Guillou",
            &[(&contact::PHONES, "mobile\t+33 6 22 70 81 09")],
        ),
        contact(4, "Rosa", "Melo", &[(&contact::CITY, "Lorient")]),
        contact(
            5,
            "Laure",
            "Orient",
            &[(&contact::EMAILS, "work\tl.orient@cave.fr")],
        ),
        row_with(Kind::Company, 9, &[(&company::NAME, "Domaine Carriès")]),
    ])
}

#[test]
fn accents_case_and_order_of_words_do_not_matter() {
    let haystack = team();
    let check = |typed, expected: &[u8]| {
        assert_eq!(
            ids(&haystack.search(Kind::Contact, typed)),
            expected,
            "{typed}"
        );
    };
    check("eloise", &[2]);
    check("DELAUNAY élo", &[2]);
    check("carries isab", &[1]);
    check("domaine", &[1]);
    check("jean-noel", &[3]);
    check("l.orient@cave", &[5]);
    check("xyz", &[]);
    check("eloise xyz", &[]);
    check("", &[1, 2, 3, 4, 5]);
}

#[test]
fn names_rank_before_other_fields_and_starts_before_middles() {
    assert_eq!(ids(&team().search(Kind::Contact, "orient")), [5, 4]);
    assert_eq!(ids(&team().search(Kind::Contact, "lau")), [5, 2]);
}

#[test]
fn phones_are_found_however_they_are_typed() {
    let haystack = team();
    for typed in ["06 22", "0622", "+33 6 22", "0033622", "06.22.70"] {
        assert_eq!(ids(&haystack.search(Kind::Contact, typed)), [3], "{typed}");
    }
    assert_eq!(ids(&haystack.search(Kind::Contact, "5512")), [2]);
}

#[test]
fn a_pasted_number_is_found_whatever_comes_with_it() {
    let phone = |n, text| contact(n, "", "A", &[(&contact::PHONES, text)]);
    let haystack = Haystack::of(&[
        phone(1, "work\t02 97 41 20 06"),
        phone(2, "work\t02 97 55 00 00 / 06 12 45 78 03"),
    ]);
    for typed in [
        "33297412006",
        "3329741",
        "\u{200e}+33\u{a0}2 97 41 20 06\u{202c}",
        "\u{2068}02 97 41\u{2069}",
        "tel:+33297412006",
        "Tél. : 02 97 41 20 06",
        "02\u{2013}97\u{2013}41",
        "02 97 41 20 06 poste 12",
        "(+33) 2 97 41 20 06",
    ] {
        assert_eq!(ids(&haystack.search(Kind::Contact, typed)), [1], "{typed}");
    }
    assert_eq!(ids(&haystack.search(Kind::Contact, "0612457803")), [2]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "0297")), [1, 2]);
}

#[test]
fn names_are_found_with_and_without_the_signs_within_them() {
    let haystack = Haystack::of(&[
        contact(1, "Sean", "O’Brien", &[]),
        contact(2, "Ugo", "D'Angelo", &[]),
        contact(3, "Jean-Pierre", "Abgrall", &[]),
        contact(4, "Anne", "Le Goff", &[]),
        contact(5, "Luc", "de la Tour", &[]),
        contact(6, "Nora", "Obrien", &[(&contact::CITY, "Le Mans")]),
        row_with(Kind::Company, 7, &[(&company::NAME, "L’Oréal")]),
    ]);
    let check = |typed, expected: &[u8]| {
        assert_eq!(
            ids(&haystack.search(Kind::Contact, typed)),
            expected,
            "{typed}"
        );
        let mut jumped = ids(&haystack.jump(typed, &[]));
        jumped.sort_unstable();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(jumped, expected, "{typed}, to jump to");
    };
    check("obrien", &[6, 1]);
    check("O'Brien", &[1, 6]);
    check("dangelo", &[2]);
    check("jeanpierre", &[3]);
    check("jeanp abg", &[3]);
    check("legoff", &[4]);
    check("anne legof", &[4]);
    check("delatour", &[5]);
    check("latour", &[5]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "lemans")), [6]);
    assert_eq!(ids(&haystack.search(Kind::Company, "loreal")), [7]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "nele")), [0u8; 0]);
}

#[test]
fn signs_alone_find_what_holds_them_and_nothing_else() {
    let haystack = Haystack::of(&[
        contact(1, "Anne", "Le Goff", &[]),
        contact(2, "Bob 🙂", "Remise 10 %", &[]),
        contact(
            3,
            "Carl",
            "",
            &[(&contact::PHONES, "work\t+33 2 97 41 20 06")],
        ),
    ]);
    let check = |typed, expected: &[u8]| {
        let found = haystack.search(Kind::Contact, typed);
        assert_eq!(ids(&found), expected, "{typed}");
    };
    check("%", &[2]);
    check("％", &[2]);
    check("🙂", &[2]);
    check("🙂\u{fe0f} %", &[2]);
    check("🙂🙃", &[]);
    check("\\", &[]);
    check("…", &[]);
    check("+", &[3]);
    check("anne %", &[1]);
    check(" \u{200b}", &[3, 1, 2]);
    assert!(!Needle::new("%").is_empty());
}

#[test]
fn full_width_and_other_forms_find_and_are_found_by_plain_ones() {
    let haystack = Haystack::of(&[
        contact(1, "ｆｕｌｌ", "Ｗｉｄｔｈ１２", &[]),
        contact(
            2,
            "Full",
            "Width12",
            &[(&contact::PHONES, "work\t0297412006")],
        ),
        contact(3, "𝓕𝓾𝓵𝓵", "", &[(&contact::PHONES, "work\t٠٦١٢٤٥٧٨٠٣")]),
    ]);
    for typed in ["full", "ｆｕｌｌ", "𝐟𝐮𝐥𝐥"] {
        let mut found = ids(&haystack.search(Kind::Contact, typed));
        found.sort_unstable();
        assert_eq!(found, [1, 2, 3], "{typed}");
    }
    assert_eq!(
        ids(&haystack.search(Kind::Contact, "ｗｉｄｔｈ１２")).len(),
        2
    );
    assert_eq!(ids(&haystack.search(Kind::Contact, "０２９７")), [2]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "06 12")), [3]);
}

#[test]
fn a_changed_row_is_found_by_what_it_holds_after() {
    let mut haystack = team();
    haystack.put(&[contact(4, "Rosa", "Kergoat", &[])]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "melo")), [0u8; 0]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "kergoat")), [4]);
    let mut gone = contact(4, "Rosa", "Kergoat", &[]);
    gone.presence = Presence::Deleted(gone.created);
    haystack.put(&[gone]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "kergoat")), [0u8; 0]);
}

#[test]
fn a_record_that_came_several_times_is_found_once_and_as_it_came_last() {
    let mut haystack = team();
    let named = |last: &str| contact(4, "Rosa", last, &[]);
    haystack.put(&[named("Kergoat"), named("Melo"), named("Quéré")]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "rosa")), [4]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "quere")), [4]);
    assert_eq!(haystack.of_kind(Kind::Contact).count(), 5);
    assert_eq!(haystack.jump("rosa", &[]).len(), 1);
}

#[test]
fn contacts_are_found_by_the_new_name_of_their_company() {
    let mut haystack = team();
    haystack.put(&[row_with(
        Kind::Company,
        9,
        &[(&company::NAME, "Maison Kergoat")],
    )]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "kergoat")), [1]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "domaine")), [0u8; 0]);
    let mut moved = contact(3, "Jean-Noël", "Guillou", &[]);
    moved
        .values
        .push((contact::COMPANY.tag, Value::Link(RecordId([9; 16]))));
    haystack.put(&[moved]);
    assert_eq!(ids(&haystack.search(Kind::Contact, "kergoat")), [1, 3]);
}

#[test]
fn jumping_takes_beginnings_initials_and_letters_in_order() {
    let haystack = team();
    let check = |typed, expected: &[u8]| {
        assert_eq!(ids(&haystack.jump(typed, &[])), expected, "{typed}");
    };
    check("isa car", &[1]);
    check("car isa", &[1]);
    check("ic", &[1]);
    check("isblcr", &[1]);
    check("carries", &[9, 1]);
    assert_eq!(ids(&haystack.jump("carries", &[RecordId([1; 16])])), [1, 9]);
    assert_eq!(ids(&haystack.jump("", &[RecordId([3; 16])])), [3]);
}

#[test]
fn jumping_finds_what_the_lists_find_and_names_before_it() {
    let haystack = team();
    let check = |typed, expected: &[u8]| {
        assert_eq!(ids(&haystack.jump(typed, &[])), expected, "{typed}");
    };
    check("orient", &[5, 4]);
    check("0631905512", &[2]);
    check("melo lorient", &[4]);
    check("l.orient@cave.fr", &[5]);
    check("%", &[]);
    for typed in ["orient", "carr", "06 22", "domaine carries"] {
        let jumped = haystack.jump(typed, &[RecordId([4; 16])]);
        for kind in [Kind::Contact, Kind::Company] {
            let listed = haystack.search(kind, typed);
            assert!(listed.iter().all(|id| jumped.contains(id)), "{typed}");
        }
    }
}

#[test]
fn rows_put_one_by_one_lie_as_if_put_at_once() {
    let names = ["Zoé", "Abel", "Marc", "", "Éric", "Abel"];
    let rows: Vec<Row> = names
        .iter()
        .enumerate()
        .map(|(n, name)| contact(n as u8, "", name, &[]))
        .collect();
    let mut haystack = Haystack::default();
    for row in rows.iter().rev().chain(&rows[2..4]) {
        haystack.put([row]);
    }
    let mut renamed = rows.clone();
    renamed[0] = contact(0, "", "Alice", &[]);
    haystack.put([&renamed[0]]);
    let at_once = Haystack::of(&renamed);
    for row in &renamed {
        assert_eq!(haystack.place(row.id), at_once.place(row.id));
    }
    let in_order: Vec<RecordId> = haystack.of_kind(Kind::Contact).collect();
    assert_eq!(ids(&in_order), [1, 5, 0, 4, 2, 3]);
    assert_eq!(
        haystack.search(Kind::Contact, ""),
        at_once.search(Kind::Contact, "")
    );
    assert_eq!(ids(&haystack.search(Kind::Contact, "")), [1, 5, 0, 4, 2, 3]);
}

#[test]
fn ten_thousand_contacts_are_found_alike() {
    let rows: Vec<Row> = (0..10_000u32)
        .map(|n| {
            let mut row = contact(0, "Jean", &format!("Le Goff {n:05}"), &[]);
            row.id.0[..4].copy_from_slice(&n.to_be_bytes());
            row
        })
        .collect();
    let mut haystack = Haystack::of(&rows);
    assert_eq!(haystack.search(Kind::Contact, "goff").len(), 10_000);
    assert_eq!(haystack.search(Kind::Contact, "le 09999"), [rows[9_999].id]);
    haystack.put(&rows[..1]);
    assert_eq!(haystack.place(rows[17].id), Some(17));
}
