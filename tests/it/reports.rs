//! Every format of a report, from a saved run.

use proofmark::report::Format;
use serde_json::Value;

use crate::workspace::Workspace;

fn ran() -> Workspace {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    workspace
}

#[test]
fn each_format_says_what_failed_and_the_same_run_gives_the_same_bytes() {
    let workspace = ran();
    for format in Format::ALL {
        let format = &format.to_string();
        let once = workspace.run(&["report", "proofmark-out", "--format", format]);
        assert_eq!(once.code, 0, "{format}: {}", once.stderr);
        // An archive of exchanges says nothing of requirements.
        assert!(format == "har" || once.stdout.contains("CC-GEN-002"), "{format} names what failed");
        let again = workspace.run(&["report", "proofmark-out", "--format", format]);
        assert!(once.stdout == again.stdout, "{format}");
    }
}

#[test]
fn tables_come_as_a_folder_with_what_describes_them() {
    let workspace = ran();
    let ended = workspace.run(&["report", "proofmark-out", "--format", "csv=tables"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let package = workspace.json("tables/datapackage.json");
    for resource in package["resources"].as_array().unwrap() {
        let text = workspace.read(&format!("tables/{}", resource["path"].as_str().unwrap()));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
        assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), names);
        assert!(reader.records().map(Result::unwrap).count() > 90);
    }
}

#[test]
fn the_test_report_is_valid_fhir() {
    let workspace = ran();
    let ended = workspace.run(&["report", "proofmark-out", "--format", "testreport=test-report.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let report = workspace.json("test-report.json");
    assert_eq!((&report["result"], &report["status"]), (&Value::from("fail"), &Value::from("completed")));
    let ended = workspace.run(&["validate", "--fhir-version", "4.0", "test-report.json"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
}
