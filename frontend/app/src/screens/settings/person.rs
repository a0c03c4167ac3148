//! What colleagues call the person, and the device.

use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Group;
use shared::bridge::{Call, Device};
use shared::crm::text::clean;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Names, saved as one leaves the field.
pub fn person(device: &Device, words: &Words, store: &Store) -> Html {
    let save = |make: fn(String) -> Call, before: &str| {
        let (store, before) = (store.clone(), before.to_owned());
        Callback::from(move |event: Event| {
            let input = event
                .target()
                .and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
            let Some(input) = input else { return };
            let name = clean(&input.value());
            if name.is_empty() {
                // a name is never empty: the one before comes back
                input.set_value(&before);
            } else if name != before {
                store.send(make(name));
            }
        })
    };
    html! {
        <Group title={words.t("settings-you")}>
            <div class="set">
                <span class="set__main"><strong>{ words.t("your-name") }</strong><span>{ words.t("settings-name-why") }</span></span>
                <input class="input" value={device.person_name.clone()} aria-label={words.t("your-name")} autocomplete="name" maxlength="120"
                    onchange={save(Call::NamePerson, &device.person_name)} />
            </div>
            <div class="set">
                <span class="set__main"><strong>{ words.t("settings-device") }</strong><span>{ words.t("settings-device-why") }</span></span>
                <input class="input" value={device.device_name.clone()} aria-label={words.t("settings-device")} autocomplete="off" maxlength="120"
                    onchange={save(Call::NameDevice, &device.device_name)} />
            </div>
        </Group>
    }
}
