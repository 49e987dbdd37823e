//! What a search's answer says of itself: what was searched, and how many matches there are in all.
//!
//! <https://hl7.org/fhir/R4/bundle.html#searchset>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A search's answer says less than it holds.
pub(in crate::validate) const TOTAL: Code = Code {
    name: "search-total",
    title: "A search's answer holds more matches than it counts",
    what: "`total` is the number of all matches of the search, on this page and on others. What is included besides, and \
        the server's messages, are not counted.",
    why: "A client takes it for the number of resources that it has to ask for.",
    example: "wrong:  \"total\": 1 with two entries that are matches",
    specification: "https://hl7.org/fhir/R4/bundle.html#searchset",
};

/// A search's answer does not say what was searched.
pub(in crate::validate) const SELF: Code = Code {
    name: "search-self-link",
    title: "A search's answer has no self link",
    what: "A searchset has a link `self` with the search as the server understood it.",
    why: "A server may pass over parameters. Only the self link tells the client which were used.",
    example: "right:  \"link\": [{ \"relation\": \"self\", \"url\": \"https://a.example/Patient?name=Ada\" }]",
    specification: "https://hl7.org/fhir/R4/search.html#conformance",
};

pub(super) fn check(bundle: Element<'_>) -> Vec<Issue> {
    let mut issues = Vec::new();
    if !bundle.children_named("link").any(|link| link.text("relation") == Some("self")) {
        issues.push(Issue::at(bundle, &SELF, Severity::Warning, "a searchset needs a link `self`"));
    }
    let is_match =
        |entry: &Element<'_>| entry.child("search").and_then(|search| search.text("mode")) == Some("match");
    let matches = bundle.children_named("entry").filter(is_match).count();
    if let Some(total) = bundle.child("total")
        && let Some(stated) = total.value().and_then(|value| value.parse::<usize>().ok())
        && stated < matches
    {
        let issue =
            Issue::at(total, &TOTAL, Severity::Warning, "`total` is less than the matches in this Bundle");
        issues.push(issue.compared(format!("{matches} or more"), stated.to_string()));
    }
    issues
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(rest: &str, expected: &[&str]) {
        let entries = r#""entry":[{"search":{"mode":"match"}},{"search":{"mode":"match"}},
            {"search":{"mode":"include"}}]"#;
        let tree = parse_json(&format!(r#"{{"resourceType":"Bundle","type":"searchset",{rest},{entries}}}"#))
            .unwrap();
        let codes: Vec<&str> = super::check(tree.root()).into_iter().map(|issue| issue.code).collect();
        assert_eq!(codes, expected, "{rest}");
    }

    #[test]
    fn the_total_counts_all_matches_and_the_self_link_is_there() {
        let own = r#""link":[{"relation":"self","url":"https://a.example/Patient"}]"#;
        check(own, &[]);
        check(&format!(r#"{own},"total":2"#), &[]);
        check(&format!(r#"{own},"total":20"#), &[]);
        check(&format!(r#"{own},"total":1"#), &["search-total"]);
        check(r#""link":[{"relation":"next","url":"https://a.example/2"}]"#, &["search-self-link"]);
    }
}
