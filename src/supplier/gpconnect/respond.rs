//! From a request to its answer: what every request must have, and then its interaction.

use hyper::header;
use jiff::Timestamp;

use super::GpConnect;
use super::amendment::is_past;
use super::booking::resource;
use super::find::{read, unknown};
use super::interaction::{Candidates, Interaction};
use super::problem::{bad_request, refusal};
use super::token::Token;
use super::{headers, listing, negotiate, slots};
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;
use crate::supplier::request::{Request, Route};
use crate::supplier::server::Supplier;
use crate::supplier::store::Store;

impl Supplier {
    /// The answer to a request that changes nothing.
    pub(in crate::supplier) fn provide(
        &self,
        provider: &GpConnect,
        store: &Store,
        request: &Request,
    ) -> Answer {
        finished(self.admitted(provider, request).and_then(|interaction| {
            let id = id_of(request);
            match interaction {
                Interaction::Capabilities => Ok(self.statement(provider)),
                Interaction::StructuredCapabilities => Ok(self.structured_statement(provider)),
                Interaction::Search(kind) => self.find(store, kind, request),
                Interaction::Read("Appointment") => read_appointment(store, id),
                Interaction::Read(kind) => read(store, kind, id),
                Interaction::SearchSlots => slots::search(provider, store, request),
                Interaction::ListAppointments => listing::appointments(store, id, request),
                Interaction::GetStructuredRecord => self.record(provider, store, request),
                // Writes are done before anything is read.
                Interaction::RegisterPatient
                | Interaction::Book
                | Interaction::Amend
                | Interaction::Cancel => Err(bad_request("this interaction changes what is held")),
            }
        }))
    }

    /// Does what a request that changes something asks for.
    pub(in crate::supplier) fn provide_write(
        &self,
        provider: &GpConnect,
        store: &mut Store,
        request: &Request,
    ) -> Answer {
        finished(self.admitted(provider, request).and_then(|interaction| match interaction {
            Interaction::RegisterPatient => self.register(provider, store, request),
            Interaction::Book => self.book(store, request),
            _ => self.change(store, interaction, id_of(request), request),
        }))
    }

    /// The interaction of a request that may be answered.
    fn admitted(&self, provider: &GpConnect, request: &Request) -> Result<Interaction, Problem> {
        request.malformed.clone().map_or(Ok(()), Err)?;
        let candidates = Candidates::of(request)?;
        let id = headers::check(request, &provider.asid)?;
        let token = Token::of(request)?;
        let (interaction, scope) = candidates.with_id(id)?;
        if !request.liberties.admitted {
            token.check(scope, Timestamp::now(), self.definitions.as_ref())?;
        }
        // What could not be told of in a format that the client reads is not done.
        negotiate(request, &self.configuration.formats)?;
        Ok(interaction)
    }
}

/// The answer, which nobody may keep.
fn finished(answered: Result<Answer, Problem>) -> Answer {
    let mut answer = match answered {
        Ok(answer) => answer,
        Err(problem) => return refusal(&problem),
    };
    answer.header(header::CACHE_CONTROL, "no-store");
    answer
}

/// The id in the address.
fn id_of(request: &Request) -> &str {
    match &request.route {
        Route::Instance { id, .. } | Route::Compartment { id, .. } => id,
        _ => "",
    }
}

/// An appointment that is not past.
fn read_appointment(store: &Store, id: &str) -> Result<Answer, Problem> {
    let stored = store.get("Appointment", id);
    match stored.filter(|stored| !is_past(&resource(stored))) {
        Some(stored) => Ok(Answer::of_stored(stored)),
        None => Err(unknown("Appointment", id)),
    }
}
