//! Records that are erased or begin a new generation, with devices that are elsewhere meanwhile.

use crate::world::{Faults, World, record};
use shared::sync::message::Reason;
use shared::sync::room::Event;

/// Three devices with some contacts.
fn three(seed: u64, contacts: u32) -> World {
    let mut world = World::new(3, seed);
    world.start_all();
    for number in 0..contacts {
        world.make_contact((number % 3) as usize, record(number), "Anne");
    }
    world.run(5_000);
    world
}

fn reasons(world: &World, at: usize) -> Vec<Reason> {
    let refused = world.devices[at].disk.refused.values();
    refused.map(|(_, reason)| *reason).collect()
}

#[test]
fn an_erased_record_leaves_every_device_and_stays_away() {
    let mut world = three(201, 4);
    world.go_offline();
    world.put(1, record(2), "city", "Quimper");
    world.put(1, record(3), "city", "Brest");
    world.tell_room(Event::Erase {
        documents: vec![record(2)],
    });
    world.go_online();
    world.run(10_000);
    world.assert_converged();
    assert_eq!(world.devices[0].rows().len(), 3);
    assert_eq!(reasons(&world, 1), [Reason::Gone]);
    // An old copy of a device does not bring it back.
    world.devices[2].disk.point.epoch = None;
    world.devices[2].disk.point.cursor = 0;
    world.devices[2].disk.point.offering = true;
    world.make_contact(2, record(2), "Anne");
    world.restart_device(2);
    world.run(10_000);
    let log = world.room.log();
    assert!(log.items().all(|item| item.document != record(2)));
    assert_eq!(reasons(&world, 2), [Reason::Gone]);
}

#[test]
fn offline_edits_are_taken_over_into_a_new_generation() {
    let mut world = three(202, 2);
    for step in 0..30 {
        world.put(0, record(0), "city", &format!("city {step}"));
        world.run(200);
    }
    world.go_offline();
    world.put(1, record(0), "job_title", "Acheteuse");
    world.put(2, record(0), "first_name", "Anna");
    world.put(2, record(1), "city", "Brest");
    world.tell_room(Event::Squash {
        documents: vec![record(0)],
    });
    world.run(2_000);
    world.go_online();
    world.run(30_000);
    world.assert_converged();
    for at in 0..3 {
        assert!(reasons(&world, at).is_empty(), "device {at}");
        assert_eq!(world.devices[at].generation(record(0)), 1, "device {at}");
        let history = world.devices[at].open(record(0)).changes().len();
        assert!(history < 10, "{history} changes");
        let row = &world.devices[at].rows()[&record(0)];
        assert_eq!(row.title(), "Anna");
        let said = format!("{row:?}");
        assert!(
            said.contains("Acheteuse") && said.contains("city 29"),
            "{said}"
        );
    }
    // All go on from there.
    for at in 0..3 {
        world.put(at, record(0), "city", &format!("later {at}"));
        world.run(1_000);
    }
    world.assert_converged();
}

#[test]
fn whatever_ends_meanwhile_nothing_is_lost_without_a_word() {
    let (mut erased, mut begun, mut told) = (0, 0, 0);
    for seed in 0..10 {
        let mut world = three(seed, 8);
        world.faults = Faults {
            lose: 25,
            duplicate: 8,
            delay: 4,
            truncate: 25,
            flip: 25,
        };
        for step in 0..60 {
            let at = world.random(3) as usize;
            let id = record(world.random(8) as u32);
            if world.devices[at].disk.changes.contains_key(&id) {
                world.put(at, id, "city", &format!("city {step}"));
            }
            match world.random(14) {
                0 => world.restart_device(at),
                1 => world.restart_room(),
                2 => world.break_sockets(),
                3 => world.tell_room(Event::Squash {
                    documents: vec![id],
                }),
                4 if step > 30 => world.tell_room(Event::Erase {
                    documents: vec![id],
                }),
                5 => world.devices[at].stores_fail = 1,
                _ => {}
            }
            let pause = world.random(1_500);
            world.run(pause as i64);
        }
        world.faults = Faults::default();
        for device in &mut world.devices {
            device.stores_fail = 0;
        }
        world.run(300_000);
        world.assert_converged();
        let log = world.room.log();
        for at in 0..3 {
            for (change, reason) in world.devices[at].disk.refused.values() {
                let erased = log.records[&change.document].erased;
                assert!(erased && *reason == Reason::Gone, "seed {seed}: {reason:?}");
            }
            for id in world.devices[at].disk.changes.keys() {
                assert!(!log.records[id].erased);
                let generation = world.devices[at].generation(*id);
                assert_eq!(generation, log.records[id].generation, "seed {seed}");
            }
        }
        let records = log.records.values();
        erased += records.clone().filter(|record| record.erased).count();
        begun += records
            .filter(|record| record.generation > 0 && !record.erased)
            .count();
        let devices = world.devices.iter();
        told += devices.map(|it| it.disk.refused.len()).sum::<usize>();
        assert!(world.injected > 0);
    }
    assert!(erased > 0 && begun > 0 && told > 0);
}
