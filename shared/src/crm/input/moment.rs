//! A day with or without its time, in one text: `demain 9h30`, `lundi à 14 h`, `2:30 pm Friday`.

use super::{Habit, InputError, Yearless, date, in_plain, time};
use crate::crm::text;
use crate::time::Date;

/// Reads a day that is to come, and the time of day (as `14:30`) where one is written with it.
///
/// # Errors
/// As [`date()`].
pub fn moment(
    typed: &str,
    habit: impl Into<Habit>,
    today: Date,
) -> Result<(Date, Option<String>), InputError> {
    let (typed, habit) = (in_plain(&text::clean(typed)), habit.into());
    let day_of = |text: &str| {
        let text = text.trim_end_matches(',');
        let day = text.strip_suffix(" à").or_else(|| text.strip_suffix(" at"));
        date(day.unwrap_or(text), habit, today, Yearless::Coming)
    };
    for (at, _) in typed.match_indices(' ') {
        let (first, second) = (&typed[..at], &typed[at + 1..]);
        for (day, hour) in [(first, second), (second, first)] {
            if names_hour(hour)
                && let (Ok(day), Ok(hour)) = (day_of(day), time(hour))
            {
                return Ok((day, Some(hour)));
            }
        }
    }
    day_of(&typed).map(|day| (day, None))
}

/// Whether it can only be a time: a bare number may be a day.
fn names_hour(text: &str) -> bool {
    let folded = text::fold(text);
    let has_digit = folded.contains(|c: char| c.is_ascii_digit());
    let signs = [":", "h", "am", "pm", "a.m", "p.m"];
    let named = ["midi", "noon", "minuit", "midnight"];
    (has_digit && signs.iter().any(|sign| folded.contains(sign)))
        || named.contains(&folded.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::input::Language::{self, English, French};

    fn read(typed: &str, language: Language) -> String {
        let today = Date::new(2026, 11, 21).unwrap();
        match moment(typed, language, today) {
            Ok((day, None)) => day.to_string(),
            Ok((day, Some(time))) => format!("{day} {time}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_day_may_stand_with_its_time() {
        for (typed, language, stored) in [
            ("demain 9h30", French, "2026-11-22 09:30"),
            ("demain à 9h30", French, "2026-11-22 09:30"),
            ("demain à midi", French, "2026-11-22 12:00"),
            ("9h30 demain", French, "2026-11-22 09:30"),
            ("à 14 h lundi", French, "2026-11-23 14:00"),
            ("vendredi prochain 14 h 30", French, "2026-11-27 14:30"),
            ("vendredi prochain", French, "2026-11-27"),
            ("12 décembre, 8h", French, "2026-12-12 08:00"),
            ("30/11 14:30", French, "2026-11-30 14:30"),
            ("tomorrow at 2:30 pm", English, "2026-11-22 14:30"),
            ("next Friday 2pm", English, "2026-11-27 14:00"),
            ("demain", French, "2026-11-22"),
            ("٣٠/١١ ١٤:٣٠", French, "2026-11-30 14:30"),
            ("12 mars 2027", French, "2027-03-12"),
            ("ven. 4", French, "2026-12-04"),
            ("dans 2 semaines", French, "2026-12-05"),
            ("demain 25h", French, "not a date: \"demain 25h\""),
            ("9h30", French, "not a date: \"9h30\""),
        ] {
            assert_eq!(read(typed, language), stored, "{typed}");
        }
    }
}
