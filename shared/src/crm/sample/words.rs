//! What sample data is made of, in one language.

/// The stuff of a believable field team.
pub(super) struct Words {
    pub first_names: &'static [&'static str],
    pub last_names: &'static [&'static str],
    /// Postcode, town, area of land lines.
    pub towns: &'static [(&'static str, &'static str)],
    pub streets: &'static [&'static str],
    pub country: &'static str,
    /// The first companies: name, trade, place in `towns`.
    pub companies: &'static [(&'static str, usize, usize)],
    /// The others: `{last}` is a family name, `{town}` a town; and the trade.
    pub company_names: &'static [(&'static str, usize)],
    pub trades: &'static [&'static str],
    /// The first contacts: given name, family name, function, place in `companies`.
    pub contacts: &'static [(&'static str, &'static str, &'static str, usize)],
    pub jobs: &'static [&'static str],
    pub tags: &'static [&'static str],
    /// The first deals: name, place in `companies`, amount in whole euros or pounds, place of the
    /// stage, days until what is planned next.
    pub deals: &'static [(&'static str, usize, i64, usize, Option<i32>)],
    /// The others: name, and between which amounts.
    pub deal_names: &'static [(&'static str, i64, i64)],
    pub origins: &'static [&'static str],
    pub roles: &'static [&'static str],
    pub lost: &'static [&'static str],
    pub visits: &'static [&'static str],
    pub calls: &'static [&'static str],
    pub mails: &'static [&'static str],
    pub tasks: &'static [&'static str],
    pub comments: &'static [&'static str],
    pub outcomes: &'static [&'static str],
    pub notes: &'static [&'static str],
    pub colleagues: [&'static str; 4],
    /// Numbers that no telephone has, `#` for each digit: mobile, land line.
    pub phones: [&'static str; 2],
    pub currency: &'static str,
    /// What a few deals abroad are paid in.
    pub other_currencies: [&'static str; 2],
}
