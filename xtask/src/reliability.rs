//! docs/reliability.md: every fault of the catalogue, with what the tests injected for it and what they
//! saw. Made of what a run of the tests wrote down, so that no line is there without a test that passed.
mod catalogue;
mod seeds;

use crate::{browser, place};
use anyhow::{Context, Result, bail};
use catalogue::{CATALOGUE, Fault};
use seeds::FOUND;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

/// What a test says of a fault that it injected.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Record {
    file: String,
    test: String,
    injected: String,
    seen: String,
}

type Records = BTreeMap<String, BTreeSet<Record>>;

/// The file that tests write to.
pub fn records() -> PathBuf {
    place::notes().join("faults.tsv")
}

fn document() -> PathBuf {
    place::root().join("docs/reliability.md")
}

/// Forgets what earlier runs wrote down.
pub fn start() -> Result<()> {
    fs::create_dir_all(place::notes())?;
    if records().exists() {
        fs::remove_file(records())?;
    }
    Ok(())
}

/// Writes the document from the records of the last run.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    let text = generate(&read()?)?;
    fs::write(document(), text)?;
    println!("reliability: docs/reliability.md is written");
    Ok(())
}

/// Fails when a fault has no test that passed in this run, or when the document says something else.
///
/// Without a browser half of the faults could not be injected: nothing is checked then. A test that was
/// skipped for want of something on this machine keeps its words in the document.
pub fn check() -> Result<()> {
    if browser::find()?.is_none() {
        println!("docs/reliability.md is not checked: there is no browser");
        return Ok(());
    }
    let run = generate(&read()?)?;
    let written = fs::read_to_string(document()).unwrap_or_default();
    let differs = differences(&written, &run, |file| {
        fs::read_to_string(place::root().join(file)).unwrap_or_default()
    });
    if !differs.is_empty() {
        bail!(
            "docs/reliability.md differs from what the tests saw; run `cargo xtask reliability`:\n{}",
            differs.join("\n")
        );
    }
    Ok(())
}

/// What a document says of each fault: what begins its line, and what tests injected and saw.
fn lines(text: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let lines = text.lines().filter(|line| line.starts_with("| F"));
    let parts = lines.filter_map(|line| line.strip_suffix(" |")?.rsplit_once(" | "));
    parts
        .map(|(begin, seen)| (begin, seen.split("<br>").collect()))
        .collect()
}

/// What stands in only one of the two, but for what a test that still exists could have seen elsewhere.
fn differences(written: &str, run: &str, source: impl Fn(&str) -> String) -> Vec<String> {
    let (written, run) = (lines(written), lines(run));
    let mut differs = Vec::new();
    for (begin, seen) in &run {
        let Some(said) = written.get(begin) else {
            differs.push(format!("not there: {begin}"));
            continue;
        };
        differs.extend(
            seen.difference(said)
                .map(|it| format!("not there: {begin} | {it}")),
        );
        let stale = said.difference(seen).filter(|it| {
            let file = it
                .rsplit_once("](../")
                .map_or("", |(_, end)| end.trim_end_matches(')'));
            let injected = it.split_once(" → ").map_or("", |(injected, _)| injected);
            !source(file).contains(&injected.replace("&lt;", "<").replace("\\|", "|"))
        });
        differs.extend(stale.map(|it| format!("no test says: {begin} | {it}")));
    }
    differs
}

fn read() -> Result<Records> {
    let file = records();
    let text = fs::read_to_string(&file).with_context(|| {
        format!(
            "no test wrote to {}: run `cargo xtask test` first",
            file.display()
        )
    })?;
    parse(&text)
}

fn parse(text: &str) -> Result<Records> {
    let mut records = Records::new();
    for line in text.lines() {
        let [row, file, test, injected, seen] = line.split('\t').collect::<Vec<_>>()[..] else {
            bail!("not a record of a fault: {line}");
        };
        if !CATALOGUE.iter().any(|fault| fault.row == row) {
            bail!("{file}: {test}: there is no fault {row} in the catalogue");
        }
        records.entry(row.into()).or_default().insert(Record {
            file: file.into(),
            test: test.into(),
            injected: injected.into(),
            seen: seen.into(),
        });
    }
    Ok(records)
}

