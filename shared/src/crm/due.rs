//! What comes next: the planned activity of each record, how urgent it is, and which deals stand
//! still.

use super::row::Row;
use super::{Kind, activity, deal, pipeline};
use crate::id::RecordId;
use crate::time::{Date, Timestamp};
use std::collections::BTreeMap;

/// How urgent what comes next is. The order is the one of boards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Due {
    /// Planned for a day that is past: red.
    Overdue,
    /// Planned for today: green.
    Today,
    /// Nothing is planned: yellow.
    Nothing,
    /// Planned for a later day, or for no certain one: grey.
    Later,
}

/// A planned activity.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Next {
    /// The day; activities without one come last.
    day: Planned,
    /// The time of day, `14:30`; empty when any time will do.
    pub time: String,
    /// Which activity.
    pub activity: RecordId,
}

/// A day that sorts before none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Planned {
    Day(Date),
    None,
}

impl Next {
    /// The day it is planned for.
    pub fn day(&self) -> Option<Date> {
        match self.day {
            Planned::Day(day) => Some(day),
            Planned::None => None,
        }
    }
}

/// What is planned for each record and when something was last done about it, read from the
/// activities' links.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agenda {
    next: BTreeMap<RecordId, Next>,
    last: BTreeMap<RecordId, Timestamp>,
}

impl Agenda {
    /// Reads the activities among these rows.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Agenda {
        let mut agenda = Agenda::default();
        for row in rows {
            if row.kind == Kind::Activity && row.is_there() {
                agenda.add(row);
            }
        }
        agenda
    }

    /// The next planned activity of a record.
    pub fn next(&self, record: RecordId) -> Option<&Next> {
        self.next.get(&record)
    }

    /// When something was last done about a record: a visit, a call, a comment.
    pub fn last(&self, record: RecordId) -> Option<Timestamp> {
        self.last.get(&record).copied()
    }

    /// How urgent what comes next is.
    pub fn due(&self, record: RecordId, today: Date) -> Due {
        due(self.next(record), today)
    }

    /// Reads the activities of one record anew, which are among these rows.
    pub fn refresh<'a>(&mut self, record: RecordId, rows: impl IntoIterator<Item = &'a Row>) {
        self.next.remove(&record);
        self.last.remove(&record);
        for row in rows {
            if row.kind == Kind::Activity && row.is_there() {
                self.enter(record, row);
            }
        }
    }

    fn add(&mut self, row: &Row) {
        for record in about(row) {
            self.enter(record, row);
        }
    }

    fn enter(&mut self, record: RecordId, row: &Row) {
        if let Some(at) = done_at(row) {
            let last = self.last.entry(record).or_insert(at);
            *last = at.max(*last);
            return;
        }
        let next = Next {
            day: row
                .date(&activity::DUE_ON)
                .map_or(Planned::None, Planned::Day),
            time: row.text(&activity::DUE_TIME).to_owned(),
            activity: row.id,
        };
        match self.next.get_mut(&record) {
            Some(known) if *known <= next => {}
            Some(known) => *known = next,
            None => {
                self.next.insert(record, next);
            }
        }
    }
}

/// The records that an activity is about.
pub fn about(activity: &Row) -> impl Iterator<Item = RecordId> {
    let links = [&activity::CONTACT, &activity::COMPANY, &activity::DEAL];
    links.into_iter().filter_map(|field| activity.link(field))
}

/// When an activity was done, or `None` while it is planned. A comment is done when it is made.
/// Where the clock of the device that says it was off, it is when the activity was last written as
/// far as its changes know, or an instant before [`Timestamp::FIRST`]: at an unknown time.
pub fn done_at(row: &Row) -> Option<Timestamp> {
    let comment = row.text(&activity::TYPE) == "comment";
    let said = row
        .moment(&activity::DONE_AT)
        .or(comment.then_some(row.created.at))?;
    // What is done is written down at once, in a change whose time is corrected where it can be.
    let written = row.created.at.max(row.edited.at).known();
    let is_off = |written: &Timestamp| said.known().is_none() || said.0 > written.0 + DAY_MS;
    Some(written.filter(is_off).unwrap_or(said))
}

/// Since when a deal is in its stage; `None` where the clocks that say it were off.
pub fn in_stage_since(deal: &Row) -> Option<Timestamp> {
    let came = deal.moment(&deal::STAGE_SINCE).and_then(Timestamp::known);
    came.or(deal.created.at.known())
}

const DAY_MS: i64 = 86_400_000;

/// How urgent a planned activity is; none is [`Due::Nothing`].
pub fn due(next: Option<&Next>, today: Date) -> Due {
    match next.map(Next::day) {
        None => Due::Nothing,
        Some(None) => Due::Later,
        Some(Some(day)) if day < today => Due::Overdue,
        Some(Some(day)) if day == today => Due::Today,
        Some(Some(_)) => Due::Later,
    }
}

