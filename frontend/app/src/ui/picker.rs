//! Chooses a linked record: search, tap; or make one of what was typed.

use super::Dialog;
use crate::i18n::use_words;
use crate::ui::avatar::avatar_of;
use crate::ui::icon::{icon, small_icon};
use shared::id::RecordId;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// A record that can be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which record.
    pub id: RecordId,
    /// What it is called.
    pub name: AttrValue,
    /// What tells it from others of that name.
    pub sub: AttrValue,
}

/// Properties of [`Picker`].
#[derive(PartialEq, Properties)]
pub struct PickerProps {
    /// What is chosen.
    pub title: AttrValue,
    /// Square avatars.
    #[prop_or_default]
    pub company: bool,
    /// The records that fit what is typed, the best first; at most a screenful.
    pub find: Callback<String, Vec<Candidate>>,
    /// One was chosen.
    pub onpick: Callback<RecordId>,
    /// A new one is wanted, of that name.
    #[prop_or_default]
    pub oncreate: Option<Callback<String>>,
    /// The link is to be taken away.
    #[prop_or_default]
    pub onremove: Option<Callback<()>>,
    /// Nothing was chosen.
    pub onclose: Callback<()>,
}

/// A dialog that chooses a record.
#[component]
pub fn Picker(props: &PickerProps) -> Html {
    let w = use_words();
    let typed = use_state(String::new);
    let found = props.find.emit((*typed).clone());
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            typed.set(input.value());
        })
    };
    let onkeydown = {
        let (first, onpick) = (found.first().map(|c| c.id), props.onpick.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter"
                && let Some(id) = first
            {
                event.prevent_default();
                onpick.emit(id);
            }
        })
    };
    let row = |candidate: &Candidate| {
        let id = candidate.id;
        let onclick = props.onpick.reform(move |_: MouseEvent| id);
        html! {
            <button type="button" class="linkrow" key={id.to_string()} {onclick}>
                { avatar_of(&candidate.name, props.company) }
                <span class="linkrow__main">
                    <span class="linkrow__name">{ candidate.name.clone() }</span>
                    <span class="linkrow__sub clip">{ candidate.sub.clone() }</span>
                </span>
            </button>
        }
    };
    let name = typed.trim().to_owned();
    let create = props
        .oncreate
        .clone()
        .filter(|_| !name.is_empty())
        .map(|create| {
            let words = w.with("create-named", &[("name", name.clone().into())]);
            let onclick = create.reform(move |_: MouseEvent| name.clone());
            html! {
                <button type="button" class="group__add" {onclick}>
                    { small_icon("plus") }{ words }
                </button>
            }
        });
    let foot = props.onremove.clone().map(|remove| {
        html! { <button type="button" class="btn" onclick={remove.reform(|_: MouseEvent| ())}>{ w.t("remove-link") }</button> }
    });
    html! {
        <Dialog title={props.title.clone()} onclose={props.onclose.clone()} foot={foot.unwrap_or_default()}>
            <label class="search">
                { icon("search") }
                <input type="search" data-focus="" aria-label={w.t("search")} placeholder={w.t("search")} autocomplete="off" {oninput} {onkeydown} />
            </label>
            if !found.is_empty() || create.is_some() {
                <div class="group__body">{ for found.iter().map(row) }{ create.unwrap_or_default() }</div>
            } else {
                <p class="muted">{ w.t("nothing-found") }</p>
            }
        </Dialog>
    }
}
