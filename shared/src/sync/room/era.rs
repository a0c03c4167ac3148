//! Whether this log is the one that a device met.
//!
//! A position alone tells nothing: a log that was set back to an older copy of itself grows past it again.
//! So each start of the process gives what it appends a name of its own, drawn by chance; a device that
//! knows the name at a position knows that all up to there is as it was. A room that slept goes on as the
//! same start where one of the sockets that slept with it says so: no copy was put back under an open socket.

use super::{
    Append, ChangeLog, Erasure, LogError, Policy, Room, Session, SessionId, State, ToClient,
};
use crate::mutants::mutant;
use crate::sync::message::{Hello, Mark};

/// The first protocol with eras.
pub(super) const ERAS: u16 = 4;

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Whether the log goes on from what the device met. `None` where it can't be read.
    pub(super) fn continues(
        &mut self,
        id: SessionId,
        hello: &Hello,
        mark: Option<Mark>,
    ) -> Option<bool> {
        let State { epoch, head, .. } = self.state(id)?;
        let is_within = |position: u64| position <= head;
        if hello.epoch != Some(epoch) || !is_within(hello.cursor) {
            return Some(false);
        }
        let Some(mark) = mark else {
            return Some(true);
        };
        if !is_within(mark.position) || mutant!(IgnoresMark) {
            return Some(mutant!(IgnoresMark));
        }
        match self.log.era_of(mark.position) {
            Ok(era) => Some(era == Some(mark.era)),
            Err(error) => {
                self.storage_failed(id, &error);
                None
            }
        }
    }

    /// A socket that slept with the room tells that the process lives on.
    pub(super) fn wake_with(&mut self, session: &Session) {
        let state = self.log.state();
        if state.is_ok_and(|state| session.era == Some(state.era)) {
            self.log.go_on();
        }
    }

    /// Appends to the log; returns the last position.
    pub(super) fn append(&mut self, append: &Append) -> Result<u64, LogError> {
        let before = self.log.state()?;
        let head = self.log.append(append)?;
        self.tell_era(&before);
        Ok(head)
    }

    /// Erases from the log; returns the last position.
    pub(super) fn erase_from_log(&mut self, erasure: &Erasure) -> Result<u64, LogError> {
        let before = self.log.state()?;
        let head = self.log.erase(erasure)?;
        self.tell_era(&before);
        Ok(head)
    }

    /// Tells every device of the era that just began, before anything of it.
    fn tell_era(&mut self, before: &State) {
        let (after, last) = (before.head, before.era);
        let now = self.log.state().map(|state| state.era);
        let Some(era) = now.ok().filter(|era| *era != last) else {
            return;
        };
        let known = self.sessions.iter().filter(|(_, it)| it.speaker.is_some());
        let known: Vec<(SessionId, Session)> = known.map(|(id, it)| (*id, it.clone())).collect();
        for (id, session) in known {
            if session.protocol >= ERAS {
                self.send(id, &ToClient::EraBegan { after, era });
            }
            let era = Some(era);
            self.attach(id, Session { era, ..session });
        }
    }
}
