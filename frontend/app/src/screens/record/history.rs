//! Everything that was ever written to a record: field, old, new, who, when; each old value can be
//! brought back.

use super::Page;
use super::timeline::{together, told};
use crate::ui::Dialog;
use shared::bridge::HistoryLine;
use shared::crm::command::{Place, Write};
use shared::crm::field::Shape;
use yew::prelude::*;

/// The history of a record.
pub(super) fn history_dialog(page: &Page, onclose: Callback<()>) -> Html {
    let open = page.store.open().filter(|open| open.record == page.row.id);
    let lines = open
        .map(|open| sittings(page, &told(page, &open.history)))
        .unwrap_or_default();
    html! {
        <Dialog title={page.w.t("history")} onclose={onclose.clone()} class="dialog--share">
            if lines.is_empty() {
                <p class="muted">{ page.w.t("history-none") }</p>
            } else {
                <ol class="group__body log">{ for lines.iter().rev().enumerate().map(|(at, line)| entry(page, at, line, &onclose)) }</ol>
            }
        </Dialog>
    }
}

/// What a person typed into a note at a sitting is one line.
fn sittings(page: &Page, history: &[HistoryLine]) -> Vec<HistoryLine> {
    let is_note = |key: &str| {
        let field = page.row.kind.field(key);
        field.is_some_and(|field| matches!(field.shape, Shape::Note))
    };
    let mut lines: Vec<HistoryLine> = Vec::new();
    for line in history {
        let last = lines.last_mut().filter(|last| {
            is_note(&line.field) && last.field == line.field && together(last.mark, line.mark)
        });
        match last {
            Some(last) => {
                let typed = last.after.get_or_insert_default();
                typed.push_str(line.after.as_deref().unwrap_or_default());
                last.mark = line.mark;
            }
            None => lines.push(line.clone()),
        }
    }
    lines
}

fn entry(page: &Page, at: usize, line: &HistoryLine, onclose: &Callback<()>) -> Html {
    let w = &page.w;
    let field = page.row.kind.field(&line.field);
    let title = match line.field.as_str() {
        "type" => w.t(&format!("created-{}", page.row.kind.name())),
        "deleted" => w.t(if line.after.is_some() {
            "deletion"
        } else {
            "restoration"
        }),
        key => w.field(page.row.kind, key),
    };
    let shown = |stored: &Option<String>| match (stored, field) {
        (Some(stored), Some(field)) => page.stored_shown(stored, field, &line.item),
        (None, _) | (_, None) => w.t("history-empty"),
    };
    let is_note = field.is_some_and(|field| matches!(field.shape, Shape::Note));
    let what = match field {
        _ if is_note => line.after.clone().map(AttrValue::from).unwrap_or_default(),
        Some(_) => AttrValue::from(format!("{} → {}", shown(&line.before), shown(&line.after))),
        None => AttrValue::default(),
    };
    let who = page.person(line.mark.by);
    // Where nothing stood there is nothing to bring back.
    let has_old = line.before.is_some() && field.is_some() && !is_note;
    let restore = has_old.then(|| {
        let (page, onclose) = (page.clone(), onclose.clone());
        let write = Write {
            at: Place {
                field: line.field.clone(),
                item: line.item.clone(),
            },
            put: line.before.clone(),
            expect: None,
        };
        let onclick = Callback::from(move |_: MouseEvent| {
            page.do_it(vec![write.clone()], Some(page.w.t("restored")));
            // The message, by which it is taken back, lies on the page.
            onclose.emit(());
        });
        html! { <button type="button" class="link" {onclick}>{ w.t("restore") }</button> }
    });
    html! {
        <li key={at}>
            <span><strong>{ title }</strong>{ " " }{ what }</span>
            <span class="log__who">
                { who }{ " · " }<time title={w.exact(line.mark.at)}>{ w.ago(line.mark.at) }</time>
                { restore.unwrap_or_default() }
            </span>
        </li>
    }
}
