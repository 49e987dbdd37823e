//! Who may use whom: the table of docs/ARCHITECTURE.md, held.

use std::collections::BTreeMap;
use std::path::Path;

use crate::workspace::project;

/// The modules that each module may use, besides itself.
const MAY_USE: [(&str, &[&str]); 26] = [
    ("code", &[]),
    ("text", &[]),
    ("inert", &[]),
    ("nhs_number", &[]),
    ("files", &[]),
    ("fhir", &[]),
    ("ucum", &[]),
    ("fhirpath", &["fhir", "ucum"]),
    ("package", &["fhir", "files"]),
    ("terminology", &["fhir", "files", "package", "ucum"]),
    ("profile", &["code", "fhir", "fhirpath", "files", "nhs_number", "package", "terminology", "ucum"]),
    ("validate", &["code", "fhir", "fhirpath", "files", "package", "profile", "terminology", "text"]),
    ("standard", &["fhir", "fhirpath", "files", "nhs_number", "text"]),
    ("generate", &["fhir", "fhirpath", "files", "package", "standard"]),
    ("comparison", &["fhir", "package", "profile", "standard"]),
    ("config", &["fhir", "http", "standard"]),
    ("http", &[]),
    ("check", &["code", "fhir", "fhirpath", "files", "http", "standard", "terminology", "ucum", "validate"]),
    (
        "run",
        &[
            "check",
            "fhir",
            "fhirpath",
            "files",
            "http",
            "nhs_number",
            "standard",
            "terminology",
            "text",
            "validate",
        ],
    ),
    ("certificate", &["check", "files", "run", "standard", "text"]),
    ("register", &["certificate", "run", "standard", "text"]),
    (
        "report",
        &[
            "certificate",
            "check",
            "comparison",
            "fhir",
            "http",
            "inert",
            "profile",
            "register",
            "run",
            "selfcheck",
            "standard",
            "text",
            "validate",
        ],
    ),
    ("doctor", &["check", "fhir", "http", "run", "standard", "validate"]),
    ("supplier", &["fhir", "files", "standard"]),
    ("selfcheck", &["check", "fhir", "http", "run", "standard", "supplier", "validate"]),
    (
        "cli",
        &[
            "certificate",
            "check",
            "code",
            "comparison",
            "config",
            "doctor",
            "fhir",
            "fhirpath",
            "files",
            "generate",
            "http",
            "inert",
            "package",
            "register",
            "report",
            "run",
            "selfcheck",
            "standard",
            "supplier",
            "terminology",
            "text",
            "validate",
        ],
    ),
];

#[test]
fn no_module_uses_one_that_it_may_not() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut wrong = Vec::new();
    for file in sources(&project("src")) {
        let relative = file.strip_prefix(project("src")).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_str().unwrap();
        let module = first.trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        let Some(may_use) = allowed.get(module) else {
            wrong.push(format!("{module} is not in the table"));
            continue;
        };
        let text = std::fs::read_to_string(&file).unwrap();
        // The files of tests may bring in what they need to set the scene.
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        if relative.to_str().unwrap().contains("tests") {
            continue;
        }
        for used in code.split("crate::").skip(1) {
            let used: String = used.chars().take_while(char::is_ascii_lowercase).collect();
            if allowed.contains_key(used.as_str()) && used != module && !may_use.contains(&used.as_str()) {
                wrong.push(format!("{} uses {used}", relative.display()));
            }
        }
    }
    wrong.dedup();
    assert!(wrong.is_empty(), "not allowed by the table:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_of_the_documentation_is_this_one() {
    let page = std::fs::read_to_string(project("docs/ARCHITECTURE.md")).unwrap();
    for (module, may_use) in MAY_USE {
        let listed = if may_use.is_empty() { "–".to_owned() } else { may_use.join(", ") };
        let line = page.lines().find(|line| line.starts_with(&format!("| `{module}` |")));
        let line = line.unwrap_or_else(|| panic!("docs/ARCHITECTURE.md does not list {module}"));
        assert!(
            line.ends_with(&format!("| {listed} |")),
            "docs/ARCHITECTURE.md: expected «{listed}» in «{line}»"
        );
    }
}

#[test]
fn the_program_is_a_thin_shell_around_the_library() {
    let lines = std::fs::read_to_string(project("src/main.rs")).unwrap().lines().count();
    assert!(lines < 25, "src/main.rs has {lines} lines");
}

fn sources(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
