//! Nothing that is typed, dropped or scanned makes anything panic, and what is taken can be kept.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use shared::bridge::JoinLink;
use shared::crm::import::{Choices, File, Mode, Reading, Table, plan};
use shared::crm::input::{self, Language, Yearless};
use shared::crm::search::{Haystack, Needle};
use shared::crm::{text, title};
use shared::id::WorkspaceId;
use shared::money::Currency;
use shared::time::Date;

/// Signs that parsers look for, among any others.
fn typed() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        4 => prop::sample::select("0123456789.,-+/: '€$kEe@<>;telxpoMd=#*()[]\"\n\t|hé\u{202e}\u{0}\u{a0}\u{301}🍇".chars().collect::<Vec<char>>()),
        1 => any::<char>(),
    ];
    prop::collection::vec(sign, 0..40).prop_map(|signs| signs.into_iter().collect())
}

fn table() -> impl Strategy<Value = String> {
    prop::collection::vec(typed(), 0..20).prop_map(|lines| {
        format!(
            "First Name,Last Name,Birthday,E-mail,Phone,Tags\n{}",
            lines.join("\n")
        )
    })
}

fn half(currency: Currency) -> Option<String> {
    (currency == Currency::EUR).then(|| "€0,5".to_owned())
}

const TODAY: Date = Date {
    year: 2026,
    month: 11,
    day: 21,
};

proptest! {
    #![proptest_config(Config {
        cases: 2_000,
        rng_seed: RngSeed::Fixed(64),
        failure_persistence: None,
        ..Config::default()
    })]

    #[test]
    fn whatever_is_typed_is_taken_or_refused(typed in typed()) {
        for language in [Language::French, Language::English, Language::American] {
            if let Ok(money) = input::money(&typed, Currency::EUR, language, &half) {
                prop_assert_eq!(money.to_string().parse(), Ok(money));
            }
            for yearless in [Yearless::Coming, Yearless::Birthday] {
                if let Ok(date) = input::date(&typed, language, TODAY, yearless) {
                    prop_assert_eq!(date.to_string().parse(), Ok(date));
                }
            }
            let _ = input::birthday(&typed, language, TODAY);
        }
        for read in [input::phone, input::email, input::url, input::time, input::line] {
            if let Ok(taken) = read(&typed) {
                prop_assert_eq!(read(&taken), Ok(taken.clone()), "taken again");
            }
        }
        for (several, one) in [
            (input::phones(&typed), input::phone as fn(&str) -> _),
            (input::emails(&typed), input::email),
        ] {
            for taken in several.unwrap_or_default() {
                prop_assert_eq!(one(&taken), Ok(taken.clone()), "one of several");
            }
        }
        let links = [
            ("tel:", input::tel(&typed)),
            ("mailto:", input::mail(&typed)),
            ("http", input::web(&typed)),
        ];
        for (scheme, link) in links {
            let link = link.unwrap_or(scheme.to_owned());
            prop_assert!(link.starts_with(scheme) && !link.contains(char::is_whitespace), "{}", link);
        }
        let hidden = |c: char| c.is_control() || c == '\u{202e}';
        prop_assert!(!text::clean(&typed).contains(hidden));
        prop_assert!(Haystack::default().jump(&typed, &[]).is_empty());
        let _ = (Needle::new(&typed), text::phone_key(&typed), title::initials_of(&typed));
        let _ = typed.parse::<JoinLink>();
    }

    #[test]
    fn whatever_bytes_are_dropped_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = File::open(&bytes);
    }

    #[test]
    fn whatever_table_is_dropped_every_line_is_accounted_for(table in table()) {
        if let Ok(file) = File::open(table.as_bytes()) {
            let reading = Reading { habit: Language::French.into(), today: TODAY };
            let drafts = file.drafts(reading);
            let plan = plan::<shared::crm::row::Row>(&[], &drafts, WorkspaceId([1; 16]), "csv", Mode::Both, &Choices::default());
            prop_assert_eq!(plan.rows.len(), file.table.lines.len());
            let lines = file.left_out(&plan);
            let saved = Table::parse(&lines).map(|table| table.lines.len());
            prop_assert_eq!(saved, Ok(plan.counts.skipped as usize));
        }
    }
}
