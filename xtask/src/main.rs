//! `cargo xtask <verb>`: the commands of this repository. One file a verb; each does its own set-up.
mod bench;
mod browser;
mod build;
mod bundle;
mod check;
mod compress;
mod deploy;
mod dev;
mod fuzz;
mod headers;
mod lan;
mod npm;
mod peers;
mod place;
mod process;
#[cfg(test)]
#[path = "../../tests/lib/record.rs"]
mod record;
mod reliability;
mod runtime;
mod setup;
mod simulate;
mod sizes;
mod sources;
mod test;
mod tools;
mod trust;
mod wander;
mod wasm;
mod workers;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask <verb>

  dev      build, serve app and API on one port, open the browser; Ctrl-C stops everything
             --port N (8787)   --state DIR (.terrain/state)   --no-open   --lan (HTTPS for tablets on this network)
  test     build and run every test
             --only NAME  run only the end-to-end files whose name contains NAME
             --check  the checks too, beside the stories
  reliability  write docs/reliability.md from what the last `test` injected and saw
  fuzz     feed what reads bytes with new hostile ones; what fails is kept in tests/fuzz/corpus
             --target T  only one of them   --minutes M (1) for each   --seed N
  simulate everything that can go wrong between devices and server, each run from a number
             --seeds N (60)   --start S (0)   --story  tells what happens   --mutants  hunts deliberate bugs
  wander   random human deeds in two or three browsers, compared with what was saved; failed seeds first
             --minutes N (1)   --seed S  only that one   --deeds N  no more than so many   --only note,edit,…   --without restore,…
             --fresh  load every page anew before it is compared: what is wrong then is wrong on the disk
  check    format, lints, docs, dependencies' licences and sources
  build    make what is deployed and print what a first visit transfers
             --dist DIR (dist)   --salt WORD  makes a build with another id
  bench    measure, print each figure beside its target, append to bench/results.jsonl
             --only NAME  run only the measurements whose file name contains NAME
             --peers  the same work beside Yjs, Automerge, PouchDB, TinyBase and Jazz (--only terrain,yjs-one  --runs N)
  deploy   build and put both workers on Cloudflare (--dry-run: everything but the upload)
  setup    install the tools only";

fn main() -> ExitCode {
    let mut arguments = lexopt::Parser::from_env();
    let outcome = match arguments.value() {
        Err(_) => {
            println!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Ok(verb) => match verb.to_string_lossy().as_ref() {
            "dev" => dev::run(arguments),
            "test" => test::run(arguments),
            "reliability" => reliability::run(arguments),
            "fuzz" => fuzz::run(arguments),
            "check" => check::run(arguments),
            "build" => build::run(arguments),
            "bench" => bench::run(arguments),
            "deploy" => deploy::run(arguments),
            "simulate" => simulate::run(arguments),
            "wander" => wander::run(arguments),
            "setup" => setup::run(arguments),
            "help" => {
                println!("{USAGE}");
                Ok(())
            }
            other => Err(anyhow::anyhow!("there is no verb \"{other}\".\n\n{USAGE}")),
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
