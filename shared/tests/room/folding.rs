//! Raw changes become snapshots, and nothing is lost or taken twice by it.

use crate::record::fault;
use crate::story::{Hand, Reader, record};
use crate::{folded, raw};
use shared::crm::command::{Edit, Write};
use shared::id::Writer;
use shared::sync::message::{Outcome, Reason};
use shared::sync::room::{Event, Note};

#[test]
fn many_documents_at_rest_lie_in_blocks() {
    let (story, hand) = folded(700);
    let log = story.room.log();
    assert!(log.items().count() <= 64, "{} are raw", log.items().count());
    assert_eq!(log.records.len(), 700);
    assert!(log.blocks.len() <= 4, "{} blocks", log.blocks.len());
    let bytes: usize = log.blocks.values().map(|block| block.0.len()).sum();
    assert!(bytes / 700 < 250, "{} bytes a contact", bytes / 700);
    let note = |note: &Note| matches!(note, Note::Folded { documents: 256, .. });
    assert!(story.notes.iter().any(note));
    assert_eq!(log.head, hand.made.len() as u64);
    let few = folded(300).0;
    assert!(few.room.log().blocks.is_empty(), "few stay raw");
}

#[test]
fn a_replay_of_what_was_folded_is_acknowledged_and_stored_once() {
    let (mut story, hand) = folded(600);
    let before = story.room.log().clone();
    let outcomes = story.push(&hand, &hand.made);
    assert!(outcomes.iter().all(|it| *it == Outcome::Accepted));
    // A device that lives again offers everything, whoever made it.
    let other = Hand::new(2);
    story.join(&other);
    let outcomes = story.offer(&other, &hand.made, true);
    assert!(outcomes.iter().all(|it| *it == Outcome::Accepted));
    assert_eq!(story.room.log().head, before.head);
    assert_eq!(story.room.log().names(), before.names());
}

#[test]
fn a_change_that_builds_on_folded_ones_is_taken() {
    let (mut story, mut hand) = folded(600);
    let now = story.now;
    let head = story.room.log().head;
    let first = hand.put(3, "city", "Quimper", now);
    assert_eq!(story.push(&hand, &first), [Outcome::Accepted]);
    let mut other = Hand::new(2);
    other.learn(&hand.made);
    story.join(&other);
    let theirs = other.put(4, "city", "Rennes", now);
    assert_eq!(story.push(&other, &theirs), [Outcome::Accepted]);
    assert_eq!(story.room.log().head, head + 2);

    // One whose own predecessor never came, and one that builds on it.
    let lost = hand.put(5, "city", "Lorient", now);
    let next = hand.put(5, "city", "Vannes", now);
    assert_eq!(story.push(&hand, &next), [Outcome::NeedsDependencies]);
    let both = [lost, next].concat();
    assert_eq!(story.push(&hand, &both), [Outcome::Accepted; 2]);

    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    other.learn(&hand.made);
    reader.assert_holds(&other.documents);
}

#[test]
fn a_writer_that_lives_twice_is_found_out_behind_a_snapshot() {
    let (mut story, hand) = folded(600);
    // The device was restored from a backup: it gives its first number once more.
    let mut twin = Hand::new(1);
    let writes = vec![Write::put("first_name", "Annick")];
    let made = twin.edit(
        &Edit::make(record(3), shared::crm::Kind::Contact, writes),
        story.now,
    );
    let next = twin.put(3, "city", "Brest", story.now);
    let head = story.room.log().head;
    let refused = Outcome::Refused(Reason::Sequence);
    assert_eq!(story.push(&hand, &made), [refused]);
    let both = [made, next].concat();
    let outcomes = story.push(&hand, &both);
    assert!(matches!(outcomes[0], Outcome::Refused(_)), "{outcomes:?}");
    assert_ne!(outcomes[1], Outcome::Accepted);
    assert_eq!(story.room.log().head, head);
}

#[test]
fn a_process_that_dies_while_the_validator_folds_has_lost_nothing() {
    let (mut story, hand) = raw(600);
    let before = story.room.log().names();
    story.held = Some(Vec::new());
    story.rest();
    assert_eq!(story.held.as_ref().map(Vec::len), Some(1));
    assert_eq!(story.room.log().names(), before, "nothing went yet");
    story.restart();
    assert_eq!(story.room.log().names(), before);
    story.rest();
    assert!(story.room.log().items().count() <= 64);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
    fault!(
        "F9",
        "the room's process dies while the validator makes snapshots of six hundred records",
        "no change left the log; the next start folds, and a new device gets all of them"
    );
}

#[test]
fn folding_waits_while_a_device_is_brought_its_records() {
    let (mut story, _) = raw(1_600);
    story.held = Some(Vec::new());
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    story.now.0 += 800;
    assert!(reader.step(&mut story), "the walk goes on");
    // The last push is longer ago than the room rests, the last part of the walk is not.
    story.now.0 += 800;
    story.happens(Event::Woke);
    assert_eq!(story.held.as_ref().map(Vec::len), Some(0));
    story.rest();
    assert_eq!(story.held.as_ref().map(Vec::len), Some(1));
}

