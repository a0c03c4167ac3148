//! Bytes to text: UTF-8, UTF-16, Windows-1252 or MacRoman.

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
    /// What Macs wrote there, and Excel on them still writes.
    MacRoman,
}

impl Encoding {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16 => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
            Encoding::MacRoman => "MacRoman",
        }
    }

    /// All of them, in the order of the form.
    pub const ALL: [Encoding; 4] = [
        Encoding::Utf8,
        Encoding::Windows1252,
        Encoding::MacRoman,
        Encoding::Utf16,
    ];
}

/// The characters of the bytes 0x80 to 0x9F (WHATWG Encoding, index-windows-1252).
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The characters of the bytes 0x80 to 0xFF (WHATWG Encoding, index-macintosh).
const MAC_ROMAN: &str = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u{a0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\u{f8ff}ÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

/// The text of a file, in the encoding that a person says it has or else the likeliest one.
///
/// # Errors
/// It is empty, larger than [`BYTES_LIMIT`], a workbook, or no text.
pub fn decode(bytes: &[u8], said: Option<Encoding>) -> Result<(String, Encoding), FileError> {
    if bytes.len() > BYTES_LIMIT {
        return Err(FileError::TooLarge(bytes.len()));
    }
    // A zip archive (xlsx, ods) and an OLE compound file (xls).
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Err(FileError::Workbook);
    }
    let (text, encoding) = match bytes {
        _ if said.is_some() => {
            let said = said.unwrap_or(Encoding::Utf8);
            (text_in(bytes, said), said)
        }
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
    let encoding = match is_mac(bytes) {
        true => Encoding::MacRoman,
        false => Encoding::Windows1252,
    };
    (text_in(bytes, encoding), encoding)
}

/// The text that the bytes are in an encoding.
fn text_in(bytes: &[u8], encoding: Encoding) -> String {
    let table = match encoding {
        Encoding::Utf8 => {
            let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
            return String::from_utf8_lossy(bytes).into_owned();
        }
        Encoding::Utf16 => {
            return match bytes {
                [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
                [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
                _ if zeros(bytes, 0) => utf16(bytes, u16::from_be_bytes),
                _ => utf16(bytes, u16::from_le_bytes),
            };
        }
        Encoding::Windows1252 => WINDOWS_1252,
        Encoding::MacRoman => MAC_ROMAN,
    };
    let high: Vec<char> = table.chars().collect();
    let text = bytes.iter().map(|byte| match byte {
        0..=0x7f => char::from(*byte),
        _ => {
            let high = high.get(usize::from(byte - 0x80));
            high.copied().unwrap_or(char::from(*byte))
        }
    });
    text.collect()
}

/// Whether letters with accents stand where Macs have them, beside plain ones.
fn is_mac(bytes: &[u8]) -> bool {
    let beside = |at: usize| {
        let letter = |at: Option<usize>| {
            at.and_then(|at| bytes.get(at))
                .is_some_and(u8::is_ascii_alphabetic)
        };
        letter(at.checked_sub(1)) || letter(Some(at + 1))
    };
    let (mut mac, mut windows) = (0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            0x83 | 0x87..=0x90 | 0x99..=0x9f if beside(at) => mac += 1,
            0xc0..=0xff if beside(at) => windows += 1,
            _ => {}
        }
    }
    mac > windows
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
        decode(bytes, None).map(|(text, _)| text)
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
            decode(&text.as_bytes()[..79], None).map(|(_, e)| e),
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

    #[test]
    fn what_a_mac_wrote_is_told_from_what_windows_wrote() {
        let mac = b"Nom;Pr\x8enom\nGu\x8eguen;Aur\x8elie\nLe D\x9e;Fran\x8dois\n";
        let (text, encoding) = decode(mac, None).unwrap();
        assert_eq!(encoding, Encoding::MacRoman);
        assert_eq!(text, "Nom;Prénom\nGuéguen;Aurélie\nLe Dû;François\n");
        let windows = "Nom;Pr\u{e9}nom\nL\u{92}H\u{f4}te;\u{8a}ime \u{9c}uvre\n";
        let windows: Vec<u8> = windows.chars().map(|c| c as u8).collect();
        assert_eq!(decode(&windows, None).unwrap().1, Encoding::Windows1252);
    }

    #[test]
    fn a_person_may_say_the_encoding() {
        let said = |encoding| decode("é,a".as_bytes(), Some(encoding)).unwrap();
        assert_eq!(said(Encoding::Utf8).0, "é,a");
        assert_eq!(said(Encoding::Windows1252).0, "Ã©,a");
        assert_eq!(said(Encoding::MacRoman).0, "√©,a");
        assert_eq!(MAC_ROMAN.chars().count(), 128);
    }
}
