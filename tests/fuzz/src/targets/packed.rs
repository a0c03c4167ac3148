//! Batches of changes.

use super::{Target, magnitude, variant};
use crate::{forge, mutate};
use fastrand::Rng;
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::message::{BATCH_BYTES, BATCH_CHANGES, Packed};
use shared::sync::packed::{change_hash, pack_for, unpack};
use shared::time::Timestamp;

/// Unpacking a batch.
pub const TARGET: Target = Target {
    name: "packed",
    seeds,
    mutate: mutate_packed,
    run,
    limit_ms: 5_000,
    // inflated, as items, packed again and unpacked again, and what deflating holds
    memory: |length| 8 * BATCH_BYTES + 2 * length,
};

/// What the seeds' changes are made at.
pub const NOW: Timestamp = Timestamp(1_795_305_600_000);

/// The engine of a device that makes seeds.
pub fn writer(instance: u8) -> Writer {
    Writer {
        person: PersonId(*b"person 1"),
        instance: [instance; 8],
    }
}

/// A contact with changes of every kind, two of which did not know of each other.
pub fn contact() -> Document {
    let id = RecordId([0xc0; 16]);
    let mut document = Document::new();
    let notes = "Élan 👩‍🌾 ".repeat(20);
    let make = vec![
        Write::put("first_name", "Anne"),
        Write::put("notes", notes.as_str()),
    ];
    change(&mut document, &Edit::make(id, Kind::Contact, make), 1);
    let item = shared::crm::row::Item {
        key: "a".into(),
        label: "work".into(),
        text: "+33 2 98 00 00 00".into(),
    };
    let more = vec![Write::put_item("phones", &item), Write::clear("first_name")];
    change(&mut document, &Edit::of(id, more), 2);
    let mut other = document.clone();
    change(
        &mut document,
        &Edit::of(id, vec![Write::put("city", "Brest")]),
        1,
    );
    change(
        &mut other,
        &Edit::of(id, vec![Write::put("city", "Vannes")]),
        3,
    );
    let theirs = other.changes();
    document
        .apply(theirs.iter().map(|change| change.bytes.as_slice()))
        .expect("changes of a copy apply");
    change(&mut document, &Edit::delete(id), 1);
    let splice = Splice {
        at: 3,
        remove: 40,
        insert: "Quimper".into(),
    };
    let heads = document.heads();
    document
        .splice("notes", &heads, &splice, writer(2), NOW)
        .expect("the note is there");
    document
}

fn change(document: &mut Document, edit: &Edit, by: u8) {
    document
        .edit(edit, writer(by), NOW)
        .expect("an edit of a record that is there");
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let changes = contact().changes();
    let of = |protocol: u16, documents: u8| {
        let items = changes.iter().enumerate().map(|(at, change)| {
            let id = RecordId([at as u8 % documents; 16]);
            (id, u32::from(documents), change.bytes.as_slice())
        });
        pack_for(protocol, items).0.0
    };
    let few: Vec<u8> = forge::plain(&of(1, 1)).into_iter().take(60).collect();
    let bomb = |length| forge::packed(1, &vec![0; length]);
    let many = [vec![0; 18], [1, 0].repeat(BATCH_CHANGES)].concat();
    // a byte stands for 32 of what a change builds on
    let list = [&[1, 127][..], &[1; 127], &[0]].concat();
    let longest = [vec![0; 19], list.repeat(BATCH_CHANGES - 1)].concat();
    vec![
        ("one-document".into(), of(1, 1)),
        ("three-documents".into(), of(1, 3)),
        ("short".into(), of(2, 1)),
        ("short-three".into(), of(2, 3)),
        ("strands".into(), of(3, 1)),
        ("strands-three".into(), of(3, 3)),
        (
            "strands-bomb".into(),
            forge::strands(&[4; 9], &[vec![], vec![0; BATCH_BYTES + 1], vec![], vec![]]),
        ),
        ("short-longest".into(), forge::packed(3, &longest)),
        ("plain".into(), forge::packed(0, &forge::plain(&of(1, 2)))),
        ("cut".into(), forge::packed(0, &few)),
        ("bomb-just-too-large".into(), bomb(BATCH_BYTES + 1)),
        ("bomb-large".into(), bomb(8 * BATCH_BYTES)),
        ("too-many".into(), forge::packed(1, &many)),
        ("nothing".into(), pack_for(1, []).0.0),
    ]
}

fn mutate_packed(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    if from.first() == Some(&4) {
        return mutate::strands(rng, from);
    }
    let encoding = from.first().copied().unwrap_or_default() & 2;
    match rng.u8(..16) {
        0 => return mutate::bytes(rng, from),
        1 => {
            let deflated = mutate::bytes(rng, from.get(9..).unwrap_or_default());
            let plain = forge::inflate(&deflated);
            return [&forge::packed(encoding | 1, &plain)[..9], &deflated].concat();
        }
        _ => {}
    }
    let mut plain = forge::plain(from);
    if rng.u8(..8) == 0 {
        plain = plain.repeat(1 + rng.usize(..40));
    }
    plain.truncate(if rng.u8(..32) == 0 {
        2 * BATCH_BYTES
    } else {
        16 * 1024
    });
    let plain = mutate::bytes(rng, &plain);
    let other = if rng.u8(..8) == 0 { 2 } else { 0 };
    forge::packed((encoding ^ other) | rng.u8(..2), &plain)
}

fn run(bytes: &[u8]) -> String {
    let items = match unpack(&Packed(bytes.to_vec())) {
        Ok(items) => items,
        Err(error) => return format!("{} {}", variant(&error), magnitude(bytes.len())),
    };
    assert!(items.len() <= BATCH_CHANGES, "{} changes", items.len());
    let total: usize = items
        .iter()
        .map(|item| forge::body(&item.bytes).len())
        .sum();
    let lists = BATCH_CHANGES * 128 * 32;
    assert!(total <= BATCH_BYTES + lists, "{total} bytes");
    for item in &items {
        assert_eq!(
            change_hash(&item.bytes),
            Some(item.hash),
            "a change of another name"
        );
    }
    let whole: usize = items.iter().map(|item| item.bytes.len()).sum();
    for protocol in [1, 2, 3] {
        let all = items.iter();
        let all = all.map(|it| (it.document, it.generation, it.bytes.as_slice()));
        let (again, inflated) = pack_for(protocol, all);
        if inflated <= BATCH_BYTES && (protocol < 3 || whole <= BATCH_BYTES) {
            let again = unpack(&again);
            assert_eq!(again.as_ref(), Ok(&items), "another batch after packing");
        }
    }
    format!("{:?} {}", bytes.first(), magnitude(items.len()))
}
