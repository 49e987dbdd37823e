//! What holds for any two versions of a profile.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{between, mirrored, patient, plain};
use super::{Answer, Direction};

/// What a version says or does not say: elements of a differential that belong together.
fn statements() -> Vec<Value> {
    let sliced = json!({ "path": "Patient.identifier",
        "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "open" } });
    vec![
        json!([{ "path": "Patient",
            "constraint": [{ "key": "x-1", "severity": "error", "expression": "name.exists()" }] }]),
        json!([
            sliced,
            { "path": "Patient.identifier", "sliceName": "a", "min": 1, "max": "1" },
            { "path": "Patient.identifier.system", "min": 1, "fixedUri": "http://x/a" },
            { "path": "Patient.identifier.period", "max": "0" },
        ]),
        json!([
            sliced,
            { "path": "Patient.identifier", "sliceName": "b", "mustSupport": true },
            { "path": "Patient.identifier.value", "min": 1 },
        ]),
        json!([{ "path": "Patient.name", "min": 1, "max": "3" }]),
        json!([{ "path": "Patient.name.family", "min": 1, "maxLength": 35 }]),
        json!([{ "path": "Patient.gender", "fixedCode": "female" }]),
        json!([{ "path": "Patient.birthDate", "min": 1, "maxValueDate": "2020-01-01" }]),
        json!([{ "path": "Patient.deceased[x]", "type": [{ "code": "boolean" }] }]),
        json!([{ "path": "Patient.maritalStatus", "binding":
            { "strength": "required", "valueSetUri": "http://hl7.org/fhir/ValueSet/marital-status" } }]),
        json!([{ "path": "Patient.photo", "max": "0" }]),
    ]
}

fn version(says: &[bool]) -> crate::profile::SchemaSet {
    let said = statements().into_iter().zip(says).filter(|(_, said)| **said);
    patient(said.flat_map(|(statement, _)| statement.as_array().cloned().unwrap_or_default()).collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_way_back_is_the_mirror_image(
        older in proptest::collection::vec(any::<bool>(), 10),
        newer in proptest::collection::vec(any::<bool>(), 10),
    ) {
        let (old, new) = (version(&older), version(&newer));
        let (there, back) = (between(&old, &new), between(&new, &old));
        prop_assert_eq!(mirrored(&there), plain(&back));
        prop_assert_eq!(there.older_may_fail, back.newer_may_fail);
        prop_assert_eq!(there.newer_may_fail, back.older_may_fail);
        if older == newer {
            prop_assert!(there.elements.is_empty());
        }
        // Who says all that the other says, and more, is not looser in anything that decides.
        if older.iter().zip(&newer).all(|(old, new)| !old || *new) {
            prop_assert_eq!(there.newer_may_fail, Answer::No);
            prop_assert!(there.elements.iter().flat_map(|element| &element.changes)
                .all(|change| change.direction != Direction::Looser || !change.decides));
        }
    }
}
