//! The stories: deeds on the built workers, in Chromium and in WebKit, told by Node's test runner.
use crate::runtime::{Reach, Runtime};
use crate::setup::Toolbox;
use crate::{browser, bundle, place, process, sources};
use anyhow::{Context, Result, bail};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Failures in more files than this are no accident of a busy machine.
const UNSTEADY_FILES: usize = 2;

/// The page as a later build, which the stories of updates need.
pub fn next_dist() -> PathBuf {
    place::target().join("next-dist")
}

/// Tells the stories of all files, or of those whose name contains a word. A file with a story that
/// failed is told once more, by itself.
///
/// Returns the files that needed it.
///
/// # Errors
/// A story failed twice, or stories in too many files failed.
pub fn tell(tools: &Toolbox, dist: &Path, only: Option<&str>) -> Result<Vec<String>> {
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
    let next = next_dist();
    let (_shared, port) = shared_runtime(tools, dist)?;
    let failed = place::notes().join("failed-stories");
    let slowest = place::root().join("tests/lib/slowest.mjs");
    let run = |files: &[PathBuf]| {
        let _ = std::fs::remove_file(&failed);
        let mut command = Command::new("node");
        command
            .args(["--test", "--test-concurrency=1"])
            .args(["--test-reporter=spec", "--test-reporter-destination=stdout"])
            .arg(format!("--test-reporter={}", slowest.display()))
            .arg("--test-reporter-destination=stdout")
            .args(files)
            .current_dir(place::root());
        environment(&mut command, tools, browser.as_deref(), dist)?;
        command
            .env("TERRAIN_NEXT_DIST", &next)
            .env("TERRAIN_NEXT_BUILD_ID", bundle::build_of(&next)?)
            .env("TERRAIN_WEBKIT", webkit.as_deref().unwrap_or(Path::new("")))
            .env("TERRAIN_SHARED", port.to_string())
            .env("TERRAIN_FAILED", &failed)
            .env("TERRAIN_FAULTS", crate::reliability::records());
        process::run(&mut command)
    };
    let Err(first) = run(&files) else {
        return Ok(Vec::new());
    };
    // Browsers on a busy machine: what fails is tried once more, by itself, and said aloud at the end.
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
    Ok(again
        .iter()
        .map(|file| file.display().to_string())
        .collect())
}

/// The runtime that stories share which neither stop nor kill it, and its port.
fn shared_runtime(tools: &Toolbox, dist: &Path) -> Result<(Runtime, u16)> {
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    let state = place::notes().join("stories-state");
    if state.exists() {
        std::fs::remove_dir_all(&state)?;
    }
    let build = bundle::build_of(dist)?;
    let mut runtime = Runtime::start(&tools.npm, port, &state, &build, &Reach::Local)?;
    runtime.wait(port, &build, &Reach::Local)?;
    Ok((runtime, port))
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
