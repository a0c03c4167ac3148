//! From a request to the room that answers it.

use crate::auth;
use crate::doorstep;
use crate::error::ApiError;
use crate::journal::{self, Answered};
use crate::page;
use crate::workspace_room::{inner, room};
use futures_util::StreamExt;
use shared::id::{RecordId, Secret, WorkspaceId};
use worker::{Date, Env, Headers, Method, Request, RequestInit, Response, ResponseBuilder, Stub};

/// The most records that one request may name.
const RECORDS: usize = 100;
/// The most bytes of a list of records.
const RECORDS_BYTES: usize = 8 * 1024;
/// The most bytes of a body that is too long and is let pass.
const PASSED_BYTES: usize = 1024 * 1024;
/// The most bytes of a new secret.
const SECRET_BYTES: usize = 256;

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Page,
    Health,
    Workspace(WorkspaceId),
    Secret(WorkspaceId),
    Socket(WorkspaceId),
    Erase(WorkspaceId),
    Squash(WorkspaceId),
}

impl Route {
    fn read(path: &str) -> Option<Route> {
        if path == "/healthz" {
            return Some(Route::Health);
        }
        if page::is_page(path) {
            return Some(Route::Page);
        }
        let rest = path.strip_prefix("/api/workspaces/")?;
        let (id, verb) = rest.split_once('/').unwrap_or((rest, ""));
        let id = id.parse().ok()?;
        match verb {
            "" => Some(Route::Workspace(id)),
            "secret" => Some(Route::Secret(id)),
            "socket" => Some(Route::Socket(id)),
            "erase" => Some(Route::Erase(id)),
            "squash" => Some(Route::Squash(id)),
            _ => None,
        }
    }

    fn name(route: Option<Route>) -> &'static str {
        match route {
            None => "unknown",
            Some(Route::Page) => "page",
            Some(Route::Health) => "healthz",
            Some(Route::Workspace(_)) => "workspace",
            Some(Route::Secret(_)) => "secret",
            Some(Route::Socket(_)) => "socket",
            Some(Route::Erase(_)) => "erase",
            Some(Route::Squash(_)) => "squash",
        }
    }
}

/// Answers a request, and writes a line about it.
pub async fn answer(request: Request, env: Env) -> worker::Result<Response> {
    let started = Date::now().as_millis();
    let id = journal::request_id(&request);
    let method = request.method();
    let route = Route::read(&request.path());
    let result = route_to(route, request, &env, &id).await;
    let error = match &result {
        Err(error) if error.status() == 500 => Some(error.to_string()),
        Ok(_) | Err(_) => None,
    };
    let response = match result {
        Ok(response) => Ok(response),
        Err(error) => error.into_response(),
    }
    .and_then(page::protect);
    let status = response.as_ref().map_or(500, Response::status_code);
    journal::write(
        &id,
        Answered {
            event: "answered",
            method: method.as_ref(),
            route: Route::name(route),
            status,
            ms: Date::now().as_millis().saturating_sub(started),
            error,
        },
    );
    response
}

