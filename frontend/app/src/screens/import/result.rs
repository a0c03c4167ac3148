//! What the import did, line by line, and the way back.

use super::preview::reasons;
use super::run::Finished;
use super::sheet::Sheet;
use crate::i18n::{Words, use_words};
use crate::route::Route;
use crate::screens::settings::file::give;
use crate::store::{Topic, use_watch};
use crate::ui::Group;
use crate::ui::icon::small_icon;
use shared::crm::import::{Outcome, Skip};
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// How many lines of each outcome are listed.
const SHOWN: usize = 200;

#[derive(Properties, PartialEq)]
pub struct ResultProps {
    pub finished: Rc<Finished>,
}

/// The numbers, the lines left out, and what happened to every other line.
pub fn result_page(finished: &Rc<Finished>, words: &Words) -> Html {
    let sheet = &finished.sheet;
    let counts = sheet.plan.counts;
    let left = sheet.left_out();
    let tile = |key: &str, count: u32, warn: bool| {
        html! {
            <div class={(warn && count > 0).then_some("is-warn")}>
                <strong>{ words.number(count as usize) }</strong><span>{ words.with(key, &[("count", (count as usize).into())]) }</span>
            </div>
        }
    };
    let download = {
        let (sheet, words) = (sheet.clone(), words.clone());
        Callback::from(move |_: MouseEvent| {
            let text = safe_for_spreadsheets(
                &sheet.file.left_out(&sheet.plan),
                sheet.file.table.delimiter,
            );
            let name = format!("{} {}", words.t("import-left-file"), sheet.name);
            // the mark tells spreadsheets that it is UTF-8
            give(&name, "text/csv", format!("\u{feff}{text}").as_bytes());
        })
    };
    let link = html! { <button type="button" class="link" onclick={download}>{ words.t("import-download") }</button> };
    html! {
        <>
            <section class="group">
                <div class="group__body result">
                    { tile("import-made", counts.new, false) }
                    { tile("import-completed", counts.completed + counts.restored, false) }
                    { tile("import-doubles", counts.doubles, false) }
                    { tile("import-left-out", counts.skipped, true) }
                </div>
            </section>
            if !left.is_empty() {
                <Group title={words.t("import-left-title")} more={link}>
                    <div class="tablewrap" tabindex="0" role="region" aria-label={words.t("import-left-title")}>
                        <table class="grid"><tbody>{ for left.iter().take(SHOWN).map(|at| line(*at, sheet, words)) }</tbody></table>
                    </div>
                </Group>
            }
            <Lines finished={finished.clone()} />
            <p class="page__lead">{ words.t("import-again") }</p>
        </>
    }
}

/// Every line with what happened to it, for who asks.
#[component]
fn Lines(props: &ResultProps) -> Html {
    let words = use_words();
    let open = use_state_eq(|| false);
    let limit = use_state_eq(|| SHOWN);
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let count = props.finished.sheet.plan.rows.len();
    let hidden = count.saturating_sub(*limit);
    let more = {
        let limit = limit.clone();
        Callback::from(move |_: MouseEvent| limit.set(*limit + 5 * SHOWN))
    };
    let link = html! {
        <button type="button" class="link" aria-expanded={open.to_string()} onclick={toggle}>
            { words.t(if *open { "import-hide-lines" } else { "import-show-lines" }) }
        </button>
    };
    html! {
        <Group title={words.t("import-all-lines")} more={link}>
            if *open {
                <div class="tablewrap" tabindex="0" role="region" aria-label={words.t("import-all-lines")}>
                    <table class="grid"><tbody>{ for (0..count.min(*limit)).map(|at| line(at, &props.finished.sheet, &words)) }</tbody></table>
                </div>
                if hidden > 0 {
                    <button type="button" class="group__add" onclick={more}>{ words.with("board-show-more", &[("count", hidden.into())]) }</button>
                }
            } else {
                <p class="set muted">{ words.with("import-lines", &[("count", count.into())]) }</p>
            }
        </Group>
    }
}

