//! A filter of a value set: that its system knows the property, and that the value fits it.
//!
//! <https://hl7.org/fhir/R4/valueset.html#filters>, <https://hl7.org/fhir/R4/codesystem.html#filters>

use super::concept_property::{self, PropertyType};
use super::findings::{Findings, SNOMED};
use super::{ecl, identifier};
use crate::fhir::{Canonical, Element};
use crate::profile::{Code, Issue, Severity};
use crate::terminology::{Membership, is_snomed_identifier};

/// A filter cannot be evaluated as it is written.
pub(super) const CODE: Code = Code {
    name: "value-set-filter",
    title: "A value set has a filter that cannot be evaluated",
    what: "The property of a filter is one that its code system has, its operation is one that the system allows \
        there, and its value fits both: a code of the system, true or false, a regular expression, or for \
         SNOMED CT an expression constraint (ECL).",
    why: "A server either refuses to expand the value set, or gives codes that were not meant.",
    example: "wrong:  property \"notSelectable\", op \"=\", value \"1\"\n\
        right:  property \"notSelectable\", op \"=\", value \"true\"",
    specification: "https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.filter",
};

/// Operations whose value is a code of the hierarchy.
const HIERARCHY: [&str; 5] = ["is-a", "is-not-a", "descendent-of", "generalizes", "child-of"];

pub(super) fn check(filter: Element<'_>, system: &str, findings: &mut Findings<'_>) {
    let (Some(property), Some(operation), Some(place)) =
        (filter.text("property"), filter.text("op"), filter.child("value"))
    else {
        return;
    };
    let Some(value) = place.value() else { return };
    let rule = Filter { place, property, operation, value, system };
    if operation == "regex" {
        return rule.regex(findings);
    }
    if operation == "exists" {
        return rule.one_of(&["true", "false"], findings);
    }
    if system == SNOMED && property == "constraint" {
        if let Err(message) = ecl::check(value) {
            let message = format!("the expression constraint is not well-formed: {message}");
            findings.add(Issue::at(place, &CODE, Severity::Error, message).compared("ECL", value));
        }
        return;
    }
    let defined = findings.set.packages().find("CodeSystem", system).and_then(|found| found.tree());
    let defined = defined.map(|tree| tree.root());
    if let Some(defined) = defined {
        rule.operation(filter, defined, findings);
    }
    let declared = defined.and_then(|defined| concept_property::declared(defined, property));
    match declared.or_else(|| concept_property::well_known(property)) {
        Some(declared) => rule.value(declared, findings),
        None if defined.is_some_and(|defined| !is_filter_of(defined, property)) => {
            let message = format!("{system} has no property `{property}`");
            findings.warning(filter, &CODE, message);
        }
        None => {}
    }
}

fn is_filter_of(system: Element<'_>, property: &str) -> bool {
    matches!(property, "concept" | "code" | "display")
        || system.children_named("filter").any(|filter| filter.text("code") == Some(property))
}

struct Filter<'f> {
    place: Element<'f>,
    property: &'f str,
    operation: &'f str,
    value: &'f str,
    system: &'f str,
}