fn generate(records: &Records) -> Result<String> {
    let without = CATALOGUE
        .iter()
        .filter(|fault| !records.contains_key(fault.row));
    let without: Vec<&str> = without.map(|fault| fault.row).collect();
    if !without.is_empty() {
        bail!("no test that passed injects {}", without.join(", "));
    }
    let mut tests = BTreeMap::new();
    for record in records.values().flatten() {
        tests.insert((&record.file, &record.test), kind(&record.file));
    }
    let of = |wanted: &str| tests.values().filter(|kind| **kind == wanted).count();
    let mut text = format!(
        "# What can go wrong, and what comes of it\n\n\
         Written by `cargo xtask reliability` from what the tests wrote down while they passed; \
         `cargo xtask test` fails when a fault has no test or when this page says something else.\n\n\
         {} faults, injected by {} tests: {} in the simulated world or against a part of the engine, {} on the \
         built workers, {} in a browser.\n",
        CATALOGUE.len(),
        tests.len(),
        of(NATIVE),
        of(WORKERS),
        of(BROWSER),
    );
    let mut area = "";
    for fault in CATALOGUE {
        if fault.area != area {
            area = fault.area;
            let _ = write!(
                text,
                "\n## {area}\n\n| | Fault | What must come of it | Injected → seen |\n|---|---|---|---|\n"
            );
        }
        let _ = writeln!(text, "{}", line(fault, &records[fault.row]));
    }
    text.push_str(
        "\n## What seeds found\n\nEach run of the simulation is made of a number. These failed once; the runs that still mean what they \
         meant are kept in `frontend/engine/tests/simulation/seeds.txt`.\n\n\
         | Seeds | Seen | Cause | Mended |\n|---|---|---|---|\n",
    );
    for found in FOUND {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} |",
            found.seeds, found.seen, found.cause, found.mended
        );
    }
    Ok(text)
}

fn line(fault: &Fault, records: &BTreeSet<Record>) -> String {
    let seen = records.iter().map(|record| {
        format!(
            "{} → {} ({}: [{}](../{}))",
            cell(&record.injected),
            cell(&record.seen),
            kind(&record.file),
            cell(&record.test.replace('_', " ")),
            record.file
        )
    });
    let seen: Vec<String> = seen.collect();
    let Fault {
        row,
        fault,
        outcome,
        ..
    } = fault;
    format!("| {row} | {fault} | {outcome} | {} |", seen.join("<br>"))
}

const NATIVE: &str = "native";
const WORKERS: &str = "workers";
const BROWSER: &str = "browser";

/// Where a test runs.
fn kind(file: &str) -> &'static str {
    if file.ends_with(".rs") {
        NATIVE
    } else if file.contains("edge-workers") {
        WORKERS
    } else {
        BROWSER
    }
}

/// Text that is safe in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_of_each() -> String {
        let lines = CATALOGUE
            .iter()
            .map(|fault| format!("{}\tshared/tests/a.rs\ta_test\tdone\tseen\n", fault.row));
        lines.collect()
    }

    #[test]
    fn every_fault_has_its_line_and_its_test() {
        let text = generate(&parse(&one_of_each()).unwrap()).unwrap();
        for fault in CATALOGUE {
            let begin = format!("| {} | {} | ", fault.row, fault.fault);
            let line = text.lines().find(|line| line.starts_with(&begin)).unwrap();
            assert!(line.contains("[a test](../shared/tests/a.rs)"), "{line}");
            assert_eq!(line.matches(" | ").count(), 3, "{line}");
        }
    }

    #[test]
    fn a_fault_without_a_test_is_named() {
        let all = one_of_each();
        let fewer: Vec<&str> = all
            .lines()
            .filter(|line| !line.starts_with("F22\t"))
            .collect();
        let error = generate(&parse(&fewer.join("\n")).unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "no test that passed injects F22");
        assert!(parse("F22\tonly this").is_err());
        assert!(parse("F999\ta\tb\tc\td").is_err());
    }

    #[test]
    fn the_document_may_say_more_than_a_run_saw_but_nothing_stale() {
        let run = generate(&parse(&one_of_each()).unwrap()).unwrap();
        let more = one_of_each() + "F22\ttests/e2e/x.test.mjs\tskipped here\ta < b\tseen\n";
        let written = generate(&parse(&more).unwrap()).unwrap();
        let here = |_: &str| "fault(t, 'F22', 'a < b', 'seen')".to_owned();
        assert_eq!(differences(&run, &run, here), Vec::<String>::new());
        assert_eq!(differences(&written, &run, here), Vec::<String>::new());
        assert_eq!(differences(&written, &run, |_| String::new()).len(), 1);
        assert_eq!(differences(&run, &written, here).len(), 1);
        assert_eq!(differences("", &run, here).len(), CATALOGUE.len());
    }

    #[test]
    fn the_catalogue_is_in_order_and_says_everything_once() {
        let number = |fault: &Fault| fault.row[1..].parse::<u32>().unwrap();
        let mut numbers: Vec<u32> = CATALOGUE.iter().map(number).collect();
        numbers.sort_unstable();
        let wanted: Vec<u32> = (1..=52).chain(59..=62).chain([70, 90, 91]).collect();
        assert_eq!(numbers, wanted);
        let areas: Vec<&str> = CATALOGUE.iter().map(|fault| fault.area).collect();
        let together = areas.chunk_by(|a, b| a == b).count();
        assert_eq!(together, areas.iter().collect::<BTreeSet<_>>().len());
    }
}
