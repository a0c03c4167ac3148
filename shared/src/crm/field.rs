//! What a field is: the one line from which form, list, search, import and export follow.

use super::Kind;

/// A field of a record type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The key in documents and word files. Never changes once released.
    pub key: &'static str,
    /// The key in rows. Never changes or is used again once released.
    pub tag: u8,
    /// What it holds.
    pub shape: Shape,
    /// The part of the record page it stands in.
    pub group: Group,
    /// Whether typing in search finds the record by it.
    pub searched: bool,
    /// Headers of other products' exports that hold it, in lowercase.
    pub aliases: &'static [&'static str],
    /// Whether one of several concurrent values stands and nobody is asked.
    pub quiet: bool,
}

impl Field {
    /// Whether people are told that it was written: a place in an order and the time of a move follow from
    /// what was done, which is told itself.
    pub fn is_told(&self) -> bool {
        !(self.quiet && self.group == Group::Hidden)
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// One line of text.
    Text,
    /// Several lines that merge by character.
    Note,
    /// One of these keys.
    Choice(&'static [&'static str]),
    /// A calendar day.
    Date,
    /// An instant.
    Moment,
    /// An amount with its currency.
    Money,
    /// Yes or no.
    Flag,
    /// Another record of that type.
    Link(Kind),
    /// A colleague.
    Person,
    /// A place in a manual order (fractional index); shown nowhere.
    Rank,
    /// Several telephone numbers, each with a label.
    Phones,
    /// Several e-mail addresses, each with a label.
    Emails,
    /// Several words.
    Tags,
    /// Several records of that type, each with a role.
    Links(Kind),
}

impl Shape {
    /// Whether the field holds items rather than one value.
    pub const fn is_plural(self) -> bool {
        matches!(
            self,
            Shape::Phones | Shape::Emails | Shape::Tags | Shape::Links(_)
        )
    }
}

/// A part of the record page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Name and role, in the head.
    Head,
    /// Telephone numbers and e-mail addresses.
    Reach,
    /// Address and what else is known.
    Details,
    /// Notes.
    Notes,
    /// Linked records.
    Related,
    /// Kept by the app; in no form.
    Hidden,
}

impl Field {
    /// A field that is in the details, is not searched and has no aliases.
    pub const fn new(tag: u8, key: &'static str, shape: Shape) -> Field {
        Field {
            key,
            tag,
            shape,
            group: Group::Details,
            searched: false,
            aliases: &[],
            quiet: false,
        }
    }

    /// Stands in this part of the page.
    pub const fn within(self, group: Group) -> Field {
        Field { group, ..self }
    }

    /// Is found by search.
    pub const fn searched(self) -> Field {
        Field {
            searched: true,
            ..self
        }
    }

    /// Asks nobody to choose between concurrent values: kept by the app.
    pub const fn quiet(self) -> Field {
        Field {
            quiet: true,
            ..self
        }
    }

    /// Has these headers in other products' exports (lowercase).
    pub const fn aliases(self, aliases: &'static [&'static str]) -> Field {
        Field { aliases, ..self }
    }
}

/// Declares a record type's fields: a constant for each and `FIELDS`, all of them.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $field:expr;)*) => {
        $($(#[$doc])* pub const $name: $crate::crm::field::Field = $field;)*
        /// All fields, in the order of the form.
        pub const FIELDS: &[$crate::crm::field::Field] = &[$($name,)*];
    };
}
pub(crate) use fields;
