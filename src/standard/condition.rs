//! What a server claims in its CapabilityStatement, and conditions on it.
//!
//! <https://hl7.org/fhir/STU3/capabilitystatement.html>

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{OneOrMany, variables};
use crate::fhir::Element;

/// When something applies: a requirement, a scenario, a step or a group of expectations. What does not apply is
/// not-applicable, never failed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// What the server's `CapabilityStatement` must claim; of a list, all. `Patient` (the resource is listed),
    /// `Patient.read` (an interaction; `Patient.search` for searching), `Patient.search.gender` (a search parameter),
    /// `Patient.include.NAME`, `Patient.revinclude.NAME`, `Patient.operation.NAME`, `Patient.conditionalCreate`,
    /// `Patient.conditionalRead`, `Patient.conditionalUpdate`, `Patient.conditionalDelete`,
    /// `Patient.conditionalPatch`, `Patient.profile.URL`, `system.NAME` (an interaction of the whole system, such
    /// as `transaction`), `operation.NAME`, `format.NAME`, `patchFormat.NAME`, `security.CODE`.
    #[serde(default)]
    #[schemars(example = &"Patient.search.gender", example = ["Patient.create", "format.json"])]
    pub capability: OneOrMany<String>,
    /// What it must not claim: with any of these it does not apply.
    #[serde(default, skip_serializing_if = "is_empty")]
    #[schemars(example = &"Patient.delete")]
    pub without: OneOrMany<String>,
    /// That the run presents a certificate of its own by TLS: only then is mutual TLS a part of it.
    #[serde(default, rename = "clientCertificate", skip_serializing_if = "std::ops::Not::not")]
    #[schemars(example = true)]
    pub client_certificate: bool,
}

fn is_empty(list: &OneOrMany<String>) -> bool {
    list.all().is_empty()
}

