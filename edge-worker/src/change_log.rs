//! The log in the Durable Object's SQLite.
//!
//! What one push brings lies in one row of `stretch`, packed; a `record` is a short row that says where
//! a document's changes and its snapshot are; a `block` holds some hundred folded documents. So a
//! record at rest takes little more than its share of a block, and a push a handful of rows.

mod cache;
mod database;
mod draft;
mod eras;
mod holders;
mod read;
mod schema;
mod stored;
mod stretch;
#[cfg(test)]
mod tests;
mod upgrade;
mod values;
mod write;

pub use database::Storage;

use crate::auth::SecretHash;
use cache::Cache;
use database::{Database, HOLES, Statement};
use schema::MIGRATIONS;
use shared::id::{ChangeHash, PersonId, RecordId, Writer};
use shared::sync::message::{Epoch, Era, Reason};
use shared::sync::parcel::Parcel;
use shared::sync::room::{
    Append, Binding, BlockId, ChangeLog, Erasure, Fold, LogError, LogRow, Name, Record, Refused,
    Sight, State,
};
use shared::time::Timestamp;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use values::{Row, Value, blob, counted};

/// Why the log could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ChangeLogError {
    /// It was written by a newer version of this code.
    #[error("the log has version {0}, and this code knows {known}", known = MIGRATIONS.len())]
    Newer(i64),
    /// SQLite failed.
    #[error("{0}")]
    Sql(#[from] worker::Error),
    /// It could not be brought up to date.
    #[error("{0}")]
    Log(#[from] LogError),
    /// No random numbers.
    #[error("no randomness")]
    Random,
}

/// The secret of a workspace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredSecret {
    /// Its hash.
    pub hash: SecretHash,
    /// How many secrets there were before.
    pub generation: u32,
}

/// The log of one workspace.
pub struct SqlLog<D = Storage> {
    database: D,
    cache: RefCell<Cache>,
    epoch: Epoch,
    /// The era of the last entry.
    era: Era,
    /// The one that this start of the process begins with its first entry.
    next_era: Option<Era>,
    head: u64,
    floor: u64,
    /// How many records have raw changes.
    loose: u64,
    /// How many notices about who sees what there are.
    sights: u64,
    quarantine_is_empty: bool,
    is_full: bool,
    /// The head at which it was last looked how full the storage is.
    measured_at: u64,
    next_block: u64,
    next_actor: u32,
}

