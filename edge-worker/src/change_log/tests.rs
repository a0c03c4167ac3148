//! The log over a native SQLite, beside the log in memory that the simulation runs on.

#[path = "../../../shared/tests/world/memory_log.rs"]
#[expect(dead_code, reason = "the simulation asks more of it")]
mod memory_log;
mod native;
mod pair;

use super::SqlLog;
use super::database::Database;
use crate::record::fault;
use memory_log::MemoryLog;
use native::Native;
use pair::{Chance, Pair, document, started};
use shared::id::ChangeHash;
use shared::sync::message::{Epoch, Era};
use shared::sync::room::{Append, ChangeLog, Erasure, LogError, Renewed};
use std::collections::BTreeMap;

#[test]
fn the_log_in_sqlite_and_the_one_in_memory_say_the_same_whatever_happens() {
    for seed in 0..12 {
        let mut chance = Chance(seed);
        let mut pair = Pair::new();
        for _ in 0..120 {
            pair.step(&mut chance);
            pair.compare(&mut chance);
        }
    }
}

#[test]
fn who_asks_whether_there_is_a_log_makes_none() {
    let database = Native::new();
    let tables = |database: &Native| {
        let rows = database.rows("SELECT name FROM sqlite_master", Vec::new());
        rows.unwrap().len()
    };
    assert!(!SqlLog::is_made(&database).unwrap());
    assert_eq!(tables(&database), 0);
    // A first start that was cut off has made none either.
    database.fail_after(3);
    assert!(SqlLog::open(database.clone()).is_err());
    database.fail_after(usize::MAX);
    assert!(!SqlLog::is_made(&database).unwrap());
    let log = SqlLog::open(database.clone()).unwrap();
    assert!(SqlLog::is_made(&database).unwrap());
    assert!(log.secret().unwrap().is_none());
}

#[test]
fn a_statement_that_fails_leaves_everything_as_it_was() {
    let mut chance = Chance(7);
    let mut pair = Pair::new();
    for _ in 0..40 {
        pair.step(&mut chance);
    }
    for failing in 0..4 {
        let new = pair.next(document(3), &mut chance);
        let append = Append {
            changes: vec![new],
            rows: BTreeMap::from([(document(3), vec![failing as u8; 20])]),
            ..Append::default()
        };
        pair.sql.database.fail_after(failing);
        let failed = pair.sql.append(&append);
        pair.sql.database.fail_after(usize::MAX);
        if let Err(error) = failed {
            assert!(matches!(error, LogError::Full));
            pair.compare(&mut chance);
        } else {
            pair.memory.append(&append).unwrap();
        }
    }
    pair.compare(&mut chance);
    fault!(
        "F32",
        "each of the first four statements of a write fails in SQLite",
        "the transaction is rolled back whole: every table reads as before; the next write is taken"
    );
}

