//! Linked records: a contact's company, a company's contacts, and the deals of either.

use super::Page;
use crate::browser::new_record_id;
use crate::route::{Route, use_nav};
use crate::screens::titles;
use crate::ui::avatar::{avatar, company_avatar};
use crate::ui::few::use_few;
use crate::ui::icon::small_icon;
use crate::ui::{Candidate, Due, Group, LinkRow, Picker};
use shared::crm::board::is_open;
use shared::crm::command::{Edit, Write};
use shared::crm::order::sort_by;
use shared::crm::query::Query;
use shared::crm::row::{Item, Row};
use shared::crm::{Kind, company, contact, deal, pipeline, title};
use shared::id::RecordId;
use std::cmp::Reverse;
use std::rc::Rc;
use yew::prelude::*;

/// How many records a picker shows.
const OFFERED: usize = 6;

#[derive(PartialEq, Properties)]
struct RelatedProps {
    pub page: Page,
}

/// All linked records.
pub(super) fn related(page: &Page) -> Html {
    html! {
        <>
            if page.row.kind == Kind::Contact {
                <CompanyGroup page={page.clone()} />
            } else {
                <ContactsGroup page={page.clone()} />
            }
            <DealsGroup page={page.clone()} />
        </>
    }
}

/// The company of a contact, to follow or to choose.
#[component]
fn CompanyGroup(props: &RelatedProps) -> Html {
    let page = &props.page;
    let w = &page.w;
    let picking = use_state(|| false);
    let linked = page.row.link(&contact::COMPANY);
    let row = linked
        .and_then(|id| page.store.row(id))
        .filter(|row| row.is_there());
    let pick = {
        let picking = picking.setter();
        Callback::from(move |_: MouseEvent| picking.set(true))
    };
    let close = {
        let picking = picking.setter();
        move || picking.set(false)
    };
    let more = row.as_ref().map(|_| {
        html! { <button type="button" class="link" aria-haspopup="dialog" onclick={pick.clone()}>{ w.t("change") }</button> }
    });
    html! {
        <Group title={w.t("kind-company")} more={more.unwrap_or_default()}>
            if let Some(row) = &row {
                { company_row(page, row) }
            } else {
                <button type="button" class="group__add" aria-haspopup="dialog" onclick={pick}>
                    { small_icon("plus") }{ w.t("add-a-company") }
                </button>
            }
            { super::others::others(page, &contact::COMPANY, "") }
            if *picking { { company_picker(page, row.is_some(), close) } }
        </Group>
    }
}

fn company_row(page: &Page, row: &Rc<Row>) -> Html {
    let contacts = page.store.linked(row.id, Kind::Contact).len();
    let count = page.w.with("contacts-count", &[("n", contacts.into())]);
    let city = row.text(&company::CITY);
    let sub = match city {
        "" => count,
        city => AttrValue::from(format!("{city} · {count}")),
    };
    let name = titles::title(row, &page.w);
    let avatar = company_avatar(&name);
    html! { <LinkRow href={Route::Companies(Some(row.id)).path()} {name} {sub} {avatar} /> }
}

fn company_picker(page: &Page, linked: bool, close: impl Fn() + Clone + 'static) -> Html {
    let find = {
        let page = page.clone();
        Callback::from(move |text: String| found(&page, Kind::Company, text))
    };
    let put = |page: &Page, id: RecordId| {
        page.do_it(vec![Write::put(contact::COMPANY.key, id.to_string())], None)
    };
    let onpick = {
        let (page, close) = (page.clone(), close.clone());
        Callback::from(move |id: RecordId| {
            put(&page, id);
            close();
        })
    };
    let oncreate = {
        let (page, close) = (page.clone(), close.clone());
        Callback::from(move |name: String| {
            let id = new_record_id();
            let mut named = super::create::named(Kind::Company, &name);
            named.extend(
                page.store
                    .me()
                    .map(|me| Write::put("owner", me.to_string())),
            );
            let link = page.edit_of(vec![Write::put(contact::COMPANY.key, id.to_string())]);
            page.store
                .edit(vec![Edit::make(id, Kind::Company, named), link], None);
            close();
        })
    };
    let onremove = linked.then(|| {
        let (page, close) = (page.clone(), close.clone());
        Callback::from(move |()| {
            page.do_it(
                vec![Write::clear(contact::COMPANY.key)],
                Some(page.w.t("link-removed")),
            );
            close();
        })
    });
    html! {
        <Picker title={page.w.t("choose-company")} company=true {find} {onpick} oncreate={Some(oncreate)} {onremove} onclose={move |()| close()} />
    }
}

