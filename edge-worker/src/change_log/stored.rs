//! A record's line in the table: its key is the position of its last entry, so that a walk reads the
//! table from its end; all else is a few bytes.

use super::values::Row;
use serde::{Deserialize, Serialize};
use shared::id::RecordId;
use shared::sync::room::{BlockId, Record};

/// Where a raw change lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The stretch.
    pub first: u64,
    /// How far behind the stretch's first position.
    pub offset: u32,
    /// The beginning of the change's hash: where it differs, the change is another one.
    pub mark: [u8; 4],
}

impl Place {
    /// The change's position.
    pub fn position(&self) -> u64 {
        self.first + u64::from(self.offset)
    }
}

/// What is kept about a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stored {
    /// Where it stands.
    pub record: Record,
    /// Its writers, by the number that stands for writer and device, with the last change's number.
    pub writers: Vec<(u32, u64)>,
    /// Its raw changes, ascending.
    pub raw: Vec<Place>,
}

/// Positions are kept as distances from the last one, which are mostly none.
#[derive(Serialize, Deserialize)]
struct Line {
    generation: u32,
    unchanged: u64,
    block: Option<(u64, u64)>,
    erased: bool,
    writers: Vec<(u32, u64)>,
    raw: Vec<Place>,
}

impl Stored {
    /// The bytes of the line.
    pub fn encode(&self) -> Vec<u8> {
        let record = &self.record;
        let since = |position: u64| record.last.saturating_sub(position);
        let line = Line {
            generation: record.generation,
            unchanged: since(record.changed),
            block: record.block.map(|block| (block.0, since(record.folded))),
            erased: record.erased,
            writers: self.writers.clone(),
            raw: self.raw.clone(),
        };
        postcard::to_allocvec(&line).expect("plain data always encodes")
    }

    /// A line of which the columns are document, last and the bytes.
    pub fn read(row: &Row) -> Option<(RecordId, Stored)> {
        let last = row.count(1);
        let line: Line = postcard::from_bytes(row.blob(2)).ok()?;
        let record = Record {
            generation: line.generation,
            last,
            changed: last.saturating_sub(line.unchanged),
            folded: line
                .block
                .map_or(0, |(_, since)| last.saturating_sub(since)),
            block: line.block.map(|(block, _)| BlockId(block)),
            raw: u32::try_from(line.raw.len()).unwrap_or(u32::MAX),
            erased: line.erased,
        };
        let stored = Stored {
            record,
            writers: line.writers,
            raw: line.raw,
        };
        Some((RecordId(row.array(0)?), stored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change_log::values::{blob, counted};

    #[test]
    fn a_line_survives_the_table_and_is_short_once_all_is_folded() {
        let mut stored = Stored {
            record: Record {
                generation: 2,
                last: 70_000,
                changed: 69_990,
                folded: 69_000,
                block: Some(BlockId(300)),
                raw: 1,
                erased: false,
            },
            writers: vec![(4, 9)],
            raw: vec![Place {
                first: 69_950,
                offset: 40,
                mark: [1, 2, 3, 4],
            }],
        };
        let read = |stored: &Stored| {
            let last = counted(stored.record.last);
            Stored::read(&Row(vec![blob(&[7; 16]), last, blob(&stored.encode())])).unwrap()
        };
        assert_eq!(read(&stored), (RecordId([7; 16]), stored.clone()));
        stored.raw.clear();
        (stored.record.raw, stored.record.folded) = (0, 69_990);
        assert_eq!(read(&stored).1, stored);
        assert!(stored.encode().len() <= 12);
    }
}
