//! Amounts as people write them: `12 950,00 €`, `$12,950.00`, `12950 eur`, `12,5 k€`.

use super::{Habit, InputError, decimal_in, shown};
use crate::crm::text;
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

/// Reads an amount; `currency` is taken where none is typed. `half` says how the browser shows a half
/// of a currency's unit where this person lives: `$` is another dollar in Canada than in the United
/// States, and the sign before the decimals is not the same for all currencies of a place.
///
/// # Errors
/// It is no number, has more decimals than its currency, or is beyond [`Money::LIMIT`].
pub fn money(
    typed: &str,
    currency: Currency,
    habit: impl Into<Habit>,
    half: &dyn Fn(Currency) -> Option<String>,
) -> Result<Money, InputError> {
    let (typed, habit) = (text::clean(typed), habit.into());
    read(&typed, currency, habit, half)
}

fn read(
    typed: &str,
    held: Currency,
    habit: Habit,
    half: &dyn Fn(Currency) -> Option<String>,
) -> Result<Money, InputError> {
    let refused = || InputError::Amount(shown(typed));
    let is_digit = |c: char| c.is_ascii_digit();
    let first = typed.find(is_digit).ok_or_else(refused)?;
    let last = typed.rfind(is_digit).unwrap_or(first) + 1;
    // `,50` begins with its sign; the full stop of `Rs.50` belongs to the letters.
    let decimal = typed[..first].strip_suffix([',', '.']);
    let first = decimal
        .filter(|before| !before.ends_with(char::is_alphabetic))
        .map_or(first, str::len);
    let minus = ['-', '\u{2212}', '\u{2013}'];
    let before = typed[..first].trim();
    let positive = before
        .strip_prefix(minus)
        .or_else(|| before.strip_suffix(minus));
    let negative = positive.is_some();
    let before = positive.unwrap_or(before).trim();
    // `12.950,-` has no cents.
    let behind = typed[last..].trim_start();
    let behind = match behind.trim_start_matches(['.', ',']) {
        rest if rest.len() < behind.len() => rest.trim_start_matches(['-', '\u{2013}', '\u{2014}']),
        _ => behind,
    };
    let of = |unit: &str| {
        currency_of(unit, held, half).map_err(|error| match error {
            InputError::Amount(_) => refused(),
            error => error,
        })
    };
    let (before, many) = scaled(without_tax(before), habit, |rest| !rest.is_empty() && of(rest).is_ok());
    let (behind, more) = scaled(without_tax(behind), habit, |rest| of(rest).is_ok());
    let currency = match (before, behind) {
        (unit, "") | ("", unit) => of(unit)?,
        // `$12 CAD`
        ("$", unit) if unit.ends_with(['D', 'd']) => of(unit)?,
        (one, other) if of(one)? == of(other)? => of(one)?,
        _ => return Err(refused()),
    };
    let own = half(currency).map_or(habit.decimal, |half| decimal_in(&half));
    let (whole, decimals) = split(&typed[first..last], currency, own).ok_or_else(refused)?;
    let places = currency.decimals() as usize + many + more;
    if places < 3 && is_unsure(&whole, &decimals, &typed[first..last]) {
        return Err(InputError::Unsure {
            found: shown(typed),
            part: match &decimals[..places] {
                "" => whole.clone(),
                decimals => format!("{whole}{own}{decimals}"),
            },
            whole: whole + &decimals,
        });
    }
    let decimals = match decimals.get(places..) {
        Some(beyond) if beyond.bytes().all(|b| b == b'0') => &decimals[..places],
        Some(_) => return Err(InputError::Decimals(currency)),
        None => &decimals,
    };
    let minor: i128 = format!("{whole}{decimals:0<places$}")
        .parse()
        .map_err(|_| match whole.len() > 30 {
            true => InputError::Range(shown(typed)),
            false => refused(),
        })?;
    if minor > i128::from(Money::LIMIT) {
        return Err(InputError::Range(shown(typed)));
    }
    let minor = minor as i64 * if negative { -1 } else { 1 };
    Ok(Money { minor, currency })
}

/// Whether the one sign in a number may as well part thousands: `1,300` where people write `1,30`.
fn is_unsure(whole: &str, decimals: &str, number: &str) -> bool {
    let one_sign = number.bytes().filter(|b| !b.is_ascii_digit()).count() == 1;
    let begins = matches!(whole.len(), 1..=3) && !whole.starts_with('0');
    one_sign && begins && decimals.len() == 3 && decimals.ends_with('0')
}

