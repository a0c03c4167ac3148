//! A device that imports.

use shared::crm::Kind;
use shared::crm::command::Edit;
use shared::crm::contact;
use shared::crm::field::Field;
use shared::crm::import::{Choices, File, Mode, Outcome, Plan, Reading, Skip, plan};
use shared::crm::input::Language;
use shared::crm::row::Row;
use shared::document::Document;
use shared::id::{PersonId, RecordId, WorkspaceId, Writer};
use shared::time::{Date, Timestamp};
use std::collections::BTreeMap;

pub const WORKSPACE: WorkspaceId = WorkspaceId([3; 16]);

/// One device's workspace.
#[derive(Default, Clone)]
pub struct Device {
    person: u8,
    pub documents: BTreeMap<RecordId, Document>,
    now: i64,
}

impl Device {
    pub fn of(person: u8) -> Device {
        Device {
            person,
            ..Device::default()
        }
    }

    pub fn rows(&self) -> Vec<Row> {
        let row = |(id, document): (&RecordId, &Document)| document.row(*id).unwrap();
        self.documents.iter().map(row).collect()
    }

    pub fn edit(&mut self, edits: &[Edit]) {
        for edit in edits {
            self.now += 1;
            let writer = Writer {
                person: PersonId([self.person; 8]),
                instance: [self.person; 8],
            };
            let document = self.documents.entry(edit.record).or_default();
            document.edit(edit, writer, Timestamp(self.now)).unwrap();
        }
    }

    pub fn import(&mut self, bytes: &[u8]) -> Plan {
        let plan = self.plan(bytes, Mode::Both);
        self.edit(&plan.edits);
        plan
    }

    pub fn plan(&self, bytes: &[u8], mode: Mode) -> Plan {
        self.plan_as(bytes, mode, &Choices::default())
    }

    pub fn plan_as(&self, bytes: &[u8], mode: Mode, choices: &Choices) -> Plan {
        let file = File::open(bytes).unwrap();
        let drafts = file.drafts(reading());
        let rows = self.rows();
        plan(&rows, &drafts, WORKSPACE, file.source_key(), mode, choices)
    }

    pub fn import_as(&mut self, bytes: &[u8], choices: &Choices) -> Plan {
        let plan = self.plan_as(bytes, Mode::Both, choices);
        self.edit(&plan.edits);
        plan
    }

    pub fn contacts(&self) -> Vec<Row> {
        let rows = self.rows().into_iter();
        rows.filter(|row| row.kind == Kind::Contact && row.is_there())
            .collect()
    }

    pub fn receive(&mut self, other: &Device) {
        for (id, document) in &other.documents {
            let changes = document.changes();
            let bytes = changes.iter().map(|change| change.bytes.as_slice());
            self.documents.entry(*id).or_default().apply(bytes).unwrap();
        }
    }

    pub fn contact(&self, last_name: &str) -> Row {
        let named = |row: &Row| row.text(&contact::LAST_NAME) == last_name;
        let mut rows = self.rows().into_iter().filter(named);
        let row = rows.next().unwrap();
        assert!(rows.next().is_none(), "two of {last_name}");
        row
    }
}

pub fn reading() -> Reading {
    Reading {
        habit: Language::French.into(),
        today: Date::new(2026, 11, 21).unwrap(),
    }
}

pub fn csv(lines: &str) -> Vec<u8> {
    format!("First Name,Last Name,Company,Email,Mobile,City,Tags\n{lines}").into_bytes()
}

pub fn texts(row: &Row, field: &Field) -> Vec<String> {
    row.items(field).map(|item| item.text.clone()).collect()
}

/// The record that each line is about, where it is taken.
pub fn records(plan: &Plan) -> Vec<Option<RecordId>> {
    let mut by_line = BTreeMap::new();
    let of_row = plan.rows.iter().map(|row| {
        let id = match &row.outcome {
            Outcome::New(id) | Outcome::Completes(id) => Some(*id),
            Outcome::Restores(id) | Outcome::Unchanged(id) => Some(*id),
            Outcome::Double { of } => by_line.get(of).copied(),
            Outcome::Skipped(Skip::AlreadyThere(id) | Skip::Deleted(id)) => Some(*id),
            Outcome::Skipped(Skip::Problems(_) | Skip::NotThere) => None,
        };
        by_line.extend(id.map(|id| (row.line, id)));
        id
    });
    of_row.collect()
}
