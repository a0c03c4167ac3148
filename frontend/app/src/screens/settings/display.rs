//! Language and theme.

use crate::browser::{matches, remember, remembered, set_root_attribute};
use crate::i18n::use_words;
use crate::screens::first_visit::Languages;
use crate::ui::{Group, Seg};
use yew::prelude::*;

const THEME: &str = "terrain.theme";

/// Sets and remembers the theme; `system` follows the system.
fn set_theme(theme: &str) {
    let own = (theme != "system").then_some(theme);
    remember(THEME, own);
    set_root_attribute("data-theme", own);
}

/// The other theme than the one on screen.
pub fn switch_theme() {
    let dark = match remembered(THEME).as_deref() {
        Some("dark") => true,
        Some("light") => false,
        Some(_) | None => matches("(prefers-color-scheme: dark)"),
    };
    set_theme(if dark { "light" } else { "dark" });
}

/// Language and theme.
#[component]
pub fn Display() -> Html {
    let words = use_words();
    let theme =
        use_state_eq(|| AttrValue::from(remembered(THEME).unwrap_or_else(|| "system".into())));
    let choose = {
        let theme = theme.setter();
        Callback::from(move |chosen: AttrValue| {
            set_theme(&chosen);
            theme.set(chosen);
        })
    };
    let choices = vec![
        ("system".into(), words.t("theme-system")),
        ("light".into(), words.t("theme-light")),
        ("dark".into(), words.t("theme-dark")),
    ];
    html! {
        <Group title={words.t("settings-display")}>
            <div class="set"><span class="set__main"><strong>{ words.t("language") }</strong></span><Languages /></div>
            <div class="set">
                <span class="set__main"><strong>{ words.t("theme") }</strong></span>
                <Seg label={words.t("theme")} {choices} chosen={(*theme).clone()} onchoose={choose} />
            </div>
        </Group>
    }
}
