//! A contact or a company: head, quick deeds, what's next, fields by group, notes, linked records,
//! timeline. Which fields there are follows from the record type.

mod comment;
mod create;
mod fields;
mod gone;
mod head;
mod history;
mod items;
mod next;
mod notes;
mod others;
mod page;
pub mod parts;
mod plan;
mod quick;
mod related;
mod timeline;

use crate::app::shell::use_shell;
use crate::browser::is_phone;
use crate::i18n::use_words;
use crate::route::{Route, use_nav};
use crate::store::{Topic, use_watch};
use crate::ui::icon::icon;
use crate::ui::{self, IconButton};
use fields::details;
use head::Head;
use history::history_dialog;
use items::Reach;
use next::NextUp;
use notes::notes;
use quick::Quick;
use related::related;
use shared::crm::Kind;
use shared::crm::command::Edit;
use shared::id::RecordId;
use timeline::Timeline;
use yew::prelude::*;

pub use create::use_create;
pub use page::Page;
pub use plan::{PlanDialog, Planning};

/// Properties of [`Record`].
#[derive(PartialEq, Properties)]
pub struct RecordProps {
    /// Which record.
    pub id: RecordId,
    /// Its type.
    pub kind: Kind,
}

/// A record.
#[component]
pub fn Record(props: &RecordProps) -> Html {
    let w = use_words();
    let id = props.id;
    let store = use_watch(&[
        Topic::Record(id),
        Topic::Open,
        Topic::Minute,
        Topic::Device,
        Topic::Kind(Kind::Activity),
        Topic::Kind(Kind::Deal),
        Topic::Kind(Kind::Contact),
        Topic::Kind(Kind::Company),
        Topic::Kind(Kind::Member),
    ]);
    let row = store
        .row(id)
        .or_else(|| create::draft(&store, id, props.kind));
    {
        let store = store.clone();
        let stored = store.row(id).is_some();
        use_effect_with(stored, move |stored| {
            if *stored {
                store.open_record(id);
            }
            move || store.close_record(id)
        });
    }
    // Empty rows would push the notes away. It is decided once, so that nothing jumps while one types.
    let address_first = use_memo(row.is_some(), |_| {
        row.as_ref().is_none_or(|row| fields::has_address(row))
    });
    let Some(row) = row.filter(|row| row.is_there() && row.kind == props.kind) else {
        return gone::gone(&store, id, props.kind, &w);
    };
    let page = Page::new(&store, &w, row);
    html! {
        <article class="rec" aria-label={page.title()}>
            <div class="rec__page">
                <Bar page={page.clone()} />
                <Head page={page.clone()} />
                <Quick page={page.clone()} />
                <div class="rec__cols">
                    <div class="rec__next"><NextUp page={page.clone()} /></div>
                    <div class="rec__col rec__col--main">
                        <Reach page={page.clone()} />
                        if *address_first { { details(&page) } }
                        { notes(&page) }
                        if !*address_first { { details(&page) } }
                    </div>
                    <div class="rec__col">
                        { related(&page) }
                        <Timeline {page} />
                    </div>
                </div>
            </div>
        </article>
    }
}

#[derive(PartialEq, Properties)]
struct BarProps {
    page: Page,
}

/// Back, history, further deeds.
#[component]
fn Bar(props: &BarProps) -> Html {
    let w = use_words();
    let (nav, shell) = (use_nav(), use_shell());
    let (history, menu) = (use_state(|| false), use_state(|| false));
    let menu_node = use_node_ref();
    let kind = props.page.row.kind;
    let list = match kind {
        Kind::Company => Route::Companies(None),
        Kind::Contact | Kind::Deal | Kind::Activity | Kind::Member => Route::Contacts(None),
    };
    let back = {
        let (nav, shell) = (nav.clone(), shell.clone());
        Callback::from(move |_: MouseEvent| {
            // On a phone the list is another screen; on a tablet it comes in as a drawer.
            if is_phone() {
                nav.back(list);
            } else {
                shell.set_drawer(true);
            }
        })
    };
    let toggle = |state: &UseStateHandle<bool>| {
        let state = state.clone();
        Callback::from(move |_: MouseEvent| state.set(!*state))
    };
    let delete = {
        let (page, menu) = (props.page.clone(), menu.setter());
        Callback::from(move |_: MouseEvent| {
            menu.set(false);
            let name = page.title();
            let words = page
                .w
                .with("deleted-name", &[("name", name.to_string().into())]);
            page.store
                .edit(vec![Edit::delete(page.row.id)], Some(words));
            nav.replace(list);
        })
    };
    let leave_menu = {
        let (menu, node) = (menu.setter(), menu_node.clone());
        Callback::from(move |event: FocusEvent| {
            if event.related_target().is_some() && !ui::field::stays_within(&node, &event) {
                menu.set(false);
            }
        })
    };
    let shut_menu = {
        let menu = menu.setter();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                menu.set(false);
            }
        })
    };
    let close_history = {
        let history = history.setter();
        Callback::from(move |()| history.set(false))
    };
    html! {
        <div class="rec__bar">
            <button type="button" class="btn btn--plain rec__back" onclick={back}>
                { icon("chevron-left") }{ w.t(&format!("list-{}", kind.name())) }
            </button>
            <IconButton icon="history" popup="dialog" label={w.t("history")} onclick={toggle(&history)} />
            <div ref={menu_node} class="menu" onfocusout={leave_menu} onkeydown={shut_menu}>
                <IconButton icon="ellipsis" expanded={Some(*menu)} label={w.t("more-deeds")} onclick={toggle(&menu)} />
                if *menu {
                    <div class="menu__body">
                        <button type="button" class="btn btn--plain menu__danger" onclick={delete}>{ w.t(&format!("delete-{}", kind.name())) }</button>
                    </div>
                }
            </div>
            if *history {
                { history_dialog(&props.page, close_history) }
            }
        </div>
    }
}
