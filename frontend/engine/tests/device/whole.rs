//! Whole records that come, leave, or begin a new generation, and edits that are made again.

use crate::desk::{Desk, START, contact, id};
use engine::leader::{Leader, Told};
use engine::platform::native::run;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::client::{ForgetWhy, Outgoing, Point, Read, Store};
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::Kept;
use shared::sync::validation::Bytes;
use shared::time::Timestamp;
use std::time::{Duration, Instant};

pub fn colleague(n: u8) -> Writer {
    Writer {
        person: PersonId([200; 8]),
        instance: [n; 8],
    }
}

pub fn made(n: u32, name: &str) -> Document {
    let mut document = Document::new();
    let edit = contact(n, name);
    document.edit(&edit, colleague(1), START).unwrap();
    document
}

pub fn kept(n: u32, generation: u32, document: &Document, with_row: bool) -> Kept {
    let row = document.row(id(n)).unwrap().to_bytes();
    Kept {
        document: id(n),
        generation,
        snapshot: Bytes(document.save()),
        changes: Vec::new(),
        row: Bytes(if with_row { row } else { Vec::new() }),
    }
}

pub fn items(n: u32, generation: u32, changes: &[Vec<u8>]) -> Vec<Item> {
    let item = |bytes: &Vec<u8>| Item {
        document: id(n),
        generation,
        hash: change_hash(bytes).unwrap(),
        bytes: bytes.clone(),
    };
    changes.iter().map(item).collect()
}

pub fn at(cursor: u64) -> Point {
    Point {
        cursor,
        ..Point::default()
    }
}

pub fn records(cursor: u64, records: Vec<Kept>) -> Store {
    Store {
        records,
        point: at(cursor),
        ..Store::default()
    }
}

pub fn store(desk: &Desk, leader: &mut Leader, store: Store) -> Told {
    let now = desk.step();
    run(leader.store(store, (desk.writer, now))).unwrap()
}

fn read(leader: &mut Leader, read: Read) -> Vec<Outgoing> {
    run(leader.workspace.read(read)).unwrap().0
}

pub fn outbox(leader: &mut Leader) -> Vec<Outgoing> {
    let all = Read::Outbox {
        after: 0,
        limit: 1_000,
    };
    read(leader, all)
}

pub fn document(leader: &mut Leader, record: RecordId) -> Document {
    let changes = read(leader, Read::Document(record));
    Document::load(changes.iter().map(|it| it.bytes.as_slice())).unwrap()
}

pub fn put(n: u32, key: &str, value: &str) -> Edit {
    Edit::of(id(n), vec![Write::put(key, value)])
}

pub fn rows_after_reopening(desk: &mut Desk, leader: Leader) -> (Leader, Vec<Row>) {
    drop(leader);
    let mut leader = desk.restart();
    let rows = desk.rows(&mut leader);
    (leader, rows)
}

#[test]
fn records_that_are_not_here_are_stored_as_they_came() {
    let mut desk = Desk::new(1);
    let mut leader = desk.open();
    let documents: Vec<Document> = (0..700).map(|n| made(n, "Gaël")).collect();
    let mut came: Vec<Kept> = Vec::new();
    for (n, document) in documents.iter().enumerate() {
        came.push(kept(n as u32, 0, document, n % 2 == 0));
    }
    let told = store(&desk, &mut leader, records(9, came));
    assert_eq!((told.rows.len(), told.gone.len()), (700, 0));
    assert!(told.replaced.is_none());
    assert!(!leader.workspace.has_tail());
    let (mut leader, rows) = rows_after_reopening(&mut desk, leader);
    assert_eq!((rows.len(), leader.workspace.point.cursor), (700, 9));
    assert_eq!(desk.disk().borrow().store("changes").count(), 3);
    // They are edited like any other, and offered raw.
    desk.edit(&mut leader, &[put(33, "city", "Brest")]).unwrap();
    desk.fold(&mut leader).unwrap();
    let now = document(&mut leader, id(33));
    assert_eq!(now.len(), documents[33].len() + 1);
    let everything = Read::All {
        after: None,
        limit: 10_000,
    };
    assert_eq!(read(&mut leader, everything).len(), 701);
}

#[test]
fn a_record_that_is_here_is_merged_with_what_came() {
    let mut desk = Desk::new(2);
    let mut leader = desk.open();
    let mut theirs = made(1, "Hana");
    let begun: Vec<Vec<u8>> = theirs.changes().into_iter().map(|it| it.bytes).collect();
    let first = Store {
        received: items(1, 0, &begun),
        point: at(1),
        ..Store::default()
    };
    store(&desk, &mut leader, first);
    desk.edit(&mut leader, &[put(1, "city", "Brest")]).unwrap();
    let edit = put(1, "last_name", "Le Goff");
    theirs.edit(&edit, colleague(2), START).unwrap();
    let came = records(5, vec![kept(1, 0, &theirs, true)]);
    let told = store(&desk, &mut leader, came.clone());
    assert_eq!(told.rows[0].title(), "Hana Le Goff");
    // The same once more makes no difference.
    assert!(store(&desk, &mut leader, came).rows.is_empty());
    let (mut leader, rows) = rows_after_reopening(&mut desk, leader);
    assert_eq!(rows[0].title(), "Hana Le Goff");
    assert_eq!(outbox(&mut leader).len(), 1);
    assert_eq!(document(&mut leader, id(1)).len(), 3);
}

