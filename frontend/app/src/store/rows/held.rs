//! How a row is held.

use shared::crm::Kind;
use shared::crm::row::Row;
use std::rc::Rc;

/// A row as the page keeps it. Lists and boards read contacts, companies and deals all the time, so
/// those lie open. Activities are many, and only read with the record that they are about: they stay
/// packed, at a fifth of the memory.
pub enum Held {
    /// An open row.
    Open(Rc<Row>),
    /// An activity as bytes.
    Activity(Box<[u8]>),
}

impl Held {
    /// Holds a row.
    pub fn of(row: &Rc<Row>) -> Held {
        match row.kind {
            Kind::Activity => Held::Activity(row.to_bytes().into()),
            Kind::Contact | Kind::Company | Kind::Deal | Kind::Member => Held::Open(row.clone()),
        }
    }

    /// The type of the record.
    pub fn kind(&self) -> Kind {
        match self {
            Held::Open(row) => row.kind,
            Held::Activity(_) => Kind::Activity,
        }
    }

    /// The row.
    pub fn row(&self) -> Option<Rc<Row>> {
        match self {
            Held::Open(row) => Some(row.clone()),
            Held::Activity(bytes) => Row::from_bytes(bytes).map(Rc::new),
        }
    }
}
