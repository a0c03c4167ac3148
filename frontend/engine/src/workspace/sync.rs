//! What sync stores and reads.

use super::aside::{self, Aside};
use super::trial::TRIAL;
use super::unread;
use super::{Added, COMPLETE, Doubt, META, OUTBOX, POINT, QUARANTINE, Whole, Workspace};
use crate::block::{Bytes, Stored, pack, unpack};
use crate::failure::words;
use crate::outbox::{Refused, Waiting};
use crate::platform::browser::{log, now};
use crate::platform::storage::{Key, Op, StorageError};
use crate::table::{Set, Table};
use shared::id::{ChangeHash, RecordId};
use shared::sync::client::{Outgoing, Point, Read};
use shared::sync::packed::change_hash;

/// What came from the server, ready to be stored.
#[derive(Default)]
pub struct Received {
    /// Changes of others and the rows after them.
    pub added: Vec<Added>,
    /// Changes that don't apply here.
    pub suspect: Vec<Aside>,
    /// What crashed the engine twice.
    pub doubted: Vec<(Doubt, Vec<u8>)>,
    /// What was doubted and is not any more.
    pub settled: Vec<(RecordId, ChangeHash)>,
    /// Changes that were set aside and are tried once more: those among the suspect ones stay there.
    pub retried: Vec<(RecordId, Key)>,
    /// Records of which changes stay aside, for a life of theirs that is yet to come.
    pub still_aside: Vec<RecordId>,
    /// Outbox keys that the server has.
    pub confirmed: Vec<u64>,
    /// Outbox keys that it refused, with the reason's key.
    pub refused: Vec<(u64, &'static str)>,
    /// Keys of changes refused earlier that are in the log after all.
    pub taken: Vec<u64>,
    /// Outbox keys of changes that came from the log.
    pub landed: Vec<u64>,
    /// Records that leave.
    pub gone: Set<RecordId>,
    /// Records that come as a whole.
    pub wholes: Vec<Whole>,
    /// Edits that are made again.
    pub remade: Remade,
    /// Where sync stands then.
    pub point: Point,
}

/// Edits that are made again, in another generation of their record or under another clock.
#[derive(Default)]
pub struct Remade {
    /// Outbox keys that leave without a word.
    pub outbox: Vec<u64>,
    /// Refused changes that are given up for them.
    pub refused: Vec<u64>,
    /// The changes that come, each with its record and its first field.
    pub made: Vec<(RecordId, String, Vec<u8>)>,
}

impl Workspace {
    /// Stores all of it in one transaction. Returns the edits made again, to be sent.
    ///
    /// # Errors
    /// Storage failed; nothing of it was written.
    pub async fn store(&mut self, mut received: Received) -> Result<Vec<Outgoing>, StorageError> {
        if self.is_damaged {
            received.point = received.point.from_the_start();
        }
        let mut ops = Vec::new();
        let refused: Table<u64, &str> = received.refused.into_iter().collect();
        let gone: Set<u64> = received
            .confirmed
            .into_iter()
            .chain(refused.keys())
            .chain(received.remade.outbox)
            .chain(received.landed)
            .collect();
        let mut quarantined = Vec::new();
        for (entry, changes) in self.read_entries(self.outbox.entries(&gone)).await? {
            let (out, left): (Vec<Waiting>, Vec<Waiting>) =
                changes.into_iter().partition(|change| gone.has(change.key));
            ops.push(match left.is_empty() {
                true => Op::Delete(OUTBOX, entry.into()),
                false => Op::Put(OUTBOX, entry.into(), pack(&left)),
            });
            for change in out {
                if let Some(reason) = refused.get(change.key) {
                    quarantined.push((change.key, Refused::new(change, reason)));
                }
            }
        }
        for (key, refused) in &quarantined {
            ops.push(Op::Put(QUARANTINE, (*key).into(), pack(refused)));
        }
        let retried = received.retried.iter();
        ops.extend(retried.map(|(_, key)| aside::delete(key.clone())));
        if !received.suspect.is_empty() {
            ops.push(unread::reading());
        }
        let suspect = received.suspect.iter().map(|it| it.record);
        let suspect: Set<RecordId> = suspect.chain(received.still_aside).collect();
        ops.extend(received.suspect.into_iter().map(aside::put));
        let doubts = self.doubts_after(&received.settled, received.doubted, &mut ops);
        ops.push(Op::Put(META, POINT.into(), pack(&received.point)));
        ops.push(Op::Delete(META, TRIAL.into()));
        let taken = received.taken.iter().filter(|key| self.refused.has(**key));
        received.remade.refused.extend(taken);
        for key in &received.remade.refused {
            ops.push(Op::Delete(QUARANTINE, (*key).into()));
        }
        let waiting = self.enqueue(received.remade.made, now(), &mut ops);
        let ends = received.wholes.iter();
        let ends = ends.filter(|it| it.generation > self.generation(it.record));
        if ends.count() > 0 || !received.gone.is_empty() {
            self.drop_copies(&mut ops);
            self.copies.clear();
        }
        let moved = self
            .move_blocks(&received.gone, received.wholes, &mut ops)
            .await?;
        self.tail_entry((0, Bytes::default()), &received.added, &mut ops);
        self.write(&ops).await?;
        self.moved(moved);
        self.appended(received.added);
        self.trial = None;
        if let Some(doubts) = doubts {
            self.doubts = doubts;
        }
        self.is_note_void = false;
        for (record, _) in &received.retried {
            self.aside.remove(*record);
        }
        self.aside.extend(suspect.keys().map(|record| (record, ())));
        self.point = received.point;
        self.outbox.remove(&gone);
        for key in received.remade.refused {
            self.refused.remove(key);
        }
        self.refused.extend(quarantined);
        Ok(self.enqueued(waiting))
    }

