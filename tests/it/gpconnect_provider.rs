//! The suite of GP Connect from the command line, against the reference supplier as a process of its own.

use std::collections::BTreeSet;
use std::io::BufRead as _;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::workspace::{Ended, Workspace};

/// The reference supplier, which ends with it.
struct Provider {
    process: Child,
    url: String,
}

impl Provider {
    fn start(workspace: &Workspace, more: &[&str]) -> Self {
        let mut arguments = vec!["supplier", "--standard", "gpconnect", "--port", "0"];
        arguments.extend(more);
        let mut process =
            workspace.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
        Self { process, url }
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The appointments that a run booked, and those of them that it has not cancelled.
fn bookings(workspace: &Workspace) -> (usize, BTreeSet<String>) {
    let record = workspace.json("proofmark-out/run.json");
    let (mut booked, mut cancelled) = (BTreeSet::new(), BTreeSet::new());
    for exchange in record["exchanges"].as_array().unwrap() {
        let (method, status) = (exchange["method"].as_str().unwrap(), exchange["status"].as_u64());
        let file = format!("proofmark-out/private/{}", exchange["file"].as_str().unwrap());
        let id = |address: &str| -> Option<String> {
            let (_, id) = address.split_once("/Appointment/")?;
            id.split(['/', '?']).next().map(str::to_owned)
        };
        match (method, status) {
            ("POST", Some(201)) => {
                let kept = workspace.json(&file);
                let headers = kept["response"]["headers"].as_array().unwrap();
                let location = headers
                    .iter()
                    .find(|header| header["name"].as_str().unwrap().eq_ignore_ascii_case("location"));
                booked.extend(location.and_then(|header| id(header["value"].as_str().unwrap())));
            }
            ("PUT", Some(200)) => {
                let kept = workspace.json(&file);
                if kept["request"]["body"].as_str().unwrap().contains("cancelled") {
                    cancelled.extend(id(kept["request"]["url"].as_str().unwrap()));
                }
            }
            _ => {}
        }
    }
    (booked.len(), &booked - &cancelled)
}

/// The maps of somebody who ran the old acceptance tests, by the reference supplier's records.
fn write_maps(workspace: &Workspace) {
    workspace.write(
        "maps/NHSNoMap.csv",
        "\u{feff}NATIVE_NHS_NUMBER,PROVIDER_NHS_NUMBER\r\npatient1,9990100004\r\npatient2,9990100012\r\n\
         patient10,9990100101\r\n",
    );
    workspace.write("maps/odscodemap.csv", "NATIVE_ODS_CODE,PROVIDER_ODS_CODE\nORG1,A20047\nSIT1,Z26556\n");
    workspace.write(
        "maps/PractitionerCodeMap.csv",
        "NATIVE_PRACTITIONER_CODE,PROVIDER_PRACTITIONER_CODE\npractitioner1, \"G13579135\"\n,\n",
    );
    workspace.write(
        "maps/LocationLogicalIdentifierMap.csv",
        "Location,LogicalIdentifier\nSIT1,sit1\nSIT2,other\n",
    );
}

#[test]
fn a_provider_behind_a_proxy_conforms_with_the_maps_of_the_old_tests() {
    let workspace = Workspace::new();
    let path = "/https%3A%2F%2Fprovider.example/STU3/1/gpconnect";
    let provider = Provider::start(&workspace, &["--path", path]);
    assert!(provider.url.ends_with(path), "{}", provider.url);
    write_maps(&workspace);
    workspace.write(
        "proofmark.toml",
        &format!(
            "endpoint = \"{}\"\nstandard = \"gpconnect\"\nmaps = \"maps\"\njobs = 8\n\
             [data.SIT2]\nid = \"sit2\"\n[data.pastAppointment]\nappointmentId = \"past-appointment\"\n\
             [data.restrictedSlot]\nslotId = \"schedule2-day1-4\"\n",
            provider.url
        ),
    );
    let ended = workspace.run(&["run"]);
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    for note in [
        "NHSNoMap.csv does not name patient3, patient4,",
        "NHSNoMap.csv: not used by this standard: patient10",
        "ODSCodeMap.csv: not used by this standard: SIT1",
    ] {
        assert!(ended.stderr.contains(note), "{note} in {}", ended.stderr);
    }
    let data = &workspace.json("proofmark-out/private/inputs.json")["data"];
    for (name, value, expected) in [
        ("patient1", "nhsNumber", "9990100004"),
        ("practitioner1", "sdsUserId", "G13579135"),
        ("SIT1", "id", "sit1"),
        // What proofmark.toml says comes before what a map says.
        ("SIT2", "id", "sit2"),
    ] {
        assert_eq!(data[name]["source"], "configured", "{name}");
        assert_eq!(data[name]["values"][value], expected, "{name}");
    }
    assert_eq!(data["patient3"]["source"], "example");
    let standard = &workspace.json("proofmark-out/run.json")["standards"][0];
    for capability in ["foundations", "appointments", "structured"] {
        assert_eq!(standard["capabilities"][capability]["verdict"], "conformant", "{capability}");
    }
    for said in [
        "Foundations, conformant: of ",
        "Appointment Management, conformant",
        "Access Record Structured, conf",
    ] {
        assert!(ended.stdout.contains(said), "{said} in {}", ended.stdout);
    }
    let page = workspace.read("proofmark-out/report.html");
    assert!(page.contains("Each capability by itself") && page.contains("Appointment Management"));
    let markdown = workspace.run(&["report", "proofmark-out", "--format", "markdown"]);
    assert!(markdown.stdout.contains("| Appointment Management | ✓ conformant | of "), "{}", markdown.stdout);
    assert_eq!(bookings(&workspace), (bookings(&workspace).0.max(100), BTreeSet::new()));
}

#[test]
fn what_failing_scenarios_booked_is_cancelled() {
    let workspace = Workspace::new();
    // Every answer lacks a header, so that every scenario that books fails.
    let provider = Provider::start(&workspace, &["--fault", "cacheable-answers"]);
    let ended = workspace.run(&[
        "run",
        "--standard",
        "gpconnect",
        "--endpoint",
        &provider.url,
        "--scenario",
        "book-*",
        "--scenario",
        "amend-*",
        "--scenario",
        "cancel-*",
    ]);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let record = workspace.json("proofmark-out/run.json");
    let failed = |scenario: &&Value| scenario["outcome"] == "fail";
    let scenarios = record["scenarios"].as_array().unwrap().iter().filter(failed).count();
    assert!(scenarios > 20, "{scenarios}");
    let (booked, left) = bookings(&workspace);
    assert!(booked > 20, "{booked}");
    assert_eq!(left, BTreeSet::new());
}

#[cfg(unix)]
#[test]
fn what_an_interrupted_run_booked_is_cancelled() {
    let workspace = Workspace::new();
    let provider = Provider::start(&workspace, &["--latency", "40ms"]);
    let run = workspace
        .command(&[
            "run",
            "--standard",
            "gpconnect",
            "--endpoint",
            &provider.url,
            "--scenario",
            "amend-*",
            "--jobs",
            "1",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Until something is booked: what an amendment needs is booked as its third step of setup.
    let is_booked = || {
        let kept = std::fs::read_dir(workspace.path("proofmark-out/private/evidence"));
        kept.into_iter().flatten().flatten().any(|file| file.file_name().to_string_lossy().contains("setup3"))
    };
    for _ in 0..400 {
        if is_booked() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let interrupt =
        std::process::Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let ended = Ended::of(run.wait_with_output().unwrap());
    assert_eq!(ended.code, 130, "{}", ended.stderr);
    assert_eq!(workspace.json("proofmark-out/run.json")["interrupted"], true);
    let (booked, left) = bookings(&workspace);
    assert!(booked > 0, "{}", ended.stderr);
    assert_eq!(left, BTreeSet::new());
}
