//! Settings: the person and the device, how it looks, the workspaces, the data.

mod about;
mod data;
mod display;
pub mod file;
mod name;
mod person;
mod workspaces;

use crate::app::rail::PhoneCorner;
use crate::i18n::use_words;
use crate::pwa::use_install;
use crate::store::{Topic, use_watch};
use data::Data;
use display::Display;
pub use display::switch_theme;
use workspaces::Workspaces;
use yew::prelude::*;

/// The screen of settings.
#[component]
pub fn Settings() -> Html {
    let words = use_words();
    let store = use_watch(&[Topic::Device]);
    let way = use_install();
    let Some(device) = store.device() else {
        return Html::default();
    };
    html! {
        <div class="app__scroll">
            <div class="page page--narrow">
                <div class="page__bar"><h1>{ words.t("settings") }</h1><PhoneCorner /></div>
                { person::person(&device, &words, &store) }
                <Display />
                <Workspaces {device} />
                <Data />
                { about::about(way, &words, &store) }
            </div>
        </div>
    }
}
