//! The one task that owns everything, and what it is told.

use crate::block::Bytes;
use crate::failure::Failure;
use crate::leader::Leader;
use crate::open::{Open, Role};
use crate::platform::browser::{log, now, random, sleep, spawn};
use crate::platform::channel::Channel;
use crate::platform::fetch::Answer;
use crate::platform::page;
use crate::platform::storage::StorageError;
use crate::platform::websocket::SocketEvent;
use crate::registry::Registry;
use crate::tab::{CommonMessage, Origin, Tab, TabMessage};
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use shared::bridge::{Call, Event, JoinLink, Problem, Reply, Request, decode, encode};
use shared::id::{Secret, WorkspaceId, Writer};
use std::fmt::Write as _;

/// How long nothing may happen before the tail is folded.
const PAUSE_MS: i32 = 2_500;
/// How long what is doubted waits at least, and at most before the clock is looked at once more.
const DOUBT_MS: (i64, i64) = (60_000, 3_600_000);

/// What the engine is told.
pub enum Input {
    /// A message of the page.
    Page(Vec<u8>),
    /// A message on the channel of all tabs.
    Common(Vec<u8>),
    /// A message on the channel of a workspace.
    Tab(WorkspaceId, Vec<u8>),
    /// The workspace's lock is held by this engine.
    Held(WorkspaceId),
    /// A later version of the app wants the databases.
    Superseded,
    /// A pause began, unless something happened since: the count says.
    Pause(u64),
    /// The time of what is doubted may have come.
    Doubt,
    /// Something about a socket, by its number.
    Socket(u64, SocketEvent),
    /// Why that socket did not open.
    Probed(u64, Option<Answer>),
    /// The timer of that number rang.
    Woke(u64),
    /// A relayed call may still be unanswered.
    Again(Vec<u8>),
    /// The server answered a call about a workspace that is to be shared, renewed or joined.
    Answered(Box<Asked>, Option<Answer>),
}

/// A call that waits for the server.
pub struct Asked {
    /// Who asked.
    pub origin: Origin,
    /// The request's id.
    pub request: u64,
    /// What for.
    pub what: Ask,
}

/// What the server is asked outside of sync.
pub enum Ask {
    /// To keep this workspace.
    Share(JoinLink),
    /// To let it be reached by this secret only.
    Renew(JoinLink, Secret),
    /// Whether a link is good, to join.
    Join(JoinLink),
    /// Whether a link is good, for a workspace that is here.
    Use(JoinLink),
}

/// The engine.
pub struct Engine {
    /// Where inputs go.
    pub inputs: UnboundedSender<Input>,
    /// This tab.
    pub me: Tab,
    /// `en` or `fr`.
    pub locale: String,
    /// Minutes east of UTC.
    pub utc_offset_minutes: i32,
    /// The device's database; `None` before the page's first message.
    pub registry: Option<Registry>,
    /// The open workspace.
    pub open: Option<Open>,
    /// Whether a later build runs in another tab: nothing is done any more.
    pub retired: bool,
    instance: [u8; 8],
    common: Option<Channel>,
    events: u64,
    pausing: bool,
    doubting: bool,
}

/// Starts the engine; messages that came before are handed in first.
pub fn start() {
    let (inputs, receiver) = unbounded();
    let own = inputs.clone();
    page::listen(move |bytes| {
        let _ = own.unbounded_send(Input::Page(bytes));
    });
    let engine = Engine {
        me: Tab {
            id: u64::from_le_bytes(random()),
            build: String::new(),
            started: now().0,
        },
        locale: "en".into(),
        utc_offset_minutes: 0,
        registry: None,
        open: None,
        retired: false,
        instance: random(),
        common: None,
        events: 0,
        pausing: false,
        doubting: false,
        inputs,
    };
    spawn(engine.run(receiver));
}

