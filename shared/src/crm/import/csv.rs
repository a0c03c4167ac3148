//! Text to a table, after RFC 4180, with the delimiter found out.

use super::{COLUMNS_LIMIT, FileError, LINES_LIMIT};

/// A header and lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What parts the cells.
    pub delimiter: char,
    /// The line that says what the columns are.
    pub header: Vec<String>,
    /// Its number in the file; `None` where there is no such line, and the header is letters.
    pub head: Option<u32>,
    /// The lines below, without those that are empty. Each has at least as many cells as the header.
    pub lines: Vec<Line>,
}

/// A line below the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file. Counts records, as spreadsheets show them.
    pub number: u32,
    /// Its cells.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads a table.
    ///
    /// # Errors
    /// It has too many lines or columns, or a quotation mark that is never closed.
    pub fn parse(text: &str) -> Result<Table, FileError> {
        let (named, text) = match text.strip_prefix("sep=") {
            Some(rest) => (
                rest.chars().next().filter(|c| !"\r\n\" ".contains(*c)),
                rest.split_once('\n').map_or("", |(_, rest)| rest),
            ),
            None => (None, text),
        };
        let delimiter = named.unwrap_or_else(|| sniff(text));
        let mut records = Records {
            text,
            at: 0,
            line: 1,
            delimiter,
        };
        let mut number = 0;
        let mut header: Option<(u32, Vec<String>)> = None;
        let mut lines = Vec::new();
        while let Some(mut cells) = records.next()? {
            number += 1;
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if cells.len() > COLUMNS_LIMIT {
                return Err(FileError::TooManyColumns(cells.len()));
            }
            cells.iter_mut().for_each(unguard);
            match &header {
                None => header = Some((number, cells)),
                Some(_) if lines.len() == LINES_LIMIT => return Err(FileError::TooManyLines),
                Some((_, header)) => {
                    if cells.len() < header.len() {
                        cells.resize(header.len(), String::new());
                    }
                    lines.push(Line { number, cells });
                }
            }
        }
        let (number, header) = header.ok_or(FileError::Empty)?;
        Ok(Table {
            delimiter,
            header,
            head: Some(number),
            lines,
        })
    }
}

/// Takes off what keeps a spreadsheet from reckoning: `'+33 6…` and `="06…"` are what stands within.
fn unguard(cell: &mut String) {
    let inner = match cell
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inner) if !inner.contains('"') => inner,
        Some(_) => return,
        None => match cell.strip_prefix('\'') {
            Some(inner)
                if inner.starts_with(|c: char| c.is_ascii_digit() || "+-=@(".contains(c)) =>
            {
                inner
            }
            Some(_) | None => return,
        },
    };
    *cell = inner.to_owned();
}

/// How many lines are looked at to find the delimiter.
const SNIFFED: usize = 20;

/// The sign that parts most lines into the same number of cells; above a table may stand a title.
fn sniff(text: &str) -> char {
    let signs = [',', ';', '\t', '|'];
    let mut lines: Vec<[usize; 4]> = vec![[0; 4]];
    let (mut quoted, mut begins) = (false, true);
    for c in text.chars() {
        match c {
            // A quotation mark within a cell that is not quoted is one like any other sign.
            '"' if quoted || begins => quoted = !quoted,
            '\n' | '\r' if !quoted => {
                if lines.len() == SNIFFED {
                    break;
                }
                lines.push([0; 4]);
            }
            _ if !quoted => {
                if let Some(at) = signs.iter().position(|sign| *sign == c)
                    && let Some(line) = lines.last_mut()
                {
                    line[at] += 1;
                }
            }
            _ => {}
        }
        begins = signs.contains(&c) || matches!(c, '\n' | '\r' | ' ' | '"');
    }
    let worth = |at: usize| {
        let alike = |count: usize| lines.iter().filter(|line| line[at] == count).count();
        let worth = lines.iter().map(|line| line[at]).filter(|count| *count > 0);
        worth
            .map(|count| count * alike(count).pow(2))
            .max()
            .unwrap_or(0)
    };
    let worths = [0, 1, 2, 3].map(worth);
    let most = worths.iter().max().copied().unwrap_or(0);
    let at = worths.iter().position(|worth| *worth == most).unwrap_or(0);
    signs[at]
}

struct Records<'a> {
    text: &'a str,
    /// In bytes.
    at: usize,
    line: u32,
    delimiter: char,
}

