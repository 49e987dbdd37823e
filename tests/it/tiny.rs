//! A standard as small as can be, written where a test wants it.

use crate::endpoint::Endpoint;
use crate::workspace::{Ended, Workspace};

/// A small standard of one requirement, or of more in its second version.
pub(crate) fn standard(workspace: &Workspace, version: &str, requirements: &str, scenarios: &str) {
    let folder = format!("more/tiny/{version}");
    workspace.write(
        &format!("{folder}/standard.yaml"),
        &format!(
            "id: tiny\ntitle: Tiny\nversion: {version}\npublisher: Test\nfhirVersion: 3.0.2\n\
             lifecycle: {{ status: draft, label: draft }}\nroles: [server]\nareas: {{ all: All of it }}\n"
        ),
    );
    workspace.write(&format!("{folder}/requirements.yaml"), requirements);
    workspace.write(&format!("{folder}/scenarios/all.yaml"), scenarios);
}

pub(crate) fn requirement(id: &str) -> String {
    format!(
        "- id: {id}\n  level: SHALL\n  role: server\n  area: all\n  text: What {id} says.\n  \
         clause: {{ page: here }}\n  maturity: draft\n"
    )
}

pub(crate) fn scenario(id: &str, requirement: &str, path: &str, status: u16) -> String {
    format!(
        "- scenario: {id}\n  title: {id}\n  verifies: [{requirement}]\n  steps:\n    - read: {path}\n      \
         expect: {{ status: {status} }}\n"
    )
}

/// Writes who supplies the product that is run.
pub(crate) fn supplier(workspace: &Workspace, name: &str, product: &str) {
    let text = format!("[supplier]\nname = \"{name}\"\nproduct = \"{product}\"\nversion = \"4\"\n");
    workspace.write("proofmark.toml", &text);
}

/// Runs the first version of the standard against an endpoint, into a folder.
pub(crate) fn run(workspace: &Workspace, endpoint: &Endpoint, out: &str) -> Ended {
    let of = ["run", "--standard", "tiny@1.0.0", "--profiles", "more"];
    workspace.run(&[&of[..], &["--endpoint", &endpoint.url, "--out", out, "--force"]].concat())
}
