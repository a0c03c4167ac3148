//! The join link: what opens a workspace on another device, read whatever a mail made of it.

use super::Problem;
use crate::crm::text::clean;
use crate::id::{Secret, WorkspaceId};
use serde::{Deserialize, Serialize};

/// What a join link carries: it is in the fragment of the URL, which browsers send to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JoinLink {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// Its secret.
    pub secret: Secret,
    /// Its name, so that who joins sees what they join.
    pub name: String,
}

/// The join link's text in a URL's fragment: `join=<workspace>.<secret>.<name>`.
impl std::fmt::Display for JoinLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "join={}.{}.", self.workspace, self.secret)?;
        for byte in self.name.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => {
                    write!(f, "{}", byte as char)?
                }
                _ => write!(f, "%{byte:02X}")?,
            }
        }
        Ok(())
    }
}

impl JoinLink {
    /// Whether a text holds a join link, or what is left of one.
    pub fn is_in(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        ["join=", "join%3d", "join%253d", "join-3d", "#join"]
            .iter()
            .any(|sign| lower.contains(sign))
    }
}

impl std::str::FromStr for JoinLink {
    type Err = Problem;

    /// Reads a link wherever it stands in a text: whole, what follows its `#`, in a sentence, encoded
    /// within the address of a scanner of mails, broken into lines, quoted.
    fn from_str(text: &str) -> Result<JoinLink, Problem> {
        let unbroken = || {
            let text = text.replace("=\n", "").replace("=\r\n", "");
            text.chars()
                .filter(|c| c.is_ascii_graphic() && *c != '>')
                .collect::<String>()
        };
        link_in(text)
            .or_else(|| link_in(&unbroken()))
            .ok_or(Problem::BadLink)
    }
}

/// The signs between `join` and the workspace: plain, in a mail's own way, encoded once and twice, and
/// as a scanner writes it.
const SIGNS: [&str; 7] = ["=", "=3D", "%3D", "%3d", "%253D", "%253d", "-3D"];

/// The digits of a workspace, and of its secret.
const DIGITS: usize = 32;

/// A full stop: plain, encoded once and twice, and as a scanner writes it.
const DOTS: [&str; 6] = [".", "%2E", "%2e", "%252E", "%252e", "-2E"];

/// The digits at the start of a text, whatever broke them into lines, and what follows.
fn key(text: &str) -> Option<(String, &str)> {
    let (mut key, mut rest) = (String::with_capacity(DIGITS), text);
    while key.len() < DIGITS {
        rest = past_break(rest);
        let digit = rest.chars().next().filter(char::is_ascii_hexdigit)?;
        key.push(digit);
        rest = &rest[1..];
    }
    Some((key, rest))
}

fn past_dot(text: &str) -> Option<&str> {
    let rest = past_break(text);
    DOTS.iter().find_map(|dot| rest.strip_prefix(dot))
}

/// A text without the spaces, line breaks and marks of quotes before it, plain or encoded.
fn past_break(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| !c.is_ascii_graphic() || "=>".contains(c));
    let code = rest
        .strip_prefix('%')
        .map(|code| code.trim_start_matches("25"));
    let codes = ["20", "09", "0A", "0a", "0D", "0d"];
    match codes.iter().find_map(|blank| code?.strip_prefix(blank)) {
        Some(rest) => past_break(rest),
        None => rest,
    }
}

fn link_in(text: &str) -> Option<JoinLink> {
    let starts = text.match_indices("join");
    let links = starts.flat_map(|(at, word)| {
        let rest = &text[at + word.len()..];
        SIGNS.iter().filter_map(|sign| {
            let (workspace, rest) = key(rest.strip_prefix(sign)?)?;
            let behind = past_dot(rest)?;
            let (secret, rest) = key(behind)?;
            let is_broken = behind.len() - rest.len() > DIGITS;
            let name = match past_dot(rest) {
                Some(name) => name,
                // Digits of the key, or words behind it that were taken for them.
                None if is_broken || rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => {
                    return None;
                }
                None => "",
            };
            let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || "-_%".contains(c)));
            let mut name = name[..end.unwrap_or(name.len())].to_owned();
            // What was encoded around the link is encoded in its name too.
            if *sign == "-3D" {
                name = name.replace('-', "%");
            }
            for _ in 0..if *sign == "=" { 1 } else { 3 } {
                name = unescape(&name).unwrap_or(name);
            }
            Some(JoinLink {
                workspace: workspace.parse().ok()?,
                secret: secret.parse().ok()?,
                name: clean(&name),
            })
        })
    });
    links.last()
}

