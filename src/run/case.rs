//! One case, step by step: send, judge, keep what later steps need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, watch};

use super::claims::Claims;
use super::fill::fill;
use super::option::not_offered;
use super::paging::{Next, next_page};
use super::payload::{Unmade, Workshop};
use super::plan::{Case, Plan};
use super::recorder::digest;
use super::request::{Base, identified};
use super::sender::Sender;
use super::stopped::{Stopped, not_sent, precondition, stop_after, stop_unless, unanswered};
use super::values::Values;
use super::{Event, ExchangeSummary, PRIVATE_EVIDENCE_FOLDER, ScenarioResult, StepResult};
use crate::check::resolves::{MAX_READS, Target, leading_out};
use crate::check::{
    Answer, CheckResult, Judge, KeptAnswer, KeptAnswers, NOT_JUDGED, Outcome, Page, Populated,
};
use crate::http::{Evidence, Request, curl, redact_url};
use crate::standard::{Action, Condition, Expectation, Resolves, Scenario, Step};
use crate::validate::Validator;

/// What all cases of a run share.
pub(super) struct Shared {
    pub(super) plan: Plan,
    pub(super) base: Base,
    pub(super) sender: Sender,
    pub(super) validator: Validator,
    pub(super) claims: Claims,
    /// The profiles whose must-support elements requirements ask for.
    pub(super) watched: BTreeSet<String>,
    pub(super) events: mpsc::Sender<Event>,
    /// What scenarios have for themselves, by its word: held by the one that runs.
    pub(super) exclusive: BTreeMap<String, Mutex<()>>,
}

/// A case that ran, with its exchanges.
pub(super) struct Finished {
    pub(super) result: ScenarioResult,
    pub(super) exchanges: Vec<ExchangeSummary>,
    /// What its answers show of the profiles that requirements ask for.
    pub(super) populated: Populated,
}

/// A step with all values filled in, its request, and the search parameters that it sends.
struct Made {
    step: Step,
    request: Request,
    parameters: Vec<(String, String)>,
}

/// The part of a scenario that a step belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Makes ready: where it does not hold, nothing is demonstrated.
    Setup,
    /// What the scenario is about.
    Test,
    /// Clears away: is done whatever came before.
    Teardown,
}

pub(super) async fn run(shared: &Shared, case: &Case) -> Finished {
    let scenario = shared.plan.scenario(case);
    let exclusive = scenario.exclusive.as_ref().and_then(|word| shared.exclusive.get(word));
    let _alone = match exclusive {
        Some(exclusive) => Some(exclusive.lock().await),
        None => None,
    };
    let written = shared.plan.standard.manifest.variables.iter().chain(&scenario.variables);
    let mut running = Running {
        shared,
        case,
        scenario,
        values: Values::new(&case.id, &case.values, written, &shared.plan.inputs),
        absent: BTreeMap::new(),
        for_teardown: BTreeMap::new(),
        stopped: precondition(&shared.plan, &shared.claims, case, scenario),
        stopped_parts: BTreeMap::new(),
        kept: KeptAnswers::new(),
        exchanges: Vec::new(),
        populated: Populated::default(),
    };
    let reason = running.stopped.as_ref().map(|stopped| stopped.reason.clone());
    let mut steps = Vec::with_capacity(scenario.steps.len());
    for (index, step) in scenario.setup.iter().enumerate() {
        steps.push(running.step(Phase::Setup, index, step).await);
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        steps.push(running.step(Phase::Test, index, step).await);
    }
    let stopped = running.stopped.clone().or_else(|| running.stopped_parts.values().next().cloned());
    if !running.exchanges.is_empty() {
        // There may be something to clear away, whatever became of the rest.
        running.stopped = None;
    }
    for (name, value) in std::mem::take(&mut running.for_teardown) {
        if running.values.get(&name).is_none() {
            running.values.capture(&name, value);
        }
    }
    for (index, step) in scenario.teardown.iter().enumerate() {
        steps.push(running.step(Phase::Teardown, index, step).await);
        running.stopped = running.stopped.filter(|_| running.exchanges.is_empty());
    }
    let checks = steps.iter().flat_map(|step| &step.checks);
    let outcomes = checks.filter(|check| !check.verifies.is_empty()).map(|check| check.outcome);
    let outcome = Outcome::of_all(outcomes).unwrap_or(Outcome::NotDemonstrated);
    let reason =
        reason.or_else(|| stopped.filter(|_| outcome != Outcome::Fail).map(|stopped| stopped.reason));
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
    Finished { result, exchanges: running.exchanges, populated: running.populated }
}