    /// What waits in the outbox under these keys.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn waiting(&mut self, keys: &Set<u64>) -> Result<Vec<Waiting>, StorageError> {
        let entries = self.read_entries(self.outbox.entries(keys)).await?;
        let changes = entries.into_iter().flat_map(|(_, changes)| changes);
        Ok(changes.filter(|change| keys.has(change.key)).collect())
    }

    /// Remembers that everything of the server has arrived.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn mark_complete(&mut self) -> Result<(), StorageError> {
        let ops = [Op::Put(META, COMPLETE.into(), pack(&true))];
        self.write(&ops).await?;
        self.complete = true;
        Ok(())
    }

    /// Has everything pulled and offered from the start, as for a workspace that is shared anew.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn offer_all(&mut self) -> Result<(), StorageError> {
        let point = Point {
            offering: true,
            ..Point::default()
        };
        let ops = [Op::Put(META, POINT.into(), pack(&point))];
        self.write(&ops).await?;
        self.point = point;
        Ok(())
    }

    /// Reads changes for the server, and whether there are more behind them.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn read(&mut self, what: Read) -> Result<(Vec<Outgoing>, bool), StorageError> {
        match what {
            Read::Outbox { after, limit } => {
                let entries = self.outbox.entries_after(after, limit);
                let mut changes: Vec<Outgoing> = Vec::new();
                for (_, entry) in self.read_entries(entries).await? {
                    let wanted = entry.into_iter().filter(|change| change.key > after);
                    changes.extend(wanted.map(|change| self.outgoing(change)));
                }
                changes.truncate(limit);
                let last = changes.last().map_or(after, |change| change.key);
                Ok((changes, last < self.outbox.last_key()))
            }
            Read::All { after, limit } => self.read_all(after, limit).await,
            Read::Document(record) => {
                let mut histories = self.histories(&Set::from_iter([record])).await?;
                let stored = histories.remove(record).unwrap_or_default();
                Ok((self.whole(record, &stored), false))
            }
        }
    }

    /// Every record with all its changes.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn everything(&mut self) -> Result<Vec<(RecordId, Vec<Vec<u8>>)>, StorageError> {
        let histories = self.histories(&self.records()).await?;
        let whole = histories.iter().map(|(record, stored)| {
            let changes = self.whole(record, stored).into_iter();
            (record, changes.map(|change| change.bytes).collect())
        });
        Ok(whole.collect())
    }

    async fn read_all(
        &mut self,
        after: Option<RecordId>,
        limit: usize,
    ) -> Result<(Vec<Outgoing>, bool), StorageError> {
        let histories = match (after, self.offer.take()) {
            (Some(_), Some(histories)) => histories,
            _ => self.histories(&self.records()).await?,
        };
        let mut changes = Vec::new();
        let mut more = false;
        for (record, stored) in histories.iter() {
            if after.is_some_and(|after| record <= after) {
                continue;
            }
            if changes.len() >= limit {
                more = true;
                break;
            }
            changes.extend(self.whole(record, stored));
        }
        if more {
            self.offer = Some(histories);
        }
        Ok((changes, more))
    }

    async fn read_entries(
        &mut self,
        entries: Set<u64>,
    ) -> Result<Vec<(u64, Vec<Waiting>)>, StorageError> {
        let keys: Vec<Key> = entries.keys().map(Key::from).collect();
        let values = self.database.get_many(OUTBOX, &keys).await?;
        let read = entries.keys().zip(values);
        Ok(read
            .filter_map(|(entry, sealed)| Some((entry, unpack(&sealed?)?)))
            .collect())
    }

    /// What the server refused of a record, with the keys.
    pub fn refused_of(&self, record: RecordId) -> Vec<(ChangeHash, u64)> {
        let refused = self.refused.values().map(|refused| &refused.change);
        let of = refused.filter(|change| change.record == record);
        of.filter_map(|change| Some((change_hash(&change.bytes.0)?, change.key)))
            .collect()
    }

    /// Every change of a record, each after those that it builds on. One that the server refused has its key.
    fn whole(&self, record: RecordId, stored: &Stored) -> Vec<Outgoing> {
        let changes = stored.raw().unwrap_or_else(|error| {
            log(&format!("history of {record}: {}", words(&error)));
            Vec::new()
        });
        let generation = self.generation(record);
        let refused = self.refused_of(record);
        let key = |bytes: &[u8]| {
            let hash = (!refused.is_empty()).then(|| change_hash(bytes))??;
            let found = refused.iter().find(|(it, _)| *it == hash);
            found.map(|(_, key)| *key)
        };
        let changes = changes.into_iter().map(|bytes| Outgoing {
            key: key(&bytes).unwrap_or(0),
            document: record,
            generation,
            bytes,
        });
        changes.collect()
    }
}
