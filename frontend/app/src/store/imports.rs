//! The imports that were made on this device, and taking them back: at once, or days later.

use super::undo::Step;
use super::{Say, Store, Topic, Undone};
use crate::browser::now;
use shared::bridge::{Call, Problem, Reply};
use shared::crm::Kind;
use shared::crm::command::Edit;
use shared::crm::made::{Made, deleted, from_bytes, taking_back, to_bytes};
use shared::time::Timestamp;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// How many imports are kept, the latest first.
const KEPT: usize = 10;

impl Store {
    /// The imports that can be taken back, the latest first, once they were read.
    pub fn imports(&self) -> Rc<Vec<Made>> {
        self.0.imports.borrow().clone()
    }

    /// Reads the imports that were made on this device.
    pub fn read_imports(&self) {
        let store = self.clone();
        spawn_local(async move {
            // Without them nothing can be taken back later; reading them again is all there is.
            let _ = store.keep_imports(|_| false).await;
        });
    }

    /// An import goes on, or is done. From here on it can be taken back, also at the next start.
    ///
    /// # Errors
    /// The engine's; it can be taken back until the app is closed.
    pub async fn keep_import(&self, made: &Made) -> Result<(), Problem> {
        self.keep_imports(|imports| {
            imports.retain(|other| other.at != made.at);
            imports.insert(0, made.clone());
            imports.truncate(KEPT);
            true
        })
        .await
    }

    /// Begins something that undo has to wait for.
    pub fn begin_import(&self) {
        self.0.undo.begin();
    }

    /// An import is written: undo takes back the whole of it.
    pub fn end_import(&self, made: Made) {
        self.0.undo.done(Step::Import(made));
        self.0.undo.end();
    }

    /// Takes an import back, whenever it was made. A toast says what came of it.
    ///
    /// # Errors
    /// The engine's, which a toast tells as well; what was taken back until then stays so.
    pub async fn take_back(&self, at: Timestamp) -> Result<(), Problem> {
        let made = self.imports().iter().find(|made| made.at == at).cloned();
        let Some(made) = made else {
            self.say_undone(true, Undone::Empty);
            return Ok(());
        };
        self.0.undo.without_import(at);
        self.0.undo.begin();
        let taken = self.step_import(made, true).await;
        self.0.undo.end();
        taken
    }

    /// Takes an import back, or does it again, piece by piece.
    pub(super) async fn step_import(&self, made: Made, back: bool) -> Result<(), Problem> {
        let linked = |id, kind: Kind| self.linked(id, kind);
        let staying = if back {
            made.staying(|id| self.row(id), linked)
        } else {
            Default::default()
        };
        let stays = |edit: &Edit| deleted(edit).is_some_and(|id| staying.contains(&id));
        let (mut reverse, mut rest) = (Vec::new(), made.undo.clone());
        let mut failed = None;
        while let Some(piece) = rest.first() {
            let going = piece.iter().filter(|edit| !stays(edit));
            let edits: Vec<Edit> = match back {
                true => going
                    .map(|edit| taking_back(edit, self.row(edit.record).as_deref()))
                    .collect(),
                false => going.cloned().collect(),
            };
            match self.call(Call::Edit(edits)).await {
                Ok(Reply::Edited { undo }) => {
                    reverse.extend(Some(undo).filter(|undo| !undo.is_empty()))
                }
                // The engine answers an edit with nothing else.
                Ok(_) => {}
                Err(problem) => {
                    failed = Some(problem);
                    break;
                }
            }
            rest.remove(0);
        }
        reverse.reverse();
        let changed = !reverse.is_empty();
        let with = |undo: Vec<Vec<Edit>>| Made {
            undo,
            until: now(),
            ..made.clone()
        };
        let (left, reverse) = (
            Made {
                undo: rest,
                ..made.clone()
            },
            with(reverse),
        );
        let kept = if back { &left } else { &reverse };
        let kept = if kept.undo.is_empty() {
            let is_other = |other: &Made| other.at != made.at;
            self.keep_imports(|imports| {
                imports.retain(is_other);
                true
            })
            .await
        } else {
            self.keep_import(kept).await
        };
        self.0.undo.stepped(Step::Import(reverse), back);
        if let Some(problem) = failed {
            self.0.undo.keep(Step::Import(left), back);
            self.say(Say::Problem(problem.clone()));
            return Err(problem);
        }
        self.say_undone(
            back,
            match changed {
                true if back => Undone::Import(staying.len()),
                true => Undone::Done,
                false => Undone::Nothing,
            },
        );
        kept
    }

    /// Changes what is kept, as it stands on the disk: another tab may have changed it too.
    async fn keep_imports(
        &self,
        change: impl FnOnce(&mut Vec<Made>) -> bool,
    ) -> Result<(), Problem> {
        let Reply::File(bytes) = self.call(Call::Kept).await? else {
            return Ok(());
        };
        let read = from_bytes(&bytes);
        let is_foreign = read.is_none() && !bytes.is_empty();
        let mut imports = read.unwrap_or_default();
        let changed = change(&mut imports);
        let bytes = to_bytes(&imports);
        self.0.imports.replace(Rc::new(imports));
        self.0.watchers.tell(&[Topic::Imports]);
        // What a later version kept is not written over.
        if changed && !is_foreign {
            self.call(Call::Keep(bytes)).await?;
        }
        Ok(())
    }
}
