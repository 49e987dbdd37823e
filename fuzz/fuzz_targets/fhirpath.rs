//! Any text that reads as FHIRPath prints and parses back to the same, and evaluates without a panic.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use proofmark::fhir::{Tree, parse_json};
use proofmark::fhirpath::{Context, Expression, Item};

static PATIENT: LazyLock<Tree> = LazyLock::new(|| {
    let text = r#"{"resourceType":"Patient","id":"a","active":true,"birthDate":"1970-01",
        "name":[{"use":"official","family":"Ashcombe","given":["Ivy","May"],"period":{"start":"2001-02-03"}}],
        "multipleBirthInteger":2,"extension":[{"url":"http://example.org","valueQuantity":{"value":1.50,
        "system":"http://unitsofmeasure.org","code":"mg"}}]}"#;
    parse_json(text).expect("it is JSON")
});

fuzz_target!(|text: &str| {
    let Ok(expression) = Expression::parse(text) else { return };
    let printed = expression.normal_form();
    let again = Expression::parse(&printed).expect("what was printed is FHIRPath");
    assert!(expression == again, "{text}\nbecame\n{printed}");
    let mut context = Context::default();
    context.budget = 100_000;
    let _ = expression.evaluate(&context, Item::element(PATIENT.root(), None));
});
