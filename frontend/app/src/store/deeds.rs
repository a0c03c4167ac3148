//! What the person does: calls, edits, undo, and the toasts that tell of it.

use super::undo::Step;
use super::{Say, Store, Toast, Topic, Undone};
use crate::browser::{self, drafts};
use shared::bridge::{Call, Problem, Reply};
use shared::crm::command::Edit;
use wasm_bindgen_futures::spawn_local;
use yew::{AttrValue, Callback};

/// How often, and how many milliseconds apart, it is looked whether what was typed is safe.
const LOOKS: (usize, u32) = (100, 50);

/// Waits until everything that was typed is safe, but not for ever: it is kept aside as well.
async fn settle() {
    if let Some(field) = browser::focused().filter(|_| browser::is_typing()) {
        // A field is saved when it is left.
        let _ = field.blur();
    }
    for _ in 0..LOOKS.0 {
        if drafts::flush() {
            return;
        }
        browser::sleep(LOOKS.1).await;
    }
}

impl Store {
    /// Calls the engine and waits for its answer. What is typed somewhere goes before a call that
    /// must find it all, or that leaves it behind.
    pub fn call(&self, call: Call) -> impl Future<Output = Result<Reply, Problem>> + use<> {
        let waits = matches!(
            call,
            Call::SaveFile
                | Call::OpenWorkspace(_)
                | Call::CreateWorkspace { .. }
                | Call::JoinWorkspace(_)
        );
        let sent = match waits {
            true => Err((self.clone(), call)),
            false => Ok(self.0.engine.call(call)),
        };
        async move {
            match sent {
                Ok(answer) => answer.await,
                Err((store, call)) => {
                    settle().await;
                    store.0.engine.call(call).await
                }
            }
        }
    }

    /// Calls the engine; a problem is told in a toast.
    pub fn send(&self, call: Call) {
        self.send_then(call, Callback::noop());
    }

    /// Edits records. It can be undone; with a toast that says what happened, by a tap on it too.
    ///
    /// # Errors
    /// The engine's, which a toast tells as well.
    pub async fn save(&self, edits: Vec<Edit>, toast: Option<AttrValue>) -> Result<(), Problem> {
        self.0.undo.begin();
        let answer = self.call(Call::Edit(edits)).await;
        let saved = match answer {
            Ok(Reply::Edited { undo }) => {
                let undo = self.0.undo.done(Step::Edits(undo));
                if let Some(words) = toast {
                    self.toast(Say::Words(words), undo);
                }
                Ok(())
            }
            // The engine answers an edit with nothing else.
            Ok(_) => Ok(()),
            Err(problem) => {
                self.say(Say::Problem(problem.clone()));
                Err(problem)
            }
        };
        self.0.undo.end();
        saved
    }

    /// As [`Store::save`], without waiting.
    pub fn edit(&self, edits: Vec<Edit>, toast: Option<AttrValue>) {
        self.edit_then(edits, toast, Callback::noop());
    }

    /// As [`Store::edit`]; tells whether it is saved.
    pub fn edit_then(&self, edits: Vec<Edit>, toast: Option<AttrValue>, done: Callback<bool>) {
        let store = self.clone();
        spawn_local(async move {
            // A problem was told by a toast.
            let saved = store.save(edits, toast).await;
            done.emit(saved.is_ok());
        });
    }

    /// As [`Store::send`]; tells whether it is done.
    pub fn send_then(&self, call: Call, done: Callback<bool>) {
        let (store, reply) = (self.clone(), self.call(call));
        spawn_local(async move {
            let answer = reply.await;
            done.emit(answer.is_ok());
            if let Err(problem) = answer {
                store.say(Say::Problem(problem));
            }
        });
    }

    /// Takes back what the person did last, once that is saved.
    pub fn undo(&self) {
        self.step(true, |store| store.0.undo.next(true));
    }

    /// Takes back what a toast told of, whatever was done since.
    pub fn undo_that(&self, number: u32) {
        self.step(true, move |store| store.0.undo.that(number));
    }

    /// Does again what was taken back last.
    pub fn redo(&self) {
        self.step(false, |store| store.0.undo.next(false));
    }

    fn step(&self, back: bool, next: impl FnOnce(&Store) -> Option<Step> + 'static) {
        let store = self.clone();
        self.0.undo.when_quiet(move || {
            let Some(step) = next(&store) else {
                return store.say_undone(back, Undone::Empty);
            };
            store.0.undo.begin();
            let store = store.clone();
            spawn_local(async move {
                store.take_step(step, back).await;
                store.0.undo.end();
            });
        });
    }

    async fn take_step(&self, step: Step, back: bool) {
        match step {
            Step::Edits(edits) => match self.call(Call::Edit(edits.clone())).await {
                Ok(Reply::Edited { undo }) => {
                    let came = if undo.is_empty() {
                        Undone::Nothing
                    } else {
                        Undone::Done
                    };
                    self.0.undo.stepped(Step::Edits(undo), back);
                    self.say_undone(back, came);
                }
                // The engine answers an edit with nothing else.
                Ok(_) => {}
                Err(problem) => {
                    self.0.undo.keep(Step::Edits(edits), back);
                    self.say(Say::Problem(problem));
                }
            },
            // A problem was told by a toast.
            Step::Import(made) => drop(self.step_import(made, back).await),
        }
    }

    pub(super) fn say_undone(&self, back: bool, came: Undone) {
        self.say(Say::Undone { again: !back, came });
    }

    /// The toast on screen.
    pub fn current_toast(&self) -> Option<Toast> {
        self.0.toast.borrow().clone()
    }

    /// Shows a toast.
    pub fn say(&self, say: Say) {
        self.toast(say, None);
    }

    fn toast(&self, say: Say, undo: Option<u32>) {
        let number = self.0.toasts.get().wrapping_add(1);
        self.0.toasts.set(number);
        self.0.toast.replace(Some(Toast { number, say, undo }));
        self.0.watchers.tell(&[Topic::Toast]);
    }

    /// Takes a toast away.
    pub fn dismiss(&self, number: u32) {
        let shown = self.0.toast.borrow().as_ref().map(|toast| toast.number);
        if shown == Some(number) {
            self.0.toast.replace(None);
            self.0.watchers.tell(&[Topic::Toast]);
        }
    }
}
