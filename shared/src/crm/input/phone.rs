//! Telephone numbers as people write them: kept as written, and read for what they dial.
//!
//! A number is never a number: zeros lead, and its words (`poste 12`, `Fax:`) stay with it.

use super::{InputError, TEXT_LIMIT, in_plain, is_digits, shown};
use crate::crm::text;

/// The words before an extension.
const EXTENSION: [&str; 9] = [
    "poste",
    "p",
    "ext",
    "extn",
    "extension",
    "x",
    "int",
    "interne",
    "dw",
];

/// The words before a number that only say that it is one.
const TELEPHONE: [&str; 6] = ["tel", "telephone", "phone", "ph", "t", "callto"];

/// What always stands between two numbers.
const BETWEEN: [&str; 9] = [
    "\n", ";", "|", " / ", " ou ", " or ", " et ", " and ", " & ",
];

/// What stands between two numbers, or within one.
const MAYBE_BETWEEN: [&str; 7] = [",", "/", "&", " - ", " \u{2013} ", " +", " (+"];

/// The digits of a number that could not be a part of another one.
const WHOLE: usize = 7;

/// What a written number dials.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialled {
    /// The digits, after a `+` where the calling code is known; `*` and `#` in codes of services.
    pub number: String,
    /// The digits of the extension, or empty.
    pub extension: String,
    /// What is dialled when they answer, after a comma for each pause: `,4321`; or empty.
    pub then: String,
}

/// A telephone number, kept as written but for what is no part of it: `tel:`, and what guards it
/// in a spreadsheet (`'+33…`, `="06…"`).
///
/// # Errors
/// It dials nothing: no number, fewer than 2 or more than 15 digits, a day (`8.12.`), or what a
/// spreadsheet left of one (`6,02E+08`).
pub fn phone(typed: &str) -> Result<String, InputError> {
    let written = bare(typed);
    match dialled(&written) {
        Some(_) => Ok(written),
        None if is_damaged(&written) => Err(InputError::DamagedPhone(shown(&written))),
        None if is_day(&written) => Err(InputError::PhoneDate(shown(&written))),
        None => Err(InputError::Phone(shown(&written))),
    }
}

/// The telephone numbers of a text that may hold several: `02 97 41 20 06 / 06 12 45 78 03`. None
/// where nothing is written.
///
/// # Errors
/// As [`phone`], of the text as a whole where it is no list of numbers.
pub fn phones(typed: &str) -> Result<Vec<String>, InputError> {
    if typed.len() > 4 * TEXT_LIMIT {
        return Err(InputError::TooLong(TEXT_LIMIT));
    }
    let lines = in_plain(&text::clean_lines(&typed.replace(":::", "\n")));
    let is_one = |part: &&str| digits(part).len() > 2 && phone(part).is_ok();
    let mut found = Vec::new();
    for part in parted(&lines, &BETWEEN, |part| in_row(part).iter().all(is_one)) {
        for part in in_row(part) {
            found.push(match part == lines {
                true => phone(part)?,
                false => phone(part).map_err(|_| InputError::Phone(shown(&lines)))?,
            });
        }
    }
    found.dedup();
    Ok(found)
}

/// The address that dials a number (RFC 3966): `tel:+33297412006;ext=12`; `None` where what is
/// written dials nothing.
pub fn tel(written: &str) -> Option<String> {
    let Dialled {
        number,
        extension,
        then,
    } = dialled(written)?;
    let sign = if extension.is_empty() { "" } else { ";ext=" };
    let address = format!("tel:{number}{sign}{extension}{then}");
    Some(address.replace('#', "%23"))
}

/// Whether two written numbers reach the same: the calling code may be missing, the extension may not.
pub fn is_same_phone(one: &str, other: &str) -> bool {
    match (dialled(one), dialled(other)) {
        (Some(a), Some(b)) => {
            let abroad = a.number.starts_with('+') && b.number.starts_with('+');
            let same = match abroad {
                true => a.number == b.number,
                false => phone_key(one) == phone_key(other),
            };
            same && a.extension == b.extension && a.then == b.then
        }
        _ => one == other,
    }
}

/// The national digits of a number, whichever way it is written: `06 12 45 78 03`,
/// `+33 6 12 45 78 03`, `33612457803` and `0033 (0)6.12.45.78.03 poste 4` all give `612457803`. It
/// may also be the start of a number.
pub fn phone_key(written: &str) -> String {
    let is_plain = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit() || b" .-".contains(&b))
    };
    // Nearly all numbers, and all of a workspace are read before its lists open.
    let read = match written.strip_prefix('+').unwrap_or(written) {
        rest if is_plain(rest) && !rest.ends_with(".0") => {
            written[..written.len() - rest.len()].to_owned() + &digits(rest)
        }
        _ => read(&bare(written)).unwrap_or_default().number,
    };
    let national = match read.strip_prefix('+') {
        Some(number) => after_code(number),
        None if read.len() > 10 && !read.starts_with('0') => after_code(&read),
        None => read.strip_prefix("00").map_or(read.as_str(), after_code),
    };
    national.strip_prefix('0').unwrap_or(national).to_owned()
}

