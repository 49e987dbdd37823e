//! Whether what a reference leads to follows one of the profiles that the definition names for it
//! (ElementDefinition.type.targetProfile), where the target is within the text.

use crate::fhir::{Element, with_article};
use crate::fhirpath::Profiles as _;
use crate::profile::rules::{ReferenceTargets, reference};
use crate::profile::{Code, Issue, Severity};

use super::resolve::resolve;
use super::walk::{Layer, Walk};

/// The target of a reference follows none of the profiles allowed.
pub(super) const CODE: Code = Code {
    name: "reference-target-profile",
    title: "A reference leads to a resource that follows none of the profiles allowed",
    what: "A reference to a contained resource, or to another entry of the Bundle, leads to one that conforms to a \
        profile that the definition names for its targets. Targets elsewhere are not fetched.",
    why: "A reader that follows the reference relies on what the profile promises of the target.",
    example: "wrong:  a subject that leads to a contained Patient without a name, where the profile for targets demands one",
    specification: "https://hl7.org/fhir/STU3/elementdefinition-definitions.html#ElementDefinition.type.targetProfile",
};

impl Walk<'_> {
    /// Checks the target of one Reference.
    pub(super) fn target_profiles(
        &mut self,
        element: Element<'_>,
        layer: Layer<'_>,
        targets: &ReferenceTargets,
    ) {
        // Where any resource of its type will do, nothing can be wrong.
        if targets.profiles.is_empty() {
            return;
        }
        let target = element.text("reference").and_then(|reference| resolve(reference, element));
        let Some((target, found)) = target.and_then(|target| Some((target, target.resource_type()?))) else {
            return;
        };
        let allowed: Vec<&str> = targets.of_type(found).collect();
        // A target of another type is reported as such.
        if allowed.is_empty() || targets.allows_any(found) {
            return;
        }
        if allowed.iter().all(|profile| self.knowledge.conforms_to(target, profile) == Some(false)) {
            // It may follow one that is not loaded.
            if !targets.unknown.is_empty() {
                let message = format!(
                    "whether the {found} that `{}` leads to follows a profile allowed was not checked: not loaded are {}",
                    element.name(),
                    targets.unknown.join(", ")
                );
                let mut issue = Issue::at(element, &reference::NOT_CHECKED, Severity::NotChecked, message);
                issue.expected = Some(targets.advice());
                return self.report(issue, Some(layer));
            }
            let message = format!(
                "`{}` leads to {} that follows none of the profiles allowed",
                element.name(),
                with_article(found)
            );
            let issue = Issue::at(element, &CODE, Severity::Error, message);
            self.report(issue.compared(allowed.join(" or "), target.path()), Some(layer));
        }
    }
}
