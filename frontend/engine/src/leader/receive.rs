//! Taking in what came from the server.

use crate::block::Stored;
use crate::documents::OPEN_DOCUMENTS;
use crate::failure::Failure;
use crate::leader::merge::{Came, name_of, suspect};
use crate::leader::{Author, Leader};
use crate::platform::browser::random;
use crate::platform::storage::{Key, StorageError};
use crate::table::{Set, Table};
use crate::workspace::Received;
use shared::crm::row::{ROW_FORM, Row};
use shared::id::RecordId;
use shared::sync::client::{ForgetWhy, Outgoing, Store};
use shared::sync::message::Reason;
use shared::sync::packed::{Item, change_hash};
use shared::sync::parcel::Kept;

/// What is to be told after something was stored.
#[derive(Default)]
pub struct Told {
    /// The rows that changed or are new.
    pub rows: Vec<Row>,
    /// Records that left.
    pub gone: Vec<RecordId>,
    /// Outbox keys that left otherwise than by an answer of the server, and what came for them: told
    /// to the client before it is told that all is stored.
    pub replaced: Option<(Vec<u64>, Vec<Outgoing>)>,
    /// Whether all is to be offered to the server once more, which is stored: something went in that was kept
    /// apart, perhaps since before the log was set back.
    pub offers: bool,
}

impl Told {
    /// What is to be told after something more was stored.
    fn then(&mut self, next: Told) {
        let came = |row: &Row| next.rows.iter().any(|it| it.id == row.id);
        self.rows.retain(|row| !came(row));
        self.rows.extend(next.rows);
        self.gone.extend(next.gone);
        self.offers |= next.offers;
        let Some((gone, saved)) = next.replaced else {
            return;
        };
        let (left, waits) = self.replaced.get_or_insert_default();
        waits.retain(|it| !gone.contains(&it.key));
        left.extend(gone);
        waits.extend(saved);
    }
}

/// Whether something that was set aside goes in.
fn takes_back(received: &Received) -> bool {
    let stays = |key: &Key| received.suspect.iter().any(|aside| aside.key() == *key);
    received.retried.iter().any(|(_, key)| !stays(key))
}

impl Leader {
    /// Stores what came from the server, in one transaction. Edits that were not sent yet of a record
    /// that comes in a new generation are made again in it, in the name of the author.
    ///
    /// # Errors
    /// Storage failed; nothing was stored.
    pub async fn store(&mut self, store: Store, author: Author) -> Result<Told, StorageError> {
        let alone = self.typed_alone(&store).await;
        let mut stored = self.take_in(store, author, false).await;
        match &mut stored {
            Err(_) => self.workspace.void_trial(),
            Ok(told) => {
                self.make_up_for_refusals(author, told).await?;
                for alone in alone {
                    let Some(typed) = self.set_apart(alone, author).await else {
                        continue;
                    };
                    if let Some(row) = typed.row {
                        told.rows.retain(|it| it.id != row.id);
                        told.rows.push(row);
                    }
                    let (_, saved) = told.replaced.get_or_insert_default();
                    saved.extend(typed.outgoing);
                }
            }
        }
        stored
    }

    /// Makes again what was refused for its writer or time, and takes in what that stood in the way of.
    async fn make_up_for_refusals(
        &mut self,
        author: Author,
        told: &mut Told,
    ) -> Result<(), StorageError> {
        match self.remake_at_once(author).await {
            Ok(again) if again.replaced.is_some() => told.then(again),
            Err(Failure::Fenced) => return Err(StorageError::Fenced),
            // It is among what was refused: there it waits for the next store, or for a person.
            Ok(_) | Err(Failure::Problem(_)) => return Ok(()),
        }
        let freed = Store {
            point: self.workspace.point,
            ..Store::default()
        };
        match self.take_in(freed, author, true).await {
            Ok(more) => told.then(more),
            Err(error @ (StorageError::Fenced | StorageError::Lost(_))) => return Err(error),
            Err(_) => self.workspace.void_trial(),
        }
        Ok(())
    }

