//! Terrain's page: draws rows and sends commands. Documents, sync and storage are the engine's.

mod app;
mod browser;
mod format;
mod i18n;
mod pwa;
mod route;
mod screens;
mod store;
mod ui;

fn main() {
    console_error_panic_hook::set_once();
    yew::Renderer::<app::App>::new().render();
}
