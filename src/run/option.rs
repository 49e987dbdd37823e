//! What becomes of a step that asks for an option: which answers say that the endpoint does not offer it.

use super::stopped::Stopped;
use crate::check::{Answer, CheckResult, Outcome, Page};

/// The statuses by which an endpoint says that it has nothing of the kind: no such address (404), not by this method
/// (405), not in this format (406, 415), not built (501).
const NOT_OFFERED: [u16; 5] = [404, 405, 406, 415, 501];

/// Makes the checks of an optional step's first group say that the option is not offered, where they failed and the
/// answer can mean that.
///
/// A refusal (401, 403), an error of the server and a redirect say nothing of the option: they stay what they are.
pub(super) fn not_offered(found: &mut [CheckResult], answer: &Answer) -> Option<Stopped> {
    let outcome = Outcome::of_all(found.iter().map(|result| result.outcome))?;
    if !matches!(outcome, Outcome::Fail | Outcome::NotDemonstrated) || !can_mean_that(answer.first()?) {
        return None;
    }
    let cause = found.iter().find(|result| result.outcome == outcome)?;
    let actual = cause.actual.as_deref().unwrap_or("nothing");
    let reason = format!("the option is not offered: {} (found: {actual})", cause.checked);
    for result in found.iter_mut() {
        result.outcome = Outcome::NotApplicable;
    }
    Some(Stopped { outcome: Outcome::NotApplicable, reason })
}

/// Whether an answer can mean that what was asked for is not offered. One that succeeds with something else does: a
/// server may pass over a parameter that it does not know.
fn can_mean_that(page: &Page) -> bool {
    let Some(response) = page.response() else { return false };
    match response.status {
        200..=299 => true,
        400..=499 if says_not_supported(page) => true,
        status => NOT_OFFERED.contains(&status),
    }
}

/// Whether the body is an `OperationOutcome` with an issue of code `not-supported`.
fn says_not_supported(page: &Page) -> bool {
    let Ok(tree) = page.tree() else { return false };
    let root = tree.root();
    root.resource_type() == Some("OperationOutcome")
        && root.children().any(|child| child.name() == "issue" && child.text("code") == Some("not-supported"))
}
