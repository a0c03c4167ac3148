//! What people type into forms, read in their language: amounts, days, times, numbers, addresses.
//!
//! Errors name a word key and its arguments; the sentence is in the word files.

mod date;
mod money;

pub use date::{Yearless, date};
pub use money::{money, serial_date};

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

/// Why what was typed is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// Not a day in any known form.
    #[error("not a date: {0:?}")]
    Date(String),
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
            InputError::Month(_) => "input-month",
            InputError::Day { .. } => "input-day",
            InputError::Amount(_) => "input-amount",
            InputError::Decimals(_) => "input-decimals",
            InputError::Range(_) => "input-range",
            InputError::Currency(_) => "input-currency",
            InputError::Email(_) => "input-email",
            InputError::Phone(_) => "input-phone",
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
            | InputError::Amount(found)
            | InputError::Range(found)
            | InputError::Currency(found)
            | InputError::Email(found)
            | InputError::Phone(found)
            | InputError::DamagedPhone(found)
            | InputError::Url(found)
            | InputError::Time(found) => vec![("found", found.clone())],
            InputError::Month(month) => vec![("month", month.to_string())],
            InputError::Day { last } => vec![
                ("month", last.month.to_string()),
                ("days", last.day.to_string()),
                ("last", last.to_string()),
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
    typed.chars().take(40).collect()
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

/// An e-mail address, kept as typed without `mailto:` and angle brackets.
///
/// # Errors
/// It can't be one: no name, no domain with a dot, a space, or too long (RFC 5321, 4.5.3.1).
pub fn email(typed: &str) -> Result<String, InputError> {
    let refused = || InputError::Email(shown(typed.trim()));
    let clean = text::clean(typed);
    let address = match clean.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or_else(refused)?,
        None => &clean,
    };
    let address = address.strip_prefix("mailto:").unwrap_or(address).trim();
    let (name, domain) = address.split_once('@').ok_or_else(refused)?;
    let name_fits = (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .chars()
            .all(|c| !c.is_whitespace() && !"()<>[],;:\\\"".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let label_fits = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let domain_fits = labels.len() >= 2
        && labels.iter().all(label_fits)
        && labels
            .last()
            .is_some_and(|top| top.chars().count() >= 2 && !is_digits(top));
    if name_fits && domain_fits && address.len() <= 254 {
        Ok(address.to_owned())
    } else {
        Err(refused())
    }
}

/// A telephone number, kept as typed: zeros lead.
///
/// # Errors
/// It holds letters, has fewer than 3 or more than 20 digits, or is what a spreadsheet left of it
/// (`6,02E+08`). An extension (`poste 12`, `ext. 12`, `x12`) may follow.
pub fn phone(typed: &str) -> Result<String, InputError> {
    let clean = text::clean(typed);
    let number = clean.strip_prefix("tel:").unwrap_or(&clean);
    let lower = number.to_ascii_lowercase();
    if let Some((mantissa, exponent)) = lower.split_once('e') {
        let decimal = mantissa.split_once([',', '.']);
        let (whole, fraction) = decimal.unwrap_or((mantissa, "0"));
        let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
        if is_digits(whole.trim_start_matches('+')) && is_digits(fraction) && is_digits(exponent) {
            return Err(InputError::DamagedPhone(shown(number)));
        }
    }
    let extension = ["poste", "ext", "x"].iter().find_map(|word| {
        let (number, rest) = lower.split_once(word)?;
        is_digits(rest.trim_start_matches(['.', ' '])).then_some(number)
    });
    let dialled = extension.unwrap_or(&lower);
    let digits = dialled.chars().filter(char::is_ascii_digit).count();
    let plausible = dialled
        .chars()
        .enumerate()
        .all(|(at, c)| c.is_ascii_digit() || " .-/()\u{2011}".contains(c) || (c == '+' && at == 0));
    if plausible && (3..=20).contains(&digits) {
        Ok(number.to_owned())
    } else {
        Err(InputError::Phone(shown(number)))
    }
}

/// A web address with its scheme, `https://` where none was typed.
///
/// # Errors
/// It is neither http nor https, or its host is no name.
pub fn url(typed: &str) -> Result<String, InputError> {
    let refused = || InputError::Url(shown(typed.trim()));
    let clean = text::clean(typed);
    let (scheme, rest) = match clean.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".into(), clean.as_str()),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let name_fits = name.contains('.')
        && name.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let shape = !rest.contains(|c: char| c.is_whitespace() || "\"<>\\^`{}|".contains(c));
    let fits = name_fits && shape && is_digits(port) && clean.len() <= 2_000;
    match scheme.as_str() {
        "http" | "https" if fits => Ok(format!("{scheme}://{rest}")),
        _ => Err(refused()),
    }
}

/// A time of day as `14:30`, from `14h30`, `14 h`, `2:30 pm` or `9`.
///
/// # Errors
/// It is none, or past 23:59.
pub fn time(typed: &str) -> Result<String, InputError> {
    let refused = || InputError::Time(shown(typed.trim()));
    let folded = text::fold(typed).replace('.', "");
    let folded = folded.trim();
    let (clock, afternoon) = match (folded.strip_suffix("pm"), folded.strip_suffix("am")) {
        (Some(clock), _) => (clock, Some(true)),
        (_, Some(clock)) => (clock, Some(false)),
        (None, None) => (folded, None),
    };
    let (hour, minute) = clock.split_once([':', 'h']).unwrap_or((clock, ""));
    let number = |digits: &str, empty: u8| match digits.trim() {
        "" => Some(empty),
        digits if is_digits(digits) && digits.len() <= 2 => digits.parse::<u8>().ok(),
        _ => None,
    };
    let hour = number(hour, 99).ok_or_else(refused)?;
    let minute = number(minute.trim_end_matches("min"), 0).ok_or_else(refused)?;
    let hour = match afternoon {
        Some(pm) if (1..=12).contains(&hour) => hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return Err(refused()),
        None => hour,
    };
    if hour > 23 || minute > 59 {
        return Err(refused());
    }
    Ok(format!("{hour:02}:{minute:02}"))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_what_can_not_be() {
        for good in ["a.b+c@cave.bzh", "é@exämple.fr", "o'neill@x-y.co.uk"] {
            assert_eq!(email(&format!(" {good} ")), Ok(good.into()));
        }
        assert_eq!(email("Ann <a@b.fr>"), Ok("a@b.fr".into()));
        assert_eq!(email("mailto:a@b.fr"), Ok("a@b.fr".into()));
        for bad in [
            "eloise.delaunay@",
            "a@b",
            "a b@c.fr",
            "a@b@c.fr",
            "@b.fr",
            "a@b..fr",
            "a@1.2",
            "",
        ] {
            assert_eq!(email(bad), Err(InputError::Email(bad.into())), "{bad}");
        }
    }

    #[test]
    fn numbers_keep_their_zeros_and_damaged_ones_are_recognised() {
        for good in [
            "06 12 45 78 03",
            "+33 (0)2.97.41-20-06",
            "112",
            "02 97 41 20 06 poste 12",
        ] {
            assert_eq!(phone(good), Ok(good.into()));
        }
        for damaged in ["6,02E+08", "6.02e+08", "3,36E11"] {
            assert_eq!(
                phone(damaged),
                Err(InputError::DamagedPhone(damaged.into()))
            );
        }
        for bad in ["12", "0612 ABCD", "06+12345", "", "1234567890123456789012"] {
            assert!(matches!(phone(bad), Err(InputError::Phone(_))), "{bad}");
        }
    }

    #[test]
    fn web_addresses_are_http_only() {
        assert_eq!(url("legoff.fr/pain"), Ok("https://legoff.fr/pain".into()));
        assert_eq!(url("HTTP://legoff.fr"), Ok("http://legoff.fr".into()));
        for bad in [
            "javascript:alert(1)",
            "ftp://a.fr",
            "legoff",
            "a b.fr",
            "https://",
            "a.fr\"x",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_read_as_they_are_written() {
        let check = |typed, read: &str| assert_eq!(time(typed), Ok(read.into()), "{typed}");
        check("14:30", "14:30");
        check("14h30", "14:30");
        check("9 h", "09:00");
        check("2:30 p.m.", "14:30");
        check("12am", "00:00");
        check("9", "09:00");
        for bad in ["24:00", "9:60", "", "x", "13pm", "1430"] {
            assert!(time(bad).is_err(), "{bad}");
        }
    }

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
