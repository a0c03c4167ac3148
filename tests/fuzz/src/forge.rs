//! Making checksums right again, so that a mutation is not refused for its checksum alone. Written
//! apart from what it is for: a mistake there is not made here too.

pub mod change;

use shared::id::sha256;

/// The first bytes of a chunk.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];

/// A number as unsigned LEB128.
pub fn leb(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}

/// A number as signed LEB128.
pub fn signed(mut number: i64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let byte = number as u8 & 0x7f;
        number >>= 7;
        if (number == 0 && byte & 0x40 == 0) || (number == -1 && byte & 0x40 != 0) {
            bytes.push(byte);
            return bytes;
        }
        bytes.push(byte | 0x80);
    }
}

/// Takes an unsigned LEB128 number off the front.
pub fn take_leb(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// A frame around a message's bytes.
pub fn frame(fields: &[u8]) -> Vec<u8> {
    [fields, &crc32fast::hash(fields).to_le_bytes()].concat()
}

/// A chunk around a body, with the right length and checksum.
pub fn chunk(body: &[u8]) -> Vec<u8> {
    let named = [&[1][..], &leb(body.len() as u64), body].concat();
    [&MAGIC, &sha256(&named)[..4], &named].concat()
}

/// The body of a chunk, whatever its checksum.
pub fn body(chunk: &[u8]) -> &[u8] {
    let mut rest = chunk.get(9..).unwrap_or_default();
    take_leb(&mut rest);
    rest
}

/// A batch of these items, with the check that its changes have. Encodings: 1 deflated, 2 short, 3 both.
pub fn packed(encoding: u8, plain: &[u8]) -> Vec<u8> {
    let mut hashes: Vec<[u8; 32]> = Vec::new();
    let mut rest = plain;
    while let Some(body) = next_body(&mut rest, encoding & 2 != 0, &hashes) {
        let named = [&[1][..], &leb(body.len() as u64), &body].concat();
        hashes.push(sha256(&named));
    }
    let mut bytes = vec![encoding];
    bytes.extend(&sha256(&hashes.concat())[..8]);
    if encoding & 1 == 1 {
        bytes.extend(miniz_oxide::deflate::compress_to_vec(plain, 1));
    } else {
        bytes.extend(plain);
    }
    bytes
}

fn next_body(rest: &mut &[u8], is_short: bool, before: &[[u8; 32]]) -> Option<Vec<u8>> {
    if take_leb(rest)? == 0 {
        *rest = rest.get(16..)?;
        take_leb(rest)?;
    }
    let mut body = Vec::new();
    let builds = if is_short { take_leb(rest)? } else { 0 };
    if builds > 0 {
        body.push(u8::try_from(builds).ok()?);
    }
    for _hash in 0..builds {
        match usize::try_from(take_leb(rest)?).ok()? {
            0 => {
                body.extend(rest.get(..32)?);
                *rest = &rest[32..];
            }
            back => body.extend(before.get(before.len().checked_sub(back)?)?),
        }
    }
    let length = usize::try_from(take_leb(rest)?).ok()?;
    body.extend(rest.get(..length)?);
    *rest = &rest[length..];
    Some(body)
}

/// What a batch holds when inflated, as far as it can be read.
pub fn plain(packed: &[u8]) -> Vec<u8> {
    let rest = packed.get(9..).unwrap_or_default();
    if packed.first().is_some_and(|encoding| encoding & 1 == 0) {
        return rest.to_vec();
    }
    inflate(rest)
}

/// Up to a mebibyte of what is deflated.
pub fn inflate(bytes: &[u8]) -> Vec<u8> {
    match miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, 1 << 20) {
        Ok(plain) => plain,
        Err(error) => error.output,
    }
}

/// A parcel of these bytes.
pub fn parcel(plain: &[u8]) -> Vec<u8> {
    let deflated = miniz_oxide::deflate::compress_to_vec(plain, 1);
    [&[2][..], &sha256(plain)[..8], &deflated].concat()
}

/// Strands, inflated, behind an encoding and a check.
pub fn strands(before: &[u8], strands: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = before.to_vec();
    for strand in strands {
        let deflated = miniz_oxide::deflate::compress_to_vec(strand, 1);
        bytes.extend(leb(deflated.len() as u64));
        bytes.extend(deflated);
    }
    bytes
}

/// The strands of a batch or a parcel, inflated, as far as they can be read.
pub fn unstrand(packed: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = packed.get(9..).unwrap_or_default();
    let mut strands = Vec::new();
    while let Some(length) = take_leb(&mut rest) {
        let length = usize::try_from(length).unwrap_or_default().min(rest.len());
        let (deflated, behind) = rest.split_at(length);
        strands.push(inflate(deflated));
        rest = behind;
    }
    strands
}
