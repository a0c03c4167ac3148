//! What a person may decide about a line: whom it is about, and whose value stands.

use super::sheet::Change;
use crate::i18n::{Words, use_words};
use crate::store::use_store;
use crate::ui::icon::small_icon;
use crate::ui::value;
use shared::crm::Kind;
use shared::crm::import::{Kept, Planned, Suspect, Why};
use shared::crm::row::Value;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct AskProps {
    pub planned: Planned,
    /// What the person of another line is called whom this line may be about.
    pub other: Option<String>,
    pub on_change: Callback<Change>,
}

/// A choice for each thing to decide. The first answer is what happens unasked.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    let (words, store) = (use_words(), use_store());
    let planned = &props.planned;
    let line = planned.line;
    let who = planned.suspect.map(|suspect| {
        let name = props.other.clone().unwrap_or_else(|| {
            let row = store.row(suspect.id);
            row.map_or_else(String::new, |row| row.title())
        });
        let Suspect { id, why, same, .. } = suspect;
        let answers = match why {
            Why::Deleted => [
                words.t("import-stays-deleted"),
                words.t("import-bring-back"),
            ],
            Why::Id | Why::Email | Why::Phone | Why::Name => [
                words.t("import-another"),
                words.with("import-is-same", &[("name", name.into())]),
            ],
        };
        let onchoose = props
            .on_change
            .reform(move |same| Change::Same(line, id, same));
        choice(words.t(why.key()), answers, same, line, onchoose, &words)
    });
    let kept = |kept: &Kept| {
        let what = kept.what;
        let title = match what {
            "name" => words.t("import-name"),
            key => words.field(Kind::Contact, key),
        };
        let mine = shown(what, &kept.mine, &words);
        let keep = match kept.mine.is_empty() {
            true => words.t("import-keep-empty"),
            false => words.with("import-keep", &[("value", mine.into())]),
        };
        let take = words.with(
            "import-take",
            &[("value", shown(what, &kept.file, &words).into())],
        );
        let onchoose = props
            .on_change
            .reform(move |take| Change::Take(line, what, take));
        choice(title, [keep, take], kept.take, line, onchoose, &words)
    };
    html! { <div class="grid__answers">{ for who }{ for planned.kept.iter().map(kept) }</div> }
}

/// A stored form as words.
fn shown(what: &str, stored: &str, words: &Words) -> String {
    let field = Kind::Contact.field(what).filter(|_| what != "company");
    let value = field.and_then(|field| Some((field, Value::from_stored(field.shape, stored)?)));
    match value {
        Some((field, read)) => {
            value::shown(&read, field, words, |_| AttrValue::default()).to_string()
        }
        None => stored.to_owned(),
    }
}

fn choice(
    title: AttrValue,
    answers: [AttrValue; 2],
    second: bool,
    line: u32,
    onchoose: Callback<bool>,
    words: &Words,
) -> Html {
    let label = words.with(
        "import-cell",
        &[
            ("column", title.to_string().into()),
            ("line", (line as usize).into()),
        ],
    );
    let onchange = Callback::from(move |event: Event| {
        let select = event
            .target()
            .and_then(|select| select.dyn_into::<HtmlSelectElement>().ok());
        if let Some(select) = select {
            onchoose.emit(select.selected_index() == 1);
        }
    });
    let [first, other] = answers;
    html! {
        <span class="grid__ask">
            <span class="tag">{ title }</span>
            <span class="map__to">
                <select aria-label={label} {onchange}>
                    <option selected={!second}>{ first }</option>
                    <option selected={second}>{ other }</option>
                </select>
                { small_icon("chevron-down") }
            </span>
        </span>
    }
}
