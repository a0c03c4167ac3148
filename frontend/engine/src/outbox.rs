//! The outbox: changes that the server has not confirmed, several to a stored entry.

use crate::block::Bytes;
use crate::table::{Set, Table};
use serde::{Deserialize, Serialize};
use shared::bridge::WaitingLine;
use shared::crm::Kind;
use shared::crm::command::DELETED;
use shared::crm::field::Shape;
use shared::document::said;
use shared::id::RecordId;
use shared::time::Timestamp;

/// How many changes an entry holds at most: an entry is written anew when part of it is confirmed.
pub const ENTRY_CHANGES: usize = 50;

/// What is typed into a note with no longer pause than this was typed in one sitting.
const SITTING_MS: i64 = 600_000;

/// How many characters of a refused change are shown.
const SAID: usize = 500;

/// A change that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its key: grows.
    pub key: u64,
    /// Which record.
    pub record: RecordId,
    /// The first field that it writes.
    pub field: String,
    /// When it was made.
    pub at: Timestamp,
    /// The chunk.
    pub bytes: Bytes,
}

/// A change that the server refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The change.
    pub change: Waiting,
    /// The reason's key.
    pub reason: String,
    /// What it wrote; follows from the change.
    #[serde(skip)]
    pub said: String,
}

impl Refused {
    /// A change, refused for that reason.
    pub fn new(change: Waiting, reason: &str) -> Refused {
        let (writes, typed) = said(&change.bytes.0);
        let shown = writes.iter().filter(|write| write.at.field != DELETED);
        let texts = shown.filter_map(|write| {
            let stored = write.put.as_deref()?;
            // An item is its label, a tab and its text.
            Some(stored.split_once('\t').map_or(stored, |(_, text)| text))
        });
        let texts: Vec<&str> = texts
            .chain(std::iter::once(typed.as_str()))
            .filter(|text| !text.is_empty())
            .collect();
        Refused {
            said: texts.join(", ").chars().take(SAID).collect(),
            reason: reason.to_owned(),
            change,
        }
    }
}

/// What of the outbox is kept in memory: everything but the bytes.
#[derive(Debug, Default)]
pub struct Outbox {
    lines: Table<u64, Line>,
    next: u64,
}

#[derive(Debug)]
struct Line {
    entry: u64,
    record: RecordId,
    field: String,
    at: Timestamp,
}

impl Line {
    fn is_continued_by(&self, later: &Line) -> bool {
        let is_same = self.record == later.record && self.field == later.field;
        is_same && (later.at.0 - self.at.0).abs() <= SITTING_MS && is_note(&self.field)
    }
}

fn is_note(field: &str) -> bool {
    let mut fields = Kind::ALL.iter().filter_map(|kind| kind.field(field));
    fields.any(|field| field.shape == Shape::Note)
}

impl Outbox {
    /// Takes in a stored entry; its key is that of its first change.
    pub fn load(&mut self, entry: u64, changes: &[Waiting]) {
        for change in changes {
            self.next = self.next.max(change.key);
            let line = Line {
                entry,
                record: change.record,
                field: change.field.clone(),
                at: change.at,
            };
            self.lines.insert(change.key, line);
        }
    }

