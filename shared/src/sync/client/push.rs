//! The outbox on its way to the server, and what is offered to a server that lost something.

use super::link::ANSWER_MS;
use super::machine::Client;
use super::outbound::{Batch, Flight};
use super::{Effect, Need};
use crate::mutants::mutant;
use crate::sync::message::{Failure, Notice, Outcome, Reason, ToRoom};

/// Batches under way at a time. The server checks one at a time: more would only wait there.
const WINDOW: usize = 2;

impl Client {
    /// Sends what may be sent.
    pub(super) fn push(&mut self) {
        if let Some(until) = self.outbound.hold_until {
            if !self.clock.is_past(until) {
                return;
            }
            self.outbound.hold_until = None;
        }
        self.end_offer();
        while self.outbound.flights.len() < WINDOW {
            let offering = !self.outbound.offer.is_over();
            let refilling = self.outbound.flights.iter().any(|flight| flight.refill);
            if self.outbound.offer.queue.is_empty() && (offering || refilling) {
                break;
            }
            let Some(Batch {
                refill,
                changes,
                packed,
                given_up,
            }) = self.outbound.next(self.link.protocol)
            else {
                break;
            };
            self.disk.refuse(given_up);
            if changes.is_empty() {
                continue;
            }
            let bytes = packed.0.len();
            let batch = self.outbound.number();
            self.send(&ToRoom::Push {
                batch,
                refill,
                changes: packed,
            });
            // a slow line takes its time: 32 kbit/s
            let answer_by = self.clock.after(ANSWER_MS + bytes as i64 / 4);
            self.outbound.flights.push_back(Flight {
                batch,
                refill,
                changes,
                is_stale: self.outbound.is_stale(refill),
                answer_by,
            });
        }
        self.end_offer();
    }

    fn end_offer(&mut self) {
        let refilling = self.outbound.flights.iter().any(|flight| flight.refill);
        if self.outbound.offer.is_over() && !refilling {
            self.disk.end_offer();
        }
    }

    /// Asks the disk for what is to be sent next.
    pub(super) fn read(&mut self) {
        if self.link.is_live()
            && let Some(read) = self.outbound.wants()
        {
            self.effects.push(Effect::Read(read));
        }
    }

    /// Changes whose record began a new generation, which is on the device, and which the engine did
    /// not make again: it is told that they are refused.
    pub(super) fn give_up_parked(&mut self) {
        let left_behind = self.outbound.left_behind(self.disk.point.cursor);
        self.disk.refuse(left_behind);
    }

    /// Nothing of a push was taken.
    pub(super) fn failed(&mut self, batch: u32, failure: Failure) {
        let pause = match failure {
            Failure::BadBatch | Failure::TooLarge => 0,
            Failure::TooFast => 1_000,
            Failure::Storage | Failure::Busy => 4_000,
            Failure::StorageFull => 60_000,
        };
        if failure == Failure::StorageFull {
            self.status.need = Some(Need::ServerSpace);
        }
        let pause = self.clock.jitter(pause);
        let until = self.clock.after(pause);
        let refused = self.outbound.failed(batch, failure, until);
        self.disk.refuse(refused);
    }

    /// The room's answer to a push.
    pub(super) fn acknowledged(
        &mut self,
        batch: u32,
        (after, upto): (u64, u64),
        outcomes: &[Outcome],
    ) {
        let Some(flight) = self.outbound.land(batch) else {
            return;
        };
        if outcomes.len() != flight.changes.len() || upto < after {
            self.outbound.put_back(flight.refill, flight.changes);
            return self.reconnect();
        }
        let mut left = flight.is_stale;
        for (change, outcome) in flight.changes.iter().zip(outcomes) {
            let is_in = *outcome == Outcome::Accepted && !flight.refill;
            left |= is_in && self.outbound.is_marked_void(change);
        }
        if upto > after && left {
            // What left the device on its way to the log comes back from there.
            self.inbound.head = self.inbound.head.max(upto);
        } else if upto > after && self.inbound.take(after, upto, upto) {
            self.disk.move_to(upto);
        }
        self.outbound.be_bold();
        if self.status.need == Some(Need::ServerSpace) {
            self.status.need = None;
        }
        let mut confirmed = Vec::new();
        let mut refused = Vec::new();
        let mut hidden = Vec::new();
        let mut taken = Vec::new();
        for (change, outcome) in flight.changes.into_iter().zip(outcomes) {
            match outcome {
                Outcome::Refused(Reason::Forbidden) if flight.refill => {
                    hidden.push(Notice::Forget(change.document));
                }
                Outcome::Accepted if flight.refill && change.key > 0 => taken.push(change.key),
                _ if flight.refill || self.outbound.is_void(&change) => {}
                _ if mutant!(ConfirmsAll) => confirmed.push(change.key),
                Outcome::Accepted => {
                    self.outbound.offer.helped(change.document);
                    confirmed.push(change.key);
                }
                Outcome::Refused(Reason::Squashed) => self.outbound.park(upto, change),
                Outcome::Refused(reason) => refused.push((change.key, *reason)),
                // What it builds on is on its way, or yet to be sent once more.
                Outcome::NeedsDependencies if self.outbound.waits_before(&change) => {
                    self.outbound.enqueue(change);
                }
                Outcome::NeedsDependencies => {
                    let offer = &mut self.outbound.offer;
                    match offer.offer_document(change.document, batch) {
                        true => self.outbound.enqueue(change),
                        false => refused.push((change.key, Reason::Builds)),
                    }
                }
            }
        }
        if !hidden.is_empty() {
            // A log that was set back does not know that it hid them.
            hidden.dedup();
            self.outbound.make_stale();
            self.disk.take_in(&hidden, Vec::new());
        }
        self.disk.confirm_keys(confirmed);
        self.disk.refuse(refused);
        self.disk.take_back(taken);
    }
}
