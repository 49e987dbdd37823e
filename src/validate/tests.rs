mod codings;

use std::sync::Arc;

use super::*;
use crate::fhir::{Release, parse};
use crate::files::Folder;
use crate::package::{Package, PackageSet};
use crate::profile::SchemaSet;

fn validator() -> Validator {
    let folder = Folder::profiles().folder("careconnect/1.3.0/package").unwrap();
    let packages =
        vec![Package::from_folder("careconnect", &folder).unwrap(), Package::core(Release::Stu3).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    Validator::new(Arc::new(SchemaSet::new(Arc::new(PackageSet::new(Release::Stu3, packages)))))
}

#[test]
fn the_synthetic_records_are_valid() {
    let validator = validator();
    let folders = [
        Folder::fixtures().folder("careconnect").unwrap(),
        Folder::profiles().folder("careconnect/1.3.0/data").unwrap(),
    ];
    let mut count = 0;
    for folder in folders {
        for name in folder.files().unwrap().iter().filter(|name| !name.ends_with("yaml")) {
            let tree = parse(&folder.read(name).unwrap()).unwrap();
            let issues = validator.validate(&tree, &[]).issues;
            let bad: Vec<_> = issues
                .iter()
                .filter(|issue| matches!(issue.severity, Severity::Error | Severity::Undecided))
                .collect();
            assert!(bad.is_empty(), "{name}: {bad:#?}");
            count += 1;
        }
    }
    assert!(count > 50, "only {count} records");
}

/// Validates a Patient after a change of its JSON; returns `code path line` of errors.
fn errors(change: impl Fn(&mut serde_json::Value)) -> Vec<String> {
    let folder = Folder::profiles().folder("careconnect/1.3.0/data").unwrap();
    let mut patient: serde_json::Value =
        serde_json::from_str(&folder.read_text("patient-a.json").unwrap()).unwrap();
    change(&mut patient);
    let tree = parse(serde_json::to_string_pretty(&patient).unwrap().as_bytes()).unwrap();
    let issues = validator().validate(&tree, &[]).issues;
    let errors = issues.iter().filter(|issue| issue.severity == Severity::Error);
    errors.map(|issue| format!("{} {}", issue.code, issue.path)).collect()
}

#[test]
fn a_sibling_that_fits_no_value_is_one_error() {
    let found = errors(|patient| patient["_birthDate"] = serde_json::json!("x"));
    assert_eq!(found, ["json-shape Patient"]);
}

type Change = fn(&mut serde_json::Value);

#[test]
fn each_rule_finds_what_breaks_it() {
    let cases: [(&str, Change); 18] = [
        ("element-missing Patient", |patient| {
            patient["name"] = serde_json::json!([{ "use": "usual", "family": "Ashcombe" }]);
        }),
        ("element-missing Patient", |patient| {
            patient.as_object_mut().unwrap().remove("name");
        }),
        ("element-missing Patient.identifier[0]", |patient| {
            patient["identifier"][0].as_object_mut().unwrap().remove("extension");
        }),
        ("element-missing Patient.telecom[0]", |patient| {
            patient["telecom"][0].as_object_mut().unwrap().remove("value");
        }),
        ("element-too-many Patient.communication[0]", |patient| {
            patient["communication"] = serde_json::json!([{ "language": { "text": "Welsh" } }]);
        }),
        ("element-too-many Patient.identifier[1]", |patient| {
            let first = patient["identifier"][0].clone();
            patient["identifier"] = serde_json::json!([first, first]);
        }),
        ("code-not-in-value-set Patient.gender", |patient| patient["gender"] = "F".into()),
        ("code-not-in-value-set Patient.identifier[0].extension[0].valueCodeableConcept", |patient| {
            patient["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] =
                "99".into();
        }),
        ("primitive-format Patient.birthDate", |patient| patient["birthDate"] = "1974-02-30".into()),
        ("json-type Patient.active", |patient| patient["active"] = "true".into()),
        ("unknown-element Patient.birthdate", |patient| patient["birthdate"] = "1974".into()),
        ("unknown-element Patient.name[0].familyName", |patient| {
            patient["name"][0]["familyName"] = "x".into();
        }),
        ("json-array Patient.name", |patient| patient["name"] = patient["name"][0].clone()),
        ("json-array Patient.gender[0]", |patient| patient["gender"] = serde_json::json!(["male"])),
        ("wrong-content Patient.gender", |patient| {
            patient["gender"] = serde_json::json!({ "code": "male" });
        }),
        ("wrong-content Patient.maritalStatus", |patient| patient["maritalStatus"] = "M".into()),
        ("type-not-allowed Patient.deceasedString", |patient| patient["deceasedString"] = "no".into()),
        ("reference-target Patient.managingOrganization", |patient| {
            // The base profile: Care Connect names targets by profiles that are not loaded here.
            patient.as_object_mut().unwrap().remove("meta");
            patient["managingOrganization"] = serde_json::json!({ "reference": "Patient/1" });
        }),
    ];
    assert_eq!(errors(|_| ()), [""; 0]);
    for (expected, change) in cases {
        let found = errors(change);
        assert!(found.contains(&expected.to_owned()), "expected {expected}, found {found:?}");
    }
}

#[test]
fn one_finding_through_two_layers_is_one_issue() {
    let found = errors(|patient| patient["gender"] = "F".into());
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn a_slice_that_cannot_be_told_is_held_against_the_profile_not_the_record() {
    let folder = Folder::profiles().folder("careconnect/1.3.0/data").unwrap();
    let tree = parse(&folder.read("allergy-a.json").unwrap()).unwrap();
    let issues = validator().validate(&tree, &[]).issues;
    let defect = issues.iter().find(|issue| issue.code == "profile-defect").unwrap();
    assert_eq!(defect.severity, Severity::NotChecked);
    assert!(defect.message.contains("snomedCT"), "{}", defect.message);
}

#[test]
fn an_unknown_resource_type_is_an_error() {
    let tree = parse(b"{\"resourceType\":\"MedicationOrder\"}").unwrap();
    let issues = validator().validate(&tree, &[]).issues;
    assert_eq!(issues[0].code, "unknown-resource");
}

#[test]
fn a_concept_without_a_code_does_not_meet_a_required_binding() {
    let status = "Patient.identifier[0].extension[0].valueCodeableConcept";
    let found = errors(|patient| {
        let coding = &mut patient["identifier"][0]["extension"][0]["valueCodeableConcept"]["coding"][0];
        coding.as_object_mut().unwrap().remove("code");
    });
    assert_eq!(found, [format!("code-not-in-value-set {status}")]);
}

#[test]
fn what_an_unknown_extension_holds_is_not_checked_and_a_modifier_decides() {
    let severities = |name: &str, url: &str| -> Vec<(&'static str, Severity)> {
        let text = format!(
            r#"{{"resourceType":"Patient","{name}":[{{"url":"{url}","valueString":"x"}}],"active":true}}"#
        );
        let issues = validator().validate(&parse(text.as_bytes()).unwrap(), &[]).issues;
        issues.iter().map(|issue| (issue.code, issue.severity)).collect()
    };
    let known = "http://hl7.org/fhir/StructureDefinition/patient-congregation";
    assert_eq!(severities("extension", known), []);
    assert_eq!(severities("extension", "http://x/y"), [("extension-not-checked", Severity::NotChecked)]);
    assert_eq!(
        severities("modifierExtension", "http://x/y"),
        [("extension-not-checked", Severity::Undecided)]
    );
    assert_eq!(severities("extension", "congregation"), [("extension-url", Severity::Error)]);
}

#[test]
fn no_error_is_hidden_behind_lesser_findings() {
    let extensions = r#"{"url":"http://x/y","valueString":"x"},"#.repeat(1500);
    let text = format!(
        r#"{{"resourceType":"Patient","extension":[{}],"gender":"F"}}"#,
        extensions.trim_end_matches(',')
    );
    let validation = validator().validate(&parse(text.as_bytes()).unwrap(), &[]);
    assert_eq!(validation.worst(), Some(Severity::Error));
    assert!(validation.issues.iter().any(|issue| issue.code == "too-many-issues"));
    assert!(validation.issues.len() <= 1001);
}

#[test]
fn a_defect_of_an_entry_counts_for_the_entry() {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","active":true}},
        {"resource":{"resourceType":"Patient","active":true,"active":false}}]}"#;
    let tree = parse(text.as_bytes()).unwrap();
    let codes = |index: usize| -> Vec<&'static str> {
        let entry = tree.root().children_named("entry").nth(index).unwrap();
        let issues = validator().validate_resource(entry.child("resource").unwrap(), &[]).issues;
        issues.iter().map(|issue| issue.code).collect()
    };
    assert!(codes(0).is_empty() && codes(1).contains(&"duplicate-key"), "{:?} {:?}", codes(0), codes(1));
}

