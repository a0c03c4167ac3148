//! The Durable Object of a workspace: it drives `shared::sync::room` with sockets that may sleep, a
//! log in SQLite and the validator behind its binding.

mod door;
mod running;
mod sockets;

use crate::auth::{self, SUBPROTOCOL, SecretHash};
use crate::change_log::{ChangeLogError, SqlLog, Storage};
use crate::error::ApiError;
use running::Running;
use shared::id::{RecordId, Secret, WorkspaceId};
use shared::sync::message::close;
use shared::sync::room::{Address, Event, SessionId};
use shared::time::Timestamp;
use sockets::Attachment;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use worker::{
    Date, Delay, DurableObject, Env, Request, Response, ResponseBuilder, State, Stub, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, durable_object,
};

/// What the routes ask of a room, behind the Durable Object's own address.
pub mod inner {
    /// 204 there is a workspace, 404 there is none.
    pub const IS_THERE: &str = "/is-there";
    /// 204 the secret is right, 401 it is not, 404 there is no workspace.
    pub const PROBE: &str = "/probe";
    /// 201 made, 200 there with this secret, 409 there with another.
    pub const CREATE: &str = "/create";
    /// 204 the secret is the new one, 401 the old one is wrong, 404 there is no workspace.
    pub const RENEW: &str = "/renew";
    /// 204 the records in the header are erased, 401 the secret is wrong, 404 there is no workspace, 429 too
    /// many were asked for.
    pub const ERASE: &str = "/erase";
    /// 202 the records in the header begin a new generation soon; else as for erasing.
    pub const SQUASH: &str = "/squash";
    /// The header with the records' ids, parted by commas.
    pub const RECORDS: &str = "x-terrain-records";
    /// The header with the secret.
    pub const SECRET: &str = "x-terrain-secret";
    /// The header with the new secret.
    pub const NEW_SECRET: &str = "x-terrain-new-secret";
    /// The header with the request's id.
    pub const REQUEST: &str = "x-terrain-request";
}

/// The room of a workspace.
///
/// # Errors
/// The runtime has none.
pub fn room(env: &Env, id: WorkspaceId) -> Result<Stub, ApiError> {
    let namespace = env.durable_object("ROOM")?;
    Ok(namespace.get_by_name(&id.to_string())?)
}

/// Asks a room whether its workspace is there.
///
/// # Errors
/// It does not tell.
pub async fn is_there(env: &Env, id: WorkspaceId) -> Result<bool, ApiError> {
    let room = room(env, id)?;
    let url = format!("http://room{}", inner::IS_THERE);
    match room.fetch_with_str(&url).await?.status_code() {
        204 => Ok(true),
        404 => Ok(false),
        other => Err(ApiError::Storage(format!("the room answered {other}"))),
    }
}

/// The room of one workspace.
#[durable_object]
pub struct WorkspaceRoom {
    state: Rc<State>,
    env: Env,
    /// `None` where there is no workspace: nothing is stored before it is made. `Err` where the log could not
    /// be opened: every request then says so.
    running: RefCell<Option<Result<Rc<Running>, Rc<ChangeLogError>>>>,
}

impl DurableObject for WorkspaceRoom {
    fn new(state: State, env: Env) -> Self {
        let room = WorkspaceRoom {
            state: Rc::new(state),
            env,
            running: RefCell::default(),
        };
        let is_made = Storage::of(&room.state)
            .map_err(ChangeLogError::Sql)
            .and_then(|storage| SqlLog::is_made(&storage));
        if !matches!(is_made, Ok(false)) {
            let running = is_made.and_then(|_| room.start()).map_err(Rc::new);
            room.running.replace(Some(running));
        }
        room
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let answered = match self.admit(&request) {
            Ok(wait_ms) => {
                if wait_ms > 0 {
                    Delay::from(Duration::from_millis(wait_ms)).await;
                }
                self.answer(&request)
            }
            Err((error, wait_ms)) => {
                Delay::from(Duration::from_millis(wait_ms)).await;
                Err(error)
            }
        };
        match answered {
            Ok(response) => Ok(response),
            Err(error) => error.into_response(),
        }
    }

    async fn alarm(&self) -> worker::Result<Response> {
        if let Ok(Some(running)) = self.running() {
            running.alarmed().await;
        }
        Response::empty()
    }

