//! Bringing an older log up to date. The tables change in one transaction; what lies in the first
//! version's `log` and `writer` then moves into the new ones piece by piece, and where that is
//! interrupted it goes on at the next start.

use super::database::{Database, Statement};
use super::draft::Draft;
use super::read::misshapen;
use super::schema::{self, MIGRATIONS, migrations_from};
use super::stored::Place;
use super::stretch::Stretch;
use super::values::{Row, blob, counted};
use super::{ChangeLogError, SqlLog, failed, put_meta};
use shared::id::{ChangeHash, DeviceId, RecordId, Writer};
use shared::sync::packed::Item;
use shared::sync::room::LogError;
use std::collections::BTreeSet;

/// Changes moved at once.
const MOVED: u64 = 200;

impl<D: Database> SqlLog<D> {
    /// Brings the tables up to date.
    pub(super) fn migrate(&self) -> Result<(), ChangeLogError> {
        let version_table = Statement::new(schema::VERSION_TABLE, Vec::new());
        self.database.run(vec![version_table])?;
        let rows = self
            .database
            .rows("SELECT number FROM version", Vec::new())?;
        let version = rows.first().map_or(0, |row| row.number(0));
        let steps = migrations_from(version).ok_or(ChangeLogError::Newer(version))?;
        if steps.is_empty() {
            return Ok(());
        }
        let plain = |text: &str| Statement::new(text, Vec::new());
        let mut statements: Vec<Statement> = steps.into_iter().map(plain).collect();
        if version == 0 {
            let mut epoch = [0; 8];
            getrandom::fill(&mut epoch).map_err(|_| ChangeLogError::Random)?;
            statements.push(put_meta("epoch", blob(&epoch)));
            let text = "INSERT INTO era (after, name) VALUES (-1, ?)";
            statements.push(Statement::new(text, vec![blob(&epoch)]));
            statements.extend(["DROP TABLE log", "DROP TABLE writer"].map(plain));
        }
        statements.push(plain("DELETE FROM version"));
        let number = MIGRATIONS.len() as i64;
        let text = "INSERT INTO version (number) VALUES (?)";
        statements.push(Statement::new(text, vec![number.into()]));
        Ok(self.database.run(statements)?)
    }

    /// Moves what is left of the first version's tables.
    pub(super) fn convert(&mut self) -> Result<(), ChangeLogError> {
        let text = "SELECT count(*) FROM sqlite_master WHERE name IN ('log', 'writer')";
        let rows = self.database.rows(text, Vec::new())?;
        if rows.first().is_none_or(|row| row.number(0) == 0) {
            return Ok(());
        }
        loop {
            let text = "SELECT document, hash, bytes, generation, position FROM log \
                        ORDER BY position LIMIT ?";
            let rows = self.database.rows(text, vec![counted(MOVED)])?;
            if rows.is_empty() {
                break;
            }
            self.move_changes(&rows)?;
        }
        let drop = |table: &str| Statement::new(format!("DROP TABLE {table}"), Vec::new());
        Ok(self.database.run(vec![drop("log"), drop("writer")])?)
    }

    fn move_changes(&mut self, rows: &[Row]) -> Result<(), LogError> {
        let documents: Option<BTreeSet<RecordId>> =
            rows.iter().map(|row| row.array(0).map(RecordId)).collect();
        let documents = documents.ok_or_else(misshapen)?;
        let mut draft = self.draft(&documents)?;
        let mut stretch = Stretch::default();
        let mut first = self.head + 1;
        for row in rows {
            let item = item(row).ok_or_else(misshapen)?;
            let position = row.count(4);
            if stretch.is_full() || position != draft.head + 1 {
                let full = std::mem::take(&mut stretch);
                draft.stretches.insert(first, full);
                first = position;
            }
            draft.head = position;
            let offset = u32::try_from(position - first).map_err(|_| misshapen())?;
            stretch.push(offset, &item);
            let stored = draft.records.entry(item.document).or_default();
            stored.record.generation = item.generation;
            let [a, b, c, d, ..] = item.hash.0;
            let mark = [a, b, c, d];
            stored.raw.push(Place {
                first,
                offset,
                mark,
            });
            stored.record.raw += 1;
            (stored.record.last, stored.record.changed) = (position, position);
        }
        draft.stretches.insert(first, stretch);
        draft.stretches.retain(|_, stretch| stretch.len() > 0);
        self.move_writers(&mut draft, &documents)?;
        let text = "DELETE FROM log WHERE position <= ?";
        let moved = Statement::new(text, vec![counted(draft.head)]);
        draft.statements.push(moved);
        self.carry_out(draft)
    }

    /// Binds the documents' writers as they were; where a document has further changes to come this
    /// happens again, to the same end.
    fn move_writers(
        &mut self,
        draft: &mut Draft,
        documents: &BTreeSet<RecordId>,
    ) -> Result<(), LogError> {
        for document in documents {
            let text = "SELECT writer, device, sequence FROM writer WHERE document = ?";
            let rows = self.database.rows(text, vec![blob(&document.0)]);
            for row in rows.map_err(failed)? {
                let writer = Writer::from_bytes(row.blob(0)).ok_or_else(misshapen)?;
                let device = row.array(1).map(DeviceId);
                self.bind(draft, *document, writer, device, row.count(2))?;
            }
        }
        Ok(())
    }
}

fn item(row: &Row) -> Option<Item> {
    Some(Item {
        document: RecordId(row.array(0)?),
        generation: u32::try_from(row.number(3)).ok()?,
        hash: ChangeHash(row.array(1)?),
        bytes: row.blob(2).to_vec(),
    })
}
