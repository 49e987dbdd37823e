//! All that a differential can say, each by a profile of a few lines and what it makes of small resources.

#![expect(clippy::needless_pass_by_value, reason = "a differential is written where it is used")]

use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};

use super::*;
use crate::fhir::{Release, parse};
use crate::package::{Package, PackageSet};

static CORE: LazyLock<Arc<Package>> = LazyLock::new(|| Arc::new(Package::core(Release::R4).unwrap()));

fn definition(id: &str, type_name: &str, differential: Value) -> Value {
    let kind = if type_name.starts_with("Human") { "complex-type" } else { "resource" };
    json!({
        "resourceType": "StructureDefinition", "url": format!("http://x/{id}"), "name": id, "status": "draft",
        "kind": kind, "abstract": false, "type": type_name, "derivation": "constraint",
        "baseDefinition": format!("http://hl7.org/fhir/StructureDefinition/{type_name}"),
        "differential": { "element": differential },
    })
}

fn validator(definitions: &[Value]) -> Validator {
    let folder = tempfile::tempdir().unwrap();
    for (number, resource) in definitions.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{number}.json")), resource.to_string()).unwrap();
    }
    let own = Package::from_path(folder.path()).unwrap();
    assert_eq!(own.problems, []);
    let packages = vec![Arc::new(own), Arc::clone(&CORE)];
    Validator::new(Arc::new(SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)))))
}

/// What is found against the first definition: `code path` of errors, and of what decides and was not checked.
fn findings(definitions: &[Value], resource: &Value) -> Vec<String> {
    let tree = parse(resource.to_string().as_bytes()).unwrap();
    let found = validator(definitions).validate(&tree, &[definitions[0]["url"].as_str().unwrap().to_owned()]);
    let weighty = found.issues.iter().filter(|issue| issue.severity >= Severity::Undecided);
    weighty
        .map(|issue| {
            let mark = if issue.severity == Severity::Error { "" } else { "? " };
            format!("{mark}{} {}", issue.code, issue.path)
        })
        .collect()
}

#[track_caller]
fn expect(definitions: &[Value], resource: Value, expected: &[&str]) {
    assert_eq!(findings(definitions, &resource), expected);
}

fn patient(differential: Value) -> [Value; 1] {
    [definition("p", "Patient", differential)]
}

fn a_patient(parts: Value) -> Value {
    let mut resource = json!({ "resourceType": "Patient" });
    resource.as_object_mut().unwrap().extend(parts.as_object().unwrap().clone());
    resource
}

fn sliced(path: &str, kind: &str, told_by: &str, rules: &str) -> Value {
    json!({
        "path": path,
        "slicing": { "discriminator": [{ "type": kind, "path": told_by }], "rules": rules },
    })
}

#[test]
fn a_choice_may_be_named_by_its_type_in_each_slice() {
    let profile = [definition(
        "p",
        "Communication",
        json!([
            sliced("Communication.payload", "type", "content", "closed"),
            { "path": "Communication.payload", "sliceName": "text" },
            { "path": "Communication.payload.contentString", "min": 1 },
            { "path": "Communication.payload", "sliceName": "file", "max": "1" },
            { "path": "Communication.payload.contentAttachment" },
        ]),
    )];
    let resource = |payload: Value| json!({ "resourceType": "Communication", "status": "completed", "payload": payload });
    let file = json!({ "contentAttachment": { "url": "http://x" } });
    expect(&profile, resource(json!([{ "contentString": "a" }, file])), &[]);
    expect(&profile, resource(json!([file, file])), &["element-too-many Communication.payload[1]"]);
    expect(
        &profile,
        resource(json!([{ "contentReference": { "reference": "Patient/1" } }])),
        &["slice-closed Communication.payload[0]"],
    );
}

