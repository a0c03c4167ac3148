//! Connecting, staying connected, and trying again.

use super::clock::{Clock, Deadline};
use super::eras::Eras;
use super::machine::Client;
use super::{Effect, Need};
use crate::mutants::mutant;
use crate::sync::message::{self, Epoch, Era, Hello, Mark, PROTOCOL, ToRoom};
use crate::time::Timestamp;

/// How long a socket may take to open.
const OPEN_MS: i64 = 15_000;
/// How long any answer may take.
pub(super) const ANSWER_MS: i64 = 10_000;
/// How long an answer may take that fills a frame: 256 KiB at 70 kbit/s.
pub(super) const BULK_ANSWER_MS: i64 = 30_000;
/// After so long without a frame, a sign of life is asked for.
const IDLE_MS: i64 = 45_000;
/// The first pause before another attempt; each one doubles it.
const FIRST_PAUSE_MS: i64 = 500;
/// The longest pause.
const LONGEST_PAUSE_MS: i64 = 60_000;

/// The state of the connection.
#[derive(Debug, Default)]
pub(super) struct Link {
    state: State,
    /// The protocol that both speak.
    pub(super) protocol: u16,
    pub(super) eras: Eras,
    attempts: u32,
    /// How many messages a greeting fell back on that older servers know.
    fallback: u8,
    /// The first byte of the greeting that was sent last.
    greeting: Option<u8>,
}

#[derive(Debug, Clone, Copy, Default)]
enum State {
    #[default]
    Idle,
    Paused {
        until: Deadline,
    },
    Opening {
        until: Deadline,
    },
    Greeting {
        until: Deadline,
    },
    Live {
        ping_at: Deadline,
        answer_by: Option<Deadline>,
    },
}

impl Link {
    pub(super) fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    /// Whether frames are to be expected.
    pub(super) fn is_connected(&self) -> bool {
        matches!(self.state, State::Live { .. } | State::Greeting { .. })
    }

    /// What was attempted came to a good end: the next pause is short.
    pub(super) fn is_well(&mut self) {
        self.attempts = 0;
    }

    pub(super) fn retry_at(&self) -> Option<Deadline> {
        match self.state {
            State::Paused { until } => Some(until),
            State::Idle | State::Opening { .. } | State::Greeting { .. } | State::Live { .. } => {
                None
            }
        }
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        match self.state {
            State::Idle => None,
            State::Paused { until } | State::Opening { until } | State::Greeting { until } => {
                Some(until)
            }
            State::Live { ping_at, answer_by } => Some(answer_by.unwrap_or(ping_at)),
        }
    }

    fn pause(&mut self, clock: &mut Clock) {
        let doubled = FIRST_PAUSE_MS << self.attempts.min(7);
        let pause = clock.jitter(doubled.min(LONGEST_PAUSE_MS));
        self.attempts = self.attempts.saturating_add(1);
        self.state = State::Paused {
            until: clock.after(pause),
        };
    }
}

impl Client {
    /// Connects unless that is under way.
    pub(super) fn try_now(&mut self) {
        if matches!(self.link.state, State::Idle | State::Paused { .. }) {
            self.link.state = State::Opening {
                until: self.clock.after(OPEN_MS),
            };
            self.effects.push(Effect::Connect);
        }
    }

    pub(super) fn nudge(&mut self) {
        self.outbound.stop_waiting();
        if let State::Live { ping_at, .. } = &mut self.link.state {
            *ping_at = self.clock.after(0);
        } else {
            self.link.attempts = 0;
            self.try_now();
        }
    }

    pub(super) fn greet(&mut self) {
        if !matches!(self.link.state, State::Opening { .. }) {
            return;
        }
        self.link.state = State::Greeting {
            until: self.clock.after(ANSWER_MS),
        };
        self.link.fallback = 0;
        self.say_hello();
    }

    fn say_hello(&mut self) {
        let hello = Hello {
            protocol: PROTOCOL,
            build: self.identity.build.clone(),
            device: self.identity.device,
            incarnation: self.identity.incarnation,
            person: self.identity.person,
            epoch: self.disk.target.epoch,
            cursor: self.inbound.received,
        };
        let walk = self.inbound.walk;
        let mark = self.disk.target.mark;
        let greeting = message::encode(&match (self.link.fallback, walk) {
            (0, walk) => ToRoom::Greet { hello, walk, mark },
            (1, Some(walk)) => ToRoom::Return { hello, walk },
            _ => ToRoom::Hello(hello),
        });
        self.link.greeting = greeting.first().copied();
        self.effects.push(Effect::Send(greeting));
    }

