//! One standard against many suppliers, end to end.

use std::sync::{Arc, Mutex};

use crate::endpoint::{Endpoint, response};
use crate::tiny::{requirement, scenario, standard};
use crate::workspace::{Ended, Workspace};

/// A supplier's server that fails what lies at some path, and keeps who asked it.
struct Server {
    endpoint: Endpoint,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(fails: &'static str) -> Self {
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&asked);
        let endpoint = Endpoint::answering(move |head, _| {
            let token = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("authorization: ").map(str::to_owned)
            });
            kept.lock().unwrap().push(token.unwrap_or_default());
            let failed = !fails.is_empty() && head.lines().next().unwrap_or_default().contains(fails);
            response(if failed { "500 No" } else { "200 OK" }, "", "{}")
        });
        Self { endpoint, asked }
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn workspace(alpha: &Server, beta: &Server) -> Workspace {
    let workspace = Workspace::new();
    let requirements = [requirement("T-1"), requirement("T-2")].concat();
    let scenarios =
        [("a", "T-1"), ("b", "T-2")].map(|(id, rule)| scenario(id, rule, &format!("Patient/{id}"), 200));
    standard(&workspace, "1.0.0", &requirements, &scenarios.concat());
    for (name, server) in [("alpha", alpha), ("beta", beta)] {
        let url = &server.endpoint.url;
        workspace.write(
            &format!("bids/{name}/proofmark.toml"),
            &format!("endpoint = \"{url}\"\njobs = 1\n[supplier]\nname = \"{name}\"\nproduct = \"Records\"\nversion = \"1\"\n[auth]\nbearer = {{ file = \"token\" }}\n"),
        );
        workspace.write(&format!("bids/{name}/token"), &format!("token-of-{name}"));
    }
    workspace.write(
        "bids/campaign.yaml",
        "standard: tiny@1.0.0\nsuppliers:\n- { name: alpha, config: alpha/proofmark.toml }\n- { name: beta, config: \
         beta/proofmark.toml }\n",
    );
    workspace
}

fn campaign(workspace: &Workspace, more: &[&str]) -> Ended {
    let mut arguments = vec!["campaign", "bids/campaign.yaml", "--profiles", "more"];
    arguments.extend(more);
    workspace.run(&arguments)
}

