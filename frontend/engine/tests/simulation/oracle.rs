//! What must hold at every moment.

use super::memory_log::MemoryLog;
use super::reading::Reading;
use super::server::Server;
use shared::document::Document;
use shared::id::{ChangeHash, PersonId, RecordId};
use shared::sync::message::{self, FRAME_LIMIT, Outcome, Packed, ToClient};
use shared::sync::packed::{change_hash, unpack};
use shared::sync::room::{Entry, Name};
use shared::sync::validation::{Answer, Question, Verdict};
use shared::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The most effects of one event: what a message costs is bounded.
const EFFECTS: usize = 100;

/// The changes of a push, by position.
pub struct Pushed(Vec<Name>);

impl Pushed {
    pub fn of(changes: &Packed) -> Pushed {
        let items = unpack(changes).unwrap_or_default();
        Pushed(items.iter().map(|it| (it.document, it.hash)).collect())
    }
}

/// A change that somebody was shown as saved.
#[derive(Debug, Clone)]
pub struct Shown {
    pub name: Name,
    /// Its key in the outbox of its device.
    pub key: u64,
    /// The time that it bears.
    pub stamp: Timestamp,
    /// The true time when it was made.
    pub at: Timestamp,
    pub device: usize,
}

#[derive(Default)]
pub struct Oracle {
    pub shown: Vec<Shown>,
    /// What the log ever held in this life, by position.
    committed: BTreeMap<u64, Name>,
    names: BTreeSet<Name>,
    /// What any log ever held.
    pub ever: BTreeSet<Name>,
    /// How far the log was looked through.
    position: u64,
    /// Records that were erased.
    pub erased: BTreeSet<RecordId>,
    /// Records that were erased or squashed.
    pub ended: BTreeSet<RecordId>,
    /// What the validator let in.
    approved: BTreeSet<ChangeHash>,
    /// What nobody may accept.
    pub forged: BTreeSet<ChangeHash>,
    /// Records that the validator did not answer about.
    pub silenced: BTreeSet<RecordId>,
}

impl Oracle {
    pub fn count_effects(&self, effects: usize) {
        assert!(effects <= EFFECTS, "one event led to {effects} effects");
    }

    /// Notes what the validator lets in.
    pub fn note_verdicts(&mut self, question: &Question, answer: &Answer) {
        for (asked, found) in question.documents.iter().zip(&answer.documents) {
            for (change, verdict) in asked.changes.iter().zip(&found.verdicts) {
                if *verdict == Verdict::Accepted {
                    self.approved.extend(change_hash(&change.0));
                }
            }
            let squashed = found.squashed.iter();
            self.approved
                .extend(squashed.filter_map(|it| change_hash(&it.0)));
        }
    }

    /// Notes what came into the log.
    pub fn note_commits(&mut self, log: &MemoryLog) {
        let known = self.position;
        self.position = log.head;
        for (position, entry) in log.entries.range(known + 1..) {
            let item = match entry {
                Entry::Change(item) => item,
                Entry::Erased(record) | Entry::Generation(record) => {
                    self.end(*record);
                    continue;
                }
                Entry::Forget(..) | Entry::Show(..) => continue,
            };
            let name = (item.document, item.hash);
            assert!(
                self.approved.contains(&item.hash),
                "a change is in the log without a verdict"
            );
            assert!(
                !self.forged.contains(&item.hash),
                "a forged change is in the log"
            );
            assert!(
                !self.erased.contains(&item.document)
                    || log.records.get(&item.document).is_some_and(|it| !it.erased),
                "what was erased comes back"
            );
            assert!(self.names.insert(name), "a change is in the log twice");
            self.ever.insert(name);
            self.committed.insert(*position, name);
        }
    }

    /// A record was erased or begins a new generation: what it was is of no account.
    fn end(&mut self, record: RecordId) {
        self.committed.retain(|_, (of, _)| *of != record);
        self.names.retain(|(of, _)| *of != record);
        self.ended.insert(record);
    }

    /// The log is another one from here on.
    pub fn restart_log(&mut self, log: &MemoryLog) {
        self.position = 0;
        self.committed.clear();
        self.names.clear();
        for (record, stands) in &log.records {
            let Some(block) = stands.block else { continue };
            let block = log.blocks[&block].open().expect("a block opens");
            let kept = block.iter().find(|kept| kept.document == *record);
            let snapshot = &kept.expect("a block holds its records").snapshot.0;
            let document = Document::open(snapshot).expect("a snapshot opens");
            self.names
                .extend(document.changes().iter().map(|it| (*record, it.hash)));
        }
        self.note_commits(log);
    }

