//! The messages, and what a frame may be.
//!
//! A frame is one WebSocket message: one byte that names the message, its fields in postcard, and the
//! CRC-32 of all that, little-endian: a flipped bit in a cursor would otherwise lose changes.
//! New messages are added at the end; a type that the receiver does not know is answered by
//! [`Refusal::Unsupported`], and the connection lives on.

mod frame;

pub use frame::{Message, decode, encode};

use super::parcel::Parcel;
use crate::id::{DeviceId, PersonId, RecordId};
use crate::time::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The newest protocol that this code speaks.
pub const PROTOCOL: u16 = 4;
/// The oldest protocol that a room still speaks.
pub const OLDEST_PROTOCOL: u16 = 1;
/// The most bytes in a frame.
pub const FRAME_LIMIT: usize = 256 * 1024;
/// The most bytes of a frame to a device that brings a single record which fits no other. All else
/// keeps to [`FRAME_LIMIT`].
pub const RECORDS_LIMIT: usize = 8 * 1024 * 1024;
/// The most bytes of a batch once inflated.
pub const BATCH_BYTES: usize = 1024 * 1024;
/// The most bytes of a build id.
pub const BUILD_BYTES: usize = 64;
/// The most changes in a batch.
pub const BATCH_CHANGES: usize = 200;

/// Names a log: one that was made anew, where all was lost, has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Epoch(pub [u8; 8]);

/// Names what one start of the server's process appended to the log. A copy of the log that is put back
/// is served by another start, so that what it goes on with has another name at the same positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Era(pub [u8; 8]);

/// How far a device knows the log to have reached: where the entry at this position is of this era, all
/// up to there is as the device met it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The position.
    pub position: u64,
    /// The era of the entry there.
    pub era: Era,
}

/// What a device tells the room. The order of the variants is the wire format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToRoom {
    /// The first message: who speaks, and what it has.
    Hello(Hello),
    /// Changes to take into the log.
    Push {
        /// Names the batch in its answer.
        batch: u32,
        /// Whether these are offered to a server that may have lost them, whoever made them.
        refill: bool,
        /// The changes, each after those that it builds on.
        changes: Packed,
    },
    /// Asks for the log from a position on.
    Pull {
        /// The last position that the device has.
        after: u64,
    },
    /// Asks for a sign of life.
    Ping,
    /// As `Hello`, of a device that was in the middle of a walk. Since protocol 2.
    Return {
        /// Who speaks; its cursor is the walk's `base`.
        hello: Hello,
        /// Where it was.
        walk: Walk,
    },
    /// Asks for the next records of a walk. Since protocol 2.
    Walk(Walk),
    /// The first message, as `Hello` or `Return`, of a device that knows what eras are. Answered by
    /// `Greeted`. Since protocol 4.
    Greet {
        /// Who speaks, and what it has.
        hello: Hello,
        /// Where it was in a walk.
        walk: Option<Walk>,
        /// How far it knows the log to have reached.
        mark: Option<Mark>,
    },
}

/// A device far behind is brought up to date record by record, the last used first, whatever the
/// log went through meanwhile. This is how far it has come.
///
/// Every record has a *last position*, that of its last entry in the log. A round goes through the
/// records whose last position lies above `above`, from the highest down, and brings of each what is
/// above `base`. When `below` has come down to `above`, the device has all that was in the log when
/// the round began (`upto`); the next round goes on with `above = upto`, for what was written
/// meanwhile, and still from `base`. It ends with a round that finds nothing: the cursor is then `upto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Walk {
    /// The position up to which the device had everything before it set out.
    pub base: u64,
    /// Only records whose last position is above this.
    pub above: u64,
    /// The head of the log when the round began.
    pub upto: u64,
    /// Only records whose last position is below this: the ones above it are on the device.
    pub below: u64,
}

/// What becomes of a whole record, apart from changes to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Notice {
    /// The person may no longer see it: it leaves the device with its whole history.
    Forget(RecordId),
    /// It was erased for good: it leaves every device, and what any device adds to it is refused.
    Erased(RecordId),
}

