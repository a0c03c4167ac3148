//! Asking the validator for snapshots and new generations.

use super::super::{ChangeLog, Effect, Folded, LogError, Note, Policy, Record, Room};
use super::{About, Asking, BITE, Done, QUESTION, QUESTION_BYTES};
use crate::id::RecordId;
use crate::sync::parcel::Kept;
use crate::sync::validation::{Answer, Bytes, Candidate, Question, Task};
use std::collections::BTreeSet;

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Asks the validator for the next snapshots. `false` where nothing is left to be asked.
    pub(super) fn ask_fold(&mut self) -> Result<bool, LogError> {
        let most = match (self.background.alone, self.background.waits_since) {
            (true, _) => 1,
            (false, Some(_)) => BITE,
            (false, None) => QUESTION,
        };
        let most = most.min(self.background.chosen.len());
        let some: BTreeSet<RecordId> = self.background.chosen.drain(..most).collect();
        let mut records = self.log.records(&some)?;
        records.retain(|_, record| record.raw > 0 && !record.erased);
        let histories = self.histories(&records)?;
        let mut question = Question::default();
        let mut asked = Vec::new();
        let mut bytes = 0;
        for (document, history) in histories {
            bytes += history.len();
            if bytes > QUESTION_BYTES && !asked.is_empty() {
                self.background.chosen.push_front(document);
                continue;
            }
            let upto = history.changes.last().map_or(0, |(position, _)| *position);
            asked.push((Folded { document, upto }, history.record));
            let raw = history.changes.into_iter();
            question.documents.push(Candidate {
                document,
                snapshot: history.snapshot,
                history: raw.map(|(_, bytes)| Bytes(bytes)).collect(),
                changes: Vec::new(),
                task: Task::Fold,
            });
        }
        if asked.is_empty() {
            return Ok(false);
        }
        self.ask_background(About::Fold(asked), question);
        Ok(true)
    }

    /// Asks the validator for the changes of a new generation. `false` where there is nothing to ask.
    pub(super) fn ask_squash(&mut self, document: RecordId) -> Result<bool, LogError> {
        let mut records = self.log.records(&[document].into())?;
        records.retain(|_, record| !record.erased);
        let Some((record, history)) = records
            .get(&document)
            .copied()
            .zip(self.histories(&records)?.remove(&document))
        else {
            return Ok(false);
        };
        let raw = history.changes.into_iter();
        let candidate = Candidate {
            document,
            snapshot: history.snapshot,
            history: raw.map(|(_, bytes)| Bytes(bytes)).collect(),
            changes: Vec::new(),
            task: Task::Squash,
        };
        let documents = vec![candidate];
        self.ask_background(About::Squash(document, record), Question { documents });
        Ok(true)
    }

    fn ask_background(&mut self, about: About, question: Question) {
        let number = self.next_question();
        self.background.asking = Some(Asking {
            question: number,
            at: self.now,
            about,
        });
        self.effects.push(Effect::Ask(number, question));
    }

    /// The validator's answer to a question of the background, or its silence.
    pub(in crate::sync::room) fn background_answered(&mut self, answer: Option<Answer>) {
        let Some(Asking { about, .. }) = self.background.asking.take() else {
            return;
        };
        match about {
            About::Fold(asked) => {
                let answer = answer.filter(|answer| answer.documents.len() == asked.len());
                match answer {
                    Some(answer) => {
                        for (asked, finding) in asked.into_iter().zip(answer.documents) {
                            self.take_snapshot(asked, finding.snapshot, finding.row);
                        }
                    }
                    None => self.fold_failed(&asked),
                }
            }
            About::Squash(document, record) => {
                let found = answer.and_then(|answer| answer.documents.into_iter().next());
                match found.filter(|finding| !finding.squashed.is_empty()) {
                    Some(finding) => self.squash(document, record, finding),
                    None => self.background.spoil(document),
                }
            }
        }
    }

    fn take_snapshot(&mut self, (folded, record): (Folded, Record), snapshot: Bytes, row: Bytes) {
        if snapshot.0.is_empty() {
            return self.background.spoil(folded.document);
        }
        let kept = Kept {
            document: folded.document,
            generation: record.generation,
            snapshot,
            changes: Vec::new(),
            row,
        };
        self.background.done.push(Done {
            kept,
            folded,
            record,
        });
    }

    /// Nothing came back: each is tried alone, later.
    fn fold_failed(&mut self, asked: &[(Folded, Record)]) {
        let documents = asked.len() as u32;
        let note = Note::ValidatorSilent { documents };
        self.effects.push(Effect::Note(note));
        if let [(only, _)] = asked {
            self.background.spoil(only.document);
        }
        self.background.alone = true;
        self.background.chosen.clear();
        self.background.stored_at = self.now;
    }
}
