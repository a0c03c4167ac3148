//! Deals: the strip that sums them up and filters them, then the board or the list.

mod list;
mod new;
mod strip;

use super::board::{Board, Faces};
use crate::app::rail::PhoneCorner;
use crate::browser::{remember, remembered, today};
use crate::i18n::use_words;
use crate::store::{Topic, use_watch};
use crate::ui::draft::is_begun;
use crate::ui::icon::{icon, small_icon};
use crate::ui::{Empty, IconButton};
use list::DealList;
pub use new::PickCompany;
use new::{NEW_DEAL, NewDeal};
use shared::crm::Kind;
use shared::crm::board::{Filter, is_open, totals};
use std::rc::Rc;
use strip::{Only, strip};
use yew::prelude::*;

const VIEW: &str = "terrain.deals.view";

/// The screen of all deals.
#[component]
pub fn Deals() -> Html {
    let words = use_words();
    let store = use_watch(&[
        Topic::Kind(Kind::Deal),
        Topic::Kind(Kind::Activity),
        Topic::Kind(Kind::Company),
        Topic::Kind(Kind::Member),
        Topic::Device,
    ]);
    let as_list = use_state_eq(|| remembered(VIEW).as_deref() == Some("list"));
    let mine = use_state_eq(|| false);
    let only = use_state_eq(|| None::<Only>);
    let making = use_state_eq(|| is_begun(&store.form(NEW_DEAL)));
    let today = today();

    let agenda = store.agenda();
    let names = store
        .version(Kind::Company)
        .wrapping_add(store.version(Kind::Member));
    let faces = Faces {
        agenda,
        today,
        names,
    };
    let filter = Filter {
        mine: store.me().filter(|_| *mine),
        closing: (*only == Some(Only::Closing)).then_some(today),
        likely: *only == Some(Only::Likely),
        attention: *only == Some(Only::Attention),
    };
    let deals = store.rows(Kind::Deal);
    let own = Filter {
        mine: filter.mine,
        ..Filter::default()
    };
    let of_whom = use_memo((deals.clone(), own), |(deals, own)| {
        let passes = |deal: &&Rc<_>| own.passes(deal, |_| true);
        deals.iter().filter(passes).cloned().collect::<Vec<_>>()
    });
    let sums = use_memo((of_whom.clone(), faces.clone()), |(deals, faces)| {
        totals(deals.iter().map(|deal| &**deal), faces.today, |deal| {
            faces.needs_attention(deal)
        })
    });
    let shown = use_memo(
        (of_whom.clone(), filter, faces.clone()),
        |(deals, filter, faces)| {
            let passes = |deal: &&Rc<_>| {
                is_open(deal) && filter.passes(deal, |deal| faces.needs_attention(deal))
            };
            deals.iter().filter(passes).cloned().collect::<Vec<_>>()
        },
    );

    let view = |list: bool, sign: &'static str, key: &str| {
        let as_list = as_list.setter();
        let onclick = Callback::from(move |_: MouseEvent| {
            remember(VIEW, list.then_some("list"));
            as_list.set(list);
        });
        (list, sign, words.t(key), onclick)
    };
    let views = [
        view(false, "square-kanban", "board-as-board"),
        view(true, "list", "board-as-list"),
    ];
    let other = views[usize::from(!*as_list)].clone();
    let toggle_mine = {
        let mine = mine.clone();
        Callback::from(move |_: MouseEvent| mine.set(!*mine))
    };
    let choose = {
        let only = only.clone();
        Callback::from(move |next: Option<Only>| only.set(if *only == next { None } else { next }))
    };
    let clear = {
        let (mine, only) = (mine.setter(), only.setter());
        Callback::from(move |_: MouseEvent| {
            mine.set(false);
            only.set(None);
        })
    };
    let open_new = {
        let making = making.setter();
        Callback::from(move |_: MouseEvent| making.set(true))
    };
    let close_new = {
        let making = making.setter();
        Callback::from(move |()| making.set(false))
    };
    let nothing = deals.is_empty() && store.is_loaded();
    let narrowed = *mine || only.is_some();
    html! {
        <>
            <header class="board__head">
                <div class="board__bar">
                    <div class="board__pipe"><h1>{ words.t("pipeline-name") }</h1></div>
                    <IconButton icon={other.1} class="only-phone" label={other.2.clone()} onclick={other.3.clone()} />
                    <div class="seg only-wide" role="group" aria-label={words.t("board-view")}>
                        for (list, sign, label, onclick) in views {
                            <button key={sign} type="button" aria-pressed={(*as_list == list).to_string()} {onclick}>
                                { small_icon(sign) }{ label }
                            </button>
                        }
                    </div>
                    <PhoneCorner />
                    <button type="button" class="chip only-wide" aria-pressed={mine.to_string()} onclick={toggle_mine}>{ words.t("board-mine") }</button>
                    if !nothing {
                        <button type="button" class="btn btn--primary" data-key="c" onclick={open_new.clone()}>
                            { icon("plus") }<span class="board__new">{ words.t("board-new") }</span>
                        </button>
                    }
                </div>
                if !nothing {
                    { strip(&sums, *only, &choose, &words) }
                }
            </header>
            if nothing {
                <Empty icon="square-kanban" title={words.t("board-empty")} text={words.t("board-empty-more")}>
                    <button type="button" class="btn btn--primary" data-key="c" onclick={open_new}>{ words.t("board-new") }</button>
                </Empty>
            } else if *as_list {
                <DealList deals={of_whom} {filter} {faces} />
            } else if shown.is_empty() && narrowed {
                <Empty icon="list-filter" title={words.t("board-none-here")}>
                    <button type="button" class="btn" onclick={clear}>{ words.t("board-clear") }</button>
                </Empty>
            } else {
                <Board deals={shown} {faces} />
            }
            if *making {
                <NewDeal on_close={close_new} />
            }
        </>
    }
}
