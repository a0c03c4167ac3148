//! A log that took what no device writes: devices that had the record and fresh ones show the same.

use crate::desk::{Desk, START, contact, id};
use crate::faults::store;
use crate::record::fault;
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, ROOT, ReadDoc};
use engine::leader::Leader;
use engine::platform::native::run;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Item as Tag;
use shared::document::Document;
use shared::id::{PersonId, Writer};
use shared::sync::client::{Point, Read, Store};
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::Kept;
use shared::sync::validation::Bytes;

/// What takes the record away from a device that looks at the root.
fn forged(document: &Document, key: &str) -> Vec<u8> {
    let mut am = Automerge::load(&document.save()).unwrap();
    let writer = Writer {
        person: PersonId([66; 8]),
        instance: [6; 8],
    };
    am.set_actor(ActorId::from(writer.to_bytes().as_slice()));
    let mut put = am.transaction();
    match key {
        "type" => {
            let (_, fields) = put.get(ROOT, "fields").unwrap().unwrap();
            put.put(&fields, "type", "spam").unwrap();
        }
        root => put.delete(ROOT, root).unwrap(),
    }
    put.commit_with(CommitOptions::default().with_time(START.0));
    am.get_last_local_change().unwrap().raw_bytes().to_vec()
}

fn document(leader: &mut Leader) -> Document {
    let changes = run(leader.workspace.read(Read::Document(id(0)))).unwrap().0;
    Document::load(changes.iter().map(|it| it.bytes.as_slice())).unwrap()
}

/// The record comes whole, as a device gets it that was never there.
fn comes(leader: &mut Leader, document: &Document, cursor: u64) {
    let kept = Kept {
        document: id(0),
        generation: 0,
        snapshot: Bytes(document.save()),
        changes: Vec::new(),
        // The server of that time could make no row.
        row: Bytes::default(),
    };
    let records = Store {
        records: vec![kept],
        point: Point {
            cursor,
            ..Point::default()
        },
        ..Store::default()
    };
    let me = Writer {
        person: PersonId([1; 8]),
        instance: [1; 8],
    };
    run(leader.store(records, (me, START))).unwrap();
}

#[test]
fn old_and_fresh_devices_show_what_a_log_took_alike() {
    for key in ["fields", "items", "texts", "type"] {
        let (old, fresh) = (Desk::new(41), Desk::new(42));
        let mut leader = old.open();
        old.edit(&mut leader, &[contact(0, "Anaïs")]).unwrap();
        assert!(store(&mut leader, Vec::new(), 1));
        let bad = forged(&document(&mut leader), key);
        // An earlier version set it aside, and the person went on in what it showed.
        let name = format!("change-{}-{}", id(0), change_hash(&bad).unwrap());
        let city = Edit::of(id(0), vec![Write::put("city", "Brest")]);
        old.edit(&mut leader, &[city]).unwrap();
        let mut of_server = document(&mut leader);
        of_server.apply([bad.as_slice()]).unwrap();
        drop(leader);
        let disk = old.disk();
        disk.borrow_mut().put("corrupt", name.as_str().into(), bad);
        let mut leader = old.open();
        assert_eq!(leader.workspace.point.cursor, 0, "{key}: all is had again");
        let told = leader.workspace.unread();
        assert_eq!(told.iter().map(|it| it.record).collect::<Vec<_>>(), [id(0)]);
        comes(&mut leader, &of_server, 3);
        let mut other = fresh.open();
        comes(&mut other, &of_server, 3);
        let rows = [old.rows(&mut leader), fresh.rows(&mut other)];
        assert_eq!(rows[0], rows[1], "{key}");
        assert_eq!((rows[0].len(), rows[0][0].title().as_str()), (1, "Anaïs"));
        assert!(leader.workspace.unread().is_empty());
        // It is had again once.
        drop(leader);
        assert_eq!(old.open().workspace.point.cursor, 3);
        let edit = Edit::of(id(0), vec![Write::put("city", "Nantes")]);
        assert_eq!(fresh.edit(&mut other, &[edit]).unwrap().outgoing.len(), 1);
    }
    fault!(
        "F52",
        "a log holds a member's change that deletes each map at the root, or makes the type unknown",
        "the device that had the record and a fresh one show the same row, and both edit it"
    );
}

#[test]
fn a_record_of_a_type_that_is_not_known_is_named_as_one_to_look_at() {
    let desk = Desk::new(43);
    let mut leader = desk.open();
    let bad = forged(&Document::new(), "type");
    let item = Item {
        document: id(0),
        generation: 0,
        hash: change_hash(&bad).unwrap(),
        bytes: bad,
    };
    assert!(store(&mut leader, vec![item], 1));
    let told = leader.sync_state(None).unread;
    assert_eq!((told.len(), told[0].why.as_str()), (1, "apart"));
    assert!(desk.rows(&mut leader).is_empty());
}

#[test]
fn a_record_with_more_items_than_anyone_may_add_is_edited_all_the_same() {
    let desk = Desk::new(44);
    let mut leader = desk.open();
    let tag = |n: u32| {
        let item = Tag {
            key: format!("t{n}"),
            label: String::new(),
            text: format!("t{n}"),
        };
        Write::put_item("tags", &item)
    };
    let writer = Writer {
        person: PersonId([77; 8]),
        instance: [7; 8],
    };
    let mut document = Document::new();
    let mut made = document.edit(&contact(0, "Anaïs"), writer, START).unwrap();
    let many = Edit::of(id(0), (0..700).map(tag).collect());
    made.changes
        .extend(document.edit(&many, writer, START).unwrap().changes);
    let items = made.changes.into_iter().map(|change| Item {
        document: id(0),
        generation: 0,
        hash: change.hash,
        bytes: change.bytes,
    });
    assert!(store(&mut leader, items.collect(), 2));
    let city = Edit::of(id(0), vec![Write::put("city", "Brest")]);
    desk.edit(&mut leader, &[city]).unwrap();
    let fewer = Edit::of(id(0), vec![Write::clear_item("tags", "t5")]);
    desk.edit(&mut leader, &[fewer]).unwrap();
    assert_eq!(desk.row(&mut leader, id(0)).items.len(), 699);
    assert!(
        desk.edit(&mut leader, &[Edit::of(id(0), vec![tag(900)])])
            .is_err()
    );
}
