//! Input that nobody's app makes.

use super::wire::{Wire, carried, contact, writer};
use crate::record::fault;
use crate::world::{START, record};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::document::Document;
use shared::id::{RecordId, sha256};
use shared::sync::header::{GENESIS, Header};
use shared::sync::message::{Failure, Outcome, Packed, Reason, ToClient, ToRoom};
use shared::validate::Validator;
use std::panic::{AssertUnwindSafe, catch_unwind};

fn refused(reason: Reason) -> Outcome {
    Outcome::Refused(reason)
}

/// A room with somebody in it who greeted as person 1.
fn wire() -> Wire {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    wire
}

/// A chunk around a body, with the right length and checksum.
fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let named = [&[kind][..], &leb(body.len() as u64), body].concat();
    let checksum = &sha256(&named)[..4];
    [&[0x85, 0x6f, 0x4a, 0x83][..], checksum, &named].concat()
}

fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// The body of a change chunk.
fn body(chunk: &[u8]) -> &[u8] {
    let length = chunk[9..].iter().position(|byte| byte & 0x80 == 0).unwrap();
    &chunk[10 + length..]
}

/// Number as signed LEB128, of a positive one.
fn signed(number: i64) -> Vec<u8> {
    let mut bytes = leb(number.unsigned_abs());
    let last = bytes.len() - 1;
    if bytes[last] & 0x40 != 0 {
        bytes[last] |= 0x80;
        bytes.push(0);
    }
    bytes
}

/// A first change of person 1 whose action column stands for so many operations.
fn bomb(operations: i64) -> Vec<u8> {
    let mut bytes = [&[1][..], &GENESIS.0, &[16], &writer(1).to_bytes()].concat();
    bytes.extend([1, 4, 0, 0, 0, 1, 0x42]);
    let column = [signed(operations), vec![1]].concat();
    bytes.extend(leb(column.len() as u64));
    bytes.extend(column);
    chunk(1, &bytes)
}

/// Text that does not deflate.
fn noise(length: usize) -> String {
    let blocks = (0..length.div_ceil(32) as u64).flat_map(|n| sha256(&n.to_le_bytes()));
    let letters = blocks.map(|byte| char::from(b'!' + byte % 90));
    letters.take(length).collect()
}

#[test]
fn run_length_bombs_never_reach_the_validator() {
    let mut wire = wire();
    for operations in [10_001, 1_000_000, i64::MAX / 2] {
        let bomb = bomb(operations);
        assert!(bomb.len() < 120, "{} bytes", bomb.len());
        let outcome = wire.pushes(1, &[(record(1), bomb)]);
        assert_eq!(outcome, [refused(Reason::TooLarge)]);
    }
    assert_eq!((wire.asked, wire.stored()), (0, 0));
    fault!(
        "F48",
        "changes of 100 bytes that stand for ten thousand and one, a million, and 2^62 operations",
        "refused as too large by the count alone; the validator is not asked"
    );
}

#[test]
fn deflated_changes_and_bundles_are_refused_unread() {
    let mut wire = wire();
    let good = contact(record(1), 1, 0).remove(0).1;
    for kind in [0, 2, 3, 4] {
        let header = Header::read(&chunk(kind, body(&good)));
        assert!(header.is_err(), "type {kind}");
        // Only the body travels, so that the room makes a raw change of it whatever it was.
        let bomb = miniz_oxide::deflate::compress_to_vec(&vec![0; 1 << 20], 6);
        let outcome = wire.pushes(1, &[(record(1), chunk(kind, &bomb))]);
        assert_eq!(outcome, [], "type {kind} travels as nothing");
        let outcome = wire.pushes(1, &[(record(1), chunk(1, &bomb))]);
        assert_eq!(outcome, [refused(Reason::Malformed)]);
    }
    assert_eq!((wire.asked, wire.stored()), (0, 0));
    fault!(
        "F47",
        "deflated bodies of a mebibyte, as chunks of types 0, 2, 3, 4 and as a raw change",
        "no such chunk can travel, and as a raw one it is malformed; nothing is inflated, the validator is not asked"
    );
    fault!(
        "F51",
        "bundles, the chunk type that can loop for ever",
        "the format of a batch has no place for them; the header check refuses the type"
    );
}

