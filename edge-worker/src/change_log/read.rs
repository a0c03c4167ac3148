//! Reading the tables, a few statements for whatever is asked.

use super::cache::Actors;
use super::database::{Database, HOLES, holes};
use super::stored::{Place, Stored};
use super::stretch::Stretch;
use super::values::{Row, Value, blob, counted};
use super::{SqlLog, failed};
use shared::id::{DeviceId, PersonId, RecordId, Writer};
use shared::sync::packed::change_hash;
use shared::sync::parcel::Parcel;
use shared::sync::room::{BlockId, Entry, LogError, LogRow, Name, Record, Sight};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What a notice says, as the table has it.
pub mod kind {
    /// A document was hidden from a person.
    pub const FORGET: i64 = 0;
    /// A document was shown to a person.
    pub const SHOW: i64 = 1;
    /// A document was erased.
    pub const ERASED: i64 = 2;
    /// A document began a new generation.
    pub const GENERATION: i64 = 3;
}

/// The raw changes of documents, with their positions.
type RawChanges = BTreeMap<RecordId, Vec<(u64, Vec<u8>)>>;

/// The most stretches that are read at once.
const STRETCHES: usize = 8;

impl<D: Database> SqlLog<D> {
    /// Rows of a statement that has `{}` where the holes for the keys go.
    pub(super) fn rows_of(&self, text: &str, keys: Vec<Value>) -> Result<Vec<Row>, LogError> {
        let mut found = Vec::new();
        for chunk in keys.chunks(HOLES) {
            let (holes, bound) = holes(chunk.to_vec());
            let text = text.replacen("{}", &holes, 1);
            found.extend(self.database.rows(&text, bound).map_err(failed)?);
        }
        Ok(found)
    }

