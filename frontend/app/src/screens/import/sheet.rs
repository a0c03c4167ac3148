//! The open file with what each line becomes; thought through again after each change.

use crate::browser::today;
use crate::i18n::Words;
use crate::store::Store;
use shared::crm::Kind;
use shared::crm::import::{
    Choices, Draft, Encoding, File, FileError, Mode, Outcome, Plan, Planned, Reading, Skip, Target,
    plan,
};
use shared::id::RecordId;
use std::rc::Rc;

/// What the person may change.
pub enum Change {
    /// How the bytes stand for characters.
    Encoding(Encoding),
    /// What a column holds.
    Column(usize, Target),
    /// A cell: line (by place), column, text.
    Cell(usize, usize, String),
    /// Which lines are taken.
    Mode(Mode),
    /// Whether the line of that number is about that record.
    Same(u32, RecordId, bool),
    /// Whether a value of the file, in the line of that number, takes the place of a person's.
    Take(u32, &'static str, bool),
}

/// An open file.
#[derive(Clone, PartialEq)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its bytes: a person may say that they stand for other characters.
    pub bytes: Rc<[u8]>,
    /// The file.
    pub file: File,
    /// What each line says, in the order of the lines.
    pub drafts: Vec<Draft>,
    /// What happens to each.
    pub plan: Plan,
    /// Which lines are taken.
    pub mode: Mode,
    /// What the person decided.
    pub choices: Choices,
    /// Lines that once had a problem or something to decide, by place: they stay in view after they
    /// were corrected.
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
            bytes: bytes.into(),
            file: File::open(bytes)?,
            drafts: Vec::new(),
            plan: Plan::default(),
            mode: Mode::Both,
            choices: Choices::default(),
            touched: Vec::new(),
        };
        Ok(sheet.thought_through(store, words))
    }

    /// The sheet after a change.
    pub fn changed(&self, change: Change, store: &Store, words: &Words) -> Sheet {
        let mut next = self.clone();
        match change {
            Change::Encoding(encoding) => {
                // what can't be read so stays as it is
                if let Ok(file) = File::open_as(&self.bytes, Some(encoding)) {
                    next.file = file;
                    next.choices = Choices::default();
                    next.touched.clear();
                }
            }
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
            Change::Same(line, record, true) => {
                next.choices.same.insert(line, record);
            }
            Change::Same(line, _, false) => {
                next.choices.same.remove(&line);
            }
            Change::Take(line, what, true) => {
                next.choices.take.insert((line, what));
            }
            Change::Take(line, what, false) => {
                next.choices.take.remove(&(line, what));
            }
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
                &self.choices,
            )
        });
        let seen = std::mem::take(&mut self.touched);
        for (at, draft) in self.drafts.iter().enumerate() {
            let planned = self.plan.rows.get(at);
            let open = !draft.problems.is_empty() || planned.is_some_and(Planned::is_open);
            if open || seen.binary_search(&at).is_ok() {
                self.touched.push(at);
            }
        }
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
