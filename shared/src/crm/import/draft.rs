//! What a line says about a contact, read as far as it can be, and what is wrong with it.

use super::csv::Line;
use super::source::Target;
use crate::crm::input::{self, InputError, Language, Yearless};
use crate::crm::text;
use crate::time::Date;

/// How dates are written in the file, and the day it is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Whose way of writing dates.
    pub language: Language,
    /// For years of two digits.
    pub today: Date,
}

/// What a line says about a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// The line's number in the file.
    pub line: u32,
    /// The record's id in its source, where it has one.
    pub id: Option<String>,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Stored values by field key, without names and company.
    pub fields: Vec<(&'static str, String)>,
    /// Numbers with their labels.
    pub phones: Vec<(&'static str, String)>,
    /// Addresses with their labels.
    pub emails: Vec<(&'static str, String)>,
    /// Tags.
    pub tags: Vec<String>,
    /// The company's name.
    pub company: Option<String>,
    /// What is wrong. A line with problems is left out until they are corrected.
    pub problems: Vec<Problem>,
}

/// Something wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The column of the cell; `None` when no cell in particular is wrong.
    pub column: Option<usize>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Neither a given nor a family name.
    MissingName,
    /// More cells than the header: a delimiter within a cell that is not quoted, most likely.
    ExtraCells,
    /// The cell does not hold what its column should.
    Input(InputError),
}

impl Reason {
    /// The key of the sentence in the word files.
    pub const fn key(&self) -> &'static str {
        match self {
            Reason::MissingName => "import-missing-name",
            Reason::ExtraCells => "import-extra-cells",
            Reason::Input(error) => error.key(),
        }
    }
}

impl Draft {
    /// Both names.
    pub fn title(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
            .trim()
            .to_owned()
    }
}

/// What a product's word for a kind of number or address means: `mobile`, `work`, `home`, `other`.
pub fn label_of(word: &str) -> &'static str {
    let folded = text::words(word);
    let has = |parts: &[&str]| {
        parts
            .iter()
            .any(|part| folded.split(' ').any(|word| word.starts_with(part)))
    };
    if has(&[
        "mobil", "movil", "cell", "portab", "komork", "handy", "gsm", "iphone",
    ]) {
        "mobile"
    } else if has(&[
        "work", "bureau", "travail", "prof", "office", "business", "main", "arbeit", "gesch",
        "prac", "sluzb", "trabajo", "lavoro", "ufficio",
    ]) {
        "work"
    } else if has(&[
        "home", "domicile", "maison", "perso", "priv", "dom", "zuhause", "casa",
    ]) {
        "home"
    } else {
        "other"
    }
}

/// Reads a line.
pub fn draft(line: &Line, mapping: &[Target], reading: Reading) -> Draft {
    let mut draft = Draft {
        line: line.number,
        ..Draft::default()
    };
    let mut middle = String::new();
    let mut street_more = String::new();
    for (column, (cell, target)) in line.cells.iter().zip(mapping).enumerate() {
        if cell.trim().is_empty() {
            continue;
        }
        let done = match target {
            Target::Skip | Target::LabelOf(_) => Ok(()),
            Target::Id => {
                draft.id = Some(text::clean(cell)).filter(|id| !id.is_empty());
                Ok(())
            }
            Target::FullName => draft.set_full_name(cell),
            Target::MiddleName => input::line(cell).map(|name| middle = name),
            Target::StreetMore => input::line(cell).map(|more| street_more = more),
            Target::Field(key) => draft.set_field(key, cell, reading),
            Target::Company => input::line(cell).map(|name| {
                draft.company = Some(name).filter(|name| !text::words(name).is_empty());
            }),
            Target::Phone(label) => {
                let label = label_at(line, mapping, column).unwrap_or(label);
                several(cell, &mut draft.phones, label, input::phone)
            }
            Target::Email(label) => {
                let label = label_at(line, mapping, column).unwrap_or(label);
                several(cell, &mut draft.emails, label, input::email)
            }
            Target::Tags => draft.add_tags(cell),
        };
        if let Err(error) = done {
            draft.problems.push(Problem {
                column: Some(column),
                reason: Reason::Input(error),
            });
        }
    }
    if !middle.is_empty() {
        draft.first_name = format!("{} {middle}", draft.first_name).trim().to_owned();
    }
    if !street_more.is_empty() {
        match draft.fields.iter_mut().find(|(key, _)| *key == "street") {
            Some((_, street)) => *street = format!("{street}\n{street_more}"),
            None => draft.fields.push(("street", street_more)),
        }
    }
    let extra = line.cells.iter().skip(mapping.len());
    if extra.filter(|cell| !cell.trim().is_empty()).count() > 0 {
        draft.problems.push(Problem {
            column: None,
            reason: Reason::ExtraCells,
        });
    }
    if draft.title().is_empty() {
        let named = |target: &Target| {
            *target == Target::FullName
                || matches!(target, Target::Field("first_name" | "last_name"))
        };
        draft.problems.push(Problem {
            column: mapping.iter().position(named),
            reason: Reason::MissingName,
        });
    }
    draft
}

/// The label that the column beside says.
fn label_at(line: &Line, mapping: &[Target], column: usize) -> Option<&'static str> {
    let at = mapping
        .iter()
        .position(|target| *target == Target::LabelOf(column))?;
    let word = line.cells.get(at)?.trim();
    (!word.is_empty()).then(|| label_of(word))
}

