//! A change of the log in the making: what is read comes from the log, what is written becomes one
//! list of statements, which is run whole or not at all.

use super::cache::Actors;
use super::database::{Database, Statement, insert};
use super::read::misshapen;
use super::stored::{Place, Stored};
use super::stretch::Stretch;
use super::values::{Value, blob, counted};
use super::{SqlLog, failed, holders};
use shared::id::{DeviceId, RecordId, Writer};
use shared::sync::parcel::Parcel;
use shared::sync::room::{BlockId, LogError};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The platform takes 2 MB in a row.
const PART_BYTES: usize = 1024 * 1024;

/// What is to be written.
#[derive(Default)]
pub struct Draft {
    /// The documents that differ.
    pub records: BTreeMap<RecordId, Stored>,
    /// The last position that is given.
    pub head: u64,
    /// New stretches, by first position.
    pub stretches: BTreeMap<u64, Stretch>,
    /// Rows of notices.
    pub notices: Vec<Vec<Value>>,
    /// Statements that go before all else.
    pub statements: Vec<Statement>,
    /// Whether what leaves the log leaves its row, too.
    pub for_good: bool,
    /// How much the number of notices about who sees what grows.
    pub sights: i64,
    floor: u64,
    gone: BTreeMap<u64, BTreeSet<u32>>,
    released: BTreeMap<BlockId, u64>,
    actors: BTreeMap<Writer, Actors>,
    new_actors: Vec<Vec<Value>>,
}

