//! The validator: what it accepts can be kept, loaded, read and edited.

use super::{Target, columns, header, magnitude, packed};
use crate::forge::change::joined;
use crate::forge::{self, leb, signed};
use crate::mutate;
use fastrand::Rng;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::RecordId;
use shared::sync::header::{Header, OPERATIONS};
use shared::sync::validation::{Bytes, Candidate, Finding, Question, Task, Verdict};
use shared::validate::Validator;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A question about one document.
pub const TARGET: Target = Target {
    name: "validator",
    seeds,
    mutate: mutate_question,
    run,
    // the room waits for 5 s
    limit_ms: 5_000,
    memory: |length| 128 * 1024 * 1024 + 100 * length,
};

/// The most changes that are asked about at once.
const CHANGES: usize = 24;

fn seeds() -> Vec<(String, Vec<u8>)> {
    let all = packed::contact().changes();
    let bytes = |from: usize, to: usize| {
        let some = all.iter().skip(from).take(to - from);
        some.map(|change| Bytes(change.bytes.clone())).collect()
    };
    let of = |known: usize, task| {
        let candidate = Candidate {
            document: RecordId([0xc0; 16]),
            snapshot: Bytes::default(),
            history: bytes(0, known),
            changes: bytes(known, all.len()),
            task,
        };
        write(&candidate)
    };
    let mut folded = Candidate {
        document: RecordId([0xc0; 16]),
        snapshot: Bytes::default(),
        history: Vec::new(),
        changes: bytes(all.len() - 1, all.len()),
        task: Task::Fold,
    };
    let before = all.iter().take(all.len() - 1);
    if let Ok(document) = Document::load(before.map(|change| change.bytes.as_slice())) {
        folded.snapshot = Bytes(document.save());
    }
    let limited = Candidate {
        document: RecordId([0xc0; 16]),
        snapshot: Bytes::default(),
        history: Vec::new(),
        changes: vec![Bytes(as_many_as_allowed())],
        task: Task::Fold,
    };
    vec![
        ("at-the-limit".into(), write(&limited)),
        ("new".into(), of(0, Task::Check)),
        ("known".into(), of(all.len() - 1, Task::Check)),
        ("fold".into(), of(all.len() - 2, Task::Fold)),
        ("folded".into(), write(&folded)),
        ("squash".into(), of(all.len() - 2, Task::Squash)),
    ]
}

/// A hundred bytes that stand for as many operations as a change may have, all on one key and none
/// replacing another.
fn as_many_as_allowed() -> Vec<u8> {
    let many = OPERATIONS as i64;
    let run = |number: u64| [signed(many), leb(number)].concat();
    let columns = [
        (0x15, [signed(many), leb(1), b"a".to_vec()].concat()),
        (0x34, leb(OPERATIONS)),
        (0x42, run(1)),
        (0x56, run(0)),
        (0x70, run(0)),
    ];
    forge::chunk(&[columns::before().as_slice(), &joined(&columns)].concat())
}

fn write(candidate: &Candidate) -> Vec<u8> {
    postcard::to_allocvec(candidate).expect("plain data always encodes")
}

/// Mutates what a device can send. What the log holds is what was once accepted.
fn mutate_question(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let Ok(mut candidate) = postcard::from_bytes::<Candidate>(from) else {
        return mutate::bytes(rng, from);
    };
    let at = rng.usize(..=candidate.changes.len());
    match rng.u8(..10) {
        0 => accept(&mut candidate),
        1 => {
            let known = mutate::pick(rng, &candidate.history).cloned();
            candidate.changes.extend(known);
        }
        2 if candidate.changes.len() > 1 => candidate.changes.truncate(at.max(1)),
        3 => candidate.task = [Task::Check, Task::Fold, Task::Squash][rng.usize(..3)],
        4 if candidate.changes.len() > 1 => {
            let other = rng.usize(..candidate.changes.len());
            let at = at.min(candidate.changes.len() - 1);
            candidate.changes.swap(other, at);
        }
        _ => {
            let whole = candidate.changes.get(at).or(candidate.changes.last());
            let whole = whole.or(candidate.history.last()).cloned();
            let change = whole.map(|change| Bytes(header::mutate_chunk(rng, &change.0)));
            let keeps = rng.bool() && candidate.changes.len() < CHANGES;
            match (change, candidate.changes.get_mut(at)) {
                (Some(change), Some(place)) if !keeps => *place = change,
                (Some(change), _) => candidate.changes.push(change),
                (None, _) => {}
            }
        }
    }
    write(&candidate)
}

