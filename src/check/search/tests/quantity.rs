use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check, words};

fn observation(quantity: &str) -> String {
    format!(r#"{{"resourceType":"Observation","valueQuantity":{quantity}}}"#)
}

const GLUCOSE: &str = r#"{"value":5.4,"unit":"milligrams","system":"http://unitsofmeasure.org","code":"mg"}"#;

#[test]
fn units_are_compared_and_converted() {
    for schemas in [&*STU3, &*R4] {
        check(
            schemas,
            &observation(GLUCOSE),
            &[
                ("value-quantity=5.4", Met),
                ("value-quantity=5.40", Met),
                ("value-quantity=5", Met),
                ("value-quantity=5.5", Not),
                ("value-quantity=5.4|http://unitsofmeasure.org|mg", Met),
                ("value-quantity=5.4||mg", Met),
                ("value-quantity=5.4||milligrams", Met),
                ("value-quantity=5.4||g", Not),
                ("value-quantity=0.0054|http://unitsofmeasure.org|g", Met),
                ("value-quantity=gt5|http://unitsofmeasure.org|ug", Met),
                ("value-quantity=lt5|http://unitsofmeasure.org|ug", Not),
                ("value-quantity=5.4|http://unitsofmeasure.org|mm", Not),
                ("value-quantity=5.4|http://unitsofmeasure.org|[made-up]", Unknown),
                ("value-quantity=5.4|http://snomed.info/sct|mg", Not),
                ("value-quantity=5.4|mg", Unknown),
                ("value-quantity=ap5.5", Met),
            ],
        );
    }
    assert_eq!(words(&STU3, &observation(GLUCOSE), "value-quantity"), "5.4 milligrams");
}

#[test]
fn a_comparator_makes_a_range() {
    let below =
        observation(r#"{"value":5,"comparator":"<","system":"http://unitsofmeasure.org","code":"mg"}"#);
    check(
        &STU3,
        &below,
        &[
            ("value-quantity=lt10", Met),
            ("value-quantity=gt5", Not),
            ("value-quantity=gt4", Met),
            ("value-quantity=eb6", Met),
            ("value-quantity=4", Not),
        ],
    );
    check(&STU3, &observation(r#"{"unit":"mg"}"#), &[("value-quantity=5", Not)]);
}
