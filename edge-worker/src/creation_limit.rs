//! How many workspaces a network may make: a bucket of tokens, kept by one Durable Object for each
//! network.

use crate::error::ApiError;
use shared::id::sha256;
use worker::{
    Date, DurableObject, Env, Request, Response, ResponseBuilder, SqlStorageValue, State,
    durable_object,
};

/// Workspaces that may be made at once.
const BURST: f64 = 10.0;
/// Workspaces that may be made in an hour.
const PER_HOUR: f64 = 20.0;
/// The same for this machine: whoever sits at it.
const OWN_FACTOR: f64 = 100.0;
const HOUR_MS: f64 = 3_600_000.0;

/// Takes a token of the network of this address.
///
/// # Errors
/// There is none left.
pub async fn take(env: &Env, address: &str) -> Result<(), ApiError> {
    let network = network(address);
    let is_own = network == OWN;
    let namespace = env.durable_object("LIMIT")?;
    let name: String = sha256(network.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let path = if is_own { "own" } else { "other" };
    let stub = namespace.get_by_name(&name)?;
    let response = stub.fetch_with_str(&format!("http://limit/{path}")).await?;
    if response.status_code() == 204 {
        return Ok(());
    }
    let retry = response.headers().get("retry-after")?;
    Err(ApiError::TooMany {
        retry_after_s: retry.and_then(|retry| retry.parse().ok()).unwrap_or(60),
    })
}

const OWN: &str = "own";

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

/// What is left in a bucket after a token was taken, or the seconds until there is one.
fn spend(tokens: f64, passed_ms: f64, factor: f64) -> Result<f64, u32> {
    let refilled = tokens + passed_ms.max(0.0) / HOUR_MS * PER_HOUR * factor;
    let tokens = refilled.min(BURST * factor);
    if tokens >= 1.0 {
        Ok(tokens - 1.0)
    } else {
        Err(((1.0 - tokens) * HOUR_MS / (PER_HOUR * factor) / 1_000.0).ceil() as u32)
    }
}

/// The Durable Object of one network.
#[durable_object]
pub struct CreationLimit {
    state: State,
}

impl DurableObject for CreationLimit {
    fn new(state: State, _env: Env) -> Self {
        CreationLimit { state }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let factor = if request.path() == "/own" {
            OWN_FACTOR
        } else {
            1.0
        };
        let sql = self.state.storage().sql();
        sql.exec(
            "CREATE TABLE IF NOT EXISTS bucket (id INTEGER PRIMARY KEY, tokens REAL, at REAL)",
            None,
        )?;
        let now = Date::now().as_millis() as f64;
        let row = sql.exec("SELECT tokens, at FROM bucket WHERE id = 1", None)?;
        let row = row.raw().next().transpose()?;
        let number = |value: Option<&SqlStorageValue>| match value {
            Some(SqlStorageValue::Integer(number)) => *number as f64,
            Some(SqlStorageValue::Float(number)) => *number,
            Some(
                SqlStorageValue::Null
                | SqlStorageValue::Boolean(_)
                | SqlStorageValue::String(_)
                | SqlStorageValue::Blob(_),
            )
            | None => 0.0,
        };
        let (tokens, at) = match &row {
            Some(row) => (number(row.first()), number(row.get(1))),
            None => (BURST * factor, now),
        };
        match spend(tokens, now - at, factor) {
            Ok(left) => {
                sql.exec(
                    "INSERT OR REPLACE INTO bucket (id, tokens, at) VALUES (1, ?, ?)",
                    vec![left.into(), now.into()],
                )?;
                Ok(ResponseBuilder::new().with_status(204).empty())
            }
            Err(wait_s) => Ok(ResponseBuilder::new()
                .with_status(429)
                .with_header("retry-after", &wait_s.to_string())?
                .empty()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_makes_ten_at_once_and_then_one_every_three_minutes() {
        let mut tokens = BURST;
        for _ in 0..10 {
            tokens = spend(tokens, 0.0, 1.0).unwrap();
        }
        assert_eq!(spend(tokens, 0.0, 1.0), Err(180));
        assert_eq!(spend(tokens, 90_000.0, 1.0), Err(90));
        assert_eq!(spend(tokens, 180_000.0, 1.0), Ok(0.0));
        assert_eq!(spend(0.0, f64::MAX, 1.0), Ok(BURST - 1.0));
        assert_eq!(spend(1.0, -5.0, 1.0), Ok(0.0));
    }

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
