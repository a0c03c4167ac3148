//! A push on its way through the room.

mod cost;
mod flight;
mod turn;

pub(super) use flight::Flight;

use super::admit::Admitted;
use super::{
    Append, ChangeLog, Effect, LogError, NewChange, Note, Policy, Record, Renewed, Room, SessionId,
    Speaker,
};
use crate::id::RecordId;
use crate::mutants::mutant;
use crate::sync::message::{Failure, Outcome, Packed, Reason, ToClient};
use crate::sync::packed::{Item, PackedError, unpack};
use crate::sync::validation::{Answer, Question, Verdict};
use cost::Cost;
use flight::{Asked, fits};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
pub(super) use turn::Turn;

/// Pushes of one socket that may wait.
const WAITING_A_SESSION: usize = 8;
/// Pushes that may wait in all: at a megabyte each, this bounds the memory.
const WAITING: usize = 32;
/// The most bytes of one question, unless a single document has more.
const QUESTION_BYTES: usize = 4 * 1024 * 1024;
/// Documents whose histories are read at a time.
const DOCUMENTS: usize = 16;
/// A record with more operations than this beyond what it holds begins a new generation.
const OPERATIONS: u64 = 20_000;
/// Documents of one push that the validator may give no answer about. Each takes it two times its patience, and
/// everyone else waits: what is left then comes with the next try.
const SILENT: usize = 3;
/// A question that has no answer after so long is lost; the driver gives up long before.
pub(super) const LOST_MS: i64 = 20_000;

