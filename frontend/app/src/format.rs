//! Dates, times, numbers, amounts and telephone numbers in the page's language, by the browser's `Intl`.

use crate::browser::{self, today, utc_offset_minutes};
use crate::i18n::intl::{Choice, make, number, run};
use crate::i18n::{Lang, Words};
use js_sys::{Date as JsDate, Function, Reflect};
use shared::crm::input::{self, Habit, InputError, Yearless};
use shared::money::{Currency, Money};
use shared::time::{Date, Timestamp};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::prelude::*;
use yew::AttrValue;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;

thread_local! {
    static HALVES: RefCell<HashMap<(Lang, Currency), String>> = RefCell::new(HashMap::new());
}

impl Words {
    /// `8 400`.
    pub fn number(&self, value: usize) -> AttrValue {
        AttrValue::from(number(self.lang(), value as f64))
    }

    /// `75 %`.
    pub fn percent(&self, percent: u8) -> AttrValue {
        let options = [("style", "percent")];
        let value = f64::from(percent) / 100.0;
        let shown = run("NumberFormat", self.lang(), &options, &[value.into()]);
        AttrValue::from(shown.unwrap_or_else(|| format!("{percent} %")))
    }

    /// `18 Mo`: megabytes, the smallest that anybody asks about.
    pub fn bytes(&self, bytes: f64) -> AttrValue {
        let options = [
            ("style", "unit"),
            ("unit", "megabyte"),
            ("maximumFractionDigits", "0"),
        ];
        let shown = run(
            "NumberFormat",
            self.lang(),
            &options,
            &[(bytes / 1e6).ceil().into()],
        );
        AttrValue::from(shown.unwrap_or_default())
    }

    /// `Euro (EUR)`.
    pub fn currency(&self, currency: Currency) -> AttrValue {
        let options = [("type", "currency")];
        let code = currency.code();
        let name = self.name_of(&options, code).unwrap_or_default();
        let mut letters = name.chars();
        let first: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        AttrValue::from(format!("{first}{} ({code})", letters.as_str()))
    }

