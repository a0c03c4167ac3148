//! Sizes as they travel: brotli at its best for the page, gzip for the edge workers.
use anyhow::Result;
use std::io::{Cursor, Write};

/// The length in brotli, quality 11.
pub fn brotli_size(bytes: &[u8]) -> Result<usize> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut Cursor::new(bytes), &mut packed, &params)?;
    Ok(packed.len())
}

/// The length in gzip, level 9.
pub fn gzip_size(bytes: &[u8]) -> Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetition_is_small() {
        let bytes = vec![b'a'; 100_000];
        assert!(brotli_size(&bytes).unwrap() < 100);
        assert!(gzip_size(&bytes).unwrap() < 200);
    }
}
