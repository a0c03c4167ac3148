//! A sale in the making.

use super::Kind;
use super::field::{Field, Group, Shape, fields};
use super::pipeline;

/// What became of a deal, or that it is on the way.
pub const STATUSES: &[&str] = &["open", "won", "lost", "hold"];
/// Why a deal was lost.
pub const LOST_REASONS: &[&str] = &["price", "competitor", "postponed", "silence", "other"];

fields! {
    /// What is sold, in a few words.
    NAME = Field::new(1, "name", Shape::Text).within(Group::Head).searched().aliases(&["deal name", "deal - title", "affaire"]);
    /// To whom.
    COMPANY = Field::new(2, "company", Shape::Link(Kind::Company)).within(Group::Related);
    /// With whom.
    CONTACTS = Field::new(3, "contacts", Shape::Links(Kind::Contact)).within(Group::Related);
    /// For how much.
    AMOUNT = Field::new(4, "amount", Shape::Money).aliases(&["amount", "deal - value", "montant"]);
    /// When it should close.
    CLOSE_ON = Field::new(5, "close_on", Shape::Date).aliases(&["close date", "clôture prévue"]);
    /// How far it is: a stage of the pipeline.
    STAGE = Field::new(6, "stage", Shape::Choice(pipeline::STAGE_KEYS)).within(Group::Hidden);
    /// When it came to this stage.
    STAGE_SINCE = Field::new(7, "stage_since", Shape::Moment).within(Group::Hidden).quiet();
    /// Its place within the column.
    RANK = Field::new(8, "rank", Shape::Rank).within(Group::Hidden).quiet();
    /// Open, won, lost or on hold.
    STATUS = Field::new(9, "status", Shape::Choice(STATUSES)).within(Group::Hidden);
    /// Why it was lost.
    LOST_REASON = Field::new(10, "lost_reason", Shape::Choice(LOST_REASONS)).within(Group::Hidden);
    /// What else is to say of the loss.
    LOST_DETAIL = Field::new(11, "lost_detail", Shape::Text).within(Group::Hidden);
    /// When it was won or lost.
    CLOSED_AT = Field::new(12, "closed_at", Shape::Moment).within(Group::Hidden).quiet();
    /// The colleague who leads it.
    OWNER = Field::new(13, "owner", Shape::Person);
    /// Where it comes from.
    ORIGIN = Field::new(14, "origin", Shape::Text);
    /// Words to find it by.
    TAGS = Field::new(15, "tags", Shape::Tags).searched();
    /// What is worth remembering.
    NOTES = Field::new(16, "notes", Shape::Note).within(Group::Notes).aliases(&["notes"]);
}