    fn name_of(&self, options: &[Choice<'_>], code: &str) -> Option<String> {
        let names = make("DisplayNames", self.lang(), options)?;
        let of: Function = Reflect::get(&names, &"of".into()).ok()?.dyn_into().ok()?;
        of.call1(&names, &code.into()).ok()?.as_string()
    }

    /// `8 400 €`; cents only where there are some.
    pub fn money(&self, money: Money) -> AttrValue {
        let decimals = money.currency.decimals();
        let value = money.minor as f64 / 10f64.powi(decimals as i32);
        let shown = self.amount(money.currency, value, &decimals.to_string());
        AttrValue::from(shown.unwrap_or_else(|| format!("{value} {}", money.currency.code())))
    }

    /// A half of a currency's unit as it is shown here: `0,5 $US`.
    pub fn half(&self, currency: Currency) -> Option<String> {
        let known = HALVES.with_borrow(|halves| halves.get(&(self.lang(), currency)).cloned());
        known.or_else(|| {
            let half = self.amount(currency, 0.5, "1")?;
            HALVES.with_borrow_mut(|halves| halves.insert((self.lang(), currency), half.clone()));
            Some(half)
        })
    }

    fn amount(&self, currency: Currency, value: f64, decimals: &str) -> Option<String> {
        let options = [
            ("style", "currency"),
            ("currency", currency.code()),
            // Browsers know other decimals for some currencies, and would round.
            ("minimumFractionDigits", decimals),
            ("maximumFractionDigits", decimals),
            ("trailingZeroDisplay", "stripIfInteger"),
        ];
        run("NumberFormat", self.lang(), &options, &[value.into()])
    }

    /// `21 novembre 2026`, or `15 juin` where the year is not known.
    pub fn date(&self, date: Date) -> AttrValue {
        let mut options = vec![("day", "numeric"), ("month", "long")];
        if date.year > 0 {
            options.push(("year", "numeric"));
        }
        self.civil(date, options)
    }

    /// As short as it can be said today: `hier`, `jeu. 26`, `12 nov.`, `3 mars 2025`.
    pub fn day(&self, date: Date) -> AttrValue {
        let today = today();
        match date.to_days() - today.to_days() {
            -1 => return self.t("yesterday"),
            0 => return self.t("today"),
            1 => return self.t("tomorrow"),
            2..=6 => {
                return self.civil(date, vec![("weekday", "short"), ("day", "numeric")]);
            }
            _ => {}
        }
        let mut options = vec![("day", "numeric"), ("month", "short")];
        if date.year != today.year {
            options.push(("year", "numeric"));
        }
        self.civil(date, options)
    }

    /// The day as it is typed: `30/11/2026`, or `15 juin` where the year is not known; in any case so
    /// that it is read as that day.
    pub fn date_to_type(&self, date: Date) -> AttrValue {
        let shown = match date.year {
            0 => self.date(date),
            _ => self.civil(
                date,
                vec![
                    ("day", "2-digit"),
                    ("month", "2-digit"),
                    ("year", "numeric"),
                ],
            ),
        };
        let read = input::date(&shown, self.habit(), date, Yearless::Birthday);
        if read == Ok(date) {
            shown
        } else {
            AttrValue::from(date.to_string())
        }
    }

    /// A day to come as short as it can be typed: `10/12`.
    pub fn day_to_type(&self, date: Date) -> AttrValue {
        let shown = self.civil(date, vec![("day", "2-digit"), ("month", "2-digit")]);
        match input::date(&shown, self.habit(), today(), Yearless::Coming) == Ok(date) {
            true => shown,
            false => self.date_to_type(date),
        }
    }

    /// The amount as it is typed: as it is shown, where it is read as that amount.
    pub fn money_to_type(&self, money: Money) -> AttrValue {
        let shown = self.money(money);
        if self.read_money(&shown, money.currency) == Ok(money) {
            return shown;
        }
        let decimals = money.currency.decimals() as usize;
        let digits = format!("{:0>1$}", money.minor.unsigned_abs(), decimals + 1);
        let (whole, cents) = digits.split_at(digits.len() - decimals);
        let sign = if money.minor < 0 { "-" } else { "" };
        let decimal = if decimals > 0 { "." } else { "" };
        AttrValue::from(format!(
            "{sign}{whole}{decimal}{cents} {}",
            money.currency.code()
        ))
    }

    /// Reads an amount as it is written here; `held` is the currency where none is typed.
    ///
    /// # Errors
    /// As [`input::money`].
    pub fn read_money(&self, typed: &str, held: Currency) -> Result<Money, InputError> {
        input::money(typed, held, self.habit(), &|currency| self.half(currency))
    }

    /// The month's name: `novembre`.
    pub fn month_of(&self, date: Date) -> AttrValue {
        self.civil(date, vec![("month", "long")])
    }

    /// How this person writes dates and amounts, learned from how the browser shows them here.
    pub fn habit(&self) -> Habit {
        let shown = |year, month, options| {
            self.civil(
                Date {
                    year,
                    month,
                    day: 30,
                },
                options,
            )
        };
        let (day, month) = (("day", "2-digit"), ("month", "2-digit"));
        let french = self.lang() == Lang::Fr;
        Habit::learned(
            french,
            &shown(2026, 12, vec![day, month, ("year", "numeric")]),
            &shown(2026, 12, vec![day, month]),
            &shown(2026, 6, vec![("day", "numeric"), ("month", "short")]),
            &number(self.lang(), 0.5),
        )
    }

    fn civil(&self, date: Date, mut options: Vec<Choice<'_>>) -> AttrValue {
        options.push(("timeZone", "UTC"));
        // The year 2000 has a 29 February, for a birthday without its year.
        let known = Date {
            year: if date.year == 0 { 2000 } else { date.year },
            ..date
        };
        let ms = f64::from(known.to_days()) * 86_400_000.0;
        let shown = run("DateTimeFormat", self.lang(), &options, &[ms.into()])
            .unwrap_or_else(|| date.to_string());
        let shown = match (self.lang(), shown.strip_prefix("1 ")) {
            (Lang::Fr, Some(rest)) => format!("1ᵉʳ {rest}"),
            (Lang::Fr, None) | (Lang::En, _) => shown,
        };
        AttrValue::from(shown)
    }

    /// `11:53`.
    pub fn time(&self, at: Timestamp) -> AttrValue {
        let options = [("hour", "numeric"), ("minute", "2-digit")];
        self.instant(at, &options)
    }

    /// Day and time in full: `21 nov. 2026, 11:53`.
    pub fn exact(&self, at: Timestamp) -> AttrValue {
        let options = [("dateStyle", "medium"), ("timeStyle", "short")];
        match at.known() {
            Some(at) => self.instant(at, &options),
            None => self.t("time-unknown"),
        }
    }

    fn instant(&self, at: Timestamp, options: &[Choice<'_>]) -> AttrValue {
        let date = JsDate::new(&(at.0 as f64).into());
        let shown = run("DateTimeFormat", self.lang(), options, &[date.into()]);
        AttrValue::from(shown.unwrap_or_default())
    }

    /// `à 10:02` for today, else `le 12 nov.`
    pub fn at(&self, at: Timestamp) -> AttrValue {
        if at.known().is_none() {
            return self.t("time-unknown");
        }
        let day = at.day(utc_offset_minutes());
        if day == today() {
            self.with("at-time", &[("time", self.time(at).to_string().into())])
        } else {
            self.with("on-day", &[("day", self.day(day).to_string().into())])
        }
    }

    /// How long ago, in a corner: `3 j`, `4 sem.`
    pub fn age(&self, at: Timestamp) -> AttrValue {
        match span(at) {
            Span::Unknown => AttrValue::from("–"),
            Span::Now => self.t("just-now"),
            Span::Ago(amount, unit) => {
                let options = [("style", "unit"), ("unit", unit), ("unitDisplay", "short")];
                let shown = run("NumberFormat", self.lang(), &options, &[amount.into()]);
                AttrValue::from(shown.unwrap_or_default())
            }
        }
    }

    /// How long ago, in a sentence: `il y a 2 heures`, `hier`.
    pub fn ago(&self, at: Timestamp) -> AttrValue {
        match span(at) {
            Span::Unknown => self.t("time-unknown"),
            Span::Now => self.t("just-now"),
            Span::Ago(amount, unit) => {
                let args = [(-amount).into(), unit.into()];
                let options = [("numeric", "auto")];
                let shown = run("RelativeTimeFormat", self.lang(), &options, &args);
                AttrValue::from(shown.unwrap_or_default())
            }
        }
    }

    /// A telephone number in groups, where its country is known; else as it was written.
    pub fn phone(&self, number: &str) -> AttrValue {
        AttrValue::from(grouped_phone(number))
    }
}

/// How long ago something was.
enum Span {
    /// The clock that says it was never set.
    Unknown,
    /// Less than a minute ago.
    Now,
    /// So many of a unit ago.
    Ago(f64, &'static str),
}

fn span(at: Timestamp) -> Span {
    let Some(at) = at.known() else {
        return Span::Unknown;
    };
    let seconds = (browser::now().0 - at.0).max(0) / 1000;
    let (unit_s, unit) = match seconds {
        s if s < MINUTE_S => return Span::Now,
        s if s < HOUR_S => (MINUTE_S, "minute"),
        s if s < DAY_S => (HOUR_S, "hour"),
        s if s < 21 * DAY_S => (DAY_S, "day"),
        s if s < 60 * DAY_S => (7 * DAY_S, "week"),
        s if s < 730 * DAY_S => (30 * DAY_S, "month"),
        _ => (365 * DAY_S, "year"),
    };
    Span::Ago((seconds / unit_s) as f64, unit)
}

/// French numbers in pairs: `06 12 45 78 03`, `+33 6 12 45 78 03`.
fn grouped_phone(number: &str) -> String {
    let plain = |c: char| c.is_ascii_digit() || " .-()+\u{a0}\u{202f}/".contains(c);
    if !number.chars().all(plain) {
        return number.to_owned();
    }
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let international = number.trim_start().starts_with('+');
    let (head, pairs) = match (international, digits.len()) {
        (false, 10) if digits.starts_with('0') => (String::new(), digits.as_str()),
        (true, 11) if digits.starts_with("33") => (format!("+33 {}", &digits[2..3]), &digits[3..]),
        _ => return number.trim().to_owned(),
    };
    pairs.as_bytes().chunks(2).fold(head, |mut grouped, pair| {
        if !grouped.is_empty() {
            grouped.push(' ');
        }
        grouped.extend(pair.iter().map(|digit| *digit as char));
        grouped
    })
}

#[cfg(test)]
mod tests {
    use super::grouped_phone;

    #[test]
    fn french_numbers_stand_in_pairs_and_others_as_written() {
        for (written, shown) in [
            ("0612457803", "06 12 45 78 03"),
            ("06.12.45.78.03", "06 12 45 78 03"),
            ("+33612457803", "+33 6 12 45 78 03"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("06 12 45 78 03 poste 4", "06 12 45 78 03 poste 4"),
            ("112", "112"),
        ] {
            assert_eq!(grouped_phone(written), shown, "{written}");
        }
    }
}
