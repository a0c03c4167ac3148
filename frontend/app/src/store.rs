//! Everything the page knows: all rows, the device, sync, and the one way to the engine.
//!
//! A component watches topics and is drawn again when one of them changes ([`use_watch`]); what it
//! shows it reads from the store while it is drawn. Nothing here waits: reading is synchronous, and
//! an edit is a call whose effect comes back as changed rows.

mod deeds;
mod engine;
mod held;
mod imports;
mod open;
mod rows;
mod topic;
mod undo;

use crate::browser::{self, Listener, Timer, drafts};
use engine::Engine;
use held::{Changes, Held};
use shared::bridge::{Call, Device, Event, Problem, RecordDetail, SyncState, Workspace};
use shared::crm::Kind;
use shared::crm::due::Agenda;
use shared::crm::made::Made;
use shared::crm::member;
use shared::crm::query::Query;
use shared::crm::row::Row;
use shared::crm::search::Haystack;
use shared::id::{PersonId, RecordId};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use undo::Undo;
use yew::prelude::*;

pub use topic::Topic;
use topic::{Subscription, Watchers};

/// So many rows at once are part of something larger (a start, a first sync, an import): what shows
/// them is drawn now and then while they come, the less often the more there are.
const MANY: usize = 256;
/// How long drawings are apart then: this, and a millisecond for each so many rows.
const APART_MS: i32 = 100;
const ROWS_A_MS: usize = 200;
const MINUTE_MS: i32 = 60_000;

/// What a toast says.
#[derive(Debug, Clone, PartialEq)]
pub enum Say {
    /// These words.
    Words(AttrValue),
    /// What went wrong, and what to do.
    Problem(Problem),
    /// What came of undo (or of doing again, when `again`).
    Undone {
        /// Whether something was to be done again.
        again: bool,
        /// What came of it.
        came: Undone,
    },
}

/// What came of undo.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Undone {
    /// It is undone.
    Done,
    /// An import was taken back, but for so many records that were worked on since.
    Import(usize),
    /// What it would take back has changed since: it stays.
    Nothing,
    /// There is nothing to undo.
    Empty,
}

/// A short message about what just happened. The newest wins.
#[derive(Debug, Clone, PartialEq)]
pub struct Toast {
    /// Tells one toast from the next.
    pub number: u32,
    /// What it says.
    pub say: Say,
    /// What it offers to take back.
    pub undo: Option<u32>,
}

#[derive(Default)]
struct State {
    held: RefCell<Held>,
    device: RefCell<Option<Rc<Device>>>,
    sync: RefCell<Rc<SyncState>>,
    open: RefCell<Option<Rc<RecordDetail>>>,
    opening: Cell<Option<RecordId>>,
    blocked: RefCell<Option<Problem>>,
    history: RefCell<Option<Timer>>,
    toast: RefCell<Option<Toast>>,
    toasts: Cell<u32>,
    undo: Undo,
    imports: RefCell<Rc<Vec<Made>>>,
    watchers: Watchers,
    /// How often something that was typed was found after a page was thrown away.
    found: Cell<u32>,
    /// What many rows changed that nobody was told of yet.
    untold: RefCell<Vec<Topic>>,
    telling: RefCell<Option<Timer>>,
    minute: RefCell<Option<Timer>>,
    wakers: RefCell<Vec<Listener>>,
    engine: Engine,
}

/// The store. Cheap to clone; all clones are the same.
#[derive(Clone, Default)]
pub struct Store(Rc<State>);