/// The words for many, and how many zeros they stand for.
const MANY: [(&str, usize); 15] = [
    ("thousand", 3),
    ("mille", 3),
    ("millions", 6),
    ("million", 6),
    ("milliards", 9),
    ("milliard", 9),
    ("billion", 9),
    ("mio", 6),
    ("mln", 6),
    ("mrd", 9),
    ("md", 9),
    ("bn", 9),
    ("k", 3),
    ("M", 6),
    ("m", 6),
];

/// What stands beside a number without the word for many in it, and the zeros of that word.
fn scaled(unit: &str, habit: Habit, fits: impl Fn(&str) -> bool) -> (&str, usize) {
    if unit.chars().count() > 1 && fits(unit) {
        return (unit, 0);
    }
    for (word, zeros) in MANY {
        let Some((start, rest)) = unit.split_at_checked(word.len()) else {
            continue;
        };
        // Before a euro, `m` is a thousand to some French and a million to others.
        let same = match word {
            "m" => start == word && (!habit.french || unit == word),
            "M" => start == word,
            _ => start.eq_ignore_ascii_case(word),
        };
        let rest = rest.trim_start();
        let rest = ["d'", "d\u{2019}", "de "]
            .iter()
            .find_map(|of| rest.strip_prefix(of))
            .unwrap_or(rest);
        if same && fits(rest) {
            return (rest, zeros);
        }
    }
    (unit, 0)
}

/// What stands behind a number without the word that says whether taxes are in it.
fn without_tax(unit: &str) -> &str {
    let unit = unit.trim();
    let words = [
        "ht",
        "h.t.",
        "ttc",
        "t.t.c.",
        "hors taxes",
        "net",
        "ex vat",
        "excl. vat",
        "incl. vat",
        "+ vat",
    ];
    let rest = words.iter().find_map(|word| {
        let (rest, end) = unit.split_at_checked(unit.len().checked_sub(word.len())?)?;
        let whole = end.eq_ignore_ascii_case(word) && !rest.ends_with(char::is_alphanumeric);
        whole.then(|| rest.trim_end())
    });
    rest.unwrap_or(unit)
}

/// The currency of what stands beside a number.
fn currency_of(
    unit: &str,
    held: Currency,
    half: &dyn Fn(Currency) -> Option<String>,
) -> Result<Currency, InputError> {
    if unit.is_empty() {
        return Ok(held);
    }
    let sign_of = |currency| {
        half(currency)
            .map(|half| sign_in(&half))
            .unwrap_or_default()
    };
    let held_sign = sign_of(held);
    let is_dollar = matches!(held.code(), "USD" | "CAD" | "AUD" | "NZD" | "HKD" | "SGD");
    // What is edited stays what it is where the sign is one of its own.
    if unit == held_sign
        || (matches!(unit, "$" | "£" | "¥") && held_sign.contains(unit))
        || (unit == "$" && is_dollar)
    {
        return Ok(held);
    }
    let plain: String = unit
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '.')
        .flat_map(char::to_uppercase)
        .collect();
    let is_code = |code: &str| CODES.split(' ').any(|known| known == code);
    let code = match plain.as_str() {
        "€" | "EURO" | "EUROS" => "EUR",
        code if code.len() == 3 && is_code(code) => code,
        _ => match by_sign(unit, sign_of) {
            Some(currency) => return Ok(currency),
            None => match plain.as_str() {
                "$" | "DOLLAR" | "DOLLARS" => "USD",
                "£" => "GBP",
                "¥" => "JPY",
                "₹" => "INR",
                "FR" | "SFR" => "CHF",
                "DH" | "DHS" => "MAD",
                "FCFA" | "CFA" => "XOF",
                _ => {
                    return of_country(&plain).ok_or_else(|| match is_named(&plain) {
                        true => InputError::Currency(shown(&plain)),
                        false => InputError::Amount(String::new()),
                    });
                }
            },
        },
    };
    code.parse()
        .map_err(|_| InputError::Currency(shown(&plain)))
}

/// Whether it could name a currency: letters, or signs of currencies.
fn is_named(unit: &str) -> bool {
    let is_sign = |c: char| matches!(c, '$' | '£' | '¥' | '\u{20a0}'..='\u{20cf}');
    unit.chars().any(|c| c.is_alphabetic() || is_sign(c))
}

