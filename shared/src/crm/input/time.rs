//! Times of day as people and browsers write them: `14:30`, `14.30`, `14 h 30`, `2:30 p.m.`, `9`.

use super::{InputError, is_digits, shown};
use crate::crm::text;

/// A time of day as `14:30`.
///
/// # Errors
/// It is none, or past 23:59.
pub fn time(typed: &str) -> Result<String, InputError> {
    let folded = text::fold(&text::clean(typed));
    let folded = folded.replace("p.m", "pm").replace("a.m", "am");
    read(&folded).ok_or_else(|| InputError::Time(shown(typed.trim())))
}

fn read(folded: &str) -> Option<String> {
    match folded {
        "midi" | "noon" => return Some("12:00".into()),
        "minuit" | "midnight" => return Some("00:00".into()),
        _ => {}
    }
    let mut numbers: Vec<&str> = Vec::new();
    let mut afternoon = None;
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let same = |c: char| {
            c.is_ascii_digit() == is_digit && c.is_alphanumeric() == first.is_alphanumeric()
        };
        let end = rest.find(|c| !same(c)).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        match part.trim() {
            digits if is_digit => numbers.push(digits),
            "pm" => afternoon = Some(true),
            "am" => afternoon = Some(false),
            "." if numbers.len() == 1
                && after
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(after.len())
                    == 1 =>
            {
                return None;
            }
            "" | ":" | "." | "h" | "heure" | "heures" | "hr" | "hrs" | "min" | "mn" | "a"
            | "at" => {}
            _ => return None,
        }
        rest = after;
    }
    let (hour, minute) = match numbers.as_slice() {
        [hour] if hour.len() <= 2 => (*hour, "0"),
        [both] if both.len() <= 4 => both.split_at(both.len() - 2),
        [hour, minute] | [hour, minute, _] => (*hour, *minute),
        _ => return None,
    };
    let number = |digits: &str| {
        digits
            .parse::<u8>()
            .ok()
            .filter(|_| digits.len() <= 2 && is_digits(digits))
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match afternoon {
        Some(pm) if (1..=12).contains(&hour) => hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
        None => hour,
    };
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        for (typed, read) in [
            ("14:30", "14:30"),
            ("14h30", "14:30"),
            ("14 h 30", "14:30"),
            ("14\u{202f}h\u{202f}30\u{a0}min", "14:30"),
            ("14.30", "14:30"),
            ("14:30:00", "14:30"),
            ("1430", "14:30"),
            ("930", "09:30"),
            ("9 h", "09:00"),
            ("à 14 heures 30", "14:30"),
            ("2.30pm", "14:30"),
            ("2:30 p.m.", "14:30"),
            ("2:30\u{202f}PM", "14:30"),
            ("12am", "00:00"),
            ("12 pm", "12:00"),
            ("9", "09:00"),
            ("Midi", "12:00"),
            ("١٤:٣٠", "14:30"),
            ("１４：３０", "14:30"),
        ] {
            assert_eq!(time(typed), Ok(read.into()), "{typed}");
        }
        for bad in [
            "24:00",
            "9:60",
            "",
            "x",
            "13pm",
            "9.5",
            "-9",
            "12345",
            "9/30",
            "h",
            ":",
            "9:30:10:5",
            "14:300",
        ] {
            assert_eq!(time(bad), Err(InputError::Time(bad.into())), "{bad}");
        }
    }
}
