//! Inputs on disk: seeds, and what once failed.

use crate::driver::Plan;
use crate::targets::Target;
use shared::id::sha256;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the corpora lie.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// All inputs of a target, in the order of their names.
pub fn load(folder: &Path, target: &str) -> Result<Vec<(String, Vec<u8>)>, String> {
    let folder = folder.join(target);
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(&folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        found.push((name.into_owned(), fs::read(&path).map_err(told)?));
    }
    found.sort();
    if found.is_empty() {
        return Err(format!("{} is empty", folder.display()));
    }
    Ok(found)
}

/// Writes the seeds that a target makes itself.
pub fn sow(plan: &Plan, target: &Target) -> Result<String, String> {
    let folder = plan.keep.join(target.name);
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(&folder).map_err(told)?;
    let seeds = (target.seeds)();
    for (name, bytes) in &seeds {
        fs::write(folder.join(name), bytes).map_err(told)?;
    }
    Ok(format!("{}: {} seeds", target.name, seeds.len()))
}

/// Keeps an input that failed, named by what it is, and returns where.
pub fn keep(folder: &Path, target: &str, bytes: &[u8]) -> PathBuf {
    let folder = folder.join(target);
    let name: String = sha256(bytes)[..4]
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let path = folder.join(format!("found-{name}"));
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, bytes));
    if let Err(error) = written {
        eprintln!("{} could not be kept: {error}", path.display());
    }
    path
}