impl PartialEq for Store {
    fn eq(&self, other: &Store) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Store {
    /// Starts the engine and greets it. `locale` is the language of what the engine makes.
    pub fn start(locale: &str) -> Store {
        let store = Store::default();
        let hello = Call::Hello {
            build: browser::meta("build").unwrap_or_default(),
            locale: locale.into(),
            utc_offset_minutes: browser::utc_offset_minutes(),
            device_name: browser::device_name(),
        };
        let weak = Rc::downgrade(&store.0);
        store.0.engine.start(hello, move |event| {
            if let Some(state) = weak.upgrade() {
                Store(state).take(event);
            }
        });
        let weak = Rc::downgrade(&store.0);
        drafts::begin(move |places| {
            if let Some(state) = weak.upgrade() {
                Store(state).found(places);
            }
        });
        store.wake_on("online");
        store.wake_on("visibilitychange");
        store.wait_a_minute();
        store
    }

    /// Tells that a minute has passed, again and again.
    fn wait_a_minute(&self) {
        let weak = Rc::downgrade(&self.0);
        let timer = Timer::after(MINUTE_MS, move || {
            if let Some(store) = weak.upgrade().map(Store) {
                store.0.watchers.tell(&[Topic::Minute]);
                store.wait_a_minute();
            }
        });
        self.0.minute.replace(Some(timer));
    }

    /// Has the engine try the server at once when the network or the person comes back.
    fn wake_on(&self, event: &'static str) {
        let weak = Rc::downgrade(&self.0);
        let listener = Listener::on(event, move |_| {
            let store = weak.upgrade().map(Store);
            if let Some(store) = store.filter(|_| browser::is_in_front()) {
                // A page that was put away slept through minutes.
                store.0.watchers.tell(&[Topic::Minute]);
                // Nobody asked: that it could not be reached shows in the sync corner.
                drop(store.call(Call::Wake));
            }
        });
        self.0.wakers.borrow_mut().push(listener);
    }

    fn take(&self, event: engine::FromEngine) {
        let event = match event {
            engine::FromEngine::Event(event) => event,
            engine::FromEngine::Restarted => {
                self.say(Say::Problem(Problem::Restarted));
                return;
            }
            engine::FromEngine::Dead(words) => {
                self.0.blocked.replace(Some(Problem::Storage(words)));
                self.0.watchers.tell(&[Topic::Blocked]);
                return;
            }
        };
        let topics = match event {
            // Replies are matched with their requests before they get here.
            Event::Reply { .. } => Vec::new(),
            Event::Device(device) => self.set_device(device),
            Event::Rows {
                workspace,
                first,
                last,
                rows,
            } => {
                let many = rows.len() >= MANY && !first && !last;
                let changes = self.0.held.borrow_mut().part(workspace, first, last, rows);
                let Some(changes) = changes else { return };
                let mut topics = self.topics(changes);
                topics.push(Topic::Device);
                if many {
                    return self.tell_soon(topics);
                }
                if last {
                    self.forget_drafts();
                    self.resume_typing();
                }
                // An engine that began anew knows nothing of the record that is open here.
                if last && let Some(id) = self.0.opening.get() {
                    self.refresh_history(id);
                }
                topics
            }
            Event::Changed(rows) => {
                let many = rows.len() >= MANY;
                let changes = self.0.held.borrow_mut().changed(rows);
                let topics = self.topics(changes);
                if many {
                    return self.tell_soon(topics);
                }
                topics
            }
            Event::Note(note) => {
                self.put_note(note);
                vec![Topic::Open]
            }
            Event::Sync(sync) => {
                self.0.sync.replace(Rc::new(sync));
                vec![Topic::Sync]
            }
            Event::Blocked(problem) => {
                self.0.blocked.replace(Some(problem));
                vec![Topic::Blocked]
            }
        };
        self.0.watchers.tell(&topics);
    }

    fn tell_soon(&self, topics: Vec<Topic>) {
        let mut untold = self.0.untold.borrow_mut();
        let is_armed = !untold.is_empty();
        for topic in topics {
            if !untold.contains(&topic) {
                untold.push(topic);
            }
        }
        if is_armed || untold.is_empty() {
            return;
        }
        let held = self.0.held.borrow().rows.len() / ROWS_A_MS;
        let weak = Rc::downgrade(&self.0);
        let timer = Timer::after(APART_MS + held as i32, move || {
            if let Some(store) = weak.upgrade() {
                let topics = store.untold.take();
                store.watchers.tell(&topics);
            }
        });
        self.0.telling.replace(Some(timer));
    }

    fn set_device(&self, device: Device) -> Vec<Topic> {
        let left = self.0.held.borrow_mut().open(device.open);
        let is_other = left.is_some();
        let mut topics = left.map(|changes| self.topics(changes)).unwrap_or_default();
        if is_other {
            self.0.open.replace(None);
            self.0.opening.set(None);
            self.0.undo.forget();
            self.0.imports.replace(Rc::default());
            self.0.sync.replace(Rc::default());
        }
        self.0.device.replace(Some(Rc::new(device)));
        topics.push(Topic::Device);
        topics
    }

    /// Whom changes concern. Of the records only those are told that someone looks at.
    fn topics(&self, changes: Changes) -> Vec<Topic> {
        let watchers = &self.0.watchers;
        watchers.changed();
        let mut topics: Vec<Topic> = changes.kinds.into_iter().map(Topic::Kind).collect();
        if !changes.records.is_empty() && watchers.has(Topic::Edited) {
            self.tell_soon(vec![Topic::Edited]);
        }
        for id in changes.records {
            if watchers.has(Topic::Record(id)) {
                topics.push(Topic::Record(id));
            }
            if self.0.opening.get() == Some(id) {
                self.refresh_later(id);
            }
        }
        topics
    }

    // ── reading ──

    /// How many records there are, as people count: what stands in the lists and on the board.
    pub fn count(&self) -> usize {
        let kinds = [Kind::Contact, Kind::Company, Kind::Deal];
        kinds.iter().map(|kind| self.rows(*kind).len()).sum()
    }

    /// All records of a type that are there, in no particular order.
    pub fn rows(&self, kind: Kind) -> Rc<Vec<Rc<Row>>> {
        self.0.held.borrow().rows.of_kind(kind)
    }

    /// All records of these types, deleted ones too: what an import compares with.
    pub fn all_of(&self, kinds: &[Kind]) -> Vec<Rc<Row>> {
        self.0.held.borrow().rows.all_of(kinds)
    }

    /// A number that grows whenever a record of the type changes: what a memo depends on.
    pub fn version(&self, kind: Kind) -> u64 {
        self.0.held.borrow().rows.version(kind)
    }

    /// A number that grows with every edit of any record, also of one that lists do not show.
    pub fn edits(&self) -> u64 {
        self.0.held.borrow().rows.edits()
    }

    /// A number that grows whenever anything changes.
    pub fn changes(&self) -> u64 {
        self.0.watchers.changes()
    }

    /// A record, also a deleted one.
    pub fn row(&self, id: RecordId) -> Option<Rc<Row>> {
        self.0.held.borrow().rows.get(id)
    }

    /// The records of a type that link to this one and are there.
    pub fn linked(&self, id: RecordId, kind: Kind) -> Vec<Rc<Row>> {
        self.0.held.borrow().rows.linked(id, kind)
    }

    /// The records of a list, in its order.
    pub fn query(&self, asked: &Query) -> Vec<Rc<Row>> {
        self.0.held.borrow().rows.query(asked, browser::today())
    }

    /// What is planned for each record, and when something was last done about it.
    pub fn agenda(&self) -> Rc<Agenda> {
        self.0.held.borrow().rows.agenda()
    }

    /// Reads in the searched texts: sort keys, jumps to a record.
    pub fn searched<T>(&self, read: impl FnOnce(&Haystack) -> T) -> T {
        self.0.held.borrow().rows.searched(read)
    }

    /// What a record is called, empty when it is not here.
    pub fn title(&self, id: RecordId) -> AttrValue {
        AttrValue::from(self.row(id).map(|row| row.title()).unwrap_or_default())
    }

    /// What a colleague is called, where that is known.
    pub fn person_name(&self, person: PersonId) -> Option<AttrValue> {
        let workspace = self.workspace()?.id;
        let member = self.row(member::record_of(workspace, person));
        // Where another workspace's file was restored, their record has the name that it had there.
        let is_theirs = |row: &&Rc<Row>| row.person(&member::PERSON) == Some(person);
        let member = member.or_else(|| self.rows(Kind::Member).iter().find(is_theirs).cloned());
        let name = member
            .map(|row| row.title())
            .filter(|name| !name.is_empty());
        let own = || {
            let device = self.device()?;
            (device.person == person).then(|| device.person_name.clone())
        };
        name.or_else(own).map(AttrValue::from)
    }

    /// The person who works here.
    pub fn me(&self) -> Option<PersonId> {
        self.device().map(|device| device.person)
    }

    /// This device and its workspaces; `None` until the engine has answered.
    pub fn device(&self) -> Option<Rc<Device>> {
        self.0.device.borrow().clone()
    }

    /// The open workspace.
    pub fn workspace(&self) -> Option<Workspace> {
        let device = self.device()?;
        let open = device.open?;
        device.workspaces.iter().find(|w| w.id == open).cloned()
    }

    /// Whether all rows on this device have come.
    pub fn is_loaded(&self) -> bool {
        self.0.held.borrow().is_loaded()
    }

    /// How sync stands.
    pub fn sync(&self) -> Rc<SyncState> {
        self.0.sync.borrow().clone()
    }

    /// What stands in the way of the whole app.
    pub fn blocked(&self) -> Option<Problem> {
        self.0.blocked.borrow().clone()
    }

    fn watch(&self, topics: Vec<Topic>, run: impl Fn() + 'static) -> Subscription {
        self.0.watchers.watch(topics, run)
    }
}

/// The store, without watching anything.
#[hook]
pub fn use_store() -> Store {
    use_context::<Store>().expect("the app provides the store")
}

/// The store; the component is drawn again whenever one of the topics changes.
#[hook]
pub fn use_watch(topics: &[Topic]) -> Store {
    let store = use_store();
    let update = use_force_update();
    {
        let (store, drawn_at) = (store.clone(), store.changes());
        use_effect_with(topics.to_vec(), move |topics| {
            // Effects run after the drawing: what came in between was heard by nobody.
            if store.changes() != drawn_at {
                update.force_update();
            }
            let subscription = store.watch(topics.clone(), move || update.force_update());
            move || drop(subscription)
        });
    }
    store
}