/// A push that waits for its turn.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) session: SessionId,
    speaker: Speaker,
    batch: u32,
    refill: bool,
    items: Vec<Item>,
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Puts a push in the queue.
    pub(super) fn wait(
        &mut self,
        session: SessionId,
        speaker: Speaker,
        batch: u32,
        refill: bool,
        changes: &Packed,
    ) {
        let of_session = self
            .waiting
            .iter()
            .filter(|pending| pending.session == session);
        let of_session = of_session.count();
        let address = self.address(session);
        if of_session >= WAITING_A_SESSION {
            return self.fail(session, batch, Failure::Busy);
        }
        if !self
            .pace
            .admits(speaker, address, changes.0.len(), self.now)
        {
            return self.fail(session, batch, Failure::TooFast);
        }
        if self.waiting.len() >= WAITING && !self.make_room(of_session) {
            return self.fail(session, batch, Failure::Busy);
        }
        self.asks.pushes(session, self.now);
        match unpack(changes) {
            Ok(items) => self.waiting.push_back(Pending {
                session,
                speaker,
                batch,
                refill,
                items,
            }),
            Err(PackedError::TooLarge) => self.fail(session, batch, Failure::TooLarge),
            Err(PackedError::Damaged | PackedError::Check | PackedError::Encoding(_)) => {
                self.fail(session, batch, Failure::BadBatch);
            }
        }
    }

    /// A push that was admitted.
    fn board(
        &self,
        session: SessionId,
        speaker: Speaker,
        batch: u32,
        admitted: Admitted,
    ) -> Result<Flight, LogError> {
        let mut documents: BTreeMap<RecordId, Vec<usize>> = BTreeMap::new();
        for (at, new) in &admitted.candidates {
            documents.entry(new.item.document).or_default().push(*at);
        }
        Ok(Flight {
            session,
            speaker,
            batch,
            ahead: if documents.is_empty() {
                VecDeque::new()
            } else {
                [documents.keys().copied().collect()].into()
            },
            documents,
            admitted,
            question: 0,
            asked: Asked::About(Vec::new()),
            asked_at: self.now,
            rows: BTreeMap::new(),
            overgrown: Vec::new(),
            silent: 0,
            is_left: false,
            ends: self.ends,
            is_heavy: false,
            overtaken: 0,
        })
    }

    /// Asks about the documents that are next, or settles the push.
    fn ask_next(&mut self, mut flight: Flight) -> Result<(), LogError> {
        let Some(mut next) = flight.ahead.pop_front() else {
            return self.settle(flight);
        };
        // What it costs without the histories, before those are read.
        if self.is_to_wait(flight.least_us(&next)) {
            flight.ahead.push_front(next);
            self.put_aside(flight);
            return Ok(());
        }
        let most_us = self.question_us(flight.session);
        let mut question = Question::default();
        let mut cost = Cost::default();
        'all: for some in next.chunks(DOCUMENTS) {
            let known = some.iter().filter_map(|document| {
                let is_new = flight.admitted.renewed.contains_key(document);
                let record = flight.admitted.records.get(document).filter(|_| !is_new)?;
                Some((*document, *record))
            });
            let known: BTreeMap<RecordId, Record> = known.collect();
            let mut histories = if known.is_empty() {
                BTreeMap::new()
            } else {
                self.histories(&known)?
            };
            for document in some {
                let history = histories.remove(document).unwrap_or_default();
                let (candidate, one) = flight.candidate(*document, history);
                let both = cost.and(one);
                let is_full = both.bytes > QUESTION_BYTES || both.us > most_us;
                if is_full && !question.documents.is_empty() {
                    break 'all;
                }
                if one.is_heavy() && !self.may_be_heavy(&mut flight, one.us) {
                    self.fail(flight.session, flight.batch, Failure::TooFast);
                    return Ok(());
                }
                cost = both;
                question.documents.push(candidate);
            }
        }
        if self.is_to_wait(cost.us) {
            flight.ahead.push_front(next);
            self.put_aside(flight);
            return Ok(());
        }
        let rest = next.split_off(question.documents.len());
        if !rest.is_empty() {
            flight.ahead.push_front(rest);
        }
        flight.asked = Asked::About(next);
        self.takes_turn(&mut flight, cost);
        self.ask(flight, question);
        Ok(())
    }

    fn ask(&mut self, mut flight: Flight, question: Question) {
        if mutant!(PublishesFirst) {
            let changes = flight.admitted.candidates.values().cloned().collect();
            let append = Append {
                changes,
                ..Append::default()
            };
            let head = self.log.state().map_or(0, |state| state.head);
            self.enter(Some(flight.session), head, append);
        }
        flight.question = self.next_question();
        flight.asked_at = self.now;
        self.effects.push(Effect::Ask(flight.question, question));
        self.flight = Some(flight);
    }

    /// Where the driver lost a question, goes on as if the validator had been silent.
    pub(super) fn expire(&mut self) {
        if let Some(question) = self.background.lost(self.now) {
            self.hear(question, None);
        }
        let lost = self.flight.as_ref().filter(|flight| {
            let asked_ms = self.now.0.saturating_sub(flight.asked_at.0);
            !(0..LOST_MS).contains(&asked_ms)
        });
        if let Some(question) = lost.map(|flight| flight.question) {
            self.answered(question, None);
        }
    }

    /// The validator's answer, or its silence.
    pub(super) fn answered(&mut self, question: u64, answer: Option<Answer>) {
        let Some(mut flight) = self.flight.take_if(|flight| flight.question == question) else {
            return;
        };
        let (session, batch) = (flight.session, flight.batch);
        if mutant!(SilenceAccepts) && answer.is_none() {
            let settled = self.settle(flight);
            return settled.unwrap_or_else(|error| self.push_failed(session, batch, &error));
        }
        let asked = std::mem::replace(&mut flight.asked, Asked::About(Vec::new()));
        let next = match (asked, answer) {
            (Asked::About(documents), Some(answer)) if fits(&flight, &documents, &answer) => {
                for (document, finding) in documents.iter().zip(&answer.documents) {
                    flight.heed(*document, finding);
                }
                self.ask_next(flight)
            }
            (Asked::Again(document), Some(answer)) if fits(&flight, &[document], &answer) => {
                for finding in &answer.documents {
                    flight.heed(document, finding);
                }
                self.ask_next(flight)
            }
            (Asked::Again(document), _) => {
                let count = flight.documents.get(&document).map_or(0, Vec::len);
                let verdicts = vec![Verdict::Refused(Reason::TooCostly); count];
                flight.decide(document, &verdicts);
                flight.silent += 1;
                if flight.silent >= SILENT {
                    flight.leave_the_rest();
                }
                self.ask_next(flight)
            }
            (Asked::About(documents), _) => {
                let count = documents.len() as u32;
                let note = Note::ValidatorSilent { documents: count };
                self.effects.push(Effect::Note(note));
                match documents.as_slice() {
                    [only] => {
                        flight.asked = Asked::Whether(*only);
                        self.ask(flight, Question::default());
                        Ok(())
                    }
                    _ => {
                        for document in documents.into_iter().rev() {
                            flight.ahead.push_front(vec![document]);
                        }
                        self.ask_next(flight)
                    }
                }
            }
            (Asked::Whether(document), Some(_)) => self.ask_again(flight, document),
            (Asked::Whether(_), None) => {
                self.fail(session, batch, Failure::Busy);
                Ok(())
            }
        };
        if let Err(error) = next {
            self.push_failed(session, batch, &error);
        }
    }

    /// Asks about one document once more.
    fn ask_again(&mut self, mut flight: Flight, document: RecordId) -> Result<(), LogError> {
        let mut known = flight.admitted.records.clone();
        let is_new = flight.admitted.renewed.contains_key(&document);
        known.retain(|of, _| *of == document && !is_new);
        let history = self.histories(&known)?.remove(&document);
        let (candidate, _) = flight.candidate(document, history.unwrap_or_default());
        flight.asked = Asked::Again(document);
        let documents = vec![candidate];
        self.ask(flight, Question { documents });
        Ok(())
    }

    /// Stores, then acknowledges. What is new is published when the room is done with this turn.
    fn settle(&mut self, mut flight: Flight) -> Result<(), LogError> {
        if flight.ends != self.ends {
            self.look_again(&mut flight)?;
        }
        let mut hidden = flight.admitted.hidden.iter();
        if hidden.any(|document| self.policy.may_see(&flight.speaker, *document)) {
            // It was shown meanwhile, and is not to be forgotten.
            self.fail(flight.session, flight.batch, Failure::Busy);
            return Ok(());
        }
        flight.begin_no_empty_generation();
        let Admitted {
            outcomes,
            candidates,
            quarantined,
            readmitted,
            renewed,
            hidden: _,
            records: _,
            replays: _,
            operations: _,
        } = flight.admitted;
        let outcomes: Vec<Outcome> = outcomes
            .into_iter()
            .map(|outcome| outcome.unwrap_or(Outcome::Accepted))
            .collect();
        let changes: Vec<NewChange> = candidates.into_values().collect();
        let begun: BTreeSet<RecordId> = changes.iter().map(|new| new.item.document).collect();
        let renewed = renewed.into_iter().filter(|(id, _)| begun.contains(id));
        let after = self.log.state()?.head;
        let mut rows = flight.rows;
        rows.retain(|document, _| begun.contains(document));
        let append = Append {
            renewed: renewed
                .map(|(document, generation)| Renewed {
                    document,
                    generation,
                })
                .collect(),
            changes,
            quarantined,
            readmitted,
            rows,
            now: self.now,
            ..Append::default()
        };
        if mutant!(AcknowledgesFirst) {
            let (batch, upto) = (flight.batch, after + append.changes.len() as u64);
            let outcomes = outcomes.clone();
            let ack = ToClient::Ack {
                batch,
                after,
                upto,
                outcomes,
            };
            self.send(flight.session, &ack);
        }
        let upto = if append.changes.is_empty() && append.quarantined.is_empty() {
            after
        } else {
            self.append(&append)?
        };
        let accepted = append.changes.len();
        let of = |wanted: fn(&Outcome) -> bool| outcomes.iter().filter(|it| wanted(it)).count();
        let note = Note::Pushed {
            accepted: accepted as u32,
            known: (of(|it| *it == Outcome::Accepted) - accepted) as u32,
            refused: of(|it| *it != Outcome::Accepted) as u32,
            head: upto,
        };
        self.effects.push(Effect::Note(note));
        // Its author has what was acknowledged.
        let mut author = Some(flight.session);
        if flight.is_left {
            author = None;
            self.fail(flight.session, flight.batch, Failure::Busy);
        } else if self.sessions.contains_key(&flight.session) {
            // What came before has to be there first: the acknowledgement moves the cursor.
            self.bring(flight.session, after);
            self.send(
                flight.session,
                &ToClient::Ack {
                    batch: flight.batch,
                    after,
                    upto,
                    outcomes,
                },
            );
        }
        if upto > after {
            self.ends += append.renewed.len() as u64;
            self.enter(author, after, append);
            let squash = flight.overgrown.into_iter();
            self.background.wants_squash(squash.collect());
            self.background.stored(self.now, accepted);
        }
        Ok(())
    }

    /// Takes out what ended while it was checked.
    fn look_again(&mut self, flight: &mut Flight) -> Result<(), LogError> {
        let documents: BTreeSet<RecordId> = flight.documents.keys().copied().collect();
        let records = self.log.records(&documents)?;
        for (document, positions) in &flight.documents {
            let stands = records.get(document).copied().unwrap_or_default();
            let was = flight.admitted.records.get(document).copied();
            if stands.generation == was.unwrap_or_default().generation && !stands.erased {
                continue;
            }
            let outcome = Outcome::Refused(if stands.erased {
                Reason::Gone
            } else {
                Reason::Squashed
            });
            for at in positions {
                flight.admitted.candidates.remove(at);
                if let Some(slot) = flight.admitted.outcomes.get_mut(*at) {
                    *slot = Some(outcome);
                }
            }
            let kept = &mut flight.admitted.quarantined;
            kept.retain(|refused| refused.item.document != *document || !stands.erased);
        }
        Ok(())
    }

    fn push_failed(&mut self, session: SessionId, batch: u32, error: &LogError) {
        self.effects.push(Effect::Note(Note::StorageFailed));
        let failure = match error {
            LogError::Full => Failure::StorageFull,
            LogError::Failed(_) => Failure::Storage,
        };
        self.fail(session, batch, failure);
    }
}
