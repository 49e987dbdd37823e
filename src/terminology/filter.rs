//! Filters: codes of a system picked by hierarchy and property (ValueSet.compose.include.filter).

use regex::Regex;

use super::Membership;
use super::code_system::{CodeSystem, Concept};
use crate::fhir::Element;

/// A rule that picks codes of a system.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter {
    property: String,
    operator: String,
    value: String,
}

impl Filter {
    pub(super) fn read(element: Element<'_>) -> Self {
        let text = |name: &str| element.text(name).unwrap_or_default().to_owned();
        Self { property: text("property"), operator: text("op"), value: text("value") }
    }

    /// Whether a code passes; what is no code of the system does not.
    pub(super) fn passes(&self, system: &CodeSystem, code: &str) -> Membership {
        if !system.is_complete() {
            return system.holds(code).and(self.cannot_be_told(system));
        }
        let Some(concept) = system.concept(code) else { return Membership::NotMember };
        let found = match self.property.as_str() {
            "concept" | "code" => self.by_hierarchy(system, code),
            "parent" => self.by_values(concept.parents.iter().map(String::as_str), |value| {
                system.key(value).into_owned()
            }),
            "child" => {
                let value = system.key(&self.value);
                let key = system.key(code);
                let child = system.concept(&value);
                (self.operator == "=")
                    .then(|| child.is_some_and(|child| child.parents.iter().any(|own| *own == key)))
            }
            "display" => self.by_values(concept.displays().take(1), str::to_owned),
            _ => self.by_property(system, concept),
        };
        found.map_or_else(|| self.cannot_be_told(system), Membership::of)
    }

    /// Operators on the code itself; `None` for one that is not known.
    fn by_hierarchy(&self, system: &CodeSystem, code: &str) -> Option<bool> {
        let (code, value) = (system.key(code), system.key(&self.value));
        let below = |code: &str, ancestor: &str| system.is_below(code, ancestor);
        Some(match self.operator.as_str() {
            "=" => code == value,
            "is-a" => code == value || below(&code, &value),
            "descendent-of" => below(&code, &value),
            "is-not-a" => code != value && !below(&code, &value),
            "generalizes" => code == value || below(&value, &code),
            "child-of" => system.concept(&code)?.parents.iter().any(|parent| *parent == value),
            "descendent-leaf" => below(&code, &value) && !system.is_parent(&code),
            "in" => self.listed().any(|item| system.key(item) == code),
            "not-in" => !self.listed().any(|item| system.key(item) == code),
            "regex" => self.expression()?.is_match(&code),
            "exists" => self.value == "true",
            _ => return None,
        })
    }

    fn by_property(&self, system: &CodeSystem, concept: &Concept) -> Option<bool> {
        // Concepts are active and selectable unless the system says otherwise (concept-properties).
        let is_flag = matches!(self.property.as_str(), "inactive" | "notSelectable" | "abstract");
        if !is_flag && !system.has_property(&self.property) {
            return None;
        }
        let values: Vec<&str> = concept
            .properties
            .iter()
            .filter(|(code, _)| *code == self.property)
            .map(|(_, value)| value.as_str())
            .collect();
        match self.operator.as_str() {
            "exists" => Some(values.is_empty() == (self.value == "false")),
            _ if values.is_empty() && is_flag => self.by_values(std::iter::once("false"), str::to_owned),
            _ => self.by_values(values.into_iter(), str::to_owned),
        }
    }

    /// Operators on the values of a property; `None` for one that is not known.
    fn by_values<'v>(
        &self,
        mut values: impl Iterator<Item = &'v str>,
        key: impl Fn(&str) -> String,
    ) -> Option<bool> {
        Some(match self.operator.as_str() {
            "=" => {
                // A value that is a coding may be given as system#code.
                let code = self.value.rsplit_once('#').map_or(self.value.as_str(), |(_, code)| code);
                let (whole, code) = (key(&self.value), key(code));
                values.any(|value| value == whole || value == code)
            }
            "in" => values.any(|value| self.listed().any(|item| key(item) == value)),
            "not-in" => !values.any(|value| self.listed().any(|item| key(item) == value)),
            "exists" => values.next().is_some() == (self.value == "true"),
            "regex" => {
                let expression = self.expression()?;
                values.any(|value| expression.is_match(value))
            }
            _ => return None,
        })
    }

    fn listed(&self) -> impl Iterator<Item = &str> {
        self.value.split(',').map(str::trim)
    }

    /// The whole text must match.
    fn expression(&self) -> Option<Regex> {
        Regex::new(&format!("^(?:{})$", self.value)).ok()
    }

    fn cannot_be_told(&self, system: &CodeSystem) -> Membership {
        Membership::unknown(format!(
            "the filter `{} {} {}` on {} cannot be evaluated",
            self.property, self.operator, self.value, system.url
        ))
    }
}
