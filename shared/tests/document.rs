//! What becomes of two people's edits when they meet: every story in both directions, since both must
//! see the same.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "document/copy.rs"]
mod copy;
#[path = "document/faults.rs"]
mod faults;
#[path = "document/history.rs"]
mod history;
#[path = "../../tests/lib/record.rs"]
mod record;

use copy::{Copy, RECORD, meet, two};
use record::fault;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::{Item, Mark, Presence, Row};
use shared::crm::{Kind, contact, deal};
use shared::document::{Document, Edited};
use shared::id::PersonId;
use shared::time::Timestamp;

#[test]
fn different_fields_both_stay() {
    let (mut ann, mut ben) = two();
    ann.put("city", "Vannes");
    ben.put("job_title", "Gérante");
    meet(&mut ann, &mut ben);
    assert_eq!(
        (ann.text(&contact::CITY), ann.text(&contact::JOB_TITLE)),
        ("Vannes".into(), "Gérante".into())
    );
    assert_eq!(ann.row().others, []);
}

#[test]
fn one_field_twice_has_the_same_winner_everywhere_and_the_other_value_beside_it() {
    let (mut ann, mut ben) = two();
    ann.put("city", "Vannes");
    ben.put("city", "Auray");
    let (by_ann, by_ben) = (ann.mark(), ben.mark());
    meet(&mut ann, &mut ben);
    let row = ann.row();
    assert_eq!(row.others.len(), 1);
    let other = &row.others[0];
    assert_eq!((other.field.as_str(), other.item.as_str()), ("city", ""));
    let mark = Mark {
        by: other.by,
        at: other.at,
    };
    let (loser, winner) = if mark == by_ann {
        ("Vannes", "Auray")
    } else {
        ("Auray", "Vannes")
    };
    assert!(mark == by_ann || mark == by_ben);
    assert_eq!(
        (other.stored.as_str(), row.text(&contact::CITY)),
        (loser, winner)
    );
}

#[test]
fn equal_values_are_no_conflict() {
    let (mut ann, mut ben) = two();
    ann.put("city", "Vannes");
    ben.put("city", "Vannes");
    meet(&mut ann, &mut ben);
    assert_eq!(ann.row().others, []);
}

#[test]
fn taking_or_ignoring_the_other_value_settles_it_for_both() {
    for take in [true, false] {
        let (mut ann, mut ben) = two();
        ann.put("city", "Vannes");
        ben.put("city", "Auray");
        meet(&mut ann, &mut ben);
        let row = ben.row();
        let chosen = if take {
            row.others[0].stored.clone()
        } else {
            row.text(&contact::CITY).to_owned()
        };
        let edited = ben.put("city", &chosen);
        assert_eq!(
            edited.changes.len(),
            1,
            "even keeping the winner is written"
        );
        meet(&mut ann, &mut ben);
        assert_eq!(ann.row().others, []);
        assert_eq!(ann.text(&contact::CITY), chosen);
    }
}

#[test]
fn a_value_of_three_people_shows_both_others() {
    let (mut ann, mut ben) = two();
    let mut cem = ann.for_person(3);
    ann.put("city", "Vannes");
    ben.put("city", "Auray");
    cem.put("city", "Arzon");
    meet(&mut ann, &mut ben);
    meet(&mut ben, &mut cem);
    meet(&mut ann, &mut cem);
    assert_eq!(ann.row().others.len(), 2);
}

#[test]
fn fields_that_the_app_keeps_ask_nobody() {
    let mut ann = Copy {
        person: PersonId([1; 8]),
        document: Document::new(),
        now: 0,
    };
    ann.edit(&Edit::make(
        RECORD,
        Kind::Deal,
        vec![Write::put("stage", "offer"), Write::put("rank", "a0")],
    ));
    let mut ben = ann.for_person(2);
    ann.write(vec![
        Write::put("stage", "agreed"),
        Write::put("rank", "a1"),
        Write::put("stage_since", "5"),
    ]);
    ben.write(vec![
        Write::put("stage", "visited"),
        Write::put("rank", "a2"),
        Write::put("stage_since", "6"),
    ]);
    meet(&mut ann, &mut ben);
    let fields: Vec<String> = ann
        .row()
        .others
        .iter()
        .map(|other| other.field.clone())
        .collect();
    assert_eq!(fields, [deal::STAGE.key]);
}

#[test]
fn a_deletion_that_knows_all_edits_stands() {
    let (mut ann, mut ben) = two();
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    ann.edit(&Edit::delete(RECORD));
    let deletion = ann.mark();
    meet(&mut ann, &mut ben);
    assert_eq!(ben.row().presence, Presence::Deleted(deletion));
    assert!(!ben.row().is_there());
}

