//! Real clients against the real room, over a simulated network, clock and disk.

#![allow(clippy::unwrap_used, reason = "a test may stop where it fails")]

#[path = "faults"]
mod faults {
    //! The faults of docs/reliability.md that need no browser and no runtime, injected one by one.
    mod device;
    mod hostile;
    mod server;
    mod way;
    mod wire;
}
#[path = "scenarios"]
mod machine {
    //! The device's side against a room that is played by hand, and what it takes on the wire.
    mod ends;
    mod far;
    mod hand;
    mod outcomes;
    mod walk;
    mod weight;
}
#[path = "../../tests/lib/record.rs"]
mod record;
#[path = "scenarios/restored.rs"]
mod restored;
#[path = "world/world.rs"]
mod world;

use proptest::prelude::*;
use record::fault;
use shared::sync::client::{Event, Need};
use shared::sync::message::Reason;
use shared::sync::room::{LogError, Note};
use shared::time::Timestamp;
use world::{Faults, World, record};

/// Two devices that are online.
fn two(seed: u64) -> World {
    let mut world = World::new(2, seed);
    world.start_all();
    world.run(100);
    world
}

#[test]
fn what_one_makes_the_other_sees() {
    let mut world = two(1);
    world.make_contact(0, record(1), "Anne");
    world.run(100);
    world.put(1, record(1), "last_name", "Le Goff");
    world.run(100);
    world.assert_converged();
    let rows = world.devices[0].rows();
    assert_eq!(rows[&record(1)].title(), "Anne Le Goff");
    assert!(world.devices[0].client.status().online);
    assert!(world.devices[1].client.status().complete);
}

#[test]
fn two_that_were_offline_come_together() {
    let mut world = two(2);
    world.make_contact(0, record(1), "Anne");
    world.run(100);
    world.go_offline();
    world.put(0, record(1), "first_name", "Anna");
    world.put(0, record(1), "city", "Quimper");
    world.put(1, record(1), "first_name", "Annie");
    world.put(1, record(1), "job_title", "Acheteuse");
    world.make_contact(1, record(2), "Yann");
    world.run(86_400_000 * 21);
    assert_eq!(world.devices[0].client.status().waiting, 2);
    world.go_online();
    world.run(5_000);
    world.assert_converged();
    let row = &world.devices[0].rows()[&record(1)];
    assert_eq!(
        row.others.len(),
        1,
        "the other value is kept beside the winner"
    );
}

#[test]
fn a_reconnect_with_nothing_new_is_one_round_trip() {
    let mut world = two(3);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    world.go_offline();
    world.run(60_000);
    let before: Vec<_> = world
        .devices
        .iter()
        .map(|it| {
            (
                it.frames_sent,
                it.frames_received,
                it.bytes_sent + it.bytes_received,
            )
        })
        .collect();
    world.go_online();
    world.run(1_000);
    for (device, (sent, received, bytes)) in world.devices.iter().zip(before) {
        assert_eq!(
            (device.frames_sent - sent, device.frames_received - received),
            (1, 1)
        );
        // With the WebSocket's own: 6 bytes before a short frame to the server, 2 before one to us.
        let bytes = device.bytes_sent + device.bytes_received - bytes + 6 + 2;
        assert!(bytes <= 120, "{bytes} bytes");
        assert!(device.client.status().confirmed_at >= Some(Timestamp(world.now.0 - 1_000)));
    }
}

#[test]
fn a_live_edit_is_a_small_frame() {
    let mut world = two(4);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    let sent = world.devices[0].bytes_sent;
    let received = world.devices[1].bytes_received;
    world.put(0, record(1), "city", "Quimper");
    world.run(1_000);
    let up = world.devices[0].bytes_sent - sent;
    let down = world.devices[1].bytes_received - received;
    assert!(up <= 175 && down <= 175, "{up} bytes up, {down} bytes down");
}

#[test]
fn lost_acknowledgements_lead_to_no_duplicates() {
    let mut world = two(5);
    world.faults.lose = 3;
    for number in 0..40 {
        world.make_contact(0, record(number), "Anne");
        world.run(500);
    }
    world.faults = Faults::default();
    world.run(120_000);
    world.assert_converged();
    assert_eq!(world.room.log().head, 40);
    fault!(
        "F30",
        "a third of all frames is lost while forty contacts are made",
        "forty changes in the log, each once"
    );
}