    /// Stores what came; `is_freed` when what is set aside may go in now.
    async fn take_in(
        &mut self,
        store: Store,
        author: Author,
        is_freed: bool,
    ) -> Result<Told, StorageError> {
        let mut received = Received {
            confirmed: store.confirmed,
            point: store.point,
            taken: store.taken,
            ..Received::default()
        };
        let refused = store.refused.into_iter();
        received.refused = refused.map(|(key, reason)| (key, reason.key())).collect();
        let settled = received.confirmed.iter().copied();
        let settled: Set<u64> = settled
            .chain(received.refused.iter().map(|(key, _)| *key))
            .collect();
        self.forget(&store.forget, &settled, &mut received);
        let mut came = self.sorted(store.records, store.received, &received.gone);
        let is_freed = is_freed || !received.confirmed.is_empty();
        self.try_again(&mut came, is_freed, &mut received).await?;
        self.note_waiting(&mut came, &settled).await?;
        let mut histories = self.open_for(&came, &received.gone).await?;
        let few = came.len() <= OPEN_DOCUMENTS / 2;
        let mut worked = Vec::new();
        for (record, came) in came.drain() {
            let is_here = self.workspace.has(record) && !received.gone.has(record);
            let (open, stored) = (self.documents.take(record), histories.remove(record));
            let is_damaged = open.is_none() && stored.is_some();
            let local = match (open, stored) {
                _ if !is_here => None,
                (Some(document), _) => Some(document),
                (None, Some(stored)) => stored.document().ok(),
                (None, None) => None,
            };
            let is_newer = is_here && came.generation > self.workspace.generation(record);
            match local {
                Some(local) if is_newer => {
                    let keys = self.unsent(record, &settled);
                    let Some(whole) = self.whole(record, came, is_here, &mut received) else {
                        continue;
                    };
                    let whole = self
                        .transplant(whole, keys, &local, author, &mut received)
                        .await?;
                    received.wholes.push(whole);
                }
                None if !came.kept.is_empty() => {
                    let whole = self.whole(record, came, is_here, &mut received);
                    received.wholes.extend(whole);
                }
                // The history here can't be read.
                None if is_here && is_damaged => {
                    received.suspect.extend(came.items.into_iter().map(suspect));
                }
                local => {
                    let document = local.unwrap_or_default();
                    let merged = self.merge(record, document, came, &mut received);
                    worked.extend(merged.filter(|_| few).map(|document| (record, document)));
                }
            }
        }
        let mut rows: Vec<Row> = Vec::new();
        rows.extend(received.added.iter().map(|added| added.row.clone()));
        rows.extend(received.wholes.iter().map(|whole| whole.row.clone()));
        let mut gone: Vec<RecordId> = received.gone.keys().collect();
        gone.retain(|record| self.workspace.has(*record) && rows.iter().all(|it| it.id != *record));
        let refused = received.refused.iter().map(|(key, _)| *key);
        let left = refused.filter(|key| !settled.has(*key));
        let left = left.chain(received.remade.outbox.iter().copied());
        let left: Vec<u64> = left.chain(received.landed.iter().copied()).collect();
        self.send_what_builds_on(&mut received);
        if self.workspace.is_careful() {
            // Everything went in: an engine that is ended from here on was not ended by a change.
            self.workspace.note_trial(Vec::new());
        }
        let offers = received.point.lives > 0
            && (self.workspace.trying().is_some() || takes_back(&received));
        received.point.offering |= offers;
        let outgoing = self.workspace.store(received).await?;
        for (record, document) in worked {
            self.documents.put(record, document);
        }
        let replaced = !left.is_empty() || !outgoing.is_empty();
        Ok(Told {
            rows,
            gone,
            replaced: replaced.then_some((left, outgoing)),
            offers,
        })
    }

    /// Whether what comes of a record may build on changes that were kept apart, and is not all of it.
    pub(super) fn may_lack_a_beginning(&self, record: RecordId, came: &Came) -> bool {
        let mut kept = came.kept.iter();
        kept.all(|kept| kept.snapshot.0.is_empty()) && self.workspace.keeps_apart(record)
    }

    /// Records that leave; what of them waits is refused.
    fn forget(
        &mut self,
        forget: &[(RecordId, ForgetWhy)],
        settled: &Set<u64>,
        received: &mut Received,
    ) {
        for (record, why) in forget {
            let reason = match why {
                ForgetWhy::Hidden => Reason::Forbidden,
                ForgetWhy::Erased => Reason::Gone,
            };
            self.documents.take(*record);
            self.left.insert(*record, random());
            for key in self.unsent(*record, settled).keys() {
                received.refused.push((key, reason.key()));
            }
            received.gone.add(*record);
        }
    }