#[test]
fn an_edit_made_without_knowing_of_a_deletion_brings_the_record_back() {
    let (mut ann, mut ben) = two();
    ann.edit(&Edit::delete(RECORD));
    ben.put("city", "Auray");
    let edit = ben.mark();
    meet(&mut ann, &mut ben);
    assert_eq!(ann.row().presence, Presence::Restored(edit));
    assert!(ann.row().is_there());
    ann.edit(&Edit::restore(RECORD));
    meet(&mut ann, &mut ben);
    assert_eq!(ben.row().presence, Presence::There);
    fault!(
        "F60",
        "one deletes, the other edits without knowing of it",
        "the record is back for both, marked with who brought it back"
    );
}

#[test]
fn a_record_that_came_back_can_be_deleted_again_and_that_can_be_undone() {
    let (mut ann, mut ben) = two();
    ann.edit(&Edit::delete(RECORD));
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    let again = ann.edit(&Edit::delete(RECORD));
    meet(&mut ann, &mut ben);
    assert!(!ben.row().is_there());
    ann.write(again.undo);
    meet(&mut ann, &mut ben);
    assert!(ben.row().is_there());
}

#[test]
fn typing_in_a_note_brings_a_deleted_record_back_too() {
    let (mut ann, mut ben) = two();
    ann.edit(&Edit::delete(RECORD));
    ben.types(0, 0, "Rappeler");
    meet(&mut ann, &mut ben);
    assert!(matches!(ann.row().presence, Presence::Restored(mark) if mark.by == ben.person));
    fault!(
        "F60",
        "one deletes, the other types in the note",
        "the record is back with what was typed"
    );
}

#[test]
fn deleting_twice_and_restoring_once_each_way_agrees() {
    let (mut ann, mut ben) = two();
    ann.edit(&Edit::delete(RECORD));
    ben.edit(&Edit::delete(RECORD));
    meet(&mut ann, &mut ben);
    assert!(!ann.row().is_there());
    ben.edit(&Edit::restore(RECORD));
    meet(&mut ann, &mut ben);
    assert_eq!(ann.row().presence, Presence::There);
}

#[test]
fn undo_takes_back_what_still_stands_and_only_that() {
    let (mut ann, mut ben) = two();
    let edited = ann.write(vec![
        Write::put("city", "Vannes"),
        Write::put("job_title", "Gérante"),
    ]);
    meet(&mut ann, &mut ben);
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    let undone = ann.write(edited.undo);
    meet(&mut ann, &mut ben);
    assert_eq!(ann.text(&contact::CITY), "Auray");
    assert_eq!(ann.text(&contact::JOB_TITLE), "");
    ann.write(undone.undo);
    assert_eq!(ann.text(&contact::JOB_TITLE), "Gérante");
}

#[test]
fn what_stands_there_already_is_not_written() {
    let (mut ann, _) = two();
    assert_eq!(ann.put("city", "Sarzeau"), Edited::default());
    assert_eq!(
        ann.write(vec![Write::clear("job_title")]),
        Edited::default()
    );
}

#[test]
fn a_note_typed_at_both_ends_merges_by_character() {
    let mut ann = Copy::with(
        1,
        vec![
            Write::put("last_name", "Carriès"),
            Write::put("notes", "aime le blanc"),
        ],
    );
    let mut ben = ann.for_person(2);
    ann.types(0, 0, "Elle ");
    ben.types(13, 0, " sec");
    meet(&mut ann, &mut ben);
    assert_eq!(ann.note(), "Elle aime le blanc sec");
    assert_eq!(ann.text(&contact::NOTES), "Elle aime le blanc sec");
    assert_eq!(ann.row().others, []);
}

#[test]
fn a_note_started_by_two_people_at_once_holds_both() {
    let (mut ann, mut ben) = two();
    ann.types(0, 0, "jamais le mardi");
    ben.types(0, 0, "avant 9 h, ");
    meet(&mut ann, &mut ben);
    let note = ann.note();
    assert!(
        note.contains("jamais le mardi") && note.contains("avant 9 h, "),
        "{note}"
    );
    fault!(
        "F61",
        "two people start the same note without knowing of each other",
        "one note that holds both texts"
    );
}

#[test]
fn emoji_and_accents_count_as_characters() {
    let (mut ann, mut ben) = two();
    ann.types(0, 0, "🍇 très 👩‍🌾 bon");
    meet(&mut ann, &mut ben);
    ann.types(2, 4, "vraiment");
    ben.types(14, 0, " 🥂");
    meet(&mut ann, &mut ben);
    assert_eq!(ann.note(), "🍇 vraiment 👩‍🌾 bon 🥂");
}

#[test]
fn typing_as_of_an_older_view_lands_where_it_was_meant() {
    let (mut ann, mut ben) = two();
    ann.types(0, 0, "blanc");
    meet(&mut ann, &mut ben);
    let seen = ben.document.heads();
    ann.types(0, 0, "un vin ");
    meet(&mut ann, &mut ben);
    let splice = Splice {
        at: 5,
        remove: 0,
        insert: " sec".into(),
    };
    let writer = ben.writer();
    ben.document
        .splice("notes", &seen, &splice, writer, Timestamp(99))
        .unwrap();
    meet(&mut ann, &mut ben);
    assert_eq!(ann.note(), "un vin blanc sec");
}

