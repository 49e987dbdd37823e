//! What the server claims: its CapabilityStatement, read once before the scenarios.

use crate::check::Page;
use crate::http::FailureKind;
use crate::standard::Condition;

/// What is known of the server's claims.
#[derive(Debug)]
pub(super) enum Claims {
    /// The page whose body is its CapabilityStatement.
    Made(Box<Page>),
    /// Why they are not known.
    Unknown(String),
    /// Why they were not asked for.
    NotAsked(String),
}

/// Whether a condition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    /// It does not; why, in words.
    No(String),
    /// It cannot be told; why, in words.
    Unknown(String),
    /// It was not asked; why, in words.
    NotAsked(String),
}

impl Claims {
    pub(super) fn of(page: Page) -> Self {
        let unknown = |why: &str| Self::Unknown(format!("what the server claims is not known: {why}"));
        let response = match &page.exchange.result {
            Ok(response) => response,
            Err(failure) if failure.kind == FailureKind::Budget => {
                return Self::NotAsked(failure.message.clone());
            }
            Err(failure) => return unknown(&failure.message),
        };
        if response.status != 200 {
            return unknown(&format!("GET metadata was answered with status {}", response.status));
        }
        match page.tree() {
            Ok(tree) if tree.root().resource_type() == Some("CapabilityStatement") => {
                Self::Made(Box::new(page))
            }
            Ok(_) => unknown("GET metadata was not answered with a CapabilityStatement"),
            Err(error) => unknown(&format!("the answer to GET metadata cannot be read: {error}")),
        }
    }

    pub(super) fn hold(&self, condition: Option<&Condition>) -> Holds {
        let Some(condition) = condition else { return Holds::Yes };
        let page = match self {
            Self::Unknown(why) => return Holds::Unknown(why.clone()),
            Self::NotAsked(why) => return Holds::NotAsked(why.clone()),
            Self::Made(page) => page,
        };
        match page.tree().map(|tree| condition.refusal(tree.root())) {
            Ok(Ok(None)) => Holds::Yes,
            Ok(Ok(Some(reason))) => Holds::No(reason),
            Ok(Err(message)) => Holds::Unknown(message),
            Err(error) => Holds::Unknown(error.to_string()),
        }
    }
}
