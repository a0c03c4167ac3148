//! `fuzz TARGET`: feeds a reader of bytes with mutated inputs, and stops at the first that breaks a promise.
//!
//! A process runs one target, so that its memory and time are its own, and so that an input which
//! ends the process is known: it is on disk before it is tried.
//!
//! ```text
//! fuzz TARGET [--seed N] [--inputs N | --minutes M] [--corpus DIR] [--keep DIR]
//! fuzz list        the targets, one a line
//! fuzz sow         writes the seeds that can be made anew into the corpus
//! ```

mod corpus;
mod driver;
mod forge;
mod mutate;
mod targets;

use driver::{Budget, Plan};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Counts what a target allocates.
#[global_allocator]
static MEMORY: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Vec<String>) -> Result<String, String> {
    let mut words = arguments.into_iter();
    let verb = words.next().ok_or("which target? `fuzz list` names them")?;
    let mut plan = Plan {
        seed: 2026,
        budget: Budget::Inputs(10_000),
        corpus: corpus::folder(),
        keep: corpus::folder(),
    };
    while let Some(word) = words.next() {
        let value = words.next().ok_or(format!("{word} needs a value"))?;
        let number = || {
            let number = value.parse::<u64>();
            number.map_err(|_| format!("{word} {value} is no number"))
        };
        match word.as_str() {
            "--seed" => plan.seed = number()?,
            "--inputs" => plan.budget = Budget::Inputs(number()?),
            "--minutes" => plan.budget = Budget::Time(Duration::from_secs(number()? * 60)),
            "--corpus" => plan.corpus = PathBuf::from(&value),
            "--keep" => plan.keep = PathBuf::from(&value),
            _ => return Err(format!("{word} is not known")),
        }
    }
    if verb == "list" {
        return Ok(targets::ALL.each_ref().map(|target| target.name).join("\n"));
    }
    if verb == "sow" {
        let sown = targets::ALL.iter().map(|target| corpus::sow(&plan, target));
        return Ok(sown.collect::<Result<Vec<String>, String>>()?.join("\n"));
    }
    let target = targets::ALL.iter().find(|target| target.name == verb);
    let target = target.ok_or(format!("there is no target {verb}"))?;
    driver::run(target, &plan)
}
