//! Whether two names are one, or may be.

use crate::crm::row::Row;
use crate::crm::{contact, text};

/// A person's whole name, to compare: without accents, case and punctuation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::crm::import) struct Name {
    /// Its words, sorted: `Le Goff Anne` and `Anne LE GOFF` are one.
    words: String,
    /// Its letters, in their order: `Anne LeGoff`, `Anne Le Goff` and `Anne Le-Goff` are one.
    letters: String,
}

/// Words that many names share.
const PARTICLES: [&str; 9] = [
    "von", "van", "der", "den", "del", "des", "les", "saint", "sainte",
];

impl Name {
    pub fn of(first: &str, last: &str) -> Name {
        let mut whole = text::words(first);
        let gap = !whole.is_empty();
        let last = text::words(last);
        if gap && !last.is_empty() {
            whole.push(' ');
        }
        whole.push_str(&last);
        let mut words: Vec<&str> = whole.split(' ').collect();
        words.sort_unstable();
        Name {
            words: words.join(" "),
            letters: whole.replace(' ', ""),
        }
    }

    pub fn of_row(row: &Row) -> Name {
        Name::of(
            row.text(&contact::FIRST_NAME),
            row.text(&contact::LAST_NAME),
        )
    }

    /// What names that are one are likely to have in common.
    pub fn key(&self) -> &str {
        &self.words
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether they agree whole.
    pub fn agrees(&self, other: &Name) -> bool {
        !self.is_empty() && (self.words == other.words || self.letters == other.letters)
    }

    /// How much they have in common: 0 where nothing speaks for one person.
    pub fn likeness(&self, other: &Name) -> usize {
        if self.is_empty() || other.is_empty() {
            return 1;
        }
        let telling = |word: &&str| word.len() > 2 && !PARTICLES.contains(word);
        let alike = |a: &str, b: &str| {
            if a == b {
                4
            } else if a.starts_with(b) || b.starts_with(a) {
                2
            } else {
                0
            }
        };
        let short = |word: &&str| telling(word) || word.len() == 1;
        let mut likeness = 0;
        for own in self.words.split(' ').filter(short) {
            let others = other.words.split(' ').filter(short);
            likeness += others.map(|other| alike(own, other)).max().unwrap_or(0);
        }
        likeness
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_agrees_whole_or_not_at_all() {
        let anne = Name::of("Anne", "Le Goff");
        for (first, last) in [
            ("ANNE", "LE GOFF"),
            ("Le Goff", "Anne"),
            ("", "Anne Le-Goff"),
            ("Anne", "LeGoff"),
            ("anne", "Lé Göff"),
        ] {
            assert!(anne.agrees(&Name::of(first, last)), "{first} {last}");
        }
        for (first, last) in [
            ("Annie", "Le Goff"),
            ("Anne", "Goff"),
            ("A.", "Le Goff"),
            ("Anne-Marie", "Le Goff"),
            ("", "Le Goff"),
            ("", ""),
        ] {
            assert!(!anne.agrees(&Name::of(first, last)), "{first} {last}");
        }
        assert!(!Name::default().agrees(&Name::default()));
        assert!(!Name::of("Michel", "Pennec").agrees(&Name::of("Michèle", "Pennec")));
    }

    #[test]
    fn names_that_share_a_word_or_an_initial_may_be_one() {
        let like =
            |a: (&str, &str), b: (&str, &str)| Name::of(a.0, a.1).likeness(&Name::of(b.0, b.1));
        assert!(like(("Michel", "Pennec"), ("Michèle", "Pennec")) > 0);
        assert!(like(("Jean", "Faure"), ("Jean-Luc", "Abgrall")) > 0);
        assert!(like(("J.", "F."), ("Jean", "Faure")) > 0);
        assert!(like(("Anne", ""), ("Anne", "Le Goff")) > 0);
        assert_eq!(like(("Anne", "Le Goff"), ("Paul", "Le Bihan")), 0);
        assert_eq!(like(("Jan", "van Dyck"), ("Piet", "van Gogh")), 0);
    }
}
