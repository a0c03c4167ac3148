//! What lies on a device's disk, read by an engine of its own from a copy.

use super::device::{Device, WORKSPACE};
use engine::block::{Stored, unpack};
use engine::leader::Leader;
use engine::platform::memory::Memory;
use engine::platform::native::{install, run};
use engine::platform::storage::Key;
use engine::workspace::database_name;
use shared::crm::row::Row;
use shared::id::{ChangeHash, RecordId};
use shared::sync::client::{Outgoing, Point, Read};
use shared::sync::message::Reason;
use shared::sync::packed::change_hash;
use shared::sync::room::Name;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// What lies on a disk.
pub struct Reading {
    pub point: Point,
    /// What the engine did not take in.
    pub set_aside: BTreeSet<Name>,
    pub records: BTreeMap<RecordId, Held>,
    pub waiting: BTreeSet<Name>,
    /// What waits, as the client would be told of it.
    pub outbox: Vec<Outgoing>,
    /// What waits and what was refused, by its key.
    pub keys: BTreeMap<u64, Name>,
    pub refused: Vec<(Name, Reason)>,
}

/// A record on a disk.
pub struct Held {
    pub generation: u32,
    pub changes: BTreeSet<ChangeHash>,
    pub row: Option<Row>,
}

impl Reading {
    /// Reads a disk, and checks that its rows are those of its histories.
    pub fn of(device: &Device) -> Reading {
        Reading::of_copy(copy_of(device))
    }

    /// As [`Reading::of`], of a copy that was taken before.
    pub fn of_copy(copy: Memory) -> Reading {
        copy.disk(&database_name(WORKSPACE)).borrow_mut().revive();
        let disk = copy.disk(&database_name(WORKSPACE));
        let disk = disk.borrow();
        let set_aside = disk.store("corrupt");
        let set_aside = set_aside.flat_map(|(key, value)| named(key, value));
        let set_aside: BTreeSet<Name> = set_aside.collect();
        drop(disk);
        install(Rc::new(copy));
        let mut leader = run(Leader::open(WORKSPACE, true, |_| ())).expect("a disk can be read");
        let workspace = &mut leader.workspace;
        let stored = run(workspace.rows()).expect("rows can be read");
        let mut rows: BTreeMap<RecordId, Row> =
            stored.into_iter().map(|row| (row.id, row)).collect();
        let histories = run(workspace.histories(&workspace.records()));
        let mut records = BTreeMap::new();
        for (record, history) in histories.expect("histories can be read").iter() {
            let document = history.document();
            let document = document
                .unwrap_or_else(|error| panic!("the history of {record} is not whole: {error:?}"));
            let row = rows.remove(&record);
            assert!(
                row == document.row(record).ok(),
                "the row of {record} is not what its history makes"
            );
            let changes = document.changes().into_iter().map(|it| it.hash).collect();
            let generation = workspace.generation(record);
            let held = Held {
                generation,
                changes,
                row,
            };
            records.insert(record, held);
        }
        let limit = usize::MAX;
        let waiting = run(workspace.read(Read::Outbox { after: 0, limit }));
        let outbox = waiting.expect("the outbox can be read").0;
        let waiting = outbox
            .iter()
            .filter_map(|it| Some((it.key, (it.document, change_hash(&it.bytes)?))));
        let mut keys: BTreeMap<u64, Name> = waiting.collect();
        let waiting = keys.values().copied().collect();
        let refused = workspace.refused.values().map(|refused| {
            let reason = Reason::from_key(&refused.reason).expect("a reason of ours");
            let hash = change_hash(&refused.change.bytes.0).expect("a change");
            keys.insert(refused.change.key, (refused.change.record, hash));
            ((refused.change.record, hash), reason)
        });
        let refused = refused.collect();
        Reading {
            point: workspace.point,
            set_aside,
            records,
            waiting,
            refused,
            keys,
            outbox,
        }
    }

    pub fn has(&self, name: &Name) -> bool {
        let held = self.records.get(&name.0);
        held.is_some_and(|held| held.changes.contains(&name.1))
    }

    /// Whether it counts this among what is to be sent, or was refused.
    pub fn owes(&self, name: &Name) -> bool {
        self.waiting.contains(name) || self.refused.iter().any(|(refused, _)| refused == name)
    }

    /// Whether a record shows on another disk what it shows here.
    pub fn shows_as(&self, other: &Reading, record: RecordId) -> bool {
        let row = |disk: &Reading| disk.records.get(&record).and_then(|held| held.row.clone());
        let said = |row: Row| (row.is_there(), row.values, row.items);
        let (here, there) = (row(self).map(said), row(other).map(said));
        here.is_some() && here == there
    }

    /// Whether it holds a later life of the record than this one.
    pub fn is_past(&self, record: RecordId, generation: u32) -> bool {
        let held = self.records.get(&record);
        held.is_some_and(|held| held.generation > generation)
    }

    /// Every change on it.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        let records = self.records.iter();
        records.flat_map(|(record, held)| held.changes.iter().map(|hash| (*record, *hash)))
    }
}

/// The disks of a device as they are.
pub fn copy_of(device: &Device) -> Memory {
    device.host.memory.copy(1)
}

/// What the changes are called that the engine keeps for later, one or those of a whole record.
fn named(key: &Key, bytes: &[u8]) -> Vec<Name> {
    let Key::Name(key) = key else {
        return Vec::new();
    };
    let record = key.split_once('-').and_then(|(_, name)| name.get(..32));
    let Some(record) = record.and_then(|record| record.parse().ok()) else {
        return Vec::new();
    };
    if let Some(hash) = change_hash(bytes) {
        return vec![(record, hash)];
    }
    let raw = unpack::<Stored>(bytes).and_then(|stored| stored.raw().ok());
    let raw = raw.unwrap_or_default().into_iter();
    raw.filter_map(|bytes| Some((record, change_hash(&bytes)?)))
        .collect()
}
