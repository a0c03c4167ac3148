//! `cargo xtask dev`: build, serve app and API on one port, and stop everything on Ctrl-C.
use crate::runtime::{self, Reach, Runtime};
use crate::setup::toolbox;
use crate::{build, bundle, lan, place, tools};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

struct Options {
    port: u16,
    state: PathBuf,
    open: bool,
    lan: bool,
}

/// Serves until Ctrl-C, TERM, or the runtime's end.
pub fn run(arguments: lexopt::Parser) -> Result<()> {
    let options = parse(arguments)?;
    let (send, stopped) = mpsc::channel();
    ctrlc::set_handler(move || {
        send.send(()).ok();
    })
    .context("cannot listen for Ctrl-C")?;
    runtime::check_port(options.port)?;
    let tools = toolbox()?;
    let dist = build::dist();
    build::all(&tools, &dist, "")?;
    let id = bundle::build_of(&dist)?;
    let network = if options.lan {
        Some(lan::prepare(options.port)?)
    } else {
        None
    };
    let reach = network.as_ref().map_or(Reach::Local, lan::Network::reach);
    if stopped.try_recv().is_ok() {
        return Ok(());
    }
    println!(
        "starting the edge runtime (state in {})",
        options.state.display()
    );
    let mut runtime = Runtime::start(&tools.npm, options.port, &options.state, &id, &reach)?;
    runtime.wait(options.port, &id, &reach)?;
    println!("the runtime's own words are in {}", runtime.log().display());
    let address = match &network {
        Some(network) => network.announce()?,
        None => format!("http://localhost:{}", options.port),
    };
    println!("Terrain is ready on {address}");
    if options.open {
        open(&address);
    }
    loop {
        match stopped.recv_timeout(Duration::from_millis(500)) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if !runtime.is_running() => {
                bail!("the edge runtime ended; see {}", runtime.log().display())
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    println!("\nstopping");
    runtime.stop();
    Ok(())
}

fn parse(mut arguments: lexopt::Parser) -> Result<Options> {
    use lexopt::prelude::*;
    let mut options = Options {
        port: 8787,
        state: place::root().join(".terrain/state"),
        open: true,
        lan: false,
    };
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => options.port = arguments.value()?.parse()?,
            Long("state") => options.state = std::env::current_dir()?.join(arguments.value()?),
            Long("no-open") => options.open = false,
            Long("lan") => options.lan = true,
            other @ (Short(_) | Long(_) | Value(_)) => return Err(other.unexpected().into()),
        }
    }
    Ok(options)
}

/// Opens the address in the person's browser, where there is a screen; the printed line says it anyway.
fn open(address: &str) {
    let has_screen = cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some());
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    if has_screen && tools::find_on_path(opener).is_some() {
        Command::new(opener)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let options = parse(lexopt::Parser::from_args([
            "--port",
            "9000",
            "--no-open",
            "--state",
            "/tmp/x",
        ]))
        .unwrap();
        assert_eq!(
            (options.port, options.open, options.lan),
            (9000, false, false)
        );
        assert_eq!(options.state, PathBuf::from("/tmp/x"));
        assert!(parse(lexopt::Parser::from_args(["--prot"])).is_err());
    }
}
