//! The open record: its notes and history.

use super::{Store, Topic};
use crate::browser::Timer;
use shared::bridge::{Call, Note, RecordDetail, Reply};
use shared::id::RecordId;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The history of the open record is read again this long after its last change.
const HISTORY_PAUSE_MS: i32 = 500;

impl Store {
    /// The record that is open, once it has come.
    pub fn open(&self) -> Option<Rc<RecordDetail>> {
        self.0.open.borrow().clone()
    }

    /// Opens a record: its notes and history come as [`Topic::Open`].
    pub fn open_record(&self, id: RecordId) {
        if self.0.opening.replace(Some(id)) == Some(id) {
            return;
        }
        self.0.open.replace(None);
        self.refresh_history(id);
    }

    /// Closes it again.
    pub fn close_record(&self, id: RecordId) {
        if self.0.opening.get() == Some(id) {
            self.0.opening.set(None);
            self.0.open.replace(None);
            self.send(Call::CloseRecord);
        }
    }

    /// Reads the history again once the typing pauses.
    pub(super) fn refresh_later(&self, id: RecordId) {
        let weak = Rc::downgrade(&self.0);
        let timer = Timer::after(HISTORY_PAUSE_MS, move || {
            if let Some(store) = weak.upgrade().map(Store) {
                store.refresh_history(id);
            }
        });
        self.0.history.replace(Some(timer));
    }

    pub(super) fn refresh_history(&self, id: RecordId) {
        let store = self.clone();
        spawn_local(async move {
            if store.0.opening.get() == Some(id)
                && let Ok(Reply::Record(detail)) = store.call(Call::OpenRecord(id)).await
                && store.0.opening.get() == Some(id)
            {
                store.0.open.replace(Some(Rc::new(detail)));
                store.0.watchers.tell(&[Topic::Open]);
            }
        });
    }

    /// Keeps a note as the engine has it.
    pub fn put_note(&self, note: Note) {
        let mut open = self.0.open.borrow_mut();
        if let Some(detail) = open.as_mut().filter(|open| open.record == note.record) {
            let notes = &mut Rc::make_mut(detail).notes;
            match notes.iter_mut().find(|held| held.field == note.field) {
                Some(held) => *held = note,
                None => notes.push(note),
            }
        }
    }
}
