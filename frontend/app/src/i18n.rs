//! The words on the screen, in the person's language (Fluent, compiled in).

#[cfg(test)]
mod complete;
pub mod intl;
mod lang;

use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use shared::time::Date;
use std::cell::Cell;
use std::rc::Rc;
use unic_langid::LanguageIdentifier;
use yew::prelude::*;

pub use fluent_bundle::FluentValue as Arg;
pub use lang::Lang;

/// Prefixes of keys that are put together while the app runs: `field-contact-city`.
#[cfg(test)]
pub const PUT_TOGETHER: &[&str] = &[
    "field-",
    "add-",
    "stage-",
    "status-",
    "lost_reason-",
    "activity-",
    "label-",
    "problem-",
    "refused-",
    "unread-",
    "kind-",
    "list-",
    "title-",
    "deleted-",
    "created-",
    "input-",
    "import-",
    "delete-",
];

thread_local! {
    static CURRENT: Cell<Lang> = const { Cell::new(Lang::En) };
}

/// The words of one language, as they are said on one day. Cheap to clone; equal when language and
/// day are: what says "today" or "tomorrow" is drawn again when the day is another.
#[derive(Clone)]
pub struct Words {
    lang: Lang,
    day: Option<Date>,
    bundle: Rc<FluentBundle<FluentResource>>,
    choose: Callback<Lang>,
}

impl PartialEq for Words {
    fn eq(&self, other: &Words) -> bool {
        (self.lang, self.day) == (other.lang, other.day)
    }
}

impl Words {
    /// The words of a language; `choose` switches to another.
    pub fn new(lang: Lang, choose: Callback<Lang>) -> Words {
        let id: LanguageIdentifier = lang.tag().parse().expect("the tags are valid");
        let mut bundle = FluentBundle::new(vec![id]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(in_digits(number)),
            FluentValue::String(_)
            | FluentValue::Custom(_)
            | FluentValue::None
            | FluentValue::Error => None,
        }));
        // A damaged file would be caught by the test; here it yields what could be read.
        let resource = FluentResource::try_new(lang.source().into()).unwrap_or_else(|(res, _)| res);
        bundle.add_resource_overriding(resource);
        CURRENT.set(lang);
        Words {
            lang,
            day: None,
            bundle: Rc::new(bundle),
            choose,
        }
    }

    /// The words as they are said on that day.
    pub fn on(&self, day: Date) -> Words {
        Words {
            day: Some(day),
            ..self.clone()
        }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Switches the whole page to a language and remembers it.
    pub fn choose(&self, lang: Lang) {
        self.choose.emit(lang);
    }

    /// Whether there are words for a key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The words of a key.
    pub fn t(&self, key: &str) -> AttrValue {
        self.format(key, None)
    }

    /// The words of a key with values in them. A number chooses the plural form and is shown in the
    /// language's digits.
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> AttrValue {
        let mut fluent = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            let mut value = value.clone();
            // A name written from right to left leaves the sentence around it as it is.
            if let FluentValue::String(text) = &mut value
                && text.contains(is_from_right)
            {
                *text = format!("\u{2068}{text}\u{2069}").into();
            }
            fluent.set(*name, value);
        }
        self.format(key, Some(&fluent))
    }

    /// The name of a field of a record type.
    pub fn field(&self, kind: shared::crm::Kind, key: &str) -> AttrValue {
        self.t(&format!("field-{}-{key}", kind.name()))
    }

    /// The name of a choice's value: `status` and `won`.
    pub fn choice(&self, field: &str, value: &str) -> AttrValue {
        let key = format!("{field}-{value}");
        if self.has(&key) {
            self.t(&key)
        } else {
            AttrValue::from(value.to_owned())
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> AttrValue {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return AttrValue::from(key.to_owned());
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut errors);
        AttrValue::from(text.into_owned())
    }
}

/// Whether a letter is of a script that is written from right to left.
fn is_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{1e800}'..='\u{1efff}')
}

fn in_digits(number: &FluentNumber) -> String {
    intl::number(CURRENT.get(), number.value)
}

/// The words of the page.
#[hook]
pub fn use_words() -> Words {
    use_context::<Words>().expect("the app provides words")
}
