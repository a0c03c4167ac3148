//! What's next: the planned activities of a record, each done with a tap.

use super::plan::is_begun;
use super::{Page, PlanDialog, Planning};
use crate::browser;
use crate::ui::few::use_few;
use crate::ui::icon::{icon, small_icon};
use crate::ui::{Due, Group, IconButton};
use shared::crm::command::{Edit, Write};
use shared::crm::due::{Agenda, done_at};
use shared::crm::order::sort_by;
use shared::crm::row::{Row, Value};
use shared::crm::{Kind, activity};
use shared::id::RecordId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct NextUpProps {
    pub page: Page,
}

/// The icon of a type of activity.
pub(super) fn icon_of(activity: &Row) -> &'static str {
    match activity.text(&activity::TYPE) {
        "call" => "phone",
        "mail" => "mail",
        "task" => "check",
        "comment" => "pencil",
        _ => "notebook-pen",
    }
}

/// The icon of what is still to be done: no check, which is what one taps.
fn icon_of_plan(activity: &Row) -> &'static str {
    match icon_of(activity) {
        "check" => "circle-dot",
        icon => icon,
    }
}

/// What an activity is called: its subject, else its type.
pub(super) fn name_of(activity: &Row, page: &Page) -> AttrValue {
    match activity.text(&activity::SUBJECT) {
        "" => page.w.choice("activity", activity.text(&activity::TYPE)),
        subject => AttrValue::from(subject.to_owned()),
    }
}

/// What's next.
#[component]
pub(super) fn NextUp(props: &NextUpProps) -> Html {
    let page = &props.page;
    let few = use_few(0);
    let mut planned: Vec<Rc<Row>> = page
        .store
        .linked(page.row.id, Kind::Activity)
        .into_iter()
        .filter(|row| done_at(row).is_none())
        .collect();
    let when = |row: &Row| {
        let day = row.date(&activity::DUE_ON);
        (
            day.is_none(),
            day,
            row.text(&activity::DUE_TIME).to_owned(),
            row.id,
        )
    };
    sort_by(&mut planned, &|a, b| when(a).cmp(&when(b)));
    let dialog = use_state(|| {
        let changes = planned.iter().map(|row| Planning::Change(row.id));
        let mut all = std::iter::once(Planning::New).chain(changes);
        all.find(|what| is_begun(page, *what))
    });
    let open = |what: Planning| {
        let dialog = dialog.setter();
        Callback::from(move |_: MouseEvent| dialog.set(Some(what)))
    };
    let close = {
        let dialog = dialog.setter();
        Callback::from(move |()| dialog.set(None))
    };
    html! {
        <Group title={page.w.t("next-up")}>
            { for planned.iter().take(few.shown()).map(|row| line(page, row, open(Planning::Change(row.id)))) }
            { few.more(planned.len(), &page.w) }
            <button type="button" class="group__add" aria-haspopup="dialog" onclick={open(Planning::New)}>
                { small_icon("plus") }{ page.w.t("plan-next") }
            </button>
            if let Some(what) = *dialog {
                <PlanDialog page={page.clone()} {what} onclose={close} />
            }
        </Group>
    }
}

fn line(page: &Page, row: &Rc<Row>, change: Callback<MouseEvent>) -> Html {
    let name = name_of(row, page);
    // The agenda of this activity alone says when it is due.
    let next = Agenda::of([row.as_ref()]).next(page.row.id).cloned();
    let done = {
        let (store, id) = (page.store.clone(), row.id);
        let words = page
            .w
            .with("marked-done", &[("name", name.to_string().into())]);
        Callback::from(move |_: MouseEvent| store.edit(vec![done_edit(id)], Some(words.clone())))
    };
    html! {
        <div class="next" key={row.id.to_string()}>
            { icon(icon_of_plan(row)) }
            <button type="button" class="next__main" aria-haspopup="dialog" onclick={change}>
                <strong>{ name }</strong><Due {next} long=true />
            </button>
            <IconButton icon="check" class="field__act" label={page.w.t("mark-done")} onclick={done} />
        </div>
    }
}

fn done_edit(id: RecordId) -> Edit {
    let now = Value::Moment(browser::now()).to_stored();
    Edit::of(id, vec![Write::put(activity::DONE_AT.key, now)])
}
