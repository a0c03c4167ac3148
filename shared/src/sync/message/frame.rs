//! A message as a frame: its type, its fields, and a check over both.

use super::{FRAME_LIMIT, RECORDS_LIMIT, Refusal, ToClient, ToRoom};
use crate::mutants::mutant;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A message of either direction.
pub trait Message: Serialize + DeserializeOwned {
    /// How many types there are: the first byte is below.
    const TYPES: u8;
    /// The most bytes of its frame.
    const LIMIT: usize;
}

impl Message for ToRoom {
    const TYPES: u8 = 7;
    const LIMIT: usize = FRAME_LIMIT;
}

impl Message for ToClient {
    const TYPES: u8 = 11;
    const LIMIT: usize = RECORDS_LIMIT;
}

/// A message as a frame.
pub fn encode(message: &impl Message) -> Vec<u8> {
    let mut frame = postcard::to_allocvec(message).expect("a message of plain data always encodes");
    let check = crc32(&frame);
    frame.extend(check.to_le_bytes());
    frame
}

/// A message from a frame.
///
/// # Errors
/// The frame is too long, damaged, or of an unknown type.
pub fn decode<M: Message>(frame: &[u8]) -> Result<M, Refusal> {
    if frame.len() > M::LIMIT {
        return Err(Refusal::TooLarge {
            limit: M::LIMIT as u32,
        });
    }
    let message = frame.first().copied().unwrap_or_default();
    let bad = Refusal::BadFrame {
        message,
        length: frame.len() as u32,
    };
    let Some((fields, check)) = frame.split_last_chunk() else {
        return Err(bad);
    };
    if (crc32(fields) != u32::from_le_bytes(*check) && !mutant!(SkipsChecksum)) || fields.is_empty()
    {
        return Err(bad);
    }
    if message >= M::TYPES {
        return Err(Refusal::Unsupported { message });
    }
    match postcard::take_from_bytes(fields) {
        Ok((message, [])) => Ok(message),
        Ok(_) | Err(_) => Err(bad),
    }
}

/// The CRC-32 of ISO 3309, as in zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut at = 0;
        while at < 256 {
            let mut value = at as u32;
            let mut bit = 0;
            while bit < 8 {
                value = (value >> 1) ^ ((value & 1) * 0xedb8_8320);
                bit += 1;
            }
            table[at] = value;
            at += 1;
        }
        table
    };
    let crc = bytes.iter().fold(u32::MAX, |crc, byte| {
        TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8)
    });
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_type_is_told_apart_from_a_damaged_frame() {
        let framed = |fields: &[u8]| [fields, &crc32(fields).to_le_bytes()].concat();
        assert_eq!(
            decode::<ToRoom>(&framed(&[99, 1, 2])),
            Err(Refusal::Unsupported { message: 99 })
        );
        let frame = encode(&ToRoom::Pull { after: 70_000 });
        assert_eq!(decode(&frame), Ok(ToRoom::Pull { after: 70_000 }));
        for cut in 0..frame.len() {
            assert!(matches!(
                decode::<ToRoom>(&frame[..cut]),
                Err(Refusal::BadFrame { .. })
            ));
        }
        for bit in 0..frame.len() * 8 {
            let mut flipped = frame.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let refused = decode::<ToRoom>(&flipped);
            assert!(matches!(refused, Err(Refusal::BadFrame { .. })));
        }
        let longer = framed(&[2, 1, 0]);
        assert!(matches!(
            decode::<ToRoom>(&longer),
            Err(Refusal::BadFrame { .. })
        ));
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert!(matches!(
            decode::<ToRoom>(&vec![1; FRAME_LIMIT + 1]),
            Err(Refusal::TooLarge { .. })
        ));
    }
}
