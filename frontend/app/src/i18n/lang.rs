//! The languages that there are words for.

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

impl Lang {
    /// All of them, with their own names.
    pub const ALL: [(Lang, &'static str); 2] = [(Lang::Fr, "Français"), (Lang::En, "English")];

    /// The tag in HTML, storage and the engine.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// Its words, as Fluent reads them.
    pub(super) const fn source(self) -> &'static str {
        match self {
            Lang::En => include_str!("../../locales/en.ftl"),
            Lang::Fr => include_str!("../../locales/fr.ftl"),
        }
    }

    /// The language of a tag such as `fr-CA`, when there are words for it.
    pub fn of_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        [Lang::En, Lang::Fr]
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }

    /// What the person chose before, else the browser's first language that has words, else English.
    pub fn preferred() -> Lang {
        let chosen = crate::browser::remembered("terrain.language");
        chosen
            .as_deref()
            .and_then(Lang::of_tag)
            .or_else(browser_language)
            .unwrap_or(Lang::En)
    }
}

fn browser_language() -> Option<Lang> {
    let navigator = web_sys::window()?.navigator();
    let tags = navigator.languages();
    tags.iter()
        .filter_map(|tag| tag.as_string())
        .find_map(|tag| Lang::of_tag(&tag))
}
