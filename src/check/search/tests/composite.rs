use super::Is::{Met, Not, Unknown};
use super::{R4, STU3, check};

#[test]
fn both_parts_of_the_same_component() {
    let pressure = r#"{"resourceType":"Observation","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
        "component":[
            {"code":{"coding":[{"code":"8480-6"}]},"valueQuantity":{"value":120,"code":"mm[Hg]","system":"http://unitsofmeasure.org"}},
            {"code":{"coding":[{"code":"8462-4"}]},"valueQuantity":{"value":80,"code":"mm[Hg]","system":"http://unitsofmeasure.org"}}]}"#;
    for schemas in [&*STU3, &*R4] {
        check(
            schemas,
            pressure,
            &[
                ("component-code-value-quantity=8480-6$120", Met),
                ("component-code-value-quantity=8480-6$gt100", Met),
                ("component-code-value-quantity=8462-4$gt100", Not),
                ("component-code-value-quantity=8462-4$lt90|http://unitsofmeasure.org|mm[Hg]", Met),
                ("component-code-value-quantity=8480-6$80", Not),
                ("component-code-value-quantity=8480-6", Unknown),
                ("component-code-value-quantity=8480-6$80,8462-4$80", Met),
                ("code-value-quantity=http://loinc.org|85354-9$120", Not),
            ],
        );
    }
}
