//! Asking a FHIR terminology service about codes that the loaded packages do not tell.

mod asking;
mod client;
mod kept;
mod question;
mod reply;

pub use client::{Client, Unusable};
pub use question::{Answer, Question, Service, Told};

pub(super) use asking::Asking;

#[cfg(test)]
mod tests;