impl Filter<'_> {
    /// A code system may say which operations a filter of it takes.
    fn operation(&self, filter: Element<'_>, system: Element<'_>, findings: &mut Findings<'_>) {
        let Some(declared) =
            system.children_named("filter").find(|filter| filter.text("code") == Some(self.property))
        else {
            return;
        };
        let allowed: Vec<&str> = declared.children_named("operator").filter_map(Element::value).collect();
        if !allowed.is_empty() && !allowed.contains(&self.operation) {
            let place = filter.child("op").unwrap_or(filter);
            let message = format!("{} does not allow this operation for `{}`", self.system, self.property);
            let issue = Issue::at(place, &CODE, Severity::Error, message);
            findings.add(issue.compared(allowed.join(" or "), self.operation));
        }
    }

    fn value(&self, declared: PropertyType, findings: &mut Findings<'_>) {
        for value in self.values() {
            match declared {
                PropertyType::Code => self.code(self.system, value, findings),
                PropertyType::Coding => self.coding(value, findings),
                PropertyType::Boolean => self.one_of(&["true", "false"], findings),
                _ => {}
            }
        }
    }

    /// `in` and `not-in` take several values, separated by commas.
    fn values(&self) -> Vec<&str> {
        match self.operation {
            "in" | "not-in" => self.value.split(',').map(str::trim).collect(),
            _ => vec![self.value],
        }
    }

    fn code(&self, system: &str, code: &str, findings: &mut Findings<'_>) {
        // SNOMED CT's own filter `concept in` names a reference set, which is a concept as well.
        let well_formed = system != SNOMED || is_snomed_identifier(code);
        let found = findings.has_code(system, code);
        match found {
            Membership::NotMember => self.no_code(system, code, findings),
            _ if !well_formed && HIERARCHY.contains(&self.operation) => self.no_code(system, code, findings),
            Membership::Unknown(reason) => {
                findings.not_loaded(self.place, format!("the value of the filter was not checked: {reason}"));
            }
            Membership::Member => {}
        }
    }

    fn no_code(&self, system: &str, code: &str, findings: &mut Findings<'_>) {
        let message = format!("`{code}` is no code of {system}");
        let issue = Issue::at(self.place, &CODE, Severity::Error, message);
        findings.add(issue.compared(format!("a code for `{}`", self.property), code));
    }

    /// `system#code`, or `system|version#code`.
    fn coding(&self, value: &str, findings: &mut Findings<'_>) {
        match value.rsplit_once('#') {
            Some((system, code)) if identifier::has_scheme(system) => {
                self.code(Canonical::parse(system).url, code, findings);
            }
            _ => {
                let message =
                    format!("`{}` holds codings, which a filter writes as system#code", self.property);
                findings.warning(self.place, &CODE, message);
            }
        }
    }

    fn one_of(&self, allowed: &[&str], findings: &mut Findings<'_>) {
        if !allowed.contains(&self.value) {
            self.wrong(&allowed.join(" or "), findings);
        }
    }

    fn regex(&self, findings: &mut Findings<'_>) {
        // Look-around is a regular expression elsewhere, and is none that can be checked here.
        if !self.value.contains("(?") && regex::Regex::new(self.value).is_err() {
            self.wrong("a regular expression", findings);
        }
    }

    fn wrong(&self, expected: &str, findings: &mut Findings<'_>) {
        let message = format!("the value does not fit the filter `{} {}`", self.property, self.operation);
        findings.add(Issue::at(self.place, &CODE, Severity::Error, message).compared(expected, self.value));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::found;
    use crate::fhir::Release;

    const COLOURS: &str = r#"{"resourceType":"CodeSystem","url":"http://example.org/colours","content":"complete",
        "property":[{"code":"warm","type":"boolean"},{"code":"paint","type":"Coding"},{"code":"beside","type":"code"}],
        "filter":[{"code":"beside","operator":["="]}],
        "concept":[{"code":"red"},{"code":"blue"}]}"#;

    fn filter(system: &str, property: &str, operation: &str, value: &str) -> Vec<String> {
        let value_set = format!(
            r#"{{"resourceType":"ValueSet","compose":{{"include":[{{"system":"{system}","filter":[
                {{"property":"{property}","op":"{operation}","value":"{value}"}}]}}]}}}}"#
        );
        found(Release::R4, &[COLOURS], &value_set)
    }

    #[test]
    fn values_fit_their_properties() {
        let colours = |property: &str, operation: &str, value: &str| {
            let found = filter("http://example.org/colours", property, operation, value);
            found.iter().map(|line| line.split(" ValueSet").next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        for (property, operation, value) in [
            ("warm", "=", "true"),
            ("notSelectable", "=", "false"),
            ("beside", "=", "red"),
            ("concept", "in", "red, blue"),
            ("display", "regex", "^b.*$"),
            ("warm", "exists", "true"),
            ("paint", "=", "http://example.org/colours#red"),
        ] {
            assert!(colours(property, operation, value).is_empty(), "{property} {operation} {value}");
        }
        for (property, operation, value) in [
            ("warm", "=", "1"),
            ("notSelectable", "=", "yes"),
            ("beside", "=", "green"),
            ("beside", "in", "red"),
            ("concept", "is-a", "green"),
            ("concept", "in", "red,green"),
            ("display", "regex", "(("),
            ("warm", "exists", "x"),
            ("paint", "=", "http://example.org/colours#green"),
        ] {
            let found = colours(property, operation, value);
            assert_eq!(found, ["error value-set-filter"], "{property} {operation} {value}");
        }
        assert_eq!(colours("hue", "=", "1"), ["warning value-set-filter"]);
        assert_eq!(colours("paint", "=", "red"), ["warning value-set-filter"]);
    }

    #[test]
    fn of_snomed_ct_the_form_is_told() {
        let snomed = |property: &str, operation: &str, value: &str| {
            filter("http://snomed.info/sct", property, operation, value)
        };
        let place = "ValueSet.compose.include[0].filter[0].value";
        assert!(snomed("constraint", "=", "< 404684003").is_empty());
        assert_eq!(snomed("constraint", "=", "404684003 <<"), [format!("error value-set-filter {place}")]);
        assert_eq!(snomed("concept", "is-a", "finding"), [format!("error value-set-filter {place}")]);
        assert_eq!(
            snomed("concept", "is-a", "404684003"),
            [format!("not-checked definition-not-loaded {place}")]
        );
    }
}
