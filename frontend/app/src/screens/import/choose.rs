//! Choosing the file, by button or by dropping it anywhere on the window.

use crate::browser::Listener;
use crate::i18n::{Arg, use_words};
use crate::screens::settings::file::bytes_of;
use crate::ui::Empty;
use shared::crm::import::{BYTES_LIMIT, FileError};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ChooseProps {
    /// Why the last file could not be read.
    pub error: Option<FileError>,
    /// Its name and bytes.
    pub on_file: Callback<(String, Vec<u8>)>,
}

/// A place to drop a file on, the whole window being one, and a button to choose one.
#[component]
pub fn Choose(props: &ChooseProps) -> Html {
    let words = use_words();
    let input = use_node_ref();
    let over = use_state_eq(|| false);
    let too_large = use_state_eq(|| None::<FileError>);
    let take = {
        let (on_file, too_large) = (props.on_file.clone(), too_large.setter());
        Callback::from(move |file: File| {
            if file.size() > BYTES_LIMIT as f64 {
                // it is not even read: a tablet has no memory to waste
                return too_large.set(Some(FileError::TooLarge(file.size() as usize)));
            }
            too_large.set(None);
            let on_file = on_file.clone();
            spawn_local(async move {
                let bytes = bytes_of(&file).await.unwrap_or_default();
                on_file.emit((file.name(), bytes));
            });
        })
    };
    let onchange = {
        let take = take.clone();
        Callback::from(move |event: Event| {
            let input = event
                .target()
                .and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
            if let Some(file) = input.and_then(|input| input.files()?.item(0)) {
                take.emit(file);
            }
        })
    };
    let ondragover = {
        let over = over.setter();
        Callback::from(move |_: DragEvent| over.set(true))
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |_: DragEvent| over.set(false))
    };
    let over_now = over.setter();
    use_effect_with(take, move |take| {
        let take = take.clone();
        let dropped = Listener::on("drop", move |event| {
            over_now.set(false);
            let event: &DragEvent = event.unchecked_ref();
            if let Some(file) = event.data_transfer().and_then(|data| data.files()?.item(0)) {
                take.emit(file);
            }
        });
        move || drop(dropped)
    });
    let pick = {
        let input = input.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.set_value("");
                input.click();
            }
        })
    };
    let error = (*too_large).clone().or_else(|| props.error.clone());
    let (icon, title, text) = match &error {
        None => (
            "download",
            words.t("import-choose"),
            words.t("import-choose-more"),
        ),
        Some(error) => {
            let args = error.arguments();
            let args: Vec<(&str, Arg<'_>)> = args
                .into_iter()
                .map(|(name, value)| (name, value.into()))
                .collect();
            (
                "circle-alert",
                words.t("import-not-read"),
                words.with(error.key(), &args),
            )
        }
    };
    let button = words.t(if error.is_some() {
        "import-other-file"
    } else {
        "import-pick"
    });
    html! {
        <div class={classes!("drop", over.then_some("is-over"))} role={error.is_some().then_some("alert")} {ondragover} {ondragleave}>
            <Empty {icon} {title} {text} red={error.is_some()}>
                <button type="button" class="btn btn--primary" onclick={pick}>{ button }</button>
            </Empty>
            <input ref={input} type="file" accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values" hidden=true {onchange} aria-label={words.t("import-pick")} />
        </div>
    }
}
