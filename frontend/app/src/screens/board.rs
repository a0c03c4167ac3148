//! The board: a column for each stage, cards that are dragged or moved with the keyboard.

mod card;
mod column;
mod drag;
mod keys;
mod listen;
mod target;

use crate::browser::now;
use crate::i18n::use_words;
use crate::screens::deal::lost::{LOST, LostDialog};
use crate::store::use_store;
use crate::ui::icon::icon;
use card::card_face;
pub use card::{Faces, rotting};
use column::BoardColumn;
pub use column::{sum_of, whole};
use drag::{Lift, use_drag};
use keys::{Key, arrow, focus_neighbour, keep_focus, step};
use shared::crm::board::{Column, columns, moves};
use shared::crm::row::Row;
use shared::id::RecordId;
use std::rc::Rc;
use target::Target;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What the board shows.
#[derive(Properties, PartialEq)]
pub struct BoardProps {
    /// The open deals that pass the filters.
    pub deals: Rc<Vec<Rc<Row>>>,
    /// What the cards say besides the deals' own fields.
    pub faces: Faces,
}

/// The columns, the floating card and the bar to close deals on.
#[component]
pub fn Board(props: &BoardProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let (board, copy) = (use_node_ref(), use_node_ref());
    let lift = use_state_eq(|| None::<Lift>);
    let landing = use_state_eq(|| None::<(Rc<Row>, Target)>);
    let losing = use_state_eq(|| store.begun(LOST));
    let said = use_state_eq(AttrValue::default);
    let refocus = use_mut_ref(|| None::<RecordId>);
    let columns = use_memo(
        (props.deals.clone(), (*landing).clone()),
        |(deals, landing)| landed(columns(deals.iter().cloned()), landing.as_ref()),
    );

    let on_drop = {
        let (store, words, columns) = (store.clone(), words.clone(), columns.clone());
        let (landing, losing) = (landing.setter(), losing.setter());
        Callback::from(move |(deal, target): (RecordId, Target)| {
            let Some(row) = store.row(deal) else { return };
            let name = row.title();
            let said = |key: &str| Some(words.with(key, &[("name", name.clone().into())]));
            match &target {
                Target::Won => store.edit(vec![moves::won(deal, now())], said("deal-was-won")),
                Target::Hold => store.edit(vec![moves::hold(deal)], said("deal-was-held")),
                Target::Lost => losing.set(Some(deal)),
                Target::Column(stage, at) => {
                    if place_of(&columns, deal) == Some((stage.key, *at)) {
                        return;
                    }
                    let column = columns.iter().find(|column| column.stage == *stage);
                    let cards = column.map_or(&[][..], |column| &column.deals);
                    let edits = moves::place(&row, stage, cards, *at, now());
                    let leaves = shared::crm::board::stage_of(&row) != *stage;
                    let toast = leaves.then(|| {
                        let stage = words.choice("stage", stage.key).to_string();
                        words.with(
                            "board-moved",
                            &[("name", name.clone().into()), ("stage", stage.into())],
                        )
                    });
                    landing.set(Some((row.clone(), target.clone())));
                    let (store, landing) = (store.clone(), landing.clone());
                    spawn_local(async move {
                        // a problem was told by a toast, and the card goes back
                        if store.save(edits, toast).await.is_err() {
                            landing.set(None);
                        }
                    });
                }
            }
        })
    };
    let drag = use_drag(board.clone(), copy.clone(), lift.setter(), on_drop.clone());

    let say = {
        let (words, columns, store, said) =
            (words.clone(), columns.clone(), store.clone(), said.setter());
        move |key: &str, deal: RecordId, target: &Target| {
            let Target::Column(stage, at) = target else {
                return;
            };
            let count = columns
                .iter()
                .find(|column| column.stage == *stage)
                .map_or(0, |column| {
                    column.deals.iter().filter(|other| other.id != deal).count() + 1
                });
            said.set(words.with(
                key,
                &[
                    ("name", store.title(deal).to_string().into()),
                    ("stage", words.choice("stage", stage.key).to_string().into()),
                    ("place", (at + 1).into()),
                    ("count", count.into()),
                ],
            ));
        }
    };
    let on_key = {
        let (lift, columns, on_drop) = (lift.clone(), columns.clone(), on_drop.clone());
        let (board, refocus) = (board.clone(), refocus.clone());
        Callback::from(move |(event, deal): (KeyboardEvent, RecordId)| {
            let Some(key) = arrow(&event) else { return };
            let lifted = (*lift)
                .clone()
                .filter(|lift| lift.by_keys && lift.deal == deal);
            let moves_it = key == Key::Space || lifted.is_some();
            match (key, lifted) {
                (Key::Space, None) => {
                    let Some(target) = home(&columns, deal) else {
                        return;
                    };
                    say("board-lifted", deal, &target);
                    lift.set(Some(Lift {
                        deal,
                        by_keys: true,
                        target: Some(target),
                        size: (0.0, 0.0),
                    }));
                }
                (
                    Key::Space | Key::Enter,
                    Some(Lift {
                        target: Some(target),
                        ..
                    }),
                ) => {
                    say("board-dropped", deal, &target);
                    lift.set(None);
                    on_drop.emit((deal, target));
                }
                (Key::Escape, Some(_)) => {
                    if let Some(target) = home(&columns, deal) {
                        say("board-returned", deal, &target);
                    }
                    lift.set(None);
                }
                (
                    key,
                    Some(Lift {
                        target: Some(target),
                        ..
                    }),
                ) => {
                    let target = step(&columns, deal, &target, key);
                    say("board-at", deal, &target);
                    lift.set(Some(Lift {
                        deal,
                        by_keys: true,
                        target: Some(target),
                        size: (0.0, 0.0),
                    }));
                }
                (Key::Enter | Key::Escape, None) => return,
                (key, _) => focus_neighbour(&board, &columns, deal, key),
            }
            refocus.replace(Some(deal).filter(|_| moves_it));
            event.prevent_default();
            event.stop_propagation();
        })
    };
    use_effect({
        let (board, refocus) = (board.clone(), refocus.clone());
        move || {
            // a card that moves in the page loses the focus, which the next key needs
            let wanted = *refocus.borrow();
            if wanted.is_some_and(|deal| !keep_focus(&board, deal)) {
                refocus.replace(None);
            }
        }
    });
    let on_press = use_callback(drag, |(event, deal): (PointerEvent, RecordId), drag| {
        drag.pressed(&event, deal);
    });
    let close_dialog = {
        let losing = losing.setter();
        Callback::from(move |()| losing.set(None))
    };
    let currencies = columns
        .iter()
        .map(|column| column.sum.len())
        .max()
        .unwrap_or_default();
    let floating = lift.as_ref().filter(|lift| !lift.by_keys);
    let target = lift.as_ref().and_then(|lift| lift.target.clone());
    html! {
        <div class="board" ref={board}>
            <div class="board__cols" data-columns="true">
                for column in columns.iter() {
                    <BoardColumn key={column.stage.key} column={column.clone()} faces={props.faces.clone()}
                        lifted={lift.as_ref().map(|lift| lift.deal)} slot={slot(target.as_ref(), column)}
                        {currencies} height={lift.as_ref().map_or(0.0, |lift| lift.size.1)}
                        on_press={on_press.clone()} on_key={on_key.clone()} />
                }
            </div>
            if let Some(row) = floating.and_then(|lift| store.row(lift.deal)) {
                <div class="card is-lifted" ref={copy} aria-hidden="true">{ card_face(&row, &props.faces, &words, &store) }</div>
                { drop_bar(&words, target.as_ref()) }
            }
            <p class="vh" id="board-keys">{ words.t("board-keys") }</p>
            <p class="vh" aria-live="assertive">{ (*said).clone() }</p>
            if let Some(deal) = *losing {
                <LostDialog {deal} on_close={close_dialog} />
            }
        </div>
    }
}

