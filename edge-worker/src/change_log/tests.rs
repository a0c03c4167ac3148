//! The log over a native SQLite, beside the log in memory that the simulation runs on.

#[path = "../../../shared/tests/world/memory_log.rs"]
#[expect(dead_code, reason = "the simulation asks more of it")]
mod memory_log;
mod native;

use super::SqlLog;
use super::database::Database;
use crate::record::fault;
use memory_log::MemoryLog;
use native::Native;
use shared::id::{ChangeHash, DeviceId, PersonId, RecordId, Writer};
use shared::sync::message::{Epoch, Era, Reason};
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::{Kept, Parcel};
use shared::sync::room::{
    Append, ChangeLog, Erasure, Fold, Folded, LogError, NewChange, Quarantined, Renewed, Sight,
};
use shared::sync::validation::Bytes;
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A seeded stream of numbers (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}

fn document(number: u64) -> RecordId {
    RecordId([number as u8; 16])
}

fn person(number: u64) -> PersonId {
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
fn started(memory: MemoryLog, sql: &SqlLog<Native>) -> MemoryLog {
    let chance = sql.next_era.map_or(0, |era| u64::from_le_bytes(era.0));
    memory.started(chance)
}

/// Both logs, given the same and compared.
struct Pair {
    sql: SqlLog<Native>,
    memory: MemoryLog,
    salt: u64,
    last: BTreeMap<(RecordId, Writer), u64>,
}

impl Pair {
    fn new() -> Pair {
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
    fn next(&mut self, of: RecordId, chance: &mut Chance) -> NewChange {
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

    fn step(&mut self, chance: &mut Chance) {
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

    fn alive(&self, chance: &mut Chance) -> RecordId {
        let erased = |id: &RecordId| self.memory.records.get(id).is_some_and(|it| it.erased);
        let mut candidates = (0..64).map(|_| document(chance.below(30)));
        candidates.find(|id| !erased(id)).unwrap_or(document(200))
    }

    fn push(&mut self, chance: &mut Chance) {
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

    fn renew(&mut self, chance: &mut Chance) {
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

    fn append(&mut self, append: Append) {
        assert_eq!(self.sql.append(&append), self.memory.append(&append));
    }

    fn fold(&mut self, chance: &mut Chance) {
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

    fn erase(&mut self, chance: &mut Chance) {
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

    fn compare(&self, chance: &mut Chance) {
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

#[test]
fn the_log_in_sqlite_and_the_one_in_memory_say_the_same_whatever_happens() {
    for seed in 0..12 {
        let mut chance = Chance(seed);
        let mut pair = Pair::new();
        for _ in 0..120 {
            pair.step(&mut chance);
            pair.compare(&mut chance);
        }
    }
}

#[test]
fn a_statement_that_fails_leaves_everything_as_it_was() {
    let mut chance = Chance(7);
    let mut pair = Pair::new();
    for _ in 0..40 {
        pair.step(&mut chance);
    }
    for failing in 0..4 {
        let new = pair.next(document(3), &mut chance);
        let append = Append {
            changes: vec![new],
            rows: BTreeMap::from([(document(3), vec![failing as u8; 20])]),
            ..Append::default()
        };
        pair.sql.database.fail_after(failing);
        let failed = pair.sql.append(&append);
        pair.sql.database.fail_after(usize::MAX);
        if let Err(error) = failed {
            assert!(matches!(error, LogError::Full));
            pair.compare(&mut chance);
        } else {
            pair.memory.append(&append).unwrap();
        }
    }
    pair.compare(&mut chance);
    fault!(
        "F32",
        "each of the first four statements of a write fails in SQLite",
        "the transaction is rolled back whole: every table reads as before; the next write is taken"
    );
}

#[test]
fn a_full_storage_takes_nothing_but_folds_and_erases_and_takes_again_when_it_has_space() {
    let mut chance = Chance(11);
    let mut pair = Pair::new();
    for _ in 0..80 {
        pair.push(&mut chance);
    }
    let one = |pair: &mut Pair, chance: &mut Chance| Append {
        changes: vec![pair.next(document(3), chance)],
        rows: BTreeMap::from([(document(3), vec![1; 20])]),
        ..Append::default()
    };
    pair.sql.database.grow_to(9_900_000_000);
    let mut refused = 0;
    for _ in 0..70 {
        let append = one(&mut pair, &mut chance);
        match pair.sql.append(&append) {
            Ok(_) => drop(pair.memory.append(&append).unwrap()),
            Err(error) => {
                assert_eq!(error, LogError::Full);
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
    pair.fold(&mut chance);
    pair.erase(&mut chance);
    pair.compare(&mut chance);
    pair.sql.database.grow_to(1_000_000);
    let append = one(&mut pair, &mut chance);
    pair.append(append);
    pair.compare(&mut chance);
}

#[test]
fn what_was_erased_is_in_no_row_of_any_table() {
    let mut pair = Pair::new();
    let secret = b"the customer's name".to_vec();
    let mut new = pair.next(document(1), &mut Chance(1));
    let mut body = new.item.bytes.split_off(10);
    body.truncate(3);
    let mut chunk = vec![0x85, 0x6f, 0x4a, 0x83, 0, 0, 0, 0, 1, secret.len() as u8];
    chunk.extend(&secret);
    let hash = shared::id::sha256(&chunk[8..]);
    chunk[4..8].copy_from_slice(&hash[..4]);
    new.item.hash = ChangeHash(hash);
    new.item.bytes = chunk;
    let other = pair.next(document(2), &mut Chance(2));
    pair.append(Append {
        changes: vec![new, other],
        rows: BTreeMap::from([(document(1), secret.clone())]),
        ..Append::default()
    });
    assert!(pair.sql.database.holds(&secret));
    let erasure = Erasure {
        documents: vec![Renewed {
            document: document(1),
            generation: 1,
        }],
        ..Erasure::default()
    };
    assert_eq!(pair.sql.erase(&erasure), pair.memory.erase(&erasure));
    assert!(!pair.sql.database.holds(&secret));
    pair.compare(&mut Chance(3));
}

#[test]
fn a_log_of_the_first_version_is_moved_whole() {
    let database = Native::new();
    for step in super::schema::MIGRATIONS[0] {
        database.run_text(step);
    }
    database.run_text(super::schema::VERSION_TABLE);
    database.run_text("INSERT INTO version VALUES (1)");
    database.run_text("INSERT INTO meta VALUES ('epoch', x'0102030405060708')");
    let mut chance = Chance(5);
    let mut pair = Pair::new();
    // Before there were eras none began.
    pair.memory = MemoryLog::new(0);
    for _ in 0..3 {
        let mut append = Append::default();
        for _ in 0..250 {
            let of = pair.alive(&mut chance);
            append.changes.push(pair.next(of, &mut chance));
        }
        for new in &append.changes {
            database.put_first_version(new);
        }
        pair.memory.append(&append).unwrap();
    }
    // Each start gets one statement further before it fails.
    let mut after = 0;
    pair.sql = loop {
        database.fail_after(after);
        match SqlLog::open(database.clone()) {
            Ok(log) => break log,
            Err(_) => after += 1,
        }
    };
    database.fail_after(usize::MAX);
    assert!(after > 3, "only {after} starts failed");
    pair.memory.epoch = Epoch([1, 2, 3, 4, 5, 6, 7, 8]);
    pair.memory = started(pair.memory, &pair.sql);
    pair.compare(&mut chance);
    for _ in 0..60 {
        pair.step(&mut chance);
        pair.compare(&mut chance);
    }
    fault!(
        "F12",
        "the server's move from the first version's tables is cut off, each time one statement later, with 750 changes in them",
        "each start goes on from what stands; in the end the log says the same as one that was always of this version"
    );
}

#[test]
fn a_copy_that_grows_past_a_position_has_another_era_there() {
    let mut chance = Chance(6);
    let mut pair = Pair::new();
    let mut grow = |pair: &mut Pair| {
        let of = document(1);
        let new = pair.next(of, &mut chance);
        pair.append(Append {
            changes: vec![new],
            ..Append::default()
        });
        pair.sql.state().unwrap()
    };
    let (first, _) = (grow(&mut pair), grow(&mut pair));
    let copy = pair.sql.database.copy();
    let met = grow(&mut pair);
    // The same start goes on in its era; what slept with its sockets does so, too.
    assert_eq!((met.era, met.is_own_era), (first.era, true));
    for _ in 0..2 {
        let mut restored = SqlLog::open(copy.copy()).unwrap();
        let state = restored.state().unwrap();
        assert_eq!((state.era, state.is_own_era), (first.era, false));
        let new = pair.next(document(2), &mut Chance(7));
        let append = Append {
            changes: vec![new],
            ..Append::default()
        };
        assert_eq!(restored.append(&append).unwrap(), met.head);
        assert_eq!(restored.era_of(first.head), Ok(Some(first.era)));
        let now = restored.era_of(met.head).unwrap();
        assert!(now.is_some_and(|now| now != met.era));
    }
    fault!(
        "F41",
        "a copy of the server's tables is put back and grows as far as the log had come, twice",
        "the positions that both have bear the era that they had, the others each a new one"
    );
}

#[test]
fn very_old_eras_are_forgotten_and_the_rest_is_told_apart() {
    let database = Native::new();
    let mut log = SqlLog::open(database.clone()).unwrap();
    let text = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 10100) \
                INSERT INTO era SELECT i, zeroblob(8) FROM n";
    database.run_text(text);
    log.head = 20_000;
    let oldest = log.era_at(0).unwrap();
    log.database.run(log.begun(Era([0; 8]))).unwrap();
    assert!(oldest.is_some());
    assert_eq!(log.era_at(0), Ok(None));
    assert_eq!(log.era_at(20_001), Ok(Some(Era([0; 8]))));
    let rows = database.rows("SELECT count(*) FROM era", Vec::new());
    assert_eq!(rows.unwrap()[0].count(0), 10_001);
}
