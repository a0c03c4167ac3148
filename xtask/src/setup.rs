//! `cargo xtask setup`, and the set-up that every other verb does by itself.
use crate::npm::Npm;
use crate::{place, process, tools};
use anyhow::{Result, bail};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const WASM: &str = "wasm32-unknown-unknown";

/// All that building and serving needs.
pub struct Toolbox {
    /// Trunk's path.
    pub trunk: PathBuf,
    /// wasm-bindgen's path.
    pub wasm_bindgen: PathBuf,
    /// worker-build's path.
    pub worker_build: PathBuf,
    /// The npm tools.
    pub npm: Npm,
}

/// Installs what is missing and says that all is there.
pub fn run(_: lexopt::Parser) -> Result<()> {
    toolbox()?;
    tools::cargo_deny().ensure()?;
    println!("every tool is there ({})", place::cache()?.display());
    Ok(())
}

/// The tools, each installed first if it is missing.
pub fn toolbox() -> Result<Toolbox> {
    wasm_target()?;
    Ok(Toolbox {
        npm: Npm::ensure()?,
        wasm_bindgen: tools::wasm_bindgen()?.ensure()?,
        trunk: tools::trunk().ensure()?,
        worker_build: tools::worker_build().ensure()?,
    })
}

impl Toolbox {
    /// PATH with the tools' folders first, so that Trunk finds wasm-bindgen and wasm-opt.
    pub fn path(&self) -> Result<OsString> {
        let mut folders: Vec<PathBuf> = vec![folder_of(&self.wasm_bindgen), self.npm.programs()];
        folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        Ok(env::join_paths(folders)?)
    }
}

/// The target that all wasm is built for, added with rustup if it is missing.
pub fn wasm_target() -> Result<()> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]));
    if sysroot.is_some_and(|root| Path::new(&root).join("lib/rustlib").join(WASM).is_dir()) {
        return Ok(());
    }
    if tools::find_on_path("rustup").is_none() {
        bail!(
            "the Rust target {WASM} is missing: install rustup from https://rustup.rs and run the command again"
        );
    }
    println!("installing the Rust target {WASM} (page, engine and edge workers are built for it)");
    process::run_quietly(Command::new("rustup").args(["target", "add", WASM]), "install-wasm-target")
        .map_err(|error| anyhow::anyhow!("the Rust target {WASM} could not be installed: check the network and run the command again. {error:#}"))
}

fn folder_of(program: &Path) -> PathBuf {
    program.parent().map(Path::to_path_buf).unwrap_or_default()
}
