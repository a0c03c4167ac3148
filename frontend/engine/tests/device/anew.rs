//! Edits that are made again: in a new generation of their record, or after they were refused.

use crate::desk::{Desk, START, id};
use crate::record::fault;
use crate::whole::{
    at, colleague, document, items, kept, made, outbox, put, records, rows_after_reopening, store,
};
use engine::leader::Leader;
use engine::platform::memory::Fault;
use engine::platform::native::run;
use engine::tab::Origin;
use shared::crm::command::{DELETED, Edit, Splice, Write};
use shared::crm::row::Item as Tag;
use shared::document::Document;
use shared::id::Writer;
use shared::sync::client::{Read, Store};
use shared::sync::header::Header;
use shared::sync::message::Reason;
use shared::time::Timestamp;

/// A record of the server with one of this device's edits in it, and the device's other edits unsent.
fn with_unsent(desk: &Desk) -> (Leader, Document) {
    let mut leader = desk.open();
    let mut server = made(1, "Karim");
    let edit = Edit::of(
        id(1),
        vec![
            Write::put("notes", "appelé lundi"),
            Write::put_item("tags", &tag("ancien")),
        ],
    );
    server.edit(&edit, colleague(1), START).unwrap();
    let came: Vec<Vec<u8>> = server.changes().into_iter().map(|it| it.bytes).collect();
    let first = Store {
        received: items(1, 0, &came),
        point: at(2),
        ..Store::default()
    };
    store(desk, &mut leader, first);
    let edit = Edit::of(
        id(1),
        vec![
            Write::put("city", "Quimper"),
            Write::put_item("tags", &tag("vip")),
            Write::clear_item("tags", "ancien"),
            Write::put(DELETED, "1"),
        ],
    );
    desk.edit(&mut leader, &[edit]).unwrap();
    let note = run(leader.open_record(Origin::Page, id(1))).unwrap().notes[0].clone();
    let splice = Splice {
        at: 7,
        remove: 0,
        insert: "tôt ".into(),
    };
    let by = (desk.writer, desk.step());
    let place = (id(1), "notes", note.revision);
    run(leader.type_into((Origin::Page, 3), place, &splice, by)).unwrap();
    (leader, server)
}

fn tag(word: &str) -> Tag {
    Tag {
        key: word.into(),
        label: String::new(),
        text: word.into(),
    }
}

/// The record's next generation, in which a colleague went on.
fn squashed(server: &Document) -> Document {
    let (changes, _) = server.squash(id(1)).unwrap();
    let mut anew = Document::load(changes.iter().map(|it| it.bytes.as_slice())).unwrap();
    let edit = Edit::of(
        id(1),
        vec![
            Write::put("last_name", "Benali"),
            Write::put("notes", "appelé lundi et mardi"),
        ],
    );
    anew.edit(&edit, colleague(3), START).unwrap();
    anew
}

