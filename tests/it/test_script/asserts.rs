//! Each kind of assert.

use serde_json::{Value, json};

use super::scripts::{assert, fixtures, operation, outcomes, read, script};

#[test]
fn each_kind_of_assert_passes_and_fails() {
    let gone = operation("read", json!({"resource": "Patient", "params": "/gone"}));
    let search = operation("search", json!({"resource": "Patient", "params": "?family=O'Hara"}));
    let family = "Patient.name.family";
    // Each is given what holds, and the same with something that does not. All of a kind are judged in one run.
    let cases: Vec<(&Value, Value, Value)> = vec![
        (&gone, json!({"response": "gone"}), json!({"response": "okay"})),
        (
            &gone,
            json!({"responseCode": "404,410", "operator": "in"}),
            json!({"responseCode": "404,410", "operator": "notIn"}),
        ),
        (
            &gone,
            json!({"responseCode": "200", "operator": "notEquals"}),
            json!({"responseCode": "410", "operator": "notEquals"}),
        ),
        (
            &gone,
            json!({"responseCode": "400", "operator": "greaterThan"}),
            json!({"responseCode": "400", "operator": "lessThan"}),
        ),
        (&gone, json!({"contentType": "json"}), json!({"contentType": "xml"})),
        (
            &gone,
            json!({"headerField": "Content-Type", "operator": "contains", "value": "json"}),
            json!({"headerField": "Content-Type", "operator": "notContains", "value": "json"}),
        ),
        (
            &gone,
            json!({"headerField": "ETag", "operator": "empty"}),
            json!({"headerField": "ETag", "operator": "notEmpty"}),
        ),
        (&gone, json!({"resource": "OperationOutcome"}), json!({"resource": "Patient"})),
        (&gone, json!({"requestMethod": "get"}), json!({"requestMethod": "post"})),
        (
            &gone,
            json!({"requestURL": "/Patient/gone", "operator": "contains"}),
            json!({"requestURL": "/Patient/known", "operator": "contains"}),
        ),
        (
            &gone,
            json!({"headerField": "Accept", "direction": "request", "operator": "contains", "value": "json"}),
            json!({"headerField": "Accept", "direction": "request", "operator": "contains", "value": "turtle"}),
        ),
        (
            &search,
            json!({"expression": "Bundle.total", "operator": "greaterThan", "value": "1"}),
            json!({"expression": "Bundle.total", "operator": "greaterThan", "value": "2"}),
        ),
        (
            &search,
            json!({"path": "fhir:Bundle/fhir:type/@value", "value": "searchset"}),
            json!({"path": "fhir:Bundle/fhir:type/@value", "value": "history"}),
        ),
        (
            &search,
            json!({"expression": "Bundle.entry.count() = 2", "operator": "eval"}),
            json!({"expression": "Bundle.entry.count() = 3", "operator": "eval"}),
        ),
        (&search, json!({"validateProfileId": "bundle"}), json!({"validateProfileId": "patient"})),
        (
            &search,
            json!({"expression": "Bundle.link", "operator": "notEmpty"}),
            json!({"navigationLinks": true}),
        ),
    ];
    let known = read();
    let of_patient: Vec<(&Value, Value, Value)> = vec![
        (&known, json!({"minimumId": "f-same"}), json!({"minimumId": "f-other"})),
        (
            &known,
            json!({"expression": family, "value": "${family}"}),
            json!({"expression": family, "value": "${wrong}"}),
        ),
        (
            &known,
            json!({"expression": family, "compareToSourceId": "f-same", "compareToSourceExpression": family}),
            json!({"expression": family, "compareToSourceId": "f-other", "compareToSourceExpression": family}),
        ),
        (
            &known,
            json!({"compareToSourceId": "f-same", "compareToSourcePath": "fhir:Patient/fhir:name/fhir:family/@value"}),
            json!({"compareToSourceId": "f-other", "compareToSourcePath": "fhir:Patient/fhir:name/fhir:family/@value"}),
        ),
        (
            &known,
            json!({"expression": "Patient.gender", "operator": "in", "value": "male,female"}),
            json!({"expression": "Patient.gender", "operator": "notIn", "value": "male,female"}),
        ),
        (
            &known,
            json!({"expression": "Patient.birthDate", "operator": "empty"}),
            json!({"expression": "Patient.birthDate", "operator": "notEmpty"}),
        ),
    ];
    let cases: Vec<_> = cases.into_iter().chain(of_patient).collect();
    let tests: Vec<(String, Value)> = cases
        .iter()
        .enumerate()
        .flat_map(|(number, (operation, right, wrong))| {
            [
                (format!("Right {number}"), json!([operation, assert(right.clone())])),
                (format!("Wrong {number}"), json!([operation, assert(wrong.clone())])),
            ]
        })
        .collect();
    let tests: Vec<(&str, Value)> =
        tests.iter().map(|(name, actions)| (name.as_str(), actions.clone())).collect();
    let (ended, found, _) = outcomes(&script(&fixtures(), &tests));
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(!ended.stderr.contains("not supported"), "{}", ended.stderr);
    let mut wrong = Vec::new();
    for (number, (_, right, bad)) in cases.iter().enumerate() {
        for (kind, what, expected) in [("right", right, "pass"), ("wrong", bad, "fail")] {
            let id = format!("my-script/{kind}-{number}");
            let outcome = &found.iter().find(|(found, _)| *found == id).unwrap().1;
            if outcome != expected {
                wrong.push(format!("{what}: {outcome}, expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
