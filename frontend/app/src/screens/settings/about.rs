//! What this is, which version, how to install it, and the report for whoever helps.

use super::file::copy_report;
use crate::browser::meta;
use crate::i18n::Words;
use crate::pwa::{Install, install};
use crate::screens::sync::prompts::install_steps;
use crate::store::Store;
use crate::ui::Group;
use crate::ui::icon::icon;
use yew::prelude::*;

/// Version, installation, report.
pub fn about(way: Install, words: &Words, store: &Store) -> Html {
    let report = {
        let (words, store) = (words.clone(), store.clone());
        Callback::from(move |_: MouseEvent| copy_report(&store, &words))
    };
    let build = meta("build").unwrap_or_default();
    let version = words.with(
        "about-version",
        &[
            ("version", env!("CARGO_PKG_VERSION").into()),
            ("build", build.chars().take(8).collect::<String>().into()),
        ],
    );
    html! {
        <Group title={words.t("about")}>
            if way == Install::Dialog {
                <button type="button" class="set" onclick={Callback::from(|_: MouseEvent| install())}>
                    <span class="set__main"><strong>{ words.t("install-title") }</strong><span>{ words.t("install-why") }</span></span>
                    { icon("chevron-right") }
                </button>
            }
            if way == Install::ByHand {
                <details class="set set--more">
                    <summary class="set__main"><strong>{ words.t("install-title") }</strong><span>{ words.t("install-why") }</span></summary>
                    { install_steps(words) }
                </details>
            }
            <div class="set"><span class="set__main"><strong>{ words.t("about-terrain") }</strong><span>{ version }</span></span></div>
            <button type="button" class="set" onclick={report}>
                <span class="set__main"><strong>{ words.t("sync-copy-report") }</strong><span>{ words.t("about-report-lead") }</span></span>
                { icon("copy") }
            </button>
        </Group>
    }
}
