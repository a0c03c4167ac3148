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
    check("١٢٬٩٥٠٫٠٠", English, "EUR 1295000");
    check("１２ ９５０，００ €", French, "EUR 1295000");
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
