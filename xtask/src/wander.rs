//! `cargo xtask wander`: random human deeds in real browsers, all from one seed, compared with what was saved.
use crate::setup::{Toolbox, toolbox};
use crate::{browser, build, place, process, test};
use anyhow::Result;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

/// Builds, runs the seeds that failed before, then a new one; or the one that is named, alone.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let (mut seed, mut words) = (None, Vec::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("seed") => seed = Some(arguments.value()?.parse::<u32>()?),
            Long("minutes") => {
                let minutes: f64 = arguments.value()?.parse()?;
                words.extend(["--minutes".into(), minutes.to_string()]);
            }
            Long("deeds") => {
                let deeds: u32 = arguments.value()?.parse()?;
                words.extend(["--deeds".into(), deeds.to_string()]);
            }
            Long(name @ ("only" | "without")) => {
                let name = format!("--{name}");
                let deeds = arguments.value()?.to_string_lossy().into_owned();
                words.extend([name, deeds]);
            }
            Long("fresh") => words.push("--fresh".into()),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    if seed.is_none() {
        words.extend(["--kept".into(), "all".into()]);
    }
    let clock = SystemTime::now().duration_since(UNIX_EPOCH)?;
    let drawn = u32::try_from(clock.as_secs() % u64::from(u32::MAX))?;
    let tools = toolbox()?;
    let dist = build::dist();
    build::all(&tools, &dist, "")?;
    wander(&tools, &dist, seed.unwrap_or(drawn), &words)
}

/// What belongs to every test run: a minute from a seed of this commit, half of it for one that failed before.
pub fn minute(tools: &Toolbox, dist: &Path) -> Result<()> {
    wander(tools, dist, seed_of_commit(), &["--kept", "one"])
}

/// Another seed for every commit, and the same one for whoever runs it again.
fn seed_of_commit() -> u32 {
    let mut git = Command::new("git");
    git.args(["rev-parse", "HEAD"]).current_dir(place::root());
    process::output(&mut git)
        .and_then(|commit| u32::from_str_radix(commit.get(..8)?, 16).ok())
        .unwrap_or(1)
}

fn wander<W: AsRef<std::ffi::OsStr>>(
    tools: &Toolbox,
    dist: &Path,
    seed: u32,
    words: &[W],
) -> Result<()> {
    let browser = browser::find()?;
    let mut command = Command::new("node");
    command
        .arg(place::root().join("tests/wander/run.mjs"))
        .args(["--seed", &seed.to_string()])
        .args(words)
        .current_dir(place::root());
    test::environment(&mut command, tools, browser.as_deref(), dist)?;
    process::run(&mut command)
}
