//! The log on its way into the device, change by change or, far behind, record by record.

use super::Point;
use super::clock::Deadline;
use super::link::{ANSWER_MS, BULK_ANSWER_MS};
use super::machine::Client;
use crate::mutants::mutant;
use crate::sync::message::{Notice, ToRoom, Walk};
use crate::sync::packed::Item;
use crate::sync::parcel::Kept;

/// Where what comes unasked is not all that there is, the rest follows by itself within this time.
const FOLLOWS_MS: i64 = 250;
/// Someone so far behind is shown how far it has come.
const FAR_BEHIND: u64 = 100;

/// How far the log has come.
#[derive(Debug)]
pub(super) struct Inbound {
    /// The last position that came, whether stored or not; where a walk set out.
    pub(super) received: u64,
    /// The last position of the log that was heard of.
    pub(super) head: u64,
    /// How far a walk has come, whether stored or not.
    pub(super) walk: Option<Walk>,
    /// How many records the walk brought, and how many are still to come once that is known.
    walked: (u64, Option<u64>),
    /// The head when the server welcomed us.
    goal: Option<u64>,
    is_far_behind: bool,
    /// Whether anything came since the welcome.
    has_begun: bool,
    answer_by: Option<Deadline>,
    /// Until when the rest may come by itself.
    follows_by: Option<Deadline>,
}

impl Inbound {
    pub(super) fn new(point: &Point) -> Inbound {
        Inbound {
            received: point.cursor,
            head: point.cursor,
            walk: point.walk.filter(|walk| walk.base == point.cursor),
            walked: (point.walked, None),
            goal: None,
            is_far_behind: false,
            has_begun: false,
            answer_by: None,
            follows_by: None,
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.answer_by.or(self.follows_by)
    }

    /// When the answer that is awaited is overdue.
    pub(super) fn overdue_at(&self) -> Option<Deadline> {
        self.answer_by
    }

    /// The server says how far the log is: what is missing is to be asked for.
    pub(super) fn heard_of(&mut self, head: u64) {
        self.head = self.head.max(head);
        self.follows_by = None;
    }

    /// The log starts anew: nothing of it is here.
    pub(super) fn restart(&mut self) {
        self.received = 0;
        self.head = 0;
        self.stop_walking();
    }

    pub(super) fn stop_walking(&mut self) {
        self.walk = None;
        self.walked = (0, None);
    }

    pub(super) fn welcome(&mut self, head: u64, answer_by: Deadline) {
        self.head = head;
        self.goal = Some(head);
        self.is_far_behind = head.saturating_sub(self.received) > FAR_BEHIND;
        self.has_begun = false;
        self.answer_by = self.is_behind().then_some(answer_by);
    }

    /// The socket is gone; `point` is what lies on the disk or on its way there.
    pub(super) fn disconnected(&mut self, point: &Point) {
        self.received = point.cursor;
        self.walk = point.walk;
        self.walked = (point.walked, None);
        self.answer_by = None;
        self.follows_by = None;
    }

    /// Takes a stretch of the log, if it begins where the device is. Returns whether it did.
    pub(super) fn take(&mut self, after: u64, upto: u64, head: u64) -> bool {
        self.head = self.head.max(head).max(upto);
        if after > self.received {
            self.follows_by = None;
        }
        // The cursor stands still during a walk: what lies behind it comes with the walk.
        if self.walk.is_some()
            || (after > self.received && !mutant!(TakesLateStretch))
            || upto <= self.received
        {
            return false;
        }
        self.received = upto;
        self.has_begun = true;
        self.answer_by = None;
        self.follows_by = None;
        true
    }

    /// Takes records of a walk, if they bring the device further. Returns whether they did.
    ///
    /// Each frame answers a state that the device told on this socket, so that all of the records
    /// between that state and the frame's are in it: one that is not further is a repetition.
    pub(super) fn walk_on(&mut self, walk: Walk, records: u64, left: u64) -> bool {
        let is_further = match self.walk {
            None => walk.upto > self.received,
            Some(known) if walk.above == known.above => {
                walk.upto != known.upto || walk.below < known.below
            }
            Some(known) => walk.above > known.above,
        };
        let is_sound = walk.above >= walk.base && walk.upto >= walk.above;
        if walk.base != self.received || !is_sound || !is_further {
            return false;
        }
        self.head = self.head.max(walk.upto);
        self.answer_by = None;
        self.has_begun = true;
        let before = self.walk.map_or(0, |_| self.walked.0);
        self.walked = (before.saturating_add(records), Some(left));
        let is_next = before > 0 && self.walk.is_some_and(|known| walk.above > known.above);
        let is_over = walk.below <= walk.above || mutant!(ForgetsLastRound) && is_next;
        if !is_over {
            self.walk = Some(walk);
        } else {
            self.walk = None;
            self.is_far_behind = false;
            self.received = walk.upto;
        }
        true
    }

    pub(super) fn is_behind(&self) -> bool {
        self.walk.is_some() || self.received < self.head
    }

    pub(super) fn reached_goal(&self, stored: u64) -> bool {
        self.goal.is_some_and(|goal| stored >= goal)
    }

    /// How far what is stored has come of all that comes.
    pub(super) fn progress(&self, stored: &Point) -> Option<(u64, u64)> {
        if !self.has_begun {
            return None;
        }
        if self.walk.is_some() || stored.walk.is_some() {
            let (done, left) = self.walked;
            let all = done.saturating_add(left?);
            return (all > FAR_BEHIND).then_some((stored.walked, all));
        }
        (self.is_far_behind && stored.cursor < self.head).then_some((stored.cursor, self.head))
    }
}

impl Client {
    /// Asks for what is missing, unless that is under way or the disk has enough to do.
    pub(super) fn pull(&mut self) {
        if !self.inbound.is_behind() {
            self.inbound.is_far_behind &= self.disk.is_busy();
            self.inbound.answer_by = None;
            self.inbound.follows_by = None;
            return;
        }
        let follows_by = self.inbound.follows_by;
        if follows_by.is_some_and(|follows_by| !self.clock.is_past(follows_by)) {
            return;
        }
        self.inbound.follows_by = None;
        if self.inbound.answer_by.is_none() && self.disk.has_space() {
            let is_bulk = self.inbound.walk.is_some() || self.inbound.is_far_behind;
            let within = if is_bulk { BULK_ANSWER_MS } else { ANSWER_MS };
            self.inbound.answer_by = Some(self.clock.after(within));
            let after = self.inbound.received;
            let next = self.inbound.walk.map(ToRoom::Walk);
            self.send(&next.unwrap_or(ToRoom::Pull { after }));
        }
    }

