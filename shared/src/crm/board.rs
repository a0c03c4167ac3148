//! The deal board: the columns of the pipeline, their sums, and what the strip above them says.
//!
//! Only open deals stand on the board. A column's order is the deals' rank, which people set by
//! dragging; a deal without one (from an older version or another product) stands on top, the newest
//! first. Sums stay apart by currency; the currency of most deals leads all of them.

pub mod moves;
pub mod stays;

use super::deal;
use super::pipeline::{self, STAGES, Stage};
use super::row::Row;
use crate::id::PersonId;
use crate::money::{Currency, Money, currencies, sums};
use crate::time::Date;
use std::cmp::Reverse;
use std::ops::Deref;

/// A column: a stage, and the open deals in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Column<R> {
    /// The stage.
    pub stage: &'static Stage,
    /// The deals, in the order of the column.
    pub deals: Vec<R>,
    /// What they are worth, per currency.
    pub sum: Vec<Money>,
    /// The same, weighted with the stage's probability.
    pub weighted: Vec<Money>,
}

/// Which deals to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only those that this person leads.
    pub mine: Option<PersonId>,
    /// Only those that should close in the month of this day.
    pub closing: Option<Date>,
    /// Only those that are as likely won as lost, or likelier.
    pub likely: bool,
    /// Only those that need attention.
    pub attention: bool,
}

/// What the strip above the board says of the open deals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// How many there are.
    pub count: usize,
    /// What they are worth, per currency.
    pub open: Vec<Money>,
    /// The same, each weighted with its stage's probability.
    pub weighted: Vec<Money>,
    /// What should close this month, per currency.
    pub closing: Vec<Money>,
    /// How many need attention.
    pub attention: usize,
}

/// Whether the deal is on the way: neither won nor lost nor on hold.
pub fn is_open(deal: &Row) -> bool {
    matches!(deal.text(&deal::STATUS), "" | "open")
}

/// The deal's stage; the first one when it has none.
pub fn stage_of(deal: &Row) -> &'static Stage {
    pipeline::stage(deal.text(&deal::STAGE))
}

/// The deal's amount, weighted with its stage's probability.
pub fn weighted(deal: &Row) -> Option<Money> {
    Some(
        deal.money(&deal::AMOUNT)?
            .percent(stage_of(deal).probability),
    )
}

impl Filter {
    /// Whether the deal passes. `needs_attention` says so of a deal: nothing planned, or overdue.
    pub fn passes(&self, deal: &Row, needs_attention: impl FnOnce(&Row) -> bool) -> bool {
        let mine = self
            .mine
            .is_none_or(|me| deal.person(&deal::OWNER) == Some(me));
        mine && self.closing.is_none_or(|day| closes_in_month_of(deal, day))
            && (!self.likely || stage_of(deal).probability >= 50)
            && (!self.attention || needs_attention(deal))
    }
}

/// The open deals among these, column by column.
pub fn columns<R: Deref<Target = Row>>(deals: impl IntoIterator<Item = R>) -> Vec<Column<R>> {
    let mut columns: Vec<Column<R>> = STAGES
        .iter()
        .map(|stage| Column {
            stage,
            deals: Vec::new(),
            sum: Vec::new(),
            weighted: Vec::new(),
        })
        .collect();
    for deal in deals
        .into_iter()
        .filter(|deal| is_open(deal) && deal.is_there())
    {
        let stage = stage_of(&deal);
        if let Some(column) = columns.iter_mut().find(|column| column.stage == stage) {
            column.deals.push(deal);
        }
    }
    let leading = leading(columns.iter().flat_map(|column| &column.deals));
    for column in &mut columns {
        column.deals.sort_by(|a, b| order(a).cmp(&order(b)));
        let deals = column.deals.iter();
        column.sum = sums(deals.clone().filter_map(amount), &leading);
        column.weighted = sums(deals.filter_map(|deal| weighted(deal)), &leading);
    }
    columns
}

/// What the open deals among these come to. `today` says which month is meant.
pub fn totals<R: Deref<Target = Row>>(
    deals: impl IntoIterator<Item = R>,
    today: Date,
    needs_attention: impl Fn(&Row) -> bool,
) -> Totals {
    let open: Vec<R> = deals
        .into_iter()
        .filter(|deal| is_open(deal) && deal.is_there())
        .collect();
    let leading = leading(&open);
    let closing = open.iter().filter(|deal| closes_in_month_of(deal, today));
    Totals {
        count: open.len(),
        open: sums(open.iter().filter_map(amount), &leading),
        weighted: sums(open.iter().filter_map(|deal| weighted(deal)), &leading),
        closing: sums(closing.filter_map(amount), &leading),
        attention: open.iter().filter(|deal| needs_attention(deal)).count(),
    }
}

