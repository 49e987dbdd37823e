//! The report in short as Markdown, for a pull request or the summary of a build.

use super::capability;
use super::case::Index;
use super::changes::Changes;
use super::facts;
use super::notices;
use super::open;
use super::standing::{Standing, verdict_symbol};
use crate::inert::value;
use crate::run::{RequirementResult, RunRecord, StandardResult};

/// How many requirements of one table are listed; the rest are counted. A build's summary has a bound of its own.
const ROWS: usize = 200;

/// The report as Markdown.
#[must_use]
pub fn render(record: &RunRecord) -> String {
    let index = Index::new(record);
    let mut text = String::new();
    for standard in &record.standards {
        answer(&mut text, standard);
    }
    for notice in notices::of(record) {
        text.push_str(&format!("\n**{}**: {}\n", notice.label, inline(&notice.text)));
    }
    changes(&mut text, record);
    let of = |standing| -> Vec<&RequirementResult> {
        record.requirements.iter().filter(|one| Standing::of(one) == standing).collect()
    };
    table(&mut text, &index, "Failed", &of(Standing::Failed));
    table(&mut text, &index, "Failed, but advisory", &of(Standing::FailedAdvisory));
    waivers(&mut text, record);
    not_shown(&mut text, &index);
    text.push_str(&format!(
        "\nEndpoint `{}`, tested {}.\n",
        code(&record.endpoint.url),
        inline(&record.started)
    ));
    text
}

fn answer(text: &mut String, standard: &StandardResult) {
    let counts = standard.counts;
    text.push_str(&format!("## {} {}\n\n", verdict_symbol(standard.verdict), inline(&standard.sentence)));
    text.push_str("| mandatory | passed | failed | open | waived | advisory, failed | to be declared |\n");
    text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
    text.push_str(&format!(
        "| {} | {} | {} | {} | {} | {} | {} |\n",
        counts.mandatory,
        counts.mandatory_passed,
        counts.mandatory_failed,
        counts.mandatory_open,
        counts.mandatory_waived,
        counts.advisory_failed,
        counts.to_be_declared
    ));
    if standard.capabilities.is_empty() {
        return;
    }
    text.push_str("\n| capability | verdict | requirements |\n| --- | --- | --- |\n");
    for part in standard.capabilities.values() {
        text.push_str(&format!(
            "| {} | {} {} | {} |\n",
            inline(&part.title),
            capability::symbol(part),
            capability::verdict(part),
            capability::counts(part).unwrap_or_default()
        ));
    }
}

fn changes(text: &mut String, record: &RunRecord) {
    let Some(baseline) = &record.baseline else { return };
    text.push_str(&format!("\n### Since the run of {}\n\n", inline(&baseline.started)));
    let changes = Changes::of(record);
    let mut none = true;
    for (title, ids) in changes.parts().into_iter().filter(|(_, ids)| !ids.is_empty()) {
        let ids: Vec<String> = ids.iter().map(|id| format!("`{}`", code(id))).collect();
        text.push_str(&format!("- {title}: {}\n", ids.join(", ")));
        none = false;
    }
    if none {
        text.push_str("Nothing failed that passed, and nothing was mended.\n");
    }
}

fn table(text: &mut String, index: &Index<'_>, title: &str, requirements: &[&RequirementResult]) {
    if requirements.is_empty() {
        return;
    }
    text.push_str(&format!(
        "\n### {title} ({})\n\n| requirement | what it says | why |\n| --- | --- | --- |\n",
        requirements.len()
    ));
    for requirement in requirements.iter().take(ROWS) {
        let why = facts::why_of(index, requirement).unwrap_or_default();
        let known = if requirement.baseline == Some(requirement.outcome) { " (known)" } else { "" };
        text.push_str(&format!(
            "| `{}` {}{known} | {} | {} |\n",
            code(&requirement.id),
            requirement.level,
            inline(&requirement.text),
            inline(&why)
        ));
    }
    if requirements.len() > ROWS {
        text.push_str(&format!("\n… and {} more\n", requirements.len() - ROWS));
    }
}

fn waivers(text: &mut String, record: &RunRecord) {
    let lines: Vec<String> = record
        .requirements
        .iter()
        .filter_map(|one| Some(format!("- `{}`: {}\n", code(&one.id), inline(&facts::waiver(one)?))))
        .collect();
    if !lines.is_empty() {
        text.push_str(&format!("\n### Waivers ({})\n\n{}", lines.len(), lines.concat()));
    }
}

fn not_shown(text: &mut String, index: &Index<'_>) {
    let groups = open::groups(index);
    if groups.is_empty() {
        return;
    }
    text.push_str("\n### Not shown, and why\n\n");
    for group in groups.iter().take(ROWS) {
        let ids: Vec<String> = group.requirements.iter().map(|one| format!("`{}`", code(&one.id))).collect();
        text.push_str(&format!(
            "- {}: {} ({})\n",
            group.standing.words(),
            inline(&group.reason),
            ids.join(", ")
        ));
    }
}

/// Text that is nothing but text in Markdown, on one line, in a table or out of it.
fn inline(text: &str) -> String {
    let mut escaped = String::new();
    for letter in value(text).chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // An at sign would call for somebody's attention, a hash mark for an issue's.
            '@' | '#' => escaped.push_str(&format!("&#{};", u32::from(letter))),
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '!' | '|' | '~' | '{' | '}' | ':' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}

/// Text between backticks, which cannot end them.
fn code(text: &str) -> String {
    value(text).replace('`', "'").replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_to_be_known_beside_the_verdict_is_said() {
        let text = render(&crate::report::tests::noticed());
        for said in [
            "**Chosen**: scenarios read\\*",
            "**Flaky**: 1 request was answered only when repeated, after failing, in ",
            "**Terminology**: https\\://tx.example.org/r4/ \\(Example Terminology 2.1\\) was asked about 12 codes that",
            "**Baseline**: the baseline is a run by the standard example&#64;1.2.0, and this one by",
            "**Baseline**: the baseline is a run of the endpoint https\\://other.example.org/STU3, and",
            "**Baseline**: the baseline is a run of the product Another Server, and this one of the product Record",
        ] {
            assert!(text.contains(said), "{said} in {text}");
        }
    }

    #[test]
    fn nothing_from_outside_is_markup() {
        assert_eq!(inline("<b>|[a](javascript:x)@you\n"), "&lt;b&gt;\\|\\[a\\]\\(javascript\\:x\\)&#64;you ");
        assert_eq!(code("a`b|c"), "a'b\\|c");
    }
}
