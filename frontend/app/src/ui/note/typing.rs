//! A text that one person types here and others elsewhere. At most one splice is on its way to the
//! engine; what is typed meanwhile is carried over onto the merged text that comes back.

use shared::crm::command::Splice;

/// The state of the editor.
pub struct Typing {
    revision: u64,
    /// The text of that revision.
    base: String,
    /// While a splice is on its way: the base with it.
    sent: Option<String>,
    shown: String,
}

impl Typing {
    /// Begins with a text.
    pub fn new(revision: u64, text: String) -> Typing {
        Typing {
            revision,
            base: text.clone(),
            sent: None,
            shown: text,
        }
    }

    /// What stands in the editor.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The person typed.
    pub fn typed(&mut self, text: String) {
        self.shown = text;
    }

    /// Whether something was typed that the engine does not know.
    pub fn is_ahead(&self) -> bool {
        self.shown != *self.sent.as_ref().unwrap_or(&self.base)
    }

    /// The next splice for the engine, unless one is on its way.
    pub fn next_splice(&mut self) -> Option<(u64, Splice)> {
        if self.sent.is_some() || !self.is_ahead() {
            return None;
        }
        self.sent = Some(self.shown.clone());
        Some((self.revision, Splice::between(&self.base, &self.shown)))
    }

    /// The engine took the splice; this is the note with all that others typed. Returns where the
    /// caret belongs.
    pub fn answered(&mut self, revision: u64, text: &str, caret: usize) -> Option<usize> {
        let from = self.sent.take().unwrap_or_else(|| self.base.clone());
        self.carry_over(&from, revision, text, caret)
    }

    /// The engine did not take the splice: it is sent again with what is typed next.
    pub fn refused(&mut self) {
        self.sent = None;
    }

    /// Someone else typed. While a splice is on its way its answer will say the same and more.
    pub fn told(&mut self, revision: u64, text: &str, caret: usize) -> Option<usize> {
        if self.sent.is_some() || revision == self.revision {
            return None;
        }
        let from = self.base.clone();
        self.carry_over(&from, revision, text, caret)
    }

    fn carry_over(&mut self, from: &str, revision: u64, text: &str, caret: usize) -> Option<usize> {
        let ours = Splice::between(from, &self.shown);
        let theirs = Splice::between(from, text);
        let (shown, caret) = merge(from, &ours, &theirs, caret);
        self.shown = shown;
        self.base = text.to_owned();
        self.revision = revision;
        Some(caret)
    }
}

/// Both splices applied to a text, and where a caret belongs that stood in the text with ours only.
fn merge(from: &str, ours: &Splice, theirs: &Splice, caret: usize) -> (String, usize) {
    let length = ours.insert.chars().count();
    let inside = caret > ours.at && caret <= ours.at + length;
    let old_caret = match () {
        () if caret <= ours.at => caret,
        () if inside => ours.at,
        () => caret - length + ours.remove,
    };
    let removed = |splice: &Splice, at: usize| at >= splice.at && at < splice.at + splice.remove;
    let (mut merged, mut count, mut new_caret) = (String::new(), 0, None);
    let chars: Vec<char> = from.chars().collect();
    for at in 0..=chars.len() {
        if at == old_caret && !inside {
            new_caret = Some(count);
        }
        if at == theirs.at {
            merged.push_str(&theirs.insert);
            count += theirs.insert.chars().count();
        }
        if at == ours.at {
            if inside {
                new_caret = Some(count + caret - ours.at);
            }
            merged.push_str(&ours.insert);
            count += length;
        }
        if let Some(c) = chars.get(at)
            && !removed(ours, at)
            && !removed(theirs, at)
        {
            merged.push(*c);
            count += 1;
        }
    }
    (merged, new_caret.unwrap_or(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_while_a_splice_is_away_is_carried_over() {
        let mut typing = Typing::new(1, "livre mardi".into());
        typing.typed("livre le mardi".into());
        let (revision, splice) = typing.next_splice().unwrap();
        assert_eq!((revision, splice.at, splice.insert.as_str()), (1, 6, "le "));
        typing.typed("livre le mardi soir".into());
        assert_eq!(typing.next_splice(), None);
        let caret = typing.answered(3, "On livre le mardi", 19);
        assert_eq!(typing.shown(), "On livre le mardi soir");
        assert_eq!(caret, Some(22));
        let (revision, splice) = typing.next_splice().unwrap();
        assert_eq!(
            (revision, splice.at, splice.insert.as_str()),
            (3, 17, " soir")
        );
        typing.answered(4, "On livre le mardi soir", 22);
        assert!(!typing.is_ahead());
    }

    #[test]
    fn what_others_type_moves_the_caret_only_when_it_is_before_it() {
        let mut typing = Typing::new(1, "été chaud".into());
        assert_eq!(typing.told(2, "un été chaud", 4), Some(7));
        assert_eq!(typing.told(3, "un été chaud et sec", 7), Some(7));
        assert_eq!(typing.told(3, "ignored", 7), None);
        assert_eq!(typing.shown(), "un été chaud et sec");
    }

    #[test]
    fn overlapping_edits_lose_nothing_that_was_typed() {
        let (ours, theirs) = (
            Splice::between("abcdef", "abXf"),
            Splice::between("abcdef", "aYef"),
        );
        assert_eq!(merge("abcdef", &ours, &theirs, 3), ("aYXf".into(), 3));
    }

    #[test]
    fn a_refused_splice_goes_again() {
        let mut typing = Typing::new(1, "a".into());
        typing.typed("ab".into());
        assert!(typing.next_splice().is_some());
        typing.refused();
        assert!(typing.next_splice().is_some());
    }
}
