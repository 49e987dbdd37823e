//! Frameworks: where they do not demand alike, and what each product lacks.

use serde_json::json;

use super::shelf::{About, Shelf};

const DAY: &str = "2026-11-20";

fn two() -> Shelf {
    let shelf = Shelf::new();
    shelf.listed(&About::default(), "2026-02-01");
    let newer = About {
        product: "Charts",
        supplier: "Bellamy",
        standard_version: "2.0.0",
        advisory_failed: 2,
        signers: &["supplier", "witness"],
        ..About::default()
    };
    shelf.listed(&newer, "2026-02-02");
    shelf.workspace.write(
        "reg/frameworks/lot-1.yaml",
        "id: lot-1\ntitle: Primary care, lot 1\ndemands:\n  - { standard: tiny, versions: [1.0.0] }\n",
    );
    shelf.workspace.write(
        "reg/frameworks/lot-2.yaml",
        "id: lot-2\ntitle: Hospitals, lot 2\ndemands:\n  - { standard: tiny, versions: [2.0.0], level: SHOULD, \
         assurance: witnessed }\n  - { standard: other, versions: [1.0.0, 1.1.0] }\n",
    );
    shelf
}

#[test]
fn what_is_demanded_and_what_is_lacking_is_said() {
    let shelf = two();
    let (code, found) = shelf.check(DAY, &[]);
    assert_eq!(code, 0);
    let lacks = |framework: usize, product: usize| {
        let demands =
            found["frameworks"][framework]["products"][product]["demands"].as_array().unwrap().iter();
        demands.map(|demand| demand["lacks"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(found["frameworks"][0]["met"], 1);
    assert_eq!(lacks(0, 0), [json!(["version 1.0.0 is demanded, and it is listed by 2.0.0"])]);
    assert_eq!(lacks(0, 1), [json!([])]);
    let other = json!(["a listing by other@1.0.0 or 1.1.0 as server"]);
    assert_eq!(
        lacks(1, 0),
        [json!(["2 requirements that only advise failed, and SHOULD is demanded"]), other.clone()]
    );
    let records = json!([
        "version 2.0.0 is demanded, and it is listed by 1.0.0",
        "it is self-declared, and witnessed is demanded"
    ]);
    assert_eq!(lacks(1, 1), [records, other]);
    let ended = shelf.run(&["register", "check", "reg", "--at", DAY]);
    let text: Vec<&str> = ended.stdout.lines().filter(|line| !line.starts_with("last event")).collect();
    insta::assert_snapshot!("register_check", text.join("\n"));
    assert!(text.iter().all(|line| line.chars().count() <= 80), "{text:#?}");
}

#[test]
fn a_suspended_listing_is_no_footing() {
    let shelf = two();
    shelf.happens("suspended", "cert-1", "2026-03-01");
    let (_, found) = shelf.check(DAY, &[]);
    assert_eq!(found["frameworks"][0]["met"], 0);
    assert_eq!(found["frameworks"][0]["products"][1]["demands"][0]["lacks"], json!(["it is suspended"]));
}

#[test]
fn a_framework_that_cannot_be_read_says_where() {
    let shelf = two();
    shelf.workspace.write(
        "reg/frameworks/lot-3.yaml",
        "id: lot-3\ntitle: x\ndemands:\n  - { standard: tiny, version: [1.0.0], versions: [1] }\n",
    );
    let ended = shelf.run(&["register", "check", "reg"]);
    assert_eq!(ended.code, 2);
    assert!(ended.stderr.contains("lot-3.yaml:4:23: unknown key `version`"), "{}", ended.stderr);
    shelf.workspace.write("reg/frameworks/lot-3.yaml", &shelf.workspace.read("reg/frameworks/lot-1.yaml"));
    let ended = shelf.run(&["register", "build", "reg"]);
    assert!(
        ended.stderr.contains("the id is `lot-1`, and the file is called lot-3.yaml"),
        "{}",
        ended.stderr
    );
}
