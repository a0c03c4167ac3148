//! A comment: typed above the timeline, kept as an activity about the record.

use super::Page;
use crate::browser::{new_record_id, now};
use crate::ui::IconButton;
use crate::ui::typing::typing;
use shared::crm::command::{Edit, Write};
use shared::crm::text::clean_lines;
use shared::crm::{Kind, activity, input};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct CommentProps {
    pub page: Page,
}

/// The box; Enter or the arrow keeps what was typed.
#[component]
pub(super) fn Comment(props: &CommentProps) -> Html {
    let page = &props.page;
    let typed = use_state_eq(String::new);
    let ontype = typing(typed.setter());
    let keep = {
        let (page, typed) = (page.clone(), typed.clone());
        Callback::from(move |()| {
            let text = clean_lines(&typed);
            if text.is_empty() {
                return;
            }
            typed.set(String::new());
            page.store
                .edit(vec![comment(&page, text)], Some(page.w.t("comment-kept")));
        })
    };
    let onsubmit = {
        let keep = keep.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            keep.emit(());
        })
    };
    let words = page.w.t("comment-add");
    html! {
        <form class="say" {onsubmit}>
            <input value={(*typed).clone()} aria-label={words.clone()} placeholder={format!("{words}…")} oninput={ontype}
                autocomplete="off" enterkeyhint="send" maxlength={input::TEXT_LIMIT.to_string()} />
            <IconButton icon="arrow-right" class="btn--accent" label={page.w.t("comment-keep")} onclick={keep.reform(|_: MouseEvent| ())} />
        </form>
    }
}

fn comment(page: &Page, text: String) -> Edit {
    let about = match page.row.kind {
        Kind::Company => activity::COMPANY.key,
        Kind::Deal => activity::DEAL.key,
        Kind::Contact | Kind::Activity | Kind::Member => activity::CONTACT.key,
    };
    let mut writes = vec![
        Write::put(activity::TYPE.key, "comment"),
        Write::put(activity::SUBJECT.key, text),
        Write::put(activity::DONE_AT.key, now().0.to_string()),
        Write::put(about, page.row.id.to_string()),
    ];
    writes.extend(
        page.store
            .me()
            .map(|me| Write::put(activity::OWNER.key, me.to_string())),
    );
    Edit::make(new_record_id(), Kind::Activity, writes)
}
