//! The stage log: newest first, how long, and who moved it there.

use crate::browser::now;
use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Group;
use shared::crm::board::stays::Stay;
use yew::prelude::*;

/// Where the deal was.
pub fn stage_log(stays: &[Stay], words: &Words, store: &Store) -> Html {
    let line = |(at, stay): (usize, &Stay)| {
        let name = words.choice("stage", stay.stage.key);
        let who = store.person_name(stay.by).unwrap_or_default();
        let first = who.split(' ').next().unwrap_or_default().to_owned();
        let days = match stay.days(now()) {
            Some(0) => words.t("deal-less-than-a-day"),
            Some(days) => words.with("board-days", &[("count", (days as usize).into())]),
            None => words.t("time-unknown"),
        };
        html! {
            <li key={at} title={words.exact(stay.from)}>
                <span>
                    if stay.until.is_none() { <strong>{ name }</strong> } else { { name } }
                    if !first.is_empty() { <span class="muted" title={who}>{ format!(" · {first}") }</span> }
                </span>
                <span class="num">{ days }</span>
            </li>
        }
    };
    html! {
        <Group title={words.t("deal-log")}>
            if stays.is_empty() {
                <p class="set muted">{ words.t("deal-log-none") }</p>
            } else {
                <ol class="log">{ for stays.iter().enumerate().rev().map(line) }</ol>
            }
        </Group>
    }
}
