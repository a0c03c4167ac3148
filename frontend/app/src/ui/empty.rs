//! Nothing to show, or something went wrong: one sentence, and what to do next.

use crate::ui::icon::large_icon;
use yew::prelude::*;

/// Properties of [`Empty`].
#[derive(PartialEq, Properties)]
pub struct EmptyProps {
    /// The icon.
    pub icon: &'static str,
    /// What this is.
    pub title: AttrValue,
    /// One sentence: what is safe first, then what to do.
    #[prop_or_default]
    pub text: Option<AttrValue>,
    /// Whether something went wrong.
    #[prop_or_default]
    pub red: bool,
    /// The buttons; one of them filled at most.
    #[prop_or_default]
    pub children: Html,
}

/// An empty or error state.
#[component]
pub fn Empty(props: &EmptyProps) -> Html {
    let mark = classes!("empty__mark", props.red.then_some("empty__mark--red"));
    html! {
        <div class="empty">
            <span class={mark}>{ large_icon(props.icon) }</span>
            <h2>{ props.title.clone() }</h2>
            if let Some(text) = &props.text { <p>{ text.clone() }</p> }
            <div class="empty__acts">{ props.children.clone() }</div>
        </div>
    }
}

/// Bones of a list: they appear only when it takes longer than a moment, and stay still.
pub fn bones() -> Html {
    let row = |at: usize| {
        html! {
            <div class="row row--ghost" key={at}>
                <span class="avatar"></span>
                <span class="ghost-lines"><span class="bone bone--60"></span><span class="bone bone--40"></span></span>
            </div>
        }
    };
    html! { <div class="listpane__wrap bones" aria-hidden="true">{ for (0..8).map(row) }</div> }
}

/// How much of something is done: a true share, never a guess.
pub fn bar(label: AttrValue, percent: u8) -> Html {
    html! {
        <span class="bar" role="progressbar" aria-label={label} aria-valuenow={percent.to_string()} aria-valuemin="0" aria-valuemax="100">
            <span ~style={format!("inline-size: {}%", percent)}></span>
        </span>
    }
}
