//! How well a record answers what is searched: the more it scores, the further up it stands.

use super::Score;
use crate::crm::input;

/// 4 at the start of a word of the name, 3 within one or over several, 2 and 1 the same elsewhere.
pub(super) fn word_score(text: &str, name_end: usize, word: &str, one: &str) -> Score {
    let mut best = 0;
    for (at, _) in text.match_indices(word) {
        let starts = text.as_bytes()[..at].last() == Some(&b' ');
        let in_name = at < name_end;
        best = best.max(1 + u8::from(starts) + 2 * u8::from(in_name));
        if best == 4 {
            break;
        }
    }
    if best < 3 && over_words(&text[..name_end], one) {
        3
    } else if best == 0 && over_words(&text[name_end..], one) {
        1
    } else {
        best
    }
}

/// Whether words that follow each other begin so, written in one: `legoff` of `le goff`.
fn over_words(text: &str, one: &str) -> bool {
    let (text, one) = (text.as_bytes(), one.as_bytes());
    let begins = |from: &[u8]| {
        let mut letters = from.iter().filter(|letter| **letter != b' ');
        one.iter().all(|letter| letters.next() == Some(letter))
    };
    let mut starts =
        (0..text.len()).filter(|at| text[*at] == b' ' && text.get(at + 1) == one.first());
    starts.any(|at| begins(&text[at..]))
}

/// 4 for a number that begins so, 2 for one that holds it, 1 for one that begins so after a calling
/// code without its `+`.
pub(super) fn phone_score(phones: &str, key: &str, digits: &str) -> Score {
    if phones.is_empty() {
        return 0;
    }
    let starts =
        |key: &str| !key.is_empty() && phones.split(' ').any(|number| number.starts_with(key));
    if starts(key) {
        4
    } else if digits.len() >= 3 && phones.contains(digits) {
        2
    } else {
        u8::from(input::without_code(digits).is_some_and(starts))
    }
}

/// What a record scores that a list finds by more than its name.
pub(super) const IN_LIST: Score = 2;

/// More than [`IN_LIST`] for words of the name, less for letters of it; `spaced` is the name after a
/// space.
pub(super) fn jump_score(
    spaced: &str,
    words: &[String],
    ones: &[String],
    letters: &str,
) -> Option<Score> {
    let name = spaced.get(1..).filter(|name| !name.is_empty())?;
    let begins = letters.chars().next()?;
    if name.starts_with(&words.join(" ")) {
        return Some(6);
    }
    if ones.iter().all(|one| over_words(spaced, one)) {
        return Some(5);
    }
    let initials: String = name
        .split(' ')
        .filter_map(|word| word.chars().next())
        .collect();
    if letters.chars().count() > 1 && initials.starts_with(letters) {
        return Some(4);
    }
    if words.iter().all(|word| name.contains(word.as_str())) {
        return Some(3);
    }
    let mut rest = name.chars();
    let in_order = letters.chars().all(|letter| rest.any(|c| c == letter));
    (in_order && letters.chars().count() > 2 && name.starts_with(begins)).then_some(1)
}
