//! What the page and the engine say to each other: postcard in transferred byte arrays.
//!
//! The page sends a [`Request`] and gets one [`Event::Reply`] with its id. Everything else that the
//! page should know comes unasked, as other events. After [`Call::Hello`] the engine sends
//! [`Event::Device`]; where a workspace is open it goes on with all its rows in [`Event::Rows`], then
//! [`Event::Changed`] for whatever changes, and [`Event::Sync`] when the state of sync changes.
//! A page that gets `Rows { first: true, .. }` forgets the rows that it holds.

mod link;

pub use link::JoinLink;

use crate::crm::command::{Edit, Splice};
pub use crate::crm::row::HistoryLine;
use crate::crm::row::Row;
use crate::id::{DeviceId, PersonId, RecordId, WorkspaceId};
use crate::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A call of the page, with the number that its reply carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Drawn at random: an engine that takes over recognises what was done already.
    pub id: u64,
    /// What is asked.
    pub call: Call,
}

/// What the page may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Call {
    /// The first message of a page: who it is. Answered by [`Reply::Done`].
    Hello {
        /// The page's build id; an engine of another build asks for a reload.
        build: String,
        /// `en` or `fr`: the language of what the engine makes (sample data, a default name).
        locale: String,
        /// Minutes east of UTC.
        utc_offset_minutes: i32,
        /// What to call the device, from the user agent (`iPad`, `Chrome on Linux`).
        device_name: String,
    },
    /// What colleagues call this person.
    NamePerson(String),
    /// What to call this device.
    NameDevice(String),
    /// Makes a workspace and opens it.
    CreateWorkspace {
        /// Its name.
        name: String,
        /// Whether to fill it with sample data, in the language of the page.
        sample: bool,
    },
    /// Joins the workspace of a link and opens it. The reply comes once the server has accepted the
    /// secret, or with the reason why not.
    JoinWorkspace(JoinLink),
    /// Opens another workspace of this device.
    OpenWorkspace(WorkspaceId),
    /// Names the open workspace, for everyone.
    NameWorkspace(String),
    /// Removes a workspace and all its data from this device.
    RemoveWorkspace(WorkspaceId),
    /// Shares the open workspace, or tells its link. Answered by [`Reply::Link`].
    Share,
    /// Makes a new link; the old one stops working. Answered by [`Reply::Link`].
    RenewLink,
    /// Gives the open workspace a new link, after a colleague renewed it.
    UseLink(JoinLink),
    /// Does something to records, all or nothing. Answered by [`Reply::Edited`] once it is safe on
    /// this device.
    Edit(Vec<Edit>),
    /// Reads a record whole: its notes and history. Its notes are then kept up to date by
    /// [`Event::Note`] until the page opens another record. Answered by [`Reply::Record`].
    OpenRecord(RecordId),
    /// No record is open any more.
    CloseRecord,
    /// Types into a note of the open record. Answered by [`Reply::Note`], or by [`Reply::Unplaced`]
    /// where nothing was done. Sent again with the same id, it is done once.
    Type {
        /// The record.
        record: RecordId,
        /// The note's field key.
        field: String,
        /// The revision of the note that the splice counts characters in.
        revision: u64,
        /// What was typed.
        splice: Splice,
    },
    /// The whole workspace as one file. Answered by [`Reply::File`].
    SaveFile,
    /// Reads such a file into the open workspace, which must be empty. Answered by
    /// [`Reply::Restored`].
    RestoreFile(Vec<u8>),
    /// Tries the server at once: the person asked, the network came back, or the app came to the
    /// front.
    Wake,
    /// Sends refused changes once more.
    RetryRefused,
    /// A text for whoever helps: versions, counts and states, no customer data. Answered by
    /// [`Reply::Report`].
    Report,
    /// Keeps these bytes of the page with the open workspace on this device, in place of those that
    /// it kept before.
    Keep(Vec<u8>),
    /// What was kept; nothing when nothing was. Answered by [`Reply::File`].
    Kept,
}

/// The answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// It is done.
    Done,
    /// It is safe on this device.
    Edited {
        /// The edits that take it back; empty when everything stood there already.
        undo: Vec<Edit>,
    },
    /// A record, whole.
    Record(RecordDetail),
    /// A note after typing, with what others typed meanwhile.
    Note(Note),
    /// The revision is not known any more: nothing was typed into the note, which is this.
    Unplaced(Note),
    /// The link of the workspace.
    Link(JoinLink),
    /// A file to save.
    File(Vec<u8>),
    /// A file was read.
    Restored {
        /// How many records came back.
        records: u32,
        /// How many in it could not be read.
        left_out: u32,
    },
    /// A text for whoever helps.
    Report(String),
}

/// What the engine says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The answer to a request.
    Reply {
        /// The request's id.
        id: u64,
        /// The answer, or why there is none.
        result: Result<Reply, Problem>,
    },
    /// Who this device is, and its workspaces; sent whenever it changes.
    Device(Device),
    /// Rows of the workspace that was opened.
    Rows {
        /// Of which workspace.
        workspace: WorkspaceId,
        /// Whether these are the first: forget all others.
        first: bool,
        /// Whether all rows on this device have been sent.
        last: bool,
        /// The rows.
        rows: Vec<Row>,
    },
    /// Rows that changed or are new.
    Changed(Vec<Row>),
    /// A note of the open record, when someone else typed in it.
    Note(Note),
    /// The state of sync, when it changed.
    Sync(SyncState),
    /// Something stands in the way of the whole app.
    Blocked(Problem),
}

