use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check, words};

#[test]
fn by_precision_and_prefix() {
    let patient = r#"{"resourceType":"Patient","birthDate":"2018-05-14"}"#;
    check(
        &STU3,
        patient,
        &[
            ("birthdate=2018-05-14", Met),
            ("birthdate=2018-05", Met),
            ("birthdate=2018", Met),
            ("birthdate=2018-05-13", Not),
            ("birthdate=eq2018-05-14", Met),
            ("birthdate=ne2018-05-13", Met),
            ("birthdate=ne2018-05-14", Not),
            ("birthdate=gt2018-05-13", Met),
            ("birthdate=gt2018-05-14", Not),
            ("birthdate=gt2018", Not),
            ("birthdate=lt2018-05-15", Met),
            ("birthdate=lt2018", Not),
            ("birthdate=lt2019", Met),
            ("birthdate=ge2018-05-14", Met),
            ("birthdate=ge2018-05-15", Not),
            ("birthdate=le2018", Met),
            ("birthdate=le2018-05-13", Not),
            ("birthdate=sa2018-05-13", Met),
            ("birthdate=sa2018-05-14", Not),
            ("birthdate=eb2018-05-15", Met),
            ("birthdate=eb2018-05-14", Not),
            ("birthdate=ap2018", Met),
            ("birthdate=ap2017", Unknown),
            ("birthdate=next week", Unknown),
            ("birthdate=2018-05-13,2018-05-14", Met),
            ("birthdate:exact=2018-05-14", Unknown),
        ],
    );
    let year = r#"{"resourceType":"Patient","birthDate":"1990"}"#;
    check(
        &STU3,
        year,
        &[
            ("birthdate=1990", Met),
            ("birthdate=1990-06-01", Not),
            ("birthdate=ge1990-06-01", Met),
            ("birthdate=sa1990-01-01", Not),
        ],
    );
}

fn observation(when: &str) -> String {
    format!(r#"{{"resourceType":"Observation",{when}}}"#)
}

#[test]
fn times_by_their_zones() {
    let early = observation(r#""effectiveDateTime":"2018-05-14T00:30:00+01:00""#);
    check(
        &STU3,
        &early,
        &[
            ("date=2018-05-14", Met),
            ("date=2018-05-13", Met),
            ("date=2018-05-15", Not),
            ("date=2018-05-12", Not),
            ("date=2018-05-13T23:30:00Z", Met),
            ("date=2018-05-14T00:30:00Z", Not),
            ("date=ge2018-05-14T00:00:00+01:00", Met),
            ("date=2018-05-14T00:30", Met),
        ],
    );
    let noon = observation(r#""effectiveDateTime":"2018-05-14T12:00:00Z""#);
    check(
        &STU3,
        &noon,
        &[("date=2018-05-15", Unknown), ("date=2018-05-16", Not), ("date=gt2018-05-14", Unknown)],
    );
    let bare = observation(r#""effectiveDateTime":"2018-05-14""#);
    check(&STU3, &bare, &[("date=2018-05-15", Not), ("date=ge2018-05-14T09:00:00Z", Met)]);
}

#[test]
fn periods_where_they_overlap() {
    let period = observation(r#""effectivePeriod":{"start":"2018-05-01","end":"2018-06-30"}"#);
    check(
        &STU3,
        &period,
        &[
            ("date=2018-06", Met),
            ("date=2018-07", Not),
            ("date=ne2018-06", Met),
            ("date=gt2018-06-29", Met),
            ("date=sa2018-04", Met),
            ("date=eb2018-06", Not),
        ],
    );
    assert_eq!(words(&STU3, &period, "date"), "2018-05-01 to 2018-06-30");
    let open = observation(r#""effectivePeriod":{"start":"2018-05-01"}"#);
    check(&STU3, &open, &[("date=ge2020", Met), ("date=lt2018-05-01", Not)]);
    let for_ever = observation(r#""effectivePeriod":{"start":"2018-05-01","end":"9999-12-31"}"#);
    check(&STU3, &for_ever, &[("date=2500", Met), ("date=2017", Not)]);
}

#[test]
fn timings_by_their_outer_limits() {
    let events =
        r#"{"resourceType":"ServiceRequest","occurrenceTiming":{"event":["2018-05-03","2018-05-01"]}}"#;
    check(
        &R4,
        events,
        &[("occurrence=2018-05-02", Met), ("occurrence=sa2018-05-03", Not), ("occurrence=2018-06", Not)],
    );
    let repeat = r#"{"resourceType":"ServiceRequest","occurrenceTiming":{"repeat":{"boundsPeriod":{"start":"2018-05-01"}}}}"#;
    check(&R4, repeat, &[("occurrence=ge2018-06", Met)]);
    let code = r#"{"resourceType":"ServiceRequest","occurrenceTiming":{"code":{"text":"daily"}}}"#;
    check(&R4, code, &[("occurrence=2018", Unknown)]);
}

#[test]
fn instants() {
    let patient = r#"{"resourceType":"Patient","meta":{"lastUpdated":"2020-02-29T10:00:00.500Z"}}"#;
    check(
        &STU3,
        patient,
        &[
            ("_lastUpdated=2020-02-29", Met),
            ("_lastUpdated=gt2020-02-29T10:00:00Z", Not),
            ("_lastUpdated=ge2020-02-29T10:00:00Z", Met),
            ("_lastUpdated=lt2020-02-29T10:00:00.400Z", Not),
        ],
    );
}
