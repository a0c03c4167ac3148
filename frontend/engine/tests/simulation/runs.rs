//! Many runs, and what they came to.

use super::faults::Fault;
use super::hostile;
use super::mutants::Bug;
use super::world::World;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// Seeds that failed once: they are run before all others.
pub const KEPT: &str = include_str!("seeds.txt");
/// Over so many runs every fault must have fired.
const ENOUGH: u64 = 500;
/// A bug must be found within so many runs.
const WITHIN: u64 = 500;

/// What a panic said, and where.
static SAID: Mutex<String> = Mutex::new(String::new());

/// What one run came to.
struct Run {
    fired: Vec<u64>,
    /// What did not hold.
    broke: Option<String>,
    story: Vec<String>,
    /// The rarer faults that fired.
    with: Vec<&'static str>,
}

fn run(seed: u64, bug: Option<Bug>, story: bool) -> Run {
    let mut world = World::new(seed, bug);
    world.story = story.then(Vec::new);
    let told = catch_unwind(AssertUnwindSafe(|| {
        world.live();
        world.heal();
        world.quiesce();
        world.check_end();
        world.join();
        // Everyone can go on.
        for device in 0..world.devices.len() {
            world.edit(device);
        }
        world.go_on();
        world.quiesce();
        world.check_end();
        world.check_kept();
    }));
    let broke = told.err().map(|_| {
        let said = SAID.lock();
        said.map(|said| said.clone()).unwrap_or_default()
    });
    let rare = [
        Fault::Squashed,
        Fault::Erased,
        Fault::Hidden,
        Fault::Folds,
        Fault::ServerRestored,
        Fault::DeviceRestored,
        Fault::DeviceCloned,
        Fault::OldProtocol,
        Fault::ClockOff,
    ];
    let with = rare
        .into_iter()
        .filter(|fault| world.faults.fired(*fault) > 0);
    Run {
        with: with.map(Fault::text).collect(),
        fired: Fault::ALL
            .iter()
            .map(|it| world.faults.fired(*it))
            .collect(),
        broke,
        story: world.story.unwrap_or_default(),
    }
}

fn listen() {
    std::panic::set_hook(Box::new(|panic| {
        if let Ok(mut said) = SAID.lock() {
            let text = panic.payload_as_str().unwrap_or("a panic");
            let place = panic.location().map(ToString::to_string);
            *said = format!("{text} ({})", place.unwrap_or_default());
        }
    }));
}

/// The kept seeds, unless one run is asked for, and those that were asked for.
fn seeds(start: u64, count: u64) -> impl Iterator<Item = u64> {
    let kept = KEPT
        .lines()
        .chain(hostile::KEPT.lines())
        .filter_map(|line| line.trim().parse().ok());
    kept.filter(move |_| count > 1).chain(start..start + count)
}

/// Runs, says how often each fault fired, and whether all was well.
pub fn simulate(start: u64, count: u64, story: bool) -> bool {
    listen();
    let mut fired = vec![0; Fault::ALL.len()];
    let mut failed = Vec::new();
    let mut ran = 0;
    for seed in seeds(start, count) {
        ran += 1;
        let run = run(seed, None, story);
        for line in &run.story {
            println!("{line}");
        }
        for (sum, times) in fired.iter_mut().zip(run.fired) {
            *sum += times;
        }
        if let Some(broke) = run.broke {
            println!("seed {seed} failed: {broke}");
            println!("  with: {}", run.with.join(", "));
            println!("  again: cargo xtask simulate --start {seed} --seeds 1");
            failed.push(seed);
        }
    }
    println!("{ran} runs, {} failed", failed.len());
    let mut good = failed.is_empty();
    for (fault, times) in Fault::ALL.iter().zip(fired) {
        println!("{times:>9} times {}", fault.text());
        if times == 0 && ran >= ENOUGH {
            println!("          that never happened: the runs prove less than they should");
            good = false;
        }
    }
    good
}

/// Switches bugs on one at a time, those whose turn it is; each must be found.
pub fn hunt(start: u64, (turn, of): (usize, usize)) -> bool {
    listen();
    let mut good = true;
    for bug in Bug::ALL.iter().skip(turn).step_by(of) {
        bug.switch_on();
        let found = (start..start + WITHIN)
            .find_map(|seed| Some((seed, run(seed, Some(*bug), false).broke?)));
        Bug::switch_off();
        match found {
            Some((seed, broke)) => {
                println!(
                    "found  {:<52} run {:>3}: {broke}",
                    bug.text(),
                    seed - start + 1
                );
            }
            None => {
                good = false;
                println!("MISSED {}", bug.text());
            }
        }
    }
    good
}
