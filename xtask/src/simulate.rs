//! `cargo xtask simulate`: devices, a network, a server and everything that can go wrong, from a seed.
//!
//! What belongs to every test run draws its seeds from the commit, so that each commit tries others than
//! the one before, and the same commit the same ones again. `--all` runs the long way round.
use crate::{place, process};
use anyhow::Result;
use std::process::Command;

/// How many seeds `cargo xtask test` runs, beside those that failed once.
const SEEDS: u64 = 500;
/// How many `cargo xtask simulate --all` runs.
const ALL_SEEDS: u64 = 2_000;
/// The deliberate bugs take turns: each run hunts every third.
const TURNS: u64 = 3;

/// Runs as many seeds as asked for, from the one asked for on, or hunts the deliberate bugs.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let mut words = Vec::new();
    let mut all = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long(name @ ("seeds" | "start")) => {
                let name = format!("--{name}");
                let number: u64 = arguments.value()?.parse()?;
                words.extend([name, number.to_string()]);
            }
            Long(name @ ("mutants" | "story")) => words.push(format!("--{name}")),
            Long("all") => all = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    if all {
        seeds(commit()?, ALL_SEEDS)?;
        return simulate(&["--mutants".into()]);
    }
    simulate(&words)
}

/// What belongs to every test run: some seeds, and the bugs whose turn it is.
pub fn check() -> Result<()> {
    let commit = commit()?;
    seeds(commit, SEEDS)?;
    let turn = commit % TURNS;
    println!("simulation: the deliberate bugs of turn {turn} of {TURNS}");
    let turn = [turn, TURNS].map(|it| it.to_string());
    simulate(&["--mutants".into(), "--turn".into(), turn.join("/")])
}

/// Seeds that the commit draws, of a billion.
fn seeds(commit: u64, count: u64) -> Result<()> {
    let start = commit % 1_000_000_000;
    println!("simulation: {count} seeds from {start} on, as this commit draws them");
    let words = ["--start".into(), start.to_string()];
    simulate(&[&words[..], &["--seeds".into(), count.to_string()]].concat())
}

/// A number that the commit has: what begins its name, and on a tree without one always the same.
fn commit() -> Result<u64> {
    let output = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(place::root())
        .output();
    let name = output.map_or_else(
        |_| String::new(),
        |it| String::from_utf8_lossy(&it.stdout).into(),
    );
    let digits = name.get(..15).unwrap_or("0");
    Ok(u64::from_str_radix(digits, 16)?)
}

fn simulate(words: &[String]) -> Result<()> {
    let target = [
        "-p",
        "engine",
        "--test",
        "simulation",
        "--profile",
        "simulation",
    ];
    process::run(
        Command::new("cargo")
            .args(["test", "--quiet", "--locked"])
            .args(target)
            .arg("--")
            .args(words)
            .current_dir(place::root()),
    )
}
