//! What a person typed into a text, step by step, so that it can be taken back though others typed into
//! the text meanwhile: only the person's own letters go, and only what they took out comes back. A browser's
//! own undo loses its place as soon as somebody else's letters come in.

use crate::crm::command::Splice;

/// After so long without typing a new step begins.
const PAUSE_MS: i64 = 1_000;
/// A step of so many letters ends with its word.
const LETTERS: usize = 20;
/// So many steps are remembered.
const KEPT: usize = 200;

/// Letters at a place, both counted in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    at: usize,
    text: Vec<char>,
}

impl Piece {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }

    /// It in two, where that place lies within it.
    fn split(mut self, at: usize) -> [Option<Piece>; 2] {
        if at <= self.at || at >= self.end() {
            return [Some(self), None];
        }
        let text = self.text.split_off(at - self.at);
        [Some(self), Some(Piece { at, text })]
    }
}

/// What somebody else did: so many letters went from a place, and so many came there.
#[derive(Debug, Clone, Copy)]
struct Change {
    at: usize,
    gone: usize,
    came: usize,
}

/// What was done in one go. Its places are those of the text in which it is to be taken back.
#[derive(Debug, Clone, Default)]
struct Step {
    /// What it put there.
    put: Vec<Piece>,
    /// What it took out, and where that comes back.
    taken: Vec<Piece>,
    /// When its last letter was typed.
    at_ms: i64,
}

/// What was done, and what was taken back; the latest last.
#[derive(Debug, Default)]
pub struct Steps {
    back: Vec<Step>,
    forth: Vec<Step>,
}

impl Steps {
    /// The person changed a text.
    pub fn typed(&mut self, before: &str, splice: &Splice, at_ms: i64) {
        if splice.is_empty() {
            return;
        }
        self.forth.clear();
        let removed = before.chars().skip(splice.at).take(splice.remove);
        let removed: Vec<char> = removed.collect();
        let insert: Vec<char> = splice.insert.chars().collect();
        if let Some(last) = self.back.last_mut()
            && (0..PAUSE_MS).contains(&(at_ms - last.at_ms))
            && last.goes_on(splice.at, &removed, &insert)
        {
            last.at_ms = at_ms;
            return;
        }
        let at = splice.at;
        let piece = |text: Vec<char>| (!text.is_empty()).then_some(Piece { at, text });
        self.back.push(Step {
            put: piece(insert).into_iter().collect(),
            taken: piece(removed).into_iter().collect(),
            at_ms,
        });
        if self.back.len() > KEPT {
            self.back.remove(0);
        }
    }

    /// Somebody else changed the text.
    pub fn others(&mut self, splice: &Splice) {
        let change = Change {
            at: splice.at,
            gone: splice.remove,
            came: splice.insert.chars().count(),
        };
        for stack in [&mut self.back, &mut self.forth] {
            // What was done before a step lies in the text without it.
            let mut changes = vec![change];
            for step in stack.iter_mut().rev() {
                let mut earlier = Vec::new();
                for change in &changes {
                    earlier.extend(step.without(change));
                    step.carry(change);
                }
                changes = earlier;
            }
        }
    }

    /// Takes back the latest step of a text, or does again what was taken back last. Returns the text then,
    /// and the place of the caret; `None` where nothing is left to do.
    pub fn step(&mut self, text: &str, is_back: bool) -> Option<(String, usize)> {
        let (from, to) = match is_back {
            true => (&mut self.back, &mut self.forth),
            false => (&mut self.forth, &mut self.back),
        };
        let text: Vec<char> = text.chars().collect();
        // Of what others took out since nothing is left.
        while let Some(step) = from.pop() {
            let (after, reverse) = step.taken_back(&text);
            if after != text {
                let caret = reverse.caret();
                to.push(reverse);
                return Some((after.into_iter().collect(), caret));
            }
        }
        None
    }
}

impl Step {
    /// Adds what was typed right after it, where that belongs to it.
    fn goes_on(&mut self, at: usize, removed: &[char], insert: &[char]) -> bool {
        let letters: usize = self.put.iter().map(|piece| piece.text.len()).sum();
        match (self.put.last_mut(), self.taken.first_mut()) {
            // Letter by letter.
            (Some(last), _) if removed.is_empty() && at == last.end() => {
                let ended = last
                    .text
                    .last()
                    .is_some_and(|letter| letter.is_whitespace());
                let goes_on = !ended || letters < LETTERS;
                if goes_on {
                    last.text.extend(insert);
                }
                goes_on
            }
            // A letter that was wrong.
            (Some(last), _)
                if insert.is_empty() && at > last.at && at + removed.len() == last.end() =>
            {
                last.text.truncate(at - last.at);
                true
            }
            // Backspace after backspace.
            (None, Some(first)) if insert.is_empty() && at + removed.len() == first.at => {
                first.at = at;
                first.text.splice(0..0, removed.iter().copied());
                true
            }
            _ => false,
        }
    }

