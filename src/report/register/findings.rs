//! What `register check` found, for reading and for programs.

use serde::Serialize;

use crate::inert::{one_line, value};
use crate::register::{Finding, Footing, Framework, Head, Inconsistency, Weight};
use crate::text::indented;

/// How many products a framework's list shows for reading.
const MOST: usize = 20;

/// What was found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Checked<'c> {
    /// Whether the register holds.
    pub holds: bool,
    /// The day that was judged on, `YYYY-MM-DD`.
    pub day: &'c str,
    /// The last event.
    pub head: Head,
    /// How many entries there are.
    pub entries: usize,
    /// What was found.
    pub findings: &'c [Finding],
    /// What frameworks do not demand alike.
    pub inconsistencies: Vec<Inconsistency>,
    /// Where products stand under each framework.
    pub frameworks: Vec<Under<'c>>,
}

/// Products under a framework.
#[derive(Debug, Serialize)]
pub struct Under<'c> {
    framework: &'c str,
    title: &'c str,
    met: usize,
    products: Vec<Footing>,
}

impl<'c> Under<'c> {
    /// Where products stand under a framework.
    #[must_use]
    pub fn of(framework: &'c Framework, products: Vec<Footing>) -> Self {
        let met = products.iter().filter(|footing| footing.is_met()).count();
        Self { framework: &framework.id, title: &framework.title, met, products }
    }
}

/// What was found, for programs.
///
/// # Errors
/// A defect of ours.
pub fn json(checked: &Checked<'_>) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(checked)?;
    text.push('\n');
    Ok(text)
}

/// What was found, for reading.
#[must_use]
pub fn text(checked: &Checked<'_>) -> String {
    let holds = if checked.holds { "HOLDS" } else { "DOES NOT HOLD" };
    let (events, entries) = (checked.head.events, checked.entries);
    let mut text = format!("{holds}: {events} events, {entries} entries, on {}\n", checked.day);
    if !checked.head.sha256.is_empty() {
        text.push_str(&format!("last event {}\n", checked.head.sha256));
    }
    for (weight, title) in [(Weight::Error, "What does not hold"), (Weight::Warning, "What to look at")] {
        let found: Vec<&Finding> = checked.findings.iter().filter(|one| one.weight == weight).collect();
        if found.is_empty() {
            continue;
        }
        text.push_str(&format!("\n{title}\n"));
        for finding in found {
            let line = one_line(&format!("{}: {}: {}", finding.subject, finding.place, finding.what));
            text.push_str(&format!("{}\n", indented(&line, 2)));
        }
    }
    if !checked.inconsistencies.is_empty() {
        text.push_str("\nWhat frameworks do not demand alike\n");
        for one in &checked.inconsistencies {
            let demanded: Vec<String> =
                one.demanded.iter().map(|(what, by)| format!("{what} by {}", by.join(" and "))).collect();
            let excludes = if one.excludes { "; nothing satisfies all of them" } else { "" };
            let line =
                format!("{} as {}, {}: {}{excludes}", one.standard, one.role, one.what, demanded.join("; "));
            text.push_str(&format!("{}\n", indented(&one_line(&line), 2)));
        }
    }
    for under in &checked.frameworks {
        let count = under.products.len();
        text.push_str(&format!("\n{}: {} of {count} products meet it\n", value(under.title), under.met));
        for footing in under.products.iter().take(MOST) {
            text.push_str(&format!(
                "{}\n",
                indented(&value(&format!("{} by {}", footing.product, footing.supplier)), 2)
            ));
            for reach in &footing.demands {
                let listed =
                    reach.listed.as_ref().map(|listed| format!(", listed: {listed}")).unwrap_or_default();
                let lacks = if reach.lacks.is_empty() {
                    "met".to_owned()
                } else {
                    format!("lacks: {}", reach.lacks.join("; "))
                };
                text.push_str(&format!(
                    "{}\n",
                    indented(&one_line(&format!("{}{listed}: {lacks}", reach.standard)), 4)
                ));
            }
        }
        if count > MOST {
            text.push_str(&format!("  and {} more; --format json has all\n", count - MOST));
        }
    }
    text
}
