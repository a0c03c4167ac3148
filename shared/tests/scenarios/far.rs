//! Devices far behind, against the real room.

use crate::record::fault;
use crate::world::device::Device;
use crate::world::{Faults, World, record};

/// A device with so many contacts, all on the server, and some edited again.
fn filled(seed: u64, contacts: u32) -> World {
    let mut world = World::new(1, seed);
    world.start_all();
    for number in 0..contacts {
        world.make_contact(0, record(number), "Anne");
    }
    world.run(20_000);
    for number in 0..contacts / 4 {
        world.put(0, record(number * 4), "city", "Quimper");
    }
    world.run(20_000);
    world
}

fn join(world: &mut World) -> usize {
    let at = world.devices.len();
    world.devices.push(Device::new(at as u8 + 1, world.now));
    world.start(at);
    at
}

#[test]
fn a_new_device_walks_and_reads_while_it_arrives() {
    let mut world = filled(101, 800);
    let at = join(&mut world);
    let mut seen = Vec::new();
    for _ in 0..200 {
        world.run(2);
        let status = world.devices[at].client.status();
        if let Some((done, all)) = status.receiving {
            assert!(!status.complete);
            assert!(all >= 800 && done <= all, "{done} of {all}");
            let here = world.devices[at].disk.changes.len() as u64;
            assert!(done <= here, "{done} of {here} on the device");
            seen.push(done);
        }
    }
    assert!(seen.is_sorted());
    assert!(seen.iter().any(|done| (1..800).contains(done)), "{seen:?}");
    assert!(world.devices[at].client.status().complete);
    world.assert_converged();
}

#[test]
fn a_walk_survives_kills_losses_and_edits_made_meanwhile() {
    for seed in 0..2 {
        let mut world = filled(seed, 560);
        let at = join(&mut world);
        world.faults = Faults {
            lose: 25,
            duplicate: 8,
            delay: 4,
            truncate: 25,
            flip: 25,
        };
        for step in 0..25 {
            world.run(15);
            let number = world.random(560) as u32;
            world.put(0, record(number), "city", &format!("city {step}"));
            if world.devices[at].disk.changes.contains_key(&record(number)) {
                world.put(at, record(number), "job_title", &format!("title {step}"));
            }
            match world.random(6) {
                0 => world.restart_device(at),
                1 => world.break_sockets(),
                2 => world.restart_room(),
                3 => world.devices[at].stores_fail = 1,
                _ => {}
            }
        }
        world.faults = Faults::default();
        world.devices[at].stores_fail = 0;
        world.run(300_000);
        world.assert_converged();
        for device in &world.devices {
            assert!(device.disk.refused.is_empty(), "seed {seed}");
        }
    }
    fault!(
        "F21",
        "kills and losses while a new device takes over hundreds of records",
        "it goes on in the middle of the walk and ends with everything"
    );
}

#[test]
fn a_device_away_for_long_gets_each_record_once() {
    let mut world = filled(102, 300);
    let at = join(&mut world);
    world.run(5_000);
    world.put(at, record(7), "job_title", "Acheteuse");
    world.run(5_000);
    world.go_offline();
    world.put(at, record(8), "job_title", "Directrice");
    world.run(100);
    let away = world.devices.pop().unwrap();
    // What it does not see: 10 records edited 130 times each.
    world.go_online();
    for round in 0..130 {
        for number in 0..10 {
            world.put(0, record(number), "city", &format!("city {round}"));
        }
        world.run(1_000);
    }
    world.devices.push(away);
    world.restart_device(at);
    let before = world.devices[at].bytes_received;
    world.run(60_000);
    world.assert_converged();
    let bytes = world.devices[at].bytes_received - before;
    // Its snapshots grow by a few bytes an edit; the last 64 edits of a record may come as they were.
    assert!(
        bytes < 50_000,
        "{bytes} bytes for 1,300 edits of 10 records"
    );
}

#[test]
fn a_restored_server_is_walked_anew_and_refilled() {
    let mut world = filled(103, 700);
    let at = join(&mut world);
    world.run(10_000);
    let backup = world.room.log().clone();
    for number in 0..50 {
        world.put(at, record(number), "job_title", "Acheteuse");
    }
    world.run(5_000);
    world.go_offline();
    world.put(0, record(60), "job_title", "Directrice");
    world.start_room(backup);
    world.go_online();
    world.run(60_000);
    world.assert_converged();
    for device in &world.devices {
        assert!(device.disk.refused.is_empty() && !device.disk.point.offering);
    }
    fault!(
        "F41",
        "a server with folded records is set back to a copy",
        "three devices walk it anew and offer what they have; everyone ends with everything"
    );
}

#[test]
fn what_others_upload_comes_once() {
    let mut world = World::new(2, 104);
    world.start_all();
    world.go_offline();
    for number in 0..1_500 {
        world.make_contact(0, record(number), "Anne");
    }
    world.restart_device(0);
    world.go_online();
    world.run(60_000);
    world.assert_converged();
    let (up, down) = (world.devices[0].bytes_sent, world.devices[1].bytes_received);
    assert!(down < up * 11 / 10, "{up} bytes up, {down} bytes down");
    let echo = world.devices[0].bytes_received;
    assert!(echo < 2 * 1_500, "{echo} bytes came back to their author");
}

#[test]
fn two_that_were_offline_exchange_their_edits_once() {
    let mut world = filled(105, 200);
    let at = join(&mut world);
    world.run(10_000);
    world.go_offline();
    for step in 0..600_u32 {
        let (mine, yours) = (record(step % 200), record((step * 7) % 200));
        world.put(0, mine, "city", &format!("city {step}"));
        world.put(at, yours, "job_title", &format!("title {step}"));
    }
    let weigh = |world: &World| -> usize {
        let devices = world.devices.iter();
        devices.map(|it| it.bytes_sent + it.bytes_received).sum()
    };
    let before = weigh(&world);
    world.go_online();
    world.run(60_000);
    world.assert_converged();
    let bytes = weigh(&world) - before;
    assert!(bytes < 1_200 * 80, "{bytes} bytes for 1,200 edits");
}
