//! `cargo xtask bench`: every figure beside its target, with samples, spread and commit, kept in bench/results.jsonl.
use crate::setup::toolbox;
use crate::{browser, build, peers, place, process, sizes, test};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::process::{Command, Stdio};

/// One line that a measuring script prints.
#[derive(Deserialize)]
pub struct Measured {
    name: String,
    unit: String,
    target: f64,
    samples: Vec<f64>,
    /// Which figure is held against the target: "median" or "p95".
    #[serde(default = "median_word")]
    stat: String,
}

fn median_word() -> String {
    "median".to_owned()
}

/// Builds, runs every script of tests/bench, prints the table and keeps it.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let (mut only, mut with_peers, mut runs) = (None, false, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => only = Some(arguments.value()?.to_string_lossy().into_owned()),
            Long("peers") => with_peers = true,
            Long("runs") => runs = Some(arguments.value()?.to_string_lossy().into_owned()),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let tools = toolbox()?;
    let dist = build::dist();
    build::all(&tools, &dist, "")?;
    if with_peers {
        return report(&peers::measure(
            &tools,
            &dist,
            only.as_deref(),
            runs.as_deref(),
        )?);
    }
    let browser = browser::find()?.context("the measurements need a browser")?;
    let mut measured = Vec::new();
    let mut failed = Vec::new();
    for script in test::scripts("tests/bench", ".mjs", only.as_deref())? {
        let name = script
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name == "lib" {
            continue;
        }
        println!("measuring: {name}");
        let mut command = Command::new("node");
        command
            .arg(&script)
            .current_dir(place::root())
            .stdin(Stdio::null())
            .stderr(Stdio::inherit());
        test::environment(&mut command, &tools, Some(&browser), &dist)?;
        let output = command.output().context("could not start node")?;
        if !output.status.success() {
            failed.push(name.clone());
        }
        measured.extend(read(&name, &output.stdout)?);
    }
    if only.is_none() {
        for size in sizes::print()? {
            let kilobytes =
                |bytes: usize| f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1000.0;
            measured.push(Measured {
                name: format!("{}, {}", size.name, size.packing),
                unit: "kB".into(),
                target: kilobytes(size.budget),
                samples: vec![kilobytes(size.packed)],
                stat: median_word(),
            });
        }
    }
    report(&measured)?;
    if failed.is_empty() {
        Ok(())
    } else {
        bail!("could not measure: {}", failed.join(", "))
    }
}

/// The measurements that a script printed.
pub fn read(name: &str, output: &[u8]) -> Result<Vec<Measured>> {
    let text = String::from_utf8_lossy(output);
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let measured = lines.map(|line| {
        serde_json::from_str(line)
            .with_context(|| format!("{name} printed a line that is no measurement: {line}"))
    });
    measured.collect()
}

fn report(measured: &[Measured]) -> Result<()> {
    let root = place::root();
    let git = |words: &[&str]| process::output(Command::new("git").args(words).current_dir(&root));
    let changed = git(&["status", "--porcelain", "--untracked-files=no"])
        .is_some_and(|text| !text.is_empty());
    let commit = format!(
        "{}{}",
        git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default(),
        if changed { "+changes" } else { "" }
    );
    let date = process::output(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]))
        .unwrap_or_default();
    let folder = root.join("bench");
    fs::create_dir_all(&folder)?;
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("results.jsonl"))?;
    println!(
        "\n{:<58} {:>10} {:>10} {:>19} {:>4} {:>10}",
        "", "median", "p95", "spread", "n", "target"
    );
    for one in measured {
        let Some(summary) = Summary::of(&one.samples) else {
            continue;
        };
        let held = if one.stat == "p95" {
            summary.p95
        } else {
            summary.median
        };
        let verdict = if held <= one.target { "met" } else { "MISSED" };
        println!(
            "{:<58} {:>10} {:>10} {:>9}–{:<9} {:>4} {:>7} {} {verdict}",
            one.name,
            shown(summary.median),
            shown(summary.p95),
            shown(summary.least),
            shown(summary.most),
            one.samples.len(),
            shown(one.target),
            one.unit
        );
        let line = serde_json::json!({
            "date": date, "commit": commit, "name": one.name, "unit": one.unit, "target": one.target, "stat": one.stat, "met": held <= one.target,
            "median": summary.median, "p95": summary.p95, "least": summary.least, "most": summary.most, "samples": one.samples,
        });
        writeln!(file, "{line}")?;
    }
    println!("\nkept in bench/results.jsonl ({commit})");
    Ok(())
}

/// A figure with as many digits as say something.
fn shown(figure: f64) -> String {
    match figure.abs() {
        small if small < 1.0 => format!("{figure:.3}"),
        large if large >= 100.0 => format!("{figure:.0}"),
        _ => format!("{figure:.1}"),
    }
}

/// What is said of a row of samples.
struct Summary {
    median: f64,
    p95: f64,
    least: f64,
    most: f64,
}

impl Summary {
    fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (least, most) = (*sorted.first()?, *sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        // nearest rank: the least sample that 95 % of all samples do not exceed
        let p95 = sorted[(sorted.len() * 95).div_ceil(100) - 1];
        Some(Self {
            median,
            p95,
            least,
            most,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_summed_up() {
        let summary = Summary::of(&(1..=20).map(f64::from).collect::<Vec<_>>()).unwrap();
        assert_eq!(
            (summary.median, summary.p95, summary.least, summary.most),
            (10.5, 19.0, 1.0, 20.0)
        );
    }

    #[test]
    fn small_figures_are_shown_with_more_digits() {
        assert_eq!(
            [0.09, 4.0, 1_500_000.0].map(shown),
            ["0.090", "4.0", "1500000"]
        );
    }

    #[test]
    fn no_samples_have_no_summary() {
        assert!(Summary::of(&[]).is_none());
    }
}
