//! The browser for tests and measurements: `TERRAIN_BROWSER`, an installed Chrome or Chromium, or apt where it may.
use crate::{place, process, tools};
use anyhow::{Result, bail};
use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

const NAMES: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
];
const MAC: [&str; 2] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// The browser's path, or none after saying so aloud; without one under CI this fails.
pub fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("TERRAIN_BROWSER").filter(|path| !path.is_empty()) {
        let path = PathBuf::from(named);
        if !path.is_file() {
            bail!(
                "TERRAIN_BROWSER names {}, which is not there: correct it or unset it",
                path.display()
            );
        }
        return Ok(Some(path));
    }
    if let Some(found) = installed() {
        return Ok(Some(found));
    }
    install("Chromium", &["chromium"]);
    if let Some(found) = installed() {
        return Ok(Some(found));
    }
    if place::is_ci() {
        bail!(
            "no browser: install Chrome or Chromium, or name one with TERRAIN_BROWSER (under CI=true browser tests may not be skipped)"
        );
    }
    println!(
        "\nSKIPPED: no browser was found, so nothing that needs one is run. Install Chrome or Chromium, or name one with TERRAIN_BROWSER.\n"
    );
    Ok(None)
}

fn installed() -> Option<PathBuf> {
    NAMES
        .iter()
        .find_map(|name| tools::find_on_path(name))
        .or_else(|| MAC.iter().map(PathBuf::from).find(|path| path.is_file()))
}

/// WebKit's browser for tests, or none after saying so aloud. It comes with WebKitGTK, on Linux only.
pub fn webkit() -> Option<PathBuf> {
    let found = || {
        let machine = env::consts::ARCH;
        let browser = format!("/usr/lib/{machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser");
        let programs = ["WebKitWebDriver", "xvfb-run", "dbus-run-session"];
        let has_all = programs
            .iter()
            .all(|name| tools::find_on_path(name).is_some());
        Some(PathBuf::from(browser)).filter(|path| has_all && path.is_file())
    };
    let there = found().or_else(|| {
        install(
            "WebKit",
            &["webkit2gtk-driver", "xvfb", "xauth", "dbus", "dbus-x11"],
        );
        found()
    });
    if there.is_none() {
        println!(
            "\nSKIPPED: WebKit was not found, so no story is told in it. On Debian and Ubuntu: apt-get install webkit2gtk-driver xvfb dbus-x11.\n"
        );
    }
    there
}

/// Tries apt where this user may install; a failure shows as a browser still missing.
fn install(name: &str, packages: &[&str]) {
    let is_root = process::output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !is_root || tools::find_on_path("apt-get").is_none() {
        return;
    }
    println!("installing {name} with apt-get (browser tests run in it)");
    let started = Instant::now();
    let mut update = Command::new("apt-get");
    process::run_quietly(update.arg("update"), "apt-update").ok();
    let mut install = Command::new("apt-get");
    install
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    match process::run_quietly(&mut install, "apt-browser") {
        Ok(()) => println!("installed {name} in {}", process::spoken(started.elapsed())),
        Err(error) => println!("{name} could not be installed: {error:#}"),
    }
}