    async fn websocket_message(
        &self,
        socket: WebSocket,
        message: WebSocketIncomingMessage,
    ) -> worker::Result<()> {
        let frame = match message {
            WebSocketIncomingMessage::Binary(bytes) => bytes,
            // The protocol is binary; a text is answered like any damaged frame.
            WebSocketIncomingMessage::String(text) => text.into_bytes(),
        };
        if let Some(id) = sockets::session_of(&socket) {
            self.run(Event::Frame(id, frame)).await;
        }
        Ok(())
    }

    async fn websocket_close(
        &self,
        socket: WebSocket,
        _code: usize,
        _reason: String,
        _was_clean: bool,
    ) -> worker::Result<()> {
        self.forget(&socket).await;
        Ok(())
    }

    async fn websocket_error(
        &self,
        socket: WebSocket,
        _error: worker::Error,
    ) -> worker::Result<()> {
        self.forget(&socket).await;
        Ok(())
    }
}

impl WorkspaceRoom {
    /// Opens the log; there is one from then on.
    fn start(&self) -> Result<Rc<Running>, ChangeLogError> {
        let log = SqlLog::open(Storage::of(&self.state)?)?;
        Ok(Running::start(
            Rc::clone(&self.state),
            self.env.clone(),
            log,
        ))
    }

    fn running(&self) -> Result<Option<Rc<Running>>, ApiError> {
        match &*self.running.borrow() {
            None => Ok(None),
            Some(Ok(running)) => Ok(Some(Rc::clone(running))),
            Some(Err(error)) => Err(ApiError::Storage(error.to_string())),
        }
    }

    /// Whether a socket may come in, where one asks to, and after how many milliseconds; or when it is told
    /// that it may not.
    fn admit(&self, request: &Request) -> Result<u64, (ApiError, u64)> {
        let at_once = |error: ApiError| (error, 0);
        let Some(running) = self.running().map_err(at_once)? else {
            return Ok(0);
        };
        if !is_socket(&request.path()) {
            return Ok(0);
        }
        let address = address(request).map_err(at_once)?;
        let door = &mut running.inner.borrow_mut().door;
        match door.passes(address, now()) {
            Ok(()) if running.is_beside_busy() => Ok(door.waits(address, now())),
            Ok(()) => Ok(0),
            Err(retry_after_s) => {
                let wait_ms = door.detains(now());
                Err((ApiError::TooMany { retry_after_s }, wait_ms))
            }
        }
    }

    fn answer(&self, request: &Request) -> Result<Response, ApiError> {
        let path = request.path();
        let running = match self.running()? {
            Some(running) => running,
            None if path == inner::CREATE => {
                let running = self.start()?;
                self.running.replace(Some(Ok(Rc::clone(&running))));
                running
            }
            None if is_socket(&path) => return Err(ApiError::Secret),
            None => return Ok(status(404)),
        };
        let running = &running;
        let inner = &running.inner;
        let given = |header: &str| -> Result<Option<Secret>, ApiError> {
            let value = request.headers().get(header)?;
            Ok(value.and_then(|digits| digits.parse().ok()))
        };
        match path.as_str() {
            inner::IS_THERE => {
                let stored = inner.borrow().room.log().secret()?;
                Ok(status(if stored.is_some() { 204 } else { 404 }))
            }
            inner::PROBE => {
                let secret = given(inner::SECRET)?.ok_or(ApiError::Secret)?;
                let stored = inner.borrow().room.log().secret()?;
                Ok(status(match stored {
                    None => 404,
                    Some(stored) if stored.hash.matches(&SecretHash::of(&secret)) => 204,
                    Some(_) => 401,
                }))
            }
            inner::CREATE => {
                let secret = given(inner::SECRET)?.ok_or(ApiError::Secret)?;
                let hash = SecretHash::of(&secret);
                let mut inner = inner.borrow_mut();
                Ok(status(match inner.room.log().secret()? {
                    Some(stored) if stored.hash.matches(&hash) => 200,
                    Some(_) => 409,
                    None => {
                        inner.room.log_mut().create(&hash, now())?;
                        201
                    }
                }))
            }
            inner::RENEW => {
                let old = given(inner::SECRET)?.ok_or(ApiError::Secret)?;
                let new = given(inner::NEW_SECRET)?.ok_or(ApiError::Malformed)?;
                self.renew(running, &old, &new)
            }
            path @ (inner::ERASE | inner::SQUASH) => {
                let secret = given(inner::SECRET)?.ok_or(ApiError::Secret)?;
                let Some(stored) = inner.borrow().room.log().secret()? else {
                    return Ok(status(404));
                };
                if !stored.hash.matches(&SecretHash::of(&secret)) {
                    return Ok(status(401));
                }
                if !inner.borrow_mut().door.takes_work(now()) {
                    return Ok(status(429));
                }
                let records = request.headers().get(inner::RECORDS)?;
                let documents = records.unwrap_or_default();
                let documents = documents.split(',').map(|id| id.parse().ok());
                let documents: Option<Vec<RecordId>> = documents.collect();
                let documents = documents.ok_or(ApiError::Malformed)?;
                Ok(status(if path == inner::ERASE {
                    running.erase(documents)
                } else {
                    running.begin(Event::Squash { documents });
                    202
                }))
            }
            path if is_socket(path) => self.open(running, request),
            _ => Err(ApiError::NotFound),
        }
    }

