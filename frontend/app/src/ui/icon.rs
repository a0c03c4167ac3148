//! Icons of the sprite, and buttons that show nothing else.

use crate::browser;
use yew::prelude::*;

thread_local! {
    static SPRITE: String = browser::meta("sprite").unwrap_or_default();
}

/// An icon of 20 pixels. Icons are hidden from screen readers: words stand beside them or in a label.
pub fn icon(name: &str) -> Html {
    icon_as(name, "")
}

/// An icon of 16 pixels, beside small text.
pub fn small_icon(name: &str) -> Html {
    icon_as(name, "icon--s")
}

/// An icon of 24 pixels, in empty states.
pub fn large_icon(name: &str) -> Html {
    icon_as(name, "icon--l")
}

/// An icon with a class of its own.
pub fn icon_as(name: &str, class: &'static str) -> Html {
    html! {
        <svg class={classes!("icon", (!class.is_empty()).then_some(class))} aria-hidden="true">
            <use href={sprite(name)}></use>
        </svg>
    }
}

/// The address of a drawing in the sprite.
pub fn sprite(name: &str) -> AttrValue {
    SPRITE.with(|sprite| AttrValue::from(format!("{sprite}#{name}")))
}

/// Properties of [`IconButton`].
#[derive(PartialEq, Properties)]
pub struct IconButtonProps {
    /// The name in the sprite.
    pub icon: &'static str,
    /// What it does, for screen readers and as a tip.
    pub label: AttrValue,
    /// The tap.
    pub onclick: Callback<MouseEvent>,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
    /// The key that presses it wherever the focus is (`data-key`).
    #[prop_or_default]
    pub pressed_by: Option<AttrValue>,
    /// `dialog` or `menu` when it opens one.
    #[prop_or_default]
    pub popup: Option<AttrValue>,
    /// Whether what it opens is open.
    #[prop_or_default]
    pub expanded: Option<bool>,
}

/// A 44-pixel button with an icon.
#[component]
pub fn IconButton(props: &IconButtonProps) -> Html {
    html! {
        <button
            type="button"
            class={classes!("btn", "btn--icon", props.class.clone())}
            aria-label={props.label.clone()}
            title={props.label.clone()}
            aria-keyshortcuts={props.pressed_by.clone()}
            data-key={props.pressed_by.clone()}
            aria-haspopup={props.popup.clone()}
            aria-expanded={props.expanded.map(|open| open.to_string())}
            onclick={props.onclick.clone()}
        >
            { icon(props.icon) }
        </button>
    }
}
