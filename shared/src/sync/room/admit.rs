//! The checks that need no Automerge.

use super::{
    Binding, ChangeLog, LogError, Name, NewChange, Policy, Quarantined, Record, Refused, Room,
    Speaker,
};
use crate::id::{RecordId, Writer};
use crate::mutants::mutant;
use crate::sync::header::{GENESIS, Header, HeaderError};
use crate::sync::message::{FRAME_LIMIT, Outcome, Reason};
use crate::sync::packed::{Item, pack};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// For how long a change that silenced the validator is not tried again.
const COSTLY_FOR_MS: u64 = 600_000;

/// A batch after the checks.
#[derive(Debug, Default)]
pub(super) struct Admitted {
    /// What becomes of each change, by position; `None` where the validator decides.
    pub(super) outcomes: Vec<Option<Outcome>>,
    /// The changes for the validator, by position.
    pub(super) candidates: BTreeMap<usize, NewChange>,
    /// The candidates that a snapshot must hold already, by their number.
    pub(super) replays: BTreeSet<usize>,
    /// How many operations each candidate has, by its number.
    pub(super) operations: BTreeMap<usize, u64>,
    /// What is kept with its reason.
    pub(super) quarantined: Vec<Quarantined>,
    /// Candidates that were refused before.
    pub(super) readmitted: Vec<Name>,
    /// Where the documents stand that the log holds anything of.
    pub(super) records: BTreeMap<RecordId, Record>,
    /// The documents that are offered and hidden from who offers them.
    pub(super) hidden: BTreeSet<RecordId>,
    /// The generations that devices bring to a log that lost them.
    pub(super) renewed: BTreeMap<RecordId, u32>,
}

/// What the log says about a batch.
struct Facts {
    known: BTreeSet<Name>,
    quarantined: BTreeMap<Name, Refused>,
    bindings: BTreeMap<(RecordId, Writer), Binding>,
    records: BTreeMap<RecordId, Record>,
    renewed: BTreeMap<RecordId, u32>,
}

impl Facts {
    /// Whether it silenced the validator not long ago: its author, who has waited for that, is told
    /// without another try.
    fn is_known_as_costly(&self, name: &Name, now: Timestamp) -> bool {
        self.quarantined.get(name).is_some_and(|refused| {
            refused.reason == Reason::TooCostly && now.0.abs_diff(refused.at.0) < COSTLY_FOR_MS
        })
    }

