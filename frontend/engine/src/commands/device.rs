//! Calls about the device, the person and the workspaces on it.

use crate::engine::Engine;
use crate::failure::Failure;
use crate::platform::browser::{now, random};
use crate::platform::storage::Database;
use crate::registry::Entry;
use crate::tab::CommonMessage;
use crate::workspace::{database_name, name_record};
use shared::bridge::{Problem, Reply};
use shared::crm::command::{Edit, Write};
use shared::crm::{Kind, member};
use shared::id::{Secret, WorkspaceId};

impl Engine {
    /// Names the open workspace, for everyone.
    ///
    /// # Errors
    /// The name is too long, or storage failed.
    pub(super) async fn name_workspace(&mut self, name: &str) -> Result<Reply, Failure> {
        let id = self.open.as_ref().map(|open| open.id);
        let id = id.ok_or(Problem::NoWorkspace)?;
        let name = clean(name, "name")?;
        let writes = vec![Write::put(member::NAME.key, name)];
        let edit = Edit::make(name_record(id), Kind::Member, writes);
        self.edit(0, &[edit]).await?;
        Ok(Reply::Done)
    }

    /// Keeps the person's name and shows it to colleagues.
    ///
    /// # Errors
    /// The name is too long, or storage failed.
    pub async fn name_person(&mut self, name: &str) -> Result<Reply, Failure> {
        let person_name = clean(name, "name")?;
        let registry = self.registry.as_mut().ok_or(Problem::NoWorkspace)?;
        let mut who = registry.who.clone();
        who.person_name = person_name;
        registry.put_who(who).await?;
        self.registry_changed();
        self.introduce().await;
        Ok(Reply::Done)
    }

    /// Keeps the device's name.
    ///
    /// # Errors
    /// The name is too long, or storage failed.
    pub async fn name_device(&mut self, name: &str) -> Result<Reply, Failure> {
        let device_name = clean(name, "name")?;
        let registry = self.registry.as_mut().ok_or(Problem::NoWorkspace)?;
        let mut who = registry.who.clone();
        who.device_name = device_name;
        registry.put_who(who).await?;
        self.registry_changed();
        Ok(Reply::Done)
    }

    /// Writes the person's member record into the open workspace, where it differs.
    pub async fn introduce(&mut self) {
        let (Some(id), Some(registry)) = (self.open.as_ref().map(|open| open.id), &self.registry)
        else {
            return;
        };
        let who = registry.who.clone();
        if who.person_name.is_empty() || self.leader().is_none() {
            return;
        }
        let writes = vec![
            Write::put(member::NAME.key, who.person_name),
            Write::put(member::PERSON.key, who.person.to_string()),
        ];
        let edit = Edit::make(member::record_of(id, who.person), Kind::Member, writes);
        if let Err(Failure::Fenced) = self.edit(0, &[edit]).await {
            self.step_down();
        }
    }

    /// Makes a workspace and opens it.
    ///
    /// # Errors
    /// Storage failed.
    pub async fn create(&mut self, name: &str, sample: bool) -> Result<Reply, Failure> {
        let entry = Entry {
            id: WorkspaceId(random()),
            name: clean(name, "name")?,
            sample,
            shared: false,
            secret: Secret(random()),
            opened: now(),
            records: 0,
        };
        let id = entry.id;
        let registry = self.registry.as_mut().ok_or(Problem::StorageUnavailable)?;
        registry.put(entry.clone()).await?;
        let made = self.fill(&entry).await;
        if made.is_err() {
            // Half a workspace is worse than none; the form still has its text.
            let _ = self.remove(id).await;
        }
        made?;
        self.registry_changed();
        Ok(Reply::Done)
    }

    async fn fill(&mut self, entry: &Entry) -> Result<(), Failure> {
        self.open_workspace(entry.id).await?;
        if !entry.name.is_empty() {
            self.name_workspace(&entry.name).await?;
        }
        if entry.sample {
            let edits = self.sample_edits(entry.id);
            self.edit(0, &edits).await?;
        }
        self.count_records().await;
        Ok(())
    }

    /// Opens a workspace of this device.
    ///
    /// # Errors
    /// It is not on this device, or storage failed.
    pub async fn open_known(&mut self, id: WorkspaceId) -> Result<Reply, Failure> {
        let registry = self.registry.as_ref().ok_or(Problem::StorageUnavailable)?;
        if !registry.workspaces.has(id) {
            return Err(Problem::NoWorkspace.into());
        }
        self.open_workspace(id).await?;
        Ok(Reply::Done)
    }

    /// Removes a workspace and its data from this device.
    ///
    /// # Errors
    /// Storage failed, or another tab does not let go of it.
    pub async fn remove(&mut self, id: WorkspaceId) -> Result<Reply, Failure> {
        if self.open.as_ref().is_some_and(|open| open.id == id) {
            self.close_workspace();
        }
        self.tell_common(&CommonMessage::Removed(id));
        let registry = self.registry.as_mut().ok_or(Problem::StorageUnavailable)?;
        registry.remove(id).await?;
        let removed = Database::remove(&database_name(id)).await;
        self.registry_changed();
        removed?;
        Ok(Reply::Done)
    }

    /// Counts the open workspace's records for the list of workspaces.
    pub async fn count_records(&mut self) {
        let Some(id) = self.open.as_ref().map(|open| open.id) else {
            return;
        };
        let Some(leader) = self.leader() else { return };
        let hidden = usize::from(leader.workspace.has(name_record(id)));
        let records = (leader.workspace.records().len() - hidden) as u32;
        let Some(registry) = &mut self.registry else {
            return;
        };
        let entry = registry.workspaces.get(id).cloned();
        if let Some(entry) = entry.filter(|entry| entry.records != records) {
            // Only a count: the next pause counts again.
            let _ = registry.put(Entry { records, ..entry }).await;
            self.registry_changed();
        }
    }
}

fn clean(name: &str, field: &str) -> Result<String, Problem> {
    let name = name.trim();
    match name.chars().count() {
        0..=120 => Ok(name.into()),
        _ => Err(Problem::TooLong {
            field: field.into(),
            limit: 120,
        }),
    }
}
