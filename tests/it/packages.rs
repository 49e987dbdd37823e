//! Packages: fetched from a registry that runs in the test, kept in a cache of the test's own, pinned,
//! listed, shown, and used to judge.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;

use crate::endpoint::{Endpoint, response};
use crate::registry::{Published, Registry, package, serve, with_manifest};
use crate::workspace::{Ended, Workspace};

/// A profile of STU3 on Patient, or on another profile, that demands an element.
fn profile(url: &str, base: &str, element: &str) -> String {
    json!({
        "resourceType": "StructureDefinition", "url": url, "version": "1.0.0", "name": "Test",
        "status": "active", "fhirVersion": "3.0.2", "kind": "resource", "abstract": false, "type": "Patient",
        "baseDefinition": base, "derivation": "constraint",
        "differential": { "element": [
            { "id": "Patient", "path": "Patient" },
            { "id": format!("Patient.{element}"), "path": format!("Patient.{element}"), "min": 1 },
        ]},
    })
    .to_string()
}

const PATIENT: &str = "http://hl7.org/fhir/StructureDefinition/Patient";
const NEAR: &str = "http://example.org/StructureDefinition/near";
const FAR: &str = "http://example.org/StructureDefinition/far";

/// Two packages: a guide, and the base that it needs in any patch version of 1.0.
pub(crate) fn published() -> Vec<Published> {
    let far = profile(FAR, PATIENT, "gender");
    let near = profile(NEAR, FAR, "birthDate");
    let base = |version: &str| package("example.base", version, &json!({}), &[("far.json", &far)]);
    let dependencies = json!({ "hl7.fhir.r3.core": "3.0.2", "example.base": "1.0.x" });
    vec![
        base("1.0.0"),
        base("1.0.10"),
        base("1.0.9"),
        base("1.0.11-ballot"),
        base("1.1.0"),
        package("example.guide", "2.0.0", &dependencies, &[("near.json", &near)]),
    ]
}

pub(crate) fn install(workspace: &Workspace, registry: &Registry, arguments: &[&str]) -> Ended {
    let mut all = vec!["package", "install", "--registry", registry.url()];
    all.extend(arguments);
    workspace.run(&all)
}

/// What is in the cache, temporary folders and all.
pub(crate) fn cached(workspace: &Workspace) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(workspace.path(".fhir/packages")) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[track_caller]
pub(crate) fn says(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "expected «{word}» in:\n{text}");
    }
}

