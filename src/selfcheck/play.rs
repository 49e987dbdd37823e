//! Playing the suite: once a fault and once a variation, side by side, in this process.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::document::{SelfCheck, Turned};
use super::matrix::Runs;
use super::observed::{Clean, Observed};
use crate::check::Outcome;
use crate::fhir::Definitions;
use crate::http::{Authenticator, Client, ClientOptions, Headers, Http2, Identity, Limits, Secret};
use crate::run::{Base, DataPreparation, Plan, Run, RunRecord};
use crate::supplier::{Alteration, Fault, Fixtures, Options, Supplier, Variation};
use crate::validate::Validator;

/// How many cases of one run are played side by side.
const CASES_SIDE_BY_SIDE: usize = 4;
/// How long an answer is waited for: the suite answers for itself, and some faults never do.
const TIMEOUT: Duration = Duration::from_secs(3);

/// What the supplier asks of its clients, so that the rules about credentials can be shown. It is no secret: the
/// supplier listens on this machine, as long as the run lasts.
pub const BEARER_TOKEN: &str = "a-token-of-the-reference-supplier";

/// A suite, its judge and the supplier that it is tried on.
#[derive(Clone)]
pub struct Suite {
    /// What is run.
    pub plan: Plan,
    /// What it judges by.
    pub validator: Validator,
    /// The supplier's files.
    pub fixtures: Fixtures,
    /// The elements of its resources, which tell their order in XML.
    pub definitions: Arc<dyn Definitions>,
}

/// Which faults and variations are run.
#[derive(Debug, Clone, Default)]
pub struct Chosen {
    /// The faults.
    pub faults: Vec<Fault>,
    /// The variations.
    pub variations: Vec<Variation>,
    /// Whether these are all that there are.
    pub all: bool,
}

/// How far a selfcheck is.
#[derive(Debug, Clone, Copy)]
pub struct Step<'s> {
    /// How many runs have ended.
    pub done: usize,
    /// How many there are.
    pub all: usize,
    /// What was switched on in the last of them.
    pub name: &'s str,
}

/// One run to be made.
#[derive(Clone)]
enum Subject {
    Fault(Fault),
    Variation(Variation),
}

impl Suite {
    /// Runs the suite once, against the supplier with something switched on or as it is.
    ///
    /// # Errors
    /// The supplier cannot listen, or the client cannot be made.
    pub async fn play(&self, alteration: Option<Alteration>) -> io::Result<RunRecord> {
        let http2 = match &alteration {
            Some(alteration) if alteration.is_by_http2() => Http2::PriorKnowledge,
            _ => Http2::Negotiated,
        };
        let supplier = Supplier::start(Options {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            store: self.fixtures.store.clone(),
            configuration: self.fixtures.configuration.clone(),
            definitions: Arc::clone(&self.definitions),
            alteration,
            bearer: Some(BEARER_TOKEN.to_owned()),
            latency: None,
        })
        .await?;
        // Nothing is repeated: what helps a real run over a bad moment would only hide a fault here.
        let limits = Limits { timeout: TIMEOUT, retries: 0, ..Limits::default() };
        let base = Base::parse(&supplier.base_url(), Headers::default()).map_err(io::Error::other)?;
        let unsigned = Identity::unsigned(&self.plan.standard.manifest.token, &base.url);
        let default = unsigned.unwrap_or_else(|| Identity::Bearer(Secret::new(BEARER_TOKEN.to_owned())));
        let authenticator = Authenticator { default, ..Authenticator::default() };
        let client = Client::new(ClientOptions { limits, http2, authenticator, ..ClientOptions::default() });
        let run = Run {
            plan: self.plan.clone(),
            base,
            client: client.map_err(io::Error::other)?,
            validator: self.validator.clone(),
            jobs: CASES_SIDE_BY_SIDE,
            supplier: None,
            data: DataPreparation::AsGiven,
            prepared: Vec::new(),
            resumed: None,
            terminology: None,
            interrupted: watch::channel(false).1,
        };
        let record = run.execute(&mut []).await;
        supplier.stop().await;
        record
    }

    /// Runs the suite against the supplier as it is and with each of what was chosen, `jobs` at a time, and says what
    /// it is worth. `tell` hears of each run that ends.
    ///
    /// # Errors
    /// A supplier cannot listen, or a run cannot be made.
    pub async fn check(
        self: Arc<Self>,
        chosen: Chosen,
        jobs: usize,
        tell: &mut (dyn FnMut(Step<'_>) + Send),
    ) -> io::Result<SelfCheck> {
        let all = chosen.faults.len() + chosen.variations.len() + 1;
        let record = self.play(None).await?;
        tell(Step { done: 1, all, name: "conformant" });
        let clean = Arc::new(Clean::of(&record));
        let mut runs = Runs {
            standard: &self.plan.standard,
            complete: chosen.all,
            clean: Clean::default(),
            conformant: Observed::of_clean(&record),
            not_shown: not_shown(&record),
            faults: Vec::new(),
            variations: Vec::new(),
        };
        drop(record);
        let faults = chosen.faults.into_iter().map(Subject::Fault);
        let subjects: Vec<Subject> =
            faults.chain(chosen.variations.into_iter().map(Subject::Variation)).collect();
        let mut observed: Vec<Option<Observed>> = subjects.iter().map(|_| None).collect();
        let mut waiting = subjects.iter().enumerate();
        let mut playing = JoinSet::new();
        let mut done = 1;
        loop {
            while playing.len() < jobs.max(1)
                && let Some((index, subject)) = waiting.next()
            {
                let (suite, clean, alteration) =
                    (Arc::clone(&self), Arc::clone(&clean), subject.alteration());
                let runtime = Handle::current();
                // A thread each: what listens to a run stays on its own.
                playing.spawn_blocking(move || {
                    let record = runtime.block_on(suite.play(Some(alteration)))?;
                    io::Result::Ok((index, Observed::of(&record, &clean)))
                });
            }
            let Some(joined) = playing.join_next().await else { break };
            let (index, found) = joined.map_err(io::Error::other)??;
            observed[index] = Some(found);
            done += 1;
            tell(Step { done, all, name: subjects[index].name() });
        }
        for (subject, observed) in subjects.into_iter().zip(observed) {
            let observed = observed.unwrap_or_default();
            match subject {
                Subject::Fault(fault) => runs.faults.push((fault, observed)),
                Subject::Variation(variation) => runs.variations.push((variation, observed)),
            }
        }
        runs.clean = Arc::into_inner(clean).unwrap_or_default();
        Ok(runs.judged())
    }
}

impl Subject {
    fn alteration(&self) -> Alteration {
        match self {
            Self::Fault(fault) => fault.alteration(),
            Self::Variation(variation) => variation.alteration(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Fault(fault) => &fault.name,
            Self::Variation(variation) => &variation.name,
        }
    }
}

fn not_shown(record: &RunRecord) -> Vec<Turned> {
    let cases =
        record.scenarios.iter().filter(|case| case.outcome < Outcome::Fail && case.outcome != Outcome::Pass);
    cases
        .map(|case| Turned { case: case.id.clone(), outcome: case.outcome, reason: case.reason.clone() })
        .collect()
}
