//! Identifiers: 128 random bits (64 for a person), shown as lowercase hexadecimal.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// A text that is not the hexadecimal form of an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} hexadecimal digits, got {found:?}")]
pub struct ParseIdError {
    /// How many digits this kind of identifier has.
    pub expected: usize,
    /// The text that was given, cut to 64 characters.
    pub found: String,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $bytes:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; $bytes]);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                parse_hex(text).map($name).ok_or_else(|| ParseIdError {
                    expected: $bytes * 2,
                    found: text.chars().take(64).collect(),
                })
            }
        }
    };
}

id!(
    /// Names a record, which is one document, within its workspace.
    RecordId, 16
);
id!(
    /// Names a workspace: a tenant, with its own log and its own room.
    WorkspaceId, 16
);
id!(
    /// Names one installation of the app: a browser profile on a device.
    DeviceId, 16
);
id!(
    /// Names a person within the workspaces they belong to.
    PersonId, 8
);
id!(
    /// The secret in a workspace's join link. Its `Debug` and `Display` show it: log neither.
    Secret, 16
);
id!(
    /// The SHA-256 hash of a change, which is its name everywhere.
    ChangeHash, 32
);

impl RecordId {
    /// The id of a record that comes from elsewhere, the same on every device that imports it:
    /// the first 16 bytes of SHA-256 over workspace, record type and key.
    pub fn derived(workspace: WorkspaceId, kind: &str, key: &str) -> RecordId {
        let mut hasher = Sha256::new();
        hasher.update(b"terrain record\0");
        hasher.update(workspace.0);
        hasher.update(kind.as_bytes());
        hasher.update([0]);
        hasher.update(key.as_bytes());
        RecordId(first_16(hasher))
    }
}

/// One linear writer of a document: the person, then what tells this engine instance from all others.
/// Automerge calls it an actor; two writers that shared one would lock each other out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Writer {
    /// Whose edits these are.
    pub person: PersonId,
    /// Random, drawn anew each time an engine starts.
    pub instance: [u8; 8],
}

impl Writer {
    /// The 16 bytes that stand in each change as its actor.
    pub fn to_bytes(self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.person.0);
        bytes[8..].copy_from_slice(&self.instance);
        bytes
    }

    /// The writer of a change, or `None` when the bytes are not of this shape.
    pub fn from_bytes(bytes: &[u8]) -> Option<Writer> {
        let bytes: &[u8; 16] = bytes.try_into().ok()?;
        let (person, instance) = bytes.split_at(8);
        Some(Writer {
            person: PersonId(person.try_into().ok()?),
            instance: instance.try_into().ok()?,
        })
    }
}

/// The SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

fn first_16(hasher: Sha256) -> [u8; 16] {
    let digest = hasher.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    bytes
}

fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = RecordId([0xa7; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!("a7".parse::<RecordId>().is_err());
        assert!("+7".repeat(16).parse::<RecordId>().is_err());
    }

    #[test]
    fn a_derived_id_depends_on_all_its_parts() {
        let of = |w, kind, key| RecordId::derived(WorkspaceId([w; 16]), kind, key);
        assert_eq!(of(1, "contact", "a@b.fr"), of(1, "contact", "a@b.fr"));
        assert_ne!(of(1, "contact", "a@b.fr"), of(2, "contact", "a@b.fr"));
        assert_ne!(of(1, "contact", "a@b.fr"), of(1, "company", "a@b.fr"));
        assert_ne!(of(1, "contact", "a@b.fr"), of(1, "contact", "a@c.fr"));
    }
}
