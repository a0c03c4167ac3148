//! Files that a person drops to import.

use super::{Target, magnitude, variant};
use crate::mutate;
use fastrand::Rng;
use shared::crm::import::{Choices, File, FileError, Mode, Reading, Table, plan, to_csv};
use shared::crm::input::Language;
use shared::crm::row::Row;
use shared::id::WorkspaceId;
use shared::time::Date;

/// Bytes to text to a table to drafts to edits.
pub const TARGET: Target = Target {
    name: "csv",
    seeds,
    mutate: mutate_file,
    run,
    limit_ms: 10_000,
    memory: |length| 1024 * 1024 + 200 * length,
};

fn reading() -> Reading {
    Reading {
        habit: Language::French.into(),
        today: Date {
            year: 2026,
            month: 11,
            day: 22,
        },
    }
}

/// What readers of tables look for.
const WORDS: [&[u8]; 16] = [
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\r\n",
    b"\r",
    b"sep=",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\xe9",
    b"First Name",
    b"29/02/1900",
    b"E-mail 1 - Value",
];

fn seeds() -> Vec<(String, Vec<u8>)> {
    let google = include_bytes!("../../../../shared/tests/fixtures/google-contacts.csv");
    let outlook = include_bytes!(
        "../../../../shared/tests/fixtures/outlook-contacts-windows-1252-semicolon.csv"
    );
    let head = |bytes: &[u8], lines: usize| {
        let cuts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let end = cuts.map(|(at, _)| at + 1).nth(lines).unwrap_or(bytes.len());
        bytes[..end].to_vec()
    };
    let sixteen: Vec<u8> = "Nom;Prénom;Téléphone\r\nLe Goff;Anne;06 12 34 56 78\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    vec![
        ("google".into(), head(google, 4)),
        ("outlook".into(), head(outlook, 4)),
        ("utf-16".into(), [&[0xff, 0xfe][..], &sixteen].concat()),
        (
            "named-delimiter".into(),
            b"sep=|\nName|Birthday|Tags\nAnne Le Goff|--03-01|a, b\n\"x\ny\"|1.2.03|\n".to_vec(),
        ),
        ("wide".into(), vec![b','; 300]),
        (
            "open-quote".into(),
            b"First Name,Last Name\nAnne,\"Le Goff\n".to_vec(),
        ),
    ]
}

fn mutate_file(rng: &mut Rng, from: &[u8]) -> Vec<u8> {
    let mut bytes = from.to_vec();
    for _ in 0..rng.usize(..4) {
        let at = rng.usize(..=bytes.len());
        let word = WORDS[rng.usize(..WORDS.len())];
        bytes.splice(at..at, word.iter().copied());
    }
    if rng.u8(..20) == 0 {
        bytes = bytes.repeat(1 + rng.usize(..8));
    }
    bytes.truncate(64 * 1024);
    mutate::bytes(rng, &bytes)
}

fn run(bytes: &[u8]) -> String {
    let file = match File::open(bytes) {
        Ok(file) => file,
        Err(error) => return format!("{} {}", variant(&error), magnitude(bytes.len())),
    };
    assert_eq!(
        file.mapping.len(),
        file.table.header.len(),
        "a column without a meaning"
    );
    let drafts = file.drafts(reading());
    let of = |mode| {
        plan::<Row>(
            &[],
            &drafts,
            WorkspaceId([1; 16]),
            file.source_key(),
            mode,
            &Choices::default(),
        )
    };
    let made = of(Mode::Both);
    assert_eq!(
        made.rows.len(),
        file.table.lines.len(),
        "a line that is not accounted for"
    );
    assert_eq!(made, of(Mode::Both), "another plan of the same file");
    let left = Table::parse(&file.left_out(&made)).map(|table| table.lines.len());
    // Where no line was the header, the first one left out is read as one.
    let head = usize::from(file.table.head.is_none());
    match (made.counts.skipped as usize).checked_sub(head) {
        Some(skipped) => assert_eq!(left, Ok(skipped), "lines left out are not in their file"),
        None => assert_eq!(left, Err(FileError::Empty), "lines nobody left out"),
    }
    let lines = file.table.lines.iter().map(|line| line.cells.as_slice());
    let text = to_csv(
        file.table.delimiter,
        std::iter::once(file.table.header.as_slice()).chain(lines),
    );
    let again = Table::parse(&text).map(|table| table.lines.len());
    assert_eq!(
        again,
        Ok(file.table.lines.len()),
        "another table after writing"
    );
    let counts = made.counts;
    format!(
        "{:?} {:?} {} {} {}",
        file.encoding,
        file.source.map(|source| source.key),
        magnitude(counts.new as usize),
        magnitude(counts.problems as usize),
        magnitude(counts.doubles as usize),
    )
}
