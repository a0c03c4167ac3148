//! How much a device may push and ask: more comes from one that is broken or hostile.
//!
//! A device's id is free to invent, and so is a person's: each is counted, and so is the address that the
//! socket comes from, behind which many devices may be.

use super::{Address, Session, Speaker};
use crate::id::{DeviceId, PersonId};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// Pushes a second, for long.
const PUSHES_A_SECOND: i64 = 50;
/// Pushes at once.
const PUSHES: i64 = 400;
/// Bytes a second, for long.
const BYTES_A_SECOND: i64 = 2 * 1024 * 1024;
/// Bytes at once.
const BYTES: i64 = 16 * 1024 * 1024;
/// Microseconds of the validator's work a second, for long.
const WORK_A_SECOND: i64 = 2_000_000;
/// Microseconds of its work at once.
const WORK: i64 = 40_000_000;
/// Microseconds a second that records which are heavy may take, for long: of whoever it is.
const HEAVY_A_SECOND: i64 = 10_000;
/// Microseconds after which no further push with such records is taken.
const HEAVY: i64 = 150_000;
/// Bytes that are brought a second, for long.
const BROUGHT_A_SECOND: i64 = 2 * 1024 * 1024;
/// Those who are remembered before those that rest are forgotten.
const KEPT: usize = 4_096;

/// Whose share it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Device(DeviceId),
    Person(PersonId),
    Address(Address),
}

impl Whose {
    fn all(speaker: Speaker, address: Address) -> [Whose; 3] {
        [
            Whose::Device(speaker.device),
            Whose::Person(speaker.person),
            Whose::Address(address),
        ]
    }

    /// How many devices it may be.
    fn devices(self) -> i64 {
        match self {
            Whose::Device(_) => 1,
            Whose::Person(_) => 4,
            Whose::Address(_) => 16,
        }
    }
}

/// How many bytes a device may be brought at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(i64);

impl Share {
    /// Where the log has so many entries: all of them, and as much as may be pushed at once.
    pub(super) fn of(head: u64) -> Share {
        Share(BYTES / 2 + i64::try_from(head.min(1 << 40)).unwrap_or_default() * 256)
    }
}

/// What is left to each. Losing it costs nothing.
#[derive(Debug, Default)]
pub(super) struct Pace {
    buckets: BTreeMap<Whose, Bucket>,
}

/// What was spent and has not come back with time: thousandths of pushes, bytes, microseconds, microseconds
/// on heavy records, bytes.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    at: Timestamp,
    pushes: i64,
    bytes: i64,
    work: i64,
    heavy: i64,
    brought: i64,
}

impl Bucket {
    fn drain(&mut self, now: Timestamp, devices: i64) {
        let passed = now.0.saturating_sub(self.at.0).clamp(0, 60_000) * devices;
        self.at = now;
        self.pushes = (self.pushes - passed * PUSHES_A_SECOND).max(0);
        self.bytes = (self.bytes - passed * BYTES_A_SECOND / 1_000).max(0);
        self.work = (self.work - passed * WORK_A_SECOND / 1_000).max(0);
        let alone = passed / devices;
        self.heavy = (self.heavy - alone * HEAVY_A_SECOND / 1_000).max(0);
        self.brought = (self.brought - passed * BROUGHT_A_SECOND / 1_000).max(0);
    }

    fn is_empty(&self) -> bool {
        self.pushes == 0
            && self.bytes == 0
            && self.work == 0
            && self.heavy == 0
            && self.brought == 0
    }
}

impl Pace {
    fn bucket(&mut self, whose: Whose, now: Timestamp) -> &mut Bucket {
        if self.buckets.len() >= KEPT {
            self.buckets.retain(|whose, bucket| {
                bucket.drain(now, whose.devices());
                !bucket.is_empty()
            });
        }
        let bucket = self.buckets.entry(whose).or_insert(Bucket {
            at: now,
            pushes: 0,
            bytes: 0,
            work: 0,
            heavy: 0,
            brought: 0,
        });
        bucket.drain(now, whose.devices());
        bucket
    }

    /// Counts a push; `false` where the device is to wait.
    pub(super) fn admits(
        &mut self,
        speaker: Speaker,
        address: Address,
        bytes: usize,
        now: Timestamp,
    ) -> bool {
        let bytes = bytes as i64;
        let all = Whose::all(speaker, address);
        let admits = all.iter().all(|whose| {
            let devices = whose.devices();
            let spent = self.bucket(*whose, now);
            spent.pushes + 1_000 <= PUSHES * 1_000 * devices
                && spent.bytes + bytes <= BYTES * devices
                && spent.work < WORK * devices
        });
        if admits {
            for whose in all {
                let spent = self.bucket(whose, now);
                spent.pushes += 1_000;
                spent.bytes += bytes;
            }
        }
        admits
    }

    /// Counts what the validator is asked to do, in microseconds.
    pub(super) fn works(&mut self, speaker: Speaker, address: Address, us: u64, now: Timestamp) {
        for whose in Whose::all(speaker, address) {
            self.bucket(whose, now).work += i64::try_from(us).unwrap_or(i64::MAX / 4);
        }
    }

    /// How much the validator had to do for someone, by those of their shares of which most is spent.
    pub(super) fn worked(&self, speaker: Speaker, address: Address, now: Timestamp) -> i64 {
        let spent = Whose::all(speaker, address).map(|whose| {
            self.buckets.get(&whose).map_or(0, |bucket| {
                let mut bucket = *bucket;
                bucket.drain(now, whose.devices());
                bucket.work / whose.devices()
            })
        });
        spent.into_iter().max().unwrap_or_default()
    }

