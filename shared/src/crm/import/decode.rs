//! Bytes to text: UTF-8, UTF-16 or Windows-1252.

use super::{BYTES_LIMIT, FileError};

/// How bytes stand for characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a mark at the start.
    Utf8,
    /// UTF-16, either byte order.
    Utf16,
    /// What Windows wrote in western Europe before Unicode.
    Windows1252,
}

impl Encoding {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16 => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
        }
    }
}

/// The characters of the bytes 0x80 to 0x9F (WHATWG Encoding, index-windows-1252).
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The text of a file.
///
/// # Errors
/// It is empty, larger than [`BYTES_LIMIT`], a workbook, or no text.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), FileError> {
    if bytes.len() > BYTES_LIMIT {
        return Err(FileError::TooLarge(bytes.len()));
    }
    // A zip archive (xlsx, ods) and an OLE compound file (xls).
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(FileError::Workbook);
    }
    let (text, encoding) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            (String::from_utf8_lossy(rest).into_owned(), Encoding::Utf8)
        }
        [0xff, 0xfe, rest @ ..] => (utf16(rest, u16::from_le_bytes), Encoding::Utf16),
        [0xfe, 0xff, rest @ ..] => (utf16(rest, u16::from_be_bytes), Encoding::Utf16),
        _ if zeros(bytes, 1) => (utf16(bytes, u16::from_le_bytes), Encoding::Utf16),
        _ if zeros(bytes, 0) => (utf16(bytes, u16::from_be_bytes), Encoding::Utf16),
        _ => eight_bits(bytes),
    };
    if text.trim().is_empty() {
        return Err(FileError::Empty);
    }
    let controls = text
        .chars()
        .filter(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{c}'))
        .count();
    if controls * 200 > text.len() {
        return Err(FileError::NotCsv);
    }
    Ok((text, encoding))
}

/// UTF-8 where nearly all of it is, else Windows-1252.
fn eight_bits(bytes: &[u8]) -> (String, Encoding) {
    let Err(_) = std::str::from_utf8(bytes) else {
        return (String::from_utf8_lossy(bytes).into_owned(), Encoding::Utf8);
    };
    let broken: usize = bytes
        .utf8_chunks()
        .filter(|chunk| !chunk.invalid().is_empty())
        .count();
    let valid = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars());
    if broken * 20 < valid.filter(|c| !c.is_ascii()).count() {
        // A file cut in the middle of a character, say.
        return (String::from_utf8_lossy(bytes).into_owned(), Encoding::Utf8);
    }
    let high: Vec<char> = WINDOWS_1252.chars().collect();
    let text = bytes.iter().map(|byte| match byte {
        0x80..=0x9f => high[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    });
    (text.collect(), Encoding::Windows1252)
}

/// Whether about every other byte is zero, as in UTF-16 without a mark.
fn zeros(bytes: &[u8], at: usize) -> bool {
    let sample = bytes.get(..bytes.len().min(400)).unwrap_or(bytes);
    let pairs = sample.chunks_exact(2);
    let zeros = pairs
        .clone()
        .filter(|pair| pair[at] == 0 && pair[1 - at] != 0)
        .count();
    pairs.len() >= 2 && zeros * 10 >= pairs.len() * 7
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, FileError> {
        decode(bytes).map(|(text, _)| text)
    }

    #[test]
    fn text_is_read_in_the_encodings_people_have() {
        assert_eq!(read("é,œ".as_bytes()), Ok("é,œ".into()));
        assert_eq!(read(b"\xef\xbb\xbfa,b"), Ok("a,b".into()));
        assert_eq!(
            read(b"Fran\xe7ois;\x80;\x9cuvre"),
            Ok("François;€;œuvre".into())
        );
        let little: Vec<u8> = "a,é\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "a,é\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(
            read(&[&b"\xff\xfe"[..], &little].concat()),
            Ok("a,é\n".into())
        );
        assert_eq!(read(&[&b"\xfe\xff"[..], &big].concat()), Ok("a,é\n".into()));
        assert_eq!(read(&little), Ok("a,é\n".into()));
        assert_eq!(read(&big), Ok("a,é\n".into()));
    }

    #[test]
    fn a_file_cut_within_a_character_stays_utf_8() {
        let text = "é".repeat(40);
        assert_eq!(
            decode(&text.as_bytes()[..79]).map(|(_, e)| e),
            Ok(Encoding::Utf8)
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(read(b""), Err(FileError::Empty));
        assert_eq!(read(b"\xef\xbb\xbf \n"), Err(FileError::Empty));
        assert_eq!(read(b"PK\x03\x04abc"), Err(FileError::Workbook));
        assert_eq!(
            read(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0"),
            Err(FileError::NotCsv)
        );
        let large = vec![b'a'; BYTES_LIMIT + 1];
        assert_eq!(read(&large), Err(FileError::TooLarge(BYTES_LIMIT + 1)));
    }
}