    /// The next free key.
    pub fn next_key(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Gives no change a key up to this one: a refused change has it.
    pub fn skip_to(&mut self, key: u64) {
        self.next = self.next.max(key);
    }

    /// How many changes wait.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The entries that hold any of these changes.
    pub fn entries(&self, keys: &Set<u64>) -> Set<u64> {
        let lines = keys.keys().filter_map(|key| self.lines.get(key));
        lines.map(|line| line.entry).collect()
    }

    /// The note of a record into which something was typed up to then that waits, and those changes
    /// with all later ones.
    pub fn typed(&self, record: RecordId, until: i64) -> Option<(String, Set<u64>)> {
        let lines = || self.lines.iter().filter(|(_, line)| line.record == record);
        let (_, first) = lines().find(|(_, line)| line.at.0 <= until && is_note(&line.field))?;
        let those = lines().filter(|(_, line)| line.field == first.field);
        Some((first.field.clone(), those.map(|(key, _)| key).collect()))
    }

    /// The keys of a record's changes.
    pub fn of(&self, record: RecordId) -> Set<u64> {
        let lines = self.lines.iter();
        let lines = lines.filter(|(_, line)| line.record == record);
        lines.map(|(key, _)| key).collect()
    }

    /// The entries with changes above a key, until they hold so many.
    pub fn entries_after(&self, after: u64, limit: usize) -> Set<u64> {
        let lines = self.lines.after(after).take(limit);
        lines.map(|(_, line)| line.entry).collect()
    }

    /// The highest key that waits.
    pub fn last_key(&self) -> u64 {
        self.lines.last_key().unwrap_or(0)
    }

    /// Forgets changes.
    pub fn remove(&mut self, keys: &Set<u64>) {
        for key in keys.keys() {
            self.lines.remove(key);
        }
    }

    /// What waits as the person did it, newest first and at most so much of it, and how much it is:
    /// what was typed into a note in one sitting is one, however many changes it is.
    pub fn latest(&self, count: usize) -> (Vec<WaitingLine>, usize) {
        let (mut latest, mut all) = (Vec::new(), 0);
        let mut later: Option<&Line> = None;
        for line in self.lines.values().rev() {
            if !later.is_some_and(|later| line.is_continued_by(later)) {
                all += 1;
                if latest.len() < count {
                    latest.push(WaitingLine {
                        record: line.record,
                        field: line.field.clone(),
                        at: line.at,
                    });
                }
            }
            later = Some(line);
        }
        (latest, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(key: u64) -> Waiting {
        Waiting {
            key,
            record: RecordId([key as u8; 16]),
            field: "city".into(),
            at: Timestamp(key as i64),
            bytes: Bytes(vec![1]),
        }
    }

    #[test]
    fn what_was_typed_in_one_sitting_is_one_line() {
        let mut outbox = Outbox::default();
        let typed = |key: u64, field: &str, minute: i64| Waiting {
            record: RecordId([1; 16]),
            field: field.into(),
            at: Timestamp(minute * 60_000),
            ..waiting(key)
        };
        let minutes = [0, 1, 5, 14, 40, 41];
        for (key, minute) in (1..).zip(minutes) {
            outbox.load(key, &[typed(key, "notes", minute)]);
        }
        outbox.load(7, &[typed(7, "city", 41), typed(8, "city", 41)]);
        let (latest, all) = outbox.latest(3);
        let lines = latest
            .iter()
            .map(|it| (it.field.as_str(), it.at.0 / 60_000));
        let lines: Vec<(&str, i64)> = lines.collect();
        assert_eq!(
            (lines, all),
            (vec![("city", 41), ("city", 41), ("notes", 41)], 4)
        );
        assert_eq!(outbox.len(), 8);
    }

    #[test]
    fn keys_grow_and_the_newest_shows_first() {
        let mut outbox = Outbox::default();
        outbox.load(4, &[waiting(4), waiting(5)]);
        outbox.load(9, &[waiting(9)]);
        assert_eq!(outbox.next_key(), 10);
        let (latest, all) = outbox.latest(2);
        assert_eq!((latest.len(), latest[0].at, all), (2, Timestamp(9), 3));
        let keys = |set: Set<u64>| set.keys().collect::<Vec<_>>();
        assert_eq!(keys(outbox.entries_after(4, 10)), [4, 9]);
        assert_eq!(keys(outbox.entries_after(0, 2)), [4]);
        let confirmed = Set::from_iter([4, 9]);
        assert_eq!(keys(outbox.entries(&confirmed)), [4, 9]);
        outbox.remove(&confirmed);
        assert_eq!((outbox.len(), outbox.last_key()), (1, 5));
    }
}
