//! The people of a deal, each with a role.

use crate::i18n::use_words;
use crate::route::Route;
use crate::store::{Store, Topic, use_watch};
use crate::ui::avatar::avatar;
use crate::ui::draft::is_begun;
use crate::ui::few::use_few;
use crate::ui::icon::small_icon;
use crate::ui::{Candidate, Dialog, Group, IconButton, LinkRow, Picker, use_draft};
use shared::crm::command::{Edit, Write};
use shared::crm::row::{Item, Row};
use shared::crm::text::clean;
use shared::crm::{Kind, contact, deal};
use shared::id::RecordId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct PeopleProps {
    pub row: Rc<Row>,
}

/// Who the deal is with. The picker offers the company's own people first.
#[component]
pub fn People(props: &PeopleProps) -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Kind(Kind::Contact)]);
    let few = use_few(0);
    let picking = use_state_eq(|| false);
    let row = &props.row;
    let role_of = use_state_eq(|| {
        let begun = |item: &&Item| is_begun(&role_place(&store, row.id, item));
        row.items(&deal::CONTACTS).find(begun).cloned()
    });
    let pick = {
        let (store, picking, role_of, deal) =
            (store.clone(), picking.setter(), role_of.setter(), row.id);
        Callback::from(move |id: RecordId| {
            let item = Item {
                key: id.to_string(),
                label: String::new(),
                text: String::new(),
            };
            store.edit(
                vec![Edit::of(
                    deal,
                    vec![Write::put_item(deal::CONTACTS.key, &item)],
                )],
                None,
            );
            picking.set(false);
            role_of.set(Some(item));
        })
    };
    let find = {
        let (store, row) = (store.clone(), row.clone());
        Callback::from(move |typed: String| {
            let own: Vec<RecordId> = row
                .link(&deal::COMPANY)
                .map(|company| {
                    store
                        .linked(company, Kind::Contact)
                        .iter()
                        .map(|row| row.id)
                        .collect()
                })
                .unwrap_or_default();
            let found = store.searched(|haystack| haystack.search(Kind::Contact, &typed));
            let first = own
                .iter()
                .filter(|id| typed.trim().is_empty() || found.contains(id));
            let rest = found.iter().filter(|id| !own.contains(id));
            let there: Vec<RecordId> = row.links(&deal::CONTACTS).collect();
            let ids = first.chain(rest).filter(|id| !there.contains(id));
            ids.take(8)
                .filter_map(|id| candidate(*id, &store))
                .collect()
        })
    };
    let open = {
        let picking = picking.setter();
        Callback::from(move |_: MouseEvent| picking.set(true))
    };
    let close = {
        let picking = picking.setter();
        Callback::from(move |()| picking.set(false))
    };
    let close_role = {
        let role_of = role_of.setter();
        Callback::from(move |()| role_of.set(None))
    };
    let line = |item: &Item| {
        let id: RecordId = item.key.parse().ok()?;
        let person = store.row(id).filter(|row| row.is_there())?;
        let job = person.text(&contact::JOB_TITLE);
        let parts: Vec<&str> = [job, item.label.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let edit = {
            let (role_of, item) = (role_of.setter(), item.clone());
            Callback::from(move |_: MouseEvent| role_of.set(Some(item.clone())))
        };
        let name = AttrValue::from(person.title());
        Some(html! {
            <div class="linkrow__pair" key={item.key.clone()}>
                <LinkRow href={Route::Contacts(Some(id)).path()} name={name.clone()} sub={Some(AttrValue::from(parts.join(" · ")))}
                    avatar={avatar(&name)} />
                <IconButton icon="ellipsis" label={words.with("deal-role-of", &[("name", name.to_string().into())])} onclick={edit} popup={Some(AttrValue::from("dialog"))} />
            </div>
        })
    };
    html! {
        <Group title={words.t("deal-people")}>
            { for row.items(&deal::CONTACTS).take(few.shown()).filter_map(line) }
            { few.more(row.items(&deal::CONTACTS).count(), &words) }
            <button type="button" class="group__add" onclick={open}>{ small_icon("plus") }{ words.t("deal-add-person") }</button>
            if *picking {
                <Picker title={words.t("deal-add-person")} {find} onpick={pick} onclose={close} />
            }
            if let Some(item) = (*role_of).clone() {
                <Role deal={row.id} {item} on_close={close_role} />
            }
        </Group>
    }
}

fn candidate(id: RecordId, store: &Store) -> Option<Candidate> {
    let row = store.row(id)?;
    let company = row
        .link(&contact::COMPANY)
        .map(|company| store.title(company))
        .unwrap_or_default();
    Some(Candidate {
        id,
        name: row.title().into(),
        sub: company,
    })
}

/// Where a role is kept while it is typed.
fn role_place(store: &Store, deal: RecordId, item: &Item) -> AttrValue {
    store.form_of(deal, &format!("role/{}", item.key))
}

#[derive(Properties, PartialEq)]
struct RoleProps {
    deal: RecordId,
    item: Item,
    on_close: Callback<()>,
}

/// The person's role in the deal; or they leave it.
#[component]
fn Role(props: &RoleProps) -> Html {
    let words = use_words();
    let store = use_watch(&[]);
    let draft = use_draft(role_place(&store, props.deal, &props.item));
    let role = draft.text("role", &props.item.label);
    let name = props
        .item
        .key
        .parse()
        .map(|id| store.title(id))
        .unwrap_or_default();
    let named = [("name", name.to_string().into())];
    let onsubmit = {
        let (store, role, draft) = (store.clone(), role.clone(), draft.clone());
        let props = (props.deal, props.item.clone(), props.on_close.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (deal, item, on_close) = &props;
            let label = clean(&role);
            if label != item.label {
                let item = Item {
                    label,
                    ..item.clone()
                };
                let writes = vec![Write::put_item(deal::CONTACTS.key, &item)];
                store.edit_then(vec![Edit::of(*deal, writes)], None, draft.sent());
            } else {
                draft.forget();
            }
            on_close.emit(());
        })
    };
    let close = {
        let (draft, on_close) = (draft.clone(), props.on_close.clone());
        Callback::from(move |()| {
            draft.forget();
            on_close.emit(());
        })
    };
    let remove = {
        let (store, deal, close) = (store.clone(), props.deal, close.clone());
        let key = props.item.key.clone();
        let said = words.with("deal-person-removed", &named);
        Callback::from(move |_: MouseEvent| {
            let edits = vec![Edit::of(
                deal,
                vec![Write::clear_item(deal::CONTACTS.key, &key)],
            )];
            store.edit(edits, Some(said.clone()));
            close.emit(());
        })
    };
    let foot = html! {
        <>
            <button type="button" class="btn btn--plain" onclick={remove}>{ words.t("deal-remove-person") }</button>
            <button type="submit" form="role" class="btn btn--primary">{ words.t("deal-role-done") }</button>
        </>
    };
    html! {
        <Dialog title={name} onclose={close} keep={role != props.item.label} {foot}>
            <form id="role" {onsubmit}>
                <label>
                    <span class="label">{ words.t("deal-role") }</span>
                    <input class="input" data-focus="true" maxlength="120" autocomplete="off" value={role} placeholder={words.t("deal-role-example")} oninput={draft.typing("role")} />
                </label>
            </form>
        </Dialog>
    }
}
