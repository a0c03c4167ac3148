//! Days as people write them: `30/11/2026`, `30 nov 2026`, `2026-11-30`, `demain`, `lundi`.

use super::{InputError, Language, shown};
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
/// It is in no known form, or there is no such month or day.
pub fn date(
    typed: &str,
    language: Language,
    today: Date,
    yearless: Yearless,
) -> Result<Date, InputError> {
    let refused = || InputError::Date(shown(typed.trim()));
    let folded = text::words(typed);
    if let Some(day) = relative(typed.trim(), &folded, today) {
        return Ok(day);
    }
    let mut month_word = None;
    let mut weekday_word = None;
    let mut numbers: Vec<&str> = Vec::new();
    for part in folded.split(' ') {
        if let Some(number) = ordinal(part) {
            numbers.push(number);
        } else if let (Some(month), None) = (named(part, &MONTHS), month_word) {
            month_word = Some(month as u32 + 1);
        } else if let (Some(weekday), None) = (named(part, &WEEKDAYS), weekday_word) {
            weekday_word = Some(weekday);
        } else if !matches!(part, "le" | "the" | "of" | "on" | "at" | "de" | "du") {
            return Err(refused());
        }
    }
    let value = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.len() <= 4);
    let values: Vec<u32> = numbers.iter().filter_map(|digits| value(digits)).collect();
    if values.len() != numbers.len() {
        return Err(refused());
    }
    let long = |at: usize| numbers.get(at).is_some_and(|digits| digits.len() == 4);
    let (year, month, day) = match (month_word, values.as_slice()) {
        (Some(month), [year, day]) if long(0) => (Some(*year), month, *day),
        (Some(month), [day, year]) if !long(0) => {
            (Some(full(*year, long(1), today, yearless)), month, *day)
        }
        (Some(month), [day]) if !long(0) => (None, month, *day),
        (None, [year, month, day]) if long(0) => (Some(*year), *month, *day),
        (None, [a, b, year]) if !long(0) && !long(1) => {
            let (month, day) = order(*a, *b, language);
            (Some(full(*year, long(2), today, yearless)), month, day)
        }
        (None, [month, day]) if typed.trim().starts_with("--") => (None, *month, *day),
        (None, [a, b]) if !long(0) && !long(1) => {
            let (month, day) = order(*a, *b, language);
            (None, month, day)
        }
        (None, []) if weekday_word.is_some() && folded.split(' ').count() == 1 => {
            let wanted = weekday_word.unwrap_or_default() as i32;
            // 1970-01-01 was a Thursday, the fourth day.
            let now = (today.to_days() + 3).rem_euclid(7);
            return Ok(today.plus_days((wanted - now + 6).rem_euclid(7) + 1));
        }
        _ => return Err(refused()),
    };
    match (year, yearless) {
        (Some(0), _) => Err(refused()),
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
    }
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

/// Month and day; where only one way is possible, that one.
fn order(a: u32, b: u32, language: Language) -> (u32, u32) {
    let month_first = match language {
        Language::American => a <= 12 || b > 12,
        Language::French | Language::English => a <= 12 && b > 12 && b <= 31,
    };
    if month_first { (a, b) } else { (b, a) }
}

/// The year that two digits mean.
fn full(year: u32, long: bool, today: Date, yearless: Yearless) -> u32 {
    match yearless {
        _ if long => year,
        Yearless::Birthday if year > u32::from(today.year % 100) && year < 100 => 1900 + year,
        Yearless::Birthday | Yearless::Coming if year < 100 => 2000 + year,
        Yearless::Birthday | Yearless::Coming => 0,
    }
}

/// The digits of `1er`, `2nd` or `30`.
fn ordinal(part: &str) -> Option<&str> {
    let end = part
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(part.len());
    let suffix = matches!(&part[end..], "" | "er" | "e" | "st" | "nd" | "rd" | "th");
    (end > 0 && suffix).then(|| &part[..end])
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
    use Language::{American, English, French};

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
    }

    #[test]
    fn birthdays_may_lack_their_year_and_are_past() {
        assert_eq!(born("15/06"), Ok("--06-15".into()));
        assert_eq!(born("--06-15"), Ok("--06-15".into()));
        assert_eq!(born("15 juin"), Ok("--06-15".into()));
        assert_eq!(born("15/06/68"), Ok("1968-06-15".into()));
        assert_eq!(born("15/06/05"), Ok("2005-06-15".into()));
        assert_eq!(born("29/02"), Ok("--02-29".into()));
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
            "00/00/0000",
        ] {
            assert!(read(bad, French).is_err(), "{bad}");
        }
    }
}