    /// What came, by record, without what is of an older generation than what is here or came too.
    fn sorted(
        &self,
        records: Vec<Kept>,
        items: Vec<Item>,
        gone: &Set<RecordId>,
    ) -> Table<RecordId, Came> {
        let mut sorted: Table<RecordId, Came> = Table::default();
        for kept in records {
            let came = self.came(&mut sorted, gone, kept.document, kept.generation);
            if let Some(came) = came {
                came.kept.push(kept);
            }
        }
        for item in items {
            let came = self.came(&mut sorted, gone, item.document, item.generation);
            if let Some(came) = came {
                came.items.push(item);
            }
        }
        sorted
    }

    fn came<'a>(
        &self,
        sorted: &'a mut Table<RecordId, Came>,
        gone: &Set<RecordId>,
        record: RecordId,
        generation: u32,
    ) -> Option<&'a mut Came> {
        let here = match gone.has(record) {
            true => 0,
            false => self.workspace.generation(record),
        };
        let came = sorted.or_insert_with(record, Came::default);
        if generation > came.generation {
            *came = Came::default();
        }
        came.generation = came.generation.max(generation).max(here);
        (generation == came.generation).then_some(came)
    }

    /// What did not go in earlier is tried again with what comes of the same record; it goes with it.
    async fn try_again(
        &mut self,
        came: &mut Table<RecordId, Came>,
        is_freed: bool,
        received: &mut Received,
    ) -> Result<(), StorageError> {
        for record in received.gone.keys() {
            let settled = self.workspace.doubts_before(record, u32::MAX);
            received.settled.extend(settled);
        }
        for (record, came) in came.iter() {
            let settled = self.workspace.doubts_before(record, came.generation);
            received.settled.extend(settled);
        }
        received.settled.extend(self.workspace.trying());
        let mut records: Set<RecordId> = came.keys().chain(received.gone.keys()).collect();
        if is_freed {
            // A record that was made here may be the one that was missing.
            for record in self.workspace.set_aside_of_known().keys() {
                if !records.has(record) {
                    records.add(record);
                    came.or_insert_with(record, Came::default).generation =
                        self.workspace.generation(record);
                }
            }
        }
        for record in records.keys() {
            for aside in self.workspace.aside(record).await? {
                let came = came.get_mut(record);
                let here = came.as_ref().map(|came| came.generation);
                if here.is_some() && aside.generation > here {
                    received.still_aside.push(record);
                    continue;
                }
                received.retried.push((record, aside.key()));
                if let Some(came) = came
                    && (aside.generation.is_none() || aside.generation == here)
                {
                    came.items.push(Item {
                        document: record,
                        generation: came.generation,
                        hash: aside.hash,
                        bytes: aside.bytes,
                    });
                }
            }
        }
        Ok(())
    }

    /// What waits of the records of which something came: it may be among that.
    async fn note_waiting(
        &mut self,
        came: &mut Table<RecordId, Came>,
        settled: &Set<u64>,
    ) -> Result<(), StorageError> {
        let records: Set<RecordId> = came.keys().collect();
        for record in records.keys() {
            let keys = self.unsent(record, settled);
            if keys.is_empty() {
                continue;
            }
            let waiting = self.workspace.waiting(&keys).await?.into_iter();
            let waiting = waiting.filter_map(|it| Some((change_hash(&it.bytes.0)?, it.key)));
            if let Some(came) = came.get_mut(record) {
                came.waiting.extend(waiting);
            }
        }
        Ok(())
    }

    /// Reads the histories that will be opened, and notes what the engine may crash over.
    async fn open_for(
        &mut self,
        came: &Table<RecordId, Came>,
        gone: &Set<RecordId>,
    ) -> Result<Table<RecordId, Stored>, StorageError> {
        let mut names = Vec::new();
        let mut closed: Set<RecordId> = Set::default();
        for (record, came) in came.iter() {
            names.extend(came.items.iter().map(|item| item.hash));
            let is_here = self.workspace.has(record) && !gone.has(record);
            let opened = |kept: &&Kept| is_here || kept.row.0.first() != Some(&ROW_FORM);
            names.extend(came.kept.iter().filter(opened).map(name_of));
            if is_here && !self.documents.has(record) {
                closed.add(record);
            }
        }
        if !names.is_empty() && !self.workspace.is_careful() {
            self.workspace.note_trial(names);
        }
        self.workspace.histories(&closed).await
    }
}
