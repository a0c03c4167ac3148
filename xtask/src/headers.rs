//! The headers of everything the static-assets binding serves, as its `_headers` file.
use std::fmt::Write;

/// What every answer carries, one header a line; the room worker puts the same on answers of its own.
const EVERYWHERE: &str = include_str!("../../edge-worker/headers.txt");

/// The text of `_headers`: files under `/assets/` are named by their content and never change, all else is asked for anew.
///
/// `no-transform` keeps proxies from rewriting what the service worker compares with its digests.
pub fn text() -> String {
    let mut text = "/*\n".to_owned();
    for line in EVERYWHERE.lines() {
        writeln!(text, "  {line}").expect("a string takes all");
    }
    text.push_str("  Cache-Control: no-cache, no-transform\n");
    text.push_str("/assets/*\n  ! Cache-Control\n");
    text.push_str("  Cache-Control: public, max-age=31536000, immutable\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inline_and_nothing_evaluated_is_allowed() {
        assert!(text().contains("Content-Security-Policy: default-src 'none';"));
        assert!(!text().contains("unsafe-inline"));
        assert!(!text().contains("'unsafe-eval'"));
    }

    #[test]
    fn lines_stay_under_the_platform_limit() {
        // https://developers.cloudflare.com/workers/static-assets/headers/ : 2,000 characters a line
        assert!(text().lines().all(|line| line.len() < 2000));
    }
}
