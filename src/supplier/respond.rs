//! From a request to its answer.

use hyper::{Method, Response, StatusCode};

use super::answer::Answer;
use super::negotiation::negotiate;
use super::problem::Problem;
use super::request::{Request, Route};
use super::search::{Context, Search};
use super::server::Supplier;
use super::{bundle, capabilities};
use crate::fhir::Format;

impl Supplier {
    /// Answers a request, with what is switched on, if it applies.
    pub(super) fn respond(&self, request: &Request) -> Response<String> {
        let negotiated = negotiate(&request.headers, request.parameter("_format"));
        let format = *negotiated.as_ref().unwrap_or(&Format::Json);
        let answer = match negotiated {
            Ok(_) => self.answer(request),
            Err(problem) => Answer::of_problem(&problem),
        };
        match &self.alteration {
            Some(alteration) if alteration.when.applies(request, &answer, format) => {
                self.spoil(&alteration.changes, request, answer, format)
            }
            _ => answer.message(format, self.definitions.as_ref()),
        }
    }

    /// The conformant answer.
    pub(super) fn answer(&self, request: &Request) -> Answer {
        self.try_answer(request).unwrap_or_else(|problem| Answer::of_problem(&problem))
    }

    pub(super) fn context(&self) -> Context<'_> {
        Context { configuration: &self.configuration, store: &self.store, base: &self.base }
    }

    fn try_answer(&self, request: &Request) -> Result<Answer, Problem> {
        if let Some(problem) = &request.malformed {
            return Err(problem.clone());
        }
        if let Some(kind) = request.kind().filter(|kind| self.configuration.resource(kind).is_none()) {
            return Err(Problem::not_found(format!("this server has no resources of type `{kind}`")));
        }
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        let posts = request.method == Method::POST;
        match &request.route {
            Route::Capabilities if reads => {
                Ok(Answer::ok(capabilities::statement(&self.configuration, &self.base)))
            }
            Route::Instance { kind, id } if reads => self.read(kind, id),
            Route::Type(kind) if reads => self.search(kind, request),
            Route::SearchForm(kind) if posts => {
                request.demand_body_type()?;
                self.search(kind, request)
            }
            Route::Type(kind) if posts => {
                request.demand_body_type()?;
                Err(Problem::method(format!("this server does not create {kind} resources"), "GET, HEAD"))
            }
            Route::Unknown => Err(Problem::not_found("there is nothing at this address")),
            Route::SearchForm(_) => Err(Problem::method("`_search` is for POST", "POST")),
            Route::Capabilities | Route::Instance { .. } | Route::Type(_) => {
                Err(Problem::method(format!("{} is not supported here", request.method), "GET, HEAD"))
            }
        }
    }

    fn read(&self, kind: &str, id: &str) -> Result<Answer, Problem> {
        if let Some(stored) = self.store.get(kind, id) {
            return Ok(Answer::of_stored(stored));
        }
        let name = format!("{kind}/{id}");
        if self.configuration.deleted.contains(&name) {
            let diagnostics = format!("{name} has been deleted");
            return Err(Problem::new(StatusCode::GONE, "not-found", diagnostics));
        }
        Err(Problem::not_found(format!("{name} is not known")))
    }

    fn search(&self, kind: &str, request: &Request) -> Result<Answer, Problem> {
        let Some(resource) = self.configuration.resource(kind) else {
            return Err(Problem::not_found(format!("this server has no resources of type `{kind}`")));
        };
        let context = self.context();
        let search = Search::parse(context, resource, &request.parameters, request.is_strict())?;
        let found = search.run();
        let mut answer = Answer::ok(bundle::searchset(context, kind, &search, &found));
        answer.found = Some(found.iter().map(|stored| stored.id.clone()).collect());
        Ok(answer)
    }
}
