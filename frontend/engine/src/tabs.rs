//! Opening and closing workspaces, and the work between tabs: one writes, the others relay.

use crate::engine::{Engine, Input};
use crate::leader::Leader;
use crate::open::{Open, Role};
use crate::platform::browser::{log, now, sleep, spawn, within};
use crate::platform::channel::Channel;
use crate::platform::lock::Lock;
use crate::platform::page;
use crate::platform::storage::StorageError;
use crate::registry::Entry;
use crate::tab::{Origin, TabMessage};
use crate::workspace::{database_name, name_record};
use futures_channel::oneshot;
use shared::bridge::{Event, Request, encode};
use shared::crm::row::Row;
use shared::id::{RecordId, WorkspaceId};

/// How many rows go in a message.
pub const ROWS_A_MESSAGE: usize = 512;
/// How long the lock may take before this tab counts as a second one.
const LOCK_MS: i32 = 150;
/// After how long an unanswered call is handed to the writing tab once more.
const AGAIN_MS: i32 = 1_500;

impl Engine {
    /// Opens a workspace: as its writer when no other tab is, else through the one that is.
    ///
    /// # Errors
    /// Storage failed; no workspace is open then.
    pub async fn open_workspace(&mut self, id: WorkspaceId) -> Result<(), StorageError> {
        self.close_workspace();
        let name = database_name(id);
        let inputs = self.inputs.clone();
        let channel = Channel::open(&name, move |bytes| {
            let _ = inputs.unbounded_send(Input::Tab(id, bytes));
        });
        let (held, waiting) = oneshot::channel();
        let inputs = self.inputs.clone();
        let lock = Lock::request(&name, move || {
            if held.send(()).is_err() {
                let _ = inputs.unbounded_send(Input::Held(id));
            }
        });
        self.open = Some(Open {
            id,
            role: Role::Relays,
            channel,
            lock,
            unanswered: Vec::new(),
        });
        self.tell_device();
        if let Some(Ok(())) = within(LOCK_MS, waiting).await {
            if let Err(error) = self.take_lead().await {
                self.close_workspace();
                self.tell_device();
                return Err(error);
            }
        } else {
            self.say(TabMessage::Join(self.me.clone()));
        }
        self.touch(id).await;
        Ok(())
    }

    /// Notes when a workspace was opened, so that it opens again next time.
    async fn touch(&mut self, id: WorkspaceId) {
        let Some(registry) = &mut self.registry else {
            return;
        };
        if let Some(entry) = registry.workspaces.get(id).cloned() {
            let opened = now();
            // It only says which workspace opens first next time.
            let _ = registry.put(Entry { opened, ..entry }).await;
        }
    }

    /// Closes the open workspace; another tab may write from then on.
    pub fn close_workspace(&mut self) {
        if let Some(open) = self.open.take() {
            open.post(&TabMessage::Leave(self.me.id));
            if let Role::Writes(leader) = open.role {
                leader.workspace.close();
            }
        }
    }

    /// The lock came free: this engine writes from here on.
    pub async fn lead(&mut self) {
        if let Err(error) = self.take_lead().await {
            self.tell(Origin::Page, &Event::Blocked(error.into()));
        }
    }

    async fn take_lead(&mut self) -> Result<(), StorageError> {
        let Some(id) = self.open.as_ref().map(|open| open.id) else {
            return Ok(());
        };
        let mut rows = RowSender::new(id);
        let entry = self
            .registry
            .as_ref()
            .and_then(|registry| registry.workspaces.get(id));
        let is_shared = entry.is_some_and(|entry| entry.shared);
        let leader = Leader::open(id, is_shared, |block| rows.send(block)).await?;
        rows.finish();
        let inputs = self.inputs.clone();
        leader.workspace.yield_to_later(Box::new(move || {
            let _ = inputs.unbounded_send(Input::Superseded);
        }));
        let Some(open) = &mut self.open else {
            return Ok(());
        };
        open.role = Role::Writes(Box::new(leader));
        let unanswered = std::mem::take(&mut open.unanswered);
        self.say(TabMessage::Leads(self.me.clone()));
        self.start_sync().await;
        self.tell_sync();
        for request in unanswered {
            Box::pin(self.call(Origin::Page, request)).await;
        }
        self.introduce().await;
        Ok(())
    }

    /// Another engine became the writer while this one was frozen, or it is not known what this one
    /// wrote last: it waits for the lock again.
    pub fn step_down(&mut self) {
        self.begin_anew();
        let Some(open) = &mut self.open else { return };
        let id = open.id;
        if let Role::Writes(leader) = std::mem::replace(&mut open.role, Role::Relays) {
            leader.workspace.close();
        }
        let inputs = self.inputs.clone();
        open.lock = Lock::request(&database_name(id), move || {
            let _ = inputs.unbounded_send(Input::Held(id));
        });
        self.say(TabMessage::Join(self.me.clone()));
    }

    /// Hands a call of this tab's page to the engine that writes, and again until it is answered.
    pub fn relay(&mut self, request: Request) {
        let tab = self.me.clone();
        let Some(open) = &mut self.open else { return };
        open.unanswered.retain(|earlier| earlier.id != request.id);
        open.unanswered.push(request.clone());
        let (inputs, again) = (self.inputs.clone(), encode(&request));
        self.say(TabMessage::Call { tab, request });
        spawn(async move {
            sleep(AGAIN_MS).await;
            let _ = inputs.unbounded_send(Input::Again(again));
        });
    }

