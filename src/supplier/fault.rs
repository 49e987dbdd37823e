//! Faults: what real suppliers get wrong, each a small change to the conformant answer.

use std::collections::BTreeMap;

use hyper::{Method, StatusCode};
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Answer;
use super::change::{self, Change};
use super::request::{Request, Route};
use crate::fhir::Format;
use crate::standard::{Document, FileError, OneOrMany};

/// One thing that a supplier gets wrong, and the requirements that it breaks.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// Its name on the command line.
    pub name: String,
    /// What is wrong, in a few words.
    pub title: String,
    /// What is wrong and what follows from it, in plain English.
    pub description: String,
    /// The requirements that must fail, by id.
    pub breaks: Breaks,
    /// The answers that it changes.
    pub when: When,
    /// What it does to them, one after another.
    pub changes: Vec<Change>,
}

/// The requirements that a fault breaks: exactly those listed, or at least those, for a fault that spoils so much that
/// the list would be that of all.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "a list of requirements, or `atLeast` with one")]
pub enum Breaks {
    /// These and no others.
    Exactly(Vec<String>),
    /// These and perhaps others.
    AtLeast(AtLeast),
}

/// Requirements that are broken among others.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AtLeast {
    /// Their ids.
    pub at_least: Vec<String>,
}

impl Breaks {
    /// The requirements that are named.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        match self {
            Self::Exactly(ids) | Self::AtLeast(AtLeast { at_least: ids }) => ids,
        }
    }

    /// Whether no others are broken.
    #[must_use]
    pub fn are_all(&self) -> bool {
        matches!(self, Self::Exactly(_))
    }
}

/// What is done to the supplier's conformant answers, and to which.
#[derive(Debug, Clone)]
pub struct Alteration {
    pub(super) when: When,
    pub(super) changes: Vec<Change>,
}

impl Alteration {
    /// Whether HTTP/2 is spoken, and nothing else.
    pub(crate) fn is_by_http2(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::Http2))
    }

    /// Whether all answers have headers whose names begin with capital letters.
    pub(super) fn has_title_case_headers(&self) -> bool {
        self.changes.iter().any(|change| matches!(change, Change::TitleCaseHeaders))
    }
}

/// Which answers a fault changes. All that is given must hold; it is judged on the conformant answer.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct When {
    /// What was asked for, and whether it worked.
    #[serde(default)]
    pub interaction: Interaction,
    /// The type of resource that was asked for; one of several, where there are.
    #[serde(rename = "type")]
    pub kind: Option<OneOrMany<String>>,
    /// The id that was read; with a star at its end, what it begins with.
    pub id: Option<String>,
    /// The HTTP method.
    pub method: Option<String>,
    /// The status of the conformant answer.
    pub status: Option<u16>,
    /// Whether the search found anything.
    pub results: Option<Results>,
    /// Parameters that the request must have, without modifiers and chains.
    #[serde(default)]
    pub parameters: Vec<String>,
    /// Parameters of which the request must have at least one.
    #[serde(default)]
    pub one_of: Vec<String>,
    /// Texts with one of which the value of a parameter must begin.
    #[serde(default)]
    pub value: Vec<String>,
    /// A regular expression that the value of a parameter must match.
    pub value_like: Option<String>,
    /// Parameters that the request must not have.
    #[serde(default)]
    pub without: Vec<String>,
    /// Headers that the request must have, each with a part of its value, whatever the letters' case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers that the request must not have.
    #[serde(default)]
    pub without_headers: Vec<String>,
    /// The format of the answer, `json` or `xml`.
    pub format: Option<String>,
}

/// What a request asked for. All but the last two mean that it worked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Interaction {
    /// One resource.
    Read,
    /// One version of a resource.
    Vread,
    /// The versions of a resource.
    History,
    /// A search.
    Search,
    /// A resource that was created.
    Create,
    /// A resource that was updated.
    Update,
    /// A resource that was deleted.
    Delete,
    /// The capability statement.
    Capabilities,
    /// Anything that was answered by an error.
    Error,
    /// Anything at all.
    #[default]
    Any,
}

/// How much a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Results {
    /// Nothing.
    None,
    /// At least one resource.
    Some,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Faults {
    faults: Vec<Fault>,
}

impl Fault {
    /// Reads `faults.yaml`. `file` is the name that errors carry.
    pub fn load(file: &str, text: &str) -> Result<Vec<Self>, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let Faults { faults } = document.read()?;
        let mut errors = Vec::new();
        for (index, fault) in faults.iter().enumerate() {
            let mut wrong = |part: &str, message: String| {
                errors.push(document.error(&format!("/faults/{index}/{part}"), message));
            };
            if faults[..index].iter().any(|other| other.name == fault.name) {
                wrong("name", format!("another fault is called `{}`", fault.name));
            }
            if fault.breaks.ids().is_empty() {
                wrong("name", format!("`{}` breaks nothing", fault.name));
            }
            let at = format!("/faults/{index}");
            errors.extend(change::errors(&document, &at, &fault.when, &fault.changes));
        }
        if errors.is_empty() { Ok(faults) } else { Err(errors) }
    }

    /// What it does to the supplier's answers.
    #[must_use]
    pub fn alteration(&self) -> Alteration {
        Alteration { when: self.when.clone(), changes: self.changes.clone() }
    }
}

