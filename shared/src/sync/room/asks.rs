//! What devices ask to be brought: one answer at a time, and after each the room steps back.
//!
//! An answer costs the room far more than it costs its device to ask for it. So what is asked waits in a
//! queue, a few a socket, and goes with its socket; between two answers everything else has its turn, longer
//! where more than one socket asks; and whoever was brought more than its share gets small parts, rarely.

use super::pace::Share;
use super::{ChangeLog, Policy, Room, SessionId};
use crate::sync::message::Walk;
use crate::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// What one socket may ask ahead of its answers. Devices ask for one thing at a time.
const AHEAD: usize = 4;
/// What may wait in all.
const WAITING: usize = 1_024;
/// For how long the room steps back after an answer.
const BREATH_MS: i64 = 5;
/// The longest that it steps back.
const LONGEST_BREATH_MS: i64 = 400;
/// The least bytes of an answer to one of many, unless a single record has more.
const LEAST_BYTES: usize = 48 * 1024;
/// So many bytes are worked on in about a millisecond.
const BYTES_A_MS: usize = 20 * 1024;
/// Sockets that asked within so long ask at the same time.
const TOGETHER_MS: i64 = 1_000;
/// How much what was brought before costs once more.
const AGAIN: usize = 8;
/// Frames of a socket a second, for long.
const FRAMES_A_SECOND: i64 = 150;
/// Frames of a socket at once.
const FRAMES: i64 = 1_500;

/// What a device asks to be brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// The log from a position on.
    After(u64),
    /// The next records of a walk.
    On(Walk),
}

impl Ask {
    /// How far it is: of two, the later one has more.
    fn far(&self) -> (u64, u64) {
        match self {
            Ask::After(after) => (*after, 0),
            Ask::On(walk) => (walk.upto, u64::MAX - walk.below),
        }
    }
}

/// What is known of a socket that asks.
#[derive(Debug, Clone, Copy)]
struct Asker {
    /// How far it was when it asked last.
    far: Option<(u64, u64)>,
    /// When it asked or pushed last.
    asked_at: Timestamp,
    /// Thousandths of frames that it may still send.
    frames: i64,
    heard_at: Timestamp,
}

impl Asker {
    fn is_there(&self, now: Timestamp) -> bool {
        (0..TOGETHER_MS).contains(&now.0.saturating_sub(self.asked_at.0))
    }
}

/// What is asked.
#[derive(Debug, Default)]
pub(super) struct Asks {
    waiting: VecDeque<(SessionId, Ask)>,
    askers: BTreeMap<SessionId, Asker>,
    /// When the room has stepped back for long enough.
    free_at: Timestamp,
}

impl Asks {
    /// Counts a frame of a socket; `false` where it sends more than a socket may.
    pub(super) fn hears(&mut self, id: SessionId, now: Timestamp) -> bool {
        let asker = self.askers.entry(id).or_insert(Asker {
            far: None,
            asked_at: Timestamp(i64::MIN),
            frames: FRAMES * 1_000,
            heard_at: now,
        });
        let passed = now.0.saturating_sub(asker.heard_at.0).clamp(0, 60_000);
        asker.heard_at = now;
        asker.frames = (asker.frames + passed * FRAMES_A_SECOND).min(FRAMES * 1_000) - 1_000;
        asker.frames >= 0
    }

    /// Counts a push of a socket.
    pub(super) fn pushes(&mut self, id: SessionId, now: Timestamp) {
        if let Some(asker) = self.askers.get_mut(&id) {
            asker.asked_at = now;
        }
    }

    /// Whether others than this socket asked or pushed lately.
    pub(super) fn others(&self, id: SessionId, now: Timestamp) -> bool {
        let lately = |(of, asker): (&SessionId, &Asker)| *of != id && asker.is_there(now);
        self.askers.iter().any(lately)
    }

    /// A socket is gone, and what it asked with it.
    pub(super) fn leave(&mut self, id: SessionId) {
        self.askers.remove(&id);
        self.waiting.retain(|(of, _)| *of != id);
    }

