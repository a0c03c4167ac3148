//! What each line becomes; a wrong cell is an input in its place.

use super::ask::Ask;
use super::sheet::{Change, Sheet};
use crate::i18n::{Words, use_words};
use crate::ui::{Group, value};
use shared::crm::import::{Draft, Outcome, Planned, Problem, Reason, Skip, Target};
use shared::crm::input::Yearless;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How many lines are shown before the person asks for more.
const FIRST: usize = 30;

#[derive(Properties, PartialEq)]
pub struct PreviewProps {
    pub sheet: Rc<Sheet>,
    pub on_change: Callback<Change>,
}

/// The lines, or only those to look at.
#[component]
pub fn Preview(props: &PreviewProps) -> Html {
    let words = use_words();
    let only_wrong = use_state_eq(|| false);
    let limit = use_state_eq(|| FIRST);
    let sheet = &props.sheet;
    let places: Vec<usize> = if *only_wrong {
        sheet.touched.clone()
    } else {
        preview_order(sheet)
    };
    let hidden = places.len().saturating_sub(*limit);
    let toggle = {
        let only_wrong = only_wrong.clone();
        Callback::from(move |_: MouseEvent| only_wrong.set(!*only_wrong))
    };
    let more = {
        let limit = limit.clone();
        Callback::from(move |_: MouseEvent| limit.set(*limit + 5 * FIRST))
    };
    let button = if *only_wrong {
        words.t("import-see-all")
    } else {
        words.with("import-see-wrong", &[("count", sheet.touched.len().into())])
    };
    let link = html! {
        if !sheet.touched.is_empty() {
            <button type="button" class="link" aria-pressed={only_wrong.to_string()} onclick={toggle}>{ button }</button>
        }
    };
    let head = [
        "import-line",
        "import-name",
        "import-company",
        "import-phone",
        "import-email",
        "import-outcome",
    ];
    html! {
        <Group title={words.t("import-preview")} more={link}>
            if sheet.plan.counts.open > 0 {
                <p class="set muted">{ words.t("import-open-more") }</p>
            }
            <div class="tablewrap" tabindex="0" role="region" aria-label={words.t("import-preview")}>
                <table class="grid">
                    <thead><tr>{ for head.map(|key| html! { <th key={key} scope="col">{ words.t(key) }</th> }) }</tr></thead>
                    <tbody>{ for places.iter().take(*limit).map(|at| row(*at, sheet, &props.on_change, &words)) }</tbody>
                </table>
            </div>
            if hidden > 0 {
                <button type="button" class="group__add" onclick={more}>{ words.with("board-show-more", &[("count", hidden.into())]) }</button>
            }
        </Group>
    }
}

/// The first lines, with those that have a problem among them however far down they stand.
fn preview_order(sheet: &Sheet) -> Vec<usize> {
    let count = sheet.drafts.len();
    let head = 0..count.min(FIRST / 3);
    let wrong = sheet.touched.iter().copied().filter(|at| *at >= head.end);
    let rest = (head.end..count).filter(|at| sheet.touched.binary_search(at).is_err());
    head.clone().chain(wrong.take(FIRST)).chain(rest).collect()
}

fn row(at: usize, sheet: &Sheet, on_change: &Callback<Change>, words: &Words) -> Html {
    let (Some(draft), Some(planned)) = (sheet.drafts.get(at), sheet.plan.rows.get(at)) else {
        return Html::default();
    };
    let phone = |draft: &Draft| {
        draft
            .phones
            .first()
            .map(|(_, number)| words.phone(number).to_string())
    };
    let email = |draft: &Draft| draft.emails.first().map(|(_, address)| address.clone());
    let cells = [
        (
            "import-name",
            Some(draft.title()).filter(|name| !name.is_empty()),
        ),
        ("import-company", draft.company.clone()),
        ("import-phone", phone(draft)),
        ("import-email", email(draft)),
    ];
    let wrong = draft
        .problems
        .iter()
        .filter_map(|problem| Some((place_of(problem, sheet), problem.column?)));
    let wrong: Vec<(&str, usize)> = wrong.collect();
    let cell = |(key, shown): (&'static str, Option<String>)| {
        let column = wrong
            .iter()
            .find(|(place, _)| *place == key)
            .map(|(_, column)| *column);
        match column {
            Some(column) => {
                html! { <td key={key} class="is-cell">{ input(at, column, sheet, on_change, words) }</td> }
            }
            None => {
                // A number stays in one line, words may take two.
                let class = (key == "import-phone").then_some("num");
                html! { <td key={key} {class}>{ shown.unwrap_or_else(|| "—".into()) }</td> }
            }
        }
    };
    let elsewhere = wrong.iter().filter(|(place, _)| *place == "import-outcome");
    html! {
        <key={at}>
        <tr class={(!draft.problems.is_empty()).then_some("is-warn")}>
            <td class="num muted">{ words.number(draft.line as usize) }</td>
            { for cells.into_iter().map(cell) }
            <td class={wrong.iter().any(|(place, _)| *place == "import-outcome").then_some("is-cell")}>
                <div class="grid__mend">
                    { for elsewhere.map(|(_, column)| input(at, *column, sheet, on_change, words)) }
                    <span>{ outcome(&planned.outcome, words) }</span>
                </div>
            </td>
        </tr>
        if planned.is_open() {
            <tr class="grid__asks">
                <td />
                <td colspan="5"><Ask planned={planned.clone()} other={other(planned, sheet)} on_change={on_change.clone()} /></td>
            </tr>
        }
        </>
    }
}

