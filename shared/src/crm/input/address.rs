//! E-mail and web addresses, and the links they make. What is stored may come from elsewhere, so a
//! link is made of what the reader takes and of nothing else.

use super::{InputError, TEXT_LIMIT, is_digits, shown};
use crate::crm::text;
use std::fmt::Write as _;

/// An e-mail address, kept as typed without `mailto:`, angle brackets and quotes around it.
///
/// # Errors
/// It can't be one: no name, no domain with a dot, a space, or too long (RFC 5321, 4.5.3.1).
pub fn email(typed: &str) -> Result<String, InputError> {
    let refused = || InputError::Email(shown(typed.trim()));
    let clean = text::clean(typed);
    let address = match clean.rsplit_once('<') {
        Some((_, rest)) => rest.strip_suffix('>').ok_or_else(refused)?,
        None => &clean,
    };
    let address = match address.split_at_checked("mailto:".len()) {
        // What follows the question mark fills in a message, and adds readers to it.
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
            rest.split('?').next().unwrap_or_default()
        }
        _ => address,
    };
    let address = address.trim_matches(['\'', '"', ',', ';', ' ']);
    let (name, domain) = address.split_once('@').ok_or_else(refused)?;
    let name_fits = (1..=64).contains(&name.len())
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && name
            .chars()
            .all(|c| !c.is_whitespace() && !"()<>[],;:\\\"".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let label_fits = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let domain_fits = labels.len() >= 2
        && labels.iter().all(label_fits)
        && labels
            .last()
            .is_some_and(|top| top.chars().count() >= 2 && !is_digits(top));
    if name_fits && domain_fits && address.len() <= 254 {
        Ok(address.to_owned())
    } else {
        Err(refused())
    }
}

/// The e-mail addresses of a text that may hold several: `a@b.fr; Ann <c@d.fr>`. None where nothing
/// is written.
///
/// # Errors
/// As [`email`], of the text as a whole where it is no list of addresses.
pub fn emails(typed: &str) -> Result<Vec<String>, InputError> {
    let whole = typed.trim();
    if whole.len() > 4 * TEXT_LIMIT {
        return Err(InputError::TooLong(TEXT_LIMIT));
    }
    if whole.is_empty() {
        return Ok(vec![]);
    }
    let parts = |signs: &[char]| -> Option<Vec<String>> {
        let parts = whole.split(signs).filter(|part| !part.trim().is_empty());
        parts.map(|part| email(part).ok()).collect()
    };
    let found = parts(&[';', ',', '\n', '|']).or_else(|| parts(&[';', ',', '\n', '|', '/', ' ']));
    let mut found = found.map_or_else(|| email(whole).map(|one| vec![one]), Ok)?;
    found.dedup();
    Ok(found)
}

/// The address that writes to someone, and to nobody else (RFC 6068); `None` where what is stored is
/// no e-mail address.
pub fn mail(stored: &str) -> Option<String> {
    let address = email(stored).ok()?;
    let mut link = String::from("mailto:");
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~@".contains(&byte) {
            link.push(byte as char);
        } else {
            let _ = write!(link, "%{byte:02X}");
        }
    }
    Some(link)
}

