//! Copies of values that were damaged, for whoever might still read something in them. They are few and of
//! the last weeks, and go once what was in them was had again, or once a record is erased: nobody
//! can tell whether it is in one of them.

use super::{CHANGES, CORRUPT, META, ROWS, Workspace};
use crate::block::{pack, unpack};
use crate::platform::browser::now;
use crate::platform::storage::{Key, Op, StorageError};
use shared::time::Timestamp;

const COPIES: &str = "copies";
const MOST: usize = 16;
const KEPT_MS: i64 = 30 * 86_400_000;

/// The key of a copy, and since when it is there.
pub(super) type Copies = Vec<(String, Timestamp)>;

impl Workspace {
    /// The steps that keep a copy, in the place of the oldest where there are many; and all copies then.
    pub(super) fn copy(&self, store: &str, key: u64, bytes: Vec<u8>, ops: &mut Vec<Op>) -> Copies {
        let name = format!("{store}-{key}");
        let mut copies = self.copies.clone();
        copies.retain(|(known, _)| *known != name);
        copies.push((name.clone(), now()));
        let many = copies.len().saturating_sub(MOST);
        let old = copies.drain(..many);
        ops.extend(old.map(|(name, _)| Op::Delete(CORRUPT, name.into())));
        ops.push(Op::Put(CORRUPT, name.into(), bytes));
        ops.push(Op::Put(META, COPIES.into(), pack(&copies)));
        copies
    }

    /// The steps that drop every copy.
    pub(super) fn drop_copies(&self, ops: &mut Vec<Op>) {
        let names = self.copies.iter().map(|(name, _)| name.as_str());
        ops.extend(names.map(|name| Op::Delete(CORRUPT, name.into())));
        if !self.copies.is_empty() {
            ops.push(Op::Delete(META, COPIES.into()));
        }
    }

    /// Finds out which copies there are, given the keys, and drops those that are old or of blocks that were
    /// had again: whatever was damaged before the last start, and came since.
    pub(super) async fn find_copies(&mut self, found: Vec<String>) -> Result<(), StorageError> {
        if found.is_empty() {
            return Ok(());
        }
        let noted = self.database.get(META, COPIES.into()).await?;
        let noted: Copies = noted.and_then(|bytes| unpack(&bytes)).unwrap_or_default();
        let is_again = self.point.cursor > 0 && !self.point.offering && self.point.walk.is_none();
        let now = now();
        let mut ops = Vec::new();
        for name in found {
            let since = noted.iter().find(|(known, _)| *known == name);
            let since = since.map_or(now, |(_, since)| *since);
            let is_block = [ROWS, CHANGES].iter().any(|store| is_of(store, &name));
            let is_old = now.0.abs_diff(since.0) > KEPT_MS.unsigned_abs();
            match is_old || is_again && is_block {
                true => ops.push(Op::Delete(CORRUPT, name.into())),
                false => self.copies.push((name, since)),
            }
        }
        self.copies.sort_by_key(|(_, since)| *since);
        let many = self.copies.len().saturating_sub(MOST);
        let old = self.copies.drain(..many);
        ops.extend(old.map(|(name, _)| Op::Delete(CORRUPT, name.into())));
        if ops.is_empty() && self.copies == noted {
            return Ok(());
        }
        ops.push(Op::Put(META, COPIES.into(), pack(&self.copies)));
        self.write(&ops).await
    }
}

fn is_of(store: &str, name: &str) -> bool {
    name.strip_prefix(store)
        .is_some_and(|rest| rest.starts_with('-'))
}

/// The name of a copy, where this is its key.
pub(super) fn copy_of(key: &Key) -> Option<String> {
    match key {
        Key::Name(name) if !is_of("change", name) && !is_of("poison", name) => {
            Some(name.to_string())
        }
        Key::Name(_) | Key::Number(_) => None,
    }
}
