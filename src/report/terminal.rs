//! The report as text for a terminal of 80 columns: the answer first, then what to mend.

pub(super) mod layout;
pub(super) mod style;

use layout::{Page, counted};
pub use style::Style;
use style::{BOLD, FAINT, GREEN, RED, YELLOW};

use super::capability;
use super::case::{Case, Index};
use super::changes::Changes;
use super::facts;
use super::notices;
use super::open;
use super::standing::{Standing, verdict_symbol};
use crate::check::Outcome;
use crate::inert::{one_line, value};
use crate::run::{RequirementResult, RunRecord, StandardResult, Verdict};

/// How many cases of one failed requirement are printed in full; the rest are counted.
const CASES: usize = 3;
/// How many ids a list names; the rest are counted.
const IDS: usize = 24;

/// The report as text.
#[must_use]
pub fn render(record: &RunRecord, style: Style) -> String {
    let index = Index::new(record);
    let mut page = Page::new(style);
    for standard in &record.standards {
        answer(&mut page, standard);
    }
    run(&mut page, record);
    changes(&mut page, &index);
    failures(&mut page, &index);
    waived(&mut page, &index);
    advisory(&mut page, &index);
    open(&mut page, &index);
    declarations(&mut page, &index);
    page.finish()
}

fn answer(page: &mut Page, standard: &StandardResult) {
    let ink = match standard.verdict {
        Verdict::Conformant => GREEN,
        Verdict::NotConformant => RED,
        Verdict::ConformantWithWaivers | Verdict::Incomplete => YELLOW,
    };
    page.hanging(&[BOLD, ink], verdict_symbol(standard.verdict), &one_line(&standard.sentence));
    page.blank();
    let counts = standard.counts;
    let maturity = format!("{}: {}", standard.maturity.status, one_line(&standard.maturity.label));
    let mut mandatory = format!(
        "{} apply: {} passed, {} failed, {} open",
        counts.mandatory, counts.mandatory_passed, counts.mandatory_failed, counts.mandatory_open
    );
    if counts.mandatory_waived > 0 {
        mandatory.push_str(&format!(", {} waived", counts.mandatory_waived));
    }
    let standard_name = format!("{} {}, as {}", standard.title, standard.version, standard.role);
    page.row("Standard", &one_line(&standard_name));
    page.row("Maturity", &maturity);
    page.row("Verdict", &standard.verdict.to_string());
    page.row("Mandatory", &mandatory);
    for part in standard.capabilities.values() {
        let counts = capability::counts(part).map_or_else(String::new, |counts| format!(": {counts}"));
        let words =
            format!("{} {}, {}{counts}", capability::symbol(part), part.title, capability::verdict(part));
        page.row("Capability", &one_line(&words));
    }
    if counts.advisory_failed > 0 {
        page.row("Advisory", &format!("{} failed; this does not decide", counts.advisory_failed));
    }
    if counts.not_applicable > 0 {
        page.row("Not applicable", &counts.not_applicable.to_string());
    }
}

fn run(page: &mut Page, record: &RunRecord) {
    page.row("Endpoint", &one_line(&record.endpoint.url));
    for notice in notices::of(record) {
        page.row(notice.label, &notice.text);
    }
}

/// What came out otherwise than in the baseline run.
fn changes(page: &mut Page, index: &Index<'_>) {
    let Some(baseline) = &index.record.baseline else { return };
    page.heading(&format!("Since the run of {}", one_line(&baseline.started)));
    let changes = Changes::of(index.record);
    let mut none = true;
    for (title, ids) in changes.parts().into_iter().filter(|(_, ids)| !ids.is_empty()) {
        page.indented(2, &format!("{title}: {}", list(ids)));
        none = false;
    }
    if none {
        page.indented(2, "nothing failed that passed, and nothing was mended");
    }
}

fn waived(page: &mut Page, index: &Index<'_>) {
    let requirements = index.record.requirements.iter().filter(|one| one.waiver.is_some());
    let waived: Vec<&RequirementResult> = requirements.collect();
    if waived.is_empty() {
        return;
    }
    page.heading(&counted(waived.len(), "waiver", "waivers"));
    for requirement in waived {
        requirement_head(page, requirement, YELLOW);
        page.indented(4, &value(&requirement.text));
        page.indented(4, &facts::waiver(requirement).unwrap_or_default());
    }
}

fn failures(page: &mut Page, index: &Index<'_>) {
    let failed = with_standing(index, Standing::Failed);
    if failed.is_empty() {
        return;
    }
    page.heading(&counted(failed.len(), "mandatory requirement failed", "mandatory requirements failed"));
    for requirement in failed {
        requirement_head(page, requirement, RED);
        page.indented(4, &value(&requirement.text));
        page.field(4, "clause", &facts::clause(&requirement.clause), true);
        let cases = failed_cases(index, requirement);
        for case in cases.iter().take(CASES) {
            page.blank();
            page.painted(4, BOLD, &one_line(&case.scenario.id));
            for (at, check) in facts::of_case(index, case).iter().enumerate() {
                if at > 0 {
                    page.blank();
                }
                for fact in check {
                    page.field(6, fact.label, &fact.text, fact.verbatim);
                }
            }
        }
        if cases.len() > CASES {
            page.blank();
            let rest: Vec<&str> = cases[CASES..].iter().map(|case| case.scenario.id.as_str()).collect();
            page.indented(4, &format!("It fails in {} more: {}", rest.len(), list(&rest)));
        }
    }
}

