//! A device far behind, brought up to date record by record.

use super::hand::{EPOCH, Hand, changes, kept, made, records};
use crate::world::record;
use shared::sync::client::{Event, ForgetWhy, Store};
use shared::sync::message::{Notice, Outcome, PROTOCOL, Refusal, ToClient, ToRoom, Walk};
use shared::sync::parcel::{Kept, Parcel};
use shared::sync::validation::Bytes;

/// A cold device's walk through the first round of a log of 500 positions.
fn at(below: u64) -> Walk {
    Walk {
        base: 0,
        above: 0,
        upto: 500,
        below,
    }
}

/// The next round, for what was written meanwhile.
fn later(below: u64) -> Walk {
    Walk {
        base: 0,
        above: 500,
        upto: 520,
        below,
    }
}

/// A new device to which the server says that it has 500 changes.
fn cold() -> Hand {
    let mut hand = Hand::new();
    hand.connect();
    assert!(
        matches!(hand.sent.pop_front(), Some(ToRoom::Greet { hello, .. }) if hello.protocol == PROTOCOL)
    );
    hand.welcome(2, 500);
    hand.store();
    hand
}

fn some(numbers: std::ops::Range<u32>) -> Vec<Kept> {
    numbers.map(|n| kept(record(n), 0, "Anne")).collect()
}

#[test]
fn the_next_records_are_asked_for_while_these_are_stored() {
    let mut hand = cold();
    assert_eq!(hand.sent.pop_front(), None, "the first ones come unasked");
    assert_eq!(hand.device.client.status().receiving, None, "not known yet");
    hand.say(&records(at(400), 197, &some(0..3)));
    assert_eq!(hand.sent.pop_front(), Some(ToRoom::Walk(at(400))));
    assert_eq!(hand.device.client.status().receiving, Some((0, 200)));
    hand.say(&records(at(300), 193, &some(3..7)));
    assert_eq!(hand.sent.pop_front(), Some(ToRoom::Walk(at(300))));
    assert_eq!(hand.stores.len(), 1, "one transaction at a time");
    let first = hand.stores[0].clone();
    assert_eq!(first.records.len(), 3);
    assert_eq!((first.point.cursor, first.point.epoch), (0, Some(EPOCH)));
    assert_eq!((first.point.walk, first.point.walked), (Some(at(400)), 3));
    hand.store();
    let disk = &hand.device.disk;
    assert_eq!((disk.point.walk, disk.point.walked), (Some(at(300)), 7));
    assert_eq!(hand.device.client.status().receiving, Some((7, 200)));
    assert_eq!(hand.device.rows().len(), 7, "readable while it arrives");
    assert!(!hand.device.client.status().complete);
}

#[test]
fn a_walk_ends_when_a_round_finds_the_head() {
    let mut hand = cold();
    hand.say(&records(at(400), 150, &some(0..3)));
    hand.say(&records(later(521), 2, &some(3..6)));
    assert_eq!(hand.sent.pop_back(), Some(ToRoom::Walk(later(521))));
    let status = hand.device.client.status();
    assert_eq!(status.receiving, None, "so few are not worth a bar");
    hand.store();
    assert_eq!(hand.device.disk.point.cursor, 0, "not before the end");
    hand.say(&records(
        later(500),
        0,
        &[kept(record(0), 0, "Anne"), kept(record(7), 0, "Léa")],
    ));
    hand.store();
    let point = hand.device.disk.point;
    assert_eq!((point.cursor, point.walk, point.walked), (520, None, 0));
    assert!(hand.device.client.status().complete);
    assert_eq!(hand.device.client.status().receiving, None);
    // It is live from there.
    hand.sent.clear();
    hand.say(&changes(
        520,
        521,
        521,
        &[(record(8), made(record(8), "Yann"))],
    ));
    hand.store();
    assert_eq!(hand.device.disk.point.cursor, 521);
    assert_eq!(hand.sent.pop_front(), None);
}

#[test]
fn a_walk_goes_on_in_the_middle_after_a_restart() {
    let mut hand = cold();
    hand.say(&records(at(400), 197, &some(0..3)));
    hand.store();
    hand.say(&records(at(300), 193, &some(3..7)));
    // Killed before the second transaction: back to what the first one stored.
    hand.restart();
    match hand.sent.pop_front() {
        Some(ToRoom::Greet { hello, walk, .. }) => {
            assert_eq!(
                (hello.cursor, hello.epoch, walk),
                (0, Some(EPOCH), Some(at(400)))
            );
        }
        other => panic!("{other:?}"),
    }
    hand.welcome(2, 500);
    assert_eq!(hand.device.client.status().receiving, None);
    hand.say(&records(at(300), 193, &some(3..7)));
    hand.store();
    assert_eq!(hand.device.client.status().receiving, Some((7, 200)));
    assert_eq!(hand.device.rows().len(), 7);
    hand.say(&records(at(0), 0, &some(7..9)));
    hand.store();
    assert_eq!(hand.device.disk.point.cursor, 500);
}

#[test]
fn what_is_not_further_is_not_taken() {
    let mut hand = cold();
    hand.say(&records(at(300), 193, &some(0..3)));
    hand.store();
    let before = hand.device.disk.point;
    for stale in [
        at(300),
        at(400),
        // of a walk that set out elsewhere
        Walk {
            base: 7,
            ..later(510)
        },
        // impossible ones
        Walk {
            base: 0,
            above: 600,
            upto: 500,
            below: 550,
        },
    ] {
        hand.say(&records(stale, 1, &some(5..6)));
        hand.say(&changes(
            0,
            20,
            500,
            &[(record(6), made(record(6), "Yann"))],
        ));
        hand.store();
        assert_eq!(hand.device.disk.point, before);
        assert_eq!(hand.device.rows().len(), 3);
    }
    // Nor is a late frame of a walk that is over.
    hand.say(&records(at(0), 0, &[]));
    hand.store();
    hand.say(&records(at(100), 50, &some(5..6)));
    hand.store();
    let point = hand.device.disk.point;
    assert_eq!((point.cursor, point.walk), (500, None));
    assert_eq!(hand.device.rows().len(), 3);
}

