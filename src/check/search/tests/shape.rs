//! What shapes a result: a searchset, the parameters that were sent, and what the checks say.

use std::sync::{Arc, LazyLock};

use super::{definitions, page};
use crate::check::search::shape;
use crate::check::{Answer, CheckResult, Judge, Outcome};
use crate::fhir::Release;
use crate::standard::SearchMatch;
use crate::validate::Validator;

static STU3: LazyLock<Validator> = LazyLock::new(|| Validator::new(Arc::new(definitions(Release::Stu3))));

fn check(sent: &[(&str, &str)], pages: &[&str]) -> Vec<CheckResult> {
    let pages = pages.iter().map(|body| page("http://h/fhir/Observation?x=y", body)).collect();
    let answer = Answer { pages, ..Answer::default() };
    let parameters: Vec<(String, String)> =
        sent.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let folder = crate::files::Folder::fixtures();
    let kept = crate::check::KeptAnswers::new();
    let judge = Judge { validator: &STU3, parameters: &parameters, folder: &folder, kept: &kept };
    shape(&SearchMatch::All(true), &answer, &judge)
}

#[track_caller]
fn expect(sent: &[(&str, &str)], pages: &[&str], outcome: Outcome, says: &str) {
    let results = check(sent, pages);
    let [result] = results.as_slice() else { panic!("{results:#?}") };
    assert_eq!(result.outcome, outcome, "{result:#?}");
    assert!(result.actual.as_deref().unwrap_or_default().contains(says), "{result:#?}");
}

/// A page whose entries are given as mode and resource.
fn bundle(more: &str, entries: &[(&str, &str)]) -> String {
    let entries: Vec<String> = entries
        .iter()
        .map(|(mode, resource)| format!(r#"{{"search":{{"mode":"{mode}"}},"resource":{resource}}}"#))
        .collect();
    format!(r#"{{"resourceType":"Bundle","type":"searchset",{more}"entry":[{}]}}"#, entries.join(","))
}

fn observation(id: &str, more: &str) -> String {
    format!(r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"text":"x"}}{more}}}"#)
}