    /// How a change looks in the text as it was before this step.
    fn without(&self, change: &Change) -> Vec<Change> {
        let end = change.at + change.gone;
        // The letters of others that went, in stretches which nothing of this step parts.
        let mut stretches = vec![(change.at, end)];
        let mut cut = |from: usize, to: usize| {
            stretches = stretches
                .iter()
                .flat_map(|&(a, b)| [(a, b.min(from.max(a))), (a.max(to.min(b)), b)])
                .filter(|(a, b)| a < b)
                .collect();
        };
        for piece in &self.put {
            cut(piece.at, piece.end());
        }
        for piece in &self.taken {
            cut(piece.at, piece.at);
        }
        let mut changes: Vec<Change> = stretches
            .into_iter()
            .map(|(a, b)| Change {
                at: self.place_before(a),
                gone: b - a,
                came: 0,
            })
            .collect();
        // From the end on, so that each is found where it was.
        changes.reverse();
        if change.came > 0 {
            changes.push(Change {
                at: self.place_before(change.at),
                gone: 0,
                came: change.came,
            });
        }
        changes
    }

    /// A place in the text as it was before this step, after what comes back there.
    fn place_before(&self, place: usize) -> usize {
        let put: usize = self
            .put
            .iter()
            .map(|piece| piece.end().min(place).saturating_sub(piece.at))
            .sum();
        let back = self.taken.iter();
        let back = back.filter(|piece| piece.at <= place);
        let back: usize = back.map(|piece| piece.text.len()).sum();
        place - put + back
    }

    /// Somebody else changed the text that this step is to be taken back in.
    fn carry(&mut self, change: &Change) {
        let Change { at, gone, came } = *change;
        let end = at + gone;
        let mut put = Vec::new();
        for piece in std::mem::take(&mut self.put) {
            let [head, rest] = piece.split(at);
            for piece in [head, rest].into_iter().flatten() {
                // A part may lie beyond what went.
                put.extend(piece.split(end).into_iter().flatten());
            }
        }
        put.retain(|piece| piece.end() <= at || piece.at >= end);
        for piece in &mut put {
            if piece.at >= end && piece.end() > at {
                piece.at = piece.at - gone + came;
            }
        }
        self.put = put;
        for piece in &mut self.taken {
            if piece.at > at {
                piece.at = piece.at.max(end) - gone + came;
            }
        }
    }

    /// The text without what this step put there and with what it took out, and the step that reverses that.
    fn taken_back(mut self, text: &[char]) -> (Vec<char>, Step) {
        for piece in &self.taken {
            let put = std::mem::take(&mut self.put).into_iter();
            self.put = put
                .flat_map(|it| it.split(piece.at).into_iter().flatten())
                .collect();
        }
        // Nothing else than what it put there goes, whatever happened.
        self.put
            .retain(|piece| text.get(piece.at..piece.end()) == Some(&piece.text[..]));
        let mut after = Vec::with_capacity(text.len());
        let mut reverse = Step::default();
        let (mut put, mut taken) = (
            self.put.into_iter().peekable(),
            self.taken.into_iter().peekable(),
        );
        let mut place = 0;
        loop {
            let next_put = put.peek().map(|piece| piece.at);
            let next_taken = taken.peek().map(|piece| piece.at.min(text.len()));
            let next = [next_put, next_taken].into_iter().flatten().min();
            let Some(next) = next.map(|next| next.max(place)) else {
                break;
            };
            after.extend(&text[place..next]);
            place = next;
            if next_taken.is_some_and(|at| at <= next) {
                let Some(piece) = taken.next() else { break };
                let at = after.len();
                after.extend(&piece.text);
                reverse.put.push(Piece { at, ..piece });
            } else {
                let Some(piece) = put.next() else { break };
                place = piece.end();
                reverse.taken.push(Piece {
                    at: after.len(),
                    ..piece
                });
            }
        }
        after.extend(&text[place..]);
        (after, reverse)
    }

