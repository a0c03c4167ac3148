//! Records that came, merged with what is here or taken as they are.

use crate::block::{Bytes, Stored};
use crate::leader::Leader;
use crate::platform::browser::now;
use crate::workspace::{Added, Aside, Doubt, Received, Whole};
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{ChangeHash, RecordId, sha256};
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::Kept;

/// What came of one record.
#[derive(Default)]
pub(super) struct Came {
    /// Of which generation.
    pub(super) generation: u32,
    /// The record as a whole.
    pub(super) kept: Vec<Kept>,
    /// Changes.
    pub(super) items: Vec<Item>,
    /// What waits of it in the outbox, with the keys there.
    pub(super) waiting: Vec<(ChangeHash, u64)>,
}

impl Leader {
    /// A record as it came. It is opened only where its row is not known, where more came with it, or
    /// where it is to take the place of what is here.
    pub(super) fn whole(
        &mut self,
        record: RecordId,
        came: Came,
        is_here: bool,
        received: &mut Received,
    ) -> Option<Whole> {
        let generation = came.generation;
        let may_lack = self.may_lack_a_beginning(record, &came);
        let mut items = came.items;
        let mut kept = came.kept.into_iter();
        let mut first = kept.next();
        if may_lack && let Some(first) = first.take() {
            items.extend(self.items_of(first, received));
        }
        let name = match &first {
            Some(first) => name_of(first),
            None => items.first()?.hash,
        };
        let row = first.as_ref().and_then(|it| Row::from_bytes(&it.row.0));
        let row = row.filter(|row| row.id == record);
        let is_alone = kept.len() == 0 && items.is_empty() && !is_here;
        let mut stored = first.map(stored_of).unwrap_or_default();
        if let Some(row) = row.filter(|_| is_alone) {
            return Some(Whole {
                record,
                generation,
                stored,
                row,
            });
        }
        let opened = self.open_carefully(record, &stored, name);
        for kept in kept {
            items.extend(self.items_of(kept, received));
        }
        let Some(mut document) = opened else {
            self.keep_apart((record, generation), name, &stored, received);
            received.suspect.extend(items.into_iter().map(suspect));
            return None;
        };
        let added = self.apply_carefully(&mut document, items, received);
        stored.extend(added.into_iter().map(|(_, bytes)| Bytes(bytes)));
        // A record of a later version's type is kept, not shown; so is one whose making is yet to come.
        let Ok(row) = document.row(record) else {
            let changes = document.changes().into_iter();
            let kept = changes.map(|change| Aside {
                record,
                hash: change.hash,
                generation: Some(generation),
                bytes: change.bytes,
            });
            received.suspect.extend(kept);
            return None;
        };
        Some(Whole {
            record,
            generation,
            stored,
            row,
        })
    }

    /// Merges what came into a document. Returns it when something was new.
    pub(super) fn merge(
        &mut self,
        record: RecordId,
        mut document: Document,
        came: Came,
        received: &mut Received,
    ) -> Option<Document> {
        let generation = Some(came.generation);
        let mut items = came.items;
        for kept in came.kept {
            items.extend(self.items_of(kept, received));
        }
        // What the log has is there, whatever is answered when it is sent once more.
        let there = |keys: Vec<(ChangeHash, u64)>| {
            let is_there = |hash: ChangeHash| items.iter().any(|item| item.hash == hash);
            let there = keys.into_iter().filter(move |(hash, _)| is_there(*hash));
            there.map(|(_, key)| key).collect::<Vec<u64>>()
        };
        received.landed.extend(there(came.waiting));
        received
            .taken
            .extend(there(self.workspace.refused_of(record)));
        let changes = self.apply_carefully(&mut document, items, received);
        if changes.is_empty() {
            return None;
        }
        // A record of a later version's type is kept, not shown.
        let Ok(row) = document.row(record) else {
            let changes = changes.into_iter();
            let kept = changes.map(|(hash, bytes)| Aside {
                record,
                hash,
                generation,
                bytes,
            });
            received.suspect.extend(kept);
            return None;
        };
        let changes = changes.into_iter();
        received.added.push(Added {
            record,
            changes: changes.map(|(_, bytes)| (String::new(), bytes)).collect(),
            row,
        });
        Some(document)
    }

