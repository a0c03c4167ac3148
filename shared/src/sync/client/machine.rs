//! The machine: events in, effects out.

use super::clock::Clock;
use super::disk::Disk;
use super::link::Link;
use super::outbound::Outbound;
use super::pull::Inbound;
use super::{Effect, Event, Need, Outgoing, Point, Resume, Status, Unreachable};
use crate::sync::message::{self, Refusal, ToClient, ToRoom, close};
use crate::sync::packed::{PackedError, unpack};
use crate::sync::parcel::ParcelError;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// A device's side of the protocol, for one workspace.
#[derive(Debug)]
pub struct Client {
    pub(super) identity: Resume,
    pub(super) clock: Clock,
    pub(super) link: Link,
    pub(super) inbound: Inbound,
    pub(super) outbound: Outbound,
    pub(super) disk: Disk,
    pub(super) status: Status,
    pub(super) effects: Vec<Effect>,
    reported: Status,
    woken_at: Option<Timestamp>,
}

impl Client {
    /// A client that does nothing until [`Event::Started`].
    pub fn new(resume: Resume, now: Timestamp) -> Client {
        let status = Status {
            waiting: resume.waiting,
            confirmed_at: resume.point.confirmed_at,
            // the last answer that the device remembers
            contact_at: resume.point.confirmed_at,
            ..Status::default()
        };
        Client {
            clock: Clock::new(now, resume.incarnation),
            link: Link::default(),
            inbound: Inbound::new(&resume.point),
            outbound: Outbound::new(resume.point.offering, resume.waiting),
            disk: Disk::new(resume.point),
            identity: resume,
            reported: status,
            status,
            effects: Vec::new(),
            woken_at: None,
        }
    }

    /// How things stand.
    pub fn status(&self) -> Status {
        self.status
    }

    /// What is durably known of the server.
    pub fn point(&self) -> Point {
        self.disk.point
    }

