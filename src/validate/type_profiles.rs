//! The profiles that an element's definition gives its type (`ElementDefinition.type.profile`): of several, a value
//! conforms to at least one.

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

use super::validator::PROFILE_NOT_LOADED;
use super::walk::{Layer, Layers, Walk};

/// A value conforms to none of the profiles of which one must hold.
pub(super) const NONE_HOLDS: Code = Code {
    name: "no-profile-holds",
    title: "A value conforms to none of the profiles that are allowed",
    what: "Where a profile gives several profiles for the type of an element, a value conforms to at least one of them.",
    why: "Readers expect one of the forms that the profiles describe.",
    example: "The findings that follow are those against the profile that the value is nearest to.",
    specification: "https://hl7.org/fhir/STU3/elementdefinition-definitions.html#ElementDefinition.type.profile",
};

/// Of several profiles, the one to go by.
struct Choice<T> {
    nearest: T,
    /// `None` where it cannot be told.
    conforms: Option<bool>,
}

impl<'a> Walk<'a> {
    /// Adds the profiles that the layers of a value give its type.
    pub(super) fn add_type_profiles(
        &mut self,
        value: Element<'a>,
        type_name: Option<&'a str>,
        layers: &mut Layers<'a>,
    ) {
        for index in 0..layers.len() {
            let layer = layers[index];
            if !layer.element.has_type_profiles {
                continue;
            }
            let link = layer.element.link_of(value.name());
            let Some(link) = link.filter(|link| !link.profiles.is_empty()) else { continue };
            let mut loaded = Layers::new();
            let mut missing: Vec<&str> = Vec::new();
            for (profile, found) in link.profile_elements(self.set) {
                match found {
                    Some((schema, element)) => loaded.push(Layer { schema, element }),
                    None => missing.push(profile),
                }
            }
            let chosen = if let ([only], []) = (loaded.as_slice(), missing.as_slice()) {
                Some(*only)
            } else {
                let choice = choose(&loaded, |candidate| {
                    let inner = self.knowledge.deeper()?;
                    let mut walk = Walk::new(&inner);
                    walk.look_from(value.resource());
                    walk.element(value, type_name, &[*candidate]);
                    Some(walk.into_issues())
                });
                self.chosen(value, layer, choice, &link.profiles, &missing)
            };
            let is_new =
                |chosen: &Layer<'_>| !layers.iter().any(|known| std::ptr::eq(known.element, chosen.element));
            if let Some(chosen) = chosen.filter(is_new) {
                layers.push(chosen);
            }
        }
    }

    /// The profiles that the layers of a nested resource give it.
    pub(super) fn resource_profiles(&mut self, resource: Element<'a>, layers: &[Layer<'a>]) -> Vec<String> {
        let found = resource.resource_type();
        let mut profiles = Vec::new();
        for layer in layers {
            let links = layer.element.types.iter().filter(|link| {
                let code = link.code.as_deref();
                matches!(code, Some("Resource" | "DomainResource")) || code == found
            });
            let given: Vec<String> = links.flat_map(|link| link.profiles.iter().cloned()).collect();
            if given.len() < 2 {
                profiles.extend(given);
                continue;
            }
            let (known, missing): (Vec<&String>, Vec<&String>) =
                given.iter().partition(|profile| self.set.schema(profile).is_ok());
            let fits = |profile: &&String| {
                self.set.schema(profile).is_ok_and(|schema| Some(schema.type_name.as_str()) == found)
            };
            let candidates: Vec<String> = known.into_iter().filter(fits).cloned().collect();
            let choice = choose(&candidates, |profile| {
                let inner = self.knowledge.deeper()?;
                let mut walk = Walk::new(&inner);
                walk.resource(resource, std::slice::from_ref(profile));
                Some(walk.into_issues())
            });
            let missing: Vec<&str> = missing.into_iter().map(String::as_str).collect();
            profiles.extend(self.chosen(resource, *layer, choice, &given, &missing));
        }
        profiles
    }

    /// The profile to go by, with an issue where none of them holds or where that cannot be told.
    fn chosen<T>(
        &mut self,
        value: Element<'_>,
        layer: Layer<'_>,
        choice: Option<Choice<T>>,
        profiles: &[String],
        missing: &[&str],
    ) -> Option<T> {
        let conforms = choice.as_ref().map_or(Some(false), |choice| choice.conforms);
        if conforms == Some(false) && missing.is_empty() {
            let message =
                format!("`{}` conforms to none of the profiles of which one must hold", value.name());
            let mut issue = Issue::at(value, &NONE_HOLDS, Severity::Error, message);
            issue.expected = Some(profiles.join(" or "));
            self.report(issue, Some(layer));
        } else if conforms == Some(false) {
            for profile in missing {
                let message = format!("`{}` was not checked against the profile {profile}", value.name());
                let issue = Issue::at(value, &PROFILE_NOT_LOADED, Severity::Undecided, message);
                self.report(issue, Some(layer));
            }
            return None;
        }
        choice.map(|choice| choice.nearest)
    }
}

/// The first candidate that a value conforms to, or else the one with the fewest errors. `findings` is `None` where
/// profiles ask for profiles too deeply.
fn choose<T: Clone>(
    candidates: &[T],
    mut findings: impl FnMut(&T) -> Option<Vec<Issue>>,
) -> Option<Choice<T>> {
    let mut nearest: Option<(usize, Choice<T>)> = None;
    for candidate in candidates {
        let issues = findings(candidate);
        let count = |severity| {
            issues
                .as_ref()
                .map_or(0, |issues| issues.iter().filter(|issue| issue.severity == severity).count())
        };
        let errors = count(Severity::Error);
        let conforms = match errors {
            0 if issues.is_none() || count(Severity::Undecided) > 0 => None,
            errors => Some(errors == 0),
        };
        let choice = Choice { nearest: candidate.clone(), conforms };
        if conforms == Some(true) {
            return Some(choice);
        }
        if nearest.as_ref().is_none_or(|(least, _)| errors < *least) {
            nearest = Some((errors, choice));
        }
    }
    nearest.map(|(_, choice)| choice)
}
