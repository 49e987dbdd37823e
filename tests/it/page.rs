//! The pages in a real browser, where there is one: they render, print, can be read by all, and filter without a script.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::workspace::{Workspace, skipped};

/// Chromium with what keeps it off the network, or nothing where it is not installed.
pub(crate) fn browser(arguments: &[&str]) -> Option<Vec<u8>> {
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

fn address(file: &Path) -> String {
    format!("file://{}", file.display())
}

/// What a script says of a page in a window of some width. The page itself allows no script, so that a copy of it that
/// does is looked at.
fn asked(page: &Path, width: u32, scripts: &[&str]) -> Option<Value> {
    let text = std::fs::read_to_string(page).unwrap();
    let (before, policy) = text.split_once("<meta http-equiv=\"Content-Security-Policy\"").unwrap();
    let (_, after) = policy.split_once("/>").unwrap();
    let scripts: String = scripts.iter().map(|script| format!("<script>{script}</script>")).collect();
    let (after, end) = after.rsplit_once("</body>").unwrap();
    let copy = page.with_file_name("examined.html");
    std::fs::write(&copy, format!("{before}{after}{scripts}</body>{end}")).unwrap();
    let window = format!("--window-size={width},900");
    let out = browser(&["--virtual-time-budget=60000", &window, "--dump-dom", &address(&copy)])?;
    let dom = String::from_utf8(out).unwrap();
    let (_, said) = dom.split_once("<title>SAID ").unwrap();
    let (said, _) = said.split_once("</title>").unwrap();
    Some(
        serde_json::from_str(
            &said.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"),
        )
        .unwrap(),
    )
}

/// axe-core, where whoever runs the tests has put it.
fn axe() -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/axe.min.js");
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        skipped("target/axe.min.js is not there");
    }
    text
}

const AXE: &str = "document.title = 'SAID null'; axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', \
                   'wcag22aa', 'best-practice'] }).then(found => { document.title = 'SAID ' + \
                   JSON.stringify(found.violations.map(one => [one.id, one.nodes.length, one.nodes[0].html.slice(0, 200)])) });";

/// Whether nothing has to be scrolled sideways to be read, tables and source text in their own frames aside.
const WIDTH: &str =
    "document.title = 'SAID ' + JSON.stringify([document.documentElement.scrollWidth, innerWidth]);";

/// How many requirements are seen when each filter is chosen, and what was chosen.
const FILTER: &str = "const seen = () => [...document.querySelectorAll('.requirement, .no-match')]\
                      .filter(one => one.checkVisibility()).map(one => one.id || 'none'); \
                      const said = {}; said.all = seen().length; \
                      document.querySelector('#standing-failed').click(); said.failed = seen(); \
                      document.querySelector('#level-optional').click(); said.both = seen(); \
                      document.title = 'SAID ' + JSON.stringify(said);";

#[test]
fn the_page_renders_prints_and_filters() {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let file = workspace.path("proofmark-out/report.html");
    let Some(page) = browser(&["--dump-dom", &address(&file)]) else { return };
    let page = String::from_utf8(page).unwrap();
    assert!(page.contains("Not conformant with Care Connect API 1.3.0 (draft)"), "no verdict on the page");
    assert!(page.contains("CC-GEN-002"));
    let print = workspace.path("report.pdf");
    browser(&[&format!("--print-to-pdf={}", print.display()), &address(&file)]);
    assert!(std::fs::read(&print).unwrap().starts_with(b"%PDF"), "the page does not print");
    let seen = asked(&file, 1280, &[FILTER]).unwrap();
    assert!(seen["all"].as_u64().unwrap() > 100, "{seen}");
    assert_eq!(seen["failed"], serde_json::json!(["CC-GEN-002"]));
    assert_eq!(seen["both"], serde_json::json!(["none"]), "it is said that no requirement is both");
}

#[test]
fn the_pages_can_be_read_by_all() {
    let Some(axe) = axe() else { return };
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let ended = workspace.run(&["demo", "--out", "other"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let compare =
        ["compare", "proofmark-out", "other", "--report", "html=compared/page.html", "--despite-differences"];
    std::fs::create_dir(workspace.path("compared")).unwrap();
    let ended = workspace.run(&compare);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    for page in ["proofmark-out/report.html", "compared/page.html"] {
        let page = workspace.path(page);
        for width in [1280, 320] {
            let Some(found) = asked(&page, width, &[&axe, AXE]) else { return };
            assert_eq!(found, serde_json::json!([]), "{} at {width} px", page.display());
        }
        let wide = asked(&page, 320, &[WIDTH]).unwrap();
        assert!(wide[0].as_u64() <= wide[1].as_u64(), "{}: {wide}", page.display());
    }
}
