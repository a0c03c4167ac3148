//! Counting what a change's columns unfold to, without unfolding them.

use super::{HeaderError, OPERATIONS, Reader};

/// The columns of operations, in the order in which they stand: their specification, which is
/// number × 16 + type.
const KNOWN: &[u64] = &[
    0x01, 0x02, 0x11, 0x13, 0x15, 0x34, 0x42, 0x56, 0x57, 0x70, 0x71, 0x73, 0x94, 0xa5,
];
/// What each operation does: there is one entry for each.
const ACTION: u64 = 0x42;
/// How many earlier operations each operation replaces.
const PREDECESSORS: u64 = 0x70;
/// The operations that are replaced: as many as [`PREDECESSORS`] adds up to.
const PREDECESSOR: [u64; 2] = [0x71, 0x73];
/// The bytes of all values.
const VALUES: u64 = 0x57;
/// Operations replaced by one operation, on average. The start of a note replaces none.
const REPLACED: u64 = 16 * OPERATIONS;
/// What the texts of a column may unfold to. Automerge keeps a text for each operation while it takes a change
/// apart, and a run says one of any length as often as it likes. What is written by hand or imported is far from
/// it: keys have some 40 bytes, the longest of 10,000 letters stand in the bytes of the change once each, and an
/// operation of the same change hardly ever says a key again.
const TEXT_BYTES: u64 = 1024 * 1024;

/// The columns of a change.
pub(super) struct Columns<'a>(Vec<(u64, &'a [u8])>);

impl<'a> Columns<'a> {
    pub(super) fn read(bytes: &mut Reader<'a>) -> Result<Columns<'a>, HeaderError> {
        let count = bytes.count(KNOWN.len() as u64)?;
        let mut lengths = Vec::new();
        for _ in 0..count {
            let specification = bytes.number()?;
            let is_next = lengths
                .last()
                .is_none_or(|(before, _)| *before < specification);
            if !is_next || !KNOWN.contains(&specification) {
                return Err(HeaderError::Malformed);
            }
            lengths.push((specification, bytes.length()?));
        }
        let mut columns = Vec::new();
        for (specification, length) in lengths {
            columns.push((specification, bytes.take(length)?));
        }
        Ok(Columns(columns))
    }

    /// How many operations there are.
    pub(super) fn operations(&self, limit: u64) -> Result<u64, HeaderError> {
        let mut operations = 0;
        for (specification, column) in &self.0 {
            let kind = specification & 7;
            let mut bytes = Reader(column);
            let (count, sum) = match kind {
                4 => (booleans(&mut bytes)?, 0),
                7 => (0, 0),
                _ => runs(&mut bytes, kind, limit.max(REPLACED))?,
            };
            let most = if PREDECESSOR.contains(specification) {
                REPLACED
            } else {
                limit
            };
            let too_much = match *specification {
                PREDECESSORS => sum > REPLACED,
                _ => kind == 5 && sum > TEXT_BYTES,
            };
            if count > most || too_much {
                return Err(HeaderError::TooLarge);
            }
            if *specification == ACTION {
                operations = count;
            }
        }
        self.values_fit()?;
        Ok(operations)
    }

    /// The lengths in the value metadata must add up to the bytes of the values.
    fn values_fit(&self) -> Result<(), HeaderError> {
        let of = |wanted: u64| {
            let found = self.0.iter().find(|(column, _)| *column == wanted);
            found.map_or(&[][..], |(_, bytes)| bytes)
        };
        let mut total = 0u64;
        let mut bytes = Reader(of(0x56));
        while !bytes.0.is_empty() {
            let run = bytes.signed()?;
            match run {
                0 => {
                    bytes.number()?;
                }
                1.. => {
                    let length = bytes.number()? >> 4;
                    total = total.saturating_add(length.saturating_mul(run.unsigned_abs()));
                }
                _ => {
                    for _ in 0..run.unsigned_abs() {
                        total = total.saturating_add(bytes.number()? >> 4);
                    }
                }
            }
        }
        if total == of(VALUES).len() as u64 {
            Ok(())
        } else {
            Err(HeaderError::Malformed)
        }
    }
}

/// The entries of a run-length column and the sum of their numbers, or of the bytes of their texts.
fn runs(bytes: &mut Reader<'_>, kind: u64, limit: u64) -> Result<(u64, u64), HeaderError> {
    let (mut count, mut sum) = (0u64, 0u64);
    while !bytes.0.is_empty() {
        let run = bytes.signed()?;
        let (repeats, values) = match run {
            0 => (bytes.number()?, 0),
            1.. => (run.unsigned_abs(), 1),
            _ => (run.unsigned_abs(), run.unsigned_abs()),
        };
        count = count.saturating_add(repeats);
        if count > limit {
            return Err(HeaderError::TooLarge);
        }
        for _ in 0..values {
            let number = match kind {
                3 => {
                    bytes.signed()?;
                    0
                }
                5 => {
                    let length = bytes.length()?;
                    bytes.take(length)?.len() as u64
                }
                _ => bytes.number()?,
            };
            let each = if values == 1 { repeats } else { 1 };
            sum = sum.saturating_add(number.saturating_mul(each));
        }
    }
    Ok((count, sum))
}

/// The entries of a column of yes and no: runs of either in turn.
fn booleans(bytes: &mut Reader<'_>) -> Result<u64, HeaderError> {
    let mut count = 0u64;
    while !bytes.0.is_empty() {
        count = count.saturating_add(bytes.number()?);
    }
    Ok(count)
}