    /// How many sockets ask at the same time.
    fn together(&self, now: Timestamp) -> usize {
        let there = self.askers.values().filter(|asker| asker.is_there(now));
        there.count().max(1)
    }

    /// How long is still to be stepped back.
    fn wait_ms(&self, now: Timestamp) -> i64 {
        let left = self.free_at.0.saturating_sub(now.0);
        // A clock that jumped holds nobody up.
        if left > LONGEST_BREATH_MS {
            0
        } else {
            left.max(0)
        }
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Puts what a device asks in the queue; one that asks too far ahead loses its socket.
    pub(super) fn ask_for(&mut self, id: SessionId, ask: Ask) {
        let ahead = self.asks.waiting.iter().filter(|(of, _)| *of == id).count();
        if ahead >= AHEAD || self.asks.waiting.len() >= WAITING {
            return self.shed(id);
        }
        if let Some(asker) = self.asks.askers.get_mut(&id) {
            asker.asked_at = self.now;
        }
        self.asks.waiting.push_back((id, ask));
    }

    /// Answers what waited longest of those who were brought least, unless the room is still stepping back.
    pub(super) fn answer_asks(&mut self) {
        if self.asks.waiting.is_empty() {
            return;
        }
        let wait_ms = self.asks.wait_ms(self.now);
        if wait_ms > 0 {
            return self.wake_in(wait_ms);
        }
        let full = self.full_share();
        let now = self.now;
        let credit = |(id, _): &(SessionId, Ask)| {
            let session = self.sessions.get(id);
            session.map_or(i64::MAX, |it| self.pace.credit(it, full, now))
        };
        let credits: Vec<i64> = self.asks.waiting.iter().map(credit).collect();
        let most = credits.iter().copied().max().unwrap_or_default();
        let at = credits
            .iter()
            .position(|it| *it == most)
            .unwrap_or_default();
        let Some((id, ask)) = self.asks.waiting.remove(at) else {
            return;
        };
        self.answer_ask(id, ask, most > 0);
        if !self.asks.waiting.is_empty() {
            let wait_ms = self.asks.wait_ms(self.now).max(1);
            self.wake_in(wait_ms);
        }
    }

    fn answer_ask(&mut self, id: SessionId, ask: Ask, within_share: bool) {
        let neighbours = usize::from(self.turn.has_neighbours);
        let together = self.asks.together(self.now) + neighbours;
        let mut is_again = false;
        if let Some(asker) = self.asks.askers.get_mut(&id) {
            is_again = asker.far.is_some_and(|far| ask.far() <= far);
            asker.far = asker.far.max(Some(ask.far()));
        }
        let is_small = is_again || !within_share;
        let bytes = match (is_small, together) {
            (false, 1) => self.part_bytes,
            (false, many) => (self.part_bytes / many).max(LEAST_BYTES),
            (true, _) => LEAST_BYTES,
        };
        let bytes = bytes.min(self.part_bytes);
        let brought = match ask {
            Ask::After(after) => self.serve(id, after, bytes),
            Ask::On(walk) => self.walk_on(id, walk, bytes),
        };
        let worked_ms = (brought / BYTES_A_MS) as i64;
        let breath_ms = match (is_small, together) {
            (false, 1) => BREATH_MS,
            (false, _) => BREATH_MS + 2 * worked_ms,
            (true, _) => 4 * BREATH_MS + 10 * worked_ms,
        };
        self.asks.free_at = Timestamp(self.now.0 + breath_ms.min(LONGEST_BREATH_MS));
        let price = if is_again { brought * AGAIN } else { brought };
        let full = self.full_share();
        if let Some(session) = self.sessions.get(&id) {
            self.pace.bring(session, price, full, self.now);
        }
    }

    /// What a device may be brought at once: all there is, and some of it again.
    fn full_share(&self) -> Share {
        let head = self.log.state().map_or(0, |state| state.head);
        Share::of(head)
    }
}