fn drop_bar(words: &crate::i18n::Words, target: Option<&Target>) -> Html {
    let item = |name: &'static str, sign: &'static str, key: &str, own: Target| {
        let over = (target == Some(&own)).then_some("is-over");
        html! {
            <span class={classes!("dropbar__item", format!("dropbar__item--{name}"), over)} data-drop={name}>
                { icon(sign) }{ words.t(key) }
            </span>
        }
    };
    html! {
        <div class="dropbar" data-bar="true" role="group" aria-label={words.t("board-drop")}>
            { item("won", "trophy", "deal-won", Target::Won) }
            { item("lost", "circle-x", "deal-lost", Target::Lost) }
            { item("hold", "pause", "deal-hold", Target::Hold) }
        </div>
    }
}

/// The place of the slot in a column, when the lifted card would land there.
fn slot(target: Option<&Target>, column: &Column<Rc<Row>>) -> Option<usize> {
    match target? {
        Target::Column(stage, at) if *stage == column.stage => Some(*at),
        Target::Column(..) | Target::Won | Target::Lost | Target::Hold => None,
    }
}

fn place_of(columns: &[Column<Rc<Row>>], deal: RecordId) -> Option<(&'static str, usize)> {
    columns.iter().find_map(|column| {
        let at = column.deals.iter().position(|other| other.id == deal)?;
        Some((column.stage.key, at))
    })
}

fn home(columns: &[Column<Rc<Row>>], deal: RecordId) -> Option<Target> {
    let (stage, at) = place_of(columns, deal)?;
    Some(Target::Column(shared::crm::pipeline::stage(stage), at))
}

/// The columns with a card already where it was dropped, until the row itself says so.
fn landed(
    mut columns: Vec<Column<Rc<Row>>>,
    landing: Option<&(Rc<Row>, Target)>,
) -> Vec<Column<Rc<Row>>> {
    let Some((deal, Target::Column(stage, at))) = landing else {
        return columns;
    };
    let Some((from, place)) = place_of(&columns, deal.id) else {
        return columns;
    };
    let unchanged = |column: &Column<Rc<Row>>| column.deals.iter().any(|row| Rc::ptr_eq(row, deal));
    if !columns.iter().any(unchanged) {
        return columns;
    }
    let row = columns
        .iter_mut()
        .find(|column| column.stage.key == from)
        .map(|column| column.deals.remove(place));
    let column = columns.iter_mut().find(|column| column.stage == *stage);
    if let (Some(row), Some(column)) = (row, column) {
        column.deals.insert((*at).min(column.deals.len()), row);
    }
    columns
}
