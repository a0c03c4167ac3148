//! A whole name in one cell: which of it is the given, which the family name.

use crate::crm::text;

/// Small words that a family name begins with.
const PARTICLES: [&str; 22] = [
    "de", "du", "des", "le", "la", "les", "van", "von", "der", "den", "ter", "ten", "zu", "da",
    "di", "do", "dos", "del", "della", "bin", "ibn", "vom",
];

/// What stands behind a family name.
const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "phd", "md", "esq", "fils"];

/// What stands before a name and is none of it.
const CIVILITIES: [&str; 9] = [
    "m",
    "mr",
    "mrs",
    "ms",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "mademoiselle",
];

/// Given and family name. The family name is what stands before a comma, is written in capitals or
/// begins with a particle, else the last word.
pub(super) fn split(name: &str) -> (String, String) {
    if let Some((last, first)) = name.split_once(',')
        && !is(&SUFFIXES, first.trim())
    {
        return (first.trim().to_owned(), last.trim().to_owned());
    }
    let mut words: Vec<&str> = name.split_whitespace().collect();
    if words.len() > 2 && is(&CIVILITIES, words[0]) {
        words.remove(0);
    }
    let mut end = words.len();
    while end > 1 && is(&SUFFIXES, words[end - 1]) {
        end -= 1;
    }
    let (first, last) = family(&words[..end]);
    let mut family = words[last].join(" ");
    for suffix in &words[end..] {
        family.push(' ');
        family.push_str(suffix);
    }
    (words[first].join(" "), family)
}

/// Where the given and the family name stand.
fn family(words: &[&str]) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let count = words.len();
    let capitals = |word: &&str| {
        let letters = || word.chars().filter(|c| c.is_alphabetic());
        letters().count() > 1 && letters().all(char::is_uppercase)
    };
    let loud = words.iter().filter(|word| capitals(word)).count();
    if loud > 0 && loud < count {
        let start = words.iter().position(capitals).unwrap_or(0);
        let end = words.iter().rposition(capitals).unwrap_or(0) + 1;
        let small = words[..start].iter().rev();
        let start = start - small.take_while(|word| is(&PARTICLES, word)).count();
        if end - start < count && start == 0 {
            return (end..count, 0..end);
        }
        if end == count {
            return (0..start, start..count);
        }
    }
    let particle = words[..count.saturating_sub(1)]
        .iter()
        .position(|word| is(&PARTICLES, word) || text::fold(word).starts_with("d'"));
    match particle {
        // `Le Goff Anne`: the family name comes first.
        Some(0) => {
            let last = words.iter().position(|word| !is(&PARTICLES, word));
            let end = last.map_or(count, |last| last + 1);
            (end..count, 0..end)
        }
        Some(at) => (0..at, at..count),
        None => (0..count.saturating_sub(1), count.saturating_sub(1)..count),
    }
}

/// Whether a text is how somebody is addressed and no more: no function at a company.
pub(super) fn is_civility(text: &str) -> bool {
    is(&CIVILITIES, text)
}

fn is(list: &[&str], word: &str) -> bool {
    list.contains(&text::words(word).as_str())
}

/// Whether a text looks like a whole name: two to six words that begin with a capital or are a particle.
pub(in crate::crm::import) fn is_likely(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let named =
        |word: &&str| word.chars().next().is_some_and(char::is_uppercase) || is(&PARTICLES, word);
    (2..=6).contains(&words.len())
        && words.iter().all(named)
        && text
            .chars()
            .all(|c| c.is_alphabetic() || " .,'’-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_name_is_parted_as_its_bearer_would() {
        for (name, first, last) in [
            ("Ann Lee", "Ann", "Lee"),
            ("Lee, Ann", "Ann", "Lee"),
            ("LE GOFF Anne", "Anne", "LE GOFF"),
            ("Anne LE GOFF", "Anne", "LE GOFF"),
            ("de LA TOUR Jean-Marie", "Jean-Marie", "de LA TOUR"),
            ("Ludwig van der Berg", "Ludwig", "van der Berg"),
            ("Juan Carlos de la Cruz", "Juan Carlos", "de la Cruz"),
            ("Anne Le Goff", "Anne", "Le Goff"),
            ("Le Goff Anne", "Anne", "Le Goff"),
            ("Le Goff", "", "Le Goff"),
            ("Jean d'Ormesson", "Jean", "d'Ormesson"),
            ("John Smith Jr.", "John", "Smith Jr."),
            ("John Smith, Jr.", "John", "Smith, Jr."),
            ("Mary Ann Smith III", "Mary Ann", "Smith III"),
            ("Mme Sigrid Ferrand", "Sigrid", "Ferrand"),
            ("M. Pennec", "M.", "Pennec"),
            ("J. R. TOLKIEN", "J. R.", "TOLKIEN"),
            ("JEAN DUPONT", "JEAN", "DUPONT"),
            ("Cher", "", "Cher"),
            ("Jr.", "", "Jr."),
        ] {
            let (given, family) = split(name);
            assert_eq!((given.as_str(), family.as_str()), (first, last), "{name}");
        }
    }

    #[test]
    fn names_are_told_from_sentences() {
        for name in ["LE GOFF Anne", "Ludwig van der Berg", "John Smith Jr."] {
            assert!(is_likely(name), "{name}");
        }
        for text in [
            "Chère madame",
            "merci",
            "Bonjour à tous",
            "12 rue X",
            "a@b.fr",
        ] {
            assert!(!is_likely(text), "{text}");
        }
    }
}