fn on(days: &[&str]) -> String {
    let all: Vec<String> = days
        .iter()
        .enumerate()
        .map(|(index, day)| match *day {
            "" => observation(&index.to_string(), ""),
            day => observation(&index.to_string(), &format!(r#","effectiveDateTime":"{day}""#)),
        })
        .collect();
    bundle("", &all.iter().map(|one| ("match", one.as_str())).collect::<Vec<_>>())
}

#[test]
fn no_page_has_more_than_asked_for() {
    let two = on(&["2018", "2019"]);
    let one = on(&["2018"]);
    expect(&[("_count", "2")], &[&two, &one], Outcome::Pass, "2 on a page");
    expect(&[("_count", "1")], &[&one, &two], Outcome::Fail, "2 on a page");
    expect(&[("_count", "many")], &[&one], Outcome::Inconclusive, "no number");
    expect(&[("_count", "0")], &[&one], Outcome::Fail, "1 matches");
}

#[test]
fn the_order_over_all_pages() {
    let sort = |key, days: &[&[&str]], outcome, says| {
        let pages: Vec<String> = days.iter().map(|days| on(days)).collect();
        expect(&[("_sort", key)], &pages.iter().map(String::as_str).collect::<Vec<_>>(), outcome, says);
    };
    sort("date", &[&["2018-01-01", "2019-01-01"]], Outcome::Pass, "they are");
    sort(
        "date",
        &[&["2019-01-01", "2018-01-01"]],
        Outcome::Fail,
        "Observation/1, which has 2018-01-01 for date",
    );
    sort("-date", &[&["2019-01-01", "2018-01-01"]], Outcome::Pass, "");
    sort("-date", &[&["2018-01-01"], &["2019-01-01"]], Outcome::Fail, "");
    sort("date", &[&["2018", "2018-05-01", "2018"]], Outcome::Pass, "");
    sort("date", &[&["2018", ""]], Outcome::Pass, "");
    sort("-date", &[&["2018", ""]], Outcome::Pass, "");
    sort("date", &[&["", "2018"]], Outcome::Inconclusive, "without date");
    sort("date,-_id", &[&["2018", "2018"]], Outcome::Fail, "_id");
    sort("date,_id", &[&["2018", "2018"]], Outcome::Pass, "");
    sort("status", &[&["2018", "2018"]], Outcome::Inconclusive, "not defined");
    sort("date", &[&["2018"]], Outcome::NotDemonstrated, "fewer than two");
}

#[test]
fn no_more_of_each_than_asked_for() {
    let one = |more: &str| bundle("", &[("match", &observation("1", more))]);
    let tagged = r#","meta":{"tag":[{"code":"SUBSETTED"}]}"#;
    let commented = one(r#","comment":"c""#);
    expect(&[("_elements", "comment")], &[&commented], Outcome::Pass, "");
    expect(&[("_elements", "subject")], &[&commented], Outcome::Fail, "Observation/1 has comment");
    expect(&[("_elements", "value")], &[&one(r#","valueString":"x""#)], Outcome::Pass, "");
    expect(&[("_elements", "Observation.value[x]")], &[&one(r#","valueString":"x""#)], Outcome::Pass, "");
    expect(&[("_summary", "true")], &[&commented], Outcome::Fail, "comment");
    expect(&[("_summary", "true")], &[&one(r#","valueString":"x""#)], Outcome::Pass, "");
    let narrative = one(r#","text":{"status":"generated"}"#);
    expect(&[("_summary", "data")], &[&narrative], Outcome::Fail, "text");
    expect(&[("_summary", "text")], &[&narrative], Outcome::Pass, "");
    expect(&[("_summary", "text")], &[&one(r#","comment":"c""#)], Outcome::Fail, "comment");
    assert_eq!(check(&[("_summary", "false")], &[&commented]), []);
    let warnings = |body: &str| check(&[("_summary", "data")], &[body])[0].findings.len();
    assert_eq!((warnings(&one("")), warnings(&one(tagged))), (1, 0));
}

#[test]
fn totals() {
    let counted = bundle(r#""total":7,"#, &[]);
    expect(&[("_summary", "count")], &[&counted], Outcome::Pass, "a total of 7");
    expect(&[("_summary", "count")], &[&on(&["2018"])], Outcome::Fail, "no total and 1 matches");
    expect(&[("_total", "accurate")], &[&on(&["2018"])], Outcome::Fail, "no total");
    expect(&[("_total", "accurate")], &[&counted], Outcome::Fail, "7");
    expect(&[("_total", "estimate")], &[&counted], Outcome::Pass, "7");
    assert_eq!(check(&[("_total", "none")], &[&counted]), []);
}

#[test]
fn what_goes_with_the_matches_was_asked_for() {
    let found = observation(
        "o",
        r#","subject":{"reference":"Patient/p"},"performer":[{"reference":"Practitioner/d"}]"#,
    );
    let patient =
        r#"{"resourceType":"Patient","id":"p","managingOrganization":{"reference":"Organization/g"}}"#;
    let organization = r#"{"resourceType":"Organization","id":"g"}"#;
    let stranger = r#"{"resourceType":"Patient","id":"z"}"#;
    let with = |included: &[&str]| {
        let mut entries = vec![("match", found.as_str())];
        entries.extend(included.iter().map(|one| ("include", *one)));
        entries.push(("outcome", r#"{"resourceType":"OperationOutcome"}"#));
        entries.push(("include", r#"{"resourceType":"OperationOutcome","id":"told"}"#));
        bundle("", &entries)
    };
    let include = ("_include", "Observation:subject");
    expect(&[include], &[&with(&[patient])], Outcome::Pass, "1 included");
    expect(
        &[("_include", "Observation:subject:Group")],
        &[&with(&[patient])],
        Outcome::Fail,
        "Patient/p is included",
    );
    expect(&[("_include", "Observation:performer")], &[&with(&[patient])], Outcome::Fail, "");
    expect(&[("_include", "*")], &[&with(&[patient])], Outcome::Pass, "");
    expect(&[include], &[&with(&[patient, stranger])], Outcome::Fail, "Patient/z is included");
    // Unasked, but what a match refers to.
    expect(&[], &[&with(&[patient])], Outcome::Pass, "1 included, 1 of them not asked for");
    expect(&[], &[&with(&[stranger])], Outcome::Fail, "Patient/z is included");
    expect(&[include], &[&with(&[])], Outcome::NotDemonstrated, "nothing is included");
    expect(&[("_include", "Observation:nonsense")], &[&with(&[patient])], Outcome::Inconclusive, "nonsense");
    assert_eq!(check(&[], &[&with(&[])]), []);

    let both = with(&[patient, organization]);
    expect(&[include, ("_include", "Patient:organization")], &[&both], Outcome::Fail, "Organization/g");
    for modifier in ["_include:iterate", "_include:recurse"] {
        expect(&[include, (modifier, "Patient:organization")], &[&both], Outcome::Pass, "2 included");
    }

    let back = bundle("", &[("match", patient), ("include", &found)]);
    expect(&[("_revinclude", "Observation:subject")], &[&back], Outcome::Pass, "");
    expect(&[("_revinclude", "Observation:performer")], &[&back], Outcome::Fail, "Observation/o");
}
