//! Name, company and amount of a deal. A tap on the name edits it.

use crate::browser::press;
use crate::route::Route;
use crate::screens::record::{Page, parts};
use crate::screens::titles::title;
use crate::ui::draft::{is_begun, use_draft};
use shared::crm::board::{is_open, stage_of, weighted};
use shared::crm::command::Write;
use shared::crm::row::Presence;
use shared::crm::text::clean;
use shared::crm::{deal, input};
use web_sys::HtmlElement;
use yew::prelude::*;

/// The form, among those of a deal.
const NAME: &str = "name";

#[derive(PartialEq, Properties)]
pub struct HeadProps {
    pub page: Page,
}

/// The head of a deal.
#[component]
pub fn Head(props: &HeadProps) -> Html {
    let page = &props.page;
    let (row, w) = (&page.row, &page.w);
    let naming =
        use_state_eq(|| row.title().is_empty() || is_begun(&page.store.form_of(row.id, NAME)));
    let rename = {
        let naming = naming.setter();
        Callback::from(move |_: MouseEvent| naming.set(true))
    };
    let done = {
        let naming = naming.setter();
        Callback::from(move |()| naming.set(false))
    };
    let amount = row.money(&deal::AMOUNT);
    let shown = amount.map_or_else(|| w.t("deal-no-amount"), |amount| w.money(amount));
    let share = weighted(row).filter(|_| is_open(row)).map(|share| {
        w.with(
            "deal-weighted",
            &[
                (
                    "amount",
                    w.money(crate::screens::board::whole(share))
                        .to_string()
                        .into(),
                ),
                (
                    "percent",
                    w.percent(stage_of(row).probability).to_string().into(),
                ),
            ],
        )
    });
    html! {
        <header class="deal__head">
            <div>
                if *naming {
                    <Name page={page.clone()} on_done={done} />
                } else {
                    <h1><button type="button" class="rec__name" title={w.t("rename")} onclick={rename}>{ title(row, w) }</button></h1>
                }
                { about(page) }
                { parts::others(page, &deal::NAME, "") }
            </div>
            <p class="deal__sum">
                <strong class={classes!("num", amount.is_none().then_some("deal__none"))}>{ shown }</strong>
                if let Some(share) = share { <span class="muted num">{ share }</span> }
            </p>
        </header>
    }
}

/// The company, and who leads the deal.
fn about(page: &Page) -> Html {
    let (row, w) = (&page.row, &page.w);
    let company = row
        .link(&deal::COMPANY)
        .and_then(|id| page.store.row(id))
        .filter(|company| company.is_there())
        .map(|company| html! { <a class="link" href={Route::Companies(Some(company.id)).path()}>{ company.title() }</a> });
    let owner = row.person(&deal::OWNER).map(|owner| {
        if Some(owner) == page.store.me() {
            w.t("deal-led-by-you")
        } else {
            w.with(
                "deal-led-by",
                &[("name", page.person(owner).to_string().into())],
            )
        }
    });
    let came_back = match row.presence {
        Presence::Restored(mark) => {
            let who = page.person(mark.by).to_string();
            Some(
                html! { <span class="tag tag--amber">{ w.with("came-back", &[("who", who.into())]) }</span> },
            )
        }
        Presence::There | Presence::Deleted(_) => None,
    };
    html! {
        <p class="rec__role">
            if let Some(company) = company.clone() { { company } }
            if company.is_some() && owner.is_some() { { "·" } }
            if let Some(owner) = owner { <span>{ owner }</span> }
            if let Some(came_back) = came_back { { came_back } }
        </p>
    }
}

#[derive(PartialEq, Properties)]
struct NameProps {
    page: Page,
    on_done: Callback<()>,
}

/// The name while it is edited: saved when it is left or Enter is pressed, Esc restores.
#[component]
fn Name(props: &NameProps) -> Html {
    let page = &props.page;
    let node = use_node_ref();
    let over = use_mut_ref(|| false);
    let draft = use_draft(page.store.form_of(page.row.id, NAME));
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<HtmlElement>() {
                let _ = input.focus();
            }
        });
    }
    let finish = {
        let (page, on_done) = (page.clone(), props.on_done.clone());
        let (over, draft) = (over.clone(), draft.clone());
        Callback::from(move |()| {
            if over.replace(true) {
                return;
            }
            let typed = clean(&draft.text("name", page.row.text(&deal::NAME)));
            if !typed.is_empty() && typed != page.row.text(&deal::NAME) {
                let writes = vec![Write::put(deal::NAME.key, typed)];
                page.save(writes, None, draft.sent());
            } else {
                draft.forget();
            }
            let on_done = on_done.clone();
            press::after(move || on_done.emit(()));
        })
    };
    let onkeydown = {
        let (finish, on_done) = (finish.clone(), props.on_done.clone());
        let draft = draft.clone();
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "Enter" => finish.emit(()),
                "Escape" => {
                    over.replace(true);
                    draft.forget();
                    on_done.emit(());
                }
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let onblur = finish.reform(|_: FocusEvent| ());
    html! {
        <label class="deal__naming">
            <span class="label">{ page.w.t("deal-new-name") }</span>
            <input ref={node} class="input" value={draft.text("name", page.row.text(&deal::NAME))} oninput={draft.typing("name")} maxlength={input::TEXT_LIMIT.to_string()}
                autocomplete="off" enterkeyhint="done" placeholder={page.w.t("deal-new-name-example")} {onkeydown} {onblur} />
        </label>
    }
}
