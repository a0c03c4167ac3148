//! Which product wrote a file, told by several of its headers, and what its columns hold. One table
//! a product.

use super::draft::known_label;
use super::target::Target;
use crate::crm::contact;
use crate::crm::field::Shape;
use crate::crm::text::words;
use std::mem::discriminant;

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
    ("nom et prenom", Target::FullName),
    ("nom prenom", Target::FullName),
    ("prenom nom", Target::FullName),
    ("contact", Target::FullName),
    ("contact name", Target::FullName),
    ("person name", Target::FullName),
    ("display name", Target::FullName),
    ("nom de famille", Target::Field("last_name")),
    ("lastname", Target::Field("last_name")),
    ("surname", Target::Field("last_name")),
    ("nachname", Target::Field("last_name")),
    ("apellidos", Target::Field("last_name")),
    ("firstname", Target::Field("first_name")),
    ("vorname", Target::Field("first_name")),
    ("nombre", Target::Field("first_name")),
    ("person first name", Target::Field("first_name")),
    ("person last name", Target::Field("last_name")),
    ("middle name", Target::MiddleName),
    ("title", Target::Field("job_title")),
    ("titre", Target::Field("job_title")),
    ("poste", Target::Field("job_title")),
    ("position", Target::Field("job_title")),
    ("function", Target::Field("job_title")),
    ("company", Target::Company),
    ("company name", Target::Company),
    ("account name", Target::Company),
    ("organization", Target::Company),
    ("organization name", Target::Company),
    ("organisation", Target::Company),
    ("societe", Target::Company),
    ("entreprise", Target::Company),
    ("raison sociale", Target::Company),
    ("etablissement", Target::Company),
    ("client", Target::Company),
    ("customer", Target::Company),
    ("firma", Target::Company),
    ("empresa", Target::Company),
    ("fixe", Target::Phone("work")),
    ("address", Target::Field("street")),
    ("adresse", Target::Field("street")),
    ("adresse postale", Target::Field("street")),
    ("strasse", Target::Field("street")),
    ("cp", Target::Field("postcode")),
    ("postcode", Target::Field("postcode")),
    ("zip", Target::Field("postcode")),
    ("zip code", Target::Field("postcode")),
    ("zip postal code", Target::Field("postcode")),
    ("plz", Target::Field("postcode")),
    ("town", Target::Field("city")),
    ("commune", Target::Field("city")),
    ("localite", Target::Field("city")),
    ("ort", Target::Field("city")),
    ("country region", Target::Field("country")),
    ("pays region", Target::Field("country")),
    ("date of birth", Target::Field("birthday")),
    ("birthdate", Target::Field("birthday")),
    ("date de naissance", Target::Field("birthday")),
    ("geburtstag", Target::Field("birthday")),
    ("tags", Target::Tags),
    ("categories", Target::Tags),
    ("note", Target::Field("notes")),
    ("remarques", Target::Field("notes")),
    ("commentaire", Target::Field("notes")),
    ("commentaires", Target::Field("notes")),
];

/// Words that say which of several addresses a column belongs to, before or after what it holds.
const WHICH: [&str; 8] = [
    "business", "mailing", "work", "home", "other", "bureau", "domicile", "#",
];

