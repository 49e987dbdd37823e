use jiff::civil::Date;

use super::*;

pub(super) fn day(from_today: i64) -> Date {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    today.saturating_add(jiff::Span::new().days(from_today))
}

pub(super) fn search(first: i64, last: i64, more: &str) -> String {
    format!("/Slot?start=ge{}&end=le{}&status=free&_include=Slot:schedule{more}", day(first), day(last))
}

const KIND: &str =
    "&searchFilter=https://fhir.nhs.uk/STU3/CodeSystem/GPConnect-OrganisationType-1%7Curgent-care";
const CODE: &str = "&searchFilter=https://fhir.nhs.uk/Id/ods-organization-code%7CR1A14";

fn of_kind(bundle: &Value, kind: &str) -> usize {
    let entries = bundle["entry"].as_array().into_iter().flatten();
    entries.filter(|entry| entry["resource"]["resourceType"] == kind).count()
}

#[tokio::test]
async fn slots_that_are_kept_are_shown_to_those_for_whom() {
    let provider = Provider::start().await;
    for (filter, expected) in [
        (String::new(), 7),
        (KIND.to_owned(), 8),
        (CODE.to_owned(), 8),
        (format!("{KIND}{CODE}"), 10),
        ("&searchFilter=TypeCategory%7COther".to_owned(), 7),
    ] {
        let reply = provider.ask(&SEARCH_SLOT, &search(1, 1, &filter)).await;
        assert_eq!(of_kind(&reply.json(), "Slot"), expected, "{filter}");
    }
}

#[tokio::test]
async fn what_is_asked_for_comes_with_the_slots() {
    let provider = Provider::start().await;
    let recursive = |what: &str| format!("&_include:recurse=Schedule:actor:{what}");
    for (more, practitioners, locations) in
        [(String::new(), 0, 0), (recursive("Practitioner"), 2, 0), (recursive("Location"), 0, 2)]
    {
        let bundle = provider.ask(&SEARCH_SLOT, &search(1, 3, &more)).await.json();
        let found =
            ["Schedule", "Practitioner", "Location", "Organization"].map(|kind| of_kind(&bundle, kind));
        assert_eq!(found, [2, practitioners, locations, 1], "{more}");
    }
    let nothing = provider.ask(&SEARCH_SLOT, &search(30, 31, "")).await.json();
    assert!(nothing.get("entry").is_none());
}

#[tokio::test]
async fn a_range_is_whole_local_and_of_fourteen_days() {
    let provider = Provider::start().await;
    let rest = "status=free&_include=Slot:schedule";
    for (query, status, code) in [
        (format!("end=le2030-01-01&{rest}"), 400, "BAD_REQUEST"),
        (format!("start=ge2030-01-01&end=le2030-01-16&{rest}"), 422, "INVALID_PARAMETER"),
        (format!("start=ge2030-01-02&end=le2030-01-01&{rest}"), 422, "INVALID_PARAMETER"),
        (format!("start=gt2030-01-01&end=le2030-01-02&{rest}"), 422, "INVALID_PARAMETER"),
        (format!("start=ge2030-01&end=le2030-01-02&{rest}"), 422, "INVALID_PARAMETER"),
        (format!("start=ge2030-01-01T00:00:00Z&end=le2030-01-02&{rest}"), 422, "INVALID_PARAMETER"),
        (format!("start=&end=le2030-01-02&{rest}"), 422, "INVALID_PARAMETER"),
        ("start=ge2030-01-01&end=le2030-01-02&status=busy".to_owned(), 422, "INVALID_PARAMETER"),
        ("start=ge2030-01-01&end=le2030-01-02&status=free".to_owned(), 400, "BAD_REQUEST"),
    ] {
        let reply = provider.ask(&SEARCH_SLOT, &format!("/Slot?{query}")).await;
        assert_eq!(reply.refused(), refusal(status, code), "{query}");
    }
    let local = format!("/Slot?start=ge2030-01-01T09:00:00%2B00:00&end=le2030-01-15&{rest}");
    assert_eq!(provider.ask(&SEARCH_SLOT, &local).await.status, 200);
}
