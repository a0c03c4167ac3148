//! What the app shows it reads back, in every region that browsers know for French and English:
//! shown, typed, stored, shown. `tests/samples/intl.tsv` holds what they show; `intl.mjs` beside it
//! says how, and makes it anew.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use shared::crm::input::{self, Habit, InputError, Yearless};
use shared::money::{Currency, Money};
use shared::time::Date;
use std::collections::BTreeMap;

const SHOWN: &str = include_str!("../../tests/samples/intl.tsv");

/// The lines of a kind: the regions, and what they show.
fn lines(kind: &str) -> impl Iterator<Item = (Vec<&'static str>, Vec<&'static str>)> {
    SHOWN.lines().filter_map(move |line| {
        let mut parts = line.split('\t');
        let is_one = parts.next() == Some(kind);
        is_one.then(|| (parts.next().unwrap().split(' ').collect(), parts.collect()))
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn every_region_is_there() {
    for kind in ["days", "money"] {
        let regions: usize = lines(kind).map(|(regions, _)| regions.len()).sum();
        assert_eq!(regions, 2 * (26 * 26 + 1), "{kind}");
    }
    for (region, example) in [
        ("en-PH", "12/30/2026"),
        ("fr-CA", "2026-12-30"),
        ("en-CA", "2026-12-30"),
        ("en-GB", "30/12/2026"),
    ] {
        let line = lines("days").find(|(regions, _)| regions.contains(&region));
        assert_eq!(line.unwrap().1[0], example, "{region}");
    }
}

#[test]
fn days_are_read_back_wherever_they_are_shown() {
    for (regions, shown) in lines("days") {
        let region = regions[0];
        let habit = Habit::learned(
            region.starts_with("fr"),
            shown[0],
            shown[1],
            shown[2 + 5 * 5 + 3],
            "",
        );
        let read = |typed: &str, today: &str, yearless| {
            let read = input::date(typed, habit, day(today), yearless);
            read.unwrap_or_else(|error| panic!("{region}: {typed}: {error}"))
        };
        let (days, rest) = shown[2..].split_at(5 * 12);
        for (month, shapes) in (1..).zip(days.chunks(5)) {
            let stored = Date::new(2026, month, 13 - month).unwrap();
            let birthday = Date { year: 0, ..stored };
            for typed in [shapes[0], shapes[2], shapes[4]] {
                // Nobody is born in a year to come.
                for (today, yearless) in [
                    ("2024-02-29", Yearless::Coming),
                    ("2028-02-29", Yearless::Birthday),
                ] {
                    assert_eq!(read(typed, today, yearless), stored, "{region}: {typed}");
                }
            }
            for typed in [shapes[1], shapes[3]] {
                let today = format!("2026-{month:02}-01");
                assert_eq!(
                    read(typed, &today, Yearless::Coming),
                    stored,
                    "{region}: {typed}"
                );
                assert_eq!(
                    read(typed, &today, Yearless::Birthday),
                    birthday,
                    "{region}: {typed}"
                );
            }
        }
        // A weekday stands for the days from the day after tomorrow to that in six days.
        for (of, typed) in (1..).zip(&rest[..7]) {
            let stored = Date::new(2026, 12, of).unwrap();
            for ahead in 2..=6 {
                let today = stored.plus_days(-ahead).to_string();
                assert_eq!(
                    read(typed, &today, Yearless::Coming),
                    stored,
                    "{region}: {typed}"
                );
            }
        }
        for (stored, typed) in ["00:05", "09:05", "12:00", "14:30", "23:59"]
            .iter()
            .zip(&rest[7..])
        {
            assert_eq!(
                input::time(typed).as_deref(),
                Ok(*stored),
                "{region}: {typed}"
            );
        }
    }
}

#[test]
fn amounts_are_read_back_wherever_they_are_shown() {
    let mut known: Vec<BTreeMap<&str, &str>> = Vec::new();
    for (regions, shown) in lines("money") {
        let region = regions[0];
        let (amounts, units) = shown.split_at(2 * 14);
        let mut halves = match units[0].parse::<usize>() {
            Ok(like) => known[like].clone(),
            Err(_) => BTreeMap::new(),
        };
        halves.extend(units[1..].chunks(2).map(|pair| (pair[0], pair[1])));
        let habit = Habit::from(input::Language::from_tag(region));
        let half = |currency: Currency| halves.get(currency.code()).map(|half| (*half).to_owned());
        let read = |typed: &str, held: Currency| {
            let read = input::money(typed, held, habit, &half);
            read.unwrap_or_else(|error| panic!("{region}: {typed}: {error}"))
        };
        for pair in amounts.chunks(2) {
            let stored: Money = pair[0].parse().unwrap();
            assert_eq!(
                read(pair[1], stored.currency),
                stored,
                "{region}: {}",
                pair[1]
            );
            assert_eq!(
                read(pair[1], Currency::EUR),
                stored,
                "{region}: {}",
                pair[1]
            );
        }
        for (code, typed) in &halves {
            let currency: Currency = code.parse().unwrap();
            let decimals = currency.decimals();
            if decimals == 0 {
                let error = input::money(typed, currency, habit, &half);
                assert_eq!(
                    error,
                    Err(InputError::Decimals(currency)),
                    "{region}: {typed}"
                );
                continue;
            }
            let minor = 5 * 10i64.pow(decimals - 1);
            let stored = Money { minor, currency };
            assert_eq!(read(typed, currency), stored, "{region}: {typed}");
            // A currency that is not offered is read where it is held already.
            if input::money(&format!("5 {code}"), Currency::EUR, habit, &|_| None).is_ok() {
                assert_eq!(read(typed, Currency::EUR), stored, "{region}: {typed}");
            }
        }
        known.push(halves);
    }
}
