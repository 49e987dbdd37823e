//! A saved run judged again.

use serde_json::Value;

use crate::endpoint::{Endpoint, response};
use crate::tiny::{requirement, scenario, standard};
use crate::workspace::Workspace;

fn without_moment(workspace: &Workspace, file: &str) -> Value {
    let mut record = workspace.json(file);
    let fields = record.as_object_mut().unwrap();
    assert!(fields.remove("judged").is_some() && fields.remove("tool").is_some());
    record
}

#[test]
fn judged_again_a_run_says_the_same_to_the_byte() {
    let workspace = Workspace::new();
    let ran = workspace.run(&["demo", "--fault", "gender-outside-value-set"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let judged = workspace.run(&["judge", "proofmark-out"]);
    assert_eq!(judged.code, 1, "{}", judged.stderr);
    assert_eq!(
        without_moment(&workspace, "proofmark-out/run.json"),
        without_moment(&workspace, "proofmark-judged/run.json")
    );
    let record = workspace.json("proofmark-out/run.json");
    let exchanges = record["exchanges"].as_array().unwrap();
    assert!(exchanges.len() > 50);
    for exchange in exchanges {
        let file = exchange["file"].as_str().unwrap();
        assert_eq!(
            workspace.read(&format!("proofmark-out/{file}")),
            workspace.read(&format!("proofmark-judged/{file}"))
        );
    }
    let junit = |folder: &str| workspace.read(&format!("{folder}/junit.xml"));
    assert_eq!(junit("proofmark-out"), junit("proofmark-judged"));
}

#[test]
fn another_version_says_what_changes_and_what_the_recording_cannot_tell() {
    let workspace = Workspace::new();
    let requirements = |ids: &[&str]| ids.iter().map(|id| requirement(id)).collect::<String>();
    let first = [scenario("a", "T-1", "Patient/1", 200), scenario("b", "T-2", "Patient/2", 404)].concat();
    standard(&workspace, "1.0.0", &requirements(&["T-1", "T-2"]), &first);
    let second = [
        scenario("a", "T-1", "Patient/1", 404),
        scenario("b-by-another-name", "T-3", "Patient/2", 404),
        scenario("c", "T-4", "Patient/3", 200),
    ];
    standard(&workspace, "2.0.0", &requirements(&["T-1", "T-3", "T-4"]), &second.concat());
    let endpoint = Endpoint::start(|line, stream| {
        let status = if line.contains("Patient/2") { "404 Not Found" } else { "200 OK" };
        let _ = std::io::Write::write_all(stream, response(status, "", "{}").as_bytes());
    });
    let at = ["--profiles", "more"];
    let mut arguments = vec!["run", "--standard", "tiny@1.0.0", "--endpoint", &endpoint.url];
    arguments.extend(at);
    let ran = workspace.run(&arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    drop(endpoint);

    let judged = workspace.run(&["judge", "proofmark-out", "--standard", "tiny@2.0.0", "--profiles", "more"]);
    assert_eq!(judged.code, 1, "{}{}", judged.stdout, judged.stderr);
    let impact = workspace.json("proofmark-judged/impact.json");
    let ids = |key: &str| -> Vec<&str> {
        impact[key].as_array().unwrap().iter().map(|change| change["id"].as_str().unwrap()).collect()
    };
    assert_eq!(ids("newlyFails"), ["T-1"]);
    assert_eq!(ids("newlyPasses"), ["T-3"]);
    assert_eq!(ids("cannotTell"), ["T-4"]);
    assert_eq!(ids("gone"), ["T-2"]);
    assert!(judged.stdout.contains("What changes from tiny@1.0.0 to tiny@2.0.0"), "{}", judged.stdout);
    assert!(judged.stdout.contains("T-1 (pass → fail): What T-1 says."), "{}", judged.stdout);
    let (_, changes) = judged.stdout.split_once("What changes").unwrap();
    assert!(changes.lines().all(|line| line.chars().count() <= 80), "{changes}");
}

#[test]
fn a_recording_that_was_changed_is_refused() {
    let workspace = Workspace::new();
    standard(&workspace, "1.0.0", &requirement("T-1"), &scenario("a", "T-1", "Patient/1", 200));
    let endpoint = Endpoint::always("500 Oh", "", "");
    let ran =
        workspace.run(&["run", "--standard", "tiny", "--endpoint", &endpoint.url, "--profiles", "more"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let file = "proofmark-out/private/evidence/a-1-1.json";
    let changed = workspace.read(file).replace("500", "200");
    workspace.write(file, &changed);
    let judged = workspace.run(&["judge", "proofmark-out", "--profiles", "more"]);
    assert_eq!(judged.code, 2, "{}{}", judged.stdout, judged.stderr);
    assert!(judged.stderr.contains("a-1-1.json: is not the file that the run wrote"), "{}", judged.stderr);
    assert!(!workspace.path("proofmark-judged/run.json").exists());
}
