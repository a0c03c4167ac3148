//! The list of a record type: search as you type, filters, order, index; and the record beside it.

mod filters;
mod row;
mod state;

use crate::app::rail::PhoneCorner;
use crate::app::shell::use_shell;
use crate::browser;
use crate::i18n::{Words, use_words};
use crate::route::{Route, use_nav};
use crate::screens::record::{self, Record};
use crate::store::{Store, Topic, use_watch};
use crate::ui::empty::{bar, bones};
use crate::ui::icon::icon;
use crate::ui::{Empty, IconButton, Section, VirtualList};
use filters::Shown;
use shared::crm::Kind;
use shared::crm::query::{Query, Sort};
use shared::crm::row::Row;
use shared::crm::title;
use shared::id::RecordId;
pub use state::search;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`ListAndRecord`].
#[derive(PartialEq, Properties)]
pub struct ListAndRecordProps {
    /// Contacts or companies.
    pub kind: Kind,
    /// The record that is open.
    pub record: Option<RecordId>,
}

/// The screen of a record's address, where its type has one.
fn route_of(kind: Kind, id: Option<RecordId>) -> Route {
    match (kind, id) {
        (Kind::Company, id) => Route::Companies(id),
        (Kind::Contact | Kind::Deal | Kind::Activity | Kind::Member, id) => Route::Contacts(id),
    }
}

/// A list and a record.
#[component]
pub fn ListAndRecord(props: &ListAndRecordProps) -> Html {
    let w = use_words();
    let shell = use_shell();
    let store = use_watch(&[Topic::Kind(props.kind), Topic::Device]);
    let count = store.rows(props.kind).len();
    let shut = Callback::from(move |event: MouseEvent| {
        // The ground beside the drawer is the pane's own.
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        if target.is_some_and(|element| element.class_list().contains("split")) {
            shell.set_drawer(false);
        }
    });
    html! {
        <div class="split" onclick={shut}>
            <ListPane kind={props.kind} record={props.record} />
            if let Some(id) = props.record {
                <Record key={id.to_string()} {id} kind={props.kind} />
            } else {
                <div class="rec rec--none">
                    if count > 0 {
                    <Empty icon={icon_of(props.kind)} title={w.with(&format!("list-{}-count", props.kind.name()), &[("n", count.into())])}
                        text={w.t(&format!("list-{}-choose", props.kind.name()))} />
                    }
                </div>
            }
        </div>
    }
}

fn icon_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Company => "building-2",
        Kind::Contact | Kind::Deal | Kind::Activity | Kind::Member => "users",
    }
}

#[component]
fn ListPane(props: &ListAndRecordProps) -> Html {
    let w = use_words();
    let (nav, shell) = (use_nav(), use_shell());
    let kind = props.kind;
    let (query, number, set_query) = state::use_query(kind);
    // Rows tell of companies, open deals and what is planned, filters of colleagues.
    let mut topics: Vec<Topic> = Kind::ALL.iter().copied().map(Topic::Kind).collect();
    topics.extend([Topic::Device, Topic::Sync]);
    let by_edit = query.sort == Sort::Edited;
    topics.extend(by_edit.then_some(Topic::Edited));
    let store = use_watch(&topics);
    let dialog = use_state(|| false);
    let [own, companies, activities] =
        [kind, Kind::Company, Kind::Activity].map(|kind| store.version(kind));
    let edits = if by_edit { store.edits() } else { 0 };
    let versions = (own, companies, activities, edits, browser::today());
    let rows = {
        let store = store.clone();
        use_memo((versions, query.clone()), move |(_, query)| {
            store.query(query)
        })
    };
    let sections = {
        let store = store.clone();
        use_memo((rows.clone(), query.clone()), move |(rows, query)| {
            heads(rows, query, &store)
        })
    };
    let create = record::use_create(kind);
    let selected = props
        .record
        .and_then(|id| rows.iter().position(|row| row.id == id));
    let onopen = {
        let rows = rows.clone();
        Callback::from(move |at: usize| {
            if let Some(row) = rows.get(at) {
                shell.set_drawer(false);
                nav.go(route_of(kind, Some(row.id)));
            }
        })
    };
    let oninput = {
        let (query, set) = (query.clone(), set_query.clone());
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            set.emit(Query {
                text: input.value(),
                ..query.clone()
            });
        })
    };
    let open_filters = {
        let dialog = dialog.setter();
        Callback::from(move |_: MouseEvent| dialog.set(true))
    };
    let name = kind.name();
    let shown = Shown {
        query: query.clone(),
        onquery: set_query.clone(),
    };
    html! {
        <section class="listpane" aria-label={w.t(&format!("list-{name}-label"))}>
            <div class="listpane__head">
                <div class="listpane__title">
                    <h1>{ w.t(&format!("list-{name}")) }{ " " }<small>{ w.number(rows.len()) }</small></h1>
                    <PhoneCorner />
                    <IconButton icon="list-filter" popup="dialog" label={w.t("sort-and-filter")} onclick={open_filters} />
                    <IconButton icon="plus" class="btn--accent" pressed_by="c" label={w.t(&format!("list-{name}-new"))} onclick={create.reform(|_: MouseEvent| String::new())} />
                </div>
                <label class="search">
                    { icon("search") }
                    <input type="search" data-key="/" value={query.text.clone()} placeholder={w.t(&format!("list-{name}-hint"))} aria-label={w.t(&format!("list-{name}-search"))}
                        autocomplete="off" enterkeyhint="search" {oninput} onkeydown={into_list(rows.clone(), onopen.clone())} />
                    <kbd class="only-wide" aria-hidden="true">{ "/" }</kbd>
                </label>
                { filters::chips(&shown, &store, &w) }
            </div>
            if rows.is_empty() {
                { nothing(&store, &query, &set_query, create, &w) }
            } else {
                <VirtualList {name} label={w.t(&format!("list-{name}"))} count={rows.len()} {sections} shows={number.to_string()} {selected} {onopen}
                    row={drawn(rows.clone(), store.clone(), w.clone())} key_of={keyed(rows.clone())} letters={lettered(rows.clone())} />
            }
            if *dialog {
                { filters::filter_dialog(&shown, dialog_close(&dialog), &store, &w) }
            }
        </section>
    }
}

