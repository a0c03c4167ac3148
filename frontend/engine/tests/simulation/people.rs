//! What people do.

use super::device::Engine;
use super::disk::Doing;
use super::mutants::Bug;
use super::oracle::Shown;
use super::random::Random;
use super::world::{Happening, World};
use engine::failure::Failure;
use engine::platform::native::run;
use engine::tab::Origin;
use shared::crm::Kind;
use shared::crm::command::{Edit, Splice, Write};
use shared::crm::row::Item;
use shared::document::Document;
use shared::id::{PersonId, RecordId, Writer};
use shared::sync::client::{Event, Outgoing, Read, Store};
use shared::sync::message::{self, ToRoom};
use shared::sync::packed::{change_hash, pack, unpack};
use shared::time::Timestamp;

/// So few that people meet in the same ones.
pub const RECORDS: u64 = 5;

/// The n-th record.
pub fn record(number: u64) -> RecordId {
    RecordId([number as u8 + 100; 16])
}

/// What a person does to a record.
#[derive(Debug)]
enum Deed {
    Edit(Vec<Edit>),
    /// Types into the notes.
    Type(RecordId, String),
}

impl World {
    /// One edit that a person makes on a device.
    pub fn edit(&mut self, device: usize) {
        let id = record(self.random.below(RECORDS));
        self.edit_record(device, id);
    }

    /// One edit of a record.
    pub fn edit_record(&mut self, device: usize, id: RecordId) {
        self.tell_replaced(device);
        let clock = self.devices[device].clock(self.now);
        self.enter(device, Doing::Saving);
        let World {
            random, devices, ..
        } = self;
        let Some(engine) = &mut devices[device].engine else {
            return;
        };
        let stamp = engine.clock(clock);
        let number = engine.number;
        let deed = deed(random, engine, id, stamp);
        self.tell_story(|| format!("device {device}: {deed:?}"));
        if self.is(Bug::SaysSavedBeforeCommit) {
            self.say_early(device, &deed, stamp);
        }
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let saved = carry_out(engine, &deed, stamp);
        self.note_struck();
        if self.devices[device].is_dead() {
            return self.kill(device);
        }
        let outgoing = match saved {
            Ok(outgoing) => outgoing,
            // Another tab writes, or this one does not know what it has written.
            Err(Failure::Fenced) => return self.kill(device),
            // The person is told that it is not saved.
            Err(Failure::Problem(problem)) => {
                self.check_may_fail(&problem);
                return self.step_down_where_lost(device);
            }
        };
        self.show(device, &outgoing, stamp);
        self.tell(device, number, None, Event::Saved(outgoing));
    }

    /// Somebody is shown that these are saved.
    pub fn show(&mut self, device: usize, outgoing: &[Outgoing], stamp: Timestamp) {
        let at = self.now;
        for change in outgoing {
            let hash = change_hash(&change.bytes).expect("an engine makes changes");
            self.tell_story(|| {
                format!(
                    "device {device} saves {hash} of {} as {}",
                    change.document, change.key
                )
            });
            self.oracle.shown.push(Shown {
                name: (change.document, hash),
                key: change.key,
                stamp,
                at,
                device,
            });
        }
    }

    /// What the edit will be, said before it is saved.
    fn say_early(&mut self, device: usize, deed: &Deed, stamp: Timestamp) {
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let Deed::Edit(edits) = deed else { return };
        let [edit] = edits.as_slice() else { return };
        let Ok(document) = run(engine.leader.take_document(edit.record)) else {
            return;
        };
        let changes = document.clone().edit(edit, engine.writer, stamp);
        engine.leader.documents.put(edit.record, document);
        let made = changes.map(|edited| edited.changes).unwrap_or_default();
        let outgoing: Vec<Outgoing> = made
            .into_iter()
            .map(|change| Outgoing {
                key: 0,
                document: edit.record,
                generation: 0,
                bytes: change.bytes,
            })
            .collect();
        self.show(device, &outgoing, stamp);
    }

