//! Bringing contacts in from other products' CSV exports.
//!
//! ```text
//! bytes -decode-> text -csv-> table -source-> mapping -draft-> drafts -plan-> edits
//! ```
//!
//! Every step is pure. A person may change the mapping and the cells in between; the later steps are
//! then done again. Record ids are derived from what identifies a contact in its source, so that the
//! same file brought in twice, or by two people who are offline, makes one record each.

use std::ops::Range;

mod csv;
mod decode;
mod draft;
mod head;
mod imported;
mod plan;
mod source;
mod target;

pub use csv::{Line, Table, to_csv};
pub use decode::{Encoding, decode};
use draft::draft;
pub use draft::{Draft, Problem, Reading, Reason, label_of};
pub use imported::in_order;
pub use plan::{
    Choices, Counts, Kept, Mode, Outcome, Plan, Planned, Planner, Skip, Suspect, Why, plan,
};
pub use source::{SOURCES, Source, guess, recognise};
pub use target::Target;

/// The most bytes a file may have.
pub const BYTES_LIMIT: usize = 50_000_000;
/// The most lines below the header.
pub const LINES_LIMIT: usize = 50_000;
/// The most columns.
pub const COLUMNS_LIMIT: usize = 200;

/// Why a file can't be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// More than [`BYTES_LIMIT`].
    #[error("the file has {0} bytes")]
    TooLarge(usize),
    /// A workbook, which must be saved as CSV first.
    #[error("the file is a spreadsheet workbook")]
    Workbook,
    /// Bytes that are no text, or text without columns.
    #[error("the file is not CSV")]
    NotCsv,
    /// More than [`LINES_LIMIT`].
    #[error("the file has more than {LINES_LIMIT} lines")]
    TooManyLines,
    /// More than [`COLUMNS_LIMIT`].
    #[error("the file has {0} columns")]
    TooManyColumns(usize),
    /// A quotation mark that is never closed.
    #[error("the quotation mark in line {0} is never closed")]
    OpenQuote(u32),
}

impl FileError {
    /// The key of the sentence in the word files.
    pub const fn key(&self) -> &'static str {
        match self {
            FileError::Empty => "import-empty",
            FileError::TooLarge(_) => "import-too-large",
            FileError::Workbook => "import-workbook",
            FileError::NotCsv => "import-not-csv",
            FileError::TooManyLines => "import-too-many-lines",
            FileError::TooManyColumns(_) => "import-too-many-columns",
            FileError::OpenQuote(_) => "import-open-quote",
        }
    }

    /// The arguments of the sentence: `limit` (of megabytes, lines or columns), `line`.
    pub fn arguments(&self) -> Vec<(&'static str, usize)> {
        match self {
            FileError::Empty | FileError::Workbook | FileError::NotCsv => Vec::new(),
            FileError::TooLarge(_) => vec![("limit", BYTES_LIMIT / 1_000_000)],
            FileError::TooManyLines => vec![("limit", LINES_LIMIT)],
            FileError::TooManyColumns(_) => vec![("limit", COLUMNS_LIMIT)],
            FileError::OpenQuote(line) => vec![("line", *line as usize)],
        }
    }
}

/// A file that could be read: its table, where it comes from, and what each column holds.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// How its bytes stand for characters.
    pub encoding: Encoding,
    /// Its header and lines. Cells may be corrected.
    pub table: Table,
    /// The product that wrote it, when its headers tell.
    pub source: Option<&'static Source>,
    /// What each column holds, one for each of the header. May be changed.
    pub mapping: Vec<Target>,
}

impl File {
    /// Reads a file.
    ///
    /// # Errors
    /// It is empty, too large, no text, or no table.
    pub fn open(bytes: &[u8]) -> Result<File, FileError> {
        File::open_as(bytes, None, None)
    }

    /// Reads a file as a person says it is: in this encoding, and with or without a line of titles.
    /// `None` finds it out.
    ///
    /// # Errors
    /// As [`File::open`].
    pub fn open_as(
        bytes: &[u8],
        encoding: Option<Encoding>,
        titles: Option<bool>,
    ) -> Result<File, FileError> {
        let (text, encoding) = decode(bytes, encoding)?;
        if text.starts_with("BEGIN:") {
            return Err(FileError::NotCsv);
        }
        let mut table = Table::parse(&text)?;
        let mapping = head::find(&mut table, titles).ok_or(FileError::NotCsv)?;
        let source = recognise(&table.header);
        Ok(File {
            encoding,
            table,
            source,
            mapping,
        })
    }

    /// What every line says about a contact.
    pub fn drafts(&self, reading: Reading) -> Vec<Draft> {
        self.drafts_of(0..self.table.lines.len(), reading)
    }

    /// What some lines, by place, say about a contact.
    pub fn drafts_of(&self, lines: Range<usize>, reading: Reading) -> Vec<Draft> {
        let parts = self.tag_parts();
        let lines = self.table.lines.get(lines).unwrap_or_default().iter();
        lines
            .map(|line| draft(line, &self.mapping, reading, parts))
            .collect()
    }

    /// What parts tags in this file: the sign that only a list has, where any line has it.
    fn tag_parts(&self) -> &'static [char] {
        let tags = self.mapping.iter().enumerate();
        let tags = tags.filter(|(_, target)| **target == Target::Tags);
        let mut cells = tags.flat_map(|(at, _)| {
            let lines = self.table.lines.iter();
            lines.filter_map(move |line| line.cells.get(at))
        });
        match () {
            () if self.source.is_some() => &[],
            () if cells.clone().any(|cell| cell.contains(":::")) => &[],
            () if cells.any(|cell| cell.contains(';')) => &[';'],
            () => &[','],
        }
    }

    /// The source's name as it stands in records.
    pub fn source_key(&self) -> &'static str {
        self.source.map_or(plan::ANY_SOURCE, |source| source.key)
    }

    /// The lines that were left out, as a file like the one that came in.
    pub fn left_out(&self, plan: &Plan) -> String {
        let lines = self.table.lines.iter().zip(&plan.rows);
        let out = lines.filter(|(_, row)| matches!(row.outcome, Outcome::Skipped(_)));
        let cells = out.map(|(line, _)| line.cells.as_slice());
        let header = Some(self.table.header.as_slice()).filter(|_| self.table.head.is_some());
        to_csv(self.table.delimiter, header.into_iter().chain(cells))
    }
}
