//! Birthdays as other products write them.

use super::Reading;
use crate::crm::input::{self, InputError, Yearless};
use crate::time::Date;
use std::ops::Range;

/// Years that stand for none: Apple's calendars, and what Outlook writes where nothing is known.
const NO_YEAR: [u16; 1] = [1604];
const NOTHING: [u16; 1] = [4501];

/// The day that a cell holds, `None` where it says that there is none.
///
/// # Errors
/// It is in no known form, or there is no such day.
pub(super) fn birthday(cell: &str, reading: Reading) -> Result<Option<Date>, InputError> {
    let text = cell.trim();
    if !text.chars().any(|c| ('1'..='9').contains(&c)) && text.contains('0') {
        return Ok(None);
    }
    let day = match fixed(text) {
        Some(day) => day,
        None => input::date(text, reading.language, reading.today, Yearless::Birthday)?,
    };
    if NOTHING.contains(&day.year) {
        return Ok(None);
    }
    let year = match NO_YEAR.contains(&day.year) {
        true => 0,
        false => day.year,
    };
    Ok(Some(Date { year, ..day }))
}

/// Forms that read alike everywhere: a spreadsheet's number, `19850315`, and ISO 8601 with a time or
/// without a year.
fn fixed(text: &str) -> Option<Date> {
    let digits = text.bytes().all(|c| c.is_ascii_digit());
    if digits && text.len() == 8 {
        let part = |range: Range<usize>| text.get(range)?.parse::<u16>().ok();
        let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
        return Date::new(year, month as u8, day as u8).ok();
    }
    if digits {
        return input::serial_date(text.parse().ok()?);
    }
    let date = text.split(['T', ' ']).next().unwrap_or_default();
    let rest = text.get(date.len()..).unwrap_or_default();
    let time = rest.is_empty() || rest.get(1..).is_some_and(|rest| rest.contains(':'));
    match (date.strip_prefix("0000-"), time) {
        (Some(yearless), true) => format!("--{yearless}").parse().ok(),
        (None, true) => date.parse().ok(),
        (_, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::input::Language;

    fn read(cell: &str) -> Option<String> {
        let reading = Reading {
            language: Language::French,
            today: Date::new(2026, 11, 21).unwrap(),
        };
        birthday(cell, reading).unwrap().map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_as_other_products_write_them() {
        for (cell, day) in [
            ("1985-03-15", "1985-03-15"),
            ("19850315", "1985-03-15"),
            ("1985-03-15T00:00:00.000Z", "1985-03-15"),
            ("1985-03-15 00:00:00", "1985-03-15"),
            ("15/03/1985", "1985-03-15"),
            ("31121", "1985-03-15"),
            ("1604-03-15", "--03-15"),
            ("15/03/1604", "--03-15"),
            ("0000-03-15", "--03-15"),
            ("0000-02-29T00:00:00", "--02-29"),
            ("--03-15", "--03-15"),
            ("15 mars", "--03-15"),
        ] {
            assert_eq!(read(cell).as_deref(), Some(day), "{cell}");
        }
        for cell in ["0/0/00", "00/00/0000", "0000-00-00", "0", "01/01/4501"] {
            assert_eq!(read(cell), None, "{cell}");
        }
    }
}