#[test]
fn invariants_of_elements_with_parts_know_their_types() {
    // inv-5 counts `response` and `responseCode` apart.
    let text = r#"{"resourceType":"TestScript","url":"http://x","name":"x","status":"draft",
        "setup":{"action":[{"assert":{"responseCode":"200"}}]}}"#;
    let issues = validator().validate(&parse(text.as_bytes()).unwrap(), &[]).issues;
    assert!(issues.iter().all(|issue| issue.code != "invariant"), "{issues:?}");
}

#[test]
fn a_rule_that_asks_for_what_its_type_has_not_is_the_profiles_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let profile = r#"{"resourceType":"StructureDefinition","url":"http://x/p","name":"p","status":"draft","type":"Patient",
        "kind":"resource","abstract":false,"derivation":"constraint",
        "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{"element":[
        {"id":"Patient","path":"Patient","constraint":[
            {"key":"b-1","severity":"error","expression":"name.nosuch.exists()"}]}]}}"#;
    std::fs::write(folder.path().join("p.json"), profile).unwrap();
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(Release::R4).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
    let tree = parse(br#"{"resourceType":"Patient","active":true}"#).unwrap();
    let validation = Validator::new(Arc::new(set)).validate(&tree, &["http://x/p".to_owned()]);
    let issue = validation.issues.iter().find(|issue| issue.message.contains("b-1")).unwrap();
    assert_eq!((issue.code, issue.severity), ("invariant-not-checked", Severity::Undecided));
    assert!(issue.message.contains("HumanName has no element `nosuch`"), "{}", issue.message);
    assert_eq!(validation.count(Severity::Error), 0, "{:?}", validation.issues);
}

