//! A QR code as one SVG path.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write as _;

/// The code's dark modules as a path, one unit a module, and how many modules a side has; `None` when the
/// text is longer than a code holds.
pub fn path(text: &str) -> Option<(String, i32)> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size())
                .take_while(|x| code.get_module(*x, y))
                .count() as i32;
            if run > 0 {
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    Some((path, code.size()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_a_path_that_begins_with_the_finder_pattern() {
        let (path, size) = path("https://terrain.example/#join=abc").expect("it is short");
        assert!(path.starts_with("M0 0h7v1h-7z"), "{path}");
        assert!(size >= 25);
    }

    #[test]
    fn a_text_that_no_code_holds_has_no_path() {
        assert_eq!(path(&"é".repeat(4000)), None);
    }
}
