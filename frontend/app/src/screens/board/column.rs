//! A column of the board.

use super::card::{Faces, card_face};
use crate::i18n::{Words, use_words};
use crate::route::Route;
use crate::store::{Store, use_store};
use shared::crm::board::Column;
use shared::crm::row::Row;
use shared::id::RecordId;
use std::rc::Rc;
use yew::prelude::*;

/// How many cards a column shows before it asks.
const FIRST: usize = 60;

#[derive(Properties, PartialEq)]
pub struct ColumnProps {
    pub column: Column<Rc<Row>>,
    pub faces: Faces,
    pub lifted: Option<RecordId>,
    pub slot: Option<usize>,
    pub height: f64,
    /// How many currencies the longest head lists, so that all heads are of one height.
    pub currencies: usize,
    pub on_press: Callback<(PointerEvent, RecordId)>,
    pub on_key: Callback<(KeyboardEvent, RecordId)>,
}

/// Head with count and sums, then the cards.
#[component]
pub fn BoardColumn(props: &ColumnProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let limit = use_state_eq(|| FIRST);
    let column = &props.column;
    let name = words.choice("stage", column.stage.key);
    let shown = &column.deals[..column.deals.len().min(*limit)];
    let hidden = column.deals.len() - shown.len();
    let more = {
        let limit = limit.clone();
        Callback::from(move |_: MouseEvent| limit.set(*limit + 4 * FIRST))
    };
    let mut place = 0;
    let mut cards: Vec<Html> = Vec::with_capacity(shown.len() + 1);
    for deal in shown {
        let lifted = props.lifted == Some(deal.id);
        if !lifted {
            if props.slot == Some(place) {
                cards.push(slot(props.height));
            }
            place += 1;
        }
        cards.push(card(deal, lifted, props, &words, &store));
    }
    if props.slot.is_some_and(|slot| slot >= place) {
        cards.push(slot(props.height));
    }
    html! {
        <section class={classes!("col", props.slot.is_some().then_some("is-over"))} aria-label={name.clone()}
            data-stage={column.stage.key}>
            <header class="col__head">
                <h2 class="col__name">{ name }<span>{ words.number(column.deals.len()) }</span></h2>
                { sums(&words, column) }
                { for (column.sum.len().max(1)..props.currencies).map(|at| html! { <p key={at} class="col__sum" aria-hidden="true">{ "\u{a0}" }</p> }) }
            </header>
            <div class="col__body" data-cards="true">
                <>{ for cards }</>
                if column.deals.is_empty() && props.slot.is_none() {
                    <p class="col__none">{ words.t("board-none") }</p>
                }
                if hidden > 0 {
                    <button class="btn btn--plain" onclick={more}>
                        { words.with("board-show-more", &[("count", hidden.into())]) }
                    </button>
                }
            </div>
        </section>
    }
}

fn slot(height: f64) -> Html {
    let style = if height > 0.0 {
        format!("block-size: {height}px")
    } else {
        String::new()
    };
    html! { <div key="slot" class="card__slot" ~style={style}></div> }
}

/// A line for each currency; the probability stands in the first.
fn sums(words: &Words, column: &Column<Rc<Row>>) -> Html {
    let percent = words.percent(column.stage.probability);
    if column.sum.is_empty() {
        return html! { <p class="col__sum num"><span>{ "—" }</span><span>{ percent }</span></p> };
    }
    let line = |(at, sum): (usize, &shared::money::Money)| {
        let weighted = column
            .weighted
            .iter()
            .find(|weighted| weighted.currency == sum.currency);
        let weighted = weighted
            .map(|weighted| sum_of(*weighted, words))
            .unwrap_or_default();
        let right = if at == 0 {
            format!("{percent} · {weighted}")
        } else {
            weighted.to_string()
        };
        html! { <p key={at} class="col__sum num"><span>{ sum_of(*sum, words) }</span><span>{ right }</span></p> }
    };
    html! { <>{ for column.sum.iter().enumerate().map(line) }</> }
}

/// A sum to the nearest whole unit; one that is too large to be exact says that it is more.
pub fn sum_of(sum: shared::money::Money, words: &Words) -> AttrValue {
    let shown = words.money(whole(sum));
    let key = match sum.is_beyond() {
        false => return shown,
        true if sum.minor < 0 => "less-than",
        true => "more-than",
    };
    words.with(key, &[("amount", shown.to_string().into())])
}

/// An amount to the nearest whole unit: heads are read at a glance.
pub fn whole(money: shared::money::Money) -> shared::money::Money {
    let unit = 10i64.pow(money.currency.decimals());
    let half = unit / 2 * money.minor.signum();
    shared::money::Money {
        minor: (money.minor + half) / unit * unit,
        ..money
    }
}

/// A card that can be opened, dragged and moved.
fn card(deal: &Row, lifted: bool, column: &ColumnProps, words: &Words, store: &Store) -> Html {
    let id = deal.id;
    let onpointerdown = column.on_press.reform(move |event| (event, id));
    let onkeydown = column.on_key.reform(move |event| (event, id));
    let oncontextmenu = Callback::from(|event: MouseEvent| {
        // a long press would open the link's menu under the finger that drags
        let touch = wasm_bindgen::JsCast::dyn_ref::<PointerEvent>(&event)
            .is_some_and(|event| event.pointer_type() != "mouse");
        if touch {
            event.prevent_default();
        }
    });
    let ondragstart = Callback::from(|event: DragEvent| event.prevent_default());
    html! {
        <a key={id.to_string()} class={classes!("card", lifted.then_some("is-left"))} href={Route::Deal(id).path()} draggable="false"
            data-deal={id.to_string()} aria-describedby="board-keys"
            {onpointerdown} {onkeydown} {oncontextmenu} {ondragstart}>
            { card_face(deal, &column.faces, words, store) }
        </a>
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn sums_round_to_whole_units_of_their_currency() {
        for (exact, shown) in [
            ("EUR 608750", "EUR 608800"),
            ("EUR -150", "EUR -200"),
            ("JPY 7", "JPY 7"),
        ] {
            assert_eq!(whole(exact.parse().unwrap()).to_string(), shown);
        }
    }
}
