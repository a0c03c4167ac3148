//! Frames of released versions must be read for ever. `samples/frames.txt` has one a line: direction,
//! name, hexadecimal. `BLESS=1 cargo test -p shared --test compatibility` adds those that are missing;
//! a line that was released is never changed.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "compatibility/page.rs"]
mod page;

use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Item;
use shared::document::Document;
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::{
    Epoch, Era, Failure, Hello, Mark, Message, Notice, Outcome, Packed, Reason, Refusal, ToClient,
    ToRoom, Walk, decode, encode,
};
use shared::sync::packed::{pack, pack_for, unpack};
use shared::sync::parcel::{Kept, Parcel};
use shared::sync::validation::Bytes;
use shared::time::Timestamp;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const NOW: Timestamp = Timestamp(1_795_305_600_000);
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/samples/frames.txt");

/// Two edits of one contact: as they are, and as a batch.
fn changes() -> Packed {
    let id = RecordId([0xc0; 16]);
    let writer = Writer {
        person: PersonId(*b"person 1"),
        instance: *b"engine 1",
    };
    let mut document = Document::new();
    let make = Edit::make(id, Kind::Contact, vec![Write::put("first_name", "Anne")]);
    let mut changes = document.edit(&make, writer, NOW).unwrap().changes;
    let edit = Edit::of(id, vec![Write::put("city", "Quimper")]);
    changes.extend(document.edit(&edit, writer, NOW).unwrap().changes);
    pack(changes.iter().map(|it| (id, 0, it.bytes.as_slice()))).0
}

/// The same, as protocol 2 has them.
fn short() -> Packed {
    let items = unpack(&changes()).unwrap();
    let items = items.iter();
    pack_for(2, items.map(|it| (it.document, 0, it.bytes.as_slice()))).0
}

/// More changes of it, as protocol 3 has them: the note is started, then written.
fn strands() -> Packed {
    let mut document = Document::new();
    let writer = Writer {
        person: PersonId(*b"person 1"),
        instance: *b"engine 1",
    };
    let id = RecordId([0xc0; 16]);
    let item = Item {
        key: "anne@example.org".into(),
        label: "work".into(),
        text: "anne@example.org".into(),
    };
    let make = vec![
        Write::put("first_name", "Anne"),
        Write::put_item("emails", &item),
    ];
    let edits = [
        Edit::make(id, Kind::Contact, make),
        Edit::of(id, vec![Write::put("city", "Quimper")]),
        Edit::of(id, vec![Write::put("city", "Brest")]),
        Edit::of(
            id,
            vec![Write::put(
                "notes",
                "Prefers to be called in the morning, but never before nine o'clock",
            )],
        ),
    ];
    let changes = edits
        .iter()
        .flat_map(|edit| document.edit(edit, writer, NOW).unwrap().changes);
    let changes: Vec<Vec<u8>> = changes.map(|it| it.bytes).collect();
    pack_for(3, changes.iter().map(|bytes| (id, 0, bytes.as_slice()))).0
}

fn greeting(device: u8, epoch: Option<Epoch>, cursor: u64) -> Hello {
    Hello {
        protocol: 1,
        build: "0123456789abcdef".into(),
        device: DeviceId([device; 16]),
        incarnation: *b"engine 1",
        person: PersonId(*b"person 1"),
        epoch,
        cursor,
    }
}

fn hello(device: u8, epoch: Option<Epoch>, cursor: u64) -> ToRoom {
    ToRoom::Hello(greeting(device, epoch, cursor))
}

const WALK: Walk = Walk {
    base: 7,
    above: 7,
    upto: 300,
    below: 120,
};

/// The contact of these changes, whole, for a device of this protocol.
fn parcel(protocol: u16, changes: &Packed) -> Parcel {
    let items = unpack(changes).unwrap();
    let document = Document::load(items.iter().map(|it| it.bytes.as_slice())).unwrap();
    let row = document.row(items[0].document).unwrap();
    Parcel::pack_for(
        protocol,
        &[Kept {
            document: items[0].document,
            generation: 0,
            snapshot: Bytes(document.save()),
            changes: Vec::new(),
            row: Bytes(row.to_bytes()),
        }],
    )
}