/// Who speaks, and what it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The newest protocol that the device speaks.
    pub protocol: u16,
    /// The app's build id, for the server's logs; at most [`BUILD_BYTES`].
    #[serde(deserialize_with = "short_text")]
    pub build: String,
    /// The installation.
    pub device: DeviceId,
    /// Drawn at each start of the engine: tells a copied device from the original.
    pub incarnation: [u8; 8],
    /// Whose edits it will push.
    pub person: PersonId,
    /// The epoch that the cursor belongs to; `None` for a device that never met the server.
    pub epoch: Option<Epoch>,
    /// The last position of the log that the device has.
    pub cursor: u64,
}

/// What the room tells a device. The order of the variants is the wire format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToClient {
    /// Answers Hello. Where the device's cursor is behind, `Changes` follow unasked.
    Welcome {
        /// The protocol that both speak from here on.
        protocol: u16,
        /// The epoch of the log.
        epoch: Epoch,
        /// The last position of the log.
        head: u64,
        /// The server's clock.
        now: Timestamp,
    },
    /// A stretch of the log.
    Changes {
        /// The position before the first of them.
        after: u64,
        /// The position of the last.
        upto: u64,
        /// The last position of the log.
        head: u64,
        /// The changes.
        changes: Packed,
    },
    /// Answers a Push, once its changes are stored.
    Ack {
        /// Which batch.
        batch: u32,
        /// The position before the first change that was new.
        after: u64,
        /// The position of the last; equal to `after` when none was new.
        upto: u64,
        /// What became of each change, by its position in the batch.
        outcomes: Vec<Outcome>,
    },
    /// Answers a Push of which nothing was taken.
    Failed {
        /// Which batch.
        batch: u32,
        /// Why.
        failure: Failure,
    },
    /// Answers Ping.
    Pong {
        /// The server's clock.
        now: Timestamp,
        /// The last position of the log.
        head: u64,
    },
    /// The frame can't be used. The connection lives on.
    Refused(Refusal),
    /// The device's protocol is too old: the app must be updated.
    UpdateNeeded {
        /// The oldest protocol that the room speaks.
        oldest: u16,
    },
    /// Records of a walk, whole. Since protocol 2.
    Records {
        /// Where the walk stands with these.
        walk: Walk,
        /// How many records of this round are still to come.
        left: u32,
        /// Which of the records in this part of the walk the device may hold and is to drop: they went
        /// since it set out.
        notices: Vec<Notice>,
        /// The records, the last used first.
        records: Parcel,
    },
    /// A stretch of the log in which records went, or came as a whole: one that became visible, or
    /// began a new generation. Since protocol 2.
    News {
        /// The position before it.
        after: u64,
        /// Its last position.
        upto: u64,
        /// The last position of the log.
        head: u64,
        /// What went.
        notices: Vec<Notice>,
        /// What came.
        records: Parcel,
    },
    /// Answers Greet. Where the device's cursor is behind, what it lacks follows unasked. Since protocol 4.
    Greeted {
        /// The protocol that both speak from here on.
        protocol: u16,
        /// The epoch of the log.
        epoch: Epoch,
        /// The last position of the log.
        head: u64,
        /// The era of the entry there.
        era: Era,
        /// Whether this log goes on from what the device met: else it is another, or was set back.
        continues: bool,
        /// The server's clock.
        now: Timestamp,
    },
    /// What is appended behind this position is of this era. Said before anything of it. Since protocol 4.
    EraBegan {
        /// The position.
        after: u64,
        /// The era.
        era: Era,
    },
}

/// What became of one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is in the log, by this push or an earlier one.
    Accepted,
    /// It is not, and stays out as it is.
    Refused(Reason),
    /// It builds on changes that the log lacks: offer those first.
    NeedsDependencies,
}

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $key:literal;)*) => {
        /// Why a change was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason { $($(#[$doc])* $name,)* }

        impl Reason {
            /// All of them.
            pub const ALL: &[Reason] = &[$(Reason::$name,)*];

            /// The key of its sentence in the word files, after `refused-`.
            pub const fn key(self) -> &'static str {
                match self { $(Reason::$name => $key,)* }
            }

            /// The reason of that key.
            pub fn from_key(key: &str) -> Option<Reason> {
                Reason::ALL.iter().copied().find(|reason| reason.key() == key)
            }
        }
    };
}

