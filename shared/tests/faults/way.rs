//! The way between device and server.

use super::wire::{Wire, contact, push};
use crate::record::fault;
use crate::world::{Faults, START, World, record};
use shared::id::{DeviceId, PersonId, sha256};
use shared::sync::client::{Client, Effect, Event, Outgoing, Point, Resume, Unreachable};
use shared::sync::message::{
    self, FRAME_LIMIT, Failure, Outcome, PROTOCOL, Refusal, ToClient, ToRoom,
};
use shared::sync::packed::unpack;
use shared::time::Timestamp;
use std::collections::VecDeque;

fn online(devices: u8, seed: u64) -> World {
    let mut world = World::new(devices, seed);
    world.start_all();
    world.run(100);
    world
}

#[test]
fn a_network_that_goes_in_the_middle_of_a_push_costs_only_what_was_on_its_way() {
    let mut world = online(2, 21);
    world.go_offline();
    for number in 0..450 {
        world.make_contact(0, record(number), "Anne");
    }
    world.go_online();
    while world.devices[0].disk.outbox.len() == 450 {
        world.run(1);
    }
    let settled = 450 - world.devices[0].disk.outbox.len();
    world.go_offline();
    world.run(60_000);
    let before = world.devices[0].bytes_sent;
    assert_eq!(world.devices[0].disk.outbox.len(), 450 - settled);
    world.go_online();
    world.run(60_000);
    world.assert_converged();
    assert_eq!(world.room.log().names().len(), 450);
    let again = world.devices[0].bytes_sent - before;
    assert!(
        settled >= 100 && again < before * 7 / 2,
        "{settled}, {again}"
    );
    fault!(
        "F21",
        "the socket breaks after the first acknowledgement of 450 changes",
        "what was acknowledged is not sent again, the rest is, and the log has each once"
    );
}

#[test]
fn every_frame_twice_changes_nothing() {
    let mut world = online(2, 22);
    world.faults = Faults {
        duplicate: 1,
        ..Faults::default()
    };
    for number in 0..20 {
        world.make_contact(0, record(number), "Anne");
        world.put(1, record(number / 2), "city", "Quimper");
        world.run(200);
    }
    assert!(world.injected > 40);
    world.faults = Faults::default();
    world.run(60_000);
    world.assert_converged();
    // The log in memory stops at a change that it has already.
    assert_eq!(world.devices[0].disk.refused.len(), 0);
    fault!(
        "F22",
        "every frame, in both directions, arrives twice",
        "each change is in the log once, nothing is refused, both devices show the same"
    );
}

#[test]
fn changes_out_of_order_hold_up_their_own_record_only() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    let first = contact(record(1), 1, 2);
    let other = contact(record(2), 1, 0);
    let wrong = [first[2].clone(), other[0].clone(), first[1].clone()];
    let outcomes = wire.pushes(1, &wrong);
    let needs = Outcome::NeedsDependencies;
    assert_eq!(outcomes, [needs, Outcome::Accepted, needs]);
    assert_eq!(wire.stored(), 1);
    assert_eq!(wire.pushes(1, &first), [Outcome::Accepted; 3]);
    assert_eq!(wire.stored(), 4);
    fault!(
        "F23",
        "a batch with the third and second change of a record without its first, between them another record",
        "both are answered with what they need, the other record is stored; sent in order, all are"
    );
}

#[test]
fn a_frame_cut_anywhere_is_named_and_stores_nothing() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    let frame = message::encode(&push(&contact(record(1), 1, 1)));
    for length in 0..frame.len() {
        let answer = wire.says_bytes(1, frame[..length].to_vec());
        let [ToClient::Refused(Refusal::BadFrame { length: told, .. })] = answer[..] else {
            panic!("{length} bytes: {answer:?}");
        };
        assert_eq!(told as usize, length);
    }
    assert_eq!((wire.stored(), wire.asked), (0, 0));
    wire.assert_lives(1);
    assert_eq!(wire.says_bytes(1, frame).len(), 1);
    assert_eq!(wire.stored(), 2);
    fault!(
        "F24",
        "a push is cut at every length",
        "bad frame with that length, nothing stored; the whole one is taken on the same socket"
    );
}

