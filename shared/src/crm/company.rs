//! A customer firm.

use super::field::{Field, Group, Shape, fields};

fields! {
    /// Name.
    NAME = Field::new(1, "name", Shape::Text).within(Group::Head).searched().aliases(&["company name", "organization name", "company", "entreprise"]);
    /// What it does.
    INDUSTRY = Field::new(2, "industry", Shape::Text).within(Group::Head).searched().aliases(&["industry", "secteur"]);
    /// Telephone numbers.
    PHONES = Field::new(3, "phones", Shape::Phones).within(Group::Reach).searched();
    /// E-mail addresses.
    EMAILS = Field::new(4, "emails", Shape::Emails).within(Group::Reach).searched();
    /// Web site.
    WEBSITE = Field::new(5, "website", Shape::Text).within(Group::Reach).searched().aliases(&["website", "web page", "site web"]);
    /// Street and number; may have several lines.
    STREET = Field::new(6, "street", Shape::Text).aliases(&["street", "rue"]);
    /// Postcode: text, since zeros lead.
    POSTCODE = Field::new(7, "postcode", Shape::Text).aliases(&["postal code", "code postal"]);
    /// Town.
    CITY = Field::new(8, "city", Shape::Text).searched().aliases(&["city", "ville"]);
    /// Country.
    COUNTRY = Field::new(9, "country", Shape::Text).aliases(&["country", "pays"]);
    /// Words to find it by.
    TAGS = Field::new(10, "tags", Shape::Tags).searched();
    /// What is worth remembering.
    NOTES = Field::new(11, "notes", Shape::Note).within(Group::Notes).aliases(&["notes"]);
    /// The colleague who looks after it.
    OWNER = Field::new(12, "owner", Shape::Person);
    /// Where an imported record comes from: source and key there.
    SOURCE = Field::new(13, "source", Shape::Text).within(Group::Hidden).quiet();
}
