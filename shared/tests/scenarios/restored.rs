//! A server that is set back to an older copy, loses what it had, or only starts again.

use crate::record::fault;
use crate::two;
use crate::world::memory_log::MemoryLog;
use crate::world::{World, record};
use shared::sync::client::Event;
use shared::sync::room::Room;

#[test]
fn a_restored_server_is_refilled_by_its_devices() {
    let mut world = two(9);
    for number in 0..30 {
        world.make_contact((number % 2) as usize, record(number), "Anne");
    }
    world.run(2_000);
    let backup = world.room.log().clone();
    for number in 0..30 {
        world.put((number % 2) as usize, record(number), "city", "Quimper");
    }
    world.run(2_000);
    world.go_offline();
    world.put(0, record(0), "city", "Brest");
    let everything = world.room.log().names();
    world.start_room(backup);
    world.go_online();
    world.run(10_000);
    world.assert_converged();
    assert!(world.room.log().names().is_superset(&everything));
    assert!(!world.devices[0].disk.point.offering);
    // Their authors go on where they were.
    world.put(0, record(1), "city", "Rennes");
    world.put(1, record(1), "job_title", "Acheteuse");
    world.run(1_000);
    world.assert_converged();
    fault!(
        "F41",
        "the log is set back to a copy after thirty edits",
        "two devices offer all they have: every change is in the log again, and their writers go on where they were"
    );
}

#[test]
fn a_server_that_lost_everything_is_given_it_by_its_devices() {
    let mut world = two(24);
    for number in 0..10 {
        world.make_contact((number % 2) as usize, record(number), "Anne");
    }
    world.run(2_000);
    let everything = world.room.log().names();
    world.go_offline();
    world.start_room(MemoryLog::new(2));
    world.go_online();
    world.run(10_000);
    world.assert_converged();
    assert_eq!(world.room.log().names(), everything);
    fault!(
        "F42",
        "the log is made anew, with another epoch and nothing in it",
        "the devices tell by the epoch, and give it all that they have"
    );
}

#[test]
fn a_restored_server_that_outgrew_a_device_is_told_apart_by_its_eras() {
    let mut world = World::new(3, 21);
    world.start(0);
    for number in 0..2 {
        world.make_contact(0, record(number), "Anne");
    }
    world.run(2_000);
    let copy = world.room.log().clone();
    for number in 2..10 {
        world.make_contact(0, record(number), "Anne");
    }
    world.run(2_000);
    let met = world.devices[0].disk.point;
    world.go_offline();
    // The copy is put back, and a colleague's import brings the log further than it was.
    world.start_room(copy);
    world.online = true;
    world.start(2);
    for number in 10..50 {
        world.make_contact(2, record(number), "Yann");
    }
    world.run(5_000);
    assert!(world.room.log().head > met.cursor);
    assert_eq!(Some(world.room.log().epoch), met.epoch);
    world.go_online();
    world.start(1);
    world.run(10_000);
    world.assert_converged();
    assert_eq!(world.devices[1].rows().len(), 50);
    assert_eq!(world.devices[0].disk.refused.len(), 0);
    fault!(
        "F41",
        "a copy of the log, epoch and all, is put back and grows past the cursor of a device that was away",
        "the device hears that this log is another, offers what it has and takes it from the start: all three have all fifty contacts"
    );
}

#[test]
fn what_a_server_confirmed_before_it_was_set_back_is_offered_again() {
    let mut world = World::new(1, 22);
    world.start(0);
    world.make_contact(0, record(1), "Anne");
    world.run(2_000);
    let copy = world.room.log().clone();
    world.put(0, record(1), "city", "Quimper");
    world.run(2_000);
    let everything = world.room.log().names();
    let point = &mut world.devices[0].disk.point;
    assert!(point.mark.is_some_and(|mark| mark.position > copy.head));
    // As one that hears that its edit is stored while it is far behind: the cursor would fit the copy.
    point.cursor = copy.head;
    world.start_room(copy);
    world.restart_device(0);
    world.run(10_000);
    world.assert_converged();
    assert_eq!(world.room.log().names(), everything);
    fault!(
        "F41",
        "an edit is acknowledged beyond the cursor of its device, and the server is set back to before it",
        "the device knows up to where the log had come, not only what it took of it: the edit is offered again"
    );
}

#[test]
fn a_server_that_only_started_again_is_taken_for_the_same() {
    let mut world = two(23);
    for number in 0..5 {
        world.make_contact(0, record(number), "Anne");
        world.run(1_000);
        world.restart_room();
        world.run(5_000);
    }
    world.go_offline();
    for number in 0..5 {
        world.restart_room();
        world.online = true;
        world.tell(1, Event::Nudged);
        world.put(1, record(number), "city", "Brest");
        world.run(2_000);
        world.go_offline();
    }
    let sent = world.devices[0].bytes_sent;
    world.go_online();
    world.run(5_000);
    world.assert_converged();
    assert!(
        world.devices[0].bytes_sent - sent < 200,
        "it offers nothing"
    );
}

#[test]
fn a_server_that_lost_one_document_is_given_it_again() {
    let mut world = two(10);
    world.make_contact(0, record(1), "Anne");
    world.make_contact(0, record(2), "Yann");
    world.run(1_000);
    let mut log = world.room.log().clone();
    // The log keeps its length: what is lost is in the middle.
    log.lose(record(1), record(99));
    world.room = Room::new(log);
    world.break_sockets();
    world.run(5_000);
    world.put(0, record(1), "city", "Quimper");
    world.run(5_000);
    assert_eq!(world.devices[0].disk.outbox.len(), 0);
    assert_eq!(world.devices[0].disk.refused.len(), 0);
    let of_first = world
        .room
        .log()
        .items()
        .filter(|item| item.document == record(1));
    assert_eq!(of_first.count(), 2);
    fault!(
        "F23",
        "the log lost the changes that an edit builds on",
        "the device sends the whole record, then the edit; both are taken"
    );
}
