//! The device: the engine's storage and documents, the client machine, a socket, and the rows that a
//! page would hold.

mod calls;
mod sync;

use crate::contact;
use crate::database::{Folder, now};
use crate::lines::{self, Asked, say};
use crate::wire::{SocketEvent, Writing};
use engine::leader::Leader;
use engine::platform::native::{install, run as done};
use serde::Deserialize;
use serde_json::json;
use shared::crm::row::Row;
use shared::id::{DeviceId, PersonId, RecordId, Secret, WorkspaceId, Writer};
use shared::sync::client::{Client, Event, Resume};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How long nothing may happen before the tail is folded, as in the browser.
const PAUSE: Duration = Duration::from_millis(2_500);

/// Which workspace, and who.
#[derive(Debug, Clone, Deserialize)]
pub struct Place {
    /// Host and port of the server.
    pub address: String,
    /// The workspace's id.
    pub workspace: String,
    /// Its secret.
    pub secret: String,
    /// The person's name.
    pub person: String,
}

enum Input {
    Asked(Option<Asked>),
    Socket(u64, SocketEvent),
}

struct Device {
    place: Place,
    workspace: WorkspaceId,
    folder: Rc<Folder>,
    leader: Leader,
    client: Client,
    writer: Writer,
    inputs: Sender<Input>,
    events: VecDeque<Event>,
    /// Whether there is a network.
    online: bool,
    socket: Option<Box<Writing>>,
    socket_number: u64,
    wake_at: Option<i64>,
    /// What the page holds.
    rows: BTreeMap<RecordId, Row>,
    /// Notes that rows cut short, as far as they were read.
    notes: BTreeMap<RecordId, String>,
    watched: BTreeSet<RecordId>,
    /// Requests that wait for the socket, and for so many rows.
    connecting: Option<u64>,
    opening: Option<(u64, usize)>,
    frames: Frames,
    /// How often and how long each kind of work was done.
    times: BTreeMap<&'static str, (u64, Duration)>,
    last: Instant,
}

/// Frames that went over sockets.
#[derive(Debug, Clone, Copy, Default)]
struct Frames {
    sent: u64,
    received: u64,
    bytes: u64,
}

/// Runs until the input ends.
///
/// # Errors
/// The folder can't be used, or what names the workspace is no id.
pub fn run(folder: &Path, place: Place) -> Result<(), String> {
    let words = |error: &dyn std::fmt::Display| error.to_string();
    let (inputs, received) = channel();
    lines::listen(inputs.clone(), Input::Asked);
    let folder = Rc::new(Folder(folder.to_owned()));
    install(folder.clone());
    let workspace: WorkspaceId = place.workspace.parse().map_err(|error| words(&error))?;
    let _: Secret = place.secret.parse().map_err(|error| words(&error))?;
    let mut rows = BTreeMap::new();
    let leader = Leader::open(workspace, true, |block| {
        rows.extend(block.into_iter().map(|row| (row.id, row)));
    });
    let leader = done(leader).map_err(|error| words(&error))?;
    let person = PersonId(named(&place.person));
    let instance = engine::platform::native::random();
    let resume = Resume {
        build: "0123456789abcdef".into(),
        device: DeviceId([instance, person.0].concat().try_into().unwrap_or([0; 16])),
        incarnation: instance,
        person,
        point: leader.workspace.point,
        waiting: leader.workspace.outbox.len() as u64,
    };
    let mut device = Device {
        client: Client::new(resume, now()),
        writer: Writer { person, instance },
        place,
        workspace,
        folder,
        leader,
        inputs,
        events: VecDeque::new(),
        online: false,
        socket: None,
        socket_number: 0,
        wake_at: None,
        rows,
        notes: BTreeMap::new(),
        watched: BTreeSet::new(),
        connecting: None,
        opening: None,
        frames: Frames::default(),
        times: BTreeMap::new(),
        last: Instant::now(),
    };
    say(&json!({ "event": "ready" }));
    device.sync(Event::Started);
    device.live(&received);
    Ok(())
}

impl Device {
    /// Takes one input after another; folds in pauses, and when the tail is long.
    fn live(&mut self, inputs: &Receiver<Input>) {
        loop {
            match inputs.recv_timeout(self.patience()) {
                Ok(Input::Asked(None)) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Input::Asked(Some(asked))) => self.call(asked),
                Ok(Input::Socket(number, event)) if number == self.socket_number => {
                    self.hear(event)
                }
                Ok(Input::Socket(..)) => continue,
                Err(RecvTimeoutError::Timeout) => {
                    if self.is_late() {
                        self.wake_at = None;
                        self.sync(Event::Woke);
                    }
                    self.fold_some();
                    continue;
                }
            }
            self.last = Instant::now();
        }
    }

    fn patience(&self) -> Duration {
        let timer = self.wake_at.map(|at| (at - now().0).max(0).cast_unsigned());
        let timer = timer.map_or(PAUSE, Duration::from_millis);
        match (
            self.leader.workspace.has_tail(),
            self.leader.workspace.has_long_tail(),
        ) {
            (_, true) => Duration::ZERO,
            (true, false) => timer.min(PAUSE.saturating_sub(self.last.elapsed())),
            (false, false) => timer,
        }
    }

    fn is_late(&self) -> bool {
        self.wake_at.is_some_and(|at| at <= now().0)
    }

    fn fold_some(&mut self) {
        let workspace = &mut self.leader.workspace;
        let due = self.last.elapsed() >= PAUSE || workspace.has_long_tail();
        if due && workspace.has_tail() {
            let began = Instant::now();
            if let Err(error) = done(workspace.fold()) {
                eprintln!("folding: {error}");
            }
            self.spent("fold", began);
        }
    }

    fn spent(&mut self, what: &'static str, began: Instant) {
        let (count, time) = self.times.entry(what).or_default();
        *count += 1;
        *time += began.elapsed();
    }

    /// The page is told of rows that changed.
    fn show(&mut self, rows: Vec<Row>) {
        for row in rows {
            let id = row.id;
            self.notes.remove(&id);
            if self.watched.contains(&id) {
                say(&json!({ "event": "seen", "contact": contact::read(&row, None) }));
            }
            self.rows.insert(id, row);
        }
        self.opened();
    }
}

/// Eight bytes of a name.
fn named(name: &str) -> [u8; 8] {
    let mut bytes = *b"person  ";
    for (to, from) in bytes.iter_mut().rev().zip(name.bytes().rev()) {
        *to = from;
    }
    bytes
}
