//! The end of a run: everything works again, and everyone must come to the same.

use super::faults::Fault;
use super::oracle::Shown;
use super::reading::Reading;
use super::world::World;
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{ChangeHash, RecordId};
use shared::sync::message::Reason;
use shared::sync::room::{ChangeLog, Name};
use std::collections::BTreeSet;

/// By then everything has come everywhere, whatever pauses the machines made.
const PATIENCE_S: u64 = 4 * 3_600;
/// The most frames of a whole run: nobody talks without end.
const FRAMES: u64 = 20_000;
const DAY_MS: i64 = 86_400_000;
const EARLIEST: i64 = 1_577_836_800_000;

impl World {
    /// Ends all faults.
    pub fn heal(&mut self) {
        self.tell_story(|| "all is well again".into());
        self.faults.end();
        self.chaos.borrow_mut().on.clear();
        self.server.is_validator_down = false;
        self.server.deadly.clear();
        self.erase_again();
        self.reveal_all();
        for at in 0..self.devices.len() {
            let device = &mut self.devices[at];
            device.host.is_full.set(false);
            device.is_offline = false;
            device.is_partitioned = false;
            device.clock_ms = 0;
            let frozen: Vec<u64> = device.frozen.iter().map(|engine| engine.number).collect();
            for number in frozen {
                self.thaw(at, number);
            }
            if self.devices[at].engine.is_none() || self.devices[at].speaks_old {
                self.devices[at].speaks_old = false;
                self.restart(at);
            }
            self.nudge(at);
        }
    }

    /// Waits until nothing waits.
    pub fn quiesce(&mut self) {
        for _ in 0..PATIENCE_S {
            self.run(1_000);
            self.try_all_doubted();
            if self.unsettled().is_none() {
                assert!(self.frames <= FRAMES, "{} frames", self.frames);
                return;
            }
        }
        panic!("{}", self.unsettled().unwrap_or_default());
    }

    fn unsettled(&self) -> Option<String> {
        let head = self.server.log().head;
        for (at, device) in self.devices.iter().enumerate() {
            let Some(engine) = &device.engine else {
                return Some(format!("device {at} does not run"));
            };
            let status = engine.client.status();
            let workspace = &engine.leader.workspace;
            let (waits, point) = (workspace.outbox.len(), workspace.point);
            let is_settled = waits == 0
                && point.cursor == head
                && point.walk.is_none()
                && !point.offering
                && workspace.doubted() == 0
                && status.waiting == 0
                && status.online
                && !status.busy
                && status.complete
                && status.need.is_none();
            if !is_settled {
                return Some(format!(
                    "device {at} does not settle: {waits} wait, {point:?} of {head}, {status:?}"
                ));
            }
        }
        None
    }

    /// Every change that lies anywhere for good.
    pub fn present(&self) -> BTreeSet<Name> {
        let mut present = self.oracle.names().clone();
        present.extend(self.server.log().quarantined.keys());
        for device in &self.devices {
            let disk = Reading::of(device);
            present.extend(disk.names());
            present.extend(disk.refused.iter().map(|(name, _)| *name));
            present.extend(disk.waiting);
        }
        present
    }

    /// What must hold of a device whenever it starts.
    pub fn check_device(&self, device: usize) {
        let disk = Reading::of(&self.devices[device]);
        let who = (device, self.devices[device].person);
        self.oracle.check_cursor(who, &disk, &self.server);
    }

    /// What must hold when nothing waits.
    pub fn check_end(&self) {
        let disks: Vec<Reading> = self.devices.iter().map(Reading::of).collect();
        self.check_shown(&disks);
        self.check_reasons(&disks);
        let mut records: BTreeSet<RecordId> = BTreeSet::new();
        for (at, disk) in disks.iter().enumerate() {
            let who = (at, self.devices[at].person);
            self.oracle.check_cursor(who, disk, &self.server);
            records.extend(disk.records.keys());
        }
        records.extend(self.oracle.names().iter().map(|(record, _)| *record));
        for record in records {
            let (hashes, row) = self.replay(record);
            for (at, disk) in disks.iter().enumerate() {
                let held = disk.records.get(&record);
                let here = held.map(|held| held.changes.clone()).unwrap_or_default();
                let refused = disk.refused.iter().filter(|((id, _), _)| *id == record);
                let mut kept_out: BTreeSet<ChangeHash> =
                    refused.map(|((_, hash), _)| *hash).collect();
                kept_out.extend(
                    here.iter()
                        .filter(|hash| self.is_kept_out((record, **hash))),
                );
                kept_out.retain(|hash| !hashes.contains(hash));
                let stands = self.server.log().records.get(&record);
                let generation = stands.map_or(0, |stands| stands.generation);
                // It lost a generation, and would not have that again.
                if !kept_out.is_empty() && disk.is_past(record, generation) {
                    continue;
                }
                let aside = disk.set_aside.iter().filter(|(id, _)| *id == record);
                let aside: BTreeSet<ChangeHash> = aside.map(|(_, hash)| *hash).collect();
                let mut shared: BTreeSet<ChangeHash> =
                    here.difference(&kept_out).copied().collect();
                // A note that was begun in a record whose making was refused waits for that, though a log
                // that was set back may have lost it.
                if row.is_none() {
                    let may_be_lost = self.faults.fired(Fault::ServerRestored) > 0;
                    let due = |hash: &&ChangeHash| !may_be_lost || hashes.contains(hash);
                    shared.extend(aside.iter().filter(due));
                }
                assert!(
                    shared == hashes,
                    "device {at} has of {record} more than the log: {:?}, and less: {:?}, of which \
                     {} are set aside; the quarantine has {:?}",
                    shared.difference(&hashes).collect::<Vec<_>>(),
                    hashes.difference(&shared).collect::<Vec<_>>(),
                    aside.len(),
                    self.quarantine_of(record),
                );
                if here == hashes {
                    let shows = held.and_then(|held| held.row.as_ref());
                    assert!(shows == row.as_ref(), "device {at} shows another {record}");
                }
            }
        }
    }