/// What is accepted enters the log, and later changes meet it there.
fn accept(candidate: &mut Candidate) {
    let Some(finding) = ask(candidate) else {
        return;
    };
    let changes = std::mem::take(&mut candidate.changes);
    let accepted = changes.into_iter().zip(&finding.verdicts);
    let accepted = accepted.filter(|(_, verdict)| **verdict == Verdict::Accepted);
    candidate.history.extend(accepted.map(|(change, _)| change));
}

/// The answer, or `None` where the validator panicked: then nothing is accepted.
fn ask(candidate: &Candidate) -> Option<Finding> {
    let question = Question {
        documents: vec![candidate.clone()],
    };
    let answer = catch_unwind(AssertUnwindSafe(|| Validator::default().answer(&question)));
    answer.ok()?.documents.pop()
}

fn run(bytes: &[u8]) -> String {
    let Ok(mut candidate) = postcard::from_bytes::<Candidate>(bytes) else {
        return "no question".into();
    };
    // the room asks about nothing else
    candidate
        .changes
        .retain(|change| Header::read(&change.0).is_ok());
    candidate.changes.truncate(CHANGES);
    let Some(finding) = ask(&candidate) else {
        return "panicked".into();
    };
    assert_eq!(finding.verdicts.len(), candidate.changes.len(), "verdicts");
    let accepted = candidate.changes.iter().zip(&finding.verdicts);
    let accepted = accepted.filter(|(_, verdict)| **verdict == Verdict::Accepted);
    let accepted: Vec<&[u8]> = accepted.map(|(change, _)| change.0.as_slice()).collect();
    if !accepted.is_empty() {
        can_be_kept(&candidate, &accepted);
    }
    if !finding.snapshot.0.is_empty() {
        Document::open(&finding.snapshot.0).expect("a snapshot that was made opens");
    }
    if !finding.squashed.is_empty() {
        let changes = finding.squashed.iter().map(|change| change.0.as_slice());
        Document::load(changes).expect("a generation that was made loads");
    }
    let verdicts: Vec<String> = finding
        .verdicts
        .iter()
        .map(|it| format!("{it:?}"))
        .collect();
    let last = verdicts.last().cloned().unwrap_or_default();
    let made = (
        finding.snapshot.0.is_empty(),
        magnitude(finding.squashed.len()),
    );
    format!(
        "{last} {} {made:?} {}",
        magnitude(accepted.len()),
        magnitude(candidate.history.len())
    )
}

/// A device that gets the changes can load, save, show, edit and merge the document. A panic here
/// would be one on every device.
fn can_be_kept(candidate: &Candidate, accepted: &[&[u8]]) {
    let mut document = Document::new();
    if !candidate.snapshot.0.is_empty() {
        document = Document::open(&candidate.snapshot.0).expect("the log's snapshot opens");
    }
    let history = candidate.history.iter().map(|change| change.0.as_slice());
    document.apply(history).expect("the log applies");
    let kind = document.kind();
    document
        .apply(accepted.iter().copied())
        .expect("what was accepted applies");
    assert!(
        kind.is_none() || document.kind() == kind,
        "a record became something else"
    );
    let loaded = Document::open(&document.save()).expect("what was saved opens");
    assert_eq!(
        loaded.heads(),
        document.heads(),
        "other heads after loading"
    );
    let id = candidate.document;
    assert_eq!(
        row(&loaded, id),
        row(&document, id),
        "another row after loading"
    );
    document.history();
    let edit = Edit::of(id, vec![Write::put("city", "Douarnenez")]);
    let edited = document.edit(&edit, packed::writer(9), packed::NOW);
    if edited.is_ok() {
        let again = Document::open(&document.save()).expect("an edited document opens");
        assert_eq!(again.heads(), document.heads(), "other heads after an edit");
    }
}

/// The row, or why there is none.
fn row(document: &Document, id: RecordId) -> Result<Row, String> {
    document.row(id).map_err(|error| error.to_string())
}
