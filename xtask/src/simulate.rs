//! `cargo xtask simulate`: devices, a network, a server and everything that can go wrong, from a seed.
use crate::{place, process};
use anyhow::Result;
use std::process::Command;

/// What `cargo xtask test` runs.
const SEEDS: u64 = 2_000;

/// Runs as many seeds as asked for, from the one asked for on, or hunts the deliberate bugs.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let mut words = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long(name @ ("seeds" | "start")) => {
                let name = format!("--{name}");
                let number: u64 = arguments.value()?.parse()?;
                words.extend([name, number.to_string()]);
            }
            Long(name @ ("mutants" | "story")) => words.push(format!("--{name}")),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    simulate(&words)
}

/// What belongs to every test run: all seeds, then the bugs.
pub fn check() -> Result<()> {
    simulate(&["--seeds".into(), SEEDS.to_string()])?;
    simulate(&["--mutants".into()])
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