#[test]
fn a_note_written_whole_merges_with_typing() {
    let mut ann = Copy::with(
        1,
        vec![
            Write::put("last_name", "Carriès"),
            Write::put("notes", "aime le blanc"),
        ],
    );
    let mut ben = ann.for_person(2);
    let edited = ann.put("notes", "aime le rouge");
    ben.types(0, 0, "Elle ");
    meet(&mut ann, &mut ben);
    assert_eq!(ann.note(), "Elle aime le rouge");
    ann.write(edited.undo);
    assert_eq!(
        ann.note(),
        "Elle aime le rouge",
        "an undo leaves what others typed in"
    );
}

#[test]
fn what_a_newer_version_wrote_survives_an_edit_by_this_one() {
    let (mut ann, mut ben) = two();
    let future = Item {
        key: "k".into(),
        label: String::new(),
        text: "x".into(),
    };
    ann.write(vec![
        Write::put("loyalty_card", "0690255"),
        Write::put_item("gadgets", &future),
    ]);
    meet(&mut ann, &mut ben);
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    let unknown = ann.row().unknown;
    assert!(
        unknown.contains(&("loyalty_card".into(), "0690255".into())),
        "{unknown:?}"
    );
    assert!(
        unknown.iter().any(|(key, _)| key == "gadgets/k"),
        "{unknown:?}"
    );
    let damaged = ann.put("birthday", "next summer");
    assert_eq!(damaged.changes.len(), 1);
    assert!(
        ann.row()
            .unknown
            .contains(&("birthday".into(), "next summer".into()))
    );
    fault!(
        "F44",
        "a field, an item and a value of kinds that this version does not know",
        "they stay, are shown as other fields, and survive an edit by this version"
    );
}

#[test]
fn items_added_and_removed_by_two_people_all_count() {
    let (mut ann, mut ben) = two();
    let phone = |key: &str, text: &str| Item {
        key: key.into(),
        label: "mobile".into(),
        text: text.into(),
    };
    ann.write(vec![Write::put_item("phones", &phone("a", "01"))]);
    meet(&mut ann, &mut ben);
    ann.write(vec![
        Write::put_item("phones", &phone("b", "02")),
        Write::clear_item("phones", "a"),
    ]);
    ben.write(vec![Write::put_item("phones", &phone("c", "03"))]);
    meet(&mut ann, &mut ben);
    let texts = |row: &Row| {
        row.items(&contact::PHONES)
            .map(|item| item.text.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(&ann.row()), ["02", "03"]);
    ann.write(vec![Write::put_item("phones", &phone("b", "04"))]);
    ben.write(vec![Write::clear_item("phones", "b")]);
    meet(&mut ann, &mut ben);
    assert_eq!(
        texts(&ann.row()),
        ["04", "03"],
        "an edit outlives a removal that did not know of it"
    );
    ann.write(vec![Write::put_item("phones", &phone("c", "05"))]);
    ben.write(vec![Write::put_item("phones", &phone("c", "06"))]);
    meet(&mut ann, &mut ben);
    let row = ann.row();
    assert_eq!((row.others.len(), row.others[0].item.as_str()), (1, "c"));
}

#[test]
fn a_record_made_by_two_people_at_once_is_one() {
    let make = |person: u8, city: &str| {
        Copy::with(
            person,
            vec![Write::put("last_name", "Lee"), Write::put("city", city)],
        )
    };
    let (mut ann, mut ben) = (make(1, "Brest"), make(2, "Auray"));
    meet(&mut ann, &mut ben);
    let fields: Vec<String> = ann
        .row()
        .others
        .iter()
        .map(|other| other.field.clone())
        .collect();
    assert_eq!(fields, ["city"]);
    assert_eq!(ann.row().created.by, PersonId([1; 8]));
}

#[test]
fn a_snapshot_holds_all_and_a_foreign_one_is_refused() {
    let (mut ann, mut ben) = two();
    ann.put("city", "Vannes");
    ben.put("city", "Auray");
    meet(&mut ann, &mut ben);
    let opened = Document::open(&ann.document.save()).unwrap();
    assert_eq!(opened.row(RECORD).unwrap(), ann.row());
    assert_eq!(opened.heads(), ann.document.heads());
    assert!(Document::open(b"nonsense").is_err());
    assert!(Document::load([&b"nonsense"[..]]).is_err());
}

#[test]
fn changes_whose_ground_is_missing_are_refused() {
    let (mut ann, _) = two();
    ann.put("city", "Vannes");
    let changes = ann.document.changes();
    let last = changes.last().unwrap();
    assert!(Document::load([last.bytes.as_slice()]).is_err());
}
