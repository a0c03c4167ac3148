//! `--lan`: HTTPS for tablets on the same network, with a QR code of the address and one of the certificate to trust.
use crate::runtime::Reach;
use crate::{process, trust};
use anyhow::{Context, Result};
use std::io::{BufRead, BufReader, Write};
use std::net::{IpAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

/// What a tablet needs to reach this machine.
pub struct Network {
    host: String,
    addresses: Vec<IpAddr>,
    port: u16,
    certificate: PathBuf,
    key: PathBuf,
    authority: String,
}

/// Makes a certificate for this machine's name and addresses.
pub fn prepare(port: u16) -> Result<Network> {
    let host = format!("{}.local", host_name());
    let addresses = addresses();
    let authority = trust::authority()?;
    let mut names = vec![host.clone(), "localhost".to_owned(), "127.0.0.1".to_owned()];
    names.extend(
        addresses
            .iter()
            .filter(|ip| trust::may_certify(ip))
            .map(IpAddr::to_string),
    );
    let (certificate, key) = trust::server(&authority, &names)?;
    Ok(Network {
        host,
        addresses,
        port,
        certificate,
        key,
        authority: authority.certificate,
    })
}

impl Network {
    /// How the runtime is to be started.
    pub fn reach(&self) -> Reach {
        Reach::Network {
            certificate: self.certificate.clone(),
            key: self.key.clone(),
        }
    }

    /// Prints how a tablet gets here, serves the certificate to trust, and returns the address.
    pub fn announce(&self) -> Result<String> {
        let address = format!("https://{}:{}", self.host, self.port);
        println!("\nOn the tablet, open {address}\n{}", qr(&address)?);
        for ip in self.addresses.iter().filter(|ip| trust::may_certify(ip)) {
            println!(
                "or, where the network does not know that name, https://{ip}:{} (one of the two for good: data belongs to the address)",
                self.port
            );
        }
        if let Some(ip) = self.addresses.first() {
            let port = serve_certificate(self.authority.clone())?;
            let link = format!("http://{ip}:{port}/terrain.crt");
            println!(
                "\nOnce before that, trust this machine: open {link}\n{}",
                qr(&link)?
            );
            println!(
                "iPad: Settings, Profile Downloaded, Install; then General, About, Certificate Trust Settings."
            );
            println!("Android: Settings, Security, Install a certificate, CA certificate.");
        }
        Ok(address)
    }
}

/// The text as a QR code in half-height blocks, dark on light whatever the terminal's colours.
fn qr(text: &str) -> Result<String> {
    let code = qrcode::QrCode::new(text).context("the address does not fit a QR code")?;
    let picture = code
        .render::<qrcode::render::unicode::Dense1x2>()
        .dark_color(qrcode::render::unicode::Dense1x2::Dark)
        .light_color(qrcode::render::unicode::Dense1x2::Light)
        .build();
    Ok(picture
        .lines()
        .map(|line| format!("\x1b[30;107m{line}\x1b[0m\n"))
        .collect())
}

/// Serves the authority's certificate, which is public, on a port of its own for as long as this program runs.
fn serve_certificate(certificate: String) -> Result<u16> {
    let listener = TcpListener::bind(("0.0.0.0", 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            stream.set_read_timeout(Some(Duration::from_secs(2))).ok();
            BufReader::new(&stream).read_line(&mut String::new()).ok();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-x509-ca-cert\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                certificate.len()
            );
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(certificate.as_bytes()).ok();
        }
    });
    Ok(port)
}

fn host_name() -> String {
    let name = process::output(&mut Command::new("hostname")).unwrap_or_default();
    let short: String = name.split('.').next().unwrap_or_default().to_lowercase();
    if short.is_empty() {
        "terrain".to_owned()
    } else {
        short
    }
}

/// The address that this machine uses towards its network; nothing is sent to find it.
fn addresses() -> Vec<IpAddr> {
    let found = UdpSocket::bind(("0.0.0.0", 0)).and_then(|socket| {
        socket.connect(("192.0.2.1", 9))?;
        socket.local_addr()
    });
    found
        .into_iter()
        .map(|address| address.ip())
        .filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_picture() {
        assert!(qr("https://tablet.local:8787").unwrap().lines().count() > 10);
    }
}
