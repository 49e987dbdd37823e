//! The site: the same bytes each time, whatever names try, and a search that works in a browser.

use std::collections::BTreeMap;

use super::shelf::{About, Shelf};
use crate::pages::Browser;

const DAY: &str = "2026-11-20";

/// All files of the register.
fn files(shelf: &Shelf) -> BTreeMap<String, Vec<u8>> {
    let folder = proofmark::files::Folder::Disk(shelf.workspace.path("reg"));
    let names = folder.files().unwrap();
    names.into_iter().map(|name| (name.clone(), folder.read(&name).unwrap().into_owned())).collect()
}

#[test]
fn the_same_register_gives_the_same_bytes() {
    let shelf = Shelf::new();
    shelf.listed(&About::default(), "2026-02-01");
    shelf.build(DAY);
    let first = files(&shelf);
    for name in [
        "index.html",
        "register.json",
        "register.csv",
        "events.atom",
        "search-data.js",
        "keys.html",
        "style.css",
    ] {
        assert!(first.contains_key(name), "{name}");
    }
    shelf.build("2027-03-01");
    let later = files(&shelf);
    assert!(first != later, "it expired in the meantime");
    shelf.build(DAY);
    assert!(first == files(&shelf));
    let schema = schemars::schema_for!(proofmark::report::register::RegisterDocument).to_value();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = shelf.workspace.json("reg/register.json");
    let errors: Vec<String> = validator.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn no_name_is_markup_nor_a_formula_nor_a_path() {
    let shelf = Shelf::new();
    let hostile = About {
        supplier: "=HYPERLINK(\"https://example.org\")",
        product: "</script><script>alert(1)</script>../../x\u{202e}",
        version: "<img src=x onerror=alert(2)>",
        ..About::default()
    };
    let id = shelf.listed(&hostile, "2026-02-01");
    let reason = "<b>]]></content><script>alert(3)</script>";
    shelf.added(&["--event", "nonconformity", "--entry", &id, "--reason", reason]);
    shelf.build(DAY);
    for (name, bytes) in files(&shelf) {
        if name.starts_with("certificates/") || name.starts_with("events/") || name == "register.json" {
            continue;
        }
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            name == "register.csv" || !["<script>", "<img", "<b>"].iter().any(|markup| text.contains(markup)),
            "{name}: {text}"
        );
        if name == "events.atom" || text.starts_with("<!DOCTYPE html>") {
            let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
            roxmltree::Document::parse_with_options(&text, options)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        if name == "register.csv" {
            assert!(text.contains("\"'=HYPERLINK(\"\"https://example.org\"\")\""), "{text}");
        }
        if let Some(page) = name.strip_prefix("products/") {
            assert!(page.starts_with("script-script-alert-1-script-x-hyperlink-https"), "{page}");
        }
    }
    let escaped = shelf.run(&["register", "list", "reg", "--at", DAY]).stdout;
    assert!(escaped.contains("‹U+202E›") && !escaped.contains('\u{202e}'), "{escaped}");
}

#[test]
fn listings_are_chosen() {
    let shelf = Shelf::new();
    let about = About {
        product: "Charts",
        standard_version: "2.0.0",
        signers: &["supplier", "witness"],
        until: "2026-03-31",
        ..About::default()
    };
    shelf.listed(&about, "2026-02-01");
    let (_, file) = shelf.certificate(&About::default());
    shelf.added(&[&file, "--care-setting", "hospital"]);
    let chosen = |more: &[&str]| {
        let mut all = vec!["register", "list", "reg", "--at", DAY, "--format", "csv"];
        all.extend(more);
        let ended = shelf.run(&all);
        assert_eq!(ended.code, 0, "{}", ended.stderr);
        let rows = ended.stdout.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
        rows.collect::<Vec<_>>()
    };
    assert_eq!(chosen(&[]), ["Charts", "Records"]);
    for (option, value, expected) in [
        ("--search", "records example", "Records"),
        ("--standard", "tiny@2.0.0", "Charts"),
        ("--care-setting", "hospital", "Records"),
        ("--assurance", "witnessed", "Charts"),
        ("--state", "expired", "Charts"),
    ] {
        assert_eq!(chosen(&[option, value]), [expected], "{option} {value}");
    }
    assert_eq!(chosen(&["--standard", "tiny", "--role", "server", "--maturity", "draft"]).len(), 2);
    assert!(chosen(&["--role", "client"]).is_empty());
    let ended = shelf.run(&["register", "list", "reg", "--role", "srever"]);
    assert!(ended.code == 2 && ended.stderr.contains("expected one of `server`"), "{}", ended.stderr);
}

#[test]
fn the_page_is_searched_in_a_browser() {
    let shelf = Shelf::new();
    for number in 0..120 {
        let version = number.to_string();
        let standard_version = if number % 3 == 0 { "1.0.0" } else { "2.0.0" };
        shelf.listed(&About { version: &version, standard_version, ..About::default() }, "2026-02-01");
    }
    shelf.build(DAY);
    let without_script = shelf.workspace.read("reg/index.html");
    assert_eq!(without_script.matches("<tr><th scope=\"row\">").count(), 50);
    assert!(without_script.contains("href=\"list-0003.html\""));
    assert!(shelf.workspace.read("reg/list-0003.html").contains("Listings 101 to 120 of 120"));
    let Some(mut browser) = Browser::start() else { return };
    let index = shelf.workspace.path("reg/index.html");
    let shown = "document.querySelector('#shown').textContent";
    browser.open(&index, "#version=1.0.0&text=records+11", 1280);
    // 11 itself is of the other version, as are 110, 112, 113, 115, 116, 118 and 119.
    assert_eq!(browser.ask(shown), "Listings 1 to 3 of 3");
    assert_eq!(browser.ask("document.querySelector('#search').hidden"), false);
    // By the keyboard alone: a version of the standard is chosen, then a word is written.
    browser.open(&index, "", 1280);
    let to = |browser: &mut Browser, id: &str| {
        let mut steps = 0;
        while browser.ask("document.activeElement.id") != id {
            browser.press("Tab");
            steps += 1;
            assert!(steps < 100, "the keyboard does not come to {id}");
        }
    };
    to(&mut browser, "text");
    for digit in ["1", "1"] {
        browser.press(digit);
    }
    to(&mut browser, "version");
    browser.press("ArrowDown");
    assert_eq!(browser.ask("document.querySelector('#version').value"), "1.0.0");
    assert_eq!(browser.ask(shown), "Listings 1 to 3 of 3");
    while browser.ask("document.activeElement.type") != "reset" {
        browser.press("Tab");
    }
    browser.press("Enter");
    let settled = "new Promise(done => setTimeout(() => done(document.querySelector('#shown').textContent)))";
    assert_eq!(browser.ask(settled), "Listings 1 to 50 of 120");
    while browser.ask("document.activeElement.textContent") != "Next" {
        browser.press("Tab");
    }
    browser.press("Space");
    assert_eq!(browser.ask(shown), "Listings 51 to 100 of 120");
}
