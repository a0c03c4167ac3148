//! The npm tools (wrangler, wasm-opt, esbuild, Playwright, axe-core), installed once a lock file, outside the checkout.
use crate::{place, process, sources, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// Node's oldest major version that every tool runs on.
const NODE_MAJOR: u32 = 20;

/// The installed npm tools.
pub struct Npm {
    modules: PathBuf,
}

/// A folder with a package.json and its lock.
struct Packages {
    folder: &'static str,
    what: &'static str,
    words: &'static [&'static str],
}

/// What building, serving and testing need.
const TOOLS: Packages = Packages {
    folder: "tests",
    what: "wrangler, wasm-opt, Playwright and axe-core with npm (local edge runtime, smaller wasm, browser tests)",
    words: &["ci"],
};
/// What Terrain is measured against. `npm ci` refuses a lock whose optional native packages are those of
/// another platform, and two packages ask for different versions of a third.
const PEERS: Packages = Packages {
    folder: "tests/peers",
    what: "Yjs, Automerge, PouchDB, TinyBase and Jazz with npm (what Terrain is measured against; two native modules are compiled, a minute or two)",
    words: &["install", "--legacy-peer-deps"],
};

impl Npm {
    /// The tools of tests/package-lock.json, installed when they are not there.
    pub fn ensure() -> Result<Self> {
        Self::of(&TOOLS)
    }

    /// The packages of tests/peers/package-lock.json, likewise.
    pub fn ensure_peers() -> Result<Self> {
        Self::of(&PEERS)
    }

    fn of(packages: &Packages) -> Result<Self> {
        check_node()?;
        let source = place::root().join(packages.folder);
        let lock = fs::read(source.join("package-lock.json"));
        let lock = lock.with_context(|| format!("no package-lock.json in {}", packages.folder))?;
        let digest = sources::hex(&lock);
        let folder = place::cache()?.join(format!("npm-{}", &digest[..16]));
        if !folder.join("node_modules").is_dir() {
            install(packages, &source, &folder)?;
        }
        let npm = Self {
            modules: folder.join("node_modules"),
        };
        npm.link(&source.join("node_modules"))?;
        Ok(npm)
    }

    /// The folder of the packages' programs.
    pub fn programs(&self) -> PathBuf {
        self.modules.join(".bin")
    }

    /// One of the packages' programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs().join(name)
    }

    /// Makes the source's `node_modules` point here, so that tests import packages by name.
    fn link(&self, link: &Path) -> Result<()> {
        if fs::read_link(link).is_ok_and(|to| to == self.modules) {
            return Ok(());
        }
        if link.is_dir() && !link.is_symlink() {
            fs::remove_dir_all(link)?;
        } else {
            fs::remove_file(link).ok();
        }
        symlink(&self.modules, link)
            .with_context(|| format!("{} could not be linked", link.display()))
    }
}

fn install(packages: &Packages, source: &Path, folder: &Path) -> Result<()> {
    println!("installing {}", packages.what);
    let started = Instant::now();
    let staging = folder.with_extension(format!("installing-{}", std::process::id()));
    fs::create_dir_all(&staging).with_context(|| {
        format!(
            "cannot write to {}: set TERRAIN_CACHE to a folder that can be written",
            staging.display()
        )
    })?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(source.join(name), staging.join(name))?;
    }
    let mut npm = Command::new("npm");
    npm.args(packages.words)
        .args(["--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&staging);
    if let Err(error) = process::run_quietly(&mut npm, "install-npm") {
        fs::remove_dir_all(&staging).ok();
        bail!(
            "the npm packages could not be installed: check the network and run the command again. {error:#}"
        );
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::rename(&staging, folder)?;
    println!(
        "installed the npm packages in {}",
        process::spoken(started.elapsed())
    );
    Ok(())
}

fn check_node() -> Result<()> {
    let remedy = format!(
        "install Node {NODE_MAJOR} or newer from https://nodejs.org (with npm) and run the command again"
    );
    let Some(version) = process::output(Command::new("node").arg("--version")) else {
        bail!("Node is missing: {remedy}");
    };
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|word| word.parse::<u32>().ok());
    if major.is_none_or(|major| major < NODE_MAJOR) {
        bail!("Node {version} is too old: {remedy}");
    }
    if tools::find_on_path("npm").is_none() {
        bail!("npm is missing: {remedy}");
    }
    Ok(())
}
