//! Each kind of page that there is, held to what every page must meet.

use super::Browser;
use super::demands::hold;
use crate::difference::two_versions;
use crate::register::shelf::{About, Shelf};
use crate::workspace::Workspace;

#[test]
fn a_report_a_comparison_of_bids_and_certificates() {
    let Some(mut browser) = Browser::start() else { return };
    let workspace = Workspace::new();
    let works = |arguments: &[&str], code: i32| {
        let ended = workspace.run(arguments);
        assert_eq!(ended.code, code, "{arguments:?}\n{}", ended.stderr);
    };
    works(&["demo", "--fault", "missing-official-name"], 1);
    works(&["demo", "--out", "other"], 0);
    works(&["compare", "proofmark-out", "other", "--report", "html=bids.html", "--despite-differences"], 0);
    works(&["keygen", "--out", "keys"], 0);
    workspace.write("said.yaml", "- { requirement: CC-SEC-001, met: true, answer: TLS 1.2 and 1.3 only. }\n");
    for (run, certificate, page) in
        [("proofmark-out", "one.json", "failed.html"), ("other", "two.json", "passed.html")]
    {
        let key = "keys/proofmark.key";
        works(
            &[
                "certify",
                run,
                "--key",
                key,
                "--declarations",
                "said.yaml",
                "--out",
                certificate,
                "--page",
                page,
            ],
            0,
        );
    }
    for page in ["proofmark-out/report.html", "bids.html", "failed.html", "passed.html"] {
        hold(&mut browser, &workspace.path(page));
    }
}

#[test]
fn a_matrix_of_faults() {
    let Some(mut browser) = Browser::start() else { return };
    let workspace = Workspace::new();
    let chosen = ["--fault", "missing-etag", "--fault", "empty-bundle", "--variation", "pages-of-one"];
    let ended = workspace.run(&[&["selfcheck", "--report", "html=matrix.html"], &chosen[..]].concat());
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    hold(&mut browser, &workspace.path("matrix.html"));
}

#[test]
fn two_versions_compared() {
    let Some(mut browser) = Browser::start() else { return };
    let workspace = two_versions();
    let page = workspace.run(&["standard", "diff", "one", "two", "--format", "html"]).stdout;
    hold(&mut browser, &workspace.write("difference.html", &page));
}

#[test]
fn a_register() {
    let Some(mut browser) = Browser::start() else { return };
    let shelf = Shelf::new();
    let waiver = serde_json::json!([{ "requirement": "T-2", "reason": "A mend is on its way.", "approver": "A. Person",
        "expires": "2026-12-01" }]);
    shelf.listed(
        &About { waivers: waiver, verdict: "conformant-with-waivers", ..About::default() },
        "2026-02-01",
    );
    let suspended = shelf.listed(
        &About {
            product: "Charts",
            supplier: "Bellamy",
            signers: &["supplier", "witness"],
            ..About::default()
        },
        "2026-02-02",
    );
    shelf.happens("nonconformity", &suspended, "2026-03-01");
    shelf.happens("suspended", &suspended, "2026-03-02");
    for number in 0..60 {
        let version = number.to_string();
        let about =
            About { product: "Letters", version: &version, standard_version: "2.0.0", ..About::default() };
        shelf.listed(&about, "2026-04-01");
    }
    for (lot, version) in [("lot-1", "1.0.0"), ("lot-2", "2.0.0")] {
        shelf.workspace.write(
            &format!("reg/frameworks/{lot}.yaml"),
            &format!(
                "id: {lot}\ntitle: Primary care, {lot}\ndemands:\n  - {{ standard: tiny, versions: [{version}] }}\n"
            ),
        );
    }
    shelf.build("2026-11-20");
    let products = proofmark::files::Folder::Disk(shelf.workspace.path("reg/products")).files().unwrap();
    let charts = products.iter().find(|file| file.starts_with("charts")).unwrap();
    let records = products.iter().find(|file| file.starts_with("records")).unwrap();
    for page in ["index.html", "list-0002.html", "frameworks.html", "keys.html"] {
        hold(&mut browser, &shelf.workspace.path("reg").join(page));
    }
    for product in [charts, records] {
        hold(&mut browser, &shelf.workspace.path("reg/products").join(product));
    }
}