pub(super) struct Running<'r> {
    pub(super) shared: &'r Shared,
    case: &'r Case,
    pub(super) scenario: &'r Scenario,
    pub(super) values: Values<'r>,
    /// Names that steps would have captured that do not apply: what needs them does not either.
    pub(super) absent: BTreeMap<String, Stopped>,
    /// What steps captured after which nothing more was to be gone by.
    pub(super) for_teardown: BTreeMap<String, String>,
    pub(super) stopped: Option<Stopped>,
    /// The parts of the scenario that are stopped, by what their steps verify.
    pub(super) stopped_parts: BTreeMap<Vec<String>, Stopped>,
    /// The answers that later steps may look at once more.
    pub(super) kept: KeptAnswers,
    exchanges: Vec<ExchangeSummary>,
    populated: Populated,
}

impl Running<'_> {
    async fn step(&mut self, phase: Phase, index: usize, step: &Step) -> StepResult {
        // What does not apply does not, whatever came of the steps before.
        if let Some(stopped) = self.does_not_apply(step.when.as_ref()) {
            self.leave_out(step, &stopped);
            return self.not_run(phase, index, step, &stopped);
        }
        if let Some(stopped) = self.stopped_at(step) {
            return self.not_run(phase, index, step, &stopped);
        }
        match step.action() {
            Some(Action::NotSupported(reason)) => return self.not_supported(phase, step, reason),
            Some(Action::Answer(name)) => {
                return self.once_more(phase, index, step, name).await;
            }
            _ => {}
        }
        let Made { step, request, parameters } = match self.made(step) {
            Ok(made) => made,
            Err(unmade) => {
                let stopped = self.unmade(step, unmade);
                return self.not_run(phase, index, step, &stopped);
            }
        };
        let name = step.name.clone().unwrap_or_else(|| describe(&request, &self.shared.base));
        let Some(answer) = self.send(phase, index, &step, request).await else {
            let stopped =
                Stopped { outcome: Outcome::NotDemonstrated, reason: "the run was interrupted".to_owned() };
            self.stopped = Some(stopped.clone());
            return self.not_run(phase, index, &step, &stopped);
        };
        if let Some(stopped) = not_sent(&answer) {
            self.stopped = Some(stopped.clone());
            return self.not_run(phase, index, &step, &stopped);
        }
        for name in step.capture.keys() {
            self.absent.remove(name);
        }
        let checks = self.settled(phase, &step, &answer, &parameters).await;
        if self.stopped_at(&step).is_none()
            && let Some(stopped) = unanswered(&step, &answer)
        {
            // Without an answer there is nothing for later steps to go by, unless that is what this one expects.
            self.stop(&step, stopped);
        }
        self.capture(&step, &answer);
        let outcome = Outcome::of_all(checks.iter().map(|check| check.outcome));
        let targets = answer.targets.iter().filter_map(|target| target.page.as_ref());
        let result = StepResult {
            name: phase.called(name),
            outcome: outcome.unwrap_or_else(|| answered(&answer)),
            reason: None,
            exchanges: answer.pages.iter().chain(targets).map(|page| page.id.clone()).collect(),
            checks,
            curl: answer.first().map(|page| curl(&page.exchange.request)),
        };
        if let Some(name) = step.keep {
            self.kept.insert(name, Arc::new(KeptAnswer { answer, parameters }));
        }
        result
    }

    /// Why something with a condition is not asked, if it is not.
    fn does_not_apply(&self, condition: Option<&Condition>) -> Option<Stopped> {
        let filled = condition.map(|condition| condition.filled(|name| self.values.get(name)));
        stop_unless(self.shared.claims.hold(filled.as_ref()))
    }

    /// What a step captures, where it does not apply, is missing for a reason.
    fn leave_out(&mut self, step: &Step, stopped: &Stopped) {
        for name in step.capture.keys() {
            self.absent.insert(name.clone(), stopped.clone());
        }
    }

    /// The step with all values filled in, its request, and the search parameters that it sends.
    fn made(&self, step: &Step) -> Result<Made, Unmade> {
        let value = |name: &str| self.values.get(name);
        if let Some(name) = step.requires.iter().find(|name| value(name).is_none()) {
            return Err(Unmade::Missing(name.clone()));
        }
        let mut step = fill(step, &value).map_err(Unmade::Missing)?;
        if step.auth.is_none() && self.scenario.auth.is_some() {
            let own = Step { auth: self.scenario.auth.clone(), ..Step::default() };
            step.auth = fill(&own, &value).map_err(Unmade::Missing)?.auth;
        }
        let workshop = Workshop {
            folder: &self.shared.plan.standard.folder,
            definitions: self.shared.validator.schemas(),
            value: &value,
            kept: &self.kept,
        };
        if self.shared.base.is_left_by(&step) {
            return Err(Unmade::Other(format!("{} is not an address of this endpoint", step.path())));
        }
        let payload = workshop.payload(&step)?;
        let (request, parameters) = self.shared.base.request(&step, payload);
        Ok(Made { step, request, parameters })
    }

    /// Why a step is not sent that could not be made. What it needs of a step that did not apply stops only itself
    /// and those that need it; else nothing after it means anything.
    pub(super) fn unmade(&mut self, step: &Step, unmade: Unmade) -> Stopped {
        let name = match unmade {
            Unmade::Missing(name) => name,
            Unmade::Other(reason) => {
                let stopped = Stopped { outcome: Outcome::Inconclusive, reason };
                self.stop(step, stopped.clone());
                return stopped;
            }
        };
        if let Some(absent) = self.absent.get(&name).cloned() {
            self.leave_out(step, &absent);
            return absent;
        }
        if step.optional {
            let reason = format!("there is no `{name}`, and without it this need not be asked");
            return Stopped { outcome: Outcome::NotApplicable, reason };
        }
        let stopped = self.missing(step, &name);
        self.stop(step, stopped.clone());
        stopped
    }

    /// Why `${name}` has no value.
    fn missing(&self, step: &Step, name: &str) -> Stopped {
        if let Some(what_to_do) = &step.missing {
            let reason = format!("no record showed what this step needs. {what_to_do}");
            return Stopped { outcome: Outcome::NotDemonstrated, reason };
        }
        let captured = self.scenario.all_steps().any(|(_, _, step)| step.capture.contains_key(name));
        let reason = if captured {
            format!("an earlier answer did not show `{name}`, which this step needs")
        } else {
            format!("the configuration gives no value for `{name}`")
        };
        Stopped { outcome: Outcome::NotDemonstrated, reason }
    }

    /// Sends the request, and those for further pages and for what the answer refers to; `None` if the run was
    /// interrupted.
    async fn send(&mut self, phase: Phase, index: usize, step: &Step, request: Request) -> Option<Answer> {
        let slug = format!("{}-{}{}", self.case.slug, phase.mark(), index + 1);
        let mut answer = Answer::default();
        let mut request = request;
        loop {
            let id = format!("{slug}-{}", answer.pages.len() + 1);
            let page = self.exchange(phase, id, request.clone()).await?;
            self.look(step, &page).await;
            answer.pages.push(page);
            let Some(limit) = step.pages else { break };
            match next_page(&answer, &request, &self.shared.base, limit) {
                Next::Last => break,
                Next::Problem(problem) => {
                    answer.paging_problem = Some(problem);
                    break;
                }
                Next::Page(next) => {
                    // A further page takes no more room than the first: it would wait for itself.
                    let room =
                        answer.pages.iter().rev().find_map(Page::response).map(|last| last.room.clone());
                    request = Request { room: room.unwrap_or_default(), ..*next };
                }
            }
        }
        if step.expectations().iter().any(resolves_by_reading) {
            let schemas = self.shared.validator.schemas();
            let references = answer.first().map_or_else(Vec::new, |page| leading_out(page, schemas));
            for (number, reference) in references.into_iter().take(MAX_READS).enumerate() {
                let page = match self.shared.base.reference(&reference, step) {
                    Some(request) => {
                        Some(self.exchange(phase, format!("{slug}-r{}", number + 1), request).await?)
                    }
                    None => None,
                };
                answer.targets.push(Target { reference, page });
            }
        }
        Some(answer)
    }

    /// Sends one request and keeps what came of it.
    async fn exchange(&mut self, phase: Phase, id: String, request: Request) -> Option<Page> {
        let sender = &self.shared.sender;
        let request = identified(request, self.shared.plan.inputs.of_case(&self.case.id).1, &id);
        let exchange = match phase {
            Phase::Teardown => sender.send_regardless(&self.case.id, &id, request).await?,
            Phase::Setup | Phase::Test => sender.send(&self.case.id, &id, request).await?,
        };
        let page = Page::new(id, exchange);
        let kept = keep(&page, &self.shared.events).await;
        self.exchanges.push(kept);
        Some(page)
    }

    /// Notes what a page shows of the profiles whose must-support elements requirements ask for.
    async fn look(&mut self, step: &Step, page: &Page) {
        let (shared, watched) = (self.shared, &self.shared.watched);
        if !watched.is_empty() {
            let judged: Vec<&str> =
                step.expectations().iter().flat_map(Expectation::profiles).map(String::as_str).collect();
            let look = || {
                let mut seen = Populated::default();
                seen.look(page, watched, &judged, &shared.validator);
                seen
            };
            self.populated.join(shared.settled(look).await);
        }
    }

    /// What the checks of a step say, by all that a terminology service tells of it; stops what its gates stop.
    pub(super) async fn settled(
        &mut self,
        phase: Phase,
        step: &Step,
        answer: &Answer,
        parameters: &[(String, String)],
    ) -> Vec<CheckResult> {
        let before = (self.stopped.clone(), self.stopped_parts.clone(), self.absent.clone());
        let shared = self.shared;
        let judge = || {
            // What an earlier look stopped, a later one that knows more may not.
            (self.stopped, self.stopped_parts, self.absent) = before.clone();
            self.judge(phase, step, answer, parameters)
        };
        shared.settled(judge).await
    }

    fn judge(
        &mut self,
        phase: Phase,
        step: &Step,
        answer: &Answer,
        parameters: &[(String, String)],
    ) -> Vec<CheckResult> {
        let folder = &self.shared.plan.standard.folder;
        let kept = self.kept.clone();
        let judge = Judge { validator: &self.shared.validator, parameters, folder, kept: &kept };
        let mut results = Vec::new();
        let mut left_out: Option<Stopped> = None;
        for (number, group) in step.expectations().iter().enumerate() {
            let own = self.does_not_apply(group.when.as_ref());
            if let Some(stopped) = own.or_else(|| self.stopped_at(step)).or_else(|| left_out.clone()) {
                results.push(not_judged(group, step, self.scenario, &stopped));
                continue;
            }
            let mut found = judge.group(group, answer);
            let gates = group.verifies.is_empty();
            for result in &mut found {
                result.verifies = verified(group, step, self.scenario);
                if gates && phase == Phase::Setup {
                    // What cannot be made ready is not held against the supplier; that it was made ready shows nothing.
                    match result.outcome {
                        Outcome::Fail => result.outcome = Outcome::NotDemonstrated,
                        Outcome::Pass => result.verifies.clear(),
                        _ => {}
                    }
                }
            }
            if step.optional && number == 0 {
                left_out = not_offered(&mut found, answer);
                if let Some(stopped) = &left_out {
                    self.leave_out(step, stopped);
                }
            }
            if gates
                && left_out.is_none()
                && let Some(stopped) = stop_after(&found)
            {
                self.stop(step, stopped);
            }
            results.extend(found);
        }
        results
    }

    pub(super) fn not_run(&self, phase: Phase, index: usize, step: &Step, stopped: &Stopped) -> StepResult {
        let judged = |group: &Expectation| {
            let own = self.does_not_apply(group.when.as_ref());
            not_judged(group, step, self.scenario, own.as_ref().unwrap_or(stopped))
        };
        let mut checks: Vec<CheckResult> = step.expectations().iter().map(judged).collect();
        if step.not_supported.is_some() && phase != Phase::Teardown {
            checks.push(not_judged(&Expectation::default(), step, self.scenario, stopped));
        }
        StepResult {
            name: phase.called(step.name.clone().unwrap_or_else(|| format!("step {}", index + 1))),
            outcome: stopped.outcome,
            reason: Some(stopped.reason.clone()),
            exchanges: Vec::new(),
            checks,
            curl: None,
        }
    }
}

