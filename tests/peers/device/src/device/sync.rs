//! Drives the client machine: carries out what it wants, in order, and tells it what came of it.

use super::{Device, Input};
use crate::database::now;
use crate::lines::answer;
use crate::wire::{SocketEvent, connect, framed};
use engine::leader::Told;
use engine::platform::native::run as done;
use engine::platform::storage::StorageError;
use shared::sync::client::{Effect, Event, Outgoing, Unreachable};
use std::time::Instant;

impl Device {
    /// Something about the socket.
    pub(super) fn hear(&mut self, event: SocketEvent) {
        match event {
            SocketEvent::Opened(writing) => {
                self.socket = Some(writing);
                if let Some(id) = self.connecting.take() {
                    answer(id, true);
                }
                self.sync(Event::Opened);
            }
            SocketEvent::Frame(frame) => {
                self.frames.received += 1;
                self.frames.bytes += framed(frame.len(), false);
                self.sync(Event::Frame(frame));
            }
            SocketEvent::Closed(code) => match self.socket.take() {
                Some(_) => self.sync(Event::Closed { code }),
                None => self.sync(Event::Unreachable(Unreachable::Network)),
            },
        }
    }

    /// Tells the client what happened and carries out what it wants, until it wants no more.
    pub(super) fn sync(&mut self, event: Event) {
        self.events.push_back(event);
        while let Some(event) = self.events.pop_front() {
            let began = Instant::now();
            let effects = self.client.handle(event, now());
            self.spent("client", began);
            for effect in effects {
                self.carry_out(effect);
            }
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Connect => self.connect(),
            Effect::Disconnect => self.hang_up(),
            Effect::Send(frame) => {
                self.frames.sent += 1;
                self.frames.bytes += framed(frame.len(), true);
                if let Some(socket) = &mut self.socket {
                    socket.send(&frame);
                }
            }
            Effect::WakeAt(at) => self.wake_at = Some(at.0),
            Effect::StatusChanged => {
                let workspace = &mut self.leader.workspace;
                if self.client.status().complete
                    && !workspace.complete
                    && let Err(error) = done(workspace.mark_complete())
                {
                    eprintln!("data is here, but: {error}");
                }
            }
            Effect::Read(what) => {
                let began = Instant::now();
                let read = done(self.leader.workspace.read(what));
                self.spent("read", began);
                let (changes, more) = read.unwrap_or_else(|error| {
                    eprintln!("reading for the server: {error}");
                    (Vec::new(), false)
                });
                self.events.push_back(Event::Read { changes, more });
            }
            Effect::Store(store) => {
                let began = Instant::now();
                let told = done(self.leader.store(store, (self.writer, now())));
                self.spent("store", began);
                self.stored(told);
            }
        }
    }

    fn stored(&mut self, told: Result<Told, StorageError>) {
        let told = match told {
            Ok(told) => told,
            Err(error) => {
                eprintln!("storing what came: {error}");
                self.events.push_back(Event::StoreFailed);
                return;
            }
        };
        for record in told.gone {
            self.rows.remove(&record);
            self.notes.remove(&record);
        }
        self.show(told.rows);
        if let Some((gone, saved)) = told.replaced {
            self.events.push_back(Event::Replaced { gone, saved });
        }
        self.events.push_back(Event::Stored);
    }

    fn connect(&mut self) {
        self.hang_up();
        if !self.online {
            self.events
                .push_back(Event::Unreachable(Unreachable::Network));
            return;
        }
        let number = self.socket_number;
        let path = format!("/api/workspaces/{}/socket", self.workspace);
        let protocols = format!("terrain.1, secret.{}", self.place.secret);
        let address = self.place.address.clone();
        connect(
            address,
            path,
            Some(protocols),
            self.inputs.clone(),
            move |event| Input::Socket(number, event),
        );
    }

    /// Lets the socket go; what it still says is not heard.
    pub(super) fn hang_up(&mut self) {
        self.socket = None;
        self.socket_number += 1;
    }

    /// Changes that were committed here go to the server.
    pub(super) fn saved(&mut self, outgoing: Vec<Outgoing>) {
        self.sync(Event::Saved(outgoing));
    }
}
