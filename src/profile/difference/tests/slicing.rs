//! Kinds of a list: which there are, and what tells them.

use super::*;

fn sliced(rules: &str, slices: &[Value]) -> SchemaSet {
    let mut elements = vec![json!({ "path": "Patient.identifier",
        "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": rules } })];
    for slice in slices {
        let mut slice = slice.clone();
        slice["path"] = json!("Patient.identifier");
        let name = slice["sliceName"].as_str().unwrap().to_owned();
        elements.push(slice);
        elements.push(json!({ "path": "Patient.identifier.system", "min": 1,
            "fixedUri": format!("http://x/{name}") }));
    }
    patient(Value::Array(elements))
}

#[test]
fn slicing() {
    let one = [json!({ "sliceName": "a" })];
    expect(
        &sliced("open", &one),
        &sliced("closed", &one),
        &["Patient.identifier tighter: only the kinds listed are now allowed"],
    );
    let optional = sliced("open", &[one[0].clone(), json!({ "sliceName": "b", "max": "1" })]);
    expect(
        &sliced("open", &one),
        &optional,
        &[
            "Patient.identifier:b changed (decides nothing): new slice",
            "Patient.identifier:b tighter: at most one of this kind",
            "Patient.identifier:b.system changed (decides nothing): now required (what tells the slice)",
            "Patient.identifier:b.system changed (decides nothing): must now be \"http://x/b\" (what tells the slice)",
        ],
    );
    // Where nothing else was allowed, a new kind allows more.
    expect(
        &sliced("closed", &one),
        &sliced("closed", &[one[0].clone(), json!({ "sliceName": "b" })]),
        &["Patient.identifier:b looser: new element"],
    );
    let required = json!({ "sliceName": "a", "min": 1 });
    expect(
        &sliced("open", &one),
        &sliced("open", &[required]),
        &["Patient.identifier:a tighter: now required"],
    );
}

#[test]
fn a_slice_asks_what_it_says_beyond_what_tells_it() {
    let with_value = |asks: bool| {
        let mut elements = vec![json!({ "path": "Patient.identifier",
            "slicing": { "discriminator": [{ "type": "value", "path": "system" }], "rules": "open" } })];
        if asks {
            elements.extend([
                json!({ "path": "Patient.identifier", "sliceName": "nhs" }),
                json!({ "path": "Patient.identifier.system", "fixedUri": "http://x/nhs" }),
                json!({ "path": "Patient.identifier.value", "min": 1 }),
            ]);
        }
        patient(Value::Array(elements))
    };
    let difference = between(&with_value(false), &with_value(true));
    assert!(lines(&difference).contains(&"Patient.identifier:nhs.value tighter: now required".to_owned()));
    assert_eq!((difference.older_may_fail, difference.newer_may_fail), (Answer::Yes, Answer::No));
    expect(
        &with_value(false),
        &with_value(true),
        &lines(&difference).iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn extensions_are_told_by_their_address_whatever_the_slice_is_called() {
    let extension = |slice: &str, address: &str| {
        patient(json!([{ "path": "Patient.extension", "sliceName": slice,
            "type": [{ "code": "Extension", "profile": address }] }]))
    };
    let renamed = between(&extension("a", "http://x/e"), &extension("b", "http://x/e"));
    assert_eq!(lines(&renamed), ["Patient.extension:b changed (decides nothing): the slice was called a"]);
    expect(
        &patient(json!([])),
        &extension("a", "http://x/e"),
        &[
            "Patient.extension:a changed (decides nothing): new slice",
            "Patient.extension:a changed (decides nothing): Extension must now be e (what tells the slice)",
        ],
    );
}
