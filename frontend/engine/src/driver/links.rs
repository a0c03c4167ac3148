//! Sharing, joining and links: what the server is asked outside of sync.

use crate::engine::{Ask, Asked, Engine, Input};
use crate::failure::Failure;
use crate::platform::browser::{now, random, spawn};
use crate::platform::fetch::{self, Answer};
use crate::registry::Entry;
use crate::tab::Origin;
use shared::bridge::{JoinLink, Problem, Reply};
use shared::id::Secret;

impl Engine {
    fn entry(&self) -> Result<Entry, Problem> {
        let id = self.open.as_ref().map(|open| open.id);
        let registry = self.registry.as_ref().ok_or(Problem::NoWorkspace)?;
        let entry = id.and_then(|id| registry.workspaces.get(id));
        entry.cloned().ok_or(Problem::NoWorkspace)
    }

    fn ask(&self, asked: Asked, method: &'static str, path: &'static str, body: Option<String>) {
        let (link, inputs) = (asked.link().clone(), self.inputs.clone());
        spawn(async move {
            let answer = fetch::call(method, link.workspace, path, link.secret, body).await;
            let _ = inputs.unbounded_send(Input::Answered(Box::new(asked), answer));
        });
    }

    /// Shares the open workspace, or tells its link.
    ///
    /// # Errors
    /// No workspace is open.
    pub fn share(&mut self, origin: Origin, request: u64) -> Result<Option<Reply>, Failure> {
        let entry = self.entry()?;
        if entry.shared {
            return Ok(Some(Reply::Link(entry.link())));
        }
        let what = Ask::Share(entry.link());
        let asked = Asked {
            origin,
            request,
            what,
        };
        self.ask(asked, "POST", "", None);
        Ok(None)
    }

    /// Makes a new link.
    ///
    /// # Errors
    /// No workspace is open, or it is not shared.
    pub fn renew(&mut self, origin: Origin, request: u64) -> Result<Option<Reply>, Failure> {
        let entry = self.entry()?;
        if !entry.shared {
            return Err(Problem::BadLink.into());
        }
        let secret = Secret(random());
        let what = Ask::Renew(entry.link(), secret);
        let asked = Asked {
            origin,
            request,
            what,
        };
        self.ask(asked, "PUT", "/secret", Some(secret.to_string()));
        Ok(None)
    }

    /// Gives the open workspace a new link.
    ///
    /// # Errors
    /// The link is of another workspace.
    pub fn use_link(
        &mut self,
        origin: Origin,
        request: u64,
        link: &JoinLink,
    ) -> Result<Option<Reply>, Failure> {
        if self.entry()?.id != link.workspace {
            return Err(Problem::BadLink.into());
        }
        let what = Ask::Use(link.clone());
        let asked = Asked {
            origin,
            request,
            what,
        };
        self.ask(asked, "GET", "", None);
        Ok(None)
    }

    /// Asks whether a link is good, to join its workspace.
    ///
    /// # Errors
    /// Storage is missing.
    pub fn join(&mut self, request: u64, link: &JoinLink) -> Result<Option<Reply>, Failure> {
        self.registry.as_ref().ok_or(Problem::StorageUnavailable)?;
        let what = Ask::Join(link.clone());
        let asked = Asked {
            origin: Origin::Page,
            request,
            what,
        };
        self.ask(asked, "GET", "", None);
        Ok(None)
    }

    /// The server answered.
    pub async fn answered(&mut self, asked: Asked, answer: Option<Answer>) {
        let result = match verdict(answer) {
            Ok(()) => self.accepted(asked.what).await,
            Err(problem) => Err(problem.into()),
        };
        let result = result.map_err(|failure| match failure {
            Failure::Problem(problem) => problem,
            Failure::Fenced => Problem::Storage("another tab writes".into()),
        });
        self.answer(asked.origin, asked.request, result);
    }

    async fn accepted(&mut self, what: Ask) -> Result<Reply, Failure> {
        match what {
            Ask::Share(link) => {
                let leader = self.leader().ok_or(Problem::NoWorkspace)?;
                if leader.workspace.id != link.workspace {
                    return Err(Problem::NoWorkspace.into());
                }
                // Everything is offered from here on, before the list says that it is shared: a
                // crash in between shares once more.
                leader.workspace.offer_all().await?;
                self.keep_shared(&link, link.secret).await?;
                Ok(Reply::Link(link))
            }
            Ask::Renew(link, secret) => {
                self.keep_shared(&link, secret).await?;
                Ok(Reply::Link(JoinLink { secret, ..link }))
            }
            Ask::Use(link) => {
                self.keep_shared(&link, link.secret).await?;
                Ok(Reply::Done)
            }
            Ask::Join(link) => {
                let registry = self.registry.as_mut().ok_or(Problem::StorageUnavailable)?;
                let known = registry.workspaces.get(link.workspace).cloned();
                let entry = Entry {
                    id: link.workspace,
                    name: link.name,
                    sample: false,
                    shared: true,
                    secret: link.secret,
                    opened: now(),
                    records: 0,
                };
                let entry = match known {
                    Some(known) => Entry {
                        secret: entry.secret,
                        shared: true,
                        ..known
                    },
                    None => entry,
                };
                let id = entry.id;
                registry.put(entry).await?;
                self.open_workspace(id).await?;
                self.registry_changed();
                Ok(Reply::Done)
            }
        }
    }

    async fn keep_shared(&mut self, link: &JoinLink, secret: Secret) -> Result<(), Failure> {
        let registry = self.registry.as_mut().ok_or(Problem::NoWorkspace)?;
        let entry = registry.workspaces.get(link.workspace).cloned();
        let entry = entry.ok_or(Problem::NoWorkspace)?;
        registry
            .put(Entry {
                shared: true,
                secret,
                ..entry
            })
            .await?;
        self.registry_changed();
        self.start_sync().await;
        self.tell_sync();
        Ok(())
    }
}

impl Asked {
    fn link(&self) -> &JoinLink {
        match &self.what {
            Ask::Share(link) | Ask::Renew(link, _) | Ask::Join(link) | Ask::Use(link) => link,
        }
    }
}

fn verdict(answer: Option<Answer>) -> Result<(), Problem> {
    let answer = answer.ok_or(Problem::NoNetwork)?;
    match answer.status {
        200..=299 => Ok(()),
        401 | 403 | 404 | 409 => Err(Problem::BadLink),
        429 => Err(Problem::TooMany {
            wait_s: answer.retry_after_s.unwrap_or(60),
        }),
        507 => Err(Problem::ServerFull),
        _ => Err(Problem::NoNetwork),
    }
}