    /// What is kept about documents.
    pub(super) fn stored<'a>(
        &self,
        documents: impl IntoIterator<Item = &'a RecordId>,
    ) -> Result<BTreeMap<RecordId, Rc<Stored>>, LogError> {
        let mut found = BTreeMap::new();
        let mut missing = BTreeSet::new();
        let mut cache = self.cache.borrow_mut();
        for document in documents {
            match cache.record(*document) {
                Some(Some(stored)) => drop(found.insert(*document, stored)),
                Some(None) => {}
                None => drop(missing.insert(*document)),
            }
        }
        let keys = missing.iter().map(|document| blob(&document.0)).collect();
        let text = "SELECT document, last, line FROM record WHERE document IN ({})";
        for row in self.rows_of(text, keys)? {
            let (document, stored) = Stored::read(&row).ok_or_else(misshapen)?;
            let stored = Rc::new(stored);
            cache.keep_record(document, Some(Rc::clone(&stored)));
            missing.remove(&document);
            found.insert(document, stored);
        }
        for document in missing {
            cache.keep_record(document, None);
        }
        Ok(found)
    }

    /// Stretches by their first positions.
    pub(super) fn stretches(
        &self,
        firsts: BTreeSet<u64>,
    ) -> Result<BTreeMap<u64, Rc<Stretch>>, LogError> {
        let mut found = BTreeMap::new();
        let mut missing = Vec::new();
        let mut cache = self.cache.borrow_mut();
        for first in firsts {
            match cache.stretch(first) {
                Some(stretch) => drop(found.insert(first, stretch)),
                None => missing.push(counted(first)),
            }
        }
        let text = "SELECT first, bytes FROM stretch WHERE first IN ({})";
        for row in self.rows_of(text, missing)? {
            let stretch = Rc::new(Stretch::decode(row.blob(1)).ok_or_else(misshapen)?);
            cache.keep_stretch(row.count(0), Rc::clone(&stretch));
            found.insert(row.count(0), stretch);
        }
        Ok(found)
    }

    /// The numbers that stand for writers.
    pub(super) fn actors(
        &self,
        writers: BTreeSet<Writer>,
    ) -> Result<BTreeMap<Writer, Actors>, LogError> {
        let mut cache = self.cache.borrow_mut();
        let (here, away): (Vec<_>, Vec<_>) = writers
            .into_iter()
            .partition(|writer| cache.actors(writer).is_some());
        let mut found: BTreeMap<Writer, Actors> =
            away.iter().map(|writer| (*writer, Vec::new())).collect();
        let keys = away.iter().map(|writer| blob(&writer.to_bytes())).collect();
        let text = "SELECT writer, id, device FROM actor WHERE writer IN ({})";
        for row in self.rows_of(text, keys)? {
            let writer = Writer::from_bytes(row.blob(0)).ok_or_else(misshapen)?;
            let id = u32::try_from(row.number(1)).map_err(|_| misshapen())?;
            let device = row.array(2).map(DeviceId);
            found.entry(writer).or_default().push((id, device));
        }
        for (writer, actors) in &found {
            cache.keep_actors(*writer, actors.clone());
        }
        let known = here.into_iter().filter_map(|writer| {
            let actors = cache.actors(&writer)?.clone();
            Some((writer, actors))
        });
        found.extend(known);
        Ok(found)
    }

    /// Which of these changes are raw. The marks tell most that are not; a stretch tells for sure.
    pub(super) fn find(&self, changes: &BTreeSet<Name>) -> Result<BTreeSet<Name>, LogError> {
        let records = self.stored(changes.iter().map(|(document, _)| document))?;
        let mut candidates: Vec<(Name, Place)> = Vec::new();
        for name in changes {
            let places = records.get(&name.0).map_or(&[][..], |it| &it.raw);
            let alike = places
                .iter()
                .filter(|place| name.1.0.starts_with(&place.mark));
            candidates.extend(alike.map(|place| (*name, *place)));
        }
        let firsts = candidates.iter().map(|(_, place)| place.first).collect();
        let stretches = self.stretches(firsts)?;
        let is_there = |(name, place): &(Name, Place)| {
            let stretch = stretches.get(&place.first)?;
            let bytes = stretch.change(name.0, place.offset)?;
            (change_hash(bytes) == Some(name.1)).then_some(*name)
        };
        Ok(candidates.iter().filter_map(is_there).collect())
    }

    /// The changes of documents, raw.
    pub(super) fn raw_of(&self, documents: &BTreeSet<RecordId>) -> Result<RawChanges, LogError> {
        let records = self.stored(documents)?;
        let places = records.values().flat_map(|stored| &stored.raw);
        let stretches = self.stretches(places.map(|place| place.first).collect())?;
        let mut found = BTreeMap::new();
        for (document, stored) in records {
            let mut changes = Vec::with_capacity(stored.raw.len());
            for place in &stored.raw {
                let stretch = stretches.get(&place.first);
                let bytes = stretch.and_then(|it| it.change(document, place.offset));
                changes.push((place.position(), bytes.ok_or_else(misshapen)?.to_vec()));
            }
            if !changes.is_empty() {
                found.insert(document, changes);
            }
        }
        Ok(found)
    }

    /// The rows of documents with raw changes: each lies beside the last change.
    pub(super) fn rows_beside(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<u8>>, LogError> {
        let records = self.stored(documents)?;
        let last = records
            .iter()
            .filter_map(|(document, stored)| Some((*document, stored.raw.last()?.first)));
        let last: Vec<(RecordId, u64)> = last.collect();
        let stretches = self.stretches(last.iter().map(|(_, first)| *first).collect())?;
        let row = |(document, first): &(RecordId, u64)| {
            let row = stretches.get(first)?.of(*document).last()?.row.0.clone();
            (!row.is_empty()).then_some((*document, row))
        };
        Ok(last.iter().filter_map(row).collect())
    }

    pub(super) fn parcels(
        &self,
        blocks: &BTreeSet<BlockId>,
    ) -> Result<BTreeMap<BlockId, Parcel>, LogError> {
        let mut found = BTreeMap::new();
        for block in blocks {
            let text = "SELECT bytes FROM block WHERE part BETWEEN ? AND ? ORDER BY part";
            let bound = vec![counted(block.0 << 8), counted((block.0 << 8) | 255)];
            let parts = self.database.rows(text, bound).map_err(failed)?;
            if !parts.is_empty() {
                let bytes: Vec<u8> = parts.iter().flat_map(|row| row.blob(0)).copied().collect();
                found.insert(*block, Parcel(bytes));
            }
        }
        Ok(found)
    }

    /// The entries behind a position.
    pub(super) fn entries(
        &self,
        after: u64,
        entries: usize,
        bytes: usize,
    ) -> Result<Vec<LogRow>, LogError> {
        let text = "SELECT position, kind, person, document FROM notice WHERE position > ? \
                    ORDER BY position LIMIT ?";
        let bound = vec![counted(after), counted(entries as u64)];
        let notices = self.database.rows(text, bound).map_err(failed)?;
        let mut notices = notices.iter().filter_map(notice).peekable();
        let mut read: Vec<LogRow> = Vec::new();
        let mut total = 0;
        let mut next = self.first_behind(after)?;
        'stretches: while read.len() < entries {
            let text =
                "SELECT first, live, held FROM stretch WHERE first >= ? ORDER BY first LIMIT ?";
            let bound = vec![counted(next), counted(STRETCHES as u64)];
            let heads = self.database.rows(text, bound).map_err(failed)?;
            for head in &heads {
                let first = head.count(0);
                next = first + 1;
                for (position, entry) in self.changes_of(first, head.count(1) < head.count(2))? {
                    if position <= after {
                        continue;
                    }
                    while let Some(notice) = notices.next_if(|it| it.position < position) {
                        if total > bytes {
                            break 'stretches;
                        }
                        read.push(notice);
                    }
                    total += size(&entry);
                    if read.len() >= entries || (total > bytes && !read.is_empty()) {
                        break 'stretches;
                    }
                    read.push(LogRow { position, entry });
                }
            }
            if heads.len() < STRETCHES {
                if total <= bytes {
                    read.extend(notices);
                }
                break;
            }
        }
        read.truncate(entries);
        Ok(read)
    }

    /// The first position of the stretch that may hold what follows a position.
    fn first_behind(&self, after: u64) -> Result<u64, LogError> {
        let text = "SELECT coalesce(max(first), 0) FROM stretch WHERE first <= ?";
        let rows = self.database.rows(text, vec![counted(after + 1)]);
        Ok(rows.map_err(failed)?.first().map_or(0, |row| row.count(0)))
    }

    /// The changes of a stretch that are still in the log.
    fn changes_of(&self, first: u64, some_left: bool) -> Result<Vec<(u64, Entry)>, LogError> {
        let mut changes = Vec::new();
        for stretch in self.stretches(BTreeSet::from([first]))?.values() {
            let live = some_left.then(|| self.live(first, stretch)).transpose()?;
            for (offset, item) in stretch.items() {
                if live.as_ref().is_none_or(|live| live.contains(&offset)) {
                    changes.push((first + u64::from(offset), Entry::Change(item)));
                }
            }
        }
        Ok(changes)
    }

    /// The distances of a stretch's changes that are still in the log.
    pub(super) fn live(&self, first: u64, stretch: &Stretch) -> Result<BTreeSet<u32>, LogError> {
        let records = self.stored(stretch.documents.iter().map(|held| &held.document))?;
        let places = records.values().flat_map(|stored| &stored.raw);
        let here = places.filter(|place| place.first == first);
        Ok(here.map(|place| place.offset).collect())
    }

    /// What a person's last notices say.
    pub(super) fn sights(
        &self,
        person: PersonId,
        above: u64,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Sight>, LogError> {
        if self.sights == 0 {
            return Ok(BTreeMap::new());
        }
        let keys = documents.iter().map(|document| blob(&document.0)).collect();
        let text = "SELECT position, kind, person, document FROM notice WHERE document IN ({}) \
                    ORDER BY position";
        let mut found = BTreeMap::new();
        for row in self.rows_of(text, keys)?.iter().filter_map(notice) {
            match row.entry {
                _ if row.position <= above => {}
                Entry::Forget(of, document) if of == person => {
                    found.insert(document, Sight::Hidden);
                }
                Entry::Show(of, document) if of == person => {
                    found.insert(document, Sight::Shown);
                }
                Entry::Forget(..)
                | Entry::Show(..)
                | Entry::Change(_)
                | Entry::Erased(_)
                | Entry::Generation(_) => {}
            }
        }
        Ok(found)
    }

    /// Records by a statement that gives their lines.
    pub(super) fn listed(
        &self,
        text: &str,
        bound: Vec<Value>,
    ) -> Result<Vec<(RecordId, Record)>, LogError> {
        let rows = self.database.rows(text, bound).map_err(failed)?;
        let read = rows
            .iter()
            .map(|row| Stored::read(row).ok_or_else(misshapen));
        read.map(|stored| stored.map(|(document, stored)| (document, stored.record)))
            .collect()
    }
}

fn size(entry: &Entry) -> usize {
    match entry {
        Entry::Change(item) => item.bytes.len(),
        Entry::Forget(..) | Entry::Show(..) | Entry::Erased(_) | Entry::Generation(_) => 0,
    }
}

fn notice(row: &Row) -> Option<LogRow> {
    let document = RecordId(row.array(3)?);
    let person = row.array(2).map(PersonId);
    let entry = match row.number(1) {
        kind::FORGET => Entry::Forget(person?, document),
        kind::SHOW => Entry::Show(person?, document),
        kind::ERASED => Entry::Erased(document),
        kind::GENERATION => Entry::Generation(document),
        _ => return None,
    };
    Some(LogRow {
        position: row.count(0),
        entry,
    })
}

/// A row that this code did not write.
pub(super) fn misshapen() -> LogError {
    LogError::Failed("a row of another shape".into())
}