#[test]
fn one_finding_through_two_profiles_names_both() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["p", "q"] {
        let profile = format!(
            r#"{{"resourceType":"StructureDefinition","url":"http://x/{name}","version":"1","name":"{name}",
            "status":"draft","type":"Patient","kind":"resource","abstract":false,"derivation":"constraint",
            "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{{"element":[
            {{"id":"Patient","path":"Patient","constraint":[
                {{"key":"b-1","severity":"error","human":"has a name","expression":"name.exists()"}}]}},
            {{"id":"Patient.identifier","path":"Patient.identifier",
                "slicing":{{"discriminator":[{{"type":"value","path":"system"}}],"rules":"open"}}}},
            {{"id":"Patient.identifier:one","path":"Patient.identifier","sliceName":"one","min":1,"max":"1"}},
            {{"id":"Patient.identifier:one.system","path":"Patient.identifier.system","min":1,
                "fixedUri":"http://x/one"}},
            {{"id":"Patient.birthDate","path":"Patient.birthDate","min":1}},
            {{"id":"Patient.maritalStatus.text","path":"Patient.maritalStatus.text","maxLength":3}}]}}}}"#
        );
        std::fs::write(folder.path().join(format!("{name}.json")), profile).unwrap();
    }
    let packages = vec![Package::from_path(folder.path()).unwrap(), Package::core(Release::R4).unwrap()];
    let packages = packages.into_iter().map(Arc::new).collect();
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
    let text = r#"{"resourceType":"Patient","text":{"status":"generated","div":
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},"maritalStatus":{"text":"long"}}"#;
    let tree = parse(text.as_bytes()).unwrap();
    let profiles = ["http://x/p".to_owned(), "http://x/q".to_owned()];
    let issues = Validator::new(Arc::new(set)).validate(&tree, &profiles).issues;
    let mut codes: Vec<&str> = issues.iter().map(|issue| issue.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["element-missing", "element-missing", "invariant", "value-too-long"], "{issues:#?}");
    for issue in issues {
        let named =
            |profile: &str| issue.definitions.iter().any(|definition| definition.starts_with(profile));
        assert!(named("http://x/p|1#") && named("http://x/q|1#"), "{issue:#?}");
    }
}