#[test]
fn what_was_not_sent_is_made_again_in_the_new_generation() {
    for fault in [None, Some(Fault::CrashBefore), Some(Fault::CrashAfter)] {
        let mut desk = Desk::new(5);
        let (mut leader, server) = with_unsent(&desk);
        let before = outbox(&mut leader);
        assert!(before.iter().all(|it| it.generation == 0));
        let anew = squashed(&server);
        let news = records(9, vec![kept(1, 1, &anew, true)]);
        if let Some(fault) = fault {
            desk.disk().borrow_mut().fail(1, fault);
            let now = desk.step();
            let result = run(leader.store(news.clone(), (desk.writer, now)));
            assert!(result.is_err(), "{fault:?}");
            desk.disk().borrow_mut().revive();
            drop(leader);
            leader = desk.restart();
            let waits = outbox(&mut leader);
            let all_old = waits == before;
            let all_new = waits.iter().all(|it| it.generation == 1);
            assert!(all_old || all_new, "{fault:?}: {waits:?}");
        }
        let told = store(&desk, &mut leader, news.clone());
        let (mut leader, rows) = rows_after_reopening(&mut desk, leader);
        assert_eq!(leader.workspace.generation(id(1)), 1);
        let waits = outbox(&mut leader);
        assert!(!waits.is_empty() && waits.iter().all(|it| it.generation == 1));
        if fault.is_none() {
            let old: Vec<u64> = before.iter().map(|it| it.key).collect();
            assert_eq!(told.replaced, Some((old, waits.clone())));
        }
        // The server takes exactly what waits, on top of what it has.
        let mut server = anew.clone();
        let sent = waits.iter().map(|it| it.bytes.as_slice());
        server.apply(sent).unwrap();
        let local = document(&mut leader, id(1));
        assert_eq!(server.heads(), local.heads());
        let row = &rows[0];
        assert_eq!(*row, server.row(id(1)).unwrap());
        assert_eq!(row.title(), "Karim Benali");
        assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
        let tags: Vec<&str> = row
            .items(&shared::crm::contact::TAGS)
            .map(|it| it.key.as_str())
            .collect();
        assert_eq!(tags, ["vip"]);
        assert_eq!(local.note("notes"), "appelé tôt lundi et mardi");
        assert!(!row.is_there());
        // What belongs to the old generation makes no difference any more.
        let late = Store {
            received: items(1, 0, &[before[0].bytes.clone()]),
            records: vec![kept(1, 0, &made(1, "Karim"), true)],
            point: at(10),
            ..Store::default()
        };
        assert!(store(&desk, &mut leader, late).rows.is_empty());
    }
}

#[test]
fn changes_of_a_new_generation_that_come_without_the_record_begin_it() {
    let desk = Desk::new(6);
    let (mut leader, server) = with_unsent(&desk);
    let changes = server.squash(id(1)).unwrap().0.into_iter();
    let changes: Vec<Vec<u8>> = changes.map(|it| it.bytes).collect();
    let news = Store {
        received: items(1, 1, &changes),
        point: at(9),
        ..Store::default()
    };
    let told = store(&desk, &mut leader, news);
    assert_eq!(told.rows[0].text(&shared::crm::contact::CITY), "Quimper");
    assert_eq!(leader.workspace.generation(id(1)), 1);
    assert!(outbox(&mut leader).iter().all(|it| it.generation == 1));
}

#[test]
fn what_was_refused_for_its_time_is_made_again_with_what_builds_on_it() {
    let mut desk = Desk::new(7);
    let (mut leader, server) = with_unsent(&desk);
    let waits = outbox(&mut leader);
    let refused = Store {
        refused: vec![(waits[0].key, Reason::Time), (waits[1].key, Reason::Builds)],
        point: at(3),
        ..Store::default()
    };
    let later = Timestamp(START.0 + 86_400_000);
    let told = run(leader.store(refused, (desk.writer, later))).unwrap();
    let (gone, saved) = told.replaced.unwrap();
    assert_eq!((gone.len(), leader.workspace.refused.len()), (0, 0));
    let (mut leader, rows) = rows_after_reopening(&mut desk, leader);
    assert_eq!(outbox(&mut leader), saved);
    let mut again = server.clone();
    again
        .apply(saved.iter().map(|it| it.bytes.as_slice()))
        .unwrap();
    assert_eq!(again.heads(), document(&mut leader, id(1)).heads());
    assert_eq!(again.note("notes"), "appelé tôt lundi");
    let row = again.row(id(1)).unwrap();
    assert_eq!((row.edited.at, &rows[0]), (later, &row));
    assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
    assert!(!row.is_there());
    fault!(
        "F16",
        "edits of a wrong clock are refused for their time",
        "the engine makes them again at once, with what builds on them, by the server's clock"
    );
}

#[test]
fn what_was_refused_before_the_record_began_anew_is_written_once_more() {
    let desk = Desk::new(8);
    let (mut leader, server) = with_unsent(&desk);
    let waits = outbox(&mut leader);
    let refused = waits.iter().map(|it| (it.key, Reason::Squashed)).collect();
    let refused = Store {
        refused,
        point: at(3),
        ..Store::default()
    };
    store(&desk, &mut leader, refused);
    let news = records(9, vec![kept(1, 1, &squashed(&server), true)]);
    assert_eq!(store(&desk, &mut leader, news).replaced, None);
    run(leader.retry_refused((desk.writer, desk.step()))).unwrap();
    assert!(leader.workspace.refused.is_empty());
    let now = document(&mut leader, id(1));
    let row = now.row(id(1)).unwrap();
    assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
    assert_eq!(now.note("notes"), "appelé lundi et mardi\ntôt ");
    assert!(outbox(&mut leader).iter().all(|it| it.generation == 1));
}

