//! What is new, brought to every device that has all the rest.
//!
//! The first of several that come fast goes at once; those that follow while pushes are being checked go
//! together. A device that says nothing while much is sent to it is left to pull when it can.

use super::serve::Reader;
use super::{
    Append, ChangeLog, Effect, Entry, LogRow, Policy, Room, Session, SessionId, Sight, State,
};
use crate::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};

/// For how long what is new may wait for more while pushes are being checked.
const TOGETHER_MS: i64 = 20;
/// The most bytes that wait.
const TOGETHER_BYTES: usize = 64 * 1024;
/// How many bytes are sent to a device that says nothing.
const CREDIT: usize = 1024 * 1024;

/// What is known of the devices that are up to date.
#[derive(Debug, Default)]
pub(super) struct Live {
    lanes: BTreeMap<SessionId, Lane>,
    /// The entries that not all of them were sent.
    fresh: VecDeque<LogRow>,
    bytes: usize,
    published_at: Timestamp,
}

#[derive(Debug, Clone, Copy)]
struct Lane {
    /// The position up to which it was sent everything.
    sent: u64,
    /// The bytes sent since it last said something.
    spent: usize,
}

/// Frames that several devices get: by the position before them.
type Frames = BTreeMap<(u64, u16), (Vec<u8>, u64)>;

impl Live {
    /// A frame came.
    pub(super) fn heard(&mut self, id: SessionId) {
        if let Some(lane) = self.lanes.get_mut(&id) {
            lane.spent = 0;
        }
    }

    /// A socket is gone, or its device is behind.
    pub(super) fn leave(&mut self, id: SessionId) {
        self.lanes.remove(&id);
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Takes in a socket that slept with the room.
    pub(super) fn restore(&mut self, id: SessionId, session: Session) {
        let is_live = session.live;
        self.wake_with(&session);
        self.sessions.insert(id, session);
        if is_live && let Some(State { head, .. }) = self.state(id) {
            self.go_live(id, head);
        }
    }

    /// A device has everything up to the head of the log.
    pub(super) fn go_live(&mut self, id: SessionId, sent: u64) {
        let spent = self.live.lanes.get(&id).map_or(0, |lane| lane.spent);
        self.live.lanes.insert(id, Lane { sent, spent });
        self.set_live(id, true);
    }

    /// A device is to ask for what it lacks.
    pub(super) fn fall_behind(&mut self, id: SessionId) {
        self.live.leave(id);
        self.set_live(id, false);
    }

    fn set_live(&mut self, id: SessionId, live: bool) {
        if let Some(session) = self.sessions.get(&id) {
            let session = Session {
                live,
                ..session.clone()
            };
            self.attach(id, session);
        }
    }

    /// Takes in what was appended; its author has it.
    pub(super) fn enter(&mut self, author: Option<SessionId>, after: u64, append: Append) {
        let renewed = append.renewed.into_iter();
        let renewed = renewed.map(|renewed| Entry::Generation(renewed.document));
        let has_renewed = renewed.len() > 0;
        let changes = append
            .changes
            .into_iter()
            .map(|new| Entry::Change(new.item));
        let notices = append.notices.into_iter();
        let notices = notices.map(|(person, document, sight)| match sight {
            Sight::Hidden => Entry::Forget(person, document),
            Sight::Shown => Entry::Show(person, document),
        });
        let mut head = after;
        for entry in renewed.chain(changes).chain(notices) {
            head += 1;
            self.enter_entry(head, entry);
        }
        if let Some(lane) = author.and_then(|author| self.live.lanes.get_mut(&author))
            && lane.sent == after
            && !has_renewed
        {
            lane.sent = head;
        }
    }

    /// Takes in one entry.
    pub(super) fn enter_entry(&mut self, position: u64, entry: Entry) {
        if let Entry::Change(item) = &entry {
            self.live.bytes += item.bytes.len();
        }
        self.live.fresh.push_back(LogRow { position, entry });
    }

    /// Publishes what is new, or lets it wait a moment for what is being checked.
    pub(super) fn publish(&mut self) {
        if self.live.fresh.is_empty() {
            return;
        }
        let is_idle = self.flight.is_none() && self.waiting.is_empty();
        let waited = self.now.0.saturating_sub(self.live.published_at.0);
        let may_wait = (0..TOGETHER_MS).contains(&waited) && self.live.bytes < TOGETHER_BYTES;
        if !is_idle && may_wait {
            return self.wake_in(TOGETHER_MS);
        }
        let last = self.live.fresh.back().map_or(0, |row| row.position);
        let mut frames = Frames::new();
        let ids: Vec<SessionId> = self.live.lanes.keys().copied().collect();
        for id in ids {
            self.bring_from(id, last, &mut frames);
        }
        self.live.fresh.clear();
        self.live.bytes = 0;
        self.live.published_at = self.now;
    }

    /// Brings one device what is new up to a position.
    pub(super) fn bring(&mut self, id: SessionId, upto: u64) {
        self.bring_from(id, upto, &mut Frames::new());
    }

    fn bring_from(&mut self, id: SessionId, upto: u64, frames: &mut Frames) {
        while let Some(Lane { sent, spent }) = self.live.lanes.get(&id).copied() {
            let Some(reader) = self.reader(id).filter(|_| sent < upto) else {
                return;
            };
            let first = self.live.fresh.front().map(|row| row.position);
            if first.is_none_or(|first| first > sent + 1) || spent > CREDIT {
                // It learns from the head that there is more, and pulls.
                self.fall_behind(id);
                return self.pong(id);
            }
            let shared = self.policy.is_the_same_for_all();
            let key = (sent, reader.protocol);
            let known = frames.get(&key).filter(|_| shared).cloned();
            let (frame, last) = match known {
                Some(known) => known,
                None => match self.fresh_stretch(id, &reader, sent, upto) {
                    Some(made) => {
                        frames.insert(key, made.clone());
                        made
                    }
                    None => return,
                },
            };
            if let Some(lane) = self.live.lanes.get_mut(&id) {
                lane.sent = last;
                lane.spent += frame.len();
            }
            self.effects.push(Effect::Send(id, frame));
        }
    }

    fn fresh_stretch(
        &mut self,
        id: SessionId,
        reader: &Reader,
        sent: u64,
        upto: u64,
    ) -> Option<(Vec<u8>, u64)> {
        let rows = self.live.fresh.iter();
        let rows = rows.filter(|row| row.position > sent && row.position <= upto);
        let rows: Vec<LogRow> = rows.cloned().collect();
        let State { head, .. } = self.state(id)?;
        match self.stretch(reader, sent, head, &rows) {
            Ok(Some(made)) => Some(made),
            Ok(None) => {
                self.fall_behind(id);
                self.update_needed(id);
                None
            }
            Err(error) => {
                self.storage_failed(id, &error);
                None
            }
        }
    }
}