fn amount<R: Deref<Target = Row>>(deal: &R) -> Option<Money> {
    deal.money(&deal::AMOUNT)
}

fn leading<'a, R: Deref<Target = Row> + 'a>(
    deals: impl IntoIterator<Item = &'a R>,
) -> Vec<Currency> {
    currencies(deals.into_iter().filter_map(amount))
}

fn closes_in_month_of(deal: &Row, day: Date) -> bool {
    let month = |date: Date| (date.year, date.month);
    deal.date(&deal::CLOSE_ON)
        .is_some_and(|close| month(close) == month(day))
}

fn order(deal: &Row) -> impl Ord + '_ {
    let rank = deal.text(&deal::RANK);
    let newest = rank.is_empty().then_some(Reverse(deal.created.at));
    (rank, newest, deal.id)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::crm::Kind;
    use crate::crm::row::{Mark, Presence, Value};
    use crate::id::RecordId;
    use crate::time::Timestamp;

    pub(crate) const MAUD: PersonId = PersonId([1; 8]);
    pub(crate) const DAY: i64 = 86_400_000;

    pub(crate) fn a_deal(number: u8, stage: &str, amount: &str, rank: &str) -> Row {
        let mark = Mark {
            by: MAUD,
            at: Timestamp(i64::from(number)),
        };
        let mut values = vec![(deal::STAGE.tag, Value::Text(stage.into()))];
        if !amount.is_empty() {
            values.push((deal::AMOUNT.tag, Value::Money(amount.parse().unwrap())));
        }
        if !rank.is_empty() {
            values.push((deal::RANK.tag, Value::Text(rank.into())));
        }
        values.sort_by_key(|(tag, _)| *tag);
        Row {
            id: RecordId([number; 16]),
            kind: Kind::Deal,
            values,
            items: vec![],
            others: vec![],
            unknown: vec![],
            presence: Presence::There,
            created: mark,
            edited: mark,
        }
    }

    fn with(mut deal: Row, field: &crate::crm::field::Field, value: Value) -> Row {
        deal.values.retain(|(tag, _)| *tag != field.tag);
        deal.values.push((field.tag, value));
        deal.values.sort_by_key(|(tag, _)| *tag);
        deal
    }

    #[test]
    fn a_column_is_in_the_order_of_ranks_with_unranked_deals_on_top() {
        let deals = [
            a_deal(1, "offer", "", "a1xyz"),
            a_deal(2, "offer", "", "a0xyz"),
            a_deal(3, "offer", "", ""),
            a_deal(4, "offer", "", ""),
            a_deal(5, "visited", "", "a0abc"),
        ];
        let columns = columns(&deals);
        let ids: Vec<u8> = columns[2].deals.iter().map(|deal| deal.id.0[0]).collect();
        assert_eq!(ids, [4, 3, 2, 1]);
        assert_eq!(columns.len(), STAGES.len());
    }

    #[test]
    fn sums_are_weighted_by_stage_and_apart_by_currency() {
        let won = with(
            a_deal(3, "offer", "EUR 700", ""),
            &deal::STATUS,
            Value::Text("won".into()),
        );
        let deals = [
            a_deal(1, "offer", "EUR 1001", ""),
            a_deal(2, "offer", "CHF 5000", ""),
            a_deal(4, "visited", "EUR 1", ""),
            won,
        ];
        let of = |text: &str| text.parse::<Money>().unwrap();
        let column = &columns(&deals)[2];
        assert_eq!(column.sum, ["EUR 1001", "CHF 5000"].map(of));
        assert_eq!(column.weighted, ["EUR 501", "CHF 2500"].map(of));
        let totals = totals(&deals, "2026-11-21".parse().unwrap(), |_| false);
        assert_eq!(totals.open, ["EUR 1002", "CHF 5000"].map(of));
    }

    #[test]
    fn the_strip_counts_what_closes_this_month_and_what_needs_attention() {
        let day = |text: &str| Value::Date(text.parse().unwrap());
        let deals = [
            with(
                a_deal(1, "offer", "EUR 10", ""),
                &deal::CLOSE_ON,
                day("2026-11-30"),
            ),
            with(
                a_deal(2, "offer", "EUR 20", ""),
                &deal::CLOSE_ON,
                day("2025-11-30"),
            ),
        ];
        let today = "2026-11-21".parse().unwrap();
        let totals = totals(&deals, today, |deal| deal.id.0[0] == 2);
        assert_eq!(
            (totals.count, totals.attention, totals.closing[0].minor),
            (2, 1, 10)
        );
        let filter = Filter {
            closing: Some(today),
            ..Filter::default()
        };
        assert!(filter.passes(&deals[0], |_| false) && !filter.passes(&deals[1], |_| true));
    }
}