#[test]
fn that_a_part_is_absent_tells_a_slice() {
    let profile = patient(json!([
        { "path": "Patient.telecom", "slicing": {
            "discriminator": [{ "type": "value", "path": "system" }, { "type": "value", "path": "use" }],
            "rules": "closed" } },
        { "path": "Patient.telecom", "sliceName": "home" },
        { "path": "Patient.telecom.system", "fixedCode": "phone" },
        { "path": "Patient.telecom.use", "fixedCode": "home" },
        { "path": "Patient.telecom", "sliceName": "email" },
        { "path": "Patient.telecom.system", "fixedCode": "email" },
        { "path": "Patient.telecom.use", "max": "0" },
    ]));
    let telecom = |one: Value| a_patient(json!({ "telecom": [one] }));
    expect(&profile, telecom(json!({ "system": "phone", "use": "home" })), &[]);
    expect(&profile, telecom(json!({ "system": "email" })), &[]);
    expect(
        &profile,
        telecom(json!({ "system": "email", "use": "home" })),
        &["slice-closed Patient.telecom[0]"],
    );
}

#[test]
fn a_value_given_for_the_whole_tells_by_its_part() {
    let profile = patient(json!([
        sliced("Patient.telecom", "value", "use", "open"),
        { "path": "Patient.telecom", "sliceName": "home", "patternContactPoint": { "use": "home", "rank": 1 } },
    ]));
    let telecom = |one: Value| a_patient(json!({ "telecom": [one] }));
    expect(&profile, telecom(json!({ "use": "work" })), &[]);
    expect(&profile, telecom(json!({ "use": "home", "rank": 1 })), &[]);
    expect(&profile, telecom(json!({ "use": "home" })), &["pattern-value Patient.telecom[0]"]);
}

#[test]
fn a_discriminator_that_a_slice_says_nothing_of_leaves_the_others() {
    let profile = patient(json!([
        { "path": "Patient.telecom", "slicing": {
            "discriminator": [{ "type": "value", "path": "system" }, { "type": "value", "path": "use" }],
            "rules": "open" } },
        { "path": "Patient.telecom", "sliceName": "home" },
        { "path": "Patient.telecom.system", "fixedCode": "phone" },
        { "path": "Patient.telecom.use", "fixedCode": "home" },
        { "path": "Patient.telecom", "sliceName": "fax", "max": "0" },
        { "path": "Patient.telecom.system", "fixedCode": "fax" },
    ]));
    let telecom = |one: Value| a_patient(json!({ "telecom": [one] }));
    expect(&profile, telecom(json!({ "system": "phone", "use": "work" })), &[]);
    expect(
        &profile,
        telecom(json!({ "system": "fax", "use": "work" })),
        &["element-too-many Patient.telecom[0]"],
    );
}

#[test]
fn a_slice_that_nothing_tells_is_the_fault_of_the_profile() {
    let profile = |min: u32| {
        patient(json!([
            sliced("Patient.telecom", "value", "value", "closed"),
            { "path": "Patient.telecom", "sliceName": "some", "min": min },
            { "path": "Patient.telecom.value", "min": 1 },
        ]))
    };
    let telecom = a_patient(json!({ "telecom": [{ "system": "phone", "value": "1" }] }));
    // Whether it is one of the kinds listed, nobody can say.
    expect(&profile(0), telecom.clone(), &["? slice-closed Patient.telecom[0]"]);
    expect(&profile(0), a_patient(json!({})), &[]);
    // Nor whether one that must be there is.
    expect(&profile(1), telecom, &["? profile-defect Patient", "? slice-closed Patient.telecom[0]"]);
}

