//! What a record is called: its title, the letters that stand for it, and where it stands in a list of
//! names.

use super::field::Field;
use super::row::Row;
use super::text::push_words;
use super::{Kind, activity, company, contact, deal, member};
use std::fmt::Write as _;

/// The most characters of a title that are shown.
const TITLE_LIMIT: usize = 200;

/// The most marks that are shown on one letter.
const MARKS_LIMIT: usize = 4;

impl Row {
    /// What the record is called: given and family name, name, or subject; empty when it has none. As
    /// it is shown: cut where it is endless.
    pub fn title(&self) -> String {
        bounded(&self.whole_title())
    }

    /// What the record is called, of any length.
    pub(super) fn whole_title(&self) -> String {
        let mut title = String::new();
        let names: &[&Field] = match self.kind {
            Kind::Contact => &[&contact::FIRST_NAME, &contact::LAST_NAME],
            Kind::Company => &[&company::NAME],
            Kind::Deal => &[&deal::NAME],
            Kind::Activity => &[&activity::SUBJECT],
            Kind::Member => &[&member::NAME],
        };
        for name in names
            .iter()
            .map(|field| self.text(field))
            .filter(|name| !name.is_empty())
        {
            let gap = if title.is_empty() { "" } else { " " };
            let _ = write!(title, "{gap}{name}");
        }
        title
    }
}

/// A title as far as it is shown: no longer than [`TITLE_LIMIT`], and with no pile of marks that would
/// cover what stands above and below it.
fn bounded(title: &str) -> String {
    let (mut out, mut length, mut marks) = (String::with_capacity(title.len().min(256)), 0, 0);
    for c in title.chars() {
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MARKS_LIMIT {
            continue;
        }
        if length == TITLE_LIMIT {
            out.push('…');
            break;
        }
        length += 1;
        out.push(c);
    }
    out
}

/// Whether it stands above or below the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{610}'..='\u{61a}')
        || matches!(c, '\u{64b}'..='\u{65f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}')
        || matches!(c, '\u{e47}'..='\u{e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}')
        || matches!(c, '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// What a record sorts by in a list of names: for contacts family name, then given name. Records
/// without a name come last.
pub fn sort_key(row: &Row) -> String {
    let mut key = String::with_capacity(32);
    match row.kind {
        Kind::Contact => {
            push_words(&mut key, row.text(&contact::LAST_NAME));
            let first = row.text(&contact::FIRST_NAME);
            if !key.is_empty() && !first.is_empty() {
                key.push('\u{1}');
            }
            push_words(&mut key, first);
        }
        Kind::Company => push_words(&mut key, row.text(&company::NAME)),
        Kind::Deal => push_words(&mut key, row.text(&deal::NAME)),
        Kind::Activity => push_words(&mut key, row.text(&activity::SUBJECT)),
        Kind::Member => push_words(&mut key, row.text(&member::NAME)),
    }
    if key.is_empty() {
        key.push('\u{10ffff}');
    }
    key
}

/// The head under which a sort key stands in a list: its first letter, or `#`.
pub fn section(sort_key: &str) -> char {
    match sort_key.chars().next() {
        Some(c) if c.is_alphabetic() => c.to_uppercase().next().unwrap_or(c),
        _ => '#',
    }
}

/// The initials of the first two words that count; `L’Auberge du Port` gives `AP`, `O’Connell’s Bakery` `OB`.
pub fn initials_of(name: &str) -> String {
    let names: Vec<&str> = name
        .split(|c: char| !c.is_alphanumeric() && !APOSTROPHES.contains(&c))
        .map(without_article)
        .filter(|word| !word.is_empty())
        .collect();
    let weighty = |word: &&&str| {
        word.chars().count() > 1 && word.starts_with(|c: char| c.is_uppercase() || c.is_numeric())
    };
    let mut chosen: Vec<&&str> = names.iter().filter(weighty).take(2).collect();
    if chosen.is_empty() {
        chosen = names.iter().take(2).collect();
    }
    chosen
        .into_iter()
        .filter_map(|word| initial(word))
        .collect()
}

const APOSTROPHES: [char; 2] = ['\'', '’'];

/// A word without the French article that is elided into it.
fn without_article(word: &str) -> &str {
    match word.split_once(APOSTROPHES) {
        Some(("L" | "l" | "D" | "d", noun)) => noun,
        _ => word,
    }
}

fn initial(word: &str) -> Option<char> {
    let letter = word.chars().find(|c| c.is_alphanumeric())?;
    letter.to_uppercase().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::contact::LAST_NAME;
    use crate::crm::row::Value;
    use crate::crm::test_rows::row_with;
    use crate::crm::text::words;

    #[test]
    fn no_title_is_endless_or_covers_its_neighbours() {
        let mut row = row_with(Kind::Contact, 1, &[(&LAST_NAME, "A")]);
        row.values[0].1 = Value::Text("x".repeat(4_000));
        assert_eq!(row.title().chars().count(), TITLE_LIMIT + 1);
        row.values[0].1 = Value::Text(format!("Zo{}e", "\u{308}\u{e49}".repeat(40)));
        assert_eq!(row.title(), "Zo\u{308}\u{e49}\u{308}\u{e49}e");
        for name in [
            "Tr\u{1ea7}n Nguye\u{302}\u{303}n",
            "Jean-Noël Guillou",
            "น้ำผึ้ง",
        ] {
            row.values[0].1 = Value::Text(name.into());
            assert_eq!(row.title(), name);
        }
    }

    #[test]
    fn initials_skip_articles() {
        assert_eq!(initials_of("L’Auberge du Port"), "AP");
        assert_eq!(initials_of("Domaine Carriès"), "DC");
        assert_eq!(initials_of("O’Connell’s Bakery"), "OB");
        assert_eq!(initials_of("Cave d'Aubrac"), "CA");
        assert_eq!(initials_of("épicerie"), "É");
        assert_eq!(initials_of(""), "");
    }

    #[test]
    fn sections_are_letters_without_accents() {
        assert_eq!(section(&words("Éloïse")), 'E');
        assert_eq!(section("3 suisses"), '#');
        assert_eq!(section("\u{10ffff}"), '#');
    }
}
