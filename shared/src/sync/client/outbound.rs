//! What is in memory of the changes on their way out: the rest lies on the disk.

use super::clock::Deadline;
use super::offer::Offer;
use super::{Outgoing, Read};
use crate::id::RecordId;
use crate::sync::message::{BATCH_CHANGES, FRAME_LIMIT, Failure, Packed, Reason};
use crate::sync::packed::{change_hash, pack_for};
use std::collections::{BTreeSet, VecDeque};

/// The most changes in a batch: as many as a batch may have. An edit made elsewhere waits for one
/// batch at most; larger ones would deflate hardly better.
const BATCH: usize = BATCH_CHANGES;
/// The most bytes in a batch before packing.
const BATCH_BYTES: usize = 768 * 1024;
/// What a Push adds to the packed changes.
const OVERHEAD: usize = 32;
/// Changes held in memory; the others lie on the disk and are read again. Several batches, so that
/// the changes of a document find each other.
const HELD: usize = 1_000;

/// Changes on their way out.
#[derive(Debug)]
pub(super) struct Outbound {
    /// The beginning of the outbox, without what is under way, in the order of the keys.
    queue: VecDeque<Outgoing>,
    /// The highest key that came into the queue.
    read_to: u64,
    /// The highest key that was saved and not taken into the queue.
    left_to: u64,
    /// That key when the reading under way was asked for: what it does not bring of those is gone.
    asked_to: u64,
    /// Whether the outbox on the disk goes on behind the queue.
    is_behind: bool,
    pub(super) offer: Offer,
    pub(super) flights: VecDeque<Flight>,
    /// Changes that await the new generation of their record, each with the head of the log when that
    /// was said: they are in the outbox, and what the engine makes of them there replaces them.
    parked: Vec<(u64, Outgoing)>,
    next_batch: u32,
    batch_limit: usize,
    damaged_once: Vec<u64>,
    /// Changes under way that are in the outbox no more.
    void: BTreeSet<u64>,
    pub(super) hold_until: Option<Deadline>,
    reading: Option<Read>,
    /// Whether records left the device: what is offered may have been read before.
    has_lost: bool,
}

/// A Push that has no answer yet.
#[derive(Debug)]
pub(super) struct Flight {
    pub(super) batch: u32,
    pub(super) refill: bool,
    pub(super) changes: Vec<Outgoing>,
    /// Whether records left the device since it was sent.
    pub(super) is_stale: bool,
    pub(super) answer_by: Deadline,
}

/// What goes into one Push.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) refill: bool,
    pub(super) changes: Vec<Outgoing>,
    pub(super) packed: Packed,
    /// What can't be sent at all.
    pub(super) given_up: Vec<(u64, Reason)>,
}

impl Outbound {
    pub(super) fn new(offering: bool, waiting: u64) -> Outbound {
        Outbound {
            queue: VecDeque::new(),
            read_to: 0,
            left_to: 0,
            asked_to: 0,
            is_behind: waiting > 0,
            offer: Offer::new(offering),
            flights: VecDeque::new(),
            parked: Vec::new(),
            next_batch: 0,
            batch_limit: BATCH,
            damaged_once: Vec::new(),
            void: BTreeSet::new(),
            hold_until: None,
            reading: None,
            has_lost: false,
        }
    }

    /// Forgets what is in memory: the disk has it.
    pub(super) fn start_over(&mut self, offering: bool) {
        let reading = self.reading;
        *self = Outbound {
            next_batch: self.next_batch,
            has_lost: self.has_lost,
            reading,
            ..Outbound::new(offering, 1)
        };
    }

    /// Offers everything anew, or nothing.
    pub(super) fn offer(&mut self, offering: bool) {
        self.offer = Offer::new(offering);
    }

    pub(super) fn saved(&mut self, changes: Vec<Outgoing>) {
        for change in changes {
            if change.key <= self.read_to {
                continue;
            }
            if self.is_behind || self.queue.len() >= HELD {
                self.is_behind = true;
                self.left_to = self.left_to.max(change.key);
            } else {
                self.hold(change);
            }
        }
    }

    fn hold(&mut self, change: Outgoing) {
        self.read_to = change.key;
        self.enqueue(change);
    }

    pub(super) fn enqueue(&mut self, change: Outgoing) {
        let at = self.queue.partition_point(|other| other.key < change.key);
        match self.queue.get_mut(at) {
            Some(same) if same.key == change.key => *same = change,
            Some(_) | None => self.queue.insert(at, change),
        }
    }

