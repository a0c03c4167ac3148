//! Work in the background, when nothing waits: folding raw changes into snapshots, and records into blocks.
//!
//! The validator makes the snapshots. Raw changes leave the log in the transaction that stores the block
//! whose snapshots hold them, and only up to the position that the question was made from.

mod ask;
mod block;

use super::push::LOST_MS;
use super::{ChangeLog, Effect, Folded, LogError, Note, Policy, Record, Room};
use crate::id::RecordId;
use crate::sync::parcel::Kept;
use crate::time::Timestamp;
use std::collections::{BTreeSet, VecDeque};

/// How long nothing was pushed, and nobody walked, before the work begins.
const REST_MS: i64 = 1_000;
/// Where the room never rests, the work begins after so long, in bites.
const PATIENCE_MS: i64 = 10_000;
/// How long apart bites are.
const BITES_MS: i64 = 200;
/// The most documents of a bite.
const BITE: usize = 8;
/// After so many changes it is worth looking whether there is something to do.
const LOOK_AFTER: usize = 32;
/// More documents with raw changes than this are folded …
const LOOSE: u64 = 512;
/// … until no more than this are left.
const LEFT: u64 = 64;
/// A document with more raw changes than this is folded.
const HOT: u32 = 64;
/// The most documents of a block.
const BLOCK: usize = 256;
/// The most bytes of a block before it is packed, unless a single record has more.
const BLOCK_BYTES: usize = 1024 * 1024;
/// The most documents of a question: a push that comes meanwhile has to wait for the answer.
const QUESTION: usize = 32;
/// The most bytes of a question, unless a single document has more.
const QUESTION_BYTES: usize = 1024 * 1024;
/// So many blocks with less than half of their documents current are made one.
const SPARSE: usize = 8;
/// Documents that could not be folded, before they are tried again.
const SPOILT: usize = 1_000;

/// What is done in the background. Losing it costs only work.
#[derive(Debug)]
pub(super) struct Background {
    asking: Option<Asking>,
    /// Whether there may be something to do.
    is_worth_it: bool,
    is_draining: bool,
    /// How many changes were stored since nothing was to be done.
    since: usize,
    /// The documents to fold next.
    chosen: VecDeque<RecordId>,
    /// The records of the next block.
    done: Vec<Done>,
    /// Whether the validator was silent about several: each is asked about alone.
    alone: bool,
    /// What can't be folded or squashed.
    spoilt: BTreeSet<RecordId>,
    pub(super) squash: BTreeSet<RecordId>,
    stored_at: Timestamp,
    /// Since when there is something to do and the room does not rest.
    waits_since: Option<Timestamp>,
    /// When a bite was taken last.
    bitten_at: Timestamp,
    wake_at: Option<Timestamp>,
}

/// A record for the next block.
#[derive(Debug)]
struct Done {
    kept: Kept,
    folded: Folded,
    /// Where it stood.
    record: Record,
}

/// A question that is under way.
#[derive(Debug)]
struct Asking {
    question: u64,
    at: Timestamp,
    about: About,
}

#[derive(Debug)]
enum About {
    /// The documents with the positions up to which they were asked about.
    Fold(Vec<(Folded, Record)>),
    Squash(RecordId, Record),
}

impl Default for Background {
    fn default() -> Background {
        Background {
            asking: None,
            is_worth_it: true,
            is_draining: false,
            since: 0,
            chosen: VecDeque::new(),
            done: Vec::new(),
            alone: false,
            spoilt: BTreeSet::new(),
            squash: BTreeSet::new(),
            stored_at: Timestamp::default(),
            waits_since: None,
            bitten_at: Timestamp::default(),
            wake_at: None,
        }
    }
}

impl Background {
    /// Whether a question is under way.
    pub(super) fn is_asking(&self) -> bool {
        self.asking.is_some()
    }

    /// Whether the question of this number is one of these.
    pub(super) fn asked(&self, question: u64) -> bool {
        let asking = self.asking.as_ref();
        asking.is_some_and(|asking| asking.question == question)
    }

    /// The question that the driver lost.
    pub(super) fn lost(&self, now: Timestamp) -> Option<u64> {
        let asking = self.asking.as_ref()?;
        let asked_ms = now.0.saturating_sub(asking.at.0);
        (!(0..LOST_MS).contains(&asked_ms)).then_some(asking.question)
    }

    /// The timer went off.
    pub(super) fn woke(&mut self) {
        self.wake_at = None;
    }

    /// So many changes were stored.
    pub(super) fn stored(&mut self, now: Timestamp, changes: usize) {
        self.stored_at = now;
        self.since += changes;
        if self.since >= LOOK_AFTER {
            self.is_worth_it = true;
        }
    }

    /// A device is being brought records, and more are to come: the room does not rest, and the validator keeps out of the way.
    pub(super) fn walked(&mut self, now: Timestamp) {
        self.stored_at = now;
    }

    /// Documents are to begin a new generation.
    pub(super) fn wants_squash(&mut self, documents: Vec<RecordId>) {
        let spoilt = &self.spoilt;
        let documents = documents.into_iter();
        self.squash
            .extend(documents.filter(|document| !spoilt.contains(document)));
    }

