//! Frames, as a room and as a device reads them.

use super::{Target, magnitude, variant};
use crate::{forge, mutate};
use fastrand::Rng;
use shared::sync::message::{FRAME_LIMIT, Message, ToClient, ToRoom, decode, encode};

/// What a device sends.
pub const TO_ROOM: Target = Target {
    name: "to-room",
    seeds: || seeds("to-room"),
    mutate: |rng, from| mutate_frame::<ToRoom>(rng, from),
    run: run::<ToRoom>,
    limit_ms: 1_000,
    memory,
};

/// What a room sends.
pub const TO_CLIENT: Target = Target {
    name: "to-client",
    seeds: || seeds("to-client"),
    mutate: |rng, from| mutate_frame::<ToClient>(rng, from),
    run: run::<ToClient>,
    limit_ms: 1_000,
    memory,
};

/// The message, its encoding and the message from that, and for each byte of a list an entry.
fn memory(length: usize) -> usize {
    64 * 1024 + 48 * length
}

/// The saved frames of one direction.
fn seeds(direction: &str) -> Vec<(String, Vec<u8>)> {
    let saved = include_str!("../../../../shared/tests/samples/frames.txt");
    let frames = saved.lines().filter_map(|line| {
        let (name, hex) = line.strip_prefix(direction)?.trim().split_once(' ')?;
        let digit = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        let bytes = (0..hex.len()).step_by(2).map(digit).collect::<Option<_>>();
        Some((name.to_owned(), bytes?))
    });
    frames.collect()
}

fn mutate_frame<M: Message>(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let fields = &from[..from.len().saturating_sub(4)];
    match rng.u8(..16) {
        0 => mutate::bytes(rng, from),
        1 => {
            // a list that says that it is longer than the frame
            let at = rng.usize(..=fields.len());
            forge::frame(&[&fields[..at], &forge::leb(rng.u64(..)), &fields[at..]].concat())
        }
        2 => {
            let long = vec![rng.u8(..4); FRAME_LIMIT - 64 + rng.usize(..128)];
            forge::frame(
                &[
                    &fields[..fields.len().min(12)],
                    &forge::leb(long.len() as u64),
                    &long,
                ]
                .concat(),
            )
        }
        3 => forge::frame(&[&[rng.u8(..M::TYPES)], mutate::bytes(rng, fields).as_slice()].concat()),
        _ => forge::frame(&mutate::bytes(rng, fields)),
    }
}

fn run<M: Message + PartialEq + std::fmt::Debug>(frame: &[u8]) -> String {
    let message = match decode::<M>(frame) {
        Ok(message) => message,
        Err(refusal) => return format!("{} {:?}", variant(&refusal), frame.first()),
    };
    assert!(
        frame.len() <= M::LIMIT,
        "a frame of {} bytes was read",
        frame.len()
    );
    let encoded = encode(&message);
    assert_eq!(
        decode::<M>(&encoded).as_ref(),
        Ok(&message),
        "another message after encoding"
    );
    assert!(
        encoded.len() <= frame.len(),
        "the encoding is longer than what was read"
    );
    format!("{:?} {}", frame.first(), magnitude(frame.len()))
}
