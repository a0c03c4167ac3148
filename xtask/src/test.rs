//! `cargo xtask test`: unit and scenario tests, the real build, a dry deployment, and the deeds in a real browser.
//!
//! Two lanes side by side: one builds what is deployed and tells the stories, the other runs what needs
//! no build of it (native tests, the simulation, the checks where they are asked for).
mod stories;

use crate::setup::{Toolbox, toolbox};
use crate::{build, bundle, check, deploy, place, process, reliability, simulate, sizes, wander};
use anyhow::{Context, Result, bail};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

pub use stories::{environment, scripts};

/// Runs every test, also after one kind has failed, and fails if any did.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let (mut only, mut checks) = (None, false);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("only") => only = Some(arguments.value()?.to_string_lossy().into_owned()),
            Long("check") => checks = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let tools = toolbox()?;
    let report = Report::default();
    reliability::start()?;
    if let Some(only) = only {
        if report.step("build", || built(&tools)) {
            report.stories(&tools, Some(&only));
        }
        return report.close();
    }
    thread::scope(|scope| {
        scope.spawn(|| process::aside(|| beside(&report, checks)));
        if report.step("build", || built(&tools)) {
            report.step("sizes", sizes::check);
            report.step("wrangler deploy --dry-run", || {
                deploy::wrangler(&tools.npm, &bundle::build_of(&build::dist())?, true)
            });
            report.stories(&tools, None);
            report.step("random deeds", || wander::minute(&tools, &build::dist()));
        }
    });
    report.step("faults", reliability::check);
    report.close()
}

/// Page, engine and workers, and the page once more as a later build.
fn built(tools: &Toolbox) -> Result<()> {
    build::all(tools, &build::dist(), "")
        .context("the build failed, so nothing was tested in a browser")?;
    build::page(tools, &stories::next_dist(), "next")
}

/// What needs no build of page and workers.
fn beside(report: &Report, checks: bool) {
    report.step("unit and scenario tests", native);
    report.step("simulation", simulate::check);
    if checks {
        report.step("check", check::all);
    }
}

/// The whole workspace natively: wasm crates too have tests of what needs no browser.
fn native() -> Result<()> {
    process::run(
        Command::new("cargo")
            .args(["test", "--workspace", "--locked", "--no-fail-fast"])
            .env("TERRAIN_FAULTS", reliability::records())
            .current_dir(place::root()),
    )
}

/// What came of each step.
#[derive(Default)]
struct Report {
    failed: Mutex<Vec<&'static str>>,
    /// Files with a story that failed at first.
    unsteady: Mutex<Vec<String>>,
}

impl Report {
    /// Takes a step, says what came of it, and tells whether it was good.
    fn step(&self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        let started = Instant::now();
        let outcome = work();
        let took = process::spoken(started.elapsed());
        match &outcome {
            Ok(()) => println!("ok     {name} ({took})"),
            Err(error) => println!("FAILED {name} ({took}): {error:#}"),
        }
        if outcome.is_err() {
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            failed.push(name);
        }
        outcome.is_ok()
    }

    fn stories(&self, tools: &Toolbox, only: Option<&str>) {
        self.step("end to end", || {
            let again = stories::tell(tools, &build::dist(), only)?;
            let mut unsteady = self.unsteady.lock().unwrap_or_else(PoisonError::into_inner);
            unsteady.extend(again);
            Ok(())
        });
    }

    fn close(self) -> Result<()> {
        let failed = self
            .failed
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let unsteady = self
            .unsteady
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        for file in unsteady {
            println!("UNSTEADY {file}: failed at first, passed at the second attempt");
        }
        if failed.is_empty() {
            println!("test: all good");
            return Ok(());
        }
        bail!("test failed: {}", failed.join(", "))
    }
}
