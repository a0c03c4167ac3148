//! Which product wrote a file, told by several of its headers, and what its columns hold. One table
//! a product.

use crate::crm::contact;
use crate::crm::field::Shape;
use crate::crm::text::words;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing that is taken.
    Skip,
    /// The record's own id in its source.
    Id,
    /// Given and family name in one.
    FullName,
    /// A name between the given and the family name.
    MiddleName,
    /// The contact's field of that key.
    Field(&'static str),
    /// A further line of the street.
    StreetMore,
    /// The name of the company, which is made where there is none of that name.
    Company,
    /// Telephone numbers, with the label they have unless a label column says otherwise.
    Phone(&'static str),
    /// E-mail addresses, likewise.
    Email(&'static str),
    /// The label of the numbers or addresses in that column.
    LabelOf(usize),
    /// Tags.
    Tags,
}

impl Target {
    /// What a person may choose for a column, in the order of the form. The word key of each is
    /// `import-to-` and [`Target::name`].
    pub const CHOICES: &[Target] = &[
        Target::Skip,
        Target::Field("first_name"),
        Target::Field("last_name"),
        Target::FullName,
        Target::Field("job_title"),
        Target::Company,
        Target::Phone("mobile"),
        Target::Phone("work"),
        Target::Phone("home"),
        Target::Phone("other"),
        Target::Email("work"),
        Target::Email("home"),
        Target::Email("other"),
        Target::Field("street"),
        Target::Field("postcode"),
        Target::Field("city"),
        Target::Field("country"),
        Target::Field("birthday"),
        Target::Tags,
        Target::Field("notes"),
        Target::Id,
    ];

    /// A name for forms and words, unique among [`Target::CHOICES`].
    pub fn name(self) -> String {
        match self {
            Target::Skip => "skip".into(),
            Target::Id => "id".into(),
            Target::FullName => "full-name".into(),
            Target::MiddleName => "middle-name".into(),
            Target::Field(key) => key.replace('_', "-"),
            Target::StreetMore => "street-more".into(),
            Target::Company => "company".into(),
            Target::Phone(label) => format!("phone-{label}"),
            Target::Email(label) => format!("email-{label}"),
            Target::LabelOf(_) => "label".into(),
            Target::Tags => "tags".into(),
        }
    }

    /// Whether several columns may hold it.
    const fn is_plural(self) -> bool {
        matches!(
            self,
            Target::Skip | Target::Phone(_) | Target::Email(_) | Target::Tags | Target::LabelOf(_)
        )
    }
}

/// A product that exports contacts.
#[derive(Debug, PartialEq)]
pub struct Source {
    /// The name in records and word keys.
    pub key: &'static str,
    /// Headers that tell it, in the form of [`words`] with `#` for numbers.
    signature: &'static [&'static str],
    /// How many of them must be there.
    needs: usize,
    /// What columns hold, in the same form. A label column comes before its value column.
    columns: &'static [(&'static str, Target)],
}

