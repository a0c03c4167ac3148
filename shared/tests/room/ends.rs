//! Records that are hidden, erased, or begin anew.

use crate::folded;
use crate::story::{Hand, Reader, Story, record};
use shared::crm::command::{Edit, Splice, Write};
use shared::document::Document;
use shared::id::RecordId;
use shared::sync::message::{Epoch, Outcome, Reason, ToClient};
use shared::sync::packed::unpack;
use shared::sync::room::{Entry, Event, Note, Sight};
use std::collections::BTreeMap;

/// What someone sees to whom some documents are hidden.
fn without(all: &BTreeMap<RecordId, Document>, hidden: &[u32]) -> BTreeMap<RecordId, Document> {
    let mut seen = all.clone();
    for number in hidden {
        seen.remove(&record(*number));
    }
    seen
}

fn hide(story: &mut Story, reader: &Reader, number: u32, sight: Sight) {
    let person = shared::id::PersonId([reader.number; 8]);
    let hidden = &mut story.room.policy_mut().hidden;
    match sight {
        Sight::Hidden => hidden.insert((person, record(number))),
        Sight::Shown => hidden.remove(&(person, record(number))),
    };
    story.happens(Event::PolicyChanged {
        person,
        changes: vec![(record(number), sight)],
    });
}

#[test]
fn what_is_hidden_leaves_the_device_and_comes_back_whole() {
    for is_away in [false, true] {
        for is_far in [false, true] {
            let (mut story, mut hand) = folded(600);
            let (mut reader, mut witness) = (Reader::new(8), Reader::new(9));
            for one in [&mut reader, &mut witness] {
                one.connect(&mut story);
                one.catch_up(&mut story);
                one.assert_holds(&hand.documents);
            }
            let mut round = |story: &mut Story, reader: &mut Reader, sight: Option<Sight>| {
                if is_away {
                    reader.leave(story);
                }
                if let Some(sight) = sight {
                    hide(story, reader, 3, sight);
                }
                let count = if is_far { 20 } else { 1 };
                for step in 0..count {
                    for number in 0..30 {
                        let city = format!("city {step} {number} {:?}", story.now);
                        hand.put(number, "city", &city, story.now);
                    }
                    let from = hand.made.len() - 30;
                    let made = hand.made[from..].to_vec();
                    story.push(&hand, &made);
                }
                if is_away {
                    reader.connect(story);
                }
                reader.catch_up(story);
                assert!(reader.is_live);
                hand.documents.clone()
            };
            let all = round(&mut story, &mut reader, Some(Sight::Hidden));
            reader.assert_holds(&without(&all, &[3]));
            let all = round(&mut story, &mut reader, None);
            reader.assert_holds(&without(&all, &[3]));
            let all = round(&mut story, &mut reader, Some(Sight::Shown));
            reader.assert_holds(&all);
            witness.catch_up(&mut story);
            witness.assert_holds(&all);
            // A new device of that person never hears of what is hidden.
            hide(&mut story, &reader, 5, Sight::Hidden);
            let mut new = Reader::new(8);
            new.socket = 1_000;
            new.connect(&mut story);
            let heard = story.sent[&new.socket].clone();
            let named = |message: &ToClient| match message {
                ToClient::Records { notices, .. } => !notices.is_empty(),
                ToClient::Changes { changes, .. } => {
                    let items = unpack(changes).unwrap();
                    items.iter().any(|item| item.document == record(5))
                }
                ToClient::Welcome { .. }
                | ToClient::Greeted { .. }
                | ToClient::EraBegan { .. }
                | ToClient::Ack { .. }
                | ToClient::Failed { .. }
                | ToClient::Pong { .. }
                | ToClient::Refused(_)
                | ToClient::UpdateNeeded { .. }
                | ToClient::News { .. } => false,
            };
            assert!(!heard.iter().any(named));
            new.catch_up(&mut story);
            new.assert_holds(&without(&all, &[5]));
        }
    }
}

#[test]
fn who_may_not_change_a_record_is_refused() {
    let (mut story, mut hand) = folded(10);
    let walls = story.room.policy_mut();
    walls.locked.insert((hand.person(), record(3)));
    let edit = hand.put(3, "city", "Quimper", story.now);
    let refused = Outcome::Refused(Reason::Forbidden);
    assert_eq!(story.push(&hand, &edit), [refused]);
    let next = hand.put(3, "city", "Brest", story.now);
    assert_ne!(story.push(&hand, &next), [Outcome::Accepted]);
    story.room.policy_mut().locked.clear();
    let both = [edit, next].concat();
    assert_eq!(story.push(&hand, &both), [Outcome::Accepted; 2]);
}

