//! `cargo xtask check`: format, lints, docs, and where dependencies come from.
use crate::{place, process, setup, tools};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Instant;

const NATIVE: [&str; 3] = ["shared", "fuzz", "xtask"];
const WASM: [&str; 4] = ["app", "engine", "edge-worker", "validator"];

/// The verb.
pub fn run(_: lexopt::Parser) -> Result<()> {
    all()
}

/// Runs every check, also after one has failed, and fails if any did.
pub fn all() -> Result<()> {
    setup::wasm_target()?;
    let deny = tools::cargo_deny().ensure()?;
    let packages = |names: &[&str]| {
        names
            .iter()
            .flat_map(|name| ["-p".to_owned(), (*name).to_owned()])
            .collect::<Vec<_>>()
    };
    let cargo = |words: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(words).current_dir(place::root());
        command
    };
    // the wasm crates too have native tests
    let mut native = cargo(&["clippy", "--quiet", "--locked", "--workspace"]);
    native.args(["--all-targets", "--", "-D", "warnings"]);
    let mut wasm = cargo(&[
        "clippy",
        "--quiet",
        "--locked",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    wasm.args(packages(&WASM)).args(["--", "-D", "warnings"]);
    let mut doc = cargo(&[
        "doc",
        "--quiet",
        "--locked",
        "--no-deps",
        "--document-private-items",
    ]);
    doc.args(packages(&NATIVE))
        .env("RUSTDOCFLAGS", "-D warnings");
    let mut wasm_doc = cargo(&[
        "doc",
        "--quiet",
        "--locked",
        "--no-deps",
        "--document-private-items",
        "--target",
        "wasm32-unknown-unknown",
    ]);
    wasm_doc
        .args(packages(&WASM))
        .env("RUSTDOCFLAGS", "-D warnings");
    let mut sources = Command::new(&deny);
    sources
        .args([
            "--log-level",
            "error",
            "check",
            "bans",
            "licenses",
            "sources",
        ])
        .current_dir(place::root());
    let checks = [
        ("format", cargo(&["fmt", "--all", "--check"])),
        ("lints, native", native),
        ("lints, wasm", wasm),
        ("docs, native", doc),
        ("docs, wasm", wasm_doc),
        ("licences and sources of dependencies", sources),
    ];
    let mut failed = Vec::new();
    for (name, mut command) in checks {
        let started = Instant::now();
        let outcome = process::run(&mut command);
        println!(
            "{} {name} ({})",
            if outcome.is_ok() { "ok    " } else { "FAILED" },
            process::spoken(started.elapsed())
        );
        if outcome.is_err() {
            failed.push(name);
        }
    }
    if failed.is_empty() {
        println!("check: all good");
        return Ok(());
    }
    bail!("check failed: {}", failed.join(", "))
}
