//! Values of fields as words, and words as values.

use crate::browser::today;
use crate::i18n::{Arg, Words};
use shared::crm::Kind;
use shared::crm::field::{Field, Shape};
use shared::crm::input::{self, InputError, Yearless};
use shared::crm::row::Value;
use shared::money::Currency;
use shared::time::Date;
use yew::AttrValue;

/// A value as it is shown. `name_of` says what a linked record or a colleague is called.
pub fn shown(
    value: &Value,
    field: &Field,
    w: &Words,
    name_of: impl Fn(&Value) -> AttrValue,
) -> AttrValue {
    match value {
        Value::Text(text) => match field.shape {
            Shape::Choice(_) => w.choice(field.key, text),
            Shape::Phones => w.phone(text),
            Shape::Text
            | Shape::Note
            | Shape::Date
            | Shape::Moment
            | Shape::Money
            | Shape::Flag
            | Shape::Link(_)
            | Shape::Person
            | Shape::Rank
            | Shape::Emails
            | Shape::Tags
            | Shape::Links(_) => AttrValue::from(text.clone()),
        },
        Value::Date(date) => w.date(*date),
        Value::Moment(at) => w.exact(*at),
        Value::Money(money) => w.money(*money),
        Value::Flag(flag) => w.t(if *flag { "yes" } else { "no" }),
        Value::Link(_) | Value::Person(_) => name_of(value),
    }
}

/// A value as the person would type it.
pub fn to_type(value: &Value, w: &Words) -> AttrValue {
    match value {
        Value::Date(date) => w.date_to_type(*date),
        Value::Money(money) => w.money_to_type(*money),
        Value::Text(text) => AttrValue::from(text.clone()),
        Value::Moment(_) | Value::Flag(_) | Value::Link(_) | Value::Person(_) => {
            AttrValue::from(value.to_stored())
        }
    }
}

/// What was typed as a value of a field; `None` when nothing was.
///
/// # Errors
/// A sentence that says what is wrong and how to write it.
pub fn read(
    typed: &str,
    kind: Kind,
    field: &Field,
    held: Option<&Value>,
    w: &Words,
) -> Result<Option<Value>, AttrValue> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let yearless = match (kind, field.key) {
        (Kind::Contact, "birthday") => Yearless::Birthday,
        (Kind::Contact | Kind::Company | Kind::Deal | Kind::Activity | Kind::Member, _) => {
            Yearless::Coming
        }
    };
    let read = match field.shape {
        Shape::Date => input::date(typed, w.habit(), today(), yearless).map(Value::Date),
        Shape::Money => {
            let currency = match held {
                Some(Value::Money(money)) => money.currency,
                Some(_) | None => Currency::EUR,
            };
            w.read_money(typed, currency).map(Value::Money)
        }
        Shape::Phones => input::phone(typed).map(Value::Text),
        Shape::Emails => input::email(typed).map(Value::Text),
        Shape::Text if field.key == "website" => input::url(typed).map(Value::Text),
        Shape::Text if field.key == "due_time" => input::time(typed).map(Value::Text),
        Shape::Text if field.key == "street" => input::lines(typed).map(Value::Text),
        Shape::Link(_) | Shape::Person | Shape::Flag | Shape::Moment => {
            return Ok(Value::from_stored(field.shape, typed));
        }
        Shape::Text
        | Shape::Note
        | Shape::Choice(_)
        | Shape::Rank
        | Shape::Tags
        | Shape::Links(_) => input::line(typed).map(Value::Text),
    };
    read.map(Some)
        .map_err(|error| sentence(&error, yearless, w))
}

/// The numbers or addresses that were typed, one or several together; none when nothing was.
///
/// # Errors
/// A sentence that says what is wrong and how to write it.
pub fn items(typed: &str, field: &Field, w: &Words) -> Result<Vec<String>, AttrValue> {
    let read = if field.shape == Shape::Emails {
        input::emails(typed)
    } else {
        input::phones(typed)
    };
    read.map_err(|error| sentence(&error, Yearless::Coming, w))
}

/// A day as it may be written: to come, or past where it is a birthday.
pub fn example(of: Yearless) -> Date {
    today().plus_days(match of {
        Yearless::Coming => 9,
        Yearless::Birthday => -15_000,
    })
}

/// What is wrong with what was typed, and how to write it.
pub fn sentence(error: &InputError, of: Yearless, w: &Words) -> AttrValue {
    let mut args: Vec<(&str, Arg<'_>)> = Vec::new();
    for (name, value) in error.arguments() {
        match name {
            "last" => {
                let last: Date = value.parse().unwrap_or_else(|_| today());
                args.push(("last", w.date_to_type(last).to_string().into()));
                args.push(("monthname", capitalised(&w.month_of(last)).into()));
            }
            "days" | "decimals" | "limit" | "month" => {
                args.push((name, value.parse::<i64>().unwrap_or_default().into()));
            }
            _ => args.push((name, value.into())),
        }
    }
    let example = w.date_to_type(example(of));
    args.push(("example", example.to_string().into()));
    w.with(error.key(), &args)
}

/// The word as it begins a sentence.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
