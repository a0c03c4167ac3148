//! The open file with what each line becomes; thought through again after each change.

use crate::browser::today;
use crate::i18n::Words;
use crate::store::Store;
use shared::crm::Kind;
use shared::crm::import::{
    Draft, File, FileError, Mode, Outcome, Plan, Reading, Skip, Target, plan,
};

/// What the person may change.
pub enum Change {
    /// What a column holds.
    Column(usize, Target),
    /// A cell: line (by place), column, text.
    Cell(usize, usize, String),
    /// Which lines are taken.
    Mode(Mode),
}

/// An open file.
#[derive(Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// The file.
    pub file: File,
    /// What each line says, in the order of the lines.
    pub drafts: Vec<Draft>,
    /// What happens to each.
    pub plan: Plan,
    /// Which lines are taken.
    pub mode: Mode,
    /// Lines that once had a problem, by place: they stay in view after they were corrected.
    pub touched: Vec<usize>,
}

impl Sheet {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read at all.
    pub fn open(
        name: String,
        bytes: &[u8],
        store: &Store,
        words: &Words,
    ) -> Result<Sheet, FileError> {
        let sheet = Sheet {
            name,
            file: File::open(bytes)?,
            drafts: Vec::new(),
            plan: Plan::default(),
            mode: Mode::Both,
            touched: Vec::new(),
        };
        Ok(sheet.thought_through(store, words))
    }

    /// The sheet after a change.
    pub fn changed(&self, change: Change, store: &Store, words: &Words) -> Sheet {
        let mut next = self.clone();
        match change {
            Change::Column(column, target) => {
                if let Some(held) = next.file.mapping.get_mut(column) {
                    *held = target;
                }
                next.touched.clear();
            }
            Change::Cell(line, column, text) => {
                let cell = next
                    .file
                    .table
                    .lines
                    .get_mut(line)
                    .and_then(|line| line.cells.get_mut(column));
                if let Some(cell) = cell {
                    *cell = text;
                }
            }
            Change::Mode(mode) => next.mode = mode,
        }
        next.thought_through(store, words)
    }

    fn thought_through(mut self, store: &Store, words: &Words) -> Sheet {
        let reading = Reading {
            language: words.habit().into(),
            today: today(),
        };
        self.drafts = self.file.drafts(reading);
        let rows = store.all_of(&[Kind::Contact, Kind::Company]);
        self.plan = store.workspace().map_or_else(Plan::default, |workspace| {
            plan(
                &rows,
                &self.drafts,
                workspace.id,
                self.file.source_key(),
                self.mode,
            )
        });
        for (at, draft) in self.drafts.iter().enumerate() {
            if !draft.problems.is_empty() && !self.touched.contains(&at) {
                self.touched.push(at);
            }
        }
        self.touched.sort_unstable();
        self
    }

    /// The lines left out, with their reasons, by place.
    pub fn left_out(&self) -> Vec<usize> {
        let rows = self.plan.rows.iter().enumerate();
        rows.filter(|(_, row)| matches!(row.outcome, Outcome::Skipped(Skip::Problems(_))))
            .map(|(at, _)| at)
            .collect()
    }

    /// How many contacts an import touches.
    pub fn count(&self) -> usize {
        let counts = self.plan.counts;
        (counts.new + counts.completed + counts.restored) as usize
    }
}