/// Headers of a table of deals, whose `Name` is nobody's.
const DEALS: [&str; 7] = [
    "amount",
    "stage",
    "stage name",
    "deal stage",
    "close date",
    "closedate",
    "probability",
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
        let target = match source {
            Some(source) => {
                let normal = normal(title);
                let mut columns = source.columns.iter();
                columns
                    .find(|(header, _)| *header == normal)
                    .map(|column| column.1)
            }
            None => by_words(title),
        };
        let mut target = target.unwrap_or(Target::Skip);
        let before = mapping.iter().position(|held| *held == target);
        if matches!(target, Target::LabelOf(_)) {
            target = Target::LabelOf(at + 1);
        } else if let Some(before) = before.filter(|_| !target.is_plural()) {
            // `Title` beside `Job Title` is how they are addressed.
            if is_title(&header[before]) {
                mapping[before] = Target::Skip;
            } else {
                target = Target::Skip;
            }
        } else if source.is_none() && belongs_to_company(title, &header[..at], &mapping) {
            target = Target::Skip;
        }
        mapping.push(target);
    }
    let mut of_deals = header
        .iter()
        .filter(|title| DEALS.contains(&spaced(title).as_str()));
    let deals = source.is_none() && of_deals.nth(1).is_some();
    let has = |mapping: &[Target], key| mapping.contains(&Target::Field(key));
    let parted = has(&mapping, "first_name") || has(&mapping, "last_name");
    for (target, title) in mapping.iter_mut().zip(header) {
        // `Name` beside parts of the name repeats them, and beside an amount is no person's.
        let name =
            *target == Target::FullName && (parted || deals && spaced(bare(title)) == "name");
        if name {
            *target = Target::Skip;
        }
    }
    if !has(&mapping, "first_name") {
        // `Nom` alone is the whole of it.
        let whole = mapping
            .iter()
            .position(|target| *target == Target::Field("last_name"));
        if let Some(at) = whole.filter(|at| words(bare(&header[*at])) == "nom") {
            mapping[at] = Target::FullName;
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

fn is_title(header: &str) -> bool {
    matches!(words(bare(header)).as_str(), "title" | "titre")
}

/// Whether a header that stood there once already is, behind that of the company, about that.
fn belongs_to_company(title: &str, before: &[String], mapping: &[Target]) -> bool {
    let first = before.iter().position(|other| words(other) == words(title));
    let company = mapping.iter().position(|target| *target == Target::Company);
    matches!((first, company), (Some(first), Some(company)) if first < company)
}

/// A header's words, those of `MailingPostalCode` too.
fn spaced(title: &str) -> String {
    let mut spaced = String::new();
    let mut small = false;
    for c in title.chars() {
        if small && c.is_uppercase() {
            spaced.push(' ');
        }
        small = c.is_lowercase();
        spaced.push(c);
    }
    normal(&spaced)
}

/// A header without what stands in brackets behind it.
fn bare(title: &str) -> &str {
    let bare = title.split(['(', '[']).next().unwrap_or_default();
    if bare.trim().is_empty() { title } else { bare }
}

/// What a header in anybody's words means. What stands in brackets is a hint, which may say which
/// number or address it is; where it says that it is something else, the header is not known.
fn by_words(title: &str) -> Option<Target> {
    let (bare, whole) = (bare(title), by_whole(title));
    let Some(known) = by_whole(bare).filter(|_| bare.len() < title.len()) else {
        return whole;
    };
    let hints: Vec<String> = title[bare.len()..]
        .split([',', ';', '/', '|'])
        .map(spaced)
        .collect();
    let is_other = |hint: &String| {
        let meant = by_name(hint);
        meant.is_some_and(|meant| match known.is_plural() {
            true => discriminant(&meant) != discriminant(&known),
            false => meant != known,
        })
    };
    match hints.as_slice() {
        hints if hints.iter().any(is_other) => whole,
        // Several labels name none.
        [_, _, ..] => Some(known),
        _ => whole.or(Some(known)),
    }
}

fn by_whole(title: &str) -> Option<Target> {
    let title = spaced(title);
    if let Some(target) = by_name(&title) {
        return Some(target);
    }
    let has = |words: &[&str]| title.split(' ').any(|word| words.contains(&word));
    let plain = title.replace('#', "");
    let plain = plain.strip_prefix("person ").unwrap_or(&plain);
    if let Some(label) = known_label(plain) {
        if has(&["email", "mail", "courriel", "messagerie", "correo"]) {
            return Some(Target::Email(if label == "other" { "work" } else { label }));
        }
        let phones = [
            "phone",
            "telephone",
            "tel",
            "telefon",
            "telefono",
            "mobile",
            "mobil",
            "portable",
            "movil",
            "gsm",
            "handy",
            "cell",
            "fax",
            "telecopie",
        ];
        if has(&phones) {
            let other = has(&["other", "autre", "autres"]);
            return Some(Target::Phone(if label == "other" && !other {
                "work"
            } else {
                label
            }));
        }
    }
    let rest: Vec<&str> = title
        .split(' ')
        .filter(|word| !WHICH.contains(word))
        .collect();
    by_name(&rest.join(" ")).filter(|target| {
        let place = matches!(
            target,
            Target::Field("street" | "postcode" | "city" | "country")
        );
        place && rest.len() < title.split(' ').count()
    })
}

fn by_name(title: &str) -> Option<Target> {
    let common = COMMON.iter().find(|(header, _)| *header == title);
    common.map(|column| column.1).or_else(|| by_alias(title))
}

fn by_alias(title: &str) -> Option<Target> {
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
mod tests;
