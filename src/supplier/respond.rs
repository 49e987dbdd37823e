//! From a request to its answer.

use std::sync::PoisonError;

use hyper::{Method, Response, StatusCode};

use super::alter::compress;
use super::answer::Answer;
use super::change::{Change, Coding};
use super::configuration::Offer;
use super::fault::Alteration;
use super::negotiation::negotiate;
use super::problem::Problem;
use super::request::{Request, Route};
use super::search::{Context, Search};
use super::server::Supplier;
use super::store::Store;
use super::{binary, bundle, capabilities, gpconnect};
use crate::fhir::Format;

impl Supplier {
    /// Answers a request, with what is switched on, if it applies.
    pub(super) fn respond(&self, request: &Request) -> Response<Vec<u8>> {
        let negotiated = self.format_for(request);
        let first = self.configuration.formats.first().copied().unwrap_or(Format::Json);
        let format = *negotiated.as_ref().unwrap_or(&first);
        let written = self.write(request, format);
        let store = self.store.read().unwrap_or_else(PoisonError::into_inner);
        let answer = match (written.unwrap_or_else(|| self.answer(&store, request)), negotiated) {
            (answer, Err(problem)) if answer.native.is_none() && !is_refusal(&answer) => {
                self.refusal(&problem)
            }
            (answer, _) => answer,
        };
        let mut message = match &self.alteration {
            Some(alteration) if alteration.when.applies(request, &answer, format) => {
                self.spoil(&alteration.changes, request, &store, answer, format)
            }
            _ => answer.message(format, self.definitions.as_ref()),
        };
        if self.configuration.gp_connect.is_some() {
            compress(request, &mut message, Coding::Gzip);
        }
        message
    }

    /// The conformant answer to anything but a write.
    pub(super) fn answer(&self, store: &Store, request: &Request) -> Answer {
        if let Some(provider) = &self.configuration.gp_connect {
            return self.provide(provider, store, request);
        }
        self.try_answer(store, request).unwrap_or_else(|problem| Answer::of_problem(&problem))
    }

    pub(super) fn context<'c>(&'c self, store: &'c Store) -> Context<'c> {
        Context { configuration: &self.configuration, store, base: &self.base }
    }

    /// The answer to a request that cannot be met.
    fn refusal(&self, problem: &Problem) -> Answer {
        match &self.configuration.gp_connect {
            Some(_) => gpconnect::refusal(problem),
            None => Answer::of_problem(problem),
        }
    }

    /// The format that the answer to a request is to have.
    pub(super) fn format_for(&self, request: &Request) -> Result<Format, Problem> {
        match &self.configuration.gp_connect {
            Some(_) => gpconnect::negotiate(request, &self.configuration.formats),
            None => negotiate(&request.headers, request.parameter("_format"), &self.configuration.formats),
        }
    }

    /// Does a write, if it is one.
    fn write(&self, request: &Request, format: Format) -> Option<Answer> {
        if !self.is_write(request) {
            return None;
        }
        let forgets =
            |one: &&Alteration| one.changes.iter().any(|change| matches!(change, Change::ForgetWrite));
        let forgetful = self.alteration.as_ref().filter(forgets);
        let mut store = self.store.write().unwrap_or_else(PoisonError::into_inner);
        let before = forgetful.map(|_| store.clone());
        let answer = match &self.configuration.gp_connect {
            Some(provider) => self.provide_write(provider, &mut store, request),
            None => {
                self.write_into(&mut store, request).unwrap_or_else(|problem| Answer::of_problem(&problem))
            }
        };
        if let (Some(alteration), Some(before)) = (forgetful, before)
            && alteration.when.applies(request, &answer, format)
        {
            *store = before;
        }
        Some(answer)
    }

    fn is_write(&self, request: &Request) -> bool {
        match (&request.route, &request.method) {
            _ if self.configuration.gp_connect.is_some() => gpconnect::is_write(request),
            (Route::Type(_), &Method::POST) => true,
            (Route::Instance { .. }, method) => matches!(*method, Method::PUT | Method::DELETE),
            _ => false,
        }
    }

    fn write_into(&self, store: &mut Store, request: &Request) -> Result<Answer, Problem> {
        self.may_write(request)?;
        match (&request.route, &request.method) {
            (Route::Type(kind), _) => self.create(store, kind, request),
            (Route::Instance { kind, id }, &Method::PUT) => self.update(store, (kind, id), request),
            (Route::Instance { kind, id }, _) => self.delete(store, kind, id),
            _ => Err(Problem::not_found("there is nothing to write here")),
        }
    }

    fn may_write(&self, request: &Request) -> Result<(), Problem> {
        self.admit(request)?;
        request.malformed.clone().map_or(Ok(()), Err)?;
        // What could not be told of in a format that the client reads is not done.
        self.format_for(request).map(drop)
    }