impl Engine {
    async fn run(mut self, mut inputs: UnboundedReceiver<Input>) {
        while let Some(input) = inputs.next().await {
            self.take(input).await;
            if self.leader().is_some_and(|it| it.workspace.is_lost()) {
                self.step_down();
            }
            self.pause_later();
            self.doubt_later();
        }
    }

    async fn take(&mut self, input: Input) {
        if !matches!(input, Input::Pause(_)) {
            self.events += 1;
        }
        match input {
            Input::Page(bytes) => match decode::<Request>(&bytes) {
                Ok(request) => self.call(Origin::Page, request).await,
                Err(error) => log(&format!("page: {error}")),
            },
            Input::Common(bytes) => {
                if let Ok(message) = decode::<CommonMessage>(&bytes) {
                    self.hear(message).await;
                }
            }
            Input::Tab(workspace, bytes) => {
                if let (true, Ok(message)) = (self.is_open(workspace), decode(&bytes)) {
                    self.hear_tab(message).await;
                }
            }
            Input::Held(workspace) => {
                if self.is_open(workspace) {
                    self.lead().await;
                }
            }
            Input::Superseded => self.retire(),
            Input::Pause(events) => {
                self.pausing = false;
                self.pause(events).await;
            }
            Input::Doubt => {
                self.doubting = false;
                self.try_doubted().await;
            }
            Input::Socket(number, event) => self.socket(number, event).await,
            Input::Probed(number, answer) => self.probed(number, answer).await,
            Input::Woke(number) => self.woke(number).await,
            Input::Again(request) => {
                if let Ok(request) = decode(&request) {
                    self.again(request).await;
                }
            }
            Input::Answered(asked, answer) => self.answered(*asked, answer).await,
        }
    }

    /// Carries out a call and answers it, or hands it to the tab that writes.
    pub async fn call(&mut self, origin: Origin, request: Request) {
        if self.retired {
            return self.answer(origin, request.id, Err(Problem::ReloadNeeded));
        }
        if let Some(event) = self.answer_of(request.id) {
            return self.tell_bytes(origin, Some(request.id), event);
        }
        match self.carry_out(origin, &request).await {
            Ok(Some(reply)) => self.answer(origin, request.id, Ok(reply)),
            Ok(None) => {}
            Err(Failure::Problem(problem)) => self.answer(origin, request.id, Err(problem)),
            Err(Failure::Fenced) => {
                self.step_down();
                if origin == Origin::Page {
                    self.relay(request);
                }
            }
        }
    }

    async fn carry_out(
        &mut self,
        origin: Origin,
        request: &Request,
    ) -> Result<Option<Reply>, Failure> {
        match &request.call {
            Call::Hello {
                build,
                locale,
                utc_offset_minutes,
                device_name,
            } => {
                self.me.build.clone_from(build);
                self.locale.clone_from(locale);
                self.utc_offset_minutes = *utc_offset_minutes;
                self.hello(request.id, device_name).await
            }
            Call::NamePerson(name) => self.name_person(name).await.map(Some),
            Call::NameDevice(name) => self.name_device(name).await.map(Some),
            Call::CreateWorkspace { name, sample } => self.create(name, *sample).await.map(Some),
            Call::JoinWorkspace(link) => self.join(request.id, link),
            Call::OpenWorkspace(id) => self.open_known(*id).await.map(Some),
            Call::RemoveWorkspace(id) => self.remove(*id).await.map(Some),
            Call::NameWorkspace(_)
            | Call::Share
            | Call::RenewLink
            | Call::UseLink(_)
            | Call::Edit(_)
            | Call::OpenRecord(_)
            | Call::CloseRecord
            | Call::Type { .. }
            | Call::SaveFile
            | Call::RestoreFile(_)
            | Call::Wake
            | Call::RetryRefused
            | Call::Report
            | Call::Keep(_)
            | Call::Kept => match self.open.as_ref().map(|open| &open.role) {
                None if matches!(request.call, Call::Report) => {
                    Ok(Some(Reply::Report(self.report())))
                }
                None if matches!(request.call, Call::Wake) => Ok(Some(Reply::Done)),
                None => Err(Problem::NoWorkspace.into()),
                Some(Role::Relays) => {
                    self.relay(request.clone());
                    Ok(None)
                }
                Some(Role::Writes(_)) => self.within_workspace(origin, request).await,
            },
        }
    }

