//! A log in memory.

use shared::id::{PersonId, RecordId, Writer};
use shared::sync::client::Point;
use shared::sync::message::{Epoch, Era, Mark};
use shared::sync::packed::Item;
use shared::sync::parcel::Parcel;
use shared::sync::room::{
    Append, Binding, BlockId, ChangeLog, Entry, Erasure, Fold, LogError, LogRow, Name, Record,
    Refused, Sight, State,
};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct MemoryLog {
    pub epoch: Epoch,
    pub head: u64,
    pub floor: u64,
    /// Each by the position behind which it began.
    eras: BTreeMap<u64, Era>,
    /// What the next entry begins.
    next_era: Option<Era>,
    is_own_era: bool,
    pub entries: BTreeMap<u64, Entry>,
    pub records: BTreeMap<RecordId, Record>,
    pub rows: BTreeMap<RecordId, Vec<u8>>,
    pub blocks: BTreeMap<BlockId, Parcel>,
    /// How many blocks were asked for.
    pub given: Cell<usize>,
    last_block: u64,
    /// The positions of a document's raw changes.
    places: BTreeMap<RecordId, BTreeSet<u64>>,
    pub quarantined: BTreeMap<Name, Refused>,
    pub bindings: BTreeMap<(RecordId, Writer), Binding>,
    pub fails: Option<LogError>,
}

impl MemoryLog {
    pub fn new(epoch: u8) -> MemoryLog {
        MemoryLog {
            epoch: Epoch([epoch; 8]),
            head: 0,
            floor: 0,
            eras: BTreeMap::new(),
            next_era: None,
            is_own_era: false,
            entries: BTreeMap::new(),
            records: BTreeMap::new(),
            rows: BTreeMap::new(),
            blocks: BTreeMap::new(),
            given: Cell::new(0),
            last_block: 0,
            places: BTreeMap::new(),
            quarantined: BTreeMap::new(),
            bindings: BTreeMap::new(),
            fails: None,
        }
    }

    /// As another start of the server's process finds it: what that appends is of an era of its own.
    #[allow(dead_code, reason = "only some of the tests start again")]
    pub fn started(self, chance: u64) -> MemoryLog {
        MemoryLog {
            next_era: Some(Era(chance.to_le_bytes())),
            is_own_era: false,
            ..self
        }
    }

    /// Whether this is the log that was met when it reached as far as that.
    #[allow(dead_code, reason = "only some of the tests ask")]
    pub fn holds(&self, mark: Mark) -> bool {
        mark.position <= self.head && self.era_at(mark.position) == mark.era
    }

    /// Whether this is the log that a device met.
    #[allow(dead_code, reason = "only the simulation asks")]
    pub fn holds_point(&self, point: &Point) -> bool {
        point.epoch == Some(self.epoch) && point.mark.is_none_or(|mark| self.holds(mark))
    }

    fn era_at(&self, position: u64) -> Era {
        let before = self.eras.range(..position).next_back();
        before.map_or(Era(self.epoch.0), |(_, era)| *era)
    }

    /// The raw changes, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries.values().filter_map(|entry| match entry {
            Entry::Change(item) => Some(item),
            Entry::Forget(..) | Entry::Show(..) | Entry::Erased(_) | Entry::Generation(_) => None,
        })
    }

    pub fn names(&self) -> BTreeSet<Name> {
        self.items()
            .map(|item| (item.document, item.hash))
            .collect()
    }

    /// The storage loses what it has of a document; its positions go to another one.
    pub fn lose(&mut self, document: RecordId, other: RecordId) {
        for entry in self.entries.values_mut() {
            if let Entry::Change(item) = entry
                && item.document == document
            {
                item.document = other;
            }
        }
        if let Some(record) = self.records.remove(&document) {
            self.records.insert(other, record);
        }
        if let Some(places) = self.places.remove(&document) {
            self.places.insert(other, places);
        }
        self.bindings.retain(|(of, _), _| *of != document);
    }

    fn refuse_when_failing(&self) -> Result<(), LogError> {
        self.fails.clone().map_or(Ok(()), Err)
    }

    fn enter(&mut self, entry: Entry) -> u64 {
        if let Some(era) = self.next_era.take() {
            self.eras.insert(self.head, era);
            self.is_own_era = true;
        }
        self.head += 1;
        self.entries.insert(self.head, entry);
        self.head
    }

    /// The raw changes of a document up to a position leave the log.
    fn drop_raw(&mut self, document: RecordId, upto: u64) {
        let places = self.places.entry(document).or_default();
        let left = places.split_off(&(upto + 1));
        let gone = std::mem::replace(places, left);
        for position in gone {
            self.entries.remove(&position);
            self.floor = self.floor.max(position);
        }
    }

    fn drop_dead_blocks(&mut self) {
        let named: BTreeSet<_> = self.records.values().filter_map(|it| it.block).collect();
        self.blocks.retain(|id, _| named.contains(id));
    }

    fn renew(&mut self, document: RecordId, generation: u32) {
        self.drop_raw(document, u64::MAX - 1);
        self.bindings.retain(|(of, _), _| *of != document);
        let record = self.records.entry(document).or_default();
        *record = Record {
            generation,
            last: record.last,
            changed: record.changed,
            erased: record.erased,
            ..Record::default()
        };
    }
}

