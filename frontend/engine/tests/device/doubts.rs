//! What came and is taken for the cause of crashes: only where the engine died over it, and not for ever.

use crate::desk::{Desk, START, id};
use crate::faults::{foreign, store, values};
use crate::record::fault;
use engine::leader::Leader;
use engine::platform::memory::Fault;
use engine::platform::native::run;
use shared::crm::command::{Edit, Write};
use shared::crm::contact;
use shared::document::Document;
use shared::id::{PersonId, Writer};
use shared::sync::client::{ForgetWhy, Store};
use shared::sync::packed::Item;
use shared::sync::parcel::Kept;
use shared::sync::validation::Bytes;

const TEN_MINUTES: i64 = 600_000;

#[test]
fn a_note_that_a_full_disk_kept_is_not_taken_for_a_crash() {
    let desk = Desk::new(31);
    let mut leader = desk.open();
    for n in 0..3 {
        // The disk takes the note, then neither what came nor the word that the engine lives.
        desk.disk().borrow_mut().fail(1, Fault::Full);
        desk.disk().borrow_mut().fail(2, Fault::Full);
        assert!(!store(&mut leader, foreign(7), 1));
        desk.edit(&mut leader, &[crate::desk::contact(n, "Anaïs")])
            .unwrap();
        drop(leader);
        leader = desk.open();
        assert!(!leader.workspace.is_careful());
    }
    assert!(store(&mut leader, foreign(7), 1));
    assert_eq!(desk.rows(&mut leader).len(), 4);
}

#[test]
fn a_tab_that_is_closed_twice_while_it_takes_in_the_same_edit_shows_it_later() {
    let desk = Desk::new(33);
    let (made, edited) = made_and_edited(7);
    let mut leader = die_twice(&desk, |leader| store(leader, vec![made.clone()], 1));
    assert!(store(&mut leader, vec![made.clone()], 1));
    // What builds on it waits with it; everything else goes on.
    assert!(store(&mut leader, vec![edited.clone()], 2));
    assert!(store(&mut leader, foreign(8), 3));
    assert_eq!(leader.workspace.doubted(), 1);
    assert_eq!(titles(&desk, &mut leader), ["Fatou 8"]);
    try_doubted(&desk, &mut leader);
    assert_eq!(titles(&desk, &mut leader), ["Fatou 8"], "it is too early");
    drop(leader);
    desk.wait(TEN_MINUTES);
    let mut leader = desk.open();
    try_doubted(&desk, &mut leader);
    assert_eq!(titles(&desk, &mut leader), ["Fatou 7", "Fatou 8"]);
    assert_eq!(desk.row(&mut leader, id(7)).text(&contact::CITY), "Brest");
    assert_eq!(leader.workspace.doubted(), 0);
    assert!(values(&desk.disk().borrow(), "corrupt").is_empty());
    assert_eq!(leader.workspace.point.cursor, 3);
    fault!(
        "F19",
        "a tab is closed twice while it takes in the same edit of a colleague, which is taken for the cause of two crashes",
        "ten minutes later the edit is tried again by itself, and is there with what was built on it meanwhile"
    );
}

#[test]
fn what_crashes_the_engine_each_time_costs_one_crash_and_waits_longer() {
    let desk = Desk::new(34);
    let bad = foreign(7);
    let mut leader = die_twice(&desk, |leader| store(leader, bad.clone(), 1));
    assert!(store(&mut leader, bad.clone(), 1));
    for minutes in [10, 40, 160] {
        let due = leader.workspace.next_doubt(desk.step()).unwrap();
        let waits = due.0 - desk.step().0;
        assert!((minutes - 1..=minutes).contains(&(waits / 60_000)));
        desk.wait(waits);
        // It is noted on the disk, then tried, and the engine dies.
        desk.disk().borrow_mut().fail(2, Fault::CrashBefore);
        assert!(run(leader.try_doubted((desk.writer, desk.step()))).is_err());
        assert!(desk.disk().borrow().is_dead());
        desk.disk().borrow_mut().revive();
        leader = desk.open();
        // Nobody dies of it though it should come once more.
        assert!(store(&mut leader, bad.clone(), 1));
        assert!(store(&mut leader, foreign(minutes as u32), 2));
        assert_eq!(leader.workspace.doubted(), 1);
    }
    assert_eq!(desk.rows(&mut leader).len(), 3);
}

