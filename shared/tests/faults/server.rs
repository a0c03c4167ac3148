//! Rooms that die, are lost, or meet other versions.

use super::wire::{Wire, contact};
use crate::record::fault;
use crate::world::memory_log::MemoryLog;
use crate::world::{World, record};
use shared::sync::message::{self, Failure, Hello, Outcome, PROTOCOL, ToClient, ToRoom, close};
use shared::sync::room::{Event, Room, SOCKETS_A_DEVICE, SessionId};

fn online(devices: u8, seed: u64) -> World {
    let mut world = World::new(devices, seed);
    world.start_all();
    world.run(100);
    world
}

#[test]
fn a_device_has_twenty_sockets_at_most() {
    let mut wire = Wire::new();
    let cap = SOCKETS_A_DEVICE as u64;
    for socket in 1..=cap {
        wire.greets(socket, 1, 0);
    }
    wire.greets(100, 2, 0);
    assert_eq!(wire.closed, Vec::<u16>::new());
    for socket in cap + 1..=cap + 5 {
        wire.greets(socket, 1, 0);
    }
    assert_eq!(wire.closed, [close::TOO_MANY_SOCKETS; 5]);
    let ping = message::encode(&ToRoom::Ping);
    assert!(wire.says_bytes(1, ping).is_empty(), "the oldest is gone");
    wire.assert_lives(cap + 5);
    wire.assert_lives(100);
    fault!(
        "F29",
        "a device opens twenty-five sockets",
        "the five oldest are closed with code 4429; the others and another device's go on"
    );
}

#[test]
fn a_room_that_is_evicted_in_the_middle_of_a_push_loses_nothing() {
    let mut world = online(2, 31);
    world.go_offline();
    for number in 0..300 {
        world.make_contact(0, record(number), "Anne");
    }
    world.go_online();
    let mut cuts = 0;
    while world.room.log().names().len() < 300 {
        // Now before a push arrives, now while it is validated, now after it was committed.
        world.run(18 + cuts % 20);
        world.restart_room();
        world.go_online();
        cuts += 1;
        assert!(cuts < 200, "no progress");
    }
    world.run(60_000);
    world.assert_converged();
    assert!(cuts >= 3, "{cuts} cuts");
    assert_eq!(world.room.log().names().len(), 300);
    fault!(
        "F31",
        "the room is thrown away again and again while 300 changes are pushed",
        "what was committed is acknowledged when it comes again; 300 changes in the log, each once"
    );
}

#[test]
fn devices_and_rooms_of_other_versions_come_to_terms_or_say_so() {
    let mut wire = Wire::new();
    // Whoever says Hello speaks 3 at most: of the fourth protocol on, the greeting is another.
    for (protocol, spoken) in [(1, 1), (3, 3), (PROTOCOL + 5, 3)] {
        let socket = u64::from(protocol);
        wire.happens(Event::Opened(SessionId(socket)), socket);
        let hello = Hello {
            protocol,
            ..wire.hello(1, 0)
        };
        let answer = wire.says(socket, &ToRoom::Hello(hello));
        let [ToClient::Welcome { protocol, .. }] = answer[..] else {
            panic!("{answer:?}");
        };
        assert_eq!(protocol, spoken);
    }
    let ancient = Hello {
        protocol: 0,
        ..wire.hello(1, 0)
    };
    wire.happens(Event::Opened(SessionId(90)), 90);
    let answer = wire.says(90, &ToRoom::Hello(ancient));
    let oldest = message::OLDEST_PROTOCOL;
    assert_eq!(answer, [ToClient::UpdateNeeded { oldest }]);
    // A validator of another version answers no question, the empty one neither.
    wire.answers = Box::new(|_| None);
    let answer = wire.says(1, &super::wire::push(&contact(record(1), 1, 0)));
    let [ToClient::Failed { failure, .. }] = &answer[..] else {
        panic!("{answer:?}");
    };
    assert_eq!(*failure, Failure::Busy);
    fault!(
        "F39",
        "devices of protocol 0, 1, this one and a later one; a validator that takes no question of this room's form",
        "the lower protocol is spoken, protocol 0 is told to update; the push is answered with busy and nothing is refused"
    );
}

#[test]
fn a_server_that_lost_everything_is_filled_by_one_device() {
    let mut world = online(2, 42);
    for number in 0..40 {
        world.make_contact((number % 2) as usize, record(number), "Anne");
        world.put(0, record(number / 2), "city", "Quimper");
    }
    world.run(5_000);
    world.assert_converged();
    let everything = world.room.log().names();
    let rows = world.devices[0].rows();
    world.go_offline();
    // One device survives; the other is a new one that joins later.
    world.room = Room::new(MemoryLog::new(9));
    world.devices[1] = crate::world::device::Device::new(5, world.now);
    world.go_online();
    world.start(1);
    world.run(30_000);
    world.assert_converged();
    assert!(world.room.log().names() == everything);
    assert!(world.devices[1].rows() == rows, "the same rows");
    world.put(1, record(3), "city", "Brest");
    world.put(0, record(3), "job_title", "Gérante");
    world.run(2_000);
    world.assert_converged();
    fault!(
        "F42",
        "the server comes back empty, and one of two devices is gone",
        "the other device gives it every change of both, and a new device shows the same rows"
    );
}

#[test]
fn outcomes_are_the_same_for_whoever_asks_after_a_restart() {
    let mut wire = Wire::new();
    wire.greets(1, 1, 0);
    let chunks = contact(record(1), 1, 2);
    assert_eq!(wire.pushes(1, &chunks[..2]), [Outcome::Accepted; 2]);
    let log = wire.room.log().clone();
    let mut wire = Wire {
        room: Room::new(log),
        ..Wire::new()
    };
    wire.greets(1, 1, 2);
    assert_eq!(wire.pushes(1, &chunks), [Outcome::Accepted; 3]);
    assert_eq!(wire.stored(), 3);
    fault!(
        "F31",
        "a new room over the same log gets a push that is partly committed",
        "the committed part is acknowledged by its hashes, the rest is stored"
    );
}