    /// The answer that a request got before, here or from the tab that wrote before: the bytes of
    /// its event.
    fn answer_of(&mut self, id: u64) -> Option<Vec<u8>> {
        let reply = self.leader()?.workspace.answered(id)?.to_vec();
        let done = Event::Reply {
            id,
            result: Ok(Reply::Done),
        };
        // `Done` is one byte, the last: the reply stands in its place.
        let mut event = encode(&done);
        event.pop();
        event.extend(reply);
        Some(event)
    }

    /// Tells the outcome to who asked.
    pub fn answer(&mut self, origin: Origin, id: u64, result: Result<Reply, Problem>) {
        self.tell(origin, &Event::Reply { id, result });
    }

    /// Sends an event to one page.
    pub fn tell(&self, to: Origin, event: &Event) {
        let reply = match event {
            Event::Reply { id, .. } => Some(*id),
            Event::Device(_)
            | Event::Rows { .. }
            | Event::Changed(_)
            | Event::Note(_)
            | Event::Sync(_)
            | Event::Blocked(_) => None,
        };
        self.tell_bytes(to, reply, encode(event));
    }

    fn tell_bytes(&self, to: Origin, reply: Option<u64>, event: Vec<u8>) {
        match (to, self.open.as_ref()) {
            (Origin::Page, _) => page::post(&event),
            (Origin::Tab(tab), Some(open)) => open.post(&TabMessage::Event {
                to: Some(tab),
                reply,
                event: Bytes(event),
            }),
            (Origin::Tab(_), None) => {}
        }
    }

    /// Sends an event of the open workspace to all pages.
    pub fn tell_all(&self, event: &Event) {
        let event = encode(event);
        page::post(&event);
        if let Some(open) = &self.open {
            open.post(&TabMessage::Event {
                to: None,
                reply: None,
                event: Bytes(event),
            });
        }
    }

    /// The parts that write, when this engine is the writer.
    pub fn leader(&mut self) -> Option<&mut Leader> {
        match &mut self.open.as_mut()?.role {
            Role::Writes(leader) => Some(leader),
            Role::Relays => None,
        }
    }

    /// Who writes changes: the person, and this start of the engine.
    pub fn writer(&self) -> Option<Writer> {
        Some(Writer {
            person: self.registry.as_ref()?.who.person,
            instance: self.instance,
        })
    }

    /// Writes under another name from here on: what this one wrote last is not known.
    pub fn begin_anew(&mut self) {
        self.instance = random();
    }

    /// What tells this start of the engine from all others.
    pub fn instance(&self) -> [u8; 8] {
        self.instance
    }

    async fn hello(&mut self, request: u64, device_name: &str) -> Result<Option<Reply>, Failure> {
        if self.registry.is_none() {
            let registry = match Registry::open(device_name).await {
                Ok(registry) => registry,
                Err(error) => {
                    let problem = Problem::from(error);
                    self.tell(Origin::Page, &Event::Blocked(problem.clone()));
                    return Err(problem.into());
                }
            };
            let inputs = self.inputs.clone();
            registry.yield_to_later(Box::new(move || {
                let _ = inputs.unbounded_send(Input::Superseded);
            }));
            self.registry = Some(registry);
            let inputs = self.inputs.clone();
            self.common = Channel::open("terrain", move |bytes| {
                let _ = inputs.unbounded_send(Input::Common(bytes));
            });
        }
        self.answer(Origin::Page, request, Ok(Reply::Done));
        let last = self.registry.as_ref().and_then(Registry::last_open);
        match last {
            Some(id) => {
                if let Err(error) = self.open_workspace(id).await {
                    self.tell(Origin::Page, &Event::Blocked(error.into()));
                }
            }
            None => self.tell_device(),
        }
        Ok(None)
    }

