//! The envelope of everything stored on the device.
//!
//! Bytes: version (1), packing (0 plain, 1 deflated), the first 8 bytes of SHA-256 over those two
//! and the payload, then the payload. A torn or flipped value is recognised before it is read.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use shared::id::sha256;

const VERSION: u8 = 1;
const PLAIN: u8 = 0;
const DEFLATED: u8 = 1;
const HEADER: usize = 10;
/// Payloads below this many bytes are not worth deflating.
const SMALL: usize = 400;
/// The most bytes that a value may inflate to.
const LIMIT: usize = 256 << 20;
/// Fast rather than small: a block is packed while someone may be typing.
const LEVEL: u8 = 3;

/// Why a stored value can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It is cut, flipped or not ours.
    #[error("damaged value of {0} bytes")]
    Damaged(usize),
    /// A later version of the app wrote it.
    #[error("envelope version {0}")]
    Newer(u8),
}

/// Wraps bytes for storage.
pub fn seal(plain: &[u8]) -> Vec<u8> {
    let packed = (plain.len() >= SMALL).then(|| compress_to_vec(plain, LEVEL));
    let packed = packed.filter(|packed| packed.len() < plain.len());
    let (packing, payload) = match &packed {
        Some(packed) => (DEFLATED, packed.as_slice()),
        None => (PLAIN, plain),
    };
    let mut sealed = Vec::with_capacity(HEADER + payload.len());
    sealed.extend([VERSION, packing]);
    sealed.extend([0; 8]);
    sealed.extend_from_slice(payload);
    let digest = digest(&sealed);
    sealed[2..HEADER].copy_from_slice(&digest);
    sealed
}

/// Unwraps what [`seal`] made.
///
/// # Errors
/// The value is damaged or of a later version.
pub fn open(sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let damaged = || SealError::Damaged(sealed.len());
    if sealed.len() < HEADER {
        return Err(damaged());
    }
    if sealed[2..HEADER] != digest(sealed) {
        return Err(damaged());
    }
    match (sealed[0], sealed[1]) {
        (VERSION, PLAIN) => Ok(sealed[HEADER..].to_vec()),
        (VERSION, DEFLATED) => {
            decompress_to_vec_with_limit(&sealed[HEADER..], LIMIT).map_err(|_| damaged())
        }
        (VERSION, _) => Err(damaged()),
        (version, _) => Err(SealError::Newer(version)),
    }
}

/// Over version, packing and payload, as if the digest's own place did not exist.
fn digest(sealed: &[u8]) -> [u8; 8] {
    let payload = sha256(&sealed[HEADER..]);
    let mut bytes = [0; 34];
    bytes[..2].copy_from_slice(&sealed[..2]);
    bytes[2..].copy_from_slice(&payload);
    let mut digest = [0; 8];
    digest.copy_from_slice(&sha256(&bytes)[..8]);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens() {
        for length in [0, 1, SMALL - 1, SMALL, 100_000] {
            let plain: Vec<u8> = (0..length).map(|i| (i % 61) as u8).collect();
            let sealed = seal(&plain);
            assert_eq!(open(&sealed), Ok(plain), "{length}");
        }
    }

    #[test]
    fn a_torn_or_flipped_value_is_recognised() {
        let sealed = seal(&[7; 1_000]);
        for cut in 0..sealed.len() {
            assert!(open(&sealed[..cut]).is_err(), "cut at {cut}");
        }
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(open(&flipped).is_err(), "flipped at {at}");
        }
    }

    #[test]
    fn a_later_envelope_is_told_from_a_damaged_one() {
        let mut sealed = seal(b"later");
        sealed[0] = 2;
        let digest = digest(&sealed);
        sealed[2..HEADER].copy_from_slice(&digest);
        assert_eq!(open(&sealed), Err(SealError::Newer(2)));
    }
}
