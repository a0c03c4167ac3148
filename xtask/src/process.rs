//! Running other programs: in view, in silence with a log, or as a group that can be stopped whole.
use crate::{place, tools};
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::cell::Cell;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

thread_local! {
    /// Whether what this thread runs stands aside for other work.
    static ASIDE: Cell<bool> = const { Cell::new(false) };
}

/// Does work beside other work: the programs that it runs give way to others, and what each of them
/// says is shown in one piece when it is done.
pub fn aside<T>(work: impl FnOnce() -> T) -> T {
    ASIDE.set(true);
    let done = work();
    ASIDE.set(false);
    done
}

/// Runs a program in view and fails when it fails.
pub fn run(command: &mut Command) -> Result<()> {
    let name = shown(command);
    if ASIDE.get() {
        return run_aside(command, &name);
    }
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("could not start `{name}`"))?;
    if !status.success() {
        bail!("`{name}` failed");
    }
    Ok(())
}

fn run_aside(command: &Command, name: &str) -> Result<()> {
    let output = giving_way(command)
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{name}`"))?;
    let mut view = std::io::stdout().lock();
    view.write_all(&[output.stdout, output.stderr].concat())?;
    view.flush()?;
    if !output.status.success() {
        bail!("`{name}` failed");
    }
    Ok(())
}

/// The same command at a lower priority, where the system has `nice`.
fn giving_way(command: &Command) -> Command {
    let mut nice = match tools::find_on_path("nice") {
        Some(nice) => Command::new(nice),
        None => Command::new(command.get_program()),
    };
    if nice.get_program() != command.get_program() {
        nice.args(["-n", "10"]).arg(command.get_program());
    }
    nice.args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => nice.env(name, value),
            None => nice.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        nice.current_dir(folder);
    }
    nice
}

/// Runs a program in silence; when it fails, the end of what it said is shown.
pub fn run_quietly(command: &mut Command, log_name: &str) -> Result<()> {
    let name = shown(command);
    let log = log_path(log_name)?;
    let file = File::create(&log)?;
    let status = command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .with_context(|| format!("could not start `{name}`"))?;
    if !status.success() {
        bail!("`{name}` failed; from {}:\n{}", log.display(), reason(&log));
    }
    Ok(())
}

/// What a program prints, or nothing when it is missing or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// What went wrong, by a log: from the first line that says "error", else its end.
fn reason(log: &Path) -> String {
    let text = tail(log, usize::MAX);
    let lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|line| line.starts_with("error")) {
        Some(first) => lines[first..lines.len().min(first + 40)].join("\n"),
        None => tail(log, 25),
    }
}

/// The last lines of a file.
pub fn tail(path: &Path, lines: usize) -> String {
    let text = fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .unwrap_or_default();
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// A log file among this program's notes.
pub fn log_path(name: &str) -> Result<PathBuf> {
    let folder = place::notes().join("logs");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.log")))
}

/// A duration as people say it.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// A program and all that it starts; stopped when dropped.
pub struct Group {
    child: Child,
}

impl Group {
    /// Starts the program in a process group of its own, its words going to a log.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name = shown(command);
        let file = File::create(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start `{name}`"))?;
        Ok(Self { child })
    }

    /// Whether the program still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks the whole group to end, waits up to five seconds, then ends it.
    pub fn stop(&mut self) {
        let group = Pid::from_raw(i32::try_from(self.child.id()).expect("process ids are small"));
        if killpg(group, Signal::SIGTERM).is_err() {
            return;
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        while Instant::now() < deadline {
            let leader_gone = !self.is_running();
            if leader_gone && killpg(group, None).is_err() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        // workerd has been seen alive four seconds after TERM; a group that is gone by now makes this a no-op
        killpg(group, Signal::SIGKILL).ok();
        self.child.wait().ok();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stop();
    }
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    let line = words.join(" ");
    if line.chars().count() > 100 {
        format!("{}…", line.chars().take(100).collect::<String>())
    } else {
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_has_no_output() {
        assert_eq!(output(&mut Command::new("terrain-no-such-program")), None);
    }

    #[test]
    fn what_runs_aside_fails_when_its_program_fails() {
        aside(|| {
            run(Command::new("true").env("A", "b").current_dir("/")).unwrap();
            assert!(run(&mut Command::new("false")).is_err());
        });
    }

    #[test]
    fn times_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(1234)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_group_stops_with_its_children() {
        let log = log_path("test-group").unwrap();
        let mut group =
            Group::start(Command::new("sh").args(["-c", "sleep 60 & sleep 60"]), &log).unwrap();
        assert!(group.is_running());
        group.stop();
        assert!(!group.is_running());
    }
}