fn dialog_close(dialog: &UseStateHandle<bool>) -> Callback<()> {
    let set = dialog.setter();
    Callback::from(move |()| set.set(false))
}

/// From the search into the list: Enter opens the first, the arrow goes into the list.
fn into_list(rows: Rc<Vec<Rc<Row>>>, onopen: Callback<usize>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" if !rows.is_empty() => onopen.emit(0),
        "ArrowDown" => {
            event.prevent_default();
            let list = browser::window()
                .document()
                .and_then(|document| document.query_selector(".listpane__rows").ok()?);
            if let Some(list) = list.and_then(|l| l.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = list.focus();
            }
        }
        _ => {}
    })
}

fn drawn(rows: Rc<Vec<Rc<Row>>>, store: Store, w: Words) -> Callback<usize, Html> {
    let agenda = store.agenda();
    Callback::from(move |at: usize| match rows.get(at) {
        Some(row) => row::content(row, &store, &agenda, &w),
        None => html! {},
    })
}

fn keyed(rows: Rc<Vec<Rc<Row>>>) -> Callback<usize, String> {
    Callback::from(move |at: usize| {
        rows.get(at)
            .map(|row| row.id.to_string())
            .unwrap_or_default()
    })
}

fn lettered(rows: Rc<Vec<Rc<Row>>>) -> Callback<usize, AttrValue> {
    Callback::from(move |at: usize| {
        let key = rows
            .get(at)
            .map(|row| title::sort_key(row))
            .unwrap_or_default();
        let mut letters = key.chars().filter(|c| c.is_alphanumeric());
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        AttrValue::from(first.chain(letters.next()).collect::<String>())
    })
}

/// Heads stand over a list in the order of names only.
fn heads(rows: &[Rc<Row>], query: &Query, store: &Store) -> Vec<Section> {
    let by_name = match query.sort {
        Sort::Name => true,
        Sort::Best => query.text.trim().is_empty(),
        Sort::Company
        | Sort::City
        | Sort::Edited
        | Sort::Created
        | Sort::Next
        | Sort::Amount
        | Sort::CloseOn => false,
    };
    let mut sections: Vec<Section> = Vec::new();
    if by_name {
        store.searched(|haystack| {
            let key = |row: &Rc<Row>| haystack.sort_key(row.id).unwrap_or_default();
            let mut first = 0;
            while let Some(row) = rows.get(first) {
                let head = title::section(key(row));
                if sections.last().map(|section| section.head) != Some(head) {
                    sections.push(Section { head, first });
                }
                // Names that begin with one letter follow each other: the rest of them is leapt over.
                let letter = key(row).chars().next();
                let rest = rows.get(first..).unwrap_or_default();
                let same = |row: &Rc<Row>| key(row).chars().next() == letter;
                first += rest.partition_point(same).max(1);
            }
        });
    }
    sections
}

fn nothing(
    store: &Store,
    query: &Query,
    set_query: &Callback<Query>,
    create: Callback<String>,
    w: &Words,
) -> Html {
    let name = query.kind.name();
    let sync = store.sync();
    if let Some((here, all)) = sync.receiving.filter(|(_, all)| *all > 0) {
        let name = store
            .workspace()
            .map(|workspace| workspace.name)
            .unwrap_or_default();
        let title = w.with("receiving-title", &[("name", name.into())]);
        let text = w.with("receiving-text", &[("n", here.into()), ("all", all.into())]);
        let percent = (here.min(all) * 100 / all) as u8;
        return html! {
            <>
                <Empty icon="download" title={title.clone()} {text} />
                { bar(title, percent) }
            </>
        };
    }
    if !store.is_loaded() {
        return bones();
    }
    let typed = query.text.trim().to_owned();
    if query.narrows() {
        let clear = {
            let all = Query::all(query.kind);
            set_query.reform(move |_: MouseEvent| all.clone())
        };
        let title = if typed.is_empty() {
            w.t("nothing-found")
        } else {
            w.with("nothing-for", &[("text", typed.clone().into())])
        };
        let named = w.with("create-named", &[("name", typed.clone().into())]);
        return html! {
            <Empty icon="search" {title} text={w.t(&format!("list-{name}-searched"))}>
                if !typed.is_empty() {
                    <button type="button" class="btn" onclick={create.reform(move |_: MouseEvent| typed.clone())}>{ named }</button>
                }
                <button type="button" class="btn btn--plain" onclick={clear}>{ w.t("clear-filters") }</button>
            </Empty>
        };
    }
    html! {
        <Empty icon={icon_of(query.kind)} title={w.t(&format!("list-{name}-none"))} text={w.t(&format!("list-{name}-none-lead"))}>
            <a class="btn btn--primary" href={Route::Import.path()}>{ w.t("import-file") }</a>
            <button type="button" class="btn" onclick={create.reform(|_: MouseEvent| String::new())}>{ w.t(&format!("list-{name}-new")) }</button>
        </Empty>
    }
}
