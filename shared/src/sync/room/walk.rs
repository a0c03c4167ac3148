//! Bringing a device that is far behind up to date, record by record; [`Walk`] says how.
//!
//! The room remembers nothing of a walk: each request says where it stands.

use super::serve::Reader;
use super::{BlockId, ChangeLog, Effect, LogError, Policy, Record, Room, SessionId, Sight, State};
use crate::id::RecordId;
use crate::sync::message::{self, FRAME_LIMIT, Notice, ToClient, Walk};
use crate::sync::parcel::{Kept, PARCEL_RECORDS, Parcel};
use std::collections::{BTreeMap, BTreeSet};

/// Records that are looked at at a time.
const PAGE: usize = 512;
/// Histories that are read at a time.
const HISTORIES: usize = 32;
/// The most bytes of records for one frame before they are packed.
pub(super) const PART_BYTES: usize = 640 * 1024;
/// The most records that are passed over for one frame.
const PASSED: usize = 4 * PAGE;

/// A frame's part of a walk.
#[derive(Debug, Default)]
struct Part {
    /// The records.
    records: Vec<Kept>,
    /// The last position of each.
    lasts: Vec<u64>,
    /// What went, each with the record's last position.
    notices: Vec<(u64, Notice)>,
    /// A block, as it is stored, in the place of records.
    block: Option<Parcel>,
    /// The lowest last position that this part covers.
    below: u64,
    /// Whether nothing of the round is left behind this part.
    is_last: bool,
}

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Sends the next part of a walk, of about so many bytes before they are packed. Says how many they were.
    pub(super) fn walk_on(&mut self, id: SessionId, walk: Walk, bytes: usize) -> usize {
        let Some(State { head, .. }) = self.state(id) else {
            return 0;
        };
        let Some(reader) = self.reader(id) else {
            return 0;
        };
        self.fall_behind(id);
        let is_sound = walk.base <= walk.above && walk.above <= walk.upto && walk.upto <= head;
        let mut walk = if is_sound {
            walk
        } else {
            let base = walk.base.min(head);
            round(base, base, head)
        };
        match self.part(&reader, &mut walk, head, bytes) {
            Ok((frame, brought)) => {
                self.effects.push(Effect::Send(id, frame));
                if walk.below <= walk.above {
                    self.go_live(id, walk.upto);
                } else {
                    self.background.walked(self.now);
                }
                brought
            }
            Err(error) => {
                self.storage_failed(id, &error);
                0
            }
        }
    }

    /// A frame with the next part, and what it cost in bytes; `walk` then stands behind it.
    fn part(
        &mut self,
        reader: &Reader,
        walk: &mut Walk,
        head: u64,
        bytes: usize,
    ) -> Result<(Vec<u8>, usize), LogError> {
        let mut part = self.gather(reader, walk, bytes)?;
        let is_empty = part.records.is_empty() && part.block.is_none() && part.notices.is_empty();
        if is_empty && part.is_last && walk.upto < head {
            *walk = round(walk.base, walk.upto, head);
            part = self.gather(reader, walk, bytes)?;
        }
        let mut count = part.records.len();
        loop {
            let records = part.records.get(..count).unwrap_or(&[]);
            let is_cut = count < part.records.len();
            let last = count.checked_sub(1).and_then(|at| part.lasts.get(at));
            let below = last.copied().filter(|_| is_cut).unwrap_or(part.below);
            let is_done = part.is_last && !is_cut;
            let mut stands = *walk;
            stands.below = if is_done && walk.upto == head {
                walk.above
            } else {
                below
            };
            let left = if is_done {
                0
            } else {
                self.log.count(walk.above, below)?
            };
            let notices = part.notices.iter();
            let notices = notices.filter(|(last, _)| *last >= below);
            let parcel = match &part.block {
                Some(parcel) => parcel.clone(),
                None => Parcel::pack_for(reader.protocol, records),
            };
            let frame = message::encode(&ToClient::Records {
                walk: stands,
                left: u32::try_from(left).unwrap_or(u32::MAX),
                notices: notices.map(|(_, notice)| *notice).collect(),
                records: parcel,
            });
            if frame.len() <= FRAME_LIMIT || count <= 1 {
                *walk = stands;
                // A block goes as it lies: only its packed bytes are touched.
                let brought = part.records.iter().map(size).sum::<usize>() + frame.len();
                return Ok((frame, brought));
            }
            count = count.div_ceil(2);
        }
    }

    /// The records that come next, as many as a frame may take.
    fn gather(&mut self, reader: &Reader, walk: &Walk, limit: usize) -> Result<Part, LogError> {
        let mut part = Part {
            below: walk.below,
            ..Part::default()
        };
        // A small part looks at few records: a tenth of a kilobyte each is a small one.
        let rows = (limit / 128).clamp(HISTORIES, PAGE);
        let mut bytes = 0;
        let mut passed = 0;
        while passed < PASSED {
            let page = self.log.walk(walk.above, part.below, rows)?;
            let is_end = page.len() < rows;
            let mut page = page.as_slice();
            let told = self.told(reader, walk.base, page)?;
            while !page.is_empty() {
                if let Some((count, block)) = self.whole_block(reader, walk.base, page, &told)? {
                    if part.records.is_empty() && part.notices.is_empty() {
                        part.below = page[count - 1].1.last;
                        part.block = Some(block);
                        part.is_last = is_end && page.len() == count;
                    }
                    return Ok(part);
                }
                let (some, rest) = page.split_at(before_block(page).min(HISTORIES));
                let wanted = some.iter().filter(|(document, record)| {
                    self.is_wanted(reader, walk.base, *document, record, &told)
                });
                let wanted: BTreeMap<RecordId, Record> = wanted.copied().collect();
                let mut histories = self.histories(&wanted)?;
                for (document, record) in some {
                    match histories.remove(document) {
                        Some(history) => {
                            let is_shown = told.get(document) == Some(&Sight::Shown);
                            let base = if is_shown { 0 } else { walk.base };
                            let kept = history.keep(*document, base);
                            bytes += size(&kept);
                            let is_full = bytes > limit || part.records.len() == PARCEL_RECORDS;
                            if is_full && !part.records.is_empty() {
                                return Ok(part);
                            }
                            part.records.push(kept);
                            part.lasts.push(record.last);
                        }
                        None => {
                            passed += 1;
                            let went = self.went(reader, walk.base, *document, record, &told);
                            part.notices.extend(went.map(|it| (record.last, it)));
                        }
                    }
                    part.below = record.last;
                }
                page = rest;
            }
            if is_end {
                part.is_last = true;
                break;
            }
        }
        Ok(part)
    }

    /// What the person was told of these records since the device set out.
    fn told(
        &self,
        reader: &Reader,
        base: u64,
        page: &[(RecordId, Record)],
    ) -> Result<BTreeMap<RecordId, Sight>, LogError> {
        if base == 0 || page.is_empty() {
            return Ok(BTreeMap::new());
        }
        let documents: BTreeSet<RecordId> = page.iter().map(|(document, _)| *document).collect();
        self.log.notices(reader.speaker.person, base, &documents)
    }

    /// Whether the device is to have the record, and lacks something of it.
    fn is_wanted(
        &self,
        reader: &Reader,
        base: u64,
        document: RecordId,
        record: &Record,
        told: &BTreeMap<RecordId, Sight>,
    ) -> bool {
        let is_shown = told.get(&document) == Some(&Sight::Shown);
        let is_there = !record.erased && (record.raw > 0 || record.block.is_some());
        is_there
            && (record.changed > base || is_shown)
            && self.policy.may_see(&reader.speaker, document)
    }

    /// What the device is to drop in the place of the record.
    fn went(
        &self,
        reader: &Reader,
        base: u64,
        document: RecordId,
        record: &Record,
        told: &BTreeMap<RecordId, Sight>,
    ) -> Option<Notice> {
        // Named to everyone: a device that met an earlier life of the log begins from 0, too.
        if record.erased {
            return Some(Notice::Erased(document));
        }
        if base == 0 {
            return None;
        }
        let is_hidden = told.get(&document) == Some(&Sight::Hidden)
            && !self.policy.may_see(&reader.speaker, document);
        is_hidden.then_some(Notice::Forget(document))
    }

    /// The block whose records are exactly the next ones, and how many they are.
    fn whole_block(
        &mut self,
        reader: &Reader,
        base: u64,
        page: &[(RecordId, Record)],
        told: &BTreeMap<RecordId, Sight>,
    ) -> Result<Option<(usize, Parcel)>, LogError> {
        let Some(block) = page.first().and_then(|(_, record)| record.block) else {
            return Ok(None);
        };
        let is_plain = |(document, record): &(RecordId, Record)| {
            record.block == Some(block)
                && record.raw == 0
                && record.folded > base
                && self.is_wanted(reader, base, *document, record, told)
        };
        let run: BTreeSet<RecordId> = page
            .iter()
            .take_while(|it| is_plain(it))
            .map(|(document, _)| *document)
            .collect();
        if run.len() < 2 {
            return Ok(None);
        }
        let ids: BTreeSet<BlockId> = [block].into();
        let Some(records) = self.open_blocks(&ids)?.remove(&block) else {
            return Ok(None);
        };
        let is_exact =
            records.len() == run.len() && records.iter().all(|it| run.contains(&it.document));
        if !is_exact {
            return Ok(None);
        }
        let stored = self.log.blocks(&ids)?.remove(&block);
        let parcel = stored.map(|stored| match stored.is_for(reader.protocol) {
            true => stored,
            false => Parcel::pack_for(reader.protocol, &records),
        });
        let parcel = parcel.filter(|parcel| parcel.0.len() < FRAME_LIMIT - 128);
        Ok(parcel.map(|parcel| (run.len(), parcel)))
    }
}

/// How many records come before the next that may begin a block.
fn before_block(page: &[(RecordId, Record)]) -> usize {
    let begins = |pair: &[(RecordId, Record)]| match pair {
        [(_, before), (_, record)] => {
            record.block.is_some() && record.raw == 0 && record.block != before.block
        }
        _ => false,
    };
    page.windows(2)
        .position(begins)
        .map_or(page.len(), |at| at + 1)
}

/// The beginning of a round.
fn round(base: u64, above: u64, head: u64) -> Walk {
    Walk {
        base,
        above,
        upto: head,
        below: head + 1,
    }
}

/// How many bytes a record has before it is packed.
fn size(kept: &Kept) -> usize {
    let changes: usize = kept.changes.iter().map(|change| change.0.len() + 3).sum();
    changes + kept.snapshot.0.len() + kept.row.0.len() + 32
}
