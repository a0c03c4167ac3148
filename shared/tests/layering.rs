//! The arrows between the parts of Terrain: what is not allowed here does not exist.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "layering/arrows.rs"]
mod arrows;

use arrows::{part_of, violations};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

/// All sources of the workspace's packages but tests of their own and xtask, with their text.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut found = Vec::new();
    for src in [
        "frontend/app/src",
        "frontend/engine/src",
        "edge-worker/src",
        "edge-worker/validator/src",
        "shared/src",
    ] {
        let mut ahead = vec![root.join(src)];
        while let Some(folder) = ahead.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    ahead.push(path);
                } else if path.extension().is_some_and(|end| end == "rs") {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                    found.push((
                        name.replace('\\', "/"),
                        std::fs::read_to_string(&path).unwrap(),
                    ));
                }
            }
        }
    }
    found.sort();
    found
}

#[test]
fn no_part_knows_one_that_it_may_not_know() {
    let sources = sources();
    assert!(sources.len() > 60, "only {} files found", sources.len());
    let found: Vec<String> = sources
        .iter()
        .flat_map(|(file, source)| violations(file, source))
        .map(|violation| violation.to_string())
        .collect();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_forbidden_line_is_found() {
    for line in include_str!("layering/forbidden.txt").lines() {
        let Some((file, source)) = line.split_once(" | ") else {
            assert!(line.starts_with('#'), "{line}");
            continue;
        };
        assert!(!violations(file, source).is_empty(), "not found: {line}");
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    for (file, source) in [
        (
            "frontend/app/src/screens/board.rs",
            "use crate::{ui::avatar::Avatar, store}; use shared::crm::Kind;",
        ),
        (
            "shared/src/sync/client/push.rs",
            "use super::super::message::Push; use crate::document::Document;",
        ),
        (
            "shared/src/crm/import/plan.rs",
            "mod tests { use super::*; use super::super::draft; }",
        ),
        (
            "frontend/engine/src/platform.rs",
            "pub mod indexed_db; use shared::id::RecordId;",
        ),
    ] {
        assert_eq!(violations(file, source), [], "{file}");
    }
    assert_eq!(part_of("shared/src/sync/client.rs"), Some("sync::client"));
    assert_eq!(part_of("shared/src/idle.rs"), None);
}

#[test]
fn sync_names_no_word_of_the_crm() {
    let words = [
        "contact",
        "contacts",
        "company",
        "companies",
        "deal",
        "deals",
        "activity",
        "activities",
        "pipeline",
        "stage",
        "crm",
    ];
    for (file, source) in sources() {
        if !file.starts_with("shared/src/sync") {
            continue;
        }
        for (at, line) in source.lines().enumerate() {
            // `contact_at` is the last contact with the server.
            let names = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            for name in names.map(str::to_lowercase) {
                assert!(!words.contains(&name.as_str()), "{file}:{}: {line}", at + 1);
            }
        }
    }
}

/// The names of the packages that one is built from.
fn tree(package: &str, target: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--offline",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}",
        ])
        .args(["--package", package, "--target", target])
        .current_dir(root())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo tree of {package}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn the_room_and_the_page_are_built_without_automerge() {
    let has = |package: &str, name: &str| {
        tree(package, "wasm32-unknown-unknown")
            .iter()
            .any(|other| other == name)
    };
    assert!(!has("edge-worker", "automerge"));
    assert!(!has("edge-worker", "yew"));
    assert!(!has("app", "automerge"));
    assert!(!has("engine", "yew"));
    assert!(has("engine", "automerge") && has("app", "shared"));
}
