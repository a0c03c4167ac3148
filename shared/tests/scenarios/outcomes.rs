//! What becomes of changes that the server does not take, and of records that come and go as a whole.

use super::hand::{Hand, changes, kept, made, news};
use crate::record::fault;
use crate::world::record;
use shared::sync::client::{Event, ForgetWhy};
use shared::sync::message::{Failure, Notice, Outcome, Reason, ToClient, ToRoom};

const SQUASHED: Outcome = Outcome::Refused(Reason::Squashed);

/// A live device with a record that the server has, at position 11.
fn with_a_record() -> Hand {
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
    assert_eq!(hand.device.disk.point.cursor, 11);
    hand
}

fn reasons(hand: &Hand) -> Vec<Reason> {
    let refused = hand.device.disk.refused.values();
    refused.map(|(_, reason)| *reason).collect()
}

#[test]
fn records_come_and_go_in_the_transaction_of_the_cursor() {
    let mut hand = with_a_record();
    let (two, three) = (record(2), record(3));
    // While one transaction runs, the next one gathers: a change, and then its record goes.
    hand.say(&changes(11, 12, 12, &[(record(4), made(record(4), "Léa"))]));
    hand.say(&changes(12, 13, 13, &[(two, made(two, "Yann"))]));
    let gone = vec![Notice::Forget(two), Notice::Erased(record(1))];
    hand.say(&news(13, 15, gone, &[kept(three, 0, "Loïc")]));
    let first = hand.stores.pop_front().unwrap();
    assert_eq!((first.point.cursor, first.received.len()), (12, 1));
    hand.device.store(first);
    hand.tell(Event::Stored);
    let next = hand.stores[0].clone();
    assert_eq!(next.point.cursor, 15);
    assert_eq!(
        next.received.len(),
        0,
        "what was said of a record that went is void"
    );
    assert_eq!(
        next.forget,
        [(two, ForgetWhy::Hidden), (record(1), ForgetWhy::Erased)]
    );
    assert_eq!(next.records.len(), 1);
    // It comes back before that is stored: then it is there.
    hand.say(&news(15, 16, Vec::new(), &[kept(two, 0, "Yann")]));
    hand.store();
    hand.store();
    let rows = hand.device.rows();
    let ids: Vec<_> = rows.keys().copied().collect();
    assert_eq!(ids, [two, three, record(4)]);
    assert_eq!(hand.device.disk.point.cursor, 16);
}

#[test]
fn one_that_went_and_came_back_in_one_stretch_keeps_what_waits() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    hand.sent.clear();
    let mut whole = kept(record(1), 0, "Anne");
    let mine = hand.device.disk.changes[&record(1)][0].clone();
    whole.snapshot.0.clear();
    whole.changes = vec![shared::sync::validation::Bytes(mine)];
    hand.say(&news(11, 13, vec![Notice::Forget(record(1))], &[whole]));
    hand.store();
    assert_eq!(hand.device.disk.outbox.len(), 1);
    assert_eq!(hand.device.open(record(1)).changes().len(), 2);
}

#[test]
fn news_that_begins_later_is_pulled_for() {
    let mut hand = with_a_record();
    hand.say(&news(20, 21, vec![Notice::Erased(record(1))], &[]));
    assert_eq!(hand.sent.pop_front(), Some(ToRoom::Pull { after: 11 }));
    assert_eq!(hand.stores.len(), 0);
}

#[test]
fn edits_of_a_past_generation_are_made_again_in_the_new_one() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, _) = hand.pushed();
    hand.put(record(1), "city", "Brest");
    let (second, _) = hand.pushed();
    // The record begins a new generation before the push arrives.
    hand.say(&news(11, 13, Vec::new(), &[kept(record(1), 1, "Anna")]));
    hand.answer(batch, 13, vec![SQUASHED]);
    hand.store();
    assert_eq!(hand.device.disk.point.cursor, 13);
    let (third, again) = hand.pushed();
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|change| change.generation == 1));
    hand.answer(second, 13, vec![SQUASHED]);
    hand.store();
    assert_eq!(
        hand.sent.pop_front(),
        None,
        "the old ones are not sent again"
    );
    hand.say(&ToClient::Ack {
        batch: third,
        after: 13,
        upto: 15,
        outcomes: vec![Outcome::Accepted; 2],
    });
    hand.store();
    let status = hand.device.client.status();
    assert_eq!((status.waiting, hand.device.disk.outbox.len()), (0, 0));
    assert!(reasons(&hand).is_empty());
    let row = &hand.device.rows()[&record(1)];
    assert_eq!(row.title(), "Anna");
    assert_eq!(hand.device.open(record(1)).changes().len(), 3);
}

#[test]
fn an_edit_that_was_answered_before_the_new_generation_came_waits_for_it() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, _) = hand.pushed();
    hand.answer(batch, 13, vec![SQUASHED]);
    hand.store();
    assert_eq!(
        hand.device.disk.outbox.len(),
        1,
        "nothing is lost meanwhile"
    );
    assert_eq!(hand.device.client.status().waiting, 1);
    // Killed in between: it is tried again, with the same end.
    hand.restart();
    hand.sent.clear();
    hand.welcome(2, 13);
    let (batch, _) = hand.pushed();
    hand.answer(batch, 13, vec![SQUASHED]);
    hand.say(&news(11, 13, Vec::new(), &[kept(record(1), 1, "Anna")]));
    hand.store();
    let (batch, again) = hand.pushed();
    assert_eq!((again.len(), again[0].generation), (1, 1));
    hand.say(&ToClient::Ack {
        batch,
        after: 13,
        upto: 14,
        outcomes: vec![Outcome::Accepted],
    });
    hand.store();
    assert_eq!(hand.device.client.status().waiting, 0);
    assert!(hand.device.disk.outbox.is_empty() && reasons(&hand).is_empty());
}

