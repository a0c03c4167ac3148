//! Which blocks hold a record: for each block the beginnings of the ids of all that was ever put into it.
//! What is taken out of a block leaves its mark, which costs an opening and never hides anything.

use super::database::{Database, Statement};
use super::values::{Value, counted};
use super::{SqlLog, failed};
use shared::id::RecordId;
use shared::sync::parcel::Parcel;
use shared::sync::room::{BlockId, LogError};
use std::collections::BTreeSet;

/// The beginning of a record's id.
type Mark = [u8; 4];

impl<D: Database> SqlLog<D> {
    /// The blocks that may hold anything of these documents.
    pub(super) fn holding(
        &self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeSet<BlockId>, LogError> {
        let wanted: BTreeSet<Mark> = documents.iter().map(mark).collect();
        self.mark_unmarked()?;
        let text = "SELECT block, marks FROM holding";
        let rows = self.database.rows(text, Vec::new()).map_err(failed)?;
        let holds = |marks: &[u8]| {
            let (marks, _) = marks.as_chunks();
            marks.iter().any(|mark| wanted.contains(mark))
        };
        let holding = rows.iter().filter(|row| holds(row.blob(1)));
        Ok(holding.map(|row| BlockId(row.count(0))).collect())
    }

    /// Opens the blocks that were stored before there were marks, once.
    fn mark_unmarked(&self) -> Result<(), LogError> {
        let text = "SELECT part >> 8 FROM block WHERE part & 255 = 0 \
                    AND NOT EXISTS (SELECT 1 FROM holding WHERE block = part >> 8)";
        let rows = self.database.rows(text, Vec::new()).map_err(failed)?;
        for block in rows.iter().map(|row| BlockId(row.count(0))) {
            for (_, parcel) in self.parcels(&[block].into())? {
                let marked = marked(block, &parcel)?;
                self.database.run(vec![marked]).map_err(failed)?;
            }
        }
        Ok(())
    }
}

/// The statement that marks what a block holds.
pub(super) fn marked(block: BlockId, parcel: &Parcel) -> Result<Statement, LogError> {
    let kept = parcel.open();
    let kept = kept.map_err(|error| LogError::Failed(format!("a block: {error}")))?;
    Ok(put(block, kept.iter().map(|kept| &kept.document)))
}

/// The statement that marks these documents as held by a block.
pub(super) fn put<'a>(
    block: BlockId,
    documents: impl IntoIterator<Item = &'a RecordId>,
) -> Statement {
    let marks: Vec<u8> = documents.into_iter().flat_map(mark).collect();
    let text = "INSERT OR REPLACE INTO holding (block, marks) VALUES (?, ?)";
    Statement::new(text, vec![counted(block.0), Value::Blob(marks)])
}

/// The statement for a block that goes.
pub(super) fn gone(block: BlockId) -> Statement {
    let text = "DELETE FROM holding WHERE block = ?";
    Statement::new(text, vec![counted(block.0)])
}

fn mark(document: &RecordId) -> Mark {
    document.0.first_chunk().copied().unwrap_or_default()
}
