//! A linked record: a row that leads to it.

use crate::ui::icon::small_icon;
use yew::prelude::*;

/// Properties of [`LinkRow`].
#[derive(PartialEq, Properties)]
pub struct LinkRowProps {
    /// Where it leads.
    pub href: AttrValue,
    /// What it is called.
    pub name: AttrValue,
    /// A second line of text.
    #[prop_or_default]
    pub sub: Option<AttrValue>,
    /// An avatar before it.
    #[prop_or_default]
    pub avatar: Html,
    /// A second line with more than text, in place of `sub`.
    #[prop_or_default]
    pub children: Html,
}

/// A row that leads to a record.
#[component]
pub fn LinkRow(props: &LinkRowProps) -> Html {
    html! {
        <a class="linkrow" href={props.href.clone()}>
            { props.avatar.clone() }
            <span class="linkrow__main">
                <span class="linkrow__name">{ props.name.clone() }</span>
                if let Some(sub) = &props.sub {
                    <span class="linkrow__sub clip">{ sub.clone() }</span>
                }
                { props.children.clone() }
            </span>
            { small_icon("chevron-right") }
        </a>
    }
}
