//! Whole records, as they travel and as the server keeps them.
//!
//! ```text
//! parcel := encoding (2 deflate) · check (8 bytes) · deflated records
//!         | encoding (3 strands) · check (8 bytes) · strands
//! record := postcard of [`Kept`]
//! ```
//! `check` is the beginning of SHA-256 over the inflated records; `parted` says how records are strands,
//! since protocol 3. What a record's row holds is of no account here.

mod parted;

use super::message::{BATCH_BYTES, PROTOCOL, RECORDS_LIMIT};
use super::strands::{Broken, Effort, STRANDS_SINCE};
use super::validation::Bytes;
use crate::id::{RecordId, sha256};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

const DEFLATED: u8 = 2;
const STRANDS: u8 = 3;
/// The most bytes of a parcel once inflated: a single record may be larger than a batch.
pub const PARCEL_BYTES: usize = 8 * BATCH_BYTES;
/// The most records in a parcel.
pub const PARCEL_RECORDS: usize = 512;
/// The fewest bytes of a change: magic, checksum, a dependency and the writer are more.
const CHANGE_LEAST: usize = 32;

/// A whole record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Which record.
    pub document: RecordId,
    /// Which life of it.
    pub generation: u32,
    /// Its history up to some point as one snapshot; empty where there is none.
    pub snapshot: Bytes,
    /// The changes that are not in the snapshot, each after those that it builds on.
    #[serde(deserialize_with = "whole_changes")]
    pub changes: Vec<Bytes>,
    /// Its row after all of them, with the form that it is in; empty where it is not known.
    pub row: Bytes,
}

/// Changes of a believable length: a few bytes that stand for millions of empty ones would fill the memory.
fn whole_changes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Bytes>, D::Error> {
    struct Whole;
    impl<'de> Visitor<'de> for Whole {
        type Value = Vec<Bytes>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("changes")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Bytes>, A::Error> {
            let mut changes = Vec::new();
            while let Some(change) = seq.next_element::<Bytes>()? {
                if change.0.len() < CHANGE_LEAST {
                    return Err(A::Error::custom("too short"));
                }
                changes.push(change);
            }
            Ok(changes)
        }
    }
    deserializer.deserialize_seq(Whole)
}

/// Why a parcel can't be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParcelError {
    /// It is of an encoding that a newer protocol may know.
    #[error("unknown encoding {0}")]
    Encoding(u8),
    /// It holds more than a parcel may.
    #[error("more than {PARCEL_RECORDS} records or {PARCEL_BYTES} bytes")]
    TooLarge,
    /// It does not inflate, or is not what was packed.
    #[error("damaged")]
    Damaged,
}

impl From<Broken> for ParcelError {
    fn from(broken: Broken) -> ParcelError {
        match broken {
            Broken::TooLarge => ParcelError::TooLarge,
            Broken::Damaged => ParcelError::Damaged,
        }
    }
}

/// Records, packed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parcel(pub Vec<u8>);

impl Parcel {
    /// Packs records to be kept; none make an empty parcel.
    pub fn pack(records: &[Kept]) -> Parcel {
        Parcel::packed(PROTOCOL, records, Effort::Kept)
    }

    /// Packs records for a receiver that speaks this protocol, and waits.
    pub fn pack_for(protocol: u16, records: &[Kept]) -> Parcel {
        Parcel::packed(protocol, records, Effort::Waited)
    }

    fn packed(protocol: u16, records: &[Kept], effort: Effort) -> Parcel {
        if records.is_empty() {
            return Parcel::default();
        }
        let strands = (protocol >= STRANDS_SINCE).then(|| parted::pack(records, effort));
        if let Some(parcel) = strands.flatten() {
            return parcel;
        }
        let plain = postcard::to_allocvec(records).expect("plain data always encodes");
        let mut bytes = vec![DEFLATED];
        bytes.extend(&sha256(&plain)[..8]);
        bytes.extend(miniz_oxide::deflate::compress_to_vec(&plain, 6));
        Parcel(bytes)
    }

    /// Whether a receiver that speaks this protocol can open it.
    pub fn is_for(&self, protocol: u16) -> bool {
        protocol >= STRANDS_SINCE || self.0.first() != Some(&STRANDS)
    }

