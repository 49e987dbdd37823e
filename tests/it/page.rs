//! The HTML report in a real browser, where there is one.

use std::process::Command;

use crate::workspace::{Workspace, skipped};

/// Chromium with what keeps it off the network, or nothing where it is not installed.
fn browser(arguments: &[&str]) -> Option<Vec<u8>> {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(arguments)
        .output();
    if output.is_err() {
        skipped("chromium is not installed");
    }
    output.ok().map(|output| output.stdout)
}

#[test]
fn the_page_renders_and_prints() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let url = format!("file://{}", workspace.path("proofmark-out/report.html").display());
    let Some(page) = browser(&["--dump-dom", &url]) else { return };
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("Not conformant with Care Connect API 1.3.0 (draft)"), "no verdict on the page");
    assert!(page.contains("CC-GEN-002"));
    let print = workspace.path("report.pdf");
    browser(&[&format!("--print-to-pdf={}", print.display()), &url]);
    assert!(std::fs::read(&print).unwrap().starts_with(b"%PDF"), "the page does not print");
}