    /// Takes a stretch of the log. Where it was not asked for and there is more, that follows.
    fn take(&mut self, after: u64, upto: u64, head: u64) -> bool {
        let was_asked_for = self.inbound.answer_by.is_some();
        let taken = self.inbound.take(after, upto, head);
        if taken && !was_asked_for {
            self.inbound.follows_by = Some(self.clock.after(FOLLOWS_MS));
        }
        taken
    }

    /// A stretch of the log came, change by change.
    pub(super) fn changes(&mut self, (after, upto, head): (u64, u64, u64), items: Vec<Item>) {
        if self.take(after, upto, head) {
            self.disk.receive(items);
            self.disk.move_to(self.inbound.received);
        }
    }

    /// A stretch of the log came in which records went or came as a whole.
    pub(super) fn news(
        &mut self,
        (after, upto, head): (u64, u64, u64),
        notices: &[Notice],
        records: Vec<Kept>,
    ) {
        if self.take(after, upto, head) {
            if !notices.is_empty() {
                self.outbound.make_stale();
            }
            self.disk.take_in(notices, records);
            self.disk.move_to(self.inbound.received);
        }
    }

    /// Records of a walk came.
    pub(super) fn records(
        &mut self,
        walk: Walk,
        left: u32,
        notices: &[Notice],
        records: Vec<Kept>,
    ) {
        let count = records.len() as u64;
        if self.inbound.walk_on(walk, count, u64::from(left)) {
            if !notices.is_empty() {
                self.outbound.make_stale();
            }
            self.disk.take_in(notices, records);
            match self.inbound.walk {
                Some(walk) => self.disk.walk_to(walk, count),
                None => self.disk.move_to(self.inbound.received),
            }
        }
    }
}