    /// Opens a parcel.
    ///
    /// # Errors
    /// It is damaged, too large, or of an unknown encoding.
    pub fn open(&self) -> Result<Vec<Kept>, ParcelError> {
        use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
        let Some((&encoding, rest)) = self.0.split_first() else {
            return Ok(Vec::new());
        };
        let (check, deflated) = match encoding {
            DEFLATED | STRANDS => rest.split_at_checked(8).ok_or(ParcelError::Damaged)?,
            other => return Err(ParcelError::Encoding(other)),
        };
        if encoding == STRANDS {
            return Ok(parted::open(check, deflated)?);
        }
        let plain = decompress_to_vec_with_limit(deflated, PARCEL_BYTES).map_err(|error| {
            if error.status == TINFLStatus::HasMoreOutput {
                ParcelError::TooLarge
            } else {
                ParcelError::Damaged
            }
        })?;
        if sha256(&plain)[..8] != *check {
            return Err(ParcelError::Damaged);
        }
        match postcard::take_from_bytes::<Vec<Kept>>(&plain) {
            Ok((records, [])) if records.len() <= PARCEL_RECORDS => Ok(records),
            Ok((_, [])) => Err(ParcelError::TooLarge),
            Ok(_) | Err(_) => Err(ParcelError::Damaged),
        }
    }
}

impl Serialize for Parcel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Parcel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = <&[u8]>::deserialize(deserializer)?;
        if bytes.len() > RECORDS_LIMIT {
            return Err(D::Error::custom("too long"));
        }
        Ok(Parcel(bytes.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(number: u8) -> Kept {
        Kept {
            document: RecordId([number; 16]),
            generation: 0,
            snapshot: Bytes(vec![number; 300]),
            changes: vec![Bytes(vec![1; 80])],
            row: Bytes(vec![number; 90]),
        }
    }

    #[test]
    fn records_survive_the_way() {
        let records = vec![kept(1), kept(2)];
        for protocol in [2, 3] {
            let parcel = Parcel::pack_for(protocol, &records);
            assert!(parcel.0.len() < 200);
            assert_eq!(parcel.open(), Ok(records.clone()));
            assert!(parcel.is_for(protocol));
        }
        assert!(!Parcel::pack(&records).is_for(2));
        assert_eq!(Parcel::pack(&[]).open(), Ok(Vec::new()));
    }

    #[test]
    fn a_damaged_parcel_is_refused() {
        for protocol in [2, 3] {
            let parcel = Parcel::pack_for(protocol, &[kept(1)]);
            for bit in 8..parcel.0.len() * 8 {
                let mut flipped = parcel.clone();
                flipped.0[bit / 8] ^= 1 << (bit % 8);
                // the last bits of a deflated stream may mean nothing
                assert!(flipped.open().is_err() || flipped.open() == parcel.open());
            }
            for cut in 1..parcel.0.len() {
                assert!(Parcel(parcel.0[..cut].to_vec()).open().is_err());
            }
            let many = vec![kept(1); PARCEL_RECORDS + 1];
            let many = Parcel::pack_for(protocol, &many);
            assert_eq!(many.open(), Err(ParcelError::TooLarge));
        }
        assert_eq!(Parcel(vec![9]).open(), Err(ParcelError::Encoding(9)));
        let mut bomb = vec![DEFLATED];
        bomb.extend([0; 8]);
        let zeros = vec![0; PARCEL_BYTES + 1];
        bomb.extend(miniz_oxide::deflate::compress_to_vec(&zeros, 6));
        assert_eq!(Parcel(bomb).open(), Err(ParcelError::TooLarge));
    }

    #[test]
    fn what_is_too_large_as_strands_is_packed_as_before() {
        let mut large = kept(1);
        large.snapshot.0 = vec![7; PARCEL_BYTES - 3_420];
        large.changes = vec![Bytes(vec![1; 32]); 100];
        let parcel = Parcel::pack(&[large.clone()]);
        assert_eq!(parcel.0[0], DEFLATED);
        assert_eq!(parcel.open(), Ok(vec![large]));
    }
}