    /// The records of which the log holds what people made.
    pub fn made_by_people(&self) -> BTreeSet<RecordId> {
        let shown = self.shown.iter().map(|shown| shown.name);
        let kept = shown.filter(|name| self.names.contains(name) && !self.erased.contains(&name.0));
        kept.map(|(record, _)| record).collect()
    }

    pub fn names(&self) -> &BTreeSet<Name> {
        &self.names
    }

    /// What was lost with a disk that was set back is owed no longer.
    pub fn release(&mut self, before: &BTreeSet<Name>, after: &BTreeSet<Name>) {
        let lost = |name: &Name| before.contains(name) && !after.contains(name);
        self.shown.retain(|shown| !lost(&shown.name));
    }

    /// No cursor covers what is not on its disk.
    pub fn check_cursor(
        &self,
        (device, person): (usize, PersonId),
        disk: &Reading,
        server: &Server,
    ) {
        // It learns at its next greeting that this log is another.
        if !server.log().holds_point(&disk.point) {
            return;
        }
        for (position, name) in self.committed.range(..=disk.point.cursor) {
            // A restored server may have lost a generation that the device has, and will offer.
            let stands = server.log().records.get(&name.0);
            let generation = stands.map_or(0, |stands| stands.generation);
            if server.rules.hid(person, name.0) || disk.is_past(name.0, generation) {
                continue;
            }
            assert!(
                disk.has(name) || disk.set_aside.contains(name),
                "the cursor is at {}, but position {position}, {} of {}, is not on the disk of {device}",
                disk.point.cursor,
                name.1,
                name.0
            );
        }
    }

    pub fn check_sent(&self, frame: &[u8]) {
        assert!(
            frame.len() <= FRAME_LIMIT,
            "a frame of {} bytes",
            frame.len()
        );
    }

    /// What leaves the room is in the log, a stretch of it is whole, and nobody sees what is hidden.
    pub fn check_published(&self, server: &Server, person: PersonId, socket: u64, frame: &[u8]) {
        let Some(socket) = server.sockets.get(&socket) else {
            return;
        };
        let message = message::decode(frame).expect("the room's frames are sound");
        match message {
            ToClient::Ack {
                batch, outcomes, ..
            } => {
                let Some(Pushed(names)) = socket.pushed.get(&batch) else {
                    return;
                };
                for (name, outcome) in names.iter().zip(outcomes) {
                    assert!(
                        outcome != Outcome::Accepted || self.ever.contains(name),
                        "acknowledged, but not in the log"
                    );
                }
            }
            ToClient::Changes {
                after,
                upto,
                changes,
                ..
            } => {
                let items = unpack(&changes).expect("the room packs well");
                let sent: BTreeSet<Name> = items.iter().map(|it| (it.document, it.hash)).collect();
                let held = self
                    .committed
                    .range(after + 1..=upto)
                    .map(|(_, name)| *name);
                let held: BTreeSet<Name> = held.collect();
                for name in &sent {
                    assert!(
                        !server.rules.hides(person, name.0),
                        "a hidden change leaves"
                    );
                    assert!(self.ever.contains(name), "sent, but not in the log");
                }
                for name in held.difference(&sent) {
                    assert!(
                        server.rules.hid(person, name.0) || self.ended.contains(&name.0),
                        "positions {} to {upto} were not sent as they are in the log",
                        after + 1
                    );
                }
            }
            ToClient::Records { records, .. } | ToClient::News { records, .. } => {
                assert!(socket.protocol >= 2, "an old device was sent a new message");
                for kept in records.open().expect("the room packs records well") {
                    let record = kept.document;
                    assert!(
                        !server.rules.hides(person, record),
                        "a hidden record leaves"
                    );
                    let stands = server.log().records.get(&record);
                    assert!(
                        stands.is_some_and(|stands| !stands.erased),
                        "a record leaves that was erased"
                    );
                }
            }
            ToClient::Welcome { .. }
            | ToClient::Greeted { .. }
            | ToClient::EraBegan { .. }
            | ToClient::Failed { .. }
            | ToClient::Pong { .. }
            | ToClient::Refused(_)
            | ToClient::UpdateNeeded { .. } => {}
        }
    }
}
