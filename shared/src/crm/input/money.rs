//! Amounts as people write them: `12 950,00 €`, `$12,950.00`, `12950 eur`, `12,5 k€`.

use super::{InputError, Language, shown};
use crate::money::{Currency, Money};
use crate::time::Date;

/// The ISO 4217 codes in use that a person may type.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL \
BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD \
GBP GEL GHS GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF \
KRW KWD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD \
NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD \
SOS SRD SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VND VUV WST XAF XCD XOF \
XPF YER ZAR ZMW";

/// Reads an amount; `currency` is taken where none is typed.
///
/// # Errors
/// It is no number, has more decimals than its currency, or is beyond [`Money::LIMIT`].
pub fn money(typed: &str, currency: Currency, language: Language) -> Result<Money, InputError> {
    let refused = || InputError::Amount(shown(typed.trim()));
    let mut number = String::new();
    let mut unit = String::new();
    for c in typed.trim().chars() {
        match c {
            '0'..='9' | '.' | ',' => number.push(c),
            '-' | '\u{2212}' if number.is_empty() => number.push('-'),
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '\u{2019}' => number.push(' '),
            // Only a currency's sign may stand on both sides of nothing.
            _ => unit.push(c),
        }
    }
    let (unit, thousands) = match unit.strip_prefix(['k', 'K']) {
        Some(rest) if rest.is_empty() || !rest.starts_with(|c: char| c.is_alphabetic()) => {
            (rest, true)
        }
        _ => (unit.as_str(), false),
    };
    let currency = unit_currency(unit, currency)?;
    let number = number.trim();
    let (negative, number) = match number.strip_prefix('-') {
        Some(rest) => (true, rest.trim_start()),
        None => (false, number),
    };
    // A full stop may end an abbreviated unit (`fr.`).
    let number = number.strip_suffix(" .").unwrap_or(number);
    let (whole, decimals) = split(number, currency, language).ok_or_else(refused)?;
    let places = currency.decimals() as usize + if thousands { 3 } else { 0 };
    let decimals = match decimals.get(places..) {
        Some(beyond) if beyond.bytes().all(|b| b == b'0') => &decimals[..places],
        Some(_) => return Err(InputError::Decimals(currency)),
        None => &decimals,
    };
    let minor: i128 = format!("{whole}{decimals:0<places$}")
        .parse()
        .map_err(|_| match whole.len() > 30 {
            true => InputError::Range(shown(typed.trim())),
            false => refused(),
        })?;
    if minor > i128::from(Money::LIMIT) {
        return Err(InputError::Range(shown(typed.trim())));
    }
    let minor = minor as i64 * if negative { -1 } else { 1 };
    Ok(Money { minor, currency })
}

fn unit_currency(unit: &str, default: Currency) -> Result<Currency, InputError> {
    let unit = unit.trim().trim_end_matches('.').to_uppercase();
    let dollars = matches!(
        default.code(),
        "USD" | "CAD" | "AUD" | "NZD" | "HKD" | "SGD"
    );
    let code = match unit.as_str() {
        "" => return Ok(default),
        "$" if dollars => return Ok(default),
        "€" | "EURO" | "EUROS" => "EUR",
        "$" | "US$" => "USD",
        "£" => "GBP",
        "¥" => "JPY",
        "FR" | "SFR" => "CHF",
        "CA$" | "$CA" => "CAD",
        "DH" | "DHS" => "MAD",
        "FCFA" | "CFA" => "XOF",
        code if code.len() == 3 && CODES.split(' ').any(|known| known == code) => code,
        _ => return Err(InputError::Currency(shown(&unit))),
    };
    code.parse().map_err(|_| InputError::Currency(shown(&unit)))
}

