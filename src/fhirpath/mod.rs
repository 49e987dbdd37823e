//! FHIRPath 2.0.0 with what FHIR adds: expressions are parsed once and evaluated on element trees.
//!
//! Nothing here does I/O or knows a release: types come from a [`Model`], references, terminology
//! and profiles from traits that the caller implements.

mod absence;
mod ast;
mod check;
mod condition;
mod context;
mod convert;
mod error;
mod evaluate;
mod expression;
mod functions;
mod item;
mod lexer;
mod model;
mod names;
mod navigate;
mod number;
mod operators;
mod parser;
mod pattern;
mod quantity;
mod seen;
mod singleton;
mod suggest;
mod temporal;
mod types;

#[cfg(test)]
mod tests;

pub use context::{Context, DEFAULT_BUDGET, TraceSink};
pub use error::{EvaluationError, EvaluationErrorKind, SyntaxError};
pub use expression::Expression;
pub use functions::NarrativeFlaw;
pub use item::{Item, Text, TypeInfo};
pub use model::{ChildType, ChildTypes, Declared, Model, NoModel, Profiles, Resolver, Terminology};
pub use quantity::{CalendarUnit, Quantity, Unit};
pub use temporal::{Date, DateTime, Offset, Time};
