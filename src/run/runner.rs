//! The runner: all cases, side by side, in a stable order.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

use super::assemble::{Circumstances, Times, record};
use super::case::{Finished, Shared, exchanged, keep, run as run_case};
use super::claims::Claims;
use super::codes::{Asked, TerminologyService, recall};
use super::plan::Plan;
use super::recorder::{INPUTS_FILE, digest};
use super::request::{Base, identified};
use super::sender::{Live, Sender};
use super::{
    Event, ExchangeSummary, FileDigest, Heading, Journal, Listener, Preparation, Prepared, Recording,
    RunRecord, ScenarioResult, Settings, Supplier,
};
use crate::check::{Page, Populated};
use crate::http::{Client, Room, redact_url};
use crate::standard::{Condition, Record, Scenario, Step};
use crate::validate::Validator;

/// All that a run needs.
pub struct Run {
    /// What to fire.
    pub plan: Plan,
    /// Where to.
    pub base: Base,
    /// By which client.
    pub client: Client,
    /// What to judge by.
    pub validator: Validator,
    /// How many cases run side by side.
    pub jobs: usize,
    /// Whose product it is.
    pub supplier: Option<Supplier>,
    /// What is done about its data before it begins.
    pub data: DataPreparation,
    /// What the record says of the requests for that.
    pub prepared: Vec<ExchangeSummary>,
    /// The run that was not finished and is gone on with, if it is one.
    pub resumed: Option<(Journal, Recording)>,
    /// Who is asked about codes that the packages do not tell, if anybody is.
    pub terminology: Option<TerminologyService>,
    /// Turns true when the user interrupts the run.
    pub interrupted: watch::Receiver<bool>,
}

/// What is done about the data of a run before it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataPreparation {
    /// Nothing: they are as given.
    AsGiven,
    /// They are looked for in the server, after these records were loaded into it.
    LookedFor(Vec<Record>),
}

impl Run {
    /// Looks for the data of the run in the server, unless they are as given, and says what was found. Listeners are
    /// told of each exchange as it comes.
    ///
    /// # Errors
    /// A listener cannot keep what it is told.
    pub async fn prepare(&mut self, listeners: &mut [&mut dyn Listener]) -> std::io::Result<Prepared> {
        let DataPreparation::LookedFor(records) = &self.data else { return Ok(Prepared::default()) };
        if self.resumed.is_some() {
            return Ok(Prepared::default());
        }
        let preparation = Preparation {
            standard: &self.plan.standard,
            schemas: self.validator.schemas(),
            base: &self.base.clone().under(&self.plan.standard),
            seed: &self.plan.inputs.seed,
            records,
            client: self.client.clone(),
            interrupted: self.interrupted.clone(),
        };
        let mut summaries = Vec::new();
        let mut keep = |page: &Page| {
            let (summary, event) = exchanged(page);
            summaries.push(summary);
            tell(listeners, &event)
        };
        let prepared = Box::pin(preparation.look(self.plan.inputs.data.clone(), &mut keep)).await?;
        self.plan.inputs.data.clone_from(&prepared.data);
        self.prepared = summaries;
        Ok(prepared)
    }

    /// Runs all cases and returns the record. Listeners are told of everything as it happens.
    ///
    /// # Errors
    /// A listener cannot keep what it is told.
    pub async fn execute(self, listeners: &mut [&mut dyn Listener]) -> std::io::Result<RunRecord> {
        let started = jiff::Timestamp::now().to_string();
        let clock = Instant::now();
        let settings = Settings {
            policy: "as-published".to_owned(),
            jobs: self.jobs,
            timeout_ms: u64::try_from(self.client.limits().timeout.as_millis()).unwrap_or(u64::MAX),
            max_body_bytes: self.client.limits().max_body_bytes,
            selection: self.plan.selection.clone(),
        };
        let inputs = digest(&self.plan.inputs.to_bytes());
        let mut asked = None;
        if let Some(TerminologyService { address, software, service }) = self.terminology {
            let known = self.resumed.as_ref().map(|(journal, _)| journal.told.clone()).unwrap_or_default();
            recall(&self.validator, known, Some(service))?;
            asked = Some(Asked { address, software });
        }
        let live = Live { client: self.client, interrupted: self.interrupted };
        let (sender, started) = match self.resumed {
            None => (Sender::Live(live), started),
            Some((journal, recording)) => {
                let started = journal.heading.started.clone();
                (Sender::Resumed { recording, finished: journal.finished, live }, started)
            }
        };
        let heading = Heading {
            standard: self.plan.standard.name(),
            digest: self.plan.standard.digest.clone(),
            endpoint: redact_url(&self.base.url),
            started: started.clone(),
            selection: self.plan.selection.clone(),
            terminology: asked.as_ref().map(|asked| asked.address.clone()),
        };
        let opening = Opening { heading, prepared: self.prepared };
        // On the heap: a future that holds all of a run is large.
        let playing = play(self.plan, self.base, sender, self.validator, self.jobs, opening, listeners);
        let played = Box::pin(playing).await?;
        let terminology = asked.map(|asked| asked.keep(&played, listeners)).transpose()?;
        let ended = jiff::Timestamp::now().to_string();
        let circumstances = Circumstances {
            supplier: self.supplier,
            settings,
            times: Times {
                started,
                ended: ended.clone(),
                duration_ms: u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX),
            },
            judged: ended,
            inputs: FileDigest { file: INPUTS_FILE.to_owned(), sha256: inputs },
            terminology,
        };
        Ok(record(&played, circumstances))
    }
}

