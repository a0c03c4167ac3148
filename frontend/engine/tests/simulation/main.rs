//! Devices, a network, a server and everything that can go wrong, driven by one number.
//!
//! `cargo xtask simulate` runs it:
//!
//! ```text
//! --seeds N   how many runs (60)      --start S  the first seed (0)
//! --mutants   switches deliberate bugs on, one at a time: each must be found
//! --turn T/N  only every N-th of them, from the T-th on
//! --story     tells what happens in each run
//! ```

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop where it fails"
)]

mod device;
mod disk;
mod ends;
mod engines;
mod faults;
mod hostile;
#[path = "../../../../shared/tests/world/memory_log.rs"]
#[allow(dead_code, reason = "the scenarios use more of it")]
#[allow(clippy::unwrap_used, reason = "a test may stop where it fails")]
mod memory_log;
mod mutants;
mod network;
mod oracle;
mod people;
mod plan;
mod random;
mod reading;
mod remade;
mod rules;
mod runs;
mod server;
mod settle;
mod storage;
mod world;

use std::process::ExitCode;

/// What was asked for.
struct Wish {
    seeds: u64,
    start: u64,
    mutants: bool,
    turn: (usize, usize),
    story: bool,
}

fn main() -> ExitCode {
    let Some(wish) = wish(std::env::args().skip(1)) else {
        return ExitCode::SUCCESS;
    };
    let good = match wish.mutants {
        true => runs::hunt(wish.start, wish.turn),
        false => runs::simulate(wish.start, wish.seeds, wish.story),
    };
    match good {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn turn(word: Option<String>) -> Option<(usize, usize)> {
    let word = word?;
    let (turn, of) = word.split_once('/')?;
    Some((turn.parse().ok()?, of.parse().ok()?)).filter(|(_, of)| *of > 0)
}

/// Reads the arguments; `None` where a test of another name is asked for.
fn wish(arguments: impl Iterator<Item = String>) -> Option<Wish> {
    let mut wish = Wish {
        seeds: 60,
        start: 0,
        mutants: false,
        turn: (0, 1),
        story: false,
    };
    let mut arguments = arguments.peekable();
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|it| it.parse().ok());
        match argument.as_str() {
            "--seeds" => wish.seeds = number().expect("--seeds takes a number"),
            "--start" => wish.start = number().expect("--start takes a number"),
            "--mutants" => wish.mutants = true,
            "--turn" => wish.turn = turn(arguments.next()).expect("--turn takes T/N"),
            "--story" => wish.story = true,
            "--list" => return None,
            // what the standard harness is told does not concern this one
            flag if flag.starts_with('-') => {}
            name if "simulation".contains(name) => {}
            _ => return None,
        }
    }
    Some(wish)
}
