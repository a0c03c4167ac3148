//! Reading a change's header without Automerge, which parses hostile bytes unsafely.
//!
//! A change is a chunk of Automerge's storage format (automerge.org/automerge-binary-format-spec):
//! magic, checksum, type 1, length, then dependencies, actor, sequence number, first operation, time,
//! message, other actors and the operations in columns. Every length is checked, every run length is
//! counted, nothing is allocated by a number that was read.

mod columns;

use super::packed::change_hash;
use crate::id::{ChangeHash, PersonId, Writer};
use crate::time::Timestamp;
use columns::Columns;

/// The most bytes of a change.
pub const CHANGE_BYTES: usize = 512 * 1024;
/// The most operations of a change.
pub const OPERATIONS: u64 = 10_000;
/// The most operations of the change that starts a note: a character each.
pub const START_OPERATIONS: u64 = 200_001;
/// The person that stands in changes which everyone makes alike.
pub const EVERYONE: PersonId = PersonId(*b"terrain ");
/// The change that every document begins with. Everyone has it; it is never sent.
pub const GENESIS: ChangeHash = ChangeHash([
    0x71, 0xec, 0xd7, 0x99, 0x7e, 0xa8, 0x24, 0x95, 0x55, 0x61, 0x25, 0xee, 0xc6, 0x8c, 0x46, 0xb2,
    0x84, 0xfb, 0x1f, 0x32, 0xbe, 0xcf, 0x1f, 0x9c, 0x99, 0x84, 0x43, 0xe2, 0x78, 0xab, 0x6a, 0x96,
]);

const DEPENDENCIES: u64 = 1_024;
const ACTORS: u64 = 4_096;
/// The largest sequence or operation number: Automerge computes with 32 bits in places.
const NUMBER: u64 = i32::MAX as u64;
/// 2020-01-01.
const EARLIEST: i64 = 1_577_836_800_000;
const DAY_MS: i64 = 86_400_000;

/// What a change says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub hash: ChangeHash,
    /// The changes that it builds on, ascending.
    pub dependencies: Vec<ChangeHash>,
    /// Who made it, on which start of an engine.
    pub writer: Writer,
    /// The writer's changes in this document are numbered from 1.
    pub sequence: u64,
    /// The number of its first operation.
    pub first_operation: u64,
    /// How many operations it has.
    pub operations: u64,
    /// When it was made, by the writer's clock; 0 where that is not known.
    pub time: i64,
}

/// Why a header is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// The bytes are not a raw change with an actor of ours.
    #[error("not a change")]
    Malformed,
    /// It has too many bytes or operations, or stands for too many.
    #[error("more than {CHANGE_BYTES} bytes or {OPERATIONS} operations")]
    TooLarge,
    /// Its time is neither 0 nor between 2020 and tomorrow.
    #[error("time {0} is out of the window")]
    Time(i64),
}

impl Header {
    /// Reads a change's header and counts its operations.
    ///
    /// # Errors
    /// The bytes are no change, or one past the limits.
    pub fn read(chunk: &[u8]) -> Result<Header, HeaderError> {
        if chunk.len() > CHANGE_BYTES {
            return Err(HeaderError::TooLarge);
        }
        let hash = change_hash(chunk).ok_or(HeaderError::Malformed)?;
        let mut bytes = Reader(chunk.get(9..).ok_or(HeaderError::Malformed)?);
        bytes.number()?;
        let mut dependencies = Vec::new();
        for _ in 0..bytes.count(DEPENDENCIES)? {
            let hash = bytes.take(32)?.try_into();
            dependencies.push(ChangeHash(hash.map_err(|_| HeaderError::Malformed)?));
        }
        if !dependencies.is_sorted_by(|a, b| a < b) {
            return Err(HeaderError::Malformed);
        }
        let writer = bytes.actor()?;
        let sequence = bytes.number()?;
        let first_operation = bytes.number()?;
        let time = bytes.signed()?;
        if bytes.number()? != 0 {
            return Err(HeaderError::Malformed);
        }
        for _ in 0..bytes.count(ACTORS)? {
            bytes.actor()?;
        }
        let limit = if writer.person == EVERYONE {
            START_OPERATIONS
        } else {
            OPERATIONS
        };
        let operations = Columns::read(&mut bytes)?.operations(limit)?;
        let numbers_fit = (1..=NUMBER).contains(&sequence)
            && (1..=NUMBER).contains(&first_operation)
            && first_operation + operations <= NUMBER;
        if !bytes.0.is_empty() || !numbers_fit {
            return Err(HeaderError::Malformed);
        }
        Ok(Header {
            hash,
            dependencies,
            writer,
            sequence,
            first_operation,
            operations,
            time,
        })
    }

    /// Whether it is a change that everyone makes alike: the start of a note.
    pub fn is_everyones(&self) -> bool {
        self.writer.person == EVERYONE
    }

    /// Checks the time against the server's clock.
    ///
    /// # Errors
    /// It is neither 0 nor between 2020 and a day from here.
    pub fn check_time(&self, now: Timestamp) -> Result<(), HeaderError> {
        let latest = now.0.saturating_add(DAY_MS);
        let fits = match self.time {
            0 => true,
            _ if self.is_everyones() => false,
            time => (EARLIEST..=latest).contains(&time),
        };
        if fits {
            Ok(())
        } else {
            Err(HeaderError::Time(self.time))
        }
    }
}

/// Bytes that are read from the front.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], HeaderError> {
        let (taken, rest) = self
            .0
            .split_at_checked(count)
            .ok_or(HeaderError::Malformed)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, HeaderError> {
        let (&byte, rest) = self.0.split_first().ok_or(HeaderError::Malformed)?;
        self.0 = rest;
        Ok(byte)
    }

    /// An unsigned LEB128 number in its shortest form.
    pub(super) fn number(&mut self) -> Result<u64, HeaderError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let part = u64::from(byte & 0x7f);
            if shift == 63 && part > 1 {
                break;
            }
            number |= part << shift;
            if byte < 0x80 {
                let is_shortest = byte != 0 || shift == 0;
                return is_shortest.then_some(number).ok_or(HeaderError::Malformed);
            }
        }
        Err(HeaderError::Malformed)
    }

    /// A signed LEB128 number in its shortest form.
    pub(super) fn signed(&mut self) -> Result<i64, HeaderError> {
        let mut number = 0i128;
        let mut previous = 0;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            number |= i128::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                if byte & 0x40 != 0 {
                    number -= 1i128 << (shift + 7);
                }
                let padding = shift > 0
                    && ((byte == 0 && previous & 0x40 == 0)
                        || (byte == 0x7f && previous & 0x40 != 0));
                if padding {
                    break;
                }
                return i64::try_from(number).map_err(|_| HeaderError::Malformed);
            }
            previous = byte;
        }
        Err(HeaderError::Malformed)
    }

    pub(super) fn length(&mut self) -> Result<usize, HeaderError> {
        usize::try_from(self.number()?).map_err(|_| HeaderError::Malformed)
    }

    pub(super) fn count(&mut self, limit: u64) -> Result<u64, HeaderError> {
        let count = self.number()?;
        (count <= limit)
            .then_some(count)
            .ok_or(HeaderError::Malformed)
    }

    fn actor(&mut self) -> Result<Writer, HeaderError> {
        let length = self.length()?;
        Writer::from_bytes(self.take(length)?).ok_or(HeaderError::Malformed)
    }
}
