//! What differs between two texts, place by place: an insertion here and another there are two hunks,
//! not one that covers everything between them (E. W. Myers, "An O(ND) Difference Algorithm", 1986).

/// So many differing characters are looked at one by one; texts that differ more are told whole.
const MOST: usize = 400;
/// Nobody types at more places in one go.
const PLACES: usize = 12;

/// In the first text: where, and how many characters go. In the second: from where, and how many came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub(super) at: usize,
    pub(super) remove: usize,
    pub(super) from: usize,
    pub(super) insert: usize,
}

/// What leads from one text to the other, by place, with something that stays between any two.
pub(super) fn hunks(before: &[char], after: &[char]) -> Vec<Hunk> {
    let same = |(a, b): &(&char, &char)| a == b;
    let head = before.iter().zip(after).take_while(same).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev());
    let tail = tail.take_while(same).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    if old.is_empty() && new.is_empty() {
        return Vec::new();
    }
    let whole = Hunk {
        at: 0,
        remove: old.len(),
        from: 0,
        insert: new.len(),
    };
    let mut found = match old.is_empty() || new.is_empty() {
        true => vec![whole],
        false => steps(old, new).unwrap_or_else(|| vec![whole]),
    };
    for hunk in &mut found {
        hunk.at += head;
        hunk.from += head;
    }
    found
}

/// One hunk over everything where there are many: a text that was pasted over another.
pub(super) fn few(mut hunks: Vec<Hunk>) -> Vec<Hunk> {
    if hunks.len() > PLACES
        && let (Some(last), Some(first)) = (hunks.pop(), hunks.first_mut())
    {
        first.remove = last.at + last.remove - first.at;
        first.insert = last.from + last.insert - first.from;
        hunks.truncate(1);
    }
    hunks
}

/// Walks the shortest way from one text to the other; `None` where it is long.
fn steps(old: &[char], new: &[char]) -> Option<Vec<Hunk>> {
    let (rows, columns) = (old.len() as isize, new.len() as isize);
    let most = MOST.min(old.len() + new.len());
    let middle = most as isize + 1;
    let mut reached = vec![0_isize; 2 * middle as usize + 1];
    let mut rounds: Vec<Vec<isize>> = Vec::new();
    let at = |reached: &[isize], line: isize| reached[(line + middle) as usize];
    // Whether the way to this line comes from the one above it: by an insertion.
    let down = |reached: &[isize], line: isize, round: isize| {
        line == -round || (line != round && at(reached, line - 1) < at(reached, line + 1))
    };
    for round in 0..=most as isize {
        rounds.push(reached.clone());
        for line in (-round..=round).step_by(2) {
            let mut x = match down(&reached, line, round) {
                true => at(&reached, line + 1),
                false => at(&reached, line - 1) + 1,
            };
            while x < rows && x - line < columns && old[x as usize] == new[(x - line) as usize] {
                x += 1;
            }
            reached[(line + middle) as usize] = x;
            if x >= rows && x - line >= columns {
                return Some(back(rows, columns, &rounds, &at, &down));
            }
        }
    }
    None
}

fn back(
    rows: isize,
    columns: isize,
    rounds: &[Vec<isize>],
    at: &impl Fn(&[isize], isize) -> isize,
    down: &impl Fn(&[isize], isize, isize) -> bool,
) -> Vec<Hunk> {
    let mut found: Vec<Hunk> = Vec::new();
    let (mut x, mut y) = (rows, columns);
    for (round, reached) in rounds.iter().enumerate().skip(1).rev() {
        let (line, round) = (x - y, round as isize);
        let inserts = down(reached, line, round);
        let before = if inserts { line + 1 } else { line - 1 };
        let old_x = at(reached, before);
        let old_y = old_x - before;
        let (remove, insert) = if inserts { (0, 1) } else { (1, 0) };
        let (end_x, end_y) = (old_x as usize + remove, old_y as usize + insert);
        match found.last_mut() {
            Some(next) if next.at == end_x && next.from == end_y => {
                next.at -= remove;
                next.from -= insert;
                next.remove += remove;
                next.insert += insert;
            }
            Some(_) | None => found.push(Hunk {
                at: old_x as usize,
                remove,
                from: old_y as usize,
                insert,
            }),
        }
        (x, y) = (old_x, old_y);
    }
    found.reverse();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(before: &str, after: &str) -> Vec<(usize, usize, String)> {
        let (before, after): (Vec<char>, Vec<char>) =
            (before.chars().collect(), after.chars().collect());
        let found = hunks(&before, &after).into_iter();
        found
            .map(|it| {
                let came = &after[it.from..it.from + it.insert];
                (it.at, it.remove, came.iter().collect())
            })
            .collect()
    }

    fn applied(before: &str, after: &str) -> String {
        let mut text: Vec<char> = before.chars().collect();
        for (at, remove, insert) in between(before, after).into_iter().rev() {
            text.splice(at..at + remove, insert.chars());
        }
        text.into_iter().collect()
    }

    #[test]
    fn two_places_are_two_hunks() {
        assert_eq!(
            between("un été chaud", "Un été très chaud"),
            [(0, 1, "U".into()), (6, 0, " très".into())]
        );
        assert_eq!(between("abc", "abc"), []);
        assert_eq!(between("", "abc"), [(0, 0, "abc".into())]);
    }

    #[test]
    fn hunks_lead_from_any_text_to_any_other() {
        let mut seed = 7_u64;
        let mut below = |n: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % n
        };
        for _ in 0..2_000 {
            let mut text = || -> String {
                let length = below(20);
                (0..length)
                    .map(|_| (b'a' + below(4) as u8) as char)
                    .collect()
            };
            let (before, after) = (text(), text());
            assert_eq!(applied(&before, &after), after, "{before}");
        }
        let (long, other) = ("ab".repeat(3_000), "cd".repeat(3_000));
        assert_eq!(applied(&long, &other), other);
    }

    #[test]
    fn a_text_that_was_replaced_is_one_hunk() {
        let chars = |text: &str| text.chars().collect::<Vec<char>>();
        let (before, after) = (chars(&"a-b-c-".repeat(9)), chars(&"d-e-f-".repeat(9)));
        let found = few(hunks(&before, &after));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].at, found[0].remove, found[0].insert), (0, 53, 53));
        let two = few(hunks(&chars("abc"), &chars("1abc2")));
        assert_eq!(two.len(), 2);
    }
}
