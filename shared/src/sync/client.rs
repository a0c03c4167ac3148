//! The device's side: pulls the log into the device, pushes the outbox out of it.
//!
//! The engine drives it: it hands in [`Event`]s and carries out the [`Effect`]s, in their order.
//! One [`Effect::Store`] and one [`Effect::Read`] are under way at most.
//!
//! A device that is far behind *walks*: see [`Walk`]. Its cursor stays where it set out until the
//! walk is over, and each transaction stores some records and how far the walk has come with them.

mod clock;
mod disk;
mod eras;
mod link;
mod machine;
mod offer;
mod outbound;
mod pull;
mod push;

pub use machine::Client;

use super::message::{Epoch, Mark, Reason, Walk};
use super::packed::Item;
use super::parcel::Kept;
use crate::id::{DeviceId, PersonId, RecordId};
use crate::time::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};

/// What the device knows of the server: stored by the engine as one value, in the transaction that
/// stores what it covers.
///
/// Fields are only added at the end, and stand at their default where an older version stored none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Point {
    /// The epoch of the log; `None` for a device that never met the server.
    pub epoch: Option<Epoch>,
    /// The last position that the device has.
    pub cursor: u64,
    /// Whether everything on the device is still to be offered to a server that may have lost it.
    pub offering: bool,
    /// When the server last had everything.
    pub confirmed_at: Option<Timestamp>,
    /// How far a walk has come; its `base` is the cursor.
    #[serde(deserialize_with = "or_default")]
    pub walk: Option<Walk>,
    /// How many records that walk has brought.
    #[serde(deserialize_with = "or_default")]
    pub walked: u64,
    /// How far the log is known to have reached, at least as far as anything here that relies on it: the
    /// cursor, the walk, and every change that left the outbox because the log had it.
    #[serde(deserialize_with = "or_default")]
    pub mark: Option<Mark>,
    /// How often the device began a log anew that was another one, or set back.
    #[serde(deserialize_with = "or_default")]
    pub lives: u32,
}

impl Point {
    /// Where everything is pulled and offered once more.
    pub fn from_the_start(self) -> Point {
        Point {
            cursor: 0,
            offering: true,
            walk: None,
            walked: 0,
            ..self
        }
    }
}

/// A field that was not there in the first version: what is stored may end before it.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(T::deserialize(deserializer).unwrap_or_default())
}

/// What a client starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resume {
    /// The app's build id.
    pub build: String,
    /// The installation.
    pub device: DeviceId,
    /// Drawn at this start of the engine; also the seed of the pauses between attempts.
    pub incarnation: [u8; 8],
    /// Whose edits are pushed.
    pub person: PersonId,
    /// What was stored last; the default for a workspace that was just shared or joined.
    pub point: Point,
    /// How many changes lie in the outbox.
    pub waiting: u64,
}

/// A change in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its key in the outbox: grows, so that a change comes after those that it builds on.
    pub key: u64,
    /// Which document.
    pub document: RecordId,
    /// Which life of the document; 0 for one that was never squashed.
    pub generation: u32,
    /// The chunk.
    pub bytes: Vec<u8>,
}

/// What happens to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The engine is up: connect.
    Started,
    /// The socket is open.
    Opened,
    /// The socket is closed.
    Closed {
        /// The close code.
        code: u16,
    },
    /// The socket did not open.
    Unreachable(Unreachable),
    /// A frame came.
    Frame(Vec<u8>),
    /// These changes are in the outbox, durably: the local edit is safe.
    Saved(Vec<Outgoing>),
    /// Changes left the outbox other than by [`Store::confirmed`] and [`Store::refused`], and others
    /// came into it, all in one transaction that is durable: edits that were made again in the new
    /// generation of their record, or with the right time, or that went with their record. Told
    /// before the `Stored` of that transaction, and before whatever is saved after it.
    Replaced {
        /// The keys of those that left; none that the same [`Store`] confirmed or refused.
        gone: Vec<u64>,
        /// Those that came.
        saved: Vec<Outgoing>,
    },
    /// Something came into the device that an earlier life of the log may have had alone; that all is to be
    /// offered again is durable.
    Offered,
    /// The last [`Effect::Store`] is durable.
    Stored,
    /// It failed; nothing of it was stored.
    StoreFailed,
    /// What the last [`Effect::Read`] asked for.
    Read {
        /// The changes, in order. For [`Read::All`] their keys are of no account.
        changes: Vec<Outgoing>,
        /// Whether there is more behind them.
        more: bool,
    },
    /// The time of the last [`Effect::WakeAt`] has come.
    Woke,
    /// The person asked, the network came back or the app came to the front: try at once.
    Nudged,
}

/// Why a socket did not open, as the probe found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unreachable {
    /// No answer.
    Network,
    /// The server knows the workspace by another secret, or not at all.
    BadSecret,
    /// The server answered with an error.
    Server,
}

