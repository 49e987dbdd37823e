//! One case, step by step: send, judge, keep what later steps need.

use std::collections::BTreeMap;

use tokio::sync::{mpsc, watch};

use super::claims::{Claims, Holds};
use super::fill::fill;
use super::plan::{Case, Plan};
use super::recorder::digest;
use super::request::Base;
use super::sender::Sender;
use super::{DataSource, Event, ExchangeSummary, PRIVATE_EVIDENCE_FOLDER, ScenarioResult, StepResult};
use crate::check::{Answer, CheckResult, Judge, NOT_JUDGED, Outcome, Page};
use crate::fhirpath::{Context, Expression, Item};
use crate::http::{Evidence, FailureKind, Request, curl, redact_url};
use crate::standard::{Condition, Expectation, Requirement, Scenario, Step};
use crate::validate::Validator;

/// What all cases of a run share.
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) base: Base,
    pub(super) sender: Sender,
    pub(super) validator: Validator,
    pub(super) claims: Claims,
    pub(super) events: mpsc::UnboundedSender<Event>,
}

/// A case that ran, with its exchanges.
pub(super) struct Finished {
    pub(super) result: ScenarioResult,
    pub(super) exchanges: Vec<ExchangeSummary>,
}

/// Why what follows is not judged.
#[derive(Clone)]
struct Stopped {
    outcome: Outcome,
    reason: String,
}

pub(super) async fn run(shared: &Shared, case: &Case) -> Finished {
    let scenario = shared.plan.scenario(case);
    let mut running = Running {
        shared,
        case,
        scenario,
        captures: BTreeMap::new(),
        stopped: precondition(shared, case, scenario),
        exchanges: Vec::new(),
    };
    let reason = running.stopped.as_ref().map(|stopped| stopped.reason.clone());
    let mut steps = Vec::with_capacity(scenario.steps.len());
    for (index, step) in scenario.steps.iter().enumerate() {
        steps.push(running.step(index, step).await);
    }
    let outcomes = steps.iter().flat_map(|step| &step.checks).map(|check| check.outcome);
    let outcome = Outcome::of_all(outcomes).unwrap_or(Outcome::NotDemonstrated);
    let reason =
        reason.or_else(|| running.stopped.filter(|_| outcome != Outcome::Fail).map(|stopped| stopped.reason));
    let result = ScenarioResult {
        id: case.id.clone(),
        title: scenario.title.clone(),
        verifies: scenario.verifies.clone(),
        outcome,
        reason: reason.filter(|_| outcome != Outcome::Pass),
        // That of its requests, so that a run judged again says the same.
        duration_ms: running.exchanges.iter().map(|exchange| exchange.duration_ms).sum(),
        steps,
    };
    Finished { result, exchanges: running.exchanges }
}

/// Why a case is not run at all, if it is not.
fn precondition(shared: &Shared, case: &Case, scenario: &Scenario) -> Option<Stopped> {
    for name in &scenario.needs {
        if shared.plan.inputs.data.source(name) == Some(DataSource::Missing) {
            let reason = format!("no `{name}` is named in the configuration, so that this was not tested");
            return Some(Stopped { outcome: Outcome::NotApplicable, reason });
        }
    }
    let own = scenario.when.as_ref().map(|condition| Condition {
        capability: crate::standard::variables::fill(&condition.capability, |name| {
            case.values.get(name).map(String::as_str)
        })
        .unwrap_or_else(|_| condition.capability.clone()),
    });
    stop_unless(shared.claims.hold(own.as_ref())).or_else(|| {
        // Where nothing that a scenario verifies applies, there is nothing to ask.
        let verified: Vec<&Requirement> = shared
            .plan
            .standard
            .requirements
            .iter()
            .filter(|requirement| scenario.all_verified().any(|id| *id == requirement.id))
            .collect();
        let holds = verified.iter().map(|requirement| shared.claims.hold(requirement.when.as_ref()));
        let holds: Vec<Holds> = holds.collect();
        let none = !holds.is_empty() && holds.iter().all(|holds| matches!(holds, Holds::No(_)));
        stop_unless(holds.into_iter().next().filter(|_| none).unwrap_or(Holds::Yes))
    })
}

