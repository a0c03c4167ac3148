//! Rows that may be thousands: some are drawn, and more when they are asked for. A record that holds
//! or hangs together with very much opens as fast as any other.

use crate::i18n::Words;
use yew::prelude::*;

/// How many rows are drawn at first.
const FIRST: usize = 20;
/// How many more at a tap.
const MORE: usize = 100;

/// How many of many rows are drawn.
pub struct Few(UseStateHandle<usize>);

/// Draws `first` rows until more are asked for; 0 stands for the usual number.
#[hook]
pub fn use_few(first: usize) -> Few {
    Few(use_state_eq(|| if first == 0 { FIRST } else { first }))
}

impl Few {
    /// How many rows to draw.
    pub fn shown(&self) -> usize {
        *self.0
    }

    /// What asks for more of so many rows; nothing when all are drawn.
    pub fn more(&self, count: usize, w: &Words) -> Html {
        let shown = self.shown();
        let more = count.saturating_sub(shown).min(MORE);
        if more == 0 {
            return html! {};
        }
        let limit = self.0.setter();
        let onclick = Callback::from(move |_: MouseEvent| limit.set(shown + more));
        html! {
            <button key="more" type="button" class="group__add" {onclick}>{ w.with("board-show-more", &[("count", more.into())]) }</button>
        }
    }
}
