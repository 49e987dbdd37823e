//! Links of a narrative to a place in its own resource.
//!
//! <https://hl7.org/fhir/R4/narrative.html>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A link of a narrative leads nowhere.
pub const CODE: Code = Code {
    name: "narrative-link",
    title: "A link or image of a narrative points to nothing in its resource",
    what: "A link or image address that begins with `#` points to an id in a narrative of the resource, to one of its \
        elements, or to a resource that it contains.",
    why: "A reader follows the link and gets nowhere, or sees no image.",
    example: "wrong:  <a href=\"#results\">, with no id `results` in the resource\n\
        right:  the same, with <p id=\"results\">",
    specification: "https://hl7.org/fhir/R4/narrative.html",
};

/// Checks the links of one narrative that stay within the resource.
#[must_use]
pub fn check(division: Element<'_>) -> Option<Issue> {
    let markup = division.value()?;
    let lost = targets(markup).find(|target| !is_there(division, target))?;
    let message = format!("the narrative points to `#{lost}`, and nothing in the resource has that id");
    let mut issue = Issue::at(division, &CODE, Severity::Warning, message);
    issue.expected = Some(format!("an element with id=\"{lost}\", or no such link"));
    Some(issue)
}

/// What `href="#…"` and `src="#…"` point to; `#` alone is the resource itself.
fn targets(markup: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'#', markup.as_bytes()).filter_map(|at| {
        let before = &markup[..at];
        let quote = before.chars().next_back().filter(|quote| matches!(quote, '"' | '\''))?;
        let name = before[..before.len() - 1].trim_end().strip_suffix('=')?.trim_end();
        if !name.ends_with("href") && !name.ends_with("src") {
            return None;
        }
        let target = markup[at + 1..].split(quote).next()?;
        (!target.is_empty()).then_some(target)
    })
}

/// Whether something in the resource, or in the one that contains it, has the id.
fn is_there(division: Element<'_>, target: &str) -> bool {
    let is_anchor = |markup: &str| {
        markup.match_indices(target).any(|(at, _)| {
            let ends = markup[at + target.len()..].starts_with(['"', '\'']);
            let before = markup[..at].trim_end_matches(['"', '\'']).trim_end();
            let name = before.strip_suffix('=').map(str::trim_end);
            ends && name.is_some_and(|name| name.ends_with("id") || name.ends_with("name"))
        })
    };
    division.container().descendants().any(|element| match element.name() {
        "id" => element.value() == Some(target),
        "div" => element.value().is_some_and(is_anchor),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(inner: &str, holds: bool) {
        let division = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        let resource = serde_json::json!({
            "resourceType": "Patient", "id": "own", "text": { "div": division }, "name": [{ "id": "name-1" }],
            "contained": [{ "resourceType": "Binary", "id": "photo" }],
        });
        let tree = parse_json(&resource.to_string()).unwrap();
        let found = super::check(tree.root().child("text").unwrap().child("div").unwrap());
        assert_eq!(found.is_none(), holds, "{inner}");
    }

    #[test]
    fn links_within_the_resource_lead_somewhere() {
        check("<a href=\"#x\">x</a><p id=\"x\">x</p>", true);
        check("<a href='#x'>x</a><a name='x'>x</a>", true);
        check("<a href=\"#name-1\">x</a><img src=\"#photo\"/>", true);
        check("<a href=\"#\">x</a>", true);
        check("<td bgcolor=\"#cccccc\">x</td><a href=\"https://a.example#x\">x</a>", true);
        check("<a href=\"#x\">x</a>", false);
        check("<a href=\"#x\">x</a><p id=\"xy\">x</p>", false);
        check("<img src=\"#other\"/>", false);
    }
}
