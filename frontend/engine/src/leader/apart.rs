//! What two people typed at one place of a note without knowing of each other stands one after the
//! other. Whoever hears of the other's while their own still waits sets them apart: that is one of the two.

use crate::leader::{Author, Leader};
use crate::platform::browser::now;
use crate::table::Set;
use shared::crm::command::Splice;
use shared::document::{Document, is_note_start};
use shared::id::{ChangeHash, RecordId};
use shared::sync::client::Store;
use shared::sync::packed::change_hash;

/// What waits for so long was not typed in sight of what comes.
const UNSEEN_MS: i64 = 5_000;

/// A note that was typed into while nothing was heard of others.
pub(super) struct Alone {
    record: RecordId,
    field: String,
    before: String,
    after: String,
    changes: Vec<ChangeHash>,
}

impl Leader {
    /// The notes with what waits of them, of records of which something came.
    pub(super) async fn typed_alone(&mut self, store: &Store) -> Vec<Alone> {
        let came = store.received.iter().map(|item| item.document);
        let came = came.chain(store.records.iter().map(|kept| kept.document));
        let mut alone = Vec::new();
        for record in came.collect::<Set<RecordId>>().keys() {
            let Some((field, keys)) = self.workspace.outbox.typed(record, now().0 - UNSEEN_MS)
            else {
                continue;
            };
            let Ok(waiting) = self.workspace.waiting(&keys).await else {
                continue;
            };
            let changes = waiting.iter().map(|it| &it.bytes.0);
            let changes = changes.filter(|bytes| !is_note_start(bytes));
            let changes: Vec<ChangeHash> = changes.filter_map(|it| change_hash(it)).collect();
            let Ok(document) = self.take_document(record).await else {
                continue;
            };
            if let Some(before) = document.without(&changes) {
                alone.push(Alone {
                    record,
                    before: before.note(&field),
                    after: document.note(&field),
                    field,
                    changes,
                });
            }
            self.documents.put(record, document);
        }
        alone
    }

    /// Sets apart what came from what was typed here at the same place; returns what there is to tell.
    pub(super) async fn set_apart(
        &mut self,
        alone: Alone,
        (writer, at): Author,
    ) -> Option<crate::leader::Typed> {
        let document = self.take_document(alone.record).await.ok()?;
        let gap = gap(&document, &alone);
        let revision = self.revisions.note(alone.record, &document);
        self.documents.put(alone.record, document);
        let place = (alone.record, alone.field.as_str(), revision);
        // What is not set apart can still be read.
        self.splice_note(0, place, &gap?, (writer, at)).await.ok()
    }
}

/// The gap that is missing between the two, if one is.
fn gap(merged: &Document, alone: &Alone) -> Option<Splice> {
    let theirs = merged.without(&alone.changes)?.note(&alone.field);
    let ours = Splice::between(&alone.before, &alone.after);
    let theirs = Splice::between(&alone.before, &theirs);
    let text: Vec<char> = merged.note(&alone.field).chars().collect();
    let stands = |first: &str, second: &str| {
        let both = first.chars().chain(second.chars());
        let there = text.get(ours.at..).unwrap_or_default().iter().copied();
        there
            .take(first.chars().count() + second.chars().count())
            .eq(both)
    };
    if ours.at != theirs.at || ours.insert.is_empty() || theirs.insert.is_empty() {
        return None;
    }
    let first = match () {
        () if stands(&ours.insert, &theirs.insert) => &ours.insert,
        () if stands(&theirs.insert, &ours.insert) => &theirs.insert,
        () => return None,
    };
    let at = ours.at + first.chars().count();
    let is_apart = text[at - 1].is_whitespace() || text[at].is_whitespace();
    (!is_apart).then(|| Splice {
        at,
        remove: 0,
        // Two notes stand one below the other, two sentences side by side.
        insert: if alone.before.trim().is_empty() {
            "\n"
        } else {
            " "
        }
        .into(),
    })
}
