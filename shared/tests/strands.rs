//! Batches and parcels as strands give back what was packed, whatever it was.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

use proptest::prelude::*;
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::Item;
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::message::Packed;
use shared::sync::packed::{change_hash, pack_for, unpack};
use shared::sync::parcel::{Kept, PARCEL_BYTES, Parcel, ParcelError};
use shared::sync::validation::Bytes;
use shared::time::Timestamp;

const NOW: Timestamp = Timestamp(1_795_305_600_000);

#[derive(Debug, Clone)]
enum Step {
    Put(&'static str, String),
    Item(&'static str, String, String),
    Note(String),
}

fn step() -> impl Strategy<Value = Step> {
    let field = prop::sample::select(vec!["first_name", "city", "job_title", "zodiac", "a/b"]);
    let plural = prop::sample::select(vec!["phones", "emails", "tags"]);
    let text = "[a-zA-Z0-9/ \t\u{e9}\u{1f469}]{0,90}";
    prop_oneof![
        (field, text).prop_map(|(field, text)| Step::Put(field, text)),
        (plural, "[a-z0-9/]{1,30}", "[a-z0-9+]{0,30}")
            .prop_map(|(field, key, text)| Step::Item(field, key, text)),
        "[a-z ]{1,40}".prop_map(Step::Note),
    ]
}

fn id(number: u8) -> RecordId {
    RecordId([number; 16])
}

/// A record after these steps; each third one is in a change of its own.
fn document(number: u8, steps: &[Step]) -> Document {
    let mut document = Document::new();
    for (at, steps) in steps.chunks(3).enumerate() {
        let writer = Writer {
            person: PersonId([number; 8]),
            instance: [at as u8 % 2; 8],
        };
        let writes = steps.iter().filter_map(|step| match step {
            Step::Put(field, text) => Some(Write::put(field, text.as_str())),
            Step::Item(field, key, text) => Some(Write::put_item(
                field,
                &Item {
                    key: key.clone(),
                    label: "work".into(),
                    text: if text.len() > 9 {
                        key.clone()
                    } else {
                        text.clone()
                    },
                },
            )),
            Step::Note(_) => None,
        });
        let edit = match at {
            0 => Edit::make(id(number), Kind::Contact, writes.collect()),
            _ => Edit::of(id(number), writes.collect()),
        };
        document.edit(&edit, writer, NOW).unwrap();
        for step in steps {
            if let Step::Note(insert) = step {
                let splice = Splice {
                    at: 0,
                    remove: 0,
                    insert: insert.clone(),
                };
                let heads = document.heads();
                document
                    .splice("notes", &heads, &splice, writer, NOW)
                    .unwrap();
            }
        }
    }
    document
}

/// The record with its last changes behind a snapshot of the others.
fn kept(number: u8, document: &Document, behind: usize) -> Kept {
    let changes = document.changes();
    let (old, new) = changes.split_at(changes.len().saturating_sub(behind));
    let before = Document::load(old.iter().map(|it| it.bytes.as_slice())).unwrap();
    Kept {
        document: id(number),
        generation: u32::from(number),
        snapshot: Bytes(if old.is_empty() {
            Vec::new()
        } else {
            before.save()
        }),
        changes: new.iter().map(|it| Bytes(it.bytes.clone())).collect(),
        row: Bytes(document.row(id(number)).unwrap().to_bytes()),
    }
}

fn damaged(bytes: &mut [u8], at: &[(prop::sample::Index, u8)]) {
    for (at, by) in at {
        if !bytes.is_empty() {
            bytes[at.index(bytes.len())] ^= by;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn records_come_back_as_they_were(
        records in prop::collection::vec((prop::collection::vec(step(), 1..12), 0_usize..6), 0..5),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        row in prop::collection::vec(any::<u8>(), 0..90),
    ) {
        let records = records.iter().zip(1..).map(|((steps, behind), number)| {
            kept(number, &document(number, steps), *behind)
        });
        let mut records: Vec<Kept> = records.collect();
        prop_assert_eq!(Parcel::pack(&records).open(), Ok(records.clone()));
        // Nor does it matter what a record holds: damaged chunks, and any row.
        for kept in &mut records {
            damaged(&mut kept.snapshot.0, &damage);
            for change in &mut kept.changes {
                damaged(&mut change.0, &damage);
            }
            kept.row.0.clone_from(&row);
        }
        prop_assert_eq!(Parcel::pack(&records).open(), Ok(records));
    }

    #[test]
    fn changes_come_back_as_they_were(
        records in prop::collection::vec(prop::collection::vec(step(), 1..12), 0..6),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
    ) {
        let mut changes = Vec::new();
        for (steps, number) in records.iter().zip(1..) {
            let document = document(number, steps);
            changes.extend(document.changes().into_iter().map(|it| (id(number), it.bytes)));
        }
        for is_damaged in [false, true] {
            if is_damaged {
                for (_, bytes) in &mut changes {
                    damaged(&mut bytes[9..], &damage);
                    // with the checksum of what it is now
                    if let Some(hash) = unpack(&pack_for(1, [(id(0), 0, bytes.as_slice())]).0).unwrap().pop() {
                        bytes.clone_from(&hash.bytes);
                    }
                }
                changes.retain(|(_, bytes)| change_hash(bytes).is_some());
            }
            let items = changes.iter().map(|(id, bytes)| (*id, 5, bytes.as_slice()));
            let unpacked = unpack(&pack_for(3, items).0).unwrap();
            let unpacked: Vec<_> = unpacked.into_iter().map(|it| (it.document, it.bytes)).collect();
            prop_assert_eq!(&unpacked, &changes);
        }
    }

    #[test]
    fn a_parcel_that_was_damaged_is_another_one_or_none(
        damage in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..3),
    ) {
        let steps = [Step::Put("city", "Quimper".into()), Step::Item("tags", "a".into(), "b".into())];
        let records = [kept(1, &document(1, &steps), 0), kept(2, &document(2, &steps), 1)];
        let mut parcel = Parcel::pack(&records);
        damaged(&mut parcel.0[1..], &damage);
        // the last bits of a deflated stream may mean nothing
        let opened = parcel.open();
        prop_assert!(opened.is_err() || opened.as_deref() == Ok(&records[..]));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Parcel([&[3; 9][..], &bytes].concat()).open();
        let _ = unpack(&Packed([&[4; 9][..], &bytes].concat()));
    }
}

#[test]
fn a_row_costs_little_where_its_record_says_the_same() {
    let text = "Rue de la Fonderie, derrière le marché couvert, troisième étage";
    let steps = [
        Step::Put("city", text.into()),
        Step::Put("first_name", "Anne Le Goff".into()),
    ];
    let whole = kept(1, &document(1, &steps), 0);
    let mut without = whole.clone();
    without.row.0.clear();
    let of = |kept: &Kept| Parcel::pack(std::slice::from_ref(kept)).0.len();
    assert!(
        of(&whole) < of(&without) + 60,
        "{} {}",
        of(&whole),
        of(&without)
    );
}

#[test]
fn few_bytes_do_not_stand_for_many() {
    let leb = |mut number: usize| {
        let mut bytes = Vec::new();
        while number >= 0x80 {
            bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        bytes.push(number as u8);
        bytes
    };
    let parcel = |strands: [&[u8]; 4]| {
        let mut bytes = vec![3, 0, 0, 0, 0, 0, 0, 0, 0];
        for strand in strands {
            let deflated = miniz_oxide::deflate::compress_to_vec(strand, 6);
            bytes.extend(leb(deflated.len()));
            bytes.extend(deflated);
        }
        Parcel(bytes).open()
    };
    let zeros = vec![0; PARCEL_BYTES];
    assert_eq!(
        parcel([&zeros, &zeros[..1], &[], &[]]),
        Err(ParcelError::TooLarge)
    );
    // a value of 65 bytes, that a row says again and again
    let length = 65_usize << 4;
    let lengths = [&[1][..], &leb(length)].concat();
    let chunk = [
        &[0, 3, 0, 0, 1, 1, 0, 0, 0, 2, 0x56][..],
        &leb(lengths.len()),
        &[0x57],
        &lengths,
        &[0, 0, 0],
    ]
    .concat();
    let copy = [0, 1 << 2 | 1];
    let first = [0, 1];
    let form = [
        &[0, 2][..],
        &chunk,
        &[0],
        &first,
        &copy.repeat(PARCEL_BYTES / 60),
        &[0, 0],
    ]
    .concat();
    let id = [7; 16];
    assert_eq!(
        parcel([&id, &form, &[], &[b'x'; 65]]),
        Err(ParcelError::TooLarge)
    );
    // hashes of changes before it, for a byte each
    let names = [
        &[0, 3, 0, 3, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 3][..],
        &leb(1 << 20),
        &vec![1; 1 << 20],
    ]
    .concat();
    assert_eq!(parcel([&id, &names, &[], &[]]), Err(ParcelError::TooLarge));
}