    /// Tells the page who this device is.
    pub fn tell_device(&self) {
        if let Some(registry) = &self.registry {
            let open = self.open.as_ref().map(|open| open.id);
            self.tell(Origin::Page, &Event::Device(registry.device(open)));
        }
    }

    /// Tells the page, and the other tabs that they must read the registry again.
    pub fn registry_changed(&self) {
        self.tell_device();
        self.tell_common(&CommonMessage::Registry);
    }

    /// Sends to all tabs.
    pub fn tell_common(&self, message: &CommonMessage) {
        if let Some(common) = &self.common {
            common.post(&encode(message));
        }
    }

    async fn hear(&mut self, message: CommonMessage) {
        match message {
            CommonMessage::Registry => {
                if let Some(registry) = &mut self.registry {
                    if let Err(error) = registry.reload().await {
                        log(&format!("registry: {error}"));
                    }
                    self.tell_device();
                    self.introduce().await;
                }
            }
            CommonMessage::Removed(workspace) => {
                if self.is_open(workspace) {
                    self.close_workspace();
                }
                if let Some(registry) = &mut self.registry {
                    registry.workspaces.remove(workspace);
                }
                self.tell_device();
            }
        }
    }

    /// A later build runs: lets go of everything and asks the page to load anew. All that was
    /// answered is on the disk.
    pub fn retire(&mut self) {
        if !self.retired {
            self.retired = true;
            self.close_workspace();
            self.tell(Origin::Page, &Event::Blocked(Problem::ReloadNeeded));
        }
    }

    fn is_open(&self, workspace: WorkspaceId) -> bool {
        self.open.as_ref().is_some_and(|open| open.id == workspace)
    }

    fn pause_later(&mut self) {
        let has_tail = |leader: &mut Leader| leader.workspace.has_tail();
        if self.pausing || !self.leader().is_some_and(has_tail) {
            return;
        }
        self.pausing = true;
        let (inputs, events) = (self.inputs.clone(), self.events);
        let hurry = self
            .leader()
            .is_some_and(|leader| leader.workspace.has_long_tail());
        spawn(async move {
            sleep(if hurry { 0 } else { PAUSE_MS }).await;
            let _ = inputs.unbounded_send(Input::Pause(events));
        });
    }

    fn doubt_later(&mut self) {
        let next = self
            .leader()
            .map(|leader| leader.workspace.next_doubt(now()));
        let (false, Some(at)) = (self.doubting, next.flatten()) else {
            return;
        };
        self.doubting = true;
        let inputs = self.inputs.clone();
        let ms = (at.0 - now().0).clamp(DOUBT_MS.0, DOUBT_MS.1) as i32;
        spawn(async move {
            sleep(ms).await;
            let _ = inputs.unbounded_send(Input::Doubt);
        });
    }

    /// Folds a part of the tail when nobody is at work, or when it is long.
    async fn pause(&mut self, events: u64) {
        let quiet = events == self.events;
        let Some(leader) = self.leader() else { return };
        if !quiet && !leader.workspace.has_long_tail() {
            return;
        }
        match leader.workspace.fold().await {
            Ok(_) => self.count_records().await,
            Err(StorageError::Fenced) => self.step_down(),
            Err(error) => log(&format!("folding: {error}")),
        }
    }

    /// A text for whoever helps: no customer data.
    pub fn report(&mut self) -> String {
        let mut report = format!("build {}\ntime {}\n", self.me.build, now().0);
        let workspaces = self.registry.as_ref().map_or(0, |r| r.workspaces.len());
        let _ = writeln!(report, "workspaces {workspaces}");
        match self.leader() {
            Some(leader) => leader.report(leader.status(), &mut report),
            None => report.push_str("another tab writes, or no workspace is open\n"),
        }
        report
    }
}
