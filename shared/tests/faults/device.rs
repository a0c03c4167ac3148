//! Devices that are killed, wiped, set back, copied, or whose clock is wrong.

use crate::record::fault;
use crate::world::device::Device;
use crate::world::{Faults, World, record};
use shared::crm::command::{Edit, Write};
use shared::sync::client::Need;
use shared::sync::message::Reason;
use shared::time::Timestamp;

const YEAR: i64 = 365 * 86_400_000;

fn online(devices: u8, seed: u64) -> World {
    let mut world = World::new(devices, seed);
    world.start_all();
    world.run(100);
    world
}

fn city(world: &World, at: usize, number: u32) -> String {
    let row = &world.devices[at].rows()[&record(number)];
    row.text(&shared::crm::contact::CITY).to_owned()
}

#[test]
fn what_was_saved_and_not_sent_is_sent_at_the_next_start() {
    let mut world = online(2, 2);
    // Saved, and the engine dies before it hears of it.
    let make = Edit::make(
        record(1),
        shared::crm::Kind::Contact,
        vec![Write::put("first_name", "Anne")],
    );
    let now = world.now;
    world.devices[0].edit(&make, now);
    assert_eq!(world.devices[0].client.status().waiting, 0);
    assert_eq!(world.room.log().names().len(), 0);
    world.restart_device(0);
    assert_eq!(world.devices[0].client.status().waiting, 1);
    world.run(1_000);
    world.assert_converged();
    assert_eq!(world.devices[1].rows().len(), 1);
    fault!(
        "F2",
        "the engine dies between the commit of an edit and its first frame",
        "the next start counts it as waiting and sends it; the other device has it"
    );
}

#[test]
fn what_the_server_took_and_the_device_did_not_note_is_stored_once() {
    let mut world = online(2, 3);
    world.make_contact(0, record(1), "Anne");
    while world.room.log().names().is_empty() {
        world.run(1);
    }
    assert_eq!(world.devices[0].disk.outbox.len(), 1);
    world.restart_device(0);
    world.run(5_000);
    world.assert_converged();
    assert_eq!(world.room.log().names().len(), 1);
    assert!(world.devices[0].disk.refused.is_empty());
    fault!(
        "F3",
        "the engine dies when the server has committed and before the acknowledgement is on the disk",
        "the change is sent again, acknowledged, and in the log once"
    );
}

#[test]
fn a_wiped_device_takes_over_all_that_was_sent() {
    let mut world = online(2, 6);
    for number in 0..30 {
        world.make_contact(0, record(number), "Anne");
    }
    world.run(2_000);
    world.assert_converged();
    let written_before = world.devices[0].writer();
    world.go_offline();
    world.devices[0] = Device::new(3, world.now);
    world.start(0);
    world.go_online();
    world.run(10_000);
    world.assert_converged();
    assert_eq!(world.devices[0].rows().len(), 30);
    assert_ne!(world.devices[0].writer(), written_before);
    world.put(0, record(1), "city", "Quimper");
    world.run(1_000);
    world.assert_converged();
    fault!(
        "F6",
        "everything on the device is gone, and it comes back by the link",
        "a new device with a new writer, with all thirty records; its next edit is taken"
    );
}

#[test]
fn a_full_device_stops_taking_and_goes_on_when_there_is_room() {
    let mut world = online(2, 4);
    world.devices[1].stores_fail = 3;
    for number in 0..10 {
        world.make_contact(0, record(number), "Anne");
        world.run(20);
    }
    world.run(2_000);
    let needs = world.devices[1].client.status().need;
    assert_eq!(needs, Some(Need::DeviceSpace));
    assert_eq!(world.devices[1].disk.point.cursor, 0);
    world.run(240_000);
    world.assert_converged();
    assert_eq!(world.devices[1].client.status().need, None);
    fault!(
        "F4",
        "three transactions in a row that store what came fail for lack of space",
        "the person is told, the cursor stands still; with room again everything is fetched"
    );
}

