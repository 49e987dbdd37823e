//! A Coding in itself, bound or not: its system, its code, its display.
//!
//! <https://hl7.org/fhir/R4/datatypes.html#Coding>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};
use crate::terminology::{Answer, CodeSystem, Concept, Terminology};

/// A code is none of its code system.
pub const UNKNOWN_CODE: Code = Code {
    name: "unknown-code",
    title: "A code is not one of its code system",
    what: "The code of every Coding and Quantity is one that its system defines, as far as the system is in the \
        loaded packages, or is a grammar that Proofmark knows (units of UCUM, languages, media types, currencies, \
        countries).",
    why: "A code that its system does not know means nothing to whoever receives it.",
    example: "The system is http://terminology.hl7.org/CodeSystem/v3-ActCode.\n  wrong:  \"code\": \"Ambulatory\"\n  \
        right:  \"code\": \"AMB\"\nA code that is newer than the loaded version of its system is told by loading the \
        newer package with --package.",
    specification: "https://hl7.org/fhir/R4/datatypes.html#Coding",
};

/// A display is none that the system gives the code.
pub const WRONG_DISPLAY: Code = Code {
    name: "wrong-display",
    title: "A display is not one that the code system gives the code",
    what: "Coding.display is the code's display or one of its designations, blanks and letters' case aside. Supplements \
        in the loaded packages count.",
    why: "People read the display and machines the code: where they differ, two readers of one record understand two \
        things.",
    example: "http://hl7.org/fhir/administrative-gender\n  wrong:  \"code\": \"male\", \"display\": \"Female\"\n  right:  \
        \"code\": \"male\", \"display\": \"Male\"\nWords of one's own belong in CodeableConcept.text.",
    specification: "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.display",
};

/// A code stands without a system.
pub const NO_SYSTEM: Code = Code {
    name: "code-without-system",
    title: "A code has no system",
    what: "A Coding with a code says which system the code is of.",
    why: "Without its system a code has no defined meaning, and cannot be checked.",
    example: "wrong:  { \"code\": \"38341003\" }\nright:  { \"system\": \"http://snomed.info/sct\", \"code\": \"38341003\" }",
    specification: "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.system",
};

/// A system is no URI of a code system.
pub const WRONG_SYSTEM: Code = Code {
    name: "not-a-code-system",
    title: "A system is not the address of a code system",
    what: "Coding.system is an absolute URI, and that of a code system, not of a value set.",
    why: "The system is how a receiver finds what the code means. A value set only picks codes of systems.",
    example: "wrong:  \"system\": \"http://hl7.org/fhir/ValueSet/administrative-gender\"\nright:  \"system\": \
        \"http://hl7.org/fhir/administrative-gender\"",
    specification: "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.system",
};

/// A code is not meant to be used, or not any longer.
pub const UNUSABLE_CODE: Code = Code {
    name: "code-not-for-use",
    title: "A code is abstract or no longer in use",
    what: "The concept of a code is neither marked as abstract (a mere heading for others) nor as inactive, retired or \
        deprecated.",
    why: "Such a code is understood, but another says what is meant better.",
    example: "http://terminology.hl7.org/CodeSystem/v3-ActCode\n  doubtful:  \"code\": \"_ActAccountCode\"\n  right:     \
        \"code\": \"CASH\"",
    specification: "https://hl7.org/fhir/R4/codesystem-concept-properties.html",
};

/// Another version of the system is loaded than the Coding names.
pub const OTHER_VERSION: Code = Code {
    name: "code-system-version",
    title: "The version of a code system that a code names is not loaded",
    what: "Coding.version names a version of the system other than the loaded one. The code, where it is in that one, is \
        taken for right; where it is not, it is not checked.",
    why: "A code may be new, or have gone, in another version.",
    example: "\"version\": \"5.0.0\", where 4.0.1 is loaded: load the package with that version.",
    specification: "https://hl7.org/fhir/R4/datatypes-definitions.html#Coding.version",
};

/// The parts of a Coding, read in one pass.
#[derive(Default)]
struct Parts<'t> {
    system: Option<Element<'t>>,
    version: Option<&'t str>,
    code: Option<Element<'t>>,
    display: Option<Element<'t>>,
}

impl<'t> Parts<'t> {
    fn of(element: Element<'t>) -> Self {
        let mut parts = Self::default();
        for child in element.children() {
            match child.name() {
                "system" => parts.system = Some(child),
                "version" => parts.version = child.value(),
                "code" => parts.code = Some(child),
                "display" => parts.display = Some(child),
                _ => {}
            }
        }
        parts
    }
}

