//! Faults of docs/reliability.md that hit the engine's storage: torn blocks, crashes over what was
//! received or while history is taken together, two forms of blocks side by side.

use crate::desk::{Desk, START, WORKSPACE, contact, id};
use crate::record::fault;
use engine::block::{Bytes, RAW_CHANGES, unpack_changes};
use engine::failure::Failure;
use engine::leader::Leader;
use engine::platform::memory::Fault;
use engine::platform::native::run;
use engine::platform::storage::Key;
use engine::seal::seal;
use engine::tab::Origin;
use shared::bridge::Problem;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::client::{Outgoing, Point, Read, Store};
use shared::sync::message::Epoch;
use shared::sync::packed::{Item, change_hash};

fn put(n: u32, field: &str, value: &str) -> Edit {
    Edit::of(id(n), vec![Write::put(field, value)])
}

/// What lies in the outbox.
fn outbox(leader: &mut Leader) -> Vec<Outgoing> {
    let read = Read::Outbox {
        after: 0,
        limit: 10_000,
    };
    run(leader.workspace.read(read)).unwrap().0
}

/// Every change on the device.
fn everything(leader: &mut Leader) -> Vec<Outgoing> {
    let read = Read::All {
        after: None,
        limit: 100_000,
    };
    run(leader.workspace.read(read)).unwrap().0
}

fn document(leader: &mut Leader, record: RecordId) -> Document {
    let changes = everything(leader).into_iter();
    let own: Vec<_> = changes.filter(|it| it.document == record).collect();
    Document::load(own.iter().map(|it| it.bytes.as_slice())).unwrap()
}

/// A contact as a colleague made it.
pub fn foreign(n: u32) -> Vec<Item> {
    let writer = Writer {
        person: PersonId([77; 8]),
        instance: [7; 8],
    };
    let edited = Document::new().edit(&contact(n, &format!("Fatou {n}")), writer, START);
    let item = |bytes: Vec<u8>| Item {
        document: id(n),
        generation: 0,
        hash: change_hash(&bytes).unwrap(),
        bytes,
    };
    edited
        .unwrap()
        .changes
        .into_iter()
        .map(|it| item(it.bytes))
        .collect()
}

pub fn store(leader: &mut Leader, received: Vec<Item>, cursor: u64) -> bool {
    let point = Point {
        epoch: Some(Epoch([1; 8])),
        cursor,
        ..Point::default()
    };
    let store = Store {
        received,
        point,
        ..Store::default()
    };
    let me = Writer {
        person: PersonId([1; 8]),
        instance: [1; 8],
    };
    run(leader.store(store, (me, START))).is_ok()
}

#[test]
fn change_row_and_outbox_entry_are_there_together_or_not_at_all() {
    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        for at in 0..10 {
            let desk = Desk::new(1);
            let mut leader = desk.open();
            desk.disk().borrow_mut().fail(at, fault);
            let mut said = 0;
            for n in 0..5 {
                let edits = [contact(2 * n, "Anaïs"), contact(2 * n + 1, "Bruno")];
                said += 2 * usize::from(desk.edit(&mut leader, &edits).is_ok());
                let _ = desk.fold(&mut leader);
            }
            drop(leader);
            desk.disk().borrow_mut().revive();
            let mut leader = desk.open();
            let rows = desk.rows(&mut leader).len();
            assert!(
                rows >= said && rows.is_multiple_of(2),
                "{fault:?} at {at}: {rows} of {said}"
            );
            assert_eq!(outbox(&mut leader).len(), rows);
            assert_eq!(everything(&mut leader).len(), rows);
        }
    }
    fault!(
        "F1",
        "the device dies before and after the commit of each of ten writes, folding included",
        "rows, changes and outbox entries are equally many at the next start, and nothing that was said to be saved is missing"
    );
}

#[test]
fn a_torn_or_flipped_block_is_kept_aside_and_the_rest_goes_on() {
    for store_name in ["rows", "changes", "tail", "outbox"] {
        for torn in [true, false] {
            let desk = Desk::new(8);
            let mut leader = desk.open();
            for n in 0..40 {
                desk.edit(&mut leader, &[contact(n, "Anaïs")]).unwrap();
            }
            desk.fold(&mut leader).unwrap();
            desk.edit(&mut leader, &[contact(900, "Bruno")]).unwrap();
            assert!(store(&mut leader, Vec::new(), 40));
            let all: Vec<Item> = everything(&mut leader)
                .into_iter()
                .map(|it| Item {
                    document: it.document,
                    generation: 0,
                    hash: change_hash(&it.bytes).unwrap(),
                    bytes: it.bytes,
                })
                .collect();
            drop(leader);
            let (key, damaged) = damage(&desk, store_name, torn);
            let mut leader = desk.open();
            // Nobody trips over it: an edit elsewhere, and a look at everything.
            desk.edit(&mut leader, &[contact(901, "Chloé")]).unwrap();
            everything(&mut leader);
            desk.fold(&mut leader).unwrap();
            let what = format!("{store_name}, torn: {torn}");
            let kept = values(&desk.disk().borrow(), "corrupt");
            assert!(kept.contains(&damaged), "{what}: {key:?}");
            drop(leader);
            let mut leader = desk.open();
            // Rows are made anew from histories; what else is gone the server has, or gets.
            let point = leader.workspace.point;
            assert_eq!(point.offering, store_name != "rows", "{what}");
            assert_eq!(point.cursor == 0, store_name != "rows", "{what}");
            // The server sends everything again.
            assert!(store(&mut leader, all.clone(), 42), "{what}");
            drop(leader);
            let mut leader = desk.open();
            assert_eq!(desk.rows(&mut leader).len(), 42, "{what}");
            for n in [0, 39, 900, 901] {
                run(leader.open_record(Origin::Page, id(n))).unwrap();
            }
        }
    }
    fault!(
        "F8",
        "a stored value of rows, of changes, of the tail and of the outbox is cut short, and has a bit flipped",
        "the damaged bytes are kept apart, everything else works, the device pulls and offers everything; then all 42 records open"
    );
}

