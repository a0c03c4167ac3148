//! Deals, what is planned and what was done.

use super::{ACTIVITIES, About, COMPANIES, DEALS, Person, Sale, Team};
use crate::crm::command::Write;
use crate::crm::row::Item;
use crate::crm::{Kind, activity, deal, pipeline, rank};
use crate::id::RecordId;
use crate::money::{Currency, Money};

impl Team {
    pub(super) fn deals(&mut self) {
        let ids: Vec<RecordId> = (0..DEALS).map(|n| self.id(Kind::Deal, n)).collect();
        let ranks = rank::spread(ids.iter().copied());
        for (n, (id, rank)) in ids.into_iter().zip(ranks).enumerate() {
            self.deal(n, id, rank);
        }
    }

    pub(super) fn deal(&mut self, n: usize, id: RecordId, rank: String) {
        let words = self.words;
        let first = words.deals.get(n);
        let (name, company, amount, stage, next) = match first {
            Some((name, company, amount, stage, next)) => {
                (*name, *company, Some(*amount), *stage, Some(*next))
            }
            None => {
                let (name, low, high) = *self.random.pick(words.deal_names);
                // Most deals are small: the lower of two draws.
                let drawn = self
                    .random
                    .between(low, high)
                    .min(self.random.between(low, high));
                let amount = (drawn / 50 * 50).max(50);
                let stage = match self.random.below(100) {
                    0..30 => 0,
                    30..56 => 1,
                    56..77 => 2,
                    77..91 => 3,
                    _ => 4,
                };
                let company = self.random.below(COMPANIES);
                (
                    name,
                    company,
                    self.random.chance(95).then_some(amount),
                    stage,
                    None,
                )
            }
        };
        let status = match self.random.below(100) {
            _ if first.is_some() => "open",
            0..56 => "open",
            56..79 => "won",
            79..94 => "lost",
            _ => "hold",
        };
        let firm = &self.companies[company];
        let (firm_id, owner) = (firm.id, firm.owner);
        let of_firm = |person: &&Person| person.company == Some(company);
        let people: Vec<RecordId> = self
            .contacts
            .iter()
            .filter(of_firm)
            .map(|person| person.id)
            .collect();
        let mut writes = vec![
            Write::put(deal::NAME.key, name),
            Write::put(deal::COMPANY.key, firm_id.to_string()),
            Write::put(deal::STAGE.key, pipeline::STAGE_KEYS[stage]),
            Write::put(deal::RANK.key, rank),
            Write::put(deal::STATUS.key, status),
            Write::put(deal::OWNER.key, owner.to_string()),
        ];
        let abroad = self.random.chance(5) && first.is_none();
        let currency = match abroad {
            true => *self.random.pick(&words.other_currencies),
            false => words.currency,
        };
        let currency: Currency = currency.parse().unwrap_or(Currency::EUR);
        writes.extend(amount.map(|whole| {
            let money = Money {
                minor: whole * 100,
                currency,
            };
            Write::put(deal::AMOUNT.key, money.to_string())
        }));
        let old = self.random.chance(25);
        let since = self.random.between(1, if old { 45 } else { 16 });
        writes.push(Write::put(deal::STAGE_SINCE.key, self.moment(since, 9)));
        match status {
            "won" | "lost" => {
                let ago = self.random.between(1, 90);
                writes.push(Write::put(deal::CLOSED_AT.key, self.moment(ago, 15)));
                let closed = self.today.plus_days(-(ago as i32));
                writes.push(Write::put(deal::CLOSE_ON.key, closed.to_string()));
            }
            _ if self.random.chance(80) => {
                let closing = self.today.plus_days(self.random.between(-4, 80) as i32);
                writes.push(Write::put(deal::CLOSE_ON.key, closing.to_string()));
            }
            _ => {}
        }
        if status == "lost" {
            let at = self.random.below(deal::LOST_REASONS.len());
            writes.push(Write::put(deal::LOST_REASON.key, deal::LOST_REASONS[at]));
            let detail = *self.random.pick(words.lost);
            if !detail.is_empty() {
                writes.push(Write::put(deal::LOST_DETAIL.key, detail));
            }
        }
        if self.random.chance(70) {
            writes.push(Write::put(
                deal::ORIGIN.key,
                *self.random.pick(words.origins),
            ));
        }
        for person in people.iter().take(2) {
            let role = if self.random.chance(60) {
                *self.random.pick(words.roles)
            } else {
                ""
            };
            let item = Item {
                key: person.to_string(),
                label: role.to_owned(),
                text: String::new(),
            };
            writes.push(Write::put_item(deal::CONTACTS.key, &item));
        }
        self.tags(&mut writes, deal::TAGS.key, 20);
        if self.random.chance(35) {
            writes.push(Write::put(deal::NOTES.key, *self.random.pick(words.notes)));
        }
        self.make(id, Kind::Deal, writes);
        self.deals.push(Sale {
            id,
            company,
            contact: people.first().copied(),
            owner,
            open: status == "open",
            next,
        });
    }

