//! A visit, call, task or comment: planned while it is not done, then part of the timeline.

use super::Kind;
use super::field::{Field, Group, Shape, fields};

/// What kinds of activity there are.
pub const TYPES: &[&str] = &["visit", "call", "mail", "task", "comment"];

fields! {
    /// Visit, call, mail, task or comment.
    TYPE = Field::new(1, "activity", Shape::Choice(TYPES)).within(Group::Hidden);
    /// What it is about, or what was said.
    SUBJECT = Field::new(2, "subject", Shape::Text).within(Group::Head).searched();
    /// The day it is planned for.
    DUE_ON = Field::new(3, "due_on", Shape::Date);
    /// The time of day, `14:30`, local to whoever goes there.
    DUE_TIME = Field::new(4, "due_time", Shape::Text);
    /// When it was done; absent while it is planned.
    DONE_AT = Field::new(5, "done_at", Shape::Moment).within(Group::Hidden).quiet();
    /// What came of it.
    OUTCOME = Field::new(6, "outcome", Shape::Text);
    /// About whom.
    CONTACT = Field::new(7, "contact", Shape::Link(Kind::Contact)).within(Group::Related);
    /// About which company.
    COMPANY = Field::new(8, "company", Shape::Link(Kind::Company)).within(Group::Related);
    /// About which deal.
    DEAL = Field::new(9, "deal", Shape::Link(Kind::Deal)).within(Group::Related);
    /// Who does it.
    OWNER = Field::new(10, "owner", Shape::Person);
}