#[test]
fn what_was_refused_before_the_record_began_anew_is_not_lost_beside_a_later_refusal() {
    let desk = Desk::new(15);
    let (mut leader, server) = with_unsent(&desk);
    let note = run(leader.open_record(Origin::Page, id(1))).unwrap().notes[0].clone();
    let splice = Splice {
        at: note.text.chars().count(),
        remove: 0,
        insert: ", le soir".into(),
    };
    let by = (desk.writer, desk.step());
    let place = (id(1), "notes", note.revision);
    run(leader.type_into((Origin::Page, 4), place, &splice, by)).unwrap();
    let waits = outbox(&mut leader);
    let old = waits.iter().map(|it| (it.key, Reason::Squashed)).collect();
    let old = Store {
        refused: old,
        point: at(3),
        ..Store::default()
    };
    store(&desk, &mut leader, old);
    let news = records(9, vec![kept(1, 1, &squashed(&server), true)]);
    store(&desk, &mut leader, news);
    let later = Edit::of(id(1), vec![Write::put("job_title", "Caviste")]);
    desk.edit(&mut leader, &[later]).unwrap();
    let waits = outbox(&mut leader);
    let refused = Store {
        refused: vec![(waits[0].key, Reason::Time)],
        point: at(10),
        ..Store::default()
    };
    // For its time, by itself; with it all that was refused of the record.
    store(&desk, &mut leader, refused);
    assert!(leader.workspace.refused.is_empty());
    let now = document(&mut leader, id(1));
    let row = now.row(id(1)).unwrap();
    assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
    assert_eq!(row.text(&shared::crm::contact::JOB_TITLE), "Caviste");
    assert_eq!(now.note("notes"), "appelé lundi et mardi\ntôt , le soir");
}

/// Someone signs as this device's next change; the log takes that, and refuses the first that waits for its
/// number and the second since it builds on it. Returns what the log says then.
fn forestalled(desk: &Desk, leader: &mut Leader, log: &mut Document, writer: Writer) -> Store {
    let waits = outbox(leader);
    let theirs = Edit::of(id(1), vec![Write::put("job_title", "Vigneron")]);
    let forged = log.edit(&theirs, writer, START).unwrap().changes;
    let (first, next) = (&waits[0].bytes, &forged[0].bytes);
    let number = |bytes: &[u8]| Header::read(bytes).unwrap().sequence;
    assert_eq!(number(first), number(next));
    let news = Store {
        received: items(1, 0, std::slice::from_ref(next)),
        point: at(3),
        ..Store::default()
    };
    store(desk, leader, news);
    Store {
        refused: vec![
            (waits[0].key, Reason::Sequence),
            (waits[1].key, Reason::Builds),
        ],
        point: at(3),
        ..Store::default()
    }
}