fn stop_unless(holds: Holds) -> Option<Stopped> {
    match holds {
        Holds::Yes => None,
        Holds::No(reason) => Some(Stopped { outcome: Outcome::NotApplicable, reason }),
        Holds::Unknown(reason) => Some(Stopped { outcome: Outcome::Inconclusive, reason }),
    }
}

struct Running<'r> {
    shared: &'r Shared,
    case: &'r Case,
    scenario: &'r Scenario,
    captures: BTreeMap<String, String>,
    stopped: Option<Stopped>,
    exchanges: Vec<ExchangeSummary>,
}

impl Running<'_> {
    async fn step(&mut self, index: usize, step: &Step) -> StepResult {
        if let Some(stopped) = self.stopped.clone() {
            return self.not_run(index, step, &stopped);
        }
        let required = step.requires.iter().find(|name| self.value(name).is_none()).cloned();
        let filled = required.map_or_else(|| fill(step, &|name| self.value(name)), Err);
        let step = match filled {
            Ok(step) => step,
            Err(name) => {
                let stopped = self.missing(&name);
                self.stopped = Some(stopped.clone());
                return self.not_run(index, step, &stopped);
            }
        };
        let (request, parameters) = self.shared.base.request(&step);
        let name = step.name.clone().unwrap_or_else(|| describe(&request, &self.shared.base));
        let Some(answer) = self.send(index, &step, request).await else {
            let stopped =
                Stopped { outcome: Outcome::NotDemonstrated, reason: "the run was interrupted".to_owned() };
            self.stopped = Some(stopped.clone());
            return self.not_run(index, &step, &stopped);
        };
        if let Some(stopped) = not_sent(&answer) {
            self.stopped = Some(stopped.clone());
            return self.not_run(index, &step, &stopped);
        }
        let checks = self.judge(&step, &answer, &parameters);
        if self.stopped.is_none() {
            // Without an answer there is nothing for later steps to go by, whatever this one expects.
            self.stopped = unanswered(&answer);
        }
        if self.stopped.is_none() {
            self.capture(&step, &answer);
        }
        let outcome = Outcome::of_all(checks.iter().map(|check| check.outcome));
        StepResult {
            name,
            outcome: outcome.unwrap_or_else(|| answered(&answer)),
            reason: None,
            exchanges: answer.pages.iter().map(|page| page.id.clone()).collect(),
            checks,
            curl: answer.first().map(|page| curl(&page.exchange.request)),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.captures
            .get(name)
            .or_else(|| self.case.values.get(name))
            .map(String::as_str)
            .or_else(|| self.shared.plan.inputs.data.value(name))
    }

    /// Why `${name}` has no value.
    fn missing(&self, name: &str) -> Stopped {
        let captured = self.scenario.steps.iter().any(|step| step.capture.contains_key(name));
        let reason = if captured {
            format!("an earlier answer did not show `{name}`, which this step needs")
        } else {
            format!("the configuration gives no value for `{name}`")
        };
        Stopped { outcome: Outcome::NotDemonstrated, reason }
    }

    /// Sends the request, and those for further pages; `None` if the run was interrupted.
    async fn send(&mut self, index: usize, step: &Step, request: Request) -> Option<Answer> {
        let mut answer = Answer { pages: Vec::new(), paging_problem: None };
        let mut request = request;
        loop {
            let id = format!("{}-{}-{}", self.case.slug, index + 1, answer.pages.len() + 1);
            let exchange = self.shared.sender.send(&self.case.id, &id, request.clone()).await?;
            let page = Page::new(id, exchange);
            self.keep(&page);
            answer.pages.push(page);
            let Some(limit) = step.pages else { return Some(answer) };
            match next_page(&answer, &request, &self.shared.base, limit) {
                Next::Last => return Some(answer),
                Next::Problem(problem) => {
                    answer.paging_problem = Some(problem);
                    return Some(answer);
                }
                Next::Page(next) => {
                    // A further page takes no more room than the first: it would wait for itself.
                    let room =
                        answer.pages.iter().rev().find_map(Page::response).map(|last| last.room.clone());
                    request = Request { room: room.unwrap_or_default(), ..*next };
                }
            }
        }
    }

    fn keep(&mut self, page: &Page) {
        self.exchanges.push(keep(page, &self.shared.events));
    }

    fn judge(&mut self, step: &Step, answer: &Answer, parameters: &[(String, String)]) -> Vec<CheckResult> {
        let judge = Judge { validator: &self.shared.validator, parameters };
        let mut results = Vec::new();
        for group in step.expectations() {
            if let Some(stopped) = &self.stopped {
                results.push(not_judged(group, self.scenario, stopped));
                continue;
            }
            let mut found = judge.group(group, answer);
            let gates = group.verifies.is_empty();
            for result in &mut found {
                result.verifies = verified(group, self.scenario);
            }
            if gates {
                self.stopped = stop_after(&found);
            }
            results.extend(found);
        }
        results
    }

    fn capture(&mut self, step: &Step, answer: &Answer) {
        let Some(tree) = answer.first().and_then(|page| page.tree().ok()) else { return };
        let context = Context::new(self.shared.validator.schemas());
        for (name, path) in &step.capture {
            let found = Expression::parse(path)
                .ok()
                .and_then(|expression| expression.evaluate(&context, Item::element(tree.root(), None)).ok());
            // Of several values the first is taken; none leaves the name without a value.
            if let Some(first) = found.and_then(|items| items.into_iter().next()) {
                self.captures.insert(name.clone(), first.to_string());
            }
        }
    }

    fn not_run(&self, index: usize, step: &Step, stopped: &Stopped) -> StepResult {
        let checks: Vec<CheckResult> =
            step.expectations().iter().map(|group| not_judged(group, self.scenario, stopped)).collect();
        StepResult {
            name: step.name.clone().unwrap_or_else(|| format!("step {}", index + 1)),
            outcome: stopped.outcome,
            reason: Some(stopped.reason.clone()),
            exchanges: Vec::new(),
            checks,
            curl: None,
        }
    }
}