impl ChangeLog for MemoryLog {
    fn state(&self) -> Result<State, LogError> {
        Ok(State {
            epoch: self.epoch,
            head: self.head,
            floor: self.floor,
            era: self.era_at(self.head),
            is_own_era: self.is_own_era,
        })
    }

    fn era_of(&self, position: u64) -> Result<Option<Era>, LogError> {
        Ok(Some(self.era_at(position)))
    }

    fn go_on(&mut self) {
        self.next_era = None;
        self.is_own_era = true;
    }

    fn known(&self, changes: &BTreeSet<Name>) -> Result<BTreeSet<Name>, LogError> {
        let documents: BTreeSet<RecordId> = changes.iter().map(|name| name.0).collect();
        let mut known = BTreeSet::new();
        for document in documents {
            for position in self.places.get(&document).into_iter().flatten() {
                if let Some(Entry::Change(item)) = self.entries.get(position) {
                    known.insert((document, item.hash));
                }
            }
        }
        known.retain(|name| changes.contains(name));
        Ok(known)
    }

    fn quarantined(&self, changes: &BTreeSet<Name>) -> Result<BTreeMap<Name, Refused>, LogError> {
        Ok(chosen(&self.quarantined, changes))
    }

    fn bindings(
        &self,
        writers: &BTreeSet<(RecordId, Writer)>,
    ) -> Result<BTreeMap<(RecordId, Writer), Binding>, LogError> {
        Ok(chosen(&self.bindings, writers))
    }