fn unescape(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (rest.next()?, rest.next()?);
                let digit = |b: u8| (b as char).to_digit(16);
                (digit(high)? * 16 + digit(low)?) as u8
            }
            other => other,
        });
    }
    let name = String::from_utf8(bytes).ok()?;
    (name.chars().count() <= 120).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_link_survives_its_url() {
        let link = JoinLink {
            workspace: WorkspaceId([7; 16]),
            secret: Secret([9; 16]),
            name: "Cave Kervella & fils, n° 1.2".into(),
        };
        assert_eq!(format!("https://terrain.example/#{link}").parse(), Ok(link));
    }

    #[test]
    fn a_join_link_is_read_whatever_a_mail_made_of_it() {
        let link = JoinLink {
            workspace: WorkspaceId([7; 16]),
            secret: Secret([0x3d; 16]),
            name: "Cave Kervella".into(),
        };
        let url = format!("https://terrain.example/#{link}");
        let encoded = |text: &str| {
            let pairs = [
                ("%", "%25"),
                (":", "%3A"),
                ("/", "%2F"),
                ("#", "%23"),
                ("=", "%3D"),
            ];
            pairs.iter().fold(text.to_owned(), |text, (sign, code)| {
                text.replace(sign, code)
            })
        };
        let (id, rest) = url.split_at(url.len() - 60);
        for text in [
            format!("join us: {url}. See you!"),
            format!("<a href=\"{url}\">{url}</a>"),
            format!("<{url}>"),
            format!(
                "https://terrain.example/%23join%3D{}",
                &link.to_string()[5..]
            ),
            format!(
                "https://eur01.safelinks.example/?url={}&data=05%7C02",
                encoded(&url)
            ),
            format!("https://scan.example/v3/__{url}__;Iw!!abc$"),
            format!(
                "https://urldefense.example/v2/url?u={}&d=D",
                encoded(&url).replace('%', "-").replace('/', "_")
            ),
            format!(
                "https://a.example/?u={}",
                encoded(&format!("https://b.example/?url={}", encoded(&url)))
            ),
            format!("https://terrain.example/?utm=1#{link}&utm_source=mail"),
            url.replace("join=", "join=3D"),
            format!("{id}\n{rest}"),
            format!("> {id}\r\n> {rest}\n> Bye"),
            format!("{id}=\r\n{rest}"),
            format!("{id} {rest}"),
            format!("{id}\u{200b}{rest}"),
            url.replace(".Cave", "\n.Cave"),
            url.replace('.', "%2E"),
            url.replace('.', "%252e"),
            url.replace(".3d", " . 3d"),
            format!("{id}%20{rest}"),
            format!("{id}%0D%0A{rest}"),
            format!("{id}%250A%2520{rest}"),
            format!("{id}\n  {rest} and hello"),
            url.replace("3d", "3d%20"),
        ] {
            let read: JoinLink = text.parse().unwrap_or_else(|_| panic!("{text}"));
            assert_eq!(
                (read.workspace, read.secret),
                (link.workspace, link.secret),
                "{text}"
            );
            assert!(
                read.name.is_empty()
                    || link.name.starts_with(&read.name)
                    || read.name.starts_with(&link.name),
                "{text}"
            );
            assert!(JoinLink::is_in(&text), "{text}");
        }
        let named = format!("https://a.example/?url={}", encoded(&url));
        assert_eq!(named.parse(), Ok(link));
    }

    #[test]
    fn a_damaged_link_is_refused() {
        for text in [
            "",
            "join=",
            "join=abc.def.x",
            "https://terrain.example/",
            "join=%%%",
            // Two digits are missing, and words follow that begin with some.
            "join=07070707070707070707070707070707.090909090909090909090909090909 be there",
        ] {
            assert_eq!(text.parse::<JoinLink>(), Err(Problem::BadLink), "{text}");
        }
    }
}
