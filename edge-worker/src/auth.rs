//! Secrets and origins.

use shared::id::{Secret, sha256};

/// The subprotocol that both sides speak.
pub const SUBPROTOCOL: &str = "terrain.1";

/// A secret as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// The form of a secret that is stored.
    pub fn of(secret: &Secret) -> SecretHash {
        SecretHash(sha256(&secret.0))
    }

    /// Whether they are equal, in a time that does not depend on where they differ.
    pub fn matches(&self, other: &SecretHash) -> bool {
        let pairs = self.0.iter().zip(&other.0);
        pairs.fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }
}

/// The secret of an `Authorization` header.
pub fn bearer(header: &str) -> Option<Secret> {
    let (scheme, token) = header.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| token.trim().parse().ok()).flatten()
}

/// The secret among the subprotocols that a socket offers, if ours is among them.
pub fn offered(header: &str) -> Option<Option<Secret>> {
    let mut offers = header.split(',').map(str::trim);
    let secret = offers
        .clone()
        .find_map(|offer| offer.strip_prefix("secret."))
        .and_then(|digits| digits.parse().ok());
    offers.any(|offer| offer == SUBPROTOCOL).then_some(secret)
}

/// Whether a page of this origin may ask this host. Browsers name the origin wherever it matters; what
/// sends none is not a browser, and needs the secret like everyone.
pub fn is_own(origin: Option<&str>, host: &str) -> bool {
    match origin {
        None => true,
        Some(origin) => origin
            .split_once("://")
            .is_some_and(|(scheme, rest)| matches!(scheme, "http" | "https") && rest == host),
    }
}

/// The host and port of an address.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn a_secret_is_read_from_either_header() {
        let secret = DIGITS.parse().ok();
        assert_eq!(bearer(&format!("Bearer {DIGITS}")), secret);
        assert_eq!(bearer("Basic abc"), None);
        assert_eq!(bearer("Bearer 00"), None);
        assert_eq!(
            offered(&format!("terrain.1, secret.{DIGITS}")),
            Some(secret)
        );
        assert_eq!(offered("terrain.1"), Some(None));
        assert_eq!(offered(&format!("chat, secret.{DIGITS}")), None);
    }

    #[test]
    fn only_pages_of_the_same_host_may_ask() {
        assert!(is_own(None, "terrain.example"));
        assert!(is_own(Some("https://terrain.example"), "terrain.example"));
        assert!(is_own(Some("http://localhost:8787"), "localhost:8787"));
        for foreign in [
            "https://evil.example",
            "null",
            "http://localhost:9999",
            "https://terrain.example.evil.example",
        ] {
            assert!(!is_own(Some(foreign), "terrain.example"), "{foreign}");
            assert!(!is_own(Some(foreign), "localhost:8787"), "{foreign}");
        }
    }

    #[test]
    fn a_host_is_what_stands_before_the_path() {
        assert_eq!(host("http://localhost:8787/api/x?y"), "localhost:8787");
        assert_eq!(host("https://terrain.example"), "terrain.example");
        assert_eq!(host(""), "");
    }

    #[test]
    fn hashes_match_only_themselves() {
        let hash = SecretHash::of(&Secret([1; 16]));
        assert!(hash.matches(&SecretHash::of(&Secret([1; 16]))));
        assert!(!hash.matches(&SecretHash::of(&Secret([2; 16]))));
    }
}
