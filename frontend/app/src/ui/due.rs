//! When the next activity is due: an icon and words, never the colour alone.

use crate::browser::today;
use crate::i18n::{Words, use_words};
use crate::ui::icon::small_icon;
use shared::crm::due::{self, Next};
use yew::prelude::*;

/// Properties of [`Due`].
#[derive(PartialEq, Properties)]
pub struct DueProps {
    /// The next planned activity.
    pub next: Option<Next>,
    /// Says the day and the time, as a record does; a list says the shorter of them.
    #[prop_or_default]
    pub long: bool,
}

/// How urgent the next activity is.
#[component]
pub fn Due(props: &DueProps) -> Html {
    let w = use_words();
    let (class, sign) = match due::due(props.next.as_ref(), today()) {
        due::Due::Overdue => ("due--red", "circle-alert"),
        due::Due::Today => ("due--green", "circle-dot"),
        due::Due::Nothing => ("due--yellow", "circle-dashed"),
        due::Due::Later => ("due--grey", "clock"),
    };
    html! {
        <span class={classes!("due", class)}>
            { small_icon(sign) }
            { words(props.next.as_ref(), props.long, &w) }
        </span>
    }
}

fn words(next: Option<&Next>, long: bool, w: &Words) -> AttrValue {
    let Some(next) = next else {
        return w.t("due-nothing");
    };
    let time = AttrValue::from(next.time.clone());
    match next.day() {
        None => w.t("due-some-day"),
        Some(day) if next.time.is_empty() => w.day(day),
        Some(day) if !long => match day == today() {
            true => time,
            false => w.day(day),
        },
        Some(day) => AttrValue::from(format!("{} {time}", w.day(day))),
    }
}
