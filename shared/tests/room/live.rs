//! What is new reaches the devices that are up to date: at once, together, and no faster than they take it.

use crate::folded;
use crate::record::fault;
use crate::story::{Hand, Reader, Story, record};
use shared::crm::command::{Edit, Write};
use shared::id::DeviceId;
use shared::sync::message::{self, Failure, ToClient, ToRoom};
use shared::sync::packed::pack;
use shared::sync::room::{Effect, Event, SessionId};

#[test]
fn what_comes_while_pushes_wait_goes_together() {
    let (mut story, mut hand) = folded(20);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    story.held = Some(Vec::new());
    for number in 0..6 {
        let edit = hand.put(number, "city", "Quimper", story.now);
        let items = edit.iter().map(|(id, of, it)| (*id, *of, it.as_slice()));
        let packed = pack(items).0;
        story.send_push(&hand, packed, false);
    }
    // The answers come quickly one after the other.
    let now = story.now;
    let mut frames = Vec::new();
    while let Some((number, question)) = story.held.as_mut().unwrap().pop() {
        let answer = shared::validate::Validator::default().answer(&question);
        let effects = story.room.handle(Event::Answered(number, answer), now);
        for effect in effects {
            match effect {
                Effect::Ask(number, question) => {
                    story.held.as_mut().unwrap().push((number, question));
                }
                Effect::Send(SessionId(to), frame) if to == reader.socket => frames.push(frame),
                Effect::Send(..)
                | Effect::Close(..)
                | Effect::Attach(..)
                | Effect::WakeIn(_)
                | Effect::Note(_) => {}
            }
        }
    }
    assert_eq!(frames.len(), 2, "the first at once, the others together");
    let frames = frames.iter().map(|frame| message::decode(frame).unwrap());
    story.sent.insert(reader.socket, frames.collect());
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
}

#[test]
fn each_device_hears_in_its_own_protocol() {
    let (mut story, mut hand) = folded(20);
    let mut readers = [1, 2, 3].map(|protocol| {
        let mut reader = Reader::new(20 + protocol as u8);
        reader.protocol = protocol;
        reader.connect(&mut story);
        reader.catch_up(&mut story);
        reader
    });
    let mut edits = Vec::new();
    for number in 0..8 {
        edits.extend(hand.put(number, "city", "Quimper", story.now));
    }
    story.push(&hand, &edits);
    for reader in &mut readers {
        let [ToClient::Changes { changes, .. }] = &story.sent[&reader.socket][..] else {
            panic!("{:?}", story.sent[&reader.socket]);
        };
        let encoding = changes.0[0];
        assert_eq!(encoding, [1, 3, 4][usize::from(reader.protocol) - 1]);
        reader.catch_up(&mut story);
        reader.assert_holds(&hand.documents);
    }
}

#[test]
fn two_that_write_at_once_miss_nothing_of_each_other() {
    let (mut story, mut one) = folded(20);
    let mut two = Hand::new(2);
    two.learn(&one.made);
    story.join(&two);
    story.heard(2);
    story.held = Some(Vec::new());
    let mut cursor = story.room.log().head;
    for step in 0..10 {
        for hand in [&mut one, &mut two] {
            let city = format!("city {step} {}", hand.number);
            let edit = hand.put(step, "city", &city, story.now);
            let items = edit.iter().map(|(id, of, it)| (*id, *of, it.as_slice()));
            let packed = pack(items).0;
            story.send_push(hand, packed, false);
        }
        let held = story.held.replace(Vec::new());
        for (number, question) in held.unwrap() {
            let answer = shared::validate::Validator::default().answer(&question);
            story.happens(Event::Answered(number, answer));
        }
    }
    story.release();
    story.rest();
    // What the second one hears is without a gap, its own pushes being acknowledged.
    for message in story.heard(2) {
        match &message {
            ToClient::Ack { after, upto, .. } | ToClient::Changes { after, upto, .. } => {
                assert!(*after <= cursor, "{after} after {cursor}");
                cursor = cursor.max(*upto);
            }
            ToClient::Welcome { .. }
            | ToClient::Greeted { .. }
            | ToClient::EraBegan { .. }
            | ToClient::Failed { .. }
            | ToClient::Pong { .. }
            | ToClient::Refused(_)
            | ToClient::UpdateNeeded { .. }
            | ToClient::Records { .. }
            | ToClient::News { .. } => panic!("{message:?}"),
        }
    }
    assert_eq!(cursor, story.room.log().head);
}

#[test]
fn a_device_that_says_nothing_is_left_to_pull() {
    let (mut story, mut hand) = folded(20);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    let mut bytes = 0;
    let mut seed = 7_u64;
    for number in 0..40 {
        let noise: String = (0..20_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                char::from_u32(0x4e00 + (seed >> 40) as u32 % 20_000).unwrap()
            })
            .collect();
        let edit = Edit::of(record(number % 20), vec![Write::put("city", &noise)]);
        let edit = hand.edit(&edit, story.now);
        story.push(&hand, &edit);
        let heard = story.sent.get(&reader.socket);
        bytes = heard
            .into_iter()
            .flatten()
            .map(|it| message::encode(it).len())
            .sum();
    }
    assert!(bytes < 1_200_000, "{bytes} bytes lie before it");
    assert!(!story.attached[&reader.socket].live);
    reader.catch_up(&mut story);
    assert!(reader.is_live && story.attached[&reader.socket].live);
    reader.assert_holds(&hand.documents);
}

#[test]
fn a_flood_of_pushes_is_told_to_wait() {
    let (mut story, mut hand) = folded(1);
    let edit = hand.put(0, "city", "Quimper", story.now);
    let items = edit.iter().map(|(id, of, it)| (*id, *of, it.as_slice()));
    let push = ToRoom::Push {
        batch: 1,
        refill: false,
        changes: pack(items).0,
    };
    let now = story.now;
    for _ in 0..1_000 {
        story.now = now;
        story.tell(hand.socket, &push);
    }
    let heard = story.heard(hand.socket);
    let is_told = |message: &&ToClient| matches!(message, ToClient::Failed { failure, .. } if *failure == Failure::TooFast);
    let told = heard.iter().filter(is_told).count();
    assert!((500..700).contains(&told), "{told}");
    // Another device goes on meanwhile.
    let mut other = Hand::new(2);
    other.learn(&hand.made);
    story.join(&other);
    let edit = other.put(0, "city", "Brest", story.now);
    story.push(&other, &edit);
    assert_ne!(DeviceId([1; 16]), DeviceId([2; 16]));
    fault!(
        "F29",
        "a device sends a thousand pushes in a moment",
        "beyond its share it is told that it is too fast; another device is served meanwhile"
    );
}

#[test]
fn a_room_that_slept_goes_on_where_it_was() {
    let (mut story, mut hand) = folded(20);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    let sessions = story.attached.clone();
    let mut awake = Story::over(story.room.log().clone());
    for (id, session) in sessions {
        awake.happens(Event::Restored(SessionId(id), session));
    }
    let edit = hand.put(3, "city", "Lorient", awake.now);
    awake.push(&hand, &edit);
    reader.catch_up(&mut awake);
    reader.assert_holds(&hand.documents);
    fault!(
        "F29",
        "the room sleeps with its sockets open and loses all it had in memory",
        "it wakes with the sockets' attachments and goes on publishing to them"
    );
}
