//! The room worker. It serves the app's files through the assets binding, answers `/api` and
//! `/healthz`, and holds one Durable Object a workspace. It never runs Automerge: the validator does.
//!
//! | request | answer |
//! |---|---|
//! | `GET /healthz` | 200, the build id |
//! | `POST /api/workspaces/<id>` | 201 made, 200 already there, 409 there with another secret, 429 |
//! | `GET /api/workspaces/<id>` | 204 the secret is right, 401 it is not |
//! | `PUT /api/workspaces/<id>/secret` | 204, the secret in the body is the new one, 401 |
//! | `POST /api/workspaces/<id>/erase` | 204 erased, 401, 503; the body a JSON list of record ids |
//! | `POST /api/workspaces/<id>/squash` | 202 begins anew soon, 401; the body a JSON list of record ids |
//! | `GET /api/workspaces/<id>/socket` | 101, the protocol of `shared::sync`, 401 |
//!
//! Any of those about a workspace may be answered with 429, where it is not listed and its network asked for too
//! many that are not there. Secrets come as `Authorization: Bearer <hex>`, for the socket as the subprotocol `secret.<hex>`.

mod auth;
mod change_log;
mod creation_limit;
mod doorstep;
mod error;
mod journal;
mod page;
#[cfg(test)]
#[path = "../../tests/lib/record.rs"]
mod record;
mod routes;
mod validator;
mod workspace_room;

use worker::{Context, Env, Request, Response, event};

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> worker::Result<Response> {
    routes::answer(request, env).await
}