#[test]
fn a_package_is_installed_with_what_it_needs_and_judges() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    let ended = install(&workspace, &registry, &["example.guide"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stdout, &["example.guide#2.0.0 installed", "example.base#1.0.10 installed", "sha256"]);
    assert_eq!(cached(&workspace), ["example.base#1.0.10", "example.guide#2.0.0"]);
    assert!(!registry.asked().iter().any(|path| path.contains("core")), "{:?}", registry.asked());
    let lock = workspace.read("proofmark.lock");
    says(&lock, &["version = 1", "name = \"example.base\"\nversion = \"1.0.10\"\nsha256 = "]);

    // Again: nothing is fetched, and nothing changes.
    let before = registry.asked().len();
    let ended = install(&workspace, &registry, &[]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stdout, &["example.guide#2.0.0 already there"]);
    assert_eq!(registry.asked().len(), before);
    assert_eq!(workspace.read("proofmark.lock"), lock);

    // The profile of the guide builds on one of the package that it needs.
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let ended = workspace.run(&["validate", "--package", "example.guide#2.0.0", "--profile", NEAR, "p.json"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    says(&ended.stdout, &["Patient.gender", "Patient.birthDate"]);
    let ended = workspace.run(&["validate", "--ig", "example.guide", "--profile", NEAR, "p.json"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
}

#[test]
fn versions_are_chosen_as_asked() {
    let registry = Registry::start(&published());
    for (asked, got) in [
        ("example.base", "1.1.0"),
        ("example.base#1.x", "1.1.0"),
        ("example.base#1.0.x", "1.0.10"),
        ("EXAMPLE.Base#1.0", "1.0.10"),
        ("example.base#1.0.11-ballot", "1.0.11-ballot"),
    ] {
        let workspace = Workspace::new();
        let ended = install(&workspace, &registry, &[asked]);
        assert_eq!(ended.code, 0, "{asked}: {}", ended.stderr);
        assert_eq!(cached(&workspace), [format!("example.base#{got}")], "{asked}");
    }
    let workspace = Workspace::new();
    let ended = install(&workspace, &registry, &["example.base#2.x"]);
    assert_eq!(ended.code, 2);
    let words = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    says(&words, &["has no release that fits; it has 1.0.0, 1.0.9, 1.0.10, 1.0.11-ballot, 1.1.0"]);
    let ended = install(&workspace, &registry, &["example.base#current"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["it was never published, so no registry has it"]);
    let ended = install(&workspace, &registry, &["../base#1"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["`../base` is not the name of a FHIR package"]);
}

#[test]
fn the_next_registry_is_asked_where_one_has_nothing_to_give() {
    for status in ["404 Not Found", "500 Internal Server Error"] {
        let (workspace, good) = (Workspace::new(), Registry::start(&published()));
        let bad = Endpoint::always(status, "", "");
        workspace.write(
            "proofmark.toml",
            &format!("[packages]\nregistries = [\"{}\", \"{}\"]\n", bad.url, good.url()),
        );
        let ended = workspace.run(&["package", "install", "example.base#1.0.0"]);
        assert_eq!(ended.code, 0, "{status}: {}", ended.stderr);
        assert_eq!(cached(&workspace), ["example.base#1.0.0"]);
    }
    let bad = Endpoint::always("404 Not Found", "", "");
    let worse = Endpoint::always("403 Forbidden", "", "");
    let workspace = Workspace::new();
    let ended = workspace.run(&[
        "package",
        "install",
        "--registry",
        &bad.url,
        "--registry",
        &worse.url,
        "example.base#1.0.0",
    ]);
    assert_eq!(ended.code, 2);
    let words = ended.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    says(&words, &["has no such package", "answers 403 Forbidden", "hint: check the name and the network"]);
}

#[test]
fn a_registry_that_is_busy_is_asked_again() {
    let times = Arc::new(AtomicUsize::new(0));
    let (counted, packages) = (Arc::clone(&times), published());
    let registry = Registry::answering(move |path, stream| {
        if counted.fetch_add(1, Ordering::SeqCst) < 2 {
            let busy = response("503 Service Unavailable", "Retry-After: 0\r\n", "");
            let _ = stream.write_all(busy.as_bytes());
        } else {
            serve(&packages, path, stream);
        }
    });
    let workspace = Workspace::new();
    let ended = install(&workspace, &registry, &["example.base#1.0.0"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_eq!(times.load(Ordering::SeqCst), 4, "two refusals, the document, the archive");
    // And not for ever.
    let never = Registry::answering(|_, stream| {
        let _ = stream.write_all(response("503 Service Unavailable", "", "").as_bytes());
    });
    let ended = install(&workspace, &never, &["example.base#1.1.0"]);
    assert_eq!(ended.code, 2);
    assert_eq!(never.asked().len(), 3);
}

#[test]
fn what_could_not_be_had_is_named_and_the_rest_installed() {
    let packages = [package("example.guide", "1.0.0", &json!({ "example.absent": "3.0.0" }), &[])];
    let (workspace, registry) = (Workspace::new(), Registry::start(&packages));
    let ended = install(&workspace, &registry, &["example.guide"]);
    assert_eq!(ended.code, 3, "{}", ended.stderr);
    says(&ended.stderr, &["example.absent#3.0.0, which example.guide#1.0.0 needs, could not be installed"]);
    assert_eq!(cached(&workspace), ["example.guide#1.0.0"]);
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let ended = workspace.run(&["validate", "--package", "example.guide", "p.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stderr, &["example.absent#3.0.0 is not in the package cache; example.guide#1.0.0 needs it"]);
    says(&ended.stderr, &["`proofmark package install example.absent#3.0.0`"]);

    let ended = install(&workspace, &registry, &["example.other", "example.guide"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["example.other could not be installed"]);
    says(&ended.stdout, &["example.guide#1.0.0 already there"]);
}

#[test]
fn packages_that_need_each_other_are_installed_and_loaded() {
    let packages = [
        package("example.one", "1.0.0", &json!({ "example.two": "1.0.0" }), &[]),
        package("example.two", "1.0.0", &json!({ "example.one": "1.0.0" }), &[]),
    ];
    let (workspace, registry) = (Workspace::new(), Registry::start(&packages));
    assert_eq!(install(&workspace, &registry, &["example.one"]).code, 0);
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    assert_eq!(workspace.run(&["validate", "--package", "example.one", "p.json"]).code, 0);
}

#[test]
fn offline_touches_no_network() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    let ended = install(&workspace, &registry, &["--offline", "example.guide#2.0.0"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["it is not in the package cache, and the network is not touched"]);
    assert!(registry.asked().is_empty(), "{:?}", registry.asked());
    assert_eq!(install(&workspace, &registry, &["example.guide#2.0.0"]).code, 0);
    let before = registry.asked().len();
    std::fs::remove_file(workspace.path("proofmark.lock")).unwrap();
    let mut command =
        workspace.command(&["package", "install", "--registry", registry.url(), "example.guide"]);
    let ended = Ended::of(command.env("PROOFMARK_OFFLINE", "1").output().unwrap());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stdout, &["example.guide#2.0.0 already there", "example.base#1.0.10 already there"]);
    // No other command fetches, whatever is missing.
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let ended = workspace.run(&["validate", "--package", "example.absent#1.0.0", "p.json"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["hint: run `proofmark package install example.absent#1.0.0`"]);
    assert_eq!(registry.asked().len(), before);
}

#[test]
fn what_is_pinned_is_what_is_used() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    assert_eq!(install(&workspace, &registry, &["example.base#1.0.0"]).code, 0);
    let pinned = workspace.read("proofmark.lock");

    // The same version with another content, from another registry.
    let other = Registry::start(&[package("example.base", "1.0.0", &json!({}), &[("far.json", "{}")])]);
    std::fs::remove_dir_all(workspace.path(".fhir/packages/example.base#1.0.0")).unwrap();
    let ended = install(&workspace, &other, &["example.base"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    says(&ended.stderr, &["example.base#1.0.0 is not the package that proofmark.lock pins", "pinned sha256"]);
    says(
        &ended.stderr,
        &["found sha256", "/fhir/example.base/-/1.0.0", "install --update example.base#1.0.0"],
    );
    assert!(cached(&workspace).is_empty(), "{:?}", cached(&workspace));
    assert_eq!(workspace.read("proofmark.lock"), pinned);

    // A package of the cache that somebody changed.
    assert_eq!(install(&workspace, &registry, &["example.base"]).code, 0);
    workspace.write(".fhir/packages/example.base#1.0.0/package/far.json", "{}");
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    for arguments in [
        vec!["validate", "--package", "example.base#1.0.0", "p.json"],
        vec!["package", "show", "example.base#1.0.0"],
        vec!["package", "install", "--offline"],
    ] {
        let ended = workspace.run(&arguments);
        assert_eq!(ended.code, 2, "{arguments:?}");
        says(&ended.stderr, &["is not the package that proofmark.lock pins"]);
    }
    let ended = workspace.run(&["package", "install", "--offline", "--update", "example.base#1.0.0"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    assert_ne!(workspace.read("proofmark.lock"), pinned);
    assert_eq!(workspace.run(&["validate", "--package", "example.base#1.0.0", "p.json"]).code, 0);

    // An index that another tool writes beside the files changes nothing.
    workspace.write(".fhir/packages/example.base#1.0.0/package/.index.json", "{\"files\":[]}");
    assert_eq!(workspace.run(&["validate", "--package", "example.base#1.0.0", "p.json"]).code, 0);
}

#[test]
fn a_package_that_is_not_pinned_is_a_note() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    assert_eq!(install(&workspace, &registry, &["--lock", "other.lock", "example.base#1.0.0"]).code, 0);
    workspace.write("proofmark.lock", "version = 1\n");
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let ended = workspace.run(&["validate", "--package", "example.base", "p.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stderr, &["note: example.base#1.0.0 is not in proofmark.lock"]);
    workspace.write("proofmark.lock", "version = 1\nnonsense = 2\n");
    let ended = workspace.run(&["validate", "--package", "example.base", "p.json"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["proofmark.lock:2:1: unknown field `nonsense`"]);
}

#[test]
fn several_at_once_make_one_whole_package() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    let children: Vec<_> = (0..4)
        .map(|number| {
            let lock = format!("{number}.lock");
            let arguments =
                ["package", "install", "--registry", registry.url(), "--lock", &lock, "example.guide"];
            let mut command = workspace.command(&arguments);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in children {
        let ended = Ended::of(child.wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{}", ended.stderr);
    }
    assert_eq!(cached(&workspace), ["example.base#1.0.10", "example.guide#2.0.0"]);
    assert_eq!(workspace.read("0.lock"), workspace.read("3.lock"));
}

#[test]
fn a_package_tells_the_release_and_is_refused_for_another() {
    let manifest = json!({ "name": "example.r4", "version": "1.0.0", "fhirVersions": ["4.0.1"] });
    let both = json!({ "name": "example.both", "version": "1.0.0", "fhirVersions": ["4.0.1", "3.0.2"],
                       "dependencies": { "example.r4": "1.0.0", "hl7.fhir.r4.core": "4.0.1" } });
    let packages = [
        with_manifest("example.r4", "1.0.0", &manifest, &[]),
        with_manifest("example.both", "1.0.0", &both, &[]),
    ];
    let (workspace, registry) = (Workspace::new(), Registry::start(&packages));
    assert_eq!(install(&workspace, &registry, &["example.both"]).code, 0);
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let judge = ["validate", "--fhir-version", "3.0", "--package"];
    let ended = workspace.run(&[&judge[..], &["example.r4#1.0.0", "p.json"]].concat());
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["example.r4#1.0.0 is for FHIR 4.0.1, and not for STU3"]);
    // One that is for both is taken; what it needs for the other release is not.
    let ended = workspace.run(&[&judge[..], &["example.both#1.0.0", "p.json"]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stderr, &["example.r4#1.0.0, which example.both#1.0.0 needs, was passed over"]);
    // Without the option, the package says by which release to judge: STU3 has no ServiceRequest.
    workspace.write(
        "r.json",
        r#"{"resourceType":"ServiceRequest","status":"active","intent":"order",
        "subject":{"display":"x"}}"#,
    );
    let ended = workspace.run(&["validate", "--package", "example.r4#1.0.0", "r.json"]);
    assert_eq!(ended.code, 0, "{}", ended.stdout);
}

#[test]
fn one_broken_file_is_named_and_the_rest_used() {
    let broken =
        "<StructureDefinition xmlns=\"http://hl7.org/fhir\">\n  <url value=\"x\"></StructureDefinition>";
    let far = profile(FAR, PATIENT, "gender");
    let files = [("far.json", far.as_str()), ("broken.xml", broken), ("notes.txt", "<")];
    let packages = [package("example.base", "1.0.0", &json!({}), &files)];
    let (workspace, registry) = (Workspace::new(), Registry::start(&packages));
    assert_eq!(install(&workspace, &registry, &["example.base"]).code, 0);
    let ended = workspace.run(&["package", "show", "example.base"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    says(&ended.stdout, &["Files that cannot be used", "example.base#1.0.0/broken.xml:2:"]);
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let ended = workspace.run(&["validate", "--package", "example.base", "--profile", FAR, "p.json"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    says(&ended.stderr, &["broken.xml:2:", "the file was passed over"]);
}

#[test]
fn a_broken_file_among_others_is_passed_over() {
    let workspace = Workspace::new();
    workspace.write("broken.json", "{\n  \"resourceType\": \"ValueSet\",\n  \"title\": \"a\u{1}b\"\n}");
    workspace.write("far.json", &profile(FAR, PATIENT, "gender"));
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    let judged = ["validate", "--profile", FAR, "p.json", "--ig", "broken.json"];
    let ended = workspace.run(&[&judged[..], &["--ig", "far.json"]].concat());
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    says(&ended.stderr, &["broken.json:3:", "the file was passed over"]);
    assert_eq!(workspace.run(&judged).code, 2, "alone, it is what the user asked for");
}

#[test]
fn an_index_is_believed_only_as_far_as_it_is_true() {
    let (far, near) = (profile(FAR, PATIENT, "gender"), profile(NEAR, PATIENT, "birthDate"));
    let index = json!({ "index-version": 2, "files": [
        { "filename": "far.json", "resourceType": "StructureDefinition", "url": NEAR, "version": "1.0.0" },
        { "filename": "../../../p.json", "resourceType": "StructureDefinition", "url": FAR, "version": "1.0.0" },
    ]})
    .to_string();
    let files =
        [("far.json", far.as_str()), ("near-too.json", near.as_str()), (".index.json", index.as_str())];
    let packages = [package("example.base", "1.0.0", &json!({}), &files)];
    let (workspace, registry) = (Workspace::new(), Registry::start(&packages));
    assert_eq!(install(&workspace, &registry, &["example.base"]).code, 0);
    workspace.write("p.json", r#"{"resourceType":"Patient","active":true}"#);
    // The file that the index gives this URL holds another definition.
    let ended = workspace.run(&["validate", "--package", "example.base", "--profile", NEAR, "p.json"]);
    assert_eq!(ended.code, 3, "what cannot be used is not judged by: {}", ended.stdout);
    says(&ended.stdout, &["could not be decided", "example.base#1.0.0/far.json"]);
    // A path that leads out of the folder is no file of it.
    let ended = workspace.run(&["validate", "--package", "example.base", "--profile", FAR, "p.json"]);
    assert_eq!(ended.code, 2);
    says(&ended.stderr, &["is not in the loaded packages"]);
    let ended = workspace.run(&["package", "show", "example.base"]);
    says(&ended.stdout, &["far.json: the package's", "StructureDefinition: 2"]);
}

#[test]
fn packages_are_listed_and_shown_within_eighty_columns() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    let long = "example.guide-with-a-name-that-is-longer-than-most-names-of-packages-are";
    let named = Registry::start(&[package(long, "1.0.0", &json!({}), &[])]);
    assert_eq!(install(&workspace, &registry, &["example.guide"]).code, 0);
    assert_eq!(install(&workspace, &named, &["--lock", "other.lock", long]).code, 0);
    let list = workspace.run(&["package", "list"]);
    let show = workspace.run(&["package", "show", "example.guide"]);
    for ended in [&list, &show] {
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ended.stdout);
    }
    let own: String =
        list.stdout.lines().filter(|line| !line.contains(".core#")).map(|line| format!("{line}\n")).collect();
    insta::assert_snapshot!("package_list", own);
    insta::assert_snapshot!("package_show", show.stdout);
    let json: serde_json::Value =
        serde_json::from_str(&workspace.run(&["package", "list", "--format", "json"]).stdout).unwrap();
    assert!(
        json.as_array()
            .unwrap()
            .iter()
            .any(|row| row["package"] == "example.guide#2.0.0" && row["locked"] == true)
    );
    let json: serde_json::Value = serde_json::from_str(
        &workspace.run(&["package", "show", "--format", "json", "example.guide"]).stdout,
    )
    .unwrap();
    assert_eq!(json["definitions"]["StructureDefinition"], 1);
    assert_eq!(json["dependencies"][1]["found"], "example.base#1.0.10 of the package cache");
}

#[test]
fn a_standard_may_name_packages_of_the_cache() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    workspace.write(
        "standards/mine/1.0.0/standard.yaml",
        "id: mine\ntitle: Mine\nversion: 1.0.0\npublisher: Me\nfhirVersion: 3.0.2\nlifecycle: { status: draft, label: draft }\n\
         roles: [server]\npackages: [\"example.guide#2.0.0\"]\nareas: { patient: Patient }\n",
    );
    workspace.write(
        "standards/mine/1.0.0/requirements.yaml",
        "- id: M-1\n  level: SHALL\n  area: patient\n  text: It conforms.\n  clause: { page: p }\n  maturity: draft\n",
    );
    workspace.write(
        "standards/mine/1.0.0/scenarios/a.yaml",
        &format!(
            "scenario: a\ntitle: A\nverifies: [M-1]\nsteps:\n  - read: Patient/1\n    expect: {{ conformsTo: \"{NEAR}\" }}\n"
        ),
    );
    let arguments = ["plan", "--standard", "mine", "--profiles", "standards"];
    let ended = workspace.run(&arguments);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    says(&ended.stderr, &["hint: run `proofmark package install example.guide#2.0.0`"]);
    assert_eq!(install(&workspace, &registry, &["example.guide#2.0.0"]).code, 0);
    let ended = workspace.run(&arguments);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let endpoint = Endpoint::start(|_, stream| {
        let body = r#"{"resourceType":"Patient","id":"1","birthDate":"1974-01-01"}"#;
        let _ =
            stream.write_all(response("200 OK", "Content-Type: application/fhir+json\r\n", body).as_bytes());
    });
    let ended =
        workspace.run(&["run", "--standard", "mine", "--profiles", "standards", "--endpoint", &endpoint.url]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    says(&ended.stdout, &["`gender` is missing"]);
    // Nobody is judged by what is not what was pinned.
    workspace.write(".fhir/packages/example.base#1.0.10/package/far.json", "{}");
    let ended = workspace.run(&[
        "run",
        "--standard",
        "mine",
        "--profiles",
        "standards",
        "--out",
        "again",
        "--endpoint",
        &endpoint.url,
    ]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
    says(&ended.stderr, &["example.base#1.0.10 is not the package that proofmark.lock pins"]);
    assert!(!workspace.path("again").exists());
}

#[test]
#[cfg(unix)]
fn a_link_in_the_cache_is_no_package() {
    let (workspace, registry) = (Workspace::new(), Registry::start(&published()));
    let elsewhere = Workspace::new();
    assert_eq!(install(&elsewhere, &registry, &["example.base#1.0.0"]).code, 0);
    std::fs::create_dir_all(workspace.path(".fhir/packages")).unwrap();
    let target = elsewhere.path(".fhir/packages/example.base#1.0.0");
    std::os::unix::fs::symlink(target, workspace.path(".fhir/packages/example.base#1.0.0")).unwrap();
    let ended = workspace.run(&["package", "show", "example.base#1.0.0"]);
    assert_eq!(ended.code, 2, "{}", ended.stdout);
}