fn line(at: usize, sheet: &Sheet, words: &Words) -> Html {
    let (Some(draft), Some(planned)) = (sheet.drafts.get(at), sheet.plan.rows.get(at)) else {
        return Html::default();
    };
    let name = draft.title();
    let name = if name.is_empty() {
        words.t("import-no-name")
    } else {
        name.into()
    };
    let href = match &planned.outcome {
        Outcome::New(id)
        | Outcome::Completes(id)
        | Outcome::Restores(id)
        | Outcome::Unchanged(id) => Some(Route::Contacts(Some(*id)).path()),
        Outcome::Skipped(Skip::AlreadyThere(id) | Skip::Deleted(id)) => {
            Some(Route::Contacts(Some(*id)).path())
        }
        Outcome::Double { .. } | Outcome::Skipped(Skip::Problems(_) | Skip::NotThere) => None,
    };
    let wrong = matches!(planned.outcome, Outcome::Skipped(Skip::Problems(_)));
    let said = match &planned.outcome {
        Outcome::Skipped(Skip::Problems(problems)) => reasons(problems, words),
        Outcome::Double { of } => {
            html! { <span class="muted">{ words.with("import-double", &[("line", (*of as usize).into())]) }</span> }
        }
        Outcome::New(_) => html! { <span class="muted">{ words.t("import-made-one") }</span> },
        Outcome::Completes(_) | Outcome::Restores(_) => {
            html! { <span class="muted">{ words.t("import-completed-one") }</span> }
        }
        Outcome::Unchanged(_)
        | Outcome::Skipped(Skip::AlreadyThere(_) | Skip::NotThere | Skip::Deleted(_)) => {
            html! { <span class="muted">{ words.t(planned.outcome.key()) }</span> }
        }
    };
    html! {
        <tr key={at} class={wrong.then_some("is-warn")}>
            <td class="num muted">{ words.number(draft.line as usize) }</td>
            <td>if let Some(href) = href { <a class="link" {href}>{ name }</a> } else { { name } }</td>
            <td>{ draft.company.clone().unwrap_or_default() }</td>
            <td>{ said }</td>
        </tr>
    }
}

#[derive(Properties, PartialEq)]
pub struct ResultFootProps {
    pub finished: Rc<Finished>,
    pub on_undone: Callback<()>,
}

/// Saved, and the way back.
#[component]
pub fn ResultFoot(props: &ResultFootProps) -> Html {
    let (words, store) = (use_words(), use_watch(&[Topic::Imports]));
    let busy = use_state_eq(|| false);
    let made = props.finished.made;
    let stands = store.imports().iter().any(|other| Some(other.at) == made);
    {
        // Undo took it back elsewhere: by a key, say.
        let on_undone = props.on_undone.clone();
        use_effect_with(made.is_some() && !stands, move |gone| {
            if *gone {
                on_undone.emit(());
            }
        });
    }
    let undo = {
        let (store, busy) = (store.clone(), busy.setter());
        Callback::from(move |_: MouseEvent| {
            let (store, busy) = (store.clone(), busy.clone());
            let Some(at) = made else { return };
            busy.set(true);
            spawn_local(async move {
                // A toast tells what came of it.
                let _ = store.take_back(at).await;
                busy.set(false);
            });
        })
    };
    let took = props.finished.took_ms as f64 / 1000.0;
    let took = words.with(
        "import-took",
        &[("seconds", ((took * 10.0).round() / 10.0).into())],
    );
    html! {
        <footer class="foot">
            <span class="foot__text" role="status"><strong>{ words.t("import-saved") }</strong>{ " " }{ took }</span>
            if stands {
                <button type="button" class="btn" disabled={*busy} onclick={undo}>{ small_icon("undo-2") }{ words.t("import-undo") }</button>
            }
            <a class="btn btn--primary" href={Route::Contacts(None).path()}>{ words.t("import-see") }</a>
        </footer>
    }
}

/// Cells that a spreadsheet would run as a formula get an apostrophe (OWASP, CSV injection). Telephone
/// numbers such as `+33 6…` hold nothing to run and stay as they are.
fn safe_for_spreadsheets(csv: &str, delimiter: char) -> String {
    let mut safe = String::with_capacity(csv.len() + 16);
    let (mut quoted, mut begins) = (false, true);
    for (at, c) in csv.char_indices() {
        if begins && c != '"' {
            let rest = &csv[at..];
            let end = rest.find([delimiter, '\n', '"']).unwrap_or(rest.len());
            let cell = &rest[..end];
            let number = cell.starts_with(['+', '-'])
                && cell
                    .chars()
                    .all(|c| c.is_ascii_digit() || " +-().,\u{a0}\u{202f}\r".contains(c));
            if cell.starts_with(['=', '+', '-', '@', '\t']) && !number {
                safe.push('\'');
            }
            begins = false;
        }
        safe.push(c);
        match c {
            '"' => quoted = !quoted,
            c if !quoted && (c == delimiter || c == '\n') => begins = true,
            _ => {}
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::safe_for_spreadsheets;

    #[test]
    fn a_cell_that_would_run_as_a_formula_is_disarmed_and_numbers_stay() {
        let csv = "name,phone\r\n=HYPERLINK(1),+33 6 12 45 78 03\r\n\"@a,\"\"b\"\"\",-cmd|x\r\n";
        let safe =
            "name,phone\r\n'=HYPERLINK(1),+33 6 12 45 78 03\r\n\"'@a,\"\"b\"\"\",'-cmd|x\r\n";
        assert_eq!(safe_for_spreadsheets(csv, ','), safe);
    }
}