    /// A document can't be folded or squashed.
    pub(super) fn spoil(&mut self, document: RecordId) {
        if self.spoilt.len() >= SPOILT {
            self.spoilt.clear();
        }
        self.spoilt.insert(document);
    }

    /// Documents were erased, or began a new generation: what was made of them is void.
    pub(super) fn drop_all(&mut self, documents: &BTreeSet<RecordId>) {
        self.done
            .retain(|done| !documents.contains(&done.kept.document));
        self.squash.retain(|document| !documents.contains(document));
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Has the driver wake the room, unless it will be woken before.
    pub(super) fn wake_in(&mut self, ms: i64) {
        let at = Timestamp(self.now.0.saturating_add(ms));
        let is_ahead = |time: &Timestamp| (self.now.0..=at.0).contains(&time.0);
        if !self.background.wake_at.as_ref().is_some_and(is_ahead) {
            self.background.wake_at = Some(at);
            let ms = u32::try_from(ms).unwrap_or(u32::MAX);
            self.effects.push(Effect::WakeIn(ms));
        }
    }

    /// Goes on with the work in the background, where nothing else is to be done.
    pub(super) fn work_on(&mut self) {
        let is_busy = self.flight.is_some() || !self.waiting.is_empty() || self.turn.is_aside();
        if is_busy || self.background.is_asking() {
            return;
        }
        if let Err(error) = self.next_work() {
            self.give_up(&error);
        }
    }

    fn give_up(&mut self, _error: &LogError) {
        self.effects.push(Effect::Note(Note::StorageFailed));
        self.background.chosen.clear();
        self.background.done.clear();
        self.background.is_worth_it = false;
    }

    fn next_work(&mut self) -> Result<(), LogError> {
        while let Some(document) = self.background.squash.pop_first() {
            if self.ask_squash(document)? {
                return Ok(());
            }
        }
        if !self.background.is_worth_it {
            return Ok(());
        }
        if self.background.stored_at == Timestamp::default() {
            // The room just woke up, and someone waits for it.
            self.background.stored_at = self.now;
        }
        if !self.is_time()? {
            return Ok(());
        }
        loop {
            while !self.background.chosen.is_empty() {
                if self.ask_fold()? {
                    return Ok(());
                }
            }
            if !self.background.done.is_empty() {
                self.store_block()?;
                continue;
            }
            if !self.choose()? {
                self.background.is_worth_it = false;
                self.background.since = 0;
                self.background.alone = false;
                return Ok(());
            }
        }
    }

    /// Whether the room rests; or never does, and it is time for a bite.
    fn is_time(&mut self) -> Result<bool, LogError> {
        let rested = self.now.0.saturating_sub(self.background.stored_at.0);
        if !(0..REST_MS).contains(&rested) {
            self.background.waits_since = None;
            return Ok(true);
        }
        if self.background.wake_at.is_none() && !self.has_work()? {
            self.background.is_worth_it = false;
            self.background.since = 0;
            self.background.waits_since = None;
            return Ok(false);
        }
        let since = *self.background.waits_since.get_or_insert(self.now);
        let bitten = self.now.0.saturating_sub(self.background.bitten_at.0);
        let is_due = self.now.0.saturating_sub(since.0) >= PATIENCE_MS;
        if is_due && !(0..BITES_MS).contains(&bitten) {
            self.background.bitten_at = self.now;
            return Ok(true);
        }
        self.wake_in(REST_MS - rested);
        Ok(false)
    }

    /// Whether there is anything to do.
    fn has_work(&self) -> Result<bool, LogError> {
        let is_begun = !self.background.chosen.is_empty() || !self.background.done.is_empty();
        let least = if self.background.is_draining {
            LEFT
        } else {
            LOOSE
        };
        if is_begun || self.log.loose()? > least {
            return Ok(true);
        }
        let spoilt = &self.background.spoilt;
        let hot = self.log.coldest(HOT + 1, 1 + spoilt.len())?;
        if hot.iter().any(|(document, _)| !spoilt.contains(document)) {
            return Ok(true);
        }
        Ok(self.log.sparse(BLOCK as u32 / 2, SPARSE)?.len() >= SPARSE)
    }

    /// Chooses what to do next.
    fn choose(&mut self) -> Result<bool, LogError> {
        let loose = self.log.loose()?;
        if loose > LOOSE {
            self.background.is_draining = true;
        } else if loose <= LEFT {
            self.background.is_draining = false;
        }
        let (raw, limit) = if self.background.is_draining {
            (1, BLOCK)
        } else {
            (HOT + 1, QUESTION)
        };
        let spoilt = &self.background.spoilt;
        let found = self.log.coldest(raw, limit + spoilt.len())?;
        let found = found.into_iter().map(|(document, _)| document);
        let found = found.filter(|document| !spoilt.contains(document));
        self.background.chosen = found.take(limit).collect();
        if !self.background.chosen.is_empty() {
            return Ok(true);
        }
        self.background.is_draining = false;
        self.gather_sparse()
    }
}