    fn records(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Record>, LogError> {
        Ok(chosen(&self.records, documents))
    }

    fn rows(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<u8>>, LogError> {
        Ok(chosen(&self.rows, documents))
    }

    fn raw(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Vec<(u64, Vec<u8>)>>, LogError> {
        let mut raw: BTreeMap<RecordId, Vec<(u64, Vec<u8>)>> = BTreeMap::new();
        for document in documents {
            for position in self.places.get(document).into_iter().flatten() {
                if let Some(Entry::Change(item)) = self.entries.get(position) {
                    let changes = raw.entry(*document).or_default();
                    changes.push((*position, item.bytes.clone()));
                }
            }
        }
        Ok(raw)
    }

    fn blocks(&self, blocks: &BTreeSet<BlockId>) -> Result<BTreeMap<BlockId, Parcel>, LogError> {
        self.given.set(self.given.get() + blocks.len());
        Ok(chosen(&self.blocks, blocks))
    }

    fn holders(&self, documents: &BTreeSet<RecordId>) -> Result<BTreeSet<BlockId>, LogError> {
        let holds = |parcel: &Parcel| {
            let records = parcel.open().unwrap_or_default();
            records.iter().any(|it| documents.contains(&it.document))
        };
        let blocks = self.blocks.iter().filter(|(_, parcel)| holds(parcel));
        Ok(blocks.map(|(id, _)| *id).collect())
    }

    fn read(&self, after: u64, entries: usize, bytes: usize) -> Result<Vec<LogRow>, LogError> {
        let mut total = 0;
        let mut rows = Vec::new();
        for (position, entry) in self.entries.range(after + 1..).take(entries) {
            if let Entry::Change(item) = entry {
                total += item.bytes.len();
            }
            if total > bytes && !rows.is_empty() {
                break;
            }
            rows.push(LogRow {
                position: *position,
                entry: entry.clone(),
            });
        }
        Ok(rows)
    }

    fn walk(
        &self,
        above: u64,
        below: u64,
        limit: usize,
    ) -> Result<Vec<(RecordId, Record)>, LogError> {
        let mut found: Vec<_> = self
            .records
            .iter()
            .filter(|(_, record)| above < record.last && record.last < below)
            .map(|(document, record)| (*document, *record))
            .collect();
        found.sort_by_key(|(_, record)| std::cmp::Reverse(record.last));
        found.truncate(limit);
        Ok(found)
    }

    fn count(&self, above: u64, below: u64) -> Result<u64, LogError> {
        Ok(self.walk(above, below, usize::MAX)?.len() as u64)
    }

    fn notices(
        &self,
        person: PersonId,
        above: u64,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<RecordId, Sight>, LogError> {
        let mut found = BTreeMap::new();
        for entry in self.entries.range(above + 1..).map(|(_, entry)| entry) {
            match entry {
                Entry::Forget(of, document) if *of == person => {
                    found.insert(*document, Sight::Hidden);
                }
                Entry::Show(of, document) if *of == person => {
                    found.insert(*document, Sight::Shown);
                }
                Entry::Change(_)
                | Entry::Forget(..)
                | Entry::Show(..)
                | Entry::Erased(_)
                | Entry::Generation(_) => {}
            }
        }
        found.retain(|document, _| documents.contains(document));
        Ok(found)
    }

    fn loose(&self) -> Result<u64, LogError> {
        let loose = self.records.values().filter(|record| record.raw > 0);
        Ok(loose.count() as u64)
    }

    fn coldest(&self, raw: u32, limit: usize) -> Result<Vec<(RecordId, Record)>, LogError> {
        let mut found: Vec<_> = self
            .records
            .iter()
            .filter(|(_, record)| record.raw >= raw.max(1))
            .map(|(document, record)| (*document, *record))
            .collect();
        found.sort_by_key(|(_, record)| record.last);
        found.truncate(limit);
        Ok(found)
    }

    fn sparse(
        &self,
        current: u32,
        limit: usize,
    ) -> Result<BTreeMap<BlockId, Vec<RecordId>>, LogError> {
        let mut found: BTreeMap<BlockId, Vec<RecordId>> = BTreeMap::new();
        for (document, record) in &self.records {
            if let Some(block) = record.block {
                found.entry(block).or_default().push(*document);
            }
        }
        found.retain(|_, documents| documents.len() < current as usize);
        Ok(found.into_iter().take(limit).collect())
    }

    fn append(&mut self, append: &Append) -> Result<u64, LogError> {
        self.refuse_when_failing()?;
        for renewed in &append.renewed {
            self.renew(renewed.document, renewed.generation);
            let position = self.enter(Entry::Generation(renewed.document));
            let record = self.records.entry(renewed.document).or_default();
            (record.last, record.changed) = (position, position);
        }
        for new in &append.changes {
            let name = (new.item.document, new.item.hash);
            let known = self.known(&BTreeSet::from([name]))?;
            assert!(known.is_empty(), "a change is stored once");
            let position = self.enter(Entry::Change(new.item.clone()));
            self.places.entry(name.0).or_default().insert(position);
            let record = self.records.entry(name.0).or_insert(Record {
                generation: new.item.generation,
                ..Record::default()
            });
            assert_eq!(record.generation, new.item.generation);
            assert!(!record.erased, "nothing is added to what was erased");
            (record.last, record.changed) = (position, position);
            record.raw += 1;
            if new.writer.person.0 != *b"terrain " {
                self.bindings.insert(
                    (new.item.document, new.writer),
                    Binding {
                        person: new.writer.person,
                        device: new.device,
                        sequence: new.sequence,
                    },
                );
            }
        }
        for (person, document, sight) in &append.notices {
            let position = self.enter(match sight {
                Sight::Hidden => Entry::Forget(*person, *document),
                Sight::Shown => Entry::Show(*person, *document),
            });
            self.records.entry(*document).or_default().last = position;
        }
        for (document, row) in &append.rows {
            self.rows.insert(*document, row.clone());
        }
        for name in &append.readmitted {
            self.quarantined.remove(name);
        }
        for refused in &append.quarantined {
            let name = (refused.item.document, refused.item.hash);
            let (reason, at) = (refused.reason, append.now);
            self.quarantined.insert(name, Refused { reason, at });
        }
        self.drop_dead_blocks();
        Ok(self.head)
    }

    fn fold(&mut self, fold: &Fold) -> Result<BlockId, LogError> {
        self.refuse_when_failing()?;
        self.last_block += 1;
        let block = BlockId(self.last_block);
        self.blocks.insert(block, fold.block.clone());
        for folded in &fold.documents {
            self.drop_raw(folded.document, folded.upto);
            let left = self.places.get(&folded.document).map_or(0, BTreeSet::len);
            if left == 0 {
                self.rows.remove(&folded.document);
            }
            let record = self.records.get_mut(&folded.document).unwrap();
            record.folded = folded.upto;
            record.block = Some(block);
            record.raw = left as u32;
        }
        self.drop_dead_blocks();
        Ok(block)
    }

    fn erase(&mut self, erasure: &Erasure) -> Result<u64, LogError> {
        self.refuse_when_failing()?;
        for gone in &erasure.documents {
            let document = gone.document;
            self.renew(document, gone.generation);
            self.rows.remove(&document);
            self.quarantined.retain(|(of, _), _| *of != document);
            let floor = &mut self.floor;
            self.entries.retain(|position, entry| {
                let about = matches!(entry, Entry::Forget(_, of) | Entry::Show(_, of) | Entry::Generation(of) if *of == document);
                if about {
                    *floor = (*floor).max(*position);
                }
                !about
            });
            let position = self.enter(Entry::Erased(document));
            let record = self.records.entry(document).or_default();
            (record.last, record.erased) = (position, true);
        }
        for (block, parcel) in &erasure.rewritten {
            if parcel.0.is_empty() {
                self.blocks.remove(block);
            } else {
                self.blocks.insert(*block, parcel.clone());
            }
        }
        Ok(self.head)
    }
}

fn chosen<K: Ord + Clone, V: Clone>(all: &BTreeMap<K, V>, wanted: &BTreeSet<K>) -> BTreeMap<K, V> {
    wanted
        .iter()
        .filter_map(|key| Some((key.clone(), all.get(key)?.clone())))
        .collect()
}