impl<D: Database> SqlLog<D> {
    /// Whether there is a log, of any version. Asking makes none.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn is_made(database: &D) -> Result<bool, ChangeLogError> {
        let text = "SELECT 1 FROM sqlite_master WHERE name = 'meta'";
        Ok(!database.rows(text, Vec::new())?.is_empty())
    }

    /// Opens the log, and brings an older one up to date.
    ///
    /// # Errors
    /// SQLite fails, or the log is of a newer version.
    pub fn open(database: D) -> Result<SqlLog<D>, ChangeLogError> {
        let mut log = SqlLog {
            database,
            cache: RefCell::default(),
            epoch: Epoch([0; 8]),
            era: Era([0; 8]),
            next_era: None,
            head: 0,
            floor: 0,
            loose: 0,
            sights: 0,
            quarantine_is_empty: false,
            is_full: false,
            measured_at: 0,
            next_block: 1,
            next_actor: 1,
        };
        log.migrate()?;
        let epoch = log.meta("epoch")?.and_then(|value| values::bytes(&value));
        log.epoch = Epoch(epoch.unwrap_or_default());
        let floor = log.meta("floor")?;
        log.floor = floor
            .map_or(0, |value| values::number(&value))
            .unsigned_abs();
        let text = "SELECT \
            (SELECT coalesce(max(last), 0) FROM record), \
            (SELECT count(*) FROM record WHERE raw > 0), \
            (SELECT count(*) FROM notice WHERE kind <= 1), \
            (SELECT EXISTS (SELECT 1 FROM quarantine)), \
            (SELECT coalesce(max(part), 0) FROM block), \
            (SELECT coalesce(max(id), 0) FROM actor)";
        if let Some(row) = log.database.rows(text, Vec::new())?.first() {
            log.head = row.count(0);
            log.loose = row.count(1);
            log.sights = row.count(2);
            log.quarantine_is_empty = row.count(3) == 0;
            log.next_block = (row.count(4) >> 8) + 1;
            log.next_actor = u32::try_from(row.count(5) + 1).unwrap_or(u32::MAX);
        }
        log.convert()?;
        log.find_eras()?;
        Ok(log)
    }

    /// The workspace's secret; `None` where the workspace was never made.
    ///
    /// # Errors
    /// SQLite fails.
    pub fn secret(&self) -> Result<Option<StoredSecret>, ChangeLogError> {
        let hash = self.meta("secret")?.and_then(|value| values::bytes(&value));
        let generation = self.meta("secret_generation")?;
        let generation = generation.map_or(0, |value| values::number(&value));
        Ok(hash.map(|hash| StoredSecret {
            hash: SecretHash(hash),
            generation: u32::try_from(generation).unwrap_or(u32::MAX),
        }))
    }

    /// Makes the workspace.
    ///
    /// # Errors
    /// SQLite fails; nothing was made.
    pub fn create(&mut self, secret: &SecretHash, now: Timestamp) -> Result<(), ChangeLogError> {
        Ok(self.database.run(vec![
            put_meta("secret", blob(&secret.0)),
            put_meta("secret_generation", 0i64.into()),
            put_meta("created_at", now.0.into()),
        ])?)
    }

    /// Puts a new secret in the place of the old one.
    ///
    /// # Errors
    /// SQLite fails; the old one stays.
    pub fn renew_secret(&mut self, secret: &SecretHash) -> Result<(), ChangeLogError> {
        let generation = self.secret()?.map_or(0, |stored| stored.generation);
        Ok(self.database.run(vec![
            put_meta("secret", blob(&secret.0)),
            put_meta("secret_generation", (i64::from(generation) + 1).into()),
        ])?)
    }

    fn meta(&self, key: &str) -> worker::Result<Option<Value>> {
        let text = "SELECT value FROM meta WHERE key = ?";
        let rows = self.database.rows(text, vec![key.into()])?;
        let row = rows.into_iter().next();
        Ok(row.and_then(|row| row.0.into_iter().next()))
    }

    /// Refused changes among these, as the table has them.
    fn refused(&self, changes: &BTreeSet<Name>) -> Result<Vec<Row>, LogError> {
        let names: Vec<&Name> = changes.iter().collect();
        let mut found = Vec::new();
        for chunk in names.chunks(HOLES / 2) {
            let holes = vec!["(?, ?)"; chunk.len()].join(", ");
            // The cross join makes SQLite look each pair up in the table's index.
            let text = format!(
                "SELECT held.document, held.hash, held.reason, held.at \
                 FROM (VALUES {holes}) AS wanted CROSS JOIN quarantine AS held \
                 ON held.document = wanted.column1 AND held.hash = wanted.column2"
            );
            let bound = chunk
                .iter()
                .flat_map(|(document, hash)| [blob(&document.0), blob(&hash.0)]);
            found.extend(self.database.rows(&text, bound.collect()).map_err(failed)?);
        }
        Ok(found)
    }
}

impl<D: Database> ChangeLog for SqlLog<D> {
    fn state(&self) -> Result<State, LogError> {
        Ok(State {
            epoch: self.epoch,
            head: self.head,
            floor: self.floor,
            era: self.era,
            is_own_era: self.next_era.is_none(),
        })
    }

    fn era_of(&self, position: u64) -> Result<Option<Era>, LogError> {
        self.era_at(position)
    }

    fn go_on(&mut self) {
        self.next_era = None;
    }

    fn known(&self, changes: &BTreeSet<Name>) -> Result<BTreeSet<Name>, LogError> {
        self.find(changes)
    }

    fn quarantined(&self, changes: &BTreeSet<Name>) -> Result<BTreeMap<Name, Refused>, LogError> {
        if self.quarantine_is_empty {
            return Ok(BTreeMap::new());
        }
        let read = |row: &Row| {
            let reason = Reason::from_key(row.text(2)).unwrap_or(Reason::Invalid);
            let at = Timestamp(row.number(3));
            let name = (RecordId(row.array(0)?), ChangeHash(row.array(1)?));
            Some((name, Refused { reason, at }))
        };
        Ok(self.refused(changes)?.iter().filter_map(read).collect())
    }

