//! A text that one person types here while others type in it elsewhere.
//!
//! The field is the person's: what is typed stays as it was typed, letter by letter. At most one splice
//! is on its way to the engine. What the engine tells carries its order, so that nothing old is taken
//! for new however late it is heard, and it is carried over onto what was typed meanwhile: as small
//! changes of what is shown, none of which concerns the person's own letters.

mod diff;
mod pace;
mod steps;

use super::command::Splice;
use diff::{Hunk, few, hunks};
use pace::Pace;
use serde::{Deserialize, Serialize};

pub use steps::Steps;

/// A text as the engine told it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Grows with everything the engine tells of texts.
    pub order: u64,
    /// Names the state.
    pub revision: u64,
    /// The text.
    pub text: String,
}

/// A splice on its way to the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The number that its answer carries: the same when it is sent again.
    pub id: u64,
    /// The revision that it counts in.
    pub revision: u64,
    /// What was typed.
    pub splice: Splice,
}

/// What must be kept of typing to go on with it after it was cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cut {
    /// What was typed onto.
    pub known: Version,
    /// What stood in the field.
    pub shown: String,
    /// What was on its way.
    pub sent: Option<Sent>,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is in this text, with all that others typed.
    Taken(Version),
    /// The engine knows the revision no longer: nothing was done, and this is the text.
    Unplaced(Version),
    /// Nothing was done.
    Refused,
    /// It may have been done or not: it is to be sent again as it was.
    Unknown,
}

/// The state of the editor.
#[derive(Debug)]
pub struct Typing {
    /// What the engine told last, of what is taken in here.
    known: Version,
    shown: String,
    /// Where in it ends what the person typed last: they go on there, whoever else begins at that place.
    own: Option<usize>,
    sent: Option<(Sent, String)>,
    is_lost: bool,
    /// What became of it, while the field may not be touched.
    answer: Option<Answer>,
    /// What was told while a splice was on its way.
    waiting: Option<Version>,
    is_held: bool,
    pace: Pace,
}

impl Typing {
    /// Begins with a text.
    pub fn new(known: Version) -> Typing {
        Typing {
            shown: known.text.clone(),
            known,
            own: None,
            sent: None,
            is_lost: false,
            answer: None,
            waiting: None,
            is_held: false,
            pace: Pace::default(),
        }
    }

    /// Goes on where typing was cut off. What was on its way goes again, since it may have been lost.
    pub fn resume(cut: Cut) -> Typing {
        let with = |sent: Sent| {
            let with = sent.splice.applied(&cut.known.text);
            (sent, with)
        };
        Typing {
            sent: cut.sent.map(with),
            is_lost: true,
            shown: cut.shown,
            ..Typing::new(cut.known)
        }
    }

    /// What is to be kept in case that it is cut off; `None` while all is safe.
    pub fn cut(&self) -> Option<Cut> {
        (!self.is_safe()).then(|| Cut {
            known: self.known.clone(),
            shown: self.shown.clone(),
            sent: self.sent().cloned(),
        })
    }

    /// What stands in the editor.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The splice that is on its way.
    fn sent(&self) -> Option<&Sent> {
        self.sent.as_ref().map(|(sent, _)| sent)
    }

    /// The person typed: this stands in the field since then.
    pub fn typed(&mut self, text: String, at_ms: i64) {
        if self.shown != text {
            self.shown = text;
            self.pace.typed(at_ms);
        }
    }

    /// Whether all that was typed is safe.
    pub fn is_safe(&self) -> bool {
        self.sent.is_none() && self.shown == self.known.text
    }

    /// In how many milliseconds the next splice is due; `None` while there is none to be sent.
    pub fn due_in_ms(&self, at_ms: i64) -> Option<i64> {
        match &self.sent {
            Some(_) => self.is_lost.then_some(0),
            None if self.is_safe() => None,
            None => Some(self.pace.due_in_ms(at_ms)),
        }
    }

    /// The next splice for the engine, under this number; the one that was lost on its way goes again
    /// under its own. `None` while one is on its way or nothing was typed.
    pub fn next(&mut self, id: u64, at_ms: i64) -> Option<Sent> {
        if let Some((sent, _)) = &self.sent {
            let again = std::mem::take(&mut self.is_lost);
            return again.then(|| sent.clone());
        }
        let before: Vec<char> = self.known.text.chars().collect();
        let after: Vec<char> = self.shown.chars().collect();
        // The last place first: what is typed at another one follows once this is answered.
        let hunk = few(hunks(&before, &after)).pop()?;
        let splice = Splice {
            at: hunk.at,
            remove: hunk.remove,
            insert: after[hunk.from..hunk.from + hunk.insert].iter().collect(),
        };
        let sent = Sent {
            id,
            revision: self.known.revision,
            splice,
        };
        self.sent = Some((sent.clone(), sent.splice.applied(&self.known.text)));
        self.pace.sent(at_ms);
        Some(sent)
    }

    /// What became of a splice. Returns what others changed in what is shown, to be done one after
    /// the other.
    pub fn answered(&mut self, id: u64, answer: Answer) -> Vec<Splice> {
        let is_ours = self.sent().is_some_and(|sent| sent.id == id) && self.answer.is_none();
        match answer {
            Answer::Taken(version) | Answer::Unplaced(version) if !is_ours => self.told(version),
            Answer::Refused | Answer::Unknown if !is_ours => Vec::new(),
            Answer::Unknown => {
                self.is_lost = true;
                Vec::new()
            }
            Answer::Taken(_) | Answer::Unplaced(_) | Answer::Refused => {
                self.is_lost = false;
                self.answer = Some(answer);
                self.settle()
            }
        }
    }

