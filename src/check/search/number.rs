//! Number parameters (search.html#number).

use super::amount::{Amount, Sent, decimal};
use super::held::Held;
use super::met::Met;
use super::prefix::Prefix;

/// Whether a value meets one value of a number parameter.
pub(super) fn meets(held: &Held<'_>, wanted: &str) -> Met {
    let (prefix, text) = Prefix::split(wanted);
    let Some(sent) = Sent::parse(text) else { return Met::unknown(format!("`{text}` is no number")) };
    match amount(held) {
        Some(amount) => amount.meets(prefix, sent),
        None => Met::unknown("it holds no number"),
    }
}

/// A number, or a Range.
fn amount(held: &Held<'_>) -> Option<Amount> {
    if let Some(value) = &held.value {
        return Some(Amount::exactly(decimal(value)?));
    }
    let end = |name: &'static str| {
        let quantity = held.children(name).next();
        quantity.and_then(|quantity| decimal(quantity.text("value")?))
    };
    let (low, high) = (end("low"), end("high"));
    (low.is_some() || high.is_some()).then_some(Amount { low, high })
}
