//! The stage log: where a deal was, from when to when, and who moved it there.

use crate::crm::deal;
use crate::crm::pipeline::{self, Stage};
use crate::crm::row::{HistoryLine, Mark};
use crate::id::PersonId;
use crate::time::Timestamp;

/// A stay of a deal in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The stage.
    pub stage: &'static Stage,
    /// When it came there, by the clock of whoever moved it.
    pub from: Timestamp,
    /// When it left, by such a clock; `None` while it is there.
    pub until: Option<Timestamp>,
    /// Who moved it there.
    pub by: PersonId,
}

impl Stay {
    /// How many whole days it lasted, up to `now`; `None` where a clock was off.
    pub fn days(&self, now: Timestamp) -> Option<i64> {
        let until = self.until.unwrap_or(now).known()?;
        Some((until.0 - self.from.known()?.0).max(0) / 86_400_000)
    }
}

/// The stays of a deal, oldest first. A deal's own word on when it came to a stage counts, since imported
/// deals are older than their record: `since` is that word today, the history has the ones before. A stay
/// that goes on since before others began was come back to by undo, and those never were.
pub fn stays(history: &[HistoryLine], since: Option<Timestamp>) -> Vec<Stay> {
    let word_at = |mark: Mark| {
        let said = |line: &&HistoryLine| line.field == deal::STAGE_SINCE.key && line.mark == mark;
        let said = history.iter().find(said)?.after.as_deref()?;
        Timestamp(said.parse().ok()?).known()
    };
    let earlier = |word: Option<Timestamp>, at: Timestamp| {
        let known = [word, at.known()].into_iter().flatten();
        known.min().unwrap_or(at)
    };
    let mut stays: Vec<Stay> = Vec::new();
    for line in history.iter().filter(|line| line.field == deal::STAGE.key) {
        let Some(stage) = line.after.as_deref().map(pipeline::stage) else {
            continue;
        };
        if stays.last().is_some_and(|last| last.stage == stage) {
            continue;
        }
        let from = earlier(word_at(line.mark), line.mark.at);
        let goes_on = |stay: &Stay| stay.stage == stage && stay.from == from;
        if let Some(at) = stays.iter().position(goes_on) {
            stays.truncate(at + 1);
            stays[at].until = None;
            continue;
        }
        if let Some(last) = stays.last_mut() {
            last.until = Some(line.mark.at);
        }
        stays.push(Stay {
            stage,
            from,
            until: None,
            by: line.mark.by,
        });
    }
    if let [only] = stays.as_mut_slice() {
        only.from = earlier(since.and_then(Timestamp::known), only.from);
    }
    stays
}

/// How many days a deal spent in a stage, all stays together; `None` when it never was there, or
/// when nobody knows.
pub fn days_in(stays: &[Stay], stage: &Stage, now: Timestamp) -> Option<i64> {
    let mut days = stays
        .iter()
        .filter(|stay| stay.stage == stage)
        .filter_map(|stay| stay.days(now))
        .peekable();
    days.peek()?;
    Some(days.sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::board::tests::{DAY, MAUD};

    fn on(day: i64) -> Timestamp {
        Timestamp(Timestamp::FIRST.0 + day * DAY)
    }

    fn moved(day: i64, stage: &str) -> HistoryLine {
        HistoryLine {
            mark: Mark {
                by: MAUD,
                at: on(day),
            },
            field: "stage".into(),
            item: String::new(),
            before: None,
            after: Some(stage.into()),
        }
    }

    #[test]
    fn days_add_up_over_several_stays() {
        let history = [
            moved(0, "visited"),
            moved(3, "offer"),
            moved(5, "visited"),
            moved(9, "offer"),
        ];
        let stays = stays(&history, None);
        assert_eq!(stays.len(), 4);
        assert_eq!(days_in(&stays, pipeline::stage("visited"), on(20)), Some(7));
        assert_eq!(days_in(&stays, pipeline::stage("offer"), on(20)), Some(13));
        assert_eq!(days_in(&stays, pipeline::stage("agreed"), on(20)), None);
    }

    #[test]
    fn an_imported_deal_is_in_its_stage_since_the_day_it_says() {
        let stays = stays(&[moved(9, "offer")], Some(on(2)));
        assert_eq!(stays[0].days(on(10)), Some(8));
    }

    fn said(day: i64, since: i64) -> HistoryLine {
        HistoryLine {
            field: "stage_since".into(),
            after: Some(on(since).0.to_string()),
            ..moved(day, "")
        }
    }

    #[test]
    fn what_a_deal_said_of_a_stage_counts_after_it_moved_on_and_a_move_taken_back_never_was() {
        let mut history = vec![
            moved(9, "visited"),
            said(9, 6),
            moved(10, "offer"),
            said(10, 10),
        ];
        let days = |history: &[HistoryLine], since: i64| {
            let stays = stays(history, Some(on(since)));
            let days = stays.iter().map(|stay| (stay.stage.key, stay.days(on(12))));
            days.collect::<Vec<_>>()
        };
        let both = [("visited", Some(4)), ("offer", Some(2))];
        assert_eq!(days(&history, 10), both);
        history.extend([moved(11, "visited"), said(11, 6)]);
        assert_eq!(days(&history, 6), [("visited", Some(6))]);
        history.extend([moved(11, "offer"), said(11, 11)]);
        assert_eq!(days(&history, 11)[0], ("visited", Some(5)));
    }

    #[test]
    fn a_clock_that_is_years_off_makes_no_stay_of_years() {
        let history = [
            moved(1, "visited"),
            moved(-2_000, "offer"),
            moved(9, "agreed"),
        ];
        let stays = stays(&history, None);
        let days: Vec<_> = stays.iter().map(|stay| stay.days(on(12))).collect();
        assert_eq!(days, [None, None, Some(3)]);
        assert_eq!(days_in(&stays, pipeline::stage("offer"), on(12)), None);
        let alone = super::stays(&[moved(-2_000, "offer")], Some(on(3)));
        assert_eq!(alone[0].days(on(10)), Some(7));
        let unset = super::stays(&[moved(9, "offer")], Some(Timestamp(5)));
        assert_eq!(unset[0].days(on(10)), Some(1));
        let unknown = super::stays(&[moved(-2_000, "offer")], Some(Timestamp(5)));
        assert_eq!(unknown[0].days(on(10)), None);
    }
}