/// What the engine is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(
    clippy::large_enum_variant,
    reason = "few are there at a time, each for a moment"
)]
pub enum Effect {
    /// Open a socket. Answered by `Opened` or `Unreachable`.
    Connect,
    /// Close the socket, if there is one. No `Closed` is expected; a late one does no harm.
    Disconnect,
    /// Send a frame.
    Send(Vec<u8>),
    /// Store all of this in one transaction. Answered by `Stored` or `StoreFailed`.
    Store(Store),
    /// Read changes. Answered by `Event::Read`.
    Read(Read),
    /// Say `Woke` at this time; replaces the one before.
    WakeAt(Timestamp),
    /// [`Client::status`] differs.
    StatusChanged,
}

/// Why a record leaves the device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForgetWhy {
    /// The person may no longer see it.
    Hidden,
    /// It was erased for good.
    Erased,
}

/// What one transaction stores, in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Store {
    /// Outbox keys that the server has: delete. One that is not there makes no difference.
    pub confirmed: Vec<u64>,
    /// Outbox keys that the server refused: move to the refused ones, with the reason. Where the
    /// reason is that of a wrong clock or of a writer that lives twice ([`Reason::Time`],
    /// [`Reason::Sequence`], [`Reason::Writer`]), the engine may make the record's unsent edits again.
    pub refused: Vec<(u64, Reason)>,
    /// Keys of changes refused earlier that the server took when all was offered to it: they are refused no
    /// more.
    pub taken: Vec<u64>,
    /// Records that leave the device with their whole history: their row, changes and what of them is
    /// in the outbox, which the person is told. None of them is among those below unless it came back.
    pub forget: Vec<(RecordId, ForgetWhy)>,
    /// Records as a whole: stored as they are where the device has none, else merged. One of a newer
    /// generation takes the place of what is there, and what of it is in the outbox is made again. One
    /// of an older generation is left out. A record may come more than once.
    pub records: Vec<Kept>,
    /// Changes of others: apply, and store with their rows. Those that are there already make no
    /// difference. One that does not apply is set aside, and the rest goes on; one of an older
    /// generation than the record on the device is left out.
    pub received: Vec<Item>,
    /// What to remember.
    pub point: Point,
}

/// What to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// The outbox, by key.
    Outbox {
        /// Only keys above this.
        after: u64,
        /// At most so many changes.
        limit: usize,
    },
    /// Every change on the device, document by document in the order of their ids, each change
    /// after those that it builds on, whole documents, until `limit` is reached.
    All {
        /// Only documents above this.
        after: Option<RecordId>,
        /// Stop at the end of the document that reaches so many changes.
        limit: usize,
    },
    /// Every change of one document.
    Document(RecordId),
}

/// What stands in the way until a person acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The link is not (or no longer) valid.
    Link,
    /// The app is too old for the server.
    Update,
    /// The server is out of space.
    ServerSpace,
    /// This device could not store what came.
    DeviceSpace,
}

/// How things stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Whether the server answers.
    pub online: bool,
    /// Whether something is on its way.
    pub busy: bool,
    /// How many saved changes the server has not confirmed.
    pub waiting: u64,
    /// While much arrives: how far of how far, in changes, or in records during a walk.
    pub receiving: Option<(u64, u64)>,
    /// Whether everything that the server had has arrived here since the start.
    pub complete: bool,
    /// When the server last had everything.
    pub confirmed_at: Option<Timestamp>,
    /// When the server last answered.
    pub contact_at: Option<Timestamp>,
    /// The server's clock less the device's, in milliseconds.
    pub clock_offset_ms: Option<i64>,
    /// When it will be tried again.
    pub next_try_at: Option<Timestamp>,
    /// What stands in the way.
    pub need: Option<Need>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the first version stored.
    #[derive(Serialize)]
    struct First {
        epoch: Option<Epoch>,
        cursor: u64,
        offering: bool,
        confirmed_at: Option<Timestamp>,
    }

    #[test]
    fn a_point_of_the_first_version_opens() {
        let first = First {
            epoch: Some(Epoch([3; 8])),
            cursor: 70_000,
            offering: true,
            confirmed_at: Some(Timestamp(1_795_305_600_000)),
        };
        let bytes = postcard::to_allocvec(&first).unwrap();
        let point = Point {
            epoch: first.epoch,
            cursor: first.cursor,
            offering: first.offering,
            confirmed_at: first.confirmed_at,
            walk: None,
            walked: 0,
            mark: None,
            lives: 0,
        };
        assert_eq!(postcard::from_bytes(&bytes), Ok(point));
        let walking = Point {
            walk: Some(Walk {
                base: 70_000,
                above: 70_000,
                upto: 90_000,
                below: 80_000,
            }),
            walked: 300,
            ..point
        };
        let bytes = postcard::to_allocvec(&walking).unwrap();
        assert_eq!(postcard::from_bytes(&bytes), Ok(walking));
        // Before there were eras the point ended behind `walked`.
        assert_eq!(postcard::from_bytes(&bytes[..bytes.len() - 2]), Ok(walking));
    }
}