#[test]
fn a_full_storage_takes_nothing_but_folds_and_erases_and_takes_again_when_it_has_space() {
    let mut chance = Chance(11);
    let mut pair = Pair::new();
    for _ in 0..80 {
        pair.push(&mut chance);
    }
    let one = |pair: &mut Pair, chance: &mut Chance| Append {
        changes: vec![pair.next(document(3), chance)],
        rows: BTreeMap::from([(document(3), vec![1; 20])]),
        ..Append::default()
    };
    pair.sql.database.grow_to(9_900_000_000);
    let mut refused = 0;
    for _ in 0..70 {
        let append = one(&mut pair, &mut chance);
        match pair.sql.append(&append) {
            Ok(_) => drop(pair.memory.append(&append).unwrap()),
            Err(error) => {
                assert_eq!(error, LogError::Full);
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
    pair.fold(&mut chance);
    pair.erase(&mut chance);
    pair.compare(&mut chance);
    pair.sql.database.grow_to(1_000_000);
    let append = one(&mut pair, &mut chance);
    pair.append(append);
    pair.compare(&mut chance);
}

#[test]
fn what_was_erased_is_in_no_row_of_any_table() {
    let mut pair = Pair::new();
    let secret = b"the customer's name".to_vec();
    let mut new = pair.next(document(1), &mut Chance(1));
    let mut body = new.item.bytes.split_off(10);
    body.truncate(3);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, secret.len() as u8];
    chunk.extend(&secret);
    let hash = shared::id::sha256(&chunk[8..]);
    chunk[4..8].copy_from_slice(&hash[..4]);
    new.item.hash = ChangeHash(hash);
    new.item.bytes = chunk;
    let other = pair.next(document(2), &mut Chance(2));
    pair.append(Append {
        changes: vec![new, other],
        rows: BTreeMap::from([(document(1), secret.clone())]),
        ..Append::default()
    });
    assert!(pair.sql.database.holds(&secret));
    let erasure = Erasure {
        documents: vec![Renewed {
            document: document(1),
            generation: 1,
        }],
        ..Erasure::default()
    };
    assert_eq!(pair.sql.erase(&erasure), pair.memory.erase(&erasure));
    assert!(!pair.sql.database.holds(&secret));
    pair.compare(&mut Chance(3));
}

#[test]
fn which_block_holds_a_record_is_told_without_opening_any() {
    let mut chance = Chance(9);
    let mut pair = Pair::new();
    for _ in 0..200 {
        pair.step(&mut chance);
    }
    let database = pair.sql.database.clone();
    let held = |log: &SqlLog<Native>, number: u64| log.holders(&[document(number)].into()).unwrap();
    let blocks = pair.memory.blocks.len();
    assert!(blocks > 3, "only {blocks} blocks");
    let before = database.opened();
    let marked: Vec<_> = (0..31).map(|number| held(&pair.sql, number)).collect();
    assert!(marked.iter().any(|holders| !holders.is_empty()));
    assert!(held(&pair.sql, 200).is_empty());
    let woken = SqlLog::open(database.clone()).unwrap();
    assert_eq!(held(&woken, 3), marked[3]);
    assert_eq!(database.opened(), before);
    // Blocks of a server without marks are opened once, and then have what they hold and no more.
    database.run_text("DELETE FROM holding");
    for number in 0..31 {
        let exact = pair.memory.holders(&[document(number)].into()).unwrap();
        assert_eq!(held(&woken, number), exact);
    }
    assert_eq!(database.opened(), before + blocks);
}

#[test]
fn a_log_of_the_first_version_is_moved_whole() {
    let database = Native::new();
    for step in super::schema::MIGRATIONS[0] {
        database.run_text(step);
    }
    database.run_text(super::schema::VERSION_TABLE);
    database.run_text("INSERT INTO version VALUES (1)");
    database.run_text("INSERT INTO meta VALUES ('epoch', x'0102030405060708')");
    let mut chance = Chance(5);
    let mut pair = Pair::new();
    // Before there were eras none began.
    pair.memory = MemoryLog::new(0);
    for _ in 0..3 {
        let mut append = Append::default();
        for _ in 0..250 {
            let of = pair.alive(&mut chance);
            append.changes.push(pair.next(of, &mut chance));
        }
        for new in &append.changes {
            database.put_first_version(new);
        }
        pair.memory.append(&append).unwrap();
    }
    // Each start gets one statement further before it fails.
    let mut after = 0;
    pair.sql = loop {
        database.fail_after(after);
        match SqlLog::open(database.clone()) {
            Ok(log) => break log,
            Err(_) => after += 1,
        }
    };
    database.fail_after(usize::MAX);
    assert!(after > 3, "only {after} starts failed");
    pair.memory.epoch = Epoch([1, 2, 3, 4, 5, 6, 7, 8]);
    pair.memory = started(pair.memory, &pair.sql);
    pair.compare(&mut chance);
    for _ in 0..60 {
        pair.step(&mut chance);
        pair.compare(&mut chance);
    }
    fault!(
        "F12",
        "the server's move from the first version's tables is cut off, each time one statement later, with 750 changes in them",
        "each start goes on from what stands; in the end the log says the same as one that was always of this version"
    );
}

#[test]
fn a_copy_that_grows_past_a_position_has_another_era_there() {
    let mut chance = Chance(6);
    let mut pair = Pair::new();
    let mut grow = |pair: &mut Pair| {
        let of = document(1);
        let new = pair.next(of, &mut chance);
        pair.append(Append {
            changes: vec![new],
            ..Append::default()
        });
        pair.sql.state().unwrap()
    };
    let (first, _) = (grow(&mut pair), grow(&mut pair));
    let copy = pair.sql.database.copy();
    let met = grow(&mut pair);
    // The same start goes on in its era; what slept with its sockets does so, too.
    assert_eq!((met.era, met.is_own_era), (first.era, true));
    for _ in 0..2 {
        let mut restored = SqlLog::open(copy.copy()).unwrap();
        let state = restored.state().unwrap();
        assert_eq!((state.era, state.is_own_era), (first.era, false));
        let new = pair.next(document(2), &mut Chance(7));
        let append = Append {
            changes: vec![new],
            ..Append::default()
        };
        assert_eq!(restored.append(&append).unwrap(), met.head);
        assert_eq!(restored.era_of(first.head), Ok(Some(first.era)));
        let now = restored.era_of(met.head).unwrap();
        assert!(now.is_some_and(|now| now != met.era));
    }
    fault!(
        "F41",
        "a copy of the server's tables is put back and grows as far as the log had come, twice",
        "the positions that both have bear the era that they had, the others each a new one"
    );
}

#[test]
fn very_old_eras_are_forgotten_and_the_rest_is_told_apart() {
    let database = Native::new();
    let mut log = SqlLog::open(database.clone()).unwrap();
    let text = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10100) \
                INSERT INTO era SELECT i, zeroblob(8) FROM n";
    database.run_text(text);
    log.head = 20_000;
    let oldest = log.era_at(0).unwrap();
    log.database.run(log.begun(Era([0; 8]))).unwrap();
    assert!(oldest.is_some());
    assert_eq!(log.era_at(0), Ok(None));
    assert_eq!(log.era_at(20_001), Ok(Some(Era([0; 8]))));
    let rows = database.rows("SELECT count(*) FROM era", Vec::new());
    assert_eq!(rows.unwrap()[0].count(0), 10_001);
}
