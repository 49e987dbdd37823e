//! What a reader has to know of a run beside its verdict: that it was a part only, was cut short, met flaky answers, or
//! is compared with a run of something else.

use super::terminal::layout::counted;
use crate::inert::{one_line, value};
use crate::run::{RunRecord, TerminologyUse};

/// How many scenarios a notice names; the rest are counted.
const NAMED: usize = 10;

/// A notice.
pub(super) struct Notice {
    /// What it is about, in a word.
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// The notices of a run, inert.
pub(super) fn of(record: &RunRecord) -> Vec<Notice> {
    let chosen = record.settings.selection.as_deref().map(value);
    let interrupted =
        record.interrupted.then(|| "the run was stopped before every scenario had run".to_owned());
    let notices = [
        ("Chosen", chosen),
        ("Interrupted", interrupted),
        ("Flaky", flaky(record)),
        ("Terminology", record.terminology.as_ref().map(terminology)),
    ];
    let mut notices: Vec<Notice> =
        notices.into_iter().filter_map(|(label, text)| Some(Notice { label, text: text? })).collect();
    notices.extend(baseline(record).into_iter().map(|text| Notice { label: "Baseline", text }));
    notices
}

/// In what the run that this one is compared with was about something else.
pub(super) fn baseline(record: &RunRecord) -> Vec<String> {
    let differences = record.baseline.as_ref().map(|baseline| baseline.differences(record));
    differences.unwrap_or_default().iter().map(|text| value(text)).collect()
}

/// Who was asked about codes, and what came of it.
pub(super) fn terminology(used: &TerminologyUse) -> String {
    let software = used.software.as_ref().map(|software| format!(" ({})", one_line(software)));
    let codes =
        counted(used.questions, "code that the packages do not tell", "codes that the packages do not tell");
    format!(
        "{}{} was asked about {codes}; {} could not be told and {} as unknown",
        one_line(&used.service),
        software.unwrap_or_default(),
        used.unanswered,
        if used.unanswered == 1 { "counts" } else { "count" },
    )
}

/// How many answers came only after a failure, and in which scenarios.
fn flaky(record: &RunRecord) -> Option<String> {
    let flaky: Vec<&str> = record
        .exchanges
        .iter()
        .filter(|exchange| exchange.flaky.is_some())
        .map(|exchange| exchange.id.as_str())
        .collect();
    if flaky.is_empty() {
        return None;
    }
    let requests = counted(flaky.len(), "request was", "requests were");
    let scenarios: Vec<String> = record
        .scenarios
        .iter()
        .filter(|case| {
            case.steps.iter().flat_map(|step| &step.exchanges).any(|id| flaky.contains(&id.as_str()))
        })
        .map(|case| one_line(&case.id))
        .collect();
    let place = match scenarios.len() {
        0 => String::new(),
        count if count > NAMED => {
            format!(", in {} and {} more", scenarios[..NAMED].join(", "), count - NAMED)
        }
        _ => format!(", in {}", scenarios.join(", ")),
    };
    Some(format!("{requests} answered only when repeated, after failing{place}"))
}
