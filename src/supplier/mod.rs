//! The reference supplier: a conformant FHIR endpoint over synthetic resources, and the faults that
//! can be switched on in it.
//!
//! It shares the reading and writing of resources with the rest of Proofmark and nothing that judges:
//! its search is its own, so that one mistake is not made on both sides of a test.

mod alter;
mod answer;
mod binary;
mod bundle;
mod capabilities;
mod change;
mod configuration;
mod fault;
mod fixtures;
mod gpconnect;
mod negotiation;
mod parameters;
mod patch;
mod path;
mod problem;
mod request;
mod respond;
mod search;
mod security;
mod server;
mod store;
mod variation;
mod write;

#[cfg(test)]
mod tests;

pub use alter::{IdShape, Instants, JsonLayout, Keys, Side, Withdrawal, XmlLayout};
pub use change::{Change, Charset, Coding, Page, ReferenceForm};
pub use configuration::{Configuration, Offer, ParameterType, ResourceType, SearchParameter, Software};
pub use fault::{Alteration, AtLeast, Breaks, Fault, Interaction, Results, When};
pub use fixtures::Fixtures;
pub use gpconnect::GpConnect;
pub use path::Path;
pub use server::{Options, Running, Supplier};
pub use store::Store;
pub use variation::Variation;