reasons! {
    /// The bytes are not a change.
    Malformed = "malformed";
    /// It is larger than a change may be, or has too many operations.
    TooLarge = "too-large";
    /// Its time is before 2020 or more than a day ahead of the server.
    Time = "time";
    /// It is signed by someone other than who sent it.
    Writer = "writer";
    /// Its number does not follow the writer's last one: the writer lives twice.
    Sequence = "sequence";
    /// It builds on a refused change.
    Builds = "builds-on-refused";
    /// The document can't be read back with it.
    Invalid = "invalid";
    /// The record would grow past what it may hold.
    RecordTooLarge = "record-too-large";
    /// Checking it took too long.
    TooCostly = "too-costly";
    /// Its record was erased.
    Gone = "gone";
    /// Its record began a new generation: the edit is to be made again there.
    Squashed = "squashed";
    /// The person may not change this record.
    Forbidden = "forbidden";
}

/// Why nothing of a push was taken. All but the first two pass by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// The batch can't be unpacked.
    BadBatch,
    /// It holds too many changes or bytes.
    TooLarge,
    /// The server is out of space.
    StorageFull,
    /// The server could not store it.
    Storage,
    /// Too many pushes wait.
    Busy,
    /// The device sends more than its share: it is to wait a little.
    TooFast,
}

/// Why a frame can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The frame is damaged.
    #[error("{length} bytes are no message of type {message}")]
    BadFrame {
        /// Its first byte.
        message: u8,
        /// Its length in bytes.
        length: u32,
    },
    /// The frame is too long.
    #[error("a frame holds at most {limit} bytes")]
    TooLarge {
        /// How long it may be.
        limit: u32,
    },
    /// The message is of a type that a newer protocol may know.
    #[error("unknown message {message}")]
    Unsupported {
        /// Its first byte.
        message: u8,
    },
    /// The first message must be Hello.
    #[error("no Hello yet")]
    HelloFirst,
}

/// Close codes of the socket.
pub mod close {
    /// The secret was changed: a new link is needed.
    pub const SECRET_CHANGED: u16 = 4401;
    /// The device has too many sockets; this was the oldest.
    pub const TOO_MANY_SOCKETS: u16 = 4429;
    /// More was asked on this socket than one may ask: connect again after a pause.
    pub const TOO_MUCH: u16 = 4428;
    /// The room could not go on; connect again.
    pub const ROOM_FAILED: u16 = 4500;
}

fn short_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    if text.len() > BUILD_BYTES {
        return Err(D::Error::custom("too long"));
    }
    Ok(text.to_owned())
}

/// Changes as they travel: see [`super::packed`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packed(pub Vec<u8>);

impl Serialize for Packed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Packed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        if bytes.len() > FRAME_LIMIT {
            return Err(D::Error::custom("too long"));
        }
        Ok(Packed(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_id_is_short() {
        let hello = |length: usize| {
            ToRoom::Hello(Hello {
                protocol: PROTOCOL,
                build: "b".repeat(length),
                device: DeviceId([1; 16]),
                incarnation: [1; 8],
                person: PersonId([1; 8]),
                epoch: None,
                cursor: 0,
            })
        };
        let longest = hello(BUILD_BYTES);
        assert_eq!(decode(&encode(&longest)), Ok(longest));
        let longer = decode::<ToRoom>(&encode(&hello(BUILD_BYTES + 1)));
        assert!(matches!(longer, Err(Refusal::BadFrame { .. })));
    }

    #[test]
    fn the_number_of_types_is_the_number_of_variants() {
        let last = ToRoom::Greet {
            hello: Hello {
                protocol: PROTOCOL,
                build: String::new(),
                device: DeviceId([0; 16]),
                incarnation: [0; 8],
                person: PersonId([0; 8]),
                epoch: None,
                cursor: 0,
            },
            walk: None,
            mark: None,
        };
        assert_eq!(encode(&last)[0], ToRoom::TYPES - 1);
        let last = ToClient::EraBegan {
            after: 1,
            era: Era([0; 8]),
        };
        assert_eq!(encode(&last)[0], ToClient::TYPES - 1);
    }

    #[test]
    fn a_reason_survives_its_key() {
        for reason in Reason::ALL {
            assert_eq!(Reason::from_key(reason.key()), Some(*reason));
        }
    }
}