    /// Where the person goes on after a step was taken back that this reverses.
    fn caret(&self) -> usize {
        let put = self.put.last().map(Piece::end);
        put.or(self.taken.first().map(|piece| piece.at))
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// A text, and who types into it.
    #[derive(Default)]
    struct Note {
        text: String,
        steps: Steps,
        at_ms: i64,
    }

    impl Note {
        fn types(&mut self, after: &str) {
            let splice = Splice::between(&self.text, after);
            self.steps.typed(&self.text, &splice, self.at_ms);
            self.at_ms += 100;
            self.text = after.into();
        }

        fn pauses(&mut self) {
            self.at_ms += 2 * PAUSE_MS;
        }

        fn gets(&mut self, after: &str) {
            self.steps.others(&Splice::between(&self.text, after));
            self.text = after.into();
        }

        fn steps(&mut self, is_back: bool) -> Option<(String, usize)> {
            let stepped = self.steps.step(&self.text, is_back)?;
            self.text = stepped.0.clone();
            Some(stepped)
        }
    }

    #[test]
    fn what_was_typed_goes_and_what_a_colleague_typed_stays() {
        let mut note = Note::default();
        note.types("mine");
        note.gets("THEIRS mine");
        assert_eq!(note.steps(true), Some(("THEIRS ".into(), 7)));
        assert_eq!(note.steps(true), None);
        assert_eq!(note.steps(false), Some(("THEIRS mine".into(), 11)));
    }

    #[test]
    fn each_step_is_taken_back_by_itself() {
        let mut note = Note {
            text: "mine THEIRS".into(),
            ..Note::default()
        };
        note.types("");
        note.types("first ");
        note.pauses();
        note.gets("first REMOTE ");
        note.types("first REMOTE second");
        assert_eq!(note.steps(true).unwrap().0, "first REMOTE ");
        assert_eq!(note.steps(true).unwrap().0, "REMOTE ");
        assert_eq!(note.steps(true).unwrap().0, "mine THEIRSREMOTE ");
    }

    #[test]
    fn letters_make_words_and_wrong_ones_belong_to_them() {
        let mut note = Note::default();
        for text in ["r", "ra", "rap", "rapl", "rap", "rapp", "rappe", "rappel"] {
            note.types(text);
        }
        note.pauses();
        note.types("rappe");
        note.types("rapp");
        assert_eq!(note.steps(true), Some(("rappel".into(), 6)));
        assert_eq!(note.steps(true), Some((String::new(), 0)));
        assert_eq!(note.steps(true), None);
    }

    #[test]
    fn what_a_colleague_typed_into_what_was_typed_stays() {
        let mut note = Note::default();
        note.types("un deux");
        note.gets("un ET deux");
        assert_eq!(note.steps(true).unwrap().0, "ET ");
        assert_eq!(note.steps(false).unwrap().0, "un ET deux");
    }

    #[test]
    fn nothing_is_left_to_take_back_of_what_a_colleague_took_out() {
        let mut note = Note::default();
        note.types("un");
        note.gets("");
        assert_eq!(note.steps(true), None);
    }

    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) as usize % n.max(1)
        }
    }

    #[test]
    fn all_taken_back_leaves_what_others_left_and_all_done_again_what_was() {
        for seed in 0..2_000 {
            let mut dice = Dice(seed);
            let base: Vec<char> = ('a'..='z').collect();
            let mut note = Note {
                text: base.iter().collect(),
                ..Note::default()
            };
            let (mut own, mut gone) = (BTreeSet::new(), BTreeSet::new());
            let mut next = 0x4e00;
            for _ in 0..12 {
                let mut text: Vec<char> = note.text.chars().collect();
                let at = dice.below(text.len() + 1);
                let end = text.len().min(at + dice.below(5));
                let is_own = dice.below(2) == 0;
                let came: Vec<char> = (0..dice.below(4))
                    .map(|_| {
                        next += 1;
                        char::from_u32(next).unwrap()
                    })
                    .collect();
                let went: Vec<char> = text.splice(at..end, came.iter().copied()).collect();
                let after: String = text.into_iter().collect();
                if is_own {
                    own.extend(came);
                    note.types(&after);
                } else {
                    gone.extend(went);
                    note.gets(&after);
                }
                if dice.below(2) == 0 {
                    note.pauses();
                }
            }
            let full: BTreeSet<char> = note.text.chars().collect();
            while note.steps(true).is_some() {}
            let all = base
                .iter()
                .copied()
                .chain((0x4e01..=next).filter_map(char::from_u32));
            let expected = all.filter(|letter| !own.contains(letter) && !gone.contains(letter));
            let found: BTreeSet<char> = note.text.chars().collect();
            assert_eq!(found, expected.collect(), "seed {seed}");
            assert_eq!(found.len(), note.text.chars().count(), "seed {seed}");
            let of_base = note.text.chars().filter(|letter| base.contains(letter));
            assert!(of_base.is_sorted(), "seed {seed}: {}", note.text);
            while note.steps(false).is_some() {}
            assert_eq!(
                note.text.chars().collect::<BTreeSet<_>>(),
                full,
                "seed {seed}"
            );
        }
    }
}
