//! Feeding a target: the corpus as it is, then mutations of it, each within bounds of time and memory.

use crate::targets::Target;
use crate::{MEMORY, corpus};
use fastrand::Rng;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The most inputs that are mutated further.
const POOL: usize = 4_096;
/// The longest input that is mutated further.
const LONGEST: usize = 300 * 1024;

/// How long a run goes on.
#[derive(Debug, Clone, Copy)]
pub enum Budget {
    /// So many inputs after the corpus: the same ones for the same seed.
    Inputs(u64),
    /// So much time.
    Time(Duration),
}

/// What a run begins with.
#[derive(Debug)]
pub struct Plan {
    /// Decides every mutation.
    pub seed: u64,
    /// How long it goes on.
    pub budget: Budget,
    /// Where the corpora lie.
    pub corpus: PathBuf,
    /// Where what fails is kept.
    pub keep: PathBuf,
}

/// Runs a target, and tells what was tried.
///
/// # Errors
/// An input broke a promise; the text tells which one and where it lies.
pub fn run(target: &'static Target, plan: &Plan) -> Result<String, String> {
    let began = Instant::now();
    let mut run = Run::begin(target, plan)?;
    let mut pool: Vec<Vec<u8>> = Vec::new();
    for (name, bytes) in corpus::load(&plan.corpus, target.name)? {
        run.try_one(&bytes)
            .map_err(|told| format!("{name}: {told}"))?;
        pool.push(bytes);
    }
    let sown = pool.len();
    let mut rng = Rng::with_seed(plan.seed);
    let goes_on = |tried: u64| match plan.budget {
        Budget::Inputs(inputs) => tried < inputs,
        Budget::Time(time) => began.elapsed() < time,
    };
    let mut tried = 0;
    while goes_on(tried) {
        // the corpus is drawn from as often as all that was found since
        let among = if rng.bool() { sown } else { pool.len() };
        let from = rng.usize(..among);
        let input = (target.mutate)(&mut rng, &pool[from]);
        tried += 1;
        let is_new = run.try_one(&input)?;
        if is_new && pool.len() < POOL && input.len() <= LONGEST {
            pool.push(input);
        }
    }
    fs::remove_file(&run.path).ok();
    Ok(format!(
        "{}: seed {}, {sown} from the corpus and {tried} mutated in {:.1} s, {} ways; slowest {} ms, most memory {} kB",
        target.name,
        plan.seed,
        began.elapsed().as_secs_f64(),
        run.ways.len(),
        run.slowest.as_millis(),
        run.largest / 1024,
    ))
}

struct Run {
    target: &'static Target,
    keep: PathBuf,
    /// Holds the input that is being tried.
    path: PathBuf,
    file: File,
    /// When the input that is being tried began.
    since: Arc<Mutex<Option<Instant>>>,
    /// What the last panic said, and where.
    said: Arc<Mutex<String>>,
    ways: BTreeSet<String>,
    slowest: Duration,
    largest: usize,
}

impl Run {
    fn begin(target: &'static Target, plan: &Plan) -> Result<Run, String> {
        let folder = std::env::temp_dir();
        let path = folder.join(format!(
            "terrain-fuzz-{}-{}",
            target.name,
            std::process::id()
        ));
        let file = File::create(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let since = Arc::new(Mutex::new(None));
        watch(target, since.clone(), path.clone(), plan.keep.clone());
        let said = Arc::new(Mutex::new(String::new()));
        let hears = said.clone();
        std::panic::set_hook(Box::new(move |panic| {
            if let Ok(mut said) = hears.lock() {
                *said = panic.to_string();
            }
        }));
        Ok(Run {
            target,
            keep: plan.keep.clone(),
            path,
            file,
            since,
            said,
            ways: BTreeSet::new(),
            slowest: Duration::ZERO,
            largest: 0,
        })
    }

    /// Tries an input and tells whether it went a new way.
    fn try_one(&mut self, bytes: &[u8]) -> Result<bool, String> {
        self.note(bytes)
            .map_err(|error| format!("{}: {error}", self.path.display()))?;
        let held = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let began = Instant::now();
        set(&self.since, Some(began));
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.target.run)(bytes)));
        set(&self.since, None);
        let (time, memory) = (began.elapsed(), MEMORY.peak_usage().saturating_sub(held));
        self.slowest = self.slowest.max(time);
        self.largest = self.largest.max(memory);
        let allowed = (self.target.memory)(bytes.len());
        let told = match outcome {
            Err(_) => self
                .said
                .lock()
                .map_or_else(|_| String::new(), |said| said.clone()),
            Ok(_) if time > Duration::from_millis(self.target.limit_ms) => {
                format!("took {} ms", time.as_millis())
            }
            Ok(_) if memory > allowed => format!("held {memory} bytes; {allowed} are allowed"),
            Ok(way) => return Ok(self.ways.insert(way)),
        };
        let kept = corpus::keep(&self.keep, self.target.name, bytes);
        Err(format!(
            "FAILED {}: {told}\n{}",
            self.target.name,
            kept.display()
        ))
    }

    /// Puts the input where it is found when the process ends.
    fn note(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(bytes)
    }
}

/// Ends the process when an input takes far too long.
fn watch(
    target: &'static Target,
    since: Arc<Mutex<Option<Instant>>>,
    path: PathBuf,
    keep: PathBuf,
) {
    let limit = Duration::from_millis(target.limit_ms * 4);
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_millis(200));
            let began = since.lock().map_or(None, |since| *since);
            if began.is_some_and(|began| began.elapsed() > limit) {
                eprintln!(
                    "FAILED {}: no end after {} ms",
                    target.name,
                    limit.as_millis()
                );
                leave(&path, &keep, target.name);
            }
        }
    });
}

fn leave(path: &Path, keep: &Path, target: &str) -> ! {
    let bytes = fs::read(path).unwrap_or_default();
    eprintln!("{}", corpus::keep(keep, target, &bytes).display());
    std::process::exit(1)
}

fn set(since: &Mutex<Option<Instant>>, to: Option<Instant>) {
    if let Ok(mut since) = since.lock() {
        *since = to;
    }
}
