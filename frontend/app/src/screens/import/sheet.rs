//! The open file with what each line becomes; thought through again after each change.

use super::remembered;
use crate::browser::{now, pause, today};
use crate::i18n::Words;
use crate::store::Store;
use shared::crm::Kind;
use shared::crm::import::{
    Choices, Draft, Encoding, File, FileError, Mode, Outcome, Plan, Planned, Planner, Reading,
    Skip, Target,
};
use shared::id::RecordId;
use std::rc::Rc;

/// How many lines are thought about between two looks at the clock.
const PIECE: usize = 100;
/// So many milliseconds the page thinks before it answers the person again.
const SLICE_MS: i64 = 20;

/// Thinking that pauses in time.
struct Slices {
    begun: i64,
}

impl Slices {
    fn begin() -> Slices {
        Slices { begun: now().0 }
    }

    /// Pauses where it is time.
    async fn pause(&mut self) {
        // A clock that is set back is no reason to go on.
        if !(0..SLICE_MS).contains(&(now().0 - self.begun)) {
            pause().await;
            self.begun = now().0;
        }
    }
}

/// What the person may change.
pub enum Change {
    /// How the bytes stand for characters.
    Encoding(Encoding),
    /// Whether a line says what the columns are; else the first one is a contact's.
    Titles(bool),
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
#[derive(Clone)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Its bytes: a person may say that they stand for other characters.
    pub bytes: Rc<[u8]>,
    /// Whether a line says what the columns are, where the person says so.
    titles: Option<bool>,
    /// The file.
    pub file: Rc<File>,
    /// What each line says, in the order of the lines.
    pub drafts: Rc<Vec<Draft>>,
    /// What happens to each.
    pub plan: Rc<Plan>,
    /// Which lines are taken.
    pub mode: Mode,
    /// What the person decided.
    pub choices: Choices,
    /// Lines that once had a problem or something to decide, by place: they stay in view after they
    /// were corrected.
    pub touched: Vec<usize>,
}

impl PartialEq for Sheet {
    /// Whether it is the same thought: thousands of lines are not compared one by one.
    fn eq(&self, other: &Sheet) -> bool {
        Rc::ptr_eq(&self.file, &other.file)
            && Rc::ptr_eq(&self.drafts, &other.drafts)
            && Rc::ptr_eq(&self.plan, &other.plan)
            && (self.mode, &self.choices, &self.touched)
                == (other.mode, &other.choices, &other.touched)
    }
}

impl Sheet {
    /// Reads a file. It is yet to be [thought through](Sheet::thought_through).
    ///
    /// # Errors
    /// It cannot be read at all.
    pub fn open(name: String, bytes: &[u8]) -> Result<Sheet, FileError> {
        let mut file = File::open(bytes)?;
        remembered::apply(&mut file);
        Ok(Sheet {
            name,
            bytes: bytes.into(),
            titles: None,
            file: Rc::new(file),
            drafts: Rc::default(),
            plan: Rc::default(),
            mode: Mode::Both,
            choices: Choices::default(),
            touched: Vec::new(),
        })
    }

    /// The sheet after a change, yet to be [thought through](Sheet::thought_through).
    pub fn changed(&self, change: Change) -> Sheet {
        let mut next = self.clone();
        match change {
            Change::Encoding(encoding) => next.read_as(encoding, self.titles),
            Change::Titles(titles) => next.read_as(self.file.encoding, Some(titles)),
            Change::Column(column, target) => {
                if let Some(held) = Rc::make_mut(&mut next.file).mapping.get_mut(column) {
                    *held = target;
                }
                remembered::keep(&next.file);
                next.drafts = Rc::default();
                next.touched.clear();
            }
            Change::Cell(line, column, text) => {
                let file = Rc::make_mut(&mut next.file);
                let line = file.table.lines.get_mut(line);
                if let Some(cell) = line.and_then(|line| line.cells.get_mut(column)) {
                    *cell = text;
                }
                next.drafts = Rc::default();
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
        next
    }

    /// Reads the bytes anew. What can't be read so stays as it is.
    fn read_as(&mut self, encoding: Encoding, titles: Option<bool>) {
        if let Ok(mut file) = File::open_as(&self.bytes, Some(encoding), titles) {
            remembered::apply(&mut file);
            self.file = Rc::new(file);
            self.titles = titles;
            self.drafts = Rc::default();
            self.choices = Choices::default();
            self.touched.clear();
        }
    }

    /// What each line says and what will happen to it, in pieces that leave the page time to answer;
    /// `None` where it is overtaken.
    pub async fn thought_through(
        mut self,
        store: Store,
        words: Words,
        overtaken: impl Fn() -> bool,
    ) -> Option<Sheet> {
        let reading = Reading {
            habit: words.habit(),
            today: today(),
        };
        let count = self.file.table.lines.len();
        let mut slices = Slices::begin();
        // What opened or changed the file took its time already.
        if count > PIECE {
            pause().await;
        }
        if self.drafts.len() != count {
            let mut drafts = Vec::with_capacity(count);
            while drafts.len() < count {
                let end = count.min(drafts.len() + PIECE);
                drafts.append(&mut self.file.drafts_of(drafts.len()..end, reading));
                slices.pause().await;
                if overtaken() {
                    return None;
                }
            }
            self.drafts = Rc::new(drafts);
        }
        if let Some(workspace) = store.workspace() {
            let rows = store.all_of(&[Kind::Contact, Kind::Company]);
            let source = (workspace.id, self.file.source_key());
            let mut planner = Planner::new(&rows, &self.drafts, source, self.mode, &self.choices);
            while planner.step(PIECE) {
                slices.pause().await;
                if overtaken() {
                    return None;
                }
            }
            let plan = planner.done();
            self.plan = Rc::new(plan);
            slices.pause().await;
        }
        let seen = std::mem::take(&mut self.touched);
        for (at, draft) in self.drafts.iter().enumerate() {
            let planned = self.plan.rows.get(at);
            let open = !draft.problems.is_empty() || planned.is_some_and(Planned::is_open);
            if open || seen.binary_search(&at).is_ok() {
                self.touched.push(at);
            }
        }
        Some(self)
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
