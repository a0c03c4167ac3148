//! Several tags in one line of text, and back. A tag that holds what parts tags stands in quotation
//! marks.

use super::text;

/// The tags in a line, each once, whatever its case. `parts` are the signs that part them.
pub fn read(line: &str, parts: &[char]) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    let mut rest = line;
    loop {
        let (tag, after) = next(rest, parts);
        let tag = text::clean(&tag);
        let new = |tag: &str| !tags.iter().any(|own| text::lower(own) == text::lower(tag));
        if !tag.is_empty() && new(&tag) {
            tags.push(tag);
        }
        match after {
            Some(after) => rest = after,
            None => return tags,
        }
    }
}

/// The first tag, and what stands behind the sign after it.
fn next<'a>(line: &'a str, parts: &[char]) -> (String, Option<&'a str>) {
    let line = line.trim_start();
    if let Some(mut quoted) = line.strip_prefix('"') {
        let mut tag = String::new();
        while let Some((text, after)) = quoted.split_once('"') {
            tag.push_str(text);
            if let Some(after) = after.strip_prefix('"') {
                tag.push('"');
                quoted = after;
                continue;
            }
            let after = after.trim_start();
            if after.is_empty() {
                return (tag, None);
            }
            if let Some(after) = after.strip_prefix(parts) {
                return (tag, Some(after));
            }
            break;
        }
    }
    match line.split_once(parts) {
        Some((tag, after)) => (tag.to_owned(), Some(after)),
        None => (line.to_owned(), None),
    }
}

/// Tags as they are typed, with commas between.
pub fn write<'a>(tags: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::new();
    for tag in tags {
        if !line.is_empty() {
            line.push_str(", ");
        }
        if tag.contains([',', ';']) || tag.starts_with('"') {
            line.push('"');
            line.push_str(&tag.replace('"', "\"\""));
            line.push('"');
        } else {
            line.push_str(tag);
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tag_with_a_comma_stays_one_tag() {
        let tags = ["Vin, rouge", "12\" pipe", "\"L\"", "Bio"];
        let line = write(tags.into_iter());
        assert_eq!(line, r#""Vin, rouge", 12" pipe, """L""", Bio"#);
        assert_eq!(read(&line, &[',', ';']), tags);
        assert_eq!(read("Bio; bio ,Salon,", &[',', ';']), ["Bio", "Salon"]);
        assert_eq!(read("\"open, x", &[',']), ["\"open", "x"]);
        assert_eq!(read("a, b; c", &[';']), ["a, b", "c"]);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(tags in prop::collection::btree_set("[a-z ,;\"]{1,6}", 0..5)) {
            let tags: Vec<String> = tags.iter().map(|tag| text::clean(tag)).filter(|tag| !tag.is_empty()).collect();
            let unique: std::collections::BTreeSet<&String> = tags.iter().collect();
            prop_assume!(unique.len() == tags.len());
            let line = write(tags.iter().map(String::as_str));
            prop_assert_eq!(read(&line, &[',', ';']), tags);
        }
    }
}