impl Records<'_> {
    /// The next record, or `None` at the end.
    fn next(&mut self) -> Result<Option<Vec<String>>, FileError> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        let mut cells = Vec::new();
        loop {
            let (cell, last) = self.cell()?;
            if cells.len() <= COLUMNS_LIMIT {
                cells.push(cell);
            }
            if last {
                return Ok(Some(cells));
            }
        }
    }

    /// The next cell, and whether it is the last of its record.
    fn cell(&mut self) -> Result<(String, bool), FileError> {
        let mut cell = String::new();
        let rest = &self.text[self.at..];
        let padding = rest.len() - rest.trim_start_matches(' ').len();
        if rest[padding..].starts_with('"') {
            self.at += padding + 1;
            self.quoted(&mut cell)?;
        }
        let rest = &self.text[self.at..];
        let end = rest
            .find([self.delimiter, '\n', '\r'])
            .unwrap_or(rest.len());
        cell.push_str(&rest[..end]);
        let rest = &rest[end..];
        self.at += end;
        let last = if rest.starts_with("\r\n") {
            self.at += 2;
            self.line += 1;
            true
        } else if rest.starts_with(['\n', '\r']) {
            self.at += 1;
            self.line += 1;
            true
        } else {
            self.at += rest.chars().next().map_or(0, char::len_utf8);
            rest.is_empty()
        };
        Ok((cell, last))
    }

    /// What stands between quotation marks; two of them stand for one.
    fn quoted(&mut self, cell: &mut String) -> Result<(), FileError> {
        let opened = self.line;
        loop {
            let rest = &self.text[self.at..];
            let Some(end) = rest.find('"') else {
                return Err(FileError::OpenQuote(opened));
            };
            cell.push_str(&rest[..end]);
            self.line += rest[..end].matches('\n').count() as u32;
            self.at += end + 1;
            if !self.text[self.at..].starts_with('"') {
                return Ok(());
            }
            cell.push('"');
            self.at += 1;
        }
    }
}

/// The text of a table, which tells its delimiter where that would not be found out.
pub fn to_csv<'a>(delimiter: char, lines: impl Iterator<Item = &'a [String]>) -> String {
    let mut text = String::new();
    for cells in lines {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                text.push(delimiter);
            }
            if cell.contains([delimiter, '"', '\n', '\r']) || cell.starts_with(' ') {
                text.push('"');
                text.push_str(&cell.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(cell);
            }
        }
        text.push_str("\r\n");
    }
    if text.starts_with("sep=") || sniff(&text) != delimiter {
        text.insert_str(0, &format!("sep={delimiter}\r\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let table = Table::parse(text).unwrap();
        let lines = table.lines.into_iter().map(|line| line.cells);
        std::iter::once(table.header).chain(lines).collect()
    }

    #[test]
    fn quotes_hold_delimiters_breaks_and_quotes() {
        assert_eq!(
            cells("a,b\r\n\"x, \"\"y\"\"\nz\",2\n"),
            [["a", "b"], ["x, \"y\"\nz", "2"]]
        );
        assert_eq!(cells("a,b\n5\" pipe,c"), [["a", "b"], ["5\" pipe", "c"]]);
    }

    #[test]
    fn the_delimiter_is_found_out() {
        assert_eq!(
            cells("a;b,c;d\n1;2;3"),
            [["a", "b,c", "d"], ["1", "2", "3"]]
        );
        assert_eq!(cells("a\tb\n1\t2"), [["a", "b"], ["1", "2"]]);
        assert_eq!(cells("sep=|\r\na|b;c;d\n1|2"), [["a", "b;c;d"], ["1", "2"]]);
        assert_eq!(cells("\"a;b\",c\n1,2"), [["a;b", "c"], ["1", "2"]]);
    }

    #[test]
    fn short_and_empty_lines_do_no_harm() {
        let table = Table::parse("a,b,c\n\n1\n,,\n2,3,4,5\n").unwrap();
        assert_eq!(table.lines[0].cells, ["1", "", ""]);
        assert_eq!((table.lines[0].number, table.lines[1].number), (3, 5));
        assert_eq!(table.lines[1].cells.len(), 4);
    }

    #[test]
    fn limits_and_open_quotes_are_told() {
        assert_eq!(
            Table::parse("a,b\n1,2\n3,\"4\n5"),
            Err(FileError::OpenQuote(3))
        );
        let wide = ",".repeat(300);
        assert_eq!(
            Table::parse(&format!("a{wide}\n")).unwrap_err().key(),
            "import-too-many-columns"
        );
        let long = format!("a,b\n{}", "1,2\n".repeat(LINES_LIMIT + 1));
        assert_eq!(Table::parse(&long), Err(FileError::TooManyLines));
        assert_eq!(Table::parse("\n\n"), Err(FileError::Empty));
    }

    #[test]
    fn a_table_survives_its_text() {
        let text = "a,b\r\n\"x, \"\"y\"\"\nz\",2\r\n";
        let table = Table::parse(text).unwrap();
        let lines = [table.header.as_slice(), &table.lines[0].cells];
        assert_eq!(to_csv(',', lines.into_iter()), text);
        for text in ["sep=~\r\na~b,c\r\n1~2\r\n", "\nsep=;,b\n1,2\n"] {
            let table = Table::parse(text).unwrap();
            let lines = [table.header.as_slice(), &table.lines[0].cells];
            let again = Table::parse(&to_csv(table.delimiter, lines.into_iter())).unwrap();
            assert_eq!(again.header, table.header, "{text}");
        }
    }

    #[test]
    fn a_title_above_does_not_hide_the_delimiter() {
        let text = "Clients, prospects, anciens, au 30/11/2026\nNom;Ville\nLee;Brest\nRoe;Vannes\n";
        assert_eq!(Table::parse(text).unwrap().delimiter, ';');
    }

    #[test]
    fn guards_of_spreadsheets_are_taken_off() {
        let text = "a,b,c,d\n\'+33 6 12,\"=\"\"0612\"\"\",\'t Hooft,=\"06\"\n";
        let table = Table::parse(text).unwrap();
        assert_eq!(table.lines[0].cells, ["+33 6 12", "0612", "'t Hooft", "06"]);
    }
}
