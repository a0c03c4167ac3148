//! The value that lost a concurrent edit. It stays until someone chooses.

use crate::i18n::Words;
use yew::prelude::*;

/// A value that waits for a choice.
pub struct OtherValue {
    /// Who wrote it; `None` when it was this person, on another device.
    pub who: Option<AttrValue>,
    /// The value as it is shown; `None` when they took it away.
    pub value: Option<AttrValue>,
    /// When: `à 10:02`.
    pub when: AttrValue,
    /// Takes it.
    pub ontake: Callback<MouseEvent>,
    /// Stays with what stands there.
    pub onignore: Callback<MouseEvent>,
}

/// Another value, to take or to ignore.
pub fn other(props: OtherValue, key: String, w: &Words) -> Html {
    let (who, set, removed) = match &props.who {
        Some(who) => (who.clone(), "other-set", "other-removed"),
        None => (w.t("you"), "you-set", "you-removed"),
    };
    html! {
        <div {key} class="other" role="group" aria-label={w.t("other-value")}>
            <span class="other__text">
                <strong>{ who }</strong>{ " " }
                if let Some(value) = &props.value {
                    { w.t(set) }{ " " }
                    <strong>{ w.with("quoted", &[("text", value.to_string().into())]) }</strong>
                } else {
                    { w.t(removed) }
                }
                { " " }{ props.when.clone() }
            </span>
            <span class="other__acts">
                <button type="button" class="btn" onclick={props.ontake.clone()}>{ w.t("take") }</button>
                <button type="button" class="btn" onclick={props.onignore.clone()}>{ w.t("ignore") }</button>
            </span>
        </div>
    }
}