#[test]
fn what_is_written_while_the_validator_folds_stays_raw() {
    let (mut story, mut hand) = raw(570);
    story.held = Some(Vec::new());
    story.rest();
    // The first question is about the documents that rested longest.
    let edit = hand.put(0, "city", "Quimper", story.now);
    let items = edit.iter().map(|(id, of, it)| (*id, *of, it.as_slice()));
    let (packed, _) = shared::sync::packed::pack(items);
    story.send_push(&hand, packed, false);
    story.release();
    story.rest();
    let log = story.room.log();
    let stands = log.records[&record(0)];
    assert_eq!(stands.folded, 1);
    assert_eq!((stands.raw, stands.last), (1, 571));
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
    let row = shared::crm::row::Row::from_bytes(&reader.rows[&record(0)]).unwrap();
    assert_eq!(row, hand.documents[&record(0)].row(record(0)).unwrap());
    fault!(
        "F9",
        "a record is edited between the question for its snapshot and the answer",
        "the snapshot covers what was asked about, the edit stays a single change, a new device gets both"
    );
}

#[test]
fn a_record_that_is_edited_for_long_stays_small() {
    let (mut story, mut hand) = folded(10);
    for step in 0..500 {
        let city = format!("city {step}");
        let edit = hand.put(1, "city", &city, story.now);
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
        if step % 50 == 49 {
            story.rest();
        }
    }
    story.rest();
    let stands = story.room.log().records[&record(1)];
    assert!(stands.raw <= 64, "{} are raw", stands.raw);
    assert_eq!(story.room.log().blocks.len(), 1);
}

#[test]
fn blocks_of_which_little_is_left_are_made_one() {
    let (mut story, mut hand) = folded(20);
    for number in 0..20 {
        for step in 0..70 {
            let city = format!("city {step}");
            hand.put(number, "city", &city, story.now);
        }
        let from = hand.made.len() - 70;
        let made = hand.made[from..].to_vec();
        story.push(&hand, &made);
        story.rest();
    }
    assert!(
        story.room.log().blocks.len() < 8,
        "{}",
        story.room.log().blocks.len()
    );
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
}

#[test]
fn a_validator_that_says_nothing_stops_no_push() {
    let (mut story, mut hand) = raw(600);
    story.held = Some(Vec::new());
    story.rest();
    let held = story.held.take().unwrap();
    story.happens(Event::Unanswered(held[0].0));
    let edit = hand.put(0, "city", "Quimper", story.now);
    assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
    story.rest();
    assert!(story.room.log().items().count() <= 64, "it is tried again");
    fault!(
        "F37",
        "the validator gives no answer where snapshots are asked for",
        "pushes are taken meanwhile, and the folding is done later"
    );
}

#[test]
fn a_forged_writer_is_refused_behind_a_snapshot_too() {
    let (mut story, hand) = folded(600);
    let mut thief = Hand::new(2);
    thief.learn(&hand.made);
    story.join(&thief);
    let document = thief.documents.get_mut(&record(1)).unwrap();
    let writer = Writer {
        person: hand.person(),
        instance: [1; 8],
    };
    let edit = Edit::of(record(1), vec![Write::put("city", "Paris")]);
    let forged = document.edit(&edit, writer, story.now).unwrap().changes;
    let change = (record(1), 0, forged[0].bytes.clone());
    let refused = Outcome::Refused(Reason::Writer);
    assert_eq!(story.push(&thief, &[change]), [refused]);
}

#[test]
fn a_document_that_the_log_lost_is_taken_again_from_a_device() {
    let (mut story, mut hand) = folded(10);
    story.room.log_mut().lose(record(3), record(9_999));
    let edit = hand.put(3, "city", "Quimper", story.now);
    assert_eq!(story.push(&hand, &edit), [Outcome::NeedsDependencies]);
    let whole: Vec<_> = hand
        .made
        .iter()
        .filter(|it| it.0 == record(3))
        .cloned()
        .collect();
    let outcomes = story.offer(&hand, &whole, true);
    assert_eq!(outcomes, [Outcome::Accepted; 2]);
    fault!(
        "F41",
        "the log lost a record that was folded",
        "its device offers it again and it is taken"
    );
}

#[test]
fn a_room_that_never_rests_folds_between_pushes() {
    let (mut story, mut hand) = raw(600);
    for step in 0..900 {
        let city = format!("city {step}");
        let edit = hand.put(step % 10, "city", &city, story.now);
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
        story.heard(hand.socket);
    }
    let log = story.room.log();
    assert!(!log.blocks.is_empty());
    let hot = log.records.values().map(|record| record.raw).max();
    assert!(hot < Some(200), "{hot:?} raw changes of one document");
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    reader.assert_holds(&hand.documents);
}
