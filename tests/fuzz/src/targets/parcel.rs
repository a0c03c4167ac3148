//! Whole records on their way to a device.

use super::{Target, magnitude, packed, variant};
use crate::{forge, mutate};
use fastrand::Rng;
use shared::id::RecordId;
use shared::sync::parcel::{Kept, PARCEL_BYTES, PARCEL_RECORDS, Parcel};
use shared::sync::validation::Bytes;

/// Opening a parcel.
pub const TARGET: Target = Target {
    name: "parcel",
    seeds,
    mutate: mutate_parcel,
    run,
    limit_ms: 10_000,
    // inflated, as records, packed again and opened again
    memory: |length| 8 * PARCEL_BYTES + 2 * length,
};

fn seeds() -> Vec<(String, Vec<u8>)> {
    let document = packed::contact();
    let row = document.row(RecordId([1; 16])).map(|row| row.to_bytes());
    let kept = |number: u8| Kept {
        document: RecordId([number; 16]),
        generation: u32::from(number),
        snapshot: Bytes(document.save()),
        changes: document
            .changes()
            .into_iter()
            .map(|it| Bytes(it.bytes))
            .collect(),
        row: Bytes(row.as_ref().cloned().unwrap_or_default()),
    };
    let of = |records: &[Kept]| Parcel::pack_for(2, records).0;
    let strands = |records: &[Kept]| Parcel::pack_for(3, records).0;
    let mut raw = [kept(1), kept(2)];
    for kept in &mut raw {
        kept.snapshot.0.clear();
    }
    let many: Vec<u8> = [
        &forge::leb(1)[..],
        &[7; 16],
        &[0, 0],
        &forge::leb(4 << 20),
        &vec![0; (4 << 20) + 1],
    ]
    .concat();
    vec![
        ("none".into(), of(&[])),
        ("one".into(), of(&[kept(1)])),
        ("three".into(), of(&[kept(1), kept(2), kept(3)])),
        ("strands-one".into(), strands(&[kept(1)])),
        (
            "strands-three".into(),
            strands(&[kept(1), kept(2), kept(3)]),
        ),
        ("strands-raw".into(), strands(&raw)),
        (
            "strands-bomb".into(),
            forge::strands(
                &[3; 9],
                &[vec![], vec![0; PARCEL_BYTES + 1], vec![], vec![]],
            ),
        ),
        ("bomb".into(), forge::parcel(&vec![0; PARCEL_BYTES + 1])),
        ("bomb-of-empty-changes".into(), forge::parcel(&many)),
        (
            "too-many".into(),
            forge::parcel(&[forge::leb(600), vec![0; 600 * 20]].concat()),
        ),
    ]
}

fn mutate_parcel(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    if from.first() == Some(&3) {
        return mutate::strands(rng, from);
    }
    let deflated = from.get(9..).unwrap_or_default();
    match rng.u8(..12) {
        0 => mutate::bytes(rng, from),
        1 => {
            let deflated = mutate::bytes(rng, deflated);
            let plain = forge::inflate(&deflated);
            [&forge::parcel(&plain)[..9], &deflated].concat()
        }
        _ => {
            let mut plain = forge::inflate(deflated);
            plain.truncate(if rng.u8(..32) == 0 {
                plain.len()
            } else {
                16 * 1024
            });
            forge::parcel(&mutate::bytes(rng, &plain))
        }
    }
}

fn run(bytes: &[u8]) -> String {
    let records = match Parcel(bytes.to_vec()).open() {
        Ok(records) => records,
        Err(error) => return format!("{} {}", variant(&error), magnitude(bytes.len())),
    };
    assert!(records.len() <= PARCEL_RECORDS, "{} records", records.len());
    for protocol in [2, 3] {
        assert_eq!(
            Parcel::pack_for(protocol, &records).open().as_ref(),
            Ok(&records),
            "another parcel after packing"
        );
    }
    let changes: usize = records.iter().map(|kept| kept.changes.len()).sum();
    format!("{} {}", records.len(), magnitude(changes))
}
