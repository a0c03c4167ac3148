//! The device's own database, `terrain`: who works on it, and its workspaces with their secrets.

use crate::block::{pack, unpack};
use crate::platform::browser::random;
use crate::platform::storage::{Database, Guard, Key, Op, StorageError};
use crate::table::Table;
use serde::{Deserialize, Serialize};
use shared::bridge::{Device, JoinLink, Workspace};
use shared::id::{DeviceId, PersonId, Secret, WorkspaceId};
use shared::time::Timestamp;

const NAME: &str = "terrain";
const VERSION: u32 = 1;
const STORE: &str = "registry";
const WHO: &str = "who";
const WORKSPACE: &str = "workspace-";

/// The installation and the person who works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// This installation.
    pub device: DeviceId,
    /// Its name.
    pub device_name: String,
    /// The person.
    pub person: PersonId,
    /// What colleagues call them; empty until asked.
    pub person_name: String,
}

/// A workspace on this device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its id.
    pub id: WorkspaceId,
    /// Its name.
    pub name: String,
    /// Whether it holds sample data.
    pub sample: bool,
    /// Whether it is shared through the server.
    pub shared: bool,
    /// Its secret; drawn when it is made, so that sharing it can be tried again.
    pub secret: Secret,
    /// When it was last opened.
    pub opened: Timestamp,
    /// How many records it held when last counted.
    pub records: u32,
}

impl Entry {
    /// The link that lets a colleague join.
    pub fn link(&self) -> JoinLink {
        JoinLink {
            workspace: self.id,
            secret: self.secret,
            name: self.name.clone(),
        }
    }
}

/// The registry, read.
pub struct Registry {
    database: Database,
    /// Who works here.
    pub who: Who,
    /// The workspaces.
    pub workspaces: Table<WorkspaceId, Entry>,
}

impl Registry {
    /// Opens the registry; the first time, it draws who this device is.
    ///
    /// # Errors
    /// Storage failed, is missing or was written by a later version.
    pub async fn open(device_name: &str) -> Result<Registry, StorageError> {
        let mut database = Database::open(NAME, VERSION, &[STORE]).await?;
        let key = || Key::from(WHO);
        let who = match database.get(STORE, key()).await? {
            Some(bytes) => bytes,
            None => {
                let who = pack(&Who {
                    device: DeviceId(random()),
                    device_name: device_name.into(),
                    person: PersonId(random()),
                    person_name: String::new(),
                });
                // Of two tabs that start at once the first one's draw stands.
                let _ = database.write(None, &[Op::Add(STORE, key(), who)]).await;
                let drawn = database.get(STORE, key()).await?;
                drawn.ok_or(StorageError::Failed("nothing is kept".into()))?
            }
        };
        let damaged = || StorageError::Failed("the registry is damaged".into());
        let mut registry = Registry {
            database,
            who: unpack(&who).ok_or_else(damaged)?,
            workspaces: Table::default(),
        };
        registry.reload().await?;
        Ok(registry)
    }

    /// Reads again what another tab changed.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn reload(&mut self) -> Result<(), StorageError> {
        let mut workspaces = Table::default();
        for (key, value) in self.database.all(STORE).await? {
            let value = value.to_vec();
            if key == Key::from(WHO) {
                self.who = unpack(&value).unwrap_or_else(|| self.who.clone());
            } else if let Some(entry) = unpack::<Entry>(&value) {
                workspaces.insert(entry.id, entry);
            }
        }
        self.workspaces = workspaces;
        Ok(())
    }

    /// Closes the database when a later version wants to open it, and says so.
    pub fn yield_to_later(&self, on_closed: Box<dyn FnOnce()>) {
        self.database.yield_to_later(on_closed);
    }

    /// Keeps who works here.
    ///
    /// # Errors
    /// Storage failed; nothing changed.
    pub async fn put_who(&mut self, who: Who) -> Result<(), StorageError> {
        let op = Op::Put(STORE, WHO.into(), pack(&who));
        self.database.write(None::<&Guard>, &[op]).await?;
        self.who = who;
        Ok(())
    }

    /// Keeps a workspace.
    ///
    /// # Errors
    /// Storage failed; nothing changed.
    pub async fn put(&mut self, entry: Entry) -> Result<(), StorageError> {
        let key = format!("{WORKSPACE}{}", entry.id);
        let op = Op::Put(STORE, key.into(), pack(&entry));
        self.database.write(None, &[op]).await?;
        self.workspaces.insert(entry.id, entry);
        Ok(())
    }

    /// Forgets a workspace.
    ///
    /// # Errors
    /// Storage failed; nothing changed.
    pub async fn remove(&mut self, id: WorkspaceId) -> Result<(), StorageError> {
        let op = Op::Delete(STORE, format!("{WORKSPACE}{id}").into());
        self.database.write(None, &[op]).await?;
        self.workspaces.remove(id);
        Ok(())
    }

    /// The workspace that was open last.
    pub fn last_open(&self) -> Option<WorkspaceId> {
        let entries = self.workspaces.values();
        entries
            .max_by_key(|entry| entry.opened)
            .map(|entry| entry.id)
    }

    /// What the page sees of it.
    pub fn device(&self, open: Option<WorkspaceId>) -> Device {
        let mut entries: Vec<&Entry> = Vec::new();
        for entry in self.workspaces.values() {
            let at = entries.partition_point(|earlier| earlier.opened > entry.opened);
            entries.insert(at, entry);
        }
        Device {
            device: self.who.device,
            device_name: self.who.device_name.clone(),
            person: self.who.person,
            person_name: self.who.person_name.clone(),
            workspaces: entries
                .into_iter()
                .map(|entry| Workspace {
                    id: entry.id,
                    name: entry.name.clone(),
                    sample: entry.sample,
                    shared: entry.shared,
                    records: entry.records,
                })
                .collect(),
            open,
        }
    }
}