/// The currency that the browser writes so, the ones in most use first.
fn by_sign(unit: &str, sign_of: impl Fn(Currency) -> String) -> Option<Currency> {
    let all = CODES.split(' ').filter_map(|code| code.parse().ok());
    let mut all = Currency::OFFERED.into_iter().chain(all);
    all.find(|currency| sign_of(*currency) == unit)
}

/// `CA$`, `$US`, `£GB` and `JP¥`: a sign with its country.
fn of_country(plain: &str) -> Option<Currency> {
    let sign = plain.chars().find(|c| "$£¥".contains(*c))?;
    let country = plain.trim_matches(sign);
    let country = if country == "C" { "CA" } else { country };
    let last = match sign {
        '$' => 'D',
        '£' => 'P',
        _ => 'Y',
    };
    let code = format!("{country}{last}");
    let known = CODES.split(' ').any(|known| known == code);
    known.then(|| code.parse().ok()).flatten()
}

/// What stands beside the digits: `$US` of `0,5 $US`.
fn sign_in(shown: &str) -> String {
    let before = shown.split(|c: char| c.is_ascii_digit()).next();
    let behind = shown.rsplit(|c: char| c.is_ascii_digit()).next();
    let sides = [before, behind].map(|side| text::clean(side.unwrap_or_default()));
    sides.concat()
}

