//! What the validator does with changes that passed the header check: it tries them.
//!
//! Automerge is not safe on hostile bytes: a change may apply and leave a document that can't be
//! loaded again. So before changes enter the log they are either made again with the same bytes, or each
//! document is saved, loaded and read with them. A panic or an endless loop here is the driver's to
//! survive.
//!
//! It also makes what the room can't: rows, snapshots, and the changes of new generations.

mod kept;

use crate::crm::field::Shape;
use crate::crm::row::Row;
use crate::document::{Document, DocumentError, NOTE_LIMIT, Writing, is_note_start};
use crate::id::{ChangeHash, RecordId};
use crate::mutants::mutant;
use crate::sync::header::{EVERYONE, GENESIS, Header};
use crate::sync::message::Reason;
use crate::sync::validation::{Answer, Bytes, Candidate, Finding, Question, Task, Verdict};
use kept::{Name, Shelf};
use std::collections::BTreeSet;

/// The most bytes of a saved document.
pub const DOCUMENT_BYTES: usize = 5 * 1024 * 1024;
/// The most values and items of a record.
pub const VALUES: usize = 5_000;
/// How long may be looked for the bad ones among the changes of a document, in microseconds as guessed. A record
/// of usual size lets each of them be tried alone.
const SIFTING_US: u64 = 1_000_000;

/// Checks changes, and keeps some documents open; losing them costs only time.
#[derive(Debug, Default)]
pub struct Validator {
    shelf: Shelf,
}

/// A document that was saved and loaded again with equal heads and an equal row, or whose changes came
/// out alike when they were made again.
struct Proven {
    document: Document,
    saved: Vec<u8>,
    row: Option<Row>,
}

impl Proven {
    /// How many operations its history has beyond what it holds. More than any limit where that takes up so
    /// much of what a record may have that nobody could go on in it.
    fn surplus(&self) -> u64 {
        let shown = self.row.as_ref().map(|row| row.to_bytes().len());
        let is_heavy = |shown: usize| shown < self.saved.len() / 4;
        match self.saved.len() > DOCUMENT_BYTES / 2 && shown.is_some_and(is_heavy) {
            true => u64::MAX,
            false => self.document.surplus(),
        }
    }
}

impl Validator {
    /// Answers a question of the room.
    pub fn answer(&mut self, question: &Question) -> Answer {
        Answer {
            documents: question
                .documents
                .iter()
                .map(|candidate| self.find(candidate))
                .collect(),
        }
    }

    fn find(&mut self, candidate: &Candidate) -> Finding {
        let mut finding = Finding {
            verdicts: vec![Verdict::Refused(Reason::Invalid); candidate.changes.len()],
            ..Finding::default()
        };
        let name = Name::of(candidate);
        let Some(document) = self.shelf.open(candidate, &name) else {
            return finding;
        };
        let new = sort(&document, &candidate.changes, &mut finding.verdicts);
        if new.is_empty() && candidate.task == Task::Check {
            finding.row = row_bytes(read(&document, candidate.document).ok().flatten());
            finding.operations = document.surplus();
            self.shelf.keep(document, candidate, name, &[]);
            return finding;
        }
        let changes: Vec<&Bytes> = new.iter().map(|at| &candidate.changes[*at]).collect();
        // A new record is loaded again as fast, and a snapshot is for everyone and for long.
        let is_new = candidate.snapshot.0.is_empty() && candidate.history.is_empty();
        let again = match candidate.task {
            Task::Check if !is_new => made_again(&document, candidate.document, &changes),
            Task::Check | Task::Fold | Task::Squash => None,
        };
        let proven = again.unwrap_or_else(|| prove(document, candidate.document, &changes));
        let (proven, accepted) = match proven {
            Ok(proven) => {
                for at in &new {
                    finding.verdicts[*at] = Verdict::Accepted;
                }
                (Some(proven), changes)
            }
            Err(reason) if new.len() <= 1 => {
                for at in &new {
                    finding.verdicts[*at] = Verdict::Refused(reason);
                }
                return finding;
            }
            Err(_) => self.sift((candidate, &name), &new, &mut finding.verdicts),
        };
        let Some(mut proven) = proven else {
            return finding;
        };
        finding.operations = proven.surplus();
        match candidate.task {
            Task::Check => {}
            Task::Fold => finding.snapshot = Bytes(proven.saved),
            Task::Squash => {
                if let Some((changes, row)) = proven.document.squash(candidate.document) {
                    let changes = changes.into_iter();
                    finding.squashed = changes.map(|change| Bytes(change.bytes)).collect();
                    proven.row = Some(row);
                }
            }
        }
        finding.row = row_bytes(proven.row);
        self.shelf.keep(proven.document, candidate, name, &accepted);
        finding
    }