/// The products that are recognised.
pub const SOURCES: &[Source] = &[
    Source {
        key: "google",
        signature: &[
            "first name",
            "last name",
            "organization name",
            "labels",
            "e mail # value",
            "e mail # label",
            "phone # label",
            "phone # value",
            "file as",
            "phonetic first name",
        ],
        needs: 5,
        columns: &[
            ("first name", Target::Field("first_name")),
            ("middle name", Target::MiddleName),
            ("last name", Target::Field("last_name")),
            ("e mail # label", Target::LabelOf(0)),
            ("e mail # value", Target::Email("other")),
            ("phone # label", Target::LabelOf(0)),
            ("phone # value", Target::Phone("other")),
            ("address # street", Target::Field("street")),
            ("address # extended address", Target::StreetMore),
            ("address # postal code", Target::Field("postcode")),
            ("address # city", Target::Field("city")),
            ("address # country", Target::Field("country")),
            ("organization name", Target::Company),
            ("organization title", Target::Field("job_title")),
            ("birthday", Target::Field("birthday")),
            ("notes", Target::Field("notes")),
            ("labels", Target::Tags),
        ],
    },
    Source {
        key: "google",
        signature: &[
            "given name",
            "family name",
            "group membership",
            "e mail # type",
            "e mail # value",
            "phone # type",
            "organization # name",
            "yomi name",
        ],
        needs: 4,
        columns: &[
            ("given name", Target::Field("first_name")),
            ("additional name", Target::MiddleName),
            ("family name", Target::Field("last_name")),
            ("e mail # type", Target::LabelOf(0)),
            ("e mail # value", Target::Email("other")),
            ("phone # type", Target::LabelOf(0)),
            ("phone # value", Target::Phone("other")),
            ("address # street", Target::Field("street")),
            ("address # extended address", Target::StreetMore),
            ("address # postal code", Target::Field("postcode")),
            ("address # city", Target::Field("city")),
            ("address # country", Target::Field("country")),
            ("organization # name", Target::Company),
            ("organization # title", Target::Field("job_title")),
            ("birthday", Target::Field("birthday")),
            ("notes", Target::Field("notes")),
            ("group membership", Target::Tags),
        ],
    },
];

/// Headers of files from nowhere in particular, beside the fields' own aliases.
const COMMON: &[(&str, Target)] = &[
    ("name", Target::FullName),
    ("full name", Target::FullName),
    ("nom complet", Target::FullName),
    ("nom de famille", Target::Field("last_name")),
    ("surname", Target::Field("last_name")),
    ("title", Target::Field("job_title")),
    ("poste", Target::Field("job_title")),
    ("company", Target::Company),
    ("company name", Target::Company),
    ("organization", Target::Company),
    ("organisation", Target::Company),
    ("societe", Target::Company),
    ("entreprise", Target::Company),
    ("email", Target::Email("work")),
    ("e mail", Target::Email("work")),
    ("e mail address", Target::Email("work")),
    ("email address", Target::Email("work")),
    ("e mail # address", Target::Email("other")),
    ("mail", Target::Email("work")),
    ("courriel", Target::Email("work")),
    ("adresse e mail", Target::Email("work")),
    ("phone", Target::Phone("work")),
    ("phone number", Target::Phone("work")),
    ("business phone", Target::Phone("work")),
    ("telephone", Target::Phone("work")),
    ("tel", Target::Phone("work")),
    ("fixe", Target::Phone("work")),
    ("mobile", Target::Phone("mobile")),
    ("mobile phone", Target::Phone("mobile")),
    ("portable", Target::Phone("mobile")),
    ("telephone mobile", Target::Phone("mobile")),
    ("home phone", Target::Phone("home")),
    ("address", Target::Field("street")),
    ("adresse", Target::Field("street")),
    ("business street", Target::Field("street")),
    ("business city", Target::Field("city")),
    ("business postal code", Target::Field("postcode")),
    ("business country region", Target::Field("country")),
    ("cp", Target::Field("postcode")),
    ("postcode", Target::Field("postcode")),
    ("zip", Target::Field("postcode")),
    ("tags", Target::Tags),
    ("remarques", Target::Field("notes")),
    ("commentaire", Target::Field("notes")),
];

/// A header in the form of the tables.
fn normal(header: &str) -> String {
    let mut normal = String::new();
    for c in words(header).chars() {
        if !c.is_ascii_digit() {
            normal.push(c);
        } else if !normal.ends_with('#') {
            normal.push('#');
        }
    }
    normal
}

/// The product whose headers these are.
pub fn recognise(header: &[String]) -> Option<&'static Source> {
    let found: Vec<String> = header.iter().map(|header| normal(header)).collect();
    let hits = |source: &&Source| {
        let has = |header: &&&str| found.iter().any(|own| own == **header);
        source.signature.iter().filter(has).count()
    };
    SOURCES
        .iter()
        .filter(|source| hits(source) >= source.needs)
        .max_by_key(hits)
}

