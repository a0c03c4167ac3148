//! Which line of a table says what its columns are: the first one, one below a title, or none.

use super::csv::{Line, Table};
use super::draft::full_name;
use super::source::{guess, recognise};
use super::target::Target;
use crate::crm::{input, text};

/// How many lines may stand above the header.
const ABOVE: usize = 20;
/// How many cells of a column tell what it holds.
const SAMPLES: usize = 50;

/// Finds the header; what the columns hold, where there is none. `None` where it is no table of people.
/// Where `titles` says whether there is one, that is what counts.
pub(super) fn find(table: &mut Table, titles: Option<bool>) -> Option<Vec<Target>> {
    if titles == Some(false) {
        return Some(without_header(table));
    }
    let known = |cells: &[String]| {
        let short = cells.iter().all(|cell| cell.len() < 80);
        let targets = guess(cells, recognise(cells));
        let known = targets.iter().filter(|target| **target != Target::Skip);
        if short { known.count() } else { 0 }
    };
    let mut best = (known(&table.header), 0);
    for (at, line) in table.lines.iter().take(ABOVE).enumerate() {
        let count = known(&line.cells);
        let filled = line.cells.iter().filter(|cell| !cell.trim().is_empty());
        // One known word among others may be anybody's company or town.
        if count > best.0 && (count > 1 || filled.count() == 1) {
            best = (count, at + 1);
        }
    }
    if let Some(at) = best.1.checked_sub(1) {
        let mut lines = table.lines.drain(..=at);
        if let Some(line) = lines.next_back() {
            table.head = Some(line.number);
            table.header = line.cells;
        }
        drop(lines);
        while table.header.len() > 1 && table.header.last().is_some_and(|cell| cell.is_empty()) {
            table.header.pop();
        }
        widen(table);
    }
    if best.0 > 0 {
        return Some(guess(&table.header, recognise(&table.header)));
    }
    let first = || table.header.iter();
    let names = table
        .lines
        .iter()
        .flat_map(|line| &line.cells)
        .chain(first());
    let is_list = first().count() == 1 && names.clone().count() > 1;
    let is_person = first().any(|cell| is_email(cell) || is_number(cell))
        || (is_list && names.clone().all(|cell| is_name(cell)));
    if is_person && titles.is_none() {
        return Some(without_header(table));
    }
    (first().count() > 1 || titles.is_some()).then(|| vec![Target::Skip; first().count()])
}

/// Makes a line of what is no header; columns are called as in a spreadsheet.
fn without_header(table: &mut Table) -> Vec<Target> {
    let cells = std::mem::take(&mut table.header);
    let number = table.head.take().unwrap_or(1);
    table.lines.insert(0, Line { number, cells });
    let widths = table
        .lines
        .iter()
        .take(SAMPLES)
        .map(|line| line.cells.len());
    let width = widths.max().unwrap_or(1);
    table.header = (0..width).map(letters).collect();
    widen(table);
    let mut targets = Vec::new();
    for column in 0..width {
        let cells = table.lines.iter().filter_map(|line| line.cells.get(column));
        let cells = cells.filter(|cell| !cell.trim().is_empty()).take(SAMPLES);
        let cells: Vec<&String> = cells.collect();
        let mostly = |is: fn(&str) -> bool| {
            let count = cells.iter().filter(|cell| is(cell)).count();
            count > 0 && count * 3 >= cells.len() * 2
        };
        targets.push(if mostly(is_email) {
            Target::Email("work")
        } else if mostly(is_number) {
            Target::Phone("work")
        } else if mostly(is_name) && !targets.contains(&Target::FullName) {
            Target::FullName
        } else {
            Target::Skip
        });
    }
    targets
}

/// Each line has at least as many cells as the header.
fn widen(table: &mut Table) {
    let width = table.header.len();
    for line in &mut table.lines {
        if line.cells.len() < width {
            line.cells.resize(width, String::new());
        }
        while line.cells.len() > width && line.cells.last().is_some_and(|cell| cell.is_empty()) {
            line.cells.pop();
        }
    }
}

/// `A` to `Z`, `AA` and so on.
fn letters(column: usize) -> String {
    let letter = char::from(b'A' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        more => format!("{}{letter}", letters(more - 1)),
    }
}

fn is_email(cell: &str) -> bool {
    cell.contains('@') && input::email(cell).is_ok()
}

fn is_number(cell: &str) -> bool {
    cell.chars()
        .filter(|c| text::plain(*c).is_ascii_digit())
        .count()
        >= 8
        && !cell.contains(':')
        && input::phone(cell).is_ok()
}

fn is_name(cell: &str) -> bool {
    full_name::is_likely(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crm::import::File;

    fn read(text: &str, titles: Option<bool>) -> (Vec<String>, usize, Vec<Target>) {
        let file = File::open_as(text.as_bytes(), None, titles).unwrap();
        (file.table.header, file.table.lines.len(), file.mapping)
    }

    #[test]
    fn a_first_line_that_was_taken_for_titles_is_a_contact_where_one_says_so() {
        let text = "Ville Marie,Vannes,06 12 34 56 78\nAnne Le Goff,Auray,06 98 76 54 32\n";
        let with_word = text.replace("Vannes", "Ville");
        assert_eq!(read(&with_word, None).1, 1, "it is taken for titles");
        let (header, lines, mapping) = read(&with_word, Some(false));
        assert_eq!((header.join(""), lines), ("ABC".into(), 2));
        assert_eq!(mapping[0], Target::FullName);
        assert_eq!(mapping[2], Target::Phone("work"));
        // Also where the titles were found further down.
        let below = "Clients 2024\nNom,Ville\nAnne Le Goff,Auray\n";
        assert_eq!(read(below, None).1, 1);
        assert_eq!(read(below, Some(false)).1, 3);
    }

    #[test]
    fn a_first_line_that_was_taken_for_a_contact_holds_titles_where_one_says_so() {
        let text = "Kunde,info@terrain.example\nAnne Le Goff,anne@legoff.fr\n";
        assert_eq!(read(text, None).1, 2, "it is taken for a contact");
        let (header, lines, mapping) = read(text, Some(true));
        assert_eq!((header[0].as_str(), lines), ("Kunde", 1));
        assert_eq!(mapping.len(), 2);
        let found = "Nom,Ville\nAnne Le Goff,Auray\n";
        assert_eq!(read(found, Some(true)), read(found, None));
    }
}