fn to_room() -> Vec<(&'static str, ToRoom)> {
    let push = |batch, refill| ToRoom::Push {
        batch,
        refill,
        changes: changes(),
    };
    vec![
        ("hello-first", hello(0xd1, None, 0)),
        ("hello-second-device", hello(0xd2, None, 0)),
        ("hello-again", hello(0xd1, Some(Epoch([0xe0; 8])), 70_000)),
        ("push", push(1, false)),
        ("push-refill", push(2, true)),
        (
            "push-short",
            ToRoom::Push {
                batch: 3,
                refill: false,
                changes: short(),
            },
        ),
        (
            "push-strands",
            ToRoom::Push {
                batch: 4,
                refill: false,
                changes: strands(),
            },
        ),
        ("pull", ToRoom::Pull { after: 300 }),
        ("ping", ToRoom::Ping),
        (
            "return",
            ToRoom::Return {
                hello: greeting(0xd1, Some(Epoch([0xe0; 8])), 7),
                walk: WALK,
            },
        ),
        ("walk", ToRoom::Walk(WALK)),
        (
            "greet",
            ToRoom::Greet {
                hello: Hello {
                    protocol: 4,
                    ..greeting(0xd1, Some(Epoch([0xe0; 8])), 7)
                },
                walk: Some(WALK),
                mark: Some(Mark {
                    position: 300,
                    era: Era([0xe4; 8]),
                }),
            },
        ),
    ]
}

