//! A part of a page: a head outside, a hairline box around its rows.

use yew::prelude::*;

/// Properties of [`Group`].
#[derive(PartialEq, Properties)]
pub struct GroupProps {
    /// The head.
    pub title: AttrValue,
    /// Stands at the right of the head.
    #[prop_or_default]
    pub more: Html,
    /// The rows.
    #[prop_or_default]
    pub children: Html,
}

/// A group of rows with a head.
#[component]
pub fn Group(props: &GroupProps) -> Html {
    html! {
        <section class="group">
            <div class="group__head">
                <h2>{ props.title.clone() }</h2>
                { props.more.clone() }
            </div>
            <div class="group__body">{ props.children.clone() }</div>
        </section>
    }
}
