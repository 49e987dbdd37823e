//! What the server claims: its CapabilityStatement, read once before the scenarios.

use super::Inputs;
use crate::check::Page;
use crate::http::FailureKind;
use crate::standard::Condition;

/// What conditions go by: what the server claims, and how it is asked.
#[derive(Debug)]
pub(super) struct Claims {
    statement: Statement,
    /// Whether the run presents a certificate of its own.
    client_certificate: bool,
}

/// What is known of the server's claims.
#[derive(Debug)]
enum Statement {
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
    /// Those of a server that was not asked.
    pub(super) fn not_asked(inputs: &Inputs) -> Self {
        let statement = Statement::Unknown("the server was not asked what it claims".to_owned());
        Self { statement, client_certificate: inputs.client_certificate }
    }

    /// Those of a server whose answer to GET metadata is this page.
    pub(super) fn of(page: Page, inputs: &Inputs) -> Self {
        Self { statement: Statement::of(page), client_certificate: inputs.client_certificate }
    }

    pub(super) fn hold(&self, condition: Option<&Condition>) -> Holds {
        let Some(condition) = condition else { return Holds::Yes };
        if condition.client_certificate && !self.client_certificate {
            return Holds::No(
                "the run presents no certificate of its own, so that mutual TLS is no part of it".to_owned(),
            );
        }
        if !condition.asks_claims() {
            return Holds::Yes;
        }
        self.statement.hold(condition)
    }
}

impl Statement {
    fn of(page: Page) -> Self {
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

    fn hold(&self, condition: &Condition) -> Holds {
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
