//! When what is typed goes to the engine. Each time makes a change that everyone keeps for good, so
//! what is typed in one go is gathered.

/// The first letter after a rest goes at once, with what falls into the same moment.
const MOMENT_MS: i64 = 30;
/// What is typed is sent when the typing pauses for so long,
const PAUSE_MS: i64 = 1_000;
/// and at the latest after so long; after so long without typing, it was a rest.
const AT_MOST_MS: i64 = 5_000;

/// The times of what was typed and sent, in milliseconds.
#[derive(Debug, Default)]
pub(super) struct Pace {
    sent: Option<i64>,
    first: Option<i64>,
    last: i64,
}

impl Pace {
    pub(super) fn typed(&mut self, at_ms: i64) {
        self.first.get_or_insert(at_ms);
        self.last = at_ms;
    }

    pub(super) fn sent(&mut self, at_ms: i64) {
        self.sent = Some(at_ms);
        self.first = None;
    }

    /// How long until it is time, at most so long whatever the clock does.
    pub(super) fn due_in_ms(&self, at_ms: i64) -> i64 {
        let Some(first) = self.first else { return 0 };
        let rested = self
            .sent
            .is_none_or(|sent| first - sent >= AT_MOST_MS || first < sent);
        let due = match rested {
            true => first + MOMENT_MS,
            false => (self.last + PAUSE_MS).min(first + AT_MOST_MS),
        };
        (due - at_ms).clamp(0, AT_MOST_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_goes_at_once_and_the_rest_is_gathered() {
        let mut pace = Pace::default();
        pace.typed(1_000);
        assert_eq!(pace.due_in_ms(1_010), 20);
        pace.sent(1_030);
        pace.typed(1_100);
        assert_eq!(pace.due_in_ms(1_100), PAUSE_MS);
        for at in (1_200..6_000).step_by(100) {
            pace.typed(at);
        }
        assert_eq!(pace.due_in_ms(6_000), 100);
        pace.sent(6_100);
        pace.typed(20_000);
        assert_eq!(pace.due_in_ms(20_000), MOMENT_MS);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nothing_waiting() {
        let mut pace = Pace::default();
        pace.sent(100_000);
        pace.typed(50_000);
        assert_eq!(pace.due_in_ms(50_000), MOMENT_MS);
        assert_eq!(pace.due_in_ms(10_000), AT_MOST_MS);
    }
}
