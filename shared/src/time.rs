//! Instants and calendar days. Nothing here reads a clock.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Milliseconds since the Unix epoch, in UTC.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The first instant of 2025. Nothing here is older, so a clock that says less was never set.
    pub const FIRST: Timestamp = Timestamp(1_735_689_600_000);

    /// The instant, unless the clock that said it was never set.
    pub fn known(self) -> Option<Timestamp> {
        (self >= Timestamp::FIRST).then_some(self)
    }

    /// The calendar day of this instant at an offset of `minutes` east of UTC.
    pub fn day(self, minutes: i32) -> Date {
        let local = self.0 + i64::from(minutes) * 60_000;
        Date::from_days(local.div_euclid(86_400_000) as i32)
    }
}

/// A calendar day without a zone. A birthday may lack its year, which is then 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    /// 1 to 9999, or 0 when the year is not known.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to the length of the month.
    pub day: u8,
}

/// Why a text or three numbers are not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not of the form `2026-12-18` or `--12-18`.
    #[error("not a date: {0:?}")]
    Form(String),
    /// The month is not 1 to 12.
    #[error("no month {0}")]
    Month(u8),
    /// The month is shorter.
    #[error("month {month} has {days} days, not {day}")]
    Day {
        /// The month, 1 to 12.
        month: u8,
        /// How many days it has.
        days: u8,
        /// The day that was asked for.
        day: u8,
    },
}

impl Date {
    /// A day that exists.
    ///
    /// # Errors
    /// The month is not 1 to 12, or it has no such day.
    pub fn new(year: u16, month: u8, day: u8) -> Result<Date, DateError> {
        let days = days_in_month(year, month).ok_or(DateError::Month(month))?;
        if day == 0 || day > days {
            return Err(DateError::Day { month, days, day });
        }
        Ok(Date { year, month, day })
    }

    /// Days since 1970-01-01, after Howard Hinnant's `days_from_civil`.
    pub fn to_days(self) -> i32 {
        let year = i32::from(self.year) - i32::from(self.month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let month = (i32::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i32::from(self.day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * 146_097 + day_of_era - 719_468
    }

    /// The day so many days after 1970-01-01, after Howard Hinnant's `civil_from_days`.
    pub fn from_days(days: i32) -> Date {
        let days = days + 719_468;
        let era = days.div_euclid(146_097);
        let doe = days.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i32::from(month <= 2);
        Date {
            year: year.clamp(0, 9999) as u16,
            month: month as u8,
            day: (doy - (153 * mp + 2) / 5 + 1) as u8,
        }
    }

    /// The day `days` later (earlier when negative).
    pub fn plus_days(self, days: i32) -> Date {
        Date::from_days(self.to_days() + days)
    }
}

/// How many days a month has; February has 29 when the year is not known.
pub fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year == 0 {
            write!(f, "--{:02}-{:02}", self.month, self.day)
        } else {
            write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
        }
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Date, DateError> {
        let form = || DateError::Form(text.chars().take(32).collect());
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => (0, rest),
            None => {
                let (year, rest) = text.split_once('-').ok_or_else(form)?;
                (number(year, 4).ok_or_else(form)?, rest)
            }
        };
        let (month, day) = rest.split_once('-').ok_or_else(form)?;
        let month = number(month, 2).ok_or_else(form)? as u8;
        Date::new(year, month, number(day, 2).ok_or_else(form)? as u8)
    }
}

fn number(digits: &str, length: usize) -> Option<u16> {
    let plain = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_survives_its_text_and_its_day_number() {
        for text in [
            "2026-11-21",
            "2000-02-29",
            "1970-01-01",
            "9999-12-31",
            "--06-15",
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!(date.to_string(), text);
            if date.year > 0 {
                assert_eq!(Date::from_days(date.to_days()), date);
            }
        }
        assert_eq!("1970-01-02".parse::<Date>().unwrap().to_days(), 1);
    }

    #[test]
    fn impossible_days_are_refused_with_the_length_of_the_month() {
        assert_eq!(
            "2026-11-31".parse::<Date>(),
            Err(DateError::Day {
                month: 11,
                days: 30,
                day: 31
            })
        );
        assert_eq!(Date::new(2026, 13, 1), Err(DateError::Month(13)));
        assert!("2026-2-3".parse::<Date>().is_err());
        assert!("".parse::<Date>().is_err());
    }

    #[test]
    fn a_clock_that_was_never_set_says_nothing() {
        assert_eq!(Timestamp::FIRST.day(0).to_string(), "2025-01-01");
        assert_eq!(Timestamp::FIRST.known(), Some(Timestamp::FIRST));
        assert_eq!(Timestamp(0).known(), None);
    }

    #[test]
    fn a_day_depends_on_the_zone() {
        let midnight_utc =
            Timestamp(Date::new(2026, 11, 21).unwrap().to_days() as i64 * 86_400_000);
        assert_eq!(midnight_utc.day(60).day, 21);
        assert_eq!(midnight_utc.day(-60).day, 20);
    }
}
