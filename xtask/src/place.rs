//! Where things lie: the checkout, cargo's target folder and the tools' cache outside of the checkout.
use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the checkout")
        .to_path_buf()
}

/// The folder cargo builds into.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The folder of this program's own notes: fingerprints, sizes, logs.
pub fn notes() -> PathBuf {
    target().join("xtask")
}

/// The tools' cache: `TERRAIN_CACHE`, else `$XDG_CACHE_HOME/terrain`, else `~/.cache/terrain`.
pub fn cache() -> Result<PathBuf> {
    if let Some(dir) = env::var_os("TERRAIN_CACHE") {
        return Ok(PathBuf::from(dir));
    }
    if let Some(dir) = env::var_os("XDG_CACHE_HOME").filter(|dir| !dir.is_empty()) {
        return Ok(PathBuf::from(dir).join("terrain"));
    }
    let home = env::var_os("HOME")
        .context("no home folder is set: say with TERRAIN_CACHE where tools may be installed")?;
    Ok(PathBuf::from(home).join(".cache").join("terrain"))
}

/// Whether this runs unattended, where a test that cannot run is a failure.
pub fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
