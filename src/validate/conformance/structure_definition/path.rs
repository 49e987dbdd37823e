//! Where a path of a definition leads: the types of the element there.

use crate::fhirpath::{Declared, Model as _};
use crate::profile::SchemaSet;

/// Types that only others derived from them are found under.
const ABSTRACT: [&str; 6] =
    ["Resource", "DomainResource", "Element", "BackboneElement", "CanonicalResource", "MetadataResource"];

/// What stands at a path.
#[derive(Debug, PartialEq)]
pub(super) enum Place<'m> {
    /// An element that may have these types, or for a backbone element its path.
    Types(Vec<&'m str>),
    /// No element: what is wrong with the path, in words.
    Missing(String),
    /// It cannot be told: the path leads into what only an instance shows.
    Unknown,
}

/// Follows a path such as `Observation.value[x].coding` from its type. A choice may be named for one of its
/// types, as `Observation.valueQuantity`.
pub(super) fn types_at<'m>(set: &'m SchemaSet, type_name: &'m str, path: &str) -> Place<'m> {
    let mut segments = path.split('.');
    if segments.next() != Some(type_name) || !set.is_type(type_name) {
        return Place::Unknown;
    }
    let mut types = vec![type_name];
    for segment in segments {
        let (name, choice) = segment.strip_suffix("[x]").map_or((segment, false), |name| (name, true));
        let mut found: Vec<&'m str> = Vec::new();
        let mut hint = String::new();
        for parent in &types {
            let own = set.child(parent, name);
            match set.declared(parent, name) {
                Declared::Unknown => return Place::Unknown,
                // A choice is written with `[x]`, and nothing else is.
                Declared::Types(declared) if choice == own.is_none() => found.extend(declared),
                Declared::Types(_) if choice => hint = format!("; its name is `{name}`"),
                Declared::Types(_) => hint = format!("; its name is `{name}[x]`"),
                Declared::Absent => match own.filter(|_| !choice) {
                    Some(own) => found.push(own.type_name),
                    None if ABSTRACT.contains(parent) => return Place::Unknown,
                    None => {}
                },
            }
        }
        if found.is_empty() {
            return Place::Missing(format!("{} has no element `{segment}`{hint}", types.join(" or ")));
        }
        found.sort_unstable();
        found.dedup();
        types = found;
    }
    Place::Types(types)
}

/// Whether nothing is of a type itself.
pub(super) fn is_abstract(type_name: &str) -> bool {
    ABSTRACT.contains(&type_name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::fhir::Release;
    use crate::package::{Package, PackageSet};

    #[test]
    fn paths_lead_to_types() {
        let core = Arc::new(Package::core(Release::R4).unwrap());
        let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, vec![core])));
        let types = |path: &str| match types_at(&set, path.split('.').next().unwrap(), path) {
            Place::Types(types) => types.join(" "),
            Place::Missing(why) => why,
            Place::Unknown => "?".to_owned(),
        };
        assert_eq!(types("Patient"), "Patient");
        assert_eq!(types("Patient.contact.name"), "HumanName");
        assert_eq!(types("Patient.contact"), "Patient.contact");
        assert_eq!(types("Questionnaire.item.item.item"), "Questionnaire.item");
        assert_eq!(types("Patient.deceased[x]"), "boolean dateTime");
        assert_eq!(types("Observation.valueQuantity.code"), "code");
        assert_eq!(types("Bundle.entry.resource.anything"), "?");
        assert_eq!(types("Colour.hue"), "?");
        assert_eq!(types("Observation.valueBla"), "Observation has no element `valueBla`");
        assert_eq!(types("Observation.value"), "Observation has no element `value`; its name is `value[x]`");
        assert_eq!(types("Patient.name[x]"), "Patient has no element `name[x]`; its name is `name`");
        assert_eq!(types("Patient.name.first"), "HumanName has no element `first`");
    }
}