#[test]
fn a_bad_network_changes_nothing_in_the_end() {
    for seed in 0..20 {
        let mut world = World::new(3, seed);
        world.start_all();
        world.faults = Faults {
            lose: 20,
            duplicate: 6,
            delay: 4,
            truncate: 15,
            flip: 15,
        };
        for step in 0..60 {
            let at = world.random(3) as usize;
            let id = record(world.random(6) as u32);
            if world.devices[at].disk.changes.contains_key(&id) {
                let city = format!("city {step}");
                world.put(at, id, "city", &city);
            } else {
                world.make_contact(at, id, "Anne");
            }
            let pause = world.random(3_000);
            world.run(pause as i64);
            match world.random(12) {
                0 => world.restart_device(at),
                1 => world.restart_room(),
                2 => world.break_sockets(),
                _ => {}
            }
        }
        world.faults = Faults::default();
        world.run(300_000);
        assert!(world.injected > 0);
        for device in &world.devices {
            let refused: Vec<_> = device.disk.refused.values().map(|(_, it)| it).collect();
            assert!(refused.is_empty(), "seed {seed}: {refused:?}");
        }
        world.assert_converged();
    }
    fault!(
        "F25",
        "frames lost, doubled, delayed, cut and flipped by chance between three devices that restart, twenty seeds",
        "nothing is refused, all devices show the same"
    );
}

#[test]
fn a_refused_change_is_shown_to_its_author_and_hurts_nobody_else() {
    let mut world = two(6);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    // A device whose clock is three years ahead.
    let real = world.now;
    world.now = Timestamp(real.0 + 3 * 365 * 86_400_000);
    let saved = world.devices[0].edit(
        &shared::crm::command::Edit::of(
            record(1),
            vec![shared::crm::command::Write::put("city", "Brest")],
        ),
        world.now,
    );
    world.now = real;
    world.tell(0, saved);
    world.make_contact(1, record(2), "Yann");
    world.run(1_000);
    let refused: Vec<_> = world.devices[0]
        .disk
        .refused
        .values()
        .map(|(_, reason)| *reason)
        .collect();
    assert_eq!(refused, [Reason::Time]);
    assert_eq!(
        world.room.log().quarantined.len(),
        1,
        "the server keeps it, too"
    );
    // What builds on it is refused with the reason, and everything else goes on.
    world.put(0, record(1), "city", "Rennes");
    world.make_contact(0, record(3), "Loïc");
    world.run(1_000);
    let last = world.devices[0].disk.refused.values().last().unwrap().1;
    assert_eq!(last, Reason::Builds);
    assert!(world.devices[0].client.status().online);
    assert_eq!(world.devices[1].rows().len(), 3);
    assert_eq!(world.devices[1].rows()[&record(1)].title(), "Anne");
}

#[test]
fn only_the_document_that_kills_the_validator_is_refused() {
    let mut world = two(7);
    world.go_offline();
    for number in 0..5 {
        world.make_contact(0, record(number), "Anne");
    }
    world.deadly.insert(record(3));
    world.go_online();
    world.run(60_000);
    assert_eq!(world.devices[1].rows().len(), 4);
    let refused = &world.devices[0].disk.refused;
    let reasons: Vec<_> = refused
        .values()
        .map(|(change, reason)| (change.document, *reason))
        .collect();
    assert_eq!(reasons, [(record(3), Reason::TooCostly)]);
    fault!(
        "F34",
        "five records at once, one of which the validator gives no answer about",
        "four are taken, the one is refused as too costly, kept on its device and on the server"
    );
}

#[test]
fn many_documents_that_kill_the_validator_are_tried_a_few_at_a_time() {
    let mut world = two(7);
    world.go_offline();
    for number in 0..12 {
        world.make_contact(0, record(number), "Anne");
    }
    world.deadly.extend((2..12).map(record));
    world.go_online();
    world.run(600_000);
    // One question about all, and one about each: a push ends soon after the third.
    let mut silent = 0;
    for note in &world.notes {
        silent += usize::from(matches!(note, Note::ValidatorSilent { .. }));
        assert!(silent <= 1 + 3);
        if matches!(note, Note::Pushed { .. }) {
            silent = 0;
        }
    }
    assert_eq!(world.devices[1].rows().len(), 2);
    let refused = world.devices[0].disk.refused.values();
    let costly = refused.filter(|(_, reason)| *reason == Reason::TooCostly);
    assert_eq!(costly.count(), 10);
}

#[test]
fn a_validator_that_is_down_refuses_nothing() {
    let mut world = two(8);
    world.validator_is_down = true;
    world.make_contact(0, record(1), "Anne");
    world.run(120_000);
    assert_eq!(world.devices[0].disk.refused.len(), 0);
    assert_eq!(world.devices[0].client.status().waiting, 1);
    world.validator_is_down = false;
    world.run(120_000);
    world.assert_converged();
    fault!(
        "F34",
        "a validator that answers nothing for two minutes",
        "nothing is refused; the change waits and is taken when the validator is back"
    );
}

