//! The header check against changes that Automerge made, and against damaged and hostile ones.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "../../tests/lib/record.rs"]
mod record;

use proptest::prelude::*;
use record::fault;
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::document::{Document, RawChange, genesis_hash};
use shared::id::{ChangeHash, PersonId, RecordId, Writer, sha256};
use shared::sync::header::{EVERYONE, GENESIS, Header, HeaderError, OPERATIONS};
use shared::time::Timestamp;
use std::sync::OnceLock;

const NOW: Timestamp = Timestamp(1_795_305_600_000);

fn writer(instance: u8) -> Writer {
    Writer {
        person: PersonId([3; 8]),
        instance: [instance; 8],
    }
}

/// Changes of all the kinds that the app makes.
fn real_changes() -> &'static [RawChange] {
    static CHANGES: OnceLock<Vec<RawChange>> = OnceLock::new();
    CHANGES.get_or_init(make_changes)
}

fn make_changes() -> Vec<RawChange> {
    let id = RecordId([1; 16]);
    let mut document = Document::new();
    let mut changes = Vec::new();
    let mut edit = |document: &mut Document, edit: Edit, by: u8| {
        changes.extend(document.edit(&edit, writer(by), NOW).unwrap().changes);
    };
    let long = "Élan ".repeat(300);
    let make = vec![
        Write::put("first_name", "Anne"),
        Write::put("notes", long.as_str()),
        Write::put_item(
            "phones",
            &shared::crm::row::Item {
                key: "a".into(),
                label: "work".into(),
                text: "+33".into(),
            },
        ),
    ];
    edit(&mut document, Edit::make(id, Kind::Contact, make), 1);
    edit(
        &mut document,
        Edit::of(
            id,
            vec![Write::put("city", "Brest"), Write::clear("first_name")],
        ),
        2,
    );
    let mut other = document.clone();
    edit(
        &mut document,
        Edit::of(id, vec![Write::put("city", "Rennes")]),
        1,
    );
    edit(
        &mut other,
        Edit::of(id, vec![Write::put("city", "Vannes")]),
        3,
    );
    let theirs = other.changes();
    document
        .apply(theirs.iter().map(|it| it.bytes.as_slice()))
        .unwrap();
    edit(
        &mut document,
        Edit::of(id, vec![Write::put("city", "Lorient")]),
        1,
    );
    edit(&mut document, Edit::delete(id), 2);
    for (at, remove, insert) in [
        (0, 0, "Bonjour 👩‍🌾 "),
        (3, 600, ""),
        (1, 2, &"x".repeat(5_000)),
    ] {
        let heads = document.heads();
        let splice = Splice {
            at,
            remove,
            insert: insert.into(),
        };
        changes.extend(
            document
                .splice("notes", &heads, &splice, writer(1), NOW)
                .unwrap(),
        );
    }
    changes
}

#[test]
fn the_genesis_is_the_one_that_documents_have() {
    assert_eq!(GENESIS, genesis_hash());
    assert_eq!(EVERYONE, shared::document::GENESIS_PERSON);
}

#[test]
fn every_change_that_the_app_makes_is_read_as_automerge_reads_it() {
    for raw in real_changes() {
        let header = Header::read(&raw.bytes).unwrap();
        let change = automerge::Change::from_bytes(raw.bytes.clone()).unwrap();
        assert_eq!(header.hash, raw.hash);
        assert_eq!(header.writer.to_bytes(), change.actor_id().to_bytes());
        assert_eq!(header.sequence, change.seq());
        assert_eq!(header.first_operation, change.start_op().get());
        assert_eq!(header.operations, change.len() as u64);
        assert_eq!(header.time, change.timestamp());
        let deps: Vec<_> = change.deps().iter().map(|dep| ChangeHash(dep.0)).collect();
        assert_eq!(header.dependencies, deps);
        assert_eq!(header.check_time(NOW), Ok(()));
    }
}

