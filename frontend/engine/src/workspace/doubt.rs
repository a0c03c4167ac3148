//! Changes and records that are taken for the cause of crashes: kept apart, and tried again later.
//!
//! An engine can't tell a change that crashes it from a tab that was closed, or killed for its memory,
//! in that very moment. So it never gives a change up: after a while, each time a longer one, it
//! tries it again, by itself. One that is the cause after all costs a crash now and then.

use super::trial::{TRIAL, Trial};
use super::{CORRUPT, META, Workspace, aside};
use crate::block::{pack, unpack};
use crate::platform::storage::{Op, StorageError};
use serde::{Deserialize, Serialize};
use shared::id::{ChangeHash, RecordId};
use shared::time::Timestamp;

pub(super) const DOUBTS: &str = "doubts";
const FIRST_WAIT_MS: i64 = 600_000;
const LONGEST_WAIT_MS: i64 = 7 * 86_400_000;
/// By how much each wait is longer than the one before, as a power of two.
const SLOWER: u32 = 2;

/// Something that is doubted: a change, or a record as it came whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Of which record.
    pub record: RecordId,
    /// What it is called, should the engine crash over it.
    pub name: ChangeHash,
    /// Of which life of the record.
    pub generation: u32,
    /// How often it was tried again.
    tries: u32,
    /// Since when it waits.
    at: Timestamp,
}

impl Doubt {
    /// A new one, with its first wait ahead.
    pub fn new(record: RecordId, name: ChangeHash, generation: u32, at: Timestamp) -> Doubt {
        Doubt {
            record,
            name,
            generation,
            tries: 0,
            at,
        }
    }

    fn is(&self, record: RecordId, name: ChangeHash) -> bool {
        self.record == record && self.name == name
    }

    /// When it is to be tried again. A clock that was set back since makes nothing wait longer.
    fn due(&self, now: Timestamp) -> Timestamp {
        let slower = self.tries.saturating_mul(SLOWER).min(32);
        let wait = (FIRST_WAIT_MS << slower).min(LONGEST_WAIT_MS);
        let due = Timestamp(self.at.0.saturating_add(wait));
        if now < self.at { now } else { due }
    }
}

impl Workspace {
    /// How many changes and records are doubted.
    pub fn doubted(&self) -> usize {
        self.doubts.len()
    }

    /// When one of them is to be tried again.
    pub fn next_doubt(&self, now: Timestamp) -> Option<Timestamp> {
        self.doubts.iter().map(|doubt| doubt.due(now)).min()
    }

    /// Whether this is to be kept apart: it crashed the engine twice, or did so once and waits.
    pub fn is_doubted(&self, record: RecordId, name: ChangeHash) -> bool {
        if self.trying == Some((record, name)) {
            return false;
        }
        let trials = [&self.trial, &self.earlier_trial].into_iter().flatten();
        trials.filter_map(Trial::culprit).any(|it| it == name)
            || self.doubts.iter().any(|doubt| doubt.is(record, name))
    }

    /// The doubts that the end of a record, or of a life of it, settles.
    pub fn doubts_before(&self, record: RecordId, generation: u32) -> Vec<(RecordId, ChangeHash)> {
        let doubts = self.doubts.iter();
        let settled = doubts.filter(|it| it.record == record && it.generation < generation);
        settled.map(|it| (it.record, it.name)).collect()
    }

    /// What is being tried again.
    pub fn trying(&self) -> Option<(RecordId, ChangeHash)> {
        self.trying
    }

