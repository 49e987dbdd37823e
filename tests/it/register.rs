//! Registers end to end: listing, what becomes of entries, tampering, the site, frameworks, and what verifiers are told.

mod check;
mod frameworks;
mod keeping;
pub(crate) mod shelf;
mod site;