    fn renew(
        &self,
        running: &Rc<Running>,
        old: &Secret,
        new: &Secret,
    ) -> Result<Response, ApiError> {
        let mut inner = running.inner.borrow_mut();
        let Some(stored) = inner.room.log().secret()? else {
            return Ok(status(404));
        };
        let new = SecretHash::of(new);
        if !stored.hash.matches(&SecretHash::of(old)) {
            // Asked once more after the answer was lost: it is done.
            let done = stored.hash.matches(&new);
            return Ok(status(if done { 204 } else { 401 }));
        }
        inner.room.log_mut().renew_secret(&new)?;
        let open = inner.sockets.all();
        for id in &open {
            inner.sockets.close(*id, close::SECRET_CHANGED);
        }
        drop(inner);
        for id in open {
            running.begin(Event::Closed(id));
        }
        Ok(status(204))
    }

    /// Upgrades a socket.
    fn open(&self, running: &Rc<Running>, request: &Request) -> Result<Response, ApiError> {
        let offers = request.headers().get("sec-websocket-protocol")?;
        let secret = offers
            .and_then(|offers| auth::offered(&offers))
            .ok_or(ApiError::Protocol)?
            .ok_or(ApiError::Secret)?;
        let inner = &running.inner;
        let address = address(request)?;
        let stored = inner.borrow().room.log().secret()?;
        let stored = stored.ok_or(ApiError::Secret)?;
        if !stored.hash.matches(&SecretHash::of(&secret)) {
            return Err(ApiError::Secret);
        }
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        let secret_generation = stored.generation;
        let added = inner
            .borrow_mut()
            .sockets
            .add(pair.server, secret_generation, now());
        let id = added?;
        running.begin(Event::OpenedFrom(id, address));
        let response = Response::from_websocket(pair.client)?;
        response
            .headers()
            .set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(response)
    }

    async fn forget(&self, socket: &WebSocket) {
        if let Some(id) = sockets::session_of(socket) {
            self.run(Event::Closed(id)).await;
        }
        // The peer waits for its close to be answered; a socket that is gone refuses, which is fine.
        let _ = socket.close::<&str>(None, None);
    }

    /// Hands an event to the room and does all that follows.
    async fn run(&self, event: Event) {
        if let Ok(Some(running)) = self.running() {
            running.run(event).await;
        }
    }
}

fn is_socket(path: &str) -> bool {
    path.ends_with("/socket")
}

/// Where a request comes from.
fn address(request: &Request) -> Result<Address, ApiError> {
    let address = request.headers().get("cf-connecting-ip")?;
    Ok(door::address(&address.unwrap_or_default()))
}

fn now() -> Timestamp {
    Timestamp(i64::try_from(Date::now().as_millis()).unwrap_or(i64::MAX))
}

fn status(code: u16) -> Response {
    ResponseBuilder::new().with_status(code).empty()
}

impl From<ChangeLogError> for ApiError {
    fn from(error: ChangeLogError) -> ApiError {
        ApiError::Storage(error.to_string())
    }
}

impl Attachment {
    /// Names the socket.
    fn id(&self) -> SessionId {
        SessionId(self.session)
    }
}