#[test]
fn what_was_erased_is_gone_for_good() {
    let (mut story, mut hand) = folded(600);
    let mut live = Reader::new(7);
    let mut near = Reader::new(8);
    let mut far = Reader::new(9);
    for reader in [&mut live, &mut near, &mut far] {
        reader.connect(&mut story);
        reader.catch_up(&mut story);
    }
    far.leave(&mut story);
    for step in 0..600 {
        let city = format!("city {step}");
        hand.put(100 + step % 20, "city", &city, story.now);
    }
    let from = hand.made.len() - 600;
    let made = hand.made[from..].to_vec();
    story.push(&hand, &made);
    let edit = hand.put(3, "city", "Quimper", story.now);
    story.push(&hand, &edit);
    story.rest();
    live.catch_up(&mut story);
    near.catch_up(&mut story);
    near.leave(&mut story);

    // One that lies in a block and in the log, one that does not exist, one with a stale copy.
    let ids = vec![record(3), record(100)];
    story.happens(Event::Erase {
        documents: [ids.as_slice(), &[record(9_999)]].concat(),
    });
    let erased = |note: &Note| matches!(note, Note::Erased { documents: 2, .. });
    assert!(story.notes.iter().any(erased));
    let log = story.room.log();
    assert!(!log.records.contains_key(&record(9_999)));
    for id in &ids {
        assert!(log.items().all(|item| item.document != *id));
        assert!(log.records[id].erased);
        assert!(!log.rows.contains_key(id));
        assert!(log.bindings.keys().all(|(of, _)| of != id));
        assert!(log.quarantined.keys().all(|(of, _)| of != id));
        let blocks = log.blocks.values().flat_map(|block| block.open().unwrap());
        assert!(blocks.into_iter().all(|kept| kept.document != *id));
    }
    let left = without(&hand.documents, &[3, 100]);
    for reader in [&mut near, &mut far] {
        reader.connect(&mut story);
    }
    for reader in [&mut live, &mut near, &mut far] {
        reader.catch_up(&mut story);
        assert!(reader.is_live);
        assert!(reader.erased.contains(&record(3)));
        reader.assert_holds(&left);
    }

    // Nobody brings it back: not its author, not a refill, not after more folding.
    let again: Vec<_> = hand
        .made
        .iter()
        .filter(|it| ids.contains(&it.0))
        .cloned()
        .collect();
    let gone = Outcome::Refused(Reason::Gone);
    for refill in [false, true] {
        let outcomes = story.offer(&hand, &again, refill);
        assert!(outcomes.iter().all(|it| *it == gone), "{outcomes:?}");
    }
    let newer: Vec<_> = again.iter().map(|it| (it.0, 7, it.2.clone())).collect();
    assert!(
        story
            .offer(&hand, &newer, true)
            .iter()
            .all(|it| *it == gone)
    );
    assert!(story.room.log().quarantined.is_empty());
    let head = story.room.log().head;
    story.happens(Event::Erase { documents: ids });
    assert_eq!(story.room.log().head, head, "erased once");
}

#[test]
fn a_room_that_just_woke_opens_only_the_blocks_that_hold_what_is_erased() {
    let (mut story, hand) = folded(1_200);
    let blocks = story.room.log().blocks.len();
    assert!(blocks > 3, "only {blocks} blocks");
    story.restart();
    let before = story.room.log().given.get();
    story.happens(Event::Erase {
        documents: vec![record(3), record(9_999)],
    });
    assert_eq!(story.room.log().given.get() - before, 1);
    assert!(story.room.log().records[&record(3)].erased);
    let mut fresh = Reader::new(9);
    fresh.connect(&mut story);
    fresh.catch_up(&mut story);
    fresh.assert_holds(&without(&hand.documents, &[3]));
}

#[test]
fn a_record_erased_while_its_change_is_checked_stays_gone() {
    let (mut story, mut hand) = folded(10);
    story.held = Some(Vec::new());
    let edit = hand.put(3, "city", "Quimper", story.now);
    let other = hand.put(4, "city", "Quimper", story.now);
    let both = [edit, other].concat();
    let items = both.iter().map(|(id, of, it)| (*id, *of, it.as_slice()));
    let (packed, _) = shared::sync::packed::pack(items);
    story.send_push(&hand, packed, false);
    story.happens(Event::Erase {
        documents: vec![record(3)],
    });
    story.release();
    let heard = story.heard(hand.socket);
    let outcomes = heard.iter().find_map(|message| match message {
        ToClient::Ack { outcomes, .. } => Some(outcomes.clone()),
        ToClient::Welcome { .. }
        | ToClient::Greeted { .. }
        | ToClient::EraBegan { .. }
        | ToClient::Changes { .. }
        | ToClient::Failed { .. }
        | ToClient::Pong { .. }
        | ToClient::Refused(_)
        | ToClient::UpdateNeeded { .. }
        | ToClient::Records { .. }
        | ToClient::News { .. } => None,
    });
    let expected = vec![Outcome::Refused(Reason::Gone), Outcome::Accepted];
    assert_eq!(outcomes, Some(expected));
}