#[test]
fn a_batch_inflates_to_its_limit_at_most() {
    let mut wire = wire();
    let zeros = miniz_oxide::deflate::compress_to_vec(&vec![0; 64 << 20], 9);
    assert!(zeros.len() < 70_000);
    let changes = Packed([&[1][..], &[0; 8], &zeros].concat());
    let answer = wire.says(
        1,
        &ToRoom::Push {
            batch: 7,
            refill: false,
            changes,
        },
    );
    let failure = Failure::TooLarge;
    assert_eq!(answer, [ToClient::Failed { batch: 7, failure }]);
    wire.assert_lives(1);
    fault!(
        "F47",
        "a batch of 65 kB that inflates to 64 MiB",
        "inflating stops at the limit; the push fails as too large and the connection lives"
    );
}

#[test]
fn impossible_times_never_reach_the_validator() {
    let mut wire = wire();
    let good = contact(record(1), 1, 0).remove(0).1;
    let body = body(&good);
    // The time stands behind dependencies, writer, sequence and first operation.
    let time = Header::read(&good).unwrap().time;
    let stands = signed(time);
    let at = body
        .windows(stands.len())
        .position(|it| it == stands)
        .unwrap();
    let extremes = [
        [&[0xff; 9][..], &[0x00]].concat(),
        [&[0x80; 9][..], &[0x7f]].concat(),
        signed(1),
        signed(START.0 + 2 * 86_400_000),
    ];
    for time in extremes {
        let forged = [&body[..at], &time, &body[at + stands.len()..]].concat();
        let outcome = wire.pushes(1, &[(record(1), chunk(1, &forged))]);
        assert_eq!(outcome, [refused(Reason::Time)]);
    }
    assert_eq!((wire.asked, wire.stored()), (0, 0));
    assert_eq!(wire.pushes(1, &[(record(1), good)]), [Outcome::Accepted]);
    fault!(
        "F49",
        "a change with its time set to the largest and smallest number, to 1970 and to two days ahead",
        "refused for its time, the validator is not asked; the unaltered one is taken"
    );
}

#[test]
fn malformed_changes_are_kept_aside_and_everything_stored_opens() {
    let mut wire = wire();
    let mut validator = Validator::default();
    // The driver survives a panic of the validator: it is no answer.
    wire.answers = Box::new(move |question| {
        catch_unwind(AssertUnwindSafe(|| validator.answer(question))).ok()
    });
    let good = contact(record(0), 1, 1);
    let (first, second) = (good[0].1.clone(), body(&good[1].1).to_vec());
    let mut passed = 0;
    let mut seed = 50u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    for number in 1..400 {
        let mut forged = second.clone();
        for _ in 0..=random(3) {
            let at = 90 + random(forged.len() - 90);
            forged[at] = random(256) as u8;
        }
        let forged = chunk(1, &forged);
        passed += u32::from(Header::read(&forged).is_ok());
        wire.pushes(
            1,
            &[(record(number), first.clone()), (record(number), forged)],
        );
    }
    assert!(passed > 20, "only {passed} passed the header check");
    let mut documents = std::collections::BTreeMap::<RecordId, Vec<Vec<u8>>>::new();
    for item in wire.room.log().items() {
        documents
            .entry(item.document)
            .or_default()
            .push(item.bytes.clone());
    }
    assert!(documents.len() > 390);
    for (id, changes) in documents {
        let document = Document::load(changes.iter().map(Vec::as_slice)).unwrap();
        let again = Document::open(&document.save()).unwrap();
        assert_eq!(again.row(id).unwrap(), document.row(id).unwrap());
    }
    assert!(!wire.room.log().quarantined.is_empty());
    wire.assert_lives(1);
    fault!(
        "F50",
        "399 edits with a few bytes changed and their checksum put right, some of which the header check can not tell",
        "what the validator refuses or dies of is kept aside; every document of the log saves, loads and shows the same row"
    );
}

