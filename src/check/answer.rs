//! An answer to be judged: the exchanges of a step, read once.

use std::sync::OnceLock;

use crate::fhir::{Element, ParseError, Tree, parse};
use crate::http::{Exchange, Response};
use crate::standard::EntryMode;

use super::resolves::Target;

/// The answer to one step: one exchange, or one a page.
#[derive(Debug, Default)]
pub struct Answer {
    /// The pages, in order; most steps have one.
    pub pages: Vec<Page>,
    /// Why paging ended before the last page, if it did.
    pub paging_problem: Option<String>,
    /// What its references lead to, where the scenario asks for that to be read.
    pub targets: Vec<Target>,
}

/// One exchange and its body as a tree.
#[derive(Debug)]
pub struct Page {
    /// The id of the exchange.
    pub id: String,
    /// The exchange.
    pub exchange: Exchange,
    tree: OnceLock<Result<Tree, ParseError>>,
}

impl Page {
    /// An exchange, its body not yet read.
    #[must_use]
    pub fn new(id: String, exchange: Exchange) -> Self {
        Self { id, exchange, tree: OnceLock::new() }
    }

    /// The response, if there was one.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        self.exchange.result.as_ref().ok()
    }

    /// The body as a tree, or why it is none.
    ///
    /// # Errors
    /// The body is not well-formed JSON or XML.
    pub fn tree(&self) -> Result<&Tree, &ParseError> {
        let read = self.tree.get_or_init(|| parse(self.response().map_or(&[], |response| &response.body)));
        read.as_ref()
    }

    /// The entries of a Bundle that are there for a reason; those without a mode count as matches.
    #[must_use]
    pub fn entries(&self, wanted: EntryMode) -> Vec<Element<'_>> {
        let Ok(tree) = self.tree() else { return Vec::new() };
        let entries = tree.root().children().filter(|child| child.name() == "entry");
        let is_wanted = |entry: &Element<'_>| match wanted {
            EntryMode::Match => matches!(mode(*entry), None | Some("match")),
            EntryMode::Include => mode(*entry) == Some("include"),
            EntryMode::Outcome => mode(*entry) == Some("outcome"),
            EntryMode::Any => true,
        };
        entries.filter(is_wanted).collect()
    }

    /// The address of a link of a Bundle.
    #[must_use]
    pub fn link(&self, relation: &str) -> Option<&str> {
        let root = self.tree().ok()?.root();
        let mut links = root.children().filter(|child| child.name() == "link");
        links.find(|link| link.text("relation") == Some(relation))?.text("url")
    }
}

fn mode(entry: Element<'_>) -> Option<&str> {
    entry.child("search")?.text("mode")
}

impl Answer {
    /// The first page, on which all but the entries is judged.
    #[must_use]
    pub fn first(&self) -> Option<&Page> {
        self.pages.first()
    }

    /// Whether every request of the step was answered, be it with what nobody can read.
    #[must_use]
    pub fn was_answered(&self) -> bool {
        let answered = |page: &Page| match &page.exchange.result {
            Ok(_) => true,
            Err(failure) => failure.is_of_the_server(),
        };
        self.pages.iter().all(answered)
    }

    /// The entries of all pages that are there for a reason, each with its page.
    pub fn entries(&self, wanted: EntryMode) -> impl Iterator<Item = (&Page, Element<'_>)> {
        self.pages
            .iter()
            .flat_map(move |page| page.entries(wanted).into_iter().map(move |entry| (page, entry)))
    }
}
