//! The report: what it says, and its filters, worked by the keyboard alone and on paper.

use std::path::PathBuf;

use serde_json::json;

use super::Browser;
use super::print::sheets;
use crate::workspace::Workspace;

/// The requirements that are seen, or that it is said that there is none.
const SEEN: &str = "[...document.querySelectorAll('.requirement, .no-match')] \
                    .filter(one => one.checkVisibility()).map(one => one.id || 'none')";

fn report() -> (Workspace, PathBuf) {
    let workspace = Workspace::new();
    let ended = workspace.run(&["demo", "--fault", "missing-official-name"]);
    assert_eq!(ended.code, 1, "{}", ended.stderr);
    let page = workspace.path("proofmark-out/report.html");
    (workspace, page)
}

/// Presses a key until something is so.
fn press_until(browser: &mut Browser, key: &str, script: &str) {
    let mut steps = 0;
    while browser.ask(script) != true {
        browser.press(key);
        steps += 1;
        assert!(steps < 30, "{key} does not lead to {script}");
    }
}

/// Goes from the top by the menu to the filters, and within a group until a button is chosen.
fn choose(browser: &mut Browser, group: &str, wanted: &str) {
    press_until(browser, "Tab", "document.activeElement.getAttribute('href') === '#requirements'");
    browser.press("Enter");
    press_until(browser, "Tab", &format!("document.activeElement.name === '{group}'"));
    let chosen = format!("document.activeElement.id === '{wanted}' && document.activeElement.checked");
    press_until(browser, "ArrowRight", &chosen);
}

#[test]
fn requirements_are_filtered_by_keyboard_and_all_are_printed() {
    let Some(mut browser) = Browser::start() else { return };
    let (_workspace, page) = report();
    browser.open(&page, "", 1280);
    let text = browser.ask("document.body.innerText");
    assert!(text.as_str().unwrap().contains("Not conformant with Care Connect API 1.3.0 (draft)"), "{text}");
    let all = browser.ask(SEEN);
    assert!(all.as_array().unwrap().len() > 100, "{all}");
    choose(&mut browser, "standing", "standing-failed");
    assert_eq!(browser.ask(SEEN), json!(["CC-GEN-002"]));
    press_until(&mut browser, "Tab", "document.activeElement.name === 'level'");
    press_until(&mut browser, "ArrowRight", "document.activeElement.id === 'level-optional'");
    assert_eq!(browser.ask(SEEN), json!(["none"]), "it is said that no requirement is both");
    browser.medium("print", &[]);
    assert_eq!(browser.ask(SEEN), all, "what is filtered is printed all the same");
    let Some(sheets) = sheets(&browser.printed()) else { return };
    let text = sheets.concat();
    for id in all.as_array().unwrap() {
        assert!(text.contains(id.as_str().unwrap()), "{id} is not on paper");
    }
    // What is folded: the evidence of what failed, down to what was received.
    for words in ["Received", "To repeat it, secrets left out", "Expected"] {
        assert!(text.contains(words), "«{words}» is not on paper");
    }
}
