//! The examination: a few requests in order, and what each tells.

use tokio::sync::watch;

use super::{Check, Diagnosis, State, authentication, capabilities, clock, connection, tls};
use crate::check::Page;
use crate::http::{Client, Credentials, Exchange, Manner, Request};
use crate::run::{Base, Data, DataFinding, DataState, Plan, Preparation, Prepared, identified, obstacles};
use crate::standard::{OneOrMany, Record, Step};
use crate::validate::Validator;

/// All that an examination needs.
pub struct Doctor<'d> {
    /// What a run would fire.
    pub plan: Plan,
    /// What to judge by.
    pub validator: &'d Validator,
    /// Where to.
    pub base: &'d Base,
    /// The synthetic records to be loaded, if any.
    pub records: &'d [Record],
    /// By which client.
    pub client: Client,
    /// Whether any way to authenticate is configured.
    pub authenticates: bool,
    /// Turns true when the user interrupts.
    pub interrupted: watch::Receiver<bool>,
}

impl Doctor<'_> {
    /// Examines the endpoint; `None` if the user interrupted. Sends at most three requests, and a few for each record
    /// that the standard needs.
    pub async fn examine(mut self) -> Option<Diagnosis> {
        let step = Step { capabilities: Some(true), ..Step::default() };
        let page = Page::new("metadata".to_owned(), self.send(self.base.plain(&step)).await?);
        let mut requests = 1;
        let mut checks =
            vec![connection::check(&page.exchange), tls::check(&page.exchange, jiff::Timestamp::now())];
        let is_reached = page.response().is_some();
        if let Some(request) = self.data_request().filter(|_| is_reached || is_unauthorized(&page.exchange)) {
            let with = self.send(request.clone()).await?;
            checks.push(authentication::check(&with, self.authenticates));
            requests += 1;
            if self.authenticates && with.result.is_ok() {
                let nobody = Request { credentials: Credentials::of(Manner::Nothing), ..request };
                checks.push(authentication::check_without(&self.send(nobody).await?));
                requests += 1;
            }
        }
        checks.extend(capabilities::checks(&page, self.plan.standard.release));
        checks.push(clock::check(&page.exchange));
        let data = if is_reached { self.data().await? } else { self.not_asked(&page.exchange) };
        requests += data.requests;
        let stops = stops(&checks);
        let obstacles = obstacles(&self.plan, page, &data.findings, stops.as_deref());
        let (seeded, data) = (data.seeded, data.findings);
        Some(Diagnosis { checks, seeded, data, scenarios: self.plan.cases.len(), obstacles, requests })
    }

    async fn send(&mut self, request: Request) -> Option<Exchange> {
        let exchange = request.url.to_string();
        let request = identified(request, &self.plan.inputs.seed, &exchange);
        tokio::select! {
            exchange = self.client.send(request) => Some(exchange.without_secrets()),
            Ok(_) = self.interrupted.wait_for(|interrupted| *interrupted) => None,
        }
    }

    /// A request for something that a server keeps for those whom it lets in; metadata are open to all, mostly.
    fn data_request(&self) -> Option<Request> {
        let need = self.plan.standard.manifest.data.values().next()?;
        let count = ("_count".to_owned(), OneOrMany::One("1".to_owned()));
        let step = Step {
            search: Some(need.resource.clone()),
            params: [count].into_iter().collect(),
            ..Step::default()
        };
        Some(self.base.plain(&step))
    }

    /// What the server holds of the data; the plan then has what was found.
    async fn data(&mut self) -> Option<Prepared> {
        let standard = std::sync::Arc::clone(&self.plan.standard);
        let seed = self.plan.inputs.seed.clone();
        let preparation = Preparation {
            standard: &standard,
            schemas: self.validator.schemas(),
            base: self.base,
            seed: &seed,
            records: self.records,
            client: self.client.clone(),
            interrupted: self.interrupted.clone(),
        };
        let data: Data = self.plan.inputs.data.clone();
        // Nothing is kept, and so nothing can fail to be.
        let prepared = Box::pin(preparation.look(data, &mut |_| Ok(()))).await.unwrap_or_default();
        self.plan.inputs.data.clone_from(&prepared.data);
        (!*self.interrupted.borrow()).then_some(prepared)
    }

    /// The data of a server that does not answer.
    fn not_asked(&self, exchange: &Exchange) -> Prepared {
        let reason =
            exchange.result.as_ref().err().map_or_else(String::new, |failure| failure.message.clone());
        let needs = self.plan.standard.manifest.data.iter().map(|(name, need)| DataFinding {
            name: name.clone(),
            resource: need.resource.clone(),
            state: DataState::Unknown(reason.clone()),
            lacks: Vec::new(),
        });
        Prepared { findings: needs.collect(), ..Prepared::default() }
    }
}

/// Whether there was nothing to authenticate with, so that nothing was sent.
fn is_unauthorized(exchange: &Exchange) -> bool {
    use crate::http::FailureKind::{Authorization, Credentials};
    exchange.result.as_ref().is_err_and(|failure| matches!(failure.kind, Authorization | Credentials))
}

/// Why no scenario at all could be shown, if none could.
fn stops(checks: &[Check]) -> Option<String> {
    let all = ["address", "TLS", "authentication"];
    let stop = checks.iter().find(|check| check.state == State::Problem && all.contains(&check.name));
    stop.map(|check| format!("{}: {}", check.name, check.found))
}
