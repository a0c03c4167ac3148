//! Names within French names: what the word before them becomes.

use crate::crm::text;

/// Words with an h that is spoken as a consonant, folded: how they begin.
const ASPIRATED: [&str; 12] = [
    "hague", "hainaut", "halle", "hambourg", "hameau", "haut", "havre", "hollande", "hongrie",
    "houat", "houille", "huelgoat",
];

/// The pattern with a town in the place of `{town}`: `Bistrot d’Arzon`, `Caves du Palais`.
pub(super) fn with_town(pattern: &str, town: &str) -> String {
    let Some((before, after)) = pattern.split_once("{town}") else {
        return pattern.to_owned();
    };
    let (article, rest) = match town.split_once(' ') {
        Some((article @ ("Le" | "Les"), rest)) => (article, rest),
        Some(_) | None => ("", town),
    };
    for (word, le, les) in [("de ", "du ", "des "), ("à ", "au ", "aux ")] {
        if let Some(before) = before.strip_suffix(word) {
            return match article {
                "Le" => format!("{before}{le}{rest}{after}"),
                "Les" => format!("{before}{les}{rest}{after}"),
                _ if word == "de " && begins_with_vowel(town) => format!("{before}d’{town}{after}"),
                _ => format!("{before}{word}{town}{after}"),
            };
        }
    }
    format!("{before}{town}{after}")
}

/// The pattern with a family name in the place of `{last}`: `La Table des Kerguelen`, `De Kerguelen
/// Traiteur`. Articles of families stay as they are.
pub(super) fn with_family(pattern: &str, last: &str) -> String {
    let Some((before, after)) = pattern.split_once("{last}") else {
        return pattern.to_owned();
    };
    let bare = last
        .strip_prefix("de ")
        .filter(|_| before.ends_with("des "));
    let mut name = format!("{before}{}{after}", bare.unwrap_or(last));
    if let Some(first) = name.chars().next() {
        let capital: String = first.to_uppercase().collect();
        name.replace_range(..first.len_utf8(), &capital);
    }
    name
}

fn begins_with_vowel(word: &str) -> bool {
    let folded = text::fold(word);
    let mut letters = folded.chars();
    match letters.next() {
        Some('a' | 'e' | 'i' | 'o' | 'u') => true,
        Some('y') => letters.next().is_some_and(|next| !"aeiou".contains(next)),
        Some('h') => !ASPIRATED.iter().any(|start| folded.starts_with(start)),
        Some(_) | None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_take_the_word_before_them_along() {
        for (pattern, town, name) in [
            ("Bistrot de {town}", "Arzon", "Bistrot d’Arzon"),
            ("Bistrot de {town}", "Étel", "Bistrot d’Étel"),
            ("Bistrot de {town}", "Hennebont", "Bistrot d’Hennebont"),
            ("Bistrot de {town}", "Huelgoat", "Bistrot de Huelgoat"),
            ("Bistrot de {town}", "Yvetot", "Bistrot d’Yvetot"),
            ("Bistrot de {town}", "Yaoundé", "Bistrot de Yaoundé"),
            ("Les Caves de {town}", "Le Palais", "Les Caves du Palais"),
            (
                "Les Caves de {town}",
                "Les Herbiers",
                "Les Caves des Herbiers",
            ),
            (
                "Les Caves de {town}",
                "La Trinité-sur-Mer",
                "Les Caves de La Trinité-sur-Mer",
            ),
            ("Retour à {town}", "Le Havre", "Retour au Havre"),
            ("Retour à {town}", "Les Herbiers", "Retour aux Herbiers"),
            ("Retour à {town}", "Arzon", "Retour à Arzon"),
            ("Biocoop {town}", "Le Palais", "Biocoop Le Palais"),
            ("Cave", "Arzon", "Cave"),
        ] {
            assert_eq!(with_town(pattern, town), name);
        }
    }

    #[test]
    fn families_keep_their_articles() {
        for (pattern, last, name) in [
            ("La Table des {last}", "Le Goff", "La Table des Le Goff"),
            (
                "La Table des {last}",
                "de Kerguelen",
                "La Table des Kerguelen",
            ),
            ("{last} Traiteur", "de Kerguelen", "De Kerguelen Traiteur"),
            ("Cave {last}", "de Kerguelen", "Cave de Kerguelen"),
        ] {
            assert_eq!(with_family(pattern, last), name);
        }
    }
}