fn advisory(page: &mut Page, index: &Index<'_>) {
    let failed = with_standing(index, Standing::FailedAdvisory);
    if failed.is_empty() {
        return;
    }
    page.heading(&counted(failed.len(), "advisory requirement failed", "advisory requirements failed"));
    page.indented(2, "These do not decide the verdict.");
    for requirement in failed {
        requirement_head(page, requirement, YELLOW);
        page.indented(4, &value(&requirement.text));
        let cases = failed_cases(index, requirement);
        let Some(first) = cases.first() else { continue };
        let mut places = 0;
        for fact in facts::of_case(index, first).into_iter().next().unwrap_or_default() {
            places += usize::from(fact.label == "at");
            if matches!(fact.label, "checked" | "expected" | "found" | "hint")
                || fact.label == "at" && places == 1
            {
                page.field(6, fact.label, &fact.text, false);
            }
        }
        let scenarios: Vec<&str> = cases.iter().map(|case| case.scenario.id.as_str()).collect();
        page.field(6, "in", &list(&scenarios), false);
    }
}

fn open(page: &mut Page, index: &Index<'_>) {
    let groups = open::groups(index);
    if groups.is_empty() {
        return;
    }
    page.heading("Not shown, and why");
    for group in &groups {
        let aside = if group.decides { "" } else { " (advisory)" };
        let ids: Vec<&str> = group.requirements.iter().map(|requirement| requirement.id.as_str()).collect();
        let scenarios = match group.scenarios.len() {
            0 => String::new(),
            count => format!(" in {}", counted(count, "scenario", "scenarios")),
        };
        let extent = format!("{}{scenarios}", counted(ids.len(), "requirement", "requirements"));
        page.blank();
        let words = format!("{}{aside}: {}", group.standing.words(), value(&group.reason));
        page.hanging(&[YELLOW], group.standing.symbol(), &words);
        page.indented(4, &format!("{extent}: {}", list(&ids)));
    }
}

fn declarations(page: &mut Page, index: &Index<'_>) {
    let awaited = with_standing(index, Standing::ToBeDeclared);
    if awaited.is_empty() {
        return;
    }
    page.heading(&counted(awaited.len(), "requirement to be declared", "requirements to be declared"));
    page.indented(2, "No test from outside can show these; they do not change this verdict.");
    let ids: Vec<&str> = awaited.iter().map(|requirement| requirement.id.as_str()).collect();
    page.indented(2, &list(&ids));
}

fn requirement_head(page: &mut Page, requirement: &RequirementResult, ink: &'static str) {
    let standing = Standing::of(requirement);
    let mut notes = vec![requirement.level.to_string()];
    if requirement.implied {
        notes.push("our reading of the level".to_owned());
    }
    if requirement.level.is_mandatory() && !requirement.binding {
        notes.push(format!("not binding: rests on a {} part", requirement.maturity));
    }
    page.blank();
    page.parts(&[
        (&[BOLD, ink], &format!("  {} {}", standing.symbol(), one_line(&requirement.id))),
        (&[FAINT], &format!("  {}", notes.join(", "))),
    ]);
}

fn with_standing<'r>(index: &Index<'r>, standing: Standing) -> Vec<&'r RequirementResult> {
    let requirements = &index.record.requirements;
    requirements.iter().filter(|requirement| Standing::of(requirement) == standing).collect()
}

fn failed_cases<'r>(index: &Index<'r>, requirement: &RequirementResult) -> Vec<Case<'r>> {
    let cases = index.cases(requirement);
    cases.into_iter().filter(|case| case.outcome == Outcome::Fail).collect()
}

fn list(ids: &[&str]) -> String {
    let named = ids[..ids.len().min(IDS)].iter().map(|id| one_line(id)).collect::<Vec<_>>().join(", ");
    if ids.len() > IDS { format!("{named} and {} more", ids.len() - IDS) } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn it_fits_80_columns_but_for_what_is_to_be_copied() {
        for line in render(&record(), Style { color: false }).lines() {
            let copied = ["repeat", "evidence", "clause"];
            let is_copied = copied.iter().any(|label| line.trim_start().starts_with(label));
            assert!(is_copied || line.chars().count() <= 80, "{line}");
        }
    }

    #[test]
    fn colour_only_adds_styles() {
        let plain = render(&record(), Style { color: false });
        let coloured = render(&record(), Style { color: true });
        assert!(!plain.contains('\u{1b}'));
        assert!(coloured.contains("\u{1b}[1m"));
        assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
    }

    #[test]
    fn one_cause_is_told_once() {
        let text = render(&record(), Style { color: false });
        assert_eq!(text.matches("connection refused").count(), 1, "{text}");
    }
}
