//! `cargo xtask build`: page and engine by Trunk, edge workers by worker-build, and what a first visit transfers.
use crate::setup::{Toolbox, toolbox};
use crate::sources::{Note, fingerprint};
use crate::{bundle, place, process, sizes, workers};
use anyhow::{Context, Result};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// What Trunk's output is made from.
const PAGE: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "Trunk.toml",
    "shared/src",
    "shared/Cargo.toml",
    "frontend/app/src",
    "frontend/app/locales",
    "frontend/app/Cargo.toml",
    "frontend/app/index.html",
    "frontend/engine",
    "xtask/src/build.rs",
];
/// What the bundle is made from besides Trunk's output.
const BUNDLE: [&str; 7] = [
    "frontend/app",
    "static",
    "xtask/src/bundle.rs",
    "xtask/src/headers.rs",
    "edge-worker/headers.txt",
    "xtask/src/wasm.rs",
    "xtask/src/sizes.rs",
];

/// Builds everything that is deployed and prints its sizes.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let (mut dist, mut salt) = (dist(), String::new());
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dist") => dist = std::env::current_dir()?.join(arguments.value()?),
            Long("salt") => salt = arguments.value()?.to_string_lossy().into_owned(),
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let tools = toolbox()?;
    all(&tools, &dist, &salt)?;
    println!(
        "build {} is in {}",
        bundle::build_of(&dist)?,
        dist.display()
    );
    sizes::print().map(drop)
}

/// The folder that is deployed.
pub fn dist() -> PathBuf {
    place::root().join("dist")
}

/// Builds what has changed: page, engine and both edge workers.
pub fn all(tools: &Toolbox, dist: &Path, salt: &str) -> Result<()> {
    let _turn = wait_for_turn()?;
    page(tools, dist, salt)?;
    workers::build(tools)
}

/// Two builds at once would write into each other's folders: the second waits until the first is done.
fn wait_for_turn() -> Result<File> {
    fs::create_dir_all(place::notes())?;
    let turn = File::create(place::notes().join("lock"))?;
    if turn.try_lock().is_err() {
        println!("another build is running in this checkout; waiting for it");
        turn.lock()?;
    }
    Ok(turn)
}

/// Builds page and engine into `dist`, where they or the tools that make them have changed.
pub fn page(tools: &Toolbox, dist: &Path, salt: &str) -> Result<()> {
    let output = place::target().join("page");
    let print = fingerprint(&PAGE)?;
    let note = Note::of("page");
    if !note.says(&print) || !output.join("app_bg.wasm").is_file() {
        note.clear();
        trunk(tools, &output)?;
        note.write(&print)?;
    }
    let name = dist
        .file_name()
        .context("the build needs a folder")?
        .to_string_lossy()
        .into_owned();
    let note = Note::of(&format!("bundle-{name}"));
    let print = format!(
        "{print} {} {} {salt}",
        fingerprint(&BUNDLE)?,
        dist.display()
    );
    if note.says(&print) && dist.join("build.json").is_file() {
        return Ok(());
    }
    note.clear();
    let made = bundle::make(&output, salt)?;
    made.write(dist)?;
    if salt.is_empty() {
        sizes::measure_page(&made)?;
    }
    note.write(&print)
}

fn trunk(tools: &Toolbox, output: &Path) -> Result<()> {
    println!("building page and engine (a few minutes the first time)");
    let started = Instant::now();
    let root = place::root();
    process::run_quietly(
        Command::new("cargo")
            .args(["fetch", "--locked"])
            .current_dir(&root),
        "fetch",
    )
    .context(
        "the Rust packages could not be fetched: check the network and run the command again",
    )?;
    let mut command = Command::new(&tools.trunk);
    command
        .args(["build", "--release", "--offline", "--dist"])
        .arg(output)
        .current_dir(&root)
        .env("PATH", tools.path()?)
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags())
        .env_remove("NO_COLOR")
        .env_remove("RUST_BACKTRACE");
    process::run_quietly(&mut command, "build-page")?;
    println!(
        "built page and engine in {}",
        process::spoken(started.elapsed())
    );
    Ok(())
}

/// The flags of .cargo/config.toml, and paths without this machine's folders, so that every machine makes the same bytes.
pub fn rust_flags() -> String {
    let mut flags = vec![
        "--cfg".to_owned(),
        "getrandom_backend=\"wasm_js\"".to_owned(),
    ];
    let home = std::env::var("CARGO_HOME").ok();
    let cargo = home.or_else(|| {
        std::env::var("HOME")
            .ok()
            .map(|home| format!("{home}/.cargo"))
    });
    flags.extend(cargo.map(|folder| format!("--remap-path-prefix={folder}=cargo")));
    flags.push(format!(
        "--remap-path-prefix={}=terrain",
        place::root().display()
    ));
    flags.join("\u{1f}")
}