/// What may be the start of a number whose calling code is written without its `+`, as the national
/// digits: `3329741` may mean `29741`.
pub fn without_code(digits: &str) -> Option<&str> {
    let national = after_code(digits);
    (digits.len() >= 5 && !digits.starts_with('0') && !national.is_empty()).then_some(national)
}

/// Reads what a written number dials; `None` where it dials nothing.
pub fn dialled(written: &str) -> Option<Dialled> {
    let bare = bare(written);
    let dialled = read(&bare).filter(|_| written.len() <= TEXT_LIMIT)?;
    let digits = digits(&dialled.number).len();
    ((2..=15).contains(&digits) && !is_damaged(written) && !is_day(&bare)).then_some(dialled)
}

/// As [`dialled`], of any length.
fn read(written: &str) -> Option<Dialled> {
    let text = text::fold(written);
    let start = text.find(|c: char| c.is_ascii_digit() || "+([*#".contains(c))?;
    let (label, text) = text.split_at(start);
    let named = label.ends_with([':', '.', ' ']) && digits(text).len() >= WHOLE;
    if !(label.trim().is_empty() || label.trim().ends_with(':') || named) {
        return None;
    }
    if text.starts_with(['*', '#']) {
        let service = text
            .bytes()
            .all(|b| b.is_ascii_digit() || b"*#".contains(&b));
        return service.then(|| Dialled {
            number: text.to_owned(),
            ..Dialled::default()
        });
    }
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || " .-/()[]+".contains(c)))
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let rest = match rest.trim_end_matches([')', ']']) {
        // A note in brackets.
        note if number.ends_with(['(', '[']) && digits(note).is_empty() => "",
        rest => rest,
    };
    let mut dialled = Dialled {
        number: plain(number)?,
        ..Dialled::default()
    };
    let after = rest.trim_start_matches([',', ';', ' ']);
    let word_end = after
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(after.len());
    let (word, code) = after.split_at(word_end);
    let code = code.trim_start_matches([' ', '.', ':', '=', '-']);
    let pauses = rest.len() - after.len();
    match word {
        _ if rest.trim().is_empty() => {}
        "" if pauses == 0 => dialled.extension = code.strip_prefix('#')?.trim().to_owned(),
        "" | "w" => {
            let commas = rest.matches([',', ';']).count().max(1);
            dialled.then = ",".repeat(commas) + code.trim_end_matches('#');
        }
        _ if EXTENSION.contains(&word) => dialled.extension = code.trim_end().to_owned(),
        _ => return None,
    }
    let fits = |code: &str| code.is_empty() || is_digits(code);
    let whole =
        rest.trim().is_empty() || !(dialled.extension.is_empty() && dialled.then.is_empty());
    (whole && fits(&dialled.extension) && fits(dialled.then.trim_start_matches(',')))
        .then_some(dialled)
}

/// The digits that are dialled, after a `+` where they begin with a calling code.
fn plain(number: &str) -> Option<String> {
    let mut number = number.trim();
    // `02 97 41 20 06/07`: the first of two that end differently.
    if let Some((one, other)) = number.rsplit_once('/')
        && digits(one).len() > 8
        && digits(other).len() < 5
    {
        number = one;
    }
    let squeezed = number.replace([' ', '.', '-'], "").replace('[', "(");
    let squeezed = squeezed.replace(']', ")");
    let trunk = squeezed.find("(0)").map(|at| digits(&squeezed[..at]).len());
    let opened = squeezed.trim_start_matches('(');
    if opened.rfind('+').is_some_and(|at| at > 0) {
        return None;
    }
    let all = digits(&squeezed);
    let abroad = opened.starts_with('+') || trunk.is_some_and(|before| (1..=3).contains(&before));
    let french = all.len() == 11 && all == squeezed && all.starts_with("33") && &all[2..3] != "0";
    let with_code = match all.strip_prefix("00") {
        Some(rest) if !abroad && rest.len() > 6 => rest,
        _ if abroad || french => all.as_str(),
        _ => return Some(all),
    };
    let national = after_code(with_code);
    let code = &with_code[..with_code.len() - national.len()];
    // In a few countries a zero is part of the number, in most it is dialled within them only.
    let keeps_zero = matches!(code, "39" | "378" | "225" | "241" | "242");
    let national = match national.strip_prefix('0') {
        Some(rest) if !keeps_zero || trunk.is_some() => rest,
        _ => national,
    };
    Some(format!("+{code}{national}"))
}