#[test]
fn what_another_change_has_the_number_of_is_made_again_at_once() {
    for fault in [None, Some(Fault::CrashBefore), Some(Fault::CrashAfter)] {
        let mut desk = Desk::new(9);
        let (mut leader, server) = with_unsent(&desk);
        let waits = outbox(&mut leader);
        let first = Header::read(&waits[0].bytes).unwrap();
        let mut log = server.clone();
        let refused = forestalled(&desk, &mut leader, &mut log, first.writer);
        if let Some(fault) = fault {
            desk.disk().borrow_mut().fail(2, fault);
            let now = desk.step();
            let _ = run(leader.store(refused.clone(), (desk.writer, now)));
            desk.disk().borrow_mut().revive();
            drop(leader);
            leader = desk.restart();
            // Nothing of it is lost: it is made again, or stands among what was refused.
            let made = leader.workspace.refused.is_empty() && !outbox(&mut leader).is_empty();
            assert!(made || leader.workspace.refused.len() == 2, "{fault:?}");
            let later = desk.step();
            run(leader.retry_refused((desk.writer, later))).unwrap();
        } else {
            let told = store(&desk, &mut leader, refused);
            let (gone, saved) = told.replaced.unwrap();
            assert_eq!(saved, outbox(&mut leader));
            assert!(gone.iter().all(|key| saved.iter().all(|it| it.key != *key)));
            assert_eq!(told.rows.len(), 1);
        }
        assert!(leader.workspace.refused.is_empty());
        let (mut leader, _) = rows_after_reopening(&mut desk, leader);
        let waits = outbox(&mut leader);
        assert!(
            waits
                .iter()
                .all(|it| Header::read(&it.bytes).unwrap().writer != first.writer)
        );
        log.apply(waits.iter().map(|it| it.bytes.as_slice()))
            .unwrap();
        // The other change goes in with the acknowledgement.
        let done = Store {
            confirmed: waits.iter().map(|it| it.key).collect(),
            point: at(5),
            ..Store::default()
        };
        store(&desk, &mut leader, done);
        assert_eq!(document(&mut leader, id(1)).heads(), log.heads());
        let row = log.row(id(1)).unwrap();
        assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
        assert_eq!(row.text(&shared::crm::contact::JOB_TITLE), "Vigneron");
        assert_eq!(log.note("notes"), "appelé tôt lundi");
    }
}

#[test]
fn what_was_made_again_by_itself_and_refused_again_is_told() {
    let desk = Desk::new(10);
    let (mut leader, _) = with_unsent(&desk);
    for turn in 0..2 {
        let waits = outbox(&mut leader).into_iter();
        let refused = Store {
            refused: waits.map(|it| (it.key, Reason::Sequence)).collect(),
            point: at(3),
            ..Store::default()
        };
        store(&desk, &mut leader, refused);
        assert_eq!(leader.workspace.refused.is_empty(), turn == 0);
        assert_eq!(outbox(&mut leader).is_empty(), turn == 1);
    }
}

#[test]
fn what_was_refused_and_is_in_the_log_after_all_is_refused_no_more() {
    let mut desk = Desk::new(11);
    let (mut leader, server) = with_unsent(&desk);
    let waits = outbox(&mut leader);
    let refused = Store {
        refused: vec![
            (waits[0].key, Reason::TooCostly),
            (waits[1].key, Reason::Builds),
        ],
        point: at(3),
        ..Store::default()
    };
    store(&desk, &mut leader, refused);
    // A server that was set back is offered it, and takes it.
    let all = Read::All {
        after: None,
        limit: 99,
    };
    let (offered, _) = run(leader.workspace.read(all)).unwrap();
    let keys: Vec<u64> = offered
        .iter()
        .map(|it| it.key)
        .filter(|key| *key > 0)
        .collect();
    assert_eq!(keys, [waits[0].key, waits[1].key]);
    let taken = Store {
        taken: vec![waits[0].key],
        point: at(4),
        ..Store::default()
    };
    let told = store(&desk, &mut leader, taken);
    // What builds on it goes again.
    let (_, saved) = told.replaced.unwrap();
    assert_eq!(
        saved.iter().map(|it| &it.bytes).collect::<Vec<_>>(),
        [&waits[1].bytes]
    );
    let refused = Store {
        refused: vec![(saved[0].key, Reason::TooCostly)],
        point: at(4),
        ..Store::default()
    };
    store(&desk, &mut leader, refused);
    // Or it comes from there.
    let came = Store {
        received: items(1, 0, &[waits[1].bytes.clone()]),
        point: at(5),
        ..Store::default()
    };
    store(&desk, &mut leader, came);
    assert!(leader.workspace.refused.is_empty());
    let (mut leader, _) = rows_after_reopening(&mut desk, leader);
    assert!(leader.workspace.refused.is_empty());
    run(leader.retry_refused((desk.writer, desk.step()))).unwrap();
    let mut log = server;
    log.apply(offered.iter().map(|it| it.bytes.as_slice()))
        .unwrap();
    log.apply(outbox(&mut leader).iter().map(|it| it.bytes.as_slice()))
        .unwrap();
    assert_eq!(document(&mut leader, id(1)).heads(), log.heads());
}