/// Number as unsigned LEB128.
fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// Number as signed LEB128.
fn signed(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = (number & 0x7f) as u8;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// A chunk around a body, with the right length and checksum.
fn chunk(kind: u8, body: &[u8]) -> Vec<u8> {
    let named = [&[kind][..], &leb(body.len() as u64), body].concat();
    let checksum = &sha256(&named)[..4];
    [&[0x85, 0x6f, 0x4a, 0x83][..], checksum, &named].concat()
}

/// A change with these columns.
fn change(sequence: u64, first: u64, time: i64, columns: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut body = [&[1][..], &GENESIS.0, &[16], &writer(1).to_bytes()].concat();
    body.extend(leb(sequence));
    body.extend(leb(first));
    body.extend(signed(time));
    body.extend([0, 0, columns.len() as u8]);
    for (specification, column) in columns {
        body.extend(leb(u64::from(*specification)));
        body.extend(leb(column.len() as u64));
    }
    for (_, column) in columns {
        body.extend(column);
    }
    chunk(1, &body)
}

fn run(count: i64, value: u64) -> Vec<u8> {
    [signed(count), leb(value)].concat()
}

/// A run of a text of so many bytes.
fn text(count: i64, bytes: usize) -> Vec<u8> {
    [run(count, bytes as u64), vec![b'k'; bytes]].concat()
}

#[test]
fn run_length_bombs_are_counted_and_not_unfolded() {
    let limit = OPERATIONS as i64;
    let of = |columns: &[(u8, Vec<u8>)]| Header::read(&change(1, 4, NOW.0, columns));
    assert_eq!(of(&[(0x42, run(limit, 1))]).unwrap().operations, OPERATIONS);
    // A key of 500 letters, and one of 100 bytes as often as can be.
    for text in [text(1, 2_010), text(limit, 100)] {
        let count = if text.len() > 200 { 1 } else { limit };
        assert!(of(&[(0x15, text), (0x42, run(count, 1))]).is_ok());
    }
    for bomb in [
        vec![(0x42, run(limit + 1, 1))],
        vec![(0x42, run(i64::MAX, 1))],
        vec![(0x42, run(0, u64::MAX))],
        vec![(0x42, [run(limit, 1), run(0, u64::MAX)].concat())],
        vec![(0x01, run(i64::MAX, 1)), (0x42, run(1, 1))],
        vec![(0x34, leb(u64::MAX)), (0x42, run(1, 1))],
        vec![(0x34, [leb(u64::MAX), leb(u64::MAX)].concat())],
        vec![(0x42, run(1, 1)), (0x70, run(1, u64::MAX))],
        vec![(0x42, run(1, 1)), (0x70, run(i64::MAX, i64::MAX as u64))],
        vec![
            (0x42, run(1, 1)),
            (0x70, run(1, 1)),
            (0x71, run(i64::MAX, 0)),
        ],
        vec![
            (0x42, run(1, 1)),
            (0xa5, [signed(i64::MAX), vec![1, b'a']].concat()),
        ],
        vec![(0x15, text(limit, 105)), (0x42, run(limit, 1))],
        vec![(0x15, text(5, 240_000)), (0x42, run(5, 1))],
        vec![
            (0x15, [text(5, 100_000), text(6, 100_000)].concat()),
            (0x42, run(11, 1)),
        ],
        vec![(0x42, run(1, 1)), (0xa5, text(limit, 105))],
    ] {
        assert_eq!(of(&bomb), Err(HeaderError::TooLarge), "{bomb:02x?}");
    }
    for damaged in [
        vec![(0x42, run(i64::MIN, 1))],
        vec![(0x42, vec![0x7f])],
        vec![(0x42, run(1, 1)), (0x56, run(1, u64::MAX))],
        vec![(0x42, run(1, 1)), (0x56, run(i64::MAX, 0x16))],
        vec![(0x56, run(1, 1)), (0x42, run(1, 1))],
        vec![(0x42, run(1, 1)), (0x42, run(1, 1))],
        vec![(0x4a, run(1, 1))],
        vec![(0x06, run(1, 1))],
    ] {
        assert!(of(&damaged).is_err(), "{damaged:02x?}");
    }
    fault!(
        "F48",
        "eleven columns whose runs stand for up to 2^63 operations, and four that say keys for over a megabyte",
        "each is refused as too large; none is unfolded"
    );
}

#[test]
fn extreme_numbers_and_times_are_refused() {
    let one = [(0x42, run(1, 1))];
    let read = |sequence, first, time| Header::read(&change(sequence, first, time, &one));
    for (sequence, first) in [
        (0, 4),
        (u64::MAX, 4),
        (1, 0),
        (1, u64::MAX),
        (1, i32::MAX as u64),
    ] {
        assert_eq!(read(sequence, first, 0), Err(HeaderError::Malformed));
    }
    let day = 86_400_000;
    for time in [
        i64::MIN,
        i64::MIN + 1,
        -1,
        1,
        1_577_836_799_999,
        NOW.0 + day + 1,
        i64::MAX,
    ] {
        let header = read(1, 4, time).unwrap();
        assert_eq!(header.check_time(NOW), Err(HeaderError::Time(time)));
    }
    for time in [0, 1_577_836_800_000, NOW.0 + day] {
        assert_eq!(read(1, 4, time).unwrap().check_time(NOW), Ok(()));
    }
    let real = &real_changes()[0].bytes;
    assert!(
        Header::read(real)
            .unwrap()
            .check_time(Timestamp(i64::MAX))
            .is_ok()
    );
    fault!(
        "F49",
        "times from the smallest number to the largest in a change's header",
        "all outside of 2020 to tomorrow are refused"
    );
}

#[test]
fn only_raw_changes_pass() {
    for raw in real_changes() {
        let body =
            &raw.bytes[raw.bytes.len() - (raw.bytes.len() - 9 - leb_length(&raw.bytes[9..]))..];
        assert_eq!(chunk(1, body), raw.bytes);
        for kind in [0, 2, 3, 4, 255] {
            assert_eq!(
                Header::read(&chunk(kind, body)),
                Err(HeaderError::Malformed)
            );
        }
        let longer = chunk(1, &[body, &[0]].concat());
        assert_eq!(Header::read(&longer), Err(HeaderError::Malformed));
    }
    assert_eq!(
        Header::read(&vec![0; 512 * 1024 + 1]),
        Err(HeaderError::TooLarge)
    );
    fault!(
        "F51",
        "chunks of types 0, 2, 3, 4 and 255 with right checksums",
        "the header check refuses all but type 1"
    );
}

fn leb_length(bytes: &[u8]) -> usize {
    bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1
}

#[test]
fn no_cut_and_no_flipped_bit_passes() {
    for raw in real_changes().iter().filter(|raw| raw.bytes.len() < 400) {
        for length in 0..raw.bytes.len() {
            assert!(Header::read(&raw.bytes[..length]).is_err());
        }
        for bit in 0..raw.bytes.len() * 8 {
            let mut flipped = raw.bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(Header::read(&flipped).is_err(), "bit {bit}");
        }
    }
    fault!(
        "F25",
        "each cut and each flipped bit of real changes",
        "none passes the header check: the change's own hash tells"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, rng_seed: proptest::test_runner::RngSeed::Fixed(2026), failure_persistence: None, ..ProptestConfig::default() })]

    /// Bodies of noise with a right checksum: whatever comes out, it comes soon and without a panic.
    #[test]
    fn noise_is_survived(body in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = Header::read(&chunk(1, &body));
        let _ = Header::read(&body);
    }

    /// Real changes with a few bytes changed and the checksum put right.
    #[test]
    fn forged_checksums_are_survived(which in 0usize..11, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let raw = &real_changes()[which].bytes;
        let mut body = raw[9 + leb_length(&raw[9..])..].to_vec();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Ok(header) = Header::read(&chunk(1, &body)) {
            prop_assert!(header.operations <= OPERATIONS);
        }
    }
}