/// The text of a number without what is no part of it.
fn bare(typed: &str) -> String {
    let clean = text::clean(typed);
    let mut out = String::with_capacity(clean.len());
    out.extend(clean.chars().map(|c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        _ => text::plain(c),
    }));
    let text = out.trim_matches(['=', '"', '\'', '\u{2018}', '\u{2019}', '`', ' ']);
    let start = text.find(|c: char| c.is_ascii_digit() || "+([".contains(c));
    let (label, rest) = text.split_at(start.unwrap_or(0));
    let label = text::words(label);
    let text = if TELEPHONE.contains(&label.as_str()) {
        rest
    } else {
        text
    };
    match text.strip_suffix(".0") {
        // A column of decimal numbers.
        Some(whole) if is_digits(whole) && whole.len() >= WHOLE => whole.to_owned(),
        _ => text.to_owned(),
    }
}

/// Whether a spreadsheet made a decimal number of it, so that digits are lost: `6,02E+08`.
fn is_damaged(written: &str) -> bool {
    let lower = written.trim().to_ascii_lowercase();
    let Some((mantissa, exponent)) = lower.split_once('e') else {
        return false;
    };
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    is_digits(whole.trim_start_matches('+')) && is_digits(fraction) && is_digits(exponent)
}

/// Whether it is written like a day, with its year in four digits or without it: `8.12.`, `8/12/2026`.
/// Six digits in twos may be a number (`25.12.34` in New Caledonia).
fn is_day(written: &str) -> bool {
    // What stands apart, as `8 12`, is a number.
    if written.contains(|c: char| c.is_whitespace() || "+(*#".contains(c)) {
        return false;
    }
    let parts = text::words(written);
    let parts = parts.split(' ').map(|part| part.parse().unwrap_or(0));
    let parts: Vec<u16> = parts.collect();
    let is_day = |a: u16, b: u16| (1..=31).contains(&a.max(b)) && (1..=12).contains(&a.min(b));
    let is_year = |year| (1900..=2100).contains(&year);
    match parts[..] {
        [a, b] => is_day(a, b),
        [year, a, b] | [a, b, year] if is_year(year) => is_day(a, b),
        _ => false,
    }
}

/// The parts of a text between these signs, where what stands before and behind fits.
fn parted<'a>(text: &'a str, signs: &[&str], fits: impl Fn(&str) -> bool) -> Vec<&'a str> {
    let sign_at = |at: usize| signs.iter().find(|sign| text[at..].starts_with(**sign));
    // A `+` belongs to what it begins.
    let length = |sign: &str| sign.trim_end_matches(['(', '+']).len();
    let mut parts = Vec::new();
    let (mut start, mut from) = (0, 0);
    for (at, _) in text.char_indices() {
        let Some(sign) = sign_at(at).filter(|_| at >= from) else {
            continue;
        };
        from = at + sign.len();
        let next = text[from..].char_indices();
        let end = next
            .map(|(more, _)| from + more)
            .find(|end| sign_at(*end).is_some())
            .unwrap_or(text.len());
        let behind = at + length(sign);
        if fits(&text[start..at]) && fits(&text[behind..end]) {
            parts.push(&text[start..at]);
            start = behind;
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The numbers of a text in which none is parted from the next beyond doubt.
fn in_row(text: &str) -> Vec<&str> {
    let is_whole = |part: &str| digits(part).len() >= WHOLE && phone(part).is_ok();
    let parts = parted(text, &MAYBE_BETWEEN, is_whole).into_iter();
    let parts = parts.flat_map(|part| {
        // Two lines of ten digits that were pasted into one.
        let all = digits(part);
        let two = all.len() == 20 && all.starts_with('0') && all[10..].starts_with('0');
        let mut places = part.char_indices().filter(|(_, c)| c.is_ascii_digit());
        let (one, other) = match places.nth(10) {
            Some((at, _)) if two => part.split_at(at),
            _ => (part, ""),
        };
        [one, other]
    });
    parts.filter(|part| !part.trim().is_empty()).collect()
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The digits after the calling code at the start of an international number (ITU-T E.164).
fn after_code(digits: &str) -> &str {
    let length = match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..] | [b'3', b'0'..=b'4' | b'6' | b'9', ..] => 2,
        [b'4', b'0' | b'1' | b'3'..=b'9', ..] | [b'5', b'1'..=b'8', ..] => 2,
        [b'6', b'0'..=b'6', ..] | [b'8', b'1' | b'2' | b'4' | b'6', ..] => 2,
        [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    };
    digits.get(length..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