/// What the columns hold, as far as their headers tell.
pub fn guess(header: &[String], source: Option<&Source>) -> Vec<Target> {
    let mut mapping: Vec<Target> = Vec::new();
    for (at, title) in header.iter().enumerate() {
        let normal = normal(title);
        let known = |columns: &[(&str, Target)]| {
            let column = columns.iter().find(|(header, _)| *header == normal)?;
            Some(column.1)
        };
        let target = match source {
            Some(source) => known(source.columns),
            None => known(COMMON).or_else(|| by_alias(title)),
        };
        let mut target = target.unwrap_or(Target::Skip);
        if matches!(target, Target::LabelOf(_)) {
            target = Target::LabelOf(at + 1);
        } else if !target.is_plural() && mapping.contains(&target) {
            target = Target::Skip;
        }
        mapping.push(target);
    }
    let named = |target: &Target| matches!(target, Target::Field("first_name" | "last_name"));
    if mapping.iter().any(named) {
        // `Name` beside parts of the name repeats them.
        for target in mapping
            .iter_mut()
            .filter(|target| **target == Target::FullName)
        {
            *target = Target::Skip;
        }
    }
    for at in 0..mapping.len() {
        let valued = matches!(
            mapping.get(at + 1),
            Some(Target::Phone(_) | Target::Email(_))
        );
        if matches!(mapping[at], Target::LabelOf(_)) && !valued {
            mapping[at] = Target::Skip;
        }
    }
    mapping
}

fn by_alias(title: &str) -> Option<Target> {
    let title = words(title);
    let field = contact::FIELDS
        .iter()
        .find(|field| field.aliases.iter().any(|alias| words(alias) == title))?;
    Some(match field.shape {
        Shape::Tags => Target::Tags,
        Shape::Text | Shape::Note | Shape::Date => Target::Field(field.key),
        Shape::Phones => Target::Phone("work"),
        Shape::Emails => Target::Email("work"),
        Shape::Choice(_) | Shape::Moment | Shape::Money | Shape::Flag | Shape::Link(_) => {
            return None;
        }
        Shape::Person | Shape::Rank | Shape::Links(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn google_is_told_by_several_headers_in_either_template() {
        let current = header(
            "Labels,First Name,Last Name,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Organization Name",
        );
        let source = recognise(&current).unwrap();
        assert_eq!(source.key, "google");
        let mapping = guess(&current, Some(source));
        assert_eq!(mapping[3..5], [Target::LabelOf(4), Target::Email("other")]);
        assert_eq!(mapping[7..9], [Target::LabelOf(8), Target::Phone("other")]);
        let old = header(
            "Name,Given Name,Family Name,Yomi Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Organization 1 - Name",
        );
        let mapping = guess(&old, recognise(&old));
        assert_eq!(mapping[0], Target::Skip);
        assert_eq!(mapping[7], Target::Company);
        assert_eq!(recognise(&header("First Name,Last Name,Labels")), None);
    }

    #[test]
    fn other_files_are_guessed_by_their_words() {
        let columns = header("Prénom,NOM,Société,E-mail,Portable,Code postal,Inconnu");
        assert_eq!(
            guess(&columns, None),
            [
                Target::Field("first_name"),
                Target::Field("last_name"),
                Target::Company,
                Target::Email("work"),
                Target::Phone("mobile"),
                Target::Field("postcode"),
                Target::Skip,
            ]
        );
        assert_eq!(guess(&header("Name,City,City"), None)[2], Target::Skip);
    }

    #[test]
    fn every_choice_has_a_name_of_its_own_and_every_field_exists() {
        let mut names: Vec<String> = Target::CHOICES.iter().map(|target| target.name()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), Target::CHOICES.len());
        let all = SOURCES
            .iter()
            .flat_map(|source| source.columns)
            .chain(COMMON);
        for target in all.map(|(_, target)| target).chain(Target::CHOICES) {
            if let Target::Field(key) = target {
                assert!(crate::crm::Kind::Contact.field(key).is_some(), "{key}");
            }
        }
    }
}