    /// Takes in what happened and says what is to be done.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.clock.read(now);
        match event {
            Event::Started => self.try_now(),
            Event::Nudged => self.nudge(),
            Event::Opened => self.greet(),
            Event::Closed { code } if code == close::SECRET_CHANGED => {
                self.stop(Need::Link, LINK_RETRY_MS);
            }
            Event::Closed { .. } => self.lose(),
            Event::Unreachable(Unreachable::BadSecret) => self.stop(Need::Link, LINK_RETRY_MS),
            Event::Unreachable(Unreachable::Network | Unreachable::Server) => self.lose(),
            Event::Frame(frame) => self.receive(&frame),
            Event::Saved(changes) => self.saved(changes),
            Event::Replaced { gone, saved } => self.replaced(&gone, saved),
            Event::Read { changes, more } => self.outbound.read(changes, more),
            Event::Offered => {
                self.disk.offered();
                self.outbound.offer(true);
            }
            Event::Stored => self.stored(),
            Event::StoreFailed => self.store_failed(),
            Event::Woke => self.woken_at = None,
        }
        self.settle()
    }

    fn receive(&mut self, frame: &[u8]) {
        if !self.link.is_connected() {
            return;
        }
        self.heard();
        match message::decode(frame) {
            Ok(message) => self.obey(message),
            Err(Refusal::Unsupported { .. }) => {}
            Err(Refusal::BadFrame { .. } | Refusal::TooLarge { .. } | Refusal::HelloFirst) => {
                self.reconnect();
            }
        }
    }

    fn obey(&mut self, message: ToClient) {
        if self.link.is_live() {
            self.note_reach(&message);
        }
        match message {
            ToClient::Welcome {
                protocol,
                epoch,
                head,
                now,
            } => self.welcomed(protocol, epoch, head, now),
            ToClient::Greeted {
                protocol,
                epoch,
                head,
                era,
                continues,
                now,
            } => self.go_live((protocol, epoch, head, now), Some(era), continues),
            ToClient::UpdateNeeded { .. } => self.stop(Need::Update, UPDATE_RETRY_MS),
            ToClient::Refused(Refusal::Unsupported { message }) => self.not_understood(message),
            ToClient::Refused(_) => {
                self.outbound.be_modest();
                self.reconnect();
            }
            _ if !self.link.is_live() => self.reconnect(),
            ToClient::EraBegan { after, era } => self.era_began(after, era),
            ToClient::Changes {
                after,
                upto,
                head,
                changes,
            } => match unpack(&changes) {
                Ok(items) if after <= upto => self.changes((after, upto, head), items),
                Err(PackedError::Encoding(_)) => self.stop(Need::Update, UPDATE_RETRY_MS),
                Ok(_) | Err(PackedError::TooLarge | PackedError::Damaged | PackedError::Check) => {
                    self.reconnect();
                }
            },
            ToClient::News {
                after,
                upto,
                head,
                notices,
                records,
            } => match records.open() {
                Ok(records) if after <= upto => self.news((after, upto, head), &notices, records),
                Err(ParcelError::Encoding(_)) => self.stop(Need::Update, UPDATE_RETRY_MS),
                Ok(_) | Err(ParcelError::TooLarge | ParcelError::Damaged) => self.reconnect(),
            },
            ToClient::Records {
                walk,
                left,
                notices,
                records,
            } => match records.open() {
                Ok(records) => self.records(walk, left, &notices, records),
                Err(ParcelError::Encoding(_)) => self.stop(Need::Update, UPDATE_RETRY_MS),
                Err(ParcelError::TooLarge | ParcelError::Damaged) => self.reconnect(),
            },
            ToClient::Ack {
                batch,
                after,
                upto,
                outcomes,
            } => self.acknowledged(batch, (after, upto), &outcomes),
            ToClient::Failed { batch, failure } => self.failed(batch, failure),
            ToClient::Pong { now, head } => {
                self.note_server_time(now);
                self.inbound.heard_of(head);
            }
        }
    }

    fn saved(&mut self, changes: Vec<Outgoing>) {
        self.status.waiting = self.status.waiting.saturating_add(changes.len() as u64);
        self.outbound.saved(changes);
    }

    fn replaced(&mut self, gone: &[u64], saved: Vec<Outgoing>) {
        self.status.waiting = self.status.waiting.saturating_sub(gone.len() as u64);
        let gone: BTreeSet<u64> = gone.iter().copied().collect();
        self.outbound.forget(&gone);
        if !self.outbound.offer.is_over() || self.outbound.flights.iter().any(|it| it.refill) {
            // What is offered may hold what was given up for the new ones.
            self.outbound.make_stale();
        }
        self.disk.unsettle(&gone);
        self.saved(saved);
    }

    /// Does whatever can be done after an event.
    fn settle(&mut self) -> Vec<Effect> {
        self.expire();
        self.connect_when_due();
        if self.link.is_live() {
            self.pull();
            self.push();
            self.give_up_parked();
            self.ping_when_idle();
        }
        self.note_confirmation();
        let asked = self.effects.len();
        self.store();
        if self.link.is_live() {
            // What is being stored makes space for more, which is to be on its way meanwhile.
            let store = self.effects.split_off(asked);
            self.pull();
            self.effects.extend(store);
        }
        self.read();
        self.tell();
        self.ask_to_be_woken();
        std::mem::take(&mut self.effects)
    }

    fn ask_to_be_woken(&mut self) {
        let deadlines = [
            self.link.deadline(),
            self.inbound.deadline(),
            self.outbound.deadline(),
            self.disk.deadline(),
        ];
        let Some(next) = deadlines.into_iter().flatten().min() else {
            return;
        };
        let at = self.clock.at(next);
        if self.woken_at != Some(at) {
            self.woken_at = Some(at);
            self.effects.push(Effect::WakeAt(at));
        }
    }

    /// Where nothing waits, the server's last sign of life confirms everything.
    fn note_confirmation(&mut self) {
        let settled = self.link.is_live()
            && self.status.waiting == 0
            && !self.outbound.is_busy()
            && !self.disk.is_busy();
        if settled {
            if self.status.need == Some(Need::ServerSpace) {
                self.status.need = None;
            }
            self.status.confirmed_at = self.status.contact_at;
            self.disk.confirm(self.status.contact_at);
            self.link.is_well();
        }
    }

    fn tell(&mut self) {
        let live = self.link.is_live();
        if live && !self.status.complete {
            self.status.complete = self.inbound.reached_goal(self.disk.point.cursor);
        }
        self.status.online = live;
        self.status.busy = live && (self.outbound.is_busy() || self.inbound.is_behind());
        self.status.receiving = self.inbound.progress(&self.disk.point).filter(|_| live);
        self.status.next_try_at = self.link.retry_at().map(|retry| self.clock.at(retry));
        let same = Status {
            contact_at: self.reported.contact_at,
            clock_offset_ms: self.reported.clock_offset_ms,
            confirmed_at: self.reported.confirmed_at,
            ..self.status
        } == self.reported;
        let since = |a: Option<Timestamp>, b: Option<Timestamp>| match (a, b) {
            (Some(a), Some(b)) => a.0.abs_diff(b.0) >= 5_000,
            (a, b) => a != b,
        };
        let later = since(self.status.contact_at, self.reported.contact_at)
            || since(self.status.confirmed_at, self.reported.confirmed_at);
        if !same || later {
            self.reported = self.status;
            self.effects.push(Effect::StatusChanged);
        }
    }

    pub(super) fn send(&mut self, message: &ToRoom) {
        self.effects.push(Effect::Send(message::encode(message)));
    }
}

/// How long until a refused link is tried again by itself.
pub(super) const LINK_RETRY_MS: i64 = 600_000;
/// How long until a server that wants a newer app is tried again by itself.
pub(super) const UPDATE_RETRY_MS: i64 = 3_600_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{DeviceId, PersonId};
    use crate::sync::client::Point;

    #[test]
    fn a_device_that_starts_offline_knows_when_the_server_last_answered() {
        let point = Point {
            confirmed_at: Some(Timestamp(7)),
            ..Point::default()
        };
        let resume = Resume {
            build: "test".into(),
            device: DeviceId([1; 16]),
            incarnation: [2; 8],
            person: PersonId([3; 8]),
            point,
            waiting: 2,
        };
        let status = Client::new(resume, Timestamp(9)).status();
        assert_eq!(status.contact_at, Some(Timestamp(7)));
        assert!(!status.online);
    }
}