/// Hands an exchange to those who keep evidence, and returns what the record says of it.
pub(super) fn keep(page: &Page, events: &mpsc::UnboundedSender<Event>) -> ExchangeSummary {
    let evidence = Evidence::of(&page.id, &page.exchange);
    let file = format!("{PRIVATE_EVIDENCE_FOLDER}/{}.json", page.id);
    let summary = ExchangeSummary {
        id: page.id.clone(),
        file,
        sha256: digest(&evidence.to_bytes()),
        original: String::new(),
        method: page.exchange.request.method.clone(),
        url: redact_url(&page.exchange.request.url),
        status: page.response().map(|response| response.status),
        error: page.exchange.result.as_ref().err().map(|failure| failure.message.clone()),
        flaky: page.exchange.flaky(),
        duration_ms: page.exchange.duration_ms,
    };
    // The receiver is gone only when the run has ended, and then nothing is kept.
    let _ =
        events.send(Event::Exchanged { summary: Box::new(summary.clone()), evidence: Box::new(evidence) });
    summary
}

/// The outcome of a step that expects nothing: only whether there was an answer.
fn answered(answer: &Answer) -> Outcome {
    match answer.first().and_then(Page::response) {
        Some(_) => Outcome::Pass,
        None => Outcome::Inconclusive,
    }
}

fn verified(group: &Expectation, scenario: &Scenario) -> Vec<String> {
    if group.verifies.is_empty() { scenario.verifies.clone() } else { group.verifies.clone() }
}