    fn try_answer(&self, store: &Store, request: &Request) -> Result<Answer, Problem> {
        self.admit(request)?;
        if let Some(problem) = &request.malformed {
            return Err(problem.clone());
        }
        if let Some(kind) = request.kind().filter(|kind| self.configuration.resource(kind).is_none()) {
            return Err(Problem::not_found(format!("this server has no resources of type `{kind}`")));
        }
        let reads = matches!(request.method, Method::GET | Method::HEAD);
        let posts = request.method == Method::POST;
        match &request.route {
            Route::Capabilities if reads => Ok(self.capabilities()),
            Route::Base if request.method == Method::OPTIONS => Ok(self.capabilities()),
            Route::Instance { kind, id } if reads => self.read(store, kind, id, request),
            Route::Version { kind, id, version } if reads => self.version(store, (kind, id), version),
            Route::History { kind, id } if reads => self.history(store, kind, id),
            Route::Type(kind) if reads => self.search(store, kind, request),
            Route::SearchForm(kind) if posts => {
                request.demand_body_type(&self.configuration.formats)?;
                self.search(store, kind, request)
            }
            Route::Base | Route::Compartment { .. } | Route::Unknown => {
                Err(Problem::not_found("there is nothing at this address"))
            }
            Route::SearchForm(_) => Err(Problem::method("`_search` is for POST", "POST")),
            route => {
                let resource = request.kind().and_then(|kind| self.configuration.resource(kind));
                let on_type = matches!(route, Route::Type(_));
                let single = matches!(route, Route::Type(_) | Route::Instance { .. });
                let allowed = resource.filter(|_| single).map(|resource| resource.allowed(on_type));
                let diagnostics = format!("{} is not supported here", request.method);
                Err(Problem::method(diagnostics, allowed.unwrap_or_else(|| "GET, HEAD".to_owned())))
            }
        }
    }

    fn capabilities(&self) -> Answer {
        Answer::ok(capabilities::statement(&self.configuration, &self.base, self.security()).to_string())
    }

    fn read(&self, store: &Store, kind: &str, id: &str, request: &Request) -> Result<Answer, Problem> {
        self.offered(kind, Offer::Read)?;
        self.allow(kind, id)?;
        if let Some(stored) = store.get(kind, id) {
            let native = binary::native(request, stored, &self.configuration.formats)?;
            return Ok(Answer { native, ..Answer::of_stored(stored) });
        }
        let name = format!("{kind}/{id}");
        if self.is_gone(store, kind, id) {
            let diagnostics = format!("{name} has been deleted");
            return Err(Problem::new(StatusCode::GONE, "not-found", diagnostics));
        }
        Err(Problem::not_found(format!("{name} is not known")))
    }

    fn version(&self, store: &Store, (kind, id): (&str, &str), version: &str) -> Result<Answer, Problem> {
        self.offered(kind, Offer::Vread)?;
        self.allow(kind, id)?;
        let versions = store.versions(kind, id);
        let found = versions.into_iter().find(|stored| stored.version().unwrap_or("1") == version);
        let found = found.map(Answer::of_stored);
        found.ok_or_else(|| Problem::not_found(format!("{kind}/{id} has no version {version}")))
    }

    fn history(&self, store: &Store, kind: &str, id: &str) -> Result<Answer, Problem> {
        self.offered(kind, Offer::HistoryInstance)?;
        self.allow(kind, id)?;
        let versions = store.versions(kind, id);
        if versions.is_empty() {
            return Err(Problem::not_found(format!("{kind}/{id} is not known")));
        }
        Ok(Answer::ok(bundle::history(self.context(store), (kind, id), &versions)))
    }

    fn search(&self, store: &Store, kind: &str, request: &Request) -> Result<Answer, Problem> {
        let resource = self.offered(kind, Offer::SearchType)?;
        let context = self.context(store);
        let search = Search::parse(context, resource, request)?;
        let mut found = search.run();
        found.retain(|stored| self.allow(kind, &stored.id).is_ok());
        request.liberties.twist(&mut found);
        let mut answer = Answer::ok(bundle::searchset(context, kind, &search, &found));
        answer.found = Some(found.iter().map(|stored| stored.id.clone()).collect());
        Ok(answer)
    }

    /// Whether a record was here once.
    pub(super) fn is_gone(&self, store: &Store, kind: &str, id: &str) -> bool {
        self.configuration.deleted.contains(&format!("{kind}/{id}")) || store.is_gone(kind, id)
    }
}

/// Whether the client may not ask at all, whatever format it would have the answer in.
fn is_refusal(answer: &Answer) -> bool {
    answer.status == StatusCode::UNAUTHORIZED
}