#[test]
fn an_edit_whose_new_generation_never_comes_is_shown_as_refused() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, _) = hand.pushed();
    hand.answer(batch, 12, vec![SQUASHED]);
    assert!(hand.stores.is_empty());
    hand.say(&changes(11, 12, 12, &[]));
    hand.store();
    assert_eq!(reasons(&hand), [Reason::Squashed]);
    assert_eq!(hand.device.client.status().waiting, 0);
}

#[test]
fn edits_of_an_erased_record_are_shown_as_refused() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, _) = hand.pushed();
    hand.put(record(1), "city", "Brest");
    hand.sent.clear();
    hand.say(&news(11, 12, vec![Notice::Erased(record(1))], &[]));
    hand.answer(batch, 12, vec![Outcome::Refused(Reason::Gone)]);
    hand.store();
    assert_eq!(reasons(&hand), [Reason::Gone; 2]);
    assert!(hand.device.disk.outbox.is_empty() && hand.device.rows().is_empty());
    assert_eq!(hand.device.client.status().waiting, 0);
    assert_eq!(hand.sent.pop_front(), None);
}

#[test]
fn an_edit_that_the_person_may_not_make_is_shown_as_refused() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, _) = hand.pushed();
    hand.answer(batch, 11, vec![Outcome::Refused(Reason::Forbidden)]);
    hand.store();
    assert_eq!(reasons(&hand), [Reason::Forbidden]);
    assert_eq!(hand.device.client.status().waiting, 0);
}

#[test]
fn a_device_that_sends_too_fast_waits_a_little() {
    let mut hand = with_a_record();
    hand.put(record(1), "city", "Quimper");
    let (batch, first) = hand.pushed();
    let failure = Failure::TooFast;
    hand.say(&ToClient::Failed { batch, failure });
    assert_eq!(hand.sent.pop_front(), None);
    hand.wait(400);
    assert_eq!(hand.sent.pop_front(), None);
    hand.wait(700);
    assert_eq!(hand.pushed().1, first);
}

#[test]
fn edits_of_a_clock_that_was_years_ahead_are_made_again() {
    let mut hand = with_a_record();
    hand.device.makes_again = true;
    let real = hand.now;
    hand.now.0 += 3 * 365 * 86_400_000;
    hand.put(record(1), "city", "Quimper");
    let (first, _) = hand.pushed();
    hand.put(record(1), "job_title", "Acheteuse");
    let (second, _) = hand.pushed();
    hand.put(record(1), "city", "Brest");
    assert_eq!(hand.sent.pop_front(), None, "two batches are under way");
    // The engine learns what time it is, and makes all three again.
    hand.now = real;
    hand.answer(first, 11, vec![Outcome::Refused(Reason::Time)]);
    hand.store();
    hand.answer(second, 11, vec![Outcome::Refused(Reason::Builds)]);
    hand.store();
    let mut again = Vec::new();
    loop {
        // The one that was on its way is pulled: what was made again may be without it.
        hand.sent
            .retain(|sent| !matches!(sent, ToRoom::Pull { .. }));
        if hand.sent.is_empty() {
            break;
        }
        let (batch, changes) = hand.pushed();
        hand.say(&ToClient::Ack {
            batch,
            after: 11 + again.len() as u64,
            upto: 11 + (again.len() + changes.len()) as u64,
            outcomes: vec![Outcome::Accepted; changes.len()],
        });
        again.extend(changes);
    }
    hand.store();
    hand.store();
    assert_eq!(
        again.len(),
        4,
        "the last of the old ones was on its way: {again:?}"
    );
    assert!(reasons(&hand).is_empty());
    assert_eq!(hand.device.client.status().waiting, 0);
    assert!(hand.device.disk.outbox.is_empty());
    assert_eq!(hand.device.open(record(1)).changes().len(), 4);
    fault!(
        "F16",
        "three edits by a clock three years ahead, two of them under way when the right time is learned",
        "all are made again by the right time and taken; nothing is left refused"
    );
}

#[test]
fn what_builds_on_a_batch_that_was_put_off_waits_for_it() {
    let mut hand = with_a_record();
    for turn in 0..3 {
        hand.put(record(1), "city", &format!("Vannes {turn}"));
        let (first, sent) = hand.pushed();
        hand.put(record(1), "city", &format!("Auray {turn}"));
        let (second, next) = hand.pushed();
        let failure = Failure::Busy;
        hand.say(&ToClient::Failed {
            batch: first,
            failure,
        });
        hand.answer(second, 11 + 2 * turn, vec![Outcome::NeedsDependencies]);
        hand.wait(10_000);
        // Both go again, one after the other, and nothing else.
        let (again, both) = hand.pushed();
        assert_eq!(both, [sent, next].concat());
        hand.answer(again, 13 + 2 * turn, vec![Outcome::Accepted; 2]);
        hand.store();
        assert!(hand.device.disk.refused.is_empty());
    }
    assert_eq!(hand.device.client.status().waiting, 0);
}
