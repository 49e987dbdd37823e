//! What can go wrong with an expression, before and while it runs.

use crate::fhir::Position;

/// An expression that is not FHIRPath, or that the definitions rule out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {position}")]
pub struct SyntaxError {
    /// Where in the expression.
    pub position: Position,
    /// What was found and what was expected.
    pub message: String,
}

/// An expression that could not be evaluated on this input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} at {position}")]
pub struct EvaluationError {
    /// Why, in a form that a program can decide on.
    pub kind: EvaluationErrorKind,
    /// Where in the expression.
    pub position: Position,
    /// What happened and what was expected.
    pub message: String,
}

/// The kinds of evaluation errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EvaluationErrorKind {
    /// The specification calls it an error: several items where one is due, operands of types that
    /// the operator does not take, an undefined variable.
    Invalid,
    /// The answer needs a resolver, a terminology or profiles, and the context has none or they do
    /// not know. The expression was not checked; that is no pass and no failure.
    Unavailable,
    /// The budget of the context ran out.
    Exhausted,
}

/// An error below the level that knows where in the expression it stands.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) kind: EvaluationErrorKind,
    pub(super) message: String,
    /// Byte offset in the expression, put there by the innermost node that is evaluated.
    pub(super) offset: Option<u32>,
}

impl Fault {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self { kind: EvaluationErrorKind::Invalid, message: message.into(), offset: None }
    }

    pub(super) fn unavailable(message: impl Into<String>) -> Self {
        Self { kind: EvaluationErrorKind::Unavailable, message: message.into(), offset: None }
    }

    pub(super) fn exhausted() -> Self {
        Self {
            kind: EvaluationErrorKind::Exhausted,
            message: "the expression takes more steps on this input than the budget allows".into(),
            offset: None,
        }
    }

    /// With a place, where none is known that is closer.
    pub(super) fn or_at(mut self, offset: u32) -> Self {
        self.offset.get_or_insert(offset);
        self
    }

    /// The error as the caller sees it, with its position in `source`.
    pub(super) fn locate(self, source: &str) -> EvaluationError {
        EvaluationError {
            kind: self.kind,
            position: Position::of(source, self.offset.unwrap_or(0) as usize),
            message: self.message,
        }
    }
}
