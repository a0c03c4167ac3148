//! Two to four choices that exclude each other.

use yew::prelude::*;

/// Properties of [`Seg`].
#[derive(PartialEq, Properties)]
pub struct SegProps {
    /// What is chosen, for screen readers.
    pub label: AttrValue,
    /// Value and words of each choice.
    pub choices: Vec<(AttrValue, AttrValue)>,
    /// The chosen value.
    pub chosen: AttrValue,
    /// Another one was chosen.
    pub onchoose: Callback<AttrValue>,
    /// Further classes.
    #[prop_or_default]
    pub class: Classes,
}

/// A segmented control.
#[component]
pub fn Seg(props: &SegProps) -> Html {
    let choice = |(value, words): &(AttrValue, AttrValue)| {
        let onclick = {
            let value = value.clone();
            props.onchoose.reform(move |_: MouseEvent| value.clone())
        };
        let pressed = (*value == props.chosen).to_string();
        // A language's own name is read in that language.
        html! {
            <button key={value.to_string()} type="button" aria-pressed={pressed} {onclick}>
                { words.clone() }
            </button>
        }
    };
    html! {
        <div class={classes!("seg", props.class.clone())} role="group" aria-label={props.label.clone()}>
            { for props.choices.iter().map(choice) }
        </div>
    }
}
