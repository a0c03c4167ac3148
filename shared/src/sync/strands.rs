//! Chunks taken apart, so that like lies next to like, and what is said twice is said once.
//!
//! ```text
//! strands := names · form · short values · long values, each: length · deflated
//! chunk   := as it is: type · length · body
//!          | parted:   type + 2 · [names, of a change] · front · [names, of a document] · columns · keys
//! ```
//! Names are hashes and ids, which nothing compresses and which spoil what lies between them. A chunk is
//! told in the form, but for its names and its values; `chunk` and `cut` say how.

mod chunk;
mod cut;
mod join;
mod part;

pub(super) use chunk::{CHANGE, body_of, chunk_of};
pub(super) use cut::{cut, uncut};

use super::header::{HeaderError, Reader};

/// The protocol from which on parcels and batches may be strands.
pub const STRANDS_SINCE: u16 = 3;
/// A longer value is a long one.
const LONG_FROM: usize = 64;
/// The most pieces of a record that its keys and its row are cut against.
const PIECES: usize = 4_096;
/// Values are often a label and a text with this between them.
const BETWEEN: u8 = b'\t';

/// Why strands can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// They hold more than they may.
    TooLarge,
    /// They do not inflate, or make no sense.
    Damaged,
}

impl From<HeaderError> for Broken {
    fn from(_: HeaderError) -> Broken {
        Broken::Damaged
    }
}

/// How hard to deflate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Somebody waits: two thirds of the time, for a fiftieth more bytes.
    Waited,
    /// It lies on a disk, or goes over a thin line.
    Kept,
}

/// Strands that are written.
#[derive(Debug, Default)]
pub(super) struct Strands {
    pub(super) names: Vec<u8>,
    pub(super) form: Vec<u8>,
    short: Vec<u8>,
    long: Vec<u8>,
}

impl Strands {
    /// Appends all four, deflated.
    pub(super) fn pack(&self, effort: Effort, bytes: &mut Vec<u8>) {
        let values = match effort {
            Effort::Waited => 4,
            Effort::Kept => 6,
        };
        for (strand, level) in [
            (&self.names, 6),
            (&self.form, 6),
            (&self.short, values),
            (&self.long, values),
        ] {
            let deflated = miniz_oxide::deflate::compress_to_vec(strand, level);
            put(bytes, deflated.len() as u64);
            bytes.extend(deflated);
        }
    }

    /// How many bytes they have before they are deflated.
    pub(super) fn len(&self) -> usize {
        let strands = [&self.names, &self.form, &self.short, &self.long];
        strands.iter().map(|strand| strand.len()).sum()
    }

    fn value(&mut self, value: &[u8]) {
        let strand = match value.len() > LONG_FROM {
            true => &mut self.long,
            false => &mut self.short,
        };
        strand.extend(value);
    }
}

/// Strands that were inflated.
#[derive(Debug)]
pub(super) struct Inflated([Vec<u8>; 4]);

impl Inflated {
    /// Inflates strands, to so many bytes at most.
    pub(super) fn of(bytes: &[u8], limit: usize) -> Result<Inflated, Broken> {
        use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
        let mut bytes = Reader(bytes);
        let mut left = limit;
        let mut strands: [Vec<u8>; 4] = Default::default();
        for strand in &mut strands {
            let length = bytes.length()?;
            let deflated = bytes.take(length)?;
            *strand = decompress_to_vec_with_limit(deflated, left).map_err(|error| {
                match error.status == TINFLStatus::HasMoreOutput {
                    true => Broken::TooLarge,
                    false => Broken::Damaged,
                }
            })?;
            left -= strand.len().min(left);
        }
        match bytes.0.is_empty() {
            true => Ok(Inflated(strands)),
            false => Err(Broken::Damaged),
        }
    }

    /// From their beginning. What they tell may take so many bytes.
    pub(super) fn read(&self, limit: usize) -> Reading<'_> {
        let [names, form, short, long] = &self.0;
        Reading {
            names: Reader(names),
            form: Reader(form),
            short: Reader(short),
            long: Reader(long),
            left: limit,
        }
    }
}

/// Strands that are read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) names: Reader<'a>,
    pub(super) form: Reader<'a>,
    short: Reader<'a>,
    long: Reader<'a>,
    left: usize,
}

impl<'a> Reading<'a> {
    /// Whether nothing is left of what is told.
    pub(super) fn is_over(&self) -> bool {
        self.form.0.is_empty()
    }

    /// Whether nothing is left at all.
    pub(super) fn is_whole(&self) -> bool {
        let others = [&self.names, &self.short, &self.long];
        self.is_over() && others.iter().all(|strand| strand.0.is_empty())
    }

    /// Counts what is made of the strands: a few bytes may stand for many.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<(), Broken> {
        self.left = self.left.checked_sub(bytes).ok_or(Broken::TooLarge)?;
        Ok(())
    }

    fn value(&mut self, length: usize) -> Result<&'a [u8], Broken> {
        let strand = match length > LONG_FROM {
            true => &mut self.long,
            false => &mut self.short,
        };
        Ok(strand.take(length)?)
    }
}

/// The texts of a record's values.
#[derive(Debug, Default)]
pub(super) struct Pieces<'a> {
    list: Vec<&'a [u8]>,
    /// How long the longest is, or was.
    longest: usize,
}

impl<'a> Pieces<'a> {
    fn add(&mut self, value: &'a [u8]) {
        let at = value.iter().position(|byte| *byte == BETWEEN);
        let (label, text) = value.split_at(at.map_or(0, |at| at + 1));
        for piece in [&label[..at.unwrap_or(0)], text] {
            if !piece.is_empty() && self.list.len() < PIECES {
                self.longest = self.longest.max(piece.len());
                self.list.push(piece);
            }
        }
    }
}

/// Appends a number as unsigned LEB128.
pub(super) fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
