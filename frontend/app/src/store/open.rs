//! The open record: its notes and history.

use super::{Say, Store, Topic};
use crate::browser::{Timer, drafts, now, press, random};
use shared::bridge::{Call, Note, Problem, RecordDetail, Reply, decode, encode};
use shared::crm::typing::{Answer, Cut, Sent, Typing, Version};
use shared::id::{RecordId, WorkspaceId};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::AttrValue;

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
                let before = store.0.open.replace(Some(Rc::new(detail)));
                for note in before.iter().flat_map(|before| &before.notes) {
                    store.put_note(note.clone());
                }
                store.0.watchers.tell(&[Topic::Open]);
            }
        });
    }

    /// Types into a note; tells what became of it.
    pub fn type_into(
        &self,
        record: RecordId,
        field: &str,
        sent: Sent,
    ) -> impl Future<Output = Answer> + use<> {
        let call = Call::Type {
            record,
            field: field.into(),
            revision: sent.revision,
            splice: sent.splice,
        };
        // It is asked at once: the page may be on its way out.
        let (store, reply) = (self.clone(), self.0.engine.call_as(sent.id, call));
        async move {
            let (note, is_taken) = match reply.await {
                Ok(Reply::Note(note)) => (note, true),
                Ok(Reply::Unplaced(note)) => (note, false),
                Ok(_) => return Answer::Refused,
                Err(Problem::Restarted) => return Answer::Unknown,
                Err(problem) => {
                    store.say(Say::Problem(problem));
                    return Answer::Refused;
                }
            };
            store.put_note(note.clone());
            let version = Version {
                order: note.order,
                revision: note.revision,
                text: note.text,
            };
            match is_taken {
                true => Answer::Taken(version),
                false => Answer::Unplaced(version),
            }
        }
    }

    fn held_workspace(&self) -> Option<WorkspaceId> {
        self.0.held.borrow().workspace()
    }

    /// Where what is typed into a note is kept until it is safe.
    pub fn draft_of_note(&self, record: RecordId, field: &str) -> String {
        let workspace = self.held_workspace();
        let draft = |workspace| format!("{}{record}/{field}", notes_of(workspace));
        workspace.map(draft).unwrap_or_default()
    }

    /// Where what is typed into a field of a record is kept until it is saved. Of a record that is
    /// still to be made nobody can say that it is gone.
    pub fn place(&self, record: RecordId, key: &str) -> String {
        let form = if self.row(record).is_some() {
            "field"
        } else {
            "new"
        };
        match self.held_workspace() {
            Some(workspace) => format!("{form}/{workspace}/{record}/{key}"),
            None => String::new(),
        }
    }

    /// The open workspace, also before its first rows have come.
    fn open_workspace(&self) -> Option<WorkspaceId> {
        self.device()?.open
    }

    /// Where what is typed into a form about a record that there is is kept until it is sent.
    pub fn form_of(&self, record: RecordId, form: &str) -> AttrValue {
        let place = |workspace| format!("{}{record}/{form}", forms_of(workspace));
        self.open_workspace().map(place).unwrap_or_default().into()
    }

    /// The record of which such a form was being filled in when the page was thrown away.
    pub fn begun(&self, form: &str) -> Option<RecordId> {
        let forms = forms_of(self.open_workspace()?);
        let record = |place: &String| {
            let (record, of) = place.strip_prefix(&forms)?.split_once('/')?;
            record.parse().ok().filter(|_| of == form)
        };
        drafts::places().iter().find_map(record)
    }

    /// Where what is typed into another form of this workspace is kept until it is sent.
    pub fn form(&self, form: &str) -> AttrValue {
        let place = |workspace| format!("form/{workspace}/{form}");
        self.open_workspace().map(place).unwrap_or_default().into()
    }

    /// Forgets what was typed into records of this workspace that are gone.
    pub(super) fn forget_drafts(&self) {
        let Some(workspace) = self.held_workspace() else {
            return;
        };
        let here = workspace.to_string();
        drafts::sweep(|place| {
            let mut parts = place.splitn(4, '/');
            if parts.next() == Some("new") {
                return true;
            }
            let is_here = parts.next().is_some_and(|it| it == here);
            let record = parts.next().and_then(|id| id.parse().ok());
            !is_here || record.is_none_or(|id| self.row(id).is_some())
        });
    }

    /// What was typed on a page that is gone was taken over.
    pub(super) fn found(&self, places: &[String]) {
        self.resume_typing();
        if places.iter().any(|place| !place.starts_with("note/")) {
            let store = self.clone();
            press::after(move || {
                store.0.found.set(store.0.found.get() + 1);
                store.0.watchers.tell(&[Topic::Found]);
            });
        }
    }

    /// How often that was so: what is drawn before knows nothing of what was found.
    pub fn found_count(&self) -> u32 {
        self.0.found.get()
    }

    /// Sends what was typed into notes on a page that is gone.
    pub(super) fn resume_typing(&self) {
        let loaded = self.held_workspace().filter(|_| self.is_loaded());
        let Some(workspace) = loaded else {
            return;
        };
        let notes = notes_of(workspace);
        for place in drafts::take_found(&notes) {
            let cut = drafts::kept(&place).and_then(|text| cut(&text));
            let named = place[notes.len()..].split_once('/');
            let named = named.and_then(|(record, field)| Some((record.parse().ok()?, field)));
            let (Some(cut), Some((record, field))) = (cut, named) else {
                drafts::keep(&place, None);
                continue;
            };
            let (store, field) = (self.clone(), field.to_owned());
            spawn_local(async move {
                let mut typing = Typing::resume(cut);
                let next = |typing: &mut Typing| typing.next(u64::from_le_bytes(random()), now().0);
                while let Some(sent) = next(&mut typing) {
                    keep(&place, &typing);
                    let id = sent.id;
                    let answer = store.type_into(record, &field, sent).await;
                    let is_over = matches!(answer, Answer::Refused | Answer::Unknown);
                    typing.answered(id, answer);
                    if is_over {
                        break;
                    }
                }
                keep(&place, &typing);
                store.0.watchers.tell(&[Topic::Open]);
            });
        }
    }

    /// Keeps a note as the engine has it.
    pub fn put_note(&self, note: Note) {
        let mut open = self.0.open.borrow_mut();
        if let Some(detail) = open.as_mut().filter(|open| open.record == note.record) {
            let notes = &mut Rc::make_mut(detail).notes;
            match notes.iter_mut().find(|held| held.field == note.field) {
                Some(held) if held.order > note.order => {}
                Some(held) => *held = note,
                None => notes.push(note),
            }
        }
    }
}

fn forms_of(workspace: WorkspaceId) -> String {
    format!("field/{workspace}/")
}

fn notes_of(workspace: WorkspaceId) -> String {
    format!("note/{workspace}/")
}

/// Keeps what is not safe yet, or forgets it.
fn keep(place: &str, typing: &Typing) {
    let text = typing.cut().map(|cut| {
        // Each byte is a letter there.
        let bytes = encode(&cut).into_iter();
        bytes.map(char::from).collect::<String>()
    });
    drafts::keep(place, text.as_deref());
}

fn cut(text: &str) -> Option<Cut> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    decode(&bytes?).ok()
}