/// A record, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordDetail {
    /// Which record.
    pub record: RecordId,
    /// Its notes in full, one for each field of shape `Note`.
    pub notes: Vec<Note>,
    /// What happened to it, oldest first; the last 500 entries.
    pub history: Vec<HistoryLine>,
}

/// A note in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Which record.
    pub record: RecordId,
    /// The field's key.
    pub field: String,
    /// Grows with everything that any engine tells of this workspace's notes: of two, the lower one
    /// is the older one.
    pub order: u64,
    /// Names this state of the text; a splice says which it counts in.
    pub revision: u64,
    /// The text.
    pub text: String,
}

/// Who this device is, and its workspaces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// This installation.
    pub device: DeviceId,
    /// Its name.
    pub device_name: String,
    /// The person who works on it.
    pub person: PersonId,
    /// What colleagues call them; empty until asked.
    pub person_name: String,
    /// The workspaces on it, the most recently opened first.
    pub workspaces: Vec<Workspace>,
    /// The open one.
    pub open: Option<WorkspaceId>,
}

/// A workspace on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workspace {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Whether it holds sample data.
    pub sample: bool,
    /// Whether it is shared through the server.
    pub shared: bool,
    /// How many records it holds on this device.
    pub records: u32,
}

/// How sync stands. It never says more than is known.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SyncState {
    /// Whether the workspace is shared at all.
    pub shared: bool,
    /// Whether the server answers.
    pub online: bool,
    /// Whether changes or records are on their way.
    pub busy: bool,
    /// How many changes are saved here and not confirmed.
    pub waiting: u32,
    /// The latest of them, at most 20, newest first.
    pub waiting_lines: Vec<WaitingLine>,
    /// Changes that the server refused; they are kept.
    pub refused: Vec<RefusedLine>,
    /// Records to look at, at most 20.
    pub unread: Vec<UnreadLine>,
    /// When everything up to now was last confirmed by the server.
    pub confirmed_at: Option<Timestamp>,
    /// When the server last answered.
    pub contact_at: Option<Timestamp>,
    /// When something was last saved on this device.
    pub saved_at: Option<Timestamp>,
    /// While records arrive: how many of how many changes are here.
    pub receiving: Option<(u64, u64)>,
    /// Whether every record of the workspace has arrived here.
    pub complete: bool,
    /// What the person must do before sync can go on.
    pub need: Option<Problem>,
}

/// A record to look at: something of it can't be shown, or was damaged here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadLine {
    /// Which record.
    pub record: RecordId,
    /// Why: the key of a sentence, `unread-<why>`.
    pub why: String,
}

/// A change that waits for the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingLine {
    /// Which record.
    pub record: RecordId,
    /// The first field that it writes.
    pub field: String,
    /// When it was made.
    pub at: Timestamp,
}

/// A change that the server refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedLine {
    /// Which record.
    pub record: RecordId,
    /// When it was made.
    pub at: Timestamp,
    /// The reason: the key of a sentence, `refused-<reason>`.
    pub reason: String,
    /// What it wrote, for whoever wants to write it elsewhere.
    pub said: String,
}

/// What went wrong. Each has a sentence in the word files, `problem-<name>`, that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Problem {
    /// The browser offers no storage (a private window, say).
    StorageUnavailable,
    /// The device is out of space. What was saved before is safe.
    StorageFull,
    /// The data on this device was written by a newer version of the app.
    NewerData,
    /// Another tab runs a newer version: this one must be loaded again.
    ReloadNeeded,
    /// Storage failed; the browser's words are kept for the report.
    Storage(String),
    /// The record is not there.
    NoSuchRecord,
    /// No workspace is open.
    NoWorkspace,
    /// A value is longer than its field takes.
    TooLong {
        /// The field's key.
        field: String,
        /// The most characters it takes.
        limit: u32,
    },
    /// The link is incomplete, foreign or no longer valid.
    BadLink,
    /// The link was renewed by a colleague: the new one is needed.
    LinkRenewed,
    /// The server does not answer.
    NoNetwork,
    /// The server asks to wait: too many workspaces were made from this network.
    TooMany {
        /// How long, in seconds.
        wait_s: u32,
    },
    /// The server speaks a newer protocol: the app must be updated. Work goes on here.
    UpdateNeeded,
    /// The server is out of space.
    ServerFull,
    /// The file is not one of ours, or it is damaged.
    BadFile,
    /// A file is read into an empty workspace only.
    NotEmpty,
    /// The engine crashed and was started again.
    Restarted,
}

/// Bytes that are not a message.
#[derive(Debug, thiserror::Error)]
#[error("not a message: {0}")]
pub struct DecodeError(#[from] postcard::Error);

/// A message as bytes.
pub fn encode(message: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(message).expect("a message of plain data always encodes")
}

/// A message from bytes.
///
/// # Errors
/// The bytes are not a message of this type and version.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    Ok(postcard::from_bytes(bytes)?)
}