    /// Hands a call on once more if it was not answered.
    pub async fn again(&mut self, request: Request) {
        let Some(open) = &self.open else { return };
        if open
            .unanswered
            .iter()
            .any(|waiting| waiting.id == request.id)
        {
            self.relay(request);
        }
    }

    fn say(&self, message: TabMessage) {
        if let Some(open) = &self.open {
            open.post(&message);
        }
    }

    /// A message of another tab that has the workspace open.
    pub async fn hear_tab(&mut self, message: TabMessage) {
        match message {
            TabMessage::Join(tab) => {
                if self.is_superseded_by(&tab) {
                    return;
                }
                if self.leader().is_some() {
                    if tab.is_older_than(&self.me) {
                        self.say(TabMessage::Leads(self.me.clone()));
                    }
                    self.welcome(Some(tab.id)).await;
                }
            }
            TabMessage::Leads(tab) => {
                if self.is_superseded_by(&tab) || self.leader().is_some() {
                    return;
                }
                let unanswered = match &self.open {
                    Some(open) => open.unanswered.clone(),
                    None => return,
                };
                self.say(TabMessage::Join(self.me.clone()));
                for request in unanswered {
                    let tab = self.me.clone();
                    self.say(TabMessage::Call { tab, request });
                }
            }
            TabMessage::Call { tab, request } => {
                if !self.is_superseded_by(&tab) && self.leader().is_some() {
                    Box::pin(self.call(Origin::Tab(tab.id), request)).await;
                }
            }
            TabMessage::Event { to, reply, event } => self.pass_on(to, reply, &event.0),
            TabMessage::Leave(tab) => {
                if let Some(leader) = self.leader() {
                    leader.readers.remove(Origin::Tab(tab));
                }
            }
        }
    }

    fn is_superseded_by(&mut self, tab: &crate::tab::Tab) -> bool {
        let older = self.me.is_older_than(tab);
        if older {
            self.retire();
        }
        older
    }

    /// An event of the writing engine, for this tab's page.
    fn pass_on(&mut self, to: Option<u64>, reply: Option<u64>, event: &[u8]) {
        let mine = to.is_none_or(|to| to == self.me.id);
        let Some(open) = self.open.as_mut().filter(|_| mine) else {
            return;
        };
        if matches!(open.role, Role::Writes(_)) {
            return;
        }
        if let Some(id) = reply {
            let before = open.unanswered.len();
            open.unanswered.retain(|request| request.id != id);
            if open.unanswered.len() == before {
                return;
            }
        }
        page::post(event);
    }

    /// Sends all rows and the state of sync to a tab that joined, or to all pages.
    pub async fn welcome(&mut self, tab: Option<u64>) {
        let Some(leader) = self.leader() else { return };
        let rows = match leader.workspace.rows().await {
            Ok(rows) => rows,
            Err(error) => return log(&format!("rows for another tab: {error}")),
        };
        let Some(id) = self.open.as_ref().map(|open| open.id) else {
            return;
        };
        let hidden = name_record(id);
        let rows: Vec<Row> = rows.into_iter().filter(|row| row.id != hidden).collect();
        let tell = |engine: &Engine, event: &Event| match tab {
            Some(tab) => engine.tell(Origin::Tab(tab), event),
            None => engine.tell_all(event),
        };
        let count = rows.len().div_ceil(ROWS_A_MESSAGE).max(1);
        let mut chunks = rows.chunks(ROWS_A_MESSAGE);
        for at in 0..count {
            let event = Event::Rows {
                workspace: id,
                first: at == 0,
                last: at + 1 == count,
                rows: chunks.next().unwrap_or_default().to_vec(),
            };
            tell(self, &event);
        }
        let state = self.sync_state();
        tell(self, &Event::Sync(state));
    }
}

/// Sends rows to the page in messages of a good size, the first as early as it can.
struct RowSender {
    workspace: WorkspaceId,
    hidden: RecordId,
    rows: Vec<Row>,
    first: bool,
}

impl RowSender {
    fn new(workspace: WorkspaceId) -> RowSender {
        RowSender {
            workspace,
            hidden: name_record(workspace),
            rows: Vec::new(),
            first: true,
        }
    }

    fn send(&mut self, rows: Vec<Row>) {
        let hidden = self.hidden;
        self.rows
            .extend(rows.into_iter().filter(|row| row.id != hidden));
        while self.rows.len() >= ROWS_A_MESSAGE {
            let rest = self.rows.split_off(ROWS_A_MESSAGE);
            let rows = std::mem::replace(&mut self.rows, rest);
            self.post(rows, false);
        }
    }

    fn finish(mut self) {
        let rows = std::mem::take(&mut self.rows);
        self.post(rows, true);
    }

    fn post(&mut self, rows: Vec<Row>, last: bool) {
        let event = Event::Rows {
            workspace: self.workspace,
            first: std::mem::take(&mut self.first),
            last,
            rows,
        };
        page::post(&encode(&event));
    }
}