/// The values of a cell that may hold several. What a person typed between signs that also occur
/// within values is told apart by each part being a value of its own.
fn several(
    cell: &str,
    values: &mut Vec<(&'static str, String)>,
    label: &'static str,
    read: fn(&str) -> Result<String, InputError>,
) -> Result<(), InputError> {
    let parts: Vec<&str> = match cell.contains(":::") {
        true => cell.split(":::").collect(),
        false => cell.split([';', ',', '\n']).collect(),
    };
    let parts: Vec<&str> = parts
        .into_iter()
        .filter(|part| !part.trim().is_empty())
        .collect();
    let parts: Vec<String> = match parts.iter().map(|part| read(part)).collect() {
        Ok(parts) => parts,
        // The cell as a whole may still be one value; if not, its error shows all of it.
        Err(_) => vec![read(cell)?],
    };
    for part in parts {
        if !values.iter().any(|(_, known)| *known == part) {
            values.push((label, part));
        }
    }
    Ok(())
}

impl Draft {
    fn set_field(
        &mut self,
        key: &'static str,
        cell: &str,
        reading: Reading,
    ) -> Result<(), InputError> {
        let stored = match key {
            "first_name" => return input::line(cell).map(|name| self.first_name = name),
            "last_name" => return input::line(cell).map(|name| self.last_name = name),
            "notes" => text::clean_lines(cell),
            "street" => input::lines(cell)?,
            "birthday" => {
                let digits = cell.trim().parse().ok();
                match digits.and_then(input::serial_date) {
                    Some(day) => day.to_string(),
                    None => input::date(cell, reading.language, reading.today, Yearless::Birthday)?
                        .to_string(),
                }
            }
            _ => input::line(cell)?,
        };
        if !stored.is_empty() {
            self.fields.push((key, stored));
        }
        Ok(())
    }

    /// The last word is the family name, unless a comma puts it first or it is all capitals.
    fn set_full_name(&mut self, cell: &str) -> Result<(), InputError> {
        let name = input::line(cell)?;
        let (first, last) = match name.split_once(',') {
            Some((last, first)) => (first, last),
            None => name.rsplit_once(' ').unwrap_or(("", &name)),
        };
        self.first_name = first.trim().to_owned();
        self.last_name = last.trim().to_owned();
        Ok(())
    }

    /// Groups that a product makes by itself, `* myContacts`, are no tags.
    fn add_tags(&mut self, cell: &str) -> Result<(), InputError> {
        let parts: Vec<&str> = match cell.contains(":::") {
            true => cell.split(":::").collect(),
            false => cell.split([';', ',']).collect(),
        };
        for part in parts {
            let tag = input::line(part)?;
            let own = !tag.starts_with("* ") && !text::words(&tag).is_empty();
            if own && !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mapping: &[Target], cells: &[&str]) -> Draft {
        let line = Line {
            number: 2,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let reading = Reading {
            language: Language::French,
            today: Date::new(2026, 11, 21).unwrap(),
        };
        draft(&line, mapping, reading)
    }

    fn reasons(draft: &Draft) -> Vec<(Option<usize>, &'static str)> {
        let problems = draft.problems.iter();
        problems
            .map(|problem| (problem.column, problem.reason.key()))
            .collect()
    }

    #[test]
    fn labels_are_understood_in_several_languages() {
        for (word, label) in [
            ("* Work", "work"),
            ("Komórka", "mobile"),
            ("Téléphone portable", "mobile"),
            ("Domicile", "home"),
            ("Bureau", "work"),
            ("Praca", "work"),
            ("Dom", "home"),
            ("Fax", "other"),
        ] {
            assert_eq!(label_of(word), label, "{word}");
        }
    }

    #[test]
    fn several_values_in_a_cell_are_parted() {
        let mapping = [
            Target::FullName,
            Target::LabelOf(2),
            Target::Phone("other"),
            Target::Tags,
        ];
        let draft = read(
            &mapping,
            &[
                "Ann Lee",
                "Mobile",
                "+33 6 30 52 67 18 ::: 0138338911",
                "* myContacts ::: Clients",
            ],
        );
        assert_eq!(
            draft.phones,
            [
                ("mobile", "+33 6 30 52 67 18".into()),
                ("mobile", "0138338911".into())
            ]
        );
        assert_eq!(draft.tags, ["Clients"]);
        assert_eq!(
            (draft.first_name.as_str(), draft.last_name.as_str()),
            ("Ann", "Lee")
        );
        let mapping = [Target::FullName, Target::Email("work")];
        let draft = read(&mapping, &["Lee, Ann", "a@b.fr; c@d.fr"]);
        assert_eq!(draft.emails.len(), 2);
        assert_eq!(draft.last_name, "Lee");
    }

    #[test]
    fn each_problem_is_told_with_its_cell() {
        let mapping = [
            Target::Field("last_name"),
            Target::Email("work"),
            Target::Phone("work"),
            Target::Field("birthday"),
        ];
        let draft = read(&mapping, &["", "eloise@", "6,02E+08", "31/02/1970"]);
        assert_eq!(
            reasons(&draft),
            [
                (Some(1), "input-email"),
                (Some(2), "input-damaged-phone"),
                (Some(3), "input-day"),
                (Some(0), "import-missing-name"),
            ]
        );
        assert_eq!(
            reasons(&read(&mapping, &["A", "", "", "", "b"])),
            [(None, "import-extra-cells")]
        );
    }
}
