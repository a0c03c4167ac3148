//! The room by itself, frame by frame: what it keeps, brings, ends and refuses.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "room/any.rs"]
mod any;
#[path = "room/ends.rs"]
mod ends;
#[path = "room/flood.rs"]
mod flood;
#[path = "room/folding.rs"]
mod folding;
#[path = "room/live.rs"]
mod live;
#[path = "world/memory_log.rs"]
mod memory_log;
#[path = "../../tests/lib/record.rs"]
mod record;
#[path = "room/story.rs"]
mod story;
#[path = "room/walking.rs"]
mod walking;

use shared::sync::message::Outcome;
use std::collections::BTreeMap;
use std::sync::Mutex;
use story::{Hand, Story};

/// Rooms that were filled and folded, by how many contacts they hold.
static FOLDED: Mutex<BTreeMap<u32, Folded>> = Mutex::new(BTreeMap::new());

#[derive(Clone)]
struct Folded {
    log: memory_log::MemoryLog,
    hand: Hand,
    now: shared::time::Timestamp,
    notes: Vec<shared::sync::room::Note>,
}

/// A room with so many contacts, made by one hand, and folded.
fn folded(contacts: u32) -> (Story, Hand) {
    let mut all = FOLDED.lock().unwrap_or_else(|broken| broken.into_inner());
    let folded = all.entry(contacts).or_insert_with(|| {
        let (mut story, hand) = raw(contacts);
        story.rest();
        Folded {
            log: story.room.log().clone(),
            hand,
            now: story.now,
            notes: story.notes,
        }
    });
    let folded = folded.clone();
    let mut story = Story::over(folded.log);
    story.now = folded.now;
    story.join(&folded.hand);
    story.heard(folded.hand.socket);
    story.notes = folded.notes;
    (story, folded.hand)
}

/// A room with so many contacts, made by one hand just now.
fn raw(contacts: u32) -> (Story, Hand) {
    let (mut story, mut hand) = (Story::new(), Hand::new(1));
    story.join(&hand);
    for number in 0..contacts {
        let now = story.now;
        hand.make(number, now);
    }
    let made = hand.made.clone();
    let outcomes = story.push(&hand, &made);
    assert!(outcomes.iter().all(|it| *it == Outcome::Accepted));
    story.heard(hand.socket);
    (story, hand)
}
