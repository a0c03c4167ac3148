//! What ends: records that are erased or hidden, and generations.

use super::admit::fits_a_frame;
use super::{
    Append, ChangeLog, Effect, Entry, Erasure, LogError, NewChange, Note, Policy, Record, Renewed,
    Room, Sight,
};
use crate::id::{PersonId, RecordId};
use crate::mutants::mutant;
use crate::sync::header::Header;
use crate::sync::packed::Item;
use crate::sync::parcel::{Kept, Parcel};
use crate::sync::validation::Finding;
use std::collections::{BTreeMap, BTreeSet};

impl<L: ChangeLog, P: Policy> Room<L, P> {
    /// Erases documents, and says so to every device.
    pub(super) fn erase(&mut self, documents: &[RecordId]) {
        let documents: BTreeSet<RecordId> = documents.iter().copied().collect();
        match self.erase_all(&documents) {
            Ok(note) => self.effects.push(Effect::Note(note)),
            Err(_) => self.effects.push(Effect::Note(Note::StorageFailed)),
        }
    }

    fn erase_all(&mut self, documents: &BTreeSet<RecordId>) -> Result<Note, LogError> {
        let after = self.log.state()?.head;
        let records = self.log.records(documents)?;
        // What the log has nothing of can't be erased: an entry for it would stay for ever.
        let there = records.iter().filter(|(_, record)| !record.erased);
        let gone: Vec<Renewed> = there
            .map(|(document, record)| Renewed {
                document: *document,
                generation: record.generation + 1,
            })
            .collect();
        let rewritten = if gone.is_empty() {
            BTreeMap::new()
        } else {
            self.without(&gone.iter().map(|it| it.document).collect())?
        };
        let erasure = Erasure {
            documents: gone,
            rewritten,
            now: self.now,
        };
        let count = erasure.documents.len() as u32;
        let head = if count > 0 {
            self.erase_from_log(&erasure)?
        } else {
            after
        };
        if count > 0 {
            self.ends += 1;
            self.opened.clear();
            self.background.drop_all(documents);
        }
        for (position, gone) in (after + 1..).zip(&erasure.documents) {
            self.enter_entry(position, Entry::Erased(gone.document));
        }
        Ok(Note::Erased {
            documents: count,
            head,
        })
    }

    /// The blocks that hold anything of these documents, current or not, without it.
    fn without(
        &mut self,
        documents: &BTreeSet<RecordId>,
    ) -> Result<BTreeMap<super::BlockId, Parcel>, LogError> {
        let mut rewritten = BTreeMap::new();
        for id in self.log.holders(documents)? {
            let blocks = self.open_blocks(&[id].into())?;
            let Some(records) = blocks.get(&id) else {
                continue;
            };
            if !records.iter().any(|it| documents.contains(&it.document)) {
                continue;
            }
            let held: BTreeSet<RecordId> = records.iter().map(|it| it.document).collect();
            let stand = self.log.records(&held)?;
            let left: Vec<Kept> = records
                .iter()
                .filter(|it| !documents.contains(&it.document))
                .filter(|it| stand.get(&it.document).is_some_and(|r| r.block == Some(id)))
                .cloned()
                .collect();
            rewritten.insert(id, Parcel::pack(&left));
        }
        Ok(rewritten)
    }

    /// Begins a new generation with what the validator made of the old one.
    pub(super) fn squash(&mut self, document: RecordId, asked: Record, finding: Finding) {
        match self.begin(document, asked, finding) {
            Ok(Some(note)) => self.effects.push(Effect::Note(note)),
            Ok(None) => {}
            Err(_) => self.effects.push(Effect::Note(Note::StorageFailed)),
        }
    }

    fn begin(
        &mut self,
        document: RecordId,
        asked: Record,
        finding: Finding,
    ) -> Result<Option<Note>, LogError> {
        let stands = self.log.records(&[document].into())?;
        if stands.get(&document) != Some(&asked) {
            // It was written to, folded or erased meanwhile.
            self.background.wants_squash(vec![document]);
            return Ok(None);
        }
        let generation = asked.generation + u32::from(!mutant!(KeepsGeneration));
        let mut changes = Vec::new();
        for bytes in finding.squashed {
            let new = Header::read(&bytes.0).ok().map(|header| NewChange {
                item: Item {
                    document,
                    generation,
                    hash: header.hash,
                    bytes: bytes.0,
                },
                writer: header.writer,
                sequence: header.sequence,
                device: None,
            });
            let Some(new) = new.filter(|new| fits_a_frame(&new.item)) else {
                self.background.spoil(document);
                return Ok(None);
            };
            changes.push(new);
        }
        let count = changes.len() as u32;
        let append = Append {
            renewed: vec![Renewed {
                document,
                generation,
            }],
            changes,
            rows: [(document, finding.row.0)].into(),
            now: self.now,
            ..Append::default()
        };
        let after = self.log.state()?.head;
        let head = self.append(&append)?;
        self.ends += 1;
        self.background.drop_all(&[document].into());
        self.background.stored(self.now, count as usize);
        self.enter(None, after, append);
        Ok(Some(Note::Squashed {
            changes: count,
            head,
        }))
    }

    /// Tells a person what is hidden from them or shown to them, where the policy says so.
    pub(super) fn policy_changed(&mut self, person: PersonId, changes: &[(RecordId, Sight)]) {
        if let Err(error) = self.notify(person, changes) {
            let _: LogError = error;
            self.effects.push(Effect::Note(Note::StorageFailed));
        }
    }

    fn notify(&mut self, person: PersonId, changes: &[(RecordId, Sight)]) -> Result<(), LogError> {
        let documents = changes.iter().map(|(document, _)| *document).collect();
        let records = self.log.records(&documents)?;
        let is_there = |document: &RecordId| records.get(document).is_some_and(|it| !it.erased);
        let append = Append {
            notices: changes
                .iter()
                .filter(|(document, _)| is_there(document))
                .map(|(document, sight)| (person, *document, *sight))
                .collect(),
            now: self.now,
            ..Append::default()
        };
        if append.notices.is_empty() {
            return Ok(());
        }
        let after = self.log.state()?.head;
        self.append(&append)?;
        self.enter(None, after, append);
        Ok(())
    }
}
