//! Characters that turn the direction of a text.

/// The text without what turns its direction for all that follows, so that `exe.txt` is not shown
/// where `txt.exe` is written, nor its neighbours turned with it.
pub fn undirected(text: String) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    match text.contains(turns) {
        true => text.replace(turns, ""),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_turns_the_direction_of_what_follows() {
        let turned = "txt.\u{202e}exe\u{2067}\u{202c} \u{5d0}\u{200f}".to_owned();
        assert_eq!(undirected(turned), "txt.exe \u{5d0}\u{200f}");
    }
}
