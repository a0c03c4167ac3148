//! What an older version left on a device opens. The samples are kept for ever;
//! `TERRAIN_WRITE_SAMPLES=1` writes the one of this version where it is missing.

use crate::desk::{Desk, START};
use crate::record::fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::block::unpack_changes;
use engine::leader::Leader;
use engine::platform::memory::Memory;
use engine::platform::native::{install, run};
use engine::platform::storage::Key;
use engine::tab::Origin;
use serde_json::{Value as Json, json};
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::contact;
use shared::crm::row::Row;
use shared::id::WorkspaceId;
use shared::sync::client::{Point, Read, Store};
use shared::sync::message::Walk;
use std::path::PathBuf;
use std::rc::Rc;

const SAMPLES: u32 = 2;

fn sample(number: u32) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.join(format!("../../tests/samples/device-{number}.json"))
}

/// Puts the databases of a sample on a device; returns the workspace.
fn load(memory: &Memory, number: u32) -> WorkspaceId {
    let text = std::fs::read_to_string(sample(number)).unwrap();
    let databases: Vec<Json> = serde_json::from_str(&text).unwrap();
    let mut workspace = None;
    for database in &databases {
        let name = database["name"].as_str().unwrap();
        let id = name.strip_prefix("terrain-");
        workspace = workspace.or(id.and_then(|id| id.parse().ok()));
        let disk = memory.disk(name);
        for store in database["stores"].as_array().unwrap() {
            for record in store["records"].as_array().unwrap() {
                let key = &record[0]["json"];
                let key = match key.as_str() {
                    Some(name) => Key::Name(name.into()),
                    None => Key::Number(key.as_u64().unwrap()),
                };
                let value = STANDARD.decode(record[1]["bytes"].as_str().unwrap());
                let store = store["store"].as_str().unwrap();
                disk.borrow_mut().put(store, key, value.unwrap());
            }
        }
    }
    workspace.unwrap()
}

fn save(memory: &Memory, like: u32, number: u32) {
    let text = std::fs::read_to_string(sample(like)).unwrap();
    let mut databases: Vec<Json> = serde_json::from_str(&text).unwrap();
    for database in &mut databases {
        let disk = memory.disk(database["name"].as_str().unwrap());
        for store in database["stores"].as_array_mut().unwrap() {
            let disk = disk.borrow();
            let records = disk.store(store["store"].as_str().unwrap());
            let records = records.map(|(key, value)| {
                let key = match key {
                    Key::Name(name) => json!(name),
                    Key::Number(number) => json!(number),
                };
                json!([{ "json": key }, { "bytes": STANDARD.encode(value) }])
            });
            let records: Vec<Json> = records.collect();
            store["records"] = json!(records);
        }
    }
    let text = serde_json::to_string_pretty(&databases).unwrap();
    std::fs::write(sample(number), text + "\n").unwrap();
}

fn named(leader: &mut Leader, title: &str) -> Row {
    let rows = run(leader.workspace.rows()).unwrap();
    rows.into_iter().find(|row| row.title() == title).unwrap()
}

#[test]
fn the_sample_of_this_version_is_written_where_it_is_missing() {
    if std::env::var_os("TERRAIN_WRITE_SAMPLES").is_none() || sample(SAMPLES).exists() {
        return;
    }
    let desk = Desk::new(20);
    let workspace = load(&desk.memory, SAMPLES - 1);
    desk.step();
    let mut leader = run(Leader::open(workspace, true, |_| ())).unwrap();
    // A note of many letters, which is taken together when it is folded.
    let isabelle = named(&mut leader, "Isabelle Carriès").id;
    let detail = run(leader.open_record(Origin::Page, isabelle)).unwrap();
    let mut revision = detail.notes[0].revision;
    let text = "Préfère le matin. Deux filles.";
    for round in 0..2 {
        for (at, letter) in text.chars().enumerate() {
            let splice = Splice {
                at: at + round * text.chars().count(),
                remove: 0,
                insert: letter.into(),
            };
            let by = (desk.writer, desk.step());
            let place = (isabelle, "notes", revision);
            let typed = run(leader.type_into((Origin::Page, 0), place, &splice, by));
            revision = typed.unwrap().note.revision;
        }
    }
    while leader.workspace.has_tail() {
        run(leader.workspace.fold()).unwrap();
    }
    // It was in the middle of a walk.
    let cursor = leader.workspace.point.cursor;
    let walk = Walk {
        base: cursor,
        above: cursor,
        upto: cursor + 5,
        below: cursor + 3,
    };
    let store = Store {
        point: Point {
            walk: Some(walk),
            walked: 2,
            ..leader.workspace.point
        },
        ..Store::default()
    };
    run(leader.store(store, (desk.writer, desk.step()))).unwrap();
    let paul = named(&mut leader, "Paul Faure").id;
    let edit = Edit::of(paul, vec![Write::put(contact::POSTCODE.key, "56000")]);
    run(leader.edit(7, &[edit], desk.writer, desk.step())).unwrap();
    save(&desk.memory, SAMPLES - 1, SAMPLES);
}

#[test]
fn the_databases_of_every_version_open_and_are_folded_into_the_present_form() {
    for number in 1..=SAMPLES {
        let memory = Memory::new(START, u64::from(number));
        install(Rc::new(memory.clone()));
        let workspace = load(&memory, number);
        let mut shown = Vec::new();
        let opened = Leader::open(workspace, true, |rows| shown.extend(rows));
        let mut leader = run(opened).unwrap();
        let isabelle = named(&mut leader, "Isabelle Carriès");
        assert_eq!(isabelle.text(&contact::CITY), "Sarzeau", "device-{number}");
        let paul = named(&mut leader, "Paul Faure");
        assert_eq!(paul.text(&contact::COUNTRY), "France");
        assert!(leader.workspace.point.epoch.is_some());
        assert_eq!(leader.workspace.point.walk.is_some(), number > 1);
        assert!(!leader.workspace.outbox.is_empty());
        let all = Read::All {
            after: None,
            limit: 10_000,
        };
        let before = run(leader.workspace.read(all)).unwrap().0;
        while leader.workspace.has_tail() {
            run(leader.workspace.fold()).unwrap();
        }
        let after = run(leader.workspace.read(all)).unwrap().0;
        assert!(before.len() > 3 && before == after, "device-{number}");
        drop(leader);
        let disk = memory.disk(&engine::workspace::database_name(workspace));
        let disk = disk.borrow();
        let blocks = disk.store("changes");
        let mut snapshots = 0;
        for (_, sealed) in blocks {
            let block = unpack_changes(sealed).unwrap();
            let whole = block.iter().filter(|(_, it)| !it.snapshot.0.is_empty());
            snapshots += whole.count();
        }
        assert_eq!(snapshots, usize::from(number > 1));
    }
    fault!(
        "F12",
        "databases as each version left them, folded by this one",
        "every record, what waits and every change is there before and after"
    );
}
