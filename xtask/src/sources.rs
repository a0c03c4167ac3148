//! Digests of files, and fingerprints of folders: what has not changed is not built again.
use crate::place;
use anyhow::{Context, Result};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// SHA-256 as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// SHA-256 the way browsers want it in `integrity`.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// Every file under a path, sorted; a file is itself, a missing path is nothing.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if path.is_file() {
        found.push(path.to_path_buf());
    } else if path.is_dir() {
        for entry in
            fs::read_dir(path).with_context(|| format!("cannot read {}", path.display()))?
        {
            let entry = entry?;
            let name = entry.file_name();
            let skipped = ["build", "target", "node_modules", ".wrangler"]
                .iter()
                .any(|skip| name == *skip);
            if !skipped {
                found.extend(files(&entry.path())?);
            }
        }
        found.sort();
    }
    Ok(found)
}

/// One digest over the names and contents of the files under these paths of the checkout.
pub fn fingerprint(paths: &[&str]) -> Result<String> {
    let root = place::root();
    let mut digest = Sha256::new();
    for path in paths {
        for file in files(&root.join(path))? {
            digest.update(
                file.strip_prefix(&root)
                    .unwrap_or(&file)
                    .to_string_lossy()
                    .as_bytes(),
            );
            digest.update([0]);
            digest.update(hex(
                &fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?
            ));
        }
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// What was built from which sources, kept beside the build.
pub struct Note {
    file: PathBuf,
}

impl Note {
    /// The note of this name.
    pub fn of(name: &str) -> Self {
        Self {
            file: place::notes().join(format!("{name}.fingerprint")),
        }
    }

    /// Whether the note says that these very sources were built.
    pub fn says(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|text| text == fingerprint)
    }

    /// Writes that these sources were built.
    pub fn write(&self, fingerprint: &str) -> Result<()> {
        fs::create_dir_all(place::notes())?;
        Ok(fs::write(&self.file, fingerprint)?)
    }

    /// Forgets what was built, before building.
    pub fn clear(&self) {
        fs::remove_file(&self.file).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_sha256() {
        assert!(hex(b"").starts_with("e3b0c44298fc1c14"));
        assert_eq!(
            integrity(b""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn a_missing_path_has_no_files() {
        assert_eq!(
            files(Path::new("/nowhere/at/all")).unwrap(),
            Vec::<PathBuf>::new()
        );
    }
}
