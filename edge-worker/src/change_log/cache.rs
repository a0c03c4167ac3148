//! What the log has in memory of its tables. A Durable Object is its database's only user, so that
//! what was read once holds until the log itself changes it.

use super::stored::Stored;
use super::stretch::Stretch;
use shared::id::{DeviceId, RecordId, Writer};
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

/// Records and writers kept; past this all are dropped and read anew.
const KEPT: usize = 4_096;
/// Bytes of stretches kept.
const STRETCH_BYTES: usize = 3 * 1024 * 1024;

/// The numbers that stand for a writer, each with the device it is bound to there.
pub type Actors = Vec<(u32, Option<DeviceId>)>;

/// What was read.
#[derive(Default)]
pub struct Cache {
    records: BTreeMap<RecordId, Option<Rc<Stored>>>,
    actors: BTreeMap<Writer, Actors>,
    stretches: VecDeque<(u64, Rc<Stretch>)>,
    stretch_bytes: usize,
}

impl Cache {
    /// A record; `Some(None)` where it is known that there is none.
    pub fn record(&self, document: RecordId) -> Option<Option<Rc<Stored>>> {
        self.records.get(&document).cloned()
    }

    /// Keeps what is known of a record.
    pub fn keep_record(&mut self, document: RecordId, stored: Option<Rc<Stored>>) {
        self.records.insert(document, stored);
    }

    /// The numbers of a writer.
    pub fn actors(&self, writer: &Writer) -> Option<&Actors> {
        self.actors.get(writer)
    }

    /// Keeps the numbers of a writer.
    pub fn keep_actors(&mut self, writer: Writer, actors: Actors) {
        self.actors.insert(writer, actors);
    }

    /// A stretch.
    pub fn stretch(&mut self, first: u64) -> Option<Rc<Stretch>> {
        let at = self.stretches.iter().position(|(of, _)| *of == first)?;
        let found = self.stretches.remove(at)?;
        let stretch = Rc::clone(&found.1);
        self.stretches.push_back(found);
        Some(stretch)
    }

    /// Keeps a stretch.
    pub fn keep_stretch(&mut self, first: u64, stretch: Rc<Stretch>) {
        self.drop_stretch(first);
        self.stretch_bytes += stretch.bytes();
        self.stretches.push_back((first, stretch));
        while self.stretch_bytes > STRETCH_BYTES && self.stretches.len() > 1 {
            let oldest = self.stretches.pop_front();
            self.stretch_bytes -= oldest.map_or(0, |(_, stretch)| stretch.bytes());
        }
    }

    /// Forgets a stretch.
    pub fn drop_stretch(&mut self, first: u64) {
        let at = self.stretches.iter().position(|(of, _)| *of == first);
        let gone = at.and_then(|at| self.stretches.remove(at));
        self.stretch_bytes -= gone.map_or(0, |(_, stretch)| stretch.bytes());
    }

    /// Drops what has grown too many; called between operations.
    pub fn trim(&mut self) {
        if self.records.len() > KEPT {
            self.records.clear();
        }
        if self.actors.len() > KEPT {
            self.actors.clear();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        *self = Cache::default();
    }
}