#[test]
fn a_record_of_tens_of_thousands_of_fields_is_refused_and_still_opens() {
    let id = record(1);
    let fields = |from: usize, count: usize| -> Vec<Write> {
        let names = (from..from + count).map(|n| format!("field{n}"));
        names.map(|name| Write::put(&name, "x")).collect()
    };
    // All at once: more operations than a change may have.
    let mut document = Document::new();
    let all = Edit::make(id, Kind::Contact, fields(0, 30_000));
    let changes = document.edit(&all, writer(1), START).unwrap().changes;
    let mut wire = wire();
    let chunks: Vec<_> = changes.iter().map(|it| (id, it.bytes.clone())).collect();
    for outcome in chunks.iter().map(|it| Header::read(&it.1)) {
        assert!(outcome.is_err());
    }
    assert_eq!(document.row(id).unwrap().unknown.len(), 30_000);
    let again = Document::open(&document.save()).unwrap();
    assert_eq!(again.row(id).unwrap().unknown.len(), 30_000);
    // Little by little: more values than a record may have.
    let mut document = Document::new();
    let mut last = Outcome::Accepted;
    for part in 0..6 {
        let writes = fields(part * 1_000, 1_000);
        let edit = match part {
            0 => Edit::make(id, Kind::Contact, writes),
            _ => Edit::of(id, writes),
        };
        for change in document.edit(&edit, writer(1), START).unwrap().changes {
            last = wire.pushes(1, &[(id, change.bytes)])[0];
        }
        assert_eq!(last == Outcome::Accepted, part < 5, "part {part}: {last:?}");
    }
    assert_eq!(last, refused(Reason::RecordTooLarge));
    fault!(
        "F46",
        "thirty thousand fields in one change, and six thousand in six",
        "the first is too large, the one that passes five thousand values is refused as record too large; the document opens with all its fields"
    );
}

#[test]
fn what_no_row_of_the_server_could_hold_is_refused_here_too() {
    let id = record(1);
    let mut wire = wire();
    let mut document = Document::new();
    // Each in a field of its own: a record of replaced values begins anew before it is too large.
    let mut edit = |field: &str, text: &str, made: bool| {
        let writes = vec![Write::put(field, text)];
        let edit = match made {
            false => Edit::make(id, Kind::Contact, writes),
            true => Edit::of(id, writes),
        };
        let changes = document.edit(&edit, writer(1), START).unwrap().changes;
        changes.into_iter().next().unwrap().bytes
    };
    let small = edit("attachment", "x", false);
    assert_eq!(wire.pushes(1, &[(id, small)]), [Outcome::Accepted]);
    // A change over the limit, and one that no frame could carry on.
    for length in [600 * 1024, 400 * 1024] {
        let mut alone = document_of(id);
        let put = Edit::of(id, vec![Write::put("attachment", noise(length).as_str())]);
        let change = alone
            .edit(&put, writer(2), START)
            .unwrap()
            .changes
            .remove(0);
        let header = Header::read(&change.bytes);
        let carried = carried(&change.bytes);
        assert!(header.is_err() || carried > shared::sync::message::FRAME_LIMIT);
    }
    // Growth by 200 kB at a time ends at the record's own limit.
    let mut outcomes = Vec::new();
    for round in 0..30 {
        let field = format!("attachment{round}");
        let change = edit(&field, &noise(200 * 1024), true);
        let outcome = wire.pushes(1, &[(id, change)])[0];
        outcomes.push(outcome);
        if outcome != Outcome::Accepted {
            break;
        }
    }
    assert_eq!(outcomes.last(), Some(&refused(Reason::RecordTooLarge)));
    let biggest = wire.room.log().items().map(|item| item.bytes.len()).max();
    assert!(biggest < Some(512 * 1024));
    fault!(
        "F36",
        "changes of 400 and 600 kB, and a record that grows by 200 kB an edit",
        "no change over 512 kB or a frame passes; the record is refused at 5 MiB as record too large"
    );
}

fn document_of(id: RecordId) -> Document {
    let chunks = contact(id, 2, 0);
    Document::load(chunks.iter().map(|it| it.1.as_slice())).unwrap()
}
