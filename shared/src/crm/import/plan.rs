//! What will happen to each line, and the edits that do it.

use super::draft::{Draft, Problem};
use crate::crm::command::{DELETED, Edit, Write};
use crate::crm::row::Row;
use crate::crm::{Kind, company, contact};
use crate::id::{RecordId, WorkspaceId};
use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet};

mod index;
mod name;
mod writes;
use index::Index;
use writes::writes;

/// The source of files that no known product wrote.
pub(super) const ANY_SOURCE: &str = "csv";

/// Which lines are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Only contacts that are not there yet.
    Create,
    /// Only contacts that are there.
    Complete,
    /// All.
    Both,
}

/// What a person decided, by the number of the line. What is not decided leaves all as it is: who only
/// may be the same is another, what somebody changed or deleted stays so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Lines that are about that record: the one that was suspected, or the deleted one.
    pub same: BTreeMap<u32, RecordId>,
    /// Values of the file that take the place of a person's: line, and [`Kept::what`].
    pub take: BTreeSet<(u32, &'static str)>,
}

/// What will happen to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A contact is made.
    New(RecordId),
    /// A contact that is there gets values it lacks, or that changed in the file.
    Completes(RecordId),
    /// A deleted contact comes back.
    Restores(RecordId),
    /// Everything stands there already.
    Unchanged(RecordId),
    /// It is about the same contact as an earlier line, and adds to that.
    Double {
        /// The earlier line's number.
        of: u32,
    },
    /// It is left out.
    Skipped(Skip),
}

/// Why a line is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Skip {
    /// Something is wrong in it.
    Problems(Vec<Problem>),
    /// Only new contacts are wanted, and this one is there.
    AlreadyThere(RecordId),
    /// Only contacts that are there are wanted, and this one is not.
    NotThere,
    /// Somebody deleted the contact.
    Deleted(RecordId),
}

impl Outcome {
    /// The key of its words.
    pub const fn key(&self) -> &'static str {
        match self {
            Outcome::New(_) => "import-new",
            Outcome::Completes(_) => "import-completes",
            Outcome::Restores(_) => "import-restores",
            Outcome::Unchanged(_) => "import-unchanged",
            Outcome::Double { .. } => "import-double",
            Outcome::Skipped(Skip::Problems(_)) => "import-problems",
            Outcome::Skipped(Skip::AlreadyThere(_)) => "import-already-there",
            Outcome::Skipped(Skip::NotThere) => "import-not-there",
            Outcome::Skipped(Skip::Deleted(_)) => "import-deleted",
        }
    }
}

/// Somebody who may be the person of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// The record.
    pub id: RecordId,
    /// The line that makes it, where it is not there yet.
    pub line: Option<u32>,
    /// What speaks for it.
    pub why: Why,
    /// Whether a person said so.
    pub same: bool,
}

/// What speaks for two people being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The same id in a table.
    Id,
    /// The same e-mail address.
    Email,
    /// The same telephone number.
    Phone,
    /// The same name.
    Name,
    /// It is the line's record, but somebody deleted it.
    Deleted,
}

impl Why {
    /// The key of its words.
    pub const fn key(self) -> &'static str {
        match self {
            Why::Id => "import-same-id",
            Why::Email => "import-same-email",
            Why::Phone => "import-same-phone",
            Why::Name => "import-same-name",
            Why::Deleted => "import-was-deleted",
        }
    }
}

/// A value that somebody changed, where the file says something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// `name`, or the key of the contact's field.
    pub what: &'static str,
    /// What stands there: a stored form, or a name.
    pub mine: String,
    /// What the file says, likewise.
    pub file: String,
    /// Whether the file's is taken.
    pub take: bool,
}

/// What will happen to a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The line's number in the file.
    pub line: u32,
    /// What will happen.
    pub outcome: Outcome,
    /// Who else it may be about.
    pub suspect: Option<Suspect>,
    /// What it would change of what a person wrote.
    pub kept: Vec<Kept>,
}

impl Planned {
    /// Whether there is something for a person to judge.
    pub fn is_open(&self) -> bool {
        self.suspect.is_some() || !self.kept.is_empty()
    }
}

