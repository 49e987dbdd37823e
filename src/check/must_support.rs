//! Must support: the union over every resource that a run has seen, by profile, element and slice.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Outcome, Page};
use crate::fhir::Element;
use crate::standard::MustSupport;
use crate::validate::Validator;

/// How many elements a reason names.
const MOST: usize = 10;

/// What the resources of some exchanges populate, by profile. Those of a whole run are those of its cases together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Populated(BTreeMap<String, Shown>);

/// What was seen of one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Shown {
    resources: usize,
    elements: BTreeSet<String>,
}

/// Which elements of a profile were shown in a run, and which were not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MustSupportResult {
    /// The profile.
    pub profile: String,
    /// How many resources of the profile the answers held; the same one twice counts twice.
    pub resources: usize,
    /// The ids of the elements that at least one of them populates.
    pub shown: Vec<String>,
    /// The ids of those that none does.
    pub not_shown: Vec<String>,
}

impl Populated {
    /// Looks at every resource of a page: a resource is of a profile if it claims it in `meta.profile`, or if the step
    /// judges its answer against it.
    pub fn look(&mut self, page: &Page, watched: &BTreeSet<String>, judged: &[&str], validator: &Validator) {
        let Ok(tree) = page.tree() else { return };
        for profile in watched {
            let Ok(type_name) = validator.type_of_profile(profile) else { continue };
            let all = tree.root().descendants().filter(|element| element.resource_type() == Some(type_name));
            for resource in all.filter(|one| judged.contains(&profile.as_str()) || claims(*one, profile)) {
                let shown = self.0.entry(profile.clone()).or_default();
                shown.resources += 1;
                shown.elements.extend(validator.populated(resource, profile));
            }
        }
    }

    /// Adds what others have seen.
    pub fn join(&mut self, other: Self) {
        for (profile, seen) in other.0 {
            let shown = self.0.entry(profile).or_default();
            shown.resources += seen.resources;
            shown.elements.extend(seen.elements);
        }
    }

    /// What came of a requirement: passed where every element was shown, else not demonstrated. With why, where it is
    /// not passed.
    #[must_use]
    pub fn outcome(
        &self,
        wanted: &MustSupport,
        validator: &Validator,
    ) -> (Outcome, Option<String>, Option<MustSupportResult>) {
        let profile = &wanted.profile;
        let elements = match validator.profile_elements(profile) {
            Ok(elements) => elements,
            Err(error) => return (Outcome::Inconclusive, Some(error.to_string()), None),
        };
        let unknown = wanted.elements.iter().find(|id| !elements.iter().any(|(known, _)| known == *id));
        if let Some(id) = unknown {
            let reason = format!("{profile} has no element `{id}`");
            return (Outcome::Inconclusive, Some(reason), None);
        }
        let asked: Vec<String> = elements
            .into_iter()
            .filter(|(id, flagged)| match wanted.elements.as_slice() {
                [] => *flagged,
                own => own.contains(id),
            })
            .map(|(id, _)| id)
            .collect();
        if asked.is_empty() {
            let reason = format!("{profile} flags no element as must-support, and the standard names none");
            return (Outcome::Inconclusive, Some(reason), None);
        }
        let nothing = Shown::default();
        let seen = self.0.get(profile).unwrap_or(&nothing);
        let (shown, not_shown): (Vec<String>, Vec<String>) =
            asked.into_iter().partition(|id| seen.elements.contains(id));
        let (outcome, reason) = if seen.resources == 0 {
            (Outcome::NotDemonstrated, Some(format!("no answer held a resource of {profile}")))
        } else if not_shown.is_empty() {
            (Outcome::Pass, None)
        } else {
            let words = format!("no resource of {profile} shows {}", in_short(&not_shown));
            (Outcome::NotDemonstrated, Some(words))
        };
        let resources = seen.resources;
        let result = MustSupportResult { profile: profile.clone(), resources, shown, not_shown };
        (outcome, reason, Some(result))
    }
}

/// Whether a resource names the profile, whatever version of it.
fn claims(resource: Element<'_>, profile: &str) -> bool {
    let claimed = resource.child("meta").into_iter().flat_map(Element::children);
    let mut claimed = claimed.filter(|child| child.is_called("profile")).filter_map(Element::value);
    claimed.any(|claimed| claimed.split_once('|').map_or(claimed, |(url, _)| url) == profile)
}

fn in_short(elements: &[String]) -> String {
    let named = elements.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    match elements.len().checked_sub(MOST) {
        Some(more) if more > 0 => format!("{named} and {more} more"),
        _ => named,
    }
}
