//! Records that the person is to look at: of what came for them something can't be shown, or their history
//! was damaged here and began anew.

use super::{META, Workspace, name_record};
use crate::block::{pack, unpack};
use crate::platform::browser::now;
use crate::platform::storage::{Op, StorageError};
use crate::table::Set;
use shared::bridge::UnreadLine;
use shared::id::RecordId;
use shared::time::Timestamp;

const ANEW: &str = "anew";
const READS: &str = "reads";
/// How documents are read: what an earlier version set aside may be read by a later one. 2: a record stays
/// what it is, whatever stands at the root of its document.
const READING: u8 = 2;
/// For how long a history that began anew is told of.
const TOLD_MS: i64 = 14 * 86_400_000;
/// The most lines.
const LINES: usize = 20;

impl Workspace {
    /// The records to look at, at most `LINES`.
    pub fn unread(&self) -> Vec<UnreadLine> {
        let mut apart: Set<RecordId> = self.aside.keys().collect();
        apart.extend(self.doubts.iter().map(|doubt| (doubt.record, ())));
        apart.remove(name_record(self.id));
        let line = |why: &str| {
            let why = why.to_owned();
            move |record| UnreadLine {
                record,
                why: why.clone(),
            }
        };
        let now = now();
        let anew = self.anew.iter();
        let anew = anew.filter(|(_, at)| now.0.abs_diff(at.0) < TOLD_MS.unsigned_abs());
        let anew = anew.map(|(record, _)| *record).map(line("anew"));
        let lines = anew.chain(apart.keys().map(line("apart")));
        lines.take(LINES).collect()
    }

    /// Notes that the history of a record begins anew.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn note_anew(&mut self, record: RecordId) -> Result<(), StorageError> {
        let mut anew = self.anew.clone();
        anew.retain(|(known, _)| *known != record);
        anew.push((record, now()));
        self.write(&[Op::Put(META, ANEW.into(), pack(&anew))])
            .await?;
        self.anew = anew;
        Ok(())
    }

    /// Finds out what is to be told. What an earlier version could not read is had once more.
    pub(super) async fn find_unread(&mut self) -> Result<(), StorageError> {
        let anew = self.database.get(META, ANEW.into()).await?;
        let anew: Option<Vec<(RecordId, Timestamp)>> = anew.and_then(|bytes| unpack(&bytes));
        self.anew = anew.unwrap_or_default();
        if self.aside.is_empty() {
            return Ok(());
        }
        let read = self.database.get(META, READS.into()).await?;
        if read.and_then(|bytes| unpack::<u8>(&bytes)) == Some(READING) {
            return Ok(());
        }
        let point = self.point.from_the_start();
        let ops = [reading(), Op::Put(META, super::POINT.into(), pack(&point))];
        self.write(&ops).await?;
        self.point = point;
        Ok(())
    }
}

/// The step that notes how what is set aside was read.
pub(super) fn reading() -> Op {
    Op::Put(META, READS.into(), pack(&READING))
}