/// What the line is called that makes the record which this one may be about.
fn other(planned: &Planned, sheet: &Sheet) -> Option<String> {
    let line = planned.suspect?.line?;
    let draft = sheet.drafts.iter().find(|draft| draft.line == line)?;
    Some(draft.title())
}

/// The table's column in which a problem is corrected.
fn place_of(problem: &Problem, sheet: &Sheet) -> &'static str {
    match problem
        .column
        .and_then(|column| sheet.file.mapping.get(column))
    {
        Some(Target::FullName | Target::MiddleName | Target::Field("first_name" | "last_name")) => {
            "import-name"
        }
        Some(Target::Company) => "import-company",
        Some(Target::Phone(_)) => "import-phone",
        Some(Target::Email(_)) => "import-email",
        Some(
            Target::Skip
            | Target::Id
            | Target::Field(_)
            | Target::StreetMore
            | Target::LabelOf(_)
            | Target::Tags,
        )
        | None => "import-outcome",
    }
}

fn input(
    at: usize,
    column: usize,
    sheet: &Sheet,
    on_change: &Callback<Change>,
    words: &Words,
) -> Html {
    let line = sheet.file.table.lines.get(at);
    let text = line
        .and_then(|line| line.cells.get(column))
        .cloned()
        .unwrap_or_default();
    let header = sheet
        .file
        .table
        .header
        .get(column)
        .cloned()
        .unwrap_or_default();
    let number = line.map_or(0, |line| line.number as usize);
    let label = words.with(
        "import-cell",
        &[("column", header.into()), ("line", number.into())],
    );
    let onchange = on_change.reform(move |text: String| Change::Cell(at, column, text));
    html! { <Cell key={column} {text} {label} {onchange} /> }
}

#[derive(Properties, PartialEq)]
struct CellProps {
    text: AttrValue,
    label: AttrValue,
    onchange: Callback<String>,
}

/// A cell while it is corrected: what is typed stays, whatever the page thinks through meanwhile.
#[component]
fn Cell(props: &CellProps) -> Html {
    let typed = use_state_eq(|| None::<String>);
    {
        let typed = typed.setter();
        use_effect_with(props.text.clone(), move |_| typed.set(None));
    }
    let value = typed.as_deref().unwrap_or(&props.text).to_owned();
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            typed.set(Some(input.value()));
        })
    };
    let onchange = props.onchange.reform(|event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        input.value()
    });
    html! { <input {value} aria-label={props.label.clone()} aria-invalid="true" autocomplete="off" {oninput} {onchange} /> }
}

/// What happens to a line, or what is wrong with it.
fn outcome(outcome: &Outcome, words: &Words) -> Html {
    match outcome {
        Outcome::Skipped(Skip::Problems(problems)) => reasons(problems, words),
        Outcome::Double { of } => {
            html! { <span class="muted">{ words.with(outcome.key(), &[("line", (*of as usize).into())]) }</span> }
        }
        Outcome::New(_)
        | Outcome::Completes(_)
        | Outcome::Restores(_)
        | Outcome::Unchanged(_)
        | Outcome::Skipped(Skip::AlreadyThere(_) | Skip::NotThere | Skip::Deleted(_)) => {
            html! { <span class="muted">{ words.t(outcome.key()) }</span> }
        }
    }
}

/// All that is wrong in a line.
pub fn reasons(problems: &[Problem], words: &Words) -> Html {
    let part = |(at, problem): (usize, &Problem)| {
        html! { <span key={at}>{ if at > 0 { " · " } else { "" } }{ why(problem, words) }</span> }
    };
    html! { <>{ for problems.iter().enumerate().map(part) }</> }
}

/// Short words for what is wrong; the whole sentence as a tip.
fn why(problem: &Problem, words: &Words) -> Html {
    let sentence = match &problem.reason {
        Reason::Input(error) => value::sentence(error, Yearless::Birthday, words),
        Reason::MissingName | Reason::ExtraCells => words.t(problem.reason.key()),
    };
    let short = format!("import-why-{}", problem.reason.key());
    let text = if words.has(&short) {
        words.t(&short)
    } else {
        sentence.clone()
    };
    html! { <span class="grid__why" title={sentence}>{ text }</span> }
}
