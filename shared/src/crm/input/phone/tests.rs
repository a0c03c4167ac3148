use super::*;

#[test]
fn what_is_written_dials_what_is_meant() {
    for (written, address) in [
        ("06 12 45 78 03", "tel:0612457803"),
        ("02 97 41 20 06 poste 12", "tel:0297412006;ext=12"),
        ("02 97 41 20 06 (poste 12)", "tel:0297412006;ext=12"),
        ("02 97 41 20 06, ext. 5", "tel:0297412006;ext=5"),
        ("+1 570-809-7197 x605", "tel:+15708097197;ext=605"),
        ("+1 (570) 809-7197 Ext: 605", "tel:+15708097197;ext=605"),
        ("tel:+33297412006;ext=7", "tel:+33297412006;ext=7"),
        ("0297412006 #12", "tel:0297412006;ext=12"),
        ("+33 (0)2 97 41 20 06", "tel:+33297412006"),
        ("+33 (0)2 97 54 12 34", "tel:+33297541234"),
        ("+330297541234", "tel:+33297541234"),
        ("+33 [0] 2 97 41 20 06", "tel:+33297412006"),
        ("+33 ( 0 ) 2 97 41 20 06", "tel:+33297412006"),
        ("+33 02 97 41 20 06", "tel:+33297412006"),
        ("33 (0)2 97 41 20 06", "tel:+33297412006"),
        ("0033 (0)2.97.41.20.06", "tel:+33297412006"),
        ("(+33) 2 97 41 20 06", "tel:+33297412006"),
        ("+(33) 2 97 41 20 06", "tel:+33297412006"),
        ("33297412006", "tel:+33297412006"),
        ("(0)2 97 41 20 06", "tel:0297412006"),
        ("(02) 97 41 20 06", "tel:0297412006"),
        ("+39 06 6982", "tel:+39066982"),
        ("+225 07 01 02 03 04", "tel:+2250701020304"),
        ("02 97 41 20 06,4321", "tel:0297412006,4321"),
        ("+33 2 97 41 20 06,,4321#", "tel:+33297412006,,4321"),
        ("02\u{2013}97\u{2011}41\u{a0}20\u{202f}06", "tel:0297412006"),
        ("\u{200e}+33\u{a0}2 97 41 20 06\u{202c}", "tel:+33297412006"),
        ("+33\u{200b}297412006", "tel:+33297412006"),
        ("＋３３ ２９７４１２００６", "tel:+33297412006"),
        ("Tel: 02 97 41 20 06", "tel:0297412006"),
        ("Tél. : 02 97 41 20 06", "tel:0297412006"),
        ("Fax : 02 97 41 20 06", "tel:0297412006"),
        ("Mobile 06 12 45 78 03", "tel:0612457803"),
        ("02 97 41 20 06 (bureau)", "tel:0297412006"),
        ("'+33297412006", "tel:+33297412006"),
        ("=\"0297412006\"", "tel:0297412006"),
        ("612457803.0", "tel:612457803"),
        ("02 97 41 20 06/07", "tel:0297412006"),
        ("02/97/41/20/06", "tel:0297412006"),
        ("3900", "tel:3900"),
        ("36 39", "tel:3639"),
        ("15", "tel:15"),
        ("112", "tel:112"),
        ("#31#0612457803", "tel:%2331%230612457803"),
    ] {
        assert_eq!(tel(written).as_deref(), Some(address), "{written}");
        let kept = phone(written).unwrap();
        assert_eq!(tel(&kept).as_deref(), Some(address), "{written}, kept");
        assert_eq!(phone(&kept), Ok(kept.clone()), "{written}, read again");
    }
}

#[test]
fn what_was_written_is_kept() {
    for (written, kept) in [
        (" 06 12 45 78 03 ", "06 12 45 78 03"),
        ("+33 (0)2.97.41-20/06", "+33 (0)2.97.41-20/06"),
        ("02 97 41 20 06 Poste 12", "02 97 41 20 06 Poste 12"),
        ("Fax: 02 97 41 20 06", "Fax: 02 97 41 20 06"),
        ("tel:+33297412006", "+33297412006"),
        ("'0612457803", "0612457803"),
        ("=\"06 12 45 78 03\"", "06 12 45 78 03"),
    ] {
        assert_eq!(phone(written).as_deref(), Ok(kept), "{written}");
    }
}

#[test]
fn what_dials_nothing_is_refused() {
    for bad in [
        "",
        "1",
        "x605",
        "0612 ABCD",
        "0612457803 poste",
        "06+12345",
        "12 rue du Port, 56000 Vannes",
        "Rue 12",
        "1234567890123456",
        "anne@cave.fr",
        "javascript:1",
        "(bureau)",
        "+",
    ] {
        assert!(matches!(phone(bad), Err(InputError::Phone(_))), "{bad}");
        assert_eq!(tel(bad), None, "{bad}");
    }
    for damaged in ["6,02E+08", "6.02e+08", "3,36E11", "+3.36E+11"] {
        let error = InputError::DamagedPhone(damaged.into());
        assert_eq!(phone(damaged), Err(error), "{damaged}");
        assert_eq!(tel(damaged), None, "{damaged}");
    }
}