/// The digits before and after the decimal sign. What could be either is a decimal sign where the
/// language writes it so, and parts thousands else.
fn split(number: &str, currency: Currency, language: Language) -> Option<(String, String)> {
    let own = if language.is_french() { ',' } else { '.' };
    let last = number.rfind([',', '.']);
    let decimal = last.filter(|at| {
        let sign = number[*at..].chars().next().unwrap_or(own);
        let once = number.matches(sign).count() == 1;
        let digits = number.len() - at - 1;
        let other = number.contains(if sign == ',' { '.' } else { ',' });
        once && (digits != 3 || other || sign == own || currency.decimals() == 3)
    });
    let (whole, decimals) = match decimal {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number, ""),
    };
    if !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole.split([' ', '.', ',']).collect();
    let (first, rest) = groups.split_first()?;
    let grouped =
        rest.iter().all(|group| group.len() == 3) && (rest.is_empty() || first.len() <= 3);
    let empty = first.is_empty() && (decimals.is_empty() || !rest.is_empty());
    let one_sign = whole.chars().filter(|c| !c.is_ascii_digit());
    let same = one_sign.clone().zip(one_sign.skip(1)).all(|(a, b)| a == b);
    (grouped && same && !empty).then(|| (groups.concat(), decimals.to_owned()))
}

/// The day a spreadsheet means by a number of days, `45631` for 2024-12-05.
pub fn serial_date(days: u32) -> Option<Date> {
    // Day 25,569 is 1970-01-01 (ECMA-376, 18.17.4.1); what is before 1927 or after 2119 is another number.
    (10_000..80_000)
        .contains(&days)
        .then(|| Date::from_days(days as i32 - 25_569))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{American, French};

    fn check(typed: &str, language: Language, stored: &str) {
        let read = money(typed, Currency::EUR, language);
        assert_eq!(
            read.map(|money| money.to_string()),
            Ok(stored.into()),
            "{typed}"
        );
    }

    #[test]
    fn amounts_are_read_in_both_languages() {
        for typed in [
            "12 950,00 €",
            "12\u{202f}950",
            "12950 eur",
            "12.950,00",
            "€12 950",
            "12,95 k€",
            "12.950",
        ] {
            check(typed, French, "EUR 1295000");
        }
        for typed in [
            "12,950.00",
            "€12,950",
            "12950",
            "12.95k",
            "12 950.00",
            "EUR 12,950.0",
        ] {
            check(typed, American, "EUR 1295000");
        }
        check("1 234.5", French, "EUR 123450");
        check("1 234.5", American, "EUR 123450");
        check("0,5", French, "EUR 50");
        check(",5", French, "EUR 50");
        check("-12", French, "EUR -1200");
        check("1.234.567", French, "EUR 123456700");
        check("1'234.50 CHF", French, "CHF 123450");
        check("£9", American, "GBP 900");
        check("100 fr.", French, "CHF 10000");
        check("1500 ¥", French, "JPY 1500");
        check("1,500", American, "EUR 150000");
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        let read = |typed: &str| money(typed, Currency::EUR, French);
        for bad in [
            "",
            "abc",
            "1e308",
            "NaN",
            "1,2,3",
            "12 95",
            "€",
            "1..2",
            "--5",
            "5-5",
            "1.234,567.8",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(read("1,234"), Err(InputError::Decimals(Currency::EUR)));
        assert_eq!(read("12 zzz"), Err(InputError::Currency("ZZZ".into())));
        assert!(matches!(
            read("99999999999999999"),
            Err(InputError::Range(_))
        ));
        assert!(matches!(read(&"9".repeat(60)), Err(InputError::Range(_))));
        assert!(read("90071992547409,91").is_ok());
        assert!(matches!(
            read("90071992547409,92"),
            Err(InputError::Range(_))
        ));
    }

    #[test]
    fn a_serial_number_of_a_spreadsheet_is_a_day() {
        assert_eq!(
            serial_date(45_631).map(|day| day.to_string()),
            Some("2024-12-05".into())
        );
        assert_eq!(serial_date(7), None);
    }
}
