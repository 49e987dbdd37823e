//! The selfcheck as text for a terminal of 80 columns: what is left to do first, then the matrix.

use crate::report::Style;
use crate::report::terminal::layout::{Page, counted};
use crate::report::terminal::style::{BOLD, FAINT, GREEN, RED, YELLOW};
use crate::selfcheck::{FaultResult, SelfCheck, VariationResult, WrongCheck};

/// How many checks of one fault or variation are named; the rest are counted.
const CHECKS: usize = 3;

/// The selfcheck as text.
#[must_use]
pub fn render(found: &SelfCheck, style: Style) -> String {
    let mut page = Page::new(style);
    head(&mut page, found);
    let lives: Vec<&FaultResult> = found.matrix.iter().filter(|fault| !fault.caught).collect();
    if !lives.is_empty() {
        page.heading("Faults that live");
        for fault in lives {
            page.hanging(&[RED], "✗", &format!("{}: {}", fault.name, fault.title));
            page.indented(4, &format!("breaks {}, and no check failed", fault.breaks.join(", ")));
        }
    }
    if !found.checks_that_never_fail.is_empty() {
        page.heading("Checks that no fault makes fail");
        for row in found.by_check.iter().filter(|row| row.failed_by.is_empty()) {
            page.hanging(&[YELLOW], "·", &row.id);
            page.indented(4, &row.checked);
        }
    }
    alarms(&mut page, found);
    let otherwise: Vec<&FaultResult> = found
        .matrix
        .iter()
        .filter(|fault| fault.caught && !(fault.missed.is_empty() && fault.unexpected.is_empty()))
        .collect();
    if !otherwise.is_empty() {
        page.heading("Faults that fail other requirements than they say");
        for fault in otherwise {
            page.hanging(&[YELLOW], "·", &fault.name);
            list(&mut page, "did not fail:", &fault.missed);
            list(&mut page, "failed besides:", &fault.unexpected);
        }
    }
    page.heading("Faults, and the checks that catch them");
    for fault in found.matrix.iter().filter(|fault| fault.caught) {
        page.hanging(&[GREEN], "✓", &format!("{}: {}", fault.name, fault.title));
        wrong(&mut page, &fault.caught_by, false);
        if !fault.turned.is_empty() {
            let cases = counted(fault.turned.len(), "case is", "cases are");
            page.indented(4, &format!("{cases} not shown any more, which alone is not caught"));
        }
    }
    let variations: Vec<&VariationResult> =
        found.by_variation.iter().filter(|one| !found.false_alarms.contains(&one.name)).collect();
    page.heading("Conformant variations in which nothing fails");
    for variation in variations {
        page.hanging(&[GREEN], "✓", &format!("{}: {}", variation.name, variation.title));
    }
    if !found.not_shown.is_empty() {
        page.heading("Cases that the reference supplier does not show");
        for case in &found.not_shown {
            let reason = case.reason.as_deref().unwrap_or_default();
            page.hanging(&[FAINT], "·", &format!("{}: {} {reason}", case.case, case.outcome));
        }
    }
    page.finish()
}

fn head(page: &mut Page, found: &SelfCheck) {
    let standard = &found.standard;
    let (ink, sign) = if found.is_proved() { (GREEN, "✓") } else { (RED, "✗") };
    page.hanging(&[BOLD, ink], sign, super::sentence(found));
    page.blank();
    page.row("Standard", &format!("{} {}", standard.title, standard.version));
    page.row("Faults", &format!("{} of {} caught", found.caught, found.faults));
    let never = if found.complete {
        format!("{} of them are failed by no fault", found.checks_that_never_fail.len())
    } else {
        "which of them never fail is told when all faults are run".to_owned()
    };
    page.row("Checks", &format!("{}; {never}", found.checks));
    // The supplier as it is can give an alarm too, and is no variation.
    let alarms = found.false_alarms.len();
    page.row(
        "Variations",
        &format!("{}; {}", found.variations, counted(alarms, "false alarm", "false alarms")),
    );
}

fn alarms(page: &mut Page, found: &SelfCheck) {
    if found.false_alarms.is_empty() {
        return;
    }
    page.heading("False alarms");
    for one in found.by_variation.iter().filter(|one| found.false_alarms.contains(&one.name)) {
        page.hanging(&[RED], "✗", &format!("{}: {}", one.name, one.title));
        wrong(page, &one.wrong, true);
        list(page, "requirements:", &one.failed);
        list(page, "left open:", &one.open);
    }
}

fn wrong(page: &mut Page, checks: &[WrongCheck], in_full: bool) {
    for check in checks.iter().take(CHECKS) {
        page.indented(4, &check.id);
        if in_full {
            let found = check.actual.as_deref().unwrap_or("nothing");
            page.indented(6, &format!("in {}: {}; found: {found}", check.case, check.checked));
        }
    }
    if checks.len() > CHECKS {
        page.indented(4, &format!("and {} more", checks.len() - CHECKS));
    }
}

fn list(page: &mut Page, label: &str, ids: &[String]) {
    if !ids.is_empty() {
        page.indented(4, &format!("{label} {}", ids.join(", ")));
    }
}
