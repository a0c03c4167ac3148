//! What waits to be stored. While one transaction runs, the next one gathers.

use super::clock::{Clock, Deadline};
use super::machine::Client;
use super::{Effect, ForgetWhy, Need, Point, Store};
use crate::id::RecordId;
use crate::sync::message::{Epoch, Notice, Reason, Walk};
use crate::sync::packed::Item;
use crate::sync::parcel::Kept;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// A transaction or a read that takes longer is reported.
const DISK_MS: i64 = 30_000;
/// How often the time of the last confirmation is stored when nothing else is.
const CONFIRM_EVERY_MS: u64 = 60_000;
/// At most so many changes wait for the disk before more are asked for.
const UNSTORED_CHANGES: usize = 1_000;
/// At most so many bytes wait for the disk before more are asked for. The next ones arrive while these
/// are stored, so that twice as much and two frames are in memory at most.
const UNSTORED_BYTES: usize = 512 * 1024;
/// How long to wait after a transaction failed.
const FAILED_PAUSE_MS: i64 = 30_000;

/// The device's storage, as far as sync uses it.
#[derive(Debug)]
pub(super) struct Disk {
    /// What is stored.
    pub(super) point: Point,
    /// What will be stored next.
    pub(super) target: Point,
    gathered: Store,
    /// How many bytes of changes and records were gathered.
    gathered_bytes: usize,
    is_dirty: bool,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    point: Point,
    settled: u64,
    report_at: Deadline,
}

impl Disk {
    pub(super) fn new(point: Point) -> Disk {
        Disk {
            point,
            target: point,
            gathered: Store::default(),
            gathered_bytes: 0,
            is_dirty: false,
            running: None,
        }
    }

    /// Changes that came.
    pub(super) fn receive(&mut self, items: Vec<Item>) {
        let sizes = items.iter().map(|item| item.bytes.len());
        self.gathered_bytes += sizes.sum::<usize>();
        self.gathered.received.extend(items);
    }

    /// Records that went, and records that came as a whole. What was said of a record before it went
    /// is void.
    pub(super) fn take_in(&mut self, notices: &[Notice], records: Vec<Kept>) {
        let came: BTreeSet<RecordId> = records.iter().map(|record| record.document).collect();
        let mut gone = BTreeSet::new();
        for notice in notices {
            let (document, why) = match *notice {
                Notice::Forget(document) => (document, ForgetWhy::Hidden),
                Notice::Erased(document) => (document, ForgetWhy::Erased),
            };
            if !came.contains(&document) {
                gone.insert(document);
                self.gathered.forget.push((document, why));
                self.is_dirty = true;
            }
        }
        if !gone.is_empty() {
            let stays = |document| !gone.contains(&document);
            self.gathered.received.retain(|item| stays(item.document));
            self.gathered.records.retain(|kept| stays(kept.document));
        }
        self.gathered_bytes += records.iter().map(size).sum::<usize>();
        self.gathered.records.extend(records);
    }

    /// Everything up to there is on the device: the cursor moves, and a walk is over.
    pub(super) fn move_to(&mut self, cursor: u64) {
        self.target.cursor = cursor;
        self.target.walk = None;
        self.target.walked = 0;
        self.is_dirty = true;
    }

    /// The walk goes on: the cursor stays.
    pub(super) fn walk_to(&mut self, walk: Walk, records: u64) {
        self.target.walk = Some(walk);
        self.target.walked = self.target.walked.saturating_add(records);
        self.is_dirty = true;
    }

    pub(super) fn confirm_keys(&mut self, keys: impl IntoIterator<Item = u64>) {
        self.gathered.confirmed.extend(keys);
        self.is_dirty |= !self.gathered.confirmed.is_empty();
    }

    pub(super) fn refuse(&mut self, refused: impl IntoIterator<Item = (u64, Reason)>) {
        self.gathered.refused.extend(refused);
        self.is_dirty |= !self.gathered.refused.is_empty();
    }

