//! Pages on paper: heads of tables on every sheet that a table goes over, and what is folded.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::Browser;
use crate::workspace::{Workspace, skipped};

/// The text of each sheet of a PDF, where there is a program that reads it.
pub(super) fn sheets(pdf: &[u8]) -> Option<Vec<String>> {
    assert!(pdf.starts_with(b"%PDF"));
    let program = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut program) = program else {
        skipped("pdftotext is not installed");
        return None;
    };
    program.stdin.take().unwrap().write_all(pdf).unwrap();
    let text = String::from_utf8(program.wait_with_output().unwrap().stdout).unwrap();
    Some(text.split_terminator('\u{c}').map(str::to_owned).collect())
}

#[test]
fn heads_of_tables_are_on_every_sheet() {
    let Some(mut browser) = Browser::start() else { return };
    let workspace = Workspace::new();
    for out in ["one", "two"] {
        assert_eq!(workspace.run(&["demo", "--out", out]).code, 0);
    }
    let ended = workspace.run(&["compare", "one", "two", "--report", "html=bids.html"]);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    browser.open(&workspace.path("bids.html"), "", 1280);
    let Some(sheets) = sheets(&browser.printed()) else { return };
    let with_rows = |sheet: &&String| sheet.contains("CC-SRCH-");
    let searching: Vec<&String> = sheets.iter().filter(with_rows).collect();
    assert!(searching.len() > 1, "the table of searches goes over one sheet only");
    for sheet in searching {
        let head = sheet.find("Requirement").unwrap_or_else(|| panic!("no head on the sheet:\n{sheet}"));
        assert!(head < sheet.rfind("CC-SRCH-").unwrap(), "{sheet}");
    }
    for (number, sheet) in sheets.iter().enumerate() {
        let last = sheet.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default();
        assert!(!last.contains("Requirement"), "a head stands alone at the foot of sheet {}", number + 1);
    }
}
