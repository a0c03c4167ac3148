//! Ranks: short texts whose byte order is a manual order, with room between any two of them.
//!
//! A rank is an integer, a fraction and a tag, all in base 62 (`0-9A-Za-z`). The integer begins with a
//! letter that says how many digits follow (`a` one, `b` two, …; `Z` one, `Y` two, … below zero), so that
//! a thousand cards put on top of each other need three characters and not a thousand (the scheme of
//! rocicorp/fractional-indexing). The tag comes from the record: two devices that move different cards
//! into the same gap without knowing of each other get different ranks, and everybody shows the same order.

use crate::id::RecordId;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: u8 = 62;
const TAG: usize = 3;

/// A rank for `record` after `above` and before `below`, where either may be absent. Bounds that are not
/// ranks, or stand in the wrong order, are ignored as far as they contradict.
pub fn between(above: Option<&str>, below: Option<&str>, record: RecordId) -> String {
    let above = above.and_then(split);
    let below = below
        .and_then(split)
        .filter(|below| above.is_none_or(|above| above < *below));
    let mut rank = match (above, below) {
        (None, None) => "a0".into(),
        (Some((integer, fraction)), None) => {
            step(integer, true).unwrap_or_else(|| join(integer, &middle(fraction, None)))
        }
        (None, Some((integer, fraction))) => {
            step(integer, false).unwrap_or_else(|| join(integer, &middle("", Some(fraction))))
        }
        (Some((high, after)), Some((low, before))) if high == low => {
            join(high, &middle(after, Some(before)))
        }
        (Some((high, after)), Some((low, _))) => match step(high, true) {
            Some(next) if next.as_str() < low => next,
            _ => join(high, &middle(after, None)),
        },
    };
    rank.push_str(&tag(record));
    rank
}

/// Ranks for records in this order, from the top.
pub fn spread(records: impl IntoIterator<Item = RecordId>) -> Vec<String> {
    let mut ranks: Vec<String> = Vec::new();
    for record in records {
        ranks.push(between(ranks.last().map(String::as_str), None, record));
    }
    ranks
}

/// Whether the text is a rank of this form.
pub fn is_rank(text: &str) -> bool {
    split(text).is_some()
}

/// Integer and fraction (with its tag) of a rank.
fn split(rank: &str) -> Option<(&str, &str)> {
    let digits = digit_count(*rank.as_bytes().first()?)?;
    let plain = rank.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && rank.len() > 1 + digits).then(|| rank.split_at(1 + digits))
}

/// How many digits follow an integer's first letter.
fn digit_count(head: u8) -> Option<usize> {
    match head {
        b'a'..=b'z' => Some(usize::from(head - b'a') + 1),
        b'A'..=b'Z' => Some(usize::from(b'Z' - head) + 1),
        _ => None,
    }
}

/// The next integer up or down; `None` at the end of all integers, which nobody reaches.
fn step(integer: &str, up: bool) -> Option<String> {
    let (&head, digits) = integer.as_bytes().split_first()?;
    let mut digits = digits.to_vec();
    let (full, start) = if up { (BASE - 1, 0) } else { (0, BASE - 1) };
    for digit in digits.iter_mut().rev() {
        let value = value(*digit);
        if value != full {
            *digit = DIGITS[usize::from(if up { value + 1 } else { value - 1 })];
            return Some(text(head, &digits));
        }
        *digit = DIGITS[usize::from(start)];
    }
    let head = match (head, up) {
        (b'Z', true) => b'a',
        (b'a', false) => b'Z',
        (b'z', true) | (b'A', false) => return None,
        (head, true) => head + 1,
        (head, false) => head - 1,
    };
    let digits = vec![DIGITS[usize::from(start)]; digit_count(head)?];
    Some(text(head, &digits))
}

/// Digits strictly between two fractions, none of which begins another: whatever is appended stays between.
fn middle(after: &str, before: Option<&str>) -> String {
    let after = after.as_bytes();
    let mut before = before.map(str::as_bytes);
    let mut digits = Vec::new();
    loop {
        let at = digits.len();
        let low = after.get(at).map_or(0, |digit| value(*digit));
        let high = before.map_or(BASE, |digits| {
            digits.get(at).map_or(0, |digit| value(*digit))
        });
        if high > low + 1 {
            digits.push(DIGITS[usize::from(low + (high - low) / 2)]);
            return text_of(&digits);
        }
        digits.push(DIGITS[usize::from(low)]);
        if high != low {
            before = None;
        }
    }
}

