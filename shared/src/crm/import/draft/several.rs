//! Several numbers or addresses in one cell.

use super::Labelled;
use crate::crm::input::{self, InputError};
use std::borrow::Cow;

/// Adds the values of a cell, each once.
pub(super) fn several(
    cell: &str,
    values: &mut Vec<Labelled>,
    label: Cow<'static, str>,
    read: fn(&str) -> Result<Vec<String>, InputError>,
) -> Result<(), InputError> {
    for value in read(cell)? {
        if !values.iter().any(|(_, known)| *known == value) {
            values.push((label.clone(), value));
        }
    }
    Ok(())
}

/// The parts of a cell that are not empty.
fn parts<'a>(cell: &'a str, signs: &[&str]) -> Vec<&'a str> {
    let mut parts = vec![cell];
    for sign in signs {
        parts = parts.iter().flat_map(|part| part.split(sign)).collect();
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Telephone numbers. Signs that also stand within a number part two only where either side is one.
pub(super) fn numbers(cell: &str) -> Result<Vec<String>, InputError> {
    let digits = |part: &&str| part.bytes().filter(u8::is_ascii_digit).count();
    let mut numbers = Vec::new();
    for part in parts(cell, &[":::", ";", "\n", " ou ", " or ", " et ", " and "]) {
        let signs = ["/", ",", "|", " - ", " – "];
        let apart = parts(part, &signs);
        let whole = apart.iter().all(|part| digits(part) >= 6);
        let read = || apart.iter().map(|part| input::phone(part)).collect();
        match whole.then(read) {
            Some(Ok(read)) => numbers.extend::<Vec<String>>(read),
            Some(Err(_)) | None => numbers.push(input::phone(part)?),
        }
    }
    Ok(numbers)
}

/// E-mail addresses. What Exchange calls people by within an office (`/o=…`) is no address.
pub(super) fn addresses(cell: &str) -> Result<Vec<String>, InputError> {
    let exchange = |part: &&str| {
        let part = part.trim_start().to_ascii_lowercase();
        part.starts_with("/o=") || part.starts_with("ex:/o=")
    };
    let mut parts = parts(cell, &[":::", ";", ",", "\n"]);
    parts.retain(|part| !exchange(part));
    let read: Result<Vec<String>, InputError> =
        parts.iter().map(|part| input::email(part)).collect();
    match read {
        Ok(read) => Ok(read),
        // `"Lee, Ann" <a@b.fr>` is one; if the whole is none, its error shows all of it.
        Err(_) => Ok(vec![input::email(cell)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_numbers_in_a_cell_are_two() {
        for (cell, read) in [
            (
                "02 97 41 20 06 / 06 12 45 78 03",
                &["02 97 41 20 06", "06 12 45 78 03"][..],
            ),
            (
                "02 97 41 20 06 ou 0612457803",
                &["02 97 41 20 06", "0612457803"],
            ),
            ("0297412006;0612457803", &["0297412006", "0612457803"]),
            (
                "02-97-41-20-06 - 06-12-45-78-03",
                &["02-97-41-20-06", "06-12-45-78-03"],
            ),
            ("0297412006, 0612457803", &["0297412006", "0612457803"]),
            ("030/1234567", &["030/1234567"]),
            ("3949 ; 112", &["3949", "112"]),
            ("02/97/41/20/06", &["02/97/41/20/06"]),
        ] {
            assert_eq!(numbers(cell).unwrap(), read, "{cell}");
        }
        assert!(numbers("02 97 41 20 06 / abc").is_err());
    }

    #[test]
    fn an_exchange_address_is_no_address() {
        let exchange = "/o=ExchangeLabs/ou=Exchange Administrative Group/cn=Recipients/cn=ann";
        assert_eq!(addresses(exchange), Ok(vec![]));
        assert_eq!(
            addresses(&format!("{exchange};a@b.fr")),
            Ok(vec!["a@b.fr".to_owned()])
        );
        assert_eq!(addresses("Ann Lee <a@b.fr>"), Ok(vec!["a@b.fr".to_owned()]));
        assert!(addresses("eloise@").is_err());
    }
}