#[test]
fn a_flipped_bit_is_never_stored_whether_or_not_the_checksum_is_put_right() {
    let chunks = contact(record(1), 1, 0);
    let frame = message::encode(&push(&chunks));
    let fields = frame.len() - 4;
    for fixed in [false, true] {
        let mut wire = Wire::new();
        wire.greets(1, 1, 0);
        for bit in 0..fields * 8 {
            let mut flipped = frame.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if fixed {
                let check = crc32(&flipped[..fields]).to_le_bytes();
                flipped[fields..].copy_from_slice(&check);
            }
            wire.says_bytes(1, flipped);
        }
        for (_, hash) in wire.room.log().names() {
            assert_eq!(
                sha256(&chunks[0].1[8..]),
                hash.0,
                "an altered change was stored"
            );
        }
        assert!(fixed || wire.stored() == 0);
        wire.assert_lives(1);
        assert_eq!(wire.pushes(1, &chunks), [Outcome::Accepted]);
    }
    fault!(
        "F25",
        "each bit of a push is flipped in turn, once with the old checksum and once with the right one",
        "no altered change is ever stored; the whole push is then taken"
    );
}

#[test]
fn a_frame_over_the_limit_is_named_and_the_connection_lives() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    for length in [FRAME_LIMIT + 1, 4 * FRAME_LIMIT] {
        let answer = wire.says_bytes(1, vec![1; length]);
        let limit = FRAME_LIMIT as u32;
        assert_eq!(answer, [ToClient::Refused(Refusal::TooLarge { limit })]);
    }
    wire.assert_lives(1);
    fault!(
        "F26",
        "frames of 256 KiB and a byte, and of a mebibyte",
        "too large, with the limit; the connection lives"
    );
}

#[test]
fn a_batch_that_is_too_large_for_the_server_is_sent_in_smaller_ones() {
    let mut device = Device::new(1);
    device.greets();
    let mut ahead: VecDeque<Vec<u8>> = device.takes(Event::Saved(outgoing(100))).into();
    let (mut sizes, mut head) = (Vec::new(), 0);
    while let Some(frame) = ahead.pop_front() {
        let Ok(ToRoom::Push { batch, changes, .. }) = message::decode(&frame) else {
            panic!("not a push");
        };
        sizes.push(unpack(&changes).unwrap().len());
        let answer = if sizes.last() == Some(&1) {
            head += 1;
            ToClient::Ack {
                batch,
                after: head - 1,
                upto: head,
                outcomes: vec![Outcome::Accepted],
            }
        } else {
            ToClient::Failed {
                batch,
                failure: Failure::TooLarge,
            }
        };
        ahead.extend(device.hears(&answer));
    }
    assert_eq!((sizes[0], head), (100, 100), "{sizes:?}");
    assert!(sizes.len() < 400, "{sizes:?}");
    assert_eq!(device.client.status().waiting, 0);
    fault!(
        "F26",
        "a server that finds every batch of more than one change too large",
        "the device halves its batches until they are taken; all hundred changes arrive"
    );
}

#[test]
fn a_message_of_a_later_version_is_answered_and_the_connection_lives() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    for kind in [60, 99, 255] {
        let answer = wire.says_bytes(1, framed(vec![kind, 1, 2, 3]));
        let message = kind;
        assert_eq!(
            answer,
            [ToClient::Refused(Refusal::Unsupported { message })]
        );
        wire.assert_lives(1);
    }
    let mut device = Device::new(1);
    device.greets();
    device.takes(Event::Saved(outgoing(1)));
    let sent = device.takes(Event::Frame(framed(vec![99, 1, 2, 3])));
    assert_eq!(sent, Vec::<Vec<u8>>::new());
    assert!(device.client.status().online);
    assert_eq!(device.client.status().waiting, 1);
    fault!(
        "F27",
        "messages of unknown types, to the room and to the device",
        "the room answers unsupported, the device ignores it; both connections live, what waits waits"
    );
}

#[test]
fn a_captured_push_changes_nothing_when_it_is_replayed() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    let chunks = contact(record(1), 1, 3);
    let captured = message::encode(&push(&chunks));
    wire.says_bytes(1, captured.clone());
    let head = wire.room.log().names();
    // The same person's next socket, somebody else, and one that never said Hello.
    for (socket, person) in [(2, 1), (3, 2)] {
        wire.greets(socket, person, 4);
        let answer = wire.says_bytes(socket, captured.clone());
        let [
            ToClient::Ack {
                after,
                upto,
                outcomes,
                ..
            },
        ] = &answer[..]
        else {
            panic!("{answer:?}");
        };
        assert_eq!((*after, *upto), (4, 4));
        assert_eq!(outcomes[..], [Outcome::Accepted; 4]);
    }
    let silent = shared::sync::room::SessionId(4);
    wire.happens(shared::sync::room::Event::Opened(silent), 4);
    let answer = wire.says_bytes(4, captured);
    assert_eq!(answer, [ToClient::Refused(Refusal::HelloFirst)]);
    assert_eq!(wire.room.log().names(), head);
    fault!(
        "F28",
        "a captured push comes again from its author, from somebody else, and before any Hello",
        "acknowledged without a new position, or refused; the log is the same"
    );
}