#[test]
fn extensions_and_references_tell_slices() {
    let by_extension = patient(json!([
        sliced("Patient.name", "value", "extension('http://x/kind').value", "open"),
        { "path": "Patient.name", "sliceName": "stage", "max": "0" },
        { "path": "Patient.name.extension", "sliceName": "kind" },
        { "path": "Patient.name.extension.url", "fixedUri": "http://x/kind" },
        { "path": "Patient.name.extension.value[x]", "type": [{ "code": "code" }], "fixedCode": "stage" },
    ]));
    let name = |kind: &str| {
        let extension = json!([{ "url": "http://x/kind", "valueCode": kind }]);
        a_patient(json!({ "name": [{ "extension": extension, "family": "A" }] }))
    };
    expect(&by_extension, name("legal"), &[]);
    expect(&by_extension, name("stage"), &["element-too-many Patient.name[0]"]);

    let target = |name: &str| format!("http://hl7.org/fhir/StructureDefinition/{name}");
    let by_target = patient(json!([
        sliced("Patient.generalPractitioner", "type", "resolve()", "closed"),
        { "path": "Patient.generalPractitioner", "sliceName": "organization", "max": "1",
            "type": [{ "code": "Reference", "targetProfile": [target("Organization")] }] },
        { "path": "Patient.generalPractitioner", "sliceName": "person",
            "type": [{ "code": "Reference", "targetProfile": [target("Practitioner"), target("PractitionerRole")] }] },
    ]));
    let references = |references: &[&str]| {
        let list: Vec<Value> = references.iter().map(|text| json!({ "reference": text })).collect();
        a_patient(json!({ "generalPractitioner": list }))
    };
    expect(&by_target, references(&["Organization/1", "PractitionerRole/2", "Practitioner/3"]), &[]);
    expect(
        &by_target,
        references(&["Organization/1", "Organization/2"]),
        &["element-too-many Patient.generalPractitioner[1]"],
    );
    expect(&by_target, references(&["urn:uuid:1"]), &["? slice-closed Patient.generalPractitioner[0]"]);
}

#[test]
fn profiles_tell_slices() {
    let definitions = [
        definition(
            "bundle",
            "Bundle",
            json!([
                sliced("Bundle.entry", "profile", "resource", "closed"),
                { "path": "Bundle.entry", "sliceName": "named", "min": 1, "max": "1" },
                { "path": "Bundle.entry.resource", "type": [{ "code": "Patient", "profile": ["http://x/named"] }] },
            ]),
        ),
        definition("named", "Patient", json!([{ "path": "Patient.name", "min": 1 }])),
    ];
    let bundle = |resource: Value| {
        let entry =
            json!({ "fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": resource });
        json!({ "resourceType": "Bundle", "type": "collection", "entry": [entry] })
    };
    expect(&definitions, bundle(a_patient(json!({ "name": [{ "family": "A" }] }))), &[]);
    expect(
        &definitions,
        bundle(a_patient(json!({ "active": true }))),
        &["element-missing Bundle", "slice-closed Bundle.entry[0]"],
    );
}

#[test]
fn the_default_slice_takes_what_is_of_no_other() {
    let profile = patient(json!([
        sliced("Patient.telecom", "value", "system", "closed"),
        { "path": "Patient.telecom", "sliceName": "phone" },
        { "path": "Patient.telecom.system", "fixedCode": "phone" },
        { "path": "Patient.telecom", "sliceName": "@default" },
        { "path": "Patient.telecom.rank", "max": "0" },
    ]));
    let telecom = |system: &str| a_patient(json!({ "telecom": [{ "system": system, "rank": 1 }] }));
    expect(&profile, telecom("phone"), &[]);
    expect(&profile, telecom("email"), &["element-too-many Patient.telecom[0].rank"]);
}

#[test]
fn a_slice_may_be_sliced_again() {
    let profile = patient(json!([
        sliced("Patient.telecom", "value", "system", "open"),
        { "path": "Patient.telecom", "sliceName": "phone" },
        { "path": "Patient.telecom.system", "fixedCode": "phone" },
        { "path": "Patient.telecom", "sliceName": "phone", "slicing": {
            "discriminator": [{ "type": "value", "path": "use" }], "rules": "closed" } },
        { "path": "Patient.telecom", "sliceName": "phone/home", "min": 1 },
        { "path": "Patient.telecom.use", "fixedCode": "home" },
    ]));
    let telecom = |list: Value| a_patient(json!({ "telecom": list }));
    let home = json!({ "system": "phone", "use": "home" });
    expect(&profile, telecom(json!([{ "system": "email" }])), &[]);
    expect(&profile, telecom(json!([home, { "system": "email" }])), &[]);
    expect(
        &profile,
        telecom(json!([home, { "system": "phone", "use": "work" }])),
        &["slice-closed Patient.telecom[1]"],
    );
    expect(
        &profile,
        telecom(json!([{ "system": "phone", "use": "work" }])),
        &["element-missing Patient", "slice-closed Patient.telecom[0]"],
    );
}

