//! The record types, and what can be asked and done with them. One line here registers a type.

pub mod activity;
pub mod board;
pub mod command;
pub mod company;
pub mod contact;
pub mod deal;
pub mod direction;
pub mod due;
pub mod field;
pub mod import;
pub mod input;
pub mod made;
pub mod member;
pub mod order;
pub mod pipeline;
pub mod query;
pub mod rank;
pub mod row;
pub mod sample;
pub mod search;
pub mod tags;
#[cfg(test)]
mod test_rows;
pub mod text;
pub mod title;
pub mod typing;

use field::Field;
use serde::{Deserialize, Serialize};

macro_rules! record_types {
    ($($(#[$doc:meta])* $kind:ident = $name:literal in $module:ident;)*) => {
        /// A record type.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind { $($(#[$doc])* $kind,)* }

        impl Kind {
            /// All record types, in the order of the menu.
            pub const ALL: &[Kind] = &[$(Kind::$kind,)*];

            /// The name in documents, addresses and word keys.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            /// The fields, in the order of the form.
            pub const fn fields(self) -> &'static [Field] {
                match self { $(Kind::$kind => $module::FIELDS,)* }
            }
        }
    };
}

record_types! {
    /// A person at a customer.
    Contact = "contact" in contact;
    /// A customer firm.
    Company = "company" in company;
    /// A sale in the making.
    Deal = "deal" in deal;
    /// A visit, call, task or comment about any of them.
    Activity = "activity" in activity;
    /// A colleague: who is behind the edits.
    Member = "member" in member;
}

impl Kind {
    /// The record type of that name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The field of that key.
    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_tags_are_unique_within_a_type() {
        for kind in Kind::ALL {
            let fields = kind.fields();
            for (i, field) in fields.iter().enumerate() {
                for other in &fields[..i] {
                    assert_ne!(field.key, other.key, "{kind:?}");
                    assert_ne!(field.tag, other.tag, "{kind:?} {}", field.key);
                }
            }
        }
    }
}
