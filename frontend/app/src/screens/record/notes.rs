//! The notes of a record, which several people may write at once.

use super::Page;
use crate::ui::{Group, Keystroke, NoteEditor};
use shared::crm::field::{Field, Shape};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// All notes of a record, one for each field of that shape.
pub(super) fn notes(page: &Page) -> Html {
    // A note is typed into a record that is there.
    if page.store.row(page.row.id).is_none() {
        return Html::default();
    }
    let fields = page.row.kind.fields().iter();
    let fields = fields.filter(|field| matches!(field.shape, Shape::Note));
    html! { <>{ for fields.map(|field| note(page, field)) }</> }
}

fn note(page: &Page, field: &'static Field) -> Html {
    let label = page.w.field(page.row.kind, field.key);
    let open = page.store.open().filter(|open| open.record == page.row.id);
    let held = open.and_then(|open| {
        open.notes
            .iter()
            .find(|note| note.field == field.key)
            .cloned()
    });
    let body = match held {
        Some(note) => html! {
            <NoteEditor {note} label={label.clone()} placeholder={page.w.t("add-a-note")}
                place={page.store.draft_of_note(page.row.id, field.key)} onsplice={send(page, field)} />
        },
        // Until the whole note has come, its beginning stands here.
        None => html! { <div class="notes">{ page.row.text(field).to_owned() }</div> },
    };
    html! { <Group key={field.key} title={label}>{ body }</Group> }
}

fn send(page: &Page, field: &'static Field) -> Callback<Keystroke> {
    let (store, record) = (page.store.clone(), page.row.id);
    Callback::from(move |typed: Keystroke| {
        let answer = store.type_into(record, field.key, typed.sent);
        spawn_local(async move { typed.answer.emit(answer.await) });
    })
}