#[test]
fn a_record_that_came_whole_when_the_tab_was_closed_twice_is_there_later() {
    let desk = Desk::new(35);
    let (made, edited) = made_and_edited(7);
    let whole = || {
        let document = Document::load([made.bytes.as_slice()]).unwrap();
        let kept = Kept {
            document: id(7),
            generation: 2,
            snapshot: Bytes(document.save()),
            changes: Vec::new(),
            row: Bytes::default(),
        };
        let item = Item {
            generation: 2,
            ..edited.clone()
        };
        Store {
            records: vec![kept],
            received: vec![item],
            ..Store::default()
        }
    };
    let me = desk.writer;
    let take = |leader: &mut Leader| run(leader.store(whole(), (me, START))).is_ok();
    let mut leader = die_twice(&desk, take);
    assert!(take(&mut leader));
    assert!(desk.rows(&mut leader).is_empty());
    desk.wait(TEN_MINUTES);
    try_doubted(&desk, &mut leader);
    assert_eq!(desk.row(&mut leader, id(7)).text(&contact::CITY), "Brest");
    assert_eq!(leader.workspace.generation(id(7)), 2);
    assert_eq!(leader.workspace.doubted(), 0);
}

#[test]
fn a_record_that_is_erased_takes_what_is_doubted_with_it() {
    let desk = Desk::new(36);
    let made = foreign(7);
    let mut leader = die_twice(&desk, |leader| store(leader, made.clone(), 1));
    assert!(store(&mut leader, made.clone(), 1));
    let erased = Store {
        forget: vec![(id(7), ForgetWhy::Erased)],
        ..Store::default()
    };
    run(leader.store(erased, (desk.writer, START))).unwrap();
    assert_eq!(leader.workspace.doubted(), 0);
    assert!(values(&desk.disk().borrow(), "corrupt").is_empty());
}

#[test]
fn changes_that_come_before_those_that_they_build_on_go_in_though_one_of_them_can_not() {
    let desk = Desk::new(37);
    let mut leader = desk.open();
    let (made, edited) = made_and_edited(7);
    let mut other = Document::load([made.bytes.as_slice()]).unwrap();
    let by = Writer {
        person: PersonId([78; 8]),
        instance: [8; 8],
    };
    let mut put = |city| {
        let edit = Edit::of(id(7), vec![Write::put("city", city)]);
        other.edit(&edit, by, START).unwrap().changes.remove(0)
    };
    let (first, second) = (put("Auray"), put("Quimper"));
    let lonely = Item {
        hash: second.hash,
        bytes: second.bytes,
        ..made.clone()
    };
    assert!(store(&mut leader, vec![lonely.clone(), edited, made], 3));
    assert_eq!(desk.row(&mut leader, id(7)).text(&contact::CITY), "Brest");
    assert_eq!(
        values(&desk.disk().borrow(), "corrupt"),
        std::slice::from_ref(&lonely.bytes)
    );
    let missing = Item {
        hash: first.hash,
        bytes: first.bytes,
        ..lonely
    };
    assert!(store(&mut leader, vec![missing], 4));
    assert!(values(&desk.disk().borrow(), "corrupt").is_empty());
}

/// An engine that died twice when it had applied what came and not stored it yet.
fn die_twice(desk: &Desk, mut take: impl FnMut(&mut Leader) -> bool) -> Leader {
    let mut leader = desk.open();
    for _ in 0..2 {
        desk.disk().borrow_mut().fail(1, Fault::CrashBefore);
        assert!(!take(&mut leader));
        assert!(desk.disk().borrow().is_dead());
        desk.disk().borrow_mut().revive();
        leader = desk.open();
    }
    leader
}

fn try_doubted(desk: &Desk, leader: &mut Leader) {
    run(leader.try_doubted((desk.writer, desk.step()))).unwrap();
}

/// A contact as a colleague made it, and their next edit of it.
fn made_and_edited(n: u32) -> (Item, Item) {
    let made = foreign(n).remove(0);
    let mut document = Document::load([made.bytes.as_slice()]).unwrap();
    let by = Writer {
        person: PersonId([77; 8]),
        instance: [7; 8],
    };
    let edit = Edit::of(id(n), vec![Write::put("city", "Brest")]);
    let change = document.edit(&edit, by, START).unwrap().changes.remove(0);
    let edited = Item {
        hash: change.hash,
        bytes: change.bytes,
        ..made.clone()
    };
    (made, edited)
}

fn titles(desk: &Desk, leader: &mut Leader) -> Vec<String> {
    let rows = desk.rows(leader);
    rows.iter().map(|row| row.title()).collect()
}
