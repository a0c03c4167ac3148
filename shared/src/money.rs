//! Amounts of money: whole minor units and a currency, never a float.

use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// A three-letter ISO 4217 code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Currency([u8; 3]);

/// Why a text is not an amount or a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not three capital letters.
    #[error("not a currency code: {0:?}")]
    Currency(String),
    /// Not a number, or one with more decimals than the currency has.
    #[error("not an amount: {0:?}")]
    Amount(String),
    /// Beyond `Money::LIMIT`.
    #[error("amount out of range: {0:?}")]
    Range(String),
}

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// Currencies offered in forms, most used first; any ISO 4217 code is kept.
    pub const OFFERED: [Currency; 8] = [
        Currency::EUR,
        Currency(*b"USD"),
        Currency(*b"GBP"),
        Currency(*b"CHF"),
        Currency(*b"CAD"),
        Currency(*b"XOF"),
        Currency(*b"MAD"),
        Currency(*b"JPY"),
    ];

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the currency's minor unit has (ISO 4217, amendment 179).
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Currency, MoneyError> {
        <[u8; 3]>::try_from(text.as_bytes())
            .ok()
            .filter(|code| code.iter().all(u8::is_ascii_uppercase))
            .map(Currency)
            .ok_or_else(|| MoneyError::Currency(text.chars().take(16).collect()))
    }
}

/// An amount in minor units (cents) of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: 12 950,00 € is 1 295 000.
    pub minor: i64,
    /// The currency, which also says how many decimals there are.
    pub currency: Currency,
}

impl Money {
    /// The largest amount that is kept, either sign: JavaScript's largest exact integer.
    pub const LIMIT: i64 = 9_007_199_254_740_991;

    /// Whether it stands for a sum that is larger than can be said.
    pub const fn is_beyond(self) -> bool {
        self.minor.unsigned_abs() > Money::LIMIT as u64
    }

    /// This share of the amount, `percent` of a hundred, rounded to the nearest minor unit.
    pub fn percent(self, percent: u8) -> Money {
        let scaled = i128::from(self.minor) * i128::from(percent);
        let rounded = (scaled + 50 * scaled.signum()) / 100;
        Money {
            minor: rounded as i64,
            ..self
        }
    }
}

/// The stored form: `EUR 1295000`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency.code(), self.minor)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let shown = || text.chars().take(32).collect::<String>();
        let (code, minor) = text
            .split_once(' ')
            .ok_or_else(|| MoneyError::Amount(shown()))?;
        let minor: i64 = minor.parse().map_err(|_| MoneyError::Amount(shown()))?;
        if minor.unsigned_abs() > Money::LIMIT as u64 {
            return Err(MoneyError::Range(shown()));
        }
        Ok(Money {
            minor,
            currency: code.parse()?,
        })
    }
}

/// The currencies of these amounts, the one of most amounts first. Which sum is the largest can't be told
/// across currencies.
pub fn currencies(amounts: impl IntoIterator<Item = Money>) -> Vec<Currency> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for amount in amounts {
        *counts.entry(amount.currency).or_default() += 1;
    }
    let mut order: Vec<Currency> = counts.keys().copied().collect();
    order.sort_by_key(|currency| Reverse(counts.get(currency)));
    order
}

/// Sums amounts per currency, in the order of these currencies, which are never added to each other. A
/// sum past [`Money::LIMIT`] [is beyond](Money::is_beyond) it by one.
pub fn sums(amounts: impl IntoIterator<Item = Money>, order: &[Currency]) -> Vec<Money> {
    let mut sums: Vec<(Currency, i128)> = Vec::new();
    for Money { minor, currency } in amounts {
        match sums.iter_mut().find(|sum| sum.0 == currency) {
            Some((_, sum)) => *sum += i128::from(minor),
            None => sums.push((currency, minor.into())),
        }
    }
    let beyond = i128::from(Money::LIMIT) + 1;
    let sums = sums.into_iter().map(|(currency, sum)| Money {
        minor: sum.clamp(-beyond, beyond) as i64,
        currency,
    });
    let mut sums: Vec<Money> = sums.collect();
    sums.sort_by_key(|sum| order.iter().position(|currency| *currency == sum.currency));
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_survives_its_stored_form() {
        let money: Money = "EUR 1295000".parse().unwrap();
        assert_eq!(
            money,
            Money {
                minor: 1_295_000,
                currency: Currency::EUR
            }
        );
        assert_eq!(money.to_string(), "EUR 1295000");
        assert!("EUR 1e308".parse::<Money>().is_err());
        assert!("EUR 9007199254740992".parse::<Money>().is_err());
        assert!("eur 1".parse::<Money>().is_err());
    }

    #[test]
    fn sums_stay_apart_by_currency_and_the_currency_of_most_amounts_leads() {
        let of = |text: &str| text.parse::<Money>().unwrap();
        let amounts = ["CHF 500", "EUR 3", "EUR 4"].map(of);
        let order = currencies(amounts);
        assert_eq!(sums(amounts, &order), ["EUR 7", "CHF 500"].map(of));
        assert_eq!(sums([of("CHF 1")], &order), [of("CHF 1")]);
        assert_eq!(currencies(["USD 9", "EUR 1"].map(of))[0], Currency::EUR);
    }

    #[test]
    fn a_sum_that_is_too_large_says_so_and_one_that_is_not_is_exact() {
        let of = |minor| Money {
            minor,
            currency: Currency::EUR,
        };
        let sum = |amounts: &[i64]| sums(amounts.iter().copied().map(of), &[])[0];
        let largest = Money::LIMIT;
        assert!(sum(&[largest, 1]).is_beyond());
        assert!(sum(&[-largest, -1, -largest]).is_beyond());
        assert!(!sum(&[largest]).is_beyond());
        assert_eq!(sum(&[largest, largest, -largest, -largest, 7]), of(7));
    }

    #[test]
    fn a_percentage_rounds_to_the_nearest_minor_unit() {
        assert_eq!("EUR 101".parse::<Money>().unwrap().percent(50).minor, 51);
        assert_eq!("EUR -101".parse::<Money>().unwrap().percent(50).minor, -51);
    }
}
