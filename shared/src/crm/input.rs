//! What people type into forms, read in their language: amounts, days, times, numbers, addresses.
//!
//! Errors name a word key and its arguments; the sentence is in the word files.

mod address;
mod date;
mod moment;
mod money;
mod phone;
mod time;

pub use address::{email, emails, mail, url, web};
pub use date::{Yearless, birthday, date};
pub use moment::moment;
pub use money::{money, serial_date};
pub use phone::{Dialled, dialled, is_same_phone, phone, phone_key, phones, tel, without_code};
pub use time::time;

use super::text;
use crate::money::Currency;
use crate::time::Date;

/// The most characters a line of text may have.
pub const TEXT_LIMIT: usize = 500;

/// How a person writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// French.
    French,
    /// English with the day before the month.
    English,
    /// English with the month before the day.
    American,
}

impl Language {
    /// The way of writing for a language tag: `fr-FR`, `en-GB`, `en-US`. Plain `en` is American, as
    /// it is for `Intl`; what is unknown is read as English.
    pub fn from_tag(tag: &str) -> Language {
        let (language, region) = tag.split_once(['-', '_']).unwrap_or((tag, "US"));
        match language.to_ascii_lowercase().as_str() {
            "fr" => Language::French,
            "en" if region.eq_ignore_ascii_case("us") => Language::American,
            _ => Language::English,
        }
    }

    /// Whether words are French.
    pub const fn is_french(self) -> bool {
        matches!(self, Language::French)
    }
}

/// What comes first in a day that is written in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// `30/11/2026`.
    Day,
    /// `11/30/2026`.
    Month,
    /// `2026-11-30`.
    Year,
}

/// What a place writes in its own way, learned from what the browser shows there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habit {
    /// Whether words are French.
    pub french: bool,
    /// What comes first in a day with its year.
    pub order: Order,
    /// Whether the month comes first in a day without its year.
    pub month_first: bool,
    /// Whether `jui.` is June, as in Morocco; elsewhere it could be July as well.
    pub jui: bool,
    /// The sign before the decimals, `,` or `.`.
    pub decimal: char,
}

impl Habit {
    /// Learns a habit from what the browser shows for 30 December 2026 in numbers, with its year and
    /// without, for a day in June with a short name, and for one half.
    pub fn learned(french: bool, day: &str, yearless: &str, june: &str, half: &str) -> Habit {
        let first = |text: &str, one: &str, other: &str| text.find(one) < text.find(other);
        let order = match day {
            day if first(day, "2026", "12") => Order::Year,
            day if first(day, "12", "30") => Order::Month,
            _ => Order::Day,
        };
        Habit {
            french,
            order,
            month_first: first(yearless, "12", "30"),
            jui: june.contains("jui."),
            decimal: decimal_in(half),
        }
    }
}

/// The sign before the decimals of a half, as it is shown.
fn decimal_in(half: &str) -> char {
    if half.contains(',') { ',' } else { '.' }
}

impl From<Language> for Habit {
    fn from(language: Language) -> Habit {
        let month_first = language == Language::American;
        Habit {
            french: language.is_french(),
            order: if month_first {
                Order::Month
            } else {
                Order::Day
            },
            month_first,
            jui: false,
            decimal: if language.is_french() { ',' } else { '.' },
        }
    }
}

impl From<Habit> for Language {
    fn from(habit: Habit) -> Language {
        match habit.order {
            _ if habit.french => Language::French,
            Order::Month => Language::American,
            Order::Day | Order::Year => Language::English,
        }
    }
}

/// Why what was typed is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Not a day in any known form.
    #[error("not a date: {0:?}")]
    Date(String),
    /// A birthday that is yet to come.
    #[error("in the future: {0:?}")]
    Future(String),
    /// There is no such month.
    #[error("no month {0}")]
    Month(u32),
    /// The month is shorter.
    #[error("the month ends on {last}")]
    Day {
        /// The last day that the month has.
        last: Date,
    },
    /// Not an amount.
    #[error("not an amount: {0:?}")]
    Amount(String),
    /// An amount whose one sign may part thousands or decimals.
    #[error("amount that may be {whole} or {part}: {found:?}")]
    Unsure {
        /// What was typed.
        found: String,
        /// The amount where the sign parts thousands.
        whole: String,
        /// The amount where it parts decimals.
        part: String,
    },
    /// The currency has fewer decimals.
    #[error("{} has {} decimals", .0.code(), .0.decimals())]
    Decimals(Currency),
    /// Larger than what is kept.
    #[error("amount out of range: {0:?}")]
    Range(String),
    /// Not a currency that is known.
    #[error("unknown currency: {0:?}")]
    Currency(String),
    /// Not an e-mail address.
    #[error("not an e-mail address: {0:?}")]
    Email(String),
    /// Not a telephone number.
    #[error("not a telephone number: {0:?}")]
    Phone(String),
    /// A day in the place of a telephone number.
    #[error("a date, not a telephone number: {0:?}")]
    PhoneDate(String),
    /// A telephone number that a spreadsheet made a decimal number of, so that digits are lost.
    #[error("telephone number damaged by a spreadsheet: {0:?}")]
    DamagedPhone(String),
    /// Not a web address.
    #[error("not a web address: {0:?}")]
    Url(String),
    /// Not a time of day.
    #[error("not a time of day: {0:?}")]
    Time(String),
    /// More characters than the field takes.
    #[error("more than {0} characters")]
    TooLong(usize),
}

