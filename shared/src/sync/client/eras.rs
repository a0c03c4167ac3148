//! How far the log is known to have reached.
//!
//! The mark moves with everything that the server says of its log, in memory, and is stored with whatever
//! relies on it. A device that comes back says it; where the server's log is of another era there, it was
//! set back meanwhile, and the device begins it anew and offers what it has.

use super::machine::Client;
use crate::sync::message::{Era, Mark, ToClient};

/// What the server said on this connection of its eras.
#[derive(Debug, Default)]
pub(super) struct Eras {
    /// The era up to where the next one began; `None` of a server that tells none.
    last: Option<Era>,
    /// The position behind which a new one began, and its name.
    next: Option<(u64, Era)>,
}

impl Eras {
    /// Those of a server whose head is of this era.
    pub(super) fn of(era: Option<Era>) -> Eras {
        Eras {
            last: era,
            next: None,
        }
    }

    fn at(&self, position: u64) -> Option<Era> {
        let next = self.next.filter(|(after, _)| position > *after);
        next.map(|(_, era)| era).or(self.last)
    }
}

impl Client {
    pub(super) fn era_began(&mut self, after: u64, era: Era) {
        let eras = &mut self.link.eras;
        *eras = Eras {
            last: eras.at(u64::MAX),
            next: Some((after, era)),
        };
    }

    /// The server speaks of a position that its log has.
    pub(super) fn note_reach(&mut self, message: &ToClient) {
        let position = match message {
            ToClient::Changes { head, upto, .. } | ToClient::News { head, upto, .. } => {
                *head.max(upto)
            }
            ToClient::Ack { upto, .. } => *upto,
            ToClient::Records { walk, .. } => walk.upto,
            ToClient::Pong { head, .. } => *head,
            ToClient::Welcome { .. }
            | ToClient::Greeted { .. }
            | ToClient::EraBegan { .. }
            | ToClient::Failed { .. }
            | ToClient::Refused(_)
            | ToClient::UpdateNeeded { .. } => return,
        };
        let known = self.disk.target.mark;
        if known.is_none_or(|mark| mark.position < position)
            && let Some(era) = self.link.eras.at(position)
        {
            self.disk.target.mark = Some(Mark { position, era });
        }
    }
}