    /// Finds out which of several changes are bad, in halves, on top of those that were good. What builds on a
    /// bad one is not tried, and nothing is beyond the time that there is for all.
    fn sift<'a>(
        &mut self,
        (candidate, name): (&'a Candidate, &Name),
        new: &[usize],
        verdicts: &mut [Verdict],
    ) -> (Option<Proven>, Vec<&'a Bytes>) {
        let mut accepted: Vec<&Bytes> = Vec::new();
        let Some(mut base) = self.shelf.open(candidate, name) else {
            return (None, accepted);
        };
        let read = |at: &usize| Some((*at, Header::read(&candidate.changes[*at].0).ok()?));
        let new: Vec<(usize, Header)> = new.iter().filter_map(read).collect();
        let (first, second) = new.split_at(new.len() / 2);
        let mut parts: Vec<Vec<&(usize, Header)>> =
            vec![second.iter().collect(), first.iter().collect()];
        let mut bad: BTreeSet<ChangeHash> = BTreeSet::new();
        let mut left_us = SIFTING_US;
        let mut last = None;
        while let Some(mut part) = parts.pop() {
            part.retain(|(at, header)| {
                let builds_on_bad = header.dependencies.iter().any(|hash| bad.contains(hash));
                if builds_on_bad {
                    verdicts[*at] = Verdict::Refused(Reason::Builds);
                    bad.insert(header.hash);
                }
                !builds_on_bad
            });
            let changes = part.iter().map(|(at, _)| &candidate.changes[*at]);
            let changes: Vec<&Bytes> = changes.collect();
            let us = trial_us(candidate, &base, &part);
            let tried = match left_us.checked_sub(us) {
                _ if part.is_empty() => continue,
                None => Err(Reason::TooCostly),
                Some(left) => {
                    left_us = left;
                    prove(base.clone(), candidate.document, &changes)
                }
            };
            match tried {
                Ok(proven) => {
                    for (at, _) in &part {
                        verdicts[*at] = Verdict::Accepted;
                    }
                    base = proven.document.clone();
                    accepted.extend(changes);
                    last = Some(proven);
                }
                Err(reason) if part.len() == 1 || reason == Reason::TooCostly => {
                    for (at, header) in part {
                        verdicts[*at] = Verdict::Refused(reason);
                        bad.insert(header.hash);
                    }
                }
                Err(_) => {
                    let second = part.split_off(part.len() / 2);
                    parts.extend([second, part]);
                }
            }
        }
        (last, accepted)
    }
}

/// How long it takes to try changes, as measured natively (see the room's guess of what a question costs).
fn trial_us(candidate: &Candidate, base: &Document, changes: &[&(usize, Header)]) -> u64 {
    let history = [&candidate.snapshot].into_iter().chain(&candidate.history);
    let changing = changes.iter().map(|(at, _)| &candidate.changes[*at]);
    let bytes: usize = history.chain(changing).map(|bytes| bytes.0.len()).sum();
    let operations: u64 = changes.iter().map(|(_, header)| header.operations).sum();
    400 + bytes as u64 / 50 + operations / 2 + base.items() as u64 * 10
}

/// Enters the verdicts on changes that are known or whose dependencies are missing; returns the rest.
fn sort(document: &Document, changes: &[Bytes], verdicts: &mut [Verdict]) -> Vec<usize> {
    let mut new = Vec::new();
    let mut ahead: BTreeSet<ChangeHash> = BTreeSet::new();
    for (at, change) in changes.iter().enumerate() {
        let Ok(header) = Header::read(&change.0) else {
            verdicts[at] = Verdict::Refused(Reason::Malformed);
            continue;
        };
        let is_there =
            |hash: &ChangeHash| *hash == GENESIS || ahead.contains(hash) || document.has(*hash);
        if document.has(header.hash) {
            verdicts[at] = Verdict::Known;
        } else if header.dependencies.iter().all(is_there) {
            ahead.insert(header.hash);
            new.push(at);
        } else {
            verdicts[at] = Verdict::NeedsDependencies;
        }
    }
    new
}