/// What is found in an R4 resource with these options; `severity code path`.
pub(super) fn found_in_r4(text: &str, options: Options) -> Vec<String> {
    let packages = vec![Arc::new(Package::core(Release::R4).unwrap())];
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
    let validator = Validator::new(Arc::new(set)).with_options(options);
    let issues = validator.validate(&parse(text.as_bytes()).unwrap(), &[]).issues;
    issues.iter().map(|issue| format!("{:?} {} {}", issue.severity, issue.code, issue.path)).collect()
}

#[test]
fn rules_of_best_practice_weigh_what_the_options_say() {
    let bare = r#"{"resourceType":"Patient","active":true}"#;
    let cases = [
        (BestPractice::Ignore, None),
        (BestPractice::Hint, Some("Information")),
        (BestPractice::Warning, Some("Warning")),
        (BestPractice::Error, Some("Error")),
    ];
    for (best_practice, severity) in cases {
        let found = found_in_r4(bare, Options { best_practice, ..Options::default() });
        let wanted: Vec<String> = severity.iter().map(|word| format!("{word} invariant Patient")).collect();
        assert_eq!(found, wanted);
    }
}

#[test]
fn extensions_without_a_definition_are_errors_outside_the_allowed_domains() {
    let text = r#"{"resourceType":"Patient",
        "extension":[{"url":"https://a.example/one","valueCode":"x"}],
        "modifierExtension":[{"url":"https://a.example/two","valueCode":"x"}]}"#;
    let open = [
        "NotChecked extension-not-checked Patient.extension[0]",
        "Undecided extension-not-checked Patient.modifierExtension[0]",
    ];
    assert_eq!(found_in_r4(text, Options::default()), open);
    let allowing =
        |domain: &str| Options { allowed_extension_domains: vec![domain.to_owned()], ..Options::default() };
    assert_eq!(found_in_r4(text, allowing("https://a.example")), open);
    let closed = [
        "Error extension-not-allowed Patient.extension[0]",
        "Error extension-not-allowed Patient.modifierExtension[0]",
    ];
    assert_eq!(found_in_r4(text, allowing("https://b.example")), closed);
}

#[test]
fn markup_in_text_is_an_error_with_security_checks() {
    let text = r#"{"resourceType":"Patient","name":[{"text":"Ada <script>x</script>"}]}"#;
    assert_eq!(found_in_r4(text, Options::default()), ["Information markup-in-text Patient.name[0].text"]);
    let secure = Options { security_checks: true, ..Options::default() };
    assert_eq!(found_in_r4(text, secure), ["Error markup-in-text Patient.name[0].text"]);
}

#[test]
fn a_rule_that_compares_a_date_with_a_time_of_that_day_is_not_met() {
    let encounter = |start: &str, end: &str| {
        found_in_r4(
            &format!(
                r#"{{"resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},
                "period":{{"start":"{start}","end":"{end}"}}}}"#
            ),
            Options::default(),
        )
    };
    let errors = |start, end| encounter(start, end).iter().filter(|issue| issue.starts_with("Error")).count();
    assert_eq!(errors("2023-06-20", "2023-06-21T06:20:00Z"), 0);
    assert_eq!(errors("2023-06-21", "2023-06-21T06:20:00Z"), 1);
    assert_eq!(errors("2023-06-22", "2023-06-21T06:20:00Z"), 1);
}