impl InputError {
    /// The key of the sentence in the word files.
    pub const fn key(&self) -> &'static str {
        match self {
            InputError::Date(_) => "input-date",
            InputError::Future(_) => "input-future",
            InputError::Month(_) => "input-month",
            InputError::Day { .. } => "input-day",
            InputError::Amount(_) => "input-amount",
            InputError::Unsure { .. } => "input-unsure",
            InputError::Decimals(_) => "input-decimals",
            InputError::Range(_) => "input-range",
            InputError::Currency(_) => "input-currency",
            InputError::Email(_) => "input-email",
            InputError::Phone(_) => "input-phone",
            InputError::PhoneDate(_) => "input-phone-date",
            InputError::DamagedPhone(_) => "input-damaged-phone",
            InputError::Url(_) => "input-url",
            InputError::Time(_) => "input-time",
            InputError::TooLong(_) => "input-too-long",
        }
    }

    /// The arguments of the sentence: `found` what was typed, `month` and `days` numbers, `last`
    /// the month's last day as `2026-11-30` (to be formatted), `currency` and `decimals`, `limit`.
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            InputError::Date(found)
            | InputError::Future(found)
            | InputError::Amount(found)
            | InputError::Range(found)
            | InputError::Currency(found)
            | InputError::Email(found)
            | InputError::Phone(found)
            | InputError::PhoneDate(found)
            | InputError::DamagedPhone(found)
            | InputError::Url(found)
            | InputError::Time(found) => vec![("found", found.clone())],
            InputError::Month(month) => vec![("month", month.to_string())],
            InputError::Day { last } => vec![
                ("month", last.month.to_string()),
                ("days", last.day.to_string()),
                ("last", last.to_string()),
            ],
            InputError::Unsure { found, whole, part } => vec![
                ("found", found.clone()),
                ("whole", whole.clone()),
                ("part", part.clone()),
            ],
            InputError::Decimals(currency) => vec![
                ("currency", currency.code().to_owned()),
                ("decimals", currency.decimals().to_string()),
            ],
            InputError::TooLong(limit) => vec![("limit", limit.to_string())],
        }
    }
}

/// What was typed, short enough to be shown again.
fn shown(typed: &str) -> String {
    crate::crm::direction::undirected(typed.chars().take(40).collect())
}

/// One line of text.
///
/// # Errors
/// It is longer than [`TEXT_LIMIT`].
pub fn line(typed: &str) -> Result<String, InputError> {
    within_limit(text::clean(typed))
}

/// Several lines of text, as of a street.
///
/// # Errors
/// They are longer than [`TEXT_LIMIT`].
pub fn lines(typed: &str) -> Result<String, InputError> {
    within_limit(text::clean_lines(typed))
}

fn within_limit(text: String) -> Result<String, InputError> {
    match text.len() > TEXT_LIMIT && text.chars().count() > TEXT_LIMIT {
        true => Err(InputError::TooLong(TEXT_LIMIT)),
        false => Ok(text),
    }
}

/// The text with its letters, digits and signs in their plain form: `06` of `٠٦` and `０６`.
fn in_plain(typed: &str) -> String {
    typed.chars().map(text::plain).collect()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_names_are_refused() {
        assert_eq!(line(&"é".repeat(501)), Err(InputError::TooLong(500)));
        assert_eq!(line(" Anne\u{202e} "), Ok("Anne".into()));
    }

    #[test]
    fn the_way_of_writing_follows_the_tag() {
        assert_eq!(Language::from_tag("fr-CA"), Language::French);
        assert_eq!(Language::from_tag("en"), Language::American);
        assert_eq!(Language::from_tag("en-IE"), Language::English);
    }
}