#[test]
fn clocks_that_are_years_off_order_nothing() {
    let mut world = online(2, 16);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    let real = world.now;
    // One edits in the right year, then the other, who knows of it, two years before.
    world.put(0, record(1), "city", "Brest");
    world.run(1_000);
    let past = Timestamp(real.0 - 2 * YEAR);
    let edit = Edit::of(record(1), vec![Write::put("city", "Rennes")]);
    let saved = world.devices[1].edit(&edit, past);
    world.tell(1, saved);
    world.run(1_000);
    world.assert_converged();
    assert_eq!(city(&world, 0, 1), "Rennes", "the later edit counts");
    // Twenty years before, and three ahead: no time that the server takes.
    for (number, years) in [(2, -20), (3, 3)] {
        let make = Edit::make(
            record(number),
            shared::crm::Kind::Contact,
            vec![Write::put("first_name", "Yann")],
        );
        let saved = world.devices[1].edit(&make, Timestamp(real.0 + years * YEAR));
        world.tell(1, saved);
        world.run(1_000);
    }
    let refused = world.devices[1].disk.refused.values();
    let reasons: Vec<_> = refused.map(|(_, reason)| *reason).collect();
    assert_eq!(reasons, [Reason::Time, Reason::Time]);
    assert_eq!(world.devices[1].rows().len(), 3, "its author keeps it");
    fault!(
        "F16",
        "edits by clocks two years behind, twenty behind and three ahead",
        "the edit made last counts; the two impossible times are refused with that reason and kept on the device"
    );
}

#[test]
fn a_clock_that_jumps_ends_no_wait_too_late() {
    let mut world = online(1, 17);
    // Set back by a year while an acknowledgement is awaited.
    world.faults.lose = 1;
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    world.devices[0].wake_at = None;
    world.now = Timestamp(world.now.0 - YEAR);
    world.faults = Faults::default();
    let end = world.now.0 + 120_000;
    while world.now.0 < end {
        world.tell(0, shared::sync::client::Event::Woke);
        world.run(1_000);
    }
    assert_eq!(world.devices[0].client.status().waiting, 0);
    fault!(
        "F16",
        "the clock is set back by a year while an answer is awaited",
        "the wait ends all the same and the change is sent again"
    );
}

#[test]
fn a_device_restored_from_a_backup_goes_on_as_a_new_writer() {
    let mut world = online(2, 17);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    world.go_offline();
    world.put(0, record(1), "city", "Brest");
    // The backup holds an edit that is not sent yet.
    let backup = world.devices[0].disk.clone();
    world.go_online();
    world.run(1_000);
    for number in 2..8 {
        world.make_contact(0, record(number), "Yann");
        world.put(0, record(1), "city", "Vannes");
        world.run(500);
    }
    world.assert_converged();
    let before = world.room.log().names();
    world.devices[0].disk = backup;
    let writer = world.devices[0].writer();
    world.restart_device(0);
    world.put(0, record(1), "job_title", "Gérante");
    world.run(5_000);
    world.assert_converged();
    let after = world.room.log().names();
    assert!(after.is_superset(&before) && after.len() == before.len() + 1);
    assert_ne!(world.devices[0].writer(), writer);
    assert_eq!(world.devices[0].rows().len(), 7);
    assert_eq!(city(&world, 0, 1), "Vannes");
    fault!(
        "F17",
        "a device is set back to a backup with an unsent edit, after it sent that one and twelve more",
        "it takes back what it had sent, sends nothing twice into the log, and its next edit is taken under a new writer"
    );
}

#[test]
fn two_tablets_from_one_image_lose_nothing_of_either() {
    let mut world = online(2, 18);
    world.make_contact(0, record(1), "Anne");
    world.run(1_000);
    world.go_offline();
    world.put(0, record(1), "city", "Brest");
    // The image: same device, same person, same outbox. Each start draws its own instance.
    let mut clone = Device::new(1, world.now);
    clone.disk = world.devices[0].disk.clone();
    clone.starts = 100;
    world.devices.push(clone);
    world.restart_device(2);
    world.put(0, record(1), "job_title", "Gérante");
    world.put(2, record(1), "postcode", "29200");
    world.make_contact(0, record(2), "Yann");
    world.make_contact(2, record(3), "Loïc");
    world.go_online();
    world.run(10_000);
    world.assert_converged();
    assert!(world.devices.iter().all(|it| it.disk.refused.is_empty()));
    assert_eq!(world.devices[1].rows().len(), 3);
    for at in [0, 2] {
        world.put(at, record(1), "city", "Vannes");
        world.run(1_000);
    }
    world.assert_converged();
    fault!(
        "F18",
        "the disk of a tablet with an unsent edit is copied to a second one; both edit the same record and go online",
        "the common edit is in the log once, both tablets' own edits are taken, everyone shows the same"
    );
}