#[test]
fn what_comes_from_the_log_waits_no_more() {
    let mut desk = Desk::new(12);
    let (mut leader, server) = with_unsent(&desk);
    let waits = outbox(&mut leader);
    // A device that was put back sends once more what the log has; the record comes first.
    let came = Store {
        received: items(1, 0, &[waits[0].bytes.clone()]),
        point: at(5),
        ..Store::default()
    };
    let told = store(&desk, &mut leader, came);
    assert_eq!(told.replaced.unwrap().0, [waits[0].key]);
    let mut log = server.clone();
    log.apply([waits[0].bytes.as_slice()]).unwrap();
    let rest = Store {
        records: vec![kept(1, 0, &log, true)],
        refused: vec![(waits[1].key, Reason::TooCostly)],
        point: at(6),
        ..Store::default()
    };
    store(&desk, &mut leader, rest);
    assert_eq!(outbox(&mut leader).len(), waits.len() - 2);
    let (leader, _) = rows_after_reopening(&mut desk, leader);
    assert_eq!(leader.workspace.outbox.len(), waits.len() - 2);
}

#[test]
fn what_another_change_has_the_number_of_is_made_again_whatever_it_was_refused_for() {
    // The other change comes before the refusal, or after it.
    for comes_first in [true, false] {
        let mut desk = Desk::new(14);
        let (mut leader, server) = with_unsent(&desk);
        let waits = outbox(&mut leader);
        let first = Header::read(&waits[0].bytes).unwrap();
        let mut log = server;
        let refused = Store {
            refused: vec![
                (waits[0].key, Reason::TooCostly),
                (waits[1].key, Reason::Builds),
            ],
            point: at(3),
            ..Store::default()
        };
        if comes_first {
            forestalled(&desk, &mut leader, &mut log, first.writer);
            store(&desk, &mut leader, refused);
        } else {
            store(&desk, &mut leader, refused);
            // Of itself a costly change is for a person to send again.
            assert_eq!(leader.workspace.refused.len(), 2);
            let theirs = Edit::of(id(1), vec![Write::put("job_title", "Vigneron")]);
            let forged = log.edit(&theirs, first.writer, START).unwrap().changes;
            let news = Store {
                received: items(1, 0, &[forged[0].bytes.clone()]),
                point: at(4),
                ..Store::default()
            };
            store(&desk, &mut leader, news);
        }
        assert!(leader.workspace.refused.is_empty());
        let (mut leader, _) = rows_after_reopening(&mut desk, leader);
        let waits = outbox(&mut leader);
        log.apply(waits.iter().map(|it| it.bytes.as_slice()))
            .unwrap();
        assert_eq!(document(&mut leader, id(1)).heads(), log.heads());
        let row = log.row(id(1)).unwrap();
        assert_eq!(row.text(&shared::crm::contact::CITY), "Quimper");
        assert_eq!(row.text(&shared::crm::contact::JOB_TITLE), "Vigneron");
        assert_eq!(log.note("notes"), "appelé tôt lundi");
    }
}

#[test]
fn edits_that_cancel_each_other_leave_nothing_in_the_way() {
    let desk = Desk::new(13);
    let mut leader = desk.open();
    let mut log = made(1, "Karim");
    let came: Vec<Vec<u8>> = log.changes().into_iter().map(|it| it.bytes).collect();
    let first = Store {
        received: items(1, 0, &came),
        point: at(2),
        ..Store::default()
    };
    store(&desk, &mut leader, first);
    desk.edit(&mut leader, &[put(1, "city", "Vannes")]).unwrap();
    let clear = Edit::of(id(1), vec![Write::clear("city")]);
    desk.edit(&mut leader, &[clear]).unwrap();
    let refused = forestalled(&desk, &mut leader, &mut log, desk.writer);
    let told = store(&desk, &mut leader, refused);
    assert_eq!(
        told.rows[0].text(&shared::crm::contact::JOB_TITLE),
        "Vigneron"
    );
    assert_eq!(document(&mut leader, id(1)).heads(), log.heads());
    assert!(outbox(&mut leader).is_empty() && leader.workspace.refused.is_empty());
}
