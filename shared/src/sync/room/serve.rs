//! Welcoming devices, and giving them the log.

use super::asks::Ask;
use super::era::ERAS;
use super::history::History;
use super::{
    ChangeLog, Effect, Entry, LogError, LogRow, Note, Policy, Record, Room, SOCKETS_A_DEVICE,
    Session, SessionId, Speaker, State,
};
use crate::id::RecordId;
use crate::sync::message::{
    self, BATCH_CHANGES, FRAME_LIMIT, Failure, Hello, Mark, Notice, OLDEST_PROTOCOL, PROTOCOL,
    ToClient, Walk, close,
};
use crate::sync::packed::{Item, pack_for};
use crate::sync::parcel::{Kept, Parcel};
use std::collections::{BTreeMap, BTreeSet};

/// How many bytes of changes to try to fit into one frame.
const STRETCH_BYTES: usize = 640 * 1024;
/// A device further behind than this many entries is brought up to date record by record.
const GAP: u64 = 500;
/// The first protocol with walks and notices.
const WALKS: u16 = 2;

/// Who reads, and which protocol they speak.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader {
    pub(super) speaker: Speaker,
    pub(super) protocol: u16,
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// A device of a protocol without eras says Hello, or is back in the middle of a walk.
    pub(super) fn welcome(&mut self, id: SessionId, hello: &Hello, walk: Option<Walk>) {
        if let Some(State { epoch, head, .. }) = self.state(id) {
            let continues = hello.epoch == Some(epoch) && hello.cursor <= head;
            self.admit_device(id, hello, walk, continues, false);
        }
    }

    /// A device says Hello that knows how far the log had reached.
    pub(super) fn greet(
        &mut self,
        id: SessionId,
        hello: &Hello,
        walk: Option<Walk>,
        mark: Option<Mark>,
    ) {
        if let Some(continues) = self.continues(id, hello, mark) {
            self.admit_device(id, hello, walk, continues, true);
        }
    }

    fn admit_device(
        &mut self,
        id: SessionId,
        hello: &Hello,
        walk: Option<Walk>,
        continues: bool,
        knows_eras: bool,
    ) {
        if hello.protocol < OLDEST_PROTOCOL {
            return self.update_needed(id);
        }
        let Some(state) = self.state(id) else {
            return;
        };
        let State {
            epoch, head, era, ..
        } = state;
        let speaker = Speaker {
            device: hello.device,
            incarnation: hello.incarnation,
            person: hello.person,
        };
        let cursor = if continues { hello.cursor } else { 0 };
        // Whoever says Hello or Return does not know of eras.
        let newest = if knows_eras { PROTOCOL } else { ERAS - 1 };
        let protocol = newest.min(hello.protocol);
        self.live.leave(id);
        let address = self.sessions.get(&id).map(|session| session.address);
        let session = Session {
            speaker: Some(speaker),
            protocol,
            live: cursor == head,
            address: address.unwrap_or_default(),
            era: state.is_own_era.then_some(era),
        };
        self.attach(id, session);
        self.close_oldest(speaker);
        let now = self.now;
        let welcome = if knows_eras {
            ToClient::Greeted {
                protocol,
                epoch,
                head,
                era,
                continues,
                now,
            }
        } else {
            ToClient::Welcome {
                protocol,
                epoch,
                head,
                now,
            }
        };
        self.send(id, &welcome);
        let walk = walk.filter(|walk| {
            let is_sound = walk.base == cursor && walk.base <= walk.above;
            continues && is_sound && walk.above <= walk.upto && walk.upto <= head
        });
        match walk {
            Some(walk) => self.ask_for(id, Ask::On(walk)),
            None if cursor == head => self.go_live(id, head),
            None => self.ask_for(id, Ask::After(cursor)),
        }
    }

    fn close_oldest(&mut self, speaker: Speaker) {
        let device = speaker.device;
        let of_device = self.sessions.iter().filter(|(_, session)| {
            session
                .speaker
                .is_some_and(|speaker| speaker.device == device)
        });
        let ids: Vec<SessionId> = of_device.map(|(id, _)| *id).collect();
        let surplus = ids.len().saturating_sub(SOCKETS_A_DEVICE);
        for id in ids.into_iter().take(surplus) {
            self.leave(id);
            self.effects
                .push(Effect::Close(id, close::TOO_MANY_SOCKETS));
        }
    }

    pub(super) fn reader(&self, id: SessionId) -> Option<Reader> {
        let session = self.sessions.get(&id)?;
        Some(Reader {
            speaker: session.speaker?,
            protocol: session.protocol,
        })
    }

    pub(super) fn pong(&mut self, id: SessionId) {
        if let Some(State { head, .. }) = self.state(id) {
            let now = self.now;
            self.send(id, &ToClient::Pong { now, head });
        }
    }

    pub(super) fn update_needed(&mut self, id: SessionId) {
        let is_new = self
            .sessions
            .get(&id)
            .is_some_and(|session| session.speaker.is_some());
        let oldest = if is_new { WALKS } else { OLDEST_PROTOCOL };
        self.send(id, &ToClient::UpdateNeeded { oldest });
    }

    /// Sends the log from a position on, as much as one frame takes and about so many bytes; or, where it is
    /// far behind or what it lacks left the log, the records. Says how many bytes that were.
    pub(super) fn serve(&mut self, id: SessionId, after: u64, bytes: usize) -> usize {
        let Some(State { head, floor, .. }) = self.state(id) else {
            return 0;
        };
        let Some(reader) = self.reader(id) else {
            return 0;
        };
        let is_behind = after < head && (after < floor || head - after > GAP);
        if is_behind && reader.protocol >= WALKS {
            return self.walk_on(
                id,
                Walk {
                    base: after,
                    above: after,
                    upto: head,
                    below: head + 1,
                },
                bytes,
            );
        }
        if after < floor {
            self.fall_behind(id);
            self.update_needed(id);
            return 0;
        }
        let rows = self
            .log
            .read(after, BATCH_CHANGES, bytes.min(STRETCH_BYTES));
        let brought = rows
            .as_ref()
            .map_or(0, |rows| rows.iter().map(weight).sum());
        let made = rows.and_then(|rows| self.stretch(&reader, after, head, &rows));
        match made {
            Ok(Some((frame, upto))) => {
                self.effects.push(Effect::Send(id, frame));
                if upto >= head {
                    self.go_live(id, upto);
                } else {
                    self.fall_behind(id);
                }
            }
            Ok(None) => {
                self.fall_behind(id);
                self.update_needed(id);
            }
            Err(error) => self.storage_failed(id, &error),
        }
        brought
    }

    /// A frame with the beginning of a stretch of the log, and its last position. `None` where the
    /// device's protocol has no words for it.
    pub(super) fn stretch(
        &mut self,
        reader: &Reader,
        after: u64,
        head: u64,
        rows: &[LogRow],
    ) -> Result<Option<(Vec<u8>, u64)>, LogError> {
        let mut rows = &rows[..rows.len().min(BATCH_CHANGES)];
        loop {
            let is_news = |row: &LogRow| self.is_news(reader, &row.entry);
            let plain = rows.iter().position(is_news).unwrap_or(rows.len());
            let made = if plain > 0 || rows.is_empty() {
                rows = &rows[..plain];
                let items = rows.iter().filter_map(|row| match &row.entry {
                    Entry::Change(item) => Some(item),
                    Entry::Forget(..)
                    | Entry::Show(..)
                    | Entry::Erased(_)
                    | Entry::Generation(_) => None,
                });
                let seen = items.filter(|item| self.policy.may_see(&reader.speaker, item.document));
                let upto = rows.last().map_or(after.max(head), |row| row.position);
                (changes(reader.protocol, (after, upto, head), seen), upto)
            } else if reader.protocol < WALKS {
                return Ok(None);
            } else {
                self.news(reader, after, head, rows)?
            };
            if made.0.len() <= FRAME_LIMIT || rows.len() <= 1 {
                return Ok(Some(made));
            }
            rows = &rows[..rows.len().div_ceil(2)];
        }
    }

    /// Whether an entry is more to this person than a change to a record.
    fn is_news(&self, reader: &Reader, entry: &Entry) -> bool {
        match entry {
            Entry::Change(_) => false,
            Entry::Forget(person, _) | Entry::Show(person, _) => *person == reader.speaker.person,
            Entry::Erased(_) => true,
            Entry::Generation(document) => self.policy.may_see(&reader.speaker, *document),
        }
    }

    /// The news at the beginning of these entries.
    fn news(
        &mut self,
        reader: &Reader,
        after: u64,
        head: u64,
        rows: &[LogRow],
    ) -> Result<(Vec<u8>, u64), LogError> {
        let mut notices = Vec::new();
        let mut whole: BTreeSet<RecordId> = BTreeSet::new();
        let mut upto = after;
        for row in rows {
            match &row.entry {
                Entry::Change(item) if whole.contains(&item.document) => {}
                Entry::Change(item) => {
                    if self.policy.may_see(&reader.speaker, item.document) {
                        break;
                    }
                }
                Entry::Erased(document) => notices.push(Notice::Erased(*document)),
                Entry::Forget(person, document) if *person == reader.speaker.person => {
                    if !self.policy.may_see(&reader.speaker, *document) {
                        notices.push(Notice::Forget(*document));
                        whole.remove(document);
                    }
                }
                Entry::Show(person, document) if *person == reader.speaker.person => {
                    whole.insert(*document);
                }
                Entry::Generation(document) => {
                    whole.insert(*document);
                }
                Entry::Forget(..) | Entry::Show(..) => {}
            }
            upto = row.position;
        }
        whole.retain(|document| self.policy.may_see(&reader.speaker, *document));
        let records = self.whole(&whole)?;
        let news = ToClient::News {
            after,
            upto,
            head,
            notices,
            records: Parcel::pack_for(reader.protocol, &records),
        };
        Ok((message::encode(&news), upto))
    }

    /// Records, whole; those that are erased are not.
    fn whole(&mut self, documents: &BTreeSet<RecordId>) -> Result<Vec<Kept>, LogError> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let mut records = self.log.records(documents)?;
        records.retain(|_, record: &mut Record| !record.erased);
        let histories: BTreeMap<RecordId, History> = self.histories(&records)?;
        let whole = histories.into_iter().filter(|(_, it)| it.len() > 0);
        Ok(whole.map(|(id, history)| history.keep(id, 0)).collect())
    }

    pub(super) fn state(&mut self, id: SessionId) -> Option<State> {
        match self.log.state() {
            Ok(state) => Some(state),
            Err(error) => {
                self.storage_failed(id, &error);
                None
            }
        }
    }

    /// Nothing can be said without the log: the device connects again later.
    pub(super) fn storage_failed(&mut self, id: SessionId, _error: &LogError) {
        self.effects.push(Effect::Note(Note::StorageFailed));
        self.effects.push(Effect::Close(id, close::ROOM_FAILED));
        self.leave(id);
    }

    pub(super) fn fail(&mut self, id: SessionId, batch: u32, failure: Failure) {
        let is_old = self.reader(id).is_some_and(|it| it.protocol < WALKS);
        let failure = match failure {
            Failure::TooFast if is_old => Failure::Busy,
            Failure::TooFast
            | Failure::BadBatch
            | Failure::TooLarge
            | Failure::StorageFull
            | Failure::Storage
            | Failure::Busy => failure,
        };
        self.send(id, &ToClient::Failed { batch, failure });
    }
}

/// How many bytes an entry of the log has.
fn weight(row: &LogRow) -> usize {
    match &row.entry {
        Entry::Change(item) => item.bytes.len(),
        Entry::Forget(..) | Entry::Show(..) | Entry::Erased(_) | Entry::Generation(_) => 64,
    }
}

fn changes<'a>(
    protocol: u16,
    (after, upto, head): (u64, u64, u64),
    items: impl Iterator<Item = &'a Item>,
) -> Vec<u8> {
    let items = items.map(|item| (item.document, item.generation, item.bytes.as_slice()));
    let (changes, _) = pack_for(protocol, items);
    message::encode(&ToClient::Changes {
        after,
        upto,
        head,
        changes,
    })
}
