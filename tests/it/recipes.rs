//! The recipes for CI, as far as a shell can run them.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use crate::endpoint::{Endpoint, response};
use crate::tiny::{requirement, scenario, standard};
use crate::workspace::{Ended, Workspace, project};

/// The scripts of a recipe: what stands behind `run: |` in GitHub's, or as one line of `script:` in GitLab's.
fn scripts(file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(project(file)).unwrap();
    let mut scripts = Vec::new();
    let mut lines = text.lines().peekable();
    let indent = |line: &str| line.len() - line.trim_start().len();
    while let Some(line) = lines.next() {
        let block = line.trim() == "run: |";
        if !block && line.trim() != "script:" {
            continue;
        }
        let mut script = String::new();
        while let Some(next) = lines.next_if(|next| next.is_empty() || indent(next) > indent(line)) {
            let next = next.trim();
            script.push_str(if block { next } else { next.trim_start_matches("- ") });
            script.push('\n');
        }
        scripts.push(script);
    }
    scripts
}

/// Runs a script as the runner of a CI would: `sh -e`, with proofmark on its path.
fn shell(workspace: &Workspace, script: &str, environment: &[(&str, &str)]) -> Ended {
    let program = Path::new(env!("CARGO_BIN_EXE_proofmark")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-e", "-c", script]).current_dir(workspace.path(""));
    command.env("PATH", path).env("HOME", workspace.path("")).env("PROOFMARK_PROFILES", "more");
    command.envs(environment.iter().copied());
    Ended::of(command.output().unwrap())
}

/// A standard of two requirements, of which the endpoint fails those whose patients are named.
fn scene(workspace: &Workspace, missing: &'static [&'static str]) -> Endpoint {
    let scenarios = [scenario("one", "T-1", "Patient/one", 200), scenario("two", "T-2", "Patient/two", 200)];
    standard(workspace, "1.0.0", &["T-1", "T-2"].map(requirement).concat(), &scenarios.concat());
    let endpoint = Endpoint::start(move |line, stream| {
        let lacks = missing.iter().any(|name| line.contains(name));
        let _ =
            stream.write_all(response(if lacks { "404 Not Found" } else { "200 OK" }, "", "{}").as_bytes());
    });
    let config = format!("endpoint = \"{}\"\nstandard = \"tiny\"\n", endpoint.url);
    workspace.write("proofmark.toml", &config);
    endpoint
}

#[cfg(unix)]
#[test]
fn the_recipe_for_github_annotates_and_sums_up() {
    let scripts = scripts("docs/ci/github.yml");
    let [test, say, keep] = scripts.as_slice() else { panic!("{scripts:?}") };
    let workspace = Workspace::new();
    let endpoint = scene(&workspace, &["two"]);
    let ended = shell(&workspace, test, &[]);
    assert_eq!(ended.code, 1, "{}{}", ended.stdout, ended.stderr);
    let summary = workspace.path("summary.md").display().to_string();
    let said = shell(&workspace, say, &[("GITHUB_STEP_SUMMARY", &summary)]);
    assert_eq!(said.code, 0, "{}", said.stderr);
    assert!(said.stdout.starts_with("::error title=T-2 SHALL failed::What T-2 says."), "{}", said.stdout);
    assert!(workspace.read("summary.md").contains("| `T-2` SHALL | What T-2 says. |"));
    assert_eq!(shell(&workspace, keep, &[("OUTCOME", "failure")]).code, 0);
    drop(endpoint);

    // The next build has the same failure, which is no news, and then another.
    let endpoint = scene(&workspace, &["two"]);
    std::fs::remove_dir_all(workspace.path("proofmark-out")).unwrap();
    assert_eq!(shell(&workspace, test, &[]).code, 0);
    drop(endpoint);
    let _endpoint = scene(&workspace, &["one", "two"]);
    std::fs::remove_dir_all(workspace.path("proofmark-out")).unwrap();
    assert_eq!(shell(&workspace, test, &[]).code, 1);
    let said = shell(&workspace, say, &[("GITHUB_STEP_SUMMARY", &summary)]);
    assert!(said.stdout.contains("::error title=T-1") && said.stdout.contains("::warning title=T-2"));
    assert!(workspace.read("summary.md").contains("newly failed: `T-1`"));
}

#[cfg(unix)]
#[test]
fn the_recipe_for_gitlab_runs_shares_and_merges_them() {
    let scripts = scripts("docs/ci/gitlab.yml");
    let [share, merge] = scripts.as_slice() else { panic!("{scripts:?}") };
    let workspace = Workspace::new();
    let _endpoint = scene(&workspace, &[]);
    for index in ["1", "2"] {
        let ended = shell(&workspace, share, &[("CI_NODE_INDEX", index), ("CI_NODE_TOTAL", "2")]);
        assert_eq!(ended.code, 0, "{}{}", ended.stdout, ended.stderr);
    }
    let wrong = shell(&workspace, share, &[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "2")]);
    assert_eq!(wrong.code, 1, "a share that is none is an error of the pipeline");
    let merged = shell(&workspace, merge, &[]);
    assert_eq!(merged.code, 0, "{}{}", merged.stdout, merged.stderr);
    assert!(workspace.read("proofmark-out/report.md").contains("Conformant with Tiny"));
}
