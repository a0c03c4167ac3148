//! Birthdays as other products write them.

use super::Reading;
use crate::crm::input::{self, InputError};
use crate::time::Date;

/// Years that stand for none: Apple's calendars.
const NO_YEAR: [u16; 1] = [1604];

/// The day that a cell holds, `None` where it says that there is none.
///
/// # Errors
/// It is in no known form, there is no such day, or it is yet to come.
pub(super) fn birthday(cell: &str, reading: Reading) -> Result<Option<Date>, InputError> {
    let Some(day) = input::birthday(cell, reading.habit, reading.today)? else {
        return Ok(None);
    };
    let year = match NO_YEAR.contains(&day.year) {
        true => 0,
        false => day.year,
    };
    Ok(Some(Date { year, ..day }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::input::Language;

    fn read(cell: &str) -> Option<String> {
        let reading = Reading {
            habit: Language::French.into(),
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
