//! The stratifiers of a Measure: expressions of its libraries.

use base64::Engine as _;
use regex::Regex;

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, SchemaSet, Severity, shorten};
use crate::validate::canonical_target::{Target, find, of_element};

/// An expression that no library of the Measure has.
pub(super) const CODE: Code = Code {
    name: "measure-criteria",
    title: "A stratifier names an expression that the Measure's libraries do not have",
    what: "A stratifier in CQL is the name of an expression that a library of the Measure defines, perhaps with the \
        name of the library before it.",
    why: "What is not defined cannot be computed.",
    example: "wrong:  \"expression\": \"Logic.ByAgee\"\nright:  \"expression\": \"Logic.ByAge\"",
    specification: "https://hl7.org/fhir/R4/measure-definitions.html#Measure.group.stratifier",
};

/// Whether a library has an expression could not be told.
pub(super) const NOT_CHECKED: Code = Code {
    name: "measure-criteria-not-checked",
    title: "A stratifier was not checked",
    what: "A library of the Measure is not in the loaded packages, or does not hold its CQL text.",
    why: "It is listed so that nobody takes it for checked; it does not decide.",
    example: "Load the file or package that holds the Library with --ig.",
    specification: "https://hl7.org/fhir/R4/measure-definitions.html#Measure.library",
};

/// The definitions of a library in CQL: of expressions and functions, the name quoted or plain.
const DEFINITION: &str = r#"(?m)^\s*define\s+(?:(?:public|private)\s+)?(?:fluent\s+)?(?:function\s+)?(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_][A-Za-z0-9_]*))"#;

/// Checks the stratifiers of a Measure.
pub(in crate::validate) fn check(measure: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let criteria: Vec<Element<'_>> = measure
        .children_named("group")
        .flat_map(|group| group.children_named("stratifier"))
        .flat_map(|stratifier| {
            let components = stratifier.children_named("component");
            components.chain(std::iter::once(stratifier)).filter_map(|part| part.child("criteria"))
        })
        .filter(|criteria| criteria.text("language").is_some_and(|language| language.starts_with("text/cql")))
        .collect();
    if criteria.is_empty() {
        return Vec::new();
    }
    let libraries = Libraries::of(measure, set);
    criteria.iter().filter_map(|criteria| libraries.judge(*criteria)).collect()
}

/// What the libraries of a Measure define.
struct Libraries {
    /// The name of each and what it defines, `None` where that is not known.
    known: Vec<(Option<String>, Option<Vec<String>>)>,
}

impl Libraries {
    fn of(measure: Element<'_>, set: &SchemaSet) -> Self {
        let known = measure
            .children_named("library")
            .filter_map(|place| Some((place, of_element(place)?)))
            .map(|(place, canonical)| match find(canonical, "Library", place, set) {
                Target::Here(library) => (library.text("name").map(str::to_owned), definitions(library)),
                Target::Loaded(tree) => {
                    (tree.root().text("name").map(str::to_owned), definitions(tree.root()))
                }
                Target::Other(_) | Target::Nothing => (None, None),
            })
            .collect();
        Self { known }
    }

    fn judge(&self, criteria: Element<'_>) -> Option<Issue> {
        let place = criteria.child("expression")?;
        let expression = place.value()?.trim();
        let error = |message: String| Some(Issue::at(place, &CODE, Severity::Error, message));
        if self.known.is_empty() {
            return error(format!("{} is CQL, and the Measure names no library", shorten(expression)));
        }
        let (library, name) = named(expression)?;
        let among = self.known.iter().filter(|(known, _)| match (&library, known) {
            (Some(library), Some(known)) => library == known,
            _ => true,
        });
        let mut unknown = false;
        for (_, definitions) in among {
            match definitions {
                Some(definitions) if definitions.contains(&name) => return None,
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown {
            let message = format!("whether a library defines {} was not checked", shorten(&name));
            return Some(Issue::at(place, &NOT_CHECKED, Severity::NotChecked, message));
        }
        error(format!("no library of the Measure defines {}", shorten(expression)))
    }
}

/// An expression that is a name, taken apart into library and name; `None` for one that is more.
fn named(expression: &str) -> Option<(Option<String>, String)> {
    let whole = Regex::new(
        r#"^(?:(?:"([^"]+)"|([A-Za-z_][A-Za-z0-9_]*))\s*\.\s*)?(?:"([^"]+)"|([A-Za-z_][A-Za-z0-9_ ]*))$"#,
    )
    .ok()?;
    let parts = whole.captures(expression)?;
    let part = |one: usize, other: usize| {
        parts.get(one).or_else(|| parts.get(other)).map(|part| part.as_str().to_owned())
    };
    Some((part(1, 2), part(3, 4)?))
}

/// The names that the CQL text of a library defines; `None` where it holds none.
fn definitions(library: Element<'_>) -> Option<Vec<String>> {
    let definition = Regex::new(DEFINITION).ok()?;
    let mut names = None;
    for content in library.children_named("content") {
        let is_cql = content.text("contentType").is_some_and(|kind| kind.starts_with("text/cql"));
        let Some(data) = content.text("data").filter(|_| is_cql) else { continue };
        let plain: String = data.split_whitespace().collect();
        let text = base64::engine::general_purpose::STANDARD.decode(plain).ok()?;
        let text = String::from_utf8_lossy(&text);
        let found = definition.captures_iter(&text).filter_map(|parts| parts.get(1).or_else(|| parts.get(2)));
        names.get_or_insert_with(Vec::new).extend(found.map(|name| name.as_str().replace("\\\"", "\"")));
    }
    names
}
