//! The two edge workers, packed by worker-build: the room small, the validator fast.
use crate::setup::Toolbox;
use crate::sources::{Note, fingerprint};
use crate::{build, place, process, sizes};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

/// What both workers are built from.
const COMMON: [&str; 6] = [
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "shared/src",
    "shared/Cargo.toml",
    "xtask/src/workers.rs",
];

struct Worker {
    name: &'static str,
    folder: &'static str,
    sources: &'static [&'static str],
    /// The validator's time is Automerge's: opt-level 2 is a third faster there than z, for 130 kB of gzip.
    opt_level: Option<&'static str>,
    /// How wasm-opt goes over it once more.
    optimise: &'static str,
}

const WORKERS: [Worker; 2] = [
    Worker {
        name: "room",
        folder: "edge-worker",
        sources: &[
            "edge-worker/src",
            "edge-worker/.cargo/config.toml",
            "edge-worker/headers.txt",
            "edge-worker/Cargo.toml",
        ],
        opt_level: None,
        optimise: "-O3",
    },
    Worker {
        name: "validator",
        folder: "edge-worker/validator",
        sources: &[
            "edge-worker/.cargo/config.toml",
            "edge-worker/validator/src",
            "edge-worker/validator/Cargo.toml",
        ],
        opt_level: Some("2"),
        optimise: "-O3",
    },
];

/// Builds the workers whose sources have changed.
pub fn build(tools: &Toolbox) -> Result<()> {
    let mut changed = false;
    for worker in &WORKERS {
        let print = fingerprint(&[&COMMON[..], worker.sources].concat())?;
        let note = Note::of(worker.name);
        if note.says(&print) && script(worker).is_file() {
            continue;
        }
        println!("building the {} worker", worker.name);
        let started = Instant::now();
        note.clear();
        let mut command = Command::new(&tools.worker_build);
        command
            .arg("--release")
            .current_dir(place::root().join(worker.folder))
            .env("PATH", tools.path()?)
            .env("WASM_BINDGEN_BIN", &tools.wasm_bindgen)
            .env("WASM_OPT_BIN", tools.npm.program("wasm-opt"))
            .env("ESBUILD_BIN", tools.npm.program("esbuild"))
            .env("CARGO_ENCODED_RUSTFLAGS", build::rust_flags())
            .env_remove("RUST_BACKTRACE");
        if let Some(level) = worker.opt_level {
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level);
        }
        process::run_quietly(&mut command, &format!("build-{}", worker.name))?;
        // worker-build leaves the functions' names in; they order what is alike side by side, then go. The first
        // kilobyte of memory is the far end of the stack: no address that is computed lies there.
        let module = script(worker).with_file_name("index_bg.wasm");
        let mut smaller = Command::new(tools.npm.program("wasm-opt"));
        smaller
            .args([worker.optimise, "--low-memory-unused"])
            .args(["--reorder-functions-by-name", "--output"])
            .arg(&module)
            .arg(&module);
        process::run_quietly(&mut smaller, &format!("shrink-{}", worker.name))?;
        println!(
            "built the {} worker in {}",
            worker.name,
            process::spoken(started.elapsed())
        );
        note.write(&print)?;
        changed = true;
    }
    if changed || !place::notes().join("sizes-workers.json").is_file() {
        sizes::measure_workers(&scripts())?;
    }
    Ok(())
}

/// All that is uploaded of both workers.
fn scripts() -> Vec<PathBuf> {
    WORKERS
        .iter()
        .flat_map(|worker| {
            [
                script(worker),
                script(worker).with_file_name("index_bg.wasm"),
            ]
        })
        .collect()
}

fn script(worker: &Worker) -> PathBuf {
    place::root().join(worker.folder).join("build/index.js")
}