#[test]
fn a_new_generation_takes_the_old_ones_place() {
    let (mut story, mut hand) = folded(600);
    let mut live = Reader::new(7);
    let mut near = Reader::new(8);
    for reader in [&mut live, &mut near] {
        reader.connect(&mut story);
        reader.catch_up(&mut story);
    }
    near.leave(&mut story);
    for step in 0..30 {
        let city = format!("city {step}");
        let edit = hand.put(3, "city", &city, story.now);
        story.push(&hand, &edit);
    }
    let backup = story.room.log().clone();
    let before = hand.documents[&record(3)].row(record(3)).unwrap();
    story.happens(Event::Squash {
        documents: vec![record(3)],
    });
    let squashed = |note: &Note| matches!(note, Note::Squashed { .. });
    assert!(story.notes.iter().any(squashed));
    assert_eq!(story.room.log().records[&record(3)].generation, 1);
    let late = hand.put(3, "city", "Vannes", story.now);
    let refused = Outcome::Refused(Reason::Squashed);
    assert_eq!(story.push(&hand, &late), [refused]);
    assert_eq!(story.offer(&hand, &late, true), [refused]);

    near.connect(&mut story);
    let mut new = Reader::new(9);
    new.connect(&mut story);
    for reader in [&mut live, &mut near, &mut new] {
        reader.catch_up(&mut story);
        assert!(reader.is_live);
        let (generation, document) = &reader.documents[&record(3)];
        assert_eq!(*generation, 1);
        assert_eq!(document.row(record(3)).unwrap(), before);
        assert!(document.len() <= 3);
    }

    // An edit of the new generation is taken, and folds like any other.
    let mut anew = Hand::new(1);
    let changes = live.documents[&record(3)].1.changes();
    let changes: Vec<_> = changes
        .into_iter()
        .map(|it| (record(3), 1, it.bytes))
        .collect();
    anew.learn(&changes);
    for step in 0..70 {
        let city = format!("town {step}");
        let edit = anew.put(3, "city", &city, story.now);
        let edit: Vec<_> = edit.into_iter().map(|it| (it.0, 1, it.2)).collect();
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
    }
    story.rest();
    assert!(story.room.log().records[&record(3)].folded > 0);
    live.catch_up(&mut story);
    let heads = anew.documents[&record(3)].heads();
    assert_eq!(live.documents[&record(3)].1.heads(), heads);

    // A server that was restored to before it is given the new generation by its devices.
    let mut backup = backup;
    backup.epoch = Epoch([2; 8]);
    let mut restored = Story::over(backup);
    restored.join(&hand);
    let offered = live.documents[&record(3)].1.changes().into_iter();
    let offered: Vec<_> = offered.map(|it| (record(3), 1, it.bytes)).collect();
    let first = &offered[..1];
    assert_eq!(restored.push(&hand, first), [Outcome::NeedsDependencies]);
    // The start of a note alone is no record: what the log has is not given up for it.
    let mut nothing = Document::new();
    let typed = Splice {
        at: 0,
        remove: 0,
        insert: "tôt".into(),
    };
    let seen = nothing.heads();
    let start = nothing.splice("notes", &seen, &typed, anew.writer(), restored.now);
    let start = (record(3), 1, start.unwrap().swap_remove(0).bytes);
    let outcomes = restored.offer(&hand, &[start], true);
    assert_eq!(outcomes, [Outcome::NeedsDependencies]);
    assert_eq!(restored.room.log().records[&record(3)].generation, 0);
    let outcomes = restored.offer(&hand, &offered, true);
    assert!(
        outcomes.iter().all(|it| *it == Outcome::Accepted),
        "{outcomes:?}"
    );
    assert_eq!(restored.room.log().records[&record(3)].generation, 1);
    let entry = |entry: &Entry| matches!(entry, Entry::Generation(of) if *of == record(3));
    assert!(restored.room.log().entries.values().any(entry));
    let mut reader = Reader::new(9);
    reader.connect(&mut restored);
    reader.catch_up(&mut restored);
    assert_eq!(reader.documents[&record(3)].1.heads(), heads);
}

#[test]
fn a_record_that_outgrew_itself_begins_anew_by_itself() {
    let (mut story, mut hand) = folded(10);
    for step in 0..3 {
        let writes = (0..8_000).map(|at| Write::put("city", format!("{step} {at}")));
        let edit = hand.edit(&Edit::of(record(3), writes.collect()), story.now);
        assert_eq!(story.push(&hand, &edit), [Outcome::Accepted]);
    }
    story.rest();
    assert_eq!(story.room.log().records[&record(3)].generation, 1);
    let mut reader = Reader::new(9);
    reader.connect(&mut story);
    reader.catch_up(&mut story);
    let row = hand.documents[&record(3)].row(record(3)).unwrap();
    assert_eq!(reader.documents[&record(3)].1.row(record(3)).unwrap(), row);
}

#[test]
fn what_the_log_never_held_is_not_erased() {
    let (mut story, _) = folded(20);
    let before = story.room.log().head;
    let documents: Vec<_> = (0..2_000).map(|number| record(90_000 + number)).collect();
    story.happens(Event::Erase { documents });
    assert_eq!(story.room.log().head, before, "no entry for any of them");
}
