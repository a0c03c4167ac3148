//! The foot: what the import comes to in numbers, which lines are taken, and the button.

use super::sheet::Sheet;
use crate::i18n::Words;
use crate::ui::Seg;
use shared::crm::import::{Counts, Mode};
use yew::prelude::*;

const MODES: [(&str, Mode, &str); 3] = [
    ("create", Mode::Create, "import-create"),
    ("complete", Mode::Complete, "import-complete"),
    ("both", Mode::Both, "import-both"),
];

/// The foot of the open file.
pub fn foot(
    sheet: &Sheet,
    on_mode: Callback<Mode>,
    on_run: Callback<MouseEvent>,
    words: &Words,
) -> Html {
    let (bold, rest) = sums(sheet.plan.counts, words);
    let choices = MODES.map(|(value, _, key)| (AttrValue::from(value), words.t(key)));
    let chosen = MODES
        .iter()
        .find(|(_, mode, _)| *mode == sheet.mode)
        .map_or("both", |(value, ..)| value);
    let onchoose = on_mode.reform(|value: AttrValue| {
        MODES
            .iter()
            .find(|(own, ..)| *own == value)
            .map_or(Mode::Both, |(_, mode, _)| *mode)
    });
    let count = sheet.count();
    html! {
        <footer class="foot">
            <span class="foot__text" role="status"><strong>{ bold }</strong>{ rest }</span>
            <Seg label={words.t("import-mode")} choices={choices.to_vec()} {chosen} {onchoose} />
            <button type="button" class="btn btn--primary" disabled={count == 0} onclick={on_run}>
                { if count == 0 { words.t("import-nothing") } else { words.with("import-run", &[("count", count.into())]) } }
            </button>
        </footer>
    }
}

/// The sure thing in bold, then what else there is.
fn sums(counts: Counts, words: &Words) -> (AttrValue, AttrValue) {
    let completed = counts.completed + counts.restored;
    let count = |key: &str, count: u32| {
        (count > 0).then(|| {
            words
                .with(key, &[("count", (count as usize).into())])
                .to_string()
        })
    };
    let bold: Vec<String> = [
        count("import-count-new", counts.new),
        count("import-count-completed", completed),
    ]
    .into_iter()
    .flatten()
    .collect();
    let rest: Vec<String> = [
        count("import-count-unchanged", counts.unchanged),
        count("import-count-double", counts.doubles),
        count("import-count-left", counts.skipped - counts.problems),
        count("import-count-wrong", counts.problems),
        count("import-count-open", counts.open),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut text = rest.join(", ");
    if !text.is_empty() {
        text.push('.');
    }
    if counts.problems > 0 {
        text = format!("{text} {}", words.t("import-yellow-left"));
    }
    let bold = if bold.is_empty() {
        words.t("import-nothing-new").to_string()
    } else {
        bold.join(", ")
    };
    let gap = if text.is_empty() { "." } else { ", " };
    (bold.into(), format!("{gap}{text}").into())
}
