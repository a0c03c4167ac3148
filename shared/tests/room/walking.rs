//! Devices that are far behind get records, not history.

use crate::folded;
use crate::story::{Hand, Reader, Story, record};
use shared::crm::Kind;
use shared::crm::command::{Edit, Write};
use shared::crm::row::Row;
use shared::sync::message::{FRAME_LIMIT, Outcome, ToClient, ToRoom};
use shared::sync::parcel::Parcel;
use shared::sync::room::{Event, SessionId};
use std::collections::BTreeSet;

#[test]
fn a_new_device_gets_every_record_the_last_used_first() {
    let (mut story, mut hand) = folded(1_000);
    let edit = hand.put(17, "city", "Quimper", story.now);
    story.push(&hand, &edit);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    let heard = story.sent[&reader.socket].clone();
    let [
        ToClient::Welcome { .. },
        ToClient::Records { records, left, .. },
    ] = &heard[..]
    else {
        panic!("{heard:?}");
    };
    let first = records.open().unwrap();
    assert_eq!(first[0].document, record(17));
    assert_eq!(*left as usize, 1_000 - first.len());
    reader.catch_up(&mut story);
    assert!(reader.is_live);
    assert!(reader.frames < 12, "{} frames", reader.frames);
    reader.assert_holds(&hand.documents);
    for (id, document) in &hand.documents {
        let row = Row::from_bytes(&reader.rows[id]);
        assert_eq!(row, Some(document.row(*id).unwrap()));
    }
    // From here on it hears what is new.
    let edit = hand.put(3, "city", "Lorient", story.now);
    story.push(&hand, &edit);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
}

#[test]
fn stored_blocks_go_out_as_they_lie() {
    let (mut story, _) = folded(1_000);
    let blocks = story.room.log().blocks.clone();
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    let mut whole = 0;
    loop {
        for message in story.sent.get(&reader.socket).into_iter().flatten() {
            if let ToClient::Records { records, .. } = message {
                whole += usize::from(blocks.values().any(|block| block == records));
            }
        }
        if !reader.step(&mut story) {
            break;
        }
    }
    assert_eq!(whole, blocks.len());
}

/// Everything by a walk in this protocol, with the encodings of the parcels that came.
fn walked(story: &mut Story, protocol: u16) -> (Reader, BTreeSet<u8>) {
    let mut reader = Reader::new(20 + protocol as u8);
    reader.protocol = protocol;
    reader.connect(story);
    let mut encodings = BTreeSet::new();
    loop {
        for message in story.sent.get(&reader.socket).into_iter().flatten() {
            if let ToClient::Records { records, .. } = message {
                encodings.extend(records.0.first());
            }
        }
        if !reader.step(story) {
            return (reader, encodings);
        }
    }
}

#[test]
fn a_device_of_an_older_protocol_gets_parcels_that_it_can_open() {
    let (mut story, hand) = folded(1_000);
    for (protocol, encoding) in [(2, 2), (3, 3)] {
        let (reader, encodings) = walked(&mut story, protocol);
        assert_eq!(encodings, [encoding].into(), "protocol {protocol}");
        reader.assert_holds(&hand.documents);
    }
}

#[test]
fn blocks_of_an_older_room_go_on() {
    let (mut story, mut hand) = folded(1_000);
    let mut log = story.room.log().clone();
    for block in log.blocks.values_mut() {
        *block = Parcel::pack_for(2, &block.open().unwrap());
    }
    story = Story::over(log);
    story.join(&hand);
    let (reader, encodings) = walked(&mut story, 3);
    assert!(encodings.contains(&2), "as they lie");
    reader.assert_holds(&hand.documents);
    let edit = hand.put(999, "city", "Quimper", story.now);
    assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
    story.happens(Event::Erase {
        documents: vec![record(3)],
    });
    let (reader, _) = walked(&mut story, 2);
    assert!(!reader.documents.contains_key(&record(3)));
    assert_eq!(reader.documents.len(), 999);
}

#[test]
fn a_walk_goes_on_where_it_was_cut_off() {
    let (mut story, hand) = folded(1_000);
    let mut reader = Reader::new(9);
    for _ in 0..20 {
        reader.connect(&mut story);
        reader.step(&mut story);
        if reader.is_live {
            break;
        }
        reader.leave(&mut story);
        story.restart();
    }
    assert!(reader.is_live, "each connection brought it further");
    reader.assert_holds(&hand.documents);
}

