//! Which workspaces there are, and how many a network may make or ask for in vain.
//!
//! A room comes into being when it is first asked anything, whether anybody made its workspace or not. So
//! the ids of those that were made are listed, and one that is not in the list costs the network that asks.
//! A list may lack ids: it is younger than the first workspaces, and may be put back from an older copy. An
//! id that it lacks is looked up, by asking its room; that costs nothing where the workspace is there.
//!
//! One Durable Object has the list, and there is one for each network.

mod bucket;
mod object;

use crate::error::ApiError;
use shared::id::{WorkspaceId, sha256};
use worker::{Env, Stub};

/// The object that has the list; the networks' are named by hashes.
const LIST: &str = "workspaces";
const OWN: &str = "own";

/// What the list or a network says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// There is such a workspace.
    There,
    /// There is none.
    None,
    /// It may be made.
    Make,
    /// The network asked for too much.
    TooMany {
        /// When to try again.
        retry_after_s: u32,
    },
}

/// Whether a workspace is in the list.
///
/// # Errors
/// The list can't be read.
pub async fn is_listed(env: &Env, id: WorkspaceId) -> Result<bool, ApiError> {
    let said = ask(&stub(env, LIST)?, &format!("is/-/{id}")).await?;
    Ok(said == Said::There)
}

/// Finds out whether there is a workspace that is not in the list, at the cost of a network.
///
/// # Errors
/// It can't be found out.
pub async fn look(env: &Env, address: &str, id: WorkspaceId) -> Result<Said, ApiError> {
    ask_network(env, address, "look", id).await
}

/// The same for one who would make it; where it may be made it is in the list, and paid for.
///
/// # Errors
/// It can't be found out.
pub async fn make(env: &Env, address: &str, id: WorkspaceId) -> Result<Said, ApiError> {
    ask_network(env, address, "make", id).await
}

/// Has a network pay for a workspace that is in the list, but was never made or is lost.
///
/// # Errors
/// The network's object fails.
pub async fn make_listed(env: &Env, address: &str, id: WorkspaceId) -> Result<Said, ApiError> {
    ask_network(env, address, "make-listed", id).await
}

/// The network of an address: the first three numbers of an IPv4 address, the first 48 bits of an
/// IPv6 address.
pub fn network(address: &str) -> String {
    use std::net::IpAddr;
    match address.parse::<IpAddr>() {
        Ok(address) if address.is_loopback() => OWN.into(),
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}")
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}")
        }
        Err(_) if address.is_empty() => OWN.into(),
        Err(_) => "unknown".into(),
    }
}

async fn ask_network(
    env: &Env,
    address: &str,
    verb: &str,
    id: WorkspaceId,
) -> Result<Said, ApiError> {
    let network = network(address);
    let name: String = sha256(network.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let whose = if network == OWN { OWN } else { "other" };
    ask(&stub(env, &name)?, &format!("{verb}/{whose}/{id}")).await
}

fn stub(env: &Env, name: &str) -> worker::Result<Stub> {
    env.durable_object("LIMIT")?.get_by_name(name)
}

async fn ask(stub: &Stub, what: &str) -> Result<Said, ApiError> {
    let response = stub.fetch_with_str(&format!("http://limit/{what}")).await?;
    Ok(match response.status_code() {
        204 => Said::There,
        201 => Said::Make,
        404 => Said::None,
        429 => {
            let retry = response.headers().get("retry-after")?;
            let retry_after_s = retry.and_then(|retry| retry.parse().ok());
            Said::TooMany {
                retry_after_s: retry_after_s.unwrap_or(60),
            }
        }
        other => return Err(ApiError::Storage(format!("the list answered {other}"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_network_share_a_bucket() {
        assert_eq!(network("203.0.113.7"), network("203.0.113.200"));
        assert_ne!(network("203.0.113.7"), network("203.0.114.7"));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:ffff::9"));
        assert_eq!(network("127.0.0.1"), OWN);
        assert_eq!(network("::1"), OWN);
        assert_eq!(network("x"), "unknown");
    }
}