/// What a run begins with.
pub(super) struct Opening {
    /// What it is about.
    pub(super) heading: Heading,
    /// What the record says of the requests that prepared it, which listeners were told of.
    pub(super) prepared: Vec<ExchangeSummary>,
}

/// All cases, played.
pub(super) struct Played {
    pub(super) shared: Arc<Shared>,
    pub(super) scenarios: Vec<ScenarioResult>,
    pub(super) exchanges: Vec<ExchangeSummary>,
    pub(super) populated: Populated,
}

/// How many exchanges may wait for those who keep them; each can be as large as a body may be.
const WAITING: usize = 4;

/// Plays all cases, side by side, and puts what came of them in the order of the plan.
pub(super) async fn play(
    plan: Plan,
    base: Base,
    sender: Sender,
    validator: Validator,
    jobs: usize,
    opening: Opening,
    listeners: &mut [&mut dyn Listener],
) -> std::io::Result<Played> {
    let (events, mut happened) = mpsc::channel(WAITING);
    let (inputs, heading) = (Box::new(plan.inputs.clone()), Box::new(opening.heading));
    tell(listeners, &Event::Started { cases: plan.cases.len(), inputs, heading })?;
    let base = base.under(&plan.standard);
    let claims = Claims::not_asked(&plan.inputs);
    let asked = plan.standard.requirements_of(plan.role).filter_map(|one| one.must_support.as_ref());
    let watched = asked.map(|asked| asked.profile.clone()).collect();
    let validator = validator.without_codes_of(&plan.standard.manifest.unheld_code_systems);
    let words = plan.standard.scenarios.iter().filter_map(|scenario| scenario.exclusive.clone());
    let exclusive = words.map(|word| (word, Mutex::default())).collect();
    let events_of_cases = events.clone();
    let mut shared =
        Shared { plan, base, sender, validator, claims, watched, events: events_of_cases, exclusive };
    let mut exchanges = opening.prepared;
    for page in shared.sender.prepared() {
        let (summary, event) = exchanged(&page);
        tell(listeners, &event)?;
        exchanges.push(summary);
    }
    exchanges.extend(read_claims(&mut shared).await);
    let shared = Arc::new(shared);
    let cases = shared.plan.cases.len();
    // Each worker takes the next case, so that they begin in the order of the plan.
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..jobs.clamp(1, cases.max(1)) {
        let (shared, next, events) = (Arc::clone(&shared), Arc::clone(&next), events.clone());
        workers.spawn(async move {
            let mut done = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(case) = shared.plan.cases.get(index) else { return done };
                let finished = run_case(&shared, case).await;
                let outcome = finished.result.outcome;
                // What the interruption cut short has not ended: it is run when the run is gone on with.
                if !shared.sender.is_over() {
                    let _ = events.send(Event::Finished { id: case.id.clone(), outcome }).await;
                }
                done.push((index, finished));
            }
        });
    }
    drop(events);
    let mut finished: Vec<(usize, Finished)> = Vec::with_capacity(cases);
    let mut workers_left = true;
    while workers_left {
        tokio::select! {
            Some(event) = happened.recv() => tell(listeners, &event)?,
            joined = workers.join_next() => match joined {
                Some(Ok(done)) => finished.extend(done),
                Some(Err(error)) => return Err(std::io::Error::other(format!("internal: a scenario ended badly: {error}"))),
                None => workers_left = false,
            },
        }
    }
    finished.sort_by_key(|(index, _)| *index);
    while let Ok(event) = happened.try_recv() {
        tell(listeners, &event)?;
    }
    let mut scenarios = Vec::with_capacity(finished.len());
    let mut populated = Populated::default();
    for (_, case) in finished {
        populated.join(case.populated);
        exchanges.extend(case.exchanges);
        scenarios.push(case.result);
    }
    Ok(Played { shared, scenarios, exchanges, populated })
}

/// Reads the CapabilityStatement, unless nothing depends on it.
async fn read_claims(shared: &mut Shared) -> Option<ExchangeSummary> {
    let standard = &shared.plan.standard;
    let needed = standard
        .requirements
        .iter()
        .any(|requirement| requirement.when.as_ref().is_some_and(Condition::asks_claims))
        || standard.scenarios.iter().any(Scenario::asks_claims);
    if !needed || shared.sender.is_over() {
        return None;
    }
    let step = Step { capabilities: Some(true), ..Step::default() };
    let id = "capabilities";
    let request = identified(shared.base.plain(&step), &shared.plan.inputs.seed, id);
    let mut exchange = shared.sender.send(id, id, request).await?;
    if let Ok(response) = &mut exchange.result {
        // It stays for the whole run, and must not be waited for.
        response.room = Room::default();
    }
    let page = Page::new(id.to_owned(), exchange);
    let kept = keep(&page, &shared.events).await;
    shared.claims = Claims::of(page, &shared.plan.inputs);
    Some(kept)
}

fn tell(listeners: &mut [&mut dyn Listener], event: &Event) -> std::io::Result<()> {
    listeners.iter_mut().try_for_each(|listener| listener.event(event))
}