#[test]
fn each_supplier_is_tested_by_its_own_settings_and_all_are_compared() {
    let (alpha, beta) = (Server::start(""), Server::start("Patient/b"));
    let workspace = workspace(&alpha, &beta);
    let ended = campaign(&workspace, &["--report", "html=bids.html", "--format", "json"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("alpha: Conformant with Tiny 1.0.0"), "{}", ended.stderr);
    assert!(ended.stderr.contains("beta: Not conformant with Tiny 1.0.0"), "{}", ended.stderr);
    let bids: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let names = [0, 1].map(|at| bids["bids"][at]["name"].as_str().unwrap().to_owned());
    assert_eq!(names, ["Records 1 (alpha)", "Records 1 (beta)"]);
    assert!(workspace.read("bids.html").contains("T-2"));
    for (name, server) in [("alpha", &alpha), ("beta", &beta)] {
        assert_eq!(server.asked.lock().unwrap().as_slice(), vec![format!("bearer token-of-{name}"); 2]);
        assert!(workspace.path(&format!("campaign/{name}/report.html")).exists());
    }
}

#[test]
fn what_is_there_is_kept_and_what_was_not_finished_is_gone_on_with() {
    let (alpha, beta) = (Server::start(""), Server::start(""));
    let workspace = workspace(&alpha, &beta);
    assert_eq!(campaign(&workspace, &[]).code, 0);
    // As if the second run had been killed after its first scenario.
    std::fs::remove_file(workspace.path("campaign/beta/run.json")).unwrap();
    let journal = workspace.read("campaign/beta/private/journal.jsonl");
    let first: Vec<&str> = journal.lines().take_while(|line| !line.contains("b-1-1")).collect();
    workspace.write("campaign/beta/private/journal.jsonl", &format!("{}\n", first.join("\n")));
    let ended = campaign(&workspace, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("kept as it was") && ended.stderr.contains("gone on with"),
        "{}",
        ended.stderr
    );
    assert_eq!((alpha.asked(), beta.asked()), (2, 3), "only what was missing is asked again");
    // And as if it had been killed before anything was recorded.
    std::fs::remove_file(workspace.path("campaign/beta/run.json")).unwrap();
    std::fs::remove_file(workspace.path("campaign/beta/private/journal.jsonl")).unwrap();
    let ended = campaign(&workspace, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!((alpha.asked(), beta.asked()), (2, 5), "nothing was there to go on with");
    let ended = campaign(&workspace, &["--force"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!((alpha.asked(), beta.asked()), (4, 7));
}

#[test]
fn a_supplier_that_cannot_be_tested_is_named_and_the_others_are_tested() {
    let (alpha, beta) = (Server::start(""), Server::start(""));
    let workspace = workspace(&alpha, &beta);
    std::fs::remove_file(workspace.path("bids/alpha/token")).unwrap();
    let ended = campaign(&workspace, &[]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("alpha: ") && ended.stderr.contains("1 of 2 suppliers could not be tested")
    );
    assert_eq!((alpha.asked(), beta.asked()), (0, 2));
    assert!(workspace.path("campaign/beta/run.json").exists());
}

#[test]
fn a_run_of_another_endpoint_is_not_kept() {
    let (alpha, beta) = (Server::start(""), Server::start(""));
    let workspace = workspace(&alpha, &beta);
    assert_eq!(campaign(&workspace, &[]).code, 0);
    let file = "bids/alpha/proofmark.toml";
    workspace.write(file, &workspace.read(file).replace(&alpha.endpoint.url, &beta.endpoint.url));
    let ended = campaign(&workspace, &[]);
    assert_eq!(ended.code, 2, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("a run of another endpoint") && ended.stderr.contains("--force"),
        "{}",
        ended.stderr
    );
}

#[test]
fn whoever_runs_it_signs_as_a_witness_and_the_register_lists_what_it_admits() {
    let (alpha, beta) = (Server::start(""), Server::start("Patient/b"));
    let workspace = workspace(&alpha, &beta);
    assert_eq!(workspace.run(&["keygen", "--out", "keys"]).code, 0);
    let key = workspace.read("keys/proofmark.pub").trim_end().replace('\n', "\n      ");
    workspace.write(
        "reg/trust.yaml",
        &format!("keys:\n  - name: The laboratory\n    signsAs: [witness]\n    publicKey: |\n      {key}\n"),
    );
    workspace.write("reg/register.yaml", "title: Register\npublisher: Example Health\nadmits: witnessed\n");
    let listed = ["--key", "keys/proofmark.key", "--register", "reg"];
    let ended = campaign(&workspace, &listed);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("alpha: listed as entry"), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("beta: not listed: ") && ended.stderr.contains("consent"),
        "{}",
        ended.stderr
    );
    let entries = workspace.run(&["register", "list", "reg", "--format", "csv"]).stdout;
    assert!(entries.contains("alpha") && !entries.contains("beta"), "{entries}");
    let verify =
        ["verify", "campaign/beta/certificate.json", "--trust", "reg/trust.yaml", "--run", "campaign/beta"];
    let ended = workspace.run(&[&verify[..], &["--profiles", "more"]].concat());
    assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);

    // Again: what is listed stays as it is, and the supplier's consent is what lacked.
    let file = "bids/campaign.yaml";
    workspace.write(
        file,
        &workspace
            .read(file)
            .replace("beta/proofmark.toml", "beta/proofmark.toml, consent: letter of 2 January"),
    );
    let ended = campaign(&workspace, &listed);
    assert!(ended.stderr.contains("this certificate is in the register"), "{}", ended.stderr);
    assert!(ended.stderr.contains("beta: listed as entry"), "{}", ended.stderr);
    assert_eq!(workspace.run(&["register", "check", "reg", "--profiles", "more"]).code, 0);
}