#[test]
fn of_several_profiles_on_a_type_one_holds() {
    let name = json!([{ "path": "Patient.name", "type": [
        { "code": "HumanName", "profile": ["http://x/given", "http://x/text"] }] }]);
    let definitions = [
        definition("p", "Patient", name),
        definition("given", "HumanName", json!([{ "path": "HumanName.given", "min": 1 }])),
        definition("text", "HumanName", json!([{ "path": "HumanName.text", "min": 1 }])),
    ];
    let named = |name: Value| a_patient(json!({ "name": [name] }));
    expect(&definitions, named(json!({ "text": "A" })), &[]);
    expect(&definitions, named(json!({ "given": ["A"] })), &[]);
    expect(
        &definitions,
        named(json!({ "family": "A" })),
        &["no-profile-holds Patient.name[0]", "element-missing Patient.name[0]"],
    );
}

#[test]
fn part_of_a_profile_may_be_meant() {
    let element = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/elementdefinition-profile-element",
        "valueString": "Patient.contact:kin" }]);
    let contact = json!([{ "path": "Patient.contact", "type": [{ "code": "BackboneElement",
        "profile": ["http://x/library"], "_profile": [{ "extension": element }] }] }]);
    let library = json!([
        sliced("Patient.contact", "value", "gender", "open"),
        { "path": "Patient.contact", "sliceName": "kin" },
        { "path": "Patient.contact.gender", "fixedCode": "female" },
        { "path": "Patient.contact.name", "min": 1 },
    ]);
    let definitions = [definition("p", "Patient", contact), definition("library", "Patient", library)];
    let contact = |contact: Value| a_patient(json!({ "contact": [contact] }));
    expect(&definitions, contact(json!({ "name": { "text": "A" }, "gender": "female" })), &[]);
    expect(
        &definitions,
        contact(json!({ "telecom": [{ "system": "phone" }], "gender": "male" })),
        &["element-missing Patient.contact[0]", "fixed-value Patient.contact[0].gender"],
    );
}

#[test]
fn values_lie_between_their_limits() {
    let observation = |limits: Value| {
        let mut element = json!({ "path": "Observation.value[x]" });
        element.as_object_mut().unwrap().extend(limits.as_object().unwrap().clone());
        [definition("p", "Observation", json!([element]))]
    };
    let value = |name: &str, value: Value| {
        let code = json!({ "text": "A" });
        let mut made = json!({ "resourceType": "Observation", "status": "final", "code": code });
        made[name] = value;
        made
    };
    let ucum = |value: i32, code: &str| json!({ "value": value, "system": "http://unitsofmeasure.org", "code": code });
    let kilograms =
        observation(json!({ "maxValueQuantity": ucum(10, "kg"), "minValueQuantity": ucum(1, "kg") }));
    expect(&kilograms, value("valueQuantity", ucum(9999, "g")), &[]);
    expect(
        &kilograms,
        value("valueQuantity", ucum(10_001, "g")),
        &["value-out-of-range Observation.valueQuantity"],
    );
    expect(
        &kilograms,
        value("valueQuantity", ucum(999, "g")),
        &["value-out-of-range Observation.valueQuantity"],
    );
    expect(
        &kilograms,
        value("valueQuantity", ucum(5, "m")),
        &["? value-range-not-checked Observation.valueQuantity"],
    );
    let whole = observation(json!({ "type": [{ "code": "integer" }], "minValueInteger": -5 }));
    expect(&whole, value("valueInteger", json!(-5)), &[]);
    expect(&whole, value("valueInteger", json!(-6)), &["value-out-of-range Observation.valueInteger"]);
    let moment = observation(json!({ "type": [{ "code": "dateTime" }], "minValueDateTime": "2020-01-01" }));
    expect(&moment, value("valueDateTime", json!("2020-01-01T08:00:00Z")), &[]);
    expect(&moment, value("valueDateTime", json!("2020")), &[]);
    expect(
        &moment,
        value("valueDateTime", json!("2019-12-31")),
        &["value-out-of-range Observation.valueDateTime"],
    );

    let years = json!({ "value": 10, "system": "http://unitsofmeasure.org", "code": "a" });
    let birth = patient(json!([{ "path": "Patient.birthDate", "maxValueDuration": years }]));
    expect(&birth, a_patient(json!({ "birthDate": "2020-01-01" })), &[]);
    expect(
        &birth,
        a_patient(json!({ "birthDate": "2999-01-01" })),
        &["value-out-of-range Patient.birthDate"],
    );
}

