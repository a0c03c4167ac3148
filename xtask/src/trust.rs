//! A certificate authority of this machine for `--lan`: made once, kept in the tools' cache, good for local names and addresses only.
use crate::place;
use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
    date_time_ymd,
};
use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The authority's certificate and key as PEM.
pub struct Authority {
    /// The certificate, to be installed on a tablet once.
    pub certificate: String,
    key: String,
}

/// The authority, made on first use.
pub fn authority() -> Result<Authority> {
    let folder = folder()?;
    let (certificate_file, key_file) = (folder.join("authority.pem"), folder.join("authority.key"));
    if let (Ok(certificate), Ok(key)) = (
        fs::read_to_string(&certificate_file),
        fs::read_to_string(&key_file),
    ) {
        return Ok(Authority { certificate, key });
    }
    let key = KeyPair::generate()?;
    let certificate = authority_params().self_signed(&key)?;
    let made = Authority {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    };
    write_secret(&key_file, &made.key)?;
    fs::write(&certificate_file, &made.certificate)?;
    Ok(made)
}

/// A server certificate for these names, signed by the authority; the paths of certificate and key.
pub fn server(authority: &Authority, names: &[String]) -> Result<(PathBuf, PathBuf)> {
    let folder = folder()?;
    let issuer_key = KeyPair::from_pem(&authority.key).context(
        "the local authority's key is damaged: delete the folder `lan` in the tools' cache",
    )?;
    let issuer = Issuer::new(authority_params(), issuer_key);
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.subject_alt_names = names
        .iter()
        .map(|name| match name.parse::<IpAddr>() {
            Ok(address) => Ok(SanType::IpAddress(address)),
            Err(_) => Ok(SanType::DnsName(name.as_str().try_into()?)),
        })
        .collect::<Result<_>>()?;
    params
        .distinguished_name
        .push(DnType::CommonName, "Terrain");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    // tablets refuse certificates of more than 398 days, and clocks differ by a day
    let now = date_time_ymd(1970, 1, 1)
        + UNIX_EPOCH
            .elapsed()
            .context("this machine's clock stands before 1970")?;
    params.not_before = now - DAY;
    params.not_after = now + DAY * 396;
    let certificate = params.signed_by(&key, &issuer)?;
    let (certificate_file, key_file) = (folder.join("server.pem"), folder.join("server.key"));
    fs::write(
        &certificate_file,
        format!("{}{}", certificate.pem(), authority.certificate),
    )?;
    write_secret(&key_file, &key.serialize_pem())?;
    Ok((certificate_file, key_file))
}

/// The same each time, so that a kept key signs in the name of the kept certificate.
fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params
        .distinguished_name
        .push(DnType::CommonName, "Terrain on this network");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted(),
        excluded_subtrees: Vec::new(),
    });
    params
}

/// Private IPv4 networks (RFC 1918, 6598, 3927 and this machine): two bytes of the address and the bits that count.
const NETWORKS: [(u8, u8, u8); 6] = [
    (10, 0, 8),
    (100, 64, 10),
    (127, 0, 8),
    (169, 254, 16),
    (172, 16, 12),
    (192, 168, 16),
];

/// Whether the authority may sign for this address.
pub fn may_certify(address: &IpAddr) -> bool {
    let IpAddr::V4(address) = address else {
        return false;
    };
    NETWORKS.iter().any(|&(a, b, bits)| {
        let apart = address.to_bits() ^ Ipv4Addr::new(a, b, 0, 0).to_bits();
        apart >> (32 - u32::from(bits)) == 0
    })
}

/// Only names under `.local`, `localhost` and private addresses: a stolen key is of no use elsewhere.
fn permitted() -> Vec<GeneralSubtree> {
    let networks = NETWORKS.iter().map(|&(a, b, bits)| {
        let address = IpAddr::V4(Ipv4Addr::new(a, b, 0, 0));
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(address, bits))
    });
    ["local", "localhost"]
        .map(|name| GeneralSubtree::DnsName(name.into()))
        .into_iter()
        .chain(networks)
        .collect()
}

fn folder() -> Result<PathBuf> {
    let folder = place::cache()?.join("lan");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn write_secret(path: &Path, text: &str) -> Result<()> {
    fs::remove_file(path).ok();
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    Ok(file.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_private_addresses_are_certified() {
        let certified = |text: &str| may_certify(&text.parse().unwrap());
        assert!(certified("192.168.1.20") && certified("10.4.0.1") && certified("172.31.0.9"));
        assert!(!certified("172.32.0.9") && !certified("8.8.8.8") && !certified("::1"));
    }
}
