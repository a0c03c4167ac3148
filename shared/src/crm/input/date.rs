//! Days as people write them: `30/11/2026`, `30 nov 2026`, `2026-11-30`, `demain`, `lundi`.

use super::{Habit, InputError, Order, is_digits, serial_date, shown};
use crate::crm::text;
use crate::time::{Date, DateError};

/// Months, folded, in French and English; the first three letters tell them apart but for June and
/// July in French.
const MONTHS: [[&str; 2]; 12] = [
    ["janvier", "january"],
    ["fevrier", "february"],
    ["mars", "march"],
    ["avril", "april"],
    ["mai", "may"],
    ["juin", "june"],
    ["juillet", "july"],
    ["aout", "august"],
    ["septembre", "september"],
    ["octobre", "october"],
    ["novembre", "november"],
    ["decembre", "december"],
];

/// Weekdays from Monday, folded.
const WEEKDAYS: [[&str; 2]; 7] = [
    ["lundi", "monday"],
    ["mardi", "tuesday"],
    ["mercredi", "wednesday"],
    ["jeudi", "thursday"],
    ["vendredi", "friday"],
    ["samedi", "saturday"],
    ["dimanche", "sunday"],
];

/// What a person means by a day without a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Yearless {
    /// The next such day: a plan.
    Coming,
    /// Every year, and two digits are a year that is past: a birthday.
    Birthday,
}

/// Reads a day.
///
/// # Errors
/// It is in no known form, could be two days where this person lives, there is no such month or day,
/// or it is a birthday that is yet to come.
pub fn date(
    typed: &str,
    habit: impl Into<Habit>,
    today: Date,
    yearless: Yearless,
) -> Result<Date, InputError> {
    let day = read(typed.trim(), habit.into(), today, yearless)
        .unwrap_or_else(|| Err(InputError::Date(shown(typed.trim()))))?;
    let unborn = yearless == Yearless::Birthday && day.year > 0 && day.to_days() > today.to_days();
    match unborn {
        true => Err(InputError::Future(shown(typed.trim()))),
        false => Ok(day),
    }
}

/// Reads a birthday from another product's file, where a day may be a spreadsheet's number of days,
/// and one that is all zeros is none.
///
/// # Errors
/// As [`date`].
pub fn birthday(
    cell: &str,
    habit: impl Into<Habit>,
    today: Date,
) -> Result<Option<Date>, InputError> {
    let digits = cell.bytes().filter(u8::is_ascii_digit);
    if !cell.contains(|c: char| matches!(c, '1'..='9') || c.is_alphabetic()) {
        return match digits.count() {
            0 if !cell.trim().is_empty() => Err(InputError::Date(shown(cell.trim()))),
            _ => Ok(None),
        };
    }
    match cell.trim().parse().ok().and_then(serial_date) {
        Some(day) if day.to_days() > today.to_days() => Err(InputError::Future(shown(cell.trim()))),
        Some(day) => Ok(Some(day)),
        None => date(cell, habit, today, Yearless::Birthday).map(Some),
    }
}