fn tag(record: RecordId) -> String {
    let mut number = record.0.iter().fold(0u64, |sum, byte| {
        (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    number ^= number >> 32;
    let mut tag = Vec::with_capacity(TAG);
    for _ in 0..TAG {
        tag.push(DIGITS[(number % u64::from(BASE)) as usize]);
        number /= u64::from(BASE);
    }
    // a fraction that ended in a zero would leave no room below it
    if tag.last() == Some(&b'0') {
        tag[TAG - 1] = b'1';
    }
    text_of(&tag)
}

fn value(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'A'..=b'Z' => digit - b'A' + 10,
        b'a'..=b'z' => digit - b'a' + 36,
        _ => 0,
    }
}

fn join(integer: &str, fraction: &str) -> String {
    format!("{integer}{fraction}")
}

fn text(head: u8, digits: &[u8]) -> String {
    char::from(head).to_string() + &text_of(digits)
}

fn text_of(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(number: u32) -> RecordId {
        let mut bytes = [0; 16];
        bytes[..4].copy_from_slice(&number.to_le_bytes());
        RecordId(bytes)
    }

    #[test]
    fn two_cards_put_into_the_same_gap_stand_in_it_and_apart() {
        let top = between(None, None, record(1));
        let end = between(Some(&top), None, record(2));
        let lea = between(Some(&top), Some(&end), record(3));
        let maud = between(Some(&top), Some(&end), record(4));
        assert_ne!(lea, maud);
        for rank in [&lea, &maud] {
            assert!(top < *rank && *rank < end, "{top} {rank} {end}");
        }
        let (first, second) = if lea < maud { (lea, maud) } else { (maud, lea) };
        let third = between(Some(&first), Some(&second), record(5));
        assert!(first < third && third < second);
    }

    #[test]
    fn ten_thousand_cards_on_top_of_each_other_stay_short() {
        let mut top = between(None, None, record(0));
        for number in 1..10_000 {
            let next = between(None, Some(&top), record(number));
            assert!(next < top, "{next} {top}");
            top = next;
        }
        assert!(top.len() <= 7, "{top}");
    }

    #[test]
    fn a_gap_that_is_halved_two_hundred_times_grows_slowly() {
        let above = between(None, None, record(0));
        let mut below = between(Some(&above), None, record(1));
        for number in 2..202 {
            let next = between(Some(&above), Some(&below), record(number));
            assert!(above < next && next < below, "{above} {next} {below}");
            below = next;
        }
        assert!(below.len() <= 48, "{} {below}", below.len());
    }

    #[test]
    fn bounds_that_make_no_sense_are_ignored() {
        let one = between(None, None, record(1));
        assert!(is_rank(&between(Some("é"), Some(""), record(2))));
        assert!(between(Some(&one), Some(&one), record(2)) > one);
        assert!(!is_rank("") && !is_rank("b1") && !is_rank("0zz"));
    }

    proptest! {
        #[test]
        fn a_list_into_which_people_insert_anywhere_keeps_its_order(places in prop::collection::vec((any::<prop::sample::Index>(), 0u32..6), 1..120)) {
            let mut list: Vec<String> = Vec::new();
            for (number, (place, devices)) in places.into_iter().enumerate() {
                let at = place.index(list.len() + 1);
                let above = at.checked_sub(1).map(|at| list[at].clone());
                let below = list.get(at).cloned();
                let mut fresh: Vec<String> = (0..=devices)
                    .map(|device| between(above.as_deref(), below.as_deref(), record(number as u32 * 10 + device)))
                    .collect();
                fresh.sort();
                fresh.dedup();
                prop_assert_eq!(fresh.len() as u32, devices + 1);
                list.splice(at..at, fresh);
                prop_assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", list);
                prop_assert!(list.iter().all(|rank| is_rank(rank)));
            }
        }
    }
}
