//! A person at a customer.

use super::Kind;
use super::field::{Field, Group, Shape, fields};

fields! {
    /// Given name.
    FIRST_NAME = Field::new(1, "first_name", Shape::Text).within(Group::Head).searched().aliases(&["first name", "given name", "prénom"]);
    /// Family name.
    LAST_NAME = Field::new(2, "last_name", Shape::Text).within(Group::Head).searched().aliases(&["last name", "family name", "nom"]);
    /// Function at the company.
    JOB_TITLE = Field::new(3, "job_title", Shape::Text).within(Group::Head).searched().aliases(&["organization title", "job title", "fonction"]);
    /// Where they work.
    COMPANY = Field::new(4, "company", Shape::Link(Kind::Company)).within(Group::Related);
    /// Telephone numbers.
    PHONES = Field::new(5, "phones", Shape::Phones).within(Group::Reach).searched();
    /// E-mail addresses.
    EMAILS = Field::new(6, "emails", Shape::Emails).within(Group::Reach).searched();
    /// Street and number; may have several lines.
    STREET = Field::new(7, "street", Shape::Text).aliases(&["address 1 - street", "street", "rue"]);
    /// Postcode: text, since zeros lead.
    POSTCODE = Field::new(8, "postcode", Shape::Text).aliases(&["address 1 - postal code", "postal code", "code postal"]);
    /// Town.
    CITY = Field::new(9, "city", Shape::Text).searched().aliases(&["address 1 - city", "city", "ville"]);
    /// Country.
    COUNTRY = Field::new(10, "country", Shape::Text).aliases(&["address 1 - country", "country", "pays"]);
    /// Birthday; the year may be unknown.
    BIRTHDAY = Field::new(11, "birthday", Shape::Date).aliases(&["birthday", "anniversaire"]);
    /// Words to find them by.
    TAGS = Field::new(12, "tags", Shape::Tags).searched().aliases(&["labels", "group membership", "étiquettes"]);
    /// What is worth remembering.
    NOTES = Field::new(13, "notes", Shape::Note).within(Group::Notes).aliases(&["notes"]);
    /// The colleague who looks after them.
    OWNER = Field::new(14, "owner", Shape::Person);
    /// Where an imported record comes from: source and key there.
    SOURCE = Field::new(15, "source", Shape::Text).within(Group::Hidden).quiet();
    /// A hash of each value as last imported, so that a re-import writes only what differs.
    IMPORTED = Field::new(16, "imported", Shape::Text).within(Group::Hidden).quiet();
}
