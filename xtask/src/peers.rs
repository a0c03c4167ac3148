//! `cargo xtask bench --peers`: the same work done by Terrain and by what people would pick in its place.
use crate::bench::{self, Measured};
use crate::npm::Npm;
use crate::setup::Toolbox;
use crate::{place, process, test};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Builds the native device, installs the others, has the table printed and returns Terrain's figures.
pub fn measure(
    tools: &Toolbox,
    dist: &Path,
    only: Option<&str>,
    runs: Option<&str>,
) -> Result<Vec<Measured>> {
    Npm::ensure_peers()?;
    let mut cargo = Command::new("cargo");
    cargo
        .args(["build", "--quiet", "--locked", "--profile", "peers"])
        .args(["-p", "peers-device"])
        .current_dir(place::root());
    process::run(&mut cargo)?;
    let mut command = Command::new("node");
    command
        .arg("tests/peers/run.mjs")
        .current_dir(place::root())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .env(
            "TERRAIN_PEERS_DEVICE",
            place::target().join("peers/peers-device"),
        );
    for (word, value) in [("--only", only), ("--runs", runs)] {
        if let Some(value) = value {
            command.args([word, value]);
        }
    }
    test::environment(&mut command, tools, None, dist)?;
    let output = command.output().context("could not start node")?;
    if !output.status.success() {
        bail!("tests/peers/run.mjs failed");
    }
    bench::read("tests/peers/run.mjs", &output.stdout)
}
