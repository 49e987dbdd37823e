//! FHIRPath expressions within definitions: that they compile.

use super::findings::Findings;
use crate::fhir::Element;
use crate::fhirpath::Expression;
use crate::profile::Code;

/// An expression does not compile.
pub(super) const CODE: Code = Code {
    name: "expression-broken",
    title: "An expression in a definition does not compile",
    what: "Each FHIRPath expression of a definition, of an invariant or a search parameter for instance, is \
        well-formed, and the elements that it names are there in the type that it is evaluated on.",
    why: "A rule that cannot be evaluated guards nothing, and a search by it finds nothing.",
    example: "wrong:  a SearchParameter on Patient with the expression Organization.name\n\
        right:  Patient.name",
    specification: "https://hl7.org/fhir/R4/fhirpath.html",
};

/// Checks the expression that an element holds, on a focus of any of these types. A union holds where each of
/// its parts does so on some type: a search parameter joins the paths of all its bases. No types: only the
/// types that the expression itself names are known. Whether it compiles.
pub(super) fn check(place: Element<'_>, focus: &[&str], findings: &mut Findings<'_>) -> bool {
    let Some(source) = place.value() else { return true };
    let set = findings.set;
    let mut broken = |message: String| {
        findings.error(place, &CODE, format!("the expression does not compile: {message}"));
        false
    };
    let expression = match Expression::parse(source) {
        Ok(expression) => expression,
        Err(error) => return broken(error.to_string()),
    };
    for part in expression.alternatives() {
        let flaw = match focus {
            [] => part.check(set, None).err(),
            types => {
                let mut flaws = types.iter().map(|name| part.check(set, Some(name)).err());
                // The first type's flaw, if there is one on each.
                let first = flaws.next().flatten();
                first.filter(|_| flaws.all(|flaw| flaw.is_some()))
            }
        };
        if let Some(flaw) = flaw {
            return broken(flaw.to_string());
        }
    }
    true
}
