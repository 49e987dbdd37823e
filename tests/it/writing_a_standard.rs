//! The tutorial of docs/writing-a-standard.md: every file and every command of it, word for word.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use crate::workspace::{Workspace, project};

/// What a command of the page ends with where it does not end with 0.
const EXITS_1: &str = " # exits 1";

/// A part of the page that is to be done.
enum Part {
    /// A file to be written.
    File { path: String, text: String },
    /// A command to be run.
    Command(String),
}

fn parts(page: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut path = None;
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let named = line.strip_prefix('`').and_then(|line| line.strip_suffix('`'));
        if let Some(name) = named.filter(|name| !name.contains('`') && name.contains('/')) {
            path = Some(name.to_owned());
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if language == "sh" {
            parts.extend(block.into_iter().map(|command| Part::Command(command.to_owned())));
        } else if let Some(path) = path.take() {
            parts.push(Part::File { path, text: format!("{}\n", block.join("\n")) });
        }
    }
    parts
}

/// A supplier in the background, ended with the test.
struct Served {
    child: Child,
    url: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn serve(workspace: &Workspace, command: &str) -> Served {
    // Any free port, so that the test disturbs nobody who uses that of the page.
    let arguments: Vec<&str> =
        command.split(' ').skip(1).map(|word| if word == "8080" { "0" } else { word }).collect();
    let mut child =
        workspace.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("listening on ").unwrap().to_owned();
    Served { child, url }
}

#[test]
fn a_newcomer_gets_through_the_page() {
    let page = std::fs::read_to_string(project("docs/writing-a-standard.md")).unwrap();
    let workspace = Workspace::new();
    let mut served: Option<Served> = None;
    let mut said = Vec::new();
    for part in parts(&page) {
        match part {
            Part::File { path, text } => {
                workspace.write(&path, &text);
            }
            Part::Command(command) if command.starts_with("proofmark supplier ") => {
                served = Some(serve(&workspace, &command));
            }
            Part::Command(command) => {
                let (line, code) = match command.strip_suffix(EXITS_1) {
                    Some(line) => (line, 1),
                    None => (command.as_str(), 0),
                };
                let url = served.as_ref().map_or("", |served| served.url.as_str());
                let line = line.replace("http://127.0.0.1:8080/R4", url);
                let ended = match line.strip_prefix("proofmark ") {
                    Some(arguments) => {
                        workspace.command(&arguments.split(' ').collect::<Vec<_>>()).output().unwrap()
                    }
                    None => Command::new("sh")
                        .args(["-c", &line])
                        .current_dir(workspace.path(""))
                        .output()
                        .unwrap(),
                };
                let stdout = String::from_utf8_lossy(&ended.stdout).into_owned();
                let stderr = String::from_utf8_lossy(&ended.stderr);
                assert_eq!(ended.status.code(), Some(code), "{command}\n{stdout}{stderr}");
                said.push((command, stdout));
            }
        }
    }
    let said = |start: &str| -> Vec<&str> {
        let outputs: Vec<&str> = said
            .iter()
            .filter(|(command, _)| command.starts_with(start))
            .map(|(_, text)| text.as_str())
            .collect();
        assert!(!outputs.is_empty(), "the page does not say `{start}`");
        outputs
    };
    assert!(said("proofmark standard check")[0].contains("0 errors, 0 warnings"));
    let run = said("proofmark run")[0];
    assert!(
        run.contains("Conformant with Clinic diary 0.1.0") && run.contains("1 awaits a declaration"),
        "{run}"
    );
    assert_eq!(said("proofmark selfcheck").len(), 2);
    assert!(said("proofmark standard diff")[0].contains("Patient.gender"));
    let judged = said("proofmark judge")[0];
    assert!(judged.contains("DIARY-PAT-1 (pass → fail)"), "{judged}");
}