    /// What the engine tells unasked, or was heard once more. Returns what others changed in what is
    /// shown, to be done one after the other.
    pub fn told(&mut self, version: Version) -> Vec<Splice> {
        let newest = self.waiting.as_ref().unwrap_or(&self.known).order;
        if version.order > newest {
            self.waiting = Some(version);
        }
        self.settle()
    }

    /// From here on the field may not be touched: something is being composed or dictated in it.
    pub fn hold(&mut self) {
        self.is_held = true;
    }

    /// The field may be touched again.
    pub fn release(&mut self) -> Vec<Splice> {
        self.is_held = false;
        self.settle()
    }

    /// Takes in what was heard, where that may be done.
    fn settle(&mut self) -> Vec<Splice> {
        let mut changes = Vec::new();
        if let (Some(answer), Some((sent, with))) = (&self.answer, &self.sent) {
            let typed = sent.splice.at + sent.splice.insert.chars().count();
            let (from, version, own) = match answer {
                Answer::Taken(version) => (with, version, Some(typed)),
                // Sent once more, it may be there from the first time, of which no answer came.
                Answer::Unplaced(version) if is_nearer(with, &self.known.text, &version.text) => {
                    (with, version, Some(typed))
                }
                Answer::Unplaced(version) => (&self.known.text, version, self.own),
                Answer::Refused | Answer::Unknown => (&self.known.text, &self.known, self.own),
            };
            if self.is_held && *from != version.text {
                return changes;
            }
            let (from, version) = (from.clone(), version.clone());
            self.answer = None;
            self.sent = None;
            self.own = own;
            changes = self.carry_over(&from, version);
        }
        let newer = self
            .waiting
            .take_if(|it| it.order <= self.known.order || self.sent.is_none());
        if let Some(version) = newer.filter(|it| it.order > self.known.order) {
            if self.is_held && self.known.text != version.text {
                self.waiting = Some(version);
            } else {
                let from = self.known.text.clone();
                changes.extend(self.carry_over(&from, version));
            }
        }
        changes
    }

    /// What others did to `from`, done to what is shown, where the person typed onto `from` too.
    fn carry_over(&mut self, from: &str, version: Version) -> Vec<Splice> {
        let mut changes = Vec::new();
        if from != version.text {
            let from: Vec<char> = from.chars().collect();
            let shown: Vec<char> = self.shown.chars().collect();
            let text: Vec<char> = version.text.chars().collect();
            let (ours, theirs) = (hunks(&from, &shown), hunks(&from, &text));
            changes = over(from.len(), &ours, &theirs, &text, self.own);
            self.own = self.own.and_then(|own| carried(own, &theirs));
            // From the last to the first, the places before stay what they are.
            changes.reverse();
            for change in &changes {
                self.shown = change.applied(&self.shown);
            }
        }
        self.known = version;
        changes
    }
}

/// Whether fewer characters differ from `text` in the first than in the second.
fn is_nearer(first: &str, second: &str, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let differ = |from: &str| {
        let from: Vec<char> = from.chars().collect();
        let hunks = hunks(&from, &text);
        hunks.iter().map(|it| it.insert + it.remove).sum::<usize>()
    };
    differ(first) < differ(second)
}

/// Where a place is after what others did; what they inserted there comes behind it. `None` where they took
/// away what was around it.
fn carried(place: usize, theirs: &[Hunk]) -> Option<usize> {
    let mut moved = place;
    for hunk in theirs.iter().take_while(|hunk| hunk.at < place) {
        if hunk.at + hunk.remove > place {
            return None;
        }
        moved = moved + hunk.insert - hunk.remove;
    }
    Some(moved)
}

/// The hunks of others as splices of a text of so many characters that `ours` were done to already, by
/// place. Where both inserted at one place, theirs comes before, but where it is the person's `own`: there
/// it would part a sentence.
fn over(
    length: usize,
    ours: &[Hunk],
    theirs: &[Hunk],
    text: &[char],
    own: Option<usize>,
) -> Vec<Splice> {
    let mut changes: Vec<Splice> = Vec::new();
    let (mut ours, mut theirs) = (ours.iter().peekable(), theirs.iter().peekable());
    let (mut gone_here, mut gone_there, mut place) = (0, 0, 0);
    for at in 0..=length {
        let goes_on = own == Some(at);
        if goes_on && let Some(hunk) = ours.next_if(|hunk| hunk.at == at) {
            gone_here = at + hunk.remove;
            place += hunk.insert;
        }
        if let Some(hunk) = theirs.next_if(|hunk| hunk.at == at) {
            gone_there = at + hunk.remove;
            changes.push(Splice {
                at: place,
                remove: 0,
                insert: text[hunk.from..hunk.from + hunk.insert].iter().collect(),
            });
        }
        if let Some(hunk) = ours.next_if(|hunk| hunk.at == at) {
            gone_here = at + hunk.remove;
            place += hunk.insert;
        }
        if at == length || at < gone_here {
            continue;
        }
        if at < gone_there {
            match changes.last_mut() {
                Some(change) if change.at + change.remove == place => change.remove += 1,
                Some(_) | None => changes.push(Splice {
                    at: place,
                    remove: 1,
                    insert: String::new(),
                }),
            }
        }
        place += 1;
    }
    changes.retain(|change| !change.is_empty());
    changes
}

#[cfg(test)]
mod tests;