#[test]
fn what_is_written_like_a_day_is_no_number() {
    for day in [
        "8.12.",
        "8.12",
        "08/12",
        "12-31",
        "8.12.2026",
        "2026-12-08",
        "٨.١٢",
    ] {
        assert!(matches!(phone(day), Err(InputError::PhoneDate(_))), "{day}");
        assert_eq!(tel(day), None, "{day}");
    }
    for number in [
        "8 12",
        "36-39",
        "25.12.34",
        "02/97/41/20/06",
        "118.218",
        "+8.12",
        "12.34.56.78",
    ] {
        assert!(phone(number).is_ok(), "{number}");
    }
}

#[test]
fn one_number_is_the_same_however_it_is_written() {
    let number = "06 12 45 78 03";
    for same in [
        "0612457803",
        "+33 6 12 45 78 03",
        "Mobile : 06.12.45.78.03",
        "٠٦١٢٤٥٧٨٠٣",
    ] {
        assert!(is_same_phone(number, same), "{same}");
    }
    for other in ["06 12 45 78 04", "06 12 45 78 03 poste 2", "06 12", "*100#"] {
        assert!(!is_same_phone(number, other), "{other}");
    }
    assert!(!is_same_phone("+33 6 12 45 78 03", "+32 6 12 45 78 03"));
}

#[test]
fn digits_of_other_scripts_are_digits() {
    assert_eq!(phone("٠٦ ١٢ ٤٥ ٧٨ ٠٣").as_deref(), Ok("06 12 45 78 03"));
    assert_eq!(
        tel("+۳۳ ۲ ۹۷ ۴۱ ۲۰ ۰۶").as_deref(),
        Some("tel:+33297412006")
    );
    assert_eq!(phone_key("०६१२४५७८०३"), "612457803");
    let two = phones("٠٢٩٧٤١٢٠٠٦ / ٠٦١٢٤٥٧٨٠٣").unwrap();
    assert_eq!(two, ["0297412006", "0612457803"]);
}

#[test]
fn several_numbers_are_told_apart() {
    let two = ["02 97 41 20 06", "06 12 45 78 03"];
    for between in [
        " / ",
        "/",
        ";",
        "; ",
        ", ",
        ",",
        "\n",
        " ou ",
        " - ",
        " \u{2013} ",
        " | ",
        " ::: ",
        " ",
        " & ",
    ] {
        let written = two.join(between);
        assert_eq!(phones(&written).unwrap(), two, "{written}");
    }
    let three = phones("3900 / +33 2 97 41 20 06 +33 6 12 45 78 03").unwrap();
    assert_eq!(three, ["3900", "+33 2 97 41 20 06", "+33 6 12 45 78 03"]);
    let labelled = phones("Fixe : 02 97 41 20 06 poste 4 / Mobile : 06 12 45 78 03").unwrap();
    assert_eq!(
        labelled,
        ["Fixe : 02 97 41 20 06 poste 4", "Mobile : 06 12 45 78 03"]
    );
    for one in [
        "02/97/41/20/06",
        "02 97 41 20 06,4321",
        "02 97 41 20 06, poste 12",
        "+33297412006;ext=5",
        "02 97 41 20 06/07",
        "02 - 97 41 20 06",
        "02/123.45.67",
    ] {
        assert_eq!(phones(one).unwrap(), [one], "{one}");
    }
    assert_eq!(phones(" \n "), Ok(vec![]));
    assert!(phones("02 97 41 20 06 / voir Anne").is_err());
}

#[test]
fn a_number_has_one_key_however_it_is_written() {
    for written in [
        "06 12 45 78 03",
        "0612457803",
        "612457803",
        "+33 6 12 45 78 03",
        "+33 (0)6 12 45 78 03",
        "0033.6.12.45.78.03",
        "33612457803",
        "tel:+33612457803",
        "\u{2068}+33 6 12 45 78 03\u{2069}",
        "06 12 45 78 03 poste 12",
        "06 12 45 78 03,4321",
    ] {
        assert_eq!(phone_key(written), "612457803", "{written}");
    }
    assert_eq!(phone_key("+353 87 123 4567"), "871234567");
    assert_eq!(phone_key("+44 7700 900123"), phone_key("07700 900123"));
    assert_eq!(phone_key("+1 570-809-7197"), "5708097197");
    assert_eq!(phone_key("06 12"), "612");
    assert_eq!(phone_key("+3"), "");
    assert_eq!(phone_key("Anne"), "");
}