impl<D: Database> SqlLog<D> {
    /// Begins a draft about documents.
    pub(super) fn draft<'a>(
        &self,
        documents: impl IntoIterator<Item = &'a RecordId>,
    ) -> Result<Draft, LogError> {
        self.cache.borrow_mut().trim();
        let records = self.stored(documents)?;
        let records = records
            .into_iter()
            .map(|(id, it)| (id, Rc::unwrap_or_clone(it)));
        Ok(Draft {
            records: records.collect(),
            head: self.head,
            floor: self.floor,
            ..Draft::default()
        })
    }

    /// Carries a draft out.
    pub(super) fn carry_out(&mut self, mut draft: Draft) -> Result<(), LogError> {
        let mut statements = std::mem::take(&mut draft.statements);
        let era = self.next_era.filter(|_| draft.head > self.head);
        statements.extend(era.into_iter().flat_map(|era| self.begun(era)));
        let mut rewritten = BTreeMap::new();
        statements.extend(self.without_gone(&draft, &mut rewritten)?);
        statements.extend(self.without_released(&draft)?);
        let rows = draft.new_actors.drain(..).collect();
        statements.extend(insert("INSERT INTO actor (id, writer, device)", 3, rows));
        for (first, stretch) in &draft.stretches {
            let held = counted(stretch.len() as u64);
            statements.push(Statement::new(
                "INSERT INTO stretch (first, live, held, bytes) VALUES (?, ?, ?, ?)",
                vec![counted(*first), held.clone(), held, stretch.encode().into()],
            ));
        }
        let notices = std::mem::take(&mut draft.notices);
        let head = "INSERT INTO notice (position, kind, person, document)";
        statements.extend(insert(head, 4, notices));
        let lines = draft.records.iter().map(|(document, stored)| {
            let raw = i64::from(stored.record.raw).into();
            let last = counted(stored.record.last);
            vec![last, blob(&document.0), raw, stored.encode().into()]
        });
        // By ascending position, so that the table grows at its end.
        let mut lines: Vec<Vec<Value>> = lines.collect();
        lines.sort_by_key(|line| super::values::number(&line[0]));
        let head = "INSERT OR REPLACE INTO record (last, document, raw, line)";
        statements.extend(insert(head, 4, lines));
        if draft.floor > self.floor {
            statements.push(super::put_meta("floor", counted(draft.floor)));
        }
        if let Err(error) = self.database.run(statements) {
            self.cache.borrow_mut().clear();
            return Err(failed(error));
        }
        if let Some(era) = era {
            (self.era, self.next_era) = (era, None);
        }
        self.settle(draft, rewritten);
        Ok(())
    }

    /// Takes over what was stored.
    fn settle(&mut self, draft: Draft, rewritten: BTreeMap<u64, Option<Stretch>>) {
        self.head = draft.head;
        self.floor = draft.floor;
        self.sights = self.sights.saturating_add_signed(draft.sights);
        let mut cache = self.cache.borrow_mut();
        for (first, stretch) in rewritten {
            match stretch {
                Some(stretch) => cache.keep_stretch(first, Rc::new(stretch)),
                None => cache.drop_stretch(first),
            }
        }
        for (first, stretch) in draft.stretches {
            cache.keep_stretch(first, Rc::new(stretch));
        }
        for (document, stored) in draft.records {
            let before = cache.record(document).flatten();
            let was_loose = before.is_some_and(|before| before.record.raw > 0);
            self.loose += u64::from(stored.record.raw > 0);
            self.loose = self.loose.saturating_sub(u64::from(was_loose));
            cache.keep_record(document, Some(Rc::new(stored)));
        }
        for (writer, actors) in draft.actors {
            cache.keep_actors(writer, actors);
        }
    }

    /// What becomes of the stretches that changes left.
    fn without_gone(
        &self,
        draft: &Draft,
        rewritten: &mut BTreeMap<u64, Option<Stretch>>,
    ) -> Result<Vec<Statement>, LogError> {
        let text = "SELECT first, live, held FROM stretch WHERE first IN ({})";
        let keys = draft.gone.keys().map(|first| counted(*first)).collect();
        let mut statements = Vec::new();
        let mut empty = Vec::new();
        for row in self.rows_of(text, keys)? {
            let (first, live, held) = (row.count(0), row.count(1), row.count(2));
            let gone = draft.gone.get(&first).map_or(0, BTreeSet::len) as u64;
            let left = live.saturating_sub(gone);
            if left == 0 {
                empty.push(counted(first));
                rewritten.insert(first, None);
            } else if draft.for_good || left * 2 <= held {
                let stretch = self.left_of(draft, first)?;
                statements.push(Statement::new(
                    "UPDATE stretch SET live = ?, held = ?, bytes = ? WHERE first = ?",
                    vec![
                        counted(left),
                        counted(stretch.len() as u64),
                        stretch.encode().into(),
                        counted(first),
                    ],
                ));
                rewritten.insert(first, Some(stretch));
            } else {
                statements.push(Statement::new(
                    "UPDATE stretch SET live = ? WHERE first = ?",
                    vec![counted(left), counted(first)],
                ));
            }
        }
        statements.extend(each("DELETE FROM stretch WHERE first IN ({})", &empty));
        Ok(statements)
    }

    /// A stretch without what is no longer in the log.
    fn left_of(&self, draft: &Draft, first: u64) -> Result<Stretch, LogError> {
        let stretches = self.stretches(BTreeSet::from([first]))?;
        let stretch = stretches.get(&first).ok_or_else(misshapen)?;
        let live = self.live(first, stretch)?;
        let gone = draft.gone.get(&first);
        let stays =
            |offset: &u32| live.contains(offset) && gone.is_none_or(|gone| !gone.contains(offset));
        let mut left = Stretch::clone(stretch);
        for held in &mut left.documents {
            held.changes.retain(|(offset, _)| stays(offset));
        }
        left.documents.retain(|held| !held.changes.is_empty());
        Ok(left)
    }

    /// What becomes of the blocks that records left.
    fn without_released(&self, draft: &Draft) -> Result<Vec<Statement>, LogError> {
        let text = "SELECT part, current FROM block WHERE part IN ({})";
        let keys = draft.released.keys().map(|block| counted(block.0 << 8));
        let mut statements = Vec::new();
        for row in self.rows_of(text, keys.collect())? {
            let (part, current) = (row.count(0), row.count(1));
            let released = draft.released.get(&BlockId(part >> 8)).copied();
            let left = current.saturating_sub(released.unwrap_or_default());
            if left == 0 {
                statements.push(without_block(BlockId(part >> 8)));
                statements.push(holders::gone(BlockId(part >> 8)));
            } else {
                statements.push(Statement::new(
                    "UPDATE block SET current = ? WHERE part = ?",
                    vec![counted(left), counted(part)],
                ));
            }
        }
        Ok(statements)
    }

    /// The number that stands for a writer and its device, made where there is none.
    pub(super) fn actor(
        &mut self,
        draft: &mut Draft,
        writer: Writer,
        device: Option<DeviceId>,
    ) -> Result<u32, LogError> {
        if !draft.actors.contains_key(&writer) {
            draft.actors.extend(self.actors(BTreeSet::from([writer]))?);
        }
        let actors = draft.actors.entry(writer).or_default();
        if let Some((id, _)) = actors.iter().find(|(_, of)| *of == device) {
            return Ok(*id);
        }
        let id = self.next_actor;
        self.next_actor += 1;
        actors.push((id, device));
        let device = device.map(|device| device.0.to_vec());
        let row = vec![
            i64::from(id).into(),
            blob(&writer.to_bytes()),
            device.into(),
        ];
        draft.new_actors.push(row);
        Ok(id)
    }

    /// Binds a writer in a document.
    pub(super) fn bind(
        &mut self,
        draft: &mut Draft,
        document: RecordId,
        writer: Writer,
        device: Option<DeviceId>,
        sequence: u64,
    ) -> Result<(), LogError> {
        let id = self.actor(draft, writer, device)?;
        let others: BTreeSet<u32> = draft
            .actors
            .get(&writer)
            .map_or_else(BTreeSet::new, |it| it.iter().map(|(id, _)| *id).collect());
        let stored = draft.records.entry(document).or_default();
        stored.writers.retain(|(of, _)| !others.contains(of));
        stored.writers.push((id, sequence));
        Ok(())
    }
}