fn not_judged(group: &Expectation, scenario: &Scenario, stopped: &Stopped) -> CheckResult {
    let mut result = CheckResult::new(NOT_JUDGED.name, stopped.outcome, "what this step expects");
    result.verifies = verified(group, scenario);
    result.actual = Some(stopped.reason.clone());
    result
}

/// What an endpoint that did not answer leaves for later steps.
fn unanswered(answer: &Answer) -> Option<Stopped> {
    let failure = answer.first()?.exchange.result.as_ref().err()?;
    Some(Stopped { outcome: Outcome::Inconclusive, reason: failure.message.clone() })
}

/// What a request that was not sent leaves, of which nothing can be said.
fn not_sent(answer: &Answer) -> Option<Stopped> {
    let failures = answer.pages.iter().filter_map(|page| page.exchange.result.as_ref().err());
    let mut ours =
        failures.filter(|failure| matches!(failure.kind, FailureKind::Budget | FailureKind::Credentials));
    let failure = ours.next()?;
    Some(Stopped { outcome: Outcome::NotDemonstrated, reason: failure.message.clone() })
}

/// Ends when the user interrupts the run; never, if nobody can.
pub(super) async fn interruption(mut interrupted: watch::Receiver<bool>) {
    if interrupted.wait_for(|interrupted| *interrupted).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What a group that later ones rest on leaves for them.
fn stop_after(results: &[CheckResult]) -> Option<Stopped> {
    let outcome = Outcome::of_all(results.iter().map(|result| result.outcome))?;
    let cause = results.iter().find(|result| result.outcome == outcome)?;
    let actual = cause.actual.as_deref().unwrap_or("nothing");
    match outcome {
        Outcome::Pass | Outcome::NotApplicable => None,
        Outcome::Inconclusive => Some(Stopped { outcome: Outcome::Inconclusive, reason: actual.to_owned() }),
        Outcome::Fail | Outcome::NotDemonstrated => Some(Stopped {
            outcome: Outcome::NotDemonstrated,
            reason: format!("an earlier check did not hold: {} (found: {actual})", cause.checked),
        }),
    }
}

enum Next {
    Last,
    Page(Box<Request>),
    Problem(String),
}

fn next_page(answer: &Answer, previous: &Request, base: &Base, limit: u32) -> Next {
    let Some(page) = answer.pages.last() else { return Next::Last };
    match page.response() {
        None => return Next::Problem("a page was not answered".to_owned()),
        Some(response) if response.status != 200 => {
            // The first page is judged by the step's own expectations.
            return if answer.pages.len() == 1 {
                Next::Last
            } else {
                Next::Problem(format!(
                    "page {} was answered with status {}",
                    answer.pages.len(),
                    response.status
                ))
            };
        }
        Some(_) => {}
    }
    let is_bundle = page.tree().is_ok_and(|tree| tree.root().resource_type() == Some("Bundle"));
    if !is_bundle && answer.pages.len() > 1 {
        return Next::Problem(format!("page {} is not a Bundle", answer.pages.len()));
    }
    let Some(link) = page.link("next") else { return Next::Last };
    let Some(next) = base.page(previous, link) else {
        return Next::Problem(format!("the next link leads to another host and was not followed: {link}"));
    };
    if answer.pages.iter().any(|page| page.exchange.request.url == next.url) {
        return Next::Problem(format!("the next link leads back to a page that was read before: {link}"));
    }
    if answer.pages.len() >= limit as usize {
        return Next::Problem(format!("there are more than {limit} pages"));
    }
    Next::Page(Box::new(next))
}

/// `GET Patient?gender=female`, as a step is called that has no name.
fn describe(request: &Request, base: &Base) -> String {
    let url = redact_url(&request.url);
    let path = url.strip_prefix(base.url.as_str()).unwrap_or(&url).trim_start_matches('/');
    format!("{} {path}", request.method)
}
