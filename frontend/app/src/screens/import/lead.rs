//! What stands above the columns: the file, and how it is read.

use super::sheet::{Change, Sheet};
use crate::i18n::Words;
use shared::crm::import::Encoding;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Name of the file, lines, delimiter; the encoding and whether there are titles, which may be changed
/// until it runs.
pub fn lead(sheet: &Sheet, on_change: Option<Callback<Change>>, words: &Words) -> Html {
    let file = &sheet.file;
    let delimiter = words.t(match file.table.delimiter {
        ';' => "import-semicolons",
        '\t' => "import-tabs",
        '|' => "import-bars",
        _ => "import-commas",
    });
    let lines = words.with("import-lines", &[("count", file.table.lines.len().into())]);
    let head = file.table.head;
    let titles = [
        words.with(
            "import-titles-in",
            &[("line", (head.unwrap_or(1) as usize).into())],
        ),
        words.t("import-no-titles"),
    ];
    let (encoding, titles) = match on_change {
        None => (
            html! { file.encoding.name() },
            html! { titles[usize::from(head.is_none())].clone() },
        ),
        Some(on_change) => {
            let encodings = Encoding::ALL.map(|encoding| AttrValue::from(encoding.name()));
            let held = Encoding::ALL.iter().position(|it| *it == file.encoding);
            let encode = on_change.reform(|at: usize| {
                Change::Encoding(Encoding::ALL.get(at).copied().unwrap_or(Encoding::Utf8))
            });
            let title = on_change.reform(|at: usize| Change::Titles(at == 0));
            (
                pick(words.t("import-encoding"), &encodings, held, encode),
                pick(
                    words.t("import-titles"),
                    &titles,
                    Some(usize::from(head.is_none())),
                    title,
                ),
            )
        }
    };
    html! {
        <p class="page__lead">
            <strong>{ sheet.name.clone() }</strong>{ format!(" · {lines} · {delimiter}, ") }{ encoding }{ " · " }{ titles }
        </p>
    }
}

/// A quiet choice within the line; tells the place of what was chosen.
fn pick(
    label: AttrValue,
    options: &[AttrValue],
    chosen: Option<usize>,
    onpick: Callback<usize>,
) -> Html {
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let at = select.and_then(|select| usize::try_from(select.selected_index()).ok());
        if let Some(at) = at {
            onpick.emit(at);
        }
    });
    let option = |(at, words): (usize, &AttrValue)| {
        html! { <option key={at} selected={Some(at) == chosen}>{ words.clone() }</option> }
    };
    html! {
        <select class="page__pick" aria-label={label} {onchange}>{ for options.iter().enumerate().map(option) }</select>
    }
}