#[test]
fn rules_that_definitions_state_in_words_are_judged_in_the_walk() {
    let found = found_in_r4(
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"Patient/1",
            "resource":{"resourceType":"Patient","id":"1","active":true,"_birthDate":{"id":"a"},
            "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/organization-period","valuePeriod":{"start":"2020"}},
                {"url":"http://hl7.org/fhir/StructureDefinition/patient-animal","extension":[
                    {"url":"species","valueCodeableConcept":{"text":"dog"}},{"url":"species-x","valueString":"dog"}]}],
            "photo":[{"contentType":"image/png","data":"QUJD","size":4}]}}]}"#,
        Options::default(),
    );
    let errors: Vec<&str> = found.iter().filter_map(|issue| issue.strip_prefix("Error ")).collect();
    assert_eq!(
        errors,
        [
            "full-url-relative Bundle.entry[0].fullUrl",
            "empty-element Bundle.entry[0].resource.birthDate",
            "extension-context Bundle.entry[0].resource.extension[0]",
            "extension-part Bundle.entry[0].resource.extension[1].extension[1]",
            "attachment-data Bundle.entry[0].resource.photo[0].size",
        ]
    );
}

#[test]
fn xml_elements_stand_in_the_order_of_the_definition() {
    let found = |children: &str| {
        let text = format!("<Patient xmlns=\"http://hl7.org/fhir\">{children}</Patient>");
        found_in_r4(&text, Options::default())
    };
    let extension = "<extension url=\"https://a.example/one\"><valueCode value=\"x\"/></extension>";
    assert_eq!(
        found(&format!("<id value=\"a\"/>{extension}<active value=\"true\"/>")).len(),
        1,
        "the extension"
    );
    assert_eq!(
        found(
            "<gender value=\"other\"/><active value=\"true\"/><birthDate value=\"1974\"/><active value=\"true\"/>"
        )[0],
        "Error element-order Patient.active[0]",
        "the first only"
    );
    let parts = "<name id=\"a\"><given value=\"Ada\"/><family value=\"Ashcombe\"/></name>";
    assert_eq!(found(parts), ["Error element-order Patient.name.family"]);
    let apart = "<name><family value=\"Ashcombe\"/></name><gender value=\"other\"/><name><text value=\"Ada\"/></name>";
    assert_eq!(found(apart), ["Error element-order Patient.name[1]"]);
    let choice = "<deceasedBoolean value=\"true\"/><multipleBirthInteger value=\"2\"/>";
    assert_eq!(found(choice), Vec::<String>::new());
}

#[test]
fn rules_of_every_resource_hold_within_others() {
    let found = found_in_r4(
        r##"{"resourceType":"Bundle","type":"collection","entry":[{"fullUrl":"urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d",
            "resource":{"resourceType":"Patient","implicitRules":"https://a.example/rules",
            "text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"#x\">x</a></div>"},
            "extension":[{"url":"http://hl7.org/fhir/3.0/StructureDefinition/extension-Patient.animal","valueCode":"x"}],
            "name":[{"id":"a","text":"Ada","_text":{"id":"a"}}]}}]}"##,
        Options::default(),
    );
    let rest: Vec<&str> = found
        .iter()
        .filter_map(|issue| issue.split_once(".resource.").is_some().then_some(issue.as_str()))
        .collect();
    assert_eq!(
        rest,
        [
            "Undecided implicit-rules Bundle.entry[0].resource.implicitRules",
            "Warning narrative-link Bundle.entry[0].resource.text.div",
            "Error extension-modifier Bundle.entry[0].resource.extension[0]",
            "NotChecked extension-not-checked Bundle.entry[0].resource.extension[0]",
            "Error duplicate-id Bundle.entry[0].resource.name[0].text.id",
        ]
    );
}

#[test]
fn two_values_of_one_choice_are_named() {
    let text = r#"{"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2020"}"#;
    let packages = vec![Arc::new(Package::core(Release::R4).unwrap())];
    let set = SchemaSet::new(Arc::new(PackageSet::new(Release::R4, packages)));
    let issues = Validator::new(Arc::new(set)).validate(&parse(text.as_bytes()).unwrap(), &[]).issues;
    let messages: Vec<&str> = issues.iter().map(|issue| issue.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "`deceased[x]`, here as `deceasedBoolean` and `deceasedDateTime`, is there 2 times, but may be there 1 at most"
        ]
    );
}
