//! The Durable Object of one network, or of the list.

use super::bucket::{Bucket, Rate, Ticket, Turn};
use super::{LIST, OWN, Said, ask, stub};
use crate::error::ApiError;
use crate::workspace_room;
use shared::id::WorkspaceId;
use std::cell::RefCell;
use std::time::Duration;
use worker::{
    Date, Delay, DurableObject, Env, Request, Response, ResponseBuilder, SqlStorage,
    SqlStorageValue as Value, State, durable_object,
};

/// Workspaces that a network may make.
const MAKING: Rate = Rate {
    burst: 10.0,
    per_hour: 20.0,
};
/// Ids that it may ask for without there being such a workspace.
const LOOKING: Rate = Rate {
    burst: 20.0,
    per_hour: 60.0,
};
/// How many times as many workspaces this machine may make: whoever sits at it.
const OWN_FACTOR: f64 = 100.0;
/// For so long an id that was looked up in vain is not looked up again.
const MISSED_MS: f64 = 600_000.0;
/// How often one who waits for a token looks for one.
const EACH: Duration = Duration::from_millis(20);
/// How many times at most.
const TRIES: usize = 500;

/// Which tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Making,
    Looking,
}

#[derive(Debug)]
struct Buckets {
    making: Bucket,
    looking: Bucket,
}

/// The Durable Object of one network, or of the list.
#[durable_object]
pub struct CreationLimit {
    sql: SqlStorage,
    env: Env,
    /// Its tokens, once they were read.
    buckets: RefCell<Option<Buckets>>,
}

impl DurableObject for CreationLimit {
    fn new(state: State, env: Env) -> Self {
        CreationLimit {
            sql: state.storage().sql(),
            env,
            buckets: RefCell::default(),
        }
    }

    async fn fetch(&self, request: Request) -> worker::Result<Response> {
        let path = request.path();
        let words: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let (&[verb, whose, id], empty) = (words.as_slice(), ResponseBuilder::new()) else {
            return Ok(ResponseBuilder::new().with_status(400).empty());
        };
        let said = match id.parse() {
            Ok(id) => self.answer(verb, whose == OWN, id).await,
            Err(_) => return Ok(empty.with_status(400).empty()),
        };
        Ok(match said.map_err(|error| error.to_string())? {
            Said::There => empty.with_status(204).empty(),
            Said::Make => empty.with_status(201).empty(),
            Said::None => empty.with_status(404).empty(),
            Said::TooMany { retry_after_s } => empty
                .with_status(429)
                .with_header("retry-after", &retry_after_s.to_string())?
                .empty(),
        })
    }
}

impl CreationLimit {
    async fn answer(&self, verb: &str, is_own: bool, id: WorkspaceId) -> Result<Said, ApiError> {
        match verb {
            "is" => return self.is_listed(id),
            "add" => return self.add(id),
            _ => self.prepare(is_own)?,
        }
        match verb {
            "look" => self.look(id).await,
            "make" => self.make(id).await,
            "make-listed" => match self.turn(For::Making).await {
                Ok(ticket) => {
                    self.spend(For::Making, ticket)?;
                    Ok(Said::Make)
                }
                Err(refused) => Ok(refused),
            },
            _ => Err(ApiError::NotFound),
        }
    }

    fn is_listed(&self, id: WorkspaceId) -> Result<Said, ApiError> {
        let text = "SELECT 1 FROM sqlite_master WHERE name = 'workspace'";
        if self.rows(text, Vec::new())?.is_empty() {
            return Ok(Said::None);
        }
        let text = "SELECT 1 FROM workspace WHERE id = ?";
        let found = self.rows(text, vec![Value::Blob(id.0.to_vec())])?;
        Ok(if found.is_empty() {
            Said::None
        } else {
            Said::There
        })
    }

    fn add(&self, id: WorkspaceId) -> Result<Said, ApiError> {
        self.rows(
            "CREATE TABLE IF NOT EXISTS workspace (id BLOB PRIMARY KEY) WITHOUT ROWID",
            Vec::new(),
        )?;
        let text = "INSERT OR IGNORE INTO workspace (id) VALUES (?)";
        self.rows(text, vec![Value::Blob(id.0.to_vec())])?;
        Ok(Said::There)
    }

    async fn look(&self, id: WorkspaceId) -> Result<Said, ApiError> {
        if self.was_missed(id)? {
            return Ok(Said::None);
        }
        let ticket = match self.turn(For::Looking).await {
            Ok(ticket) => ticket,
            Err(refused) => return Ok(refused),
        };
        let is_there = self.is_there(id).await;
        // Of several who ask for the same one pays.
        if matches!(is_there, Ok(false)) && !self.was_missed(id)? {
            self.spend(For::Looking, ticket)?;
            self.miss(id)?;
            return Ok(Said::None);
        }
        self.release(For::Looking, ticket);
        Ok(if is_there? { Said::There } else { Said::None })
    }

    async fn make(&self, id: WorkspaceId) -> Result<Said, ApiError> {
        let ticket = match self.turn(For::Making).await {
            Ok(ticket) => ticket,
            // Who may make none is told all the same where it is there already.
            Err(refused) => {
                let is_there = self.look(id).await? == Said::There;
                return Ok(if is_there { Said::There } else { refused });
            }
        };
        let is_there = self.is_there(id).await;
        if matches!(is_there, Ok(false)) {
            // In the list before it is made, so that none is made that is not in it.
            let listed = self.list(id).await;
            if listed.is_ok() {
                self.spend(For::Making, ticket)?;
                return Ok(Said::Make);
            }
            self.release(For::Making, ticket);
            return listed.map(|()| Said::Make);
        }
        self.release(For::Making, ticket);
        is_there.map(|_| Said::There)
    }

