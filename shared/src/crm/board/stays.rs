//! The stage log: where a deal was, from when to when, and who moved it there.

use crate::crm::deal;
use crate::crm::pipeline::{self, Stage};
use crate::crm::row::HistoryLine;
use crate::id::PersonId;
use crate::time::Timestamp;

/// A stay of a deal in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The stage.
    pub stage: &'static Stage,
    /// When it came there.
    pub from: Timestamp,
    /// When it left; `None` while it is there.
    pub until: Option<Timestamp>,
    /// Who moved it there.
    pub by: PersonId,
}

impl Stay {
    /// How many whole days it lasted, up to `now`.
    pub fn days(&self, now: Timestamp) -> i64 {
        let until = self.until.unwrap_or(now);
        (until.0 - self.from.0).max(0) / 86_400_000
    }
}

/// The stays of a deal, oldest first. `since` is the deal's own word on when it came to its stage: it
/// counts where the history says the same stage, since imported deals are older than their record.
pub fn stays(history: &[HistoryLine], since: Option<Timestamp>) -> Vec<Stay> {
    let mut stays: Vec<Stay> = Vec::new();
    for line in history.iter().filter(|line| line.field == deal::STAGE.key) {
        let Some(stage) = line.after.as_deref().map(pipeline::stage) else {
            continue;
        };
        if let Some(last) = stays.last_mut() {
            if last.stage == stage {
                continue;
            }
            last.until = Some(line.mark.at);
        }
        stays.push(Stay {
            stage,
            from: line.mark.at,
            until: None,
            by: line.mark.by,
        });
    }
    if let [only] = stays.as_mut_slice() {
        only.from = since.unwrap_or(only.from).min(only.from);
    }
    stays
}

/// How many days a deal spent in a stage, all stays together; `None` when it never was there.
pub fn days_in(stays: &[Stay], stage: &Stage, now: Timestamp) -> Option<i64> {
    let mut days = stays
        .iter()
        .filter(|stay| stay.stage == stage)
        .map(|stay| stay.days(now))
        .peekable();
    days.peek()?;
    Some(days.sum())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::board::tests::{DAY, MAUD};
    use crate::crm::row::Mark;

    fn moved(day: i64, stage: &str) -> HistoryLine {
        HistoryLine {
            mark: Mark {
                by: MAUD,
                at: Timestamp(day * DAY),
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
        assert_eq!(
            days_in(&stays, pipeline::stage("visited"), Timestamp(20 * DAY)),
            Some(7)
        );
        assert_eq!(
            days_in(&stays, pipeline::stage("offer"), Timestamp(20 * DAY)),
            Some(13)
        );
        assert_eq!(
            days_in(&stays, pipeline::stage("agreed"), Timestamp(20 * DAY)),
            None
        );
    }

    #[test]
    fn an_imported_deal_is_in_its_stage_since_the_day_it_says() {
        let stays = stays(&[moved(9, "offer")], Some(Timestamp(2 * DAY)));
        assert_eq!(stays[0].days(Timestamp(10 * DAY)), 8);
    }
}
