//! Whether the server's clock and ours agree, by its `Date` header (RFC 9110, 6.6.1).

use super::Check;
use crate::http::Exchange;

const NAME: &str = "clock";
/// How many seconds both may be apart.
const ENOUGH: i64 = 60;

pub(super) fn check(exchange: &Exchange) -> Check {
    let Ok(response) = &exchange.result else {
        return Check::skipped(NAME, "nothing was answered");
    };
    let Some(date) = response.headers.get("date") else {
        return Check::warning(NAME, "the answer has no Date header", "have the server send one (RFC 9110)");
    };
    let parser = jiff::fmt::rfc2822::DateTimeParser::new();
    let (Ok(theirs), Ok(sent)) = (parser.parse_timestamp(date), exchange.started.parse::<jiff::Timestamp>())
    else {
        return Check::warning(
            NAME,
            "the Date header of the answer is no date",
            "have the server send one (RFC 9110)",
        );
    };
    let waited = i64::try_from(exchange.duration_ms / 1000).unwrap_or(i64::MAX);
    let apart = theirs.as_second() - sent.as_second();
    // The header was written at some moment between the request and its answer.
    let apart = if apart > 0 { (apart - waited).max(0) } else { apart };
    if apart.abs() <= ENOUGH {
        return Check::ok(NAME, "the server's clock and ours agree");
    }
    let direction = if apart > 0 { "ahead of" } else { "behind" };
    Check::warning(
        NAME,
        format!("the server's clock is {} {direction} ours", in_words(apart.abs())),
        "set both by a time server: tokens are refused before and after their time, and dates are compared with today",
    )
}

fn in_words(seconds: i64) -> String {
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        _ => format!("{} hours", seconds / 3600),
    }
}