#[test]
fn no_more_is_asked_for_than_the_disk_takes() {
    let mut hand = cold();
    let large = Kept {
        snapshot: Bytes(kept(record(1), 0, "Anne").snapshot.0),
        row: Bytes(vec![1; 700_000]),
        ..kept(record(1), 0, "Anne")
    };
    let mut asked = 0;
    for step in 0..6 {
        hand.say(&records(at(400 - step), 1, std::slice::from_ref(&large)));
        asked += hand
            .sent
            .drain(..)
            .filter(|it| matches!(it, ToRoom::Walk(_)))
            .count();
    }
    assert_eq!(asked, 1, "one is stored, one waits");
    let store = hand.stores.pop_front().unwrap();
    hand.device.store(store);
    hand.tell(Event::Stored);
    assert!(
        matches!(hand.sent.pop_front(), Some(ToRoom::Walk(_))),
        "the disk is free again"
    );
}

#[test]
fn pushing_goes_on_during_a_walk() {
    let mut hand = cold();
    hand.say(&records(at(400), 197, &some(0..3)));
    hand.store();
    hand.sent.clear();
    hand.put(record(1), "city", "Quimper");
    let (batch, items) = hand.pushed();
    assert_eq!(items.len(), 1);
    hand.say(&ToClient::Ack {
        batch,
        after: 500,
        upto: 501,
        outcomes: vec![Outcome::Accepted],
    });
    hand.store();
    let disk = &hand.device.disk;
    assert!(disk.outbox.is_empty());
    assert_eq!((disk.point.cursor, disk.point.walk), (0, Some(at(400))));
    // The edit raised its record's last position: the next round brings the record again.
    hand.say(&records(
        Walk {
            upto: 501,
            below: 500,
            ..later(0)
        },
        0,
        &[kept(record(1), 0, "Anne")],
    ));
    hand.store();
    assert_eq!(hand.device.disk.point.cursor, 501);
    let rows = hand.device.rows();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        hand.device.open(record(1)).changes().len(),
        2,
        "the edit is still there"
    );
}

#[test]
fn records_that_went_leave_with_the_part_of_the_walk_that_names_them() {
    let mut hand = Hand::live(10);
    hand.make(record(1), "Anne");
    let (batch, _) = hand.pushed();
    hand.say(&ToClient::Ack {
        batch,
        after: 10,
        upto: 11,
        outcomes: vec![Outcome::Accepted],
    });
    hand.store();
    hand.restart();
    hand.welcome(2, 900);
    let walk = Walk {
        base: 11,
        above: 11,
        upto: 900,
        below: 12,
    };
    hand.say(&ToClient::Records {
        walk,
        left: 1,
        notices: vec![Notice::Erased(record(1)), Notice::Forget(record(5))],
        records: Parcel::pack(&some(2..4)),
    });
    let Store {
        forget,
        records: came,
        ..
    } = hand.stores[0].clone();
    assert_eq!(
        forget,
        [
            (record(1), ForgetWhy::Erased),
            (record(5), ForgetWhy::Hidden)
        ]
    );
    assert_eq!(came.len(), 2);
    hand.store();
    assert!(!hand.device.disk.changes.contains_key(&record(1)));
}

#[test]
fn a_room_of_the_first_protocol_is_told_hello_again() {
    let mut hand = cold();
    hand.say(&records(at(400), 197, &some(0..3)));
    hand.store();
    hand.restart();
    assert!(matches!(hand.sent.pop_front(), Some(ToRoom::Greet { .. })));
    // What was not the greeting is of no account.
    hand.say(&ToClient::Refused(Refusal::Unsupported { message: 99 }));
    assert!(hand.sent.is_empty());
    hand.say(&ToClient::Refused(Refusal::Unsupported { message: 6 }));
    assert!(matches!(hand.sent.pop_front(), Some(ToRoom::Return { .. })));
    hand.say(&ToClient::Refused(Refusal::Unsupported { message: 4 }));
    assert!(matches!(hand.sent.pop_front(), Some(ToRoom::Hello(hello)) if hello.cursor == 0));
    hand.welcome(1, 500);
    let item = (record(9), made(record(9), "Yann"));
    hand.say(&changes(0, 1, 500, &[item]));
    assert_eq!(hand.sent.pop_front(), Some(ToRoom::Pull { after: 1 }));
    hand.store();
    let point = hand.device.disk.point;
    assert_eq!((point.cursor, point.walk), (1, None));
    assert_eq!(hand.device.rows().len(), 4);
}

#[test]
fn a_server_that_was_set_back_ends_the_walk() {
    let mut hand = cold();
    hand.say(&records(at(400), 197, &some(0..3)));
    hand.store();
    hand.restart();
    hand.sent.clear();
    let now = hand.now;
    hand.say(&ToClient::Welcome {
        protocol: 2,
        epoch: shared::sync::message::Epoch([2; 8]),
        head: 400,
        now,
    });
    hand.store();
    let point = hand.device.disk.point;
    assert_eq!((point.cursor, point.walk, point.offering), (0, None, true));
    let (_, offered) = hand.pushed();
    assert_eq!(offered.len(), 3, "and is offered what the walk had brought");
}