#[test]
fn a_new_device_pulls_five_thousand_changes_in_batches() {
    let mut world = two(11);
    world.go_offline();
    for number in 0..5_000 {
        world.make_contact(0, record(number), "Anne");
    }
    world.restart_device(0);
    world.go_online();
    world.run(60_000);
    world.assert_converged();
    let frames = world.devices[1].frames_received;
    assert!(frames < 200, "{frames} frames");
    // The third comes later, and is cut off in the middle.
    world.devices.push(world::device::Device::new(3, world.now));
    world.start(2);
    world.run(60);
    let seen = world.devices[2].client.status();
    let (here, of) = seen.receiving.unwrap();
    assert!(here < of && of == 5_000, "{here} of {of}");
    let stored = world.devices[2].disk.point.walk;
    world.restart_device(2);
    assert!(stored.is_some() && world.devices[2].client.point().walk == stored);
    world.run(30_000);
    world.assert_converged();
    assert!(world.devices[2].client.status().complete);
    assert_eq!(world.devices[2].client.status().receiving, None);
}

#[test]
fn a_device_without_space_loses_nothing() {
    let mut world = two(12);
    world.devices[1].stores_fail = 2;
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    assert_eq!(
        world.devices[1].client.status().need,
        Some(Need::DeviceSpace)
    );
    assert_eq!(world.devices[1].disk.point.cursor, 0);
    world.run(120_000);
    world.assert_converged();
    assert_eq!(world.devices[1].client.status().need, None);
    fault!(
        "F4",
        "the disk refuses to store what the server sent",
        "the device says so, its cursor stands still, and it fetches everything later"
    );
}

#[test]
fn a_server_without_space_takes_the_changes_later() {
    let mut world = two(13);
    world.room.log_mut().fails = Some(LogError::Full);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    assert_eq!(
        world.devices[0].client.status().need,
        Some(Need::ServerSpace)
    );
    world.room.log_mut().fails = None;
    world.run(120_000);
    world.assert_converged();
    fault!(
        "F35",
        "the log has no space when a change is pushed",
        "the device says that the server is out of space and keeps the change; with space again it is taken"
    );
}

#[test]
fn a_secret_that_was_changed_asks_for_the_new_link() {
    let mut world = two(14);
    world.devices[0].socket = None;
    world.tell(0, Event::Closed { code: 4401 });
    assert_eq!(world.devices[0].client.status().need, Some(Need::Link));
    world.run(60_000);
    assert!(!world.devices[0].client.status().online);
    world.tell(0, Event::Nudged);
    world.run(1_000);
    assert!(world.devices[0].client.status().online);
}

#[test]
fn notes_that_everyone_starts_alike_are_sent_by_anyone() {
    let mut world = two(15);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    world.go_offline();
    for at in 0..2 {
        let device = &mut world.devices[at];
        let mut document = device.open(record(1));
        let splice = shared::crm::command::Splice {
            at: 0,
            remove: 0,
            insert: format!("note {at} "),
        };
        let heads = document.heads();
        let changes = document
            .splice("notes", &heads, &splice, device.writer(), world.now)
            .unwrap();
        assert_eq!(changes.len(), 2);
        let saved = device.save(record(1), changes.into_iter().map(|it| it.bytes));
        world.tell(at, saved);
    }
    world.go_online();
    world.run(2_000);
    for device in &world.devices {
        assert!(device.disk.refused.is_empty(), "device {}", device.number);
    }
    world.assert_converged();
    let note = world.devices[0].open(record(1)).note("notes");
    assert!(note.contains("note 0") && note.contains("note 1"), "{note}");
    fault!(
        "F61",
        "two devices start the same note offline and send its beginning both",
        "the note begins once and holds the words of both"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, rng_seed: proptest::test_runner::RngSeed::Fixed(2026), failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever they do and in whatever order, in the end all show the same.
    #[test]
    fn replicas_converge(steps in prop::collection::vec((0usize..3, 0u32..4, 0u8..8, 0i64..2_000), 1..60)) {
        let mut world = World::new(3, 1);
        world.start_all();
        for (at, number, what, pause) in steps {
            let id = record(number);
            let exists = world.devices[at].disk.changes.contains_key(&id);
            match what {
                0 if world.online => world.go_offline(),
                0 => world.go_online(),
                1 => world.restart_device(at),
                2 => world.restart_room(),
                _ if !exists => world.make_contact(at, id, "Anne"),
                3 => world.edit(at, &shared::crm::command::Edit::delete(id)),
                4 => world.edit(at, &shared::crm::command::Edit::restore(id)),
                other => world.put(at, id, "city", &format!("{other} {pause}")),
            }
            world.run(pause);
        }
        world.go_online();
        world.run(120_000);
        world.assert_converged();
        for device in &world.devices {
            prop_assert!(device.disk.refused.is_empty());
        }
    }
}
