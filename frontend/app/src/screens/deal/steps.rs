//! The stepper: where the deal is, where it was for how long, and a tap to move it.

use crate::browser::now;
use crate::i18n::use_words;
use crate::screens::titles::title;
use crate::store::use_store;
use shared::crm::Kind;
use shared::crm::board::stays::{Stay, days_in};
use shared::crm::board::{columns, is_open, moves, stage_of};
use shared::crm::due::in_stage_since;
use shared::crm::pipeline::{STAGES, Stage};
use shared::crm::row::Row;
use std::rc::Rc;
use web_sys::{Element, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct StepsProps {
    pub row: Rc<Row>,
    pub stays: Rc<Vec<Stay>>,
}

/// The stages in a row. A tap moves the deal and offers to undo.
#[component]
pub fn Steps(props: &StepsProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let node = use_node_ref();
    let row = &props.row;
    let current = stage_of(row);
    let place = STAGES
        .iter()
        .position(|stage| stage == current)
        .unwrap_or_default();
    {
        let node = node.clone();
        use_effect_with(place, move |_| {
            let step = node
                .cast::<Element>()
                .and_then(|steps| steps.query_selector("[aria-current='step']").ok().flatten());
            if let Some(step) = step {
                let options = ScrollIntoViewOptions::new();
                options.set_inline(ScrollLogicalPosition::Center);
                options.set_block(ScrollLogicalPosition::Nearest);
                step.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let step = |(at, stage): (usize, &'static Stage)| {
        let (store, words, row) = (store.clone(), words.clone(), row.clone());
        let name = words.choice("stage", stage.key);
        let below = below(&words, props, stage, at, place);
        let onclick = Callback::from(move |_: MouseEvent| {
            if stage_of(&row) == stage && is_open(&row) {
                return;
            }
            let columns = columns(store.rows(Kind::Deal).iter().cloned());
            let cards = columns
                .into_iter()
                .find(|column| column.stage == stage)
                .map(|column| column.deals);
            let mut edits = moves::place(&row, stage, &cards.unwrap_or_default(), 0, now());
            if !is_open(&row) {
                edits.push(moves::reopen(row.id));
            }
            let said = words.with(
                "board-moved",
                &[
                    ("name", title(&row, &words).to_string().into()),
                    ("stage", words.choice("stage", stage.key).to_string().into()),
                ],
            );
            store.edit(edits, Some(said));
        });
        html! {
            <button key={stage.key} type="button" class={classes!("steps__item", (at < place).then_some("is-past"))}
                aria-current={(at == place).then_some("step")} {onclick}>
                <span class="steps__name">{ name }</span><small>{ below }</small>
            </button>
        }
    };
    html! {
        <div class="steps" role="group" aria-label={words.t("deal-steps")} ref={node}>
            { for STAGES.iter().enumerate().map(step) }
        </div>
    }
}

/// Days spent in a stage that is past, days since for the current one, else how likely it makes a win.
fn below(
    words: &crate::i18n::Words,
    props: &StepsProps,
    stage: &Stage,
    at: usize,
    place: usize,
) -> AttrValue {
    let now = now();
    if at == place {
        let Some(since) = in_stage_since(&props.row) else {
            return words.t("time-unknown");
        };
        let days = ((now.0 - since.0).max(0) / 86_400_000) as usize;
        return match days {
            0 => words.t("deal-since-today"),
            days => words.with("deal-since", &[("count", days.into())]),
        };
    }
    match days_in(&props.stays, stage, now).filter(|_| at < place) {
        Some(0) => words.t("deal-less-than-a-day"),
        Some(days) => words.with("board-days", &[("count", (days as usize).into())]),
        None => words.percent(stage.probability),
    }
}