fn read(
    typed: &str,
    habit: Habit,
    today: Date,
    yearless: Yearless,
) -> Option<Result<Date, InputError>> {
    let folded = text::words(without_time(typed));
    let folded = match yearless {
        Yearless::Coming => nearest(&folded),
        Yearless::Birthday => &folded,
    };
    if let Some(day) = relative(typed, folded, today) {
        return Some(Ok(day));
    }
    let (mut month, mut weekday, mut mar) = (None, None, false);
    let mut numbers: Vec<&str> = Vec::new();
    for part in folded.split(' ') {
        if let Some(number) = ordinal(part) {
            match (number.len(), typed.starts_with("--")) {
                (8, _) => numbers.extend([&number[..4], &number[4..6], &number[6..]]),
                (4, true) => numbers.extend([&number[..2], &number[2..]]),
                _ => numbers.push(number),
            }
        } else if part == "mar" && habit.french && numbers.is_empty() && !mar {
            mar = true;
        } else if part == "jui" && habit.jui {
            month = Some(6);
        } else if let (Some(named), None) = (named(part, &MONTHS), month) {
            month = Some(named as u32 + 1);
        } else if let (Some(named), None) = (named(part, &WEEKDAYS), weekday) {
            weekday = Some(named as i32);
        } else if !matches!(part, "le" | "the" | "of" | "on" | "at" | "de" | "du") {
            return None;
        }
    }
    if mar {
        // `mar. 8` is a Tuesday in French, `8 mar.` and `mar. 8 2026` are in March.
        match month {
            None if numbers.len() < 2 => weekday = Some(1),
            None => month = Some(3),
            Some(_) => {}
        }
    }
    let value = |digits: &&str| digits.parse::<u32>().ok().filter(|_| digits.len() <= 4);
    let values: Vec<u32> = numbers.iter().map(value).collect::<Option<_>>()?;
    let long = |at: usize| numbers.get(at).is_some_and(|digits| digits.len() == 4);
    let (year, month, day) = match (month, values.as_slice()) {
        (Some(month), [year, day]) if long(0) => (Some(*year), month, *day),
        (Some(month), [day, year]) if !long(0) => {
            (Some(full(*year, long(1), today, yearless)?), month, *day)
        }
        (Some(month), [day]) if !long(0) => (None, month, *day),
        (None, [year, month, day]) if long(0) => (Some(*year), *month, *day),
        // Where the year comes first, two digits of it may be anywhere.
        (None, [_, _, _]) if habit.order == Order::Year && !long(2) => return None,
        (None, [a, b, year]) if !long(0) && !long(1) => {
            let month_first = habit.order == Order::Month;
            let unsure = habit.order == Order::Year && habit.month_first;
            let (month, day) = order(*a, *b, month_first, unsure)?;
            (Some(full(*year, long(2), today, yearless)?), month, day)
        }
        (None, [month, day]) if typed.starts_with("--") => (None, *month, *day),
        (None, [a, b]) if !long(0) && !long(1) => {
            let unsure = habit.order == Order::Year && habit.month_first && !typed.contains('-');
            let (month, day) = order(*a, *b, habit.month_first, unsure)?;
            (None, month, day)
        }
        (None, []) if folded.split(' ').count() == 1 => {
            let days = (weekday? - weekday_of(today) + 6).rem_euclid(7) + 1;
            return Some(Ok(today.plus_days(days)));
        }
        (None, [day]) if !long(0) => {
            let weekday = weekday?;
            let mut days = (0..63).map(|days| today.plus_days(days));
            let fits = |date: &Date| u32::from(date.day) == *day && weekday_of(*date) == weekday;
            return days.find(fits).map(Ok);
        }
        _ => return None,
    };
    // Products that must have a year write these where it is not known.
    let year = year.filter(|year| !(yearless == Yearless::Birthday && matches!(year, 0 | 1604)));
    Some(match (year, yearless) {
        (Some(0), _) => return None,
        (Some(year), _) => exact(year as u16, month, day),
        (None, Yearless::Birthday) => exact(0, month, day),
        (None, Yearless::Coming) => {
            let this = exact(today.year, month, day);
            match this {
                // What is just past may be meant; what is long past means next year.
                Ok(date) if date.to_days() < today.to_days() - 60 => {
                    exact(today.year + 1, month, day)
                }
                _ => this,
            }
        }
    })
}

/// A day without the words that mean the nearest one, or a part of it: `vendredi prochain`,
/// `next Friday`, `demain matin`.
fn nearest(folded: &str) -> &str {
    const BEFORE: [&str; 4] = ["next ", "this ", "coming ", "ce "];
    const BEHIND: [&str; 9] = [
        " prochain",
        " prochaine",
        " qui vient",
        " matin",
        " apres midi",
        " soir",
        " morning",
        " afternoon",
        " evening",
    ];
    let day = BEHIND.iter().find_map(|word| folded.strip_suffix(word));
    let day = day.unwrap_or(folded);
    let day_of = BEFORE.iter().find_map(|word| day.strip_prefix(word));
    let day = day_of.unwrap_or(day);
    if matches!(day, "ce" | "cet" | "this") {
        "today"
    } else {
        day
    }
}

