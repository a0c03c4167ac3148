//! What the rig asks of the device.

use super::Device;
use crate::contact::{self, Contact};
use crate::database::now;
use crate::lines::{Asked, answer, refuse, resident, say};
use engine::platform::native::run as done;
use engine::table::Set;
use engine::workspace::database_name;
use serde::Deserialize;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use shared::crm::Kind;
use shared::crm::command::Edit;
use shared::id::RecordId;
use shared::sync::client::Event;
use std::collections::BTreeMap;
use std::time::Instant;

/// How many records are made at once, and read at once.
const AT_ONCE: usize = 256;

#[derive(Deserialize)]
struct OneEdit {
    id: String,
    field: String,
    value: Json,
}

impl Device {
    /// Does what is asked and answers.
    pub(super) fn call(&mut self, asked: Asked) {
        let id = asked.id;
        if let Err(why) = self.carry_out_call(asked) {
            refuse(id, &why);
        }
    }

    fn carry_out_call(&mut self, asked: Asked) -> Result<(), String> {
        let id = asked.id;
        match asked.call.as_str() {
            "create" => {
                self.create(&parse::<Vec<Contact>>(asked.with)?)?;
                answer(id, true);
            }
            "edit" => {
                self.edit(&parse(asked.with)?)?;
                answer(id, true);
            }
            "connect" => {
                self.online = true;
                self.connecting = Some(id);
                self.sync(Event::Nudged);
            }
            "disconnect" => {
                self.online = false;
                self.hang_up();
                self.sync(Event::Closed { code: 1006 });
                answer(id, true);
            }
            "open" => {
                self.opening = Some((id, parse(asked.with)?));
                self.opened();
            }
            "all" => self.all(id, &parse::<Option<Vec<String>>>(asked.with)?)?,
            "watch" => {
                let record = contact::record(self.workspace, &parse::<String>(asked.with)?);
                self.watched.insert(record);
                answer(id, true);
            }
            "count" => answer(id, self.rows.len()),
            "memory" => answer(id, resident()),
            "frames" => {
                let frames = self.frames;
                answer(
                    id,
                    json!({ "sent": frames.sent, "received": frames.received, "bytes": frames.bytes }),
                );
            }
            "times" => {
                let times = std::mem::take(&mut self.times).into_iter();
                let times = times.map(|(what, (count, time))| {
                    (
                        what,
                        json!({ "count": count, "ms": time.as_secs_f64() * 1000.0 }),
                    )
                });
                answer(id, json!(times.collect::<BTreeMap<_, _>>()));
            }
            "flush" => {
                while self.leader.workspace.has_tail() {
                    done(self.leader.workspace.fold()).map_err(|error| error.to_string())?;
                }
                answer(id, true);
            }
            "tidy" => {
                let tidied = self.folder.tidy(&database_name(self.workspace));
                tidied.map_err(|error| error.to_string())?;
                answer(id, true);
            }
            "status" => answer(
                id,
                format!(
                    "{:?} {:?}",
                    self.client.status(),
                    self.leader.workspace.point
                ),
            ),
            other => return Err(format!("{other} is no call")),
        }
        Ok(())
    }

    fn create(&mut self, contacts: &[Contact]) -> Result<(), String> {
        for contacts in contacts.chunks(AT_ONCE) {
            let edits = contacts.iter().map(|contact| {
                let id = contact.get("id").and_then(Json::as_str).unwrap_or_default();
                let record = contact::record(self.workspace, id);
                Edit::make(record, Kind::Contact, contact::made(contact))
            });
            self.commit(&edits.collect::<Vec<Edit>>())?;
        }
        Ok(())
    }

    fn edit(&mut self, edit: &OneEdit) -> Result<(), String> {
        let record = contact::record(self.workspace, &edit.id);
        let writes = contact::edited(self.rows.get(&record), &edit.field, &edit.value);
        self.commit(&[Edit::of(record, writes)])
    }

    fn commit(&mut self, edits: &[Edit]) -> Result<(), String> {
        let request = u64::from_le_bytes(engine::platform::native::random());
        let began = Instant::now();
        let edited = done(self.leader.edit(request, edits, self.writer, now()));
        self.spent("edit", began);
        let outcome = edited.map_err(|failure| format!("{failure:?}"))?;
        self.show(outcome.rows);
        self.saved(outcome.outgoing);
        Ok(())
    }

    /// Answers the request that waits for rows, once they are there: all are read once for it.
    pub(super) fn opened(&mut self) {
        let Some((id, _)) = self.opening.filter(|(_, count)| self.rows.len() >= *count) else {
            return;
        };
        self.opening = None;
        let mut digest = Sha256::new();
        for row in self.rows.values() {
            let contact = contact::read(row, None);
            digest.update(serde_json::to_vec(&contact).unwrap_or_default());
        }
        let digest: String = digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        answer(id, digest);
    }

    /// Says contacts in parts. Notes that a row cuts short are read from the documents; those of
    /// contacts that were asked for by name are remembered until they change.
    fn all(&mut self, id: u64, wanted: &Option<Vec<String>>) -> Result<(), String> {
        let records: Vec<RecordId> = match wanted {
            Some(ids) => ids
                .iter()
                .map(|id| contact::record(self.workspace, id))
                .collect(),
            None => self.rows.keys().copied().collect(),
        };
        for records in records.chunks(AT_ONCE) {
            let read = self.notes_of(records)?;
            if wanted.is_some() {
                self.notes.extend(read.clone());
            }
            let find = |id: &RecordId| read.iter().find(|(of, _)| of == id).map(|(_, note)| note);
            let contacts = records.iter().filter_map(|id| {
                let note = self.notes.get(id).or_else(|| find(id));
                Some(contact::read(self.rows.get(id)?, note.map(String::as_str)))
            });
            say(&json!({ "part": id, "contacts": contacts.collect::<Vec<Contact>>() }));
        }
        answer(id, true);
        Ok(())
    }

    /// The notes that rows cut short and that were not read yet: of documents that are open, or read for it.
    fn notes_of(&mut self, records: &[RecordId]) -> Result<Vec<(RecordId, String)>, String> {
        let cut = |id: &&RecordId| self.rows.get(id).is_some_and(contact::is_cut);
        let unread = records
            .iter()
            .filter(cut)
            .filter(|id| !self.notes.contains_key(id));
        let mut notes = Vec::new();
        let mut closed: Set<RecordId> = Set::default();
        for id in unread.copied() {
            match self.leader.documents.take(id) {
                Some(document) => {
                    notes.push((id, document.note("notes")));
                    self.leader.documents.put(id, document);
                }
                None => {
                    closed.add(id);
                }
            }
        }
        let histories = done(self.leader.workspace.histories(&closed));
        for (id, stored) in histories.map_err(|error| error.to_string())?.iter() {
            let document = stored.document().map_err(|error| error.to_string())?;
            notes.push((id, document.note("notes")));
        }
        Ok(notes)
    }
}

fn parse<T: serde::de::DeserializeOwned>(value: Json) -> Result<T, String> {
    serde_json::from_value(value).map_err(|error| error.to_string())
}
