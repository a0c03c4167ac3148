//! The strip above the deals: what they come to. Each part is a filter.

use crate::i18n::Words;
use crate::screens::board::sum_of;
use crate::ui::icon::small_icon;
use shared::crm::board::Totals;
use shared::money::Money;
use yew::prelude::*;

/// What a part of the strip narrows the deals to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// At 50 % and more.
    Likely,
    /// Closing this month.
    Closing,
    /// Overdue, or nothing planned.
    Attention,
}

/// Total, weighted, closing this month, needs attention.
pub fn strip(
    sums: &Totals,
    only: Option<Only>,
    on_choose: &Callback<Option<Only>>,
    words: &Words,
) -> Html {
    let part = |own: Option<Only>, hint: Option<AttrValue>, label: Html, value: Html| {
        let onclick = on_choose.reform(move |_: MouseEvent| own);
        let pressed = own.is_some() && only == own;
        html! {
            <button type="button" class="stat__item" aria-pressed={pressed.to_string()} title={hint} {onclick}>
                { label }<strong>{ value }</strong>
            </button>
        }
    };
    let plain = |key: &str| html! { <span>{ words.t(key) }</span> };
    let attention = html! {
        <span class="is-red">{ small_icon("circle-alert") }{ words.t("board-attention") }</span>
    };
    let deals = words.with("board-deals", &[("count", sums.attention.into())]);
    html! {
        <div class="stat" role="group" aria-label={words.t("board-summary")}>
            { part(None, None, plain("board-open"), amounts(words, &sums.open)) }
            { part(Some(Only::Likely), Some(words.t("board-weighted-hint")), plain("board-weighted"), amounts(words, &sums.weighted)) }
            { part(Some(Only::Closing), None, plain("board-closing"), amounts(words, &sums.closing)) }
            { part(Some(Only::Attention), Some(words.t("board-attention-hint")), attention, html! { <span class="num">{ deals }</span> }) }
        </div>
    }
}

/// The sum in the leading currency, then the others in small.
fn amounts(words: &Words, sums: &[Money]) -> Html {
    let Some((first, rest)) = sums.split_first() else {
        return html! { { "—" } };
    };
    let small = |sum: &Money| {
        let shown = sum_of(*sum, words);
        html! { <small key={sum.currency.code().to_owned()} class="num">{ format!("+ {shown}") }</small> }
    };
    html! { <><span class="num">{ sum_of(*first, words) }</span>{ for rest.iter().map(small) }</> }
}
