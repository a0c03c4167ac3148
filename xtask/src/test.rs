//! `cargo xtask test`: unit and scenario tests, the real build, a dry deployment, and the deeds in a real browser.
use crate::setup::{Toolbox, toolbox};
use crate::{
    browser, build, bundle, deploy, place, process, reliability, simulate, sizes, sources,
};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Failures in more files than this are no accident of a busy machine.
const UNSTEADY_FILES: usize = 2;

/// Runs every test, also after one kind has failed, and fails if any did.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let mut only = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => only = Some(arguments.value()?.to_string_lossy().into_owned()),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let tools = toolbox()?;
    let mut failed = Vec::new();
    let mut step = |name: &'static str, outcome: Result<()>, started: Instant| {
        match &outcome {
            Ok(()) => println!("ok     {name} ({})", process::spoken(started.elapsed())),
            Err(error) => println!(
                "FAILED {name} ({}): {error:#}",
                process::spoken(started.elapsed())
            ),
        }
        if outcome.is_err() {
            failed.push(name);
        }
    };
    reliability::start()?;
    if only.is_none() {
        let started = Instant::now();
        step("unit and scenario tests", native(), started);
        let started = Instant::now();
        step("simulation", simulate::check(), started);
    }
    let started = Instant::now();
    let dist = build::dist();
    let next = place::target().join("next-dist");
    build::all(&tools, &dist, "")
        .context("the build failed, so nothing was tested in a browser")?;
    build::page(&tools, &next, "next")?;
    step("build", Ok(()), started);
    if only.is_none() {
        let started = Instant::now();
        step("sizes", sizes::check(), started);
        let started = Instant::now();
        step(
            "wrangler deploy --dry-run",
            deploy::wrangler(&tools.npm, &bundle::build_of(&dist)?, true),
            started,
        );
    }
    let started = Instant::now();
    step(
        "end to end",
        end_to_end(&tools, &dist, &next, only.as_deref()),
        started,
    );
    if only.is_none() {
        step("faults", reliability::check(), Instant::now());
    }
    if failed.is_empty() {
        println!("test: all good");
        return Ok(());
    }
    bail!("test failed: {}", failed.join(", "))
}

/// The whole workspace natively: wasm crates too have tests of what needs no browser.
fn native() -> Result<()> {
    process::run(
        Command::new("cargo")
            .args(["test", "--workspace", "--locked"])
            .env("TERRAIN_FAULTS", reliability::records())
            .current_dir(place::root()),
    )
}

fn end_to_end(tools: &Toolbox, dist: &Path, next: &Path, only: Option<&str>) -> Result<()> {
    let in_webkit = scripts("tests/webkit", ".test.mjs", only)?;
    let webkit = if in_webkit.is_empty() {
        None
    } else {
        browser::webkit()
    };
    let mut files = scripts("tests/edge-workers", ".test.mjs", only)?;
    files.extend(scripts("tests/e2e", ".test.mjs", only)?);
    files.extend(in_webkit);
    if files.is_empty() {
        bail!("there is no end-to-end test of that name");
    }
    let browser = browser::find()?;
    let failed = place::notes().join("failed-stories");
    let run = |files: &[PathBuf]| {
        let _ = std::fs::remove_file(&failed);
        let mut command = Command::new("node");
        command
            .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
            .args(files)
            .current_dir(place::root());
        environment(&mut command, tools, browser.as_deref(), dist)?;
        command
            .env("TERRAIN_NEXT_DIST", next)
            .env("TERRAIN_NEXT_BUILD_ID", bundle::build_of(next)?)
            .env("TERRAIN_WEBKIT", webkit.as_deref().unwrap_or(Path::new("")))
            .env("TERRAIN_FAILED", &failed)
            .env("TERRAIN_FAULTS", reliability::records());
        process::run(&mut command)
    };
    let Err(first) = run(&files) else {
        return Ok(());
    };
    // Browsers on a busy machine: what fails is tried once more, by itself, and said aloud.
    let mut again: Vec<PathBuf> = std::fs::read_to_string(&failed)
        .unwrap_or_default()
        .lines()
        .map(PathBuf::from)
        .collect();
    again.sort();
    again.dedup();
    if again.is_empty() || again.len() > UNSTEADY_FILES {
        return Err(first);
    }
    run(&again).context("failed twice")?;
    for file in &again {
        println!("UNSTEADY {}: passed at the second attempt", file.display());
    }
    Ok(())
}

/// The scripts of a folder whose name has this ending and contains the wanted word.
pub fn scripts(folder: &str, ending: &str, only: Option<&str>) -> Result<Vec<PathBuf>> {
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default()
    };
    let mut found = sources::files(&place::root().join(folder))?;
    found.retain(|path| {
        name(path).ends_with(ending) && only.is_none_or(|word| name(path).contains(word))
    });
    Ok(found)
}

/// What tests and measurements are told of this build and machine.
pub fn environment(
    command: &mut Command,
    tools: &Toolbox,
    browser: Option<&Path>,
    dist: &Path,
) -> Result<()> {
    command
        .env("TERRAIN_ROOT", place::root())
        .env("TERRAIN_DIST", dist)
        .env("TERRAIN_BUILD_ID", bundle::build_of(dist)?)
        .env("TERRAIN_BROWSER", browser.unwrap_or(Path::new("")))
        .env("TERRAIN_WRANGLER", tools.npm.program("wrangler"))
        .env("TERRAIN_WORKERD", tools.npm.program("workerd"))
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        .env("WRANGLER_SEND_METRICS", "false");
    Ok(())
}