/// The document with the changes, after all of them were made again and came out alike. `None` where one
/// did not, which says nothing about it.
fn made_again(
    document: &Document,
    id: RecordId,
    changes: &[&Bytes],
) -> Option<Result<Proven, Reason>> {
    let (first, others) = changes.split_first()?;
    let mut document = document.made_again(&first.0)?;
    for change in others {
        document = document.made_again(&change.0)?;
    }
    let saved = document.save();
    if saved.len() > DOCUMENT_BYTES {
        return Some(Err(Reason::RecordTooLarge));
    }
    Some(read(&document, id).map(|row| Proven {
        document,
        saved,
        row,
    }))
}

/// The document with the changes, after it was saved, loaded and read.
fn prove(mut document: Document, id: RecordId, changes: &[&Bytes]) -> Result<Proven, Reason> {
    let mut hashes = Vec::with_capacity(changes.len());
    let mut writing = Writing::on(&document);
    for change in changes {
        let header = Header::read(&change.0).map_err(|_| Reason::Malformed)?;
        match header.writer.person == EVERYONE {
            true if !is_note_start(&change.0) => return Err(Reason::Writer),
            false if !writing.allows(&change.0) && !mutant!(TakesAnything) => {
                return Err(Reason::Invalid);
            }
            true | false => hashes.push(header.hash),
        }
    }
    document
        .apply(changes.iter().map(|change| change.0.as_slice()))
        .map_err(|error| match error {
            DocumentError::MissingDependencies(_) => Reason::Builds,
            DocumentError::NotAChange(_)
            | DocumentError::Refused(_)
            | DocumentError::NoteTooLong
            | DocumentError::Shape(_) => Reason::Invalid,
        })?;
    if !writing.fits(&document) && !mutant!(TakesAnything) {
        return Err(Reason::Invalid);
    }
    let saved = document.save();
    if saved.len() > DOCUMENT_BYTES {
        return Err(Reason::RecordTooLarge);
    }
    let loaded = Document::open(&saved).map_err(|_| Reason::Invalid)?;
    let row = read(&document, id)?;
    let holds_all = hashes.iter().all(|hash| loaded.has(*hash));
    if !holds_all || loaded.heads() != document.heads() || read(&loaded, id)? != row {
        return Err(Reason::Invalid);
    }
    Ok(Proven {
        document,
        saved,
        row,
    })
}

/// The row, or `None` for a record of a type that a newer version knows.
fn read(document: &Document, id: RecordId) -> Result<Option<Row>, Reason> {
    let row = match document.row(id) {
        Ok(row) => row,
        Err(DocumentError::Shape("record type")) => return Ok(None),
        Err(
            DocumentError::NotAChange(_)
            | DocumentError::Refused(_)
            | DocumentError::MissingDependencies(_)
            | DocumentError::NoteTooLong
            | DocumentError::Shape(_),
        ) => return Err(Reason::Invalid),
    };
    let values = row.values.len() + row.items.len() + row.others.len() + row.unknown.len();
    if values > VALUES || !notes_fit(document, &row) {
        return Err(Reason::RecordTooLarge);
    }
    Ok(Some(row))
}

/// Whether its notes are no longer than a note may be.
fn notes_fit(document: &Document, row: &Row) -> bool {
    let notes = row.kind.fields().iter();
    notes
        .filter(|field| field.shape == Shape::Note)
        .all(|field| {
            let excerpt = row.text(field).chars().count();
            // What the row cuts off is counted.
            excerpt < Row::NOTE_EXCERPT || document.note(field.key).chars().count() <= NOTE_LIMIT
        })
}

fn row_bytes(row: Option<Row>) -> Bytes {
    Bytes(row.map_or_else(Vec::new, |row| row.to_bytes()))
}
