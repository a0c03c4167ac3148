//! `cargo xtask fuzz`: what reads bytes is fed with hostile ones, for longer than the tests do and with new seeds.
use crate::{place, process};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Runs each target, also after one has failed, and fails if any did.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let (mut only, mut minutes, mut seed) = (None, 1_u64, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("target") => only = Some(arguments.value()?.to_string_lossy().into_owned()),
            Long("minutes") => minutes = arguments.value()?.parse()?,
            Long("seed") => seed = Some(arguments.value()?.parse()?),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let clock = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let seed: u64 = seed.unwrap_or(clock.as_secs());
    let mut build = Command::new("cargo");
    build.args([
        "build",
        "--locked",
        "--package",
        "fuzz",
        "--profile",
        "fuzz",
    ]);
    process::run(build.current_dir(place::root()))?;
    let program = place::target().join("fuzz").join("fuzz");
    let Some(list) = process::output(Command::new(&program).arg("list")) else {
        bail!("{} does not run", program.display());
    };
    let mut failed = Vec::new();
    let wanted = list
        .lines()
        .filter(|name| only.as_deref().is_none_or(|only| only == *name));
    let targets: Vec<&str> = wanted.collect();
    if targets.is_empty() {
        bail!(
            "there is no such target; there are: {}",
            list.replace('\n', ", ")
        );
    }
    for target in targets {
        let mut command = Command::new(&program);
        command.args([target, "--minutes", &minutes.to_string()]);
        command.args(["--seed", &seed.to_string()]);
        if process::run(&mut command).is_err() {
            failed.push(target);
        }
    }
    if failed.is_empty() {
        println!("fuzz: all good");
        return Ok(());
    }
    bail!(
        "fuzz failed: {}; what failed is kept in tests/fuzz/corpus",
        failed.join(", ")
    )
}
