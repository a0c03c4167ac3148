//! What each column of the file becomes.

use super::sheet::{Change, Sheet};
use crate::i18n::{Words, use_words};
use crate::ui::Group;
use crate::ui::icon::small_icon;
use shared::crm::import::Target;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ColumnsProps {
    pub sheet: Rc<Sheet>,
    pub on_change: Callback<Change>,
}

/// The columns that hold anything, each with the first thing that it holds.
#[component]
pub fn Columns(props: &ColumnsProps) -> Html {
    let words = use_words();
    let all = use_state_eq(|| false);
    let file = &props.sheet.file;
    let sample = |column: usize| {
        let cells = file
            .table
            .lines
            .iter()
            .filter_map(|line| line.cells.get(column));
        cells.map(|cell| cell.trim()).find(|cell| !cell.is_empty())
    };
    let mut shown = Vec::new();
    let mut empty = 0;
    for (column, target) in file.mapping.iter().enumerate() {
        match sample(column) {
            // labels are part of what they label
            Some(_) if matches!(target, Target::LabelOf(_)) => {}
            Some(sample) => shown.push((column, *target, sample)),
            None => empty += 1,
        }
    }
    let first = if *all { shown.len() } else { 12 };
    let hidden = shown.len().saturating_sub(first);
    let open = {
        let all = all.setter();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    let line = |(column, target, sample): &(usize, Target, &str)| {
        let header = file.table.header.get(*column).cloned().unwrap_or_default();
        html! {
            <div class="map" key={*column}>
                <div class="clip"><strong>{ header.clone() }</strong><small class="clip">{ (*sample).to_owned() }</small></div>
                { small_icon("arrow-right") }
                { select(*column, *target, &header, &props.on_change, &words) }
            </div>
        }
    };
    let note = (empty > 0).then(|| words.with("import-empty-columns", &[("count", empty.into())]));
    html! {
        <Group title={words.t("import-columns")} more={html! { if let Some(note) = note { <span class="hint">{ note }</span> } }}>
            { for shown.iter().take(first).map(line) }
            if hidden > 0 {
                <button type="button" class="group__add" onclick={open}>{ words.with("board-show-more", &[("count", hidden.into())]) }</button>
            }
        </Group>
    }
}

fn select(
    column: usize,
    target: Target,
    header: &str,
    on_change: &Callback<Change>,
    words: &Words,
) -> Html {
    let mut choices: Vec<Target> = Target::CHOICES.to_vec();
    if !choices.contains(&target) {
        choices.push(target);
    }
    let onchange = {
        let (choices, on_change) = (choices.clone(), on_change.clone());
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
            let chosen = select.and_then(|select| {
                let value = select.value();
                choices
                    .iter()
                    .find(|choice| choice.name() == value)
                    .copied()
            });
            if let Some(chosen) = chosen {
                on_change.emit(Change::Column(column, chosen));
            }
        })
    };
    let option = |choice: &Target| {
        let name = choice.name();
        html! { <option key={name.clone()} value={name.clone()} selected={*choice == target}>{ words.t(&format!("import-to-{name}")) }</option> }
    };
    let none = (target == Target::Skip).then_some("map__to--none");
    html! {
        <span class={classes!("map__to", none)}>
            <select aria-label={words.with("import-becomes", &[("column", header.to_owned().into())])} {onchange}>{ for choices.iter().map(option) }</select>
            { small_icon("chevron-down") }
        </span>
    }
}
