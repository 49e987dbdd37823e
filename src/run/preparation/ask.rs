//! The requests that prepare a run, each kept as evidence.

use crate::check::Page;
use crate::http::Request;
use crate::run::Base;
use crate::run::request::identified;
use crate::run::sender::Live;
use crate::standard::Step;

/// What the ids of these exchanges begin with. Those of cases have no dot.
const PREFIX: &str = "data.";

/// Whether an exchange prepared a run, by its id.
pub(in crate::run) fn is_prepared(id: &str) -> bool {
    id.starts_with(PREFIX)
}

/// Takes each exchange as it comes, to keep it: they are too large to be held until the last has come.
pub type Keep<'k> = dyn FnMut(&Page) -> std::io::Result<()> + 'k;

/// Asks the server, and has kept what was asked and answered.
pub(super) struct Asker<'p> {
    pub(super) base: &'p Base,
    pub(super) live: Live,
    /// What tells the requests of this run from those of others.
    pub(super) seed: String,
    pub(super) keep: &'p mut Keep<'p>,
    /// How many requests were sent.
    pub(super) sent: usize,
    /// Why an exchange could not be kept, if one could not: then nothing more is asked.
    pub(super) not_kept: Option<std::io::Error>,
    /// Why the server did not answer, once it did not: then nothing more is asked.
    pub(super) unanswered: Option<String>,
}

impl Asker<'_> {
    /// The answer to a request; `None` if nothing more is asked. `about` is what it is about, for the name of the evidence.
    pub(super) async fn ask(&mut self, about: &str, step: &Step) -> Option<Page> {
        self.send(about, self.base.plain(step)).await
    }

    /// The answer to the request for a further page: `None` if nothing more is asked, `Some(None)` if the address is not
    /// one of this endpoint.
    pub(super) async fn ask_page(
        &mut self,
        about: &str,
        previous: &Request,
        link: &str,
    ) -> Option<Option<Page>> {
        let Some(request) = self.base.page(previous, link) else { return Some(None) };
        self.send(about, request).await.map(Some)
    }

    /// The answer to a write of a resource in JSON below the base address; `None` if nothing more is asked.
    pub(super) async fn write(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Option<Page> {
        // A transaction is sent to the base address itself.
        let mut request = self.base.plain(&Step { read: Some(path.to_owned()), ..Step::default() });
        if path.is_empty() {
            request.url = self.base.url.clone();
        }
        request.method = method.to_owned();
        request.body = Some(body.into_bytes());
        request.headers.set("Content-Type", "application/fhir+json");
        for (name, value) in headers {
            request.headers.set(name, *value);
        }
        self.send(if path.is_empty() { "transaction" } else { path }, request).await
    }

    async fn send(&mut self, about: &str, request: Request) -> Option<Page> {
        let about: String = about
            .chars()
            .take(60)
            .map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' })
            .collect();
        self.sent += 1;
        let id = format!("{PREFIX}{:03}-{about}", self.sent);
        let exchange = self.live.send(identified(request, &self.seed, &id)).await?;
        self.unanswered = exchange.result.as_ref().err().map(|failure| failure.message.clone());
        let page = Page::new(id, exchange);
        self.not_kept = (self.keep)(&page).err();
        self.not_kept.is_none().then_some(page)
    }
}