#[test]
fn constraints_that_are_written_as_extensions_count() {
    let extended = |path: &str, url: &str, value: Value| {
        let mut extension = json!({ "url": url });
        extension.as_object_mut().unwrap().extend(value.as_object().unwrap().clone());
        patient(json!([{ "path": path, "extension": [extension] }]))
    };
    let length = "http://hl7.org/fhir/StructureDefinition/minLength";
    let long = extended("Patient.id", length, json!({ "valueInteger": 3 }));
    expect(&long, a_patient(json!({ "id": "abc" })), &[]);
    expect(&long, a_patient(json!({ "id": "ab" })), &["value-too-short Patient.id"]);
    let regex = "http://hl7.org/fhir/StructureDefinition/regex";
    let form = extended("Patient.id", regex, json!({ "valueString": "[0-9]+|x" }));
    expect(&form, a_patient(json!({ "id": "12" })), &[]);
    expect(&form, a_patient(json!({ "id": "1x" })), &["value-form Patient.id"]);
    let must = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition.mustHaveValue";
    let present = extended("Patient.active", must, json!({ "valueBoolean": true }));
    let absent = json!([{ "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown" }]);
    expect(&present, a_patient(json!({ "active": false })), &[]);
    expect(
        &present,
        a_patient(json!({ "_active": { "extension": absent } })),
        &["value-missing Patient.active"],
    );
}

#[test]
fn what_a_reference_leads_to_follows_a_profile() {
    const UUID: &str = "urn:uuid:00000000-0000-4000-8000-00000000000";
    let other = json!([
        { "path": "Patient.gender", "fixedCode": "other" },
        { "path": "Patient.link.other",
            "type": [{ "code": "Reference", "targetProfile": ["http://x/p"] }] },
    ]);
    let definitions = [definition("bundle", "Bundle", json!([])), definition("p", "Patient", other)];
    let entry = |id: &str, gender: &str, profiles: &[&str]| {
        let link = json!([{ "other": { "reference": format!("{UUID}{}", 3 - id.parse::<u8>().unwrap()) },
            "type": "seealso" }]);
        let resource = a_patient(json!({ "meta": { "profile": profiles }, "gender": gender, "link": link }));
        json!({ "fullUrl": format!("{UUID}{id}"), "resource": resource })
    };
    let bundle = |first: Value, second: Value| json!({ "resourceType": "Bundle", "type": "collection", "entry": [first, second] });
    // In a circle, each is right if the other is.
    expect(
        &definitions,
        bundle(entry("1", "other", &["http://x/p"]), entry("2", "other", &["http://x/p"])),
        &[],
    );
    expect(
        &definitions,
        bundle(entry("1", "other", &["http://x/p"]), entry("2", "male", &["http://x/other"])),
        &["reference-target-profile Bundle.entry[0].resource.link[0].other"],
    );
}

