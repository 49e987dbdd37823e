//! The TLS version, the chain of certificates, and when the server's own expires.

use super::Check;
use crate::http::{Exchange, FailureKind};

const NAME: &str = "TLS";
/// How many days a certificate should last.
const ENOUGH_DAYS: i64 = 30;

pub(super) fn check(exchange: &Exchange, now: jiff::Timestamp) -> Check {
    if let Err(failure) = &exchange.result
        && matches!(failure.kind, FailureKind::Tls | FailureKind::TlsRefused)
    {
        return Check::problem(
            NAME,
            failure.message.clone(),
            "mend the server's certificate, or name its authority or a client certificate under [tls]",
        );
    }
    if exchange.request.url.scheme() == "http" {
        return plain(exchange);
    }
    let Some(facts) = &exchange.how.tls else {
        return Check::skipped(NAME, "no connection was made");
    };
    let Some(own) = facts.certificates.first() else {
        return Check::ok(NAME, facts.version.clone());
    };
    let others = facts.certificates.len() - 1;
    let found = format!(
        "{}; the certificate is of {}, vouched for by {}, with {others} more in the chain, and expires {}",
        facts.version,
        own.subject,
        own.issuer,
        own.expires.get(..10).unwrap_or("at no date that can be read"),
    );
    let days = own.expires.parse().ok().map(|expires: jiff::Timestamp| days_between(now, expires));
    match days {
        Some(days) if days < ENOUGH_DAYS => {
            Check::warning(NAME, format!("{found}, in {days} days"), "have it renewed")
        }
        _ => Check::ok(NAME, found),
    }
}

fn days_between(now: jiff::Timestamp, then: jiff::Timestamp) -> i64 {
    (then.as_second() - now.as_second()).div_euclid(24 * 60 * 60)
}

/// Nothing is encrypted, which only a server on this machine can do without.
fn plain(exchange: &Exchange) -> Check {
    let is_here = match exchange.request.url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if is_here {
        return Check::skipped(NAME, "the address is http, on this machine");
    }
    Check::warning(
        NAME,
        "the address is http: nothing is encrypted",
        "use https, unless nothing but synthetic records is there",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole() {
        let moment = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        let now = moment("2026-01-01T12:00:00Z");
        assert_eq!(days_between(now, moment("2026-01-31T11:00:00Z")), 29);
        assert_eq!(days_between(now, moment("2026-01-31T12:00:00Z")), 30);
        assert_eq!(days_between(now, moment("2026-01-01T11:00:00Z")), -1);
    }
}
