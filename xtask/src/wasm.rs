//! Stamps on glue and wasm: the two files of a pair carry the same mark, which the boot scripts compare at start.
use anyhow::{Result, bail};

/// The name of the custom section that holds the mark.
pub const SECTION: &str = "terrain.pair";

/// The module with one custom section more.
///
/// # Errors
/// When the bytes are not a WebAssembly module.
pub fn stamp(module: &[u8], mark: &str) -> Result<Vec<u8>> {
    if !module.starts_with(b"\0asm\x01\0\0\0") {
        bail!("not a WebAssembly module");
    }
    let mut body = Vec::new();
    leb128(&mut body, SECTION.len());
    body.extend(SECTION.as_bytes());
    body.extend(mark.as_bytes());
    let mut stamped = module.to_vec();
    stamped.push(0);
    leb128(&mut stamped, body.len());
    stamped.extend(body);
    Ok(stamped)
}

fn leb128(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).expect("seven bits fit");
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_a_custom_section_at_the_end() {
        let stamped = stamp(b"\0asm\x01\0\0\0", "ab").unwrap();
        assert_eq!(&stamped[8..], b"\0\x0f\x0cterrain.pairab");
    }

    #[test]
    fn only_wasm_is_stamped() {
        assert!(stamp(b"<!doctype html>", "ab").is_err());
    }
}