#[test]
fn an_acknowledgement_that_never_comes_leads_to_another_attempt() {
    let mut world = online(1, 30);
    world.make_contact(0, record(1), "Anne");
    world.run(7);
    assert_eq!(world.devices[0].disk.outbox.len(), 1);
    world.faults.lose = 1;
    world.run(9_000);
    assert_eq!(world.room.log().names().len(), 1, "the server took it");
    let status = world.devices[0].client.status();
    assert_eq!((status.waiting, status.online), (1, true));
    world.faults = Faults::default();
    world.run(5_000);
    world.assert_converged();
    assert_eq!(world.room.log().names().len(), 1);
    fault!(
        "F30",
        "the server takes a change and its acknowledgement is swallowed",
        "the edit counts as waiting; after ten seconds it is sent over a new connection and acknowledged, stored once"
    );
}

#[test]
fn an_overloaded_server_is_asked_less_and_less_often_and_nothing_is_dropped() {
    let mut pauses = Vec::new();
    for seed in 1..=2 {
        let mut device = Device::new(seed);
        device.takes(Event::Saved(outgoing(3)));
        let mut each = Vec::new();
        for _ in 0..14 {
            device.takes(Event::Unreachable(Unreachable::Server));
            let next = device.client.status().next_try_at.unwrap();
            each.push(next.0 - device.now.0);
            device.now = next;
            device.takes(Event::Woke);
        }
        assert!((250..=500).contains(&each[0]), "{each:?}");
        assert!(
            each[8..].iter().all(|ms| (30_000..=60_000).contains(ms)),
            "{each:?}"
        );
        assert_eq!(device.client.status().waiting, 3);
        pauses.push(each);
    }
    assert_ne!(pauses[0], pauses[1], "all devices come at once");
    // A server that is busy keeps its connections: the push alone is held back.
    let mut device = Device::new(3);
    device.greets();
    device.takes(Event::Saved(outgoing(3)));
    let failure = Failure::Busy;
    assert_eq!(
        device.hears(&ToClient::Failed { batch: 0, failure }).len(),
        0
    );
    device.now.0 += 1_900;
    assert_eq!(device.takes(Event::Woke).len(), 0);
    device.now.0 += 2_200;
    assert_eq!(device.takes(Event::Woke).len(), 1);
    fault!(
        "F38",
        "a server that answers with errors fourteen times, and one that is too busy for a push",
        "pauses from half a second to a minute, different on two devices; the push comes again after two to four seconds, with all that waits"
    );
}

/// A client without a world around it.
struct Device {
    client: Client,
    now: Timestamp,
}

impl Device {
    fn new(seed: u8) -> Device {
        let resume = Resume {
            build: "test".into(),
            device: DeviceId([seed; 16]),
            incarnation: [seed; 8],
            person: PersonId([seed; 8]),
            point: Point::default(),
            waiting: 0,
        };
        let mut device = Device {
            client: Client::new(resume, START),
            now: START,
        };
        device.takes(Event::Started);
        device
    }

    /// Hands an event in; what is to be stored is stored. Gives the frames that it sends.
    fn takes(&mut self, event: Event) -> Vec<Vec<u8>> {
        let mut sent = Vec::new();
        let mut ahead = self.client.handle(event, self.now);
        while !ahead.is_empty() {
            let mut next = Vec::new();
            for effect in ahead {
                match effect {
                    Effect::Send(frame) => sent.push(frame),
                    Effect::Store(_) => next.extend(self.client.handle(Event::Stored, self.now)),
                    Effect::Connect
                    | Effect::Disconnect
                    | Effect::Read(_)
                    | Effect::WakeAt(_)
                    | Effect::StatusChanged => {}
                }
            }
            ahead = next;
        }
        sent
    }

    fn hears(&mut self, message: &ToClient) -> Vec<Vec<u8>> {
        self.takes(Event::Frame(message::encode(message)))
    }

    fn greets(&mut self) {
        self.takes(Event::Opened);
        self.hears(&ToClient::Welcome {
            protocol: PROTOCOL,
            epoch: message::Epoch([1; 8]),
            head: 0,
            now: self.now,
        });
    }
}

fn outgoing(count: u32) -> Vec<Outgoing> {
    let changes = (0..count).map(|number| {
        let id = record(number);
        let (_, bytes) = contact(id, 1, 0).remove(0);
        Outgoing {
            key: u64::from(number) + 1,
            document: id,
            generation: 0,
            bytes,
        }
    });
    changes.collect()
}

/// These bytes with their checksum.
fn framed(mut fields: Vec<u8>) -> Vec<u8> {
    fields.extend(crc32(&fields).to_le_bytes());
    fields
}

/// The CRC-32 of ISO 3309, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    });
    !crc
}