    /// A person's change that somebody else signs for.
    pub fn forge(&mut self, device: usize) {
        let engine = self.devices[device].engine.as_ref();
        let Some(socket) = engine.and_then(|engine| engine.socket) else {
            return;
        };
        let writer = Writer {
            person: PersonId([66; 8]),
            instance: self.random.bytes(),
        };
        let id = RecordId([self.random.below(90) as u8; 16]);
        let edit = Edit::make(id, Kind::Contact, vec![Write::put("city", "Vannes")]);
        let forged = Document::new().edit(&edit, writer, self.now);
        let changes = forged.expect("an edit of a new record").changes;
        self.oracle
            .forged
            .extend(changes.iter().map(|change| change.hash));
        let items = changes
            .iter()
            .map(|change| (id, 0, change.bytes.as_slice()));
        let push = ToRoom::Push {
            batch: u32::MAX,
            refill: false,
            changes: pack(items).0,
        };
        self.schedule(5, Happening::Frame(socket, message::encode(&push)));
    }

    /// A push went out: a bug may take it for settled.
    pub fn note_sent(&mut self, device: usize, frame: &[u8]) {
        if !self.is(Bug::DropsOutboxOnSend) {
            return;
        }
        let Ok(ToRoom::Push { changes, .. }) = message::decode(frame) else {
            return;
        };
        let sent = unpack(&changes).unwrap_or_default();
        self.enter(device, Doing::Storing);
        let Some(engine) = &mut self.devices[device].engine else {
            return;
        };
        let workspace = &mut engine.leader.workspace;
        let (after, limit) = (0, 1_000);
        let waiting = run(workspace.read(Read::Outbox { after, limit })).unwrap_or_default();
        let settled = waiting.0.iter();
        let settled = settled.filter(|it| sent.iter().any(|item| item.bytes == it.bytes));
        let store = Store {
            confirmed: settled.map(|it| it.key).collect(),
            point: workspace.point,
            ..Store::default()
        };
        // What goes wrong here goes wrong in a bug.
        let author = (engine.writer, self.now);
        let _ = run(engine.leader.store(store, author));
    }
}

fn deed(random: &mut Random, engine: &Engine, id: RecordId, at: Timestamp) -> Deed {
    const CITIES: [&str; 4] = ["Auray", "Brest", "Quimper", "Vannes"];
    let city = CITIES[random.index(CITIES.len())];
    let edit = match random.below(10) {
        _ if !engine.leader.workspace.has(id) => {
            let name = vec![Write::put("last_name", city)];
            Edit::make(id, Kind::Contact, name)
        }
        0 | 1 => return Deed::Type(id, format!("{city} ")),
        2 => {
            let item = Item {
                key: format!("i{}", random.below(3)),
                label: "work".into(),
                text: format!("+33 2 97 {}", random.below(100)),
            };
            Edit::of(id, vec![Write::put_item("phones", &item)])
        }
        3 => Edit::of(id, vec![Write::clear_item("phones", "i0")]),
        4 => Edit::delete(id),
        5 => Edit::restore(id),
        6 if !engine.undo.is_empty() => return Deed::Edit(engine.undo.clone()),
        6 => Edit::of(id, vec![Write::clear("city")]),
        _ => {
            let value = format!("{city} {}", at.0 % 97);
            Edit::of(id, vec![Write::put("city", value)])
        }
    };
    Deed::Edit(vec![edit])
}

/// Saves; returns what is to be sent.
fn carry_out(engine: &mut Engine, deed: &Deed, at: Timestamp) -> Result<Vec<Outgoing>, Failure> {
    let Engine {
        leader,
        writer,
        undo,
        ..
    } = engine;
    match deed {
        Deed::Edit(edits) => {
            let outcome = run(leader.edit(0, edits, *writer, at))?;
            *undo = outcome.undo;
            Ok(outcome.outgoing)
        }
        Deed::Type(id, insert) => {
            let detail = run(leader.open_record(Origin::Page, *id))?;
            let Some(note) = detail.notes.first() else {
                return Ok(Vec::new());
            };
            let splice = Splice {
                at: 0,
                remove: note.text.chars().count().min(1),
                insert: insert.clone(),
            };
            let typed = run(leader.type_into(
                (Origin::Page, 0),
                (*id, &note.field, note.revision),
                &splice,
                (*writer, at),
            ))?;
            Ok(typed.outgoing)
        }
    }
}