impl Draft {
    /// A document's raw changes up to a position leave the log.
    pub fn drop_raw(&mut self, document: RecordId, upto: u64) {
        let Some(stored) = self.records.get_mut(&document) else {
            return;
        };
        let (gone, left) = std::mem::take(&mut stored.raw)
            .into_iter()
            .partition::<Vec<Place>, _>(|place| place.position() <= upto);
        stored.record.raw = u32::try_from(left.len()).unwrap_or(u32::MAX);
        stored.raw = left;
        for place in gone {
            self.floor = self.floor.max(place.position());
            self.gone
                .entry(place.first)
                .or_default()
                .insert(place.offset);
        }
    }

    /// A position leaves the log.
    pub fn raise_floor(&mut self, position: u64) {
        self.floor = self.floor.max(position);
    }

    /// A document lets go of its block.
    pub fn release(&mut self, document: RecordId) {
        let record = self.records.get_mut(&document).map(|it| &mut it.record);
        if let Some(block) = record.and_then(|record| record.block.take()) {
            *self.released.entry(block).or_default() += 1;
        }
    }

    /// A block that is written again has its records counted anew.
    pub fn keep_block(&mut self, block: BlockId) -> u64 {
        self.released.remove(&block).unwrap_or_default()
    }

    /// Puts an entry that is no change at the next position.
    pub fn notify(&mut self, kind: i64, person: Value, document: RecordId) {
        self.head += 1;
        let row = vec![counted(self.head), kind.into(), person, blob(&document.0)];
        self.notices.push(row);
        self.records.entry(document).or_default().record.last = self.head;
    }
}

/// Statements with holes for up to so many keys each.
pub fn each(text: &str, keys: &[Value]) -> Vec<Statement> {
    let chunks = keys.chunks(super::database::HOLES);
    let statement = |chunk: &[Value]| {
        let (holes, bound) = super::database::holes(chunk.to_vec());
        Statement::new(text.replacen("{}", &holes, 1), bound)
    };
    chunks.map(statement).collect()
}

/// The statements that store a parcel in parts.
pub fn with_block(block: BlockId, current: u64, parcel: &Parcel) -> Vec<Statement> {
    let parts = parcel.0.chunks(PART_BYTES).zip(block.0 << 8..);
    let statement = |(bytes, part): (&[u8], u64)| {
        let current = (part & 255 == 0).then(|| i64::try_from(current).unwrap_or(i64::MAX));
        let bound = vec![counted(part), current.into(), blob(bytes)];
        Statement::new(
            "INSERT INTO block (part, current, bytes) VALUES (?, ?, ?)",
            bound,
        )
    };
    parts.map(statement).collect()
}

/// The statement that deletes a block.
pub fn without_block(block: BlockId) -> Statement {
    let bound = vec![counted(block.0 << 8), counted((block.0 << 8) | 255)];
    Statement::new("DELETE FROM block WHERE part BETWEEN ? AND ?", bound)
}
