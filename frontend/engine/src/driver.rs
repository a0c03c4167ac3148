//! Drives `shared::sync::client`: carries out what it wants, in order, and tells it what came of it.

mod links;

use crate::engine::{Engine, Input};
use crate::failure::Failure;
use crate::leader::{Leader, Told};
use crate::platform::browser::{log, now, sleep, socket_origin, spawn};
use crate::platform::fetch::{self, Answer};
use crate::platform::storage::StorageError;
use crate::platform::websocket::{Socket, SocketEvent};
use crate::uplink::Uplink;
use shared::bridge::{Event as PageEvent, Problem, Reply, SyncState};
use shared::id::RecordId;
use shared::sync::client::{Client, Effect, Event, Outgoing, Resume, Status, Store, Unreachable};
use shared::time::Timestamp;
use std::collections::VecDeque;

/// The longest that a timer is set for at once.
const LONGEST_TIMER_MS: i64 = 600_000;
/// A clock that differs by more than this from the server's is corrected.
const CLOCK_SLACK_MS: i64 = 60_000;

/// The beginning of 2020: no edit was made before.
const EARLIEST: Timestamp = Timestamp(1_577_836_800_000);

impl Leader {
    /// How sync stands; `None` when the workspace is not shared.
    pub fn status(&self) -> Option<Status> {
        self.driver.as_ref().map(|driver| driver.client.status())
    }
}

impl Engine {
    /// Starts sync of the open workspace, if it is shared.
    pub async fn start_sync(&mut self) {
        let Some(registry) = &self.registry else {
            return;
        };
        let who = registry.who.clone();
        let id = self.open.as_ref().map(|open| open.id);
        let Some(entry) = id.and_then(|id| registry.workspaces.get(id)).cloned() else {
            return;
        };
        let (build, incarnation) = (self.me.build.clone(), self.instance());
        let Some(leader) = self.leader() else { return };
        leader.is_shared = entry.shared;
        leader.driver = None;
        if !entry.shared {
            return;
        }
        let resume = Resume {
            build,
            device: who.device,
            incarnation,
            person: who.person,
            point: leader.workspace.point,
            waiting: leader.workspace.outbox.len() as u64,
        };
        leader.driver = Some(Uplink {
            client: Client::new(resume, now()),
            socket: None,
            socket_number: 0,
            is_open: false,
            timer_number: 0,
            workspace: entry.id,
            secret: entry.secret,
            events: VecDeque::new(),
        });
        self.sync(Event::Started).await;
    }

    /// Changes that were committed here go to the server.
    pub async fn saved(&mut self, outgoing: Vec<Outgoing>) {
        if !outgoing.is_empty() {
            self.sync(Event::Saved(outgoing)).await;
        }
    }

    /// Tries the server at once.
    pub async fn wake(&mut self) {
        self.sync(Event::Nudged).await;
    }

