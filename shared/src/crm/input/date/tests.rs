use super::*;
use crate::crm::input::Language::{self, American, English, French};

fn read(typed: &str, language: Language) -> Result<String, InputError> {
    let today = Date::new(2026, 11, 21).unwrap();
    date(typed, language, today, Yearless::Coming).map(|day| day.to_string())
}

fn typed_birthday(typed: &str) -> Result<String, InputError> {
    let today = Date::new(2026, 11, 21).unwrap();
    date(typed, French, today, Yearless::Birthday).map(|day| day.to_string())
}

#[test]
fn days_are_read_as_each_language_writes_them() {
    let check = |typed, language, day: &str| {
        assert_eq!(read(typed, language), Ok(day.into()), "{typed}");
    };
    check("30/11/2026", French, "2026-11-30");
    check("30.11.26", French, "2026-11-30");
    check("30 nov 2026", French, "2026-11-30");
    check("lun. 30 novembre 2026", French, "2026-11-30");
    check("1er déc. 2026", French, "2026-12-01");
    check("1ᵉʳ décembre 2026", French, "2026-12-01");
    check("Sep 1, 2026, 2:30\u{202f}PM", American, "2026-09-01");
    check("2026-11-30T23:59:59+01:00", French, "2026-11-30");
    check("20261130", French, "2026-11-30");
    check("2026-11-30", French, "2026-11-30");
    check("2026-11-30", American, "2026-11-30");
    check("11/30/2026", American, "2026-11-30");
    check("30/11/2026", American, "2026-11-30");
    check("05/06/2026", English, "2026-06-05");
    check("05/06/2026", American, "2026-05-06");
    check("Nov 30th, 2026", English, "2026-11-30");
    check("18 août 2027", French, "2027-08-18");
    check("juil. 14 2027", French, "2027-07-14");
}

#[test]
fn digits_of_other_scripts_are_digits() {
    assert_eq!(read("٣٠/١١/٢٠٢٦", French), Ok("2026-11-30".into()));
    assert_eq!(read("３０ nov ２０２６", French), Ok("2026-11-30".into()));
    assert_eq!(read("۲۰۲۶-۱۱-۳۰", French), Ok("2026-11-30".into()));
    let today = Date::new(2026, 11, 21).unwrap();
    let read = |cell| {
        birthday(cell, French, today)
            .unwrap()
            .map(|day| day.to_string())
    };
    assert_eq!(read("١٥/٠٦/١٩٨٥").as_deref(), Some("1985-06-15"));
    assert_eq!(read("٠٠/٠٠/٠٠٠٠"), None);
    assert_eq!(read("٣١١٢١").as_deref(), Some("1985-03-15"));
}

#[test]
fn near_days_have_names() {
    let check = |typed, day: &str| assert_eq!(read(typed, French), Ok(day.into()), "{typed}");
    check("aujourd’hui", "2026-11-21");
    check("demain", "2026-11-22");
    check("Tomorrow", "2026-11-22");
    check("hier", "2026-11-20");
    check("lundi", "2026-11-23");
    check("samedi", "2026-11-28");
    check("dans 2 semaines", "2026-12-05");
    check("+3", "2026-11-24");
    check("18/12", "2026-12-18");
    check("3 février", "2027-02-03");
    check("15/11", "2026-11-15");
    check("vendredi prochain", "2026-11-27");
    check("ce vendredi", "2026-11-27");
    check("vendredi qui vient", "2026-11-27");
    check("next Friday", "2026-11-27");
    check("demain matin", "2026-11-22");
    check("lundi après-midi", "2026-11-23");
    check("ce soir", "2026-11-21");
    check("cet après-midi", "2026-11-21");
    check("this evening", "2026-11-21");
    assert!(read("prochain", French).is_err());
    assert!(read("12 mars prochain prochain", French).is_err());
}

#[test]
fn nobody_is_born_tomorrow() {
    let today = Date::new(2026, 11, 21).unwrap();
    for cell in ["22/11/2026", "1/1/2150", "2027-02-03", "46348"] {
        let error = InputError::Future(cell.into());
        assert_eq!(birthday(cell, French, today), Err(error), "{cell}");
    }
    for cell in ["21/11/2026", "22/11", "46347"] {
        assert!(birthday(cell, French, today).is_ok(), "{cell}");
    }
    let demain = InputError::Future("demain".into());
    assert_eq!(typed_birthday("demain"), Err(demain));
}