/// One claim that a condition asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<'c> {
    resource: Option<&'c str>,
    what: What<'c>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What<'c> {
    /// The resource is listed.
    Listed,
    /// A repeating element of which a part has a value: `interaction.code`.
    Part { element: &'static str, part: &'static str, value: &'c str },
    /// A repeating element whose own value, or an element whose value, is one of these.
    Value { element: &'static str, values: Vec<&'c str> },
    /// A format of the whole server.
    Format { element: &'static str, name: &'c str },
    /// A code among those of `rest.security.service`.
    Security(&'c str),
}

impl Condition {
    /// A condition on one claim.
    #[must_use]
    pub fn on(capability: impl Into<String>) -> Self {
        Self { capability: OneOrMany::One(capability.into()), ..Self::default() }
    }

    /// All claims that it speaks of, as they are written.
    pub fn written(&self) -> impl Iterator<Item = &String> {
        self.capability.all().iter().chain(self.without.all())
    }

    /// In words, for a report.
    #[must_use]
    pub fn words(&self) -> String {
        let certificate = self.client_certificate.then(|| "a client certificate".to_owned());
        let claimed: Vec<String> =
            certificate.into_iter().chain(self.capability.all().iter().cloned()).collect();
        let claimed = claimed.join(" and ");
        match self.without.all() {
            [] => claimed,
            without if claimed.is_empty() => format!("not {}", without.join(" or ")),
            without => format!("{claimed}, and not {}", without.join(" or ")),
        }
    }

    /// The condition with values filled in; what has none stays as it is.
    #[must_use]
    pub fn filled(&self, value: impl Fn(&str) -> Option<String>) -> Self {
        let fill = |text: &String| variables::fill_with(text, &value).unwrap_or_else(|_| text.clone());
        let all = |list: &OneOrMany<String>| OneOrMany::Many(list.all().iter().map(fill).collect());
        Self { capability: all(&self.capability), without: all(&self.without), ..*self }
    }

    /// Whether it asks for anything that the server's CapabilityStatement tells.
    #[must_use]
    pub fn asks_claims(&self) -> bool {
        self.written().next().is_some()
    }

    /// Why it does not hold for a server with this CapabilityStatement; `None` where it does.
    ///
    /// # Errors
    /// What is wrong with its words.
    pub fn refusal(&self, statement: Element<'_>) -> Result<Option<String>, String> {
        for text in self.capability.all() {
            if !claim(text)?.is_made(statement) {
                return Ok(Some(format!("the server's CapabilityStatement does not claim {text}")));
            }
        }
        for text in self.without.all() {
            if claim(text)?.is_made(statement) {
                return Ok(Some(format!("the server's CapabilityStatement claims {text}")));
            }
        }
        Ok(None)
    }
}

/// The claim that a text asks for.
///
/// # Errors
/// What is wrong with its words.
pub fn claim(text: &str) -> Result<Claim<'_>, String> {
    let of = |resource, what| Ok(Claim { resource, what });
    let (first, rest) = text.split_once('.').map_or((text, None), |(first, rest)| (first, Some(rest)));
    match (first, rest) {
        ("format", Some(name)) => return of(None, What::Format { element: "format", name }),
        ("patchFormat", Some(name)) => return of(None, What::Format { element: "patchFormat", name }),
        ("security", Some(code)) => return of(None, What::Security(code)),
        ("operation", Some(value)) => {
            return of(None, What::Part { element: "operation", part: "name", value });
        }
        ("system", Some(value)) => {
            return of(None, What::Part { element: "interaction", part: "code", value });
        }
        _ => {}
    }
    let is_type = first.starts_with(|letter: char| letter.is_ascii_uppercase())
        && first.chars().all(|letter| letter.is_ascii_alphanumeric());
    let resource = Some(first).filter(|_| is_type);
    let parts: Vec<&str> = rest.map_or_else(Vec::new, |rest| rest.splitn(2, '.').collect());
    let what = match parts.as_slice() {
        [] => Some(What::Listed),
        ["search"] => Some(What::Part { element: "interaction", part: "code", value: "search-type" }),
        ["search", value] => Some(What::Part { element: "searchParam", part: "name", value }),
        [
            value @ ("read" | "vread" | "create" | "update" | "patch" | "delete" | "history-instance"
            | "history-type"),
        ] => Some(What::Part { element: "interaction", part: "code", value }),
        ["operation", value] => Some(What::Part { element: "operation", part: "name", value }),
        ["include", value] => Some(What::Value { element: "searchInclude", values: vec![value] }),
        ["revinclude", value] => Some(What::Value { element: "searchRevInclude", values: vec![value] }),
        ["profile", value] => Some(What::Value { element: "supportedProfile", values: vec![value] }),
        ["conditionalCreate"] => Some(What::Value { element: "conditionalCreate", values: vec!["true"] }),
        ["conditionalUpdate"] => Some(What::Value { element: "conditionalUpdate", values: vec!["true"] }),
        ["conditionalPatch"] => Some(What::Value { element: "conditionalPatch", values: vec!["true"] }),
        ["conditionalRead"] => Some(What::Value {
            element: "conditionalRead",
            values: vec!["modified-since", "not-match", "full-support"],
        }),
        ["conditionalDelete"] => {
            Some(What::Value { element: "conditionalDelete", values: vec!["single", "multiple"] })
        }
        _ => None,
    };
    match (resource, what) {
        (Some(resource), Some(what)) => of(Some(resource), what),
        _ => Err(format!(
            "`{text}` is no capability; expected a resource type, with .read or another interaction, .search, \
             .search.PARAMETER, .include.NAME, .revinclude.NAME, .operation.NAME, .profile.URL or .conditionalCreate \
             and its like; or system.NAME, operation.NAME, format.NAME, patchFormat.NAME, security.CODE"
        )),
    }
}

impl<'c> Claim<'c> {
    /// The resource type that it speaks of, and the search parameter, where it speaks of one.
    #[must_use]
    pub fn search_parameter(&self) -> Option<(&'c str, &'c str)> {
        match self.what {
            What::Part { element: "searchParam", value, .. } => Some((self.resource?, value)),
            _ => None,
        }
    }

    /// Whether a CapabilityStatement makes the claim for a server.
    #[must_use]
    pub fn is_made(&self, statement: Element<'_>) -> bool {
        if let What::Format { element, name } = &self.what {
            return statement.children_named(element).any(|format| {
                format.value().is_some_and(|format| format == *name || is_short_for(name, format))
            });
        }
        let mut servers = statement.children_named("rest").filter(|rest| rest.text("mode") == Some("server"));
        match self.resource {
            None => servers.any(|rest| self.is_made_by(rest)),
            Some(wanted) => servers
                .flat_map(|rest| rest.children_named("resource"))
                .filter(|resource| resource.text("type") == Some(wanted))
                .any(|resource| self.is_made_by(resource)),
        }
    }

    /// Whether the part that speaks of the whole server, or of one resource type, makes it.
    fn is_made_by(&self, part: Element<'_>) -> bool {
        match &self.what {
            What::Listed => true,
            What::Part { element, part: key, value } => part.children_named(element).any(|found| {
                let text = found.text(key).unwrap_or_default();
                text == *value || (*element == "operation" && text.strip_prefix('$') == Some(value))
            }),
            What::Value { element, values } => part
                .children_named(element)
                .any(|found| found.value().is_some_and(|found| values.contains(&found))),
            What::Security(code) => part
                .children_named("security")
                .flat_map(|security| security.children_named("service"))
                .flat_map(|service| service.children_named("coding"))
                .any(|coding| coding.text("code") == Some(code)),
            What::Format { .. } => false,
        }
    }
}

/// Whether `json` is said of `application/fhir+json`, of its name before STU3, or of `application/json`.
fn is_short_for(short: &str, media_type: &str) -> bool {
    let (name, other) = if short.contains('/') { (media_type, short) } else { (short, media_type) };
    let essence = other.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(name, "json" | "xml" | "ttl")
        && essence.strip_prefix("application/").is_some_and(|rest| {
            rest == name || rest.ends_with(&format!("+{name}")) || rest.strip_suffix("+fhir") == Some(name)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[test]
    fn claims_are_read_from_the_statement() {
        let statement = parse_json(
            r#"{"resourceType":"CapabilityStatement","format":["json","application/fhir+xml"],
            "rest":[{"mode":"server","interaction":[{"code":"transaction"}],"operation":[{"name":"$close"}],
            "security":{"service":[{"coding":[{"code":"SMART-on-FHIR"}]}]},
            "resource":[{"type":"Patient","conditionalCreate":true,"conditionalDelete":"not-supported",
            "searchInclude":["Patient:organization"],"operation":[{"name":"gpc.registerpatient"}],
            "interaction":[{"code":"read"},{"code":"search-type"}],"searchParam":[{"name":"gender"}]}]}]}"#,
        )
        .unwrap();
        let claimed = |capability: &str| claim(capability).unwrap().is_made(statement.root());
        let made = [
            "Patient",
            "Patient.read",
            "Patient.search",
            "Patient.search.gender",
            "Patient.include.Patient:organization",
            "Patient.operation.gpc.registerpatient",
            "Patient.conditionalCreate",
            "system.transaction",
            "operation.close",
            "format.application/fhir+json",
            "format.xml",
            "security.SMART-on-FHIR",
        ];
        for capability in made {
            assert!(claimed(capability), "{capability}");
        }
        let not_made = [
            "Observation",
            "Patient.create",
            "Patient.search.phone",
            "Patient.conditionalDelete",
            "Patient.conditionalUpdate",
            "system.batch",
            "format.ttl",
            "patchFormat.json",
        ];
        for capability in not_made {
            assert!(!claimed(capability), "{capability}");
        }
        for wrong in ["Patient.sarch", "patient.read", "Patient.conditionalCreates", ""] {
            assert!(claim(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_format_is_claimed_by_any_of_its_names() {
        for (format, name) in [
            ("json", "json"),
            ("application/fhir+json", "json"),
            ("application/json+fhir", "json"),
            ("application/json", "json"),
            ("Application/FHIR+XML; charset=utf-8", "xml"),
        ] {
            let text = format!(r#"{{"resourceType":"CapabilityStatement","format":["{format}"]}}"#);
            let statement = parse_json(&text).unwrap();
            for short in ["json", "xml"] {
                let claim = format!("format.{short}");
                let made = super::claim(&claim).unwrap().is_made(statement.root());
                assert_eq!(made, short == name, "{format} and {claim}");
            }
        }
    }

    #[test]
    fn all_must_be_claimed_and_none_of_the_others() {
        let statement = parse_json(
            r#"{"resourceType":"CapabilityStatement","rest":[{"mode":"server","resource":[{"type":"Patient"}]}]}"#,
        )
        .unwrap();
        let refusal =
            |text: &str| serde_json::from_str::<Condition>(text).unwrap().refusal(statement.root()).unwrap();
        assert_eq!(refusal(r#"{"capability":"Patient"}"#), None);
        assert!(refusal(r#"{"capability":["Patient","Slot"]}"#).unwrap().ends_with("does not claim Slot"));
        assert!(refusal(r#"{"without":"Patient"}"#).unwrap().ends_with("claims Patient"));
        assert_eq!(refusal(r#"{"capability":"Patient","without":"Patient.delete"}"#), None);
    }
}