/// The values of a store.
pub fn values(disk: &engine::platform::memory::Disk, store: &str) -> Vec<Vec<u8>> {
    disk.store(store).map(|(_, value)| value.clone()).collect()
}

/// Tears a value of a store, or flips a bit of it.
pub fn damage(desk: &Desk, store: &str, torn: bool) -> (Key, Vec<u8>) {
    let disk = desk.disk();
    let mut disk = disk.borrow_mut();
    let (key, mut value) = disk
        .store(store)
        .next()
        .map(|(k, v)| (k.clone(), v.clone()))
        .unwrap();
    let middle = value.len() / 2;
    match torn {
        true => value.truncate(middle),
        false => value[middle] ^= 0x10,
    }
    disk.put(store, key.clone(), value.clone());
    (key, value)
}

#[test]
fn a_crash_while_history_becomes_a_snapshot_leaves_one_or_the_other() {
    let edits = RAW_CHANGES as u32 + 8;
    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        for at in 0..4 {
            let desk = Desk::new(9);
            let mut leader = desk.open();
            desk.edit(&mut leader, &[contact(1, "Anaïs")]).unwrap();
            for n in 0..edits {
                desk.edit(&mut leader, &[put(1, "city", &format!("town {n}"))])
                    .unwrap();
            }
            let heads = document(&mut leader, id(1)).heads();
            desk.disk().borrow_mut().fail(at, fault);
            while leader.workspace.has_tail() && desk.fold(&mut leader).is_ok() {}
            drop(leader);
            desk.disk().borrow_mut().revive();
            let mut leader = desk.open();
            assert_eq!(
                document(&mut leader, id(1)).heads(),
                heads,
                "{fault:?} at {at}"
            );
            desk.fold(&mut leader).unwrap();
            assert_eq!(document(&mut leader, id(1)).heads(), heads);
            assert_eq!(document(&mut leader, id(1)).len(), edits as usize + 1);
            let disk = desk.disk();
            let disk = disk.borrow();
            let block = disk
                .store("changes")
                .next()
                .map(|(_, value)| unpack_changes(value));
            let stored = block.flatten().unwrap().remove(0).1;
            assert!(!stored.snapshot.0.is_empty(), "it became a snapshot");
        }
    }
    fault!(
        "F9",
        "the device dies before and after each write while a record's forty-one changes are taken together",
        "the next start finds the same heads and every change; the snapshot stands once it was opened again with equal heads"
    );
}

#[test]
fn blocks_of_an_older_form_are_brought_over_one_by_one_and_a_crash_in_between_is_no_harm() {
    for at in 0..4 {
        let desk = Desk::new(12);
        let mut leader = desk.open();
        for n in 0..300 {
            desk.edit(&mut leader, &[contact(n, "Anaïs")]).unwrap();
        }
        desk.fold(&mut leader).unwrap();
        drop(leader);
        let blocks = as_first_form(&desk);
        assert!(blocks >= 2);
        let mut leader = desk.open();
        for n in [0, 150, 299] {
            desk.edit(&mut leader, &[put(n, "city", "Brest")]).unwrap();
        }
        desk.disk().borrow_mut().fail(at, Fault::CrashBefore);
        let _ = desk.fold(&mut leader);
        drop(leader);
        desk.disk().borrow_mut().revive();
        let mut leader = desk.open();
        assert_eq!(everything(&mut leader).len(), 303, "crash at write {at}");
        desk.fold(&mut leader).unwrap();
        assert_eq!(desk.rows(&mut leader).len(), 300);
        assert_eq!(everything(&mut leader).len(), 303);
        assert_eq!(leader.workspace.outbox.len(), 303);
        assert!(!leader.workspace.point.offering, "nothing was damaged");
    }
    fault!(
        "F12",
        "the device dies at each write while blocks of the first form are rewritten in the present one",
        "blocks of both forms lie side by side and are read; the next start goes on, and nothing is missing"
    );
}