    /// Notes, and this on the disk, that one whose time has come is tried again; returns it with its
    /// bytes. Whatever comes of it, [`Workspace::end_trying`] follows.
    ///
    /// # Errors
    /// Storage failed; nothing is tried.
    pub async fn begin_trying(
        &mut self,
        now: Timestamp,
    ) -> Result<Option<(Doubt, Vec<u8>)>, StorageError> {
        let mut doubts = self.doubts.clone();
        let Some(at) = doubts.iter().position(|doubt| doubt.due(now) <= now) else {
            return Ok(None);
        };
        let key = aside::poison(doubts[at].record, doubts[at].name);
        let Some(bytes) = self.database.get(CORRUPT, key).await? else {
            self.doubts.remove(at);
            return Ok(None);
        };
        doubts[at].tries += 1;
        doubts[at].at = now;
        let doubt = doubts[at];
        // Should it be the cause, the next engine is to know after one crash.
        let crashes = 1;
        let trial = Trial {
            crashes,
            changes: vec![doubt.name],
        };
        let ops = [
            Op::Put(META, DOUBTS.into(), pack(&doubts)),
            Op::Put(META, TRIAL.into(), pack(&trial)),
        ];
        self.write(&ops).await?;
        self.doubts = doubts;
        self.trying = Some((doubt.record, doubt.name));
        self.earlier_trial = self.trial.replace(Trial {
            crashes,
            changes: Vec::new(),
        });
        Ok(Some((doubt, bytes)))
    }

    /// It was tried again: what another crash told is of account again.
    pub fn end_trying(&mut self) {
        let tried = self.trying.take().map(|(_, name)| name);
        let earlier = self.earlier_trial.take();
        self.trial = earlier.filter(|earlier| earlier.culprit() != tried);
    }

    /// The doubts once some are settled and others came, and the steps that make them so.
    pub(super) fn doubts_after(
        &self,
        settled: &[(RecordId, ChangeHash)],
        came: Vec<(Doubt, Vec<u8>)>,
        ops: &mut Vec<Op>,
    ) -> Option<Vec<Doubt>> {
        if settled.is_empty() && came.is_empty() {
            return None;
        }
        let mut doubts = self.doubts.clone();
        for (record, name) in settled {
            doubts.retain(|doubt| !doubt.is(*record, *name));
            ops.push(Op::Delete(CORRUPT, aside::poison(*record, *name)));
        }
        for (doubt, bytes) in came {
            let key = aside::poison(doubt.record, doubt.name);
            ops.push(Op::Put(CORRUPT, key, bytes));
            let mut known = doubts.iter_mut();
            match known.find(|it| it.is(doubt.record, doubt.name)) {
                Some(known) => known.generation = doubt.generation,
                None => doubts.push(doubt),
            }
        }
        ops.push(Op::Put(META, DOUBTS.into(), pack(&doubts)));
        Some(doubts)
    }

    /// Finds out what is doubted, given what lies on the disk. An engine of an earlier version did not
    /// note since when: such a one is tried again at once.
    pub(super) async fn find_doubts(
        &mut self,
        found: Vec<(RecordId, ChangeHash)>,
    ) -> Result<(), StorageError> {
        let noted = self.database.get(META, DOUBTS.into()).await?;
        let noted: Option<Vec<Doubt>> = noted.and_then(|bytes| unpack(&bytes));
        let noted = noted.unwrap_or_default();
        for (record, name) in found {
            let doubt = noted.iter().find(|doubt| doubt.is(record, name));
            let (since, generation) = (Timestamp(0), self.generation(record));
            let anew = || Doubt::new(record, name, generation, since);
            self.doubts.push(doubt.copied().unwrap_or_else(anew));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_longer_than_the_one_before_but_for_a_week_at_most() {
        let at = Timestamp(1_780_000_000_000);
        let mut doubt = Doubt::new(RecordId([1; 16]), ChangeHash([2; 32]), 0, at);
        let mut waits = Vec::new();
        for tries in [0, 1, 2, 5, 6, 1_000, u32::MAX] {
            doubt.tries = tries;
            waits.push((doubt.due(at).0 - at.0) / 60_000);
        }
        assert_eq!(waits, [10, 40, 160, 10_080, 10_080, 10_080, 10_080]);
    }

    #[test]
    fn a_clock_that_was_set_back_makes_nobody_wait_for_years() {
        let at = Timestamp(1_780_000_000_000);
        let doubt = Doubt::new(RecordId([1; 16]), ChangeHash([2; 32]), 0, at);
        let now = Timestamp(at.0 - 1);
        assert_eq!(doubt.due(now), now);
    }
}
