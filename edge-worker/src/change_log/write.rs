//! What is appended, folded and erased.

use super::database::{Database, Statement};
use super::draft::{Draft, each, with_block, without_block};
use super::read::{kind, misshapen};
use super::stored::Place;
use super::stretch::Stretch;
use super::values::{Value, blob, counted};
use super::{SqlLog, failed, holders};
use shared::id::RecordId;
use shared::sync::header::EVERYONE;
use shared::sync::room::{Append, BlockId, Erasure, Fold, LogError, Sight};
use std::collections::BTreeSet;

/// The most refused changes that are kept with their bytes.
const QUARANTINE_ROWS: i64 = 2_000;
/// From here on nothing is appended: the platform takes 10 GB, and folding and erasing need room.
const FULL_BYTES: u64 = 10_000_000_000 - 200_000_000;
/// After so many entries it is looked again how full the storage is.
const MEASURED_EACH: u64 = 64;

impl<D: Database> SqlLog<D> {
    pub(super) fn write_append(&mut self, append: &Append) -> Result<u64, LogError> {
        if self.head >= self.measured_at + MEASURED_EACH {
            self.is_full = self.database.bytes() > FULL_BYTES;
            self.measured_at = if self.is_full { 0 } else { self.head };
        }
        if self.is_full {
            return Err(LogError::Full);
        }
        let renewed = append.renewed.iter().map(|renewed| &renewed.document);
        let changed = append.changes.iter().map(|new| &new.item.document);
        let noticed = append.notices.iter().map(|(_, document, _)| document);
        let documents: BTreeSet<RecordId> =
            renewed.chain(changed).chain(noticed).copied().collect();
        let mut draft = self.draft(&documents)?;
        for renewed in &append.renewed {
            let document = renewed.document;
            renew(&mut draft, document, renewed.generation);
            draft.notify(kind::GENERATION, Value::Null, document);
            let record = &mut draft.records.entry(document).or_default().record;
            record.changed = record.last;
        }
        self.add_changes(&mut draft, append)?;
        for (person, document, sight) in &append.notices {
            let kind = match sight {
                Sight::Hidden => kind::FORGET,
                Sight::Shown => kind::SHOW,
            };
            draft.notify(kind, blob(&person.0), *document);
            draft.sights += 1;
        }
        draft.statements.extend(quarantine(append));
        self.carry_out(draft)?;
        self.quarantine_is_empty &= append.quarantined.is_empty();
        Ok(self.head)
    }

    fn add_changes(&mut self, draft: &mut Draft, append: &Append) -> Result<(), LogError> {
        let mut stretch = Stretch::default();
        let mut first = draft.head + 1;
        for new in &append.changes {
            if stretch.is_full() {
                let full = std::mem::take(&mut stretch);
                draft.stretches.insert(first, full);
                first = draft.head + 1;
            }
            draft.head += 1;
            let document = new.item.document;
            let offset = u32::try_from(draft.head - first).map_err(|_| misshapen())?;
            stretch.push(offset, &new.item);
            if let Some(row) = append.rows.get(&document) {
                stretch.put_row(document, row);
            }
            let [a, b, c, d, ..] = new.item.hash.0;
            let stored = draft.records.entry(document).or_default();
            if stored.record.last == 0 {
                stored.record.generation = new.item.generation;
            }
            let mark = [a, b, c, d];
            stored.raw.push(Place {
                first,
                offset,
                mark,
            });
            stored.record.raw += 1;
            (stored.record.last, stored.record.changed) = (draft.head, draft.head);
            if new.writer.person != EVERYONE {
                self.bind(draft, document, new.writer, new.device, new.sequence)?;
            }
        }
        if stretch.len() > 0 {
            draft.stretches.insert(first, stretch);
        }
        Ok(())
    }

    pub(super) fn write_fold(&mut self, fold: &Fold) -> Result<BlockId, LogError> {
        let mut draft = self.draft(fold.documents.iter().map(|folded| &folded.document))?;
        let block = BlockId(self.next_block);
        for folded in &fold.documents {
            draft.drop_raw(folded.document, folded.upto);
            draft.release(folded.document);
            let stored = draft.records.get_mut(&folded.document);
            let record = &mut stored.ok_or_else(misshapen)?.record;
            record.folded = folded.upto;
            record.block = Some(block);
        }
        let current = fold.documents.len() as u64;
        draft.statements = with_block(block, current, &fold.block);
        let documents = fold.documents.iter().map(|folded| &folded.document);
        draft.statements.push(holders::put(block, documents));
        self.carry_out(draft)?;
        self.next_block += 1;
        Ok(block)
    }

    pub(super) fn write_erase(&mut self, erasure: &Erasure) -> Result<u64, LogError> {
        let mut draft = self.draft(erasure.documents.iter().map(|gone| &gone.document))?;
        draft.for_good = true;
        let documents = erasure.documents.iter().map(|gone| blob(&gone.document.0));
        let documents: Vec<Value> = documents.collect();
        let text = "SELECT position, kind FROM notice WHERE document IN ({})";
        for row in self.rows_of(text, documents.clone())? {
            draft.raise_floor(row.count(0));
            draft.sights -= i64::from(row.number(1) <= kind::SHOW);
        }
        for table in ["notice", "quarantine"] {
            let text = format!("DELETE FROM {table} WHERE document IN ({{}})");
            draft.statements.extend(each(&text, &documents));
        }
        for gone in &erasure.documents {
            renew(&mut draft, gone.document, gone.generation);
            draft.notify(kind::ERASED, Value::Null, gone.document);
            draft
                .records
                .entry(gone.document)
                .or_default()
                .record
                .erased = true;
        }
        for (block, parcel) in &erasure.rewritten {
            let text = "SELECT current FROM block WHERE part = ?";
            let rows = self.database.rows(text, vec![counted(block.0 << 8)]);
            let current = rows.map_err(failed)?.first().map_or(0, |row| row.count(0));
            let left = current.saturating_sub(draft.keep_block(*block));
            draft.statements.push(without_block(*block));
            draft.statements.extend(with_block(*block, left, parcel));
            if parcel.0.is_empty() {
                draft.statements.push(holders::gone(*block));
            }
        }
        self.carry_out(draft)?;
        Ok(self.head)
    }
}

/// A document's raw changes, its writers and its hold on its block go.
fn renew(draft: &mut Draft, document: RecordId, generation: u32) {
    draft.drop_raw(document, u64::MAX);
    draft.release(document);
    let stored = draft.records.entry(document).or_default();
    stored.writers.clear();
    stored.record.generation = generation;
    stored.record.folded = 0;
}

/// The statements about what was refused.
fn quarantine(append: &Append) -> Vec<Statement> {
    let readmitted = append.readmitted.iter().map(|(document, hash)| {
        let text = "DELETE FROM quarantine WHERE document = ? AND hash = ?";
        Statement::new(text, vec![blob(&document.0), blob(&hash.0)])
    });
    let refused = append.quarantined.iter().map(|refused| {
        let item = &refused.item;
        let text = "INSERT OR REPLACE INTO quarantine (document, hash, bytes, reason, device, at) \
                    SELECT ?, ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM quarantine) < ?";
        let bound = vec![
            blob(&item.document.0),
            blob(&item.hash.0),
            blob(&item.bytes),
            refused.reason.key().into(),
            blob(&refused.device.0),
            append.now.0.into(),
            QUARANTINE_ROWS.into(),
        ];
        Statement::new(text, bound)
    });
    readmitted.chain(refused).collect()
}
