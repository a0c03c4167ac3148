//! What can go wrong with a request, and the one place where it becomes a response.

use worker::{Headers, Response, ResponseBuilder};

/// Why a request is refused.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// No such address.
    #[error("no such address")]
    NotFound,
    /// The address takes other methods.
    #[error("method not allowed")]
    Method,
    /// The page that asks is not ours.
    #[error("foreign origin")]
    Origin,
    /// The secret is missing or wrong, or there is no such workspace.
    #[error("wrong secret")]
    Secret,
    /// The workspace exists with another secret.
    #[error("the workspace exists")]
    Exists,
    /// The body is not what it should be.
    #[error("malformed request")]
    Malformed,
    /// More records are named than one request may name.
    #[error("too many records")]
    TooManyRecords,
    /// The socket's protocol is not ours.
    #[error("no common subprotocol")]
    Protocol,
    /// Too many workspaces were made from this network, or asked for in vain; or a room has enough to do.
    #[error("too many")]
    TooMany {
        /// When to try again.
        retry_after_s: u32,
    },
    /// The room could not do it now; nothing was done.
    #[error("the room could not do it")]
    Unavailable,
    /// The runtime failed.
    #[error("runtime: {0}")]
    Runtime(#[from] worker::Error),
    /// The storage failed.
    #[error("storage: {0}")]
    Storage(String),
}

impl ApiError {
    /// The status code.
    pub fn status(&self) -> u16 {
        match self {
            ApiError::NotFound => 404,
            ApiError::Method => 405,
            ApiError::Origin => 403,
            ApiError::Secret => 401,
            ApiError::Exists => 409,
            ApiError::Malformed | ApiError::Protocol => 400,
            ApiError::TooManyRecords => 413,
            ApiError::TooMany { .. } => 429,
            ApiError::Unavailable => 503,
            ApiError::Runtime(_) | ApiError::Storage(_) => 500,
        }
    }

    /// The name in the response.
    pub fn name(&self) -> &'static str {
        match self {
            ApiError::NotFound => "not_found",
            ApiError::Method => "method_not_allowed",
            ApiError::Origin => "foreign_origin",
            ApiError::Secret => "wrong_secret",
            ApiError::Exists => "workspace_exists",
            ApiError::Malformed => "malformed",
            ApiError::Protocol => "no_common_subprotocol",
            ApiError::TooManyRecords => "too_many_records",
            ApiError::TooMany { .. } => "too_many",
            ApiError::Unavailable => "unavailable",
            ApiError::Runtime(_) | ApiError::Storage(_) => "internal",
        }
    }

    /// The response: a JSON object with the error's name.
    ///
    /// # Errors
    /// The runtime takes no response.
    pub fn into_response(self) -> worker::Result<Response> {
        let headers = Headers::new();
        headers.set("content-type", "application/json")?;
        headers.set("cache-control", "no-store")?;
        if let ApiError::TooMany { retry_after_s } = self {
            headers.set("retry-after", &retry_after_s.to_string())?;
        }
        let body = format!("{{\"error\":\"{}\"}}", self.name());
        Ok(ResponseBuilder::new()
            .with_status(self.status())
            .with_headers(headers)
            .fixed(body.into_bytes()))
    }
}
