//! The main job, as the README gives it.

use crate::workspace::{Ended, Workspace};

#[test]
fn the_demonstration_is_conformant_and_leaves_its_reports() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo"]);
    assert_eq!(ended.code, 0, "{}\n{}", ended.stdout, ended.stderr);
    assert!(
        ended.stdout.replace('\n', " ").contains("Conformant with Care Connect API 1.3.0 (draft): all"),
        "{}",
        ended.stdout
    );
    assert!(
        ended.stdout.lines().all(|line| line.chars().count() <= 80),
        "wider than 80 columns:\n{}",
        ended.stdout
    );
    assert!(!ended.stdout.contains('\u{1b}'), "colour without a terminal");

    let record = workspace.json("proofmark-out/run.json");
    assert_eq!(record["standards"][0]["verdict"], "conformant");
    assert_eq!(record["standards"][0]["maturity"]["status"], "draft");
    for exchange in record["exchanges"].as_array().unwrap() {
        let file = workspace.read(&format!("proofmark-out/{}", exchange["file"].as_str().unwrap()));
        assert_eq!(sha256(file.as_bytes()), exchange["sha256"].as_str().unwrap());
    }
    let junit = workspace.read("proofmark-out/junit.xml");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let mut names: Vec<&str> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .filter_map(|node| node.attribute("name"))
        .collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "names of test cases are unique");
    assert!(names.iter().any(|name| name.contains("CC-PAT-009")));
    assert!(document.descendants().all(|node| !node.has_tag_name("failure") && !node.has_tag_name("error")));
    assert!(workspace.read("proofmark-out/report.html").contains("CC-PAT-009"));
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

#[test]
fn a_fault_is_found_and_explained() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "gender-outside-value-set"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    for words in ["Not conformant", "CC-GEN-002", "female, male, other, unknown", "Patient.gender", "curl -i"]
    {
        assert!(ended.stdout.contains(words), "expected «{words}» in:\n{}", ended.stdout);
    }
}

#[test]
fn a_saved_run_is_rendered_again_to_the_same_bytes() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--out", "here"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for (format, file) in [("json", "run.json"), ("junit", "junit.xml"), ("html", "report.html")] {
        let again = workspace.run(&["report", "here", "--format", format]);
        assert_eq!(again.code, 0, "{}", again.stderr);
        assert!(again.stdout == workspace.read(&format!("here/{file}")), "{format} differs");
    }
    let text = workspace.run(&["report", "here/run.json", "--format", "text"]);
    assert_eq!(text.stdout, ended.stdout);
}

#[test]
fn the_supplier_serves_and_a_run_finds_it_conformant() {
    use std::io::BufRead as _;
    let workspace = Workspace::new();
    let mut supplier =
        workspace.command(&["supplier", "--port", "0"]).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(supplier.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    workspace.write(
        "proofmark.toml",
        &format!(
            "endpoint = \"{url}\"\nstandard = \"careconnect\"\n[supplier]\nname = \"Example Ltd\"\nproduct = \"Records\"\n\
             [data.deleted-patient]\nid = \"patient-deleted\"\n"
        ),
    );
    let ended = workspace.run(&["run", "--report", "junit=ci/junit.xml", "--format", "json"]);
    let missing_folder = ended.code;
    workspace.write("ci/.keep", "");
    let ended = workspace.run(&["run", "--force", "--report", "junit=ci/junit.xml", "--format", "json"]);
    supplier.kill().unwrap();
    supplier.wait().unwrap();
    assert_eq!(missing_folder, 2, "a report cannot be written into a folder that is not there");
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let record: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(record["supplier"]["name"], "Example Ltd");
    assert!(workspace.path("ci/junit.xml").exists());
    assert!(!workspace.path("proofmark-out/junit.xml").exists());
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_writes_what_there_is() {
    use crate::endpoint::Endpoint;
    let endpoint = Endpoint::start(|_, _| std::thread::sleep(std::time::Duration::from_secs(20)));
    let workspace = Workspace::new();
    let child = workspace
        .command(&["run", "--standard", "careconnect", "--endpoint", &endpoint.url])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Until the run has begun; then it waits for an answer that does not come.
    for _ in 0..100 {
        if workspace.path("proofmark-out/evidence").exists() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    std::thread::sleep(std::time::Duration::from_millis(300));
    let interrupt =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let ended = Ended::of(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    assert_eq!(record["interrupted"], true);
    assert_ne!(record["standards"][0]["verdict"], "conformant");
    assert!(
        workspace.path("proofmark-out/report.html").exists()
            && workspace.path("proofmark-out/junit.xml").exists()
    );
}