    /// Sends refused changes once more.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn retry_refused(&mut self) -> Result<Reply, Failure> {
        let author = (self.writer().ok_or(Problem::NoWorkspace)?, self.clock());
        let leader = self.leader().ok_or(Problem::NoWorkspace)?;
        let told = leader.retry_refused(author).await?;
        if let Some((gone, saved)) = self.tell_stored(told).await {
            self.sync(Event::Replaced { gone, saved }).await;
        }
        self.tell_sync();
        Ok(Reply::Done)
    }

    /// Tries again what was taken for the cause of a crash, where its time has come.
    pub async fn try_doubted(&mut self) {
        let author = self.writer().map(|writer| (writer, self.clock()));
        let (Some(leader), Some(author)) = (self.leader(), author) else {
            return;
        };
        match leader.try_doubted(author).await {
            Ok(told) => {
                let offers = told.offers;
                if let Some((gone, saved)) = self.tell_stored(told).await {
                    self.sync(Event::Replaced { gone, saved }).await;
                }
                if offers {
                    self.sync(Event::Offered).await;
                }
            }
            Err(StorageError::Fenced) => self.step_down(),
            Err(error) => log(&format!("trying once more: {error}")),
        }
    }

    /// Something about a socket.
    pub async fn socket(&mut self, number: u64, event: SocketEvent) {
        let Some(driver) = self.driver_of(number) else {
            return;
        };
        match event {
            SocketEvent::Opened => {
                driver.is_open = true;
                self.sync(Event::Opened).await;
            }
            SocketEvent::Frame(frame) => self.sync(Event::Frame(frame)).await,
            SocketEvent::Closed { code } if driver.is_open => {
                driver.socket = None;
                self.sync(Event::Closed { code }).await;
            }
            SocketEvent::Closed { .. } => {
                driver.socket = None;
                let (workspace, secret) = (driver.workspace, driver.secret);
                let inputs = self.inputs.clone();
                spawn(async move {
                    let answer = fetch::call("GET", workspace, "", secret, None).await;
                    let _ = inputs.unbounded_send(Input::Probed(number, answer));
                });
            }
        }
    }

    /// Why a socket did not open.
    pub async fn probed(&mut self, number: u64, answer: Option<Answer>) {
        if self.driver_of(number).is_none() {
            return;
        }
        let why = match answer.map(|answer| answer.status) {
            None | Some(204) => Unreachable::Network,
            Some(401 | 404) => Unreachable::BadSecret,
            Some(_) => Unreachable::Server,
        };
        self.sync(Event::Unreachable(why)).await;
    }

    /// A timer of the client rang.
    pub async fn woke(&mut self, number: u64) {
        let driver = self.leader().and_then(|leader| leader.driver.as_ref());
        if driver.is_some_and(|driver| driver.timer_number == number) {
            self.sync(Event::Woke).await;
        }
    }

    fn driver_of(&mut self, socket: u64) -> Option<&mut Uplink> {
        let driver = self.leader()?.driver.as_mut()?;
        (driver.socket_number == socket).then_some(driver)
    }

    /// Tells the client what happened and carries out what it wants, until it wants no more.
    pub async fn sync(&mut self, event: Event) {
        let mut changed = false;
        match self.leader().and_then(|leader| leader.driver.as_mut()) {
            Some(driver) => driver.events.push_back(event),
            None => return,
        }
        while let Some(effects) = self.next_effects() {
            for effect in effects {
                match effect {
                    Effect::Connect => self.connect(),
                    Effect::Disconnect => self.disconnect(),
                    Effect::Send(frame) => self.send(&frame),
                    Effect::WakeAt(at) => self.wake_at(at),
                    Effect::StatusChanged => changed = true,
                    Effect::Read(what) => {
                        let Some(leader) = self.leader() else { return };
                        let read = leader.workspace.read(what).await;
                        let (changes, more) = read.unwrap_or_else(|error| {
                            log(&format!("reading for the server: {error}"));
                            (Vec::new(), false)
                        });
                        self.later(Event::Read { changes, more });
                    }
                    Effect::Store(store) => match self.store(store).await {
                        Ok(()) => self.later(Event::Stored),
                        // What nobody knows to be written is read anew.
                        Err(StorageError::Fenced | StorageError::Lost(_)) => {
                            return self.step_down();
                        }
                        Err(error) => {
                            log(&format!("storing what came: {error}"));
                            self.later(Event::StoreFailed);
                        }
                    },
                }
            }
        }
        if changed {
            self.note_complete().await;
            self.tell_sync();
        }
    }

    fn next_effects(&mut self) -> Option<Vec<Effect>> {
        let driver = self.leader()?.driver.as_mut()?;
        let event = driver.events.pop_front()?;
        Some(driver.client.handle(event, now()))
    }

    fn later(&mut self, event: Event) {
        if let Some(driver) = self.leader().and_then(|leader| leader.driver.as_mut()) {
            driver.events.push_back(event);
        }
    }

    fn connect(&mut self) {
        let inputs = self.inputs.clone();
        let Some(driver) = self.leader().and_then(|leader| leader.driver.as_mut()) else {
            return;
        };
        driver.socket_number += 1;
        driver.is_open = false;
        let number = driver.socket_number;
        let url = format!(
            "{}/api/workspaces/{}/socket",
            socket_origin(),
            driver.workspace
        );
        let protocols = ["terrain.1".to_owned(), format!("secret.{}", driver.secret)];
        let hear = inputs.clone();
        driver.socket = Socket::connect(&url, &protocols, move |event| {
            let _ = hear.unbounded_send(Input::Socket(number, event));
        });
        if driver.socket.is_none() {
            let closed = SocketEvent::Closed { code: 1006 };
            let _ = inputs.unbounded_send(Input::Socket(number, closed));
        }
    }

    fn disconnect(&mut self) {
        if let Some(driver) = self.leader().and_then(|leader| leader.driver.as_mut()) {
            driver.socket = None;
            driver.socket_number += 1;
        }
    }

    fn send(&mut self, frame: &[u8]) {
        let driver = self.leader().and_then(|leader| leader.driver.as_ref());
        if let Some(socket) = driver.and_then(|driver| driver.socket.as_ref()) {
            socket.send(frame);
        }
    }

    fn wake_at(&mut self, at: Timestamp) {
        let inputs = self.inputs.clone();
        let Some(driver) = self.leader().and_then(|leader| leader.driver.as_mut()) else {
            return;
        };
        driver.timer_number += 1;
        let number = driver.timer_number;
        let ms = (at.0 - now().0).clamp(0, LONGEST_TIMER_MS) as i32;
        spawn(async move {
            sleep(ms).await;
            let _ = inputs.unbounded_send(Input::Woke(number));
        });
    }

    async fn store(&mut self, store: Store) -> Result<(), StorageError> {
        let author = self.writer().map(|writer| (writer, self.clock()));
        let (Some(leader), Some(author)) = (self.leader(), author) else {
            return Ok(());
        };
        let told = leader.store(store, author).await?;
        let offers = told.offers;
        if let Some((gone, saved)) = self.tell_stored(told).await {
            self.later(Event::Replaced { gone, saved });
        }
        if offers {
            self.later(Event::Offered);
        }
        Ok(())
    }

    /// Tells the pages what was stored; returns what the client is to be told.
    async fn tell_stored(&mut self, told: Told) -> Option<(Vec<u64>, Vec<Outgoing>)> {
        let records: Vec<RecordId> = told.rows.iter().map(|row| row.id).collect();
        if !told.gone.is_empty() {
            // Pages learn of new rows one by one, but not of those that went.
            self.welcome(None).await;
        }
        if !told.rows.is_empty() {
            self.tell_rows(told.rows).await;
        }
        self.tell_notes(&records, None).await;
        told.replaced
    }

    async fn note_complete(&mut self) {
        let Some(leader) = self.leader() else { return };
        let complete = leader.status().is_some_and(|status| status.complete);
        if complete && !leader.workspace.complete {
            match leader.workspace.mark_complete().await {
                Ok(()) => self.count_records().await,
                Err(error) => log(&format!("data is here, but: {error}")),
            }
        }
    }

    /// Tells all pages how sync stands.
    pub fn tell_sync(&mut self) {
        if self.leader().is_some() {
            let state = self.sync_state();
            self.tell_all(&PageEvent::Sync(state));
        }
    }

    /// How sync stands.
    pub fn sync_state(&mut self) -> SyncState {
        self.leader()
            .map(|leader| leader.sync_state(leader.status()))
            .unwrap_or_default()
    }

    /// The clock for edits, corrected when it is far from the server's; 0 when it is plainly wrong,
    /// since the server refuses such a time.
    pub fn clock(&mut self) -> Timestamp {
        let status = self.leader().and_then(|leader| leader.status());
        let offset = status.and_then(|status| status.clock_offset_ms);
        let offset = offset.filter(|offset| offset.abs() > CLOCK_SLACK_MS);
        let at = Timestamp(now().0 + offset.unwrap_or(0));
        if at < EARLIEST { Timestamp(0) } else { at }
    }
}
