//! What the validator answers beyond verdicts, and what a document costs it.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "validator/hostile.rs"]
mod hostile;

use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::input::Language;
use shared::crm::row::Row;
use shared::crm::sample::sample;
use shared::document::Document;
use shared::id::{PersonId, RecordId, WorkspaceId, Writer};
use shared::sync::validation::{Bytes, Candidate, Finding, Question, Task, Verdict};
use shared::time::{Date, Timestamp};
use shared::validate::Validator;

const NOW: Timestamp = Timestamp(1_795_305_600_000);
const ID: RecordId = RecordId([7; 16]);

fn writer(person: u8) -> Writer {
    Writer {
        person: PersonId([person; 8]),
        instance: [person; 8],
    }
}

fn ask(candidate: Candidate) -> Finding {
    let documents = vec![candidate];
    let answer = Validator::default().answer(&Question { documents });
    answer.documents.into_iter().next().unwrap()
}

fn candidate(history: &[Vec<u8>], changes: &[Vec<u8>], task: Task) -> Candidate {
    let bytes = |changes: &[Vec<u8>]| changes.iter().cloned().map(Bytes).collect();
    Candidate {
        document: ID,
        snapshot: Bytes::default(),
        history: bytes(history),
        changes: bytes(changes),
        task,
    }
}

/// A document edited by two people, with the changes in order.
fn edited() -> (Document, Vec<Vec<u8>>) {
    let mut document = Document::new();
    let mut changes = Vec::new();
    let make = Edit::make(
        ID,
        Kind::Contact,
        vec![Write::put("first_name", "Anne"), Write::put("notes", "un")],
    );
    let edits = [
        (1, make),
        (2, Edit::of(ID, vec![Write::put("city", "Quimper")])),
        (1, Edit::of(ID, vec![Write::put("city", "Brest")])),
    ];
    for (at, (person, edit)) in edits.into_iter().enumerate() {
        let edited = document.edit(&edit, writer(person), Timestamp(NOW.0 + at as i64));
        changes.extend(edited.unwrap().changes.into_iter().map(|it| it.bytes));
    }
    (document, changes)
}

#[test]
fn a_snapshot_stands_for_the_changes_that_it_holds() {
    let (document, changes) = edited();
    let folded = ask(candidate(&changes, &[], Task::Fold));
    assert_eq!(folded.verdicts, []);
    let again = Document::open(&folded.snapshot.0).unwrap();
    assert_eq!(again.heads(), document.heads());
    assert_eq!(
        Row::from_bytes(&folded.row.0),
        Some(document.row(ID).unwrap())
    );

    // Changes that lie in it are known; one that builds on them is taken.
    let mut next = document.clone();
    let edit = Edit::of(ID, vec![Write::put("city", "Rennes")]);
    let new = next.edit(&edit, writer(2), NOW).unwrap().changes;
    let mut asked = candidate(&[], &changes, Task::Check);
    asked.snapshot = folded.snapshot.clone();
    asked.changes.push(Bytes(new[0].bytes.clone()));
    let found = ask(asked.clone());
    let mut expected = vec![Verdict::Known; changes.len()];
    expected.push(Verdict::Accepted);
    assert_eq!(found.verdicts, expected);
    assert_eq!(Row::from_bytes(&found.row.0), Some(next.row(ID).unwrap()));

    // Without the snapshot it lacks what it builds on.
    let alone = candidate(&[], &[new[0].bytes.clone()], Task::Check);
    assert_eq!(ask(alone).verdicts, [Verdict::NeedsDependencies]);
}

#[test]
fn a_damaged_snapshot_refuses_and_makes_nothing() {
    let (_, changes) = edited();
    let mut asked = candidate(&[], &changes[1..], Task::Fold);
    asked.snapshot = Bytes(vec![0x85, 0x6f, 0x4a, 0x83, 1, 2, 3]);
    let found = ask(asked);
    assert!(found.snapshot.0.is_empty() && found.row.0.is_empty());
    assert!(matches!(found.verdicts[..], [Verdict::Refused(_), ..]));
}

