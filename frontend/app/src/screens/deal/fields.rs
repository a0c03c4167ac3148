//! The fields of a deal.

use crate::screens::deals::PickCompany;
use crate::screens::record::{Page, parts};
use crate::ui::{self, Group, Keyboard, Typed};
use shared::crm::command::Write;
use shared::crm::deal;
use shared::crm::row::Value;
use shared::money::{Currency, Money};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
struct CompanyProps {
    page: Page,
}

/// Amount, close, company, colleague, currency, origin, tags.
pub fn deal_fields(page: &Page) -> Html {
    html! {
        <Group title={page.w.t("deal-fields")}>
            <div class="fields2">
                { parts::field_row(page, &deal::AMOUNT) }
                { parts::field_row(page, &deal::CLOSE_ON) }
                <Company page={page.clone()} />
                { parts::field_row(page, &deal::OWNER) }
                { currency(page) }
                { parts::field_row(page, &deal::ORIGIN) }
                { parts::field_row(page, &deal::TAGS) }
            </div>
        </Group>
    }
}

/// The company: a tap chooses another.
#[component]
fn Company(props: &CompanyProps) -> Html {
    let page = &props.page;
    let picking = use_state_eq(|| false);
    let name = page
        .row
        .link(&deal::COMPANY)
        .map(|id| page.store.title(id))
        .filter(|name| !name.is_empty());
    let open = {
        let picking = picking.setter();
        Callback::from(move |_: MouseEvent| picking.set(true))
    };
    let close = {
        let picking = picking.setter();
        Callback::from(move |()| picking.set(false))
    };
    let pick = {
        let (page, picking) = (page.clone(), picking.setter());
        Callback::from(move |company| {
            let write = match company {
                Some(id) => Write::put(deal::COMPANY.key, Value::Link(id).to_stored()),
                None => Write::clear(deal::COMPANY.key),
            };
            page.do_it(vec![write], None);
            picking.set(false);
        })
    };
    let empty = name.is_none().then_some("field__value--empty");
    html! {
        <div class="field">
            <button type="button" class="field__edit" aria-haspopup="dialog" onclick={open}>
                <span class="field__label">{ page.w.t("deal-new-company") }</span>
                <span class={classes!("field__value", empty)}>{ name.unwrap_or_else(|| page.w.t("deal-add-company")) }</span>
            </button>
            { parts::others(page, &deal::COMPANY, "") }
            if *picking { <PickCompany on_close={close} on_pick={pick} /> }
        </div>
    }
}

/// The currency of the amount. The figure stays: nothing here knows a rate.
fn currency(page: &Page) -> Html {
    let held = page.row.money(&deal::AMOUNT);
    let current = held.map_or(Currency::EUR, |money| money.currency);
    let mut offered = Currency::OFFERED.to_vec();
    if !offered.contains(&current) {
        offered.push(current);
    }
    let choices = offered.iter().map(|currency| {
        let code = AttrValue::from(currency.code().to_owned());
        (code.clone(), page.w.currency(*currency))
    });
    let onsave = {
        let page = page.clone();
        Callback::from(move |typed: Typed| {
            let chosen: Option<Currency> = typed.text.parse().ok();
            if let (Some(currency), Some(money)) = (chosen, held) {
                let amount = in_currency(money, currency).to_string();
                page.save(vec![Write::put(deal::AMOUNT.key, amount)], None, typed.done);
            } else {
                typed.done.emit(false);
            }
            None
        })
    };
    html! {
        <ui::Field key="currency" label={page.w.t("deal-currency")} shown={held.map(|_| html! { { page.w.currency(current) } })}
            typed={current.code().to_owned()} empty={page.w.t("deal-no-amount")} keyboard={Keyboard::Choice(choices.collect())} {onsave} />
    }
}

/// The same figure in another currency, which may have more or fewer decimals.
fn in_currency(money: Money, currency: Currency) -> Money {
    let from = 10i64.pow(money.currency.decimals());
    let to = 10i64.pow(currency.decimals());
    let minor = i128::from(money.minor) * i128::from(to) / i128::from(from);
    let limit = i128::from(Money::LIMIT);
    Money {
        minor: minor.clamp(-limit, limit) as i64,
        currency,
    }
}

#[cfg(test)]
mod tests {
    use super::in_currency;

    #[test]
    fn another_currency_keeps_the_figure() {
        let money = "EUR 1295000".parse().unwrap();
        assert_eq!(
            in_currency(money, "JPY".parse().unwrap()).to_string(),
            "JPY 12950"
        );
        assert_eq!(
            in_currency(money, "CHF".parse().unwrap()).to_string(),
            "CHF 1295000"
        );
    }
}
