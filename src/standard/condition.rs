//! What a server claims in its CapabilityStatement, and conditions on it.
//!
//! <https://hl7.org/fhir/STU3/capabilitystatement.html>

use super::Condition;
use crate::fhir::Element;

/// A claim that a condition asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim<'c> {
    resource: &'c str,
    what: What<'c>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum What<'c> {
    Listed,
    Interaction(&'c str),
    Parameter(&'c str),
}

impl Condition {
    /// The claim that it asks for.
    ///
    /// # Errors
    /// What is wrong with its words.
    pub fn claim(&self) -> Result<Claim<'_>, String> {
        let parts: Vec<&str> = self.capability.split('.').collect();
        let what = match parts.as_slice() {
            [_] => What::Listed,
            [_, "search"] => What::Interaction("search-type"),
            [_, interaction @ ("read" | "vread" | "create" | "update" | "patch" | "delete")] => {
                What::Interaction(interaction)
            }
            [_, "search", parameter] => What::Parameter(parameter),
            _ => {
                return Err(format!(
                    "`{}` is no capability; expected a resource type, with .read or another interaction, \
                     .search, or .search.PARAMETER",
                    self.capability
                ));
            }
        };
        Ok(Claim { resource: parts[0], what })
    }
}

impl Claim<'_> {
    /// Whether a CapabilityStatement makes the claim for a server.
    #[must_use]
    pub fn is_made(&self, statement: Element<'_>) -> bool {
        let servers = statement.children_named("rest").filter(|rest| rest.text("mode") == Some("server"));
        let mut resources = servers
            .flat_map(|rest| rest.children().filter(|child| child.name() == "resource"))
            .filter(|resource| resource.text("type") == Some(self.resource));
        resources.any(|resource| match self.what {
            What::Listed => true,
            What::Interaction(code) => resource
                .children_named("interaction")
                .any(|interaction| interaction.text("code") == Some(code)),
            What::Parameter(name) => {
                resource.children_named("searchParam").any(|parameter| parameter.text("name") == Some(name))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[test]
    fn claims_are_read_from_the_statement() {
        let statement = parse_json(
            r#"{"resourceType":"CapabilityStatement","rest":[{"mode":"server","resource":[{"type":"Patient",
            "interaction":[{"code":"read"},{"code":"search-type"}],"searchParam":[{"name":"gender"}]}]}]}"#,
        )
        .unwrap();
        let claimed = |capability: &str| {
            let condition = Condition { capability: capability.to_owned() };
            condition.claim().unwrap().is_made(statement.root())
        };
        assert!(
            ["Patient", "Patient.read", "Patient.search", "Patient.search.gender"].into_iter().all(claimed)
        );
        assert!(!["Observation", "Patient.create", "Patient.search.phone"].into_iter().any(claimed));
        assert!(Condition { capability: "Patient.sarch".into() }.claim().is_err());
    }
}
