//! Which requests are sent again, when, and why.

use std::time::Duration;

use super::{Failure, FailureKind, Request, Response, TryAgain};

/// The wait before the first repetition; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_millis(250);

/// A server that asks for more patience than this is not waited for.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// How often a request that the server did not begin on is sent again, at least.
const NOT_PROCESSED: u32 = 2;

/// Why and after what wait a request is to be sent again, if it is.
///
/// Only what is safe to repeat (RFC 9110, 9.2.2) is, and only after what may pass; and what the server says that it did
/// not begin on. A request that timed out may have
/// been received, and would take as long again. `known` says that the endpoint has answered before: where it has
/// not, nobody is there, and asking again each time would only take long.
pub(super) fn again(
    request: &Request,
    result: Result<&Response, &Failure>,
    tried: u32,
    known: bool,
) -> Option<(TryAgain, Duration)> {
    let own = FIRST_WAIT * 2_u32.saturating_pow(tried);
    if result.is_err_and(|failure| failure.kind == FailureKind::NotProcessed) {
        return Some((TryAgain::NotProcessed, own));
    }
    let idempotent =
        matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE" | "TRACE");
    if !idempotent {
        return None;
    }
    match result {
        Err(failure) => (failure.kind == FailureKind::Connect && known).then_some((TryAgain::Failed, own)),
        Ok(response) => {
            // A change may have been made though the answer was lost on its way; asking again could fail for that.
            let reads = matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS");
            let why = match response.status {
                429 => TryAgain::Patience,
                502..=504 if reads => TryAgain::Failed,
                _ => return None,
            };
            let wait = asked_for(response).unwrap_or(own);
            (wait <= LONGEST_WAIT).then_some((why, wait))
        }
    }
}

/// How often a request is repeated at most, where `retries` are allowed. One that the server did not begin on has not
/// been sent yet, as it were: a server that ends its connections in good order is right to leave some so.
pub(super) fn most(why: TryAgain, retries: u32) -> u32 {
    if why == TryAgain::NotProcessed { retries.max(NOT_PROCESSED) } else { retries }
}

/// How long a server asks to be left alone: `Retry-After` of a 429 or 503, in seconds or as a date.
pub(super) fn asked_for(response: &Response) -> Option<Duration> {
    if !matches!(response.status, 429 | 503) {
        return None;
    }
    let value = response.headers.get("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = jiff::fmt::rfc2822::parse(value).ok()?.timestamp();
    let wait = moment.as_second() - jiff::Timestamp::now().as_second();
    Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
}

/// How long everybody pauses after an answer: as long as it asks for, within bounds.
pub(super) fn pause(response: &Response) -> Option<Duration> {
    asked_for(response).filter(|wait| *wait <= LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Credentials, Headers, Room};

    fn request(method: &str) -> Request {
        Request {
            method: method.to_owned(),
            url: "http://h/".parse().unwrap(),
            headers: Headers::default(),
            secret_headers: Vec::new(),
            body: None,
            credentials: Credentials::default(),
            room: Room::default(),
        }
    }

    fn answer(status: u16, retry_after: Option<&str>) -> Response {
        let headers = retry_after.map(|value| ("Retry-After".to_owned(), value.to_owned()));
        Response {
            status,
            headers: Headers(headers.into_iter().collect()),
            body: Vec::new(),
            room: Room::default(),
        }
    }

    #[test]
    fn only_what_is_safe_is_sent_again() {
        let none = Failure { kind: FailureKind::Connect, message: String::new() };
        for (method, expected) in [("GET", true), ("PUT", true), ("POST", false), ("PATCH", false)] {
            assert_eq!(again(&request(method), Err(&none), 0, true).is_some(), expected, "{method}");
            let patience = answer(429, None);
            assert_eq!(again(&request(method), Ok(&patience), 0, true).is_some(), expected, "{method}");
            let failed = answer(503, None);
            // What may have been done already is not done again.
            let reads = method == "GET";
            assert_eq!(again(&request(method), Ok(&failed), 0, true).is_some(), reads, "{method}");
        }
        assert!(again(&request("GET"), Err(&none), 0, false).is_none());
        let untouched = Failure { kind: FailureKind::NotProcessed, message: String::new() };
        let (why, _) = again(&request("POST"), Err(&untouched), 0, false).unwrap();
        assert_eq!((why, most(why, 0), most(TryAgain::Failed, 0)), (TryAgain::NotProcessed, 2, 0));
        let late = Failure { kind: FailureKind::Timeout, message: String::new() };
        assert!(again(&request("GET"), Err(&late), 0, true).is_none());
        for status in [200, 400, 404, 500, 501] {
            assert!(again(&request("GET"), Ok(&answer(status, Some("1"))), 0, true).is_none(), "{status}");
        }
    }

    #[test]
    fn what_a_server_asks_for_is_respected() {
        let wait = |answer: &Response| again(&request("GET"), Ok(answer), 1, true);
        assert_eq!(wait(&answer(429, Some("7"))), Some((TryAgain::Patience, Duration::from_secs(7))));
        assert_eq!(wait(&answer(503, Some("0"))), Some((TryAgain::Failed, Duration::ZERO)));
        assert_eq!(wait(&answer(503, None)), Some((TryAgain::Failed, Duration::from_millis(500))));
        assert_eq!(wait(&answer(429, Some("86400"))), None);
        let past = answer(429, Some("Wed, 21 Oct 2015 07:28:00 GMT"));
        assert_eq!(wait(&past), Some((TryAgain::Patience, Duration::ZERO)));
    }
}