/// How many lines have which outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Contacts made.
    pub new: u32,
    /// Contacts completed.
    pub completed: u32,
    /// Deleted contacts brought back.
    pub restored: u32,
    /// Contacts that stay as they are.
    pub unchanged: u32,
    /// Lines about the contact of an earlier line.
    pub doubles: u32,
    /// Lines left out.
    pub skipped: u32,
    /// Of those, lines with problems.
    pub problems: u32,
    /// Lines about which a person may judge.
    pub open: u32,
    /// Companies made.
    pub companies: u32,
}

/// An import, thought through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// What will happen to each line.
    pub rows: Vec<Planned>,
    /// The edits that do it, companies first. Doing some and then planning again leads to the same.
    pub edits: Vec<Edit>,
    /// The sums.
    pub counts: Counts,
}

/// A contact that lines are about.
struct Pending {
    id: RecordId,
    /// Their places, the first one first.
    lines: Vec<usize>,
    /// What identifies it in its source.
    source: String,
    /// Keys of lines of which a person said that they are about it.
    aliases: Vec<String>,
}

/// Thinks an import through, some lines at a time.
pub struct Planner<'a> {
    index: Index<'a>,
    drafts: &'a [Draft],
    mode: Mode,
    choices: &'a Choices,
    plan: Plan,
    contacts: Vec<Edit>,
    pending: Vec<Pending>,
    /// Where a record lies in `pending`.
    places: BTreeMap<RecordId, usize>,
    /// How many of `pending` have their edits.
    written: usize,
}

impl<'a> Planner<'a> {
    /// `source` is [`super::File::source_key`].
    pub fn new<R: Borrow<Row>>(
        rows: &'a [R],
        drafts: &'a [Draft],
        (workspace, source): (WorkspaceId, &'a str),
        mode: Mode,
        choices: &'a Choices,
    ) -> Planner<'a> {
        let rows = rows.iter().map(Borrow::borrow);
        Planner {
            index: Index::of(rows, drafts, workspace, source),
            drafts,
            mode,
            choices,
            plan: Plan::default(),
            contacts: Vec::new(),
            pending: Vec::new(),
            places: BTreeMap::new(),
            written: 0,
        }
    }

    /// Goes on by so many lines, or rows that are there; whether there is more to do.
    pub fn step(&mut self, lines: usize) -> bool {
        for _ in 0..lines {
            if self.index.read_row() {
                continue;
            }
            if self.plan.rows.len() < self.drafts.len() {
                self.line(self.plan.rows.len());
            } else if self.written < self.pending.len() {
                self.write(self.written);
                self.written += 1;
            } else {
                return false;
            }
        }
        true
    }

    /// The plan, as far as it is.
    pub fn done(mut self) -> Plan {
        self.plan.counts = counts(&self.plan.rows, self.plan.edits.len());
        self.plan.edits.append(&mut self.contacts);
        self.plan
    }

    /// Finds out whom a line is about.
    fn line(&mut self, at: usize) {
        let draft = &self.drafts[at];
        let mut suspect = None;
        let outcome = if draft.problems.is_empty() {
            let said = self.choices.same.get(&draft.line).copied();
            let found = self.index.resolve(at, said);
            let (id, row) = (found.id, self.index.row(found.id));
            suspect = found.suspect;
            let there = row.is_some_and(Row::is_there);
            let same = suspect.is_some_and(|suspect| suspect.same);
            // What an undo took back has no marks; what somebody deleted still has.
            let marked = row.is_some_and(|row| !row.text(&contact::IMPORTED).is_empty());
            if marked && !there && !self.places.contains_key(&id) {
                suspect = Some(Suspect {
                    id,
                    line: None,
                    why: Why::Deleted,
                    same: said == Some(id),
                });
            }
            let deleted =
                suspect.is_some_and(|suspect| suspect.why == Why::Deleted && !suspect.same);
            match (self.places.get(&id), self.mode) {
                (Some(place), _) => {
                    let pending = &mut self.pending[*place];
                    pending.lines.push(at);
                    if same {
                        pending.aliases.push(found.key);
                    }
                    self.index.note(id, at);
                    Outcome::Double {
                        of: self.drafts[pending.lines[0]].line,
                    }
                }
                (None, Mode::Create) if there => Outcome::Skipped(Skip::AlreadyThere(id)),
                (None, Mode::Complete) if !there => Outcome::Skipped(Skip::NotThere),
                (None, _) if deleted => Outcome::Skipped(Skip::Deleted(id)),
                (None, Mode::Create | Mode::Complete | Mode::Both) => {
                    self.places.insert(id, self.pending.len());
                    self.index.note(id, at);
                    self.pending.push(Pending {
                        id,
                        lines: vec![at],
                        source: found.source,
                        aliases: if same { vec![found.key] } else { Vec::new() },
                    });
                    Outcome::Unchanged(id)
                }
            }
        } else {
            Outcome::Skipped(Skip::Problems(draft.problems.clone()))
        };
        self.plan.rows.push(Planned {
            line: draft.line,
            outcome,
            suspect,
            kept: Vec::new(),
        });
    }