/// The digits before and after the decimal sign. What could be either is a decimal sign where it is
/// written so, and parts thousands else.
fn split(number: &str, currency: Currency, own: char) -> Option<(String, String)> {
    let number: String = number
        .chars()
        .map(|c| {
            if matches!(c, '\'' | '\u{2019}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let decimal = number.rfind([',', '.']).filter(|at| {
        let sign = number[*at..].chars().next().unwrap_or(own);
        let once = number.matches(sign).count() == 1;
        let digits = number.len() - at - 1;
        let other = number.contains(if sign == ',' { '.' } else { ',' });
        once && (digits != 3 || other || sign == own || currency.decimals() == 3)
    });
    let (whole, decimals) = match decimal {
        Some(at) => (&number[..at], &number[at + 1..]),
        None => (number.as_str(), ""),
    };
    let groups: Vec<&str> = whole.split([' ', '.', ',']).collect();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !digits(decimals) || !groups.iter().all(|group| digits(group)) {
        return None;
    }
    let (last, rest) = groups.split_last()?;
    let (first, middle) = rest.split_first().unwrap_or((last, &[]));
    // Threes, or twos before the last three: `12,34,567`.
    let size = middle.first().map_or(3, |group| group.len());
    let grouped = middle.iter().all(|group| group.len() == size) && matches!(size, 2 | 3);
    let alone = rest.is_empty();
    let empty = first.is_empty() && (decimals.is_empty() || !alone);
    let signs: Vec<char> = whole.chars().filter(|c| !c.is_ascii_digit()).collect();
    let same = signs.windows(2).all(|pair| pair[0] == pair[1]);
    let fits = alone || (grouped && last.len() == 3 && first.len() <= size);
    (fits && same && !empty).then(|| (groups.concat(), decimals.to_owned()))
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
    use crate::crm::input::Language::{self, American, English, French};

    fn unknown(_: Currency) -> Option<String> {
        None
    }

    fn check(typed: &str, language: Language, stored: &str) {
        let read = money(typed, Currency::EUR, language, &unknown);
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
    fn amounts_are_read_as_people_type_them() {
        for (typed, stored) in [
            ("12k EUR", "EUR 1200000"),
            ("€12k", "EUR 1200000"),
            ("12 K€", "EUR 1200000"),
            ("12 kEUR", "EUR 1200000"),
            ("k€ 12", "EUR 1200000"),
            ("1,5M", "EUR 150000000"),
            ("1,5 M€", "EUR 150000000"),
            ("1,5 MEUR", "EUR 150000000"),
            ("1,5 million d’euros", "EUR 150000000"),
            ("2 Md€", "EUR 200000000000"),
            ("12 mille", "EUR 1200000"),
            ("12 MAD", "MAD 1200"),
            ("12k MAD", "MAD 1200000"),
            ("12 KRW", "KRW 12"),
            ("12.950,-", "EUR 1295000"),
            ("12.950,– €", "EUR 1295000"),
            ("1'200.-", "EUR 120000"),
            ("CHF 1'200.—", "CHF 120000"),
            ("1'200.50", "EUR 120050"),
            ("12 000 € HT", "EUR 1200000"),
            ("12 000 € H.T.", "EUR 1200000"),
            ("12k€ TTC", "EUR 1200000"),
            ("12 000 HT", "EUR 1200000"),
            ("1000 EUR HT", "EUR 100000"),
            ("1000 EUR TTC", "EUR 100000"),
            ("1000€HT", "EUR 100000"),
            ("1000€ttc", "EUR 100000"),
            ("HT 1000 €", "EUR 100000"),
            ("2m", "EUR 200000000"),
            ("2M", "EUR 200000000"),
            ("2 M", "EUR 200000000"),
            ("1 300 $US", "USD 130000"),
            ("5 £GB", "GBP 500"),
            ("JP¥1 300", "JPY 1300"),
            ("US$-1'300", "USD -130000"),
            ("C$ 5", "CAD 500"),
            ("$12 CAD", "CAD 1200"),
            ("€12,34,567", "EUR 123456700"),
            ("- 5 €", "EUR -500"),
        ] {
            check(typed, French, stored);
        }
        check("€12,34,567.50", English, "EUR 123456750");
        check("2m", English, "EUR 200000000");
        check("2M", American, "EUR 200000000");
        check("$1.5m", American, "USD 150000000");
        check("1.5bn", American, "EUR 150000000000");
        check("£.50", English, "GBP 50");
        check("5 000 + VAT", English, "EUR 500000");
    }

    #[test]
    fn a_sign_is_of_the_currency_that_has_it_here_or_of_what_is_edited() {
        let canada = |currency: Currency| {
            let signs = [
                ("CAD", "$"),
                ("USD", "US$"),
                ("XOF", "F\u{202f}CFA"),
                ("XAF", "FCFA"),
                ("ZMW", "K"),
            ];
            let sign = signs.iter().find(|(code, _)| *code == currency.code());
            Some(format!(
                "{} 0.5",
                sign.map_or(currency.code(), |(_, sign)| sign)
            ))
        };
        let read = |typed: &str, held: &str| {
            let held = held.parse().unwrap();
            let read = money(typed, held, English, &canada);
            read.map(|money| money.to_string()).ok()
        };
        for (typed, held, stored) in [
            ("$5", "EUR", "CAD 500"),
            ("US$5", "EUR", "USD 500"),
            ("$5", "USD", "USD 500"),
            ("F\u{a0}CFA 5", "EUR", "XOF 5"),
            ("FCFA 5", "EUR", "XAF 5"),
            ("K 1,200", "EUR", "ZMW 120000"),
            ("1,200 K", "ZMW", "ZMW 120000000"),
            ("Rs.50", "EUR", ""),
        ] {
            assert_eq!(read(typed, held).unwrap_or_default(), stored, "{typed}");
        }
    }

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        let read = |typed: &str| money(typed, Currency::EUR, French, &unknown);
        for bad in ["½", "1½", "1e3", "1E3", "2 × 3", "1000 %"] {
            assert_eq!(read(bad), Err(InputError::Amount(bad.into())), "{bad}");
        }
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
            "12 m€",
            "1,23,45",
            "12,345,67",
            "€5 $",
            "5-",
            "12 x",
            "1e3",
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert_eq!(read("1,234"), Err(InputError::Decimals(Currency::EUR)));
        assert_eq!(read("12,345"), Err(InputError::Decimals(Currency::EUR)));
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
    fn one_sign_before_three_digits_may_part_thousands_and_is_asked_about() {
        let unsure = |typed: &str, language, currency: &str| {
            let held = currency.parse().unwrap();
            match money(typed, held, language, &unknown) {
                Err(InputError::Unsure { found, whole, part }) => {
                    assert_eq!(found, typed);
                    format!("{whole} or {part}")
                }
                Ok(money) => money.to_string(),
                Err(error) => error.to_string(),
            }
        };
        for (typed, language, currency, said) in [
            ("1.300", English, "EUR", "1300 or 1.30"),
            ("€1.300", American, "EUR", "1300 or 1.30"),
            ("1,300", French, "EUR", "1300 or 1,30"),
            ("120,500 €", French, "EUR", "120500 or 120,50"),
            ("1,300", French, "JPY", "1300 or 1"),
            ("1,300", French, "TND", "TND 1300"),
            ("1.300", French, "EUR", "EUR 130000"),
            ("1,300", English, "EUR", "EUR 130000"),
            ("0,500", French, "EUR", "EUR 50"),
            ("1234,500", French, "EUR", "EUR 123450"),
            ("1 234,500", French, "EUR", "EUR 123450"),
            ("1,300 k€", French, "EUR", "EUR 130000"),
        ] {
            assert_eq!(unsure(typed, language, currency), said, "{typed}");
        }
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
