//! A comment: typed above the timeline, kept as an activity about the record.

use super::Page;
use crate::browser::{drafts, new_record_id, now};
use crate::ui::IconButton;
use shared::crm::command::{Edit, Write};
use shared::crm::text::clean_lines;
use shared::crm::{Kind, activity, input};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(super) struct CommentProps {
    pub page: Page,
}

/// The box; Enter or the arrow keeps what was typed.
#[component]
pub(super) fn Comment(props: &CommentProps) -> Html {
    let page = &props.page;
    let node = use_node_ref();
    let place = page.place("comment");
    {
        let node = node.clone();
        use_effect_with(place.clone(), move |place| {
            if let (Some(input), Some(text)) = (input_of(&node), drafts::kept(place)) {
                input.set_value(&text);
            }
        });
    }
    let oninput = {
        let (node, place) = (node.clone(), place.clone());
        Callback::from(move |_: InputEvent| {
            let typed = input_of(&node).map(|input| input.value());
            drafts::keep(&place, typed.as_deref().filter(|text| !text.is_empty()));
        })
    };
    let keep = {
        let (page, node) = (page.clone(), node.clone());
        Callback::from(move |()| {
            let Some(input) = input_of(&node) else { return };
            let typed = input.value();
            let text = clean_lines(&typed);
            if text.is_empty() {
                return;
            }
            input.set_value("");
            let (store, place) = (page.store.clone(), place.clone());
            let (edit, toast) = (comment(&page, text), page.w.t("comment-kept"));
            spawn_local(async move {
                match store.save(vec![edit], Some(toast)).await {
                    // Another one may have been begun meanwhile.
                    Ok(()) if drafts::kept(&place).as_deref() == Some(&typed) => {
                        drafts::keep(&place, None);
                    }
                    Err(_) if input.value().is_empty() => input.set_value(&typed),
                    Ok(()) | Err(_) => {}
                }
            });
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
            <input ref={node} aria-label={words.clone()} placeholder={format!("{words}…")} {oninput}
                autocomplete="off" enterkeyhint="send" maxlength={input::TEXT_LIMIT.to_string()} />
            <IconButton icon="arrow-right" class="btn--accent" label={page.w.t("comment-keep")} onclick={keep.reform(|_: MouseEvent| ())} />
        </form>
    }
}

fn input_of(node: &NodeRef) -> Option<HtmlInputElement> {
    node.cast()
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