    /// Whether a push with heavy records is taken.
    pub(super) fn admits_heavy(
        &mut self,
        speaker: Speaker,
        address: Address,
        now: Timestamp,
    ) -> bool {
        let all = Whose::all(speaker, address);
        all.into_iter()
            .all(|whose| self.bucket(whose, now).heavy < HEAVY)
    }

    /// Counts a heavy record.
    pub(super) fn weighs(&mut self, speaker: Speaker, address: Address, us: u64, now: Timestamp) {
        for whose in Whose::all(speaker, address) {
            self.bucket(whose, now).heavy += i64::try_from(us).unwrap_or(i64::MAX / 4);
        }
    }

    /// Counts what a socket was brought.
    pub(super) fn bring(&mut self, session: &Session, bytes: usize, full: Share, now: Timestamp) {
        let Some(speaker) = session.speaker else {
            return;
        };
        for whose in Whose::all(speaker, session.address) {
            let most = 2 * full.0 * whose.devices();
            let spent = self.bucket(whose, now);
            spent.brought = (spent.brought + bytes as i64).min(most);
        }
    }

    /// How many thousandths of what it may be brought at once are left to a socket; less than one where it is
    /// to be given little. Of its shares the smallest counts.
    pub(super) fn credit(&self, session: &Session, full: Share, now: Timestamp) -> i64 {
        let Some(speaker) = session.speaker else {
            return 1_000;
        };
        let left = Whose::all(speaker, session.address).map(|whose| {
            let most = full.0 * whose.devices();
            let spent = self.buckets.get(&whose).map_or(0, |bucket| {
                let mut bucket = *bucket;
                bucket.drain(now, whose.devices());
                bucket.brought
            });
            (most - spent) * 1_000 / most.max(1)
        });
        left.into_iter().min().unwrap_or(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaker(device: u8, person: u8) -> Speaker {
        Speaker {
            device: DeviceId([device; 16]),
            incarnation: [0; 8],
            person: PersonId([person; 8]),
        }
    }

    const HOME: Address = Address(1);

    #[test]
    fn a_burst_passes_a_flood_does_not_and_time_makes_up_for_it() {
        let mut pace = Pace::default();
        let one = speaker(1, 1);
        let mut now = Timestamp(1_000);
        let at_once = (0..1_000)
            .filter(|_| pace.admits(one, HOME, 100, now))
            .count();
        assert_eq!(at_once as i64, PUSHES);
        assert!(pace.admits(speaker(2, 1), HOME, 100, now));
        let mut taken = 0;
        for _ in 0..1_000 {
            now.0 += 10;
            taken += i64::from(pace.admits(one, HOME, 100, now));
        }
        assert_eq!(taken, 10 * PUSHES_A_SECOND);
        now.0 += 60_000;
        let large = (0..100).filter(|_| pace.admits(one, HOME, 1 << 20, now));
        assert_eq!(large.count() as i64, BYTES >> 20);
        // A clock that jumps back takes nothing away.
        now.0 -= 3_600_000;
        assert!(!pace.admits(one, HOME, 1 << 20, now));
        now.0 += 1_000;
        assert!(pace.admits(one, HOME, 1 << 20, now));
    }

    #[test]
    fn new_ids_bring_no_new_share() {
        let mut pace = Pace::default();
        let now = Timestamp(1_000);
        let of_person = (0..=255).flat_map(|device| [speaker(device, 1); 100]);
        let taken = of_person.filter(|it| pace.admits(*it, HOME, 100, now));
        assert_eq!(taken.count() as i64, 4 * PUSHES);
        let of_address = (0..=255).flat_map(|id| [speaker(id, id); 100]);
        let taken = of_address.filter(|it| pace.admits(*it, HOME, 100, now));
        assert_eq!(taken.count() as i64, 12 * PUSHES);
        assert!(pace.admits(speaker(9, 9), Address(2), 100, now));
    }

    #[test]
    fn what_the_validator_has_to_do_counts_like_bytes() {
        let mut pace = Pace::default();
        let mut now = Timestamp(1_000);
        let one = speaker(1, 1);
        assert!(pace.admits(one, HOME, 100, now));
        pace.works(one, HOME, 2 * WORK as u64, now);
        assert!(!pace.admits(one, HOME, 100, now));
        assert!(pace.admits(speaker(2, 2), HOME, 100, now));
        now.0 += 21_000;
        assert!(pace.admits(one, HOME, 100, now));
    }

    #[test]
    fn who_was_brought_much_has_little_credit_until_time_passes() {
        let mut pace = Pace::default();
        let full = Share::of(1_000);
        let mut now = Timestamp(1_000);
        let session = |device, person| Session {
            speaker: Some(speaker(device, person)),
            address: HOME,
            ..Session::default()
        };
        let one = session(1, 1);
        assert_eq!(pace.credit(&one, full, now), 1_000);
        pace.bring(&one, full.0 as usize, full, now);
        assert_eq!(pace.credit(&one, full, now), 0);
        assert_eq!(pace.credit(&session(2, 1), full, now), 750);
        assert!(pace.credit(&session(2, 2), full, now) > 900);
        now.0 += 60_000;
        assert_eq!(pace.credit(&one, full, now), 1_000);
    }
}
