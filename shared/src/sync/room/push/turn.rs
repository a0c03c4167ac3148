//! Whose turn it is at the validator, where several want it.
//!
//! A large push is asked about in many questions. Where others are there too, the room steps back between
//! them, and what is small and about other records overtakes it.

use super::super::{Address, ChangeLog, Policy, Room, SessionId};
use super::cost::Cost;
use super::{Flight, Pending, WAITING_A_SESSION};
use crate::sync::message::Failure;
use crate::time::Timestamp;
use std::collections::VecDeque;

/// What one question may cost while nobody else is there, in microseconds.
const ALONE_US: u64 = 40_000;
/// The same while others are.
const TOGETHER_US: u64 = 5_000;
/// A question that costs no more than this waits for no turn.
const SMALL_US: u64 = 2_000;
/// A push of more changes than this overtakes none.
const SMALL: usize = 16;
/// How many pushes overtake a large one between two of its questions.
const OVERTAKING: usize = 8;
/// How many pushes stand aside at most.
const ASIDE: usize = 4;
/// The longest that the room steps back between two questions.
const LONGEST_MS: i64 = 600;

/// Whose turn it is.
#[derive(Debug, Default)]
pub(in crate::sync::room) struct Turn {
    /// Large pushes between two of their questions.
    aside: VecDeque<Flight>,
    /// When the next large question may be asked.
    free_at: Timestamp,
    /// Whether other rooms of the same process were busy lately.
    pub(in crate::sync::room) has_neighbours: bool,
}

impl Turn {
    /// Whether a push waits between two of its questions.
    pub(in crate::sync::room) fn is_aside(&self) -> bool {
        !self.aside.is_empty()
    }

    /// How long a large question has to wait.
    fn wait_ms(&self, now: Timestamp) -> i64 {
        let left = self.free_at.0.saturating_sub(now.0);
        // A clock that jumped holds nobody up.
        if left > LONGEST_MS { 0 } else { left.max(0) }
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Takes up pushes until one has to be validated.
    pub(in crate::sync::room) fn take_up(&mut self) {
        while self.flight.is_none() && !self.background.is_asking() {
            if let Some(pending) = self.next_pending() {
                self.take(pending);
                continue;
            }
            let wait_ms = self.turn.wait_ms(self.now);
            if wait_ms > 0 && self.turn.is_aside() {
                return self.wake_in(wait_ms);
            }
            match self.turn.aside.pop_front() {
                Some(flight) => {
                    let (session, batch) = (flight.session, flight.batch);
                    if let Err(error) = self.ask_next(flight) {
                        self.push_failed(session, batch, &error);
                    }
                }
                None => return,
            }
        }
    }

    fn take(&mut self, pending: Pending) {
        let (session, batch) = (pending.session, pending.batch);
        let admitted = self.admit(pending.items, pending.speaker, pending.refill);
        let flight = admitted.and_then(|admitted| {
            let flight = self.board(session, pending.speaker, batch, admitted)?;
            self.ask_next(flight)
        });
        if let Err(error) = flight {
            self.push_failed(session, batch, &error);
        }
    }

    /// What is taken up next: of those that wait, the one whose sender has given the validator the least to
    /// do; while large pushes stand aside, only one that may overtake them.
    fn next_pending(&mut self) -> Option<Pending> {
        let aside = &mut self.turn.aside;
        if let Some(first) = aside.front() {
            if first.overtaken >= OVERTAKING || aside.len() >= ASIDE {
                return None;
            }
            let is_apart = |pending: &Pending, large: &Flight| {
                let mut items = pending.items.iter();
                pending.session != large.session
                    && items.all(|it| !large.documents.contains_key(&it.document))
            };
            let overtakes = |pending: &Pending| {
                let is_small = pending.items.len() <= SMALL && !pending.refill;
                is_small && aside.iter().all(|large| is_apart(pending, large))
            };
            let at = self.waiting.iter().position(overtakes)?;
            if let Some(first) = aside.front_mut() {
                first.overtaken += 1;
            }
            return self.waiting.remove(at);
        }
        let spent = |pending: &Pending| {
            let address = self.address(pending.session);
            self.pace.worked(pending.speaker, address, self.now)
        };
        let least = (0..self.waiting.len()).min_by_key(|at| self.waiting.get(*at).map(spent))?;
        self.waiting.remove(least)
    }

    /// Whether a question of this cost has to wait.
    pub(super) fn is_to_wait(&self, us: u64) -> bool {
        us > SMALL_US && self.turn.wait_ms(self.now) > 0
    }

    /// Lets a push stand aside until its turn has come.
    pub(super) fn put_aside(&mut self, flight: Flight) {
        self.turn.aside.push_back(flight);
    }

    /// How much one question of a push may cost.
    pub(super) fn question_us(&self, session: SessionId) -> u64 {
        match self.is_shared(session) {
            true => TOGETHER_US,
            false => ALONE_US,
        }
    }

    fn is_shared(&self, session: SessionId) -> bool {
        self.turn.has_neighbours || self.asks.others(session, self.now)
    }

    /// Counts a question that is asked now.
    pub(super) fn takes_turn(&mut self, flight: &mut Flight, cost: Cost) {
        let address = self.address(flight.session);
        self.pace.works(flight.speaker, address, cost.us, self.now);
        flight.overtaken = 0;
        if cost.us <= SMALL_US {
            return;
        }
        let factor = match (self.is_shared(flight.session), cost.is_heavy()) {
            (true, true) => 8,
            (true, false) => 4,
            (false, _) => 0,
        };
        let ms = i64::try_from(cost.us * factor / 1_000).unwrap_or(LONGEST_MS);
        self.turn.free_at = Timestamp(self.now.0 + ms.min(LONGEST_MS));
    }

    /// Whether a push may have the validator busy for so long with one record.
    pub(super) fn may_be_heavy(&mut self, flight: &mut Flight, us: u64) -> bool {
        let address = self.address(flight.session);
        let (speaker, now) = (flight.speaker, self.now);
        flight.is_heavy = flight.is_heavy || self.pace.admits_heavy(speaker, address, now);
        if flight.is_heavy {
            self.pace.weighs(speaker, address, us, now);
        }
        flight.is_heavy
    }

    /// Makes room in the queue for someone who has so many in it: who has most gives way.
    pub(super) fn make_room(&mut self, own: usize) -> bool {
        let count = |id: SessionId| self.waiting.iter().filter(|it| it.session == id).count();
        let sessions = self.waiting.iter().map(|pending| pending.session);
        let Some(most) = sessions.max_by_key(|id| count(*id)) else {
            return true;
        };
        if count(most) <= own + 1 && own < WAITING_A_SESSION {
            return false;
        }
        let Some(last) = self.waiting.iter().rposition(|it| it.session == most) else {
            return false;
        };
        if let Some(gone) = self.waiting.remove(last) {
            self.fail(gone.session, gone.batch, Failure::Busy);
        }
        true
    }

    /// Where a socket comes from.
    pub(in crate::sync::room) fn address(&self, id: SessionId) -> Address {
        let session = self.sessions.get(&id);
        session.map_or(Address::default(), |session| session.address)
    }
}
