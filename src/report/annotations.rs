//! What failed as workflow commands of GitHub Actions, which shows them beside the change.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::case::Index;
use super::facts;
use super::notices;
use super::standing::Standing;
use crate::inert::{one_line, value};
use crate::run::{RequirementResult, RunRecord};

/// How many annotations a step may have of each level; GitHub shows no more.
const MOST: usize = 10;

/// One line for each mandatory requirement that failed, as an error, and each advisory one or waived one, as a warning.
#[must_use]
pub fn render(record: &RunRecord) -> String {
    let index = Index::new(record);
    let mut text = String::new();
    // First, since GitHub shows no more than ten warnings.
    let notices = notices::of(record);
    for notice in &notices {
        text.push_str(&format!("::warning title={}::{}\n", property(notice.label), data(&notice.text)));
    }
    let (mut errors, mut warnings) = (0, notices.len());
    for requirement in &record.requirements {
        let known = record.baseline.is_some() && requirement.baseline == Some(requirement.outcome);
        let (level, count) = match Standing::of(requirement) {
            Standing::Failed if !known => ("error", &mut errors),
            Standing::Failed | Standing::FailedAdvisory | Standing::Waived => ("warning", &mut warnings),
            Standing::Inconclusive | Standing::NotDemonstrated if !known => ("warning", &mut warnings),
            _ => continue,
        };
        *count += 1;
        if *count <= MOST {
            text.push_str(&line(level, &index, requirement));
        }
    }
    for (level, count) in [("error", errors), ("warning", warnings)] {
        if count > MOST {
            text.push_str(&format!("::notice::{} more of level {level} are in the report\n", count - MOST));
        }
    }
    for standard in &record.standards {
        text.push_str(&format!("::notice::{}\n", data(&standard.sentence)));
    }
    text
}

fn line(level: &str, index: &Index<'_>, requirement: &RequirementResult) -> String {
    let standing = Standing::of(requirement).words();
    let why = facts::why_of(index, requirement).unwrap_or_default();
    let title = format!("{} {} {standing}", requirement.id, requirement.level);
    format!("::{level} title={}::{} {}\n", property(&title), data(&requirement.text), data(&value(&why)))
}

/// Text behind the `::` of a command.
fn data(text: &str) -> String {
    one_line(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn what_failed_is_a_command_a_line() {
        let text = render(&record());
        assert!(text.starts_with("::error title="), "{text}");
        assert!(
            text.lines()
                .all(|line| ["::error", "::warning", "::notice"].iter().any(|one| line.starts_with(one)))
        );
    }

    #[test]
    fn what_has_to_be_known_beside_the_verdict_is_a_warning() {
        let text = render(&crate::report::tests::noticed());
        assert!(
            text.starts_with("::warning title=Chosen::scenarios read*\n::warning title=Flaky::1 request was")
        );
        assert_eq!(text.matches("::warning title=Baseline::the baseline is a run ").count(), 3, "{text}");
    }

    #[test]
    fn nothing_from_outside_is_a_command() {
        assert_eq!(data("a\n::error::b % c"), "a ::error::b %25 c");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