    /// What comes next: for most open deals, and for some contacts.
    pub(super) fn planned(&mut self) {
        for at in 0..self.deals.len() {
            let sale = &self.deals[at];
            if !sale.open {
                continue;
            }
            let (decided, about) = (sale.next, self.about_deal(at));
            let next = match (decided, self.random.below(100)) {
                (Some(next), _) => next,
                (None, 0..14) => Some(-self.random.between(1, 9) as i32),
                (None, 14..24) => Some(0),
                (None, 24..74) => Some(self.random.between(1, 24) as i32),
                (None, _) => None,
            };
            if let Some(days) = next {
                self.plan(days, about);
            }
        }
        for at in (0..self.contacts.len()).step_by(17) {
            let days = self.random.between(-3, 20) as i32;
            let about = self.about_contact(at);
            self.plan(days, about);
        }
    }

    /// What was done, until there are enough activities.
    pub(super) fn done(&mut self) {
        while self.activities < ACTIVITIES {
            let about = if self.random.chance(65) {
                let at = self
                    .random
                    .below(self.deals.len())
                    .min(self.random.below(self.deals.len()));
                self.about_deal(at)
            } else {
                let at = self
                    .random
                    .below(self.contacts.len())
                    .min(self.random.below(160));
                self.about_contact(at)
            };
            let words = self.words;
            let (kind, subject) = match self.random.below(100) {
                0..40 => ("visit", *self.random.pick(words.visits)),
                40..62 => ("call", *self.random.pick(words.calls)),
                62..75 => ("mail", *self.random.pick(words.mails)),
                75..82 => ("task", *self.random.pick(words.tasks)),
                _ => ("comment", *self.random.pick(words.comments)),
            };
            let ago = self.random.between(1, 60).min(self.random.between(1, 60));
            let hour = self.random.between(8, 18);
            let mut writes = vec![Write::put(activity::DONE_AT.key, self.moment(ago, hour))];
            let outcome = *self.random.pick(words.outcomes);
            if kind == "visit" && !outcome.is_empty() {
                writes.push(Write::put(activity::OUTCOME.key, outcome));
            }
            self.activity(kind, subject, writes, about);
        }
    }

    pub(super) fn plan(&mut self, days: i32, about: About) {
        let words = self.words;
        let (kind, subject) = match self.random.below(100) {
            0..45 => ("visit", *self.random.pick(words.visits)),
            45..72 => ("call", *self.random.pick(words.calls)),
            72..85 => ("mail", *self.random.pick(words.mails)),
            _ => ("task", *self.random.pick(words.tasks)),
        };
        let day = self.today.plus_days(days);
        // 1970-01-04 was a Sunday: nobody plans for one.
        let sunday = day.to_days().rem_euclid(7) == 3 && days != 0;
        let day = day.plus_days(if !sunday { 0 } else { days.signum() });
        let mut writes = vec![Write::put(activity::DUE_ON.key, day.to_string())];
        if kind == "visit" || self.random.chance(30) {
            let (hour, half) = (self.random.between(8, 17), self.random.below(4) * 15);
            writes.push(Write::put(
                activity::DUE_TIME.key,
                format!("{hour:02}:{half:02}"),
            ));
        }
        self.activity(kind, subject, writes, about);
    }

    pub(super) fn activity(
        &mut self,
        kind: &str,
        subject: &str,
        mut writes: Vec<Write>,
        about: About,
    ) {
        let id = self.id(Kind::Activity, self.activities);
        self.activities += 1;
        writes.push(Write::put(activity::TYPE.key, kind));
        writes.push(Write::put(activity::SUBJECT.key, subject));
        writes.push(Write::put(activity::OWNER.key, about.owner.to_string()));
        for (field, link) in [
            (&activity::CONTACT, about.contact),
            (&activity::COMPANY, about.company),
            (&activity::DEAL, about.deal),
        ] {
            writes.extend(link.map(|id| Write::put(field.key, id.to_string())));
        }
        self.make(id, Kind::Activity, writes);
    }

    pub(super) fn about_deal(&self, at: usize) -> About {
        let sale = &self.deals[at];
        About {
            contact: sale.contact,
            company: Some(self.companies[sale.company].id),
            deal: Some(sale.id),
            owner: sale.owner,
        }
    }

    pub(super) fn about_contact(&self, at: usize) -> About {
        let person = &self.contacts[at];
        About {
            contact: Some(person.id),
            company: person.company.map(|at| self.companies[at].id),
            deal: None,
            owner: person.owner,
        }
    }
}