    /// The changes of a record that came whole.
    fn items_of(&self, kept: Kept, received: &mut Received) -> Vec<Item> {
        let (record, generation) = (kept.document, kept.generation);
        let name = name_of(&kept);
        let stored = stored_of(kept);
        let raw = match stored.snapshot.0.is_empty() {
            true => Some(stored.changes.iter().map(|it| it.0.clone()).collect()),
            false => self.open_carefully(record, &stored, name).map(|document| {
                let changes = document.changes().into_iter();
                changes.map(|change| change.bytes).collect::<Vec<_>>()
            }),
        };
        let Some(raw) = raw else {
            self.keep_apart((record, generation), name, &stored, received);
            return Vec::new();
        };
        let items = raw.into_iter().filter_map(|bytes| {
            Some(Item {
                document: record,
                generation,
                hash: change_hash(&bytes)?,
                bytes,
            })
        });
        items.collect()
    }

    /// Opens what came, unless it is doubted.
    fn open_carefully(
        &self,
        record: RecordId,
        stored: &Stored,
        name: ChangeHash,
    ) -> Option<Document> {
        if self.workspace.is_doubted(record, name) {
            return None;
        }
        if self.workspace.is_careful() {
            self.workspace.note_trial(vec![name]);
        }
        stored.document().ok()
    }

    /// Applies what is new, but for what is doubted; returns what went in.
    fn apply_carefully(
        &self,
        document: &mut Document,
        items: Vec<Item>,
        received: &mut Received,
    ) -> Vec<(ChangeHash, Vec<u8>)> {
        let is_doubted = |item: &Item| self.workspace.is_doubted(item.document, item.hash);
        let (doubted, items) = items.into_iter().partition::<Vec<_>, _>(is_doubted);
        let doubted = doubted.into_iter();
        let doubted = doubted.map(|it| apart(it.document, it.hash, it.generation, it.bytes));
        received.doubted.extend(doubted);
        let mut seen: Vec<ChangeHash> = Vec::new();
        let mut items = items;
        items.retain(|item| !document.has(item.hash) && is_new(&mut seen, item.hash));
        let is_careful = self.workspace.is_careful();
        if !is_careful {
            let mut all = document.clone();
            let together = items.iter().map(|item| item.bytes.as_slice());
            if all.apply(together).is_ok() {
                *document = all;
                return items.into_iter().map(|it| (it.hash, it.bytes)).collect();
            }
        }
        let (changes, left) = one_by_one(document, items, |hash| {
            if is_careful {
                self.workspace.note_trial(vec![hash]);
            }
        });
        received.suspect.extend(left.into_iter().map(suspect));
        changes
    }
}

/// Applies changes one by one, again and again while one more goes in: they need not come after those
/// that they build on. Returns those that went in, and those that did not.
fn one_by_one(
    document: &mut Document,
    mut items: Vec<Item>,
    begin: impl Fn(ChangeHash),
) -> (Vec<(ChangeHash, Vec<u8>)>, Vec<Item>) {
    let mut changes = Vec::new();
    loop {
        let before = items.len();
        let mut left = Vec::new();
        for item in items {
            begin(item.hash);
            let mut one = document.clone();
            match one.apply([item.bytes.as_slice()]) {
                Ok(_) => {
                    *document = one;
                    changes.push((item.hash, item.bytes));
                }
                Err(_) => left.push(item),
            }
        }
        if left.is_empty() || left.len() == before {
            return (changes, left);
        }
        items = left;
    }
}

fn is_new(seen: &mut Vec<ChangeHash>, hash: ChangeHash) -> bool {
    let is_new = !seen.contains(&hash);
    seen.push(hash);
    is_new
}

fn stored_of(kept: Kept) -> Stored {
    let changes = kept.changes.into_iter();
    Stored {
        snapshot: Bytes(kept.snapshot.0),
        changes: changes.map(|bytes| Bytes(bytes.0)).collect(),
    }
}

/// Names a record as it came, should the engine crash over it.
pub(super) fn name_of(kept: &Kept) -> ChangeHash {
    let ends = kept.changes.iter().map(|change| change.0.as_slice());
    let parts: Vec<&[u8]> = std::iter::once(kept.snapshot.0.as_slice())
        .chain(ends)
        .collect();
    ChangeHash(sha256(&parts.concat()))
}

pub(super) fn suspect(item: Item) -> Aside {
    Aside {
        record: item.document,
        hash: item.hash,
        generation: Some(item.generation),
        bytes: item.bytes,
    }
}

/// A change or record that is to be kept apart and tried again later.
pub(super) fn apart(
    record: RecordId,
    name: ChangeHash,
    generation: u32,
    bytes: Vec<u8>,
) -> (Doubt, Vec<u8>) {
    (Doubt::new(record, name, generation, now()), bytes)
}
