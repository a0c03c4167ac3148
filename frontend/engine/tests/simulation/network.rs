//! What becomes of frames on their way.

use super::faults::Fault;
use super::oracle::Pushed;
use super::world::{Happening, World};
use shared::sync::client::Event;
use shared::sync::message::{self, ToRoom};
use shared::sync::room::{self, Session, SessionId};
use std::collections::BTreeMap;

/// The server's end of a socket.
pub struct Socket {
    pub device: usize,
    pub engine: u64,
    pub attachment: Option<Session>,
    /// What was pushed, by batch.
    pub pushed: BTreeMap<u32, Pushed>,
    /// The protocol of the last Hello.
    pub protocol: u16,
}

impl World {
    pub fn upgrade(&mut self, socket: u64, device: usize, engine: u64) {
        if self.devices[device].is_partitioned {
            return;
        }
        self.server.sockets.insert(
            socket,
            Socket {
                device,
                engine,
                attachment: None,
                pushed: BTreeMap::new(),
                protocol: 0,
            },
        );
        self.room(room::Event::Opened(SessionId(socket)));
        let opened = Happening::Tell {
            device,
            engine,
            socket: Some(socket),
            event: Event::Opened,
        };
        self.schedule(5, opened);
    }

    pub fn hang_up(&mut self, socket: u64) {
        if self.server.sockets.remove(&socket).is_some() {
            self.room(room::Event::Closed(SessionId(socket)));
        }
    }

    pub fn send_to_room(&mut self, device: usize, socket: u64, mut frame: Vec<u8>) {
        self.oracle.check_sent(&frame);
        self.note_sent(device, &frame);
        if self.devices[device].speaks_old
            && let Ok(
                ToRoom::Hello(mut hello)
                | ToRoom::Return { mut hello, .. }
                | ToRoom::Greet { mut hello, .. },
            ) = message::decode(&frame)
        {
            self.note(Fault::OldProtocol);
            hello.protocol = 1;
            frame = message::encode(&ToRoom::Hello(hello));
        }
        for (delay, frame) in self.carry(device, frame) {
            self.schedule(delay, Happening::Frame(socket, frame));
        }
    }

    pub fn send_to_device(&mut self, socket: u64, frame: Vec<u8>) {
        let Some(&Socket { device, engine, .. }) = self.server.sockets.get(&socket) else {
            return;
        };
        self.oracle.check_sent(&frame);
        let Some(person) = self.devices.get(device).map(|device| device.person) else {
            return;
        };
        self.oracle
            .check_published(&self.server, person, socket, &frame);
        // The type of `Records`.
        if frame.first() == Some(&7) {
            self.note(Fault::Walks);
        }
        for (delay, frame) in self.carry(device, frame) {
            let tell = Happening::Tell {
                device,
                engine,
                socket: Some(socket),
                event: Event::Frame(frame),
            };
            self.schedule(delay, tell);
        }
    }

    /// A frame comes to the room.
    pub fn hear(&mut self, socket: u64, frame: Vec<u8>) {
        let Some(open) = self.server.sockets.get_mut(&socket) else {
            return;
        };
        let message = message::decode::<ToRoom>(&frame);
        let mark = match &message {
            Ok(ToRoom::Greet { mark, .. }) => *mark,
            _ => None,
        };
        match message {
            Ok(ToRoom::Push { batch, changes, .. }) => {
                open.pushed.insert(batch, Pushed::of(&changes));
            }
            Ok(
                ToRoom::Hello(hello) | ToRoom::Return { hello, .. } | ToRoom::Greet { hello, .. },
            ) => {
                open.protocol = hello.protocol;
            }
            Ok(ToRoom::Pull { .. } | ToRoom::Ping | ToRoom::Walk(_)) | Err(_) => {}
        }
        let log = self.server.log();
        if mark.is_some_and(|mark| mark.position <= log.head && !log.holds(mark)) {
            self.note(Fault::ServerOutgrows);
        }
        self.room(room::Event::Frame(SessionId(socket), frame));
    }

    /// When a frame arrives, and how often, and as what.
    fn carry(&mut self, device: usize, mut frame: Vec<u8>) -> Vec<(u64, Vec<u8>)> {
        self.frames += 1;
        if self.devices[device].is_partitioned {
            return Vec::new();
        }
        if self.strikes(Fault::FrameLost) {
            return Vec::new();
        }
        if self.strikes(Fault::FrameCut) {
            let length = self.random.index(frame.len() + 1);
            frame.truncate(length);
        }
        if self.strikes(Fault::FrameFlipped) && !frame.is_empty() {
            let bit = self.random.index(frame.len() * 8);
            frame[bit / 8] ^= 1 << (bit % 8);
        }
        let mut delay = 5;
        if self.strikes(Fault::FrameLate) {
            delay += self.random.below(200);
        }
        let mut arrivals = Vec::new();
        if self.strikes(Fault::FrameDoubled) {
            arrivals.push((delay + self.random.below(400), frame.clone()));
        }
        if self.strikes(Fault::UnknownMessage) {
            arrivals.push((delay, unknown()));
        }
        arrivals.push((delay, frame));
        arrivals
    }
}

/// A message of a type that nobody knows yet, undamaged.
fn unknown() -> Vec<u8> {
    let mut frame = vec![99, 1, 2, 3];
    let crc = frame.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    });
    frame.extend((!crc).to_le_bytes());
    frame
}
