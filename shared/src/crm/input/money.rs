//! Amounts as people write them: `12 950,00 €`, `$12,950.00`, `12950 eur`, `12,5 k€`.

use super::{Habit, InputError, decimal_in, in_plain, shown};
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
    let (typed, habit) = (in_plain(&text::clean(typed)), habit.into());
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
        currency_of(unit, held, half).map_err(|error| {
            if matches!(error, InputError::Amount(_)) {
                refused()
            } else {
                error
            }
        })
    };
    let (before, many) = scaled(without_tax(before), habit, |rest| {
        !rest.is_empty() && of(rest).is_ok()
    });
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
mod tests;
