//! The validator. The room asks it before a change enters the log: it tries the change with Automerge,
//! which parses hostile bytes unsafely. A panic here costs the room an unanswered question; the runtime
//! starts the worker anew for the next one. It keeps nothing that it needs.

use shared::sync::validation::{FORM, Question};
use shared::validate::Validator;
use std::cell::RefCell;
use worker::{Context, Env, Method, Request, Response, event};

thread_local! {
    static VALIDATOR: RefCell<Validator> = RefCell::default();
}

#[event(fetch)]
async fn fetch(mut request: Request, _env: Env, _context: Context) -> worker::Result<Response> {
    if request.method() != Method::Post {
        return Response::error("only the room asks", 405);
    }
    if request.path() != format!("/{FORM}") {
        return Response::error("a question of another version", 404);
    }
    let body = request.bytes().await?;
    let Ok(question) = postcard::from_bytes::<Question>(&body) else {
        return Response::error("not a question", 400);
    };
    let answer = VALIDATOR.with_borrow_mut(|validator| validator.answer(&question));
    match postcard::to_allocvec(&answer) {
        Ok(bytes) => Response::from_bytes(bytes),
        Err(error) => Response::error(error.to_string(), 500),
    }
}
