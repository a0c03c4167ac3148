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

/// E-mail addresses. What Exchange calls people by within an office (`/o=…`) is no address.
pub(super) fn addresses(cell: &str) -> Result<Vec<String>, InputError> {
    let exchange = |part: &&str| {
        let part = part.trim_start().to_ascii_lowercase();
        part.starts_with("/o=") || part.starts_with("ex:/o=")
    };
    let cell = cell.replace(":::", "\n");
    let parts = cell.split([';', ',', '\n']).filter(|part| !exchange(part));
    input::emails(&parts.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

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