/// For how many days an open deal has not moved, where that is longer than its stage allows.
/// Coming to the stage and anything done about the deal are movements; editing a field is none.
pub fn rotting_days(
    deal: &Row,
    agenda: &Agenda,
    today: Date,
    utc_offset_minutes: i32,
) -> Option<u16> {
    let open = matches!(deal.text(&deal::STATUS), "" | "open");
    if deal.kind != Kind::Deal || !open {
        return None;
    }
    let last = agenda.last(deal.id).and_then(Timestamp::known);
    let moved = in_stage_since(deal).max(last)?;
    let days = today.to_days() - moved.day(utc_offset_minutes).to_days();
    let limit = pipeline::stage(deal.text(&deal::STAGE)).rotting_days;
    (days > i32::from(limit)).then_some(days.min(9_999) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::row::Value;
    use crate::crm::test_rows::row;

    const DEAL: RecordId = RecordId([9; 16]);

    fn planned(n: u8, day: Option<&str>) -> Row {
        let mut row = row(Kind::Activity, n);
        row.values
            .extend(day.map(|day| (3, Value::Date(day.parse().unwrap()))));
        row.values.push((9, Value::Link(DEAL)));
        row
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_earliest_planned_activity_comes_next() {
        let rows = [
            planned(1, Some("2026-11-30")),
            planned(2, Some("2026-11-20")),
            planned(3, None),
        ];
        let agenda = Agenda::of(&rows);
        let next = agenda.next(DEAL).unwrap();
        assert_eq!(next.activity, rows[1].id);
        assert_eq!(agenda.due(DEAL, day("2026-11-21")), Due::Overdue);
        assert_eq!(agenda.due(DEAL, day("2026-11-20")), Due::Today);
        assert_eq!(agenda.due(DEAL, day("2026-11-19")), Due::Later);
        assert_eq!(
            agenda.due(RecordId([1; 16]), day("2026-11-19")),
            Due::Nothing
        );
    }

    #[test]
    fn without_a_day_it_is_planned_for_later() {
        let agenda = Agenda::of(&[planned(3, None)]);
        assert_eq!(agenda.due(DEAL, day("2026-11-19")), Due::Later);
    }

    #[test]
    fn what_is_done_or_deleted_or_a_comment_is_not_planned() {
        let mut done = planned(1, Some("2026-11-30"));
        done.values.insert(1, (5, Value::Moment(Timestamp(5))));
        let mut comment = planned(2, None);
        comment.values.insert(0, (1, Value::Text("comment".into())));
        let mut gone = planned(3, None);
        gone.presence = crate::crm::row::Presence::Deleted(gone.created);
        let agenda = Agenda::of(&[done, comment, gone]);
        assert_eq!(agenda.next(DEAL), None);
        assert_eq!(agenda.last(DEAL), Some(Timestamp(5)));
    }

    #[test]
    fn what_a_clock_that_was_off_says_was_done_when_it_was_written_or_nobody_knows_when() {
        let now = Timestamp(i64::from(day("2026-11-21").to_days()) * DAY_MS);
        let unset = Timestamp(i64::from(day("2019-05-01").to_days()) * DAY_MS);
        let ahead = Timestamp(now.0 + 400 * DAY_MS);
        let done = |said: Timestamp, made: Timestamp| {
            let mut row = planned(1, None);
            row.values.insert(0, (5, Value::Moment(said)));
            (row.created.at, row.edited.at) = (made, made);
            done_at(&row).and_then(Timestamp::known)
        };
        assert_eq!(done(now, now), Some(now));
        assert_eq!(done(unset, now), Some(now));
        assert_eq!(done(ahead, now), Some(now));
        assert_eq!(done(ahead, ahead), Some(ahead));
        assert_eq!(done(unset, unset), None);
        let mut deal = row(Kind::Deal, 9);
        deal.values = vec![(6, Value::Text("offer".into())), (7, Value::Moment(unset))];
        let none = Agenda::default();
        assert_eq!(rotting_days(&deal, &none, day("2026-11-30"), 0), None);
        deal.created.at = now;
        assert_eq!(in_stage_since(&deal), Some(now));
        assert_eq!(rotting_days(&deal, &none, day("2026-12-30"), 0), Some(39));
    }

    #[test]
    fn a_deal_rots_when_it_stands_longer_than_its_stage_allows() {
        let mut deal = row(Kind::Deal, 9);
        let since = i64::from(day("2026-11-01").to_days()) * 86_400_000;
        deal.values = vec![
            (6, Value::Text("offer".into())),
            (7, Value::Moment(Timestamp(since))),
        ];
        let none = Agenda::default();
        assert_eq!(rotting_days(&deal, &none, day("2026-11-22"), 0), None);
        assert_eq!(rotting_days(&deal, &none, day("2026-11-23"), 0), Some(22));
        let mut visit = planned(1, None);
        visit
            .values
            .insert(0, (5, Value::Moment(Timestamp(since + 86_400_000))));
        let visited = Agenda::of(&[visit]);
        assert_eq!(rotting_days(&deal, &visited, day("2026-11-23"), 0), None);
        deal.values.push((9, Value::Text("won".into())));
        assert_eq!(rotting_days(&deal, &none, day("2027-11-23"), 0), None);
    }
}