impl Phase {
    /// The name of a step as reports show it.
    pub(super) fn called(self, name: String) -> String {
        match self {
            Self::Setup => format!("Setup: {name}"),
            Self::Test => name,
            Self::Teardown => format!("Teardown: {name}"),
        }
    }

    /// What tells the exchanges of its steps from those of others.
    fn mark(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Test => "",
            Self::Teardown => "teardown",
        }
    }
}

/// Whether a group asks for what the answer refers to.
fn resolves_by_reading(group: &Expectation) -> bool {
    group.resolves == Some(Resolves::Endpoint) || group.any_of.iter().any(resolves_by_reading)
}

/// Hands an exchange to those who keep evidence, and returns what the record says of it.
/// Waits while they are behind, so that what they have still to write does not pile up.
pub(super) async fn keep(page: &Page, events: &mpsc::Sender<Event>) -> ExchangeSummary {
    let (summary, event) = exchanged(page);
    // The receiver is gone only when the run has ended, and then nothing is kept.
    let _ = events.send(event).await;
    summary
}

/// What the record says of an exchange, and what is kept of it.
pub(super) fn exchanged(page: &Page) -> (ExchangeSummary, Event) {
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
    let event = Event::Exchanged { summary: Box::new(summary.clone()), evidence: Box::new(evidence) };
    (summary, event)
}

