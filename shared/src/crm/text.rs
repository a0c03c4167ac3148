//! Text made comparable: accents and case folded, and what nobody typed on purpose taken out.

pub use super::input::phone_key;

/// The base letters of U+00C0 to U+017F. A digit stands for two letters, a dot for none.
const LATIN: &[u8; 192] = b"aaaaaa1ceeeeiiiidnooooo.ouuuuy43\
aaaaaa1ceeeeiiiidnooooo.ouuuuy4y\
aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii55jjkkkllllllllllnnnnnnnnnoooooo22\
rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/// The zeros of the decimal digits of other scripts, nine digits behind each (Unicode 16, `Nd`).
const ZEROS: [u16; 36] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10,
];

/// The plain sign for one that is only written in another way: `A` for `Ａ` and `𝐀`, `3` for `٣`.
#[inline(never)] // once in the page, not once for each that folds
pub fn plain(c: char) -> char {
    let from = |first: u8, places: u32| (first + places as u8) as char;
    match c as u32 {
        0..0x660 => c,
        0x66b => '.',
        0x66c => '\'',
        0x3000 => ' ',
        at @ 0xff01..=0xff5e => from(b'!', at - 0xff01),
        at @ 0x1d400..=0x1d6a3 => match (at - 0x1d400) % 52 {
            place @ 0..26 => from(b'A', place),
            place => from(b'a', place - 26),
        },
        at @ 0x1d7ce..=0x1d7ff => from(b'0', (at - 0x1d7ce) % 10),
        at => {
            let places = ZEROS.iter().map(|zero| at.wrapping_sub(u32::from(*zero)));
            let mut digits = places.filter(|place| *place < 10);
            digits.next().map_or(c, |digit| from(b'0', digit))
        }
    }
}

/// What a letter sorts and is found as: its lowercase base letters.
fn push_folded(out: &mut String, c: char) {
    let base = match c {
        '\0'..='\u{7f}' => return out.push(c.to_ascii_lowercase()),
        '\u{c0}'..='\u{17f}' => match LATIN[c as usize - 0xc0] {
            b'1' => "ae",
            b'2' => "oe",
            b'3' => "ss",
            b'4' => "th",
            b'5' => "ij",
            b'.' => "",
            letter => return out.push(letter as char),
        },
        '\u{300}'..='\u{36f}' => "",
        '\u{1a0}' | '\u{1a1}' | '\u{1ecc}'..='\u{1ee3}' => "o",
        '\u{1af}' | '\u{1b0}' | '\u{1ee4}'..='\u{1ef1}' => "u",
        '\u{1ea0}'..='\u{1eb7}' => "a",
        '\u{1eb8}'..='\u{1ec7}' => "e",
        '\u{1ec8}'..='\u{1ecb}' => "i",
        '\u{1ef2}'..='\u{1ef9}' => "y",
        '\u{1e80}'..='\u{1e89}' => "w",
        '\u{218}' | '\u{219}' => "s",
        '\u{1d49}' => "e",
        '\u{2b3}' => "r",
        '\u{21a}' | '\u{21b}' => "t",
        '\u{1e9e}' => "ss",
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return out.extend(plain(c).to_lowercase()),
    };
    out.push_str(base);
}

/// The text in lowercase and without accents; `Œuvrée à Nîmes` gives `oeuvree a nimes`.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_folded(&mut out, c));
    out
}

/// The text in lowercase, letter by letter.
pub fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Appends the folded text with everything but letters and digits as single spaces, no space first
/// or last of its own: `L’Auberge du Port` gives `l auberge du port`.
pub fn push_words(out: &mut String, text: &str) {
    let mut gap = false;
    let start = out.len();
    for c in text.chars() {
        let mark = ('\u{300}'..='\u{36f}').contains(&c);
        if c.is_ascii_alphanumeric() || mark || (!c.is_ascii() && c.is_alphanumeric()) {
            if gap && out.len() > start {
                out.push(' ');
            }
            gap = false;
            push_folded(out, c);
        } else {
            gap = true;
        }
    }
}

/// As [`push_words`], alone: what names are compared by.
pub fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_words(&mut out, text);
    out
}

/// One line as somebody meant it: without control characters, text direction overrides and
/// invisible characters, white space trimmed and single.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let before = out.len();
        if before > 0 {
            out.push(' ');
        }
        let start = out.len();
        push_clean(&mut out, word);
        if out.len() == start {
            out.truncate(before);
        }
    }
    out
}

/// Several lines as somebody meant them: as [`clean`], with the line breaks kept.
pub fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text
        .replace("\r\n", "\n")
        .split(['\n', '\r', '\u{2028}', '\u{2029}', '\u{85}'])
        .map(clean)
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn push_clean(out: &mut String, text: &str) {
    for c in text.chars() {
        let keep = match c {
            // Joiners belong inside emoji and some scripts; among Latin letters they only hide.
            '\u{200c}' | '\u{200d}' => out.ends_with(|before| before >= '\u{600}'),
            '\u{ad}' | '\u{61c}' | '\u{feff}' | '\u{180e}' => false,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' => false,
            '\u{2060}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}' => false,
            _ => !c.is_control(),
        };
        if keep {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_ligatures_fold_away() {
        let check = |text, folded| assert_eq!(fold(text), folded);
        check("Œuvrée à Nîmes", "oeuvree a nimes");
        check("ÇA Straße ẞ Æsir", "ca strasse ss aesir");
        check(
            "Wacław Żółć Dvořák Șerban Đức",
            "waclaw zolc dvorak serban duc",
        );
        check("e\u{301}te\u{301} ﬁn", "ete fin");
        check("Ὀδυσσεύς ДОМ", "ὀδυσσεύς дом");
        check("ＬＥ　Ｇｏｆｆ＆１２ 𝐀𝓷𝓃𝗮 𝟙𝟠", "le goff&12 anna 18");
        check("٠٦ ۱۲ ९", "06 12 9");
    }

    #[test]
    fn every_letter_of_the_table_folds_to_its_base() {
        assert_eq!(LATIN.len(), 0x180 - 0xc0);
        for (letter, base) in [('Ł', "l"), ('ń', "n"), ('Ŕ', "r"), ('ſ', "s"), ('Ÿ', "y")] {
            assert_eq!(fold(&letter.to_string()), base, "{letter}");
        }
        for (letter, base) in [('Ě', "e"), ('ğ', "g"), ('İ', "i"), ('Ű', "u"), ('ž', "z")] {
            assert_eq!(fold(&letter.to_string()), base, "{letter}");
        }
    }

    #[test]
    fn names_compare_by_their_words() {
        assert_eq!(words("L’Auberge  du Port."), "l auberge du port");
        assert_eq!(words("  -- "), "");
        assert_eq!(words("Häring AG & Co. KGaA"), "haring ag co kgaa");
    }

    #[test]
    fn what_nobody_typed_on_purpose_goes() {
        assert_eq!(
            clean("  Ann\u{0}e\u{202e}\u{200b}  Le\tGoff\u{feff} "),
            "Anne Le Goff"
        );
        assert_eq!(clean("👩‍🌾 Léa"), "👩‍🌾 Léa");
        assert_eq!(clean("\u{202e} "), "");
        assert_eq!(
            clean_lines("\r\n12 rue  X\r\n56000 Y\r\n"),
            "12 rue X\n56000 Y"
        );
    }
}
