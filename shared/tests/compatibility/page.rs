//! The samples of docs/protocol.md are those that were saved, and leave no variant out.

use super::{bytes, samples};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::sync::header::GENESIS;
use shared::sync::message::{
    Failure, Message, Notice, Outcome, Reason, Refusal, ToClient, ToRoom, decode, encode,
};
use shared::sync::packed::{change_hash, unpack};
use shared::sync::parcel::Parcel;
use std::collections::BTreeSet;

/// What stands between the fences of one kind: the words after the kind, and the bytes without the
/// remarks behind `;`.
fn fences(kind: &str) -> Vec<(String, Vec<u8>)> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
    let page = std::fs::read_to_string(page).unwrap();
    let parts = page.split("```").skip(1).step_by(2);
    let of_kind = parts.filter_map(|part| {
        let (head, lines) = part.split_once('\n')?;
        let name = head.strip_prefix(kind)?.trim();
        let digits = lines.lines().flat_map(|line| {
            let digits = line.split(';').next().unwrap_or_default();
            digits.trim().chars()
        });
        Some((name.to_owned(), bytes(&digits.collect::<String>())))
    });
    of_kind.collect()
}

/// The messages of one direction that the page shows.
fn shown<M: Message + PartialEq>(direction: &str) -> Vec<M> {
    let saved = samples(direction);
    let mut shown = Vec::new();
    for (name, frame) in fences("sample") {
        let Some(name) = name.strip_prefix(direction) else {
            continue;
        };
        let name = name.trim();
        let (_, as_saved) = saved.iter().find(|(other, _)| other == name).unwrap();
        assert_eq!(frame, *as_saved, "{name}");
        let message: M = decode(&frame).unwrap();
        assert_eq!(encode(&message), frame, "{name}");
        shown.push(message);
    }
    shown
}

/// Fails unless every variant is among the values. A variant's number is its first byte.
fn all_of<T: Serialize + DeserializeOwned>(kind: &str, values: impl IntoIterator<Item = T>) {
    let numbers = values
        .into_iter()
        .map(|it| postcard::to_allocvec(&it).unwrap()[0]);
    let shown: BTreeSet<u8> = numbers.collect();
    let exists =
        |number: &u8| postcard::take_from_bytes::<T>(&[&[*number][..], &[0; 32]].concat()).is_ok();
    let all: BTreeSet<u8> = (0..=255).take_while(exists).collect();
    assert!(!all.is_empty(), "{kind}");
    assert_eq!(shown, all, "the page has a sample of every {kind}");
}

fn types<M: Message>(messages: &[M]) -> BTreeSet<u8> {
    messages.iter().map(|message| encode(message)[0]).collect()
}

#[test]
fn the_page_has_a_sample_of_everything() {
    let to_room: Vec<ToRoom> = shown("to-room");
    let to_client: Vec<ToClient> = shown("to-client");
    assert_eq!(types(&to_room), (0..ToRoom::TYPES).collect());
    assert_eq!(types(&to_client), (0..ToClient::TYPES).collect());
    let mut outcomes = Vec::new();
    let mut failures: Vec<Failure> = Vec::new();
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut notices: Vec<Notice> = Vec::new();
    for message in to_client {
        match message {
            ToClient::Ack { outcomes: some, .. } => outcomes.extend(some),
            ToClient::Failed { failure, .. } => failures.push(failure),
            ToClient::Refused(refusal) => refusals.push(refusal),
            ToClient::Records { notices: some, .. } | ToClient::News { notices: some, .. } => {
                notices.extend(some);
            }
            ToClient::Welcome { .. }
            | ToClient::Greeted { .. }
            | ToClient::EraBegan { .. }
            | ToClient::Changes { .. }
            | ToClient::Pong { .. }
            | ToClient::UpdateNeeded { .. } => {}
        }
    }
    let reasons = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Refused(reason) => Some(*reason),
        Outcome::Accepted | Outcome::NeedsDependencies => None,
    });
    all_of("reason", reasons);
    all_of("outcome", outcomes.iter().copied());
    all_of("failure", failures);
    all_of("refusal", refusals);
    all_of("notice", notices);
}

#[test]
fn the_page_names_every_reason() {
    let page = include_str!("../../../docs/protocol.md");
    for (number, reason) in Reason::ALL.iter().enumerate() {
        let line = format!("| {number} | `{}` |", reason.key());
        assert!(page.contains(&line), "{line}");
    }
}

/// What a batch or a parcel inflates to. Strands, which have this encoding, come one after the other.
fn inflated(packed: &[u8], strands: u8) -> Vec<u8> {
    let inflate = |bytes: &[u8]| miniz_oxide::inflate::decompress_to_vec(bytes).unwrap();
    let mut rest = &packed[9..];
    if packed[0] != strands {
        return inflate(rest);
    }
    let mut plain = Vec::new();
    while !rest.is_empty() {
        let (length, behind) = postcard::take_from_bytes::<u32>(rest).unwrap();
        let (deflated, behind) = behind.split_at(length as usize);
        plain.extend(inflate(deflated));
        rest = behind;
    }
    plain
}

#[test]
fn what_the_page_shows_inflated_is_what_travels() {
    let shown = fences("inflated");
    assert_eq!(shown.len(), 5);
    for (name, plain) in shown {
        let (direction, name) = name.split_once(' ').unwrap();
        let saved = samples(direction);
        let (_, frame) = saved.iter().find(|(other, _)| other == name).unwrap();
        if let Ok(ToRoom::Push { changes, .. }) = decode(frame) {
            assert_eq!(plain, inflated(&changes.0, 4), "{name}");
            assert!(unpack(&changes).unwrap().len() > 1, "{name}");
        } else if let Ok(ToClient::Records { records, .. }) = decode(frame) {
            assert_eq!(plain, inflated(&records.0, 3), "{name}");
            assert_eq!(Parcel(records.0).open().unwrap().len(), 1);
        } else {
            panic!("{name} holds nothing that is inflated");
        }
    }
    let (_, genesis) = fences("change").remove(0);
    assert_eq!(change_hash(&genesis), Some(GENESIS));
}

#[test]
fn the_page_has_every_field_with_its_number() {
    let page = include_str!("../../../docs/protocol.md");
    for kind in shared::crm::Kind::ALL {
        let row = format!("| {} | ", kind.name());
        let line = page.lines().find(|line| line.starts_with(&row)).unwrap();
        for field in kind.fields() {
            let told = format!("`{}` {} ", field.key, field.tag);
            assert!(line.contains(&told), "{told}");
        }
    }
}