    /// The room does not know a message of this type: only the greeting matters. One that came to it damaged
    /// is no reason to greet as an older device, which hears of no eras.
    pub(super) fn not_understood(&mut self, message: u8) {
        if self.link.greeting != Some(message) {
            return;
        }
        if !matches!(self.link.state, State::Greeting { .. }) || self.link.fallback > 1 {
            return;
        }
        self.link.fallback += 1;
        if self.link.fallback > 1 {
            if self.inbound.walk.is_none() {
                return;
            }
            self.stop_walking();
        }
        self.say_hello();
    }

    /// What the walk brought stays, and everything comes from the cursor on.
    fn stop_walking(&mut self) {
        self.inbound.stop_walking();
        self.disk.move_to(self.inbound.received);
    }

    /// A server that knows no eras answers: only its epoch and its head tell whether it was set back.
    pub(super) fn welcomed(&mut self, protocol: u16, epoch: Epoch, head: u64, now: Timestamp) {
        let continues = self.disk.target.epoch == Some(epoch) && self.inbound.received <= head;
        self.go_live((protocol, epoch, head, now), None, continues);
    }

    /// A server answers; it says whether its log goes on from what is here.
    pub(super) fn go_live(
        &mut self,
        (protocol, epoch, head, now): (u16, Epoch, u64, Timestamp),
        era: Option<Era>,
        continues: bool,
    ) {
        if !matches!(self.link.state, State::Greeting { .. }) || protocol > PROTOCOL {
            return self.reconnect();
        }
        self.link.state = State::Live {
            ping_at: self.clock.after(IDLE_MS),
            answer_by: None,
        };
        self.link.protocol = protocol;
        self.link.eras = Eras::of(era);
        self.note_server_time(now);
        if self.status.need != Some(Need::DeviceSpace) {
            self.status.need = None;
        }
        let known = self.disk.target.epoch;
        if !(continues || mutant!(IgnoresEpoch) && known.is_some()) {
            // A server that the device never met has nothing of it; one that was set back may
            // have lost some of it.
            let offering = known.is_some() || self.disk.target.offering;
            self.disk.begin_epoch(epoch, offering);
            self.outbound.offer(offering);
            self.inbound.restart();
        } else if self
            .inbound
            .walk
            .is_some_and(|walk| walk.upto > head || protocol < 2)
        {
            self.stop_walking();
        }
        if let Some(era) = era {
            let position = head;
            self.disk.target.mark = Some(Mark { position, era });
        }
        let answer_by = self.clock.after(BULK_ANSWER_MS);
        self.inbound.welcome(head, answer_by);
    }

    pub(super) fn note_server_time(&mut self, now: Timestamp) {
        self.status.clock_offset_ms = Some(now.0.saturating_sub(self.clock.now().0));
    }

    /// A frame came: the server lives.
    pub(super) fn heard(&mut self) {
        self.status.contact_at = Some(self.clock.now());
        if let State::Live { ping_at, answer_by } = &mut self.link.state {
            *ping_at = self.clock.after(IDLE_MS);
            *answer_by = None;
        }
    }

    pub(super) fn ping_when_idle(&mut self) {
        let State::Live { ping_at, answer_by } = &mut self.link.state else {
            return;
        };
        if answer_by.is_none() && self.clock.is_past(*ping_at) {
            *answer_by = Some(self.clock.after(ANSWER_MS));
            self.send(&ToRoom::Ping);
        }
    }

    /// The socket is gone: tries again after a pause.
    pub(super) fn lose(&mut self) {
        self.inbound.disconnected(&self.disk.target);
        self.outbound.disconnected();
        self.link.pause(&mut self.clock);
    }

    /// Gives the socket up, and tries again after a pause.
    pub(super) fn reconnect(&mut self) {
        self.effects.push(Effect::Disconnect);
        self.lose();
    }

    /// Gives up until a person acts, or for a long while.
    pub(super) fn stop(&mut self, need: Need, retry_ms: i64) {
        self.reconnect();
        self.status.need = Some(need);
        self.link.state = State::Paused {
            until: self.clock.after(retry_ms),
        };
    }

    pub(super) fn connect_when_due(&mut self) {
        if let State::Paused { until } = self.link.state
            && self.clock.is_past(until)
        {
            self.try_now();
        }
    }

    /// Gives the socket up where an answer is overdue.
    pub(super) fn expire(&mut self) {
        let overdue = match self.link.state {
            State::Opening { until } | State::Greeting { until } => Some(until),
            State::Live { answer_by, .. } => [
                answer_by,
                self.inbound.overdue_at(),
                self.outbound.answer_by(),
            ]
            .into_iter()
            .flatten()
            .min(),
            State::Idle | State::Paused { .. } => None,
        };
        if overdue.is_some_and(|deadline| self.clock.is_past(deadline)) {
            self.reconnect();
        }
        if self.disk.is_stuck(&self.clock) {
            self.status.need = Some(Need::DeviceSpace);
        }
    }
}