    /// Finds out what is written into a contact.
    fn write(&mut self, at: usize) {
        let one = &self.pending[at];
        let place = one.lines[0];
        let row = self.index.row(one.id);
        let mut draft = Cow::Borrowed(&self.drafts[place]);
        for line in &one.lines[1..] {
            join(draft.to_mut(), &self.drafts[*line]);
        }
        let made = writes(
            one,
            &draft,
            row,
            &mut self.index,
            self.choices,
            &mut self.plan.edits,
        );
        let planned = &mut self.plan.rows[place];
        planned.kept = made.kept;
        planned.outcome = match row {
            None => Outcome::New(one.id),
            Some(row) if !row.is_there() => Outcome::Restores(one.id),
            Some(_) if made.visible => Outcome::Completes(one.id),
            Some(_) => Outcome::Unchanged(one.id),
        };
        match row {
            None => self
                .contacts
                .push(Edit::make(one.id, Kind::Contact, made.writes)),
            Some(_) if made.writes.is_empty() => {}
            Some(_) => self.contacts.push(Edit::of(one.id, made.writes)),
        }
    }
}

/// Thinks an import through. `source` is [`super::File::source_key`].
pub fn plan<R: Borrow<Row>>(
    rows: &[R],
    drafts: &[Draft],
    workspace: WorkspaceId,
    source: &str,
    mode: Mode,
    choices: &Choices,
) -> Plan {
    let mut planner = Planner::new(rows, drafts, (workspace, source), mode, choices);
    while planner.step(drafts.len().max(1)) {}
    planner.done()
}

/// Adds what a later line says about the same contact; what an earlier one says stays.
fn join(first: &mut Draft, draft: &Draft) {
    if first.title().is_empty() {
        first.first_name.clone_from(&draft.first_name);
        first.last_name.clone_from(&draft.last_name);
    }
    for (key, stored) in &draft.fields {
        if !first.fields.iter().any(|(own, _)| own == key) {
            first.fields.push((key, stored.clone()));
        }
    }
    first.phones.extend_from_slice(&draft.phones);
    first.emails.extend_from_slice(&draft.emails);
    first.tags.extend_from_slice(&draft.tags);
    if first.company.is_none() {
        first.company.clone_from(&draft.company);
    }
}

fn counts(rows: &[Planned], companies: usize) -> Counts {
    let mut counts = Counts {
        companies: companies as u32,
        ..Counts::default()
    };
    for row in rows {
        counts.open += u32::from(row.is_open());
        match &row.outcome {
            Outcome::New(_) => counts.new += 1,
            Outcome::Completes(_) => counts.completed += 1,
            Outcome::Restores(_) => counts.restored += 1,
            Outcome::Unchanged(_) => counts.unchanged += 1,
            Outcome::Double { .. } => counts.doubles += 1,
            Outcome::Skipped(skip) => {
                counts.skipped += 1;
                counts.problems += u32::from(matches!(skip, Skip::Problems(_)));
            }
        }
    }
    counts
}

/// A company made by an import.
fn new_company(id: RecordId, name: &str, source: &str) -> Edit {
    let writes = vec![
        Write::clear(DELETED),
        Write::put(company::NAME.key, name),
        Write::put(company::SOURCE.key, source),
    ];
    Edit::make(id, Kind::Company, writes)
}