fn to_client() -> Vec<(&'static str, ToClient)> {
    let mut outcomes = vec![Outcome::Accepted, Outcome::NeedsDependencies];
    let first = &Reason::ALL[..10];
    outcomes.extend(first.iter().map(|reason| Outcome::Refused(*reason)));
    let failed = |failure| ToClient::Failed { batch: 1, failure };
    let bad = Refusal::BadFrame {
        message: 1,
        length: 9,
    };
    vec![
        (
            "welcome",
            ToClient::Welcome {
                protocol: 1,
                epoch: Epoch([0xe0; 8]),
                head: 300,
                now: NOW,
            },
        ),
        (
            "changes",
            ToClient::Changes {
                after: 298,
                upto: 300,
                head: 301,
                changes: changes(),
            },
        ),
        (
            "ack",
            ToClient::Ack {
                batch: 1,
                after: 300,
                upto: 301,
                outcomes,
            },
        ),
        ("failed-bad-batch", failed(Failure::BadBatch)),
        ("failed-too-large", failed(Failure::TooLarge)),
        ("failed-storage-full", failed(Failure::StorageFull)),
        ("failed-storage", failed(Failure::Storage)),
        ("failed-busy", failed(Failure::Busy)),
        (
            "pong",
            ToClient::Pong {
                now: NOW,
                head: 301,
            },
        ),
        ("refused-bad-frame", ToClient::Refused(bad)),
        (
            "refused-too-large",
            ToClient::Refused(Refusal::TooLarge { limit: 262_144 }),
        ),
        (
            "refused-unsupported",
            ToClient::Refused(Refusal::Unsupported { message: 99 }),
        ),
        (
            "refused-hello-first",
            ToClient::Refused(Refusal::HelloFirst),
        ),
        ("update-needed", ToClient::UpdateNeeded { oldest: 2 }),
        ("failed-too-fast", failed(Failure::TooFast)),
        (
            "records",
            ToClient::Records {
                walk: WALK,
                left: 31,
                notices: vec![Notice::Erased(RecordId([0xc2; 16]))],
                records: parcel(2, &changes()),
            },
        ),
        (
            "news",
            ToClient::News {
                after: 300,
                upto: 303,
                head: 303,
                notices: vec![
                    Notice::Forget(RecordId([0xc1; 16])),
                    Notice::Erased(RecordId([0xc2; 16])),
                ],
                records: parcel(2, &changes()),
            },
        ),
        (
            "records-strands",
            ToClient::Records {
                walk: WALK,
                left: 31,
                notices: Vec::new(),
                records: parcel(3, &strands()),
            },
        ),
        (
            "ack-of-protocol-2",
            ToClient::Ack {
                batch: 1,
                after: 300,
                upto: 300,
                outcomes: vec![
                    Outcome::Refused(Reason::Squashed),
                    Outcome::Refused(Reason::Forbidden),
                ],
            },
        ),
        (
            "greeted",
            ToClient::Greeted {
                protocol: 4,
                epoch: Epoch([0xe0; 8]),
                head: 300,
                era: Era([0xe4; 8]),
                continues: true,
                now: NOW,
            },
        ),
        (
            "era-began",
            ToClient::EraBegan {
                after: 300,
                era: Era([0xe5; 8]),
            },
        ),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    pairs
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

/// The samples of one direction, by name.
fn samples(direction: &str) -> Vec<(String, Vec<u8>)> {
    let text = std::fs::read_to_string(FILE).unwrap_or_default();
    let lines = text.lines().filter_map(|line| {
        let mut words = line.split(' ');
        let here = words.next() == Some(direction);
        let (name, frame) = words.next().zip(words.next())?;
        here.then(|| (name.to_owned(), bytes(frame)))
    });
    lines.collect()
}

#[allow(
    clippy::disallowed_methods,
    reason = "BLESS is how a person asks for new samples"
)]
fn check<M: Message + PartialEq + std::fmt::Debug>(direction: &str, known: Vec<(&str, M)>) {
    if std::env::var("BLESS").is_ok() {
        let saved: BTreeSet<String> = samples(direction)
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        let mut text = std::fs::read_to_string(FILE).unwrap_or_default();
        for (name, message) in known.iter().filter(|(name, _)| !saved.contains(*name)) {
            let _ = writeln!(text, "{direction} {name} {}", hex(&encode(message)));
        }
        std::fs::write(FILE, text).unwrap();
    }
    let samples = samples(direction);
    for (name, message) in &known {
        let frame = &samples.iter().find(|(saved, _)| saved == name).unwrap().1;
        assert_eq!(decode::<M>(frame).as_ref(), Ok(message), "{name}");
    }
    for (name, frame) in &samples {
        let message: M = decode(frame).unwrap();
        assert_eq!(encode(&message), *frame, "{name}");
    }
    let types: BTreeSet<u8> = samples.iter().map(|(_, frame)| frame[0]).collect();
    assert_eq!(types, (0..M::TYPES).collect(), "every message has a sample");
}

#[test]
fn saved_frames_are_read_and_written_as_they_were() {
    check("to-room", to_room());
    check("to-client", to_client());
}

#[test]
fn a_saved_parcel_opens() {
    for (name, frame) in samples("to-client") {
        if let Ok(ToClient::Records { records, .. } | ToClient::News { records, .. }) =
            decode(&frame)
        {
            let kept = records.open().unwrap().remove(0);
            let document = Document::open(&kept.snapshot.0).unwrap();
            let row = document.row(kept.document).unwrap();
            assert_eq!(
                (row.title(), row.to_bytes()),
                ("Anne".into(), kept.row.0),
                "{name}"
            );
        }
    }
}

#[test]
fn a_saved_batch_unpacks() {
    for (name, frame) in samples("to-room") {
        if let Ok(ToRoom::Push { changes, .. }) = decode(&frame) {
            let items = unpack(&changes).unwrap();
            let count = if name == "push-strands" { 5 } else { 2 };
            assert_eq!(items.len(), count, "{name}");
            let document = Document::load(items.iter().map(|it| it.bytes.as_slice())).unwrap();
            assert_eq!(document.row(items[0].document).unwrap().title(), "Anne");
        }
    }
}