/// A day without the time behind it: `2026-11-30T08:00:00Z`, `30/11/2026 08:00`.
fn without_time(typed: &str) -> &str {
    let Some(colon) = typed.find(':') else {
        return typed;
    };
    let before = typed[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    match before.strip_suffix(['T', 't', ' ', ',', '\u{a0}', '\u{202f}']) {
        Some(day) if !day.is_empty() => day,
        _ => typed,
    }
}

/// From Monday, 0.
fn weekday_of(day: Date) -> i32 {
    // 1970-01-01 was a Thursday.
    (day.to_days() + 3).rem_euclid(7)
}

fn exact(year: u16, month: u32, day: u32) -> Result<Date, InputError> {
    let month_number = u8::try_from(month).map_err(|_| InputError::Month(month))?;
    Date::new(year, month_number, u8::try_from(day).unwrap_or(u8::MAX)).map_err(|error| match error
    {
        DateError::Day { days, .. } => InputError::Day {
            last: Date {
                year,
                month: month_number,
                day: days,
            },
        },
        DateError::Month(_) | DateError::Form(_) => InputError::Month(month),
    })
}

/// Month and day; where only one way is possible, that one; where both are and the habit is not
/// sure, neither.
fn order(a: u32, b: u32, month_first: bool, unsure: bool) -> Option<(u32, u32)> {
    let (first, second) = (a <= 12, b <= 12);
    if unsure && first && second && a != b {
        return None;
    }
    let month_first = match month_first {
        true => first || !second,
        false => first && !second && b <= 31,
    };
    Some(if month_first { (a, b) } else { (b, a) })
}

/// The year that two digits mean.
fn full(year: u32, long: bool, today: Date, yearless: Yearless) -> Option<u32> {
    match yearless {
        _ if long => Some(year),
        _ if year > 99 => None,
        Yearless::Birthday if year > u32::from(today.year % 100) => Some(1900 + year),
        Yearless::Birthday | Yearless::Coming => Some(2000 + year),
    }
}

/// The digits of `1er`, `2nd` or `30`.
fn ordinal(part: &str) -> Option<&str> {
    let digits = part.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let suffix = &part[digits.len()..];
    let known = matches!(suffix, "" | "er" | "e" | "st" | "nd" | "rd" | "th");
    (known && is_digits(digits)).then_some(digits)
}

/// Which of the names a part means; at least three letters, and only one.
fn named(part: &str, names: &[[&str; 2]]) -> Option<usize> {
    let fits =
        |names: &&[&str; 2]| part.len() >= 3 && names.iter().any(|name| name.starts_with(part));
    let mut found = names.iter().enumerate().filter(|(_, pair)| fits(pair));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

fn relative(typed: &str, folded: &str, today: Date) -> Option<Date> {
    let days = match folded {
        "aujourd hui" | "auj" | "today" => 0,
        "demain" | "tomorrow" => 1,
        "apres demain" | "day after tomorrow" | "the day after tomorrow" => 2,
        "hier" | "yesterday" => -1,
        _ => {
            let (count, unit) = match folded.split(' ').collect::<Vec<_>>().as_slice() {
                ["dans" | "in", count, unit] => (*count, *unit),
                [count] if typed.starts_with('+') => (*count, "jours"),
                _ => return None,
            };
            let count: i32 = count.parse().ok().filter(|count| *count <= 3_660)?;
            match unit {
                "jour" | "jours" | "j" | "day" | "days" => count,
                "semaine" | "semaines" | "week" | "weeks" => count * 7,
                _ => return None,
            }
        }
    };
    Some(today.plus_days(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::input::Language::{self, American, English, French};

    fn read(typed: &str, language: Language) -> Result<String, InputError> {
        let today = Date::new(2026, 11, 21).unwrap();
        date(typed, language, today, Yearless::Coming).map(|day| day.to_string())
    }

    fn born(typed: &str) -> Result<String, InputError> {
        let today = Date::new(2026, 11, 21).unwrap();
        date(typed, French, today, Yearless::Birthday).map(|day| day.to_string())
    }

    #[test]
    fn days_are_read_as_each_language_writes_them() {
        let check = |typed, language, day: &str| {
            assert_eq!(read(typed, language), Ok(day.into()), "{typed}");
        };
        check("30/11/2026", French, "2026-11-30");
        check("30.11.26", French, "2026-11-30");
        check("30 nov 2026", French, "2026-11-30");
        check("lun. 30 novembre 2026", French, "2026-11-30");
        check("1er déc. 2026", French, "2026-12-01");
        check("1ᵉʳ décembre 2026", French, "2026-12-01");
        check("Sep 1, 2026, 2:30\u{202f}PM", American, "2026-09-01");
        check("2026-11-30T23:59:59+01:00", French, "2026-11-30");
        check("20261130", French, "2026-11-30");
        check("2026-11-30", French, "2026-11-30");
        check("2026-11-30", American, "2026-11-30");
        check("11/30/2026", American, "2026-11-30");
        check("30/11/2026", American, "2026-11-30");
        check("05/06/2026", English, "2026-06-05");
        check("05/06/2026", American, "2026-05-06");
        check("Nov 30th, 2026", English, "2026-11-30");
        check("18 août 2027", French, "2027-08-18");
        check("juil. 14 2027", French, "2027-07-14");
    }

    #[test]
    fn near_days_have_names() {
        let check = |typed, day: &str| assert_eq!(read(typed, French), Ok(day.into()), "{typed}");
        check("aujourd’hui", "2026-11-21");
        check("demain", "2026-11-22");
        check("Tomorrow", "2026-11-22");
        check("hier", "2026-11-20");
        check("lundi", "2026-11-23");
        check("samedi", "2026-11-28");
        check("dans 2 semaines", "2026-12-05");
        check("+3", "2026-11-24");
        check("18/12", "2026-12-18");
        check("3 février", "2027-02-03");
        check("15/11", "2026-11-15");
        check("vendredi prochain", "2026-11-27");
        check("ce vendredi", "2026-11-27");
        check("vendredi qui vient", "2026-11-27");
        check("next Friday", "2026-11-27");
        check("demain matin", "2026-11-22");
        check("lundi après-midi", "2026-11-23");
        check("ce soir", "2026-11-21");
        check("cet après-midi", "2026-11-21");
        check("this evening", "2026-11-21");
        assert!(read("prochain", French).is_err());
        assert!(read("12 mars prochain prochain", French).is_err());
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let today = Date::new(2026, 11, 21).unwrap();
        for cell in ["22/11/2026", "1/1/2150", "2027-02-03", "46348"] {
            let error = InputError::Future(cell.into());
            assert_eq!(birthday(cell, French, today), Err(error), "{cell}");
        }
        for cell in ["21/11/2026", "22/11", "46347"] {
            assert!(birthday(cell, French, today).is_ok(), "{cell}");
        }
        let demain = InputError::Future("demain".into());
        assert_eq!(born("demain"), Err(demain));
    }

    #[test]
    fn birthdays_may_lack_their_year_and_are_past() {
        for (cell, day) in [
            ("15/06", "--06-15"),
            ("--06-15", "--06-15"),
            ("--0615", "--06-15"),
            ("15 juin", "--06-15"),
            ("1604-06-15", "--06-15"),
            ("0000-06-15", "--06-15"),
            ("15/06/1604", "--06-15"),
            ("15/06/68", "1968-06-15"),
            ("15/06/05", "2005-06-15"),
            ("29/02", "--02-29"),
            ("1604-02-29", "--02-29"),
            ("19850315", "1985-03-15"),
            ("1985-03-15T00:00:00.000Z", "1985-03-15"),
            ("1985-03-15 00:00:00", "1985-03-15"),
            ("15/03/1985 08:30", "1985-03-15"),
        ] {
            assert_eq!(born(cell), Ok(day.into()), "{cell}");
            let today = Date::new(2026, 11, 21).unwrap();
            let read = birthday(cell, French, today).map(|day| day.map(|day| day.to_string()));
            assert_eq!(read, Ok(Some(day.into())), "{cell}");
        }
    }

    #[test]
    fn zeros_are_no_birthday_and_a_number_is_a_spreadsheets_day() {
        let today = Date::new(2026, 11, 21).unwrap();
        for none in ["0/0/00", "00/00/0000", "0000-00-00", "0", ""] {
            assert_eq!(birthday(none, French, today), Ok(None), "{none}");
        }
        let day = birthday("31121", French, today).unwrap().unwrap();
        assert_eq!(day.to_string(), "1985-03-15");
        assert!(birthday("?", French, today).is_err());
    }

    #[test]
    fn mar_is_tuesday_in_french_where_it_can_be() {
        let check = |typed, language, day: &str| {
            assert_eq!(read(typed, language), Ok(day.into()), "{typed}");
        };
        check("mar. 8", French, "2026-12-08");
        check("8 mar.", French, "2027-03-08");
        check("mar. 8 mar.", French, "2027-03-08");
        check("mar", French, "2026-11-24");
        check("mar. 1er déc.", French, "2026-12-01");
        check("8 mar. 2027", French, "2027-03-08");
        check("lun. 8 mar. 2027", French, "2027-03-08");
        check("8 mars", French, "2027-03-08");
        check("Mar 8", American, "2027-03-08");
        check("Tue 8", American, "2026-12-08");
        check("8 Tues", English, "2026-12-08");
        check("ven. 4", French, "2026-12-04");
        assert!(read("mar. 9", French).is_err());
    }

    #[test]
    fn day_and_month_are_never_swapped_where_the_year_comes_first() {
        let today = Date::new(2026, 11, 21).unwrap();
        let canada = |french, typed| {
            let habit = Habit {
                french,
                order: Order::Year,
                month_first: true,
                jui: false,
                decimal: ',',
            };
            date(typed, habit, today, Yearless::Coming).map(|day| day.to_string())
        };
        for french in [true, false] {
            for typed in ["2026-12-01", "12-01", "1 dec 2026"] {
                assert_eq!(canada(french, typed), Ok("2026-12-01".into()), "{typed}");
            }
            for either in ["01/12/2026", "26-12-01", "1/12"] {
                let error = Err(InputError::Date(either.into()));
                assert_eq!(canada(french, either), error, "{either}");
            }
            for sure in ["30/11/2026", "11/30/2026"] {
                assert_eq!(canada(french, sure), Ok("2026-11-30".into()), "{sure}");
            }
        }
    }

    #[test]
    fn impossible_days_say_how_long_the_month_is() {
        let last = Date::new(2026, 11, 30).unwrap();
        assert_eq!(read("31/11/2026", French), Err(InputError::Day { last }));
        assert_eq!(read("31 nov 2026", French), Err(InputError::Day { last }));
        let last = Date::new(2026, 2, 28).unwrap();
        assert_eq!(read("2026-02-30", English), Err(InputError::Day { last }));
        assert_eq!(read("2026-13-01", English), Err(InputError::Month(13)));
        for bad in [
            "",
            "x",
            "12",
            "1/2/3/4",
            "30 nov 2026 5",
            "30/11/20266",
            "jui 3",
            "2026",
            "lundi x",
            "14:30",
            "300/1/26",
            "30/11/126",
            "00/00/0000",
        ] {
            assert!(read(bad, French).is_err(), "{bad}");
        }
    }
}