#[test]
fn five_thousand_records_are_stored_fast() {
    let desk = Desk::new(3);
    let mut leader = desk.open();
    let document = made(1, "Ines");
    let row = document.row(id(1)).unwrap();
    let came = (0..5_000).map(|n| Kept {
        document: id(n),
        row: Bytes(
            Row {
                id: id(n),
                ..row.clone()
            }
            .to_bytes(),
        ),
        ..kept(1, 0, &document, false)
    });
    let came: Vec<Kept> = came.collect();
    let begun = Instant::now();
    for (at, part) in came.chunks(500).enumerate() {
        store(&desk, &mut leader, records(at as u64 + 1, part.to_vec()));
    }
    let took = begun.elapsed();
    assert_eq!(leader.workspace.records().len(), 5_000);
    // A test build on a busy machine; a release build needs a tenth of it.
    assert!(took < Duration::from_secs(8), "{took:?}");
}

#[test]
fn a_record_that_leaves_takes_all_with_it_and_what_waited_is_refused() {
    for (why, reason) in [
        (ForgetWhy::Erased, "gone"),
        (ForgetWhy::Hidden, "forbidden"),
    ] {
        for folded in [true, false] {
            let mut desk = Desk::new(4);
            let mut leader = desk.open();
            for n in 1..4 {
                desk.edit(&mut leader, &[contact(n, "Jeanne")]).unwrap();
            }
            if folded {
                desk.fold(&mut leader).unwrap();
            }
            desk.edit(&mut leader, &[put(2, "city", "Nantes")]).unwrap();
            let keys: Vec<u64> = outbox(&mut leader)
                .iter()
                .filter(|it| it.document == id(2))
                .map(|it| it.key)
                .collect();
            let forget = Store {
                forget: vec![(id(2), why)],
                confirmed: vec![keys[0]],
                point: at(7),
                ..Store::default()
            };
            let told = store(&desk, &mut leader, forget);
            assert_eq!(told.gone, [id(2)]);
            assert_eq!(told.replaced, Some((vec![keys[1]], Vec::new())));
            let (mut leader, rows) = rows_after_reopening(&mut desk, leader);
            assert_eq!(rows.len(), 2, "{why:?}, folded: {folded}");
            assert!(read(&mut leader, Read::Document(id(2))).is_empty());
            assert_eq!(outbox(&mut leader).len(), 2);
            let state = leader.sync_state(None);
            assert_eq!(state.refused.len(), 1);
            assert_eq!(state.refused[0].reason, reason);
            assert_eq!(state.refused[0].said, "Nantes");
            for name in ["rows", "changes", "tail", "outbox"] {
                let disk = desk.disk();
                let disk = disk.borrow();
                for (key, value) in disk.store(name) {
                    let plain = engine::seal::open(value).unwrap();
                    assert!(
                        !holds(&plain, b"Nantes"),
                        "{name} {key:?}, folded: {folded}"
                    );
                }
            }
            // It may come back.
            let back = records(8, vec![kept(2, 0, &made(2, "Jeanne"), true)]);
            assert_eq!(store(&desk, &mut leader, back).rows.len(), 1);
        }
    }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|it| it == part)
}

#[test]
fn a_note_that_is_typed_letter_by_letter_stays_small() {
    let mut desk = Desk::new(9);
    let mut leader = desk.open();
    let mut theirs = made(1, "Lena");
    let mut came: Vec<Vec<u8>> = theirs.changes().into_iter().map(|it| it.bytes).collect();
    let text = "le client rappelle demain, il goûte. ".repeat(140);
    let letters: Vec<char> = text.chars().take(5_000).collect();
    for (n, letter) in letters.iter().enumerate() {
        let splice = Splice {
            at: n,
            remove: 0,
            insert: letter.to_string(),
        };
        let time = Timestamp(START.0 + 200 * n as i64);
        let heads = theirs.heads();
        let typed = theirs.splice("notes", &heads, &splice, colleague(1), time);
        came.extend(typed.unwrap().into_iter().map(|it| it.bytes));
        if n % 500 == 499 {
            let received = Store {
                received: items(1, 0, &std::mem::take(&mut came)),
                point: at(n as u64),
                ..Store::default()
            };
            store(&desk, &mut leader, received);
            desk.fold(&mut leader).unwrap();
        }
    }
    let (bytes, history) = {
        let disk = desk.disk();
        let disk = disk.borrow();
        (disk.bytes(), disk.store_bytes("changes"))
    };
    assert!(history < 20_000, "{history} B of history");
    assert!(bytes < 25_000, "{bytes} B in all");
    drop(leader);
    let mut leader = desk.restart();
    let now = document(&mut leader, id(1));
    assert_eq!(now.note("notes").chars().collect::<Vec<_>>(), letters);
    assert!(now.len() > 5_000);
}