#[test]
fn nothing_that_is_written_during_a_walk_is_missed() {
    for seed in 0..6_u32 {
        let (mut story, mut hand) = folded(1_000);
        let mut reader = Reader::new(9);
        reader.connect(&mut story);
        let mut steps = 0;
        while reader.step(&mut story) && !reader.is_live {
            steps += 1;
            if steps < 12 {
                // Before, behind and at the place where the reader is; and new ones.
                for at in 0..20 {
                    let number = (steps * 131 + at * 57 + seed * 311) % 1_000;
                    let city = format!("city {steps} {at}");
                    hand.put(number, "city", &city, story.now);
                }
                hand.make(2_000 + steps, story.now);
                let from = hand.made.len() - 21;
                let made = hand.made[from..].to_vec();
                story.push(&hand, &made);
            }
            if seed % 2 == 0 {
                story.rest();
            }
        }
        assert!(reader.is_live);
        reader.catch_up(&mut story);
        reader.assert_holds(&hand.documents);
    }
}

#[test]
fn a_device_away_for_long_gets_what_changed_and_no_more() {
    let (mut story, mut hand) = folded(1_000);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.leave(&mut story);
    for step in 0..900 {
        let city = format!("city {step}");
        hand.put(step % 30, "city", &city, story.now);
    }
    let from = hand.made.len() - 900;
    let made = hand.made[from..].to_vec();
    story.push(&hand, &made);
    story.rest();
    reader.rows.clear();
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    assert!(reader.is_live);
    assert_eq!(reader.rows.len(), 30, "the others were not sent again");
    reader.assert_holds(&hand.documents);
}

#[test]
fn a_device_that_missed_little_gets_it_as_it_was_logged() {
    let (mut story, mut hand) = folded(700);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.leave(&mut story);
    for step in 0..40 {
        let city = format!("city {step}");
        let edit = hand.put(step, "city", &city, story.now);
        story.push(&hand, &edit);
    }
    reader.rows.clear();
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    assert!(reader.is_live && reader.rows.is_empty());
    reader.assert_holds(&hand.documents);
}

#[test]
fn a_record_larger_than_a_frame_arrives() {
    let (mut story, mut hand) = folded(600);
    // Noise does not deflate.
    let mut seed = 7_u64;
    let mut noise = || {
        let letters = (0..60_000).map(|_| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from_u32(0x4e00 + (seed >> 40) as u32 % 20_000).unwrap()
        });
        letters.collect::<String>()
    };
    let fields = ["notes", "first_name", "last_name", "city", "street"];
    for (at, field) in fields.into_iter().enumerate() {
        let text = noise();
        let write = vec![Write::put(field, &text)];
        let edit = match at {
            0 => Edit::make(record(5_000), Kind::Contact, write),
            _ => Edit::of(record(5_000), write),
        };
        let made = hand.edit(&edit, story.now);
        for change in made {
            let outcomes = story.push(&hand, &[change]);
            assert_eq!(outcomes, [shared::sync::message::Outcome::Accepted]);
        }
    }
    for is_folded in [false, true] {
        if is_folded {
            for step in 0..70 {
                let title = format!("title {step}");
                hand.put(5_000, "job_title", &title, story.now);
            }
            let from = hand.made.len() - 70;
            let made = hand.made[from..].to_vec();
            story.push(&hand, &made);
            story.rest();
            assert!(story.room.log().records[&record(5_000)].block.is_some());
        }
        let mut reader = Reader::new(8 + u8::from(is_folded));
        reader.connect(&mut story);
        let first = story.sent[&reader.socket][1].clone();
        let length = shared::sync::message::encode(&first).len();
        assert!(length > FRAME_LIMIT, "{length}");
        reader.catch_up(&mut story);
        reader.assert_holds(&hand.documents);
    }
}

#[test]
fn a_device_of_the_first_protocol_is_served_while_all_it_needs_is_raw() {
    let (mut story, mut hand) = (Story::new(), Hand::new(1));
    story.join(&hand);
    for number in 0..300 {
        let made = hand.make(number, story.now);
        story.push(&hand, &made);
    }
    let mut old = Reader::new(9);
    old.protocol = 1;
    old.connect(&mut story);
    old.catch_up(&mut story);
    old.assert_holds(&hand.documents);
    let edit = hand.put(3, "city", "Quimper", story.now);
    story.push(&hand, &edit);
    old.catch_up(&mut story);
    old.assert_holds(&hand.documents);
    old.leave(&mut story);
    for number in 300..600 {
        let made = hand.make(number, story.now);
        story.push(&hand, &made);
    }
    story.rest();
    old.connect(&mut story);
    let heard = story.heard(old.socket);
    assert!(matches!(
        heard.last(),
        Some(ToClient::UpdateNeeded { oldest: 2 })
    ));
}

#[test]
fn a_walk_that_makes_no_sense_begins_anew() {
    let (mut story, hand) = folded(600);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.step(&mut story);
    let walk = shared::sync::message::Walk {
        base: 0,
        above: u64::MAX,
        upto: 3,
        below: u64::MAX,
    };
    story.heard(reader.socket);
    story.tell(reader.socket, &ToRoom::Walk(walk));
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
    story.happens(Event::Closed(SessionId(reader.socket)));
}