    /// Asks the room of an id that is not in the list whether it is there; where it is, the list gets it.
    async fn is_there(&self, id: WorkspaceId) -> Result<bool, ApiError> {
        if self.was_missed(id)? {
            return Ok(false);
        }
        let is_there = workspace_room::is_there(&self.env, id).await?;
        if is_there {
            // Where that fails it is looked up again.
            let _: Result<(), ApiError> = self.list(id).await;
        }
        Ok(is_there)
    }

    async fn list(&self, id: WorkspaceId) -> Result<(), ApiError> {
        ask(&stub(&self.env, LIST)?, &format!("add/-/{id}")).await?;
        Ok(())
    }

    /// Holds a token, once there is one; else says when there is.
    async fn turn(&self, what: For) -> Result<Ticket, Said> {
        let late = Said::TooMany { retry_after_s: 1 };
        for _ in 0..TRIES {
            let turn = match self.buckets.borrow_mut().as_mut() {
                Some(buckets) => buckets.of(what).turn(now()),
                None => return Err(late),
            };
            match turn {
                Turn::Go(ticket) => return Ok(ticket),
                Turn::Refused { retry_after_s } => return Err(Said::TooMany { retry_after_s }),
                Turn::Wait => Delay::from(EACH).await,
            }
        }
        Err(late)
    }

    fn release(&self, what: For, ticket: Ticket) {
        if let Some(buckets) = self.buckets.borrow_mut().as_mut() {
            buckets.of(what).release(ticket);
        }
    }

    fn spend(&self, what: For, ticket: Ticket) -> Result<(), ApiError> {
        if let Some(buckets) = self.buckets.borrow_mut().as_mut() {
            let bucket = buckets.of(what);
            bucket.spend(ticket);
            let (tokens, at) = bucket.stands();
            let text = "INSERT OR REPLACE INTO bucket (id, tokens, at) VALUES (?, ?, ?)";
            self.rows(text, vec![what.row().into(), tokens.into(), at.into()])?;
        }
        Ok(())
    }

    /// Reads what a network has left.
    fn prepare(&self, is_own: bool) -> Result<(), ApiError> {
        let mut buckets = self.buckets.borrow_mut();
        if buckets.is_some() {
            return Ok(());
        }
        for text in [
            "CREATE TABLE IF NOT EXISTS bucket (id INTEGER PRIMARY KEY, tokens REAL, at REAL)",
            "CREATE TABLE IF NOT EXISTS missed (id BLOB PRIMARY KEY, at REAL) WITHOUT ROWID",
        ] {
            self.rows(text, Vec::new())?;
        }
        let factor = if is_own { OWN_FACTOR } else { 1.0 };
        *buckets = Some(Buckets {
            making: self.bucket(For::Making, MAKING.times(factor))?,
            looking: self.bucket(For::Looking, LOOKING)?,
        });
        Ok(())
    }

    fn bucket(&self, what: For, rate: Rate) -> Result<Bucket, ApiError> {
        let text = "SELECT tokens, at FROM bucket WHERE id = ?";
        let rows = self.rows(text, vec![what.row().into()])?;
        let (tokens, at) = match rows.first() {
            Some(row) => (number(row.first()), number(row.get(1))),
            None => (rate.burst, now()),
        };
        Ok(Bucket::new(rate, tokens, at))
    }

    fn was_missed(&self, id: WorkspaceId) -> Result<bool, ApiError> {
        let text = "SELECT at FROM missed WHERE id = ?";
        let rows = self.rows(text, vec![Value::Blob(id.0.to_vec())])?;
        let at = rows.first().map(|row| number(row.first()));
        Ok(at.is_some_and(|at| (0.0..MISSED_MS).contains(&(now() - at))))
    }

    fn miss(&self, id: WorkspaceId) -> Result<(), ApiError> {
        let text = "DELETE FROM missed WHERE at <= ?";
        self.rows(text, vec![(now() - MISSED_MS).into()])?;
        let text = "INSERT OR REPLACE INTO missed (id, at) VALUES (?, ?)";
        self.rows(text, vec![Value::Blob(id.0.to_vec()), now().into()])?;
        Ok(())
    }

    fn rows(&self, text: &str, bound: Vec<Value>) -> Result<Vec<Vec<Value>>, ApiError> {
        let cursor = self.sql.exec(text, bound)?;
        Ok(cursor.raw().collect::<worker::Result<_>>()?)
    }
}

impl For {
    fn row(self) -> i32 {
        match self {
            For::Making => 1,
            For::Looking => 2,
        }
    }
}

impl Buckets {
    fn of(&mut self, what: For) -> &mut Bucket {
        match what {
            For::Making => &mut self.making,
            For::Looking => &mut self.looking,
        }
    }
}

fn number(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::Integer(number)) => *number as f64,
        Some(Value::Float(number)) => *number,
        Some(Value::Null | Value::Boolean(_) | Value::String(_) | Value::Blob(_)) | None => 0.0,
    }
}

fn now() -> f64 {
    Date::now().as_millis() as f64
}