    /// Where a document stands once the generation that devices bring is begun.
    fn record(&self, document: RecordId) -> Record {
        match self.renewed.get(&document) {
            Some(generation) => Record {
                generation: *generation,
                ..Record::default()
            },
            None => self.records.get(&document).copied().unwrap_or_default(),
        }
    }
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    pub(super) fn admit(
        &self,
        items: Vec<Item>,
        speaker: Speaker,
        refill: bool,
    ) -> Result<Admitted, LogError> {
        let headers: Vec<_> = items.iter().map(|item| read(item, self.now)).collect();
        let mut facts = self.facts(&items, &headers, refill)?;
        let mut admitted = Admitted::default();
        let mut fates: BTreeMap<Name, Outcome> = BTreeMap::new();
        for (at, (item, header)) in items.into_iter().zip(headers).enumerate() {
            let name = (item.document, item.hash);
            let may = self.policy.may_change(&speaker, item.document);
            let sees = self.policy.may_see(&speaker, item.document);
            let verdict = match header {
                // Whoever offers what is hidden is to forget it: a log that was set back did not say so.
                _ if refill && !sees && facts.known.contains(&name) => {
                    admitted.hidden.insert(item.document);
                    admitted
                        .outcomes
                        .push(Some(Outcome::Refused(Reason::Forbidden)));
                    continue;
                }
                _ if facts.known.contains(&name) && !mutant!(SkipsDedupe) => Err(Outcome::Accepted),
                _ if facts.is_known_as_costly(&name, self.now) => {
                    fates.insert(name, Outcome::Refused(Reason::TooCostly));
                    admitted
                        .outcomes
                        .push(Some(Outcome::Refused(Reason::TooCostly)));
                    continue;
                }
                Err(reason) => Err(Outcome::Refused(reason)),
                Ok(_) if !may && refill && sees => Err(Outcome::Refused(Reason::Writer)),
                Ok(_) if !may => Err(Outcome::Refused(Reason::Forbidden)),
                Ok(header) => {
                    admitted.operations.insert(at, header.operations);
                    judge(&item, &header, speaker, refill, &facts, &fates)
                }
            };
            match verdict {
                Ok(new) => {
                    facts.known.insert(name);
                    if facts.quarantined.contains_key(&name) {
                        admitted.readmitted.push(name);
                    }
                    if let Some(binding) = new.binding {
                        facts.bindings.insert((item.document, new.writer), binding);
                    }
                    if new.is_replay {
                        admitted.replays.insert(at);
                    }
                    admitted.candidates.insert(
                        at,
                        NewChange {
                            item,
                            writer: new.writer,
                            sequence: new.sequence,
                            device: new.binding.and_then(|binding| binding.device),
                        },
                    );
                    admitted.outcomes.push(None);
                }
                Err(outcome) => {
                    if outcome != Outcome::Accepted {
                        fates.insert(name, outcome);
                    }
                    if refill && !sees {
                        admitted.hidden.insert(item.document);
                    }
                    if let Outcome::Refused(reason) = outcome
                        && is_kept(reason)
                    {
                        admitted.quarantined.push(Quarantined {
                            item,
                            reason,
                            device: speaker.device,
                        });
                    }
                    admitted.outcomes.push(Some(outcome));
                }
            }
        }
        admitted.records = facts.records;
        admitted.renewed = facts.renewed;
        Ok(admitted)
    }

    fn facts(
        &self,
        items: &[Item],
        headers: &[Result<Header, Reason>],
        refill: bool,
    ) -> Result<Facts, LogError> {
        let documents = items.iter().map(|item| item.document).collect();
        let records = self.log.records(&documents)?;
        let mut renewed = BTreeMap::new();
        for item in items.iter().filter(|_| refill) {
            let record = records.get(&item.document).copied().unwrap_or_default();
            if item.generation > record.generation && !record.erased {
                let newest = renewed.entry(item.document).or_insert(item.generation);
                *newest = item.generation.max(*newest);
            }
        }
        let mut names = BTreeSet::new();
        let mut writers = BTreeSet::new();
        for (item, header) in items.iter().zip(headers) {
            names.insert((item.document, item.hash));
            let Ok(header) = header else { continue };
            let dependencies = header.dependencies.iter();
            let dependencies = dependencies.filter(|hash| **hash != GENESIS);
            names.extend(dependencies.map(|hash| (item.document, *hash)));
            writers.insert((item.document, header.writer));
        }
        // Of what the log holds nothing there is nothing to look up.
        let is_there =
            |document: &RecordId| records.contains_key(document) && !renewed.contains_key(document);
        writers.retain(|(document, _)| is_there(document));
        let of_log = names.iter().filter(|(document, _)| is_there(document));
        let of_log: BTreeSet<Name> = of_log.copied().collect();
        let known = if of_log.is_empty() {
            BTreeSet::new()
        } else {
            self.log.known(&of_log)?
        };
        let bindings = if writers.is_empty() {
            BTreeMap::new()
        } else {
            self.log.bindings(&writers)?
        };
        let missing: BTreeSet<_> = names.difference(&known).copied().collect();
        Ok(Facts {
            quarantined: self.log.quarantined(&missing)?,
            bindings,
            known,
            records,
            renewed,
        })
    }
}

/// Whether the bytes of what is refused for this reason are kept. What was erased is not kept again,
/// and what is to be made again in the next generation will come.
pub(super) fn is_kept(reason: Reason) -> bool {
    !matches!(reason, Reason::Gone | Reason::Squashed)
}

/// A change that the validator may see.
struct Fit {
    writer: Writer,
    sequence: u64,
    /// `None` for a change that everyone makes alike, and for one that a snapshot must hold.
    binding: Option<Binding>,
    is_replay: bool,
}