impl When {
    /// Whether the conformant answer to a request is one to change.
    pub(super) fn applies(&self, request: &Request, answer: &Answer, format: Format) -> bool {
        let has = |name: &String| request.parameters.iter().any(|parameter| parameter.base_name() == name);
        let begins =
            |text: &String| request.parameters.iter().any(|parameter| parameter.value.starts_with(text));
        let is_like = |pattern: &str| {
            let pattern = Regex::new(pattern);
            pattern.is_ok_and(|pattern| request.parameters.iter().any(|one| pattern.is_match(&one.value)))
        };
        let id = match &request.route {
            Route::Instance { id, .. } | Route::History { id, .. } | Route::Version { id, .. } => {
                Some(id.as_str())
            }
            _ => None,
        };
        let results =
            answer.found.as_ref().map(|found| if found.is_empty() { Results::None } else { Results::Some });
        self.interaction.is(request, answer.status)
            && self
                .kind
                .as_ref()
                .is_none_or(|kinds| kinds.all().iter().any(|kind| request.kind() == Some(kind)))
            && self.id.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
                Some(beginning) => id.is_some_and(|id| id.starts_with(beginning)),
                None => id == Some(wanted),
            })
            && self.method.as_deref().is_none_or(|method| request.method.as_str() == method)
            && self.status.is_none_or(|status| answer.status == status)
            && self.results.is_none_or(|wanted| results == Some(wanted))
            && self.parameters.iter().all(has)
            && (self.one_of.is_empty() || self.one_of.iter().any(has))
            && (self.value.is_empty() || self.value.iter().any(begins))
            && self.value_like.as_deref().is_none_or(is_like)
            && !self.without.iter().any(has)
            && self.headers.iter().all(|(name, part)| {
                let shown = request.headers.get(name).and_then(|value| value.to_str().ok());
                shown.is_some_and(|shown| shown.to_lowercase().contains(&part.to_lowercase()))
            })
            && !self.without_headers.iter().any(|name| request.headers.contains_key(name))
            && self.format.as_deref().is_none_or(|wanted| wanted == name(format))
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(method) = &self.method
            && (Method::from_bytes(method.as_bytes()).is_err() || method.to_uppercase() != *method)
        {
            return Err(format!("`{method}` is no HTTP method; write it as in `GET`"));
        }
        if let Some(pattern) = &self.value_like
            && let Err(error) = Regex::new(pattern)
        {
            return Err(format!("`{pattern}` is no regular expression: {error}"));
        }
        match self.format.as_deref() {
            None | Some("json" | "xml") => Ok(()),
            Some(other) => Err(format!("`{other}` is no format; write `json` or `xml`")),
        }
    }
}

impl Interaction {
    fn is(self, request: &Request, status: StatusCode) -> bool {
        let worked = status.is_success();
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        let is_instance = matches!(request.route, Route::Instance { .. });
        match self {
            Self::Any => true,
            Self::Error => !worked,
            Self::Read => worked && is_instance && reads,
            Self::Vread => worked && matches!(request.route, Route::Version { .. }),
            Self::History => worked && matches!(request.route, Route::History { .. }),
            Self::Search => worked && request.is_search(),
            Self::Create => worked && request.method == Method::POST && !request.is_search(),
            Self::Update => worked && request.method == Method::PUT,
            Self::Delete => worked && request.method == Method::DELETE,
            Self::Capabilities => worked && request.route == Route::Capabilities,
        }
    }
}

fn name(format: Format) -> &'static str {
    match format {
        Format::Json => "json",
        Format::Xml => "xml",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_care_connect_faults_load() {
        let text = include_str!("../../fixtures/careconnect/faults.yaml");
        let faults = Fault::load("faults.yaml", text).unwrap();
        assert!(faults.len() >= 10, "{}", faults.len());
        for fault in &faults {
            assert!(fault.breaks.ids().iter().all(|id| id.starts_with("CC-")), "{}", fault.name);
        }
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let text = "faults:\n  - name: a\n    title: t\n    description: d\n    breaks: [X-1]\n    when: { interaction: read, method: get }\n    changes:\n      - setStatus: 99\n";
        let errors = Fault::load("faults.yaml", text).unwrap_err();
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            errors,
            [
                "faults.yaml:6:5: `get` is no HTTP method; write it as in `GET`",
                "faults.yaml:8:9: 99 is no HTTP status"
            ]
        );
    }
}
