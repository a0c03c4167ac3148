//! What is saved stays saved, whatever happens to the storage: the engine over a disk that fails.

use crate::desk::{Desk, contact, id};
use crate::record::fault;
use engine::failure::Failure;
use engine::platform::memory::Fault;
use engine::platform::native::run;
use engine::platform::storage::Key;
use shared::bridge::Problem;
use shared::crm::command::{Edit, Write};
use shared::sync::client::{ForgetWhy, Store};

#[test]
fn what_was_saved_is_there_after_a_crash_at_every_write() {
    for fault in [Fault::CrashBefore, Fault::CrashAfter] {
        for at in 0..12 {
            let desk = Desk::new(7);
            let mut leader = desk.open();
            desk.disk().borrow_mut().fail(at, fault);
            let mut said = Vec::new();
            for n in 0..6 {
                if desk.edit(&mut leader, &[contact(n, "Anaïs")]).is_ok() {
                    said.push(id(n));
                }
                let _ = desk.fold(&mut leader);
            }
            assert!(desk.disk().borrow().is_dead(), "write {at} happened");
            drop(leader);
            desk.disk().borrow_mut().revive();
            let mut leader = desk.open();
            for record in said {
                let row = desk.row(&mut leader, record);
                assert_eq!(row.title(), "Anaïs", "{fault:?} at write {at}");
            }
        }
    }
    fault!(
        "F1",
        "the device dies before and after the commit of each of twelve writes",
        "every edit that was said to be saved is there at the next start"
    );
}

#[test]
fn what_the_page_keeps_is_there_at_the_next_start() {
    let mut desk = Desk::new(7);
    let mut leader = desk.open();
    assert!(run(leader.workspace.kept()).unwrap().is_empty());
    for bytes in [b"first".as_slice(), b"second"] {
        run(leader.workspace.keep(bytes)).unwrap();
    }
    desk.disk().borrow_mut().fail(0, Fault::Full);
    assert!(run(leader.workspace.keep(b"third")).is_err());
    drop(leader);
    let mut leader = desk.restart();
    assert_eq!(run(leader.workspace.kept()).unwrap(), b"second");
}

#[test]
fn a_lost_connection_is_opened_again_and_nothing_is_done_twice() {
    for fault in [Fault::Lost, Fault::LostAfter] {
        for at in 0..6 {
            let desk = Desk::new(8);
            desk.disk().borrow_mut().fail(at, fault);
            let mut leader = desk.open();
            for n in 0..4 {
                desk.edit(&mut leader, &[contact(n, "Bruno")]).unwrap();
            }
            desk.disk().borrow_mut().lose_connections();
            let again = Edit::of(id(1), vec![Write::put("city", "Brest")]);
            desk.edit(&mut leader, &[again]).unwrap();
            let rows = desk.rows(&mut leader);
            assert_eq!(rows.len(), 4, "{fault:?} at write {at}");
            assert_eq!(leader.workspace.outbox.len(), 5);
            drop(leader);
            let leader = desk.open();
            assert_eq!(leader.workspace.outbox.len(), 5);
        }
    }
    fault!(
        "F5",
        "the connection to the database is lost before and after each commit, and between two",
        "it is opened again and the write repeated: every edit is there once"
    );
}

#[test]
fn a_full_disk_changes_nothing_and_says_so() {
    let desk = Desk::new(9);
    let mut leader = desk.open();
    desk.edit(&mut leader, &[contact(1, "Chloé")]).unwrap();
    desk.disk().borrow_mut().fail(0, Fault::Full);
    let edit = Edit::of(id(1), vec![Write::put("city", "Brest")]);
    let refused = desk.edit(&mut leader, std::slice::from_ref(&edit));
    assert!(matches!(
        refused,
        Err(Failure::Problem(Problem::StorageFull))
    ));
    assert_eq!(leader.workspace.outbox.len(), 1);
    desk.edit(&mut leader, &[edit]).unwrap();
    assert_eq!(leader.workspace.outbox.len(), 2);
    fault!(
        "F4",
        "the disk is full when an edit is to be saved",
        "storage full, nothing changed; the same edit is saved once there is room"
    );
}

