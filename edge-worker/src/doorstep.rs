//! Which requests reach a room: those about a workspace that is listed, or is found to be there.

use crate::creation_limit::{self, Said};
use crate::error::ApiError;
use crate::workspace_room;
use shared::id::WorkspaceId;
use std::cell::RefCell;
use std::collections::BTreeSet;
use worker::{Env, Request, Stub};

/// Listed ids that are kept; past this all are dropped and asked for again.
const KEPT: usize = 4_096;

/// The listed ids among those that were asked for here. What is in the list stays there.
#[derive(Debug, Default)]
struct Kept(BTreeSet<WorkspaceId>);

impl Kept {
    fn keep(&mut self, id: WorkspaceId) {
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        self.0.insert(id);
    }
}

thread_local! {
    static LISTED: RefCell<Kept> = RefCell::default();
}

/// The room of a workspace that is there, as far as the list knows. Where neither it nor the network's object
/// can be asked, on a full disk, the room has to know.
///
/// # Errors
/// There is no such workspace, or the network asked for too many that are not there.
pub async fn room(env: &Env, request: &Request, id: WorkspaceId) -> Result<Stub, ApiError> {
    let room = workspace_room::room(env, id)?;
    if is_listed(env, id).await {
        return Ok(room);
    }
    match creation_limit::look(env, &address(request)?, id).await {
        Ok(Said::There) => {
            keep(id);
            Ok(room)
        }
        Ok(Said::TooMany { retry_after_s }) => Err(ApiError::TooMany { retry_after_s }),
        Ok(Said::None | Said::Make) => Err(ApiError::Secret),
        Err(_) => Ok(room),
    }
}

/// Whether a workspace that is to be made is in the list already, and may be there. Where it is not, it is
/// from then on, and its making is paid for.
///
/// # Errors
/// The network made too many, or it can't be found out.
pub async fn let_make(env: &Env, request: &Request, id: WorkspaceId) -> Result<bool, ApiError> {
    if is_listed(env, id).await {
        return Ok(true);
    }
    let said = creation_limit::make(env, &address(request)?, id).await?;
    may_make(said)?;
    keep(id);
    Ok(said == Said::There)
}

/// Has the network pay for making a workspace that is in the list and not there.
///
/// # Errors
/// The network made too many, or it can't be found out.
pub async fn let_make_listed(
    env: &Env,
    request: &Request,
    id: WorkspaceId,
) -> Result<(), ApiError> {
    may_make(creation_limit::make_listed(env, &address(request)?, id).await?)
}

fn may_make(said: Said) -> Result<(), ApiError> {
    match said {
        Said::There | Said::Make => Ok(()),
        Said::TooMany { retry_after_s } => Err(ApiError::TooMany { retry_after_s }),
        Said::None => Err(ApiError::Unavailable),
    }
}

async fn is_listed(env: &Env, id: WorkspaceId) -> bool {
    if LISTED.with_borrow(|listed| listed.0.contains(&id)) {
        return true;
    }
    let is_listed = creation_limit::is_listed(env, id).await.unwrap_or(false);
    if is_listed {
        keep(id);
    }
    is_listed
}

fn keep(id: WorkspaceId) {
    LISTED.with_borrow_mut(|listed| listed.keep(id));
}

fn address(request: &Request) -> Result<String, ApiError> {
    let address = request.headers().get("cf-connecting-ip")?;
    Ok(address.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_keeps_so_many_ids_and_no_more() {
        let mut kept = Kept::default();
        for number in 0..=KEPT as u32 {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&number.to_le_bytes());
            kept.keep(WorkspaceId(id));
            assert!(kept.0.contains(&WorkspaceId(id)) && kept.0.len() <= KEPT);
        }
        assert_eq!(kept.0.len(), 1);
    }
}
