//! A provider of GP Connect 1.2.7: its rules over every request, and the interactions of Foundations, Appointment
//! Management and Access Record Structured. The store, the formats and what faults do are those of every supplier.

mod amendment;
mod booking;
mod capabilities;
mod diary;
mod find;
mod headers;
mod interaction;
mod listing;
mod negotiation;
mod nhs_number;
mod problem;
mod registration;
mod respond;
mod settings;
mod shape;
mod slots;
mod structured;
mod telecom;
mod token;
mod urls;

pub(super) use interaction::{STRUCTURED, is_write};
pub(super) use negotiation::negotiate;
pub(super) use problem::refusal;
pub use settings::GpConnect;