#[test]
fn a_second_engine_takes_over_and_the_first_writes_no_more() {
    let desk = Desk::new(10);
    let mut first = desk.open();
    desk.edit(&mut first, &[contact(1, "Denis")]).unwrap();
    let mut second = desk.open();
    let late = desk.edit(&mut first, &[contact(2, "Elsa")]);
    assert!(matches!(late, Err(Failure::Fenced)));
    desk.edit(&mut second, &[contact(3, "Farid")]).unwrap();
    assert_eq!(desk.rows(&mut second).len(), 2);
    fault!(
        "F14",
        "an engine writes after another one took the workspace over",
        "its transaction fails at the fence; only the second engine's records are there"
    );
}

#[test]
fn an_engine_that_another_replaced_takes_nothing_for_damage() {
    let desk = Desk::new(12);
    let mut first = desk.open();
    desk.edit(&mut first, &[contact(1, "Denis")]).unwrap();
    desk.fold(&mut first).unwrap();
    drop(first);
    let mut first = desk.open();
    let mut second = desk.open();
    let erased = Store {
        forget: vec![(id(1), ForgetWhy::Erased)],
        ..Store::default()
    };
    let by = (desk.writer, desk.step());
    run(second.store(erased, by)).unwrap();
    let city = Edit::of(id(1), vec![Write::put("city", "Vannes")]);
    assert!(matches!(
        desk.edit(&mut first, &[city]),
        Err(Failure::Fenced)
    ));
    let read = run(first.take_document(id(1)));
    assert!(matches!(read, Err(Failure::Fenced)));
}

#[test]
fn a_write_that_may_have_happened_is_never_followed_by_another() {
    for second in [Fault::Lost, Fault::LostAfter] {
        let mut desk = Desk::new(11);
        let mut leader = desk.open();
        desk.edit(&mut leader, &[contact(1, "Goulven")]).unwrap();
        desk.disk().borrow_mut().fail(0, Fault::Lost);
        desk.disk().borrow_mut().fail(1, second);
        let unknown = desk.edit(&mut leader, &[contact(2, "Hervé")]);
        let storage = matches!(unknown, Err(Failure::Problem(Problem::Storage(_))));
        assert!(storage, "it is not said to be saved");
        let next = desk.edit(&mut leader, &[contact(3, "Iwan")]);
        assert!(matches!(next, Err(Failure::Fenced)));
        drop(leader);
        let mut leader = desk.restart();
        desk.edit(&mut leader, &[contact(3, "Iwan")]).unwrap();
        let rows = desk.rows(&mut leader).len();
        assert_eq!(rows, 2 + usize::from(second == Fault::LostAfter));
        assert_eq!(leader.workspace.outbox.len(), rows);
        drop(leader);
        let mut leader = desk.restart();
        assert_eq!(desk.rows(&mut leader).len(), rows);
    }
    fault!(
        "F5",
        "the connection is lost twice, so that nobody knows whether the write was carried out",
        "nothing more is written; the workspace is opened anew from what stands"
    );
}

#[test]
fn a_damaged_outbox_is_kept_aside_and_everything_is_offered() {
    for store in ["outbox", "quarantine"] {
        let mut desk = Desk::new(12);
        let mut leader = desk.open();
        desk.edit(&mut leader, &[contact(1, "Jakez")]).unwrap();
        drop(leader);
        let key = Key::Number(1);
        desk.disk().borrow_mut().put(store, key, vec![1, 2, 3]);
        let mut leader = desk.restart();
        assert!(leader.workspace.point.offering);
        assert_eq!(desk.rows(&mut leader).len(), 1);
        let kept = desk.disk();
        let kept = kept.borrow();
        let aside: Vec<_> = kept.store("corrupt").collect();
        assert_eq!(aside.len(), 1, "{store}");
        assert!(kept.store(store).all(|(_, value)| value.len() > 3));
    }
}
