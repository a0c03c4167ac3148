//! Both logs, given the same and compared.

use super::memory_log::MemoryLog;
use super::native::Native;
use crate::change_log::SqlLog;
use shared::id::{ChangeHash, DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::Reason;
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::{Kept, Parcel};
use shared::sync::room::{
    Append, ChangeLog, Erasure, Fold, Folded, NewChange, Quarantined, Renewed, Sight,
};
use shared::sync::validation::Bytes;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A seeded stream of numbers (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

pub fn document(number: u64) -> RecordId {
    RecordId([number as u8; 16])
}

pub fn person(number: u64) -> PersonId {
    PersonId([number as u8; 8])
}

/// A chunk of the right frame around any bytes.
fn change(document: RecordId, generation: u32, salt: u64, length: usize) -> Item {
    let mut body = salt.to_le_bytes().to_vec();
    body.resize(length.max(8), salt as u8);
    let packed = {
        let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1];
        let mut left = body.len();
        while left >= 0x80 {
            chunk.push(left as u8 | 0x80);
            left >>= 7;
        }
        chunk.push(left as u8);
        chunk.extend(body);
        let hash = shared::id::sha256(&chunk[8..]);
        chunk[4..8].copy_from_slice(&hash[..4]);
        chunk
    };
    Item {
        document,
        generation,
        hash: change_hash(&packed).unwrap(),
        bytes: packed,
    }
}

/// The log in memory, as the start of the process finds it that the other log has.
pub fn started(memory: MemoryLog, sql: &SqlLog<Native>) -> MemoryLog {
    let chance = sql.next_era.map_or(0, |era| u64::from_le_bytes(era.0));
    memory.started(chance)
}

/// Both logs, given the same and compared.
pub struct Pair {
    pub sql: SqlLog<Native>,
    pub memory: MemoryLog,
    salt: u64,
    last: BTreeMap<(RecordId, Writer), u64>,
}

impl Pair {
    pub fn new() -> Pair {
        let sql = SqlLog::open(Native::new()).unwrap();
        let mut memory = MemoryLog::new(0);
        memory.epoch = sql.state().unwrap().epoch;
        let memory = started(memory, &sql);
        Pair {
            sql,
            memory,
            salt: 0,
            last: BTreeMap::new(),
        }
    }

    /// The next change of a document by one of its writers.
    pub fn next(&mut self, of: RecordId, chance: &mut Chance) -> NewChange {
        self.salt += 1;
        let generation = self.memory.records.get(&of).map_or(0, |it| it.generation);
        let writer = Writer {
            person: person(chance.below(3)),
            instance: [chance.below(2) as u8; 8],
        };
        let sequence = self.last.entry((of, writer)).or_default();
        *sequence += 1;
        let device = (chance.below(4) > 0).then(|| DeviceId([chance.below(2) as u8; 16]));
        let length = if chance.below(40) == 0 { 300_000 } else { 200 };
        NewChange {
            item: change(of, generation, self.salt, length),
            writer,
            sequence: *sequence,
            device,
        }
    }

    pub fn step(&mut self, chance: &mut Chance) {
        match chance.below(12) {
            0 => self.fold(chance),
            1 if chance.below(4) == 0 => self.erase(chance),
            2 => {
                let notices = (0..chance.below(3)).map(|_| {
                    let sight = if chance.below(2) == 0 {
                        Sight::Hidden
                    } else {
                        Sight::Shown
                    };
                    (person(chance.below(3)), document(chance.below(30)), sight)
                });
                let notices = notices.collect();
                self.append(Append {
                    notices,
                    ..Append::default()
                });
            }
            3 if chance.below(3) == 0 => self.renew(chance),
            4 => {
                self.sql = SqlLog::open(self.sql.database.clone()).unwrap();
                self.memory = started(self.memory.clone(), &self.sql);
                if chance.below(2) == 0 {
                    self.sql.go_on();
                    self.memory.go_on();
                }
            }
            _ => self.push(chance),
        }
    }

    pub fn alive(&self, chance: &mut Chance) -> RecordId {
        let erased = |id: &RecordId| self.memory.records.get(id).is_some_and(|it| it.erased);
        let mut candidates = (0..64).map(|_| document(chance.below(30)));
        candidates.find(|id| !erased(id)).unwrap_or(document(200))
    }

    pub fn push(&mut self, chance: &mut Chance) {
        let mut append = Append::default();
        let most = if chance.below(8) == 0 { 60 } else { 4 };
        for _ in 0..=chance.below(most) {
            let of = self.alive(chance);
            let new = self.next(of, chance);
            append.changes.push(new);
            let length = 1 + chance.below(600) as usize;
            append.rows.insert(of, vec![self.salt as u8; length]);
        }
        if chance.below(3) == 0 {
            let refused = self.next(document(chance.below(30)), chance);
            append.quarantined.push(Quarantined {
                item: refused.item,
                reason: Reason::ALL[chance.below(Reason::ALL.len() as u64) as usize],
                device: DeviceId([1; 16]),
            });
        }
        append.now = Timestamp(chance.below(1_000_000) as i64);
        let of = chance.below(self.memory.quarantined.len().max(1) as u64) as usize;
        append.readmitted = self
            .memory
            .quarantined
            .keys()
            .skip(of)
            .take(1)
            .copied()
            .collect();
        self.append(append);
    }

    pub fn renew(&mut self, chance: &mut Chance) {
        let of = self.alive(chance);
        let Some(record) = self.memory.records.get(&of) else {
            return;
        };
        let generation = record.generation + 1;
        self.last.retain(|(document, _), _| *document != of);
        let mut new = self.next(of, chance);
        new.item.generation = generation;
        self.append(Append {
            renewed: vec![Renewed {
                document: of,
                generation,
            }],
            changes: vec![new],
            rows: BTreeMap::from([(of, vec![generation as u8; 9])]),
            ..Append::default()
        });
    }

    pub fn append(&mut self, append: Append) {
        assert_eq!(self.sql.append(&append), self.memory.append(&append));
    }

    pub fn fold(&mut self, chance: &mut Chance) {
        let coldest = self.memory.coldest(1, 12).unwrap();
        let mut documents = Vec::new();
        let mut records = Vec::new();
        for (id, record) in coldest {
            let raw = self.memory.raw(&BTreeSet::from([id])).unwrap();
            let behind = chance.below(3) as usize;
            let places: Vec<u64> = raw[&id].iter().map(|(position, _)| *position).collect();
            let upto = places[places.len().saturating_sub(1 + behind)];
            documents.push(Folded { document: id, upto });
            records.push(kept(id, record.generation));
        }
        if documents.is_empty() {
            return;
        }
        let fold = Fold {
            block: Parcel::pack(&records),
            documents,
        };
        assert_eq!(self.sql.fold(&fold), self.memory.fold(&fold));
    }

    pub fn erase(&mut self, chance: &mut Chance) {
        let of = document(chance.below(30));
        let record = self.memory.records.get(&of).copied().unwrap_or_default();
        let mut erasure = Erasure {
            documents: vec![Renewed {
                document: of,
                generation: record.generation + 1,
            }],
            ..Erasure::default()
        };
        if let Some(block) = record.block {
            let parcel = self.memory.blocks[&block].open().unwrap();
            let named = |it: &Kept| self.memory.records[&it.document].block == Some(block);
            let left = parcel
                .into_iter()
                .filter(|it| named(it) && it.document != of);
            erasure
                .rewritten
                .insert(block, Parcel::pack(&left.collect::<Vec<_>>()));
        }
        self.last.retain(|(document, _), _| *document != of);
        assert_eq!(self.sql.erase(&erasure), self.memory.erase(&erasure));
    }

    pub fn compare(&self, chance: &mut Chance) {
        let (sql, memory) = (&self.sql, &self.memory);
        let all: BTreeSet<RecordId> = (0..31).map(document).chain([document(200)]).collect();
        same(sql.state(), memory.state());
        same(sql.records(&all), memory.records(&all));
        same(sql.raw(&all), memory.raw(&all));
        let mut rows = memory.rows(&all).unwrap();
        rows.retain(|id, _| memory.records[id].raw > 0);
        same(sql.rows(&all), Ok(rows));
        same(sql.loose(), memory.loose());
        let names: BTreeSet<_> = memory
            .names()
            .into_iter()
            .chain([(document(1), ChangeHash([7; 32]))])
            .collect();
        same(sql.known(&names), memory.known(&names));
        let refused: BTreeSet<_> = memory.quarantined.keys().copied().collect();
        same(sql.quarantined(&refused), memory.quarantined(&refused));
        let bound: BTreeSet<_> = memory.bindings.keys().copied().collect();
        same(sql.bindings(&bound), memory.bindings(&bound));
        let blocks: BTreeSet<_> = memory.blocks.keys().copied().collect();
        same(sql.blocks(&blocks), memory.blocks(&blocks));
        let some = BTreeSet::from([document(chance.below(31)), document(chance.below(31))]);
        let holders = sql.holders(&some).unwrap();
        assert!(holders.is_superset(&memory.holders(&some).unwrap()));
        assert!(holders.is_subset(&blocks));
        let most = 1 + chance.below(12) as u32;
        same(sql.sparse(most, 5), memory.sparse(most, 5));
        same(sql.coldest(most, 5), memory.coldest(most, 5));
        let (low, high) = (chance.below(memory.head + 1), chance.below(memory.head + 2));
        same(sql.era_of(low), memory.era_of(low));
        same(sql.walk(low, high, 7), memory.walk(low, high, 7));
        same(sql.count(low, high), memory.count(low, high));
        let who = person(chance.below(3));
        same(sql.notices(who, low, &all), memory.notices(who, low, &all));
        let bytes = 1 + chance.below(700_000) as usize;
        let entries = 1 + chance.below(30) as usize;
        same(
            sql.read(low, entries, bytes),
            memory.read(low, entries, bytes),
        );
    }
}

/// As `assert_eq`, without printing megabytes.
#[track_caller]
fn same<T: PartialEq + std::fmt::Debug>(sql: T, memory: T) {
    let shown = |it: &T| format!("{it:?}").chars().take(800).collect::<String>();
    assert!(sql == memory, "{}\n\n{}", shown(&sql), shown(&memory));
}

fn kept(document: RecordId, generation: u32) -> Kept {
    Kept {
        document,
        generation,
        snapshot: Bytes(vec![document.0[0]; 90]),
        changes: Vec::new(),
        row: Bytes(vec![1; 30]),
    }
}