    pub(super) fn read(&mut self, changes: Vec<Outgoing>, more: bool) {
        match self.reading.take() {
            Some(Read::Outbox { after, .. }) if after == self.read_to => {
                for change in changes {
                    if change.key > self.read_to {
                        self.hold(change);
                    }
                }
                if !more && self.left_to == self.asked_to {
                    self.left_to = self.left_to.min(self.read_to);
                }
                self.is_behind = more || self.left_to > self.read_to;
            }
            Some(Read::All { after, .. }) if self.offer.all == Some(after) => {
                self.offer.read_on(changes, more);
            }
            Some(Read::Document(id)) if self.offer.documents.front() == Some(&id) => {
                self.offer.read_document(id, changes, self.next_batch);
            }
            Some(Read::Outbox { .. } | Read::All { .. } | Read::Document(_)) | None => {}
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        !self.flights.is_empty()
            || !self.queue.is_empty()
            || self.is_behind
            || !self.offer.is_over()
    }

    pub(super) fn answer_by(&self) -> Option<Deadline> {
        self.flights.iter().map(|flight| flight.answer_by).min()
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        [self.answer_by(), self.hold_until]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn stop_waiting(&mut self) {
        self.hold_until = None;
    }

    /// These changes are in the outbox no more: they are not sent, and what is answered to those
    /// under way is of no account.
    pub(super) fn forget(&mut self, gone: &BTreeSet<u64>) {
        self.queue.retain(|change| !gone.contains(&change.key));
        self.parked
            .retain(|(_, change)| !gone.contains(&change.key));
        for flight in self.flights.iter().filter(|flight| !flight.refill) {
            let keys = flight.changes.iter().map(|change| change.key);
            self.void.extend(keys.filter(|key| gone.contains(key)));
        }
    }

    /// Whether an earlier change of the same record waits for its answer, or to be sent.
    pub(super) fn waits_before(&self, change: &Outgoing) -> bool {
        let is_before = |it: &Outgoing| it.document == change.document && it.key < change.key;
        let flights = self.flights.iter().filter(|flight| !flight.refill);
        let under_way = flights.flat_map(|flight| &flight.changes);
        let mut all = self.queue.iter().chain(under_way);
        all.any(|it| is_before(it) && !self.is_marked_void(it))
    }

    /// Whether the change left the outbox; it stays marked.
    pub(super) fn is_marked_void(&self, change: &Outgoing) -> bool {
        self.void.contains(&change.key)
    }

    /// Records leave the device: what is under way may be of them.
    pub(super) fn make_stale(&mut self) {
        self.has_lost = true;
        for flight in &mut self.flights {
            flight.is_stale = true;
        }
    }

    /// Whether a push may hold what is not on the device any more.
    pub(super) fn is_stale(&self, refill: bool) -> bool {
        refill && self.has_lost
    }

    /// Whether the change, which comes back from its flight, is in the outbox no more.
    pub(super) fn is_void(&mut self, change: &Outgoing) -> bool {
        self.void.remove(&change.key)
    }

    /// The change builds on a generation of its record that is past. The new one comes with the log,
    /// up to `head`.
    pub(super) fn park(&mut self, head: u64, change: Outgoing) {
        self.parked.push((head, change));
    }

    /// The parked changes whose new generation is on the device, up to `stored`, and which nothing
    /// replaced.
    pub(super) fn left_behind(&mut self, stored: u64) -> Vec<(u64, Reason)> {
        let late = self.parked.iter().filter(|(head, _)| *head <= stored);
        let late = late.map(|(_, change)| (change.key, Reason::Squashed));
        let late = late.collect();
        self.parked.retain(|(head, _)| *head > stored);
        late
    }

    /// Larger batches again.
    pub(super) fn be_bold(&mut self) {
        self.batch_limit = (self.batch_limit * 2).min(BATCH);
    }

    /// Smaller batches from here on.
    pub(super) fn be_modest(&mut self) {
        self.batch_limit = (self.batch_limit / 2).max(1);
    }

    pub(super) fn disconnected(&mut self) {
        self.hold_until = None;
        while let Some(flight) = self.flights.pop_back() {
            self.put_back(flight.refill, flight.changes);
        }
        for (_, change) in std::mem::take(&mut self.parked) {
            self.enqueue(change);
        }
    }

    pub(super) fn land(&mut self, batch: u32) -> Option<Flight> {
        let at = self
            .flights
            .iter()
            .position(|flight| flight.batch == batch)?;
        self.flights.remove(at)
    }

    /// A push of which nothing was taken. Returns what is given up.
    pub(super) fn failed(
        &mut self,
        batch: u32,
        failure: Failure,
        until: Deadline,
    ) -> Vec<(u64, Reason)> {
        let Some(mut flight) = self.land(batch) else {
            return Vec::new();
        };
        let reason = match failure {
            Failure::BadBatch => Reason::Malformed,
            Failure::TooLarge => Reason::TooLarge,
            Failure::StorageFull | Failure::Storage | Failure::Busy | Failure::TooFast => {
                self.hold_until = Some(until);
                self.put_back(flight.refill, flight.changes);
                return Vec::new();
            }
        };
        self.be_modest();
        let mut given_up = Vec::new();
        if let [only] = flight.changes.as_slice() {
            let again = self.damaged_once.contains(&only.key);
            self.damaged_once.push(only.key);
            if again {
                if !flight.refill && !self.void.remove(&only.key) {
                    given_up.push((only.key, reason));
                }
                flight.changes.clear();
            }
        }
        self.put_back(flight.refill, flight.changes);
        given_up
    }

    /// What is to be read from the disk next, if anything.
    pub(super) fn wants(&mut self) -> Option<Read> {
        if self.reading.is_some() {
            return None;
        }
        let (after, limit) = (self.read_to, HELD);
        self.asked_to = self.left_to;
        self.reading = if self.offer.queue.len() >= HELD / 2 {
            None
        } else if let Some(document) = self.offer.documents.front() {
            Some(Read::Document(*document))
        } else if let Some(after) = self.offer.all {
            Some(Read::All { after, limit })
        } else if self.is_behind && self.queue.len() < HELD / 2 {
            Some(Read::Outbox { after, limit })
        } else {
            None
        };
        self.reading
    }

    /// The number of the next batch.
    pub(super) fn number(&mut self) -> u32 {
        let batch = self.next_batch;
        self.next_batch = batch.wrapping_add(1);
        batch
    }

    /// The next batch, as far as it fits a frame, for a room that speaks this protocol.
    pub(super) fn next(&mut self, protocol: u16) -> Option<Batch> {
        let refill = !self.offer.queue.is_empty();
        let mut batch = Batch {
            refill,
            ..Batch::default()
        };
        let mut bytes = 0;
        while batch.changes.len() < self.batch_limit {
            let last = batch.changes.last().map(|change| change.document);
            let Some(change) = self.take(refill, last) else {
                break;
            };
            bytes += change.bytes.len() + OVERHEAD;
            if bytes > BATCH_BYTES && !batch.changes.is_empty() {
                self.put_back(refill, vec![change]);
                break;
            }
            if change_hash(&change.bytes).is_some() {
                batch.changes.push(change);
            } else {
                batch.given_up.push((change.key, Reason::Malformed));
            }
        }
        if batch.changes.is_empty() && batch.given_up.is_empty() {
            return None;
        }
        loop {
            let items = batch.changes.iter();
            let items = items.map(|it| (it.document, it.generation, it.bytes.as_slice()));
            (batch.packed, _) = pack_for(protocol, items);
            if batch.packed.0.len() + OVERHEAD <= FRAME_LIMIT {
                break;
            }
            let rest = batch.changes.split_off(batch.changes.len() / 2);
            match rest.as_slice() {
                [only] if batch.changes.is_empty() => {
                    batch.given_up.push((only.key, Reason::TooLarge));
                }
                _ => self.put_back(refill, rest),
            }
        }
        if refill {
            batch.given_up.clear();
        }
        Some(batch)
    }

    /// The next change to send: the oldest of the same document as the last one, else the oldest of
    /// all. Changes build on others of their document alone, and next to those they are small.
    fn take(&mut self, refill: bool, last: Option<RecordId>) -> Option<Outgoing> {
        if refill {
            return self.offer.queue.pop_front();
        }
        let is_next = |change: &Outgoing| Some(change.document) == last;
        let at = self.queue.iter().position(is_next).unwrap_or(0);
        self.queue.remove(at)
    }

    pub(super) fn put_back(&mut self, refill: bool, changes: Vec<Outgoing>) {
        if refill {
            for change in changes.into_iter().rev() {
                self.offer.queue.push_front(change);
            }
        } else {
            for change in changes {
                if !self.is_void(&change) {
                    self.enqueue(change);
                }
            }
        }
    }
}
