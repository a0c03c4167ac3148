//! The local edge runtime: `wrangler dev` with both workers, serving app and API on one port.
use crate::npm::Npm;
use crate::place;
use crate::process::{self, Group};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How the runtime is reached.
pub enum Reach {
    /// From this machine, over HTTP.
    Local,
    /// From this network, over HTTPS with this certificate and key.
    Network {
        /// The certificate's PEM file.
        certificate: PathBuf,
        /// The key's PEM file.
        key: PathBuf,
    },
}

/// A running runtime; it stops when dropped.
pub struct Runtime {
    group: Group,
    log: PathBuf,
    // held for as long as the runtime uses the state folder
    _lock: File,
}

/// Fails in clear words when the port is in use.
pub fn check_port(port: u16) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!(
            "port {port} is taken: end the program that uses it, or choose another with --port {}",
            port.saturating_add(1)
        );
    }
    Ok(())
}

/// Takes a state folder for as long as the file is held: two runtimes would spoil each other's data.
fn claim(state: &Path) -> Result<File> {
    fs::create_dir_all(state).with_context(|| format!("cannot write to {}", state.display()))?;
    let lock = File::create(state.join("lock"))?;
    if lock.try_lock().is_err() {
        bail!(
            "another Terrain uses {}: stop it, or choose another folder with --state",
            state.display()
        );
    }
    Ok(lock)
}

impl Runtime {
    /// Starts both workers on a port, with the state kept in a folder.
    pub fn start(npm: &Npm, port: u16, state: &Path, build: &str, reach: &Reach) -> Result<Self> {
        let lock = claim(state)?;
        let log = process::log_path("runtime")?;
        let mut command = Command::new(npm.program("wrangler"));
        command
            .args([
                "dev",
                "-c",
                "edge-worker/wrangler.toml",
                "-c",
                "edge-worker/validator/wrangler.toml",
                "--local",
            ])
            .args([
                "--port",
                &port.to_string(),
                "--inspector-port",
                "0",
                "--show-interactive-dev-session=false",
            ])
            .args(["--var", &format!("BUILD_ID:{build}"), "--persist-to"])
            .arg(state)
            .current_dir(place::root())
            .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
            .env("WRANGLER_SEND_METRICS", "false")
            // two runtimes at once may not find each other's validator
            .env("WRANGLER_REGISTRY_PATH", state.join("registry"))
            .env("MINIFLARE_REGISTRY_PATH", state.join("registry"));
        match reach {
            Reach::Local => {
                command.args(["--ip", "127.0.0.1"]);
            }
            Reach::Network { certificate, key } => {
                command.args([
                    "--ip",
                    "0.0.0.0",
                    "--local-protocol",
                    "https",
                    "--https-cert-path",
                ]);
                command.arg(certificate).arg("--https-key-path").arg(key);
            }
        }
        let group = Group::start(&mut command, &log)?;
        Ok(Self {
            group,
            log,
            _lock: lock,
        })
    }

    /// Waits until `/healthz` answers with this build.
    pub fn wait(&mut self, port: u16, build: &str, reach: &Reach) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        while Instant::now() < deadline {
            if !self.group.is_running() {
                bail!(
                    "the edge runtime ended; the end of {}:\n{}",
                    self.log.display(),
                    process::tail(&self.log, 20)
                );
            }
            let answer = match reach {
                Reach::Local => health(port),
                Reach::Network { .. } => secure_health(port),
            };
            if answer.is_some_and(|text| text.contains(build)) {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        bail!(
            "the edge runtime did not answer within a minute; the end of {}:\n{}",
            self.log.display(),
            process::tail(&self.log, 20)
        )
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        self.group.is_running()
    }

    /// Where the runtime's own words go.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Stops it and everything it started.
    pub fn stop(&mut self) {
        self.group.stop();
    }
}

/// The answer of `/healthz`, when it is a good one.
fn health(port: u16) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    write!(
        stream,
        "GET /healthz HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer.starts_with("HTTP/1.1 200").then_some(answer)
}

/// The same over HTTPS, by Node, which is there anyway; the certificate is this machine's own.
fn secure_health(port: u16) -> Option<String> {
    let script = format!(
        "require('https').get({{host:'127.0.0.1',port:{port},path:'/healthz',rejectUnauthorized:false,timeout:5000}},\
r=>{{let t='';r.on('data',d=>t+=d);r.on('end',()=>{{console.log(t);process.exit(r.statusCode===200?0:1)}})}}).on('error',()=>process.exit(1))"
    );
    process::output(Command::new("node").args(["-e", &script]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_with_the_remedy() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let words = check_port(port).unwrap_err().to_string();
        assert!(words.contains("--port"), "{words}");
    }

    #[test]
    fn a_second_server_on_the_same_folder_ends_with_a_clear_line() {
        let state = place::target().join("claimed-state");
        let first = claim(&state).unwrap();
        let words = claim(&state).unwrap_err().to_string();
        assert!(words.contains("--state"), "{words}");
        drop(first);
        claim(&state).unwrap();
        crate::record::fault!(
            "F43",
            "a state folder is claimed a second time",
            "refused with a line that names the folder and the remedy; free again once the first lets go"
        );
    }
}