fn judge(
    item: &Item,
    header: &Header,
    speaker: Speaker,
    refill: bool,
    facts: &Facts,
    fates: &BTreeMap<Name, Outcome>,
) -> Result<Fit, Outcome> {
    let refused = |reason| Err(Outcome::Refused(reason));
    let record = facts.record(item.document);
    if record.erased {
        return refused(Reason::Gone);
    }
    if item.generation < record.generation {
        return refused(Reason::Squashed);
    }
    if item.generation > record.generation && !refill {
        // The log lost a generation: its devices offer it again.
        return Err(Outcome::NeedsDependencies);
    }
    let mut in_snapshot = false;
    for hash in &header.dependencies {
        let name = (item.document, *hash);
        match fates.get(&name) {
            Some(Outcome::Refused(_)) => return refused(Reason::Builds),
            Some(Outcome::NeedsDependencies) => return Err(Outcome::NeedsDependencies),
            Some(Outcome::Accepted) | None => {}
        }
        if *hash == GENESIS || facts.known.contains(&name) {
            continue;
        }
        // What was forbidden to whoever brought it is only missing: another may bring it.
        let quarantined = facts.quarantined.get(&name);
        if quarantined.is_some_and(|it| it.reason != Reason::Forbidden) {
            return refused(Reason::Builds);
        }
        if record.folded == 0 {
            return Err(Outcome::NeedsDependencies);
        }
        in_snapshot = true;
    }
    if header.dependencies.is_empty() {
        return refused(Reason::Malformed);
    }
    let writer = header.writer;
    let sequence = header.sequence;
    if header.is_everyones() {
        if sequence != 1 || header.dependencies != [GENESIS] {
            return refused(Reason::Writer);
        }
        return Ok(Fit {
            writer,
            sequence,
            binding: None,
            is_replay: false,
        });
    }
    let bound = facts.bindings.get(&(item.document, writer));
    let last = bound.map_or(0, |bound| bound.sequence);
    if sequence <= last && record.folded > 0 {
        // Anyone may repeat what is there; the validator says whether it is.
        return Ok(Fit {
            writer,
            sequence,
            binding: None,
            is_replay: true,
        });
    }
    let is_own = writer.person == speaker.person || mutant!(AnyoneMaySign);
    let is_elsewhere = bound
        .and_then(|bound| bound.device)
        .is_some_and(|device| device != speaker.device);
    if !refill && (!is_own || is_elsewhere) {
        return refused(Reason::Writer);
    }
    if sequence != last + 1 {
        if in_snapshot {
            return Err(Outcome::NeedsDependencies);
        }
        // With all dependencies here, a gap or a repetition means that the writer lives twice.
        return refused(Reason::Sequence);
    }
    let device = match bound.and_then(|bound| bound.device) {
        Some(device) => Some(device),
        None => (is_own && !refill).then_some(speaker.device),
    };
    Ok(Fit {
        writer,
        sequence,
        binding: Some(Binding {
            person: writer.person,
            device,
            sequence,
        }),
        is_replay: false,
    })
}

fn read(item: &Item, now: Timestamp) -> Result<Header, Reason> {
    let header = Header::read(&item.bytes).and_then(|header| {
        header.check_time(now)?;
        Ok(header)
    });
    match header {
        Ok(_) if !fits_a_frame(item) => Err(Reason::TooLarge),
        Ok(header) => Ok(header),
        Err(HeaderError::Malformed) => Err(Reason::Malformed),
        Err(HeaderError::TooLarge) => Err(Reason::TooLarge),
        Err(HeaderError::Time(_)) => Err(Reason::Time),
    }
}

/// Whether the change can be sent on by itself.
pub(super) fn fits_a_frame(item: &Item) -> bool {
    let room = FRAME_LIMIT - 64;
    if item.bytes.len() < room {
        return true;
    }
    let alone = [(item.document, item.generation, item.bytes.as_slice())];
    pack(alone).0.0.len() < room
}
