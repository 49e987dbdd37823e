//! Real resources and packages, where they are at hand.

use crate::workspace::{Workspace, shared};

#[test]
fn the_official_package_loads_and_judges_every_example() {
    let (Some(examples), Some(package)) =
        (shared("data/careconnect-examples"), shared("data/careconnect-stu3.tgz"))
    else {
        return;
    };
    let workspace = Workspace::new();
    let examples = examples.to_str().unwrap();
    let ended =
        workspace.run(&["validate", "--format", "json", "--package", package.to_str().unwrap(), examples]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let outcomes: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let outcomes = outcomes.as_array().unwrap();
    let error_codes = |name: &str| -> Vec<String> {
        let one = outcomes.iter().find(|one| one["file"].as_str().unwrap().ends_with(name)).unwrap();
        let issues =
            one["outcome"]["issue"].as_array().unwrap().iter().filter(|issue| issue["severity"] == "error");
        issues.map(|issue| issue["details"]["coding"][0]["code"].as_str().unwrap().to_owned()).collect()
    };
    // Known defects of these files (pitfalls PIT-082 and PIT-083), and a DSTU2 resource.
    assert!(error_codes("reference-implementation/DocumentReference.xml").contains(&"xml-shape".to_owned()));
    assert!(error_codes("reference-implementation/Practitioner.xml").contains(&"unknown-element".to_owned()));
    assert!(error_codes("dstu2-negative/MedicationOrder.xml").contains(&"unknown-resource".to_owned()));
}