async fn route_to(
    route: Option<Route>,
    request: Request,
    env: &Env,
    request_id: &str,
) -> Result<Response, ApiError> {
    match (route.ok_or(ApiError::NotFound)?, request.method()) {
        (Route::Page, Method::Get | Method::Head) => page::answer(env).await,
        (Route::Health, Method::Get | Method::Head) => health(env),
        (Route::Workspace(id), Method::Post) => {
            check_origin(&request)?;
            create(id, &request, env, request_id).await
        }
        (Route::Workspace(id), Method::Get) => {
            check_origin(&request)?;
            let secret = secret(&request)?;
            let room = doorstep::room(env, &request, id).await?;
            match ask(&room, inner::PROBE, secret, None, request_id).await? {
                204 => empty(204),
                _ => Err(ApiError::Secret),
            }
        }
        (Route::Secret(id), Method::Put) => {
            check_origin(&request)?;
            renew(id, request, env, request_id).await
        }
        (Route::Erase(id), Method::Post) => {
            check_origin(&request)?;
            about_records(inner::ERASE, id, request, env, request_id).await
        }
        (Route::Squash(id), Method::Post) => {
            check_origin(&request)?;
            about_records(inner::SQUASH, id, request, env, request_id).await
        }
        (Route::Socket(id), Method::Get) => {
            check_origin(&request)?;
            let upgrade = request.headers().get("upgrade")?.unwrap_or_default();
            if !upgrade.eq_ignore_ascii_case("websocket") {
                return Err(ApiError::Malformed);
            }
            let offers = request.headers().get("sec-websocket-protocol")?;
            let offered = offers.and_then(|offers| auth::offered(&offers));
            offered.ok_or(ApiError::Protocol)?.ok_or(ApiError::Secret)?;
            let room = doorstep::room(env, &request, id).await?;
            Ok(room.fetch_with_request(request).await?)
        }
        (
            Route::Page
            | Route::Health
            | Route::Workspace(_)
            | Route::Secret(_)
            | Route::Socket(_)
            | Route::Erase(_)
            | Route::Squash(_),
            _,
        ) => Err(ApiError::Method),
    }
}

fn health(env: &Env) -> Result<Response, ApiError> {
    let build = env.var("BUILD_ID")?.to_string();
    let body = serde_json::json!({ "status": "ok", "build": build });
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("cache-control", "no-store")?;
    Ok(Response::from_bytes(body.to_string().into_bytes())?.with_headers(headers))
}

async fn create(
    id: WorkspaceId,
    request: &Request,
    env: &Env,
    request_id: &str,
) -> Result<Response, ApiError> {
    let secret = secret(request)?;
    let is_listed = doorstep::let_make(env, request, id).await?;
    let room = room(env, id)?;
    if is_listed {
        match ask(&room, inner::PROBE, secret, None, request_id).await? {
            204 => return empty(200),
            401 => return Err(ApiError::Exists),
            _ => doorstep::let_make_listed(env, request, id).await?,
        }
    }
    match ask(&room, inner::CREATE, secret, None, request_id).await? {
        201 => empty(201),
        200 => empty(200),
        409 => Err(ApiError::Exists),
        other => Err(ApiError::Storage(format!("the room answered {other}"))),
    }
}

async fn renew(
    id: WorkspaceId,
    mut request: Request,
    env: &Env,
    request_id: &str,
) -> Result<Response, ApiError> {
    let old = secret(&request)?;
    let body = body(&mut request, SECRET_BYTES).await?;
    let body = body.ok_or(ApiError::Malformed)?;
    let new: Secret = body.trim().parse().map_err(|_| ApiError::Malformed)?;
    let new = Some((inner::NEW_SECRET, new.to_string()));
    let room = doorstep::room(env, &request, id).await?;
    match ask(&room, inner::RENEW, old, new, request_id).await? {
        204 => empty(204),
        401 | 404 => Err(ApiError::Secret),
        other => Err(ApiError::Storage(format!("the room answered {other}"))),
    }
}

/// Erases records, or has them begin a new generation.
async fn about_records(
    what: &str,
    id: WorkspaceId,
    mut request: Request,
    env: &Env,
    request_id: &str,
) -> Result<Response, ApiError> {
    let secret = secret(&request)?;
    let body = body(&mut request, RECORDS_BYTES).await?;
    let records = records(&body.ok_or(ApiError::TooManyRecords)?)?;
    let list = Some((inner::RECORDS, records));
    let room = doorstep::room(env, &request, id).await?;
    match ask(&room, what, secret, list, request_id).await? {
        code @ (202 | 204) => empty(code),
        429 => Err(ApiError::TooMany { retry_after_s: 1 }),
        401 | 404 => Err(ApiError::Secret),
        503 => Err(ApiError::Unavailable),
        other => Err(ApiError::Storage(format!("the room answered {other}"))),
    }
}

