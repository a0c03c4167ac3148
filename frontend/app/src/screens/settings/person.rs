//! What colleagues call the person, and the device.

use super::name::Name;
use crate::i18n::Words;
use crate::store::Store;
use crate::ui::Group;
use shared::bridge::{Call, Device};
use yew::prelude::*;

/// Names, saved as one leaves the field.
pub fn person(device: &Device, words: &Words, store: &Store) -> Html {
    let save = |make: fn(String) -> Call| {
        let store = store.clone();
        Callback::from(move |(name, done): (String, Callback<bool>)| {
            store.send_then(make(name), done);
        })
    };
    html! {
        <Group title={words.t("settings-you")}>
            <Name label={words.t("your-name")} why={words.t("settings-name-why")} value={device.person_name.clone()} autocomplete="name"
                place="form/device/person" onsave={save(Call::NamePerson)} />
            <Name label={words.t("settings-device")} why={words.t("settings-device-why")} value={device.device_name.clone()}
                place="form/device/device" onsave={save(Call::NameDevice)} />
        </Group>
    }
}