#[test]
fn what_all_types_of_a_choice_have_can_be_constrained() {
    let profile = patient(json!([
        { "path": "Patient.deceased[x].id", "max": "0" },
        { "path": "Patient.deceased[x].extension", "max": "0" },
    ]));
    expect(&profile, a_patient(json!({ "deceasedBoolean": true })), &[]);
    expect(
        &profile,
        a_patient(json!({ "deceasedBoolean": true, "_deceasedBoolean": { "id": "a" } })),
        &["element-too-many Patient.deceasedBoolean.id"],
    );
}

#[test]
fn a_profile_with_a_snapshot_alone_goes_by_it() {
    let mut profile = definition("p", "Patient", json!([]));
    profile.as_object_mut().unwrap().remove("differential");
    profile["snapshot"] = json!({ "element": [
        { "path": "Patient", "min": 0, "max": "*" },
        { "path": "Patient.active", "min": 1, "max": "1", "type": [{ "code": "boolean" }] }] });
    expect(&[profile.clone()], a_patient(json!({ "gender": "female" })), &["element-missing Patient"]);
    expect(&[profile], a_patient(json!({ "active": true, "gender": "female" })), &[]);
}

#[test]
fn a_profile_that_is_broken_is_not_held_against_the_resource() {
    let profile = patient(json!([{ "path": "Patient.nothing", "min": 1 }]));
    expect(&profile, a_patient(json!({ "gender": "female" })), &["? profile-defect Patient"]);
    let profile = patient(json!([{ "path": "Patient.name", "max": "many" }]));
    expect(
        &profile,
        a_patient(json!({ "gender": "wrong" })),
        &["? profile-defect Patient", "code-not-in-value-set Patient.gender"],
    );
}

#[test]
fn references_are_made_as_the_profile_says() {
    let profile = patient(json!([
        { "id": "Patient.managingOrganization", "path": "Patient.managingOrganization",
            "type": [{ "code": "Reference", "aggregation": ["contained"],
                "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Organization"] }] },
        { "id": "Patient.generalPractitioner", "path": "Patient.generalPractitioner",
            "type": [{ "code": "Reference", "versioning": "specific",
                "targetProfile": ["http://hl7.org/fhir/StructureDefinition/Practitioner"] }] },
    ]));
    let resource = a_patient(json!({
        "generalPractitioner": [{ "reference": "Practitioner/1/_history/2" }, { "reference": "Practitioner/1" }],
        "managingOrganization": { "reference": "Organization/1" },
    }));
    let expected = [
        "reference-aggregation Patient.generalPractitioner[1]",
        "reference-aggregation Patient.managingOrganization",
    ];
    assert_eq!(findings(&profile, &resource), expected);
}

#[test]
fn an_extension_slice_is_told_by_its_profile_even_where_that_is_not_loaded() {
    let of = |name: &str, min: u32| {
        json!({ "path": "Patient.extension", "sliceName": name, "min": min,
            "type": [{ "code": "Extension", "profile": [format!("http://elsewhere/{name}|1.0")] }] })
    };
    let profile =
        patient(json!([sliced("Patient.extension", "value", "url", "closed"), of("one", 1), of("two", 0)]));
    let with = |url: &str| a_patient(json!({ "extension": [{ "url": url, "valueString": "x" }] }));
    expect(&profile, with("http://elsewhere/one"), &["? profile-not-loaded Patient.extension[0]"]);
    expect(
        &profile,
        with("http://elsewhere/three"),
        &["element-missing Patient", "slice-closed Patient.extension[0]"],
    );
}

#[test]
fn a_value_of_a_closed_list_may_be_of_a_kind_that_cannot_be_told() {
    let profile = patient(json!([
        sliced("Patient.telecom", "value", "use", "closed"),
        { "path": "Patient.telecom", "sliceName": "told" },
        { "path": "Patient.telecom.use", "fixedCode": "home" },
        { "path": "Patient.telecom", "sliceName": "untold" },
    ]));
    let with =
        |code: &str| a_patient(json!({ "telecom": [{ "system": "phone", "value": "1", "use": code }] }));
    expect(&profile, with("home"), &[]);
    expect(&profile, with("work"), &["? slice-closed Patient.telecom[0]"]);
}
