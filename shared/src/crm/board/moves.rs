//! What a person does to a deal on the board or with its stepper, as edits.

use super::stage_of;
use crate::crm::command::{Edit, Write};
use crate::crm::deal;
use crate::crm::pipeline::Stage;
use crate::crm::rank;
use crate::crm::row::Row;
use crate::id::RecordId;
use crate::time::Timestamp;
use std::ops::Deref;

/// Moves a deal to a stage, at a place in its column. `column` are the deals there in order, whether or
/// not the moved one is among them; `at` counts without it. Deals of the column that have no rank yet get
/// one, so that the order stays as it is seen.
pub fn place<R: Deref<Target = Row>>(
    moved: &Row,
    stage: &Stage,
    column: &[R],
    at: usize,
    now: Timestamp,
) -> Vec<Edit> {
    let mut order: Vec<&Row> = column
        .iter()
        .map(|deal| &**deal)
        .filter(|deal| deal.id != moved.id)
        .collect();
    order.insert(at.min(order.len()), moved);
    let rank_of = |deal: &Row| {
        let rank = deal.text(&deal::RANK);
        (deal.id != moved.id && !rank.is_empty()).then(|| rank.to_string())
    };
    let mut edits = Vec::new();
    let mut below: Option<String> = None;
    for (index, deal) in order.iter().enumerate().rev() {
        let rank = rank_of(deal).unwrap_or_else(|| {
            let above = index.checked_sub(1).and_then(|above| rank_of(order[above]));
            let rank = rank::between(above.as_deref(), below.as_deref(), deal.id);
            let writes = if deal.id == moved.id {
                writes(moved, stage, &rank, now)
            } else {
                vec![Write::put(deal::RANK.key, rank.clone())]
            };
            edits.push(Edit::of(deal.id, writes));
            rank
        });
        below = Some(rank);
    }
    edits
}

/// What makes a new deal stand on top of a column.
pub fn on_top<R: Deref<Target = Row>>(
    new: RecordId,
    stage: &Stage,
    column: &[R],
    now: Timestamp,
) -> Vec<Write> {
    let first = column
        .iter()
        .map(|deal| deal.text(&deal::RANK))
        .find(|rank| !rank.is_empty());
    vec![
        Write::put(deal::STAGE.key, stage.key),
        Write::put(deal::STAGE_SINCE.key, now.0.to_string()),
        Write::put(deal::STATUS.key, "open"),
        Write::put(deal::RANK.key, rank::between(None, first, new)),
    ]
}

/// Marks a deal as won.
pub fn won(deal: RecordId, now: Timestamp) -> Edit {
    Edit::of(deal, close("won", Some(now), None))
}

/// Marks a deal as lost, for one of [`deal::LOST_REASONS`] and with what else is to say.
pub fn lost(deal: RecordId, reason: &str, detail: &str, now: Timestamp) -> Edit {
    Edit::of(deal, close("lost", Some(now), Some((reason, detail))))
}

/// Puts a deal on hold.
pub fn hold(deal: RecordId) -> Edit {
    Edit::of(deal, close("hold", None, None))
}

/// Brings a won, lost or held deal back to the board.
pub fn reopen(deal: RecordId) -> Edit {
    Edit::of(deal, close("open", None, None))
}

fn close(status: &str, at: Option<Timestamp>, reason: Option<(&str, &str)>) -> Vec<Write> {
    let put = |key: &str, text: Option<String>| match text.filter(|text| !text.is_empty()) {
        Some(text) => Write::put(key, text),
        None => Write::clear(key),
    };
    vec![
        Write::put(deal::STATUS.key, status),
        put(deal::CLOSED_AT.key, at.map(|at| at.0.to_string())),
        put(
            deal::LOST_REASON.key,
            reason.map(|(reason, _)| reason.into()),
        ),
        put(
            deal::LOST_DETAIL.key,
            reason.map(|(_, detail)| detail.trim().into()),
        ),
    ]
}

fn writes(deal: &Row, stage: &Stage, rank: &str, now: Timestamp) -> Vec<Write> {
    let mut writes = vec![Write::put(deal::RANK.key, rank)];
    if stage_of(deal) != stage {
        writes.push(Write::put(deal::STAGE.key, stage.key));
        writes.push(Write::put(deal::STAGE_SINCE.key, now.0.to_string()));
    }
    writes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::board::columns;
    use crate::crm::board::tests::a_deal;
    use crate::crm::pipeline::stage;
    use crate::crm::row::Value;

    fn apply(deals: &mut [Row], edits: &[Edit]) {
        for edit in edits {
            let deal = deals
                .iter_mut()
                .find(|deal| deal.id == edit.record)
                .unwrap();
            for write in &edit.writes {
                let field = crate::crm::Kind::Deal.field(&write.at.field).unwrap();
                deal.values.retain(|(tag, _)| *tag != field.tag);
                if let Some(stored) = &write.put {
                    deal.values
                        .push((field.tag, Value::from_stored(field.shape, stored).unwrap()));
                }
                deal.values.sort_by_key(|(tag, _)| *tag);
            }
        }
    }

    fn offers(deals: &[Row]) -> Vec<u8> {
        columns(deals)[2]
            .deals
            .iter()
            .map(|deal| deal.id.0[0])
            .collect()
    }

    #[test]
    fn a_card_lands_where_it_is_dropped_whatever_has_a_rank() {
        let ranks = ["", "a0aaa", "a0bbb", "a1ccc"];
        for unranked in 0..=4usize {
            for at in 0..=4 {
                let mut deals: Vec<Row> = (0..4u8)
                    .map(|i| {
                        a_deal(
                            9 - i,
                            "offer",
                            "",
                            if usize::from(i) < unranked {
                                ""
                            } else {
                                ranks[usize::from(i)]
                            },
                        )
                    })
                    .collect();
                if unranked == 0 {
                    deals[0] = a_deal(9, "offer", "", "Zzaaa");
                }
                let mut expected = offers(&deals);
                deals.push(a_deal(50, "visited", "", "a7xxx"));
                let edits = place(
                    &deals[4],
                    stage("offer"),
                    &columns(&deals)[2].deals,
                    at,
                    Timestamp(7),
                );
                apply(&mut deals, &edits);
                expected.insert(at, 50);
                assert_eq!(offers(&deals), expected, "{unranked} unranked, at {at}");
                assert_eq!(deals[4].moment(&deal::STAGE_SINCE), Some(Timestamp(7)));
            }
        }
    }

    #[test]
    fn a_move_within_a_column_keeps_the_day_it_came_to_the_stage() {
        let mut deals = [
            a_deal(1, "offer", "", "a0aaa"),
            a_deal(2, "offer", "", "a1aaa"),
        ];
        let edits = place(
            &deals[0],
            stage("offer"),
            &columns(&deals)[2].deals,
            1,
            Timestamp(7),
        );
        assert_eq!(edits[0].writes.len(), 1);
        apply(&mut deals, &edits);
        assert_eq!(offers(&deals), [2, 1]);
    }

    #[test]
    fn a_reopened_deal_forgets_why_it_was_lost() {
        let mut deals = [a_deal(1, "offer", "", "a0aaa")];
        let id = deals[0].id;
        apply(
            &mut deals,
            &[lost(id, "price", " trop cher ", Timestamp(5))],
        );
        assert_eq!(deals[0].text(&deal::LOST_DETAIL), "trop cher");
        assert!(offers(&deals).is_empty());
        apply(&mut deals, &[reopen(id)]);
        assert_eq!(offers(&deals), [1]);
        assert_eq!(deals[0].moment(&deal::CLOSED_AT), None);
    }
}
