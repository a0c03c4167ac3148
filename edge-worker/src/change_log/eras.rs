//! The eras of the log: a row for each start of the process that appended something.

use super::database::{Database, Statement};
use super::values::{Row, blob, counted};
use super::{ChangeLogError, SqlLog, failed};
use shared::sync::message::Era;
use shared::sync::room::LogError;

/// So many eras are kept at least. A device that last came in an earlier one is taken for one that met
/// another log, which costs it time and loses nothing.
const KEPT: u64 = 10_000;

impl<D: Database> SqlLog<D> {
    /// Finds the last era, and draws the name of the next one.
    pub(super) fn find_eras(&mut self) -> Result<(), ChangeLogError> {
        let text = "SELECT name FROM era ORDER BY after DESC LIMIT 1";
        let rows = self.database.rows(text, Vec::new())?;
        self.era = rows.first().and_then(name).unwrap_or(Era(self.epoch.0));
        let mut next = [0; 8];
        getrandom::fill(&mut next).map_err(|_| ChangeLogError::Random)?;
        self.next_era = Some(Era(next));
        Ok(())
    }

    pub(super) fn era_at(&self, position: u64) -> Result<Option<Era>, LogError> {
        let text = "SELECT name FROM era WHERE after < ? ORDER BY after DESC LIMIT 1";
        let rows = self.database.rows(text, vec![counted(position)]);
        Ok(rows.map_err(failed)?.first().and_then(name))
    }

    /// The statements with which an era begins behind the head.
    pub(super) fn begun(&self, era: Era) -> Vec<Statement> {
        let text = "INSERT INTO era (after, name) VALUES (?, ?)";
        let mut statements = vec![Statement::new(text, vec![counted(self.head), blob(&era.0)])];
        // Now and then is enough.
        if era.0[0] == 0 {
            let text = "DELETE FROM era WHERE after < \
                        (SELECT after FROM era ORDER BY after DESC LIMIT 1 OFFSET ?)";
            statements.push(Statement::new(text, vec![counted(KEPT)]));
        }
        statements
    }
}

fn name(row: &Row) -> Option<Era> {
    row.array(0).map(Era)
}