#[test]
fn a_new_generation_shows_what_the_old_one_held() {
    let (mut document, mut changes) = edited();
    // Two at once from the same state: one value stands, the other waits.
    let mut other = document.clone();
    for (copy, person, town) in [(&mut document, 1, "Lorient"), (&mut other, 2, "Vannes")] {
        let writes = vec![Write::put("city", town), Write::put("job_title", town)];
        let edited = copy.edit(&Edit::of(ID, writes), writer(person), Timestamp(NOW.0 + 9));
        changes.extend(edited.unwrap().changes.into_iter().map(|it| it.bytes));
    }
    for typed in ["deux ", "trois ", "quatre "] {
        let splice = Splice {
            at: 0,
            remove: 1,
            insert: typed.into(),
        };
        let mut whole = Document::load(changes.iter().map(Vec::as_slice)).unwrap();
        let heads = whole.heads();
        let typed = whole.splice("notes", &heads, &splice, writer(1), Timestamp(NOW.0 + 20));
        changes.extend(typed.unwrap().into_iter().map(|it| it.bytes));
    }
    let whole = Document::load(changes.iter().map(Vec::as_slice)).unwrap();
    assert_eq!(whole.row(ID).unwrap().others.len(), 2);
    let found = ask(candidate(&changes, &[], Task::Squash));
    assert!(!found.squashed.is_empty());
    let anew = Document::load(found.squashed.iter().map(|it| it.0.as_slice())).unwrap();
    assert_eq!(anew.row(ID).unwrap(), whole.row(ID).unwrap());
    assert_eq!(anew.note("notes"), whole.note("notes"));
    assert!(anew.surplus() < whole.surplus());
    // The same wherever it is made, and fit to be offered to a server that lost it.
    assert_eq!(ask(candidate(&changes, &[], Task::Squash)), found);
    let squashed: Vec<_> = found.squashed.iter().map(|it| it.0.clone()).collect();
    let offered = ask(candidate(&[], &squashed, Task::Check));
    assert!(offered.verdicts.iter().all(|it| *it == Verdict::Accepted));
}

#[test]
fn a_deleted_record_stays_deleted_in_its_new_generation() {
    let (mut document, mut changes) = edited();
    let edit = Edit::of(ID, vec![Write::put("deleted", "1")]);
    let deleted = document
        .edit(&edit, writer(2), Timestamp(NOW.0 + 50))
        .unwrap();
    changes.extend(deleted.changes.into_iter().map(|it| it.bytes));
    let found = ask(candidate(&changes, &[], Task::Squash));
    let anew = Document::load(found.squashed.iter().map(|it| it.0.as_slice())).unwrap();
    assert_eq!(anew.row(ID).unwrap(), document.row(ID).unwrap());
}

/// `cargo test -p shared --release --test validator -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it measures"
)]
fn what_a_document_costs() {
    let me = PersonId([1; 8]);
    let today = Date {
        year: 2026,
        month: 11,
        day: 22,
    };
    let edits: Vec<Edit> = sample(WorkspaceId([1; 16]), Language::French, today, me)
        .into_iter()
        .filter(|edit| edit.make == Some(Kind::Contact))
        .collect();
    let made: Vec<_> = edits
        .iter()
        .cycle()
        .take(5_000)
        .map(|edit| Document::new().edit(edit, writer(1), NOW).unwrap().changes)
        .collect();
    let bytes: usize = made.iter().flatten().map(|change| change.bytes.len()).sum();
    let mut validator = Validator::default();
    for task in [Task::Check, Task::Fold] {
        let started = std::time::Instant::now();
        for batch in made.chunks(100) {
            let documents = batch.iter().map(|changes| {
                let changes: Vec<_> = changes.iter().map(|it| it.bytes.clone()).collect();
                match task {
                    Task::Check | Task::Squash => candidate(&[], &changes, task),
                    Task::Fold => candidate(&changes, &[], task),
                }
            });
            let documents = documents.collect();
            let answer = validator.answer(&Question { documents });
            assert!(answer.documents.iter().all(|it| !it.row.0.is_empty()));
        }
        let each = started.elapsed().as_secs_f64() * 1_000.0 / made.len() as f64;
        println!(
            "{task:?}: {each:.3} ms a document of {} B",
            bytes / made.len()
        );
    }
}
