//! The cargo tools: which versions, why, and where they lie. Installed once a version, outside the checkout.
use crate::{place, process};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

/// A program that cargo installs.
pub struct CargoTool {
    package: &'static str,
    program: &'static str,
    version: String,
    why: &'static str,
    /// Whether the package's own lock file can be used.
    locked: bool,
}

/// Trunk, which builds page and engine.
pub fn trunk() -> CargoTool {
    CargoTool {
        package: "trunk",
        program: "trunk",
        version: "0.21.14".into(),
        why: "it builds the page and the engine",
        locked: true,
    }
}

/// The wasm-bindgen program of the very version in Cargo.lock.
pub fn wasm_bindgen() -> Result<CargoTool> {
    let lock = fs::read_to_string(place::root().join("Cargo.lock"))
        .context("Cargo.lock could not be read")?;
    let version =
        locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    // its own lock file names a crate newer than the registry may serve
    Ok(CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        why: "it writes the JavaScript beside the wasm, and must match Cargo.lock",
        locked: false,
    })
}

/// worker-build, which packs the edge workers.
pub fn worker_build() -> CargoTool {
    CargoTool {
        package: "worker-build",
        program: "worker-build",
        version: "0.8.7".into(),
        why: "it packs the edge workers",
        locked: true,
    }
}

/// cargo-deny, which looks at licences and sources of dependencies.
pub fn cargo_deny() -> CargoTool {
    CargoTool {
        package: "cargo-deny",
        program: "cargo-deny",
        version: "0.20.2".into(),
        why: "it checks licences and sources of dependencies",
        locked: true,
    }
}

impl CargoTool {
    /// The program's path: from PATH in the right version, from the cache, else installed there.
    pub fn ensure(&self) -> Result<PathBuf> {
        if let Some(found) = self.on_path() {
            return Ok(found);
        }
        let folder = place::cache()?.join(format!("{}-{}", self.package, self.version));
        let program = folder.join("bin").join(self.program);
        if program.is_file() {
            return Ok(program);
        }
        println!(
            "installing {} {} ({}); a few minutes, once",
            self.package, self.version, self.why
        );
        let started = Instant::now();
        let parent = place::cache()?;
        fs::create_dir_all(&parent).with_context(|| {
            format!(
                "cannot write to {}: set TERRAIN_CACHE to a folder that can be written",
                parent.display()
            )
        })?;
        let staging = parent.join(format!(
            ".installing-{}-{}",
            self.package,
            std::process::id()
        ));
        let mut cargo = Command::new("cargo");
        cargo
            .args([
                "install",
                self.package,
                "--version",
                &self.version,
                "--debug",
                "--no-track",
                "--root",
            ])
            .arg(&staging)
            .current_dir(&parent)
            .env_remove("CARGO_TARGET_DIR");
        if self.locked {
            cargo.arg("--locked");
        }
        let outcome = process::run_quietly(&mut cargo, &format!("install-{}", self.package));
        if let Err(error) = outcome {
            fs::remove_dir_all(&staging).ok();
            bail!(
                "{} could not be installed: check the network and run the command again. {error:#}",
                self.package
            );
        }
        fs::remove_dir_all(&folder).ok();
        fs::rename(&staging, &folder)?;
        println!(
            "installed {} {} in {}",
            self.package,
            self.version,
            process::spoken(started.elapsed())
        );
        Ok(program)
    }

    fn on_path(&self) -> Option<PathBuf> {
        let program = find_on_path(self.program)?;
        let said = process::output(Command::new(&program).arg("--version"))?;
        said.split_whitespace()
            .any(|word| word == self.version)
            .then_some(program)
    }
}

/// The first program of this name on PATH.
pub fn find_on_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let wanted = format!("name = \"{package}\"");
    let mut lines = lock.lines();
    lines.find(|line| line.trim() == wanted)?;
    let version = lines.next()?.trim().strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locked_version_is_that_of_the_named_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(
            locked_version(lock, "wasm-bindgen").as_deref(),
            Some("0.2.130")
        );
        assert_eq!(locked_version(lock, "yew"), None);
    }
}