/// A web address with its scheme, `https://` where none was typed.
///
/// # Errors
/// It is neither http nor https, or its host is no name.
pub fn url(typed: &str) -> Result<String, InputError> {
    let refused = || InputError::Url(shown(typed.trim()));
    let clean = text::clean(typed);
    let (scheme, rest) = match clean.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".into(), clean.as_str()),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let name_fits = name.contains('.')
        && name.split('.').all(|label| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
    let shape = !rest.contains(|c: char| c.is_whitespace() || "\"<>\\^`{}|".contains(c));
    let port_fits = is_digits(port) && port.len() <= 5;
    match scheme.as_str() {
        "http" | "https" if name_fits && shape && port_fits && clean.len() <= 2_000 => {
            Ok(format!("{scheme}://{rest}"))
        }
        _ => Err(refused()),
    }
}

/// The address that opens a web site; `None` where what is stored is no web address.
pub fn web(stored: &str) -> Option<String> {
    url(stored).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_what_can_not_be() {
        for good in ["a.b+c@cave.bzh", "é@exämple.fr", "o'neill@x-y.co.uk"] {
            assert_eq!(email(&format!(" {good} ")), Ok(good.into()));
        }
        for same in [
            "Ann <a@b.fr>",
            "mailto:a@b.fr",
            "MAILTO:a@b.fr?cc=c@d.fr",
            "'a@b.fr'",
            "a@b.fr;",
            "\u{202d}a@b.fr\u{202c}",
        ] {
            assert_eq!(email(same), Ok("a@b.fr".into()), "{same}");
        }
        for bad in [
            "eloise.delaunay@",
            "a@b",
            "a b@c.fr",
            "a@b@c.fr",
            "@b.fr",
            "a@b..fr",
            "a@1.2",
            "a@b.fr?cc=c@d.fr",
            "a@b.fr?subject=x",
            "/o=cave/ou=first/cn=recipients/cn=anne",
            "",
        ] {
            assert_eq!(email(bad), Err(InputError::Email(bad.into())), "{bad}");
            assert_eq!(mail(bad), None, "{bad}");
        }
    }

    #[test]
    fn several_addresses_are_told_apart() {
        for two in [
            "a@b.fr; c@d.fr",
            "a@b.fr,c@d.fr",
            "a@b.fr\nc@d.fr",
            "a@b.fr / c@d.fr",
            "a@b.fr c@d.fr",
            "Ann Lee <a@b.fr>, Bob <c@d.fr>",
        ] {
            let both = vec!["a@b.fr".to_owned(), "c@d.fr".to_owned()];
            assert_eq!(emails(two), Ok(both), "{two}");
        }
        assert_eq!(emails("Lee, Ann <a@b.fr>"), Ok(vec!["a@b.fr".into()]));
        assert_eq!(emails(" "), Ok(vec![]));
        assert!(emails("a@b.fr; voir Anne").is_err());
    }

    #[test]
    fn a_link_writes_to_the_address_that_is_shown_and_to_no_other() {
        for (stored, link) in [
            ("a.b@c.fr", "mailto:a.b@c.fr"),
            ("a+b@c.fr", "mailto:a%2Bb@c.fr"),
            (
                "a?cc=b&bcc=c#d@e.fr",
                "mailto:a%3Fcc%3Db%26bcc%3Dc%23d@e.fr",
            ),
            ("100%25@c.fr", "mailto:100%2525@c.fr"),
            ("é@c.fr", "mailto:%C3%A9@c.fr"),
        ] {
            assert_eq!(mail(stored).as_deref(), Some(link), "{stored}");
        }
    }

    #[test]
    fn web_addresses_are_http_only() {
        for (stored, link) in [
            ("legoff.fr/pain", "https://legoff.fr/pain"),
            ("HTTP://legoff.fr", "http://legoff.fr"),
            ("ok.example", "https://ok.example"),
            ("a.fr:8080/x?y#z", "https://a.fr:8080/x?y#z"),
        ] {
            assert_eq!(web(stored).as_deref(), Some(link), "{stored}");
        }
        for bad in [
            "javascript:alert(1)",
            "javascript://a.fr/%0aalert(1)",
            "JAVASCRIPT:alert(1)//a.fr",
            "java\u{200b}script:alert(1)",
            "data:text/html,x",
            "//evil.example",
            "/evil.example",
            "\\\\evil.example",
            "https:evil.example",
            "https://bank.fr@evil.example",
            "ftp://a.fr",
            "legoff",
            "a b.fr",
            "https://",
            "a.fr\"x",
            "a.fr:999999",
            "",
        ] {
            assert!(url(bad).is_err(), "{bad}");
            assert_eq!(web(bad), None, "{bad}");
        }
    }
}