/// Rewrites all histories as the first version stored them. Gives how many blocks there are.
fn as_first_form(desk: &Desk) -> usize {
    let disk = desk.disk();
    let blocks: Vec<(Key, Vec<u8>)> = disk
        .borrow()
        .store("changes")
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    for (key, value) in &blocks {
        let block = unpack_changes(value).unwrap().into_iter();
        let plain: Vec<(RecordId, Vec<Bytes>)> = block.map(|(id, it)| (id, it.changes)).collect();
        let bytes = [&[1][..], &postcard::to_allocvec(&plain).unwrap()].concat();
        disk.borrow_mut().put("changes", key.clone(), seal(&bytes));
    }
    blocks.len()
}

#[test]
fn what_crashes_the_engine_twice_is_set_aside_and_the_rest_arrives() {
    let desk = Desk::new(19);
    let mut leader = desk.open();
    desk.edit(&mut leader, &[contact(1, "Anaïs")]).unwrap();
    let (good, bad) = (foreign(2), foreign(3));
    let both = [good.clone(), bad.clone()].concat();
    // The note is written, then the engine dies over the two; then over the second by itself.
    for notes in [1, both.len() as u64] {
        desk.disk().borrow_mut().fail(notes, Fault::CrashBefore);
        assert!(!store(&mut leader, both.clone(), 2));
        assert!(desk.disk().borrow().is_dead());
        desk.disk().borrow_mut().revive();
        leader = desk.open();
        assert!(leader.workspace.is_careful());
        assert_eq!(leader.workspace.point.cursor, 0);
    }
    assert!(store(&mut leader, both, 2));
    let titles: Vec<String> = desk
        .rows(&mut leader)
        .iter()
        .map(|row| row.title())
        .collect();
    assert_eq!(titles, ["Anaïs", "Fatou 2"]);
    assert!(!leader.workspace.is_careful());
    let disk = desk.disk();
    let kept = values(&disk.borrow(), "corrupt");
    assert_eq!(kept, [bad[0].bytes.clone()]);
    fault!(
        "F19",
        "the engine dies twice over two changes that it received, both times at the same one",
        "the third start applies the other one, keeps the culprit aside, and its cursor goes on; the device's own edits are there"
    );
}

#[test]
fn a_record_at_its_limits_opens_and_grows_no_further() {
    let desk = Desk::new(20);
    let mut leader = desk.open();
    let note = "é".repeat(shared::document::NOTE_LIMIT);
    let mut writes = vec![Write::put("notes", note.as_str())];
    for n in 0..engine::limits::ITEM_LIMIT {
        let item = shared::crm::row::Item {
            key: format!("{n}"),
            label: "work".into(),
            text: format!("+33 2 97 {n:06}"),
        };
        writes.push(Write::put_item("phones", &item));
    }
    desk.edit(&mut leader, &[contact(1, "Anaïs")]).unwrap();
    desk.edit(&mut leader, &[Edit::of(id(1), writes)]).unwrap();
    let one_more = shared::crm::row::Item {
        key: "more".into(),
        label: String::new(),
        text: "+33".into(),
    };
    let too_much = [
        put(1, "notes", &format!("{note}.")),
        Edit::of(id(1), vec![Write::put_item("phones", &one_more)]),
        put(1, "city", &"x".repeat(engine::limits::TEXT_LIMIT + 1)),
    ];
    for edit in too_much {
        let refused = desk.edit(&mut leader, &[edit]);
        assert!(matches!(
            refused,
            Err(Failure::Problem(Problem::TooLong { .. }))
        ));
    }
    desk.fold(&mut leader).unwrap();
    drop(leader);
    let mut leader = desk.open();
    let detail = run(leader.open_record(Origin::Page, id(1))).unwrap();
    assert_eq!(
        detail.notes[0].text.chars().count(),
        shared::document::NOTE_LIMIT
    );
    let biggest = everything(&mut leader)
        .iter()
        .map(|it| it.bytes.len())
        .max();
    assert!(biggest < Some(512 * 1024), "{biggest:?}");
    drop(leader);
    // Lists come from rows: a history that can't be opened does not keep them away.
    damage(&desk, "changes", false);
    let mut leader = desk.open();
    assert_eq!(desk.rows(&mut leader).len(), 1);
    assert!(run(leader.open_record(Origin::Page, id(1))).is_err());
    assert_eq!(run(leader.workspace.rows()).unwrap().len(), 1);
    let workspace = leader.workspace.id;
    assert_eq!(workspace, WORKSPACE);
    fault!(
        "F20",
        "a record with a note of 200,000 characters and 500 telephone numbers, then one of each more, then a history that can not be opened",
        "it opens; what would make it larger is refused by name of the field; the list needs no history"
    );
    fault!(
        "F36",
        "a note and a list of numbers at their limits, written in one edit",
        "the engine cuts the edit into changes that each fit a row of the server"
    );
}