    /// What was refused earlier is in the log.
    pub(super) fn take_back(&mut self, taken: impl IntoIterator<Item = u64>) {
        self.gathered.taken.extend(taken);
        self.is_dirty |= !self.gathered.taken.is_empty();
    }

    /// These changes are in the outbox no more: what became of them is of no account.
    pub(super) fn unsettle(&mut self, gone: &BTreeSet<u64>) {
        self.gathered.confirmed.retain(|key| !gone.contains(key));
        self.gathered.refused.retain(|(key, _)| !gone.contains(key));
    }

    pub(super) fn begin_epoch(&mut self, epoch: Epoch, offering: bool) {
        let is_another = self.target.epoch.is_some();
        self.target.lives = self.target.lives.saturating_add(is_another.into());
        self.target.epoch = Some(epoch);
        self.target.offering = offering;
        self.target.mark = None;
        self.move_to(0);
    }

    /// All is to be offered; that is stored.
    pub(super) fn offered(&mut self) {
        self.point.offering = true;
        self.target.offering = true;
        self.is_dirty = true;
    }

    pub(super) fn end_offer(&mut self) {
        if self.target.offering {
            self.target.offering = false;
            self.is_dirty = true;
        }
    }

    /// Remembers when the server had everything, now and then.
    pub(super) fn confirm(&mut self, at: Option<Timestamp>) {
        self.target.confirmed_at = at;
        let (Some(at), stored) = (at, self.point.confirmed_at) else {
            return;
        };
        self.is_dirty |= stored.is_none_or(|stored| stored.0.abs_diff(at.0) > CONFIRM_EVERY_MS);
    }

    /// Whether more may be asked for before what came is stored.
    pub(super) fn has_space(&self) -> bool {
        let changes = self.gathered.received.len();
        changes < UNSTORED_CHANGES && self.gathered_bytes < UNSTORED_BYTES
    }

    pub(super) fn is_busy(&self) -> bool {
        self.is_dirty || self.running.is_some()
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.running.as_ref().map(|running| running.report_at)
    }

    /// Whether a transaction takes too long; said once for each.
    pub(super) fn is_stuck(&mut self, clock: &Clock) -> bool {
        match &mut self.running {
            Some(running) if clock.is_past(running.report_at) => {
                running.report_at = clock.after(DISK_MS);
                true
            }
            Some(_) | None => false,
        }
    }
}

fn size(record: &Kept) -> usize {
    let changes = record.changes.iter().map(|change| change.0.len());
    record.snapshot.0.len() + record.row.0.len() + changes.sum::<usize>()
}

impl Client {
    pub(super) fn store(&mut self) {
        if !self.disk.is_dirty || self.disk.running.is_some() {
            return;
        }
        let mut store = std::mem::take(&mut self.disk.gathered);
        self.disk.gathered_bytes = 0;
        let settled = (store.confirmed.len() + store.refused.len()) as u64;
        if self.link.is_live() && settled > 0 && settled >= self.status.waiting {
            self.disk.target.confirmed_at = self.status.contact_at;
        }
        store.point = self.disk.target;
        self.disk.is_dirty = false;
        self.disk.running = Some(Running {
            point: store.point,
            settled,
            report_at: self.clock.after(DISK_MS),
        });
        self.effects.push(Effect::Store(store));
    }

    pub(super) fn stored(&mut self) {
        let Some(running) = self.disk.running.take() else {
            return;
        };
        self.disk.point = running.point;
        self.status.waiting = self.status.waiting.saturating_sub(running.settled);
        self.link.is_well();
        if self.status.need == Some(Need::DeviceSpace) {
            self.status.need = None;
        }
    }

    /// Nothing was stored: back to what is, and once more from there.
    pub(super) fn store_failed(&mut self) {
        self.disk = Disk::new(self.disk.point);
        self.outbound.start_over(self.disk.point.offering);
        self.stop(Need::DeviceSpace, FAILED_PAUSE_MS);
        self.inbound.disconnected(&self.disk.point);
    }
}