/// Checks one Coding.
pub(super) fn check(element: Element<'_>, terminology: &Terminology) -> Vec<Issue> {
    let parts = Parts::of(element);
    let code = parts.code.and_then(|code| Some((code, code.value()?)));
    let Some((system, uri)) = parts.system.and_then(|system| Some((system, system.value()?))) else {
        let explained = parts.system.is_some();
        return code.filter(|_| !explained).map(|(code, _)| without_system(code)).into_iter().collect();
    };
    let known = terminology.code_system(uri);
    if let Some(issue) = wrong_system(system, uri, || known.is_none() && terminology.is_value_set(uri)) {
        return vec![issue];
    }
    let Some((code, text)) = code else { return Vec::new() };
    let Some(found) = known else {
        return unknown_code(code, uri, text, terminology).into_iter().collect();
    };
    let other_version =
        parts.version.filter(|version| found.version.as_deref().is_some_and(|own| own != *version));
    let Some(concept) = found.concept(text) else {
        return match other_version {
            Some(version) if terminology.lacks_code(uri, text) => {
                vec![not_that_version(code, uri, text, version, found)]
            }
            _ => unknown_code(code, uri, text, terminology).into_iter().collect(),
        };
    };
    let mut issues = Vec::new();
    issues.extend(unusable(code, text, concept));
    if let Some(display) = parts.display
        && other_version.is_none()
    {
        issues.extend(wrong_display(display, uri, text, concept, terminology));
    }
    issues
}

fn without_system(code: Element<'_>) -> Issue {
    let message = "the code has no system, so nobody can tell what it means";
    Issue::at(code, &NO_SYSTEM, Severity::Warning, message).compared("a system", "none")
}

fn wrong_system(system: Element<'_>, uri: &str, is_value_set: impl FnOnce() -> bool) -> Option<Issue> {
    let wrong = |message: String| {
        Some(
            Issue::at(system, &WRONG_SYSTEM, Severity::Error, message)
                .compared("the URI of a code system", uri),
        )
    };
    if !is_absolute(uri) {
        return wrong(format!("the system `{uri}` is not an absolute URI"));
    }
    if is_value_set() {
        return wrong(format!("the system {uri} is a value set, not a code system"));
    }
    None
}

/// Whether a URI begins with a scheme (RFC 3986, section 3.1).
fn is_absolute(uri: &str) -> bool {
    uri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|one| one.is_ascii_alphanumeric() || matches!(one, '+' | '-' | '.'))
    })
}

/// The issue of a code that its system does not have. Where the system is not here, the bindings say so.
pub(super) fn unknown_code(
    code: Element<'_>,
    system: &str,
    text: &str,
    terminology: &Terminology,
) -> Option<Issue> {
    if !terminology.lacks_code(system, text) {
        let untold = terminology.asked().is_some()
            && terminology.code_system(system).is_none()
            && terminology.said(None, Some(system), text).is_none();
        // Who asks for a service to be asked is told what it did not tell.
        return untold.then(|| {
            let message =
                format!("whether `{text}` is a code of {system} was not told by the terminology service");
            Issue::at(code, &super::binding::NOT_CHECKED, Severity::NotChecked, message)
        });
    }
    let found = terminology.code_system(system);
    let version = found.and_then(|found| found.version.as_deref());
    let of_version = version.map(|version| format!(" (version {version})")).unwrap_or_default();
    let asked = terminology.said(None, Some(system), text).map(|answer| said(&answer)).unwrap_or_default();
    let message = format!("`{text}` is not a code of {system}{of_version}{asked}");
    let mut issue = Issue::at(code, &UNKNOWN_CODE, Severity::Error, message);
    issue.expected =
        found.and_then(|found| found.in_other_case(text)).map(|near| format!("perhaps `{near}`"));
    issue.actual = Some(text.to_owned());
    Some(issue)
}

/// Who said so, and when.
pub(super) fn said(answer: &Answer) -> String {
    format!(", says {} ({})", answer.service, answer.at)
}

fn not_that_version(code: Element<'_>, system: &str, text: &str, version: &str, found: &CodeSystem) -> Issue {
    let loaded = found.version.as_deref().unwrap_or_default();
    let message = format!(
        "`{text}` was not checked: version {version} of {system} is not loaded, and it is not in version {loaded}"
    );
    Issue::at(code, &OTHER_VERSION, Severity::NotChecked, message)
}

fn unusable(code: Element<'_>, text: &str, concept: &Concept) -> Option<Issue> {
    let why = match concept {
        concept if concept.is_abstract() => "a heading for other codes, not to be used itself",
        concept if concept.is_inactive() => "no longer in use",
        _ => return None,
    };
    Some(Issue::at(code, &UNUSABLE_CODE, Severity::Warning, format!("the code `{text}` is {why}")))
}

fn wrong_display(
    display: Element<'_>,
    system: &str,
    code: &str,
    concept: &Concept,
    terminology: &Terminology,
) -> Option<Issue> {
    let text = display.value()?;
    let right = |own: &str| own == text || is_same_text(own, text);
    if concept.displays().next().is_none()
        || concept.displays().any(right)
        || terminology.supplemented(system, code).any(right)
    {
        return None;
    }
    let expected: Vec<&str> = concept.displays().take(4).collect();
    let message = format!("`{text}` is not what {system} calls `{code}`");
    Some(Issue::at(display, &WRONG_DISPLAY, Severity::Error, message).compared(expected.join(" or "), text))
}

/// Whether two texts differ by blanks and letters' case alone.
fn is_same_text(one: &str, other: &str) -> bool {
    let folded = |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    folded(one) == folded(other)
}
