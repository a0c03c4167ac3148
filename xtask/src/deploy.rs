//! `cargo xtask deploy`: build, then put the validator and the room worker on Cloudflare.
use crate::npm::Npm;
use crate::setup::toolbox;
use crate::{build, bundle, place, process};
use anyhow::Result;
use std::process::Command;

/// Deploys both workers; `--dry-run` does everything but the upload.
pub fn run(mut arguments: lexopt::Parser) -> Result<()> {
    use lexopt::prelude::*;
    let mut dry = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("dry-run") => dry = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    let tools = toolbox()?;
    let dist = build::dist();
    build::all(&tools, &dist, "")?;
    wrangler(&tools.npm, &bundle::build_of(&dist)?, dry)
}

/// Runs `wrangler deploy` for both, the validator first because the room is bound to it.
pub fn wrangler(npm: &Npm, build: &str, dry: bool) -> Result<()> {
    for config in [
        "edge-worker/validator/wrangler.toml",
        "edge-worker/wrangler.toml",
    ] {
        let mut command = Command::new(npm.program("wrangler"));
        command.args([
            "deploy",
            "-c",
            config,
            "--var",
            &format!("BUILD_ID:{build}"),
        ]);
        command
            .current_dir(place::root())
            .env("WRANGLER_SEND_METRICS", "false");
        if dry {
            command.arg("--dry-run");
            process::run_quietly(&mut command, "deploy-dry-run")?;
        } else {
            process::run(&mut command)?;
        }
    }
    Ok(())
}