#[test]
fn birthdays_may_lack_their_year_and_are_past() {
    for (cell, day) in [
        ("15/06", "--06-15"),
        ("--06-15", "--06-15"),
        ("--0615", "--06-15"),
        ("15 juin", "--06-15"),
        ("1604-06-15", "--06-15"),
        ("0000-06-15", "--06-15"),
        ("15/06/1604", "--06-15"),
        ("15/06/68", "1968-06-15"),
        ("15/06/05", "2005-06-15"),
        ("29/02", "--02-29"),
        ("1604-02-29", "--02-29"),
        ("19850315", "1985-03-15"),
        ("1985-03-15T00:00:00.000Z", "1985-03-15"),
        ("1985-03-15 00:00:00", "1985-03-15"),
        ("15/03/1985 08:30", "1985-03-15"),
    ] {
        assert_eq!(typed_birthday(cell), Ok(day.into()), "{cell}");
        let today = Date::new(2026, 11, 21).unwrap();
        let read = birthday(cell, French, today).map(|day| day.map(|day| day.to_string()));
        assert_eq!(read, Ok(Some(day.into())), "{cell}");
    }
}

#[test]
fn zeros_are_no_birthday_and_a_number_is_a_spreadsheets_day() {
    let today = Date::new(2026, 11, 21).unwrap();
    for none in ["0/0/00", "00/00/0000", "0000-00-00", "0", "", "01/01/4501"] {
        assert_eq!(birthday(none, French, today), Ok(None), "{none}");
    }
    let day = birthday("31121", French, today).unwrap().unwrap();
    assert_eq!(day.to_string(), "1985-03-15");
    assert!(birthday("?", French, today).is_err());
}

#[test]
fn mar_is_tuesday_in_french_where_it_can_be() {
    let check = |typed, language, day: &str| {
        assert_eq!(read(typed, language), Ok(day.into()), "{typed}");
    };
    check("mar. 8", French, "2026-12-08");
    check("8 mar.", French, "2027-03-08");
    check("mar. 8 mar.", French, "2027-03-08");
    check("mar", French, "2026-11-24");
    check("mar. 1er déc.", French, "2026-12-01");
    check("8 mar. 2027", French, "2027-03-08");
    check("lun. 8 mar. 2027", French, "2027-03-08");
    check("8 mars", French, "2027-03-08");
    check("Mar 8", American, "2027-03-08");
    check("Tue 8", American, "2026-12-08");
    check("8 Tues", English, "2026-12-08");
    check("ven. 4", French, "2026-12-04");
    assert!(read("mar. 9", French).is_err());
}

#[test]
fn day_and_month_are_never_swapped_where_the_year_comes_first() {
    let today = Date::new(2026, 11, 21).unwrap();
    let canada = |french, typed| {
        let habit = Habit {
            french,
            order: Order::Year,
            month_first: true,
            jui: false,
            decimal: ',',
        };
        date(typed, habit, today, Yearless::Coming).map(|day| day.to_string())
    };
    for french in [true, false] {
        for typed in ["2026-12-01", "12-01", "1 dec 2026"] {
            assert_eq!(canada(french, typed), Ok("2026-12-01".into()), "{typed}");
        }
        for either in ["01/12/2026", "26-12-01", "1/12"] {
            let error = Err(InputError::Date(either.into()));
            assert_eq!(canada(french, either), error, "{either}");
        }
        for sure in ["30/11/2026", "11/30/2026"] {
            assert_eq!(canada(french, sure), Ok("2026-11-30".into()), "{sure}");
        }
    }
}

#[test]
fn impossible_days_say_how_long_the_month_is() {
    let last = Date::new(2026, 11, 30).unwrap();
    assert_eq!(read("31/11/2026", French), Err(InputError::Day { last }));
    assert_eq!(read("31 nov 2026", French), Err(InputError::Day { last }));
    let last = Date::new(2026, 2, 28).unwrap();
    assert_eq!(read("2026-02-30", English), Err(InputError::Day { last }));
    assert_eq!(read("2026-13-01", English), Err(InputError::Month(13)));
    // Where no year is typed, the month that is to come.
    let last = Date::new(2027, 2, 28).unwrap();
    assert_eq!(read("31/02", French), Err(InputError::Day { last }));
    let leap = date(
        "29/2",
        French,
        Date::new(2027, 12, 1).unwrap(),
        Yearless::Coming,
    );
    assert_eq!(leap, Ok(Date::new(2028, 2, 29).unwrap()));
    for bad in [
        "",
        "x",
        "12",
        "1/2/3/4",
        "30 nov 2026 5",
        "30/11/20266",
        "jui 3",
        "2026",
        "lundi x",
        "14:30",
        "300/1/26",
        "30/11/126",
        "00/00/0000",
    ] {
        assert!(read(bad, French).is_err(), "{bad}");
    }
}
