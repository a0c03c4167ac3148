//! What a line says about a contact, read as far as it can be, and what is wrong with it.

mod day;
pub(super) mod full_name;
mod label;
mod several;

use super::csv::Line;
use super::target::Target;
use crate::crm::input::{self, Habit, InputError};
use crate::crm::{tags, text};
use crate::time::Date;
pub use label::{known_label, label_of};
use several::several;
use std::borrow::Cow;

/// A number or address with its label.
pub type Labelled = (Cow<'static, str>, String);

/// How dates are written in the file, and the day it is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// Whose way of writing dates.
    pub habit: Habit,
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
    pub phones: Vec<Labelled>,
    /// Addresses with their labels.
    pub emails: Vec<Labelled>,
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
    /// No name, and nothing that could stand for one.
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

/// Reads a line. `parts` are the signs that part its tags.
pub fn draft(line: &Line, mapping: &[Target], reading: Reading, parts: &[char]) -> Draft {
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
                let label = label_at(line, mapping, column, label);
                several(cell, &mut draft.phones, label, input::phones)
            }
            Target::Email(label) => {
                let label = label_at(line, mapping, column, label);
                several(cell, &mut draft.emails, label, several::addresses)
            }
            Target::Tags => draft.add_tags(cell, parts),
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
    let named = |target: &Target| {
        *target == Target::FullName || matches!(target, Target::Field("first_name" | "last_name"))
    };
    let refused = |problem: &Problem| {
        let column = problem.column.and_then(|column| mapping.get(column));
        column.is_some_and(named)
    };
    if draft.title().is_empty() && !draft.problems.iter().any(refused) {
        draft.name_by_what_there_is();
    }
    if draft.title().is_empty() {
        draft.problems.push(Problem {
            column: mapping.iter().position(named),
            reason: Reason::MissingName,
        });
    }
    draft
}

/// The label that the column beside says, or that of the column itself.
fn label_at(
    line: &Line,
    mapping: &[Target],
    column: usize,
    own: &'static str,
) -> Cow<'static, str> {
    let beside = |target: &Target| *target == Target::LabelOf(column);
    let word = mapping
        .iter()
        .position(beside)
        .and_then(|at| line.cells.get(at));
    match word.map(|word| word.trim()).filter(|word| !word.is_empty()) {
        Some(word) => label_of(word),
        None => Cow::Borrowed(own),
    }
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
            "job_title" if full_name::is_civility(cell) => return Ok(()),
            "birthday" => match day::birthday(cell, reading)? {
                Some(day) => day.to_string(),
                None => return Ok(()),
            },
            _ => input::line(cell)?,
        };
        if !stored.is_empty() {
            self.fields.push((key, stored));
        }
        Ok(())
    }

    fn set_full_name(&mut self, cell: &str) -> Result<(), InputError> {
        (self.first_name, self.last_name) = full_name::split(&input::line(cell)?);
        Ok(())
    }

    /// A contact without a name is called after the company, else after how it is reached or where it is.
    fn name_by_what_there_is(&mut self) {
        let reached = [&self.emails, &self.phones].map(|values| values.first());
        let reached = reached.into_iter().flatten().map(|(_, value)| value);
        let place = self.fields.iter();
        let place = place.filter(|(key, _)| matches!(*key, "street" | "city"));
        let names = self.company.iter().chain(reached);
        let mut names = names.chain(place.map(|(_, value)| value));
        let name = names.next().and_then(|name| name.lines().next());
        self.last_name = name.unwrap_or_default().to_owned();
    }

    /// Groups that a product makes by itself, `* myContacts`, are no tags.
    fn add_tags(&mut self, cell: &str, parts: &[char]) -> Result<(), InputError> {
        let lists = cell.split(":::").flat_map(|list| tags::read(list, parts));
        for tag in lists {
            let tag = input::line(&tag)?;
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
    use crate::crm::input::Language;

    fn read(mapping: &[Target], cells: &[&str]) -> Draft {
        let line = Line {
            number: 2,
            cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        };
        let reading = Reading {
            habit: Language::French.into(),
            today: Date::new(2026, 11, 21).unwrap(),
        };
        draft(&line, mapping, reading, &[';', ','])
    }

    fn reasons(draft: &Draft) -> Vec<(Option<usize>, &'static str)> {
        let problems = draft.problems.iter();
        problems
            .map(|problem| (problem.column, problem.reason.key()))
            .collect()
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
                ("mobile".into(), "+33 6 30 52 67 18".into()),
                ("mobile".into(), "0138338911".into())
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
    fn two_numbers_in_a_cell_are_two() {
        let mapping = [Target::FullName, Target::Phone("work")];
        for (cell, count) in [
            ("02 97 41 20 06 / 06 12 45 78 03", 2),
            ("02 97 41 20 06 ou 0612457803", 2),
            ("0297412006;0612457803", 2),
            ("0297412006, 0612457803", 2),
            ("030/1234567", 1),
            ("3949 ; 112", 2),
            ("02 97 41 20 06,4321", 1),
        ] {
            let draft = read(&mapping, &["Ann Lee", cell]);
            assert_eq!(
                (draft.phones.len(), draft.problems),
                (count, vec![]),
                "{cell}"
            );
        }
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
        assert_eq!(reasons(&read(&mapping, &["", "", "", ""])).len(), 1);
        assert_eq!(
            reasons(&read(&mapping, &["A", "", "", "", "b"])),
            [(None, "import-extra-cells")]
        );
    }

    #[test]
    fn how_somebody_is_addressed_is_no_function() {
        let mapping = [Target::FullName, Target::Field("job_title")];
        assert_eq!(read(&mapping, &["Ann Lee", "Mme"]).fields, []);
        assert_eq!(read(&mapping, &["Ann Lee", "Gérante"]).fields.len(), 1);
    }

    #[test]
    fn who_has_no_name_is_called_by_what_there_is() {
        let mapping = [
            Target::FullName,
            Target::Company,
            Target::Email("work"),
            Target::Phone("work"),
            Target::Field("street"),
        ];
        let named = |cells: &[&str]| read(&mapping, cells).last_name;
        assert_eq!(named(&["", "Cave", "a@b.fr", "", ""]), "Cave");
        assert_eq!(named(&["", "", "a@b.fr", "0612457803", ""]), "a@b.fr");
        assert_eq!(named(&["", "", "", "06 12 45 78 03", ""]), "06 12 45 78 03");
        assert_eq!(named(&["", "", "", "", "1 rue X\n56000 Y"]), "1 rue X");
        assert_eq!(named(&["Ann Lee", "Cave", "", "", ""]), "Lee");
    }
}