    /// The server's changes of a record, and the row that they make in any order.
    fn replay(&self, record: RecordId) -> (BTreeSet<ChangeHash>, Option<Row>) {
        let log = self.server.log();
        let of = [record].into();
        let raw = log.raw(&of).expect("the log can be read").remove(&record);
        let raw: Vec<Vec<u8>> = raw.unwrap_or_default().into_iter().map(|it| it.1).collect();
        let block = log.records.get(&record).and_then(|it| it.block);
        let block = block.map(|block| log.blocks[&block].open().expect("a block opens"));
        let mut kept = block
            .into_iter()
            .flatten()
            .filter(|it| it.document == record);
        let replay = |mut raw: Vec<Vec<u8>>, snapshot: Option<&[u8]>| {
            let document = snapshot.map(Document::open).transpose();
            let mut document = document.expect("a snapshot opens").unwrap_or_default();
            let applied = document.apply(raw.iter_mut().map(|it| it.as_slice()));
            applied.expect("the log loads");
            document
        };
        let snapshot = kept.next().map(|kept| kept.snapshot.0);
        let forth = replay(raw.clone(), snapshot.as_deref());
        let back = replay(raw.into_iter().rev().collect(), snapshot.as_deref());
        let row = forth.row(record).ok();
        assert!(
            row == back.row(record).ok(),
            "replaying the log twice gives two rows"
        );
        let changes = forth.changes().into_iter().map(|change| change.hash);
        (changes.collect(), row)
    }

    fn quarantine_of(&self, record: RecordId) -> Vec<Reason> {
        let quarantined = self.server.log().quarantined.iter();
        let of = quarantined.filter(|((id, _), _)| *id == record);
        of.map(|(_, refused)| refused.reason).collect()
    }

    /// Whether the server, which lost a change, would not have it again: the validator was silent.
    fn is_kept_out(&self, name: Name) -> bool {
        let quarantined = &self.server.log().quarantined;
        self.faults.fired(Fault::ServerRestored) > 0
            && self.oracle.silenced.contains(&name.0)
            && quarantined.contains_key(&name)
    }

    /// Whatever was shown as saved is in the log, or somebody is told why not.
    fn check_shown(&self, disks: &[Reading]) {
        for shown in &self.oracle.shown {
            let told = |disk: &Reading| disk.refused.iter().any(|(name, _)| *name == shown.name);
            assert!(
                self.oracle.names().contains(&shown.name)
                    || self.is_moved(shown)
                    || disks.iter().any(told)
                    || self.server.log().quarantined.contains_key(&shown.name),
                "an edit of device {} in {} is lost: {}, saved as {}",
                shown.device,
                shown.name.0,
                shown.name.1,
                shown.key
            );
        }
    }

    /// Whether an edit went with its record, or is in what its record was before a new generation.
    fn is_moved(&self, shown: &Shown) -> bool {
        let record = shown.name.0;
        self.oracle.erased.contains(&record)
            || self.oracle.ended.contains(&record) && self.oracle.ever.contains(&shown.name)
    }

    /// Nothing is refused without a cause that lies in this run.
    fn check_reasons(&self, disks: &[Reading]) {
        for (at, disk) in disks.iter().enumerate() {
            for (name, reason) in &disk.refused {
                let shown = self.oracle.shown.iter();
                let mut of = shown.filter(|shown| shown.name == *name);
                let is_due = match reason {
                    Reason::Time => of.all(|shown| {
                        shown.stamp.0 != 0
                            && (shown.stamp.0 < EARLIEST || shown.stamp.0 - shown.at.0 > DAY_MS)
                    }),
                    Reason::TooCostly => self.oracle.silenced.contains(&name.0),
                    // What was refused in a life of the server that was lost is known no more.
                    Reason::Builds => {
                        self.root_refused(name.0, disks) || self.oracle.silenced.contains(&name.0)
                    }
                    Reason::Malformed
                    | Reason::TooLarge
                    | Reason::Writer
                    | Reason::Sequence
                    | Reason::Invalid
                    | Reason::RecordTooLarge => false,
                    Reason::Squashed => self.oracle.ended.contains(&name.0),
                    Reason::Gone => self.oracle.erased.contains(&name.0),
                    Reason::Forbidden => self.server.rules.hid_from_somebody(name.0),
                };
                assert!(is_due, "device {at}: {reason:?} without a cause");
            }
        }
    }

    /// Whether something in this record was refused for a reason of its own.
    fn root_refused(&self, record: RecordId, disks: &[Reading]) -> bool {
        let quarantined = self.server.log().quarantined.iter();
        let mut there = quarantined.filter(|((id, _), _)| *id == record);
        let mut here = disks.iter().flat_map(|disk| &disk.refused);
        there.any(|(_, refused)| refused.reason != Reason::Builds)
            || here.any(|((id, _), reason)| *id == record && *reason != Reason::Builds)
    }
}
