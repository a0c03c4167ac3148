//! What a product's word for a kind of number or address means.

use crate::crm::text;
use std::borrow::Cow;

/// Words by what they mean, folded.
const MEANINGS: [(&str, &str); 6] = [
    ("fax", " fax telefax telecopie telecopieur faks "),
    (
        "mobile",
        " mobile mobil movil movel cell cellular cellphone cellulare portable komorka komorkowy handy gsm iphone natel ",
    ),
    (
        "work",
        " work bureau travail pro professionnel professionnelle office business main company arbeit geschaftlich praca sluzbowy trabajo lavoro ufficio ",
    ),
    (
        "home",
        " home domicile maison perso personnel personnelle prive privee personal private privat dom domowy zuhause casa ",
    ),
    (
        "other",
        " other autre autres inna inne altro otro andere sonstige ",
    ),
    (
        "",
        " phone telephone tel telefon telefono number numero no nr line ligne primary address adresse e mail email courriel messagerie de d du ",
    ),
];

/// What the whole of a text means: `fax`, `mobile`, `work`, `home` or `other`; `None` where a word is in
/// it that says something else, as a person's name.
pub fn known_label(label: &str) -> Option<&'static str> {
    let folded = text::words(label);
    let mut found = "";
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if word.bytes().all(|c| c.is_ascii_digit()) {
            continue;
        }
        let word = format!(" {word} ");
        let (meaning, _) = MEANINGS.iter().find(|(_, words)| words.contains(&word))?;
        if found.is_empty() || found == "other" || *meaning == "fax" {
            found = meaning;
        }
    }
    Some(if found.is_empty() { "other" } else { found })
}

/// The label of a number or address: one that is known in several languages, else the text as it is.
pub fn label_of(label: &str) -> Cow<'static, str> {
    if let Some(known) = known_label(label) {
        return Cow::Borrowed(known);
    }
    let clean = text::clean(label.trim_start().trim_start_matches('*'));
    Cow::Owned(clean.chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_whole_in_several_languages() {
        for (word, label) in [
            ("* Work", "work"),
            ("Komórka", "mobile"),
            ("Téléphone portable", "mobile"),
            ("Domicile", "home"),
            ("Tél. bureau 2", "work"),
            ("Praca", "work"),
            ("Dom", "home"),
            ("Work Fax", "fax"),
            ("Télécopie (bureau)", "fax"),
            ("Phone", "other"),
            ("", "other"),
            ("Other", "other"),
            ("Dominique (assistante)", "Dominique (assistante)"),
            ("* Homer", "Homer"),
            ("Mainz", "Mainz"),
        ] {
            assert_eq!(label_of(word), label, "{word}");
        }
    }
}
