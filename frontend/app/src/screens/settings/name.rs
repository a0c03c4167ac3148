//! A name that is saved as one leaves it: the person's, the device's, the workspace's.

use crate::i18n::use_words;
use crate::ui::use_draft;
use shared::crm::text::clean;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Properties of [`Name`].
#[derive(PartialEq, Properties)]
pub struct NameProps {
    /// What it names.
    pub label: AttrValue,
    /// Who sees it.
    pub why: AttrValue,
    /// The name as it is saved.
    pub value: AttrValue,
    /// What the browser may fill in.
    #[prop_or("off".into())]
    pub autocomplete: AttrValue,
    /// Where it is kept while it is typed.
    pub place: AttrValue,
    /// Saves it, and tells whether that is done.
    pub onsave: Callback<(String, Callback<bool>)>,
}

/// A line with the name.
#[component]
pub fn Name(props: &NameProps) -> Html {
    let words = use_words();
    let node = use_node_ref();
    let draft = use_draft(props.place.clone());
    let was_kept = use_memo((), |()| draft.is_begun());
    {
        let (node, was_kept) = (node.clone(), *was_kept);
        use_effect_with((), move |()| {
            if let Some(input) = node.cast::<HtmlElement>().filter(|_| was_kept) {
                // It is saved when it is left.
                let _ = input.focus();
            }
        });
    }
    let save = {
        let (draft, value, onsave) = (draft.clone(), props.value.clone(), props.onsave.clone());
        Callback::from(move |()| {
            let name = clean(&draft.text("name", &value));
            // A name is never empty: the one before comes back.
            if name.is_empty() || name == *value {
                draft.forget();
            } else {
                onsave.emit((name, draft.sent()));
            }
        })
    };
    let onkeydown = {
        let (draft, save) = (draft.clone(), save.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Enter" => save.emit(()),
            "Escape" => draft.forget(),
            _ => {}
        })
    };
    let why = match *was_kept && draft.is_begun() {
        true => words.t("draft-kept"),
        false => props.why.clone(),
    };
    html! {
        <div class="set">
            <span class="set__main"><strong>{ props.label.clone() }</strong><span>{ why }</span></span>
            <input ref={node} class="input" value={draft.text("name", &props.value)} aria-label={props.label.clone()}
                autocomplete={props.autocomplete.clone()} maxlength="120" oninput={draft.typing("name")} {onkeydown} onblur={save.reform(|_: FocusEvent| ())} />
        </div>
    }
}
