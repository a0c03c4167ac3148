//! Days as people write them: `30/11/2026`, `30 nov 2026`, `2026-11-30`, `demain`, `lundi`.

use super::{Habit, InputError, Order, in_plain, is_digits, serial_date, shown};
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

/// The year that Outlook writes where no birthday is known.
const NEVER: u16 = 4501;

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
    let day = known(typed, habit.into(), today, yearless)?;
    match yearless {
        Yearless::Coming => Ok(day),
        Yearless::Birthday => born(day, typed, today),
    }
}

/// A day in any form, also a birthday that is yet to come.
fn known(typed: &str, habit: Habit, today: Date, yearless: Yearless) -> Result<Date, InputError> {
    let day = read(in_plain(typed).trim(), habit, today, yearless);
    day.unwrap_or_else(|| Err(InputError::Date(shown(typed.trim()))))
}

fn born(day: Date, typed: &str, today: Date) -> Result<Date, InputError> {
    match day.year > 0 && day.to_days() > today.to_days() {
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
    let plain = &in_plain(cell);
    let digits = plain.bytes().filter(u8::is_ascii_digit);
    if !plain.contains(|c: char| matches!(c, '1'..='9') || c.is_alphabetic()) {
        return match digits.count() {
            0 if !cell.trim().is_empty() => Err(InputError::Date(shown(cell.trim()))),
            _ => Ok(None),
        };
    }
    let day = match plain.trim().parse().ok().and_then(serial_date) {
        Some(day) => day,
        None => known(cell, habit.into(), today, Yearless::Birthday)?,
    };
    match day.year == NEVER {
        true => Ok(None),
        false => born(day, cell, today).map(Some),
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
            let is_over = match &this {
                // What is just past may be meant; what is long past means next year.
                Ok(date) => date.to_days() < today.to_days() - 60,
                Err(InputError::Day { last }) => last.to_days() < today.to_days(),
                Err(_) => false,
            };
            match is_over {
                true => exact(today.year + 1, month, day),
                false => this,
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
mod tests;