    fn bindings(
        &self,
        writers: &BTreeSet<(RecordId, Writer)>,
    ) -> Result<BTreeMap<(RecordId, Writer), Binding>, LogError> {
        let records = self.stored(writers.iter().map(|(document, _)| document))?;
        let actors = self.actors(writers.iter().map(|(_, writer)| *writer).collect())?;
        let bound = |key: &(RecordId, Writer)| {
            let ids = actors.get(&key.1)?;
            let mut bound = records.get(&key.0)?.writers.iter();
            let (device, sequence) = bound.find_map(|(id, sequence)| {
                let (_, device) = ids.iter().find(|(of, _)| of == id)?;
                Some((*device, *sequence))
            })?;
            let binding = Binding {
                person: key.1.person,
                device,
                sequence,
            };
            Some((*key, binding))
        };
        Ok(writers.iter().filter_map(bound).collect())
    }

    fn records(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Record>, LogError> {
        let records = self.stored(documents)?.into_iter();
        Ok(records.map(|(id, stored)| (id, stored.record)).collect())
    }

    fn rows(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<u8>>, LogError> {
        self.rows_beside(documents)
    }

    fn raw(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<(u64, Vec<u8>)>>, LogError> {
        self.raw_of(documents)
    }

    fn blocks(&self, blocks: &BTreeSet<BlockId>) -> Result<BTreeMap<BlockId, Parcel>, LogError> {
        self.parcels(blocks)
    }

    fn holders(&self, documents: &BTreeSet<RecordId>) -> Result<BTreeSet<BlockId>, LogError> {
        self.holding(documents)
    }

    fn read(&self, after: u64, entries: usize, bytes: usize) -> Result<Vec<LogRow>, LogError> {
        self.entries(after, entries, bytes)
    }

    fn walk(
        &self,
        above: u64,
        below: u64,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, LogError> {
        let text = "SELECT document, last, line FROM record WHERE last > ? AND last < ? \
                    ORDER BY last DESC LIMIT ?";
        let bound = vec![counted(above), counted(below), counted(limit as u64)];
        self.listed(text, bound)
    }

    fn count(&self, above: u64, below: u64) -> Result<u64, LogError> {
        let text = "SELECT count(*) FROM record WHERE last > ? AND last < ?";
        let rows = self
            .database
            .rows(text, vec![counted(above), counted(below)]);
        Ok(rows.map_err(failed)?.first().map_or(0, |row| row.count(0)))
    }

    fn notices(
        &self,
        person: PersonId,
        above: u64,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Sight>, LogError> {
        self.sights(person, above, documents)
    }

    fn loose(&self) -> Result<u64, LogError> {
        Ok(self.loose)
    }

    fn coldest(&self, raw: u32, limit: usize) -> Result<Vec<(RecordId, Record)>, LogError> {
        let text = "SELECT document, last, line FROM record WHERE raw > 0 AND raw >= ? \
                    ORDER BY last LIMIT ?";
        self.listed(text, vec![i64::from(raw).into(), counted(limit as u64)])
    }

    fn sparse(
        &self,
        current: u32,
        limit: usize,
    ) -> Result<BTreeMap<BlockId, Vec<RecordId>>, LogError> {
        let text = "SELECT part FROM block WHERE current < ? ORDER BY part LIMIT ?";
        let bound = vec![i64::from(current).into(), counted(limit as u64)];
        let rows = self.database.rows(text, bound).map_err(failed)?;
        let blocks = rows.iter().map(|row| BlockId(row.count(0) >> 8)).collect();
        let mut found = BTreeMap::new();
        for (block, parcel) in self.parcels(&blocks)? {
            let kept = parcel.open().map_err(|_| read::misshapen())?;
            let records = self.stored(kept.iter().map(|kept| &kept.document))?;
            let current = records
                .into_iter()
                .filter(|(_, it)| it.record.block == Some(block));
            found.insert(block, current.map(|(document, _)| document).collect());
        }
        Ok(found)
    }

    fn append(&mut self, append: &Append) -> Result<u64, LogError> {
        self.write_append(append)
    }

    fn fold(&mut self, fold: &Fold) -> Result<BlockId, LogError> {
        self.write_fold(fold)
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<u64, LogError> {
        self.write_erase(erasure)
    }
}

/// The statement that keeps a value of the log as a whole.
fn put_meta(key: &str, value: Value) -> Statement {
    let text = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)";
    Statement::new(text, vec![key.into(), value])
}

fn failed(error: worker::Error) -> LogError {
    let text = error.to_string();
    if text.contains("SQLITE_FULL") || text.contains("disk is full") {
        LogError::Full
    } else {
        LogError::Failed(text)
    }
}