/// The records of a type that fit what is typed, the best first.
pub(super) fn found(page: &Page, kind: Kind, text: String) -> Vec<Candidate> {
    let rows = page.store.query(&Query {
        text,
        ..Query::all(kind)
    });
    let candidate = |row: &Rc<Row>| Candidate {
        id: row.id,
        name: titles::title(row, &page.w),
        sub: titles::sub(row, &page.store),
    };
    rows.iter().take(OFFERED).map(candidate).collect()
}

/// The contacts of a company.
#[component]
fn ContactsGroup(props: &RelatedProps) -> Html {
    let page = &props.page;
    let nav = use_nav();
    let few = use_few(0);
    let mut rows = page.store.linked(page.row.id, Kind::Contact);
    sort_by(&mut rows, &|a, b| {
        title::sort_key(a).cmp(&title::sort_key(b))
    });
    let line = |row: &Rc<Row>| {
        let name = titles::title(row, &page.w);
        let avatar = avatar(&name);
        let job = row.text(&contact::JOB_TITLE).to_owned();
        let sub = (!job.is_empty()).then(|| AttrValue::from(job));
        html! { <LinkRow key={row.id.to_string()} href={Route::Contacts(Some(row.id)).path()} {name} {sub} {avatar} /> }
    };
    let create = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let id = new_record_id();
            let mut writes = vec![Write::put(contact::COMPANY.key, page.row.id.to_string())];
            writes.extend(
                page.store
                    .me()
                    .map(|me| Write::put(contact::OWNER.key, me.to_string())),
            );
            page.store
                .edit(vec![Edit::make(id, Kind::Contact, writes)], None);
            nav.go(Route::Contacts(Some(id)));
        })
    };
    html! {
        <Group title={page.w.t("contacts")}>
            { for rows.iter().take(few.shown()).map(line) }
            { few.more(rows.len(), &page.w) }
            <button type="button" class="group__add" onclick={create}>
                { small_icon("plus") }{ page.w.t("add-contact-here") }
            </button>
        </Group>
    }
}

/// The deals of a contact or company.
#[component]
fn DealsGroup(props: &RelatedProps) -> Html {
    let page = &props.page;
    let nav = use_nav();
    let agenda = page.store.agenda();
    let few = use_few(0);
    let mut deals = page.store.linked(page.row.id, Kind::Deal);
    // Open ones first, then the latest.
    let place = |row: &Row| (!is_open(row), Reverse(row.edited.at));
    sort_by(&mut deals, &|a, b| place(a).cmp(&place(b)));
    let line = |row: &Rc<Row>| {
        let status = row.text(&deal::STATUS);
        let state = if is_open(row) {
            html! { <Due next={agenda.next(row.id).cloned()} /> }
        } else {
            html! { <span class="tag">{ page.w.choice("status", status) }</span> }
        };
        let amount = row.money(&deal::AMOUNT).map(|amount| page.w.money(amount));
        html! {
            <LinkRow key={row.id.to_string()} href={Route::Deal(row.id).path()} name={titles::title(row, &page.w)}>
                <span class="linkrow__line">{ state }<span class="num">{ amount.unwrap_or_default() }</span></span>
            </LinkRow>
        }
    };
    let create = {
        let page = page.clone();
        Callback::from(move |_: MouseEvent| {
            let id = new_record_id();
            page.store
                .edit(vec![Edit::make(id, Kind::Deal, new_deal(&page))], None);
            nav.go(Route::Deal(id));
        })
    };
    html! {
        <Group title={page.w.t("deals")}>
            { for deals.iter().take(few.shown()).map(line) }
            { few.more(deals.len(), &page.w) }
            <button type="button" class="group__add" onclick={create}>
                { small_icon("plus") }{ page.w.t("new-deal") }
            </button>
        </Group>
    }
}

fn new_deal(page: &Page) -> Vec<Write> {
    let now = shared::crm::row::Value::Moment(crate::browser::now()).to_stored();
    let mut writes = vec![
        Write::put(deal::STAGE.key, pipeline::STAGE_KEYS[0]),
        Write::put(deal::STAGE_SINCE.key, now),
        Write::put(deal::STATUS.key, "open"),
    ];
    let company = if page.row.kind == Kind::Company {
        Some(page.row.id)
    } else {
        let item = Item {
            key: page.row.id.to_string(),
            label: String::new(),
            text: String::new(),
        };
        writes.push(Write::put_item(deal::CONTACTS.key, &item));
        page.row.link(&contact::COMPANY)
    };
    writes.extend(company.map(|id| Write::put(deal::COMPANY.key, id.to_string())));
    writes.extend(
        page.store
            .me()
            .map(|me| Write::put(deal::OWNER.key, me.to_string())),
    );
    writes
}
