//! What every page must meet: no barrier that axe-core knows, nothing to scroll sideways, all of it worked by keyboard,
//! colours forced by the reader, heads of tables on every sheet.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::Browser;
use crate::workspace::skipped;

/// What is asked of a page.
const QUESTIONS: &str = include_str!("demands.js");

/// axe-core, where whoever runs the tests has put it.
fn axe() -> Option<String> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/axe.min.js");
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        skipped("target/axe.min.js is not there");
    }
    text
}

/// Holds a page to all of it.
pub(super) fn hold(browser: &mut Browser, page: &Path) {
    let name = page.display();
    for width in [1280, 320] {
        browser.open(page, "", width);
        browser.ask(QUESTIONS);
        by_keyboard(browser, page);
        browser.ask("unfold()");
        assert_eq!(browser.ask("tooWide()"), 0, "{name} is too wide for {width} px");
        if let Some(axe) = axe() {
            browser.ask(&axe);
            assert_eq!(browser.ask("barriers()"), json!([]), "{name} at {width} px");
        }
    }
    browser.medium("screen", &[("forced-colors", "active")]);
    assert_eq!(browser.ask("matchMedia('(forced-colors: active)').matches"), true);
    assert_eq!(browser.ask("unseen()"), json!([]), "{name}: not seen where colours are forced");
    browser.medium("print", &[]);
    assert_eq!(browser.ask("unrepeated()"), json!([]), "{name}: shown once on paper");
    browser.medium("", &[]);
}

/// The keyboard alone comes to everything that can be worked.
fn by_keyboard(browser: &mut Browser, page: &Path) {
    let stops = browser.ask("awaitFocus()").as_u64().unwrap();
    // A frame that has to be scrolled may be a stop of its own.
    for _ in 0..stops + 5 {
        browser.press("Tab");
    }
    assert_eq!(browser.ask("notComeTo()"), json!([]), "{}: the keyboard does not come to it", page.display());
}
