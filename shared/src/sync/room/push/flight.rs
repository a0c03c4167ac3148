//! The push that is being validated.

use super::super::admit::{Admitted, is_kept};
use super::super::history::History;
use super::super::{Quarantined, SessionId, Speaker};
use super::OPERATIONS;
use super::cost::Cost;
use crate::id::RecordId;
use crate::sync::message::{Outcome, Reason};
use crate::sync::validation::{Answer, Bytes, Candidate, Finding, Task, Verdict};
use crate::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// The push that is being validated.
#[derive(Debug)]
pub(in crate::sync::room) struct Flight {
    pub(super) session: SessionId,
    pub(super) speaker: Speaker,
    pub(super) batch: u32,
    pub(super) admitted: Admitted,
    /// The positions of each document's candidates.
    pub(super) documents: BTreeMap<RecordId, Vec<usize>>,
    /// What is still to be asked.
    pub(super) ahead: VecDeque<Vec<RecordId>>,
    pub(super) question: u64,
    pub(super) asked: Asked,
    pub(super) asked_at: Timestamp,
    /// The rows with what was accepted.
    pub(super) rows: BTreeMap<RecordId, Vec<u8>>,
    /// Documents that have grown out of proportion.
    pub(super) overgrown: Vec<RecordId>,
    /// How many documents got no answer.
    pub(super) silent: usize,
    /// Whether some were left unasked for that: what was found is stored, and not acknowledged.
    pub(super) is_left: bool,
    /// How often documents had ended a generation when it was admitted.
    pub(super) ends: u64,
    /// Whether it has paid for a record that keeps the validator busy for long.
    pub(super) is_heavy: bool,
    /// How many pushes have overtaken it since its last question.
    pub(super) overtaken: usize,
}

#[derive(Debug)]
pub(super) enum Asked {
    /// About these documents.
    About(Vec<RecordId>),
    /// Whether the validator lives, after it said nothing about this one document.
    Whether(RecordId),
    /// About this document once more, of a validator that lives.
    Again(RecordId),
}

/// Whether an answer has a verdict for each change that was asked about.
pub(super) fn fits(flight: &Flight, documents: &[RecordId], answer: &Answer) -> bool {
    let counts = documents
        .iter()
        .map(|document| flight.documents.get(document).map_or(0, Vec::len));
    let found = answer.documents.iter();
    counts.eq(found.map(|finding| finding.verdicts.len()))
}

impl Flight {
    /// What the validator is asked about a document, and what that costs it.
    pub(super) fn candidate(&self, document: RecordId, history: History) -> (Candidate, Cost) {
        let positions = self.documents.get(&document).into_iter().flatten();
        let changes = positions.filter_map(|at| self.admitted.candidates.get(at));
        let changes: Vec<Bytes> = changes.map(|new| Bytes(new.item.bytes.clone())).collect();
        let asked: usize = changes.iter().map(|change| change.0.len()).sum();
        let positions = self.documents.get(&document).into_iter().flatten();
        let operations = positions.filter_map(|at| self.admitted.operations.get(at));
        let cost = Cost::of(history.len(), asked, operations.sum());
        let raw = history.changes.into_iter();
        let candidate = Candidate {
            document,
            snapshot: history.snapshot,
            history: raw.map(|(_, bytes)| Bytes(bytes)).collect(),
            changes,
            task: Task::Check,
        };
        (candidate, cost)
    }

    /// What the validator needs for these documents at least: a few of them tell enough.
    pub(super) fn least_us(&self, documents: &[RecordId]) -> u64 {
        let positions = documents.iter().take(16);
        let positions = positions.filter_map(|document| self.documents.get(document));
        let costs = positions.map(|positions| {
            let changes = positions.iter().map(|at| {
                let change = self.admitted.candidates.get(at);
                change.map_or(0, |new| new.item.bytes.len())
            });
            let operations = positions.iter();
            let operations = operations.filter_map(|at| self.admitted.operations.get(at));
            Cost::of(0, changes.sum(), operations.sum()).us
        });
        costs.sum()
    }

    /// Leaves what was not asked about yet for another try.
    pub(super) fn leave_the_rest(&mut self) {
        for document in std::mem::take(&mut self.ahead).into_iter().flatten() {
            self.is_left = true;
            for at in self.documents.remove(&document).unwrap_or_default() {
                self.admitted.candidates.remove(&at);
            }
            self.admitted.readmitted.retain(|(of, _)| *of != document);
        }
    }

    /// A generation that devices bring takes the place of what the log has: not where what was taken of it makes
    /// no record.
    pub(super) fn begin_no_empty_generation(&mut self) {
        let has_row =
            |document: &RecordId| self.rows.get(document).is_some_and(|row| !row.is_empty());
        let brought = self.admitted.renewed.keys().copied();
        let empty: Vec<RecordId> = brought.filter(|document| !has_row(document)).collect();
        for document in empty {
            for at in self.documents.remove(&document).unwrap_or_default() {
                if self.admitted.candidates.remove(&at).is_some()
                    && let Some(outcome) = self.admitted.outcomes.get_mut(at)
                {
                    *outcome = Some(Outcome::NeedsDependencies);
                }
            }
            self.admitted.renewed.remove(&document);
            self.rows.remove(&document);
        }
    }

    /// Takes in what was found about a document.
    pub(super) fn heed(&mut self, document: RecordId, finding: &Finding) {
        let is_clean = self.decide(document, &finding.verdicts);
        if finding.verdicts.contains(&Verdict::Accepted) {
            let row = if is_clean {
                finding.row.0.clone()
            } else {
                Vec::new()
            };
            self.rows.insert(document, row);
        }
        if finding.operations > OPERATIONS {
            self.overgrown.push(document);
        }
    }

    /// Enters the verdicts on a document's changes. `false` where one was taken by the validator that
    /// is not to be taken.
    pub(super) fn decide(&mut self, document: RecordId, verdicts: &[Verdict]) -> bool {
        let positions = self.documents.get(&document).cloned().unwrap_or_default();
        let mut is_clean = true;
        for (at, verdict) in positions.into_iter().zip(verdicts) {
            let verdict = match verdict {
                // Its number was given before, to a change that is not this one.
                Verdict::Accepted if self.admitted.replays.contains(&at) => {
                    is_clean = false;
                    Verdict::Refused(Reason::Sequence)
                }
                Verdict::Refused(Reason::Invalid) if self.admitted.replays.contains(&at) => {
                    Verdict::Refused(Reason::Sequence)
                }
                // It may build on that one.
                Verdict::Accepted if !is_clean => Verdict::NeedsDependencies,
                Verdict::Accepted
                | Verdict::Known
                | Verdict::NeedsDependencies
                | Verdict::Refused(_) => *verdict,
            };
            let outcome = match verdict {
                Verdict::Accepted => Outcome::Accepted,
                Verdict::Known => {
                    self.admitted.candidates.remove(&at);
                    Outcome::Accepted
                }
                Verdict::NeedsDependencies => {
                    self.admitted.candidates.remove(&at);
                    Outcome::NeedsDependencies
                }
                Verdict::Refused(reason) => {
                    let device = self.speaker.device;
                    let refused = self.admitted.candidates.remove(&at);
                    let refused = refused.filter(|_| is_kept(reason));
                    self.admitted
                        .quarantined
                        .extend(refused.map(|new| Quarantined {
                            item: new.item,
                            reason,
                            device,
                        }));
                    Outcome::Refused(reason)
                }
            };
            if let Some(slot) = self.admitted.outcomes.get_mut(at) {
                *slot = Some(outcome);
            }
        }
        is_clean
    }
}
