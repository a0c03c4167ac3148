//! How fast a device may push: more comes from one that is broken or hostile.

use crate::id::DeviceId;
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
/// Devices that are remembered before those that rest are forgotten.
const DEVICES: usize = 1_024;

/// What each device may still push. Losing it costs nothing.
#[derive(Debug, Default)]
pub(super) struct Pace {
    devices: BTreeMap<DeviceId, Bucket>,
}

/// Thousandths of pushes, and bytes, that are left.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    at: Timestamp,
    pushes: i64,
    bytes: i64,
}

impl Bucket {
    fn fill(&mut self, now: Timestamp) {
        let passed = now.0.saturating_sub(self.at.0).clamp(0, 60_000);
        self.at = now;
        self.pushes = (self.pushes + passed * PUSHES_A_SECOND).min(PUSHES * 1_000);
        self.bytes = (self.bytes + passed * BYTES_A_SECOND / 1_000).min(BYTES);
    }
}

impl Pace {
    /// Counts a push; `false` where the device is to wait.
    pub(super) fn admits(&mut self, device: DeviceId, bytes: usize, now: Timestamp) -> bool {
        if self.devices.len() >= DEVICES {
            self.devices.retain(|_, bucket| {
                bucket.fill(now);
                bucket.pushes < PUSHES * 1_000 || bucket.bytes < BYTES
            });
        }
        let bucket = self.devices.entry(device).or_insert(Bucket {
            at: now,
            pushes: PUSHES * 1_000,
            bytes: BYTES,
        });
        bucket.fill(now);
        let bytes = bytes as i64;
        if bucket.pushes < 1_000 || bucket.bytes < bytes {
            return false;
        }
        bucket.pushes -= 1_000;
        bucket.bytes -= bytes;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_a_flood_does_not_and_time_makes_up_for_it() {
        let mut pace = Pace::default();
        let device = DeviceId([1; 16]);
        let mut now = Timestamp(1_000);
        let at_once = (0..1_000).filter(|_| pace.admits(device, 100, now)).count();
        assert_eq!(at_once as i64, PUSHES);
        assert!(pace.admits(DeviceId([2; 16]), 100, now));
        let mut taken = 0;
        for _ in 0..1_000 {
            now.0 += 10;
            taken += i64::from(pace.admits(device, 100, now));
        }
        assert_eq!(taken, 10 * PUSHES_A_SECOND);
        now.0 += 60_000;
        let large = (0..100).filter(|_| pace.admits(device, 1 << 20, now));
        assert_eq!(large.count() as i64, BYTES >> 20);
        // A clock that jumps back takes nothing away.
        now.0 -= 3_600_000;
        assert!(!pace.admits(device, 1 << 20, now));
        now.0 += 1_000;
        assert!(pace.admits(device, 1 << 20, now));
    }
}