/// The body, or `None` where it has more bytes than that, whatever its header says. What is too long is
/// let pass up to a bound: a connection on which some was left unread serves no further request.
async fn body(request: &mut Request, most: usize) -> Result<Option<String>, ApiError> {
    if request.inner().body().is_none() {
        return Ok(Some(String::new()));
    }
    let (mut read, mut length) = (Vec::new(), 0);
    let mut stream = request.stream()?;
    while let Some(some) = stream.next().await {
        let some = some?;
        length += some.len();
        if length <= most {
            read.extend(some);
        } else if length > PASSED_BYTES {
            break;
        }
    }
    if length > most {
        return Ok(None);
    }
    let text = String::from_utf8(read).map_err(|_| ApiError::Malformed)?;
    Ok(Some(text))
}

/// A JSON list of record ids, as the room takes them.
fn records(body: &str) -> Result<String, ApiError> {
    let ids: Vec<String> = serde_json::from_str(body).map_err(|_| ApiError::Malformed)?;
    let are_ids = ids.iter().all(|id| id.parse::<RecordId>().is_ok());
    if ids.is_empty() || !are_ids {
        return Err(ApiError::Malformed);
    }
    if ids.len() > RECORDS {
        return Err(ApiError::TooManyRecords);
    }
    Ok(ids.join(","))
}

fn check_origin(request: &Request) -> Result<(), ApiError> {
    let origin = request.headers().get("origin")?;
    let host = match request.headers().get("host")? {
        Some(host) => host,
        // Read by hand: the `url` crate brings 100 kB of tables for international names.
        None => auth::host(&request.inner().url()).to_owned(),
    };
    if auth::is_own(origin.as_deref(), &host) {
        Ok(())
    } else {
        Err(ApiError::Origin)
    }
}

fn secret(request: &Request) -> Result<Secret, ApiError> {
    let header = request.headers().get("authorization")?;
    header
        .and_then(|header| auth::bearer(&header))
        .ok_or(ApiError::Secret)
}

/// Asks a room something, and returns the status code.
async fn ask(
    room: &Stub,
    what: &str,
    secret: Secret,
    more: Option<(&str, String)>,
    request_id: &str,
) -> Result<u16, ApiError> {
    let headers = Headers::new();
    headers.set(inner::SECRET, &secret.to_string())?;
    headers.set(inner::REQUEST, request_id)?;
    if let Some((name, value)) = more {
        headers.set(name, &value)?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers);
    let request = Request::new_with_init(&format!("http://room{what}"), &init)?;
    Ok(room.fetch_with_request(request).await?.status_code())
}

fn empty(status: u16) -> Result<Response, ApiError> {
    let headers = Headers::new();
    headers.set("cache-control", "no-store")?;
    Ok(ResponseBuilder::new()
        .with_status(status)
        .with_headers(headers)
        .empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_records_is_read_exactly() {
        let id = RecordId([0xab; 16]).to_string();
        let list = |count: usize| serde_json::to_string(&vec![id.clone(); count]).unwrap();
        assert_eq!(records(&list(2)).unwrap(), format!("{id},{id}"));
        assert!(matches!(records(&list(0)), Err(ApiError::Malformed)));
        assert!(matches!(records("[\"zz\"]"), Err(ApiError::Malformed)));
        assert!(matches!(records("{}"), Err(ApiError::Malformed)));
        assert!(records(&list(RECORDS)).is_ok());
        assert!(matches!(
            records(&list(RECORDS + 1)),
            Err(ApiError::TooManyRecords)
        ));
    }

    #[test]
    fn addresses_are_read_exactly() {
        let id = WorkspaceId([0xab; 16]);
        assert_eq!(Route::read("/healthz"), Some(Route::Health));
        let path = format!("/api/workspaces/{id}");
        assert_eq!(Route::read(&path), Some(Route::Workspace(id)));
        assert_eq!(
            Route::read(&format!("{path}/secret")),
            Some(Route::Secret(id))
        );
        assert_eq!(
            Route::read(&format!("{path}/socket")),
            Some(Route::Socket(id))
        );
        for unknown in [
            "/api/",
            "/api/workspaces/",
            "/api/workspaces/abc",
            "/assets/none.js",
        ] {
            assert_eq!(Route::read(unknown), None, "{unknown}");
        }
        assert_eq!(Route::read(&format!("{path}/socket/x")), None);
    }
}