/// The outcome of a step that expects nothing: only whether there was an answer.
pub(super) fn answered(answer: &Answer) -> Outcome {
    match answer.first().map(|page| &page.exchange.result) {
        Some(Ok(_)) => Outcome::Pass,
        Some(Err(failure)) if failure.is_of_the_server() => Outcome::NotDemonstrated,
        Some(Err(_)) | None => Outcome::Inconclusive,
    }
}

fn verified(group: &Expectation, step: &Step, scenario: &Scenario) -> Vec<String> {
    if group.verifies.is_empty() { part_of(step, scenario) } else { group.verifies.clone() }
}

/// What a step verifies, unless a group of it says otherwise.
pub(super) fn part_of(step: &Step, scenario: &Scenario) -> Vec<String> {
    if step.verifies.is_empty() { scenario.verifies.clone() } else { step.verifies.clone() }
}

fn not_judged(group: &Expectation, step: &Step, scenario: &Scenario, stopped: &Stopped) -> CheckResult {
    let mut result = CheckResult::new(NOT_JUDGED.name, stopped.outcome, "what this step expects");
    result.verifies = verified(group, step, scenario);
    result.actual = Some(stopped.reason.clone());
    result
}

/// Ends when the user interrupts the run; never, if nobody can.
pub(super) async fn interruption(mut interrupted: watch::Receiver<bool>) {
    if interrupted.wait_for(|interrupted| *interrupted).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// `GET Patient?gender=female`, as a step is called that has no name.
fn describe(request: &Request, base: &Base) -> String {
    let url = redact_url(&request.url);
    let path = url.strip_prefix(base.url.as_str()).unwrap_or(&url).trim_start_matches('/');
    format!("{} {path}", request.method)
}
